#!/bin/sh
# The life of keys, as years bring it: each event by its name, with the colour
# of an old card, a new one and a stolen one before and after. A verifier is a
# trust store of its own; time is given with --now. TAP. Run in the project's
# root; B is the build folder.
# shellcheck disable=SC2317  # functions are called through check
set -u
# shellcheck source=tests/integration/office.inc
. tests/integration/office.inc
trap 'rm -rf "$tmp"' EXIT
trap 'exit 70' HUP INT TERM
verifier=$B/bin/cedula-verifier
pass=$tmp/pass
list=$tmp/nic.trustlist

# moment "-10 days": an instant, counted from now.
moment() {
	date -u -d "$now $1" +%Y-%m-%dT%H:%M:%SZ
}
quietly() {
	"$@" >"$tmp/log" 2>&1 && return 0
	got=$?
	echo "# $*: status $got: $(cat "$tmp/log")"
	return 1
}
# refused STATUS PATTERN COMMAND...
refused() {
	want=$1 pattern=$2
	shift 2
	"$@" >"$tmp/log" 2>&1
	got=$?
	[ "$got" -eq "$want" ] && grep -q -e "$pattern" "$tmp/log" && return 0
	echo "# $*: status $got, wanted $want: $(cat "$tmp/log")"
	return 1
}

# card NAME WHEN KEY: issued by the office at that moment, its text in NAME.txt.
persons=0
card() {
	persons=$((persons + 1))
	at=$2
	enrol "$1" Prueba F 1990-01-01 --photo "$tmp/face.jpg" >"$tmp/id" || return 1
	application=$("$B/bin/cedula-issuer" --now "$at" application submit --person "$(cat "$tmp/id")") || return 1
	quietly "$B/bin/cedula-issuer" --officer luis --now "$at" application approve "$application" || return 1
	number=$("$B/bin/cedula-issuer" --now "$at" card issue --application "$application" \
	    --key "$3" --passphrase-file "$pass") || return 1
	echo "$number" >"$tmp/$1.number"
	"$B/bin/cedula-issuer" card show "$number" --qr >"$tmp/$1.txt"
}
# stolen NAME OF WHEN KEY: made by a thief from the genuine card OF.
stolen() {
	"$B/tests/thief" "$4" "$pass" 'Otro Nombre' "$3" <"$tmp/$2.txt" >"$tmp/$1.txt"
}
# bundle FILE WHEN KEY [OPTION...]: the office publishes.
bundle() {
	out=$1 at=$2 key=$3
	shift 3
	quietly "$B/bin/cedula-issuer" --now "$at" bundle --key "$key" --passphrase-file "$pass" --out "$out" "$@"
}
# ministry COMMAND...: a change of the trust list, in place.
ministry() {
	quietly "$keys" trust "$@" --key "$tmp/root.key" --passphrase-file "$pass" --in "$list" --out "$list"
}
import() {
	quietly "$B/bin/cedula-issuer" trust import "$list" --anchor "$tmp/NIC.pem"
}
signer() { # NAME ROLE
	quietly "$keys" signer new --role "$2" --state NIC --office SJO --key "$tmp/$1.key" --public "$tmp/$1.pub" --passphrase-file "$pass"
}
kid() {
	"$keys" key show "$1" | awk '$1 == "kid" { print $2 }'
}
# takes STORE FILE...: a verifier takes what it is given.
takes() {
	store=$1
	shift
	quietly "$verifier" trust add --store "$tmp/$store" "$@"
}
# says STORE CARD VERDICT[/DETAIL] [WHEN]
says() {
	got=$("$verifier" --store "$tmp/$1" --json --now "${4:-$now}" "$tmp/$2.txt" |
	    jq -r '.result + (if .detail then "/" + .detail else "" end)')
	[ "$got" = "$3" ] && return 0
	echo "# at $1, card $2: $got, not $3"
	return 1
}

