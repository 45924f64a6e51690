#!/bin/sh
# Officers from outside: who may log in, for how long, and what each may do; and
# the history, whose chain tells what was changed behind the program's back. TAP
# on standard output. Run in the project's root; B is the build folder. Wants
# sqlite3 and jq.
# shellcheck disable=SC2317  # functions are called through check
set -u
# shellcheck source=tests/integration/office.inc
. tests/integration/office.inc
trap 'rm -rf "$tmp"' EXIT
trap 'exit 70' HUP INT TERM

for name in first eva wrong luis2; do
	printf 'la clave de %s\n' "$name" >"$tmp/$name.pass"
done
printf 'corta\n' >"$tmp/short.pass"
office() {
	first_officer issuer init --state NIC --office SJO --country X --name X \
	    --address X --verify-at X --district 'San José' --demo >/dev/null &&
	    two_officers >/dev/null
}
as() {
	who=$1
	shift
	issuer --officer "$who" "$@"
}
login() {
	who=$1 pass=$2
	shift 2
	issuer login "$who" --passphrase-file "$tmp/$pass.pass" "$@"
}
# new NAME ROLE [OPTION...]: added, and logged in with a passphrase of her own.
new() {
	who=$1 role=$2
	shift 2
	issuer officer add "$who" --full-name "$who" --role "$role" \
	    --new-passphrase-file "$tmp/first.pass" "$@" >/dev/null &&
	    login "$who" first --new-passphrase-file "$tmp/eva.pass" >/dev/null
}
ticket() {
	echo "$CEDULA_SESSIONS/$(sql 'SELECT lower(hex(uid)) FROM register_uid')-$1"
}
mode_is() {
	[ "$(stat -c %a "$2")" = "$1" ]
}
everything() {
	cat "$CEDULA_REGISTER" "$CEDULA_REGISTER-wal" 2>/dev/null | cksum
}
# refused STATUS PATTERN COMMAND...: it ends so, and the register is unchanged.
refused() {
	before=$(everything)
	ends "$@" || return 1
	[ "$before" = "$(everything)" ] && return 0
	echo '# the register changed'
	return 1
}
acts() {
	sql "SELECT count(*) FROM audit AS a JOIN officer AS o ON o.id = a.officer
	    WHERE action = '$1' AND login = '$2'"
}

# Making the office: its first officer.
check 'init: a passphrase that is too short' ends 77 'too short' issuer init --state NIC \
    --office SJO --country X --name X --address X --verify-at X --full-name X --demo \
    --new-passphrase-file "$tmp/short.pass"
check 'init: no terminal and no file' ends 66 'give --new-passphrase-file' setsid \
    "$B/bin/cedula-issuer" --lang en init --state NIC --office SJO --country X --name X \
    --address X --verify-at X --full-name X
check 'init: the first officer is a manager' ends 64 'first officer is a manager' issuer \
    init --state NIC --office SJO --country X --name X --address X --verify-at X \
    --full-name X --demo --role auditor --new-key-file "$tmp/x.key"
check 'nothing is left of that' [ ! -e "$CEDULA_REGISTER" -a ! -e "$tmp/x.key" ]
check 'two officers' office
check 'the folder of sessions is its owner'\''s alone' mode_is 700 "$CEDULA_SESSIONS"
check '... and each session' mode_is 600 "$(ticket ana)"
check '... and a key file' mode_is 600 "$tmp/luis.key"
check 'neither a session nor a secret is in the register' eval '! grep -qaF \
    -e "$(tail -1 "$(ticket ana)")" -e "$(tail -1 "$tmp/luis.key")" \
    -e "pinos altos" "$CEDULA_REGISTER"'

# Who is not logged in.
check 'not logged in' refused 77 'log in first: cedula-issuer login eva' as eva officer list
check 'nobody named, two logged in' refused 64 'several officers' env -u CEDULA_OFFICER \
    "$B/bin/cedula-issuer" --lang en officer list
