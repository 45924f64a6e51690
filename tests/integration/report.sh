#!/bin/sh
# Reports: figures against rows that are known, what is withheld, every form,
# several offices, and that nothing but the record of it is changed. TAP. Run in
# the project's root; B is the build folder.
# shellcheck disable=SC2317  # functions are called through check
set -u
# shellcheck source=tests/integration/office.inc
. tests/integration/office.inc
trap 'rm -rf "$tmp"' EXIT
trap 'exit 70' HUP INT TERM

# put STATEMENTS: rows as years of work would leave them. No rule is asked: the
# cards they speak of were never signed.
put() {
	{
		echo 'PRAGMA foreign_keys = OFF; PRAGMA ignore_check_constraints = ON; BEGIN;'
		sqlite3 "$CEDULA_REGISTER" "SELECT 'DROP TRIGGER ' || name || ';'
		    FROM sqlite_master WHERE type = 'trigger'"
		echo "$1"
		sqlite3 "$CEDULA_REGISTER" "SELECT sql || ';' FROM sqlite_master
		    WHERE type = 'trigger'"
		echo 'COMMIT;'
	} >"$tmp/put"
	sqlite3 -batch -bail "$CEDULA_REGISTER" <"$tmp/put"
}

# people N SEX BIRTH DISTRICT OCCUPATION: as a statement.
people() {
	echo "WITH RECURSIVE k (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM k WHERE i < $1)
	    INSERT INTO person (surname1, surname2, given, sex, birth_date, birth_place,
	    nationality, nationality_evidence, identity_evidence, address, district, telephone,
	    occupation, sector, employer, workplace, emergency_contact, guardian, consent, folded,
	    enrolled, enrolled_by, origin) SELECT 'Secreto', '', 'Nadie', '$2', '$3', '', 'NIC', '', '',
	    'Calle Reservada', '$4', '', '$5', 'Campo', '', '', '', '', '2024-01-01', 'SECRETO',
	    1704067200, 1, '=León' FROM k;"
}

# apply CAUSE STATE SUBMITTED DAYS_TO_DECISION DAYS_TO_ISSUE WHERE: an application of each
# person that matches, and the card of an issued one.
apply() {
	echo "INSERT INTO application (kind, person, state, created, submitted, decided, issued,
	    submitter, approver, reason, cause) SELECT 'individual', id, '$2',
	    unixepoch('$3'), unixepoch('$3'), unixepoch('$3') + ($4) * 86400,
	    CASE '$2' WHEN 'issued' THEN unixepoch('$3') + ($5) * 86400 END, 1, 2, 'x', '$1'
	    FROM person WHERE $6;
	    INSERT OR IGNORE INTO card (number, application, person, photo, kind, list, idx, issued,
	    expires, kid, token, qr, officer) SELECT printf('SJO%06d', id), id, person, 1, kind, 1, id,
	    issued, issued + 1, zeroblob(8), zeroblob(1), 'x', 1 FROM application WHERE state = 'issued';"
}

make_office() {
	put "$(people 12 F 1990-05-05 'San José' 'Albañil')
	    $(people 8 M 2000-05-05 'San José' 'albanil')
	    $(people 6 F 1950-05-05 'SAN JOSE' 'Costurera')
	    $(people 7 F 1990-05-05 Alajuela Vendedora)
	    $(people 9 M 2000-05-05 Alajuela '')
	    $(apply first issued 2025-02-03T23:00:00Z 'id % 12' 'id % 12 + 2' 'id <= 12')
	    $(apply renewal issued 2025-03-03T01:00:00Z 1 2 'id BETWEEN 13 AND 20')
	    $(apply first refused 2025-03-31T23:59:59Z 0 0 'id BETWEEN 27 AND 33')
	    $(apply first issued 2024-12-31T00:00:00Z 0 0 'id BETWEEN 34 AND 42')
	    UPDATE application SET issued = unixepoch('2024-12-31T23:59:59Z') WHERE person = 34;
	    INSERT INTO card_event (card, at, officer, event, reason)
	    SELECT id, unixepoch('2025-06-30T12:00:00Z'), 1, 'revoke', 'x' FROM card WHERE person <= 6;
	    INSERT INTO card_event (card, at, officer, event, reason)
	    SELECT id, unixepoch('2025-06-30T12:00:00Z'), 1, 'suspend', 'x' FROM card WHERE person BETWEEN 7 AND 12;
	    INSERT INTO loss (card, at, officer, kind, date, place, police_report)
	    SELECT id, unixepoch('2025-07-01T12:00:00Z'), 1, CASE WHEN person <= 5 THEN 'lost' ELSE 'stolen' END,
	    '2025-06-20', 'x', 'x' FROM card WHERE person <= 10;
	    INSERT INTO handover (card, at, officer, to_name, role, proxy, proxy_document, signed)
	    SELECT c.id, a.submitted + 30 * 86400, 1, 'x', 'holder', 0, '', 'x' FROM card AS c JOIN application AS a
	    ON a.id = c.application WHERE c.person <= 12;
	    INSERT INTO household (head, created) SELECT id, 1704067200 FROM person WHERE id <= 9;
	    UPDATE household SET closed = unixepoch('2025-06-01'), reason = 'x' WHERE head = 9;"
}

