#!/bin/sh
# A register killed with SIGKILL at random points of issuing, by two desks at
# once: no number and no index twice, no half card, nothing said that is not
# kept. TAP on standard output. Run in the project's root; B is the build
# folder, ROUNDS how many. Wants sqlite3 and openssl, and for the sweep strace.
# shellcheck disable=SC2317  # functions are called through check
set -u
# shellcheck source=tests/integration/office.inc
. tests/integration/office.inc
trap 'rm -rf "$tmp"' EXIT
trap 'exit 70' HUP INT TERM
rounds=${ROUNDS:-200}
desks=2
setup

# The same key behind a cheap passphrase: the rounds are to die while issuing,
# not while scrypt is at work.
cheap_key() {
	# From one file openssl would take the second passphrase as line two.
	cp "$tmp/pass" "$tmp/same" &&
	    openssl pkcs8 -in "$tmp/doc.key" -passin "file:$tmp/pass" -topk8 \
	    -scrypt -scrypt_N 16 -scrypt_r 1 -scrypt_p 1 \
	    -passout "file:$tmp/same" -out "$tmp/cheap.key" &&
	    chmod 600 "$tmp/cheap.key"
}

# A grey picture, 240 by 320: what is drawn in it costs the rounds their time.
grey() {
	base64 -d <<'END'
iVBORw0KGgoAAAANSUhEUgAAAPAAAAFACAAAAACng66PAAABQ0lEQVR42u3PAQEAAAABINNN
N0Q9KD0TYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFh
YWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFh
YWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFh
YWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFh
YWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFh
YWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWHh5/AAVSMIy+I3eHwAAAAASUVORK5C
YII=
END
}

# One person enrolled the ordinary way and copied, each with an application
# that ana submitted and luis approved.
fill() {
	columns=$(sql "SELECT group_concat(CASE name WHEN 'enrolled_by' THEN 1
	    ELSE name END) FROM pragma_table_info('person')
	    WHERE name <> 'id'")
	sql "BEGIN;
	    INSERT INTO person WITH RECURSIVE n(i) AS (SELECT 2 UNION ALL
		SELECT i + 1 FROM n WHERE i < $1)
		SELECT i, $columns FROM n, person WHERE id = 1;
	    INSERT INTO photo (person, image, added)
		SELECT p.id, image, added FROM photo, person AS p WHERE p.id > 1;
	    INSERT INTO application (kind, person, state, created, submitter)
		SELECT 'individual', id, 'draft', 0, 1 FROM person;
	    UPDATE application SET state = 'submitted', submitted = 0;
	    UPDATE application SET state = 'approved', approver = 2,
		decided = 0;
	    COMMIT;"
}

# random_from MS TO_MS: seconds.
random_from() {
	od -An -N4 -tu4 /dev/urandom | awk -v from="$1" -v to="$2" '{
	    ms = 1 + from + $1 / 4294967296 * (to - from)
	    printf "%.3f\n", ms / 1000 }'
}

issue_cheaply() {
	issuer card issue --key "$tmp/cheap.key" \
	    --passphrase-file "$tmp/pass" --application "$@"
}

# How long an undisturbed issue takes, in milliseconds.
measure() {
	t0=$(date +%s%N)
	issue_cheaply 1 >"$tmp/said.0" || return 1
	issue_cheaply 2 >>"$tmp/said.0" || return 1
	t1=$(date +%s%N)
	took=$(((t1 - t0) / 2000000))
}

# desk NUMBER: every other application, each killed at a random point of the
# time that it takes when two desks wait for each other; half of them late,
# where numbers are drawn and transactions end.
desk() {
	i=$(($1 + 2))
	while [ "$i" -le $((rounds + 2)) ]; do
		from=$((i / desks % 2 * took * 17 / 20))
		timeout -s KILL "$(random_from "$from" $((took * 31 / 20)))" \
		    "$B/bin/cedula-issuer" --lang en --now "$now" \
		    card issue --key "$tmp/cheap.key" \
		    --passphrase-file "$tmp/pass" --application "$i" \
		    >>"$tmp/said.$1" 2>>"$tmp/errors.$1"
		i=$((i + desks))
	done
}

