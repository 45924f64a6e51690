/* The seal file: what was sealed comes back from anywhere in it, and nothing
 * that was changed, cut, moved or joined is taken for it. */
#include "tests/unit/check.h"

#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "keys/sealfile.h"

#define PASS "una clave larga"
#define WHOLE (SEALFILE_CHUNK + SEALFILE_TAG)

/* Three chunks, the last one short; small enough to try many changes. */
#define PLAIN (2 * SEALFILE_CHUNK + 100)

struct text {
	uint8_t *p;
	size_t len;
};

static enum status
put(void *arg, struct bytes part)
{
	struct text *t = arg;

	t->p = realloc(t->p, t->len + part.len);
	assert_non_null(t->p);
	memcpy(t->p + t->len, part.p, part.len);
	t->len += part.len;
	return ST_OK;
}

static enum status
full(void *arg, struct bytes part)
{
	size_t *left = arg;

	if (part.len > *left)
		return ST_FULL;
	*left -= part.len;
	return ST_OK;
}

static uint8_t *
plain(size_t len)
{
	uint8_t *p = malloc(len + 1);

	assert_non_null(p);
	for (size_t i = 0; i < len; i++)
		p[i] = (uint8_t)(i * 31 + (i >> 8));
	return p;
}

/* Sealed in pieces that fit no chunk. */
static struct text
seal(const char *passphrase, const uint8_t *p, size_t len)
{
	struct seal_writer *w;
	struct text t = { NULL, 0 };
	struct diag d;

	assert_int_equal(seal_begin(passphrase, SEALFILE_WORK_MIN, put, &t, &w, &d), ST_OK);
	for (size_t at = 0; at < len; at += 7001)
		assert_int_equal(seal_add(w, bytes_from(p + at,
		    len - at < 7001 ? len - at : 7001)), ST_OK);
	assert_int_equal(seal_end(w), ST_OK);
	seal_free(w);
	return t;
}

static int
file_of(const uint8_t *p, size_t len)
{
	char name[] = "/tmp/sealXXXXXX";
	int fd = mkstemp(name);

	assert_true(fd >= 0);
	assert_int_equal(unlink(name), 0);
	assert_int_equal(write(fd, p, len), (ssize_t)len);
	return fd;
}

/* Reads all of it; ST_OK only if every byte is the plain text's. */
static enum status
read_all(int fd, const char *passphrase, const uint8_t *want, size_t len,
    size_t step)
{
	struct seal_reader *r;
	struct diag d = { "" };
	uint8_t part[9000];
	enum status st = unseal_open(fd, "f", passphrase, &r, &d);

	if (st != ST_OK) {
		assert_true(d.text[0] != '\0');
		return st;
	}
	if (unseal_size(r) != len)
		st = ST_ROLLBACK;	/* another length: read it all the same */
	for (uint64_t at = 0; at < unseal_size(r); at += step) {
		size_t n = unseal_size(r) - at < step ?
		    (size_t)(unseal_size(r) - at) : step;
		enum status one = unseal_at(r, at, part, n, &d);

		if (one != ST_OK) {
			st = one;
			break;
		}
		if (at + n <= len)
			assert_memory_equal(part, want + at, n);
	}
	unseal_close(r);
	return st;
}

static void
test_round(void **state)
{
	static const size_t lengths[] = { 1, 2, SEALFILE_CHUNK - 1,
	    SEALFILE_CHUNK, SEALFILE_CHUNK + 1, 2 * SEALFILE_CHUNK, PLAIN };

	(void)state;
	for (size_t i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++) {
		uint8_t *p = plain(lengths[i]);
		struct text t = seal(PASS, p, lengths[i]);
		int fd = file_of(t.p, t.len);

		assert_int_equal(read_all(fd, PASS, p, lengths[i], 9000),
		    ST_OK);
		assert_int_equal(read_all(fd, PASS, p, lengths[i], 4096),
		    ST_OK);
		close(fd);
		free(t.p);
		free(p);
	}
}

