#!/bin/sh
# cedula-issuer from outside: the whole road of a consulate, and what it
# refuses on the way. TAP on standard output. Run in the project's root; B is
# the build folder. Wants sqlite3 and jq.
# shellcheck disable=SC2317  # functions are called through check
set -u
# shellcheck source=tests/integration/office.inc
. tests/integration/office.inc
trap 'rm -rf "$tmp"' EXIT
trap 'exit 70' HUP INT TERM
setup

json() {
	jq -e "$1" "$tmp/stdout" >/dev/null || {
		echo "# $(cat "$tmp/stdout")"
		return 1
	}
}
mode_is() {
	[ "$(stat -c %a "$2")" = "$1" ]
}
status_sign() {
	"$keys" status sign --key "$tmp/status.key" \
	    --passphrase-file "$tmp/pass" --in "$1" --out "$2" >/dev/null
}
bundle() {
	issuer bundle --key "$tmp/status.key" --passphrase-file "$tmp/pass" \
	    "$@"
}
publish() {
	issuer status publish --key "$tmp/status.key" \
	    --passphrase-file "$tmp/pass" "$@"
}
anchored() {
	"$keys" bundle --anchor "$tmp/NIC.pem" --out "$1" "$tmp/nic.trustlist" \
	    "$2" >/dev/null
}
files_are() {
	for f in -front.pdf -front.png -back.pdf -back.png .pdf; do
		[ -s "$tmp/cards/$1$f" ] || return 1
	done
}

# luis enrols, ana submits: luis may not approve.
enrolled_by_luis() {
	issuer --officer luis person add --given Zoe --sex F \
	    --birth-date 1990-01-01 --nationality NIC --consent 2020-01-01 \
	    --photo "$tmp/face.jpg" >/dev/null && issuer application submit --person 4 >/dev/null &&
	    issuer --officer luis application approve 5
}
approved_again() {
	issuer application submit --person 2 >/dev/null &&
	    issuer --officer luis application approve 6 >/dev/null
}
at() {
	"$B/bin/cedula-issuer" --lang en --now "$@"
}
real_register() {
	first_officer "$B/bin/cedula-issuer" --lang en --register "$tmp/real.cedula" init \
	    --state NIC --office SJO --country X --name X --address X \
	    --verify-at X >/dev/null
}

# The register.
check 'init makes a register' make_register
check 'it is its owner'\''s alone' mode_is 600 "$CEDULA_REGISTER"
check 'init never overwrites' ends 65 'never overwritten' issuer init \
    --state NIC --office SJO --country X --name X --address X --verify-at X \
    --full-name X --demo
check 'a second officer of the same name' ends 65 'exists already' \
    add_officer luis 'Luis Otro'
check 'the officers' holds '^luis  *Luis Peña' issuer officer list
check 'an officer who is not logged in' ends 77 'log in first: cedula-issuer login eva' \
    issuer --officer eva officer list
check 'no register there' ends 66 'no register there' \
    issuer --register "$tmp/none" officer list
check 'a file that is none' ends 65 'not a register' \
    issuer --register "$tmp/face.jpg" officer list
check 'the same trust list again is no harm' holds 'Sequence: 3' \
    issuer trust import "$tmp/nic.trustlist" --anchor "$tmp/NIC.pem"

# Persons.
check 'enrol' gives 1 enrol 'Ana María' López F 1990-02-28 \
    --surname2 Peña --telephone '+506 2222 3333' --photo "$tmp/face.jpg"
check 'enrol with a foreign letter' gives 2 enrol Łukasz Núñez M 1985-07-01 \
    --photo "$tmp/face.jpg"
check 'enrol a minor' gives 3 enrol Eva López F "$(day '-10 years')" \
    --surname2 Núñez --guardian 'Ana María López Peña' --photo "$tmp/face.jpg"
check 'show' holds '^Telephone: +506 2222 3333' issuer person show 1
check 'the office'\''s district is taken' holds 'district: San José' \
    issuer person show 1
check 'find without accents, in any order' holds 'Ana María López Peña' \
    issuer person find 'pena maria'
check 'find as JSON' holds result issuer --json person find LOPEZ
check '... two of them' json '.result == "ok" and (.persons | length) == 2'
check 'find Ł by L' holds 'Łukasz' issuer person find lukasz
check 'edit' holds 'Fields changed: 2' issuer person edit 1 \
    --telephone '+506 8888 0000' --occupation costurera
