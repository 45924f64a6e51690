#!/bin/sh
# A split key: made, opened by any two of three custodians and by no fewer, a
# slip in a share, shares of two sets, and a custodian who leaves. TAP. Run in
# the project's root; B is the build folder.
# shellcheck disable=SC2317  # functions are called through check
set -u
B=${B:-build}
keys=$B/bin/cedula-keys
tmp=$(mktemp -d) || exit 70
trap 'rm -rf "$tmp"' EXIT
trap 'exit 70' HUP INT TERM
LC_ALL=C.UTF-8
export LC_ALL
# shellcheck source=tests/tap.inc
. tests/tap.inc
S=$tmp/shares
echo "only for this test" >"$tmp/pass"

k() { "$keys" --lang en "$@" >"$tmp/out" 2>"$tmp/err" </dev/null; }

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

share() { echo "$S/share-$1-of-3.txt"; }
# The line of share N, and its groups alone.
line() { grep '^CEDULA-SHARE' "$(share "$1")"; }
groups() { line "$1" | awk '{ print $NF }'; }

kid_of() { awk '$1 == "kid" { print $2 }' "$1"; }

# opens KEY SHARE...: as the key that was made.
opens() {
	key=$1
	shift
	for f in "$@"; do
		set -- "$@" --share "$f"
		shift
	done
	good key show --key "$key" "$@" && [ "$(kid_of "$tmp/out")" = "$kid" ]
}

made() {
	good root new --state NIC --key "$tmp/root.key" --anchor "$tmp/NIC.pem" --split 2/3 --shares "$S" || return 1
	kid=$(kid_of "$tmp/out")
	# Nothing of a share is shown.
	grep -q 'SHARE\|[0-9A-Z]\{5\}-' "$tmp/out" "$tmp/err" && return 1
	[ "$(stat -c %a "$S")" = 700 ] && [ "$(find "$S" -type f | wc -l)" -eq 3 ] || return 1
	for i in 1 2 3; do
		[ "$(stat -c %a "$(share $i)")" = 600 ] && line $i | grep -q "^CEDULA-SHARE-1 NIC 2of3 #$i " || return 1
		grep -q "Share $i of 3 .*NIC, kid $kid" "$(share $i)" || return 1
	done
}

says_so() {
	grep -qx "Split: 2 of 3, set [0-9A-Z]\{8\}" "$tmp/root.key" && [ "$(stat -c %a "$tmp/root.key")" = 600 ] || return 1
	set=$(sed -n 's/^Split: .* set //p' "$tmp/root.key")
	grep -q "set $set" "$(share 1)" && openssl asn1parse -strictpem -in "$tmp/root.key" | grep -q ":scrypt" || return 1
	# PEM readers pass over the line: with a passphrase OpenSSL opens such a file.
	good root new --state NIC --key "$tmp/plain.key" --anchor "$tmp/p/NIC.pem" --passphrase-file "$tmp/pass" || return 1
	{ echo "Split: 2 of 3, set ABCD1234"; echo; cat "$tmp/plain.key"; } >"$tmp/marked.key"
	openssl pkey -in "$tmp/marked.key" -passin "file:$tmp/pass" -pubout | cmp - "$tmp/p/NIC.pem"
}

each_pair() {
	opens "$tmp/root.key" "$(share 1)" "$(share 2)" && opens "$tmp/root.key" "$(share 1)" "$(share 3)" &&
	    opens "$tmp/root.key" "$(share 3)" "$(share 2)" && opens "file:$tmp/root.key" "$(share 2)" "$(share 1)" "$(share 3)"
}

# The shares sign: the trust list, from new to renewed.
signs() {
	good trust new --key "$tmp/root.key" --share "$(share 1)" --share "$(share 3)" --state NIC --out "$tmp/list" &&
	    good trust renew --key "$tmp/root.key" --share "$(share 2)" --share "$(share 3)" --in "$tmp/list" --out "$tmp/list" &&
	    good trust show --anchor "$tmp/NIC.pem" "$tmp/list" && grep -q 'sequence 2, .*signature valid' "$tmp/out"
}

