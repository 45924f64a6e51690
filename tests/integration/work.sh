#!/bin/sh
# The road of a card from outside: drafts, causes, four eyes, print, handover,
# loss, renewal, destruction; every refusal, and that it changed nothing. TAP on
# standard output. Run in the project's root; B is the build folder. Wants
# sqlite3 and jq.
# shellcheck disable=SC2317  # functions are called through check
set -u
# shellcheck source=tests/integration/office.inc
. tests/integration/office.inc
trap 'rm -rf "$tmp"' EXIT
trap 'exit 70' HUP INT TERM
setup

luis() {
	issuer --officer luis "$@"
}
later() {
	when=$1
	shift
	"$B/bin/cedula-issuer" --lang en --now "$(day "$when")T12:00:00Z" "$@"
}
json() {
	jq -e "$1" "$tmp/stdout" >/dev/null || {
		echo "# $(cat "$tmp/stdout")"
		return 1
	}
}
# The register's file: what is refused leaves every byte of it as it was.
everything() {
	md5sum <"$CEDULA_REGISTER"
}
# refused STATUS PATTERN COMMAND...: as ends, and nothing was changed.
refused() {
	before=$(everything)
	ends "$@" || return 1
	[ "$(everything)" = "$before" ] && return 0
	echo '# the register was changed'
	return 1
}
# forbids SQL: the tables refuse it by themselves, and keep what they had.
forbids() {
	before=$(everything)
	if sql "BEGIN; $1; COMMIT" >"$tmp/stdout" 2>&1; then
		echo '# it was not refused'
		return 1
	fi
	grep -q -e "$2" "$tmp/stdout" && [ "$(everything)" = "$before" ] &&
	    return 0
	echo "# $(cat "$tmp/stdout")"
	return 1
}
# far COMMAND...: of luis, while he is for another district.
far() {
	issuer officer change luis --jurisdiction Limón >/dev/null || return 1
	refused 77 "district 'San José' is not yours" luis "$@"
	far=$?
	issuer officer change luis --everywhere >/dev/null && return "$far"
}
died() {
	issuer person death "$1" --date "$today" --place Heredia --evidence acta >/dev/null
}
card_print() {
	issuer card print --out "$tmp/cards" "$@"
}
no_files() {
	[ -z "$(ls -A "$tmp/cards" 2>/dev/null)" ]
}

make_register >"$tmp/log" 2>&1 || exit 70
enrol Ana López F 1990-02-28 --photo "$tmp/face.jpg" \
    --telephone '+506 2222 3333' >/dev/null || exit 70
enrol Bruno Mora M 1985-07-01 --photo "$tmp/face.jpg" >/dev/null || exit 70
enrol Eva Soto F "$(day '-10 years')" --guardian 'Rosa Soto Díaz' \
    --photo "$tmp/face.jpg" >/dev/null || exit 70
luis person add --given Rita --surname1 Cruz --sex F --birth-date 1970-05-05 \
    --nationality NIC --consent "$consent" --photo "$tmp/face.jpg" \
    >/dev/null || exit 70
issuer household add --head 2 --member 4:sibling >/dev/null || exit 70

# Drafts.
check 'a draft' gives 1 issuer application draft --person 1
check 'no second one' refused 65 'open already' issuer application draft --person 1
check 'it is not approved' refused 65 'is draft' luis application approve 1
check 'a first card replaces none' refused 64 'replaces none' \
    issuer application edit 1 --replaces SJO000001
check 'no such cause' refused 64 'one of first' issuer application edit 1 --cause theft
check 'an edit of nothing' refused 64 'what changes' issuer application edit 1
check 'nothing to renew' refused 65 'ask for a first one' \
    issuer application edit 1 --cause renewal
check 'nothing lost' refused 65 'record it first' issuer application edit 1 --cause lost
check 'only a renewal is early' refused 64 'only a renewal' \
    issuer application edit 1 --early travel
