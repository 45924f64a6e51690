#!/bin/sh
# Protection from outside: employers, contracts, cases, sealed narratives and
# the emergency list; what each refuses, and that a refusal leaves the register
# as it was. TAP on standard output. Run in the project's root; B is the build
# folder. Wants sqlite3 and jq.
# shellcheck disable=SC2317  # functions are called through check
set -u
# shellcheck source=tests/integration/office.inc
. tests/integration/office.inc
trap 'rm -rf "$tmp"' EXIT
trap 'exit 70' HUP INT TERM

# pia, who has the role protection, and sol, who has it for Limón alone.
protector() {
	who=$1
	shift
	issuer officer add "$who" --full-name "$who" --role protection \
	    --new-passphrase-file "$tmp/luis.pass" "$@" >/dev/null &&
	    issuer login "$who" --passphrase-file "$tmp/luis.pass" \
		--new-key-file "$tmp/$who.key" >/dev/null
}
pia() {
	issuer --officer pia "$@"
}
json() {
	jq -e "$1" "$tmp/stdout" >/dev/null || {
		echo "# $(cat "$tmp/stdout")"
		return 1
	}
}
make_office() {
	first_officer issuer init --state NIC --office SJO --country X \
	    --name X --address X --verify-at X --district 'San José' --demo &&
	    two_officers
}
make_persons() {
	enrol Rosa Mena F 1980-05-01 --telephone '+506 8000 0001' \
	    --address 'Barrio Luján' --emergency-contact 'su hermana' &&
	    enrol Tito Mena M "$(day '-9 years')" --guardian 'Rosa Mena' &&
	    enrol Luz Ríos F 1991-01-01 --telephone '+506 8000 0003' --employer '=HYPERLINK("x")' &&
	    enrol Omar Díaz M 1970-03-03 --district 'SAN JOSE' &&
	    enrol Lejos Otro M 1970-03-03 --district Limón &&
	    enrol Ida Ruiz F 1970-03-03 &&
	    issuer household add --head 1 --member 2:child &&
	    sql "INSERT INTO person_event (person, at, officer, event, date, place,
	    evidence) VALUES (6, 0, 1, 'return', '2020-01-01', '', '');
	    UPDATE person SET state = 'returned' WHERE id = 6;
	    UPDATE person SET email = 'luz@correo.example' WHERE id = 3"
}
# unchanged COMMAND...: it does, and the register is what it was.
unchanged() {
	before=$(cksum <"$CEDULA_REGISTER")
	"$@" || return 1
	[ "$before" = "$(cksum <"$CEDULA_REGISTER")" ] || {
		echo "# the register changed"
		return 1
	}
}
refused() {
	unchanged ends "$@"
}
# never STATEMENT: what no program can do to the register.
never() {
	sql "$1" >"$tmp/stdout" 2>&1 && {
		echo "# it did"
		return 1
	}
	grep -q "$2" "$tmp/stdout" || {
		sed 's/^/# /' "$tmp/stdout"
		return 1
	}
}
audited() {
	[ "$(sql "SELECT count(*) FROM audit WHERE action = '$2'")" -eq "$1" ]
}
printf 'una clave de prueba\n' >"$tmp/pass"
printf 'otra clave de prueba\n' >"$tmp/pass2"
chmod 600 "$tmp/pass"

make_office >/dev/null && protector pia && protector sol --jurisdiction limon &&
    make_persons >/dev/null || exit 70

# Employers.
check 'add an employer' gives 1 pia employer add --name 'Finca Ñandú S.A.' \
    --sector agricultura --telephone '+506 2000 0000' --contact 'Sr. Pérez'
check 'the same, written otherwise' refused 65 'employer 1 has this name' \
    issuer employer add --name 'FINCA NANDU S A'
check '... is another one elsewhere' gives 2 issuer employer add \
    --name 'Finca Nandu S.A.' --district Limón
check '... or on purpose' gives 3 issuer employer add \
    --name 'Finca Ñandu S.A.' --another
