/* Log entries and proofs: what is read is written again as it was read; a log
 * is split into entries that lie one behind the other. */
#include "common/logentry.h"
#include "common/logproof.h"
#include "tests/fuzz/fuzz.h"

enum { INPUT_MAX = 1 << 14 };

static void
check_entry(struct bytes in)
{
	uint8_t room[LOG_ENTRY_MAX];
	struct buf out = buf_over(room, sizeof(room));
	struct log_entry e;
	enum log_kind kind;

	if (log_entry_parse(in, &e) != ST_OK) {
		HOLDS(e.number[0] == '\0');
		return;
	}
	HOLDS(log_entry_encode(&e, &out) == ST_OK &&
	    bytes_equal(buf_bytes(&out), in));
	HOLDS(e.index < LOG_INDEX_MAX);
	HOLDS(log_kind_parse(log_kind_token(e.kind), &kind) && kind == e.kind);
}

static void
check_log(struct bytes rest)
{
	const uint8_t *end = rest.p + rest.len;
	struct log_entry e;
	struct bytes raw;

	while (rest.len > 0) {
		const uint8_t *at = rest.p;

		if (log_entry_next(&rest, &raw, &e) != ST_OK) {
			HOLDS(rest.p == at);
			break;
		}
		HOLDS(raw.p == at && raw.len > 0 && rest.p == at + raw.len);
		check_entry(raw);
	}
	HOLDS(rest.p + rest.len == end);
}

static void
check_proof(struct bytes in)
{
	static uint8_t room[LOG_PROOF_MAX];
	struct buf out = buf_over(room, sizeof(room));
	struct log_head head = { .size = in.len, .state = "NIC" };
	struct log_proof p;

	if (log_proof_parse(in, &p) != ST_OK)
		return;
	HOLDS(log_proof_encode(&p, &out) == ST_OK &&
	    bytes_equal(buf_bytes(&out), in));
	/* Any size ends, and no root of zeros is reached. */
	HOLDS(log_proof_verify(&p, &head, &head) != ST_OK ||
	    p.kind == LOG_CONSISTENCY);
	head.size = p.index + 1;
	HOLDS(p.kind == LOG_CONSISTENCY ||
	    log_proof_verify(&p, &head, &head) != ST_OK);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bytes in = bytes_from(data, size);

	if (size > INPUT_MAX)
		return 0;
	check_entry(in);
	check_log(in);
	check_proof(in);
	return 0;
}
