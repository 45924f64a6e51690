#!/bin/sh
# messages.sh update | check: the Spanish catalogue and the sources.
#
# update (make po) merges the messages marked in the sources into
# common/po/es.po. check (TAP) finds what is not translated, not marked, or not
# said in the language asked for by the programs in $B.
set -u
B=${B:-build}
po=common/po/es.po
T=$(mktemp -d) || exit 70
trap 'rm -rf "$T"' EXIT

# The demo is in English; tests speak to nobody.
sources() {
	find common keys verifier issuer -name '*.[ch]' ! -path 'issuer/demo/*' |
	    LC_ALL=C sort
}

# The messages of the sources. Without lines and dates, which change daily.
extract() {
	sources | xgettext --files-from=- --language=C --from-code=UTF-8 \
	    --keyword --keyword=_ --keyword=N_ --keyword=gettext \
	    --flag=_:1:pass-c-format --flag=gettext:1:pass-c-format \
	    --flag=diag_set:3:c-format --add-location=file \
	    --package-name=cedula --output="$T/all.pot" || exit 70
	sed '/^"POT-Creation-Date:/d' "$T/all.pot"
}

update() {
	extract >"$T/cedula.pot"
	msgmerge --quiet --no-fuzzy-matching --add-location=file \
	    "$po" "$T/cedula.pot" >"$T/merged.po" || exit 65
	# What the sources no longer say is of no use here.
	msgattrib --no-obsolete --add-location=file "$T/merged.po" >"$T/es.po" || exit 65
	cmp -s "$T/es.po" "$po" || cp "$T/es.po" "$po"
	msgfmt -c --statistics -o /dev/null "$po"
}

n=0
failed=0

# none WHAT COMMAND...: the command must print nothing and succeed.
none() {
	what=$1
	shift
	n=$((n + 1))
	if found=$("$@" 2>&1) && [ -z "$found" ]; then
		echo "ok $n - $what"
	else
		echo "not ok $n - $what"
		printf '%s\n' "$found" | head -40 | sed 's/^/# /'
		failed=1
	fi
}

# With nothing stale, every message of one is a message of the other.
untranslated() {
	msgcmp "$po" "$T/cedula.pot" 2>&1
	msgattrib --untranslated --no-obsolete "$po" | grep '^msgid'
	true
}
fuzzy() {
	grep -n '^#, .*fuzzy' "$po"
	true
}
stale() {
	grep -n '^#~' "$po"
	msgcmp --use-untranslated "$T/cedula.pot" "$po" 2>&1 |
	    grep -v 'cedula.pot: warning'
	true
}
catalogue_header() {
	for field in 'Language: es' 'Content-Type: text/plain; charset=UTF-8'; do
		sed -n '1,/^$/p' "$po" | grep -qF "\"$field\\n\"" || echo "no $field"
	done
}
compiles() {
	msgfmt -c -o /dev/null "$po"
}
# Every sentence of the tables, however xgettext understands macros.
tables() {
	for f in common/verdict.h common/status.h; do
		sed -n 's/.*N_("\(.*\)")[ )]*\\*$/\1/p' "$f" >"$T/table"
		grep '^	X(' "$f" | grep -vE 'N_\("|""' | sed "s|^|$f: not marked: |"
		[ "$(wc -l <"$T/table")" -ge 18 ] || echo "$f: the table is not understood"
		while IFS= read -r line; do
			grep -qxF "msgid \"$line\"" "$T/flat.po" || echo "$f: $line"
		done <"$T/table"
	done
}

# What the verifier says of the card, the card says too, word for word.
notice() {
	tr -d '\n\t' <issuer/print/back.c | sed 's/" *"//g' >"$T/back"
	for text in 'Proves identity and consular registration only; says nothing about immigration or work status.' \
	    "$(sed -n '/^msgid "Proves identity/{n;s/^msgstr "\(.*\)"$/\1/p;}' "$T/flat.po")"; do
		[ -n "$text" ] && grep -qF "\"$text\"" "$T/back" || echo "not on the card: $text"
	done
}

# ---- what the programs say ---------------------------------------------------

