#!/bin/sh
# duplicates.sh: who is enrolled twice: found, shown side by side, decided once,
# and no card before it is. TAP. Run in the project's root.
set -u
# shellcheck source=tests/integration/office.inc
. tests/integration/office.inc
trap 'rm -rf "$tmp"' EXIT
trap 'exit 70' HUP INT TERM

luis() {
	issuer --officer luis "$@"
}
rows() {
	sql 'SELECT * FROM person; SELECT * FROM duplicate;
	    SELECT * FROM application; SELECT * FROM person_key' | cksum
}
# refused STATUS PATTERN COMMAND...: says so, and nothing has changed.
refused() {
	want=$1 pattern=$2
	shift 2
	before=$(rows)
	says "$want" "$pattern" "$@" && [ "$(rows)" = "$before" ] || {
		echo '# or the register has changed'
		return 1
	}
}
no_sql() {
	pattern=$1
	shift
	if sql "$@" >"$tmp/stdout" 2>&1; then
		echo "# it was done: $*"
		return 1
	fi
	grep -q -e "$pattern" "$tmp/stdout" || {
		sed 's/^/# /' "$tmp/stdout"
		return 1
	}
}
# asks JQ COMMAND...: exit 0, and the JSON answer is so.
asks() {
	want=$1
	shift
	issuer --json "$@" >"$tmp/stdout" 2>"$tmp/stderr" &&
	    jq -e "$want" "$tmp/stdout" >/dev/null || {
		sed 's/^/# /' "$tmp/stdout" "$tmp/stderr"
		return 1
	}
}
quietly() {
	"$@" >"$tmp/stdout" 2>&1
}
refused_third() {
	third_officer && refused 77 "you enrolled $real" luis duplicate decide "$stub" "$real" --different \
	    --reason x && no_sql 'four_eyes' "UPDATE duplicate SET decision = 'twin', decided = 0,
	    decided_by = 2, reason = 'x' WHERE b = $real" && quietly issuer officer change eva --deactivate
}

setup
make_register >/dev/null 2>&1 || exit 70
ana="--given Ana --surname1 Lopes --birth-date 1990-02-08 --sex F"

check 'one person, nobody like her' gives 1 enrol 'Ana María' López F 1990-02-08 --surname2 Pérez \
    --birth-place León --photo "$tmp/face.jpg"
check 'another who is nobody else' gives 2 enrol Juan Centeno M 1971-06-30 --photo "$tmp/face.jpg"

# Before enrolling: nothing is stored.
# shellcheck disable=SC2086  # options
check 'asked before' holds '^1  *Ana María López Pérez  *1990-02-08  *[0-9][0-9] ' issuer duplicate check $ana
# shellcheck disable=SC2086
check '... by a program' asks '.duplicates | length == 1 and .[0].person == 1 and
    (.[0].reasons | contains("birth-same"))' duplicate check $ana
check '... day and month exchanged' asks '.duplicates[0].reasons | contains("birth-swapped")' duplicate check \
    --given 'Ana María' --surname1 López --surname2 Pérez --birth-date 1990-08-02
check '... under the maiden name' asks '.duplicates[0].reasons | contains("maiden-name")' duplicate check \
    --given 'Ana María' --surname1 Ruiz --maiden López --birth-date 1990-02-08 --birth-place León
check '... somebody else' asks '.duplicates == []' duplicate check --given Wendy --surname1 Zeledón \
    --birth-date 1984-12-01
check '... no date' refused 64 'birth-date' issuer duplicate check --given Ana
check '... no calendar date' refused 65 'not a date' issuer duplicate check --given Ana --birth-date 1990-02-31
check '... nothing was stored' gives '2 0' sql 'SELECT (SELECT count(*) FROM person) || " " ||
    (SELECT count(*) FROM duplicate)'

# Enrolled all the same.
check 'enrolled again: the number, and who it may be' holds '^1  *Ana María López Pérez .*sound alike' \
    luis person add --given 'Ana Maria' --surname1 Lopes --surname2 Peres --sex F --birth-date 1990-02-08 \
    --birth-place 'León, León' --nationality NIC --consent "$consent" --photo "$tmp/face.jpg"
check '... has its number' [ "$(head -1 "$tmp/stdout")" = 3 ]
check '... is on the list' asks '.pairs | length == 1 and .[0].a == 1 and .[0].b == 3 and
    .[0].decision == "open" and .[0].score >= 80' duplicate list --open