too_few() {
	fails 65 'too few shares: 2 are needed, 1 given' key show --key "$tmp/root.key" --share "$(share 1)" &&
	    fails 65 'share 1 was given twice' key show --key "$tmp/root.key" --share "$(share 1)" --share "$(share 1)"
}

other_way() {
	fails 64 'give --share FILE 2 times' key show --key "$tmp/root.key" --passphrase-file "$tmp/pass" &&
	    fails 64 'not split' key show --key "$tmp/plain.key" --share "$(share 1)" &&
	    good key show --key "$tmp/plain.key" --passphrase-file "$tmp/pass"
}

# The line that says so is lost, as through a tool that passes over it: the
# shares open the key all the same, and what they do not open is said.
line_lost() {
	sed '/^Split:/,/^$/d' "$tmp/root.key" >"$tmp/unmarked.key" && chmod 600 "$tmp/unmarked.key" || return 1
	opens "$tmp/unmarked.key" "$(share 3)" "$(share 1)" || return 1
	fails 64 'too few shares: 2 are needed, 1 given .*does not say that it is split' key show --key "$tmp/unmarked.key" --share "$(share 1)" &&
	    fails 64 'these shares do not open this key; its file does not say' key show --key "$tmp/plain.key" \
	    --share "$(share 1)" --share "$(share 2)" &&
	    fails 64 'either' key show --key "$tmp/plain.key" --share "$(share 1)" --passphrase-file "$tmp/pass" &&
	    fails 65 'not a share' key show --key "$tmp/unmarked.key" --share "$(share 1)" --share "$tmp/pass"
}

# One character is wrong: found, and in which share.
typo() {
	line 2 | sed 's/.$/0/' >"$tmp/typo0"
	line 2 | sed 's/.$/1/' >"$tmp/typo1"
	bad=$tmp/typo0
	[ "$(cat "$bad")" = "$(line 2)" ] && bad=$tmp/typo1
	fails 65 "$bad: a character of this share is wrong" key show --key "$tmp/root.key" --share "$(share 1)" --share "$bad" || return 1
	sed 's/2of3/3of3/' "$(share 2)" >"$tmp/head"
	fails 65 "$tmp/head: a character" key show --key "$tmp/root.key" --share "$(share 1)" --share "$tmp/head" || return 1
	fails 65 'not a share' key show --key "$tmp/root.key" --share "$(share 1)" --share "$tmp/pass" || return 1
	fails 66 'no such file' key show --key "$tmp/root.key" --share "$(share 1)" --share "$tmp/nothing"
}

# As a person types it.
by_hand() {
	groups 1 | tr 'A-Z-' 'a-z ' >"$tmp/typed1"
	line 3 | sed 's/-//g; s/0/O/g; s/1/l/g' | sed 's/^CEDULASHAREl/cedula share 1/; s/2Of3/2of3/; s/#/ # /' >"$tmp/typed3"
	opens "$tmp/root.key" "$tmp/typed1" "$tmp/typed3"
}

two_sets() {
	good root new --state NIC --key "$tmp/other.key" --anchor "$tmp/o/NIC.pem" --split 2/3 --shares "$tmp/other" || return 1
	fails 65 'this share is of set .* and the key needs set' key show --key "$tmp/root.key" --share "$(share 1)" \
	    --share "$tmp/other/share-2-of-3.txt" || return 1
	# The line in the key file is not what protects it.
	sed "s/set .*/set $(sed -n 's/^Split: .* set //p' "$tmp/other.key")/" "$tmp/root.key" >"$tmp/false.key"
	chmod 600 "$tmp/false.key"
	fails 77 'does not open' key show --key "$tmp/false.key" --share "$tmp/other/share-1-of-3.txt" --share "$tmp/other/share-2-of-3.txt" || return 1
	sed 's/^Split: 2/Split: 1/' "$tmp/root.key" >"$tmp/false.key"
	fails 65 'is damaged' key show --key "$tmp/false.key" --share "$(share 1)"
}

