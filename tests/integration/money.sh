#!/bin/sh
# Fees and the solidarity fund from outside: what is owed, taken, given back,
# waived and given, to the last cent; each refusal is a clear one and changes no
# byte. TAP on standard output. Run in the project's root; B is the build
# folder. Wants sqlite3 and jq.
# shellcheck disable=SC2317  # functions are called through check
set -u
# shellcheck source=tests/integration/office.inc
. tests/integration/office.inc
trap 'rm -rf "$tmp"' EXIT
trap 'exit 70' HUP INT TERM
setup

json() {
	jq -e "$1" "$tmp/stdout" >/dev/null || {
		echo "# $(cat "$tmp/stdout")"
		return 1
	}
}
quietly() {
	"$@" >"$tmp/log" 2>&1 || {
		echo "# $(cat "$tmp/log")"
		return 1
	}
}
luis() {
	issuer --officer luis "$@"
}
# bytes: the register's own, when nobody has it open.
bytes() {
	cksum <"$CEDULA_REGISTER"
}
# refused WHAT STATUS PATTERN COMMAND...: and nothing was changed.
refused() {
	what=$1
	shift
	check "$what" unchanged "$@"
}
unchanged() {
	before=$(bytes)
	ends "$@" && [ "$before" = "$(bytes)" ]
}
# behind PATTERN STATEMENT: the tables refuse it by themselves.
behind() {
	before=$(bytes)
	if sql "$2" >"$tmp/log" 2>&1; then
		echo "# it was taken: $2"
		return 1
	fi
	grep -q -e "$1" "$tmp/log" && [ "$before" = "$(bytes)" ]
}
# set_fee KIND CAUSE AMOUNT CURRENCY
set_fee() {
	issuer fee set --kind "$1" --cause "$2" --amount "$3" --currency "$4"
}
# pay APPLICATION AMOUNT [CURRENCY]
pay() {
	issuer fee pay "$1" --amount "$2" --currency "${3:-USD}" \
	    --payer 'Ana López'
}
give() {
	issuer fund give --amount "$1" --currency USD --detail 'Club de Leones'
}
year=$(date -u -d "$now" +%Y)
r=SJO-$year-00000

# Tariffs: the fee is the one at submission.
office() {
	make_register && for name in Ana Bea Carla Dora Eva Flor; do
		enrol "$name" Prueba F 1990-01-01 --photo "$tmp/face.jpg" ||
		    return 1
	done && issuer application submit --person 1 &&
	    luis application approve 1
}
check 'an office' quietly office
check 'no tariff, no fee' holds '^Open: 0$' issuer fee show 1
refused '... and none is taken' 65 'no fee is asked' pay 1 15
check 'set a tariff' gives 15.00 hour 1 fee set --kind individual --cause first \
    --amount 15 --currency USD
refused 'one dated before it' 65 'after now; look at the clock' set_fee \
    individual first 12 USD
refused 'no such kind' 64 'individual, family' set_fee pair first 12 USD
refused 'no such cause' 64 'first, renewal' set_fee family none 12 USD
for bad in 12.5 12,50 1.234 -3 +3 '' 1e3 '12 ' 012 .50 12. 10000000000.01 \
    99999999999999999999 0x10; do
	refused "no amount: '$bad'" 65 'not an amount of USD' set_fee family \
	    first "$bad" USD
done
refused 'no yen and a half' 65 'no smaller unit' set_fee family first 12.50 JPY
refused 'no such currency' 65 'not known' set_fee family first 12 XXX
check 'colones have cents, guaraníes none' gives 7500 set_fee family lost \
    7500 PYG
check 'free' gives 0.00 set_fee family first 0 USD
submitted() {
	hour 2 application submit --person "$1" && hour 2 --officer luis \
	    application approve "$2"
}
check 'an application at that tariff' quietly submitted 2 2
check 'a dearer tariff later' gives 20.00 hour 3 fee set --kind individual \
    --cause first --amount 20.00 --currency USD
check 'both are listed' holds '^individual  first  15.00 .* no *$' issuer fee \
    list
