#!/bin/sh
# The whole road: the demo itself, then its cards as strangers would check
# them. TAP. Run in the project's root; B is the build folder.
# shellcheck disable=SC2317  # functions are called through check
set -u
B=${B:-build}
D=$B/road		# the demo of make demo is left alone
verifier=$B/bin/cedula-verifier
issuer=$B/bin/cedula-issuer
CEDULA_SESSIONS=$D/sessions	# its officers are still logged in
export CEDULA_SESSIONS
tmp=$(mktemp -d) || exit 70
trap 'rm -rf "$tmp"' EXIT
LC_ALL=C.UTF-8
export LC_ALL
# shellcheck source=tests/tap.inc
. tests/tap.inc

trusting() {
	"$verifier" --anchor "$D/anchors/NIC.pem" --trust "$D/demo.trust" "$@"
}

# verdict STATUS PATTERN ARGUMENT...: that exit status, and such a line.
verdict() {
	want=$1 pattern=$2
	shift 2
	trusting "$@" >"$tmp/out" 2>"$tmp/err"
	got=$?
	[ "$got" -eq "$want" ] && grep -q -e "$pattern" "$tmp/out" && return 0
	echo "# status $got: $(cat "$tmp/out" "$tmp/err")"
	return 1
}

# fails STATUS PATTERN COMMAND...: that status, and such a sentence on stderr.
fails() {
	want=$1 pattern=$2
	shift 2
	"$@" >"$tmp/out" 2>"$tmp/err"
	got=$?
	[ "$got" -eq "$want" ] && grep -q -e "$pattern" "$tmp/err" && return 0
	echo "# status $got: $(cat "$tmp/out" "$tmp/err")"
	return 1
}

demo() {
	sh issuer/demo/demo.sh "$B" "$D" >"$tmp/demo" 2>&1 && return 0
	sed 's/^/# /' "$tmp/demo"
	return 1
}

files() {
	for name in individual family forged expired revoked; do
		for end in -front.png -back.png -front.pdf -back.pdf; do
			[ -s "$D/cards/$name$end" ] || { echo "# $name$end"; return 1; }
		done
	done
	[ -s "$D/anchors/NIC.pem" ] && [ -s "$D/demo.trust" ]
}

