#!/bin/sh
# The key ceremony as it is written: every command of keys/KEY-CEREMONY.md, in
# order, in a folder of its own, with what it prints. TAP. Run in the project's
# root; B is the build folder. Wants sqlite3; softhsm2-util for tokens.
#
# In the document four blanks begin a command, eight or more what it prints, and
# a line of "..." stands for the rest. What it prints is compared, but for kids,
# thumbprints, dates and sizes. A command is to fail if what it prints has a
# line like "cedula-keys: ...". From section 8 on each begins where 7 ended.
# shellcheck disable=SC2317  # functions are called through check
set -u
# shellcheck source=tests/integration/office.inc
. tests/integration/office.inc
trap 'rm -rf "$tmp"' EXIT
trap 'exit 70' HUP INT TERM
doc=$PWD/keys/KEY-CEREMONY.md
written=2026-11-23	# the document's own today
case $B in /*) ;; *) B=$PWD/$B ;; esac
keys=$B/bin/cedula-keys
LSAN_OPTIONS=$(echo "$LSAN_OPTIONS" | sed "s|=tests/|=$PWD/tests/|")
work=$tmp/work
CEDULA_REGISTER=$work/office.cedula
CEDULA_TRUST=$work/store
export CEDULA_REGISTER CEDULA_TRUST
issuer() {
	"$B/bin/cedula-issuer" --lang en "$@"
}

# ---- what a person would do ----------------------------------------------------

# The programs, with what is typed on the terminal given in files: shares of the
# key's set, kept when they were made; a passphrase; a PIN; what officers log in with.
mkdir "$tmp/bin" "$tmp/blocks" "$tmp/shares"
echo 'una clave de prueba' >"$tmp/pass"
echo 12345678 >"$tmp/pin"
cat >"$tmp/bin/cedula-keys" <<'SHIM'
#!/bin/sh
tmp=${0%/bin/*}
command="$1 $2" key='' out='' shares='' last=''
for a in "$@"; do
	shift
	case $a in pkcs11:*) a="$a?module-path=$CEDULA_TEST_MODULE" ;; esac
	case $last in
	--key) key=$a ;;
	--out) out=$a ;;
	--shares) shares=$a ;;
	esac
	last=$a
	set -- "$@" "$a"
done
set_of() {
	sed -n 's/^Split: .* set //p' "$1"
}
opens=$key
if [ "$command" = 'key reseal' ]; then
	[ -n "$shares" ] || set -- "$@" --new-passphrase-file "$tmp/pass"
	key=$out
fi
case $opens in
'') ;;
pkcs11:*) set -- "$@" --passphrase-file "$tmp/pin" ;;
*)
	if [ -e "$opens" ] && [ -n "$(set_of "$opens")" ]; then
		from=$tmp/shares/$(set_of "$opens")
		set -- "$@" --share "$from/share-1-of-3.txt" --share "$from/share-3-of-3.txt"
	elif [ -e "$opens" ] || [ -z "$shares" ]; then
		set -- "$@" --passphrase-file "$tmp/pass"
	fi
	;;
esac
case $command in
'login ana') set -- "$@" --passphrase-file "$tmp/ana.pass" ;;
'login luis') set -- "$@" --key-file "$tmp/luis.key" ;;
esac
"$B/bin/${0##*/}" "$@" || exit
[ -z "$shares" ] || cp -R "$shares" "$tmp/shares/$(set_of "$key")"
SHIM
printf '#!/bin/sh\ntest -s "$1"\n' >"$tmp/bin/lp"
chmod +x "$tmp/bin/cedula-keys" "$tmp/bin/lp"
for program in cedula-issuer cedula-verifier; do
	cp "$tmp/bin/cedula-keys" "$tmp/bin/$program"
done
PATH=$tmp/bin:$PATH
export B PATH

