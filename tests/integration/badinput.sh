#!/bin/sh
# What cedula-issuer does with bad input and a full disk: one clear sentence,
# its documented exit status, nothing half-written, and a register unchanged
# and sound. TAP on standard output. Run in the project's root; B is the build
# folder. Wants sqlite3; the full disk wants to be root (a small tmpfs).
# shellcheck disable=SC2317  # functions are called through check
set -u
# shellcheck source=tests/integration/office.inc
. tests/integration/office.inc
mounted=
trap '[ -z "$mounted" ] || umount "$tmp/small"; rm -rf "$tmp"' EXIT
trap 'exit 70' HUP INT TERM
setup
small=$tmp/small
cp "$tmp/nic.trustlist" "$tmp/sequence3"

everything() {
	sqlite3 -batch "$CEDULA_REGISTER" .dump | cksum
}

# refused STATUS PATTERN COMMAND...: it ends so, and the register is unchanged.
refused() {
	everything >"$tmp/before"
	ends "$@" || return 1
	everything >"$tmp/after"
	cmp -s "$tmp/before" "$tmp/after" && sound && return 0
	echo '# the register changed'
	return 1
}

same() {
	cmp -s "$1" "$2"
}

no_crumbs() {
	[ -z "$(find "$1" -name '*.??????' ! -name '*.cedula' \
	    ! -name '*.pages' ! -name '*.status')" ]
}

make_register >/dev/null &&
    enrol 'Ana María' López F 1990-02-28 --photo "$tmp/face.jpg" >/dev/null &&
    issuer application submit --person 1 >/dev/null &&
    issuer --officer luis application approve 1 >/dev/null || exit 70

# Persons.
echo 'not a photo' >"$tmp/text.jpg"
head -c 9000 "$tmp/face.jpg" >"$tmp/cut.jpg"
: >"$tmp/empty.jpg"
for f in text cut empty; do
	check "a photo that is none: $f" refused 65 "$f.jpg" \
	    enrol Eva Díaz F 1991-01-01 --photo "$tmp/$f.jpg"
done
check 'a photo that is not there' refused 66 none.jpg \
    enrol Eva Díaz F 1991-01-01 --photo "$tmp/none.jpg"
check 'born in the future' refused 65 'birth-date.*future' \
    enrol Eva Díaz F "$(day '1 day')"
check 'born too long ago' refused 65 'birth-date.*1880' \
    enrol Eva Díaz F 1879-12-31
check 'no such day' refused 65 'birth-date.*calendar' \
    enrol Eva Díaz F 1991-02-29
# names_empty COMMAND...: the message says what was given, and what is wanted.
names_empty() {
	issuer "$@" '' >"$tmp/stdout" 2>"$tmp/stderr" </dev/null
	got=$?
	[ "$got" -ge 64 ] && grep -q "^cedula-issuer: .*''.*\(ID\|serial\|number\|officer\)" \
	    "$tmp/stderr" && return 0
	echo "# status $got, said $(cat "$tmp/stderr")"
	return 1
}
check 'control characters' refused 65 'given.*control' \
    enrol "$(printf 'Eva\033[31m')" Díaz F 1991-01-01
check 'a line break' refused 65 'address.*control' \
    enrol Eva Díaz F 1991-01-01 --address 'calle
7'
check 'broken UTF-8' refused 65 'UTF-8' \
    enrol "$(printf 'Eva\303')" Díaz F 1991-01-01
check 'too long' refused 65 'occupation.*80 characters' \
    enrol Eva Díaz F 1991-01-01 --occupation "$(printf '%081d' 7)"
consent=$(day '2 days')
check 'consent to come' refused 65 'consent.*future' \
    enrol Eva Díaz F 1991-01-01
consent=$today
check 'no name' refused 65 'at least one' enrol '' '' F 1991-01-01
check 'an option given twice' refused 64 'twice' \
    issuer person edit 1 --sector a --sector b
check 'an edit is checked too' refused 65 'birth-date.*future' \
    issuer person edit 1 --birth-date "$(day '1 year')" --sector agricultura
for word in person application document household batch stock card officer; do
	case $word in
	document) verb='void --reason x' ;;
	officer) verb='change --role auditor' ;;
	*) verb=show ;;
	esac
	# shellcheck disable=SC2086  # a verb and its options
	check "an empty argument is named: $word" names_empty $word $verb
done
check 'an option that is no id' refused 64 "^cedula-issuer: --person: 'x' is not an ID" \
    issuer application list --person x
