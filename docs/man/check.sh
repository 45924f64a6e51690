#!/bin/sh
# check.sh BUILD: the man pages against the programs, both ways: every command
# and option of --help has its place in the page, and the page has none that the
# program does not know; every verdict, detail, status token and exit status of
# the tables in common/ is there; the examples run. TAP. Run in the project's
# root.
set -u
B=${1:-build}
case $B in /*) ;; *) B=$PWD/$B ;; esac
man=$PWD/docs/man
tmp=$(mktemp -d) || exit 70
trap 'rm -rf "$tmp"' EXIT
trap 'exit 70' HUP INT TERM
LC_ALL=C.UTF-8
export LC_ALL
n=0
failed=0

# no WHAT COMMAND...: the command must print nothing.
no() {
	what=$1
	shift
	n=$((n + 1))
	found=$("$@" 2>&1)
	if [ -z "$found" ]; then
		echo "ok $n - $what"
	else
		echo "not ok $n - $what"
		echo "$found" | head -20 | sed 's/^/# /'
		failed=1
	fi
}

# pages PROGRAM: its page, and those of its subjects (cedula-issuer-cases.1).
pages() {
	for f in "$man/$1.1" "$man/$1"-*.1; do
		[ -f "$f" ] && echo "$f"
	done
}

# section PAGE TITLE: the lines of ".Ss TITLE" or ".Sh TITLE" of all of them.
section() {
	# shellcheck disable=SC2046  # a list of files
	awk -v want="$2" '
	FNR == 1 { inside = 0 }
	/^\.S[hs] / { inside = substr($0, 5) == want; next }
	inside' $(pages "$1")
}

# The options in a text of mdoc: those with an entry of their own, and those of
# the sections it says it shares (.\" check: as TITLE).
page_options() {
	section "$1" "$2" >"$tmp/section"
	sed -n 's/^\.\\" check: as //p' "$tmp/section" >"$tmp/shared"
	while read -r title; do
		section "$1" "$title"
	done <"$tmp/shared" >>"$tmp/section"
	sed -n 's/^\.It Fl -\([a-z0-9-]*\).*/\1/p' "$tmp/section" | sort -u
}

# "--name VALUE   help", a line an option.
help_options() {
	program=$1
	shift
	"$B/bin/$program" "$@" --lang en --help 2>&1 |
	    sed -n 's/^  --\([a-z0-9-]*\) .*/\1/p' | sort -u
}

differ() {
	diff "$1" "$2" | sed -n 's/^</only in --help:/p; s/^>/only in the page:/p'
}

# options PAGE TITLE GLOBALS COMMAND...: GLOBALS is a section, or -.
options() {
	page=$1 title=$2 globals=$3
	shift 3
	help_options "$@" >"$tmp/help"
	{
		page_options "$page" "$title"
		[ "$globals" = - ] || page_options "$page" "$globals"
	} | grep -vx lang | sort -u >"$tmp/page"
	grep -vx lang "$tmp/help" >"$tmp/help2"
	differ "$tmp/help2" "$tmp/page"
}

# The commands a program lists, a line each ("trust add"), from the two columns
# of words before two blanks.
help_commands() {
	"$B/bin/$1" --lang en --help | awk '/^  [a-z]/ {
		line = substr($0, 3)
		group = $1
		rest = substr(line, length(group) + 1)
		sub(/^ +/, "", rest)
		col = length(line) - length(rest) + 1
		# The verb is in its column, or there is none.
		verb = ""
		if (col <= '"$2"') { split(rest, v, / /); verb = " " v[1] }
		print group verb
	}' | sort
}

commands() {
	help_commands "$1" "$2" >"$tmp/help"
	# shellcheck disable=SC2046
	sed -n 's/^\.Ss \([a-z].*\)/\1/p' $(pages "$1") | sort >"$tmp/page"
	differ "$tmp/help" "$tmp/page"
}

# Who may do what: a line "card issue: approver, manager" a command, as the page
# of the officers has it, and as each --help.
page_roles() {
	section cedula-issuer 'Roles of every command' | awk '
	/^\.It Ic / {
		n = split(substr($0, 8), words, / (Cm |\| )/)
		next
	}
	n == 1 { print words[1] ": " $0 }
	{
		for (i = 2; i <= n; i++) print words[1] " " words[i] ": " $0
		n = 0
	}' | sort
}
roles() {
	while read -r group verb; do
		# shellcheck disable=SC2086  # a verb or none
		who=$("$B/bin/cedula-issuer" "$group" $verb --lang en --help |
		    sed -n 's/^For: //p')
		echo "$group${verb:+ $verb}: $who"
	done <"$1" | sort >"$tmp/help"
	page_roles >"$tmp/page"
	differ "$tmp/help" "$tmp/page"
}

# docs/operations.md: each of its officers, ana where none is named, has a role
# that the command is for.
officers_may() {
	sed -n 's/^    cedula-issuer \([a-z-].*\)/\1/p' docs/operations.md |
	    while read -r a b c d _; do
		who=ana
		[ "$a" = --officer ] && who=$b a=$c b=$d
		case $who in
		ana) has=manager ;;
		luis) has='approver|manager' ;;
		rosa) has=registrar ;;
		tomas) has=printer ;;
		*) has=nothing ;;
		esac
		grep -qx "$a $b" "$tmp/list" || b=''
		# shellcheck disable=SC2086  # a verb or none
		"$B/bin/cedula-issuer" "$a" $b --lang en --help |
		    grep -qE "^For: (anybody|.*($has))" || echo "$who may not $a $b"
	done
}