token() {
	CEDULA_TEST_MODULE=
	for f in /usr/lib/softhsm/libsofthsm2.so /usr/lib/*/softhsm/libsofthsm2.so; do
		[ -e "$f" ] && CEDULA_TEST_MODULE=$f && break
	done
	export CEDULA_TEST_MODULE
	[ -n "$CEDULA_TEST_MODULE" ] && command -v softhsm2-util >/dev/null 2>&1 || return 1
	# SoftHSM is not of a sanitizer's build; hsm.sh does what that needs.
	nm -D "$keys" 2>/dev/null | grep -q __asan_init && return 1
	mkdir -p "$tmp/tokens"
	printf 'directories.tokendir = %s\nlog.level = ERROR\n' "$tmp/tokens" >"$tmp/softhsm.conf"
	SOFTHSM2_CONF=$tmp/softhsm.conf
	export SOFTHSM2_CONF
	softhsm2-util --init-token --free --label consulado --pin 12345678 --so-pin 00000000 >/dev/null
}

# ---- the office around it --------------------------------------------------------

register() {
	first_officer issuer init --state NIC --office SJO --country 'República de Nicaragua' \
	    --name 'Consulado General en San José' --address 'Avenida 7, San José' \
	    --verify-at 'verificar.example' --district 'San José' && two_officers
}

# a_card NAME: enrolled, approved, issued.
a_card() {
	id=$(enrol "$1" López F 1990-02-28 --photo "$tmp/face.jpg" | tail -1) &&
	    id=$(issuer application submit --person "$id") && issuer --officer luis application approve "$id" &&
	    cedula-issuer card issue --application "$id" --key document-2026.key
}
published() {
	cedula-issuer bundle --key status-2026.key --out SJO.trust && cedula-verifier trust add SJO.trust
}
two_cards() {
	a_card Ana && a_card Eva && published
}

# The disk fails after a card that no backup has.
old_backup() {
	sqlite3 "$CEDULA_REGISTER" ".backup '$tmp/backup'" && a_card Zoe && published &&
	    rm -f "$CEDULA_REGISTER"* && cp "$tmp/backup" "$CEDULA_REGISTER"
}

back() {
	cd "$tmp" && rm -rf "$work" && cp -a "$tmp/kept" "$work" || return 1
	cd "$work/root" || return 1
}

# before SECTION: what has happened when it begins.
before() {
	case $1 in
	5) ;;
	7) quietly register ;;
	8) quietly two_cards && cp -a "$work" "$tmp/kept" ;;
	9 | 1?) back ;;
	esac || return 1
	[ "$1" != 17 ] || quietly old_backup
}
quietly() {
	"$@" >"$tmp/log" 2>&1 && return 0
	sed 's/^/# /' "$tmp/log"
	return 1
}

# ---- the document ----------------------------------------------------------------

# Each command in a file, with its section and what it prints.
awk -v to="$tmp/blocks/" '
/^## / { section = $2; sub(/\.$/, "", section); next }
/^    [^ ]/ || going {
	line = $0
	sub(/^ +/, "", line)
	if (!going) {
		base = to sprintf("%03d", ++count)
		print section >(base ".section")
		printf "" >(base ".out")
	}
	print line >(base ".command")
	going = line ~ /\\$/
	next
}
/^        / && count { print substr($0, 9) >(base ".out") }' "$doc"

# Dates, counted from today; sticks, in the folder here; kids, once known.
days=$((($(date -u -d "$today" +%s) - $(date -u -d "$written" +%s)) / 86400))
cat "$tmp"/blocks/*.command | grep -oE '20[0-9]{2}-[01][0-9]-[0-3][0-9]' | sort -u | while read -r d; do
	echo "s/$d/@$(date -u -d "$d $days days" +%Y-%m-%d)/g"
done >"$tmp/here.sed"
echo "s/@20/20/g; s|/media/|$work/media/|g" >>"$tmp/here.sed"

# What differs each time.
same() {
	sed -E 's/[0-9a-f]{16,}(\.\.\.)?/KEY/g; s/( [0-9a-f]{4}){16}/ KEY/; s/20[0-9]{2}-[0-9]{2}-[0-9]{2}/DAY/g
	    s/DAYT[0-9:]+Z/TIME/g; s/\.trust [0-9]+$/.trust SIZE/; s/ +$//' "$1"
}
prints() {
	same "$1" >"$tmp/want" && same "$2" >"$tmp/got" || return 1
	if [ "$(tail -1 "$tmp/want")" = ... ]; then
		sed -i '$d' "$tmp/want"
		head -n "$(wc -l <"$tmp/want")" "$tmp/got" >"$tmp/head" && mv "$tmp/head" "$tmp/got"
	fi
	cmp -s "$tmp/want" "$tmp/got" || { diff "$tmp/want" "$tmp/got" | sed 's/^/# /'; return 1; }
}
kids() {
	grep -oE '^kid [0-9a-f]{16}' "$1" | cut -d' ' -f2
}

# run BLOCK: as typed.
run() {
	eval "$(sed -f "$tmp/here.sed" "$1.command")" >"$tmp/printed" 2>&1 </dev/null
	got=$?
	if grep -q '^cedula-[a-z]*: ' "$1.out"; then
		[ "$got" -ne 0 ] && [ "$got" -lt 99 ]
	else
		[ "$got" -eq 0 ]
	fi || { echo "# status $got"; sed 's/^/# /' "$tmp/printed"; return 1; }
	[ -s "$1.out" ] || return 0
	prints "$1.out" "$tmp/printed" || return 1
	theirs=$(kids "$1.out") ours=$(kids "$tmp/printed")
	[ -z "$theirs" ] || [ "$theirs" = "$ours" ] || echo "s/$theirs/$ours/g" >>"$tmp/here.sed"
}

portrait 7 f 34 "$tmp/face.jpg" || exit 70
mkdir -p "$work" "$work/media/one" "$work/media/two" "$work/media/three" "$work/media/four"
cd "$work" || exit 70
section=0
for block in "$tmp"/blocks/*.command; do
	block=${block%.command}
	if [ "$section" != "$(cat "$block.section")" ]; then
		section=$(cat "$block.section")
		passed_over=
		if [ "$section" = 5 ] && ! token; then
			skip "5: signers in a token" "softhsm2 is not installed, or a sanitizer's build"
			passed_over=yes
		fi
		before "$section" || check "$section: what comes before it" false
	fi
	[ -z "$passed_over" ] || continue
	case $(cat "$block.command") in p11-kit*) continue ;; esac	# the machine's own tokens
	check "$section: $(head -1 "$block.command" | cut -c 1-90)" run "$block"
done
check "every section with commands was here" [ "$section" = 17 ]
echo "1..$n"
exit "$failed"