check 'dropped for a reason' refused 64 reason issuer application drop 1
check '... by no officer of another district' far application drop 1 --reason x
check 'drop' gives 1 issuer application drop 1 --reason 'no vino'
check 'once' refused 65 'is dropped' issuer application drop 1 --reason x
check 'it stays dropped' refused 65 'is dropped' issuer application submit 1
check 'the list of them' holds '^1  *dropped .*no vino' \
    issuer application list --state dropped
check '... with the days of each step' grep -q \
    "^1  *dropped .* Ana López  *$today  *0  *$today  *no vino\$" "$tmp/stdout"
check '... and how many they are' grep -q '^Applications: 1$' "$tmp/stdout"
check '... moments for programs' [ "$(issuer --json application list | jq -c '[.count,
    (.applications[0] | (.drafted | length), .submitted, (.decided | length))]')" = '[1,20,"",20]' ]
check 'another draft, of luis' gives 2 luis application draft --person 1
check 'submitted by ana' gives 2 issuer application submit 2
check 'a draft or a person' refused 64 'or --person' issuer application submit 2 --person 1
check 'neither' refused 64 'or --person' issuer application submit
check 'submitted as it stands' refused 64 'as it stands' \
    issuer application submit 2 --cause renewal
check 'submitted once' refused 65 'is submitted' issuer application submit 2
check 'what was submitted is not edited' refused 65 'is submitted' \
    issuer application edit 2 --cause renewal
check '... by SQL' forbids "UPDATE application SET cause = 'renewal' WHERE id = 2" 'stays as it was'

# Four eyes.
check 'the submitter' refused 77 'you submitted it' issuer application approve 2
check '... by SQL' forbids "UPDATE application SET state = 'approved',
    approver = 1, decided = 1 WHERE id = 2" four_eyes
check 'the drafter' refused 77 'you drafted it' luis application approve 2
check '... by SQL' forbids "UPDATE application SET state = 'approved', approver = 2,
    decided = 1 WHERE id = 2" 'four_eyes: drafted'
check 'another submitter afterwards' forbids \
    "UPDATE application SET submitter = 2 WHERE id = 2" 'stays as it was'
check 'the drafter may refuse' gives 2 luis application refuse 2 --reason 'sin firma'
check 'submit at once' gives 3 issuer application submit --person 2
check 'luis changes the person' holds 'changed: 1' luis person edit 2 --occupation albañil
check '... and may not approve it' refused 77 'you changed' luis application approve 3
check '... nor by SQL' forbids "UPDATE application SET state = 'approved', approver = 2,
    decided = 1 WHERE id = 3" 'four_eyes: changed'
check '... but refuse it' gives 3 luis application refuse 3 --reason 'datos cambiados'
check 'submitted anew' gives 4 issuer application submit --person 2
check '... he approves what he changed before' gives 4 luis application approve 4
check 'a family' gives 5 issuer application submit --person 2 --family
check 'the enroller of a member' refused 77 'a member of the family' luis application approve 5
check '... by SQL' forbids "UPDATE application SET state = 'approved', approver = 2,
    decided = 1 WHERE id = 5" 'four_eyes: a member'

# One officer with all roles gets no card into anybody's hands.
alone() {
	id=$(luis person add --given Falsa --surname1 Nadie --sex F --birth-date 1990-01-01 \
	    --nationality NIC --consent "$consent" --photo "$tmp/face.jpg") &&
	    a=$(luis application submit --person "$id") &&
	    refused 77 'you submitted' luis application approve "$a" &&
	    refused 65 'only an approved one' luis card issue --key "$tmp/doc.key" \
		--passphrase-file "$tmp/pass" --application "$a" &&
	    refused 66 'not in the register' luis card print SJO000001 --out "$tmp/cards" &&
	    refused 66 'not in the register' luis card handover SJO000001 --to 'Falsa Nadie' \
		--signature x &&
	    forbids "UPDATE application SET state = 'issued' WHERE id = $a" 'this way' &&
	    forbids "UPDATE application SET state = 'approved', approver = 2
		WHERE id = $a" four_eyes &&
	    forbids "INSERT INTO application (kind, person, state, created, submitter,
		approver) VALUES ('individual', 4, 'approved', 1, 1, 2)" 'begins as a draft' &&
	    forbids "INSERT INTO card (number, application, person, photo, kind, list,
		idx, issued, expires, kid, token, qr, officer) SELECT 'SJO000099', $a, $id,
		max(id), 'individual', 1, 1, 1, 2, x'0011223344556677', x'00', 'X', 2
		FROM photo" 'not approved'
}
check 'one officer alone gets no card' alone