check 'no name' refused 65 '^cedula-issuer: --name' issuer employer add --name ' '
check 'a control character' refused 65 'not plain text' issuer employer add \
    --name "$(printf 'a\tb')"
check 'find it without accents' holds '^1  *Finca Ñandú S.A.  *agricultura' \
    issuer employer find 'nandu fin'
check 'find none' gives 'Employer  Name  Sector  Consular district  Telephone  Contact' \
    issuer employer find 'nandux'
check 'list a district' holds '^2  *Finca' issuer employer list --district LIMON
check 'edit' holds 'Fields changed: 1' issuer employer edit 1 --contact 'Sra. Mora'
check '... into another'\''s name' refused 65 'has this name' \
    issuer employer edit 2 --district 'san jose'
check '... with before and after' gives 'Sr. Pérez Sra. Mora' \
    sql "SELECT json_extract(details, '\$.contact.before') || ' ' ||
    json_extract(details, '\$.contact.after') FROM audit
    WHERE action = 'employer.edit'"
issuer employer edit 3 --name 'Hacienda Agüero' >/dev/null
check 'find it without what the MRZ spells' holds '^3  *Hacienda Agüero' \
    issuer employer find 'aguero'
check 'no such employer' refused 66 'employer 99' issuer employer show 99
check 'a worksite' gives 1 issuer worksite add --employer 1 --name 'Lote 4' \
    --address 'km 7'
check '... once' refused 65 'worksite 1 of this employer' issuer worksite add \
    --employer 1 --name 'Lote 4'
check '... another employer'\''s' gives 2 issuer worksite add --employer 2 --name Muelle
check 'the worksites' holds '^1  *Lote 4  *km 7  *San José' issuer worksite list \
    --employer 1
check 'a visit' gives 1 pia visit add --worksite 1 --date "$today" --met 0 \
    --finding 'sin agua potable'
check '... of tomorrow' refused 65 'not after today' pia visit add --employer 1 \
    --date "$(day '1 day')" --met 3 --finding x
check '... of no day' refused 65 'not a date' pia visit add --employer 1 \
    --date 2026-02-30 --met 3 --finding x
check '... to another'\''s worksite' refused 65 'worksite 2 is employer 2' pia visit add \
    --employer 1 --worksite 2 --date "$today" --met 3 --finding x
check 'the visits' holds "^1  *$today  *1  *1  *0  *pia  *sin agua" pia visit list \
    --employer 1

# Contracts.
check 'a contract' gives 1 issuer contract add --person 1 --worksite 1 \
    --occupation peón --arrival "$(day '-100 days')" --ends "$(day '20 days')"
check '... overlapping it' refused 65 'contract 1 of this person' issuer contract add \
    --person 1 --employer 1 --occupation peón --arrival "$(day '20 days')"
check '... after it' gives 2 issuer contract add --person 1 --employer 1 \
    --occupation peón --arrival "$(day '21 days')"
check '... with another employer' gives 3 issuer contract add --person 3 \
    --employer 2 --worksite 2 --occupation cocinera --arrival "$today"
check '... that ends before it begins' refused 65 'before the arrival' \
    issuer contract add --person 4 --employer 1 --occupation x \
    --arrival "$today" --ends "$(day '-1 day')"
check '... of nobody' refused 66 'person 99' issuer contract add --person 99 \
    --employer 1 --occupation x --arrival "$today"
cp "$CEDULA_REGISTER" "$tmp/dead.cedula"
CEDULA_REGISTER=$tmp/dead.cedula
issuer person death 4 --date "$today" --place X --evidence X >/dev/null
check '... of the dead' refused 65 'person 4 died on' issuer contract add --person 4 \
    --employer 1 --occupation x --arrival "$today"
CEDULA_REGISTER=$tmp/office.cedula
check '... with nobody' refused 64 'at least one' issuer contract add --person 1 \
    --occupation x --arrival "$today"
check 'contracts that end soon' holds "^1  *1  *Rosa Mena  *+506 8000 0001 .*$(day '20 days')" \
    issuer contract ending --before "$(day '21 days')"