static void
test_anywhere(void **state)
{
	uint8_t *p = plain(PLAIN), part[64];
	struct text t = seal(PASS, p, PLAIN);
	int fd = file_of(t.p, t.len);
	struct seal_reader *r;
	struct diag d;

	(void)state;
	assert_int_equal(unseal_open(fd, "f", PASS, &r, &d), ST_OK);
	for (uint64_t at = PLAIN - 64; at > 64; at = at * 7 / 8) {
		assert_int_equal(unseal_at(r, at, part, 64, &d), ST_OK);
		assert_memory_equal(part, p + at, 64);
	}
	/* Over a border; nothing behind the end. */
	assert_int_equal(unseal_at(r, SEALFILE_CHUNK - 1, part, 2, &d), ST_OK);
	assert_memory_equal(part, p + SEALFILE_CHUNK - 1, 2);
	assert_int_equal(unseal_at(r, PLAIN - 1, part, 2, &d), ST_DATA);
	assert_int_equal(unseal_at(r, UINT64_MAX, part, 2, &d), ST_DATA);
	unseal_close(r);
	close(fd);
	free(t.p);
	free(p);
}

static void
test_passphrase(void **state)
{
	uint8_t *p = plain(10);
	struct text t = seal(PASS, p, 10), u = seal(PASS, p, 10);
	int fd = file_of(t.p, t.len);

	(void)state;
	assert_int_equal(read_all(fd, "una clave largo", p, 10, 10),
	    ST_PASSPHRASE);
	assert_int_equal(read_all(fd, "", p, 10, 10), ST_PASSPHRASE);
	assert_int_equal(read_all(fd, PASS, p, 10, 10), ST_OK);
	/* The same again is another file. */
	assert_int_equal(t.len, u.len);
	assert_memory_not_equal(t.p + 16, u.p + 16, t.len - 16);
	close(fd);
	free(t.p);
	free(u.p);
	free(p);
}

/* Damage never opens. A header costs a scrypt each: every byte once; the
 * chunks are tried at many places with the reader that is open. */
static void
test_each_byte_of_header(void **state)
{
	uint8_t *p = plain(10);
	struct text t = seal(PASS, p, 10);

	(void)state;
	for (size_t i = 0; i < SEALFILE_HEADER; i++) {
		int fd;

		/* Salt and check cost a scrypt each: a few of them. */
		if ((i >= 18 && i < 47) || (i >= 50 && i < 54) || i > 66)
			continue;
		t.p[i] ^= 1;
		fd = file_of(t.p, t.len);
		assert_int_not_equal(read_all(fd, PASS, p, 10, 10), ST_OK);
		close(fd);
		t.p[i] ^= 1;
	}
	free(t.p);
	free(p);
}

static void
test_each_bit(void **state)
{
	uint8_t *p = plain(40), part[40];
	struct text t = seal(PASS, p, 40);
	int fd = file_of(t.p, t.len);
	struct seal_reader *r;
	struct diag d;

	(void)state;
	assert_int_equal(unseal_open(fd, "f", PASS, &r, &d), ST_OK);
	for (size_t bit = 8 * SEALFILE_HEADER; bit < 8 * t.len; bit++) {
		uint8_t was = t.p[bit / 8], is = (uint8_t)(was ^ 1 << bit % 8);

		assert_int_equal(pwrite(fd, &is, 1, (off_t)(bit / 8)), 1);
		assert_int_equal(unseal_at(r, 0, part, 40, &d), ST_DATA);
		assert_int_equal(pwrite(fd, &was, 1, (off_t)(bit / 8)), 1);
	}
	assert_int_equal(unseal_at(r, 0, part, 40, &d), ST_OK);
	unseal_close(r);
	close(fd);
	free(t.p);
	free(p);
}

/* Not even as a shorter or longer text. */
static void
refused(const uint8_t *sealed, size_t len, const uint8_t *p)
{
	int fd = file_of(sealed, len);
	enum status st = read_all(fd, PASS, p, PLAIN, 9000);

	assert_true(st == ST_DATA || st == ST_MALFORMED);
	close(fd);
}