check 'an id that is none' refused 64 'whole number' issuer person edit '1;' \
    --sector a

# The trust list.
"$keys" trust renew --key "$tmp/root.key" --passphrase-file "$tmp/pass" \
    --in "$tmp/nic.trustlist" --out "$tmp/nic.trustlist" >/dev/null
check 'an import takes the newer' holds 'Sequence: 4' \
    issuer trust import "$tmp/nic.trustlist" --anchor "$tmp/NIC.pem"
check 'an older trust list' refused 65 'newer trust list already' \
    issuer trust import "$tmp/sequence3" --anchor "$tmp/NIC.pem"
size=$(wc -c <"$tmp/nic.trustlist")
for cut in 0 1 $((size / 2)) $((size - 1)); do
	head -c "$cut" "$tmp/nic.trustlist" >"$tmp/cut.trustlist"
	check "a trust list cut off after $cut bytes" refused 65 \
	    'cut off or damaged' issuer trust import "$tmp/cut.trustlist" \
	    --anchor "$tmp/NIC.pem"
done
mkdir "$tmp/other"
"$keys" root new --state NIC --key "$tmp/other/root.key" \
    --anchor "$tmp/other/NIC.pem" --passphrase-file "$tmp/pass" >/dev/null
check 'a trust list of another root' refused 65 'part 1' \
    issuer trust import "$tmp/nic.trustlist" --anchor "$tmp/other/NIC.pem"
cp "$tmp/other/NIC.pem" "$tmp/SLV.pem"
check 'an anchor of another state' refused 78 'another state' \
    issuer trust import "$tmp/nic.trustlist" --anchor "$tmp/SLV.pem"

# Keys.
echo wrong >"$tmp/wrong"
check 'a wrong passphrase' refused 77 passphrase issuer card issue \
    --application 1 --key "$tmp/doc.key" --passphrase-file "$tmp/wrong"
check 'no passphrase file' refused 66 none issuer card issue \
    --application 1 --key "$tmp/doc.key" --passphrase-file "$tmp/none"
cp "$tmp/doc.pub" "$tmp/public.key"
chmod 600 "$tmp/public.key"
check 'a key that is none' refused 65 public.key issuer card issue \
    --application 1 --key "$tmp/public.key" --passphrase-file "$tmp/pass"

# Too much for a symbol.
long=$(printf 'Ğÿžňőřŧẅŷŵąęį%.0s' 1 2 3 4)
if enrol "$long" "ŻŹĆŃŁÓŚ$long" F "$(day '-9 years')" --surname2 "ẞÞÆØÅ$long" \
    --district "Ǆ$long" --guardian "Ŋŋ$long" --photo "$tmp/face.jpg" \
    >/dev/null && issuer application submit --person 2 >/dev/null &&
    issuer --officer luis application approve 2 >/dev/null; then
	check 'texts that leave no room for the photo' refused 65 \
	    'leaves no 300' issue 2
else
	check 'texts that leave no room for the photo' false
fi

# Bundles.
bundle() {
	issuer bundle --key "$tmp/status.key" --passphrase-file "$tmp/pass" \
	    "$@"
}
cp "$CEDULA_REGISTER" "$tmp/backup.cedula"
bundle --out "$tmp/sjo.trust" >/dev/null
cp "$tmp/sjo.trust" "$tmp/held"
held=$now
now=$(day '-1 day')
# The register knows what it published; one from a backup does not, but the
# bundle does.
check 'a clock of yesterday' refused 65 'set the clock' \
    bundle --out "$tmp/sjo.trust"
check 'a bundle older than the one in use' refused 65 'newer status list' \
    bundle --out "$tmp/sjo.trust" --register "$tmp/backup.cedula"
now=$held
check '... stays as it is' same "$tmp/held" "$tmp/sjo.trust"
head -c 99 "$tmp/held" >"$tmp/sjo.trust"
cp "$tmp/sjo.trust" "$tmp/cut"
check 'a damaged bundle is not written over' refused 65 'no sound bundle' \
    bundle --out "$tmp/sjo.trust"
check '... stays as it is' same "$tmp/cut" "$tmp/sjo.trust"
check 'nor is a key' refused 65 'no sound bundle' bundle --out "$tmp/doc.key"
check 'digits in a name' refused 65 'a name has no digits' \
    issuer person add --given Ana2 --sex F --birth-date 1990-01-01 \
    --nationality NIC --consent 2020-01-01
