#!/bin/sh
# In and out: a file of persons into the register and out of it, what is refused
# and leaves nothing behind, an import that was killed. TAP on standard output.
# Run in the project's root; B is the build folder. Wants sqlite3 and jq.
# shellcheck disable=SC2317  # functions are called through check
set -u
# shellcheck source=tests/integration/office.inc
. tests/integration/office.inc
trap 'rm -rf "$tmp"' EXIT
trap 'exit 70' HUP INT TERM
setup
make_register >/dev/null || exit 70

import() {
	issuer import persons "$@"
}
json() {
	jq -e "$1" "$tmp/stdout" >/dev/null || {
		echo "# $(cat "$tmp/stdout")"
		return 1
	}
}
# said FILTER STATUS COMMAND...: the JSON answer holds, and ends so.
said() {
	filter=$1 want=$2
	shift 2
	"$@" --json >"$tmp/stdout" 2>"$tmp/stderr" </dev/null
	got=$?
	[ "$got" -eq "$want" ] && json "$filter" && return 0
	echo "# status $got: $(cat "$tmp/stderr")"
	return 1
}
counts() {
	sql 'SELECT (SELECT count(*) FROM person), (SELECT count(*) FROM household),
	    (SELECT count(*) FROM import_job), (SELECT count(*) FROM audit)'
}
# unchanged COMMAND...: whatever it answers, the register is as it was.
unchanged() {
	before=$(counts)
	"$@" || return 1
	after=$(counts)
	[ "$before" = "$after" ] || {
		echo "# $before became $after"
		return 1
	}
}
head='ref,given,surname1,sex,birth-date,nationality,consent,telephone,household,relationship'
people() {
	cat <<-END
	$head
	7,Ana,Ruiz,F,1990-01-02,NIC,$consent,+506 2222 3333,a,head
	8,Luis,Peña,M,1980-01-02,NIC,$consent,,a,spouse
	9,"Zoe ""Zeta"" María",,F,2010-05-05,NIC,$consent,,a,child
	10,Juan,Solo,M,1970-05-05,NIC,$consent,,,
	END
}
# with_column NAME: a file of one person with this column too.
with_column() {
	printf '%s,%s\n1,Ana,Ruiz,F,1990-01-02,NIC,%s,,,,x\n' "$head" "$1" \
	    "$consent" >"$tmp/column.csv"
}
# one LINE...: a file of these lines behind the header.
lines() {
	printf '%s\n' "$head" "$@"
}

people >"$tmp/people.csv"
check 'a dry run tells and changes nothing' unchanged said \
    '.lines == 4 and .good == 4 and .imported == 0' 0 import "$tmp/people.csv" --dry-run
check 'a file becomes persons and a household' said \
    '.imported == 4 and .households == 1 and .errors == []' 0 import "$tmp/people.csv"
check 'head and members are as the file says' test "$(sql "SELECT h.head ||
    group_concat(' ' || m.person || ':' || m.relationship, '') FROM household AS h
    JOIN household_member AS m ON m.household = h.id")" = '1 2:1 3:2'
check 'quotes, accents and the other system'\''s key are kept' test "$(sql "SELECT
    p.given || l.ref FROM person AS p JOIN import_line AS l ON l.person = p.id
    WHERE p.id = 3")" = 'Zoe "Zeta" María9'
check 'who names no district has the office'\''s' test \
    "$(sql 'SELECT DISTINCT district FROM person')" = 'San José'
check 'each person has an act, and the import two' test "$(sql "SELECT count(*)
    FROM audit WHERE action IN ('person.add', 'import.begin', 'import.end')")" = 6
# Two of them are one, and one is there already.
lines "30,Ana,Ruiz,F,1990-01-02,NIC,$consent,+506 2222 3333,," \
    "31,Mario Antonio,Quesada,M,1961-07-08,NIC,$consent,+506 2222 7777,," \
    "32,Mario Antonio,Quesada,M,1961-07-08,NIC,$consent,+506 2222 7777,," \
    "33,Eva,Nadie,F,1990-13-02,NIC,$consent,,," >"$tmp/twins.csv"
check 'a dry run counts the pairs that an import would leave' unchanged said \
    '.duplicates == 2 and .good == 3 and .imported == 0 and .households == 0' 65 import \
    "$tmp/twins.csv" --dry-run
check '... and leaves none' test "$(sql 'SELECT count(*) FROM duplicate')" = 0
check 'the same file is never imported twice' unchanged ends 65 'imported already' \
    import "$tmp/people.csv"
check '... nor gone on with' unchanged ends 65 'imported already' \
    import "$tmp/people.csv" --resume

