#!/bin/sh
# Keys in a token: the whole chain with root, document and status signer on a
# SoftHSM token of this test's own, what can be wrong with a token, and a module
# that misbehaves (tests/hsm/shim.c). TAP. Run in the project's root; B is the
# build folder.
# shellcheck disable=SC2317  # functions are called through check
# shellcheck disable=SC2034  # office.inc reads some
set -u
# shellcheck source=tests/integration/office.inc
. tests/integration/office.inc
trap 'rm -rf "$tmp"' EXIT
trap 'exit 70' HUP INT TERM

module=
for f in /usr/lib/softhsm/libsofthsm2.so /usr/lib/*/softhsm/libsofthsm2.so; do
	[ -e "$f" ] && module=$f && break
done
if [ -z "$module" ] || ! command -v softhsm2-util >/dev/null 2>&1; then
	skip "keys in a token" "softhsm2 is not installed"
	echo "1..$n"
	exit 0
fi
mkdir "$tmp/tokens"
printf 'directories.tokendir = %s\nlog.level = ERROR\n' "$tmp/tokens" >"$tmp/softhsm.conf"
SOFTHSM2_CONF=$tmp/softhsm.conf
export SOFTHSM2_CONF
pin=$tmp/pin
echo 12345678 >"$pin"
echo 87654321 >"$tmp/wrong"
shim=$PWD/$B/tests/hsm/shim.so
case $B in /*) shim=$B/tests/hsm/shim.so ;; esac

# SoftHSM leaks a string for each Ed25519 key it reads. Under the address
# sanitizer it stays loaded, so that this is seen to be its own and let pass.
sanitized=
if nm -D "$keys" 2>/dev/null | grep -q __asan_init; then
	echo leak:libsofthsm2 >>"$tmp/lsan"
	[ "$LSAN_OPTIONS" = "suppressions=$tmp/lsan:print_suppressions=0" ] || cat tests/lsan.supp >>"$tmp/lsan"
	LSAN_OPTIONS=suppressions=$tmp/lsan:print_suppressions=0
	ASAN_OPTIONS=${ASAN_OPTIONS:-exitcode=99}:fast_unwind_on_malloc=0:verify_asan_link_order=0
	export ASAN_OPTIONS LSAN_OPTIONS
	sanitized=yes
	LD_PRELOAD=$module
	export LD_PRELOAD
fi

token() {
	softhsm2-util --init-token --free --label "$1" --pin 12345678 --so-pin 00000000 >/dev/null
}

# uri OBJECT [TOKEN]: through SoftHSM itself.
uri() {
	echo "pkcs11:token=${2:-consulate};object=$1?module-path=$module"
}

k() { "$keys" --lang en "$@"; }

# misbehaving MODE COMMAND...: through the module that does that.
misbehaving() {
	mode=$1
	shift
	CEDULA_SHIM=$mode CEDULA_SHIM_MODULE=$module "$@"
}
shimmed() {
	echo "pkcs11:token=consulate;object=$1?module-path=$shim"
}

make_root() {
	holds '^kid ' k root new --state NIC --key "$(uri root)" --anchor "$tmp/NIC.pem" --passphrase-file "$pin"
}

# signer ROLE ALG: an office's key on the token.
signer() {
	holds "^$1 $2" k signer new --role "$1" --alg "$2" --state NIC --office SJO \
	    --key "$(uri "$1")" --public "$tmp/$1.pub" --passphrase-file "$pin"
}

# The public file and the token say the same key.
same_key() {
	k key show --key "$(uri "$1")" --passphrase-file "$pin" | tail -2 >"$tmp/a"
	k key show "$2" | tail -2 >"$tmp/b"
	[ -s "$tmp/a" ] && cmp "$tmp/a" "$tmp/b"
}

# change VERB OPTION...: of the trust list, by the root on the token.
change() {
	verb=$1
	shift
	k trust "$verb" --key "$(uri root)" --passphrase-file "$pin" --in "$tmp/nic.trustlist" --out "$tmp/nic.trustlist" "$@" >/dev/null
}

trust() {
	k trust new --key "$(uri root)" --passphrase-file "$pin" --state NIC --out "$tmp/nic.trustlist" >/dev/null || return 1
	for role in document status; do
		change add --public "$tmp/$role.pub" --role "$role" --office SJO --office-name 'Consulado en San José' \
		    --from "$(day '-300 days')" --sign-until "$(day '400 days')" --until "$key_until" || return 1
	done
	change renew || return 1
	holds 'sequence 4, .*signature valid' k trust show --anchor "$tmp/NIC.pem" "$tmp/nic.trustlist"
}

an_application() {
	portrait 7 f 34 "$tmp/face.jpg" || return 1
	make_register >/dev/null || return 1
	enrol 'Ana María' López F 1990-02-28 --photo "$tmp/face.jpg" >/dev/null || return 1
	enrol Berta Solís F 1991-03-02 --photo "$tmp/face.jpg" >/dev/null || return 1
	enrol Clara Rojas F 1991-03-03 --photo "$tmp/face.jpg" >/dev/null || return 1
	for i in 1 2 3; do
		issuer application submit --person $i >/dev/null || return 1
		issuer --officer luis application approve $i >/dev/null || return 1
	done
}

issue_by() {
	issuer card issue --key "$1" --passphrase-file "${3:-$pin}" --application "$2"
}

bundle() {
	gives "$tmp/sjo.trust" issuer bundle --key "$(uri status)" --passphrase-file "$pin" --out "$tmp/sjo.trust"
}

green() {
	issuer card show "$1" --qr >"$tmp/qr" || return 1
	holds GREEN "$B/bin/cedula-verifier" --lang en --anchor "$tmp/NIC.pem" --trust "$tmp/sjo.trust" --now "$now" "$tmp/qr"
}

# With each algorithm in the other's role.
other_algorithms() {
	holds '^document EdDSA' k signer new --role document --alg EdDSA --state NIC --office SJO --key "$(uri doc-ed)" \
	    --public "$tmp/doc-ed.pub" --passphrase-file "$pin" || return 1
	change add --public "$tmp/doc-ed.pub" --role document --office SJO --office-name X --from "$(day '-300 days')" \
	    --sign-until "$(day '400 days')" --until "$key_until" || return 1
	issuer trust import "$tmp/nic.trustlist" --anchor "$tmp/NIC.pem" >/dev/null || return 1
	gives SJO000002 issue_by "$(uri doc-ed)" 2 || return 1
	bundle || return 1
	green SJO000002
}

through_p11kit() {
	proxy="pkcs11:token=consulate;object=document"
	p11-kit list-modules 2>/dev/null | grep -q consulate || return 2
	gives SJO000003 issue_by "$proxy" 3 || return 1
	bundle && green SJO000003
}

# Cannot leave: asked of the token by another program.
not_extractable() {
	pkcs11-tool --module "$module" --token-label consulate --login --pin 12345678 -O --type privkey >"$tmp/objects" 2>/dev/null || return 1
	[ "$(grep -c 'never extractable' "$tmp/objects")" -eq 4 ] &&
	    [ "$(grep -c 'Usage: *sign *$' "$tmp/objects")" -eq 4 ]
}

id_is_kid() {
	kid=$(k key show "$tmp/NIC.pem" | awk '$1 == "kid" { print $2 }')
	grep -q "ID: *$kid" "$tmp/objects" &&
	    holds "$kid" k key show --key "pkcs11:token=consulate;id=$(echo "$kid" | sed 's/../%&/g')?module-path=$module" --passphrase-file "$pin"
}

# token_says NAME: a value of the first token, as another program reads it.
token_says() {
	pkcs11-tool --module "$module" -L 2>/dev/null | sed -n "s/^ *$1 *: *//p" | head -1 | sed 's/ /%20/g'
}

