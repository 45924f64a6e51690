/*
 * What a log of a million entries costs: the root from entries in memory, the
 * auditor's parse with it, and the register's own scan, each beside bare
 * SHA-256 over as many bytes in as many pieces, in the same run. Never a test:
 * machines are noisy.
 */
#include <openssl/evp.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <sqlite3.h>

#include "common/logentry.h"
#include "common/logwalk.h"
#include "issuer/register/officer.h"
#include "tests/bench/bench.h"

enum { ENTRIES = 1000000 };

static void
holds(bool what)
{
	if (!what)
		abort();
}

static uint8_t *room;			/* of the log */

/* Issues, each tenth one revoked at once: indexes over 16 lists. */
static struct bytes
make_log(void)
{
	size_t cap = (size_t)ENTRIES * LOG_ENTRY_MAX;
	struct buf out;

	holds((room = malloc(cap)) != NULL);
	out = buf_over(room, cap);
	for (uint32_t i = 0; i < ENTRIES; i++) {
		uint32_t card = i - i % 10 / 9;
		struct log_entry e = { .kind = i % 10 == 9 ? LOG_REVOKE :
		    LOG_ISSUE, .at = 1795478400 + i,
		    .list = { "NIC", "SJO", 1 + card % 16 }, .index = card / 16,
		    .exp = i % 10 == 9 ? 0 : 1953331199 };

		(void)snprintf(e.number, sizeof(e.number), "SJO%06u",
		    (unsigned)card % 1000000u);
		memcpy(e.card, &i, sizeof(i));
		holds(log_entry_encode(&e, &out) == ST_OK);
	}
	return buf_bytes(&out);
}

/* The same bytes through bare SHA-256: a piece an entry, and one of 65 bytes
 * for each of the n - 1 nodes. */
static double
bare(struct bytes log)
{
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	EVP_MD *sha = EVP_MD_fetch(NULL, "SHA256", NULL);
	size_t piece = log.len / ENTRIES;
	uint8_t out[32], node[65] = { 1 };
	double t = bench_seconds();

	holds(ctx != NULL && sha != NULL);
	for (size_t i = 0; i < ENTRIES; i++) {
		holds(EVP_DigestInit_ex(ctx, sha, NULL) == 1 &&
		    EVP_DigestUpdate(ctx, log.p + i * piece, piece) == 1 &&
		    EVP_DigestFinal_ex(ctx, out, NULL) == 1);
		memcpy(node + 1, out, sizeof(out));
		holds(EVP_DigestInit_ex(ctx, sha, NULL) == 1 &&
		    EVP_DigestUpdate(ctx, node, sizeof(node)) == 1 &&
		    EVP_DigestFinal_ex(ctx, out, NULL) == 1);
	}
	t = bench_seconds() - t;
	EVP_MD_free(sha);
	EVP_MD_CTX_free(ctx);
	return t;
}

static double
in_memory(struct bytes rest, bool parse, uint8_t root[MERKLE_HASH])
{
	struct log_walk w = { NULL, 0, 0, 0, { 0, 0, { { 0 } } } };
	struct log_entry e;
	struct bytes raw;
	double t = bench_seconds();

	holds(log_walk_begin(&w) == ST_OK);
	while (rest.len > 0) {
		if (parse) {
			holds(log_entry_next(&rest, &raw, &e) == ST_OK);
		} else {
			/* Where it ends, and no more. */
			struct cbor c = cbor_from(rest);

			raw = cbor_raw(&c);
			rest = bytes_from(c.p, c.left);
		}
		holds(log_walk_step(&w, raw) == ST_OK);
	}
	holds(w.tree.size == ENTRIES && merkle_root(&w.tree, root) == ST_OK);
	return bench_seconds() - t;
}