# csv REPORT OPTION...: its lines without the words that all have.
csv() {
	kind=$1
	shift
	issuer report "$kind" --from 2025-01-01 --to 2025-12-31 --format csv "$@" |
	    tr -d '\r' | cut -d, -f5-
}
# line ROW,SEX FIGURES REPORT OPTION...
line() {
	want=$1,$2
	shift 2
	csv "$@" >"$tmp/csv" && grep -qxF -e "$want" "$tmp/csv" && return 0
	echo "# no line $want in:"
	sed 's/^/# /' "$tmp/csv"
	return 1
}
# ages DAY SEX: the youngest four groups of the population.
ages() {
	# Who is older has to wait; others' commands stay where they are.
	[ "$(date -d "$1" +%s)" -lt "$(date -d "$today" +%s)" ] && at=$now || at=${1}T12:00:00Z
	"$B/bin/cedula-issuer" --now "$at" report population --to "$1" --format csv | tr -d '\r' | grep "all,$2," | cut -d, -f7-10
}
audits() {
	sql "SELECT count(*) FROM audit WHERE action = 'report.make'"
}
# unchanged COMMAND...: nothing is recorded by what is refused.
unchanged() {
	before=$(audits)
	"$@" && [ "$(audits)" = "$before" ]
}

setup
make_register >"$tmp/log" 2>&1 || { cat "$tmp/log"; exit 70; }
make_office || exit 70

# ---- figures ----
check "population: women by age" line all,F 0,0,0,19,0,6,0,25 population
check "population: all" line all,total 0,0,17,19,0,6,0,42 population
check "population: spellings are one row, named by the most frequent" line "San José,total" 0,0,8,12,0,6,0,26 population --by district
check "population: a district" line Alajuela,M 0,0,9,0,0,0,0,9 population --by district
check "population: total of the rows" line total,total 0,0,17,19,0,6,0,42 population --by district
check "population: not stated" line not-stated,total 0,0,9,0,0,0,0,9 population --by occupation
check "population: accents are one row" line Albañil,total 0,0,8,12,0,0,0,20 population --by occupation
check "population: nobody is enrolled yet" gives 0,0,0,0 ages 2023-12-31 total
check "ages on the day: the day before the birthday" gives 0,0,17,0 ages 2030-05-04 M
check "and the birthday" gives 0,0,0,17 ages 2030-05-05 M
check "households: heads that are women" line all,F 0,0,0,8,0,0,0,8 households
check "issued: within the period alone" line all,total 0,0,8,12,0,0,0,20 issued
check "issued: by month, in the month of issue" line 2025-03,M 0,0,8,0,0,0,0,8 issued --by month
check "issued: a month without any" line 2025-07,total 0,0,0,0,0,0,0,0 issued --by month
check "issued: by year" line 2025,total 0,0,8,12,0,0,0,20 issued --by year
check "issued: by cause" line first,F 0,0,0,12,0,0,0,12 issued --by cause
check "issued: by kind" line individual,total 0,0,8,12,0,0,0,20 issued --by kind
check "issued: by origin; a formula is a text" line "'=León,total" 0,0,8,12,0,0,0,20 issued --by origin
check "issued: by sector" line Campo,total 0,0,8,12,0,0,0,20 issued --by sector
check "renewed: the renewals alone" line all,total 0,0,8,0,0,0,0,8 renewed
check "refused: decided in the period" line all,F 0,0,0,7,0,0,0,7 refused
check "revoked: not what was suspended" line all,total 0,0,0,6,0,0,0,6 revoked
check "lost: by kind" line stolen,F 0,0,0,5,0,0,0,5 lost --by kind
check "lost: by the day of the report, not of the loss" gives 'lost,2025-06-01,2025-06-30,none,all,total,0,0,0,0,0,0,0,0' sh -c "\"$B/bin/cedula-issuer\" --now '$now' report lost --from 2025-06-01 --to 2025-06-30 --format csv | tr -d '\\r' | tail -1"

