#!/bin/sh
# Blank cards and print batches from outside: every blank is accounted for from
# the parcel to the holder, each refusal is a clear one, and nothing is changed
# by it. TAP on standard output. Run in the project's root; B is the build
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
# state SERIAL: its state and its card's number.
state() {
	sql "SELECT b.state || ' ' || ifnull(c.number, '-') || ' ' ||
	    ifnull(c.custody, '-') FROM blank AS b LEFT JOIN card AS c
	    ON c.id = b.card WHERE serial = '$1'"
}
print_on() {
	issuer card print "$1" --out "$tmp/cards" --blank "$2"
}
no_files() {
	[ ! -e "$tmp/cards/$1.pdf" ] && [ ! -e "$tmp/cards/$1-front.png" ]
}

office() {
	i=0
	make_register && for name in Ana Bea Carla Dora Eva Flor; do
		i=$((i + 1))
		enrol "$name" Prueba F 1990-01-01 --photo "$tmp/face.jpg" &&
		    issuer application submit --person "$i" &&
		    luis application approve "$i" || return 1
	done && issue 1 --application 2 --application 3 --application 4 \
	    --application 5 --application 6
}
check 'an office with six cards' quietly office
check '... each with its application and person' grep -q '^SJO000002  *2  *2  *Bea Prueba$' "$tmp/log"

# Without stock a card is printed as ever; this print stays explained below.
check 'no stock: no blank is asked for' gives SJO000005 issuer card print \
    SJO000005 --out "$tmp/cards"
refused '... and none that was not received is taken' 66 'never received' \
    print_on SJO000001 A000001

# Received.
refused 'another series' 65 'not of one series' hour 1 stock receive \
    --first A000001 --last A0000010 --supplier Imprenta
refused 'the last before the first' 65 'comes before' hour 1 stock receive \
    --first A000010 --last A000001 --supplier Imprenta
refused 'no serial' 65 'not a serial' hour 1 stock receive --first 'a 1' \
    --last A000010 --supplier Imprenta
refused 'no number in it' 65 'not a serial' hour 1 stock receive --first ABC \
    --last ABD --supplier Imprenta
refused 'too many' 65 '100001 blanks' hour 1 stock receive --first A000001 \
    --last A100001 --supplier Imprenta
refused 'of nobody' 65 'supplier: give a text' hour 1 stock receive \
    --first A000001 --last A000010 --supplier ''
check 'a parcel' gives 12 hour 1 stock receive --first A000001 --last A000012 \
    --supplier 'Imprenta Nacional, remisión 7'
refused 'received before: its first serial is named' 65 \
    'blank A000012: received before' hour 1 stock receive --first A000012 \
    --last A000020 --supplier Imprenta
check 'the next parcel' gives 2 hour 1 stock receive --first A000013 \
    --last A000014 --supplier Imprenta
check 'a series of its own, which sorts between' gives 2 hour 1 stock receive \
    --first A00A01 --last A00A02 --supplier Imprenta
check 'show' holds '^In stock: 16$' issuer stock show
check 'the next blank of each parcel, and of the office' gives \
    '[["A000001","A000013","A00A01"],"A000001"]' eval \
    "issuer --json stock show | jq -c '[[.parcels[].next], .next_blank]'"
check 'show by parcel' holds '^1  *A000001-A000012 .* Imprenta Nacional, remisión 7  *12  *12  *0' \
    issuer stock show

# Printed.
refused 'now a blank is asked for' 64 'with --blank .*; the next is A000001' issuer card print \
    SJO000001 --out "$tmp/cards"
check '... and no file is left' no_files SJO000001
refused 'an unknown one' 66 'A000099: never received' print_on SJO000001 A000099
check 'print on a blank' gives SJO000001 print_on SJO000001 A000001
check '... it is printed, and so is the card' gives \
    'printed SJO000001 printed' state A000001
check '... and both have the act' gives 2 sql "SELECT count(*) FROM audit WHERE
    (action = 'stock.print' AND object = 'blank A000001' AND details =
    'SJO000001') OR (action = 'card.print' AND object = 'card SJO000001')"
refused 'a re-used blank' 65 'A000001: card SJO000001 is printed on it' \
    print_on SJO000002 A000001
check '... and no file is left' no_files SJO000002
refused 'a second blank for the card' 65 'printed on blank A000001 already' \
    print_on SJO000001 A000002