check 'a name part without Latin letters' refused 65 'no letter of' \
    issuer person add --given Ana --surname1 李 --sex F \
    --birth-date 1990-01-01 --nationality NIC --consent 2020-01-01
issuer person add --given Luz --surname1 Ruiz --sex F --birth-date "$(day '-6 years')" \
    --nationality NIC --consent "$today" >"$tmp/child"
child=$(cat "$tmp/child")
check 'no photo, said at submit' refused 65 'no photo yet' \
    issuer application submit --person "$child"
issuer person edit "$child" --photo "$tmp/face.jpg" >/dev/null
check 'a minor without a guardian' refused 65 'has no guardian' \
    issuer application submit --person "$child"
check 'a folder that is not there' refused 73 none \
    bundle --out "$tmp/none/x.trust"
check 'no half file anywhere' no_crumbs "$tmp"

# Output that cannot be written.
full_stdout() {
	issuer person show 1 >/dev/full 2>"$tmp/stderr"
	[ $? -eq 74 ] && grep -q 'standard output' "$tmp/stderr"
}
# What was done is said to be done, or a script would do it again.
done_anyway() {
	add_officer eva 'Eva Soto' >/dev/full \
	    2>"$tmp/stderr"
	[ $? -eq 74 ] && grep -q 'has been done and is kept' "$tmp/stderr" &&
	    issuer officer list | grep -q 'Eva Soto'
}
if [ -c /dev/full ]; then
	check 'standard output is full' full_stdout
	check '... after an act' done_anyway
else
	skip 'standard output is full' 'no /dev/full'
fi

# A damaged register.
damaged() {
	issuer --register "$tmp/damaged.cedula" person show 1 \
	    >"$tmp/stdout" 2>"$tmp/stderr"
	[ $? -eq 65 ] && [ ! -s "$tmp/stdout" ] &&
	    grep -q 'damaged' "$tmp/stderr"
}
cp "$CEDULA_REGISTER" "$tmp/damaged.cedula"
head -c 400000 /dev/zero | tr '\0' x |
    dd of="$tmp/damaged.cedula" bs=4096 seek=1 conv=notrunc 2>/dev/null
check 'a damaged register' damaged

# A full disk: the register and what is written live on a small one.
fill_disk() {
	dd if=/dev/zero of="$small/filler" bs=1024 2>/dev/null
	[ "$(df --output=avail "$small" | tail -n 1)" -eq 0 ]
}
printed_nothing() {
	[ -z "$(find "$small/cards" -type f)" ]
}
on_a_full_disk() {
	cp "$CEDULA_REGISTER" "$small/office.cedula" || exit 70
	CEDULA_REGISTER=$small/office.cedula
	everything=$(everything)
	check 'the disk is full' fill_disk
	check 'full: enrol' ends 74 'no space left' \
	    enrol Eva Díaz F 1991-01-01 --photo "$tmp/face.jpg"
	check 'full: issue' ends 74 'no space left' issue 1
	check 'full: publish' ends 74 'no space left' bundle \
	    --out "$small/x.trust"
	check 'full: no bundle' [ ! -e "$small/x.trust" ]
	check 'full: a new register' ends 74 'no space left' \
	    first_officer issuer --register "$small/new.cedula" init \
	    --state NIC --office SJO --country X --name X --address X \
	    --verify-at X --demo
	check 'full: none is left' [ ! -e "$small/new.cedula" ]
	rm "$small/filler"
	check 'then: the register is unchanged' \
	    [ "$(everything)" = "$everything" ]
	check 'then: it is sound' sound
	check 'then: it goes on' gives SJO000001 issue 1
	mkdir "$small/cards"
	check 'full again' fill_disk
	check 'full: print' ends 74 'no space left' \
	    issuer card print SJO000001 --out "$small/cards"
	check 'full: nothing printed' printed_nothing
	rm "$small/filler"
	check 'then: no print recorded' gives 0 sql "SELECT count(*)
	    FROM card_event WHERE event = 'print'"
	check 'then: no half file' no_crumbs "$small"
}
mkdir "$small"
if [ "$(id -u)" -eq 0 ] &&
    mount -t tmpfs -o size=1m,mode=700 none "$small" 2>/dev/null; then
	mounted=1
	on_a_full_disk
else
	skip 'a full disk' 'mounting a tmpfs is not permitted'
fi

echo "1..$n"
exit "$failed"