# An office of its own for each event, so that none leans on another.
office() {
	rm -rf "$tmp"/store* "$tmp"/*.key "$tmp"/*.pub "$tmp"/*.pem "$tmp"/*.trust "$tmp"/*.succession \
	    "$list" "$tmp"/office.cedula* "$tmp"/*.txt "$tmp"/two "$tmp"/three
	quietly make_keys && quietly make_register || return 1
	[ -e "$tmp/face.jpg" ] || portrait 7 f 34 "$tmp/face.jpg"
}

# ---- the events --------------------------------------------------------------

creation() {
	office && card old "$(moment '-100 days')" "$tmp/doc.key" || return 1
	refused 78 'no trust store' "$verifier" --store "$tmp/store" "$tmp/old.txt" || return 1
	bundle "$tmp/a.trust" "$now" "$tmp/status.key" || return 1
	refused 78 'no anchor yet' "$verifier" trust add --store "$tmp/store" "$tmp/a.trust" || return 1
	takes store "$tmp/NIC.pem" "$tmp/a.trust" && says store old valid
}

# The next signer is in the list before the first ends: both sign for a while,
# and what the first signed stays good.
succession_of_a_signer() {
	office && card old "$(moment '-100 days')" "$tmp/doc.key" && signer next document || return 1
	quietly "$keys" trust add --key "$tmp/root.key" --passphrase-file "$pass" --in "$list" --out "$list" \
	    --public "$tmp/next.pub" --role document --office SJO --office-name X \
	    --from "$(day '-10 days')" --sign-until "$(day '700 days')" --until "$(day '9 years')" || return 1
	import && card overlap "$(moment '-5 days')" "$tmp/doc.key" && card new "$(moment '-4 days')" "$tmp/next.key" || return 1
	bundle "$tmp/a.trust" "$now" "$tmp/status.key" && takes store "$tmp/NIC.pem" "$tmp/a.trust" || return 1
	for c in old overlap new; do
		says store $c valid || return 1
	done
	# After the first one's last day of signing its cards go on. It makes no
	# more, and who finds its file then cannot.
	later=$(moment '402 days')
	refused 77 'only until' "$B/bin/cedula-issuer" --now "$later" card issue --application 1 --key "$tmp/doc.key" --passphrase-file "$pass" || return 1
	stolen late old "$later" "$tmp/doc.key" || return 1
	says store late key-expired "$later" && says store old valid-stale/status-list-old "$later" &&
	    says store new valid-stale/status-list-old "$later"
}

# A consulate closes. Its cards stay good, its keys make no more, and another
# office, which has the register now, speaks for them.
closing_an_office() {
	office && card old "$(moment '-100 days')" "$tmp/doc.key" && card lost "$(moment '-90 days')" "$tmp/doc.key" || return 1
	closing=$(moment '-1 hour')
	stolen stolen old "$(moment '-30 minutes')" "$tmp/doc.key" || return 1
	bundle "$tmp/a.trust" "$(moment '-2 hours')" "$tmp/status.key" && takes store "$tmp/NIC.pem" "$tmp/a.trust" || return 1
	says store old valid && says store stolen valid || return 1	# nobody knows yet
	signer heir status || return 1
	quietly "$keys" office close --key "$tmp/root.key" --passphrase-file "$pass" --in "$list" --out "$list" \
	    --office SJO --from "$closing" --public "$tmp/heir.pub" --office-name 'Consulado en San José (cerrado)' || return 1
	import || return 1
	refused 77 'revoked from' "$B/bin/cedula-issuer" --now "$now" bundle --key "$tmp/status.key" --passphrase-file "$pass" --out "$tmp/b.trust" || return 1
	quietly issuer card revoke "$(cat "$tmp/lost.number")" --reason 'perdida' || return 1
	bundle "$tmp/a.trust" "$now" "$tmp/heir.key" && takes store "$tmp/a.trust" || return 1
	says store old valid && says store lost revoked && says store stolen key-revoked || return 1
	# a year on the heir still signs for it, until the last card has expired
	later=$(moment '500 days')
	bundle "$tmp/a.trust" "$later" "$tmp/heir.key" && takes store "$tmp/a.trust" &&
	    says store old valid-stale/trust-list-old "$later" && ministry renew --valid-days 600 &&
	    import && bundle "$tmp/a.trust" "$(moment '501 days')" "$tmp/heir.key" && takes store "$tmp/a.trust" &&
	    says store old valid "$(moment '501 days')"
}

# A laptop is stolen with the document signer. The thief dates as he likes: that
# is the limit, and the second half shows what ends it.
compromise() {
	office && card old "$(moment '-100 days')" "$tmp/doc.key" && card new "$(moment '-5 days')" "$tmp/doc.key" || return 1
	theft=$(moment '-10 days')
	stolen honest old "$(moment '-5 days')" "$tmp/doc.key" && stolen backdated old "$(moment '-50 days')" "$tmp/doc.key" || return 1
	bundle "$tmp/a.trust" "$now" "$tmp/status.key" && takes store "$tmp/NIC.pem" "$tmp/a.trust" || return 1
	for c in old new honest backdated; do
		says store $c valid || return 1
	done
	ministry revoke --kid "$(kid "$tmp/doc.pub")" --from "$theft" && import &&
	    bundle "$tmp/a.trust" "$now" "$tmp/status.key" && takes store "$tmp/a.trust" || return 1
	says store old valid && says store new key-revoked && says store honest key-revoked || return 1
	# the limit: a thief who writes an earlier date is believed
	says store backdated valid || return 1
	# what ends it: revoked from its first day, and the cards made anew
	ministry revoke --kid "$(kid "$tmp/doc.pub")" --from "$(day '-300 days')" && signer doc2 document &&
	    trust_add "$tmp/doc2.pub" document --sign-until "$(day '400 days')" --until "$key_until" >"$tmp/log" || return 1
	import && card again "$now" "$tmp/doc2.key" && bundle "$tmp/a.trust" "$now" "$tmp/status.key" && takes store "$tmp/a.trust" || return 1
	for c in old new honest backdated; do
		says store $c key-revoked || return 1
	done
	says store again valid
}

# The thief has the status signer instead: he can clear a revoked card, until the
# ministry ends it; and what he made is not believed afterwards.
stolen_status_signer() {
	office && card old "$(moment '-100 days')" "$tmp/doc.key" || return 1
	cp "$tmp/office.cedula" "$tmp/thief.cedula"
	quietly "$B/bin/cedula-issuer" --now "$(moment '-3 hours')" card revoke "$(cat "$tmp/old.number")" --reason 'robada' || return 1
	bundle "$tmp/a.trust" "$(moment '-2 hours')" "$tmp/status.key" && takes store "$tmp/NIC.pem" "$tmp/a.trust" || return 1
	says store old revoked || return 1
	quietly "$B/bin/cedula-issuer" --register "$tmp/thief.cedula" --now "$(moment '-1 hour')" bundle --key "$tmp/status.key" --passphrase-file "$pass" --out "$tmp/thief.trust" || return 1
	refused 65 'had .* entries\|rewritten' "$verifier" trust add --store "$tmp/store" "$tmp/thief.trust" || return 1
	says store old revoked || return 1
	# a verifier that has no earlier word of the office falls for it
	takes store2 "$tmp/NIC.pem" "$tmp/thief.trust" && says store2 old valid || return 1
	ministry revoke --kid "$(kid "$tmp/status.pub")" --from "$(moment '-90 minutes')" && signer status2 status &&
	    trust_add "$tmp/status2.pub" status --sign-until "$(day '400 days')" --until "$key_until" >"$tmp/log" || return 1
	import && bundle "$tmp/b.trust" "$now" "$tmp/status2.key" || return 1
	takes store "$tmp/b.trust" && takes store2 "$tmp/b.trust" && says store old revoked && says store2 old revoked || return 1
	refused 65 'older than' "$verifier" trust add --store "$tmp/store2" "$tmp/thief.trust" || return 1
	# he signs once more: with his own trust list, that does not know it yet
	quietly "$B/bin/cedula-issuer" --register "$tmp/thief.cedula" --now "$(moment '1 hour')" bundle --key "$tmp/status.key" --passphrase-file "$pass" --valid-days 9 --out "$tmp/again.trust" || return 1
	refused 65 'may not sign' "$verifier" trust add --store "$tmp/store2" "$tmp/again.trust" && says store2 old revoked
}

# new_root FOLDER NAME
new_root() {
	mkdir -p "$tmp/$1" && quietly "$keys" root new --state NIC --key "$tmp/$2.key" --anchor "$tmp/$1/NIC.pem" --passphrase-file "$pass"
}
adopt() { # ROOT ANCHOR [OPTION...]
	root=$1 anchor=$2
	shift 2
	quietly "$keys" trust adopt --key "$root" --passphrase-file "$pass" --anchor "$anchor" --in "$list" --out "$list" "$@"
}

# The ministry changes its root. A verifier that has not seen a network for
# weeks pins the old one, a new verifier the new one: both take one bundle.
root_rollover() {
	office && card old "$(moment '-100 days')" "$tmp/doc.key" && bundle "$tmp/a.trust" "$(moment '-1 hour')" "$tmp/status.key" || return 1
	takes store "$tmp/NIC.pem" "$tmp/a.trust" && new_root two root2 || return 1
	cp "$list" "$tmp/old.trustlist"
	cp "$tmp/office.cedula" "$tmp/slow.cedula"
	refused 65 'the root itself' "$keys" root succeed --key "$tmp/root.key" --passphrase-file "$pass" --next "$tmp/NIC.pem" --out "$tmp/NIC.succession" || return 1
	quietly "$keys" root succeed --key "$tmp/root.key" --passphrase-file "$pass" --next "$tmp/two/NIC.pem" --out "$tmp/NIC.succession" || return 1
	adopt "$tmp/root2.key" "$tmp/NIC.pem" --succession "$tmp/NIC.succession" && import && card new "$now" "$tmp/doc.key" || return 1
	bundle "$tmp/a.trust" "$now" "$tmp/status.key" || return 1
	takes store "$tmp/a.trust" && takes store2 "$tmp/two/NIC.pem" "$tmp/a.trust" || return 1
	for s in store store2; do
		says $s old valid && says $s new valid || return 1
	done
	# the options that name trust take the same bundle with either anchor
	for a in "$tmp/NIC.pem" "$tmp/two/NIC.pem"; do
		quietly "$verifier" --anchor "$a" --trust "$tmp/a.trust" --now "$now" "$tmp/new.txt" || return 1
	done
	# from here on the old root is heard no more, however it counts
	for _ in 1 2 3; do
		quietly "$keys" trust renew --key "$tmp/root.key" --passphrase-file "$pass" --in "$tmp/old.trustlist" --out "$tmp/old.trustlist" || return 1
	done
	quietly "$keys" bundle --anchor "$tmp/NIC.pem" --out "$tmp/old.trust" "$tmp/old.trustlist" || return 1
	refused 65 'older than' "$verifier" trust add --store "$tmp/store" "$tmp/old.trust" || return 1
	refused 65 'root that follows' "$B/bin/cedula-issuer" trust import "$tmp/old.trustlist" --anchor "$tmp/NIC.pem" || return 1
	# an office that was slow takes the old root's, and then the new root's
	for l in "$tmp/old.trustlist" "$list"; do
		quietly "$B/bin/cedula-issuer" --register "$tmp/slow.cedula" trust import "$l" --anchor "$tmp/NIC.pem" || return 1
	done
	# the new root changes the list with the same commands
	quietly "$keys" trust renew --key "$tmp/root2.key" --passphrase-file "$pass" --in "$list" --out "$list" &&
	    quietly "$keys" trust show --anchor "$tmp/NIC.pem" "$list" && import && takes store "$list" && says store new valid
}

# A second root, and a third that knows the second alone: verifiers that pin any
# of the three take the bundle. What must not be done is refused.
three_roots() {
	office && card old "$(moment '-100 days')" "$tmp/doc.key" && new_root two root2 && new_root three root3 || return 1
	for next in two three; do
		root=root$(echo $next | sed 's/two//; s/three/2/').key
		quietly "$keys" root succeed --key "$tmp/$root" --passphrase-file "$pass" --next "$tmp/$next/NIC.pem" --out "$tmp/$next.succession" || return 1
	done
	cp "$list" "$tmp/one.list"
	adopt "$tmp/root2.key" "$tmp/NIC.pem" --succession "$tmp/two.succession" || return 1
	cp "$list" "$tmp/two.list"
	again() { # STATUS PATTERN KEY [OPTION...]
		want=$1 pattern=$2 by=$3
		shift 3
		refused "$want" "$pattern" "$keys" trust adopt --key "$tmp/$by" --passphrase-file "$pass" --in "$list" --out "$list" "$@" &&
		    cmp "$list" "$tmp/two.list"
	}
	again 65 'use trust renew' root2.key --anchor "$tmp/NIC.pem" --succession "$tmp/two.succession" || return 1
	again 65 'use trust renew' root2.key --anchor "$tmp/two/NIC.pem" --old-root-lost || return 1
	again 64 'old-root-lost' root3.key --anchor "$tmp/two/NIC.pem" || return 1
	again 64 'either' root3.key --anchor "$tmp/two/NIC.pem" --old-root-lost --succession "$tmp/three.succession" || return 1
	again 65 'does not lead' root3.key --anchor "$tmp/NIC.pem" --succession "$tmp/two.succession" || return 1
	# the first root would take back what it gave away
	again 65 'does not lead' root.key --anchor "$tmp/NIC.pem" --succession "$tmp/two.succession" || return 1
	adopt "$tmp/root3.key" "$tmp/two/NIC.pem" --succession "$tmp/three.succession" && import || return 1
	# who has named one names no other
	name() { # STATUS KEY LIST OUT
		"$keys" root succeed --key "$tmp/$2" --passphrase-file "$pass" --next "$tmp/three/NIC.pem" --in "$3" --out "$tmp/$4" >"$tmp/log" 2>&1
		[ $? -eq "$1" ] && return 0
		echo "# root succeed by $2: not $1: $(cat "$tmp/log")"
		return 1
	}
	name 65 root.key "$list" x.succession && grep -q 'one is for ever' "$tmp/log" && name 65 root2.key "$list" x.succession &&
	    name 65 root.key "$tmp/two.list" x.succession && [ ! -e "$tmp/x.succession" ] || return 1
	name 0 root.key "$tmp/one.list" y.succession && name 0 root2.key "$tmp/two.list" z.succession &&
	    name 65 root.key "$tmp/pass" x.succession || return 1
	[ "$(grep -a -o 'cedula-root+cwt' "$list" | wc -l)" -eq 2 ] && bundle "$tmp/a.trust" "$now" "$tmp/status.key" || return 1
	takes store "$tmp/NIC.pem" "$tmp/a.trust" && takes store2 "$tmp/two/NIC.pem" "$tmp/a.trust" &&
	    takes store3 "$tmp/three/NIC.pem" "$tmp/a.trust" || return 1
	for s in store store2 store3; do
		says $s old valid || return 1
	done
	# both at once, where the second never signed a list; the same is carried once
	cat "$tmp/two.succession" "$tmp/three.succession" "$tmp/two.succession" >"$tmp/both.succession"
	for l in one two; do
		quietly "$keys" trust adopt --key "$tmp/root3.key" --passphrase-file "$pass" --anchor "$tmp/NIC.pem" \
		    --in "$tmp/$l.list" --out "$tmp/$l.both" --succession "$tmp/both.succession" || return 1
		[ "$(grep -a -o 'cedula-root+cwt' "$tmp/$l.both" | wc -l)" -eq 2 ] || return 1
	done
}

# The root is lost; but its spare was named while it was there.
lost_root_with_a_spare() {
	office && new_root two spare || return 1
	quietly "$keys" root succeed --key "$tmp/root.key" --passphrase-file "$pass" --next "$tmp/two/NIC.pem" --out "$tmp/NIC.succession" || return 1
	rm "$tmp/root.key"
	card old "$(moment '-100 days')" "$tmp/doc.key" && bundle "$tmp/a.trust" "$now" "$tmp/status.key" --valid-days 200 || return 1
	takes store "$tmp/NIC.pem" "$tmp/a.trust" && says store old valid || return 1
	says store old valid-stale/trust-list-old "$(moment '91 days')" || return 1
	adopt "$tmp/spare.key" "$tmp/NIC.pem" --succession "$tmp/NIC.succession" --valid-days 180 && import &&
	    bundle "$tmp/a.trust" "$(moment '1 hour')" "$tmp/status.key" --valid-days 200 && takes store "$tmp/a.trust" || return 1
	says store old valid "$(moment '91 days')"
}

# Lost without a spare: the state begins anew, and verifiers are visited.
lost_root_without_a_spare() {
	office && card old "$(moment '-100 days')" "$tmp/doc.key" && bundle "$tmp/a.trust" "$now" "$tmp/status.key" || return 1
	takes store "$tmp/NIC.pem" "$tmp/a.trust" && says store old valid || return 1
	rm "$tmp/root.key"
	new_root two root2 || return 1
	# forgetting the succession must not look like this
	refused 64 'old-root-lost' "$keys" trust adopt --key "$tmp/root2.key" --passphrase-file "$pass" --anchor "$tmp/NIC.pem" --in "$list" --out "$list" || return 1
	adopt "$tmp/root2.key" "$tmp/NIC.pem" --old-root-lost && grep -q 'every verifier and every register' "$tmp/log" || return 1
	quietly "$B/bin/cedula-issuer" trust import "$list" --anchor "$tmp/two/NIC.pem" || return 1
	bundle "$tmp/b.trust" "$(moment '1 hour')" "$tmp/status.key" || return 1
	refused 65 'vouches' "$verifier" trust add --store "$tmp/store" "$tmp/b.trust" || return 1
	refused 65 'another anchor for NIC' "$verifier" trust add --store "$tmp/store" "$tmp/two/NIC.pem" "$tmp/b.trust" || return 1
	says store old valid || return 1
	quietly "$verifier" trust remove --store "$tmp/store" NIC && takes store "$tmp/two/NIC.pem" "$tmp/b.trust" &&
	    says store old valid "$(moment '2 hours')"
}

# The disk dies and yesterday's backup is put back. What was issued since is in
# people's hands and not in the register: nobody takes what it publishes until
# the ministry has begun the office's lists anew.
restored_register() {
	office && card old "$(moment '-100 days')" "$tmp/doc.key" || return 1
	bundle "$tmp/a.trust" "$(moment '-4 hours')" "$tmp/status.key" && takes store "$tmp/NIC.pem" "$tmp/a.trust" || return 1
	cp "$tmp/office.cedula" "$tmp/backup.cedula"
	card new "$(moment '-2 hours')" "$tmp/doc.key" && bundle "$tmp/a.trust" "$(moment '-1 hour')" "$tmp/status.key" && takes store "$tmp/a.trust" || return 1
	says store old valid && says store new valid || return 1
	rm -f "$tmp"/office.cedula*
	mv "$tmp/backup.cedula" "$tmp/office.cedula"
	refused 65 'restored from an older backup' "$B/bin/cedula-issuer" log check "$tmp/a.trust" || return 1
	refused 65 'restored from an older backup' "$B/bin/cedula-issuer" --now "$now" bundle --key "$tmp/status.key" --passphrase-file "$pass" --out "$tmp/a.trust" || return 1
	bundle "$tmp/b.trust" "$now" "$tmp/status.key" --valid-days 9 || return 1
	refused 65 'an old register was put back' "$verifier" trust add --store "$tmp/store" "$tmp/b.trust" || return 1
	ministry revoke --kid "$(kid "$tmp/status.pub")" --from "$(moment '-3 hours')" && signer status2 status &&
	    trust_add "$tmp/status2.pub" status --sign-until "$(day '400 days')" --until "$key_until" >"$tmp/log" || return 1
	import && bundle "$tmp/c.trust" "$now" "$tmp/status2.key" && takes store "$tmp/c.trust" || return 1
	says store old valid && says store new revoked/never-issued
}

# A list is never replaced by an older one, whatever it is carried on.
rollback() {
	office && card old "$(moment '-100 days')" "$tmp/doc.key" && bundle "$tmp/a.trust" "$(moment '-2 days')" "$tmp/status.key" || return 1
	takes store "$tmp/NIC.pem" "$tmp/a.trust" && says store old valid || return 1
	cp "$tmp/a.trust" "$tmp/before.trust"
	quietly issuer card revoke "$(cat "$tmp/old.number")" --reason 'robada' && bundle "$tmp/a.trust" "$now" "$tmp/status.key" &&
	    takes store "$tmp/a.trust" && says store old revoked || return 1
	sum=$(cat "$tmp"/store/* | sha256sum)
	refused 65 'older than' "$verifier" trust add --store "$tmp/store" "$tmp/before.trust" || return 1
	[ "$sum" = "$(cat "$tmp"/store/* | sha256sum)" ] && says store old revoked
}

# The clock's limits: behind, ahead, 1970, a leap day, time zones, 2038, 2106.
clock() {
	office && card old "$(moment '-100 days')" "$tmp/doc.key" && bundle "$tmp/a.trust" "$now" "$tmp/status.key" &&
	    takes store "$tmp/NIC.pem" "$tmp/a.trust" || return 1
	floor=$("$verifier" trust show --store "$tmp/store" --json | jq -r .newest)
	behind() { date -u -d "$floor $1" +%Y-%m-%dT%H:%M:%SZ; }
	says store old valid "$(behind '-300 seconds')" && says store old clock-suspect "$(behind '-301 seconds')" &&
	    says store old clock-suspect 1970-01-01T00:00:00Z && says store old clock-suspect 1969-12-31T23:59:59Z &&
	    says store old clock-suspect 2024-02-29T12:00:00Z || return 1
	# the same instant in three zones; the machine's own zone says nothing
	utc=$(moment '1 hour')
	for zone in -06:00 +00:00 +12:45; do
		says store old valid "$(TZ=UTC date -u -d "$utc" +%Y-%m-%dT%H:%M:%S)Z" || return 1
		h=${zone%:*}
		says store old valid "$(date -u -d "$utc $(echo "$h" | sed 's/^+0*//; s/^-0*/-/') hours ${zone#*:} minutes" +%Y-%m-%dT%H:%M:%S)$zone" || return 1
	done
	for tz in America/Managua Asia/Kathmandu Pacific/Kiritimati; do
		(TZ=$tz && export TZ && says store old valid) || return 1
	done
	# expired whatever is said; far ahead, the date is named as a suspect
	says store old expired/clock-far-ahead 2038-01-19T03:14:08Z && says store old expired/clock-far-ahead 2106-02-07T06:28:16Z &&
	    says store old valid-stale/status-list-old "$(moment '366 days')" || return 1
	refused 1 'clock is behind' "$verifier" trust check --store "$tmp/store" --now 1970-01-01 || return 1
	refused 1 'past its deadline' "$verifier" trust check --store "$tmp/store" --now 2106-02-07T06:28:16Z || return 1
	refused 0 'fresh' "$verifier" trust check --store "$tmp/store" --now "$now"
}

