#!/bin/sh
# An independent reader reads our cards (read_card.mjs). TAP.
#   run.sh                    cards made up here, of both algorithms, and the
#                             demo's, if the demo has been run
#   run.sh CARD PEM [...]     cards that exist: pairs of QR text or picture,
#                             and the document signer's public key
# The build folder is $B (build by default); node's modules go there too.
set -u
B=${B:-build}
here=$(dirname "$0")
work=$B/web
tests=0
failed=0

for tool in node npm; do
	command -v $tool >/dev/null 2>&1 || {
		echo "1..0 # SKIP $tool is not installed"
		exit 0
	}
done

# Installed once for each package-lock.json. No package may run a script here.
install_modules() {
	cmp -s "$here/package-lock.json" "$work/installed.json" && return 0
	mkdir -p "$work" &&
	    cp "$here/package.json" "$here/package-lock.json" "$work/" &&
	    (cd "$work" && npm ci --ignore-scripts --omit=optional --no-audit \
	    --no-fund --prefer-offline --loglevel=error >npm.log 2>&1) &&
	    cp "$here/package-lock.json" "$work/installed.json"
}

# One TAP line a card, with the reader's own lines before it as comments.
read_card() {	# NAME TEXT PEM EXPECTED
	tests=$((tests + 1))
	if node "$work/read_card.mjs" "$2" "$3" "$4" >"$tmp/out" 2>&1; then
		echo "ok $tests - independent reader: $1," \
		    "$(grep -c '^ok ' "$tmp/out") checks"
	else
		failed=1
		sed 's/^/# /' "$tmp/out"
		echo "not ok $tests - independent reader: $1"
	fi
}

# What our own inspect sees in a card is what the other reader must see. A
# picture is read by cedula-scan; the rest of the road is the other reader's.
existing_card() {	# CARD PEM
	text=$1
	case $1 in
	*.png | *.jpg)
		text=$tmp/$(basename "$1").txt
		"$B/bin/cedula-scan" "$1" >"$text" 2>"$tmp/err"
		;;
	esac
	"$B/bin/cedula-verifier" inspect --json --key "$2" "$text" \
	    >"$tmp/expected.json" 2>>"$tmp/err"
	if grep -q '"signature":"valid"' "$tmp/expected.json"; then
		read_card "$(basename "$1")" "$text" "$2" "$tmp/expected.json"
	else
		tests=$((tests + 1))
		failed=1
		sed 's/^/# /' "$tmp/expected.json" "$tmp/err"
		echo "not ok $tests - inspect $1"
	fi
}

made_up_cards() {
	printf 'a passphrase for tests alone\n' >"$tmp/pass"
	for alg in ES256 EdDSA; do
		"$B/bin/cedula-keys" signer new --role document --state NIC \
		    --office SJO --alg $alg --key "$tmp/$alg.key" \
		    --public "$tmp/$alg.pem" --passphrase-file "$tmp/pass" \
		    >"$tmp/out" 2>&1 || { sed 's/^/# /' "$tmp/out"; return 1; }
		for kind in individual family; do
			"$B/tests/web/mktoken" "$tmp/$alg.key" "$tmp/pass" \
			    $kind >"$tmp/$alg-$kind.txt" || return 1
			read_card "$alg $kind" "$tmp/$alg-$kind.txt" \
			    "$tmp/$alg.pem" "$here/expected-$kind.json"
		done
	done
}

tmp=$(mktemp -d) || exit 1
trap 'rm -rf "$tmp"' EXIT
trap 'exit 1' INT TERM
if ! install_modules; then
	sed 's/^/# /' "$work/npm.log"
	echo "not ok 1 - npm ci"
	echo "1..1"
	exit 1
fi
cp "$here/read_card.mjs" "$work/"
if [ $# -eq 0 ]; then
	made_up_cards || {
		tests=$((tests + 1))
		failed=1
		echo "not ok $tests - a card could not be made"
	}
	if [ -f "$B/road/keys/document.pub" ]; then
		for kind in individual family; do
			existing_card "$B/road/cards/$kind-back.png" \
			    "$B/road/keys/document.pub"
		done
	fi
fi
while [ $# -ge 2 ]; do
	existing_card "$1" "$2"
	shift 2
done
echo "1..$tests"
exit $failed