check '... its first print is still there' [ -s "$tmp/cards/SJO000001.pdf" ]
check 'the tables: a re-used blank' behind "one card's" \
    "UPDATE blank SET card = 2 WHERE serial = 'A000001'"
check 'the tables: two blanks for one card' behind 'UNIQUE' "UPDATE blank SET
    state = 'printed', card = 1 WHERE serial = 'A000002'"
check 'the tables: a print without a blank' behind 'on a blank of the stock' \
    "INSERT INTO card_event (card, at, officer, event, reason)
    VALUES (2, 1, 1, 'print', '')"
check 'the tables: printed is not stock again' behind 'go this way' \
    "UPDATE blank SET state = 'stock' WHERE serial = 'A000001'"
check 'the tables: blanks are kept' behind 'kept' \
    "DELETE FROM blank WHERE serial = 'A000009'"
check 'the tables: history is append only' behind 'append only' \
    "UPDATE blank_event SET reason = 'x'"
no_folder() {
	: >"$tmp/file" && unchanged 73 "$tmp/file" issuer card print SJO000002 \
	    --out "$tmp/file" --blank A000002
}
check 'no folder for the files: the blank stays in stock' no_folder

# luis is for Limón, and all holders are of San José.
quietly issuer officer change luis --jurisdiction Limón
refused 'another district: printing' 77 "card SJO000002: district 'San José' is not yours" \
    luis card print SJO000002 --out "$tmp/cards" --blank A000002
refused '... spoiling' 77 "card SJO000001: district 'San José' is not yours" \
    luis stock spoil A000001 --reason atasco
refused '... its cards wait for others' 66 'no card waits' luis batch open --waiting 9
quietly issuer officer change luis --everywhere

# Spoiled, missing, found, destroyed.
refused 'spoil without a reason' 65 'reason' issuer stock spoil A000001 \
    --reason ''
check 'spoil' gives A000001 issuer stock spoil A000001 --reason 'atasco'
check '... the card waits again' gives 'spoiled SJO000001 issued' state A000001
refused 'spoil it twice' 65 'A000001: spoiled by the books' issuer stock spoil \
    A000001 --reason otra
refused 'print on a spoiled one' 65 'not in stock (spoiled: atasco)' \
    print_on SJO000001 A000001
check 'print again, the same card' gives SJO000001 print_on SJO000001 A000002
check 'no new credential' gives 1 sql "SELECT count(*) FROM card
    WHERE number = 'SJO000001'"
check 'its history' holds '^.* spoiled  *SJO000001  *ana .*atasco' issuer \
    stock show A000001
check 'missing, a serial and a range' gives 3 issuer stock missing A000012 \
    A000010-A000011 --reason 'caja abierta'
refused 'a printed one is not missing' 65 'A000002: printed by the books' \
    issuer stock missing A000003 A000002 --reason x
refused 'nor one never received' 66 'A000015: never received' issuer stock \
    missing A000014-A000015 --reason x
refused 'print on a missing one' 65 'missing: caja abierta' print_on SJO000002 \
    A000010
check 'found' gives 1 issuer stock found A000010 --reason 'detrás del armario'
refused 'found, though never missing' 65 'stock by the books' issuer stock \
    found A000010 --reason x
refused 'destroy before one'\''s own eyes' 77 'that is you' issuer stock \
    destroy A000001 --reason trituradora --witness ana
refused 'destroy before nobody' 77 'no active officer' issuer stock destroy \
    A000001 --reason trituradora --witness eva
refused 'destroy a missing one' 65 'A000011: missing' issuer stock destroy \
    A000001 A000011 --reason trituradora --witness luis
refused 'destroy a printed one' 65 'A000002: printed' issuer stock destroy \
    A000002 --reason trituradora --witness luis
# witness PATTERN STATEMENT: luis is none after it.
witness() {
	cp "$CEDULA_REGISTER" "$tmp/witness.cedula" && (
		CEDULA_REGISTER=$tmp/witness.cedula
		sql "$2" && unchanged 77 "$1" issuer stock destroy A000001 \
		    --reason trituradora --witness luis
	)
}
check 'destroy before one whose time is over' witness 'ended on' "UPDATE officer
    SET until = '2020-01-01' WHERE login = 'luis'"
check 'destroy before one who has no secret' witness 'no active officer' "DELETE
    FROM officer_secret WHERE officer = 2"