alone() {
	issuer logout luis >/dev/null && env -u CEDULA_OFFICER "$B/bin/cedula-issuer" person \
	    add --given Eva --sex F --birth-date 1990-01-01 --nationality NIC \
	    --consent 2020-01-01 >/dev/null && [ "$(acts person.add ana)" -eq 1 ]
}
check 'nobody named, one logged in: she acts' alone
check 'logged out' refused 77 'log in first' as luis officer list
check '... once' ends 65 'not logged in here' issuer logout luis
check 'a key file logs in' holds '^Last log-in: ' issuer login luis --key-file "$tmp/luis.key"
check 'a key file is never made over another' refused 65 'luis.key' issuer officer \
    add zoe --full-name Zoe --role printer --new-key-file "$tmp/luis.key"
for who in nobody ana; do
	check "a wrong passphrase: $who" ends 77 'no officer .* that name and that pass' \
	    login $who wrong
done
check 'a key file where a passphrase is the secret' ends 77 'no officer .* that name' issuer \
    login ana --key-file "$tmp/luis.key"
check 'they are in the history' [ "$(acts officer.failure ana)" -eq 2 ]
check 'a log-in tells of them' holds '^Failed log-ins since: 2' login ana ana
check '... once' eval '! login ana ana | grep -q Failed'

# A first secret is good for one log-in; then it is one's own.
issuer officer add eva --full-name 'Eva Soto' --role registrar \
    --new-passphrase-file "$tmp/first.pass" >/dev/null
check 'a first log-in wants a new passphrase' refused 66 'give --new-passphrase-file' \
    setsid "$B/bin/cedula-issuer" --lang en --now "$now" login eva \
    --passphrase-file "$tmp/first.pass"
check '... another one' refused 77 'is the old one' login eva first \
    --new-passphrase-file "$tmp/first.pass"
check '... of ten characters' refused 77 'too short' login eva first \
    --new-passphrase-file "$tmp/short.pass"
check '... all that before the first one is looked at: a wrong one is told the same' refused 66 \
    'give --new-passphrase-file' setsid "$B/bin/cedula-issuer" --lang en --now "$now" login eva \
    --passphrase-file "$tmp/wrong.pass"
check '... and by a key file that is there' refused 65 'never overwritten' login eva wrong \
    --new-key-file "$tmp/luis.key"
check '... no key file is left of a wrong one' eval 'ends 77 "no officer" login eva wrong \
    --new-key-file "$tmp/eva2.key" && [ ! -e "$tmp/eva2.key" ]'
check '... and opens the session' holds 'Officer: eva' login eva first \
    --new-passphrase-file "$tmp/eva.pass"
check '... the first one is worth nothing then' ends 77 'no officer' login eva first
for pass in eva wrong; do
	check "... nor does a later log-in change it: $pass" refused 64 'officer secret' login eva \
	    $pass --new-passphrase-file "$tmp/first.pass"
done
own_secret() {
	as eva officer secret --passphrase-file "$tmp/eva.pass" \
	    --new-key-file "$tmp/eva.key" >/dev/null &&
	    issuer login eva --key-file "$tmp/eva.key" >/dev/null &&
	    as eva officer secret --key-file "$tmp/eva.key" \
		--new-passphrase-file "$tmp/eva.pass" >/dev/null &&
	    as eva officer list >/dev/null && login eva eva >/dev/null
}
check 'one'\''s own secret: changed there and back' own_secret
check '... not without the present one' ends 77 'not the present' as eva officer secret \
    --passphrase-file "$tmp/wrong.pass" --new-passphrase-file "$tmp/first.pass"