check 'the history has before and after' gives '+506 2222 3333 +506 8888 0000' \
    sql "SELECT json_extract(details, '\$.telephone.before') || ' ' ||
    json_extract(details, '\$.telephone.after') FROM audit
    WHERE action = 'person.edit'"
check 'no such person' ends 66 'person 99' issuer person show 99
check 'JSON also on failure' [ "$(issuer --json person show 99 2>/dev/null |
    jq -r .result)" = not-found ]

# A household and applications.
check 'household' gives 1 issuer household add --head 1 --member 2:spouse \
    --member 3:child
check 'it shows its members' holds 'spouse  *Łukasz' issuer household show 1
check 'the head is no member' ends 65 'head already' issuer household add \
    --head 2 --member 2:child
check 'no such relationship' ends 64 'ID:RELATIONSHIP' issuer household add \
    --head 2 --member 3:nephew
check 'submit' gives 1 issuer application submit --person 1
check 'twice the same' ends 65 'open already' \
    issuer application submit --person 1
check 'submit a family' gives 2 issuer application submit --person 1 --family
check 'submit a minor' gives 3 issuer application submit --person 3
check 'submit another' gives 4 issuer application submit --person 2
check 'four eyes: the submitter' ends 77 'you submitted it' \
    issuer application approve 1
check 'four eyes: the enroller' ends 77 'you enrolled' enrolled_by_luis
check 'approve' gives 1 issuer --officer luis application approve 1
check 'several, all or none' ends 66 'application 99' issuer --officer luis application approve 2 3 99
check '... none' gives submitted sql "SELECT DISTINCT state FROM application WHERE id IN (2, 3)"
check '... all' holds '^3' issuer --officer luis application approve 2 3
check 'the approved person stays as seen' ends 65 'approved application' \
    issuer person edit 1 --given Eva
check 'refuse' gives 4 issuer --officer luis application refuse 4 \
    --reason 'acta ilegible'
check 'the queue' holds 'refused .*acta ilegible' \
    issuer application list --state refused

# Cards.
check 'not before approval' ends 65 'is submitted' issue 5
check 'issue' gives SJO000001 issue 1
check 'issue a family' gives SJO000002 issue 2
check 'issue a minor, for 2 years' gives SJO000003 issue 3
check '... it says so' holds "Expires: $(day '2 years')" issuer card show SJO000003
check 'once only' ends 65 'is issued' issue 1
check 'show' holds '^Credential: sound' issuer card show SJO000001
check 'five years' holds "Expires: $(day '5 years')" issuer card show SJO000001
check 'the list' holds '^SJO000002  *valid  *family' issuer card list
by_key() {
	kid=$("$keys" key show "$tmp/doc.pub" | awk '$1 == "kid" { print $2 }')
	[ "$(issuer card list --kid "$kid" | grep -c ^SJO)" -eq "$(sql "SELECT count(*) FROM card")" ] &&
	    [ "$(issuer card list --kid 0011223344556677 | grep -c ^SJO)" -eq 0 ]
}
check '... of one key, and of a stranger' by_key
check '... of none' ends 64 '16 hex digits' issuer card list --kid xyz
check 'the symbol'\''s text' holds '^[0-9A-Z $%*+./:-]*$' \
    issuer card show SJO000001 --qr
check 'another is approved' approved_again
check 'beyond its key' ends 65 "until $key_until" issue 6 \
    --expires "$(day '8 years')"
check 'a key that is no document signer' ends 65 'no document signer' \
    issuer card issue --key "$tmp/status.key" --passphrase-file "$tmp/pass" \
    --application 6
check 'a key past its time' ends 77 'only until' at "$(day '500 days')" card issue \
    --key "$tmp/doc.key" --passphrase-file "$tmp/pass" --application 6
check 'a key before its time' ends 77 'only from' at "$(day '-400 days')" card issue \
    --key "$tmp/doc.key" --passphrase-file "$tmp/pass" --application 6
check 'none of it took a number' gives 4 sql 'SELECT next FROM number_counter'
check 'print' gives SJO000002 issuer card print SJO000002 --out "$tmp/cards"
check '... five files' files_are SJO000002
check '... for their owner alone' mode_is 600 "$tmp/cards/SJO000002.pdf"
check 'print under a name' gives SJO000001 issuer card print SJO000001 \
    --out "$tmp/cards" --name individual --dpi 600