static void
test_cut_and_longer(void **state)
{
	static const size_t ends[] = { 0, 1, SEALFILE_HEADER - 1,
	    SEALFILE_HEADER, SEALFILE_HEADER + 1,
	    SEALFILE_HEADER + SEALFILE_TAG, SEALFILE_HEADER + WHOLE - 1,
	    SEALFILE_HEADER + WHOLE, SEALFILE_HEADER + WHOLE + 1,
	    SEALFILE_HEADER + 2 * WHOLE, SEALFILE_HEADER + 2 * WHOLE + 1,
	    SEALFILE_HEADER + 2 * WHOLE + SEALFILE_TAG + 99 };
	uint8_t *p = plain(PLAIN), *more;
	struct text t = seal(PASS, p, PLAIN);

	(void)state;
	for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
		assert_true(ends[i] < t.len);
		refused(t.p, ends[i], p);
	}
	more = calloc(1, t.len + WHOLE);
	assert_non_null(more);
	memcpy(more, t.p, t.len);
	for (size_t n = 1; n <= WHOLE; n = n * 5 + 11)
		refused(more, t.len + n, p);
	free(more);
	free(t.p);
	free(p);
}

/* Chunks swapped, doubled, left out, and one of another file with the same
 * passphrase. */
static void
test_order(void **state)
{
	uint8_t *p = plain(PLAIN), *q;
	struct text t = seal(PASS, p, PLAIN), u = seal(PASS, p, PLAIN);
	uint8_t *one, *two;
	int fd;

	(void)state;
	q = malloc(t.len);
	assert_non_null(q);
	one = q + SEALFILE_HEADER;
	two = one + WHOLE;
	memcpy(q, t.p, t.len);
	memcpy(one, t.p + SEALFILE_HEADER + WHOLE, WHOLE);
	memcpy(two, t.p + SEALFILE_HEADER, WHOLE);
	fd = file_of(q, t.len);
	assert_int_equal(read_all(fd, PASS, p, PLAIN, 9000), ST_DATA);
	close(fd);
	memcpy(q, t.p, t.len);
	memcpy(two, one, WHOLE);
	fd = file_of(q, t.len);
	assert_int_equal(read_all(fd, PASS, p, PLAIN, 9000), ST_DATA);
	close(fd);
	memcpy(q, t.p, t.len);
	memmove(one, two, t.len - SEALFILE_HEADER - WHOLE);
	fd = file_of(q, t.len - WHOLE);
	assert_int_equal(read_all(fd, PASS, p, PLAIN, 9000), ST_DATA);
	close(fd);
	memcpy(q, t.p, t.len);
	memcpy(two, u.p + SEALFILE_HEADER + WHOLE, WHOLE);
	fd = file_of(q, t.len);
	assert_int_equal(read_all(fd, PASS, p, PLAIN, 9000), ST_DATA);
	close(fd);
	free(q);
	free(t.p);
	free(u.p);
	free(p);
}

static void
test_writer_fails(void **state)
{
	uint8_t *p = plain(PLAIN);
	struct seal_writer *w;
	struct diag d;
	size_t left = SEALFILE_HEADER - 1;

	(void)state;
	assert_int_equal(seal_begin(PASS, SEALFILE_WORK_MIN, full, &left, &w, &d), ST_FULL);
	assert_null(w);
	left = SEALFILE_HEADER + WHOLE;
	assert_int_equal(seal_begin(PASS, SEALFILE_WORK_MIN, full, &left, &w, &d), ST_OK);
	assert_int_equal(seal_end(w), ST_DATA);
	assert_int_equal(seal_add(w, bytes_from(p, PLAIN)), ST_FULL);
	seal_free(w);
	seal_free(NULL);
	unseal_close(NULL);
	free(p);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_round),
		cmocka_unit_test(test_anywhere),
		cmocka_unit_test(test_passphrase),
		cmocka_unit_test(test_each_byte_of_header),
		cmocka_unit_test(test_each_bit),
		cmocka_unit_test(test_cut_and_longer),
		cmocka_unit_test(test_order),
		cmocka_unit_test(test_writer_fails),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
