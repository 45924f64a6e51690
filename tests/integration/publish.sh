#!/bin/sh
# What is published never goes back: clocks that were ahead, restored registers,
# two at once, short lists; and what the register keeps as published is audited.
# TAP. Run in the project's root; B is the build folder. Wants sqlite3.
# shellcheck disable=SC2317  # functions are called through check
set -u
# shellcheck source=tests/integration/office.inc
. tests/integration/office.inc
trap 'rm -rf "$tmp"' EXIT
trap 'exit 70' HUP INT TERM
setup
office=$CEDULA_REGISTER

# signed HOUR COMMAND...: with the office's status key.
signed() {
	hour "$@" --key "$tmp/status.key" --passphrase-file "$tmp/pass"
}
quietly() {
	"$@" >/dev/null
}
# A copy of the office's register; a folder to publish in.
copy() {
	CEDULA_REGISTER=$tmp/$1.cedula
	mkdir -p "$tmp/$1" && cp "$office" "$CEDULA_REGISTER"
}
applicant() {
	enrol "$2" López F "199$1-02-28" --photo "$tmp/face.jpg" >/dev/null &&
	    issuer application submit --person "$1" >/dev/null &&
	    issuer --officer luis application approve "$1" >/dev/null
}

check 'a register' make_register
for name in Ana Eva Zoe Lía; do
	i=$((${i:-0} + 1))
	applicant "$i" "$name" || exit 70
done
for i in 1 2 3; do
	issue "$i" >/dev/null || exit 70
	issuer card show SJO00000$i --qr >"$tmp/$i.qr"
done

# What is kept as published is audited, full and short, and nothing is passed.
check 'nothing was published' ends 66 'give the bundle' issuer status audit
audits() {
	copy audits && quietly hour 1 card revoke SJO000002 --reason robo &&
	    quietly signed 2 status publish --out "$tmp/audits" &&
	    says 0 'Short lists: 1' hour 3 status audit &&
	    says 0 'Cards compared: 3' hour 3 status audit \
		"$tmp/audits/SJO-1.short" &&
	    says 65 'list 1 is past its deadline' hour 1000 status audit \
		"$tmp/audits/SJO-1.status" &&
	    quietly hour 4 card suspend SJO000003 --reason x &&
	    says 65 'Changed since the lists: 1' hour 5 status audit \
		"$tmp/audits/SJO-1.short"
}
check 'what is kept, and short lists' eval '(audits)'
lying_short() {
	copy lies && quietly signed 1 status publish --out "$tmp/lies" &&
	    says 65 'card SJO000002 (index [0-9]* of short list 1) is valid in' \
		eval 'CEDULA_REGISTER=$tmp/audits.cedula; cp "$CEDULA_REGISTER" "$tmp/lies2.cedula"; CEDULA_REGISTER=$tmp/lies2.cedula; sql "DROP TRIGGER card_event_no_update; UPDATE card_event SET at = at - 7200"; hour 5 status audit "$tmp/lies/SJO-1.short"'
}
check 'a short list without a revocation' eval '(lying_short)'
of_nobody() {
	CEDULA_REGISTER=$tmp/nobody.cedula
	cp "$tmp/audits.cedula" "$CEDULA_REGISTER"
	sql 'DROP TRIGGER card_fixed;
	    UPDATE card SET idx = (idx + 1) % 65536 WHERE id = 2'
	says 65 'is revoked, and no card of the register has it' hour 5 \
	    status audit "$tmp/audits/SJO-1.short"
}
check 'a short list with a place of nobody' eval '(of_nobody)'
one_missing() {
	CEDULA_REGISTER=$tmp/second.cedula
	cp "$tmp/audits.cedula" "$CEDULA_REGISTER"
	sql 'INSERT INTO status_list VALUES (2, 16, 1)'
	says 65 'list 2 of the register is in none' hour 5 status audit \
	    "$tmp/audits/SJO-1.status"
}
check 'a list that was not given' eval '(one_missing)'

