#!/bin/sh
# The log of issuance: an honest office passes every check; each way to change
# the register behind the program's back, on a copy of its own, is found by log
# check and by an auditor who has no register. TAP. Run in the project's root;
# B is the build folder. Wants sqlite3 and jq.
# shellcheck disable=SC2317  # functions are called through check
set -u
# shellcheck source=tests/integration/office.inc
. tests/integration/office.inc
trap 'rm -rf "$tmp"' EXIT
trap 'exit 70' HUP INT TERM
setup
office=$CEDULA_REGISTER

sign_head() {
	h=$1
	shift
	hour "$h" log head --key "$tmp/status.key" \
	    --passphrase-file "$tmp/pass" "$@" >/dev/null
}
publish_lists() {
	hour "$1" bundle --key "$tmp/status.key" \
	    --passphrase-file "$tmp/pass" --out "$2" >/dev/null
}
audit() {
	"$B/bin/cedula-verifier" audit --lang en --anchor "$tmp/NIC.pem" "$@"
}
# The auditor's usual case: the log given, what was published, cards.
audit_log() {
	log=$1
	shift
	audit --trust "$tmp/2.trust" --trust "$tmp/1.trust" \
	    --head "$tmp/1.head" --head "$tmp/2.head" --log "$log" "$@"
}
quietly() {
	"$@" >/dev/null
}
# N NAME: a person, approved.
applicant() {
	enrol "$2" López F "199$1-02-28" --photo "$tmp/face.jpg" >/dev/null &&
	    issuer application submit --person "$1" >/dev/null &&
	    issuer --officer luis application approve "$1" >/dev/null
}
code() {
	hour 0 card show "$1" --qr >"$2"
}
# copy NAME [SQL]: a copy of the office's register, then changed as only
# somebody can who has the file.
copy() {
	CEDULA_REGISTER=$tmp/$1.cedula
	cp "$office" "$CEDULA_REGISTER" || return 1
	[ -z "${2:-}" ] || sqlite3 -batch "$CEDULA_REGISTER" "
	    DROP TRIGGER log_entry_in_order; DROP TRIGGER log_entry_no_update;
	    DROP TRIGGER log_entry_no_delete; DROP TRIGGER card_fixed;
	    DROP TRIGGER card_revoked; DROP TRIGGER card_event_no_delete;
	    DROP TRIGGER card_event_no_update; DROP TRIGGER log_head_no_delete;
	    DROP TRIGGER log_head_no_update; $2"
}
export_log() {
	rm -f "$1" && issuer log export --out "$1" >/dev/null
}

# An honest office.
check 'a register' make_register
for name in Ana Eva Zoe Lía Sol; do
	i=$((${i:-0} + 1))
	applicant "$i" "$name" || exit 70
done
check 'an empty log agrees' holds 'Entries: 0' issuer log check
check 'issue' gives SJO000001 issue 1
check 'issue' gives SJO000002 issue 2
check 'issue' gives SJO000003 issue 3
check 'no head, no proof' ends 65 'no head of the log was signed' \
    issuer log prove SJO000001 --out "$tmp/none.proof"
check 'a document signer signs no head' ends 65 'no status signer' \
    issuer log head --key "$tmp/doc.key" --passphrase-file "$tmp/pass" \
    --out "$tmp/none.head"
check 'a head' sign_head 1 --out "$tmp/1.head"
check '... and a bundle' publish_lists 1 "$tmp/1.trust"
check '... and a backup' cp "$office" "$tmp/backup.cedula"
check 'revoke' gives SJO000002 hour 2 card revoke SJO000002 --reason robo
check 'suspend' gives SJO000003 hour 2 card suspend SJO000003 --reason robo
check 'reinstate' gives SJO000003 hour 2 card reinstate SJO000003 --reason ya
check 'print leaves no entry' gives SJO000001 hour 2 card print SJO000001 \
    --out "$tmp/cards"
