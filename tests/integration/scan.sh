#!/bin/sh
# cedula-scan from outside: what it reads, what it refuses, and that it can do
# nothing else. TAP on standard output. Run in the project's root; B is the
# build folder. Wants a C compiler, pkg-config, libqrencode, jq and strace.
# shellcheck disable=SC2317  # functions are called through check
set -u
B=${B:-build}
scan=$B/bin/cedula-scan
vectors=../shared/vectors/dgc
tmp=$(mktemp -d) || exit 70
trap 'rm -rf "$tmp"' EXIT
trap 'exit 70' HUP INT TERM
# shellcheck source=tests/tap.inc
. tests/tap.inc

# reads FILE TEXT: exactly this text, told once.
reads() {
	printf '%s\n' "$2" >"$tmp/want"
	"$scan" "$1" >"$tmp/out" 2>"$tmp/err"
	got=$?
	[ "$got" -eq 0 ] && cmp -s "$tmp/want" "$tmp/out" && return 0
	echo "# status $got, $(wc -c <"$tmp/out") bytes, $(cat "$tmp/err")"
	return 1
}

# ends STATUS [ARGUMENT...]: this status, nothing on stdout, and a message
# exactly when something is wrong.
ends() {
	want=$1
	shift
	"$scan" "$@" >"$tmp/out" 2>"$tmp/err" </dev/null
	got=$?
	if [ "$got" -ne "$want" ] || [ -s "$tmp/out" ] ||
	    { [ "$want" -ge 64 ] && [ ! -s "$tmp/err" ]; } ||
	    { [ "$want" -lt 64 ] && [ -s "$tmp/err" ]; }; then
		echo "# status $got, wanted $want: $(cat "$tmp/err")"
		return 1
	fi
}

# shellcheck disable=SC2046  # the flags are words
${CC:-cc} -std=c11 -D_GNU_SOURCE -O2 -o "$tmp/mkpicture" \
    tests/integration/mkpicture.c \
    $(pkg-config --cflags --libs libpng libjpeg libqrencode) || exit 70
mk() {
	"$tmp/mkpicture" "$@" || exit 70
}

# A text as a card's: $1 characters of Base45, the same in every run.
text() {
	awk -v n="$1" 'BEGIN {
		abc = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"
		for (seed = 1; n-- > 0; ) {
			seed = (seed * 16807) % 2147483647
			printf "%s", substr(abc, seed % 45 + 1, 1)
		}
	}'
}
small=$(text 440)	# no photo
card=$(text 1450)	# an individual's budget, v25-M
family=$(text 1838)	# a family's, v29-M

# What a card looks like: 300 and 600 dpi, and low scans of its back.
mk g8 1012x638 4 plain "$card" >"$tmp/card.png"
check "300 dpi, v25-M, 4 dots a module" reads "$tmp/card.png" "$card"
mk g8 1012x638 4 plain "$family" >"$tmp/p"
check "300 dpi, v29-M, 4 dots" reads "$tmp/p" "$family"
mk rgb8 2024x1276 9 plain "$card" >"$tmp/p"
check "600 dpi, v25-M, 9 dots" reads "$tmp/p" "$card"
mk rgb8 2024x1276 8 plain "$family" >"$tmp/p"
check "600 dpi, v29-M, 8 dots" reads "$tmp/p" "$family"
mk g1 506x319 4 plain "$small" >"$tmp/p"
check "150 dpi, no photo, 4 dots" reads "$tmp/p" "$small"
mk g8 675x425 3 plain "$card" >"$tmp/p"
check "200 dpi, v25-M, 3 dots" reads "$tmp/p" "$card"
mk g8 506x319 2 plain "$card" >"$tmp/p"
check "150 dpi, v25-M, 2 dots" reads "$tmp/p" "$card"
mk g8 400x400 1 plain "$small" >"$tmp/p"
check "1 dot a module" reads "$tmp/p" "$small"
mk g8 5000x5000 35 plain "$card" >"$tmp/p"
check "25 Mpixel, halved while reading" reads "$tmp/p" "$card"
mk rgba8i 4801x4799 35 plain "$card" >"$tmp/p"
check "23 Mpixel interlaced, odd sides" reads "$tmp/p" "$card"
mk jpgc 5000x5000 35 plain "$card" >"$tmp/p"
check "25 Mpixel JPEG" reads "$tmp/p" "$card"
mk g8 1012x638 4 inverted "$card" >"$tmp/p"
check "white on black" reads "$tmp/p" "$card"

