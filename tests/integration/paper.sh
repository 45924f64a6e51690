#!/bin/sh
# Revocation data on paper: short lists beside the full ones, publishing that
# can be repeated, and a bundle as symbols that outside readers read back. TAP
# on standard output. Run in the project's root; B is the build folder. Wants
# sqlite3 and zbarimg; rsvg-convert for the sheets.
# shellcheck disable=SC2317  # functions are called through check
set -u
# shellcheck source=tests/integration/office.inc
. tests/integration/office.inc
trap 'rm -rf "$tmp"' EXIT
trap 'exit 70' HUP INT TERM
setup

verifier=$B/bin/cedula-verifier
publish() {
	issuer status publish --key "$tmp/status.key" \
	    --passphrase-file "$tmp/pass" "$@"
}
poster() {
	"$keys" --lang en bundle --anchor "$tmp/NIC.pem" --qr "$@"
}
# at NOW COMMAND...: with the office's clock there.
at() {
	held=$now now=$1
	shift
	"$@"
	got=$?
	now=$held
	return "$got"
}
# later SECONDS: that much after now, or before.
later() {
	date -u -d "@$(($(date -u -d "$now" +%s) + $1))" +%Y-%m-%dT%H:%M:%SZ
}
hex() {
	od -An -v -tx1 "$1" | tr -d ' \n'
}
# What a short list says, by a reader that shares nothing with ours: "PLACE
# revoked" or "PLACE suspended", a line each (docs/format.md §10).
read_short() {
	hex "$1" | awk '
	function byte(i) { return (index(digits, substr($0, 2 * i + 1, 1)) - 1) * 16 + index(digits, substr($0, 2 * i + 2, 1)) - 1 }
	function bit(    v) {
		v = int(byte(at + int(used / 8)) / 2 ^ (7 - used % 8)) % 2
		used++
		return v
	}
	function set(name,    head, len, k, n, i, j, q, r, place) {
		head = byte(at)
		if (head < 88) { len = head - 64; at++ }
		else if (head == 88) { len = byte(at + 1); at += 2 }
		else { len = byte(at + 1) * 256 + byte(at + 2); at += 3 }
		if (len == 0) return
		k = byte(at)
		n = byte(at + 1) * 65536 + byte(at + 2) * 256 + byte(at + 3)
		len -= 4
		at += 4
		place = -1; used = 0
		for (i = 0; i < n; i++) {
			for (q = 0; bit() == 1; q++) ;
			for (r = j = 0; j < k; j++) r = r * 2 + bit()
			place += q * 2 ^ k + r + 1
			print place, name
		}
		at += len
	}
	{
		digits = "0123456789abcdef"
		at = (index($0, "3a0001121c82") - 1) / 2 + 6
		set("revoked")
		set("suspended")
	}'
}
# The bytes of a series, in hex, from its lines in order (§12).
read_series() {
	awk -F: '
	BEGIN { set = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:" }
	{
		text = substr($0, length($1 $2 $3) + 4)
		for (i = 1; i <= length(text); i += 3) {
			n = length(text) - i < 2 ? 2 : 3
			v = 0
			for (k = n - 1; k >= 0; k--)
				v = v * 45 + index(set, substr(text, i + k, 1)) - 1
			printf n == 3 ? "%04x" : "%02x", v
		}
	}' "$1"
}
by_number() {
	sort -t/ -k1.8n
}
register_says() {
	sql "SELECT idx || ' ' || status FROM card WHERE list = 1 AND status <> 'valid'
	    ORDER BY status, idx"
}
short_says_the_register() {
	read_short "$1" >"$tmp/short" && register_says >"$tmp/register" &&
	    cmp "$tmp/short" "$tmp/register"
}
same_again() {
	cp "$tmp/SJO-1.status" "$tmp/one" && cp "$tmp/SJO-1.short" "$tmp/two" &&
	    publish --out "$tmp" >/dev/null &&
	    cmp "$tmp/one" "$tmp/SJO-1.status" && cmp "$tmp/two" "$tmp/SJO-1.short"
}
differs() {
	cp "$tmp/SJO-1.status" "$tmp/one" && cp "$tmp/SJO-1.short" "$tmp/two" &&
	    "$@" >/dev/null && ! cmp -s "$tmp/one" "$tmp/SJO-1.status" &&
	    ! cmp -s "$tmp/two" "$tmp/SJO-1.short"
}
iat() {
	sql 'SELECT iat FROM status_published'
}
newer_by() {
	was=$(iat) && differs publish --out "$tmp" && [ "$(iat)" -eq $((was + $1)) ]
}
typ_is() {
	grep -aq "$1" "$2"
}
sign() {
	"$keys" status sign --key "$tmp/status.key" --passphrase-file "$tmp/pass" \
	    --in "$1" --out "$2"
}
trusted() {
	"$keys" --lang en bundle --anchor "$tmp/NIC.pem" --out "$tmp/x.trust" \
	    "$tmp/nic.trustlist" "$1"
}

# An office with four cards.
make_office() {
	make_register >"$tmp/log" 2>&1 || return 1
	for i in 1 2 3 4; do
		enrol Ana López F "19${i}0-0$i-1$i" --photo "$tmp/face.jpg" &&
		    issuer application submit --person "$i" &&
		    issuer --officer luis application approve "$i" &&
		    issue "$i" || return 1
	done >"$tmp/log" 2>&1
}
check 'an office with four cards' make_office
issuer card revoke SJO000001 --reason robo >/dev/null
issuer card suspend SJO000003 --reason robo >/dev/null

# Publishing.
check 'publish writes the short list too' holds SJO-1.short publish \
    --out "$tmp"
check '... readable by others' [ "$(stat -c %a "$tmp/SJO-1.short")" = 644 ]
check '... it says what the register says' short_says_the_register \
    "$tmp/SJO-1.short"
check '... which is two cards' [ "$(wc -l <"$tmp/short")" -eq 2 ]
check 'the deadline is the end of a day' gives "$(day '7 days') 23:59:59" \
    sql "SELECT datetime(exp, 'unixepoch') FROM status_published"
check 'again: the same bytes' same_again
check '... also later that day' at "${today}T23:59:59Z" same_again
# Behind the lists the bundle has the log's head, and again the same.
check 'a bundle holds the same list' sh -c "for i in 1 2; do
    '$B/bin/cedula-issuer' bundle \
    --now '$now' --key '$tmp/status.key' --passphrase-file '$tmp/pass' \
    --out '$tmp/sjo.trust' >/dev/null || exit 1
    [ \$i = 1 ] || cmp '$tmp/before.trust' '$tmp/sjo.trust' || exit 1
    cp '$tmp/sjo.trust' '$tmp/before.trust'
    done; cat '$tmp/nic.trustlist' '$tmp/SJO-1.status' >'$tmp/lists' &&
    head -c \$(stat -c %s '$tmp/lists') '$tmp/sjo.trust' | cmp - '$tmp/lists'"
check 'after a file was lost: the same bytes' sh -c "cp '$tmp/SJO-1.status' \
    '$tmp/one' && rm '$tmp/SJO-1.status' '$tmp/SJO-1.short' &&
    '$B/bin/cedula-issuer' status publish --now '$now' --out '$tmp' \
    --key '$tmp/status.key' --passphrase-file '$tmp/pass' >/dev/null &&
    cmp '$tmp/one' '$tmp/SJO-1.status' && cmp '$tmp/two' '$tmp/SJO-1.short'"
cp "$tmp/SJO-1.status" "$tmp/first.status"
issuer card revoke SJO000002 --reason robo >/dev/null
check 'a revocation, the clock stands still: a second newer' newer_by 1
check '... it says what the register says' short_says_the_register \
    "$tmp/SJO-1.short"
check '... a verifier can tell which is newer' trusted "$tmp/SJO-1.status"
check '... and the older does not replace it' ends 65 'newer status list' \
    trusted "$tmp/first.status"
issuer card reinstate SJO000003 --reason 'apareció' >/dev/null
check 'a clock a little behind: newer still' at "$(later -290)" newer_by 1
issuer card suspend SJO000003 --reason robo >/dev/null
check 'a clock far behind is refused' at "$(later -310)" ends 65 \
    'set the clock' publish --out "$tmp"
check 'another deadline: another list' differs publish --out "$tmp" \
    --valid-days 3
# Killed when the register has it and before its file is in its place.
killed_then_repeated() {
	issuer card reinstate SJO000003 --reason 'apareció' >/dev/null
	cp "$tmp/SJO-1.status" "$tmp/one"
	strace -f -qq -o /dev/null -e trace=rename \
	    -e inject=rename:signal=KILL:when=1 "$B/bin/cedula-issuer" \
	    --now "$now" status publish --key "$tmp/status.key" \
	    --passphrase-file "$tmp/pass" --out "$tmp" >/dev/null 2>&1
	[ $? -gt 128 ] && cmp -s "$tmp/one" "$tmp/SJO-1.status" || return 1
	kept=$(sql 'SELECT lower(hex(token)) FROM status_published')
	rm -f "$tmp"/SJO-1.*.??????
	publish --out "$tmp" >/dev/null && [ "$(hex "$tmp/SJO-1.status")" = "$kept" ] &&
	    ! cmp -s "$tmp/one" "$tmp/SJO-1.status"
}
if strace -qq -e trace=none true 2>/dev/null; then
	check 'killed before the file: repeated, it is the one kept' \
	    killed_then_repeated
else
	skip 'killed before the file' 'strace cannot trace here'
fi
issuer card suspend SJO000003 --reason robo >/dev/null
check 'the next day: another list' at "$(later 86400)" differs publish \
    --out "$tmp"
check 'no half file, no other file' [ "$(find "$tmp" -name 'SJO-1*' |
    wc -l)" -eq 2 ]

# For another custodian.
now=$(later 86400)
mkdir "$tmp/u"
check 'unsigned: both payloads' holds SJO-1.short.cbor issuer status publish \
    --unsigned --out "$tmp/u"
check '... again the same' sh -c "cp '$tmp/u/SJO-1.cbor' '$tmp/one' &&
    '$B/bin/cedula-issuer' status publish --now '$now' --unsigned \
    --out '$tmp/u' >/dev/null && cmp '$tmp/one' '$tmp/u/SJO-1.cbor'"
check '... signed as what they are: full' holds 'NIC:SJO:1' sign \
    "$tmp/u/SJO-1.cbor" "$tmp/u/full"
check '... and short' holds 'NIC:SJO:1' sign "$tmp/u/SJO-1.short.cbor" \
    "$tmp/u/short"
check '... full by its type' typ_is application/statuslist+cwt "$tmp/u/full"
check '... short by its type' typ_is application/cedula-revocations+cwt \
    "$tmp/u/short"
check '... which says what the register says' short_says_the_register \
    "$tmp/u/short"
check 'anything else is not signed' ends 65 'not an unsigned' sign \
    "$tmp/nic.trustlist" "$tmp/u/none"

# On paper.
publish --out "$tmp" >/dev/null
cat "$tmp/nic.trustlist" "$tmp/SJO-1.status" >"$tmp/bundle"
check 'a poster' holds "^$tmp/paper/NIC.svg\$" poster "$tmp/paper" \
    "$tmp/nic.trustlist" "$tmp/SJO-1.status"
check '... one symbol' [ "$(wc -l <"$tmp/paper/NIC.txt")" -eq 1 ]
check '... its lines are the bundle' [ "$(read_series "$tmp/paper/NIC.txt")" = \
    "$(hex "$tmp/bundle")" ]
check '... and the file too, with --out' holds "^$tmp/b.trust " poster \
    "$tmp/paper" --out "$tmp/b.trust" "$tmp/nic.trustlist" "$tmp/SJO-1.status"
check '... the same bytes' cmp "$tmp/bundle" "$tmp/b.trust"
check 'neither --out nor --qr' ends 64 'give --out' "$keys" --lang en bundle \
    --anchor "$tmp/NIC.pem" "$tmp/nic.trustlist" "$tmp/SJO-1.status"
check 'what is not sound is not printed' ends 65 'part 1' poster "$tmp/bad" \
    "$tmp/SJO-1.status"
check '... not even a folder' [ ! -e "$tmp/bad" ]
check 'it says whose and until when' grep -q "until $(day '7 days') 23:59 UTC" \
    "$tmp/paper/NIC.svg"
check '... the office by name' grep -q 'SJO · Consulado en San José<' \
    "$tmp/paper/NIC.svg"

# read_paper FOLDER: the texts of its pictures, and of its sheets, are its lines.
pictures_are_the_lines() {
	# QR alone: noise can pass for a bar code.
	zbarimg -q --raw -Sdisable -Sqrcode.enable "$1"/NIC-*-of-*.png 2>/dev/null | by_number >"$tmp/read"
	cmp "$tmp/read" "$1/NIC.txt"
}
sheets_are_the_lines() {
	: >"$tmp/read"
	for f in "$1"/NIC*.svg; do
		rsvg-convert -d 200 -p 200 "$f" -o "$tmp/sheet.png" &&
		    zbarimg -q --raw -Sdisable -Sqrcode.enable \
			"$tmp/sheet.png" 2>/dev/null >>"$tmp/read" || return 1
	done
	by_number <"$tmp/read" | cmp - "$1/NIC.txt"
}
read_paper() {
	if command -v zbarimg >/dev/null 2>&1; then
		check "$2: zbarimg reads the pictures" pictures_are_the_lines "$1"
	else
		skip "$2: the pictures" 'no zbarimg'
	fi
	if command -v zbarimg >/dev/null 2>&1 &&
	    command -v rsvg-convert >/dev/null 2>&1; then
		check "$2: zbarimg reads the sheets" sheets_are_the_lines "$1"
	else
		skip "$2: the sheets" 'no rsvg-convert'
	fi
}
read_paper "$tmp/paper" 'one symbol'

# A crowded office: half of 131,072 places given out, so that the list does not
# compress; 0.5 % revoked. Made behind the program's back, in a register of its
# own.
crowded() { # PLACES
	CEDULA_REGISTER=$tmp/crowded-$1.cedula
	first_officer issuer init --state NIC --office SJO --country X --name X \
	    --address X --verify-at X --demo --capacity "$1" >/dev/null &&
	    log_in &&
	    issuer trust import "$tmp/nic.trustlist" --anchor "$tmp/NIC.pem" \
		>/dev/null || return 1
	sqlite3 -batch "$CEDULA_REGISTER" "DROP TRIGGER card_approved;
	WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < $1 - 1),
	p(i, k) AS (SELECT i, row_number() OVER (ORDER BY random()) FROM n)
	INSERT INTO card (number, application, person, photo, kind, list, idx,
	    issued, expires, kid, token, qr, status, reason, officer)
	SELECT printf('SJO%06d', k), k, 1, 1, 'individual', 1, i, 1, 2,
	    zeroblob(8), x'00', 'X', iif(k % 200 = 0, 'revoked', 'valid'),
	    iif(k % 200 = 0, 'x', ''), 1 FROM p WHERE k <= $1 / 2;"
}
check 'a crowded office of 65,536 places' crowded 65536
mkdir "$tmp/c"
publish --out "$tmp/c" >/dev/null
check '... its short list says what the register says' short_says_the_register \
    "$tmp/c/SJO-1.short"