other_names() {
	slot=$(pkcs11-tool --module "$module" -L 2>/dev/null | sed -n 's/^Slot 0 (\(0x[0-9a-f]*\)).*/\1/p')
	for a in "serial=$(token_says 'serial num')" "manufacturer=$(token_says 'token manufacturer')" \
	    "model=$(token_says 'token model')" "slot-id=$((slot))"; do
		holds '^private ES256' k key show --key "pkcs11:$a;object=root?module-path=$module" --passphrase-file "$pin" || return 1
	done
	for a in serial=0 manufacturer=nobody model=none slot-id=7 library-manufacturer=nobody slot-description=none; do
		ends 66 'no such token' k key show --key "pkcs11:$a;object=root?module-path=$module" --passphrase-file "$pin" || return 1
	done
}

wrong_pin() {
	ends 77 'wrong PIN for token consulate' k key show --key "$(uri root)" --passphrase-file "$tmp/wrong" &&
	    ends 77 'wrong PIN for token consulate' issue_by "$(uri document)" 1 "$tmp/wrong" &&
	    same_key root "$tmp/NIC.pem"
}

pins_in_uris() {
	ends 64 'pin-value is refused' k key show --key "$(uri root)&pin-value=12345678" || return 1
	grep -q 12345678 "$tmp/stderr" && return 1
	ends 64 'pin-value is refused' k key show --key 'pkcs11:%zz?pin-value=12345678' || return 1
	for source in "$pin" "file:$pin" "file://$pin"; do
		holds '^kid ' k key show --key "$(uri root)&pin-source=$source" || return 1
	done
	# What is given beside the URI comes first.
	ends 77 'wrong PIN' k key show --key "$(uri root)&pin-source=$pin" --passphrase-file "$tmp/wrong"
}

