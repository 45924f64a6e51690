#!/bin/sh
# Backups, the restore drill, and doctor: sealed while desks write, verified,
# restored elsewhere, gone on with; damage, a full disk and a kill leave
# nothing. TAP on standard output. Run in the project's root; B is the build
# folder. Wants sqlite3 and jq.
# shellcheck disable=SC2317  # functions are called through check
set -u
# shellcheck source=tests/integration/office.inc
. tests/integration/office.inc
trap 'umount "$tmp/small" 2>/dev/null; rm -rf "$tmp"' EXIT
trap 'exit 70' HUP INT TERM
setup
make_register >/dev/null || exit 70
echo 'otra clave, y larga' >"$tmp/backup.pass"

backup() {
	verb=$1
	shift
	issuer backup "$verb" --passphrase-file "$tmp/backup.pass" "$@"
}
restore() {
	backup restore --login-passphrase-file "$tmp/ana.pass" "$@"
}
bundle() {
	issuer bundle --key "$tmp/status.key" --passphrase-file "$tmp/pass" \
	    --out "$1" >/dev/null
}
# said FILTER STATUS COMMAND...: the JSON answer holds, and ends so.
said() {
	filter=$1 want=$2
	shift 2
	"$@" --json >"$tmp/stdout" 2>"$tmp/stderr" </dev/null
	got=$?
	[ "$got" -eq "$want" ] && jq -e "$filter" "$tmp/stdout" >/dev/null && return 0
	echo "# status $got: $(cat "$tmp/stdout" "$tmp/stderr")"
	return 1
}
# of NAME RESULT: what doctor said of it.
of() {
	printf '[.checks[] | select(.check == "%s") | .result] == ["%s"]' "$1" "$2"
}
# A person with a card; prints the number.
card() {
	id=$(enrol "$1" "$2" F 1990-02-28 --photo "$tmp/face.jpg" | head -1) &&
	    a=$(issuer application submit --person "$id") &&
	    issuer --officer luis application approve "$a" >/dev/null &&
	    issue "$a"
}
# nothing_of FILE: neither it, nor a part of it under another name.
nothing_of() {
	[ -z "$(ls "$1"* 2>/dev/null)" ]
}

check 'doctor: no backup, nothing published' said "$(of backup problem) and
    $(of status warning) and .result == \"bad-data\"" 65 issuer doctor
check 'a first card' gives SJO000001 card Ana Uno
check 'its bundle' bundle "$tmp/SJO.trust"

# Making one.
printf 'corta\n' >"$tmp/short"
check 'a short passphrase is refused' ends 77 'too short' issuer backup create \
    --out "$tmp/short.sealed" --passphrase-file "$tmp/short"
check '... and no file made' nothing_of "$tmp/short.sealed"
check 'a backup' holds "^$tmp/one.sealed\$" backup create --out "$tmp/one.sealed"
check 'its owner'\''s alone' test "$(stat -c %a "$tmp/one.sealed")" = 600
check 'nothing of it is in the clear' sh -c "! grep -qaE 'SQLite|Uno|NIC' '$tmp/one.sealed'"
check 'never overwritten' ends 65 'never overwritten' backup create --out "$tmp/one.sealed"
check 'it is recorded, with its sum' test "$(sql 'SELECT lower(hex(sha256)) FROM backup_made')" = \
    "$(sha256sum <"$tmp/one.sealed" | cut -d' ' -f1)"
check '... in the history' test "$(sql "SELECT count(*) FROM audit WHERE action =
    'backup.create'")" = 1
check 'verified' said '.state == "sound" and .cards == 1 and .log_size == 1 and
    .office == "NIC SJO"' 0 backup verify "$tmp/one.sealed"

# meanwhile COMMAND...: luis is deactivated after the command has begun, before
# it writes; it is refused then.
meanwhile() {
	rm -f "$tmp/held"
	before=$(sql 'SELECT count(*) FROM audit')
	sqlite3 "$CEDULA_REGISTER" 'BEGIN IMMEDIATE' "UPDATE officer SET active = 0
	    WHERE login = 'luis'" ".shell touch '$tmp/held'; sleep 2" COMMIT &
	held=$!
	while [ ! -e "$tmp/held" ]; do
		sleep 0.02
	done
	ends 77 'officer luis' issuer --officer luis "$@"
	got=$?
	wait "$held"
	sql "UPDATE officer SET active = 1 WHERE login = 'luis'"
	[ "$got" -eq 0 ] && [ "$(sql 'SELECT count(*) FROM audit')" = "$before" ]
}
check 'no backup by who is deactivated meanwhile' meanwhile backup create \
    --out "$tmp/luis.sealed" --passphrase-file "$tmp/backup.pass"