check 'the application keeps its own' holds '^Fee: 15.00$' issuer fee show 2
check 'the tables: tariffs are kept' behind 'kept' 'UPDATE tariff SET amount = 1'
check 'the tables: in order' behind 'newer' "INSERT INTO tariff (kind, cause,
    amount, currency, at, officer) VALUES ('individual', 'first', 1, 'USD', 1, 1)"
check 'an earlier one without a fee is issued' gives SJO000001 issue 1

# Paid in parts.
refused 'not issued while the fee is open' 65 \
    'fee of 15.00 USD, 15.00 is open; take it with fee pay 2' issue 2
check 'the tables: not issued while the fee is open' behind 'not settled' \
    "INSERT INTO card SELECT 9, 'SJO000009', 2, 2, 2, kind, list, idx + 1,
    issued, expires, kid, token, qr, status, reason, officer, custody FROM card"
check 'due' holds '^2  *approved  *individual  *first  *2 .* 15.00  *0.00  *15.00  *USD' \
    issuer fee due
refused 'not in colones' 65 'its fee is in USD, not CRC' pay 2 15 CRC
refused 'no more than the fee' 65 'only 15.00 USD' pay 2 15.01
refused 'not nothing' 65 'more than 0' pay 2 0
refused 'a payer has a name' 65 'payer: give a text' issuer fee pay 2 \
    --amount 5 --currency USD --payer ''
check 'a part' gives "${r}1" pay 2 5.00
refused 'no more than what is open' 65 'only 10.00 USD' pay 2 10.01
refused 'not issued for a part' 65 '10.00 is open' issue 2
check 'the rest' gives "${r}2" pay 2 10
refused 'no more than all' 65 'its fee is settled' pay 2 1
check 'nothing is due' gives 0 eval 'issuer --json fee due | jq ".due | length"'
check 'the receipt' holds '^Amount: 5.00$' issuer fee receipt "${r}1"
refused 'no such receipt' 66 "${r}9" issuer fee receipt "${r}9"
check 'voided: the money goes back' gives "${r}2" hour 26 fee void "${r}2" \
    --reason 'billete falso'
check '... it stays, void' holds '^State: void$' issuer fee receipt "${r}2"
refused 'voided once' 65 'void already (billete falso)' issuer fee void \
    "${r}2" --reason otra
refused '... and the fee is open again' 65 '10.00 is open' issue 2
check 'taken anew: the next number' gives "${r}3" pay 2 10
check 'issued' gives SJO000002 issue 2
refused 'what bought a card stays' 65 'is issued; its fee stays paid' issuer \
    fee void "${r}1" --reason x
refused 'nothing is taken afterwards' 65 'between submission and issue' pay 2 1
check 'the tables: a receipt stays' behind 'what it is' \
    'UPDATE receipt SET amount = 1'
check 'the tables: no receipt goes' behind 'kept' 'DELETE FROM receipt'
check 'the tables: no more than the fee' behind 'open of a fee' "INSERT INTO
    receipt (number, year, seq, application, amount, currency, payer, at,
    officer) VALUES ('SJO-$year-000004', $year, 4, 2, 1, 'USD', 'x', 1, 1)"

# The till.
check 'the till of the day' holds "^$today  *ana  *USD  *25.00  *0.00  *0.00  *25.00" \
    issuer fee cash --to "$today"
check 'a refund is of its own day' holds \
    '^USD  *0.00  *0.00  *10.00  *-10.00' hour 48 fee cash --from "$(day '1 day')"
check 'the till of another' holds '"totals":\[\]' issuer --json fee cash \
    --till luis
refused 'no such day' 64 'from: not a date' issuer fee cash --from 2026-02-30
refused 'days the other way round' 64 'to: before --from' issuer fee cash \
    --from 2026-02-02 --to 2026-02-01

# Waived. Applications 3, 4 and 5 cost 20.00.
three() {
	for p in 3 4 5; do
		hour 4 application submit --person $p || return 1
	done
}
check 'three more applications' quietly three
check 'the tables: no gaps' behind 'no gaps' "INSERT INTO receipt (number, year,
    seq, application, amount, currency, payer, at, officer) VALUES
    ('SJO-$year-000005', $year, 5, 3, 1, 'USD', 'x', 1, 1)"