# Issued and printed.
check 'luis approves for ana' eval 'issuer application submit --person 1 >"$tmp/id" &&
    luis application approve "$(cat "$tmp/id")" >"$tmp/stdout"'
check 'issue' gives SJO000001 issue "$(cat "$tmp/id")"
dead_issue() {
	cp "$CEDULA_REGISTER" "$tmp/dead.cedula" && (
		CEDULA_REGISTER=$tmp/dead.cedula
		died 2 &&
		    refused 65 'person 2 died' issue 4
	)
}
check 'none is issued to the dead' dead_issue
check 'issue another' gives SJO000002 issue 4
check 'a first one again' refused 65 'card SJO000001 of that kind in force' \
    issuer application submit --person 1
check '... by SQL' forbids "INSERT INTO application (kind, person, state, created, submitter)
    VALUES ('individual', 1, 'draft', 1, 1); UPDATE application SET state = 'submitted',
    submitted = 1 WHERE state = 'draft'" 'in force'
check 'not handed over before it is printed' refused 65 'not printed' \
    issuer card handover SJO000001 --to 'Ana López' --signature 'libro 1, folio 2'
check 'none waits' [ "$(issuer --json card uncollected | jq '.cards | length')" = 0 ]
check 'suspended' gives SJO000001 issuer card suspend SJO000001 --reason duda
check '... it is not printed' refused 65 'is suspended' card_print SJO000001
check '... nor by SQL' forbids "UPDATE card SET custody = 'printed' WHERE id = 1" 'only a valid'
check '... and no file stays' no_files
check 'reinstated' gives SJO000001 issuer card reinstate SJO000001 --reason ya
dead() {
	cp "$CEDULA_REGISTER" "$tmp/dead.cedula" || return 1
	(
		CEDULA_REGISTER=$tmp/dead.cedula
		died 1 &&
		    refused 65 'is dead' card_print SJO000001 &&
		    forbids "UPDATE card SET custody = 'printed' WHERE id = 1" 'for the dead' &&
		    refused 65 'person 1 died' issuer application submit --person 1 \
			--cause renewal --early x
	)
}
check 'of the dead nothing is printed or asked for' dead
check 'an expired card is not printed' refused 65 'expired on' \
    later '6 years' card print SJO000001 --out "$tmp/cards"
check 'not in the printer yet' refused 65 'first print' card_print SJO000001 --again x
check 'printed by no officer of another district' far card print SJO000001 --out "$tmp/cards"
check '... and no file stays' no_files
check 'print' gives SJO000001 card_print SJO000001
check 'not twice' refused 65 'printed already' card_print SJO000001
check 'the first files are kept' [ -s "$tmp/cards/SJO000001-front.pdf" ]
check 'nor again by one of another district' far card print SJO000001 --out "$tmp/cards" --again x
check 'once more, with a reason' gives SJO000001 card_print SJO000001 --again 'papel torcido'
check 'it waits' holds '^SJO000001 .*+506 2222 3333' issuer card uncollected
check '... not that long' [ "$(issuer --json card uncollected --older 1 |
    jq '.cards | length')" = 0 ]
check '... but later' holds '^SJO000001' later '40 days' card uncollected --older 30
# useless WHY WHEN COMMAND...: on a copy, nobody can be given card 1 any more.
useless() {
	why=$1 in=$2
	shift 2
	cp "$CEDULA_REGISTER" "$tmp/useless.cedula" && (
		CEDULA_REGISTER=$tmp/useless.cedula
		"$@" >/dev/null && gives 'Number  Kind  Person  Name  Telephone  Printed  Days  Expires
Expired, revoked or of the dead, to be destroyed (see card uncollected --to-destroy): 1' \
		    later "$in" card uncollected &&
		    holds "^SJO000001 .* $why\$" later "$in" card uncollected --to-destroy &&
		    holds . later "$in" --json card uncollected &&
		    json '.cards == [] and .to_destroy == 1'
	)
}
check '... revoked, it waits to be destroyed' useless revoked '1 day' \
    issuer card revoke SJO000001 --reason x