# Every PDF through pdftoppm without a word on stderr, every font embedded.
sound_pdfs() {
	for f in "$D"/cards/*.pdf; do
		pdftoppm -r 72 -png "$f" "$tmp/page" 2>"$tmp/err" || return 1
		[ -s "$tmp/err" ] && { echo "# $f: $(cat "$tmp/err")"; return 1; }
		pdffonts "$f" | awk 'NR > 2 && $(NF - 4) != "yes" { print "# font of '"$f"': " $0; bad = 1 } END { exit bad }' || return 1
	done
}

# The back at RESOLUTION through poppler, by our reader and by another.
rasterised() {
	for name in individual family; do
		pdftoppm -r "$1" -png -singlefile "$D/cards/$name-back.pdf" "$tmp/back" || return 1
		verdict 0 "GREEN" "$tmp/back.png" || return 1
		ours=$("$B/bin/cedula-scan" "$tmp/back.png")
		theirs=$(zbarimg -q --raw -Sdisable -Sqrcode.enable "$tmp/back.png" 2>/dev/null)
		[ "$ours" = "$theirs" ] || { echo "# zbarimg reads $name otherwise"; return 1; }
	done
}

jpeg() {
	pdftoppm -r 200 -jpeg -singlefile "$D/cards/family-back.pdf" "$tmp/back" || return 1
	verdict 0 GREEN "$tmp/back.jpg"
}

print_600() {
	CEDULA_REGISTER=$D/office.cedula CEDULA_OFFICER=ana "$issuer" card print SJO000002 \
	    --again 'at 600 dpi' --out "$tmp/p600" --name family --dpi 600 >/dev/null || return 1
	[ "$(pngsize "$tmp/p600/family-back.png")" = "2022x1275" ] || echo "# $(pngsize "$tmp/p600/family-back.png")"
	verdict 0 GREEN "$tmp/p600/family-back.png"
}
pngsize() {
	od -An -tu1 -j16 -N8 "$1" | awk '{ print $3 * 256 + $4 "x" $7 * 256 + $8 }'
}

# The same card printed twice is the same file.  The individual one has been handed
# over, and is not printed again.
prints_alike() {
	CEDULA_REGISTER=$D/office.cedula CEDULA_OFFICER=ana "$issuer" card print SJO000002 \
	    --again 'to compare' --out "$tmp/again" --name family >/dev/null || return 1
	for end in -front.png -back.png -front.pdf -back.pdf; do
		cmp "$D/cards/family$end" "$tmp/again/family$end" || return 1
	done
}

text_of() {
	CEDULA_REGISTER=$D/office.cedula CEDULA_OFFICER=ana "$issuer" card show "$1" --qr
}

from_text() {
	text_of SJO000001 >"$tmp/text" || return 1
	verdict 0 "Ana Luc" "$tmp/text" || return 1
	printf '%s\r\n' "$(cat "$tmp/text")" >"$tmp/crlf"
	verdict 0 "Ana Luc" "$tmp/crlf" || return 1
	trusting - <"$tmp/text" >"$tmp/out" && grep -q GREEN "$tmp/out"
}

# Budgets of DESIGN.md §4, in zlib bytes from the text's length.
budgets() {
	for pair in SJO000001:967 SJO000002:1226; do
		length=$(text_of "${pair%:*}" | tr -d '\n' | wc -c)
		bytes=$((length / 3 * 2 + length % 3 / 2))
		echo "# ${pair%:*}: $length characters, $bytes bytes"
		[ "$bytes" -le "${pair#*:}" ] && [ "$bytes" -ge 500 ] || return 1
	done
}

red_says_nothing() {
	for name in forged expired revoked; do
		trusting "$D/cards/$name-back.png" >"$tmp/out"
		grep -qE 'Lucía|Rosa|Denzel|SJO0|19[0-9][0-9]-' "$tmp/out" && return 1
		trusting --json --identity --photo "$tmp/face.webp" "$D/cards/$name-back.png" >"$tmp/out"
		grep -qE 'Lucía|Rosa|Denzel|SJO0|holder' "$tmp/out" && return 1
		[ -e "$tmp/face.webp" ] && return 1
	done
	return 0
}

json_is_json() {
	trusting --json "$D/cards/individual-back.png" >"$tmp/j" || return 1
	jq -e '.result == "valid" and .colour == "green" and .exit == 0 and .state == "NIC" and .office == "SJO"
	    and .holder == null and (.notice | length > 20)' "$tmp/j" >/dev/null || { cat "$tmp/j"; return 1; }
	grep -q "Luc" "$tmp/j" && return 1
	trusting --json --identity "$D/cards/family-back.png" >"$tmp/j" || return 1
	jq -e '.holder.number == "SJO000002" and (.holder.family | length) == 4
	    and .holder.family[0].relationship == "spouse" and (.holder.photo | length) > 400' "$tmp/j" >/dev/null
}

json_error() {
	trusting --json "$tmp/none.png" >"$tmp/j" 2>/dev/null
	[ $? -eq 66 ] && jq -e '.result == "not-found" and .exit == 66' "$tmp/j" >/dev/null
}

photo_out() {
	trusting --photo "$tmp/face.webp" "$D/cards/individual-back.png" >/dev/null || return 1
	dwebp -quiet "$tmp/face.webp" -o "$tmp/face.png" && [ "$(pngsize "$tmp/face.png")" = 64x80 ]
}

moments() {
	verdict 1 AMBER --now 2020-01-01T00:00:00Z "$tmp/text" || return 1
	grep -q "clock" "$tmp/out" || return 1
	verdict 1 AMBER --now 2028-01-01T00:00:00Z "$tmp/text" || return 1
	verdict 2 RED --now 2040-01-01T00:00:00Z "$tmp/text" &&
	    grep -q expired "$tmp/out"
}

several() {
	verdict 2 GREEN "$D/cards/individual-back.png" "$D/cards/revoked-back.png" || return 1
	grep -q RED "$tmp/out" || return 1
	verdict 3 "NOTHING READ" "$D/cards/individual-back.png" "$D/cards/individual-front.png"
}

spanish() {
	verdict 0 "VERDE" --lang es "$D/cards/individual-back.png" &&
	    verdict 2 "ROJO" --lang es "$D/cards/revoked-back.png" &&
	    LC_ALL=es_NI.UTF-8 trusting "$D/cards/family-back.png" | grep -q VERDE
}

# As people paste and mail: blanks around, wrapped lines, a byte order mark.
pasted() {
	{ printf '  '; tr -d '\n' <"$tmp/text"; printf ' \n'; } >"$tmp/blanks"
	verdict 0 GREEN "$tmp/blanks" || return 1
	fold -w 76 "$tmp/text" >"$tmp/wrapped"
	verdict 0 GREEN "$tmp/wrapped" || return 1
	{ printf '\357\273\277'; cat "$tmp/text"; } >"$tmp/bom"
	verdict 0 GREEN "$tmp/bom" || return 1
	fails 65 "a PDF is not read" trusting "$D/cards/individual-back.pdf"
}

# A picture with another code in it, and the photo of an earlier check.
careful() {
	trusting --photo "$tmp/old.webp" "$D/cards/individual-back.png" >/dev/null || return 1
	trusting --photo "$tmp/old.webp" "$D/cards/revoked-back.png" >/dev/null
	[ -e "$tmp/old.webp" ] && { echo "# the earlier photo stayed"; return 1; }
	cp "$tmp/text" "$tmp/mine"
	fails 65 "no photo of an earlier check" trusting --photo "$tmp/mine" "$tmp/text" || return 1
	cmp -s "$tmp/text" "$tmp/mine" || return 1
	fails 73 "folder for it does not exist" trusting --photo "$tmp/no/where" "$tmp/text" || return 1
	name=$(printf 'a\033[42m GREEN \302\2331m')
	cp "$D/cards/revoked-back.png" "$tmp/$name"
	trusting "$tmp/$name" "$tmp/text" >"$tmp/out"
	! grep -q "$(printf '\033')" "$tmp/out" && ! grep -q "$(printf '\302\233')" "$tmp/out"
}

other_codes() {
	echo "https://example.org/ticket?id=1234567890" >"$tmp/link"
	verdict 3 "NOTHING" "$tmp/link" || return 1
	printf '' >"$tmp/empty"
	verdict 3 "NOTHING" "$tmp/empty" || return 1
	tr 'A-Z' 'a-z' <"$tmp/text" >"$tmp/lower"
	verdict 3 "NOTHING" "$tmp/lower" || return 1
	cut -c1-500 "$tmp/text" >"$tmp/cut"
	verdict 2 RED "$tmp/cut"
}

# Ten changed characters here and there: never green.
altered_text() {
	text=$(cat "$tmp/text")
	length=${#text}
	i=1
	while [ "$i" -lt "$length" ]; do
		was=$(printf %s "$text" | cut -c$i)
		[ "$was" = A ] && new=B || new=A
		printf %s "$text" | awk -v i="$i" -v c="$new" \
		    '{ print substr($0, 1, i - 1) c substr($0, i + 1) }' >"$tmp/changed"
		verdict 2 RED "$tmp/changed" || return 1
		i=$((i + 131))
	done
}

bad_trust() {
	head -c 200 "$D/demo.trust" >"$tmp/cut.trust"
	fails 65 "part 1 is cut off" "$verifier" --anchor "$D/anchors/NIC.pem" --trust "$tmp/cut.trust" "$tmp/text" || return 1
	: >"$tmp/empty.trust"
	fails 65 "" "$verifier" --anchor "$D/anchors/NIC.pem" --trust "$tmp/empty.trust" "$tmp/text" || return 1
	fails 78 "no anchor" "$verifier" --trust "$D/demo.trust" "$tmp/text" || return 1
	fails 78 "no bundle" "$verifier" --anchor "$D/anchors/NIC.pem" "$tmp/text" || return 1
	cp "$D/anchors/NIC.pem" "$tmp/CRI.pem"
	fails 65 "no anchor given here vouches" "$verifier" --anchor "$tmp/CRI.pem" --trust "$D/demo.trust" "$tmp/text" || return 1
	cp "$D/anchors/NIC.pem" "$tmp/root.pem"
	fails 78 "three letters" "$verifier" --anchor "$tmp/root.pem" --trust "$D/demo.trust" "$tmp/text"
}

# What the verifier may do while it checks a text: no socket, nothing opened
# for writing; for a picture, the same, beside the scan process it starts.
stores_nothing() {
	for f in "$tmp/text" "$D/cards/individual-back.png"; do
		strace -f -qq -o "$tmp/trace" -e trace=socket,connect,open,openat,creat,unlink,rename,mkdir,link,symlink \
		    "$verifier" --anchor "$D/anchors/NIC.pem" --trust "$D/demo.trust" "$f" >/dev/null || return 1
		grep -E 'socket\(|connect\(|O_WRONLY|O_RDWR|O_CREAT|creat\(|unlink|rename|mkdir|link' "$tmp/trace" |
		    grep -vE '/dev/null|/proc/self|readlink' && return 1
	done
	return 0
}

inspect() {
	"$verifier" inspect --json --key "$D/keys/document.pub" "$tmp/text" >"$tmp/j" || return 1
	jq -e '.signature == "valid" and .dates == "valid" and .identity.id == "SJO000001"
	    and .identity.fullName == "Ana Lucía Membreño Zeledón" and .claims["169"]["4"] == .identity.fullName
	    and .identity.face[0].subFormat == 4 and .cwt.issuer == "NIC" and .protected["1"] == -7
	    and (.unprotected | length) == 0 and .text != null' "$tmp/j" >/dev/null || { cat "$tmp/j"; return 1; }
	"$verifier" inspect --json --key "$D/keys/status.pub" "$tmp/text" >"$tmp/j"
	[ $? -eq 2 ] && jq -e '.signature == "invalid"' "$tmp/j" >/dev/null || return 1
	"$verifier" inspect --json "$D/cards/individual-back.png" >"$tmp/j"
	[ $? -eq 1 ] && jq -e '.signature == "unchecked"' "$tmp/j" >/dev/null
}

check "make demo's script ends well" demo
check "it leaves the promised files" files
check "an individual's card is green, with its holder" verdict 0 "Ana Lucía Membreño Zeledón" "$D/cards/individual-back.png"
check "a family's card is green, with its members" verdict 0 "Luz Marina Talavera" "$D/cards/family-back.png"
check "a forged card is red: the signature" verdict 2 "signature does not match" "$D/cards/forged-back.png"
check "an expired card is red: expired" verdict 2 "has expired" "$D/cards/expired-back.png"
check "a revoked card is red: revoked" verdict 2 "revoked this card" "$D/cards/revoked-back.png"
check "a front has no code" verdict 3 "NOTHING READ" "$D/cards/individual-front.png"
for dpi in 150 200 300 600; do
	check "both backs at $dpi dpi from the PDF, as zbarimg reads them" rasterised "$dpi"
done
check "a JPEG" jpeg
check "PNG at 600 dpi" print_600
check "the same card prints to the same bytes" prints_alike
check "PDFs: pdftoppm is silent, fonts are embedded" sound_pdfs
check "text from a file, with CR LF, and from standard input" from_text
check "within the byte budgets" budgets
check "red shows no personal data and writes no photo" red_says_nothing
check "JSON, without identity unless asked" json_is_json
check "JSON for an operator's error" json_error
check "--photo writes a WebP of 64 x 80" photo_out
check "--now: clock suspect, stale, expired" moments
check "several files: the worst decides" several
check "Spanish, by option and by environment" spanish
check "other codes, empty and broken text" other_codes
check "text as people paste it; a PDF" pasted
check "an earlier photo goes; nothing else is touched; file names are tame" careful
check "a changed character is red" altered_text
check "bad bundles and anchors are told apart" bad_trust
if command -v strace >/dev/null 2>&1 && ! nm "$verifier" 2>/dev/null | grep -q __asan_init; then
	check "a check opens no socket and writes no file" stores_nothing
fi
check "inspect shows our claims and checks the signature" inspect
check "usage error" fails 64 "see --help" "$verifier" --nonsense
check "--help ends with 0" sh -c "'$verifier' --help >'$tmp/out' && grep -q -e --anchor '$tmp/out'"
echo "1..$n"
exit "$failed"