check 'another head' sign_head 3 --out "$tmp/2.head"
check '... and bundle' publish_lists 3 "$tmp/2.trust"
again() {
	sign_head 4 --out "$tmp/again.head" &&
	    cmp "$tmp/2.head" "$tmp/again.head" &&
	    [ "$(sql 'SELECT count(*) FROM log_head')" -eq 2 ]
}
check 'the same log again has the same head, byte for byte' again
check 'suspend after it' gives SJO000001 hour 5 card suspend SJO000001 \
    --reason robo
check 'a head replaces no key' ends 65 'something else' issuer log head \
    --key "$tmp/status.key" --passphrase-file "$tmp/pass" \
    --out "$tmp/status.key"
check 'nor an export' ends 65 'something else' issuer log export \
    --out "$tmp/status.key"
check 'log check' holds 'Entries: 7' issuer log check "$tmp/1.head" "$tmp/2.head"
check '... as JSON' holds '"heads":4,"problems":\[\]' issuer --json log check \
    "$tmp/1.head" "$tmp/2.head"
check 'a file without a head' ends 65 'no log head of this office' issuer \
    log check "$tmp/nic.trustlist"
check 'a file of something else' ends 65 'not a log head' issuer log check \
    "$tmp/face.jpg"
check 'export' holds 'Entries: 7' issuer log export --out "$tmp/SJO.log"
check 'export again in its place' holds 'Entries: 7' issuer log export \
    --out "$tmp/SJO.log"
check 'no name is in it' [ "$(grep -c -a -e López -e Eva -e robo -e luis \
    "$tmp/SJO.log")" -eq 0 ]
for i in 1 2 3; do
	code SJO00000$i "$tmp/$i.qr"
done
check 'the auditor: everything agrees' says 0 'Everything agrees' audit_log \
    "$tmp/SJO.log"
check '... and the cards' says 0 'SJO000002 is registered (entry 1), revoked' \
    audit_log "$tmp/SJO.log" "$tmp/1.qr" "$tmp/2.qr" "$tmp/3.qr"
check '... from a picture' says 0 'SJO000001 is registered' audit_log \
    "$tmp/SJO.log" "$tmp/cards/SJO000001-back.png"
check '... as JSON' says 0 '"result":"ok".*"registered":true' audit_log \
    "$tmp/SJO.log" --json "$tmp/1.qr"
json_is_one() {
	[ "$(audit_log "$tmp/SJO.log" --json "$tmp/1.qr" | jq -s 'length')" -eq 1 ]
}
check '... one object' json_is_one
check 'changed since, and told apart' says 0 'changed since: [1-9]' audit_log \
    "$tmp/SJO.log"
headless() {
	hour 5 status publish --key "$tmp/status.key" \
	    --passphrase-file "$tmp/pass" --out "$tmp/SJO.status" >/dev/null &&
	    "$keys" bundle --anchor "$tmp/NIC.pem" --out "$tmp/headless.trust" \
		"$tmp/nic.trustlist" "$tmp/SJO.status" >/dev/null &&
	    says 65 'no signed log head' audit --trust "$tmp/headless.trust" \
		--log "$tmp/SJO.log"
}
check 'without a head nothing agrees' headless
check 'neither log nor proof' says 64 'give --log' audit --trust "$tmp/2.trust"
check 'a log that is none' says 65 'not a log' audit_log "$tmp/face.jpg"

# Bundles carry the head.
check 'a bundle has the head' holds 'Heads compared: 4' issuer log check \
    "$tmp/1.trust" "$tmp/2.trust"
check 'the auditor needs no more than bundles' says 0 'Heads compared: 2' \
    audit --trust "$tmp/2.trust" --trust "$tmp/1.trust" --log "$tmp/SJO.log"
check 'a verifier takes it' says 2 'revoked' "$B/bin/cedula-verifier" \
    --lang en --anchor "$tmp/NIC.pem" --trust "$tmp/2.trust" "$tmp/2.qr"

