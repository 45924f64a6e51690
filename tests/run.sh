#!/bin/sh
# run.sh BUILD RESULTS KIND: runs every test of a build and keeps each one's TAP
# in RESULTS. KIND is "full", or "asan" for a sanitizer build, which leaves out
# what does not run our code (lint, layers) or proves what the sanitizer's own
# runtime breaks, or "asan-some". Never stops at a failure. run.sh --total RESULTS counts them
# all and closes with "N passed, N failed, N skipped".
set -u
if [ "${1:-}" = --total ]; then
	cat "$2"/*.tap | awk '
	/^ok .*# [Ss][Kk][Ii][Pp]/ { skipped++; next }
	/^ok / { passed++ }
	/^not ok / { failed++ }
	END {
		printf "%d passed, %d failed, %d skipped\n", passed, failed, skipped
		exit failed > 0 || passed == 0
	}'
	exit
fi
B=$1 results=$2 kind=$3
export B
export CMOCKA_MESSAGE_OUTPUT=TAP
export ASAN_OPTIONS=detect_leaks=1:abort_on_error=0:exitcode=99
export UBSAN_OPTIONS=print_stacktrace=1
# Only what fontconfig keeps until exit, in its own code, is let pass.
export LSAN_OPTIONS=suppressions=tests/lsan.supp:print_suppressions=0
mkdir -p "$results"

# one NAME COMMAND...: its lines are kept; those that matter are shown. A
# program that dies, or ends badly with all its tests "ok", has failed.
one() {
	name=$1
	shift
	tap=$results/$kind-$(echo "$name" | tr / -).tap
	start=$(date +%s)
	"$@" >"$tap" 2>"$tap.err" </dev/null
	got=$?
	bad=$(grep -c '^not ok' "$tap")
	good=$(grep -c '^ok' "$tap")
	if [ "$got" -ne 0 ] && [ "$bad" -eq 0 ]; then
		echo "not ok 9999 - $name ended with status $got" >>"$tap"
		bad=1
	fi
	plan=$(sed -n 's/^1\.\.\([0-9]*\).*/\1/p' "$tap" | tail -1)
	if [ "$bad" -eq 0 ] && [ "$plan" != "$good" ] && [ "$plan" != 0 ]; then
		echo "not ok 9999 - $name planned ${plan:-no} tests and showed $good" >>"$tap"
		bad=1
	fi
	if [ "$good" -eq 0 ] && [ "$bad" -eq 0 ]; then
		echo "not ok 9999 - $name ran no test" >>"$tap"
		bad=1
	fi
	printf '%-4s %-34s %4d ok %3d failed  %3ds\n' "$kind" "$name" "$good" \
	    "$bad" $(($(date +%s) - start))
	if [ "$bad" -ne 0 ]; then
		grep -E '^(not ok|#)' "$tap" | head -40
		tail -30 "$tap.err"
	fi
	# One line a suite, with its counts.
	case $name in
	vectors*) grep -E '^(not )?ok' "$tap" | sed 's/^/       /' ;;
	esac
}

for t in "$B"/tests/unit/test_*; do
	[ -x "$t" ] && [ -f "$t" ] && one "unit/$(basename "$t")" "$t"
done
one vectors "$B/tests/vectors/suites"
for t in "$B"/tests/fuzz/fuzz_*; do
	[ -x "$t" ] && [ -f "$t" ] && one "corpus/$(basename "$t")" "$t" \
	    "tests/fuzz/corpus/$(basename "$t" | sed s/fuzz_//)"
done
for t in tests/integration/*.sh; do
	name=$(basename "$t" .sh)
	# kill.sh kills by strace, under which the leak check cannot run; the
	# ceremony is a page and the mobile day a day's work, whose commands other
	# scenarios run too.
	case "$kind $name" in
	"asan kill" | "asan ceremony" | "asan mobile" | "asan-some kill") continue ;;
	esac
	# Beside the plain tests there is time for one scenario of each kind; the
	# others' functions run in the unit tests. make asan runs them.
	case "$kind $name" in
	"asan-some ceremony" | "asan-some mobile" | "asan-some life" | "asan-some backup" | \
	"asan-some work" | "asan-some stock" | "asan-some money" | "asan-some people" | \
	"asan-some protection" | "asan-some log" | "asan-some paper" | "asan-some eyes" | \
	"asan-some exchange" | "asan-some publish") continue ;;
	esac
	one "integration/$(basename "$t")" sh "$t"
done
if [ "$kind" = full ]; then
	one web sh tests/web/run.sh
	one man sh docs/man/check.sh "$B"
	one messages sh tests/messages.sh check
	one layers sh tests/layers.sh "$B"
	one lint sh tests/lint.sh "$B"
fi
exit 0