check '... of the dead too' useless dead '1 day' died 1
check '... and expired' useless expired '6 years' true
check '... suspended, it does neither' eval "cp '$CEDULA_REGISTER' '$tmp/useless.cedula' &&
    CEDULA_REGISTER='$tmp/useless.cedula' issuer card suspend SJO000001 --reason x >/dev/null &&
    [ \"\$(CEDULA_REGISTER='$tmp/useless.cedula' issuer --json card uncollected |
	jq -c '[.cards, .to_destroy]')\" = '[[],0]' ]"

# Handed over.
check 'to the holder by name' refused 65 'not the name of the holder' \
    issuer card handover SJO000001 --to 'Bruno Mora' --signature x
check 'a proxy with a document' refused 65 'power of attorney' \
    issuer card handover SJO000001 --to 'Bruno Mora' --proxy --signature x
check 'signed' refused 65 'signature: give a text' \
    issuer card handover SJO000001 --to 'Ana López' --signature ''
check 'not by SQL alone' forbids "UPDATE card SET custody = 'handed-over' WHERE id = 1" \
    'to somebody'
check 'nor unprinted' forbids "INSERT INTO handover VALUES (2, 1, 1, 'x', 'holder', 0, '', 'x')" \
    'printed and valid'
check 'handed over' gives SJO000001 issuer card handover SJO000001 --to 'LOPEZ Ana' \
    --signature 'libro 1, folio 2'
check 'once' refused 65 'handed over already' issuer card handover SJO000001 \
    --to 'Ana López' --signature x
check 'not printed again' refused 65 'cause damaged' card_print SJO000001 --again x
check 'it stays recorded' forbids "UPDATE handover SET to_name = 'x'" 'stays recorded'
check 'show' holds x issuer --json card show SJO000001
check '... says it' json '.custody == "handed-over" and .handed_to == "LOPEZ Ana" and
    .handed_as == "holder" and .prints == 2 and .signature == "libro 1, folio 2"'
check '... for people in one line' holds '^Handed to: LOPEZ Ana (holder)$' issuer card show SJO000001

# A minor.
minor() {
	a=$(issuer application submit --person 3) && luis application approve "$a" >/dev/null &&
	    issue "$a" >/dev/null && card_print SJO000003 >/dev/null
}
check 'a minor'\''s card' minor
check '... is not the minor'\''s to take' refused 65 'guardian is Rosa' \
    issuer card handover SJO000003 --to 'Eva Soto' --signature x
check '... nor a proxy'\''s' refused 65 'parent or guardian alone' \
    issuer card handover SJO000003 --to 'Ana López' --proxy --document x --signature x
check '... nor by SQL' forbids "INSERT INTO handover VALUES (3,
    $(date -u -d "$now" +%s), 1, 'x', 'holder', 0, '', 'x')" 'minor signs nothing'
check '... the guardian'\''s' gives SJO000003 issuer card handover SJO000003 --to 'Rosa Soto' \
    --signature huella
check '... who is that' gives guardian sql 'SELECT role FROM handover WHERE card = 3'