static void
fill_register(const char *path, struct bytes rest)
{
	struct log_entry e;
	sqlite3_stmt *q;
	struct bytes raw;
	sqlite3 *db;

	holds(sqlite3_open(path, &db) == SQLITE_OK &&
	    sqlite3_exec(db, "PRAGMA foreign_keys = OFF; BEGIN", NULL, NULL,
	    NULL) == SQLITE_OK && sqlite3_prepare_v2(db, "INSERT INTO log_entry"
	    " (seq, entry, event) VALUES (?1, ?2, ?1 + 1)", -1, &q, NULL) ==
	    SQLITE_OK);
	for (sqlite3_int64 i = 0; rest.len > 0; i++) {
		holds(log_entry_next(&rest, &raw, &e) == ST_OK);
		holds(sqlite3_bind_int64(q, 1, i) == SQLITE_OK &&
		    sqlite3_bind_blob(q, 2, raw.p, (int)raw.len,
		    SQLITE_STATIC) == SQLITE_OK &&
		    sqlite3_step(q) == SQLITE_DONE &&
		    sqlite3_reset(q) == SQLITE_OK);
	}
	(void)sqlite3_finalize(q);
	holds(sqlite3_exec(db, "COMMIT", NULL, NULL, NULL) == SQLITE_OK);
	(void)sqlite3_close(db);
}

static enum status
step(void *arg, int64_t seq, struct bytes entry)
{
	(void)seq;
	return log_walk_step(arg, entry);
}

static enum status
row(void *arg, const struct log_row *r)
{
	struct log_entry e;

	holds(log_entry_parse(r->entry, &e) == ST_OK);
	return log_walk_step(arg, r->entry);
}

/* As log head reads it, and as log check does (with the joins; there are no
 * cards behind these entries). */
static double
in_register(struct reg *r, bool check, const uint8_t want[MERKLE_HASH])
{
	struct log_walk w = { NULL, 0, 0, 0, { 0, 0, { { 0 } } } };
	uint8_t root[MERKLE_HASH];
	struct diag d = { "" };
	double t = bench_seconds();

	holds(log_walk_begin(&w) == ST_OK);
	holds((check ? reg_log_rows(r, row, &w, &d) :
	    reg_log_entries(r, step, &w, &d)) == ST_OK);
	holds(merkle_root(&w.tree, root) == ST_OK &&
	    memcmp(root, want, sizeof(root)) == 0);
	return bench_seconds() - t;
}

int
main(void)
{
	static const struct office office = { .state = "NIC", .code = "SJO",
	    .country = "X", .name = "X", .address = "X", .verify_at = "X",
	    .demo = true, .capacity = 65536 };
	struct bytes log = make_log();
	uint8_t root[MERKLE_HASH];
	char folder[] = "/tmp/benchXXXXXX", path[64], tail[72];
	struct reg *r = NULL;
	struct diag d = { "" };
	double sha = bare(log), memory = in_memory(log, false, root);
	double parse = in_memory(log, true, root), head, check;

	holds(mkdtemp(folder) != NULL);
	(void)snprintf(path, sizeof(path), "%s/r", folder);
	holds(reg_create(path, &office, "ana", "Ana", OFFICER_MANAGER, NULL,
	    1795478400, &d) == ST_OK);
	fill_register(path, log);
	holds(reg_open(path, &r, &d) == ST_OK);
	head = in_register(r, false, root);
	check = in_register(r, true, root);
	reg_close(r);
	printf("bench_log: %d entries, %.1f MB, one run\n", ENTRIES,
	    (double)log.len / 1e6);
	printf("  bare SHA-256 of the same pieces  %6.2f s\n", sha);
	printf("  root, entries in memory          %6.2f s, ratio %.2f\n",
	    memory, memory / sha);
	printf("  the auditor's: parsed too        %6.2f s, ratio %.2f\n",
	    parse, parse / sha);
	printf("  log head's scan of a register    %6.2f s, ratio %.2f\n",
	    head, head / sha);
	printf("  log check's, with joins          %6.2f s, ratio %.2f\n",
	    check, check / sha);
	(void)unlink(path);
	for (const char *const *e = (const char *const[]){ "-wal", "-shm",
	    NULL }; *e != NULL; e++) {
		(void)snprintf(tail, sizeof(tail), "%s%s", path, *e);
		(void)unlink(tail);
	}
	(void)rmdir(folder);
	free(room);
	return 0;
}