check '... and no file made' nothing_of "$tmp/luis.sealed"
check 'nor the next persons of a scan' meanwhile duplicate scan --again
printf 'given;surname1;sex;birth-date;nationality;consent\nEva;Real;F;1980-01-02;NIC;%s\n' \
    "$consent" >"$tmp/persons.csv"
check 'nor of an import' meanwhile import persons "$tmp/persons.csv"
check 'nor a card printed' meanwhile card print SJO000001 --out "$tmp/printed"
check '... and no file of it is left' nothing_of "$tmp/printed/"

# Desks write on.
busy() {
	: >"$tmp/go"
	while [ -e "$tmp/go" ]; do
		sqlite3 "$CEDULA_REGISTER" ".timeout 5000" "INSERT INTO person_word
		    (word, person) VALUES ('-' || hex(randomblob(400)), 1)" 2>/dev/null
	done &
	busy_pid=$!
	backup create --out "$tmp/busy.sealed" >/dev/null &&
	    backup create --out "$tmp/busy2.sealed" >/dev/null
	got=$?
	rm -f "$tmp/go"
	wait "$busy_pid"
	[ "$got" -eq 0 ] &&
	    [ "$(sql "SELECT count(*) FROM person_word WHERE word GLOB '-*'")" -gt 3 ]
}
cp "$CEDULA_REGISTER" "$tmp/kept.cedula"
check 'backups while another desk writes' busy
check 'the one is sound' holds 'State: sound' backup verify "$tmp/busy.sealed"
check 'the other too' holds 'State: sound' backup verify "$tmp/busy2.sealed"
rm -f "$CEDULA_REGISTER"-wal "$CEDULA_REGISTER"-shm
cp "$tmp/kept.cedula" "$CEDULA_REGISTER"

# What is not believed.
echo 'otra clave, y mala' >"$tmp/bad.pass"
check 'another passphrase' ends 77 'does not open' issuer backup verify \
    "$tmp/one.sealed" --passphrase-file "$tmp/bad.pass"
size=$(stat -c %s "$tmp/one.sealed")
damage() {
	cp "$tmp/one.sealed" "$tmp/bad.sealed"
	printf X | dd of="$tmp/bad.sealed" bs=1 seek="$1" conv=notrunc 2>/dev/null
}
for at in 200 70000 $((size / 2)) $((size - 1)); do
	damage "$at"
	cmp -s "$tmp/one.sealed" "$tmp/bad.sealed" && continue
	check "changed at byte $at: not verified" ends 65 'nothing of it is believed' \
	    backup verify "$tmp/bad.sealed"
done
check '... nor restored' ends 65 'nothing of it is believed' restore \
    "$tmp/bad.sealed" --to "$tmp/no.cedula"
check '... and nothing is left' nothing_of "$tmp/no.cedula"
head -c $((80 + 65552)) "$tmp/one.sealed" >"$tmp/cut.sealed"
check 'cut off between two chunks' ends 65 'believed' backup verify "$tmp/cut.sealed"
check 'no backup at all' ends 65 'not a sealed backup' backup verify "$CEDULA_REGISTER"

# A disk that is full, and a kill.
before=$(sql 'SELECT count(*) FROM audit')
mkdir "$tmp/small"
if [ "$(id -u)" -eq 0 ] && mount -t tmpfs -o size=128k tmpfs "$tmp/small" 2>/dev/null; then
	check 'a full disk is told' ends 74 'no space left' backup create --out "$tmp/small/b"
else
	limited() {
		(ulimit -f 200; backup create --out "$tmp/small/b")
	}
	check 'a file that may not grow is told' ends 74 'larger than' limited
fi
check '... no half file is left' nothing_of "$tmp/small/"
check '... and nothing recorded' test "$(sql 'SELECT count(*) FROM audit')" = "$before"
killed() {
	for wait in 0.05 0.3; do
		"$B/bin/cedula-issuer" backup create --out "$tmp/killed.sealed" \
		    --passphrase-file "$tmp/backup.pass" >/dev/null 2>&1 &
		pid=$!
		sleep "$wait"
		kill -9 "$pid" 2>/dev/null
		wait "$pid" 2>/dev/null
		[ -e "$tmp/killed.sealed" ] || continue
		# It was faster: then it is whole.
		backup verify "$tmp/killed.sealed" >/dev/null || return 1
		rm "$tmp/killed.sealed"
	done
	sound
}
check 'killed: no file, or a whole one' killed