unknown() {
	ends 66 'no such token' k key show --key "$(uri root nobody)" --passphrase-file "$pin" &&
	    ends 66 'no such private key' k key show --key "$(uri nobody)" --passphrase-file "$pin" &&
	    ends 64 '[0-9] private keys match' k key show --key "pkcs11:token=consulate?module-path=$module" --passphrase-file "$pin" &&
	    ends 64 'not known here' k key show --key "pkcs11:token=consulate;colour=red?module-path=$module" --passphrase-file "$pin" &&
	    ends 64 'not a pkcs11: URI' k key show --key 'pkcs11:token=%' --passphrase-file "$pin" &&
	    ends 64 'type=private' k key show --key "pkcs11:object=root;type=cert;token=consulate?module-path=$module" --passphrase-file "$pin"
}

modules() {
	ends 66 'cannot be loaded' k key show --key 'pkcs11:object=a?module-path=/nowhere/x.so' --passphrase-file "$pin" &&
	    ends 66 'cannot be loaded' k key show --key "pkcs11:object=a?module-path=$pin" --passphrase-file "$pin" &&
	    ends 65 'not a PKCS#11 module' k key show --key 'pkcs11:object=a?module-path=libc.so.6' --passphrase-file "$pin"
}

two_of_a_name() {
	for id in 01 02; do
		pkcs11-tool --module "$module" --token-label consulate --login --pin 12345678 --keypairgen --key-type EC:prime256v1 \
		    --label twin --id $id >/dev/null 2>&1 || return 1
	done
	ends 64 '2 private keys match; add id' k key show --key "$(uri twin)" --passphrase-file "$pin" &&
	    holds '^private ES256' k key show --key "pkcs11:token=consulate;object=twin;id=%02?module-path=$module" --passphrase-file "$pin" &&
	    token consulate &&
	    ends 64 '2 tokens match; add token=LABEL or serial' k key show --key "$(uri root)" --passphrase-file "$pin"
	got=$?
	serial=$(pkcs11-tool --module "$module" -L 2>/dev/null | awk '/serial num/ { print $4 }' | tail -1)
	# The one without keys goes again.
	for s in $(pkcs11-tool --module "$module" -L 2>/dev/null | awk '/serial num/ { print $4 }'); do
		k key show --key "pkcs11:serial=$s;object=root?module-path=$module" --passphrase-file "$pin" >/dev/null 2>&1 ||
		    softhsm2-util --delete-token --serial "$s" >/dev/null || return 1
	done
	[ -n "$serial" ] && return "$got"
}

# Only the two kinds of key that a card may have.
other_curve() {
	pkcs11-tool --module "$module" --token-label consulate --login --pin 12345678 --keypairgen --key-type EC:secp384r1 \
	    --label p384 --id 03 >/dev/null 2>&1 || return 1
	ends 65 'neither a P-256' k key show --key "$(uri p384)" --passphrase-file "$pin"
}

# A key made elsewhere that wants the PIN for every signature.
pin_each_time() {
	pkcs11-tool --module "$module" --token-label consulate --login --pin 12345678 --keypairgen --key-type EC:prime256v1 \
	    --label each --id 04 --always-auth >/dev/null 2>&1 || return 1
	k trust new --key "$(uri each)" --passphrase-file "$pin" --state NIC --out "$tmp/each.list" >/dev/null
}

# No key, no file: neither is left where the other cannot be.
neither() {
	ends 73 'make it first' k root new --state NIC --key "$(uri orphan)" --anchor "$tmp/none/NIC.pem" --passphrase-file "$pin" &&
	    ends 66 'no such private key' k key show --key "$(uri orphan)" --passphrase-file "$pin" &&
	    ends 65 'label or id already' k signer new --role status --state NIC --office SJO --key "$(uri root)" --public "$tmp/x.pub" --passphrase-file "$pin" &&
	    ends 64 'add object=' k signer new --role status --state NIC --office SJO --key "pkcs11:token=consulate?module-path=$module" \
	    --public "$tmp/x.pub" --passphrase-file "$pin" &&
	    ends 64 'for key files' k signer new --role status --state NIC --office SJO --key "$(uri new)" --public "$tmp/x.pub" \
	    --split 2/3 --shares "$tmp/x.shares" &&
	    ends 64 'split; a key in a token' k key show --key "$(uri root)" --share "$pin" &&
	    ends 64 'cannot be taken out' k key reseal --key "$(uri root)" --out "$tmp/x.key" &&
	    [ ! -e "$tmp/x.pub" ] && [ ! -e "$tmp/x.shares" ] && [ ! -e "$tmp/x.key" ]
}

