#!/bin/sh
# lint.sh: what STYLE asks for and a machine can see. TAP.
# shellcheck disable=SC2046  # lists of files, without spaces
set -u
# shellcheck source=tests/tap.inc
. tests/tap.inc

sources=$(git ls-files -co --exclude-standard '*.c' '*.h')
scripts=$(git ls-files -co --exclude-standard '*.sh' .ci/run)
programs=$(echo "$sources" | tr ' ' '\n' | grep -v '^tests/')

banned() {
	grep -nE '\b(strcpy|strcat|sprintf|vsprintf|strtok|atoi|atol|alloca|gets|system|popen|tmpnam|mktemp)\(' $programs
}
clock() {
	grep -nE '\b(time|gettimeofday|clock_gettime|localtime|gmtime|mktime)\(' $programs |
	    grep -vE '^(common/host/program\.c|verifier/scanner\.c):'
}
exits() {
	grep -nE '\b(exit|abort|_exit)\(' $programs |
	    grep -vE '/main\.c:|issuer/demo/|verifier/scanner\.c:|verifier/scan/sandbox\.c:'
}
long_files() {
	for f in $programs; do
		l=$(wc -l <"$f")
		[ "$l" -gt 600 ] && echo "$f: $l lines"
	done
}
long_lines() {
	# A message stands on one line, however long, so that it can be found.
	awk 'length($0) > 110 && !/_\("/ { print FILENAME ":" FNR ": " length($0) }' $programs
}
trailing() {
	grep -nE '[ 	]+$' $programs $scripts
}
floats() {
	grep -nE '\b(float|double)\b' $(echo "$programs" | tr ' ' '\n' |
	    grep -vE '^(issuer/print|issuer/photo|issuer/demo|verifier/scan)/|cbor\.[ch]|dump\.c')
}
private_keys() {
	git grep -nE 'BEGIN (ENCRYPTED |EC )?PRIVATE KEY' -- . ':!tests/lint.sh' | grep -vE '\.(c|md|1|sh):.*"|KEY-CEREMONY'
}
long_functions() {
	for f in $programs; do
		case $f in *.c) ;; *) continue ;; esac
		awk -v f="$f" '
		/^\{/ { start = FNR }
		/^\}/ { if (start && FNR - start > 60) print f ":" start ": " FNR - start " lines"; start = 0 }' "$f"
	done
}

no "no call that we do not make" banned
no "nothing but program_now asks the clock" clock
no "only main ends the program" exits
no "no file over 600 lines" long_files
no "no function over 60 lines" long_functions
no "no line over 110 columns" long_lines
no "no blanks at line ends" trailing
no "no floating point outside drawing and CBOR" floats
no "no private key in the tree" private_keys
if command -v shellcheck >/dev/null 2>&1; then
	no "shellcheck" shellcheck -x -S warning $scripts
fi
if command -v mandoc >/dev/null 2>&1; then
	no "mandoc lint" mandoc -T lint -W warning docs/man/*.1
fi
echo "1..$n"
exit "$failed"