# No file can be carried: a poster, photographed, brings the revocations.
on_paper() {
	office && card old "$(moment '-100 days')" "$tmp/doc.key" && card lost "$(moment '-90 days')" "$tmp/doc.key" || return 1
	bundle "$tmp/a.trust" "$(moment '-6 days')" "$tmp/status.key" && takes store "$tmp/NIC.pem" "$tmp/a.trust" || return 1
	says store old valid && says store lost valid && says store old valid-stale/status-list-old "$(moment '3 days')" || return 1
	quietly issuer card revoke "$(cat "$tmp/lost.number")" --reason 'perdida' || return 1
	mkdir -p "$tmp/pub" "$tmp/poster" && quietly issuer status publish --key "$tmp/status.key" --passphrase-file "$pass" --out "$tmp/pub" || return 1
	quietly "$keys" bundle --qr "$tmp/poster" --anchor "$tmp/NIC.pem" "$list" "$tmp/pub/SJO-1.short" || return 1
	set -- "$tmp"/poster/*.png
	echo "# $# symbols"
	quietly "$verifier" trust add --store "$tmp/store" "$@" || return 1
	says store lost revoked && says store old valid && says store old valid "$(moment '3 days')" || return 1
	# the same in a message, and to a verifier that has no full list
	takes store2 "$tmp/NIC.pem" "$tmp/poster/NIC.txt" && says store2 lost revoked && says store2 old valid-stale/short-list-alone || return 1
	[ $# -lt 2 ] || refused 65 'missing' "$verifier" trust add --store "$tmp/store2" "$1"
}

# Bundles made to deceive, each with its own word, and no store made green.
hostile() {
	office && card old "$(moment '-100 days')" "$tmp/doc.key" && bundle "$tmp/a.trust" "$now" "$tmp/status.key" || return 1
	takes store "$tmp/NIC.pem" "$tmp/a.trust" || return 1
	sum=$(cat "$tmp"/store/* | sha256sum)
	add() { refused "$1" "$2" "$verifier" trust add --store "$tmp/store" "$3"; }
	# another root for the same state
	mkdir "$tmp/two" && quietly "$keys" root new --state NIC --key "$tmp/evil.key" --anchor "$tmp/two/NIC.pem" --passphrase-file "$pass" &&
	    quietly "$keys" trust new --key "$tmp/evil.key" --passphrase-file "$pass" --state NIC --out "$tmp/evil.list" || return 1
	add 65 'vouches' "$tmp/evil.list" || return 1
	# cut off, padded, empty, something else
	head -c 300 "$tmp/a.trust" >"$tmp/cut.trust"; add 65 'cut off or damaged' "$tmp/cut.trust" || return 1
	{ cat "$tmp/a.trust"; printf '\0'; } >"$tmp/pad.trust"; add 65 'cut off or damaged' "$tmp/pad.trust" || return 1
	: >"$tmp/empty.trust"; add 65 '' "$tmp/empty.trust" || return 1
	add 65 'cut off or damaged' "$tmp/pass" || return 1
	# two lists of one state, two of one office
	cat "$tmp/a.trust" "$list" >"$tmp/twice.trust"; add 65 'beside another' "$tmp/twice.trust" || return 1
	[ "$sum" = "$(cat "$tmp"/store/* | sha256sum)" ] && says store old valid
}

# The store's folder is changed behind the program's back.
damaged_store() {
	office && card old "$(moment '-100 days')" "$tmp/doc.key" && bundle "$tmp/a.trust" "$now" "$tmp/status.key" || return 1
	takes store "$tmp/NIC.pem" "$tmp/a.trust" && says store old valid || return 1
	printf 'x' | dd of="$tmp/store/NIC.trust" bs=1 seek=200 conv=notrunc 2>/dev/null
	refused 65 'damaged, nothing in it is believed' "$verifier" --store "$tmp/store" --now "$now" "$tmp/old.txt" || return 1
	refused 65 'damaged' "$verifier" trust check --store "$tmp/store" || return 1
	refused 65 'trust remove NIC' "$verifier" trust add --store "$tmp/store" "$tmp/a.trust" || return 1
	quietly "$verifier" trust remove --store "$tmp/store" NIC && takes store "$tmp/NIC.pem" "$tmp/a.trust" && says store old valid || return 1
	rm "$tmp/store/NIC.trust"
	refused 78 'no bundle yet' "$verifier" --store "$tmp/store" --now "$now" "$tmp/old.txt" || return 1
	chmod o+w "$tmp/store"
	refused 78 'chmod o-w' "$verifier" --store "$tmp/store" --now "$now" "$tmp/old.txt"
}

check "creation: nothing is green before anchor and bundle are there" creation
check "succession of a signer: the first one's cards stay good, it makes no more" succession_of_a_signer
check "closing an office: its cards stay good, another speaks for them" closing_an_office
check "compromise of a document signer, with its honest limit" compromise
check "compromise of a status signer: a cleared card turns red again" stolen_status_signer
check "root rollover: both roots verify meanwhile, then the old is heard no more" root_rollover
check "three roots: whoever pins any of them takes the bundle" three_roots
check "a lost root with a spare: cards stay green" lost_root_with_a_spare
check "a lost root without a spare: verifiers are given the new anchor" lost_root_without_a_spare
check "a register restored from a backup: nobody takes it until the office begins anew" restored_register
check "an old bundle never replaces a newer one" rollback
check "the clock: behind, ahead, 1970, leap day, zones, 2038, 2106" clock
check "revocations on paper" on_paper
check "hostile bundles: each its own error, nothing changed" hostile
check "a store damaged, emptied, open to all" damaged_store
echo "1..$n"
exit "$failed"
