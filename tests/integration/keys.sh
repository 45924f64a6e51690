#!/bin/sh
# cedula-keys from outside: what it makes, and what it refuses. TAP. Run in the
# project's root; B is the build folder.
# shellcheck disable=SC2317  # functions are called through check
set -u
B=${B:-build}
keys=$B/bin/cedula-keys
tmp=$(mktemp -d) || exit 70
trap 'rm -rf "$tmp"' EXIT
LC_ALL=C.UTF-8
export LC_ALL
# shellcheck source=tests/tap.inc
. tests/tap.inc
cd_pass=$tmp/pass
echo "only for this test" >"$cd_pass"

k() { "$keys" "$@" >"$tmp/out" 2>"$tmp/err"; }

good() {
	k "$@" && return 0
	echo "# $*: $(cat "$tmp/err")"
	return 1
}

# fails STATUS PATTERN ARGUMENT...
fails() {
	want=$1 pattern=$2
	shift 2
	k "$@"
	got=$?
	[ "$got" -eq "$want" ] && grep -q -e "$pattern" "$tmp/err" && return 0
	echo "# status $got: $(cat "$tmp/out" "$tmp/err")"
	return 1
}

root() {
	good root new --state NIC --key "$tmp/root.key" --anchor "$tmp/NIC.pem" --passphrase-file "$cd_pass"
}

# 0600, PKCS#8 under scrypt, as OpenSSL itself sees it, and it opens there too.
sealed() {
	[ "$(stat -c %a "$tmp/root.key")" = 600 ] || return 1
	grep -q "BEGIN ENCRYPTED PRIVATE KEY" "$tmp/root.key" || return 1
	openssl asn1parse -in "$tmp/root.key" | grep -q ":scrypt" || return 1
	openssl pkey -in "$tmp/root.key" -passin "file:$cd_pass" -pubout 2>/dev/null | cmp - "$tmp/NIC.pem"
}

never_overwritten() {
	cp "$tmp/root.key" "$tmp/copy"
	fails 65 "never overwritten" root new --state NIC --key "$tmp/root.key" --anchor "$tmp/x/NIC.pem" --passphrase-file "$cd_pass" || return 1
	fails 65 "never overwritten" root new --state NIC --key "$tmp/other.key" --anchor "$tmp/NIC.pem" --passphrase-file "$cd_pass" || return 1
	[ ! -e "$tmp/other.key" ] && cmp "$tmp/copy" "$tmp/root.key"
}

signers() {
	good signer new --role document --state NIC --office SJO --key "$tmp/doc.key" --public "$tmp/doc.pub" --passphrase-file "$cd_pass" &&
	    good signer new --role status --alg EdDSA --state NIC --office SJO --key "$tmp/st.key" --public "$tmp/st.pub" --passphrase-file "$cd_pass" &&
	    grep -q "status EdDSA" "$tmp/out"
}

trust() {
	good trust new --key "$tmp/root.key" --passphrase-file "$cd_pass" --state NIC --out "$tmp/l1" || return 1
	good trust add --key "$tmp/root.key" --passphrase-file "$cd_pass" --in "$tmp/l1" --out "$tmp/l2" --public "$tmp/doc.pub" \
	    --role document --office SJO --office-name "Consulado de prueba" || return 1
	good trust add --key "$tmp/root.key" --passphrase-file "$cd_pass" --in "$tmp/l2" --out "$tmp/l3" --public "$tmp/st.pub" \
	    --role status --office SJO --office-name "Consulado de prueba" || return 1
	good trust show --anchor "$tmp/NIC.pem" "$tmp/l3" || return 1
	grep -q "sequence 3, .*signature valid" "$tmp/out" && [ "$(grep -c SJO "$tmp/out")" -eq 2 ]
}

revoke() {
	kid=$("$keys" key show "$tmp/doc.pub" | awk '$1 == "kid" { print $2 }')
	good trust revoke --key "$tmp/root.key" --passphrase-file "$cd_pass" --in "$tmp/l3" --out "$tmp/l4" --kid "$kid" --from 2026-01-01 || return 1
	"$keys" trust show "$tmp/l4" | grep "$kid" | grep -q 2026-01-01 || return 1
	# never taken back, nor moved to a later moment
	good trust revoke --key "$tmp/root.key" --passphrase-file "$cd_pass" --in "$tmp/l4" --out "$tmp/l5" --kid "$kid" --from 2026-06-01 || return 1
	"$keys" trust show "$tmp/l5" | grep "$kid" | grep -q 2026-01-01 || return 1
	fails 66 "no key with kid" trust revoke --key "$tmp/root.key" --passphrase-file "$cd_pass" --in "$tmp/l3" --out "$tmp/l4x" --kid 0011223344556677
}