# What is typed before the question is thrown away, so the typist waits for it.
on_a_terminal() {
	{ sleep 0.7; echo 12345678; sleep 0.7; } | script -qec "$keys --lang en key show --key '$(uri root)'" /dev/null >"$tmp/tty" 2>&1 ||
	    { cat "$tmp/tty"; return 1; }
	grep -q 'PIN for token consulate:' "$tmp/tty" && grep -q '^kid ' "$tmp/tty" || return 1
	grep -q 12345678 "$tmp/tty" && return 1	# no echo
	ends 66 'no terminal to ask for a PIN' setsid "$keys" --lang en key show --key "$(uri root)"
}

# renew MODE: signs once through the module that misbehaves.
renew() {
	rm -f "$tmp/renewed"
	misbehaving "$1" "$keys" --lang en trust renew --key "$(shimmed root)" --passphrase-file "$pin" --in "$tmp/nic.trustlist" --out "$tmp/renewed"
}

# refused MODE STATUS PATTERN: and nothing is written.
refused() {
	ends "$2" "$3" renew "$1" && [ ! -e "$tmp/renewed" ]
}

lost_once() {
	renew lose >/dev/null && holds 'signature valid' k trust show --anchor "$tmp/NIC.pem" "$tmp/renewed" || return 1
	# EdDSA, in the office's program.
	misbehaving lose "$B/bin/cedula-issuer" --lang en --now "$now" bundle --key "$(shimmed status)" --passphrase-file "$pin" \
	    --out "$tmp/lost.trust" >/dev/null
}

swapped() {
	CEDULA_SHIM_OTHER=document
	export CEDULA_SHIM_OTHER
	refused swap 65 'another key under this name'
	got=$?
	unset CEDULA_SHIM_OTHER
	return "$got"
}

# Three cards of one command on one session, which is all this token has; and
# all of them or none.
batch() {
	i=3
	for given in Cuarta Quinta Sexta; do
		i=$((i + 1))
		enrol "$given" López F "199$i-03-01" --photo "$tmp/face.jpg" >/dev/null && issuer application submit --person $i >/dev/null &&
		    issuer --officer luis application approve $i >/dev/null || return 1
	done
	before=$(sql 'SELECT count(*) FROM card')
	ends 65 'application 4 .*approved.* none of them' misbehaving one-session "$B/bin/cedula-issuer" --lang en --now "$now" card issue \
	    --key "$(shimmed document)" --passphrase-file "$pin" --application 5 --application 6 --application 4 --application 4 || return 1
	[ "$(sql 'SELECT count(*) FROM card')" = "$before" ] || return 1
	misbehaving one-session "$B/bin/cedula-issuer" --lang en --now "$now" card issue \
	    --key "$(shimmed document)" --passphrase-file "$pin" --application 4 --application 5 --application 6 >"$tmp/stdout" || return 1
	[ "$(sql 'SELECT count(*) FROM card')" -eq $((before + 3)) ] && [ "$(grep -c '^SJO' "$tmp/stdout")" -eq 3 ]
}

# A card that could not be signed is not issued: its application waits.
not_issued() {
	enrol Otra López F 1992-03-01 --photo "$tmp/face.jpg" >/dev/null && issuer application submit --person 7 >/dev/null &&
	    issuer --officer luis application approve 7 >/dev/null || return 1
	before=$(sql 'SELECT count(*) FROM card')
	ends 65 'does not verify' misbehaving corrupt "$B/bin/cedula-issuer" --lang en --now "$now" card issue \
	    --key "$(shimmed document)" --passphrase-file "$pin" --application 7 || return 1
	[ "$(sql 'SELECT count(*) FROM card')" = "$before" ] || return 1
	issue_by "$(uri document)" 7 >/dev/null
}