refused 'not by who submitted it' 77 'you submitted it' issuer fee waive 3 \
    --reason indigencia
check 'the tables: not by who submitted it' behind four_eyes "INSERT INTO waiver
    (application, amount, currency, reason, at, officer)
    VALUES (3, 2000, 'USD', 'x', 1, 1)"
refused 'not without a reason' 65 'reason' luis fee waive 3 --reason ''
check 'a part is paid' gives "${r}4" pay 3 5
check 'the rest is waived' gives 3 luis fee waive 3 --reason indigencia
check '... by whom and why' holds ' luis  *no  *indigencia$' issuer fee show 3
check '... for the auditor too' holds '^3  *.* luis  *no  *indigencia$' issuer fee waivers --from "$today"
check '... so much' gives 1500 sql 'SELECT amount FROM waiver'
refused '... once' 65 'its fee is settled' luis fee waive 3 --reason otra
refused '... and not paid' 65 'its fee is settled' pay 3 1
refused 'not from a fund without money' 65 'has 0.00 USD and cannot give 20.00' \
    luis fee waive 4 --reason indigencia --from-fund
check 'the tables: nor behind the program' behind 'not so much' "INSERT INTO
    waiver (application, amount, currency, reason, from_fund, at, officer)
    VALUES (4, 2000, 'USD', 'x', 1, 1, 2)"

# The fund.
check 'a donation' gives 1 give 100
check 'a waiver that the fund pays' gives 4 luis fee waive 4 \
    --reason indigencia --from-fund
check '... is in its ledger' gives '-2000 4 4' sql "SELECT amount || ' ' || person
    || ' ' || application FROM fund_entry WHERE kind = 'waiver'"
refused '... and does not come back' 65 'only that of a refused application' \
    issuer fund reverse 2 --reason x
refused_application() {
	quietly luis application refuse 4 --reason 'acta ilegible' &&
	    gives 3 issuer fund reverse 2 --reason 'solicitud rechazada'
}
check '... unless the application is refused' refused_application
refused 'no more share than was taken' 65 'only 20.00 USD' issuer fund share \
    --amount 20.01 --currency USD --detail 'un tercio'
check 'a share' gives 4 issuer fund share --amount 5 --currency USD \
    --detail 'un tercio'
refused 'no more than the rest' 65 'only 15.00 USD' issuer fund share \
    --amount 15.01 --currency USD --detail 'un tercio'
check 'the tables: a share' behind 'fees that were taken' "INSERT INTO fund_entry
    (at, officer, kind, amount, currency, detail)
    VALUES (1, 1, 'share', 1501, 'USD', 'x')"
refused 'aid for nobody' 66 'person 99' issuer fund request --person 99 \
    --amount 1 --currency USD --detail pasaje
check 'aid is asked for' gives 1 issuer fund request --person 1 --amount 80 \
    --currency USD --detail 'pasaje a Managua'
check '... and listed' holds '^1  *open .*80.00' issuer fund requests --open
refused '... and not paid by the same' 77 'you asked for it' issuer fund pay 1
check 'the tables: nor behind the program' behind four_eyes "UPDATE fund_request
    SET state = 'paid', decided = 1, decided_by = 1"
check 'the tables: no aid without a request' behind four_eyes "INSERT INTO
    fund_entry (at, officer, kind, amount, currency, person, detail)
    VALUES (1, 1, 'aid', -1, 'USD', 1, 'x')"
check 'the tables: nor without its payment' behind four_eyes "INSERT INTO
    fund_entry (at, officer, kind, amount, currency, person, request, detail)
    VALUES (1, 2, 'aid', -8000, 'USD', 1, 1, 'x')"
quietly luis application approve 3
quietly issuer officer change luis --jurisdiction Limón
refused 'nor paid by one of another district' 77 'is not yours' luis fund pay 1
refused '... nor refused' 77 'is not yours' luis fund refuse 1 --reason x
refused '... nor given to somebody there' 77 'is not yours' luis fund give --amount 1 \
    --currency USD --person 1 --detail x