check '... five files' files_are individual

# Status.
check 'suspend' gives SJO000001 issuer card suspend SJO000001 --reason robo
check 'reinstate' gives SJO000001 issuer card reinstate SJO000001 \
    --reason 'apareció'
check 'revoke' gives SJO000002 issuer card revoke SJO000002 --reason pérdida
check 'revoked is final' ends 65 'final' issuer card reinstate SJO000002 \
    --reason nunca
check 'its history' holds 'revoke .*pérdida' issuer card show SJO000002
check 'publish' holds SJO-1.status publish --out "$tmp"
check 'publish unsigned' holds payload.cbor issuer status publish --unsigned \
    --out "$tmp/payload.cbor"
publish_over_key() {
	cp "$tmp/status.key" "$tmp/precious" &&
	    ends 65 'no status list' publish --out "$tmp/precious" &&
	    cmp "$tmp/status.key" "$tmp/precious"
}
check 'publish replaces no key' publish_over_key
check '... another custodian signs it' status_sign "$tmp/payload.cbor" \
    "$tmp/other.status"
check 'both verify in a bundle' anchored "$tmp/one.trust" "$tmp/SJO-1.status"
check '... and the other' anchored "$tmp/two.trust" "$tmp/other.status"
check 'a document signer signs no status list' ends 65 'no status signer' \
    issuer status publish --key "$tmp/doc.key" --passphrase-file "$tmp/pass" \
    --out "$tmp"
check 'bundle' gives "$tmp/sjo.trust" bundle --out "$tmp/sjo.trust"
check 'bundle again' gives "$tmp/sjo.trust" bundle --out "$tmp/sjo.trust"
check 'readable by others, as it is public' mode_is 644 "$tmp/sjo.trust"

# The verifier agrees, where it is built.
verifier=$B/bin/cedula-verifier
verdict() {
	want=$1
	shift
	issuer card show "$1" --qr >"$tmp/qr" &&
	    "$verifier" --anchor "$tmp/NIC.pem" --trust "$tmp/sjo.trust" \
		- <"$tmp/qr" >"$tmp/stdout" 2>&1
	got=$?
	[ "$got" -eq "$want" ] && return 0
	echo "# status $got: $(cat "$tmp/stdout")"
	return 1
}
if [ -x "$verifier" ]; then
	check 'verifier: the valid card is green' verdict 0 SJO000001
	check 'verifier: the revoked card is red' verdict 2 SJO000002
	check 'verifier: the minor'\''s card is green' verdict 0 SJO000003
else
	skip 'the verifier agrees' 'cedula-verifier is not built'
fi

# Words and the clock.
check 'help of a command' holds 'birth-date' issuer person add --help
check '... says for which roles it is' holds '^For: registrar, printer, manager$' issuer card handover --help
check '... or that nobody has to be logged in' holds '^For: anybody' issuer backup restore --help
check 'the commands of a group' holds '^  merge  *two persons are one' issuer person --help
check '... those alone' [ "$(grep -c '^  [a-z]' "$tmp/stdout")" -eq \
    "$(issuer --help | grep -c '^  person ')" ]
every_group() {
	for g in $(issuer --help | awk '/^  [a-z]+ +[a-z]+  /{print $1}' | sort -u); do
		holds '^  [a-z]' issuer "$g" --help || return 1
	done
}
check '... of every one' every_group
check 'a group alone' says 64 'person: say which' issuer person
check '... says what there is' grep -q '^  merge  *two persons' "$tmp/stderr"
check '... also before an option' says 64 'person: say which' issuer person --lang en
check '... as JSON' says 64 '"error":"person: say which' issuer --json person
check 'a word that is none of its commands' says 64 "person has no command 'dance'" \
    issuer person dance
check 'no such command' [ "$("$B/bin/cedula-issuer" --json dance 2>/dev/null |
    jq -r .result)" = usage ]
check 'a register that is no demo' real_register
check 'the clock is set only in a demo' ends 77 'only in a demo' \
    at 2030-01-01 --register "$tmp/real.cedula" officer list
check 'the register is sound' sound
check 'every card has its act' gives 3 sql "SELECT count(*) FROM card JOIN audit
    ON object = 'card ' || number AND action = 'card.issue'"

echo "1..$n"
exit "$failed"