# Neither key nor share nor public half where one of them cannot be.
all_or_nothing() {
	mkdir "$tmp/busy"
	echo mine >"$tmp/busy/share-3-of-3.txt"
	fails 65 'share-3-of-3' root new --state NIC --key "$tmp/n.key" --anchor "$tmp/n/NIC.pem" --split 2/3 --shares "$tmp/busy" || return 1
	[ "$(ls "$tmp/busy")" = share-3-of-3.txt ] && [ "$(cat "$tmp/busy/share-3-of-3.txt")" = mine ] || return 1
	# The key has no folder to go to: the shares are there by then.
	fails 73 'make it first' root new --state NIC --key "$tmp/nowhere/n.key" --anchor "$tmp/n/NIC.pem" --split 2/3 --shares "$tmp/gone" || return 1
	[ ! -e "$tmp/gone" ] && [ ! -e "$tmp/n.key" ] && [ -z "$(ls "$tmp/n")" ] || return 1
	# The public half has none: key and shares are there by then.
	mkdir "$tmp/empty"
	for folder in gone empty; do
		fails 73 'make it first' root new --state NIC --key "$tmp/n.key" --anchor "$tmp/nowhere/NIC.pem" --split 2/3 \
		    --shares "$tmp/$folder" || return 1
		[ ! -e "$tmp/n.key" ] && [ ! -e "$tmp/gone" ] && [ -z "$(ls "$tmp/empty")" ] || return 1
	done
	for bad in 1/3 4/3 2/17 0/0 2 2/3x 02/3 -2/3; do
		fails 64 'how many of how many' root new --state NIC --key "$tmp/n.key" --anchor "$tmp/n/NIC.pem" --split "$bad" --shares "$tmp/gone" || return 1
	done
	fails 64 'go together' root new --state NIC --key "$tmp/n.key" --anchor "$tmp/n/NIC.pem" --split 2/3 || return 1
	fails 64 'go together' root new --state NIC --key "$tmp/n.key" --anchor "$tmp/n/NIC.pem" --shares "$tmp/gone" || return 1
	fails 64 'not both' root new --state NIC --key "$tmp/n.key" --anchor "$tmp/n/NIC.pem" --split 2/3 --shares "$tmp/gone" \
	    --passphrase-file "$tmp/pass" || return 1
	[ ! -e "$tmp/gone" ] && [ ! -e "$tmp/n.key" ]
}

# A custodian leaves: the same key under new shares; the old ones open only the
# old file, which is then destroyed.
leaves() {
	good key reseal --key "$tmp/root.key" --share "$(share 1)" --share "$(share 2)" --out "$tmp/root2.key" --split 3/4 \
	    --shares "$tmp/new" --state NIC || return 1
	opens "$tmp/root2.key" "$tmp/new/share-4-of-4.txt" "$tmp/new/share-1-of-4.txt" "$tmp/new/share-3-of-4.txt" || return 1
	fails 65 'of set' key show --key "$tmp/root2.key" --share "$(share 1)" --share "$(share 2)" || return 1
	fails 65 'too few' key show --key "$tmp/root2.key" --share "$tmp/new/share-1-of-4.txt" --share "$tmp/new/share-2-of-4.txt" || return 1
	fails 65 'never overwritten' key reseal --key "$tmp/root.key" --share "$(share 1)" --share "$(share 2)" --out "$tmp/root2.key" \
	    --new-passphrase-file "$tmp/pass" || return 1
	fails 64 'give --state' key reseal --key "$tmp/root.key" --share "$(share 1)" --share "$(share 2)" --out "$tmp/root3.key" \
	    --split 2/2 --shares "$tmp/new2" || return 1
	opens "$tmp/root.key" "$(share 1)" "$(share 3)"
}