check '... of the person' asks '.pairs | length == 1' duplicate list --person 3
check '... not of another' asks '.pairs == []' duplicate list --person 2
check 'no application of the one' refused 65 'duplicate show 1 3' issuer application submit --person 1
check '... nor the other' refused 65 'duplicate show 1 3' issuer application submit --person 3
check '... though others may' gives 1 issuer application submit --person 2
sql "INSERT INTO application (kind, person, state, created, submitter) VALUES ('individual', 3, 'draft',
    0, 1)"
check '... who she may be is said with it' holds '^1  *Ana María López Pérez  *[0-9]*  *open$' \
    issuer application show 2
check '... the register too' no_sql 'open duplicate' "UPDATE application SET state = 'submitted',
    submitted = 0 WHERE person = 3"
check 'nor of a family she is in' gives 1 issuer household add --head 2 --member 3:spouse
check '... refused' refused 65 'persons 1 and 3' issuer application submit --person 2 --family

# Side by side.
check 'the head of the table, in Spanish' holds '^  *Primera  *Segunda *$' "$B/bin/cedula-issuer" --lang es \
    --now "$now" duplicate show 3 1
check 'shown side by side' holds '^First surname  *López  *Lopes  *≠' issuer duplicate show 3 1
check '... what is the same has no mark' holds '^Date of birth  *1990-02-08  *1990-02-08 *$' issuer duplicate show 1 3
check '... for programs' asks '(.fields[] | select(.field == "surname1") | .differs) == "yes" and
    (.fields[] | select(.field == "photo") | .a) == "yes" and .decision == "open"' duplicate show 1 3
check '... of nobody' refused 66 'person 9' issuer duplicate show 1 9
issuer document add 1 --type passport --number C01234567 --issuer NIC --seen 'el original' >"$tmp/document" ||
    cat "$tmp/document"
in_spanish() {
	"$B/bin/cedula-issuer" --lang es --now "$now" duplicate show 1 3 >"$tmp/stdout"
	grep -q '^ *Primera  *Segunda$' "$tmp/stdout" && grep -q 'pasaporte C01234567' "$tmp/stdout" &&
	    ! grep -q 'Project-Id' "$tmp/stdout" || { cat "$tmp/stdout"; return 1; }
}
check '... in another language' in_spanish
check '... its tokens stay' asks '.fields[] | select(.field == "documents") | .a == "passport C01234567"' \
    duplicate show 1 3

# Decisions.
check 'who enrolled the newer does not decide alone' refused 77 'you enrolled 3' luis duplicate decide 1 3 \
    --different --reason 'las dos vinieron'
check '... the register too' no_sql 'four_eyes' "UPDATE duplicate SET decision = 'twin', decided = 0,
    decided_by = 2, reason = 'x'"
check 'no reason' refused 64 'reason' issuer duplicate decide 1 3 --different
check '... an empty one' refused 65 'reason' issuer duplicate decide 1 3 --different --reason ''
check 'neither' refused 64 'one of --different' issuer duplicate decide 1 3 --reason x
check 'both' refused 64 'one of --different' issuer duplicate decide 1 3 --twin --same --reason x
check 'keep who stays' refused 64 'keep goes with' issuer duplicate decide 1 3 --twin --keep 1 --reason x
check 'keep a third' refused 64 'give 1 or 3' issuer duplicate decide 1 3 --same --keep 2 --reason x
check 'of oneself' refused 64 'two persons' issuer duplicate decide 3 3 --twin --reason x
check 'twins' holds '^Decision: twin' issuer duplicate decide 3 1 --twin --reason 'actas 12 y 13'
check '... nothing is open' asks '.pairs == []' duplicate list --open
check '... and is not asked again' gives 'Fields changed: 1' issuer person edit 3 --occupation maestra
check '... nor by a scan' holds '^Open pairs: 0' issuer duplicate scan --again
check '... the application goes' gives 0 sql "UPDATE application SET state = 'submitted', submitted = 0
    WHERE person = 3; SELECT count(*) FROM open_duplicate"
check '... is recorded' gives 1 sql "SELECT count(*) FROM audit WHERE action = 'duplicate.decide' AND
    object = 'duplicate 1 3' AND details LIKE '%\"twin\"%actas 12 y 13%'"