full=$(wc -c <"$tmp/c/SJO-1.status") short=$(wc -c <"$tmp/c/SJO-1.short")
echo "# half of 65,536 places, 0.5 % revoked: full $full bytes, short $short"
check '... and is a tenth of the full one' [ $((short * 10)) -lt "$full" ]
check '... whose poster has several symbols' holds NIC-sheet-2-of-2.svg poster \
    "$tmp/paper" "$tmp/nic.trustlist" "$tmp/c/SJO-1.status"
check '... the one of before is gone' [ ! -e "$tmp/paper/NIC-1-of-1.png" ]
check '... its sheet too' [ ! -e "$tmp/paper/NIC.svg" ]
cat "$tmp/nic.trustlist" "$tmp/c/SJO-1.status" >"$tmp/bundle"
check '... its lines are the bundle' [ "$(read_series "$tmp/paper/NIC.txt")" = \
    "$(hex "$tmp/bundle")" ]
read_paper "$tmp/paper" 'many symbols'
check 'a crowded office of 262,144 places' crowded 262144
publish --out "$tmp/c" >/dev/null
check '... is too much for paper' ends 65 \
    'would be [4-9][0-9] symbols.*short list' poster "$tmp/none" \
    "$tmp/nic.trustlist" "$tmp/c/SJO-1.status"