# A moment that has passed costs genuine cards: said in plain words.
from_the_past() {
	doc=$("$keys" key show "$tmp/doc.pub" | awk '$1 == "kid" { print $2 }')
	st=$("$keys" key show "$tmp/st.pub" | awk '$1 == "kid" { print $2 }')
	warns() { # PATTERN ARGUMENT...
		pattern=$1
		shift
		good --lang en "$@" --key "$tmp/root.key" --passphrase-file "$cd_pass" --in "$tmp/l3" --out "$tmp/past" || return 1
		if [ -n "$pattern" ]; then
			[ "$(grep -c "$pattern" "$tmp/out")" -eq 1 ]
		else
			[ "$(wc -l <"$tmp/out")" -eq 1 ]
		fi
		got=$?
		rm "$tmp/past"
		[ "$got" -eq 0 ] || { cat "$tmp/out"; return 1; }
	}
	cards='every card .* at or after 2026-01-01T00:00:00Z turns red, also genuine ones; this cannot be taken back'
	warns "$cards" trust revoke --kid "$doc" --from 2026-01-01 || return 1
	warns 'every list .* at or after .* is refused, also genuine ones; this cannot' trust revoke --kid "$st" --from 2026-01-01 || return 1
	warns '' trust revoke --kid "$doc" || return 1
	warns '' trust revoke --kid "$doc" --from 2099-01-01 || return 1
	good signer new --role status --state NIC --office SJO --key "$tmp/heir.key" --public "$tmp/heir.pub" --passphrase-file "$cd_pass" || return 1
	warns 'every card that the keys of SJO .* turns red and every such list is refused, also genuine ones; this cannot' \
	    office close --office SJO --public "$tmp/heir.pub" --from 2026-01-01 || return 1
	warns '' office close --office SJO --public "$tmp/heir.pub"
}

# An older list never takes the place of a newer one.
older() {
	cp "$tmp/l5" "$tmp/current"
	fails 65 "start from that list" trust renew --key "$tmp/root.key" --passphrase-file "$cd_pass" --in "$tmp/l1" --out "$tmp/current" || return 1
	cmp "$tmp/l5" "$tmp/current" || return 1
	good bundle --anchor "$tmp/NIC.pem" --out "$tmp/b.trust" "$tmp/l5" || return 1
	cp "$tmp/b.trust" "$tmp/b.copy"
	fails 65 "newer trust list" bundle --anchor "$tmp/NIC.pem" --out "$tmp/b.trust" "$tmp/l3" || return 1
	cmp "$tmp/b.copy" "$tmp/b.trust"
}

wrong_passphrase() {
	echo "something else" >"$tmp/wrong"
	fails 77 "does not open" trust renew --key "$tmp/root.key" --passphrase-file "$tmp/wrong" --in "$tmp/l3" --out "$tmp/never" || return 1
	: >"$tmp/empty"
	fails 77 "empty" trust renew --key "$tmp/root.key" --passphrase-file "$tmp/empty" --in "$tmp/l3" --out "$tmp/never" || return 1
	echo short >"$tmp/short"
	fails 77 "too short" root new --state NIC --key "$tmp/s.key" --anchor "$tmp/d/NIC.pem" --passphrase-file "$tmp/short" || return 1
	fails 66 "no such file" trust renew --key "$tmp/root.key" --passphrase-file "$tmp/nothing" --in "$tmp/l3" --out "$tmp/never" || return 1
	[ ! -e "$tmp/never" ] && [ ! -e "$tmp/s.key" ]
}

# Without a terminal and without a file there is nobody to ask.
no_terminal() {
	setsid "$keys" trust renew --key "$tmp/root.key" --in "$tmp/l3" --out "$tmp/never" >"$tmp/out" 2>"$tmp/err" </dev/null
	[ $? -eq 66 ] && grep -q "passphrase-file" "$tmp/err"
}

# What is typed before the question is thrown away, so the typist waits for it.
type_slowly() {
	for line in "$@"; do
		sleep 0.7
		printf '%s\n' "$line"
	done
	sleep 0.7
}

# On a terminal: asked twice for a new key, once to use it, without an echo.
on_a_terminal() {
	type_slowly 'typed by hand' 'typed by hand' | script -qec "$keys signer new --role document --state NIC --office SJO \
	    --key $tmp/typed.key --public $tmp/typed.pub" /dev/null >"$tmp/tty" 2>&1 || { cat "$tmp/tty"; return 1; }
	grep -q "New passphrase for" "$tmp/tty" && grep -q "same again" "$tmp/tty" || return 1
	grep -q "typed by hand" "$tmp/tty" && return 1	# no echo
	openssl pkey -in "$tmp/typed.key" -passin "pass:typed by hand" -noout || return 1
	type_slowly 'one thing, typed' 'another, typed' | script -qec "$keys root new --state NIC --key $tmp/differ.key \
	    --anchor $tmp/zz/NIC.pem" /dev/null >"$tmp/tty" 2>&1
	grep -q "differ" "$tmp/tty" && [ ! -e "$tmp/differ.key" ]
}