# From shares to a passphrase, and from that to another, and back to shares.
resealed() {
	good key reseal --key "$tmp/root.key" --share "$(share 3)" --share "$(share 2)" --out "$tmp/root4.key" --new-passphrase-file "$tmp/pass" || return 1
	grep -q Split "$tmp/root4.key" && return 1
	openssl pkey -in "$tmp/root4.key" -passin "file:$tmp/pass" -pubout | cmp - "$tmp/NIC.pem" || return 1
	echo "another for this test" >"$tmp/pass2"
	good key reseal --key "$tmp/root4.key" --passphrase-file "$tmp/pass" --out "$tmp/root5.key" --new-passphrase-file "$tmp/pass2" || return 1
	fails 77 'does not open' key show --key "$tmp/root5.key" --passphrase-file "$tmp/pass" || return 1
	good key show --key "$tmp/root5.key" --passphrase-file "$tmp/pass2" && [ "$(kid_of "$tmp/out")" = "$kid" ] || return 1
	good key reseal --key "$tmp/root5.key" --passphrase-file "$tmp/pass2" --out "$tmp/root6.key" --split 2/2 --shares "$tmp/two" --state NIC &&
	    opens "$tmp/root6.key" "$tmp/two/share-2-of-2.txt" "$tmp/two/share-1-of-2.txt"
}

signer_split() {
	good signer new --role document --alg EdDSA --state NIC --office SJO --key "$tmp/doc.key" --public "$tmp/doc.pub" \
	    --split 16/16 --shares "$tmp/many" || return 1
	set --
	for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16; do
		set -- "$@" --share "$tmp/many/share-$i-of-16.txt"
	done
	good key show --key "$tmp/doc.key" "$@" && grep -q '^private EdDSA' "$tmp/out"
}

no_terminal() {
	setsid "$keys" --lang en key show --key "$tmp/root.key" >"$tmp/out" 2>"$tmp/err" </dev/null
	[ $? -eq 66 ] && grep -q 'give --share FILE 2 times' "$tmp/err"
}

# What is typed before the question is thrown away, so the typist waits for it.
type_slowly() {
	for typed in "$@"; do
		sleep 0.7
		printf '%s\n' "$typed"
	done
	sleep 0.7
}

on_terminal() { script -qec "$keys --lang en key show --key $tmp/root.key" /dev/null >"$tmp/tty" 2>&1; }

# Each custodian in turn; slips are asked again.
on_a_terminal() {
	type_slowly "$(line 1)" "$(cat "$tmp/head")" "$(line 1)" "$(groups 3)" | on_terminal || { cat "$tmp/tty"; return 1; }
	grep -q 'Share 1 of 2:' "$tmp/tty" && [ "$(grep -c 'Share 2 of 2:' "$tmp/tty")" -ge 3 ] && grep -q "kid $kid" "$tmp/tty" || return 1
	grep -q 'was typed already' "$tmp/tty" && grep -q 'character of this share is wrong\|not a share' "$tmp/tty" || return 1
	grep -q "$(groups 1)" "$tmp/tty" && return 1	# no echo
	type_slowly wrong wrong wrong "$(line 1)" | on_terminal
	[ "$(grep -c 'Share 1 of 2:' "$tmp/tty")" -ge 3 ] && ! grep -q 'Share 2 of 2' "$tmp/tty" && ! grep -q "kid $kid" "$tmp/tty"
}

mkdir "$tmp/p" "$tmp/o" "$tmp/n"
check "a root whose key is split 2 of 3" made
check "the key file says so, and OpenSSL passes over it" says_so
check "each pair opens it, in any order, and all three" each_pair
check "two shares sign a trust list" signs
check "one share too few, one share twice" too_few
check "a passphrase for shares, shares for a passphrase" other_way
check "a key file that lost its Split: line" line_lost
check "a slip is found, and in which share" typo
check "small letters, blanks, O for 0: as people type" by_hand
check "shares of two sets" two_sets
check "key, shares and public half: all or nothing" all_or_nothing
check "a custodian leaves: new shares, the same key" leaves
check "shares to passphrase to passphrase to shares" resealed
check "a signer split 16 of 16" signer_split
check "no terminal to type shares on" no_terminal
if script -qec true /dev/null >/dev/null 2>&1 </dev/null; then
	check "shares typed on a terminal, one after the other" on_a_terminal
else
	skip "shares typed on a terminal, one after the other" "no pseudo-terminal can be had here"
fi
echo "1..$n"
exit "$failed"