check '... nothing was written' [ ! -e "$tmp/none" ]

# A verifier that is shown such a symbol as if it were a card.
shown() {
	"$verifier" --lang en --anchor "$tmp/NIC.pem" --trust "$tmp/b.trust" \
	    "$1" >"$tmp/stdout" 2>&1
	[ $? -eq 3 ] && grep -q 'carries revocation data' "$tmp/stdout" &&
	    ! grep -q 'not a consular' "$tmp/stdout"
}
for f in "$tmp/paper"/NIC-1-of-*.png; do
	check 'the verifier says what it is: a picture' shown "$f"
done
check '... and lines of text' shown "$tmp/paper/NIC.txt"

# With short lists in bundles (common/trust.c takes them): the crowded office
# fits on a sheet.
check 'a bundle with a short list in it' holds "^$tmp/s.trust " "$keys" bundle \
    --anchor "$tmp/NIC.pem" --out "$tmp/s.trust" "$tmp/nic.trustlist" \
    "$tmp/c/SJO-1.status" "$tmp/c/SJO-1.short"
check 'the crowded office on paper, by its short list' holds NIC.svg poster \
    "$tmp/brief" "$tmp/nic.trustlist" "$tmp/c/SJO-1.short"
check '... two symbols' [ "$(wc -l <"$tmp/brief/NIC.txt")" -eq 2 ]
cat "$tmp/nic.trustlist" "$tmp/c/SJO-1.short" >"$tmp/bundle"
check '... its lines are the bundle' [ "$(read_series "$tmp/brief/NIC.txt")" = \
    "$(hex "$tmp/bundle")" ]
check '... with its date' grep -q "until $(day '7 days') 23:59 UTC" \
    "$tmp/brief/NIC.svg"
check '... and its office' grep -q 'SJO · Consulado en San José<' \
    "$tmp/brief/NIC.svg"
read_paper "$tmp/brief" 'a short list'
short_by_another() {
	"$keys" status sign --key "$tmp/doc.key" --passphrase-file "$tmp/pass" \
	    --in "$tmp/u/SJO-1.short.cbor" --out "$tmp/u/wrong" >/dev/null &&
	    ends 65 'part 2 is signed by a key that may not' "$keys" --lang en \
		bundle --anchor "$tmp/NIC.pem" --out "$tmp/y.trust" \
		"$tmp/nic.trustlist" "$tmp/u/wrong"
}
check 'a short list of a document signer is refused' short_by_another

echo "1..$n"
exit "$failed"