check 'destroy spoiled and stock' gives 3 issuer stock destroy A000001 \
    A000013-A000014 --reason trituradora --witness luis
check '... the witness is kept' holds 'destroyed .* ana .* luis .*trituradora' \
    issuer stock show A000001
check 'the tables: no witness of oneself' behind four_eyes "UPDATE blank SET
    state = 'destroyed', reason = 'x', officer = 1, witness = 1
    WHERE serial = 'A000003'"
check 'the tables: no destruction without a witness' behind CHECK \
    "UPDATE blank SET state = 'destroyed', reason = 'x'
    WHERE serial = 'A000003'"
left() {
	sql "DROP TRIGGER IF EXISTS card_custody_steps; UPDATE card
	    SET custody = 'handed-over' WHERE number = 'SJO000001'" &&
	    unchanged 65 'no longer in the office (handed-over)' issuer stock \
		spoil A000002 --reason x &&
	    behind 'left the office' "UPDATE blank SET state = 'spoiled',
		reason = 'x' WHERE serial = 'A000002'"
}
check 'a card that its holder has is not spoiled here' left

# Counted. In stock: A000003-A000010, A00A01-A00A02.
check 'reconciled' holds '^Unexplained: 0$' hour 2 stock reconcile \
    --counted A000003-A000010 --counted A00A01-A00A02 --by 'Ana y Luis'
check '... and kept' gives 'Ana y Luis|A000003-A000010 A00A01-A00A02|10|10|0' \
    sql 'SELECT counted_by, ranges, counted, stock, unexplained FROM stock_count'
check 'not what the books say' says 65 '^Unexplained: 7$' hour 2 stock \
    reconcile --counted A000001-A000008 --counted A000015-A000016 \
    --counted A00A01
check '... in stock, not counted' grep -q '^A000009-A000010  *2  *stock  *no$' \
    "$tmp/stdout"
check '... the same of another series' grep -q '^A00A02  *1  *stock  *no$' \
    "$tmp/stdout"
check '... destroyed, but counted' grep -q '^A000001  *1  *destroyed  *yes$' \
    "$tmp/stdout"
check '... printed, but counted' grep -q '^A000002  *1  *printed  *yes$' \
    "$tmp/stdout"
check '... never received, but counted' grep -q \
    '^A000015-A000016  *2  *unknown  *yes$' "$tmp/stdout"
check '... kept too' gives '11|10|7' sql 'SELECT counted, stock, unexplained
    FROM stock_count ORDER BY id DESC LIMIT 1'
check 'the same as JSON' says 65 bad-data hour 2 --json stock reconcile \
    --counted A000003-A000009 --counted A00A01-A00A02
check '... with the list' json '.unexplained == 1 and .differences ==
    [{"serials":"A000010","blanks":1,"books":"stock","counted":"no"}]'
check 'an empty cupboard' says 65 '^Unexplained: 10$' hour 2 stock reconcile \
    --counted none
check '... which doctor does not forget' says 65 'Blank cards  *problem .*not explained by the count of .*: 10' \
    hour 2 doctor --quick
refused 'one counted twice' 65 'A000005 is in it twice' hour 2 stock \
    reconcile --counted A000003-A000005 --counted A000005-A000010
check 'the tables: counts stay' behind 'kept as they were' \
    'UPDATE stock_count SET unexplained = 0'
custody_differs() {
	sql "UPDATE card SET custody = 'issued' WHERE number = 'SJO000001'"
	says 65 '^SJO000001  *issued  *A000002$' hour 2 stock reconcile \
	    --counted A000003-A000010 --counted A00A01-A00A02 &&
	    sql "UPDATE card SET custody = 'handed-over'
		WHERE number = 'SJO000001'"
}
check 'a printed blank whose card waits' custody_differs

# Batches. SJO000002, 3, 4 and 6 wait.
check 'the longest waiting' gives 1 hour 3 batch open --waiting 2
check '... they are in it' holds '^SJO000003  *waiting' issuer batch show 1
refused 'in one batch only' 65 'waits in batch 1 already' issuer batch add 1 \
    --card SJO000003
refused 'a card that is printed' 65 'does not wait to be printed (handed-over)' \
    issuer batch add 1 --card SJO000001
refused 'all or none' 66 'SJO000099' issuer batch add 1 --card SJO000004 \
    --card SJO000099