# ---- waiting: 12 women after 0 to 11 days, 7 refused at once, 8 men after 1 ----
check "waiting for the decision: median, 90th percentile, longest" line decision,all,F '19,2,10,11' waiting
check "waiting for the issue" line issue,all,F '12,7,12,13' waiting
check "waiting for the handover" line handover,all,total '12,30,30,30' waiting
check "waiting: nobody has no days" line handover,all,M '0,,,' waiting
check "waiting: the columns" gives 'stage,row,sex,count,median,ninetieth,longest' sh -c "\"$B/bin/cedula-issuer\" --now '$now' report waiting --from 2025-01-01 --to 2025-12-31 --format csv | tr -d '\\r' | head -1 | cut -d, -f5-"

# ---- what people become ----
put "INSERT INTO person_event (person, at, officer, event, date, place, evidence) VALUES
    (1, 1, 1, 'departure', '2025-06-01', 'x', 'x'), (2, 1, 1, 'death', '2025-06-01', 'x', 'x'),
    (3, 1, 1, 'departure', '2025-06-01', 'x', 'x'), (3, 1, 1, 'arrival', '2025-09-01', 'x', 'x');
    INSERT INTO person_event (person, at, officer, event, date, place, evidence) VALUES
    (6, 1, 1, 'death', '2025-06-01', 'x', 'x'), (6, 1, 2, 'correction', '2025-07-01', '', 'x'),
    (6, 1, 1, 'departure', '2025-10-01', 'x', 'x');
    UPDATE person SET state = 'departed', state_since = '2025-10-01' WHERE id = 6;
    UPDATE person SET state = 'departed', state_since = '2025-06-01' WHERE id = 1;
    UPDATE person SET state = 'dead', state_since = '2025-06-01' WHERE id = 2;
    UPDATE person SET state = 'abroad', state_since = '2025-09-01' WHERE id = 3;
    UPDATE person SET state = 'merged', state_since = '2025-09-01', merged_into = 5 WHERE id = 4;"
# total TO: the population of that day.
total() {
	# Who is older has to wait; others' commands stay where they are.
	[ "$(date -d "$1" +%s)" -lt "$(date -d "$today" +%s)" ] && at=$now || at=${1}T12:00:00Z
	"$B/bin/cedula-issuer" --now "$at" report population --to "$1" --format csv | tr -d '\r' | tail -1 | cut -d, -f14
}
check "before they left, but for the one who is another" gives 41 total 2025-05-31
check "while they were away" gives 38 total 2025-08-31
check "after one came back" gives 39 total 2025-09-01
check "a death that was taken back never was" gives 38 total 2025-10-01

# ---- small counts ----
put "$(people 2 F 2015-01-01 Alajuela Domador)"
csv population --by district >"$tmp/csv"
check "two children are withheld" sh -c "grep -q '^Alajuela,F,x,' '$tmp/csv'"
check "and with them what would tell" sh -c "[ \"\$(grep -o ',x' '$tmp/csv' | wc -l)\" -ge 8 ] && ! grep -qE ',[1-4](,|\$)' '$tmp/csv'"
check "zeros are shown" sh -c "grep -q '^Alajuela,M,0,0,9,0,' '$tmp/csv'"
check "a rare occupation names nobody" sh -c "! \"$B/bin/cedula-issuer\" --now '$now' report population --to 2025-12-31 --by occupation | grep -qi domador"
check "it is among the others" sh -c "\"$B/bin/cedula-issuer\" --now '$now' report population --to 2025-12-31 --by occupation --format csv | grep -q 'occupation,other,F,x'"
check "--rows: the others in one" sh -c "\"$B/bin/cedula-issuer\" --now '$now' report population --to 2025-12-31 --by district --rows 1 --format csv | tr -d '\\r' | grep -q 'district,other,M,0,0,9,0,0,0,0,9'"
check "nobody's name is in any form" sh -c "! \"$B/bin/cedula-issuer\" --now '$now' report population --to 2025-12-31 --by district | grep -qi -e secreto -e reservada"