# A minor whose guardian died.
mother=$(enrol Marta Vega F 1980-01-01) || exit 70
kid=$(enrol Gil Vega M "$(day '-8 years')" --photo "$tmp/face.jpg") || exit 70
issuer person parent "$kid" --parent "$mother" --relationship mother >/dev/null || exit 70
guardian_dead() {
	cp "$CEDULA_REGISTER" "$tmp/dead.cedula" && (
		CEDULA_REGISTER=$tmp/dead.cedula
		died "$mother" &&
		    refused 65 "guardian, person $mother, is dead" issuer application \
			submit --person "$kid" &&
		    issuer person edit "$kid" --guardian 'Rita Cruz' >/dev/null &&
		    holds . issuer application submit --person "$kid"
	)
}
check 'no card for a minor whose guardian is dead' guardian_dead
handed_dead() {
	cp "$CEDULA_REGISTER" "$tmp/dead.cedula" && (
		CEDULA_REGISTER=$tmp/dead.cedula
		a=$(issuer application submit --person "$kid") &&
		    luis application approve "$a" >/dev/null && c=$(issue "$a") &&
		    card_print "$c" >/dev/null && died "$mother" &&
		    refused 65 'of that name, is dead' issuer card handover "$c" \
			--to 'Marta Vega' --signature huella &&
		    refused 65 'of that name, is dead' issuer card handover "$c" \
			--to 'Vega Marta' --document 1 --signature huella &&
		    gives "$c" issuer card handover "$c" --to 'Rita Cruz' \
			--document 'sentencia 5' --signature huella
	)
}
check 'the dead guardian gets no card' handed_dead

# Lost and stolen.
check 'not lost before it was issued' refused 65 'give a day from' issuer card lost SJO000002 \
    --date "$(day '-2 days')" --place Heredia
check 'nor tomorrow' refused 65 'give a day from' issuer card lost SJO000002 \
    --date "$(day '1 day')" --place Heredia
check 'no such day' refused 64 'calendar' issuer card lost SJO000002 --date 2026-02-30 --place x
check 'stolen without a report' refused 64 police-report issuer card stolen SJO000002 \
    --date "$today" --place Heredia
check '... an empty one' refused 65 'police-report: give' issuer card stolen SJO000002 \
    --date "$today" --place Heredia --police-report ''
check 'a loss of a valid card by SQL' forbids "INSERT INTO loss VALUES (2, 1, 1, 'lost',
    '2026-01-01', 'x', '')" 'revoked at once'
check 'stolen' gives SJO000002 issuer card stolen SJO000002 --date "$today" --place Heredia \
    --police-report 'OIJ 55'
check '... is revoked' holds '^Reason: stolen .*Heredia, police report OIJ 55' \
    issuer card show SJO000002
check 'once' refused 65 'revoked already' issuer card lost SJO000002 --date "$today" --place x
check 'a revoked card is not printed' refused 65 'is revoked' card_print SJO000002
check 'another cause than its loss' refused 65 'recorded as lost' issuer application submit \
    --person 2 --cause lost
check 'not of another person' refused 65 'not of that kind' issuer application submit \
    --person 2 --cause renewal --early x --replaces SJO000001
check 'a revoked card is not renewed' refused 65 'is revoked' issuer application submit \
    --person 2 --cause damaged --replaces SJO000002
check 'nor is it forgotten' refused 65 'SJO000002 of person 2 is recorded as stolen; .*--cause stolen' \
    issuer application submit --person 2
check 'the stolen one is replaced' gives 9 issuer application submit --person 2 --cause stolen
check '... it says by what' holds '^Replaces: SJO000002' issuer application show 9
check '... and nobody whom nobody is like' [ "$(grep -c 'May be person' "$tmp/stdout")" -eq 0 ]
check '... the queue of it' holds '^9  *submitted  *individual  *stolen  *SJO000002' \
    issuer application list --cause stolen
check 'it came back and is destroyed' gives SJO000002 issuer card destroy SJO000002 \
    --reason 'apareció'
check '... once' refused 65 'destroyed already' issuer card destroy SJO000002 --reason x
check '... for ever' forbids "UPDATE card SET custody = 'issued' WHERE id = 2" 'this way'
check 'not a valid card by SQL' forbids "UPDATE card SET custody = 'destroyed' WHERE id = 1" \
    'only a revoked'

# Renewal.
check 'too early' refused 65 "renewed from $(date -u -d "$(day '5 years') -6 months" +%Y-%m-%d)" \
    issuer application submit --person 1 --cause renewal
check '... by SQL' forbids "INSERT INTO application (kind, person, state, created, submitter,
    cause, replaces) VALUES ('individual', 1, 'draft', 1, 1, 'renewal', 1); UPDATE application
    SET state = 'submitted', submitted = 1 WHERE state = 'draft'" 'too early'