check '... stays' no_sql 'kept' 'DELETE FROM duplicate'

# The same: the records become one.
check 'one more of Juan' holds '^1  *\|^2  *Juan Centeno' luis person add --given Jhuan --surname1 Senteno \
    --sex M --birth-date 1971-06-30 --nationality NIC --consent "$consent"
check 'who enrolled the one that goes does not merge' refused 77 'you enrolled 4, which would go' luis \
    duplicate decide 2 4 --same --reason 'la misma cédula'
check '... the register: not decided without a merge' no_sql 'when they are merged' "UPDATE duplicate SET
    decision = 'same', decided = 0, decided_by = 1, reason = 'x' WHERE a = 2 AND b = 4"
check 'who enrolled the one that stays: found alike, so he is' holds '^Person: 2' issuer \
    duplicate decide 2 4 --same --reason 'la misma cédula'
check '... merged' gives 2 sql 'SELECT merged_into FROM person WHERE id = 4'
check '... decided' gives same sql 'SELECT decision FROM duplicate WHERE a = 2 AND b = 4'
check '... and no candidate' asks '[.duplicates[].person] == [2]' duplicate check --given Juan \
    --surname1 Senteno --birth-date 1971-06-30
check '... shown as it was decided' holds '^Reason: la misma' issuer duplicate show 2 4
check '... for good' refused 65 'stays' issuer duplicate decide 2 4 --different --reason x
check 'two that nobody found' holds 'Decision: different' issuer duplicate decide 1 2 --different --reason x

# An older register: its keys are made when it is opened, its pairs by a scan.
sql "DELETE FROM person_key; DELETE FROM person_keyed;
    INSERT INTO person_unkeyed SELECT id FROM person"
check 'a register of before' holds '^1  *Ana María' issuer duplicate check --given Ana --surname1 Lopes \
    --birth-date 1990-02-08
check '... has its keys' gives 0 sql 'SELECT count(*) FROM person_unkeyed'
sql "INSERT INTO person (surname1, surname2, given, sex, birth_date, birth_place, nationality,
    nationality_evidence, identity_evidence, address, district, telephone, occupation, sector, employer,
    workplace, emergency_contact, guardian, consent, folded, enrolled, enrolled_by) SELECT surname1, '',
    given, sex, birth_date, birth_place, nationality, '', '', '', '', '', '', '', '', '', '', '', consent,
    folded, enrolled, 1 FROM person WHERE id = 2;
    INSERT INTO person_unkeyed VALUES (5)"
check 'a scan goes on where it was' holds '^Open pairs: 1' issuer duplicate scan
check '... and found them' asks '.pairs | length == 1 and .[0].a == 2 and .[0].b == 5' duplicate list --open

# Told from another under a false date, then corrected: asked again.
check 'somebody' gives 6 enrol Wendy Zeledón F 1984-12-01 --surname2 Mora \
    --birth-place Rivas
luis person add --given Wendy --surname1 Zeledón --surname2 Mora --sex F --birth-date 1996-03-17 \
    --birth-place Rivas --nationality NIC --consent "$consent" >/dev/null
check 'another, by the dates: alone' holds '^Decision: different' luis duplicate decide 6 7 --different \
    --reason 'otra fecha'
check '... the register: not asked again without cause' no_sql 'stays' "UPDATE duplicate SET
    decision = 'open', decided = NULL, decided_by = NULL, reason = '' WHERE a = 6"
check '... corrected to be the same' holds . luis person edit 7 --birth-date 1984-12-01
check '... is asked again' asks '[.pairs[] | select(.a == 6 and .b == 7)] | length == 1 and
    .[0].score >= 80' duplicate list --open
check '... no application meanwhile' refused 65 'duplicate show 6 7' luis application submit --person 7
check '... not of the same officer' refused 77 'you enrolled 7' luis duplicate decide 6 7 --different --reason x
check '... is recorded' gives 1 sql "SELECT count(*) FROM audit WHERE action = 'duplicate.reopen' AND
    object = 'duplicate 6 7' AND details LIKE '%\"different\"%\"open\"%'"
check '... decided by another' holds '^Decision: different' issuer duplicate decide 6 7 --different \
    --reason 'vistas juntas'
check '... for good' holds . luis person edit 7 --sector pesca
check '... though edited' gives 0 sql 'SELECT count(*) FROM open_duplicate WHERE a = 6'