# Roles.
check 'wrong role: officers are the managers'\''' refused 77 'is registrar here.*one of: manager' \
    as eva officer add x --full-name X --role printer --new-passphrase-file "$tmp/first.pass"
check 'wrong role: approval' refused 77 'one of: approver' as eva application approve 1
check 'wrong role: the history' refused 77 'one of: manager, auditor' as eva audit list
check 'right role' holds '^1 ' as eva person find Eva
check 'a role that there is not' refused 64 'not a role' issuer officer change eva --role consul
new tom printer
check 'a role to give' holds 'changed: 1' issuer officer change tom --role approver --no-role printer
check '... counts at once, in an open session' refused 66 'application 9' as tom application approve 9
check '... and so does one taken' refused 77 'one of: printer' as tom card print SJO000001 \
    --out "$tmp/cards"
check '... before and after are kept' gives 'printer > approver' sql "SELECT
    json_extract(details, '\$.roles.before') || ' > ' || json_extract(details,
    '\$.roles.after') FROM audit WHERE action = 'officer.change'"
issuer officer change tom --no-role approver >/dev/null
check 'no role at all' refused 77 'has no role here' as tom officer list
check 'a role both given and taken' refused 64 'same role' issuer officer change tom \
    --role printer --no-role printer
check 'own roles' refused 77 'their own' issuer officer change ana --role auditor
check 'own time' refused 77 'their own' issuer officer change ana --until 2199-01-01
check 'own lock' refused 77 'another manager' issuer officer reset ana \
    --new-passphrase-file "$tmp/first.pass"
check 'own activity' refused 77 'their own' issuer officer change ana --deactivate
check 'own name' holds 'changed: 1' issuer officer change ana --full-name 'Ana Ruiz Mora'
check 'the register refuses it too' [ -n "$(sql "INSERT INTO officer_role (officer, role,
    granted, granted_by) VALUES (1, 'auditor', 0, 1)" 2>&1 | grep 'own_role')" ]
check '... and an approver who is none' [ -n "$(sql "INSERT INTO photo (person, image, added)
    VALUES (1, x'00', 0); INSERT INTO application (kind, person, state, created, submitter)
    VALUES ('individual', 1, 'draft', 0, 1); UPDATE application SET state = 'submitted',
    submitted = 0;
    UPDATE application SET state = 'approved', decided = 0, approver = (SELECT id FROM officer
    WHERE login = 'eva')" 2>&1 | grep approver_role)" ]
check '... also of one who was' [ -n "$(sql "BEGIN; INSERT INTO officer_role SELECT id, 'approver',
    0, 1, 0 FROM officer WHERE login = 'eva'; UPDATE officer SET active = 0 WHERE login = 'eva';
    UPDATE application SET state = 'approved', decided = 0, approver = (SELECT id FROM officer
    WHERE login = 'eva')" 2>&1 | grep approver_role)" ]

# The last manager.
check 'the last manager but one' holds 'changed: 1' as luis officer change ana --no-role manager
check 'the last manager' refused 77 'their own' as luis officer change luis --deactivate
for change in '--no-role manager' '--deactivate' '--until 2199-01-01'; do
	issuer officer change ana --role manager >/dev/null 2>&1
	# shellcheck disable=SC2086  # an option and its value
	check "the last manager: $change" refused 77 'one of: manager' issuer officer \
	    change luis $change
done
check 'the register keeps the last one' [ -n "$(sql "UPDATE officer SET active = 0
    WHERE login = 'luis'" 2>&1 | grep last_manager)" ]
as luis officer change ana --role manager --until "$(day '9 days')" >/dev/null
check 'a manager with an end does not count' refused 65 'last manager whose time has no end' \
    issuer officer change luis --no-role manager
as luis officer change ana --until never >/dev/null

# Time, lock, activity.
check 'an end that is over' refused 65 'is over' issuer officer change eva --until "$(day '-1 day')"
check 'no date' refused 64 'YYYY-MM-DD' issuer officer change eva --until mañana
issuer officer change eva --until "$today" >/dev/null
check 'the last day' holds '^1 ' as eva person find Eva
check 'an expired officer' refused 77 "ended on $today" hour 25 --officer eva person find Eva
check '... does not log in' ends 77 "ended on $today" hour 25 login eva \
    --passphrase-file "$tmp/eva.pass"
check '... and is listed so' holds '^eva .*expired' hour 25 officer list
expired() {
	cp "$CEDULA_REGISTER" "$tmp/expired.cedula" && (
		CEDULA_REGISTER=$tmp/expired.cedula
		holds 'changed: 1' hour 25 officer change eva --full-name 'Eva Sanz' &&
		    refused 65 'is over' hour 25 officer change eva --until "$(day '-1 day')" &&
		    holds 'changed: 1' hour 25 officer change eva --deactivate
	)
}
check '... can be changed, and deactivated' expired
issuer officer change eva --until never >/dev/null
login eva eva >/dev/null
tries() {
	for again in 1 2 3 4; do
		ends 77 'no officer of this' login eva wrong || {
			echo "# at $again"
			return 1
		}
	done
	ends 77 'is locked until' login eva wrong
}
check 'five wrong passphrases lock' tries
check '... also for the right one, and nothing more is counted' refused 77 'is locked until' login eva eva
check '... what is open goes on' holds '^eva .*locked' as eva officer list
check '... it is in the history' [ "$(acts officer.failure eva) $(acts officer.lock eva)" = '9 1' ]
check 'a manager unlocks, with a new first passphrase' gives eva issuer officer reset eva \
    --new-passphrase-file "$tmp/first.pass"
check '... what was open is over' refused 77 'log in first' as eva officer list
check '... and she logs in' holds 'Officer: eva' login eva first --new-passphrase-file "$tmp/eva.pass"
tries >/dev/null
sql "UPDATE officer_secret SET locked_until = locked_until - 900"
check 'fifteen minutes unlock' holds 'Officer: eva' login eva eva
at_once() {
	before=$(acts officer.failure eva)
	for i in 1 2 3 4 5 6 7 8 9 10; do
		login eva wrong >"$tmp/at-once.$i" 2>&1 &
	done
	wait
	echo "$(grep -l 'no officer of this' "$tmp"/at-once.* | wc -l)" \
	    "$(grep -l 'is locked until' "$tmp"/at-once.* | wc -l)" \
	    "$(($(acts officer.failure eva) - before))"
}
answered_at_once() {
	got=$(at_once)
	# shellcheck disable=SC2086  # three numbers
	set -- $got
	[ "$1" -lt 5 ] && [ "$2" -gt 5 ] && [ "$3" -eq 5 ] && return 0
	echo "# said no, said locked, failures: $got"
	return 1
}
check 'ten at once: not more answers than one after the other' answered_at_once
check '... and locked, also for the right one' refused 77 'is locked until' login eva eva
sql "UPDATE officer_secret SET locked_until = locked_until - 900"
# counted COMMAND...: the attempt stands in the register while it is computed.
counted() {
	before=$(acts officer.failure eva)
	strace -D -o /dev/null -e inject=fdatasync,fsync:delay_exit=300000 "$@" >/dev/null 2>&1 &
	pid=$!
	for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
		[ "$(sql "SELECT failures FROM officer_secret AS s JOIN officer AS o ON
		    o.id = s.officer WHERE login = 'eva'")" = 1 ] && break
		sleep 0.1
	done
	kill -9 "$pid"
	wait "$pid" 2>/dev/null
	[ "$(acts officer.failure eva)" -eq "$before" ] && [ "$(sql "SELECT failures
	    FROM officer_secret AS s JOIN officer AS o ON o.id = s.officer
	    WHERE login = 'eva'")" = 1 ]
}
if strace -o /dev/null true 2>/dev/null; then
	check 'who is killed before the answer is counted' counted "$B/bin/cedula-issuer" \
	    --now "$now" login eva --passphrase-file "$tmp/wrong.pass"
else
	skip 'who is killed before the answer is counted' 'no strace'
fi
check '... and the next log-in tells of it' holds 'Failed log-ins since: 1' login eva eva
check 'deactivated while logged in' holds 'changed: 1' issuer officer change eva --deactivate
check '... ends at once' refused 77 'log in first' as eva person find Eva
check '... and for log-ins, which leaves a trace' ends 77 'no longer active' login eva eva
check '... a wrong passphrase learns nothing of it' ends 77 'no officer of this' login eva wrong
issuer officer change eva --activate >/dev/null
check 'active again: not the old session' refused 77 'log in first' as eva person find Eva
login eva eva >/dev/null
sql "DROP TRIGGER session_fixed; UPDATE session SET opened = opened - 43200,
    expires = expires - 43200 WHERE officer = (SELECT id FROM officer WHERE login = 'eva')"
check 'a session of twelve hours ago' refused 77 'log in first: cedula-issuer login eva' \
    as eva person find Eva

# Session files that are not one's own.
login eva eva >/dev/null
cp -p "$(ticket eva)" "$tmp/kept"
chmod 640 "$(ticket eva)"
check 'a session that others can read' refused 77 'yours alone' as eva officer list
chmod 600 "$(ticket eva)"
chmod 750 "$CEDULA_SESSIONS"
check 'a folder that others can read' refused 77 'yours alone' as eva officer list
check '... takes no session either' refused 77 'yours alone' login eva eva
chmod 700 "$CEDULA_SESSIONS"
cp -p "$tmp/kept" "$(ticket ana)2"
mv "$(ticket ana)" "$tmp/ana.ticket"
cp -p "$tmp/kept" "$(ticket ana)"
check 'another'\''s session' refused 77 'log in first: cedula-issuer login ana' as ana officer list
mv "$tmp/ana.ticket" "$(ticket ana)"
printf 'cedula session 1\n%064d\n' 7 >"$tmp/forged" && chmod 600 "$tmp/forged"
cp -p "$tmp/forged" "$(ticket eva)"
check 'a session that nobody opened' refused 77 'log in first' as eva officer list
echo x >>"$(ticket eva)"
check 'a damaged one' refused 65 'damaged' as eva officer list
ln -sf "$tmp/kept" "$(ticket eva)"
check 'a link' ends 74 'eva' as eva officer list
rm "$(ticket eva)"
other_register() {
	mine=$(ticket ana) CEDULA_REGISTER=$tmp/other.cedula
	office && theirs=$(ticket ana) && [ "$mine" != "$theirs" ] &&
	    holds '^luis' issuer officer list && cp -p "$mine" "$theirs" &&
	    ends 77 'log in first' issuer officer list
}
check 'a session stolen from another register' eval '(other_register)'
no_folder() {
	env -u HOME -u XDG_RUNTIME_DIR -u CEDULA_SESSIONS "$B/bin/cedula-issuer" --lang en "$@"
}
check 'no folder for sessions' refused 78 'CEDULA_SESSIONS' no_folder officer list
at_home() {
	mkdir -p "$tmp/home" "$tmp/run" &&
	    env -u XDG_RUNTIME_DIR -u CEDULA_SESSIONS HOME="$tmp/home" "$B/bin/cedula-issuer" \
		login ana --passphrase-file "$tmp/ana.pass" >/dev/null &&
	    env -u CEDULA_SESSIONS HOME="$tmp/home" XDG_RUNTIME_DIR="$tmp/run" \
		"$B/bin/cedula-issuer" login ana --passphrase-file "$tmp/ana.pass" >/dev/null &&
	    mode_is 700 "$tmp/home/.cedula" && mode_is 700 "$tmp/run/cedula" &&
	    [ "$(find "$tmp/home" "$tmp/run" -type f | wc -l)" -eq 2 ]
}
check 'the folder is at home, or of this run' at_home

# Jurisdiction.
new rosa registrar --jurisdiction limon --jurisdiction 'Puerto Viejo'
check 'another district: enrolling' refused 77 "district 'San José' is not yours" as rosa \
    person add --given Eva --sex F --birth-date 1990-01-01 --nationality NIC --consent 2020-01-01
check 'one'\''s own, whatever the accents' gives 2 as rosa person add --given Nora --sex F \
    --birth-date 1985-05-05 --nationality NIC --consent 2020-01-01 --district Limón
check 'another district: editing' refused 77 'is not yours' as rosa person edit 1 --sector pesca
check 'another district: moving there' refused 77 'is not yours' as rosa person edit 2 \
    --district 'San José'
check 'another district: submitting' refused 77 'is not yours' as rosa application submit --person 1
new lim registrar --jurisdiction Limón --role approver --role manager --role printer
check 'another district: a death' refused 77 'is not yours' as lim person death 1 --date "$today" \
    --place X --evidence X
check '... a departure' refused 77 'is not yours' as lim person depart 1 --date "$today" --to X
check '... the consent' refused 77 'is not yours' as lim person consent 1 --withdraw "$today"
check '... a parent' refused 77 'is not yours' as lim person parent 1 --remove 2 --reason x
check '... a document' refused 77 'is not yours' as lim document add 1 --type national-id --number 1 \
    --issuer CSE
check '... a household' refused 77 'is not yours' as lim household add --head 1 --member 2:spouse
check '... kept' refused 77 'is not yours' as lim person merge 1 2 --reason x
check '... gone' refused 77 'is not yours' as lim person merge 2 1 --reason x
check '... aid' refused 77 'is not yours' as lim fund request --person 1 --amount 1 --currency CRC \
    --detail x
printf 'given,sex,birth-date,nationality,consent,district\nIda,F,1990-01-01,NIC,2020-01-01,Limón
Isa,F,1991-01-01,NIC,2020-01-01,Cartago\n' >"$tmp/people.csv"
check '... a file, tried: the line' says 65 "^1  *3  *district (6)  .*'Cartago' is not yours" as lim \
    import persons "$tmp/people.csv" --dry-run
check '... imported: none' says 65 "'Cartago' is not yours" as lim import persons "$tmp/people.csv"
check '... none at all' gives 2 sql 'SELECT count(*) FROM person'
issuer officer change luis --jurisdiction Limón >/dev/null
check 'another district: deciding' refused 77 'is not yours' as luis application approve 1
issuer officer change luis --everywhere >/dev/null
check 'everywhere again' gives 1 as luis application approve 1

# The history.
check 'audit list' holds '^[0-9]* .* rosa  *person.add  *person 2' issuer audit list --object 'person 2'
check '... of one officer' gives '["rosa"]' eval \
    "issuer --json audit list --by rosa | jq -c '[.acts[].officer] | unique'"
check '... the newest' gives 3 eval "issuer --json audit list --limit 3 | jq '.acts | length'"
check '... of a day' gives 0 eval \
    "issuer --json audit list --to $(day '-1 day') | jq '.acts | length'"
check '... the wrong way round' refused 64 'before --from' issuer audit list --from "$today" \
    --to "$(day '-1 day')"
check '... of no day' refused 64 'give a day' issuer audit list --from ayer
check 'audit check' holds '^Acts in order: [0-9]' issuer audit check
mark=$(issuer --json audit check | jq -r .head)
issuer officer change rosa --full-name 'Rosa Díaz' >/dev/null
check '... what was noted is still so' holds '^To note: ' issuer audit check --noted "$mark"
check '... another digest is not' says 65 'not the one that was noted' issuer audit check \
    --noted "$(echo "$mark" | tr 0123456789abcdef 123456789abcdef0 | sed "s/^[^:]*/${mark%%:*}/")"
check '... nonsense' refused 64 'as 1234:' issuer audit check --noted 12
last=$(sql 'SELECT max(id) FROM audit')
# broken NAME WHERE SQL: on a copy, found, and at that act.
broken() {
	(
		CEDULA_REGISTER=$tmp/broken.cedula
		sqlite3 "$tmp/office.cedula" ".backup '$CEDULA_REGISTER'" &&
		    sql "DROP TRIGGER audit_no_update; DROP TRIGGER audit_no_delete;
			DROP TRIGGER audit_in_order; DROP TRIGGER officer_fixed; $2" &&
		    says 65 "\"first_bad\":$1[,}]" issuer --json audit check
	)
}
check 'an act changed: text' broken 5 "UPDATE audit SET details = 'x' WHERE id = 5"
check '... from one column to the next' broken 5 "UPDATE audit SET object = object || 'x',
    details = substr(details, 2) WHERE id = 5"
check '... its moment' broken 7 'UPDATE audit SET at = at + 1 WHERE id = 7'
check '... its officer' broken 7 'UPDATE audit SET officer = 3 - officer WHERE id = 7'
check '... its digest' broken 7 'UPDATE audit SET hash = randomblob(32) WHERE id = 7'
check 'an act removed' broken 8 'DELETE FROM audit WHERE id = 7'
check 'the first acts removed' broken 4 'DELETE FROM audit WHERE id < 4'
check 'the last acts removed' broken $((last - 1)) "DELETE FROM audit WHERE id > $last - 2"
check 'an act put in' broken $((last + 1)) "INSERT INTO audit (at, officer, action, object,
    details, hash) VALUES (1, 1, 'person.add', 'person 9', '', zeroblob(32))"
check 'two acts that changed places' broken 5 'UPDATE audit SET id = -5 WHERE id = 5;
    UPDATE audit SET id = 5 WHERE id = 6; UPDATE audit SET id = 6 WHERE id = -5'
check 'an officer who got another name' broken "$(sql 'SELECT min(id) FROM audit WHERE officer = 2')" \
    "UPDATE officer SET login = 'lucas' WHERE id = 2"
cut_clean() {
	(
		CEDULA_REGISTER=$tmp/broken.cedula
		sqlite3 "$tmp/office.cedula" ".backup '$CEDULA_REGISTER'" &&
		    sql "DROP TRIGGER audit_no_delete; DELETE FROM audit WHERE id > 9;
			UPDATE sqlite_sequence SET seq = 9 WHERE name = 'audit'" &&
		    holds 'Acts in order: 9' issuer audit check &&
		    says 65 'was noted' issuer audit check --noted "$mark"
	)
}
check 'cut off with care: only what was noted tells' cut_clean

# A register from before there were log-ins.
migrated() {
	CEDULA_REGISTER=$tmp/old.cedula
	sqlite3 "$CEDULA_REGISTER" <tests/unit/register-9.sql &&
	    sqlite3 "$CEDULA_REGISTER" 'UPDATE office SET demo = 1'
}
CEDULA_REGISTER=$tmp/old.cedula
check 'an old register' migrated
check '... its officers log in first' ends 77 'log in first' issuer officer list
check '... and claim their names with a secret' holds 'Officer: ana' issuer login ana \
    --new-passphrase-file "$tmp/ana.pass"
check '... once' ends 77 'no officer of this' login ana wrong
check '... which the history tells' [ "$(acts officer.claim ana)" -eq 1 ]
check '... the others have none yet' holds '^luis .*no-secret  *registrar, approver, printer, manager' \
    issuer officer list
check '... its history is a chain' holds 'Acts in order: 2[0-9]' issuer audit check
check '... every act in it' gives 1 sql "SELECT count(*) FROM audit WHERE id = 15 AND
    action = 'card.revoke' AND length(hash) = 32"
check 'the register is sound' sound

echo "1..$n"
exit "$failed"