check 'early, with a reason' gives 10 issuer application submit --person 1 --cause renewal \
    --early viaje
renewed() {
	luis application approve 10 >/dev/null && issue 10 >/dev/null &&
	    card_print SJO000004 >/dev/null
}
check 'approved, issued and printed' renewed
check 'both are in force' gives 2 sql "SELECT count(*) FROM card WHERE person = 1
    AND status = 'valid'"
check 'replaced once' refused 65 'replaced by SJO000004 already' issuer application submit \
    --person 1 --cause damaged --replaces SJO000001
check 'the old one goes with it' forbids "INSERT INTO handover VALUES (4,
    $(date -u -d "$now" +%s), 1, 'x', 'holder', 0, '', 'x')" 'still in force'
check 'by proxy' gives SJO000004 issuer card handover SJO000004 --to 'Bruno Mora' --proxy \
    --document 'poder 12-2026' --signature 'libro 1, folio 9'
check 'the old one is revoked with it' holds '^Reason: replaced by SJO000004' \
    issuer card show SJO000001
check '... in the log' holds 'Entries: 8' issuer log check
check '... it says so' holds '^Replaced by: SJO000004' issuer card show SJO000001
check 'given back' gives SJO000001 issuer card destroy SJO000001 --reason devuelta
check 'who is to be called' holds '^SJO000004 .*+506 2222 3333' \
    issuer card list --expires-before "$(day '6 years')"
check '... nobody yet' [ "$(issuer --json card list --expires-before "$(day '4 years')" \
    --person 1 | jq '.cards | length')" = 0 ]
check 'of one person and custody' holds '^SJO000004' issuer card list --person 1 \
    --custody handed-over
check '... how many' holds '^Cards: 1$' issuer card list --person 1 --custody handed-over
check '... no line ends in blanks' [ "$(issuer card list | grep -c ' $')" -eq 0 ]
check 'no such custody' ends 64 'one of issued' issuer card list --custody stolen
check 'after its time: the last months' gives 11 later '1700 days' application submit \
    --person 1 --cause renewal
check 'the queue by waiting time' gives 5,6,9,11 eval "later '1701 days' --json \
    application list --older 1 | jq -r '[.applications[].application] |
    map(tostring) | join(\",\")'"

# Spoiled and corrected.
check 'a correction' eval 'issuer application draft --person 3 --cause correction >/dev/null'
check '... of nothing' refused 65 'nothing that card SJO000003 shows' issuer application submit 12
issuer person edit 3 --occupation panadera >/dev/null
check '... nor of what no card shows' refused 65 'nothing that card SJO000003 shows' issuer application submit 12
submits="BEGIN; UPDATE application SET state = 'submitted', submitted = 1795000000 WHERE id = 12; ROLLBACK"
check '... the register too' [ -n "$(sql "$submits" 2>&1 | grep 'was corrected')" ]
issuer person edit 3 --surname2 Mora >/dev/null
check '... of a name' gives '' sql "$submits"
check '... edited' gives 12 issuer application edit 12 --cause damaged
check '... is in the history' gives 'correction damaged' sql "SELECT
    json_extract(details, '\$.cause.before') || ' ' || json_extract(details, '\$.cause.after')
    FROM audit WHERE action = 'application.edit'"
check 'a card destroyed in use is revoked' gives SJO000003 issuer card destroy SJO000003 \
    --reason rota
check '... why' holds '^Reason: destroyed: rota' issuer card show SJO000003
check '... and not to be replaced now' refused 65 'is revoked' issuer application submit 12
died() {
	later '1702 days' person death 1 --date "$(day '-1 day')" --place León --evidence 'acta 9' "$@"
}
check 'dead before she took her card' refused 65 'when the person was last seen here' died
check '... somebody came in her name' holds '^1$' died --despite 'la hermana la retiró'
check '... is in the history' gives 'la hermana la retiró' sql "SELECT json_extract(details, '\$.despite')
    FROM audit WHERE action = 'person.death'"
check 'the register is sound' sound
check 'every card has its entries' holds 'Entries: 9' issuer log check

echo "1..$n"
exit "$failed"