# The drill: cards after the backup, then the disk is gone.
check 'a second card' gives SJO000002 card Bea Dos
add_officer rosa 'Rosa Mora' >/dev/null
check 'the backup of the evening' holds sealed backup create --out "$tmp/evening.sealed"
check 'a third card, the next morning' gives SJO000003 card Cira Tres
check '... and its bundle' bundle "$tmp/SJO.trust"
cp "$CEDULA_REGISTER" "$tmp/lost.cedula"
restored=$tmp/restored.cedula
check 'restored elsewhere, behind the last number' said '.next_number == "SJO000004" and
    .cards == 2' 0 restore "$tmp/evening.sealed" --to "$restored" --after-number 3
check 'never over a register' ends 65 'never overwritten' restore \
    "$tmp/evening.sealed" --to "$restored"
: >"$tmp/stale.cedula-wal"
check '... nor beside what one has left' ends 65 'cedula-wal: exists' restore \
    "$tmp/evening.sealed" --to "$tmp/stale.cedula"
check 'by an officer of that register' ends 77 'not in this register' issuer --officer eva \
    backup restore "$tmp/evening.sealed" --to "$tmp/eva.cedula" \
    --passphrase-file "$tmp/backup.pass"
check '... or nothing is left' nothing_of "$tmp/eva.cedula"
echo 'no es la de ana' >"$tmp/wrong.pass"
check 'by one who proves to be that officer' ends 77 'no officer of this register' backup \
    restore "$tmp/evening.sealed" --to "$tmp/eva.cedula" --login-passphrase-file "$tmp/wrong.pass"
check '... nor with a first passphrase, which another knows' ends 77 'not yet made an own secret' \
    issuer --officer rosa backup restore "$tmp/evening.sealed" --to "$tmp/eva.cedula" \
    --passphrase-file "$tmp/backup.pass" --login-passphrase-file "$tmp/luis.pass"
check '... or nothing is left either' nothing_of "$tmp/eva.cedula"
small_restore() {
	(ulimit -f 20; restore "$tmp/evening.sealed" --to "$tmp/eva.cedula")
}
check 'a file that may not grow is told' ends 74 'larger than' small_restore
check '... and leaves nothing' nothing_of "$tmp/eva.cedula"

# halfway SIGNAL [COMMAND...]: a restore that waits for the officer's passphrase,
# the register complete beside its place, gets the signal.
mkfifo "$tmp/late.pass"
halfway() {
	signal=$1
	shift
	"$@" "$B/bin/cedula-issuer" --lang en --now "$now" backup restore \
	    "$tmp/evening.sealed" --to "$tmp/half.cedula" --passphrase-file \
	    "$tmp/backup.pass" --login-passphrase-file "$tmp/late.pass" \
	    >/dev/null 2>&1 &
	pid=$!
	exec 9>"$tmp/late.pass"
	issuer doctor --quick --json >"$tmp/living"
	kill "-$signal" "$pid"
	exec 9>&-
	wait "$pid" 2>/dev/null
	[ $? -gt 128 ]
}
check 'a restore killed half way' halfway KILL
check '... leaves nothing in the clear' nothing_of "$tmp/half.cedula"
# Where every file has a name: the first opening without one is refused.
unnamed='strace -D -o /dev/null -e inject=openat:error=EOPNOTSUPP:when=1'
for fd in 3 4 5 6 7 8 9; do
	unnamed="$unnamed -P /proc/self/fd/$fd"
done
if strace -o /dev/null true 2>/dev/null; then
	# shellcheck disable=SC2086  # words
	check 'asked to end, where files have names' halfway TERM $unnamed
	check '... it leaves nothing either' nothing_of "$tmp/half.cedula"
	# shellcheck disable=SC2086
	check 'killed there' halfway KILL $unnamed
	check '... not named while it was at work' test "$(jq '[.checks[] |
	    select(.check == "unfinished")] == []' "$tmp/living")" = true
	check '... it leaves its file' test -f "$tmp"/half.cedula.unfinished-??????
else
	skip 'restores where every file has a name' 'no strace'
	: >"$tmp/half.cedula.unfinished-aB3dE6"