check 'the list of what was decided' holds \
    "^6  *Wendy .*different .* ana  *vistas juntas$" issuer duplicate list --decided
check '... no other is in it' [ "$(grep -c ' open ' "$tmp/stdout")" -eq 0 ]
check '... and what is open has shorter lines' [ "$(issuer duplicate list | head -1 |
    grep -c 'Reasons  *Decided')" -eq 0 ]
check '... for programs always' asks '[.pairs[] | select(.a == 6 and .b == 7)] | .[0].decided_by == "ana"
    and .[0].reason == "vistas juntas" and (.[0].decided | length) == 20' duplicate list
check '... not both' refused 64 'one of --open and --decided' issuer duplicate list --open --decided
check 'the history of a person has what was decided of her' asks '[.history[] | select(.object ==
    "duplicate 6 7" and .field == "decision") | [.action, .officer, .before, .after]] ==
    [["duplicate.decide", "luis", "open", "different"], ["duplicate.reopen", "luis", "different", "open"],
    ["duplicate.decide", "ana", "open", "different"]]' person history 6
check '... with the score that it rose to' asks '.history[] | select(.action == "duplicate.reopen" and
    .field == "score") | (.before | tonumber) + 10 <= (.after | tonumber)' person history 7
check '... in order' asks '[.history[].when] | . == sort' person history 7
# What a pair was found with.
check 'an open pair once more' holds . luis person add --given Wendi --surname1 Seledón --surname2 Mora --sex F \
    --birth-date 1984-12-01 --birth-place Rivas --nationality NIC --consent "$consent"
score=$(sql 'SELECT score FROM duplicate WHERE a = 6 AND b = 8')
check '... its score does not fall' no_sql 'stays' 'UPDATE duplicate SET score = score - 1 WHERE a = 6 AND b = 8'
trigger=$(sql "SELECT sql FROM sqlite_master WHERE name = 'duplicate_score_rises'")
sql 'DROP TRIGGER duplicate_score_rises; UPDATE duplicate SET score = 60 WHERE a = 6 AND b = 8'
check '... and behind the tables: the two are scored again' refused 77 "a score of $score and you enrolled 8" luis \
    duplicate decide 6 8 --different --reason x
sql "UPDATE duplicate SET score = $score WHERE a = 6 AND b = 8; $trigger"
check '... nor by an edit' holds . luis person edit 8 --birth-date 1985-11-01
check '... it is asked as it was found' gives "$score open" sql "SELECT score || ' ' || decision FROM duplicate
    WHERE a = 6 AND b = 8"
check '... nor do its reasons change' no_sql 'stays' "UPDATE duplicate SET reasons = 'place-same'
    WHERE a = 6 AND b = 8"
check '... nor who found it' no_sql 'stays' 'UPDATE duplicate SET found_by = 1 WHERE a = 6 AND b = 8'
check '... nor the score of what was decided' no_sql 'stays' 'UPDATE duplicate SET score = 99 WHERE a = 1 AND b = 3'

# An old stub that is made into somebody: by whoever does it, not decided by them.
# Of two officers the other decides, whoever enrolled the newer one.
stub=$(enrol Yara Quezada M 1950-01-01)
real=$(luis person add --given Ulises --surname1 Obando --sex M --birth-date 1981-04-04 --birth-place Rivas \
    --nationality NIC --consent "$consent")
check 'an old record is made into another' holds . issuer person edit "$stub" --given Ulises --surname1 Obando \
    --birth-date 1981-04-04 --birth-place Rivas
check '... not decided by who did it' refused 77 'since you changed one of them' issuer duplicate decide \
    "$stub" "$real" --different --reason x
check '... the register too' no_sql 'four_eyes' "UPDATE duplicate SET decision = 'twin', decided = 0,
    decided_by = 1, reason = 'x' WHERE b = $real"
check '... nor is it another who did it' no_sql 'stays' "UPDATE duplicate SET alike_by = 2 WHERE b = $real"
check '... nor does a search decide who did' quietly luis duplicate scan --again
check '... where there is a third, not by who enrolled the newer' refused_third
check '... but by them where there is none' holds 'Decision: different' luis duplicate decide "$stub" "$real" \
    --different --reason 'son dos'

check 'only the desk' refused 77 . issuer --officer nobody duplicate list
check 'the register is sound' sound

echo "1..$n"
exit "$failed"
