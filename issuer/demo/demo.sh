#!/bin/sh
# The whole road in one walk: a consulate is made, two cards are issued and
# printed, and a verifier that sees nothing but the picture of a card's back
# says who they are; then a forged, an expired and a revoked card turn red, and
# a card is handed to its holder.
# Every command is shown before it runs. usage: demo.sh BUILD [FOLDER]
set -u
B=${1:-build}
keys=$B/bin/cedula-keys
issuer=$B/bin/cedula-issuer
verifier=$B/bin/cedula-verifier
D=${2:-$B/demo}
failed=0
LC_ALL=C.UTF-8
export LC_ALL

say() { printf '\n\033[1m%s\033[0m\n' "$*"; }

# One line as a person would type it; words with spaces in quotes.
show() {
	printf '  $'
	for w in "$@"; do
		case $w in
		*[!A-Za-z0-9_./:=,+@-]*) printf " '%s'" "$w" ;;
		*) printf ' %s' "$w" ;;
		esac
	done
	printf '\n'
}

# Shows, runs, and stops the demo at the first command that fails.
run() {
	show "$@"
	"$@" >"$D/out" 2>&1 || {
		got=$?
		cat "$D/out"
		echo "demo: that command ended with $got" >&2
		exit 1
	}
	sed 's/^/    /' "$D/out"
}

# The same, unseen, for what is much alike; standard output is kept in $D/out.
quietly() {
	"$@" >"$D/out" 2>&1 || {
		got=$?
		show "$@"
		cat "$D/out"
		echo "demo: that command ended with $got" >&2
		exit 1
	}
}

# verdict STATUS PICTURE: shown with its exit status, which must be STATUS.
verdict() {
	show "$verifier" --anchor "$D/anchors/NIC.pem" --trust "$D/demo.trust" "$2"
	"$verifier" --anchor "$D/anchors/NIC.pem" --trust "$D/demo.trust" "$2" >"$D/out" 2>&1
	got=$?
	sed 's/^/    /' "$D/out"
	echo "    exit status $got"
	[ "$got" -eq "$1" ] && return 0
	echo "demo: expected exit status $1" >&2
	failed=1
}

today=$(date -u +%Y-%m-%d)
ago() { date -u -d "$1 days ago" +%Y-%m-%d; }
then=$(ago 800)T10:00:00Z	# when the card that has expired was issued

rm -rf "$D"
mkdir -p "$D/anchors" "$D/keys" "$D/photos" "$D/cards" || exit 1
chmod 700 "$D/keys"
pass=$D/keys/passphrase
(
	umask 077
	for name in passphrase ana.passphrase bruno.first bruno.passphrase; do
		head -c 18 /dev/urandom | base64 >"$D/keys/$name"
	done
)
CEDULA_REGISTER=$D/office.cedula
CEDULA_OFFICER=ana
CEDULA_SESSIONS=$D/sessions	# else in the officer's own home
export CEDULA_REGISTER CEDULA_OFFICER CEDULA_SESSIONS

say "1. The keys: a root for the state, two signers for the office (cedula-keys)"
run "$keys" root new --state NIC --key "$D/keys/root.key" --anchor "$D/anchors/NIC.pem" --passphrase-file "$pass"
run "$keys" signer new --role document --state NIC --office SJO --key "$D/keys/document.key" --public "$D/keys/document.pub" --passphrase-file "$pass"
run "$keys" signer new --role status --state NIC --office SJO --key "$D/keys/status.key" --public "$D/keys/status.pub" --passphrase-file "$pass"
run "$keys" trust new --key "$D/keys/root.key" --passphrase-file "$pass" --state NIC --out "$D/NIC.trustlist"
for role in document status; do
	run "$keys" trust add --key "$D/keys/root.key" --passphrase-file "$pass" \
	    --in "$D/NIC.trustlist" --out "$D/NIC.trustlist" --public "$D/keys/$role.pub" \
	    --role "$role" --office SJO --office-name "Consulado General en San José (demo)" \
	    --from "$(ago 900)" --sign-until "$(ago -365)" --until "$(ago -3000)"
done

say "2. The office: a register, two officers who log in, the trust list (cedula-issuer)"
run "$issuer" init --demo --state NIC --office SJO --country "República de Nicaragua" \
    --name "Consulado General en San José" --address "Avenida de la Demostración 100
San José, Costa Rica" --verify-at "cedula.example" --district "San José" \
    --colour 1f4e79 --officer ana --full-name "Ana Registradora" \
    --role registrar --role approver --role printer --role manager --new-passphrase-file "$D/keys/ana.passphrase"
run "$issuer" login ana --passphrase-file "$D/keys/ana.passphrase"
echo "  At a counter the passphrase is typed. Ana gives Bruno his first one; his log-in asks him for one of his own."
run "$issuer" officer add bruno --full-name "Bruno Aprobador" --role approver --new-passphrase-file "$D/keys/bruno.first"
run "$issuer" login bruno --passphrase-file "$D/keys/bruno.first" --new-passphrase-file "$D/keys/bruno.passphrase"
run "$issuer" trust import "$D/NIC.trustlist" --anchor "$D/anchors/NIC.pem"