# The same at every point where something reaches the disk, one after the
# other, until an issue gets through.
calls=pwrite64,fdatasync,fsync,ftruncate,unlink
sweep() {
	point=1
	while [ "$point" -le 300 ]; do
		id=$(sql "SELECT min(id) FROM application WHERE
		    state = 'approved'")
		strace -qq -o /dev/null -e "trace=$calls" \
		    -e "inject=$calls:signal=KILL:when=$point" \
		    "$B/bin/cedula-issuer" --lang en --now "$now" \
		    card issue --key "$tmp/cheap.key" \
		    --passphrase-file "$tmp/pass" --application "$id" \
		    >>"$tmp/said.3" 2>>"$tmp/errors.3" && return 0
		point=$((point + 1))
	done
	return 1
}

none() {
	found=$(sql "$1")
	[ "$found" = 0 ] || {
		echo "# $found"
		return 1
	}
}

said_is_kept() {
	sort "$tmp"/said.* >"$tmp/said"
	[ -z "$(uniq -d "$tmp/said")" ] || return 1
	sql 'SELECT number FROM card ORDER BY number' >"$tmp/kept"
	[ -z "$(comm -23 "$tmp/said" "$tmp/kept")" ]
}

all_sound() {
	while read -r number; do
		issuer card show "$number" </dev/null >"$tmp/show" 2>&1
		grep -q '^Credential: sound' "$tmp/show" || {
			echo "# $number: $(cat "$tmp/show")"
			return 1
		}
	done <"$tmp/kept"
}

quiet() {
	grep -v '^Killed' "$tmp"/errors.* >"$tmp/errors" || return 0
	sort "$tmp/errors" | uniq -c | sed 's/^/# /'
	return 1
}

make_register >/dev/null && cheap_key &&
    grey >"$tmp/grey.png" &&
    enrol 'Ana María' López F 1990-02-28 --photo "$tmp/grey.png" >/dev/null ||
    exit 70
fill $((rounds + 63))
check 'an undisturbed issue' measure
desk 1 2>/dev/null &
desk 2 2>/dev/null &
wait
if strace -o /dev/null true 2>/dev/null; then
	check 'killed at every write in turn' sweep 2>/dev/null
else
	skip 'killed at every write in turn' 'strace is not there or not permitted'
fi
cards=$(sql 'SELECT count(*) FROM card')
check 'nothing but the kill went wrong' quiet
check 'the register is sound' sound
check 'no number twice' none 'SELECT count(*) - count(DISTINCT number) FROM card'
check 'no place twice' none 'SELECT count(*) - count(DISTINCT list * 65536 + idx)
    FROM card'
check 'issued means a card' none "SELECT count(*) FROM application AS a
    WHERE (state = 'issued') <> EXISTS (SELECT 1 FROM card
    WHERE application = a.id)"
check 'a card means its acts' none "SELECT count(*) FROM card AS c WHERE
    (SELECT count(*) FROM audit WHERE action = 'card.issue'
	AND object = 'card ' || c.number) <> 1 OR
    (SELECT count(*) FROM audit WHERE action = 'application.issue'
	AND details = c.number) <> 1 OR
    (SELECT count(*) FROM card_event WHERE card = c.id) <> 1"
check 'an act means its card' none "SELECT (SELECT count(*) FROM audit
    WHERE action = 'card.issue') - count(*) FROM card"
check 'numbers are counted' none "SELECT next - 1 <> (SELECT count(*) FROM card)
    OR next - 1 <> (SELECT max(substr(number, 4)) + 0 FROM card)
    FROM number_counter"
check 'what was said is kept' said_is_kept
check 'every credential verifies' all_sound
check 'and it goes on' holds '^SJO' issue_cheaply $((rounds + 63))
silent=$(comm -13 "$tmp/said" "$tmp/kept" | wc -l)
echo "# $rounds random rounds of up to $((took * 31 / 20)) ms (one takes $took" \
    "ms), $(cat "$tmp"/errors.[12] | grep -c '^Killed') killed;" \
    "${point:-0} kills at one write after the other; $cards cards kept," \
    "$silent of them killed before they were told"
echo "1..$n"
exit "$failed"