readable_key() {
	cp "$tmp/root.key" "$tmp/open.key"
	chmod 644 "$tmp/open.key"
	fails 77 "others can read" trust renew --key "$tmp/open.key" --passphrase-file "$cd_pass" --in "$tmp/l3" --out "$tmp/never" || return 1
	openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out "$tmp/plain.key" 2>/dev/null
	chmod 600 "$tmp/plain.key"
	fails 65 "not a private key sealed" trust renew --key "$tmp/plain.key" --passphrase-file "$cd_pass" --in "$tmp/l3" --out "$tmp/never"
}

strangers() {
	good root new --state NIC --key "$tmp/root2.key" --anchor "$tmp/two/NIC.pem" --passphrase-file "$cd_pass" && return 1
	mkdir "$tmp/two"
	good root new --state NIC --alg EdDSA --key "$tmp/root2.key" --anchor "$tmp/two/NIC.pem" --passphrase-file "$cd_pass" || return 1
	fails 65 "not signed by this root" trust renew --key "$tmp/root2.key" --passphrase-file "$cd_pass" --in "$tmp/l3" --out "$tmp/never" || return 1
	fails 65 "vouches" bundle --anchor "$tmp/two/NIC.pem" --out "$tmp/never" "$tmp/l3" || return 1
	head -c 100 "$tmp/l3" >"$tmp/cut"
	fails 65 "cut off or damaged" trust show "$tmp/cut" || return 1
	fails 65 "part 1 is cut off" bundle --anchor "$tmp/NIC.pem" --out "$tmp/never" "$tmp/cut"
}

bad_input() {
	fails 64 "capital letters" root new --state nic --key "$tmp/a" --anchor "$tmp/nic.pem" --passphrase-file "$cd_pass" || return 1
	fails 64 "must be named NIC.pem" root new --state NIC --key "$tmp/a" --anchor "$tmp/root.pem" --passphrase-file "$cd_pass" || return 1
	fails 64 "is missing" root new --state NIC || return 1
	fails 64 "no such option" root new --state NIC --nonsense || return 1
	fails 64 "" nonsense || return 1
	fails 64 "a date as" trust add --key "$tmp/root.key" --passphrase-file "$cd_pass" --in "$tmp/l1" --out "$tmp/never" --public "$tmp/doc.pub" \
	    --role document --office SJO --office-name X --from 2026-02-30 || return 1
	fails 64 "in this order" trust add --key "$tmp/root.key" --passphrase-file "$cd_pass" --in "$tmp/l1" --out "$tmp/never" --public "$tmp/doc.pub" \
	    --role document --office SJO --office-name X --from 2026-02-02 --sign-until 2026-02-01 || return 1
	fails 65 "not a P-256" trust add --key "$tmp/root.key" --passphrase-file "$cd_pass" --in "$tmp/l1" --out "$tmp/never" --public "$tmp/l1" \
	    --role document --office SJO --office-name X || return 1
	fails 65 "already" trust add --key "$tmp/root.key" --passphrase-file "$cd_pass" --in "$tmp/l2" --out "$tmp/never" --public "$tmp/doc.pub" \
	    --role document --office SJO --office-name X || return 1
	[ ! -e "$tmp/never" ]
}

disk_full() {
	mkdir "$tmp/small"
	mount -t tmpfs -o size=4k tmpfs "$tmp/small" 2>/dev/null || return 2
	head -c 4096 /dev/zero >"$tmp/small/filler" 2>/dev/null
	fails 74 "no space left" trust renew --key "$tmp/root.key" --passphrase-file "$cd_pass" --in "$tmp/l3" --out "$tmp/small/list"
	got=$?
	[ "$(find "$tmp/small" -type f | wc -l)" -eq 1 ] || got=1
	umount "$tmp/small"
	return "$got"
}

# Two changes of one list make two lists of one sequence: neither may take the
# other's place in a bundle, or a revocation could be lost.
same_sequence() {
	good trust renew --key "$tmp/root.key" --passphrase-file "$cd_pass" --in "$tmp/l3" --out "$tmp/m4" || return 1
	good bundle --anchor "$tmp/NIC.pem" --out "$tmp/s.trust" "$tmp/l4" || return 1
	fails 65 "another of the same sequence" bundle --anchor "$tmp/NIC.pem" --out "$tmp/s.trust" "$tmp/m4" || return 1
	good bundle --anchor "$tmp/NIC.pem" --out "$tmp/s.trust" "$tmp/l4"
}