# The stable tokens, and the exit statuses, of a table in a header.
tokens() {
	sed -n 's/^	X([A-Z_]*,[ 	]*"\([a-z-]\{1,\}\)".*/\1/p' "$1"
}
exits() {
	sed -n 's/^	X([A-Z_]*,[ 	]*"[a-z-]*",[ 	]*\([0-9]\{1,\}\).*/\1/p' "$1" | sort -un
}

missing_tokens() {
	page=$1
	shift
	tokens "$1" | grep -vx ok | while read -r t; do
		grep -q "^\.It Li $t\$" "$man/$page.1" || echo "no token $t"
	done
}

missing_exits() {
	page=$1
	shift
	for table in "$@"; do
		exits "$table"
	done | sort -un | while read -r e; do
		section "$page" 'EXIT STATUS' | grep -q "^\.It $e\$" ||
		    echo "no exit status $e"
	done
}

# A table that cannot be read would make every check pass.
few_tokens() {
	[ "$(tokens common/status.h | wc -l)" -ge 15 ] || echo "status.h: no table"
	[ "$(tokens common/verdict.h | wc -l)" -ge 15 ] || echo "verdict.h: no table"
	[ "$(help_commands cedula-issuer 15 | wc -l)" -ge 15 ] || echo "no commands"
}

# The numbers cedula-scan's own summary names.
scan_exits() {
	"$B/bin/cedula-scan" --lang en --help | tr '\n' ' ' |
	    sed 's/.*Exit status: //' | tr ',' '\n' |
	    sed -n 's/^ *\([0-9][0-9]*\) .*/\1/p' | while read -r e; do
		section cedula-scan 'EXIT STATUS' | grep -q "^\.It $e\$" ||
		    echo "no exit status $e"
	done
}

# The lines after "$ " of a page's EXAMPLES, with their continuations; those of
# its subjects' pages follow in the same folder and register.
examples() {
	section "$1" EXAMPLES | awk '
	/^\$ / { on = 1; sub(/^\$ /, "") }
	on { more = /\\e$/; sub(/\\e$/, "\\"); print; if (!more) on = 0 }'
}

run_examples() {
	"$B/tools/portrait" --seed 7 --sex f --age 34 --out "$tmp/ana.jpg" || echo "no portrait"
	printf 'una clave de prueba\n' >"$tmp/pass"
	for name in ana first luis rosa; do
		printf 'la clave de %s\n' "$name" >"$tmp/$name.pass"
	done
	: >"$tmp/script"
	for page in cedula-keys cedula-issuer cedula-scan cedula-verifier; do
		[ -n "$(examples "$page")" ] || echo "$page: no examples"
		examples "$page" >>"$tmp/script"
	done
	(cd "$tmp" && unset CEDULA_REGISTER CEDULA_OFFICER CEDULA_SESSIONS \
	    XDG_RUNTIME_DIR && HOME=$tmp && export HOME &&
	    PATH=$B/bin:$PATH sh -eu script >out 2>&1) || {
		echo "an example ended with $?:"
		tail -3 "$tmp/out"
	}
}

no "the tables are read" few_tokens
no "cedula-keys: commands" commands cedula-keys 9
help_commands cedula-keys 9 >"$tmp/list"
while read -r group verb; do
	# shellcheck disable=SC2086  # a verb or none
	no "cedula-keys $group $verb: options" options cedula-keys \
	    "$group${verb:+ $verb}" - cedula-keys "$group" $verb
done <"$tmp/list"
no "cedula-issuer: commands" commands cedula-issuer 13
help_commands cedula-issuer 13 >"$tmp/list"
while read -r group verb; do
	# shellcheck disable=SC2086
	no "cedula-issuer $group $verb: options" options cedula-issuer \
	    "$group${verb:+ $verb}" 'Options of every command' \
	    cedula-issuer "$group" $verb
done <"$tmp/list"
no "cedula-issuer: the roles of every command" roles "$tmp/list"
no "operations.md: its officers may do what they do" officers_may
no "cedula-verifier: options" options cedula-verifier Options - cedula-verifier
for verb in inspect audit; do
	no "cedula-verifier $verb: options" options cedula-verifier "$verb" - \
	    cedula-verifier "$verb"
done
for verb in add show check remove; do
	no "cedula-verifier trust $verb: options" options cedula-verifier trust - \
	    cedula-verifier trust $verb
done
no "cedula-verifier: verdicts and details" missing_tokens cedula-verifier \
    common/verdict.h
for page in cedula-verifier cedula-issuer; do
	no "$page: status tokens" missing_tokens "$page" common/status.h
done
no "cedula-verifier: exit statuses" missing_exits cedula-verifier \
    common/verdict.h common/status.h
for page in cedula-issuer cedula-keys; do
	no "$page: exit statuses" missing_exits "$page" common/status.h
done
no "cedula-scan: exit statuses" scan_exits
no "the examples run" run_examples
if command -v mandoc >/dev/null 2>&1; then
	no "mandoc has no warning" mandoc -T lint -W warning "$man"/*.1
fi
echo "1..$n"
exit "$failed"