# A clock that was ahead.
act_ahead() {
	copy act && quietly hour 7200 card suspend SJO000003 --reason x &&
	    ends 65 'if it was ahead then' signed 2 bundle \
		--out "$tmp/act/x.trust" &&
	    signed 2 bundle --out "$tmp/act/x.trust" --clock-is-right >/dev/null &&
	    [ "$(sql "SELECT count(*) FROM audit WHERE action = 'clock.is-right'
		AND object = 'urn:cedula:NIC:SJO:1'")" -eq 1 ] &&
	    quietly hour 3 card revoke SJO000002 --reason robo &&
	    signed 3 status publish --out "$tmp/act" --clock-is-right >/dev/null &&
	    [ "$(sql 'SELECT iat FROM status_published')" -eq \
		"$(date -u -d "$now + 3 hours" +%s)" ]
}
check 'an act with the clock ahead: --clock-is-right' eval '(act_ahead)'
list_ahead() {
	copy list && quietly signed 7200 status publish --out "$tmp/list" &&
	    quietly hour 2 card revoke SJO000002 --reason robo &&
	    ends 65 '--clock-is-right' signed 2 status publish \
		--out "$tmp/list" &&
	    ends 65 'another status key' signed 2 status publish \
		--out "$tmp/list" --clock-is-right
}
check 'a list with the clock ahead: not with the same key' eval '(list_ahead)'
other_key() {
	"$keys" signer new --role status --state NIC --office SJO \
	    --key "$tmp/status2.key" --public "$tmp/status2.pub" \
	    --passphrase-file "$tmp/pass" >/dev/null &&
	    cp "$tmp/nic.trustlist" "$tmp/before.trustlist" &&
	    trust_add "$tmp/status2.pub" status --sign-until "$(day '400 days')" \
		--until "$key_until" >/dev/null &&
	    CEDULA_REGISTER=$tmp/list.cedula && mkdir "$tmp/list2" &&
	    quietly issuer trust import "$tmp/nic.trustlist" --anchor "$tmp/NIC.pem" &&
	    cp "$tmp/before.trustlist" "$tmp/nic.trustlist" &&
	    quietly hour 3 status publish --key "$tmp/status2.key" \
		--passphrase-file "$tmp/pass" --out "$tmp/list2" &&
	    [ "$(sql 'SELECT iat FROM status_published')" -eq \
		"$(date -u -d "$now + 3 hours" +%s)" ]
}
check '... with another' eval '(other_key)'

# An old backup is put back: nothing older goes over what was published. The
# register published before, then a card was revoked and published.
copy old
quietly signed 1 status publish --out "$tmp/old"
quietly signed 1 log head --out "$tmp/old/old.head"
cp "$tmp/old.cedula" "$tmp/backup.cedula"
quietly hour 2 card revoke SJO000002 --reason robo
quietly signed 3 log head --out "$tmp/old/SJO.head"
head_over() {
	cp "$tmp/old/SJO.head" "$tmp/head" &&
	    ends 65 'restored from an older backup' signed 4 log head \
		--out "$tmp/old/SJO.head" && cmp "$tmp/head" "$tmp/old/SJO.head"
}
CEDULA_REGISTER=$tmp/backup.cedula
check 'log head over a newer one' head_over
CEDULA_REGISTER=$tmp/old.cedula
mkdir "$tmp/new"
cp "$tmp/old"/SJO-1.* "$tmp/new"
quietly signed 3 status publish --out "$tmp/new"
quietly signed 3 status publish --out "$tmp/new/all"
lists_over() {
	cp -r "$tmp/new" "$tmp/was" &&
	    ends 65 'was an old backup put back' signed 4 status publish \
		--out "$tmp/new" &&
	    rm "$tmp/new/SJO-1.status" &&
	    ends 65 'was an old backup put back' signed 4 status publish \
		--out "$tmp/new" &&
	    ends 65 'was an old backup put back' signed 4 status publish \
		--out "$tmp/new/all" && cmp "$tmp/new/all" "$tmp/was/all" &&
	    cmp "$tmp/new/SJO-1.short" "$tmp/was/SJO-1.short" &&
	    cp -r "$tmp/old" "$tmp/older" &&
	    quietly signed 4 status publish --out "$tmp/older"
}
CEDULA_REGISTER=$tmp/backup.cedula
check 'status publish over newer lists' lists_over
CEDULA_REGISTER=$tmp/old.cedula
check 'log head over an older one' quietly signed 4 log head \
    --out "$tmp/old/old.head"
head_is_late() {
	copy late && strace -f -qq -o /dev/null -e trace=rename \
	    -e inject=rename:signal=KILL:when=1 "$B/bin/cedula-issuer" \
	    --now "$now" log head --key "$tmp/status.key" \
	    --passphrase-file "$tmp/pass" --out "$tmp/late/x.head" \
	    >/dev/null 2>&1
	[ $? -gt 128 ] && [ "$(sql 'SELECT count(*) FROM log_head')" -eq 1 ]
}
if strace -qq -e trace=none true 2>/dev/null; then
	check 'a head is kept before its file is there' eval '(head_is_late)'