for f in g1 g16 ga8 ga16 rgb8 rgb16 rgba8 rgba16 pal g1i g8i ga16i rgb8i \
    rgba16i pali; do
	mk $f 1013x639 4 plain "$card" >"$tmp/p"
	check "PNG $f" reads "$tmp/p" "$card"
done
for f in jpg jpgc jpgp; do
	mk $f 1013x639 4 plain "$card" >"$tmp/$f"
	check "JPEG $f" reads "$tmp/$f" "$card"
done

from_stdin() { "$scan" - <"$tmp/card.png" | cmp -s - "$tmp/card.txt"; }
printf '%s\n' "$card" >"$tmp/card.txt"
check "standard input" from_stdin
into_file() { "$scan" "$tmp/card.png" >"$tmp/o" && cmp -s "$tmp/o" "$tmp/card.txt"; }
check "into a file" into_file
into_full() { "$scan" "$tmp/card.png" >/dev/full 2>"$tmp/err"; [ $? -eq 74 ]; }
check "into a full disk: 74" into_full
help_is_answer() {
	"$scan" --help >"$tmp/o" 2>"$tmp/err" && [ -s "$tmp/o" ] &&
	    [ ! -s "$tmp/err" ]
}
check "--help on stdout, 0" help_is_answer

# What is not told: nothing there, parts of a text, other bytes.
mk g8 1012x638 4 blank >"$tmp/p"
check "no symbol: 3" ends 3 "$tmp/p"
mk g8 1x1 1 blank >"$tmp/p"
check "one pixel: 3" ends 3 "$tmp/p"
mk g8 20000x1 1 blank >"$tmp/p"
check "a line of 20000 pixels: 3" ends 3 "$tmp/p"
mk g8 1012x638 4 part "$card" >"$tmp/p"
check "a part of a text: 3" ends 3 "$tmp/p"
mk g8 638x638 4 plain "$(printf 'a\001b')" >"$tmp/p"
check "a control byte: 3" ends 3 "$tmp/p"
mk g8 638x638 4 plain "$(printf 'A\nB')" >"$tmp/p"
check "a newline, that would be two lines: 3" ends 3 "$tmp/p"
mk g8 638x638 4 plain "$(printf '\303\261\377')" >"$tmp/p"
check "bytes beyond ASCII: 3" ends 3 "$tmp/p"
mk g8 1012x638 4 eci "$small" >"$tmp/p"
lives() { "$scan" "$1" >"$tmp/o" 2>&1; case $? in 0 | 3) ;; *) return 1 ;; esac; }
check "a character set that is not loaded: it lives" lives "$tmp/p"

# What is refused.
check "no such file: 66" ends 66 "$tmp/none"
check "no argument: 64" ends 64
check "two files: 64" ends 64 "$tmp/p" "$tmp/p"
check "unknown option: 64" ends 64 --frobnicate "$tmp/p"
check "unknown language: 64" ends 64 --lang fr "$tmp/p"
check "a folder: 66" ends 66 "$tmp"
check "a text file: 65" ends 65 Makefile
check "an empty file: 65" ends 65 /dev/null
check "four inks: 65" ends 65 "$(mk jpgk 300x300 2 plain A >"$tmp/p" && echo "$tmp/p")"
head -c 33554433 /dev/zero >"$tmp/p"
check "over 32 MiB: 65" ends 65 "$tmp/p"
for cut in 9 40 1000; do
	head -c $cut "$tmp/card.png" >"$tmp/p"
	check "PNG cut at $cut: 65" ends 65 "$tmp/p"
	for f in jpg jpgp; do
		head -c $cut "$tmp/$f" >"$tmp/p"
		check "JPEG $f cut at $cut: 65" ends 65 "$tmp/p"
	done
done
for size in 65535x65535 20001x1 9000x9000 2000000x2; do
	mk head $size 1 blank >"$tmp/p"
	check "PNG that claims $size: 65" ends 65 "$tmp/p"
done
mk jpghead 65500x65500 1 blank >"$tmp/p"
check "JPEG that claims 65500x65500: 65" ends 65 "$tmp/p"
mk jpghead 8192x8192 1 blank >"$tmp/p"
check "JPEG that claims 64 Mpixel and has none: 3" ends 3 "$tmp/p"
mk rgba16 8192x8192 1 blank >"$tmp/p"
echo "# a bomb of $(wc -c <"$tmp/p") bytes for 512 MB"
check "PNG bomb, 64 Mpixel of 64 bits" ends 3 "$tmp/p"
mk rgba16i 8192x8192 1 blank >"$tmp/p"
check "PNG bomb, interlaced" ends 3 "$tmp/p"
mk jpgp 8192x8192 1 blank >"$tmp/p"
check "JPEG bomb, progressive" ends 3 "$tmp/p"