# Proofs.
check 'inclusion' gives "$tmp/2.proof
Entries: 6
Signed: $(date -u -d "$now + 3 hours" +%Y-%m-%dT%H:%M:%SZ)
Root: $(sqlite3 "$office" "SELECT lower(hex(root)) FROM log_head WHERE size = 6")" \
    issuer log prove SJO000002 --out "$tmp/2.proof"
check 'of the card that is shown' says 0 'SJO000002 is registered (entry 1)' \
    audit --trust "$tmp/2.trust" --proof "$tmp/2.proof" "$tmp/2.qr"
check 'of another card' says 65 'no proof given here is of card SJO000001' \
    audit --trust "$tmp/2.trust" --proof "$tmp/2.proof" "$tmp/1.qr"
check 'consistency' holds 'Entries: 6' issuer log prove --from "$tmp/1.head" \
    --out "$tmp/12.proof"
check '... without a file' holds 'Entries: 6' issuer log prove \
    --from "$tmp/1.head"
check '... is verified' says 0 'Everything agrees' audit \
    --trust "$tmp/2.trust" --proof "$tmp/12.proof"
check 'prove what?' ends 64 'NUMBER, or --from' issuer log prove
check 'no such card' ends 66 'not in the log' issuer log prove SJO000099 \
    --out "$tmp/none.proof"
# Any byte changed: never 0.
flipped() {
	size=$(stat -c %s "$1")
	i=0
	while [ "$i" -lt "$size" ]; do
		cp "$1" "$tmp/flipped"
		byte=$(od -An -tu1 -j "$i" -N 1 "$1" | tr -d ' ')
		# shellcheck disable=SC2059  # an octal escape
		printf "\\$(printf %03o $((byte ^ 1)))" |
		    dd of="$tmp/flipped" bs=1 seek="$i" conv=notrunc 2>/dev/null
		audit --trust "$tmp/2.trust" --proof "$tmp/flipped" \
		    >/dev/null 2>&1
		case $? in
		2 | 65) ;;
		*)
			echo "# byte $i is not noticed"
			return 1
			;;
		esac
		i=$((i + 5))
	done
}
check 'inclusion with a byte changed' flipped "$tmp/2.proof"
check 'consistency with a byte changed' flipped "$tmp/12.proof"
forged_card() {
	tr A-Y B-Z <"$tmp/1.qr" | cut -c 1-100 >"$tmp/bad.qr"
	tail -c +101 "$tmp/1.qr" >>"$tmp/bad.qr"
	says 65 'no card' audit_log "$tmp/SJO.log" "$tmp/bad.qr"
}
check 'a code that is no card' forged_card

# Published lists against the cards.
check 'status audit of what is kept as published' holds 'Status lists: 1' \
    issuer status audit
check 'status audit: older than the last change' says 65 'publish' issuer \
    status audit "$tmp/2.trust"
check '... which is counted' says 65 'Changed since the lists: 1' issuer \
    status audit "$tmp/2.trust"
check 'publish' publish_lists 6 "$tmp/3.trust"
check 'status audit' holds 'Cards compared: 3' issuer status audit \
    "$tmp/3.trust"
check 'status audit of a strange file' ends 65 'not a bundle' issuer \
    status audit "$tmp/face.jpg"

# Behind the program's back: the auditor gets the log of the changed register.
# found NAME PATTERN AUDITOR-STATUS AUDITOR-PATTERN SQL
found() {
	(
		copy "$1" "$5" &&
		    says 65 "$2" issuer log check "$tmp/1.head" "$tmp/2.head" &&
		    case $3 in
		    -) ;;
		    *)
			if export_log "$tmp/$1.log" 2>/dev/null; then
				says "$3" "$4" audit_log "$tmp/$1.log" "$tmp/2.qr"
			else
				# Not even written: the gap is said there.
				[ "$3" = export ]
			fi
			;;
		    esac
	)
}
check 'an entry rewritten' found rewritten \
    'entry 1 (card SJO000002, issue) is not what was signed' 2 REWRITTEN \
    "UPDATE log_entry SET entry = CAST(substr(entry, 1, 7) || x'00' ||
    substr(entry, 9) AS BLOB) WHERE seq = 1"