fi
left=$(echo "$tmp"/half.cedula.unfinished-*)
check 'doctor names it' said "[.checks[] | select(.check == \"unfinished\") |
    [.result, (.found | startswith(\"$left: \")), .advice]] == [[\"warning\", true, \"rm it\"]]" \
    0 issuer doctor --quick
check 'so does the next restore there' said "[.unfinished[].file] == [\"$left\"]" 0 restore \
    "$tmp/evening.sealed" --to "$tmp/again.cedula"
rm "$left"
uid_before=$(sql 'SELECT hex(uid) FROM register_uid')
CEDULA_REGISTER=$restored
check 'another register than the one backed up' test "$(sql 'SELECT hex(uid) FROM
    register_uid')" != "$uid_before"
check '... where nobody is logged in' test "$(sql 'SELECT count(*) FROM session WHERE
    closed IS NULL')" = 0
check '... as its commands say' ends 77 'log in first' issuer officer list
check '... and what proved the officer stands in the history' test "$(sql "SELECT
    json_extract(details, '\$.proof') FROM audit WHERE action = 'register.restore'")" = passphrase
log_in && issuer login luis --key-file "$tmp/luis.key" >/dev/null
check 'it is its owner'\''s alone' test "$(stat -c %a "$restored")" = 600
check 'the history says so' test "$(sql "SELECT json_extract(details, '\$.next') FROM audit
    WHERE action = 'register.restore'")" = 4
check 'it is sound' sound
check 'its log agrees with itself' holds '^Entries: 2$' issuer log check
check 'the last bundle tells what was lost' says 65 'entries missing: 1' issuer log check \
    "$tmp/SJO.trust"
check 'so does doctor' said "$(of log problem)" 65 issuer doctor --bundle "$tmp/SJO.trust"
check 'what was published agrees with the cards' says 65 'older than the last change' issuer \
    status audit
check 'the next card has a new number' gives SJO000004 card Dora Cuatro
check 'a restore that leaves numbers warns' holds 'Attention: .*--after-number' restore \
    "$tmp/evening.sealed" --to "$tmp/warned.cedula"
check 'a backup of the restored one' holds sealed backup create --out "$tmp/after.sealed"
check '... is sound' holds 'State: sound' backup verify "$tmp/after.sealed"

# Doctor.
CEDULA_REGISTER=$tmp/lost.cedula
check 'doctor finds no problem' said "$(of integrity ok) and $(of foreign_keys ok) and
    $(of log ok) and $(of status ok) and $(of backup ok) and $(of clock ok) and
    $(of document_key ok) and $(of status_key ok) and $(of trust ok) and .problems == 0" 0 \
    issuer doctor --bundle "$tmp/SJO.trust" --anchor "$tmp/NIC.pem" --keys "$tmp/doc.pub"
check '--quick leaves out what is long' said \
    '[.checks[] | select(.check == "integrity" or .check == "log")] == []' 0 issuer doctor --quick
check 'an old backup' said "$(of backup problem)" 65 hour 100 doctor --quick
check '... that may be as old' said "$(of backup ok)" 0 hour 100 doctor --quick --backup-days 9
check 'lists past their deadline' said "$(of published problem)" 65 hour 400 doctor --quick
check 'keys that end soon' said "$(of document_key warning)" 65 hour 8200 doctor --quick
check 'a clock that is behind' said "$(of clock problem)" 65 hour -2 doctor --quick
check 'a key that is not the office'\''s' said "$(of key problem)" 65 issuer doctor --quick \
    --keys "$tmp/NIC.pem"
mkdir "$tmp/other"
"$keys" root new --state NIC --key "$tmp/other.key" --anchor "$tmp/other/NIC.pem" \
    --passphrase-file "$tmp/pass" >/dev/null || exit 70
check 'another root' said "$(of anchor problem)" 65 issuer doctor --quick --anchor \
    "$tmp/other/NIC.pem"
chmod 644 "$CEDULA_REGISTER"
check 'a register that all can read' said "$(of modes problem)" 65 issuer doctor --quick
chmod 600 "$CEDULA_REGISTER"
sqlite3 "$CEDULA_REGISTER" "PRAGMA foreign_keys = OFF; INSERT INTO person_word (word, person) VALUES ('X', 999)"
check 'rows that refer to nothing' said "$(of foreign_keys problem)" 65 issuer doctor
check '... are no backup to trust' ends 65 'rows that refer' sh -c "'$B/bin/cedula-issuer' --lang en \
    backup create --out '$tmp/orphan.sealed' --passphrase-file '$tmp/backup.pass' >/dev/null &&
    exec '$B/bin/cedula-issuer' --lang en backup verify '$tmp/orphan.sealed' --passphrase-file \
    '$tmp/backup.pass'"
echo "1..$n"
exit "$failed"