# Time: the soft limit of this shell stands in for the program's own.
# (Its 12 s are the same code; nobody waits for them here.)
mk g8 8000x8000 3 finders >"$tmp/p"
slow() {
	# shellcheck disable=SC3045  # dash and bash have it
	(ulimit -S -t 1 && exec "$scan" "$1") >"$tmp/o" 2>"$tmp/err"
	[ $? -eq 65 ] && grep -q 'takes too long' "$tmp/err"
}
check "64 Mpixel of finder patterns: ends in time, 65" slow "$tmp/p"

# 200 pictures with one bit turned.
mk g8 300x300 3 plain "$small" >"$tmp/flip.png"
mk jpgp 300x300 3 plain "$small" >"$tmp/flip.jpg"
printf '%s\n' "$small" >"$tmp/small.txt"
documented() {
	for seed in $(seq 200); do
		"$tmp/mkpicture" flip "$seed" <"$1" >"$tmp/p"
		"$scan" "$tmp/p" >"$tmp/o" 2>&1
		got=$?
		case $got in
		0) cmp -s "$tmp/o" "$tmp/small.txt" ;;
		3 | 65) true ;;
		*) false ;;
		esac || { echo "# seed $seed: $got"; return 1; }
	done
}
check "200 PNG with a bit turned" documented "$tmp/flip.png"
check "200 JPEG with a bit turned" documented "$tmp/flip.jpg"

# Pictures that others made.
if [ ! -d $vectors ]; then
	skip "EU DCC pictures" "no $vectors"
else
	for f in "$vectors"/*/2DCode/raw/*.json; do
		jq -e '."2DCODE" and .PREFIX and .EXPECTEDRESULTS.EXPECTEDPICTUREDECODE' \
		    "$f" >/dev/null || continue
		jq -r '."2DCODE"' "$f" | base64 -d >"$tmp/p"
		check "DCC ${f#"$vectors"/}" reads "$tmp/p" "$(jq -r .PREFIX "$f")"
	done
	jq -r '."2DCODE"' $vectors/common/2DCode/raw/Q1.json | base64 -d >"$tmp/p"
	check "DCC Q1, no picture: 65" ends 65 "$tmp/p"
fi

# Its powers, as the kernel saw them. A filter that is loaded ends in "= 0".
sandbox() {
	strace -f -o "$tmp/trace" "$scan" "$tmp/card.png" >"$tmp/o" 2>"$tmp/err"
	cmp -s "$tmp/o" "$tmp/card.txt" &&
	    sed '1,/seccomp(SECCOMP_SET_MODE_FILTER, .* = 0$/d' \
	    "$tmp/trace" >"$tmp/after" && [ -s "$tmp/after" ]
}
only_needed() {
	! sed 's/^[0-9]* *//' "$tmp/after" | grep -vE \
	    -e '^(brk|munmap|mremap|madvise|futex|getrandom|sysinfo)\(' \
	    -e '^(mmap|mprotect)\(.*PROT_(READ|WRITE|NONE)[^X]*$' \
	    -e '^clock_gettime\(|^rt_sig|^write\([12], |^exit_group\(|^\+\+\+' |
	    sed 's/^/# /' | grep .
}
no_network() { ! grep -E ' (socket|socketpair|connect|bind)\(' "$tmp/trace"; }
no_writing() { ! grep -E ' (open|openat|creat)\(.*(O_WRONLY|O_RDWR|O_CREAT)' "$tmp/trace"; }
no_program() { [ "$(grep -cE ' (execve|fork|vfork|clone3?)\(' "$tmp/trace")" -eq 1 ]; }
if grep -q __asan_init "$scan"; then
	skip "sandbox" "AddressSanitizer cannot run in it"
elif ! strace -o /dev/null true 2>/dev/null; then
	skip "sandbox" "strace does not work here"
else
	check "a filter is loaded, and the card is read behind it" sandbox
	check "behind it, nothing but memory, output and the end" only_needed
	check "no socket, from start to end" no_network
	check "no file opened for writing, from start to end" no_writing
	check "no other program or process" no_program
fi

echo "1..$n"
exit $failed