# person SEED SEX AGE SURNAME1 SURNAME2 GIVEN BIRTH PLACE OCCUPATION: its number
person() {
	quietly "$B/tools/portrait" --seed "$1" --sex "$2" --age "$3" --out "$D/photos/$1.jpg"
	sex=$(echo "$2" | tr mfx MFX)
	guardian=
	[ "$3" -lt 18 ] && guardian="José Ángel Talavera Peña"
	quietly "$issuer" person add --surname1 "$4" --surname2 "$5" --given "$6" \
	    --sex "$sex" --birth-date "$7" --birth-place "$8" \
	    --nationality NIC --nationality-evidence "Partida de nacimiento 1234-$1" \
	    --identity-evidence "Pasaporte C0$1" \
	    --address "Barrio México, San José" --district "San José" \
	    --telephone "+506 2222 0$1" --occupation "$9" --sector "Servicios" \
	    --employer "Empresa de ejemplo" --workplace "San José" \
	    --emergency-contact "Familia, +505 2222 0000" \
	    --guardian "$guardian" --photo "$D/photos/$1.jpg" --consent "$today"
	id=$(cat "$D/out")
	echo "    person $id: $6 $4 $5"
}

# card KIND PERSON WHEN [OPTION...]: applied for, approved by another, issued.
card() {
	kind=$1 who=$2 moment=$3
	shift 3
	family=
	[ "$kind" = family ] && family=--family
	# shellcheck disable=SC2086  # one option or none
	quietly "$issuer" --now "$moment" application submit --person "$who" $family
	application=$(cat "$D/out")
	quietly "$issuer" --officer bruno --now "$moment" application approve "$application"
	quietly "$issuer" --now "$moment" card issue --application "$application" \
	    --key "$D/keys/document.key" --passphrase-file "$pass" "$@"
	number=$(cat "$D/out")
}

say "3. A woman is enrolled, her application submitted, approved by another officer, her card issued"
person 101 f 34 Membreño Zeledón "Ana Lucía" 1992-03-08 "Estelí" "Enfermera"
run "$issuer" application submit --person "$id"
application=$(cat "$D/out")
show "$issuer" application approve "$application"
"$issuer" application approve "$application" >"$D/out" 2>&1 && { echo "demo: the submitter approved" >&2; exit 1; }
sed 's/^/    /' "$D/out"
run "$issuer" --officer bruno application approve "$application"
run "$issuer" card issue --application "$application" --key "$D/keys/document.key" --passphrase-file "$pass"
individual=$(cat "$D/out")
run "$issuer" card print "$individual" --out "$D/cards" --name individual

say "4. A family of five"
person 201 m 41 Talavera Peña "José Ángel" 1985-06-19 "León" "Albañil"
head=$id
person 202 f 38 Úbeda Cruz "Marbelí del Socorro" 1988-01-30 "Matagalpa" "Costurera"
spouse=$id
person 203 f 15 Talavera Úbeda "Keyla Yahoska" 2011-09-02 "Matagalpa" "Estudiante"
child1=$id
person 204 m 9 Talavera Úbeda "Ángel Gabriel" 2017-04-11 "San José" "Estudiante"
child2=$id
person 205 f 3 Talavera Úbeda "Luz Marina" 2023-07-25 "San José" "-"
child3=$id
run "$issuer" household add --head "$head" --member "$spouse:spouse" --member "$child1:child" \
    --member "$child2:child" --member "$child3:child"
card family "$head" "$(date -u +%Y-%m-%dT%H:%M:%SZ)"
run "$issuer" card print "$number" --out "$D/cards" --name family

say "5. Three cards that must turn red: one forged, one expired, one revoked"
run "$B/tools/forge" "$D/office.cedula" "$individual" "$D/cards" forged
person 301 f 55 Chavarría Ruiz "Rosa Elena" 1971-11-12 "Granada" "Comerciante"
card individual "$id" "$then" --expires "$(ago 70)"
run "$issuer" --now "$then" card print "$number" --out "$D/cards" --name expired
person 302 m 27 Downs Wilson "Denzel" 1999-02-14 "Bluefields" "Pescador"
card individual "$id" "$(date -u +%Y-%m-%dT%H:%M:%SZ)"
run "$issuer" card print "$number" --out "$D/cards" --name revoked
run "$issuer" card revoke "$number" --reason "Robada, denuncia 55-2026"

say "6. The bundle that verifiers carry: the trust list and the office's status list"
run "$issuer" bundle --key "$D/keys/status.key" --passphrase-file "$pass" --out "$D/demo.trust"

say "7. Somebody checks the cards, with nothing but the picture of the back"
for name in individual family; do
	verdict 0 "$D/cards/$name-back.png"
done
for name in forged expired revoked; do
	verdict 2 "$D/cards/$name-back.png"
done
verdict 3 "$D/cards/individual-front.png"
pdftoppm -r 200 -png -singlefile "$D/cards/individual-back.pdf" "$D/cards/individual-back-200dpi" || exit 1
verdict 0 "$D/cards/individual-back-200dpi.png"

say "8. A verifier that keeps what it trusts, and never takes anything older"
run "$verifier" trust add --store "$D/store" "$D/anchors/NIC.pem" "$D/demo.trust"
run "$verifier" trust check --store "$D/store"
run "$verifier" --store "$D/store" "$D/cards/family-back.png"

say "9. An auditor, with the office's log and a card, and without its register"
run "$issuer" log export --out "$D/SJO.log"
run "$verifier" audit --anchor "$D/anchors/NIC.pem" --trust "$D/demo.trust" --log "$D/SJO.log" "$D/cards/individual-back.png"

say "10. The woman comes for her card, and signs for it"
run "$issuer" card handover "$individual" --to "Ana Lucía Membreño Zeledón" --signature "Libro de entregas 1, folio 1"
run "$issuer" card uncollected

rm -f "$D/out"
[ "$failed" -eq 0 ] || { echo "demo: not every verdict was the expected one" >&2; exit 1; }
say "Done. The cards are in $D/cards: look at individual-front.png, family-back.png ..."