check '... within the heads that enclose it' found later \
    'entry 3 .*: the head of 3 entries agrees and the head of 6 .*not' 2 \
    'its first 3 entries are as signed' \
    "UPDATE log_entry SET entry = CAST(substr(entry, 1, 7) || x'00' ||
    substr(entry, 9) AS BLOB) WHERE seq = 3"
check 'an entry removed' found removed 'entry 3 is missing' export - \
    "DELETE FROM log_entry WHERE seq = 3"
check '... without a gap, and its act, and the card made valid' found undone \
    'entries 3 to 5 are not what was signed' 2 REWRITTEN \
    "DELETE FROM log_entry WHERE seq = 3;
    DELETE FROM card_event WHERE event = 'revoke';
    UPDATE card SET status = 'valid', reason = '' WHERE id = 2;
    UPDATE log_entry SET seq = 3 WHERE seq = 4;
    UPDATE log_entry SET seq = 4 WHERE seq = 5;
    UPDATE log_entry SET seq = 5 WHERE seq = 6"
check '... and the heads too: the published ones tell' found headless \
    'in .*2.head) does not' 2 REWRITTEN \
    "DELETE FROM log_head; DELETE FROM log_entry WHERE seq = 3;
    DELETE FROM card_event WHERE event = 'revoke';
    UPDATE card SET status = 'valid', reason = '' WHERE id = 2;
    UPDATE log_entry SET seq = 3 WHERE seq = 4;
    UPDATE log_entry SET seq = 4 WHERE seq = 5;
    UPDATE log_entry SET seq = 5 WHERE seq = 6"
check 'two reordered' found reordered \
    'entries 0 to 2 are not what was signed' 2 REWRITTEN \
    "UPDATE log_entry SET seq = 1000 WHERE seq = 0;
    UPDATE log_entry SET seq = 0 WHERE seq = 1;
    UPDATE log_entry SET seq = 1 WHERE seq = 1000"
check 'one more, faked' found faked 'SJO000099, issue): no such act' 2 \
    "another card's" \
    "INSERT INTO log_entry (seq, entry, event) SELECT 7, CAST(
    substr(entry, 1, 9) || 'SJO000099' || substr(entry, 19) AS BLOB), 9999
    FROM log_entry WHERE seq = 0"
check 'a card changed' found expiry 'card SJO000003 of the register .*expiry' \
    - - 'UPDATE card SET expires = expires + 86400 WHERE id = 3'
check 'its credential replaced' found token 'SJO000003 .* the credential' - - \
    'UPDATE card SET token = (SELECT token FROM card WHERE id = 1) WHERE id = 3'
check 'a card with another number' found number 'card SJO000077 .*the number' \
    - - "UPDATE card SET number = 'SJO000077' WHERE id = 3"
check 'a status without an act' found status \
    'SJO000002 is valid in the register and revoked by its last entry' - - \
    "UPDATE card SET status = 'valid', reason = '' WHERE id = 2"
check 'an act without an entry' found act 'SJO000001: an act of it (revoke' \
    - - "INSERT INTO card_event (card, at, officer, event, reason)
    VALUES (1, 1, 1, 'revoke', 'x')"
check 'a kept head changed' found kept 'kept here is not what was signed' - - \
    "UPDATE log_head SET root = randomblob(32) WHERE size = 3"
check 'a status list made smaller' found smaller \
    'card SJO00000[123] has index [0-9]*, which is outside status list 1' - - \
    'DROP TRIGGER status_list_fixed; UPDATE status_list SET capacity = 1'