check 'add' gives 1 issuer batch add 1 --card SJO000004
check '... with the blank to load' holds '^Next blank: A000003$' issuer batch show 1
quietly issuer officer change luis --jurisdiction Limón
refused 'by no officer of another district' 77 'is not yours' luis batch add 1 \
    --card SJO000006
check '... nor printed' says 77 "Stopped: card SJO000002: district 'San José' is not yours" \
    luis batch print 1 --out "$tmp/batch" --blanks A000003
check '... it waits as before' holds '^SJO000002  *waiting' issuer batch show 1
quietly issuer officer change luis --everywhere
refused 'closed too early' 65 'SJO000002 waits in it' issuer batch close 1
check 'the tables: closed too early' behind 'no card waits' \
    'UPDATE print_batch SET closed = 1'
refused 'from which blank' 64 'with --blanks .*; the next is A000003' issuer batch print 1 \
    --out "$tmp/batch"
refused 'the first is not in stock' 65 'blank A000001: .*; the next is A000003' issuer batch print 1 \
    --out "$tmp/batch" --blanks A000001
spoil_record() {
	sql "DROP TRIGGER card_fixed; UPDATE card SET qr = 'X' || qr
	    WHERE number = 'SJO000003'"
	sql "UPDATE blank SET state = 'missing', reason = 'x'
	    WHERE serial IN ('A000004', 'A000005', 'A000006', 'A000007',
	    'A000008', 'A000009', 'A000010')"
}
check 'one card is damaged, and one blank is left' spoil_record
check 'print: the blanks come in order' says 66 \
    '^SJO000002  *printed  *A000003 *$' issuer batch print 1 --out "$tmp/batch" \
    --blanks A000003
check '... and when there is no more it stops' grep -q \
    '^Stopped: no blank from A000003 on' "$tmp/stdout"
check '... what is done is kept' gives 'printed SJO000002 printed' state A000003
check 'more blanks' gives 9 issuer stock receive --first B1 --last B9 \
    --supplier Imprenta
refused 'from a blank that is spoiled' 65 'A000001: .*take another' issuer batch print 1 --out "$tmp/batch" \
    --blanks A000001
check '... and it goes on: what cannot be printed is set aside' says 65 \
    '^SJO000003  *aside  *card SJO000003: the text of its symbol' issuer \
    batch print 1 --out "$tmp/batch" --blanks B1
check '... which is the next' grep -q '^Next blank: B2$' "$tmp/stdout"
check '... and takes no blank' grep -q '^SJO000004  *printed  *B1 *$' \
    "$tmp/stdout"
check '... with what was left alone' [ "$(grep -c '^SJO' "$tmp/stdout")" -eq 2 ]
check 'a spoiled print' gives B1 issuer stock spoil B1 --reason atasco
check '... waits in its batch again' holds '^SJO000004  *waiting' issuer batch \
    show 1
check 'it is revoked meanwhile' gives SJO000004 issuer card revoke SJO000004 \
    --reason error
check '... and set aside' says 65 '^SJO000004  *aside .*is revoked (error)' \
    issuer batch print 1 --out "$tmp/batch" --blanks B2
check '... nothing waits, and nothing stopped it' holds '"stopped":null' issuer --json batch print 1 \
    --out "$tmp/batch" --blanks B2
check '... its blank is not touched' gives 'stock - -' state B2
refused 'set aside what does not wait' 65 'does not wait in batch' issuer \
    batch aside 1 --card SJO000002 --reason x
check 'another takes what waits' gives 2 issuer batch open --waiting 5
check '... the one set aside too' gives '3 6' sql "SELECT group_concat(card, ' ')
    FROM batch_card WHERE batch = 2"
refused 'then none waits' 66 'no card waits' issuer batch open --waiting 5
check 'set aside by hand' gives 2 issuer batch aside 2 --card SJO000003 \
    --card SJO000006 --reason 'más tarde'
check 'close' gives 2 issuer batch close 2
refused 'closed once' 65 'is closed' issuer batch close 2
refused 'nothing goes into it' 65 'is closed' issuer batch add 2 \
    --card SJO000006
check 'the list' holds '^2  *closed .* 0  *0  *2$' issuer batch list
refused 'no such batch' 66 'batch 9' issuer batch show 9
check 'every blank is somewhere' gives 25 sql "SELECT count(*) FROM blank AS b
    WHERE state IN ('stock', 'printed', 'spoiled', 'missing', 'destroyed')"
check 'the register is sound' sound

echo "1..$n"
exit "$failed"
