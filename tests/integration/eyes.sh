#!/bin/sh
# eyes.sh: a second pair of eyes that the first side could open by itself is none:
# whose secret or role came from who began the thing, since it was begun, does
# not decide it. And by whom a person was enrolled stays. TAP. Run in the
# project's root.
set -u
# shellcheck source=tests/integration/office.inc
. tests/integration/office.inc
trap 'rm -rf "$tmp"' EXIT
trap 'exit 70' HUP INT TERM

as() {
	who=$1
	shift
	issuer --officer "$who" "$@"
}
quietly() {
	"$@" >"$tmp/stdout" 2>&1 && return 0
	sed 's/^/# /' "$tmp/stdout"
	return 1
}
# first NAME: logs in with the key that another gave, and makes an own one. Keys
# cost no scrypt.
first() {
	rm -f "$tmp/$1.key"
	issuer login "$1" --key-file "$tmp/$1.first" --new-key-file "$tmp/$1.key" >/dev/null &&
	    rm "$tmp/$1.first"
}
# reset NAME [BY]: a manager gives a new first secret, and is then NAME.
reset() {
	as "${2:-ana}" officer reset "$1" --new-key-file "$tmp/$1.first" >/dev/null && first "$1"
}
# staff NAME ROLE: ana adds one, who logs in.
staff() {
	issuer officer add "$1" --full-name "$1" --role "$2" --new-key-file "$tmp/$1.first" \
	    >/dev/null && first "$1"
}
rows() {
	sql 'SELECT * FROM application; SELECT * FROM waiver; SELECT * FROM fund_request;
	    SELECT * FROM fund_entry; SELECT * FROM duplicate; SELECT id, state FROM person' | cksum
}
# refused PATTERN COMMAND...: no permission, says so, and nothing has changed.
refused() {
	pattern=$1
	shift
	before=$(rows)
	says 77 "$pattern" "$@" && [ "$(rows)" = "$before" ] || {
		echo '# or the register has changed'
		return 1
	}
}
# no_sql STATEMENT: the tables refuse it, for the hand.
no_sql() {
	if sql "$1" >"$tmp/stdout" 2>&1; then
		echo "# it was done: $1"
		return 1
	fi
	grep -q 'who decides was given' "$tmp/stdout" || {
		sed 's/^/# /' "$tmp/stdout"
		return 1
	}
}
id_of() {
	sql "SELECT id FROM officer WHERE login = '$1'"
}
# line KEY: what doctor says of it, "RESULT FOUND".
named() {
	line same_hand | grep -qx "warning $1" || {
		line same_hand | sed 's/^/# /'
		return 1
	}
}
line() {
	issuer --json doctor --quick 2>/dev/null | jq -r ".checks[] | select(.check == \"$1\") | .result + \" \" + .found"
}

setup
make_register >/dev/null 2>&1 || exit 70
for name in Ana Bea Carla Dora; do
	enrol "$name" "De $name" F 1990-01-01 --photo "$tmp/face.jpg" >/dev/null || exit 70
done
staff dora approver && staff paco printer || exit 70
issuer fee set --kind individual --cause first --amount 15 --currency USD >/dev/null

# In the ordinary order nobody is hindered.
check 'drafted when all were there' gives 1 hour 1 application submit --person 1
check '... approved' gives 1 hour 1 --officer dora application approve 1

# A manager who enrolled and drafted makes themselves the approver.
issuer application submit --person 2 >/dev/null
check 'the approver is reset meanwhile' reset dora
check '... approves nothing of the same hand' refused 'officer ana, who .* gave you your passphrase' \
    as dora application approve 2
check '... the register too' no_sql "UPDATE application SET state = 'approved', decided = 0,
    approver = $(id_of dora) WHERE id = 2"
check '... waives no fee' refused 'officer ana, ' as dora fee waive 2 --reason x
check '... the register too' no_sql "INSERT INTO waiver (application, amount, currency, reason, at, officer)
    VALUES (2, 1500, 'USD', 'x', 0, $(id_of dora))"
check 'an approver added meanwhile' staff nora approver
check '... neither' refused 'officer ana, ' as nora application approve 2
check 'a role given meanwhile' quietly issuer officer change paco --role approver
check '... neither' refused 'gave you the role approver' as paco application approve 2
check '... the register too' no_sql "UPDATE application SET state = 'approved', decided = 0,
    approver = $(id_of paco) WHERE id = 2"
check 'through another manager' third_officer
check '... who resets the approver' reset dora eva
check '... neither' refused 'officer ana, ' as dora application approve 2
check 'by who was there before' gives 2 as luis application approve 2
check 'the fee too' holds . as luis fee waive 2 --reason x
check 'where there is nobody else' gives 3 issuer application submit --person 3
reset dora
check '... refused: it gives no card' gives 3 as dora application refuse 3 --reason 'se pide de nuevo'
check '... anew' gives 4 issuer application submit --person 3
check '... approved' gives 4 as dora application approve 4

# What the rule cannot tell is shown.
check 'doctor counts it' [ "$(line four_eyes)" = \
    'warning approvals of the last 90 days: 3; with a secret from who began the application: 3; other decisions so: 1' ]
check '... names what no list has' [ "$(line same_hand)" = 'warning waiver 2: decided by luis, with a secret from ana' ]
check '... and it is listed' gives '1 2 4' sh -c "'$B/bin/cedula-issuer' --now $now --json \
    application list --same-hand | jq -r '[.applications[].application] | join(\" \")'"