check 'the text of a symbol replaced' found symbol \
    'card SJO000002 of the register .*the text of its symbol' - - \
    'UPDATE card SET qr = (SELECT qr FROM card WHERE id = 1) WHERE id = 2'
not_printed() {
	(
		copy unprinted 'UPDATE card SET qr = (SELECT qr FROM card
		    WHERE id = 1) WHERE id = 3' &&
		    ends 65 'nothing is printed' issuer card print SJO000003 \
			--out "$tmp/unprinted"
	)
}
check '... is not printed' not_printed
check 'the newest act taken back, entry and all' found untold \
    'the audit has 7 acts that make entries and the log has 6' - - \
    "DELETE FROM log_entry WHERE seq = 6;
    DELETE FROM card_event WHERE id = (SELECT max(id) FROM card_event);
    UPDATE card SET status = 'valid', reason = '' WHERE id = 1"
stranger_heads() {
	(
		copy strangers "UPDATE log_head SET head = CAST(replace(head,
		    (SELECT kid FROM log_head), x'0102030405060708') AS BLOB)" &&
		    says 65 'no head of the log is signed by a key' issuer \
			log check &&
		    says 65 'signed by key 0102030405060708' issuer log check &&
		    says 0 'Heads whose key is not known here: 3' issuer \
			log check "$tmp/2.head"
	)
}
check 'heads of a key that nobody names' stranger_heads
kept_changed() {
	(
		copy kept "DROP TRIGGER status_published_newer;
		    UPDATE status_published SET raw_sha256 = randomblob(32)" &&
		    says 65 'status list 1 that is kept here' issuer log check
	)
}
check 'a published list that is kept, changed' kept_changed
# An old list under the newest one's columns does not go out again.
old_as_new() {
	(
		old=$(sqlite3 "$office" 'SELECT hex(token) FROM status_published')
		copy asnew && quietly hour 7 card revoke SJO000003 \
		    --reason robo && publish_lists 7 "$tmp/asnew.trust" &&
		    sql "DROP TRIGGER status_published_newer; UPDATE
			status_published SET token = x'$old'" &&
		    says 65 'status list 1 that is kept here' issuer log check &&
		    publish_lists 8 "$tmp/asnew8.trust" &&
		    says 0 'Status lists: 1' hour 8 status audit \
			"$tmp/asnew8.trust"
	)
}
check 'an old list kept as the newest' old_as_new
check 'a log with a gap leaves no file behind' [ -z "$(find "$tmp" \
    -name 'removed.log*')" ]
# The office publishes what its own log denies.
lying() {
	(
		copy lying "UPDATE card SET status = 'valid', reason = ''
		    WHERE id = 2" &&
		    publish_lists 7 "$tmp/lying.trust" &&
		    says 2 'status list 1 is not what the log says: places that differ: 1,' \
			audit --trust "$tmp/lying.trust" --head "$tmp/2.head" \
			--log "$tmp/SJO.log"
	)
}
check 'a status list that the log denies' lying
no_more_heads() {
	(
		copy stubborn "UPDATE log_entry SET entry = CAST(
		    substr(entry, 1, 7) || x'00' || substr(entry, 9) AS BLOB)
		    WHERE seq = 1" &&
		    ends 65 'nothing is signed' hour 7 log head \
			--key "$tmp/status.key" --passphrase-file "$tmp/pass" \
			--out "$tmp/none.head" && [ ! -e "$tmp/none.head" ]
	)
}
check 'a rewritten log gets no head' no_more_heads
status_flipped() {
	(
		copy flip "UPDATE card SET status = 'valid', reason = ''
		    WHERE id = 2" &&
		    says 65 'SJO000002 is valid in the register and revoked by its own history' \
			issuer status audit "$tmp/3.trust"
	)
}
check 'status audit: a status without an act' status_flipped
history_gone() {
	(
		copy gone "DELETE FROM card_event WHERE event = 'revoke';
		    UPDATE card SET status = 'valid', reason = '' WHERE id = 2" &&
		    says 65 'card SJO000002 (index .* is revoked in the list and valid in the register' \
			issuer status audit "$tmp/3.trust"
	)
}
check 'status audit: nor an act that is gone' history_gone
index_moved() {
	(
		copy moved "UPDATE card SET idx = (idx + 1) % 65536 WHERE id = 2" &&
		    says 65 'no card of the register has it' issuer \
			status audit "$tmp/3.trust"
	)
}
check 'status audit: an index of nobody' index_moved