# Columns.
with_column colour
check 'an unknown column is refused before anything' unchanged ends 65 \
    'line 1, column colour (11): is not known' import "$tmp/column.csv"
with_column given
check 'a doubled column too' unchanged ends 65 'is there twice' import "$tmp/column.csv"
with_column ''
check 'a column without a name too' unchanged ends 65 'has no name' import "$tmp/column.csv"
: >"$tmp/empty.csv"
check 'an empty file too' unchanged ends 65 'empty' import "$tmp/empty.csv"
lines >"$tmp/empty.csv"
check 'a header alone too' unchanged ends 65 'no line behind' import "$tmp/empty.csv"
check 'a file that is not there' unchanged ends 66 'no such file' import "$tmp/none.csv"
printf 'given\tsurname1\tsex\tbirth-date\tnationality\tconsent\nEva\tTab\tF\t1990-01-02\tNIC\t%s\n' \
    "$consent" >"$tmp/tab.csv"
check 'tabs are told from the first line' unchanged said '.good == 1' 0 import \
    "$tmp/tab.csv" --dry-run
check '--delimiter says otherwise' unchanged ends 65 'not known here' import \
    "$tmp/tab.csv" --delimiter ';'
check '--delimiter takes no other' ends 64 'comma, semicolon or tab' import \
    "$tmp/tab.csv" --delimiter x

# Broken lines in the middle.
lines "20,Eva,Uno,F,1990-01-02,NIC,$consent,,," \
    "21,Eva,Dos,F,1990-13-02,NIC,$consent,,," \
    "22,Eva,Tres,Q,1970-01-02,NIC,$consent,,b,head" \
    "23,Eva,Cuatro,F,1990-01-02,NIC,$consent,,b,child" \
    "24,Eva \"La\" X,Cinco,F,1990-01-02,NIC,$consent,,," \
    "25,Eva,Seis,F,1990-01-02,NIC,$consent" \
    "26,Eva,Siete,F,1990-01-02,NIC,$consent,,c,spouse" \
    "27,Eva,Ocho,F,1990-01-02,NIC,$consent,,d,child" \
    "28,Eva,Nueve,F,1990-01-02,NIC,$consent,,,child" \
    "29,Eva,Diez,F,1990-01-02,NIC,$consent,+506 2222 4444,," >"$tmp/broken.csv"
check 'a broken line: nothing is imported' unchanged says 65 'so none was' import \
    "$tmp/broken.csv"
check 'each fault has line, column and what to do' unchanged said '.result == "bad-data" and
    .broken == 8 and .good == 2 and .imported == 0 and
    ([.errors[] | "\(.line) \(.column) \(.number) \(.character) \(.ref)"] ==
    ["3 birth-date 5 null 21", "4 sex 4 null 22", "5 household 9 null 23", "6 given 2 8 24",
    "7 null null null 25", "8 household 9 null 26", "9 household 9 null 27",
    "10 household 9 null 28"]) and (.errors[0].error | test("YYYY-MM-DD"))' 65 import \
    "$tmp/broken.csv" --errors "$tmp/errors.csv"
check '... each column by its name and number there too' grep -q ',"\?given (2), character 8: a quote' \
    "$tmp/errors.csv"
check 'the broken lines are a file of their own' test "$(wc -l <"$tmp/errors.csv")" -eq 9
check '... its owner'\''s alone' test "$(stat -c %a "$tmp/errors.csv")" = 600
check '... and never overwritten' unchanged ends 65 'never overwritten' import \
    "$tmp/broken.csv" --errors "$tmp/errors.csv"
check '--skip-bad imports the others' said '.imported == 2 and .broken == 8' 65 import \
    "$tmp/broken.csv" --skip-bad
check 'these two' test "$(sql "SELECT group_concat(surname1) FROM person
    WHERE given = 'Eva'")" = Uno,Diez
sed -e 's/1990-13-02/1990-12-02/' -e 's/,Q,/,F,/' -e '/^24,/d; /Seis/d; /Siete/d; /Ocho/d; /Nueve/d' \
    "$tmp/errors.csv" >"$tmp/corrected.csv"
check 'corrected, the rest is imported, with its household' said \
    '.imported == 3 and .households == 1' 0 import "$tmp/corrected.csv"
lines "50,Eva,Abuela,F,1940-01-02,NIC,$consent,,e,grandparent" \
    "51,Eva,Madre,F,1980-01-02,NIC,$consent,,e,head" \
    "52,Eva,Hija,F,1985-01-02,NIC,$consent,,e,child" >"$tmp/ages.csv"