helps() { # PROGRAM: the commands that have a --help, a line each
	case $1 in
	cedula-keys | cedula-issuer)
		"$B/bin/$1" --lang en --help |
		    awk '/^  / { if (substr($0, 3, 1) != "-") print }' |
		    awk -v p="$1" '{ verb = p == "cedula-keys" ? substr($0, 11, 8) : substr($0, 15, 12)
			gsub(/ /, "", verb); print $1, verb }' ;;
	cedula-verifier) echo inspect ;;
	esac
	echo
}
program_speaks() { # PROGRAM
	"$B/bin/$1" --lang es --help | grep -q '^uso:' || echo "--lang es: no 'uso:'"
	"$B/bin/$1" --lang en --help | grep -q '^usage:' || echo "--lang en: no 'usage:'"
	# No locale of this name exists here, nor does it need to.
	LANGUAGE='' LC_ALL=es_NI.UTF-8 "$B/bin/$1" --help | grep -q '^uso:' ||
	    echo "LC_ALL=es_NI.UTF-8: no 'uso:'"
	LANGUAGE=es LC_ALL=en_US.UTF-8 "$B/bin/$1" --help | grep -q '^usage:' ||
	    echo "LC_ALL=en_US.UTF-8: no 'usage:'"
	# No line of any help reads the same in both languages, but for one word.
	helps "$1" | while read -r words; do
		# shellcheck disable=SC2086  # one or two words, or none
		"$B/bin/$1" $words --lang en --help >"$T/en" || echo "$words: --help fails"
		# shellcheck disable=SC2086
		"$B/bin/$1" $words --lang es --help >"$T/es"
		grep -Fxf "$T/en" "$T/es" | grep -vE '^$| Sector$' | sed "s/^/$words: /"
	done
}
# A verdict, a failure that comes from the table and one that comes from a call.
sentences() {
	echo 'no credential' >"$T/text"
	"$B/bin/cedula-verifier" --lang es inspect "$T/none" 2>&1 | grep -q 'no existe ese archivo' ||
	    echo "a missing file is not said in Spanish"
	"$B/bin/cedula-keys" --lang es key show "$T/text" 2>&1 | grep -q 'no es una llave pública' ||
	    echo "a wrong key is not said in Spanish"
	"$B/bin/cedula-scan" --lang es "$T/text" 2>&1 | grep -q 'no es una imagen PNG ni JPEG' ||
	    echo "a wrong picture is not said in Spanish"
	"$B/bin/cedula-issuer" --lang es --register "$T/none" person show 1 2>&1 |
	    grep -q 'no hay ningún registro' || echo "a missing register is not said in Spanish"
}

# ---- what is said but not marked -----------------------------------------------