key() {
	as "$1" officer secret --key-file "$tmp/$1.key" --new-key-file "$tmp/$1.own" >/dev/null
}
check 'the approver changes it in a session' key dora
issuer application submit --person 4 >/dev/null
check '... approves' gives 5 as dora application approve 5
check '... is not listed' gives 0 sh -c "'$B/bin/cedula-issuer' --now $now --json application list --same-hand |
    jq '[.applications[] | select(.application == 5)] | length'"

# The fund, a death, duplicates and merges.
issuer fund give --amount 100 --currency USD --detail x >/dev/null
issuer fund request --person 1 --amount 50 --currency USD --detail x >/dev/null
check 'a manager added meanwhile' staff mara manager
check '... pays nothing' refused 'request 1: .*officer ana, ' as mara fund pay 1
check '... the register too' no_sql "UPDATE fund_request SET state = 'paid', decided = 0,
    decided_by = $(id_of mara) WHERE id = 1"
check '... but refuses' holds . as mara fund refuse 1 --reason x
check 'a death' quietly issuer person death 4 --date "$today" --place León --evidence acta
check '... and a reset' reset nora
check '... is taken back, for it cannot be begun anew' quietly as nora person correct 4 --reason x
check '... and named' named 'death 4: decided by nora, with a secret from ana'
staff rita registrar || exit 70
enrol Zoila Ximenes F 1977-07-17 --surname2 Mora --birth-place León --photo "$tmp/face.jpg" >/dev/null
enrol Soila Jimenes F 1977-07-17 --surname2 Mora --birth-place León >/dev/null
pair=$(sql 'SELECT a || " " || b FROM duplicate WHERE score >= 80 AND b = 6')
check 'two alike' [ "$pair" = '5 6' ]
check '... and a reset' reset nora
check '... not told apart by the same hand' refused 'person 6: .*officer ana, ' as nora duplicate decide 5 6 \
    --different --reason x
check '... the register too' no_sql "UPDATE duplicate SET decision = 'twin', decided = 0,
    decided_by = $(id_of nora), reason = 'x' WHERE a = 5"
check '... nor merged' refused 'person 6: .*officer ana, ' as nora duplicate decide 5 6 --same --reason x
check '... the register too' no_sql "BEGIN; INSERT INTO person_event (person, at, officer, event, date,
    place, evidence) VALUES (6, 0, $(id_of nora), 'merge', '$today', '', 'x');
    UPDATE person SET state = 'merged', merged_into = 5 WHERE id = 6"
check '... through another, who was reset' reset eva
check '... and resets' reset dora eva
check '... with whose hand it was' refused 'officer eva gave you .* from officer ana, ' as dora fee waive 5 --reason x
check 'a role given late to who had one' quietly issuer officer change rita --role registrar --role approver
check '... hinders not' holds 'Decision: twin' as rita duplicate decide 5 6 --twin --reason gemelas
check 'begun anew by anybody, as who enrolled may have left' quietly as luis person edit 6 --sector pesca
check '... decided' holds 'Decision: different' as nora duplicate decide 5 6 --different --reason 'dos cédulas'
check '... and named' named 'duplicate 5 6: decided by nora, with a secret from ana'

# A manager whom another is stands between: listed all the same.
check 'a puppet manager' staff pup manager
as pup officer add nil --full-name Nil --role approver --new-key-file "$tmp/nil.first" >/dev/null
check '... makes the approver' first nil
sixth=$(issuer application submit --person 5)
check '... who is reset since' reset nil pup
check '... approves' gives "$sixth" as nil application approve "$sixth"
check '... and is listed' gives 1 sh -c "'$B/bin/cedula-issuer' --now $now --json application list --same-hand |
    jq '[.applications[] | select(.application == $sixth)] | length'"

# By whom a person was enrolled.
check 'who enrolled stays' [ -n "$(sql 'UPDATE person SET enrolled_by = 2 WHERE id = 1' 2>&1 | grep stays)" ]
check '... and is what the history says' says 65 'Who enrolled .* ok ' issuer doctor
cp "$CEDULA_REGISTER" "$tmp/copy.cedula"
sqlite3 "$tmp/copy.cedula" 'DROP TRIGGER person_enrolled_fixed; UPDATE person SET enrolled_by = 2 WHERE id = 3'
check '... or doctor names it' says 65 'Who enrolled .* problem .*says: 1, first person 3' issuer \
    --register "$tmp/copy.cedula" doctor
check 'what a person is, their last event says' says 65 'Lives .* ok ' issuer doctor
cp "$CEDULA_REGISTER" "$tmp/copy.cedula"
sqlite3 "$tmp/copy.cedula" "DROP TRIGGER person_state_told; UPDATE person SET state = 'returned' WHERE id = 3"
check '... or doctor names it' says 65 'Lives .* problem .*event: 1, first person 3' issuer \
    --register "$tmp/copy.cedula" doctor
replaced() {
	for table in person person_event duplicate officer_role; do
		sql "PRAGMA recursive_triggers = OFF; INSERT OR REPLACE INTO $table SELECT * FROM $table" 2>&1 |
		    grep -q 'not replaced' || return 1
	done
}
check 'nor is anything replaced' replaced
check 'the register is sound' sound

echo "1..$n"
exit "$failed"