check 'a child too old for the head, on its line' unchanged said '.broken == 3 and
    .error == (.errors | "lines that cannot be imported: 3; so none was, and nothing was changed: correct them, or take --skip-bad")
    and (.errors[2] | .line == 4 and .column == "household" and (.error | test("^a child is born"))) and
    (.errors[:2] | all(.error | test("^another line")))' 65 import "$tmp/ages.csv"
check '... the cause first, and then what follows from it' json '[.reasons[] | [.lines, .first, (.error | .[:12])]] ==
    [[1, "4", "a child is b"], [2, "2, 3", "another line"]]'
lines "53,Eva,Sola,F,1960-01-02,NIC,$consent,,f,head" >"$tmp/alone.csv"
check 'a head alone is a person without a household' said '.imported == 1 and .households == 0' 0 \
    import "$tmp/alone.csv"
printf '%s\n30,Pe\361a,X,F,1990-01-02,NIC,%s,,,\n' "$head" "$consent" >"$tmp/latin.csv"
check 'Latin-1 is told, with its place' unchanged said \
    '.errors[0] | [.line, .column, .number, .character] == [2, "given", 2, 4]' 65 import "$tmp/latin.csv"
lines "31,Eva,Futuro,F,$(day '2 days'),NIC,$consent,,," >"$tmp/future.csv"
check 'what person add refuses is refused' unchanged said \
    '.errors[0].column == "birth-date"' 65 import "$tmp/future.csv"

# One fault of many lines is told once.
{
	lines
	for i in 1 2 3 4 5; do
		echo "6$i,Eva,Dos,F,1990-13-0$i,NIC,$consent,,,"
		echo "7$i,Eva,Dos,Q,1990-01-02,NIC,$consent,,,"
	done
	echo "80,Eva,Dos,F,1990-14-02,NIC,$consent,,,"
} >"$tmp/alike.csv"
alike() {
	says 65 '^5  *3, 5, 7, ... *sex (4)  ' import "$tmp/alike.csv" &&
	    says 65 '^6  *2, 4, 6, ... *birth-date (5)  ' import "$tmp/alike.csv" &&
	    [ "$(grep -c '(4)\|(5)' "$tmp/stdout")" -eq 2 ]
}
check 'a fault of many lines is one line' unchanged alike
check '... each line in JSON' unchanged said '(.errors | length) == 11 and .broken == 11 and
    ([.reasons[].lines] == [6, 5])' 65 import "$tmp/alike.csv"

# Photos.
mkdir "$tmp/photos" && cp "$tmp/face.jpg" "$tmp/photos/eva.jpg"
ln -s "$tmp/face.jpg" "$tmp/photos/link.jpg"
echo 'no picture' >"$tmp/photos/text.jpg"
photo() {
	printf '%s,photo\n40,Eva,%s,F,1990-01-02,NIC,%s,,,,%s\n' "$head" "$1" \
	    "$consent" "$2" >"$tmp/photo.csv"
}
photo Foto eva.jpg
check 'a photo without --photos' unchanged said '.errors[0].column == "photo"' 65 import \
    "$tmp/photo.csv"
check 'a photo by its name' said '.imported == 1' 0 import "$tmp/photo.csv" --photos "$tmp/photos"
check '... is the portrait that is kept' test "$(sql "SELECT count(*) FROM photo JOIN person
    ON person.id = photo.person WHERE surname1 = 'Foto'")" = 1
for name in ../face.jpg "$tmp/face.jpg" link.jpg text.jpg none.jpg .hidden; do
	photo Otra "$name"
	check "photo ${name##*/}: refused" unchanged said '.errors[0].column == "photo"' 65 \
	    import "$tmp/photo.csv" --photos "$tmp/photos"
done

# Killed, and gone on with. A job that stands in the middle is what a kill leaves.
seq 1 4000 | awk -v c="$consent" -v h="$head" 'BEGIN { print h } { printf \
    "%d,Nora,%c%c,F,19%02d-%02d-%02d,NIC,%s,,,\n", $1, 65 + $1 % 26, 65 + int($1 / 26) % 26,
    50 + $1 % 49, 1 + $1 % 12, 1 + $1 % 28, c }' >"$tmp/many.csv"