# An old backup is put back, and the office goes on.
restored() {
	CEDULA_REGISTER=$tmp/backup.cedula
	says 65 'has 3: restored from an older backup? entries missing: 3' issuer \
	    log check "$tmp/2.head"
}
check 'a restored backup' eval '(restored)'
publishes_over() {
	CEDULA_REGISTER=$tmp/backup.cedula
	cp "$tmp/2.trust" "$tmp/public.trust" &&
	    ends 65 'restored from an older backup' hour 7 bundle \
		--key "$tmp/status.key" --passphrase-file "$tmp/pass" \
		--out "$tmp/public.trust" &&
	    cmp "$tmp/2.trust" "$tmp/public.trust"
}
check '... publishes nothing over what was published' eval '(publishes_over)'
went_on() {
	CEDULA_REGISTER=$tmp/backup.cedula
	hour 7 card revoke SJO000001 --reason robo >/dev/null &&
	    hour 7 card issue --key "$tmp/doc.key" \
		--passphrase-file "$tmp/pass" --application 4 >/dev/null &&
	    hour 7 card issue --key "$tmp/doc.key" \
		--passphrase-file "$tmp/pass" --application 5 >/dev/null &&
	    says 0 'Entries: 6' issuer log check &&
	    says 65 'older backup was restored and used' issuer log check \
		"$tmp/2.head" &&
	    export_log "$tmp/backup.log" &&
	    says 2 'REWRITTEN: .*its first 3 entries' audit_log \
		"$tmp/backup.log" &&
	    code SJO000004 "$tmp/backup.qr"
}
check '... in which cards are issued' eval '(went_on)'

# Signed with the office's own key, and not in its register.
check 'a card of a register that is not the office'\''s' says 2 \
    'SJO000004 is SIGNED BUT NOT REGISTERED' audit_log "$tmp/SJO.log" \
    "$tmp/1.qr" "$tmp/backup.qr"
check '... as JSON' says 2 '"result":"forged".*"registered":false' audit_log \
    "$tmp/SJO.log" --json "$tmp/backup.qr"
check 'the office issues that number' gives SJO000004 hour 8 card issue \
    --key "$tmp/doc.key" --passphrase-file "$tmp/pass" --application 4
check '... and the other card of it is still none' eval \
    'export_log "$tmp/SJO.log" && says 2 "NOT REGISTERED" audit_log "$tmp/SJO.log" "$tmp/backup.qr"'
check 'its own is in the log, under no head yet' eval \
    'code SJO000004 "$tmp/4.qr" && says 65 "no signed head given here reaches it" audit_log "$tmp/SJO.log" "$tmp/4.qr"'
check 'the next head reaches it' eval \
    'sign_head 9 --out "$tmp/3.head" && says 0 "SJO000004 is registered" audit_log "$tmp/SJO.log" --head "$tmp/3.head" "$tmp/4.qr"'
check 'a log cut off' eval \
    'head -c 200 "$tmp/SJO.log" >"$tmp/cut.log" && says 65 "cut off" audit_log "$tmp/cut.log"'
check 'the register is sound' sound
check 'log check at the end' holds 'Entries: 8' issuer log check "$tmp/3.head"

echo "1..$n"
exit "$failed"