else
	skip 'a head is kept before its file is there' 'strace cannot trace here'
fi
CEDULA_REGISTER=$office

# cedula-keys bundle over a bundle: short lists count, and nothing is left out.
join() {
	out=$1
	shift
	"$keys" --lang en bundle --anchor "$tmp/NIC.pem" --out "$out" \
	    "$tmp/nic.trustlist" "$@"
}
older_short() {
	CEDULA_REGISTER=$tmp/old.cedula
	mkdir "$tmp/p2" && quietly signed 4 status publish --out "$tmp/p2" &&
	    quietly join "$tmp/s.trust" "$tmp/p2/SJO-1.short" &&
	    ends 65 'a newer status list' join "$tmp/s.trust" \
		"$tmp/old/SJO-1.short" &&
	    ends 65 'a newer status list' join "$tmp/s.trust" \
		"$tmp/old/SJO-1.status" &&
	    quietly join "$tmp/t.trust" "$tmp/old/SJO-1.status" \
		"$tmp/p2/SJO-1.short" &&
	    ends 65 'a newer status list' join "$tmp/t.trust" \
		"$tmp/old/SJO-1.status" &&
	    quietly join "$tmp/t.trust" "$tmp/p2/SJO-1.status" &&
	    ends 65 'a newer status list' join "$tmp/t.trust" \
		"$tmp/old/SJO-1.short"
}
check 'an older short list over a newer one' eval '(older_short)'
left_out() {
	CEDULA_REGISTER=$tmp/old.cedula
	ends 65 'the status list of urn:cedula:NIC:SJO:1' join "$tmp/t.trust" &&
	    quietly signed 4 bundle --out "$tmp/u.trust" &&
	    ends 65 'the log head of SJO' join "$tmp/u.trust" \
		"$tmp/p2/SJO-1.status"
}
check 'a list or a log left out' eval '(left_out)'

# Two at once: who reads what is there holds the folder until it is replaced.
waits() {
	dir=$1
	shift
	flock "$dir" timeout -k 1 1 "$@" >/dev/null 2>&1
	[ $? -eq 124 ]
}
check 'a bundle waits for its folder' waits "$tmp" "$B/bin/cedula-issuer" \
    --now "$now" bundle --key "$tmp/status.key" \
    --passphrase-file "$tmp/pass" --out "$tmp/wait.trust"
mkdir "$tmp/wait"
check 'status publish too' waits "$tmp/wait" "$B/bin/cedula-issuer" \
    --now "$now" status publish --key "$tmp/status.key" \
    --passphrase-file "$tmp/pass" --out "$tmp/wait"
check 'cedula-keys bundle too' waits "$tmp" "$keys" bundle \
    --anchor "$tmp/NIC.pem" --out "$tmp/wait.trust" "$tmp/nic.trustlist"
# The older of two stops before its file is in its place; a card is revoked and
# the newer publishes.
two_at_once() {
	copy two && cd "$tmp/two" &&
	    quietly signed 1 bundle --out of.trust || return 1
	ASAN_OPTIONS=detect_leaks=0 strace -f -qq -o /dev/null -e trace=rename \
	    -e inject=rename:delay_enter=3000000:when=1 \
	    "$B/bin/cedula-issuer" --now \
	    "$(date -u -d "$now + 2 hours" +%Y-%m-%dT%H:%M:%SZ)" bundle \
	    --valid-days 8 \
	    --key "$tmp/status.key" --passphrase-file "$tmp/pass" \
	    --out of.trust >/dev/null &
	sleep 1.5
	quietly hour 2 card revoke SJO000002 --reason robo &&
	    quietly signed 3 bundle --out of.trust || return 1
	wait $! || return 1
	says 2 revoked "$B/bin/cedula-verifier" --lang en --now \
	    "$(date -u -d "$now + 3 hours" +%Y-%m-%dT%H:%M:%SZ)" \
	    --trust of.trust --anchor "$tmp/NIC.pem" "$tmp/2.qr"
}
if strace -qq -e trace=none true 2>/dev/null; then
	case $B in /*) ;; *) B=$PWD/$B keys=$PWD/$keys ;; esac
	check 'of two at once the newer stays' eval '(two_at_once)'
else
	skip 'of two at once' 'strace cannot trace here'
fi

echo "1..$n"
exit "$failed"