killed() {
	"$B/bin/cedula-issuer" import persons "$tmp/many.csv" >/dev/null 2>&1 &
	pid=$!
	for _ in $(seq 1 600); do
		[ "$(sql 'SELECT ifnull(max(done), 0) FROM import_job
		    WHERE lines = 4000' 2>/dev/null)" -ge 500 ] 2>/dev/null && break
		sleep 0.05
	done
	kill -9 "$pid" 2>/dev/null
	wait "$pid" 2>/dev/null
	done_n=$(sql 'SELECT done FROM import_job WHERE lines = 4000')
	[ "$done_n" -ge 500 ] && [ "$done_n" -lt 4000 ] &&
	    [ "$(sql "SELECT count(*) FROM person WHERE given = 'Nora'")" = "$done_n" ]
}
check 'a killed import stands between two chunks' killed
check 'it is not begun again by mistake' ends 65 'interrupted behind line' import "$tmp/many.csv"
check '--resume imports the rest' said ".imported == $((4000 - done_n)) and .imported_before == $done_n" \
    0 import "$tmp/many.csv" --resume
check 'every line once' test "$(sql "SELECT count(*), count(DISTINCT l.line) FROM import_line AS l
    JOIN import_job AS j ON j.id = l.job WHERE j.lines = 4000")" = '4000|4000'
check '--resume of nothing' unchanged ends 66 'leave --resume out' import "$tmp/future.csv" --resume
check 'a line cannot be imported again behind the program'\''s back' sh -c "! sqlite3 \
    '$CEDULA_REGISTER' \"INSERT INTO import_line SELECT job, 1, 1, '', '', 0 FROM import_line LIMIT 1\" 2>/dev/null"

# Out.
out() {
	what=$1 file=$2
	shift 2
	issuer export "$what" --out "$tmp/$file" "$@"
}
persons_n=$(sql 'SELECT count(*) FROM person')
check 'export persons' holds "^Rows: $persons_n\$" out persons out.csv
check 'its owner'\''s alone' test "$(stat -c %a "$tmp/out.csv")" = 600
check 'nothing is overwritten' unchanged ends 65 'never overwritten' out persons out.csv
check 'a telephone is no formula' grep -q ",'+506 2222 3333," "$tmp/out.csv"
check 'its act says who, what, how many' test "$(sql "SELECT o.login || ' ' ||
    json_extract(details, '\$.rows') FROM audit AS a JOIN officer AS o ON o.id = a.officer
    WHERE action = 'export.persons'")" = "ana $persons_n"
check 'JSON has a head' sh -c "'$B/bin/cedula-issuer' --lang en export persons --out '$tmp/out.json' \
    --format json >/dev/null && jq -e '.head.officer == \"ana\" and .rows == $persons_n and
    (.persons | length) == .rows and .persons[0].household == 1 and .persons[0].relationship ==
    \"head\" and .persons[0].birth_date == \"1990-01-02\"' '$tmp/out.json' >/dev/null"
check 'households' holds '^Rows: 5$' out households households.csv
check 'cards' holds '^Rows: 0$' out cards cards.csv
check 'applications' holds '^Rows: 0$' out applications applications.json --format json
check '... is JSON all the same' test "$(jq '.applications == []' "$tmp/applications.json")" = true
check '--district' holds '^Rows: 0$' out persons none.csv --district Liberia
check '--since' holds '^Rows: 0$' out persons later.csv --since "$(day '2 days')"
check '--since wants a date' ends 64 'not a date' out persons x.csv --since x
check '--format' ends 64 'csv or json' out persons x.csv --format xml
sql "UPDATE person SET consent_withdrawn = '$today' WHERE id = 4"
check 'who withdrew the consent does not go out' holds "^Rows: $((persons_n - 1))\$" out \
    persons fewer.csv
mkdir "$tmp/closed" && chmod 500 "$tmp/closed"
if [ "$(id -u)" -ne 0 ]; then
	check 'a folder that may not be written' unchanged ends 77 'denied' out persons closed/x.csv
else
	check 'a folder that is not there' unchanged ends 73 'folder' out persons none/x.csv
fi

# Another register takes it.
again() {
	CEDULA_REGISTER=$tmp/other.cedula
	first_officer issuer init --state NIC --office LIB --country X --name X \
	    --address X --verify-at X --demo >/dev/null && log_in >/dev/null &&
	    import "$tmp/out.csv" >/dev/null &&
	    out persons again.csv >/dev/null
	got=$?
	CEDULA_REGISTER=$tmp/office.cedula
	[ "$got" -eq 0 ] && cmp "$tmp/out.csv" "$tmp/again.csv"
}
check 'what went out comes in, and goes out the same' again

# Who may.
for command in "import persons $tmp/people.csv" "export persons --out $tmp/no.csv"; do
	# shellcheck disable=SC2086
	check "without an officer: ${command%% /*}" env -u CEDULA_OFFICER sh -c \
	    "! '$B/bin/cedula-issuer' $command >/dev/null 2>&1"
done
check 'the register is sound' sound
echo "1..$n"
exit "$failed"