check '... not yet' [ "$(issuer contract ending --before "$(day '20 days')" | wc -l)" -eq 1 ]
check 'those in force' [ "$(issuer --json contract list --person 1 --in-force |
    jq -c '[.contracts[].contract]')" = '[1]' ]
check 'close' gives 1 issuer contract close 1 --reason renuncia
check '... once' refused 65 'closed on' issuer contract close 1 --reason otra
check '... before it began' refused 65 'from the arrival' issuer contract close 3 \
    --date "$(day '-1 day')" --reason x
check '... then another is possible' gives 4 issuer contract add --person 1 \
    --worksite 1 --occupation capataz --arrival "$today" --ends "$(day '9 days')"
check 'the register itself: overlap' never "INSERT INTO contract (person, employer,
    occupation, arrival, ends, created, officer)
    VALUES (1, 1, '', '$today', '', 0, 1)" 'is in force'
check 'the register itself: a contract stays' never \
    "UPDATE contract SET arrival = '2020-01-01'" 'what was agreed'

# Cases.
deadline=$(day '10 days')
check 'open a case' gives 1 pia case open --kind unpaid-wages --person 1 \
    --worksite 1 --referral 'Ministerio de Trabajo' --next-step 'pedir planillas' \
    --deadline "$deadline"
check '... of a minor' gives 2 pia case open --kind trafficking --person 2 \
    --person 3 --district Limón --next-step 'albergue' --deadline "$today"
check '... of no kind' refused 64 'labour-complaint, accident' pia case open \
    --kind quarrel --person 1 --next-step x --deadline "$today"
check '... of nobody' refused 66 'person 99' pia case open --kind death \
    --person 1 --person 99 --next-step x --deadline "$today"
check '... twice the same' refused 65 'a party of case' pia case open --kind death \
    --person 1 --person 1 --next-step x --deadline "$today"
check '... overdue from the first' refused 65 '^cedula-issuer: --deadline' pia case open \
    --kind death --person 1 --next-step x --deadline "$(day '-1 day')"
check 'without the role' refused 77 'protection' issuer case open \
    --kind death --person 1 --next-step x --deadline "$today"
check 'a party' gives 1 pia case party 1 --person 3 --role witness
check '... out of the register' gives 1 pia case party 1 --name 'Lic. Vega' \
    --role other --contact '+506 2222 0000'
check '... twice' refused 65 'already' pia case party 1 --person 3 --role affected
check '... one of both' refused 64 'give one of them' pia case party 1 --role other
check 'a step' gives 1 pia case step 1 --next-step 'audiencia' \
    --deadline "$(day '30 days')"
check 'list' holds "^1  *unpaid-wages  *open  *1  *San José  *pia  *$(day '30 days')  *audiencia" \
    pia case list
check 'the minor is marked' holds '^2  *trafficking  *open  *minor' pia case list \
    --district LIMON
check 'cases of a person' [ "$(pia --json case list --person 3 |
    jq -c '[.cases[].case]')" = '[1,2]' ]
check '... of a kind, of an officer' [ "$(pia --json case list --kind trafficking \
    --opened-by pia | jq -c '[.cases[].case]')" = '[2]' ]
check '... closed' [ "$(pia --json case list --state closed | jq -c .cases)" = '[]' ]
sol() {
	issuer --officer sol "$@"
}
check 'another district'\''s officer lists none of it' [ "$(sol --json case list |
    jq -c '[.cases[].case]')" = '[2]' ]
check '... and sees none of it' refused 77 'not yours to act in' sol case show 1
check '... nor opens one' refused 77 'not yours to act in' sol case open --kind death \
    --person 1 --next-step x --deadline "$today"
check 'nothing is overdue today' [ "$(pia case overdue | wc -l)" -eq 1 ]
check 'what will be' [ "$(pia --json case overdue --on "$(day '33 days')" |
    jq -c '[.cases[] | [.case, .days]]')" = '[[2,33],[1,3]]' ]