# ---- cases: affected persons; of strangers nothing is known ----
put "INSERT INTO protection_case (id, kind, state, district, referral, next_step, deadline, opened, opened_by)
    SELECT id, 'accident', 'open', 'Limón', '', 'x', '2025-05-01', unixepoch('2025-04-01'), 1 FROM person WHERE id <= 13;
    INSERT INTO case_party (case_id, person, name, role, contact, added, officer) SELECT id, id, 'Secreto', 'affected', '', 1, 1
    FROM person WHERE id <= 6;
    INSERT INTO case_party (case_id, person, name, role, contact, added, officer) SELECT id, NULL, 'Secreto', 'affected', '', 1, 1
    FROM person WHERE id BETWEEN 7 AND 12;
    INSERT INTO case_party (case_id, person, name, role, contact, added, officer) VALUES (1, NULL, 'Secreto', 'witness', '', 1, 1);"
check "cases: the affected who are registered" line accident,F 0,0,0,6,0,0,0,6 cases --by kind
check "cases: strangers, and a case without anybody" line accident,unknown 0,0,0,0,0,0,7,7 cases --by kind
check "cases: their own district" line Limón,total 0,0,0,6,0,0,7,13 cases --by district
check "cases: a kind without any" line trafficking,total 0,0,0,0,0,0,0,0 cases --by kind