refused '... no entry about somebody there is reversed' 77 'is not yours' luis fund reverse 2 \
    --reason x
refused '... no fee is taken' 77 'is not yours' luis fee pay 5 --amount 1 --currency USD --payer x
refused '... nor waived' 77 'is not yours' luis fee waive 5 --reason x
refused '... nor given back' 77 'is not yours' luis fee void "${r}4" --reason x
refused '... no card is issued' 77 'is not yours' luis card issue --key "$tmp/doc.key" \
    --passphrase-file "$tmp/pass" --application 3
quietly issuer officer change luis --everywhere
check 'paid by another' gives 5 luis fund pay 1
refused 'paid once' 65 'request 1 is paid' luis fund pay 1
check 'more is asked for than there is' gives 2 issuer fund request --person 2 \
    --amount 25.01 --currency USD --detail medicina
refused '... and not paid' 65 'has 25.00 USD and cannot give 25.01' luis fund pay 2
check '... but refused' gives 2 luis fund refuse 2 --reason 'no alcanza'
refused 'no such request' 66 'request 9' luis fund pay 9
check 'a reversal' gives 6 issuer fund reverse 4 --reason 'mal contado'
refused 'once' 65 'reversed already, by entry 6' issuer fund reverse 4 --reason x
refused 'not of a reversal' 65 'is a reversal itself' issuer fund reverse 6 \
    --reason x
refused 'not of what is spent' 65 'has 20.00 USD and cannot give 100.00' issuer \
    fund reverse 1 --reason x
refused 'no such entry' 66 'entry 99' issuer fund reverse 99 --reason x
check 'the tables: the ledger stays' behind 'append only' \
    'UPDATE fund_entry SET amount = 1'
check 'the tables: nothing goes' behind 'append only' 'DELETE FROM fund_entry'
check 'the tables: never below nothing' behind 'not so much' "INSERT INTO
    fund_entry (at, officer, kind, amount, currency, reverses, detail)
    VALUES (1, 1, 'reversal', -10000, 'USD', 1, 'x')"
check 'another currency' gives 7 hour 50 fund give --amount 1000 \
    --currency PYG --detail 'Club de Leones' --person 6
check 'the ledger' holds '^5 .*aid  *-80.00  *USD  *25.00  *1 .*pasaje' issuer \
    fund show
check 'its balance' holds '^USD  *0.00  *125.00  *-105.00  *20.00' issuer fund show
for option in from to; do
	refused "a day that has not come: --$option" 64 "$option: .* has not come yet" issuer fund show \
	    "--$option" "$(day '2 days')"
done
check 'a part of the time' holds '^PYG  *0  *1000  *0  *1000' hour 50 fund show \
    --from "$(day '2 days')"
check '... opens with what was before' grep -q \
    '^USD  *20.00  *0.00  *0.00  *20.00' "$tmp/stdout"
check 'as JSON' holds result issuer --json fund show
check '... balances' json '.balances[1] == {"currency":"USD","opening":"0.00",
    "in":"125.00","out":"-105.00","closing":"20.00"}'
check '... null for who and what there is not' json '(.entries[0] | [.person, .application, .request,
    .reverses] == [null, null, null, null]) and (.entries | all(.person != 0 and .application != 0))'
check '... nor of a receipt that is good' eval 'issuer --json fee show 1 >"$tmp/stdout" &&
    json ".receipts | all(.reason != \"\")"'
check 'the ledger is the sum' gives 2000 sql "SELECT sum(amount) FROM fund_entry
    WHERE currency = 'USD'"
check 'every act is in the audit' gives '6|1|7|2' sql "SELECT
    (SELECT count(*) FROM audit WHERE action IN ('fee.pay', 'fee.waive')),
    (SELECT count(*) FROM audit WHERE action = 'fee.void'), (SELECT count(*)
    FROM audit WHERE action LIKE 'fund.%' AND object LIKE 'fund %') + 1,
    (SELECT count(*) FROM audit WHERE action = 'fund.request')"
check 'the register is sound' sound

echo "1..$n"
exit "$failed"