check 'show' holds '^[0-9]*  *witness  *3  *Luz Ríos  *+506 8000 0003' pia case show 1
check '... null for what there is not' eval 'pia --json case show 1 >"$tmp/stdout" &&
    json "[.closed, .outcome, .parties[2].minor, .parties[2].person] == [null, null, null, null] and .parties[0].minor == \"no\""'
check '... its history' holds 'pia  *step .*Ministerio de Trabajo  *audiencia' \
    pia case show 1
# A party added wrongly.
check 'a wrong party' gives 1 pia case party 1 --name 'Otra Persona' --role affected
wrong=$(pia --json case show 1 | jq '.parties[] | select(.name == "Otra Persona") | .party')
check '... affects' holds '^1  *unpaid-wages  *open  *2' pia case list
check '... taken off: why?' refused 64 'say why' pia case party 1 --remove "$wrong"
check '... and nothing else' refused 64 'goes with --reason alone' pia case party 1 --remove "$wrong" \
    --reason x --role other
check '... of its own case' refused 66 'no party' pia case party 2 --remove "$wrong" --reason x
check '... by who may act there' refused 77 'not yours' sol case party 1 --remove "$wrong" --reason x
check '... taken off' gives 1 pia case party 1 --remove "$wrong" --reason 'otra persona del mismo nombre'
check '... affects no longer' holds '^1  *unpaid-wages  *open  *1' pia case list
check '... its history is kept' eval 'pia --json case show 1 >"$tmp/stdout" && json "(.parties |
    all(.party != $wrong)) and ([.removed[] | [.party, .name, .officer, .reason]] ==
    [[$wrong, \"Otra Persona\", \"pia\", \"otra persona del mismo nombre\"]])"'
check '... and audited' gives "{\"party\":$wrong,\"role\":{\"before\":\"affected\",\"after\":\"\"}}" \
    sql "SELECT details FROM audit WHERE action = 'case.remove'"
check '... once' refused 66 'no party' pia case party 1 --remove "$wrong" --reason x
only=$(pia --json case show 1 | jq '.parties[] | select(.role == "affected") | .party')
check '... not the only one affected' refused 65 'the only one affected' pia case party 1 \
    --remove "$only" --reason x
check '... the register refuses it too' never "UPDATE case_party SET removed = 1, removed_by =
    (SELECT officer FROM officer_role WHERE role = 'protection' LIMIT 1), why = 'x'
    WHERE id = $only" 'one affected stays'
check '... a person can be a party again' eval 'again=$(pia --json case show 1 | jq ".parties[] |
    select(.person == 3) | .party") && pia case party 1 --remove "$again" --reason x >/dev/null &&
    pia case party 1 --person 3 --role witness >/dev/null'
check 'close' gives 1 pia case close 1 --outcome 'pagado en audiencia'
check '... once' refused 65 'is closed' pia case close 1 --outcome x
check '... then no party goes' refused 65 'is closed' pia case party 1 --remove "$wrong" --reason x
check '... then no step' refused 65 'is closed' pia case step 1 --next-step x \
    --deadline "$deadline"
check '... nor party' refused 65 'is closed' pia case party 1 --name x --role other
check 'reopen' gives 1 pia case reopen 1 --reason 'cheque sin fondos'
check '... once' refused 65 'is open' pia case reopen 1 --reason x
check '... its step is back' holds '^Next step: audiencia' pia case show 1
check '... and all its history' gives 'open step close reopen' sql "SELECT
    group_concat(what, ' ') FROM (SELECT what FROM case_step WHERE case_id = 1
    ORDER BY id)"
check 'the register itself: no officer without the role' never "INSERT INTO case_step
    (case_id, at, officer, what, text) VALUES (1, 0, 1, 'close', 'x')" 'role protection'
check 'the register itself: a case is moved by steps' never \
    "UPDATE protection_case SET state = 'closed', outcome = 'x', closed = 1" 'by its steps'
check 'the register itself: no deadline by itself' never \
    "UPDATE protection_case SET deadline = '2030-01-01'" 'by its steps'
check 'the register itself: history stays' never \
    "UPDATE case_step SET text = 'x'" 'append only'

# Narratives.
key="--case-key $tmp/case.key --passphrase-file $tmp/pass"
secret='El patrón retuvo su pasaporte'
printf '%s\n\t"tres" meses.\n' "$secret" >"$tmp/text"
note() {
	# shellcheck disable=SC2086  # two options
	pia case note 1 --text-file "$tmp/text" $key
}
read_case() {
	c=$1
	shift
	# shellcheck disable=SC2086
	pia case read "$c" --reason 'preparar audiencia' $key "$@"
}
mode_is() {
	[ "$(stat -c %a "$2")" = "$1" ]
}
check 'no key yet: no note' ends 66 'case.key' note
new_key() {
	holds '^State: in-use' pia case key new --out "$tmp/case.key" \
	    --passphrase-file "$tmp/pass"
}
check 'a key' new_key
check '... its owner'\''s alone' mode_is 600 "$tmp/case.key"
check '... never overwritten' refused 65 'never overwritten' pia case key new \
    --out "$tmp/case.key" --passphrase-file "$tmp/pass"
check 'a note' gives 1 note
from_stdin() {
	printf 'segunda parte\n' >"$tmp/two"
	pia case note 2 --text-file - --case-key "$tmp/case.key" \
	    --passphrase-file "$tmp/pass" <"$tmp/two"
}
check '... from standard input' gives 2 from_stdin
check 'a note of another case' gives 3 note
check 'read' holds "^$secret" read_case 1
check '... every byte' [ "$(read_case 1 --json | jq -r '.notes[0].text')" = "$(cat "$tmp/text")" ]
check 'each reading is recorded' audited 2 case.read
check '... with its reason' gives 'preparar audiencia' sql "SELECT
    json_extract(details, '\$.reason') FROM audit WHERE action = 'case.read' LIMIT 1"
check 'no reason, no reading' refused 64 'reason' pia case read 1 \
    --case-key "$tmp/case.key" --passphrase-file "$tmp/pass"
check 'nobody else' refused 77 'protection' issuer case read 1 --reason x \
    --case-key "$tmp/case.key" --passphrase-file "$tmp/pass"
check 'show says how many' holds '^Sealed notes: 2' pia case show 1
nowhere() {
	sqlite3 "$CEDULA_REGISTER" 'PRAGMA wal_checkpoint(TRUNCATE)' >/dev/null
	! grep -qa 'retuvo su\|tres. meses' "$CEDULA_REGISTER" &&
	    ! pia --json case show 1 | grep -q retuvo
}
check 'the text is nowhere in the register' nowhere
# remains COMMAND...: what is in the writable memory of a program that is about to
# end, after all was said. But the stack: the loader saves the processor's
# registers there, with what a copy has left in them.
remains() {
	strace -D -o /dev/null -e inject=exit_group:delay_enter=30000000 "$@" \
	    >"$tmp/stdout" 2>/dev/null </dev/null &
	pid=$!
	for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
		[ -s "$tmp/stdout" ] && break
		sleep 0.2
	done
	sleep 0.3
	while read -r range mode rest; do
		from=$((0x${range%-*})) to=$((0x${range#*-}))
		case $mode$rest in
		*'[stack]') ;;
		rw*) [ $((to - from)) -lt 67108864 ] &&
			dd if="/proc/$pid/mem" bs=4096 skip=$((from / 4096)) \
			    count=$(((to - from) / 4096)) 2>/dev/null ;;
		esac
	done <"/proc/$pid/maps"
	kill -9 "$pid"
	wait "$pid" 2>/dev/null
}
forgotten() {
	for form in '' --json; do
		# shellcheck disable=SC2086  # one or none
		remains "$B/bin/cedula-issuer" --now "$now" --officer pia $form case read 1 \
		    --reason 'preparar audiencia' --case-key "$tmp/case.key" \
		    --passphrase-file "$tmp/pass" >"$tmp/memory"
		grep -q 'retuvo su' "$tmp/stdout" && [ "$(wc -c <"$tmp/memory")" -gt 500000 ] &&
		    ! grep -qa 'retuvo su' "$tmp/memory" || return 1
	done
}
if [ "$(id -u)" -eq 0 ] && strace -o /dev/null true 2>/dev/null; then
	check 'nor in the memory of who has read it' forgotten
else
	skip 'nor in the memory of who has read it' 'not root, or no strace'
fi
check 'a file that is no key' refused 65 'not a case key' pia case read 1 \
    --reason x --case-key "$tmp/pass" --passphrase-file "$tmp/pass"
loose() {
	cp "$tmp/case.key" "$tmp/loose.key" && chmod 640 "$tmp/loose.key" &&
	    refused 77 'others can read' pia case read 1 --reason x \
		--case-key "$tmp/loose.key" --passphrase-file "$tmp/pass"
}
check 'a key that others can read' loose
binary() {
	printf 'a\033[2Jb\n' >"$tmp/bad"
	refused 65 'not plain' pia case note 1 --text-file "$tmp/bad" \
	    --case-key "$tmp/case.key" --passphrase-file "$tmp/pass"
}
check 'control characters' binary
large() {
	head -c 65537 /dev/zero | tr '\0' a >"$tmp/bad"
	refused 65 'larger\|65536' pia case note 1 --text-file "$tmp/bad" \
	    --case-key "$tmp/case.key" --passphrase-file "$tmp/pass"
}
check 'a text of 64 KiB and one byte' large
widest() {
	head -c 65536 /dev/zero | tr '\0' '\n' >"$tmp/wide"
	gives 4 pia case note 2 --text-file "$tmp/wide" --case-key "$tmp/case.key" \
	    --passphrase-file "$tmp/pass" && read_case 2 --json >"$tmp/stdout" &&
	    json '.notes[1].text | length == 65536'
}
check 'a text of 64 KiB' widest

# What was done behind the program's back.
check 'the register itself: a note stays' never \
    "UPDATE case_note SET case_id = 2 WHERE id = 1" 'append only'
check '... and cannot go' never 'DELETE FROM case_note' 'append only'
check '... its author has the role' never "INSERT INTO case_note SELECT 99, case_id,
    at, 1, key_id, nonce, sealed FROM case_note WHERE id = 1" 'role protection'
# forged STATEMENT: with the trigger gone, a copy of the register is changed.
forged() {
	rm -f "$tmp"/forged.cedula*
	sqlite3 "$CEDULA_REGISTER" 'PRAGMA wal_checkpoint(TRUNCATE)' >/dev/null
	cp "$CEDULA_REGISTER" "$tmp/forged.cedula"
	sqlite3 "$tmp/forged.cedula" "DROP TRIGGER case_note_rekeyed; $1" &&
	    ends 65 'note [0-9]* does not open' read_case 1 \
		--register "$tmp/forged.cedula" &&
	    [ "$(sqlite3 "$tmp/forged.cedula" "SELECT count(*) FROM audit WHERE
	    action = 'case.read'")" = "$(sql "SELECT count(*) FROM audit WHERE
	    action = 'case.read'")" ]
}
check 'a note moved from another case' forged \
    'UPDATE case_note SET case_id = 1 WHERE id = 2'

# Another key.
rekey() {
	pia case rekey --old "$tmp/$1.key" --passphrase-file "$tmp/$2" \
	    --new "$tmp/$3.key" --new-passphrase-file "$tmp/$4"
}
check 'a second key waits' holds '^State: not-in-use' pia case key new \
    --out "$tmp/new.key" --passphrase-file "$tmp/pass2"
check '... and seals nothing' refused 65 'not in use yet' pia case note 1 \
    --text-file "$tmp/text" --case-key "$tmp/new.key" --passphrase-file "$tmp/pass2"
old_sealed=$(sql 'SELECT hex(sealed) FROM case_note WHERE id = 1')
check 'rekey' gives 'Notes sealed anew: 4' rekey case pass new pass2
check '... all of them' gives 1 sql 'SELECT count(DISTINCT key_id) FROM case_note'
gone() {
	sqlite3 "$CEDULA_REGISTER" 'PRAGMA wal_checkpoint(TRUNCATE)' >/dev/null
	[ -n "$old_sealed" ] && ! xxd -p "$CEDULA_REGISTER" | tr -d '\n' |
	    grep -qi "$old_sealed"
}
command -v xxd >/dev/null && check 'what the old key sealed is overwritten' gone
check 'the old key seals nothing' refused 65 'is retired' note
key="--case-key $tmp/new.key --passphrase-file $tmp/pass2"
check 'the new key reads' holds "^$secret" read_case 1
check 'the keys' holds '  in-use .*  4 *$' pia case key list
check 'the register itself: retired stays retired' never \
    'UPDATE protection_key SET retired = NULL, replaced_by = NULL' 'stays retired'
# Emergency.
check 'who lives in the district' holds \
    '^1  *head  *1  *Rosa Mena .*+506 8000 0001  *Barrio Luján  *su hermana  *Finca Ñandú S.A.  *Lote 4, km 7' \
    pia emergency --district 'SAN JOSE'
check '... its members together' [ "$(sed -n 3p "$tmp/stdout" | tr -s ' ' | cut -c1-20)" = \
    '1 child 2 Tito Mena ' ]
check '... however it is written' [ "$(pia --json emergency --district 'san josé' |
    jq -c '[.persons[].person]')" = '[1,2,3,4]' ]
check 'minors are marked' [ "$(pia --json emergency --district 'san josé' |
    jq -c '[.persons[] | select(.minor == "yes").person]')" = '[2]' ]
check '... and others are not' [ "$(pia --json emergency --district 'san josé' |
    jq -c '[.persons[].minor] | unique')" = '["no","yes"]' ]
check '... so in the lists of cases' [ "$(pia --json case list | jq -c '[.cases[].minor] | unique')$(pia \
    --json case overdue --on "$(day '33 days')" | jq -c '[.cases[].minor] | unique')" = '["no","yes"]["no","yes"]' ]
check 'who works for an employer' [ "$(pia --json emergency --employer 1 |
    jq -c '[.persons[].person]')" = '[1]' ]
check 'who works at a worksite' [ "$(pia --json emergency --worksite 2 |
    jq -c '[.persons[] | [.person, .email, .employer]]')" = \
    '[[3,"luz@correo.example","Finca Nandu S.A."]]' ]
check 'nobody there' refused 66 'no person of the register has' pia emergency \
    --district Heredia
check 'one place at a time' refused 64 'give one of them' pia emergency \
    --district Limón --employer 1
check 'an unknown employer' refused 66 'employer 99' pia emergency --employer 99
check 'it is recorded, with how many' gives '4' sql "SELECT
    json_extract(details, '\$.persons') FROM audit WHERE action = 'emergency.list'
    ORDER BY id LIMIT 1"
issuer contract close 3 --reason x >/dev/null
issuer person edit 3 --address "'=casa \"azul\", 2" >/dev/null
pia emergency --district 'San José' --csv >"$tmp/csv"
check 'CSV' [ "$(sed -n 2p "$tmp/csv")" = "$(printf '%s\r' \
    "1,head,1,Rosa Mena,46,no,'+506 8000 0001,,Barrio Luján,su hermana,Finca Ñandú S.A.,\"Lote 4, km 7\"")" ]
check '... formulas are texts as in an export, quotes are doubled' grep -q \
    "\"''=casa \"\"azul\"\", 2\",,\"'=HYPERLINK(\"\"x\"\")\"" "$tmp/csv"
check '... a line a person' [ "$(wc -l <"$tmp/csv")" -eq 5 ]

check 'no text in the audit' gives 0 sql "SELECT count(*) FROM audit WHERE
    details LIKE '%retuvo%' OR details LIKE '%planillas%' OR details LIKE '%pagado%'"
check 'the register is sound' sound
echo "1..$n"
exit "$failed"