# new MODE STATUS PATTERN: no key is made.
not_made() {
	ends "$2" "$3" misbehaving "$1" "$keys" --lang en signer new --role status --state NIC --office SJO --key "$(shimmed fresh)" \
	    --public "$tmp/fresh.pub" --passphrase-file "$pin" && [ ! -e "$tmp/fresh.pub" ] &&
	    ends 66 'no such private key' k key show --key "$(uri fresh)" --passphrase-file "$pin"
}

plain_token() {
	misbehaving plain "$keys" --lang en signer new --role status --state NIC --office SJO --key "$(shimmed fresh)" \
	    --public "$tmp/fresh.pub" --passphrase-file "$pin" >/dev/null && same_key fresh "$tmp/fresh.pub"
}

token consulate || exit 70
check "a root is made on the token" make_root
check "a document signer, ES256" signer document ES256
check "a status signer, EdDSA" signer status EdDSA
check "token and anchor say the same key" same_key root "$tmp/NIC.pem"
check "token and public file too, EdDSA" same_key status "$tmp/status.pub"
check "trust new, add and renew by the root on the token" trust
check "an office, with applications" an_application
check "a card is issued by the document signer on the token" gives SJO000001 issue_by "$(uri document)" 1
check "the bundle, by the status signer on the token" bundle
check "the card's QR text is green" green SJO000001
check "a document signer with EdDSA on the token" other_algorithms
n=$((n + 1))
if [ -n "$sanitized" ]; then
	# Loaded beforehand, SoftHSM's functions take the place of p11-kit's.
	(exit 3)
else
	through_p11kit
fi
case $? in
0) echo "ok $n - without module-path: through p11-kit" ;;
3) echo "ok $n - without module-path # SKIP not under the address sanitizer, for which SoftHSM is loaded beforehand" ;;
2) echo "ok $n - without module-path # SKIP SoftHSM is not registered with p11-kit" ;;
*) echo "not ok $n - without module-path: through p11-kit"; failed=1 ;;
esac
if command -v pkcs11-tool >/dev/null 2>&1; then
	check "the keys cannot be taken out, and only sign" not_extractable
	check "a key's id is its kid, and finds it" id_is_kid
	check "a token by serial, manufacturer, model and slot" other_names
	check "two keys of one name, two tokens of one name" two_of_a_name
	check "a key of another curve" other_curve
	check "a key that wants the PIN each time" pin_each_time
else
	skip "what another program says of the keys" "pkcs11-tool (opensc) is not installed"
fi
check "a wrong PIN, then the right one" wrong_pin
check "pin-value is refused, pin-source works" pins_in_uris
check "no such token, no such key, a URI that says too little" unknown
check "no module, and modules that are none" modules
check "both halves of a new key or neither; no shares for a token" neither
if script -qec true /dev/null >/dev/null 2>&1 </dev/null; then
	check "a PIN typed on a terminal" on_a_terminal
else
	skip "a PIN typed on a terminal" "no pseudo-terminal can be had here"
fi

check "through the shim, when it behaves" holds renewed renew none
check "the session is lost once: opened again, signed" lost_once
check "lost again and again: said" refused lose-always 74 'CKR_SESSION_HANDLE_INVALID'
check "the token was taken out" refused removed 74 'was taken out'
check "another token put in its place does not sign" swapped
for what in serial model maker; do
	check "... nor is it sent the PIN: another $what" refused "other-$what" 65 'another token is there now; it was not given the PIN'
done
check "a corrupted signature is not used" refused corrupt 65 'does not verify'
check "three cards of one command on the one session of the token" batch
check "... and no card comes of it" not_issued
check "a signature of 2^40 bytes" refused long 65 'does not verify'
check "a signature of 10 bytes" refused short 65 'does not verify'
check "a public key of 2^40 bytes" refused attribute 65 'impossible length'
check "an id without a length" refused no-length 65 'impossible length'
check "a public key on no curve" refused point 65 'neither a P-256'
check "2^40 keys" refused many 74 CKR_GENERAL_ERROR
check "2^40 slots" refused slots 74 CKR_GENERAL_ERROR
check "a module with holes" refused holes 65 'not a whole one'
check "the PIN is locked" refused locked 77 'is locked after too many'
check "the token says beforehand that it is locked" refused locked-flag 77 'SO PIN'
check "a wrong PIN when one try is left" ends 77 'ONE try is left' misbehaving final-try \
    "$keys" --lang en key show --key "$(shimmed root)" --passphrase-file "$tmp/wrong"
check "a token without the mechanism" not_made no-mechanism 65 'does not have the mechanism'
check "a token that makes keys that can be taken out" not_made extractable 65 'could be taken out'
check "a token that knows few attributes" plain_token
echo "1..$n"
exit "$failed"