# ---- forms ----
period='--from 2025-01-01 --to 2025-12-31'
# shellcheck disable=SC2086  # two options
check "JSON: null where it is withheld, and why" sh -c "\"$B/bin/cedula-issuer\" --now '$now' --json report population $period --by district | jq -e '
    .result == \"ok\" and .report == \"population\" and ([.rows[] | select(.row == \"Alajuela\" and .sex == \"F\")][0].age_0_11 == null)
    and ([.rows[] | select(.row == \"Alajuela\" and .sex == \"M\")][0].total == 9)
    and (.withheld | any(.row == \"Alajuela\" and .sex == \"F\" and .age == \"age_0_11\")) and (.withheld | all(.reason == \"small-or-protecting\"))' >/dev/null"
check "--format json is the same object" sh -c "\"$B/bin/cedula-issuer\" --now '$now' report issued $period --format json | jq -e '.rows[2].total == 20' >/dev/null"
check "text for people" holds 'Total  *0  *0  *8  *12  *0  *0  *20' issuer report issued --from 2025-01-01 --to 2025-12-31
check "CSV has RFC 4180's line ends" sh -c "[ \"\$(\"$B/bin/cedula-issuer\" --now '$now' report issued $period --format csv | grep -c \"\$(printf '\\r')\")\" -eq 6 ]"
check "PDF: a file" gives "$tmp/a.pdf" issuer report population --from 2025-01-01 --to 2025-12-31 --by district --format pdf --out "$tmp/a.pdf"
kept=$(sha256sum <"$CEDULA_REGISTER")
check "never over a file, were it the register" unchanged ends 65 'never overwritten' issuer report issued --from 2025-01-01 --to 2025-12-31 --out "$CEDULA_REGISTER"
check "... nor a key" unchanged ends 65 'never overwritten' issuer report issued --from 2025-01-01 --to 2025-12-31 --out "$tmp/doc.key"
check "... the register is as it was" [ "$(sha256sum <"$CEDULA_REGISTER")" = "$kept" ]
check "PDF: the same again, bit for bit" sh -c "\"$B/bin/cedula-issuer\" --lang en --now '$now' report population $period --by district --format pdf --out '$tmp/b.pdf' >/dev/null && cmp '$tmp/a.pdf' '$tmp/b.pdf'"
check "PDF: readers have nothing to say" sh -c "[ -z \"\$(pdftoppm -r 30 -png '$tmp/a.pdf' '$tmp/page' 2>&1)\" ] && [ -s '$tmp/page-1.png' ]"
check "PDF: every font is in it" sh -c "pdffonts '$tmp/a.pdf' | awk 'NR > 2 { n++; if (\$(NF - 4) != \"yes\") bad = 1 } END { exit bad || n == 0 }'"
check "PDF: A4" sh -c "pdfinfo '$tmp/a.pdf' | grep -q 'A4'"
pdftotext -layout "$tmp/a.pdf" "$tmp/a.txt"
check "PDF: what was counted, and no name" sh -c "grep -q 'Persons enrolled who were abroad' '$tmp/a.txt' && grep -q 'Alajuela' '$tmp/a.txt' && ! grep -qi secreto '$tmp/a.txt'"
for kind in waiting cases; do
	check "PDF of $kind" sh -c "\"$B/bin/cedula-issuer\" --now '$now' report $kind $period --by month --format pdf --out '$tmp/$kind.pdf' >/dev/null && [ -z \"\$(pdftoppm -r 20 '$tmp/$kind.pdf' '$tmp/page' 2>&1)\" ]"
done
check "all: every report in every form" sh -c "[ \"\$(\"$B/bin/cedula-issuer\" --lang en --now '$now' report all $period --by month --out '$tmp/all' | sed 1d | xargs ls | wc -l)\" -eq 36 ]"
mkdir "$tmp/there" && echo x >"$tmp/there/waiting.csv"
check "all: nothing is overwritten" unchanged ends 65 'waiting.csv: exists' issuer report all --from 2025-01-01 --to 2025-12-31 --out "$tmp/there"
check "... and none written" gives waiting.csv ls "$tmp/there"
check "all: the same figures" sh -c "grep -q '2025-03,M,0,0,8,0,0,0,0,8' '$tmp/all/issued.csv' && grep -q 'population,.*,none,all,total,' '$tmp/all/population.csv'"
check "all: for their reader alone" gives 600 stat -c %a "$tmp/all/cases.pdf"

# ---- several offices ----
sql 'PRAGMA wal_checkpoint(TRUNCATE)' >/dev/null
cp "$CEDULA_REGISTER" "$tmp/alj.cedula"
sqlite3 "$tmp/alj.cedula" "PRAGMA journal_mode = DELETE; UPDATE office SET code = 'ALJ', name = 'Consulado en Alajuela'; PRAGMA journal_mode = WAL" >/dev/null
rm -f "$tmp"/alj.cedula-*
sum=$(sha256sum <"$tmp/alj.cedula")
check "--with: a row an office" line 'Consulado en Alajuela,total' 0,0,8,12,0,0,0,20 issued --by office --with "$tmp/alj.cedula"
check "--with: and this one" line 'Consulado General en San José,total' 0,0,8,12,0,0,0,20 issued --by office --with "$tmp/alj.cedula"
check "--with: counted together" line all,total 0,0,16,24,0,0,0,40 issued --with "$tmp/alj.cedula"
check "--with: waiting together" line handover,all,total '24,30,30,30' waiting --with "$tmp/alj.cedula"
check "the other's file is as it was, and nothing beside it" sh -c "[ \"\$(sha256sum <'$tmp/alj.cedula')\" = '$sum' ] && [ ! -e '$tmp/alj.cedula-wal' ] && [ ! -e '$tmp/alj.cedula-shm' ]"
check "an office twice" unchanged ends 64 'office ALJ is counted already' issuer report issued --from 2025-01-01 --to 2025-12-31 --with "$tmp/alj.cedula" --with "$tmp/alj.cedula"
check "this office again" unchanged ends 64 'office SJO is counted already' issuer report issued --from 2025-01-01 --to 2025-12-31 --with "$CEDULA_REGISTER"
sqlite3 "$tmp/alj.cedula" 'PRAGMA journal_mode = DELETE; PRAGMA user_version = 3; PRAGMA journal_mode = WAL' >/dev/null
check "another version" unchanged ends 78 'has version 3 and this program reads version' issuer report issued --from 2025-01-01 --to 2025-12-31 --with "$tmp/alj.cedula"
check "and it was not brought up to date" gives 3 sqlite3 "$tmp/alj.cedula" 'PRAGMA user_version'
check "no register" unchanged ends 65 'not a register' issuer report issued --from 2025-01-01 --to 2025-12-31 --with tests/integration/report.sh
check "no file" unchanged ends 66 'no register there' issuer report issued --from 2025-01-01 --to 2025-12-31 --with "$tmp/none"

# ---- its record, and what is refused ----
check "a report is recorded" gives 'ana|report issued|{"from":"2025-01-01","to":"2025-12-31","by":"kind","format":"text","offices":["SJO"]}' sh -c "\"$B/bin/cedula-issuer\" --now '$now' report issued $period --by kind >/dev/null && sqlite3 '$CEDULA_REGISTER' \"SELECT o.login, a.object, a.details FROM audit AS a JOIN officer AS o ON o.id = a.officer WHERE action = 'report.make' ORDER BY a.id DESC LIMIT 1\""
check "no first day" unchanged ends 64 'from is missing' issuer report issued --to 2025-12-31
check "no last day" unchanged ends 64 'to is missing' issuer report issued --from 2025-01-01
check "nor of all" unchanged ends 64 'to is missing' issuer report all --from 2025-01-01 --out "$tmp/none"
check "the population of today needs none" holds "^To: $today" issuer report population
check "no day" unchanged ends 64 'to: not a date' issuer report issued --from 2025-01-01 --to 2025-02-30
check "the wrong way round" unchanged ends 64 'from is after' issuer report issued --from 2025-02-01 --to 2025-01-01
check "a day that has not come" unchanged ends 64 'to: .* has not come yet' issuer report population --to "$(day '1 day')"
check "nor of a period" unchanged ends 64 'has not come yet' issuer report issued --from 2025-01-01 --to "$(day '1 day')"
check "today has, and says who is counted" holds 'withdrew the consent stays' issuer report population --to "$today"
check "no such dimension" unchanged ends 64 'by: one of' issuer report issued --from 2025-01-01 --to 2025-12-31 --by name
check "not of this report" unchanged ends 64 'no such rows' issuer report population --to 2025-12-31 --by cause
check "no such form" unchanged ends 64 'format: one of' issuer report issued --from 2025-01-01 --to 2025-12-31 --format xls
check "a PDF needs a file" unchanged ends 64 'name the file' issuer report issued --from 2025-01-01 --to 2025-12-31 --format pdf
check "too many months" unchanged ends 64 'more than 120 months' issuer report issued --from 2000-01-01 --to 2025-12-31 --by month
check "too many rows" unchanged ends 64 'rows: .101. is not a whole number from 1 to' issuer report issued --from 2025-01-01 --to 2025-12-31 --rows 101
check "no folder to write in" unchanged ends 73 'nowhere' issuer report issued --from 2025-01-01 --to 2025-12-31 --out "$tmp/nowhere/a.txt"
# Who enrols makes no reports.
printf 'otra clave de prueba\n' >"$tmp/eva.pass"
issuer officer add eva --full-name 'Eva Soto' --role registrar --new-passphrase-file "$tmp/eva.pass" >/dev/null &&
    issuer login eva --passphrase-file "$tmp/eva.pass" --new-key-file "$tmp/eva.key" >/dev/null
check "a registrar makes no reports" unchanged ends 77 'eva' issuer --officer eva report issued --from 2025-01-01 --to 2025-12-31
check "nor all of them" unchanged ends 77 'eva' issuer --officer eva report all --from 2025-01-01 --to 2025-12-31 --out "$tmp/eva"
# ---- what is withheld with its total is drawn: a stub ----
put "$(people 3 F 2015-01-01 Chico Domador) $(people 9 M 2000-01-01 Chico Domador)"
# hatched TYPE OPTION...: how much of the first page is cut out of a hatching.
hatched() {
	rm -f "$tmp/hatch.pdf"
	issuer report population --to 2025-12-31 --format pdf --out "$tmp/hatch.pdf" "$@" >/dev/null &&
	    pdftocairo -svg -f 1 -l 1 "$tmp/hatch.pdf" "$tmp/hatch.svg" && grep -c 'clip-path=' "$tmp/hatch.svg"
}
check "the women of Chico, and so its total, are withheld" line Chico,total x,0,9,0,0,0,0,x population --by district
all=$(hatched)
check "... two districts have a stub, and the legend tells it" test "$(hatched --by district)" -eq $((all + 3))
check "the register is sound" gives ok sql 'PRAGMA integrity_check'

echo "1..$n"
exit "$failed"