# Four at once on one list: all four keys are in it afterwards.
at_once() {
	cp "$tmp/l3" "$tmp/busy"
	for i in 1 2 3 4; do
		good signer new --role document --state NIC --office SJ$i --key "$tmp/p$i.key" --public "$tmp/p$i.pub" --passphrase-file "$cd_pass" || return 1
	done
	for i in 1 2 3 4; do
		"$keys" trust add --key "$tmp/root.key" --passphrase-file "$cd_pass" --in "$tmp/busy" --out "$tmp/busy" \
		    --public "$tmp/p$i.pub" --role document --office SJ$i --office-name X >/dev/null &
	done
	wait
	[ "$("$keys" trust show "$tmp/busy" | grep -c ' document SJ[1-4] ')" -eq 4 ]
}

# A first list takes nothing's place: not a list, not a link, and of four at
# once there is one.
new_is_new() {
	cp "$tmp/l3" "$tmp/there"
	ln -s nowhere "$tmp/link"
	for out in there link; do
		fails 65 "already" trust new --key "$tmp/root.key" --passphrase-file "$cd_pass" --state NIC --out "$tmp/$out" || return 1
	done
	cmp "$tmp/l3" "$tmp/there" && [ -h "$tmp/link" ] && [ ! -e "$tmp/nowhere" ] || return 1
	for i in 1 2 3 4; do
		{ "$keys" trust new --key "$tmp/root.key" --passphrase-file "$cd_pass" --state NIC --out "$tmp/first" >/dev/null 2>&1
		    echo $? >"$tmp/first.$i"; } &
	done
	wait
	[ "$(cat "$tmp"/first.? | grep -cx 0)" -eq 1 ] && [ "$(cat "$tmp"/first.? | grep -cx 65)" -eq 3 ]
}

surplus() {
	fails 64 "nothing is expected there" trust revoke --key "$tmp/root.key" --passphrase-file "$cd_pass" --in "$tmp/l3" --out "$tmp/never" \
	    --kid 0011223344556677 --from 2030-11-23 18:00:00Z || return 1
	fails 64 "no such option" trust show --anch "$tmp/NIC.pem" "$tmp/l3" || return 1
	printf 'abcdefghijkl\000the strong part\n' >"$tmp/zero"
	fails 65 "zero byte" root new --state NIC --key "$tmp/n.key" --anchor "$tmp/q/NIC.pem" --passphrase-file "$tmp/zero"
}

# --out takes the place of its own kind alone: a slip of the hand costs no key.
out_is_careful() {
	cp "$tmp/st.key" "$tmp/precious"
	fails 65 "no sound bundle" bundle --anchor "$tmp/NIC.pem" --out "$tmp/precious" "$tmp/l3" || return 1
	fails 65 "not signed by\|not a trust list" trust renew --key "$tmp/root.key" --passphrase-file "$cd_pass" --in "$tmp/l3" --out "$tmp/precious" || return 1
	cmp "$tmp/st.key" "$tmp/precious"
}

nothing_left_over() {
	found=$(find "$tmp" -name '*.??????' ! -name '*.trust' | grep -E '\.[A-Za-z0-9]{6}$')
	[ -z "$found" ] && return 0
	echo "# $found"
	return 1
}

check "a root and its anchor" root
check "the key is PKCS#8 under scrypt, 0600, and opens in OpenSSL" sealed
check "nothing is ever overwritten" never_overwritten
check "signers, ES256 and EdDSA" signers
check "a trust list is made, added to and shown" trust
check "a signer is revoked, and stays so" revoke
check "revoked from a moment that has passed: what that means is said" from_the_past
check "an older trust list never replaces a newer" older
check "wrong, empty, short and missing passphrase" wrong_passphrase
check "no terminal to ask on" no_terminal
if script -qec true /dev/null >/dev/null 2>&1 </dev/null; then
	check "a passphrase typed on a terminal" on_a_terminal
else
	skip "a passphrase typed on a terminal" "no pseudo-terminal can be had here"
fi
check "keys that others can read, keys without passphrase" readable_key
check "another root's list, a list cut off" strangers
check "bad options are named" bad_input
check "--out replaces no file of another kind" out_is_careful
check "two lists of one sequence" same_sequence
check "four changes at once" at_once
check "trust new takes nothing's place" new_is_new
check "surplus words, short options, a zero byte in a passphrase" surplus
if [ "$(id -u)" -eq 0 ]; then
	n=$((n + 1))
	disk_full
	case $? in
	0) echo "ok $n - a full disk: said, and nothing half-written" ;;
	2) echo "ok $n - a full disk # SKIP tmpfs cannot be mounted here" ;;
	*) echo "not ok $n - a full disk: said, and nothing half-written"; failed=1 ;;
	esac
fi
check "no temporary file is left" nothing_left_over
echo "1..$n"
exit "$failed"