# What is rightly not translated: file, string, reason.
allowed() {
	sed 's/[[:space:]]*#.*//' <<-'EOT'
	keys/main.c %s: --lang: es or en\n	# before a language is known
	issuer/main.c --lang: es or en
	verifier/main.c %s: --lang: es or en\n
	keys/cmd_key.c EdDSA			# names of the standards
	keys/cmd_key.c ES256
	keys/cmd_key.c kid %.16s\n
	keys/cmd_key.c thumbprint %s\n
	keys/cmd_trust.c document		# what --role takes
	keys/cmd_trust.c status
	issuer/answer.c {\"result\":\"%s\"	# JSON
	issuer/cmd/card.c family		# tokens, as in JSON and options
	issuer/cmd/card.c individual
	issuer/report/pdf.c Noto Sans		# a name
	issuer/ticket.c NAME
	issuer/print/front.c family		# fixed texts, which fit
	issuer/print/front.c title
	issuer/print/front.c specimen
	issuer/print/back.c specimen
	issuer/print/back.c verify
	issuer/print/back.c notice
	issuer/print/back.c return
	EOT
}

# Strings a person reads that stand outside _() and N_(): the words left in the
# arguments of the functions that print, formats and escapes taken away.
unmarked() {
	sources | while read -r f; do
		awk -v file="$f" -v allow="$T/allowed" '
		BEGIN {
			while ((getline line <allow) > 0)
				fine[line] = 1
			# the first argument that is shown
			k = split("printf:1 fprintf:2 dprintf:2 puts:1 fputs:1 " \
			    "perror:1 diag_set:3 diag_errno:3 answer_text:3 " \
			    "answer_int:3 photo_damaged:2 type_set:5 row:2 ask:2 " \
			    "read_line:2 older:2 newer:2 file_read:1 field:8 " \
			    "date_field:7 add:7", a, " ")
			for (i = 1; i <= k; i++) {
				split(a[i], b, ":")
				first[b[1]] = b[2]
			}
		}
		{ text = text $0 "\n" }
		# The place behind the literal that begins at i.
		function literal(i) {
			for (i++; substr(text, i, 1) != "\""; i++)
				if (substr(text, i, 1) == "\\")
					i++
			return i + 1
		}
		# Comments go, their lines stay.
		function blank_comments(    out, c) {
			while (match(text, /\/\*([^*]|\*+[^*\/])*\*+\//)) {
				c = substr(text, RSTART, RLENGTH)
				gsub(/[^\n]/, "", c)
				out = out substr(text, 1, RSTART - 1) c
				text = substr(text, RSTART + RLENGTH)
			}
			text = out text
		}
		function report(s, at,    t, before) {
			t = s
			gsub(/%[-0-9.*#+ ]*(hh|h|ll|l|z|j)?[a-zA-Z]/, "", t)
			gsub(/\\(033|[a-z])(\[[0-9;]*m)?/, "", t)
			if (t !~ /[A-Za-z][A-Za-z]/ || (file " " s) in fine)
				return
			before = substr(text, 1, at)
			printf "%s:%d: %s\n", file, gsub(/\n/, "", before) + 1, s
		}
		# The call of name whose bracket is at i.
		function call(name, i,    depth, arg, marked, c, e, word, start) {
			depth = 0; arg = 1; marked = 0; word = ""
			for (; i <= length(text); i++) {
				c = substr(text, i, 1)
				if (c == "\"") {
					e = literal(i)
					if (!marked && arg >= first[name])
						report(substr(text, i + 1, e - i - 2), i)
					i = e - 1
				} else if (c == "\047") {
					i += substr(text, i + 1, 1) == "\\" ? 3 : 2
				} else if (c == "(") {
					depth++
					if (!marked && word ~ /^(_|N_|gettext|strcmp|strchr|bytes_text|json_[a-z_]*)$/)
						marked = depth
				} else if (c == ")") {
					if (depth == marked)
						marked = 0
					if (--depth == 0)
						return
				} else if (c == "," && depth == 1)
					arg++
				if (c ~ /[A-Za-z0-9_]/)
					word = word c
				else if (c !~ /[ \t\n]/)
					word = ""
			}
		}
		END {
			blank_comments()
			rest = text; base = 0
			while (match(rest, /[A-Za-z_][A-Za-z0-9_]*\(/)) {
				name = substr(rest, RSTART, RLENGTH - 1)
				if (name in first)
					call(name, base + RSTART + RLENGTH - 1)
				base += RSTART + RLENGTH - 1
				rest = substr(rest, RSTART + RLENGTH)
			}
		}' "$f"
		grep -nE '\.(help|label) = "' "$f" | sed "s|^|$f:|"
	done
	true
}

check() {
	extract >"$T/cedula.pot"
	msgcat --no-wrap "$po" >"$T/flat.po"
	allowed >"$T/allowed"
	none "every message of the sources is translated" untranslated
	none "no translation is fuzzy" fuzzy
	none "no translation is of a message that is gone" stale
	none "the catalogue's header says Spanish, UTF-8" catalogue_header
	none "the catalogue compiles and its formats match (msgfmt -c)" compiles
	none "every sentence of the verdict and status tables is in it" tables
	none "the card prints the notice that the verifier gives" notice
	for p in cedula-verifier cedula-keys cedula-issuer cedula-scan; do
		none "$p speaks the language asked for" program_speaks "$p"
	done
	none "failures are told in Spanish" sentences
	none "nothing is said that is not marked for translation" unmarked
	echo "1..$n"
	exit $failed
}

case ${1:-} in
update) update ;;
check) check ;;
*)
	echo "usage: messages.sh update|check" >&2
	exit 64
	;;
esac
