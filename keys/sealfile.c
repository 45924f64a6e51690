#include "keys/sealfile.h"

#include <sys/stat.h>

#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/rand.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "keys/scrypt.h"

/* The work is what who finds the file has to do for each try. What a stranger's
 * header may ask for is 1 GiB, P_MAX times over. */
enum { P = 1, P_MAX = 4 };
enum { VERSION = 1, KEY = 32, CHECK = 16, NONCE = 12, PREFIX = 7 };
enum { AT_SCRYPT = 9, AT_CHUNK = 12, AT_SALT = 16, AT_PREFIX = 48,
    AT_ZERO = AT_PREFIX + PREFIX, AT_CHECK = 64, SALT = 32 };
#define KEPT 16		/* chunks that a reader keeps open */

static const char magic[] = "CEDULASB";

/* Both directions: one key, one header. */
struct half {
	EVP_CIPHER_CTX *ctx;
	uint8_t header[SEALFILE_HEADER];
	size_t chunk;
};

static enum status
no_crypto(struct diag *d)
{
	ERR_clear_error();
	return diag_set(d, ST_INTERNAL,
	    _("the file cannot be sealed or opened: out of memory, or OpenSSL failed"));
}

static uint32_t
get_u32(const uint8_t *p)
{
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 |
	    (uint32_t)p[2] << 8 | p[3];
}

static void
put_u32(uint8_t *p, uint32_t v)
{
	for (int i = 0; i < 4; i++)
		p[i] = (uint8_t)(v >> (24 - 8 * i));
}

static struct scrypt
scrypt_of(const uint8_t header[SEALFILE_HEADER])
{
	const uint8_t *s = header + AT_SCRYPT;

	return (struct scrypt){ s[0], s[1], s[2],
	    bytes_from(header + AT_SALT, SALT) };
}

/* The key goes into the cipher and nowhere else. */
static enum status
half_begin(struct half *h, const char *passphrase, bool seal,
    uint8_t check[CHECK], struct diag *d)
{
	struct scrypt s = scrypt_of(h->header);
	uint8_t out[KEY + CHECK];
	bool good;

	good = scrypt_key(&s, passphrase, out, sizeof(out)) == ST_OK &&
	    (h->ctx = EVP_CIPHER_CTX_new()) != NULL &&
	    EVP_CipherInit_ex(h->ctx, EVP_aes_256_gcm(), NULL, out, NULL,
	    seal ? 1 : 0) == 1;
	memcpy(check, out + KEY, CHECK);
	OPENSSL_cleanse(out, sizeof(out));
	return good ? ST_OK : no_crypto(d);
}

/* One chunk, in place or not; the tag is written when sealing, else asked. */
static enum status
half_chunk(struct half *h, uint64_t number, bool last, struct bytes in,
    uint8_t *out, uint8_t tag[SEALFILE_TAG], bool seal)
{
	uint8_t nonce[NONCE];
	int n;
	bool good;

	if (number > UINT32_MAX)
		return ST_TOO_BIG;
	memcpy(nonce, h->header + AT_PREFIX, PREFIX);
	put_u32(nonce + PREFIX, (uint32_t)number);
	nonce[NONCE - 1] = last ? 1 : 0;
	good = EVP_CipherInit_ex(h->ctx, NULL, NULL, NULL, nonce, -1) == 1 &&
	    EVP_CipherUpdate(h->ctx, NULL, &n, h->header,
	    SEALFILE_HEADER) == 1 &&
	    EVP_CipherUpdate(h->ctx, out, &n, in.p, (int)in.len) == 1 &&
	    (seal || EVP_CIPHER_CTX_ctrl(h->ctx, EVP_CTRL_GCM_SET_TAG,
	    SEALFILE_TAG, tag) == 1);
	if (!good) {
		ERR_clear_error();
		return ST_INTERNAL;
	}
	if (EVP_CipherFinal_ex(h->ctx, out + n, &n) != 1) {
		ERR_clear_error();
		return seal ? ST_INTERNAL : ST_SIGNATURE;
	}
	return !seal || EVP_CIPHER_CTX_ctrl(h->ctx, EVP_CTRL_GCM_GET_TAG,
	    SEALFILE_TAG, tag) == 1 ? ST_OK : ST_INTERNAL;
}

/* ---- making one --------------------------------------------------------- */

struct seal_writer {
	struct half h;
	enum status (*out)(void *arg, struct bytes part);
	void *arg;
	struct diag *d;
	uint64_t number;
	size_t len;			/* of the chunk that is being filled */
	uint8_t plain[SEALFILE_CHUNK];
	uint8_t sealed[SEALFILE_CHUNK + SEALFILE_TAG];
};

enum status
seal_begin(const char *passphrase, unsigned work,
    enum status (*out)(void *arg, struct bytes part), void *arg,
    struct seal_writer **w, struct diag *d)
{
	struct seal_writer *s = calloc(1, sizeof(*s));
	uint8_t *h;
	enum status st;

	*w = NULL;
	if (s == NULL)
		return no_crypto(d);
	h = s->h.header;
	memcpy(h, magic, sizeof(magic) - 1);
	h[sizeof(magic) - 1] = VERSION;
	h[AT_SCRYPT] = (uint8_t)work;
	h[AT_SCRYPT + 1] = SCRYPT_R;
	h[AT_SCRYPT + 2] = P;
	put_u32(h + AT_CHUNK, SEALFILE_CHUNK);
	if (RAND_bytes(h + AT_SALT, SALT) != 1 ||
	    RAND_bytes(h + AT_PREFIX, PREFIX) != 1) {
		st = no_crypto(d);
		goto out;
	}
	if ((st = half_begin(&s->h, passphrase, true, h + AT_CHECK, d)) !=
	    ST_OK || (st = out(arg, bytes_from(h, SEALFILE_HEADER))) != ST_OK)
		goto out;
	s->out = out;
	s->arg = arg;
	s->d = d;
	*w = s;
	s = NULL;
out:
	seal_free(s);
	return st;
}

static enum status
put_chunk(struct seal_writer *w, bool last)
{
	enum status st = half_chunk(&w->h, w->number, last,
	    bytes_from(w->plain, w->len), w->sealed, w->sealed + w->len, true);

	if (st != ST_OK)
		return no_crypto(w->d);
	st = w->out(w->arg, bytes_from(w->sealed, w->len + SEALFILE_TAG));
	w->number++;
	w->len = 0;
	return st;
}

enum status
seal_add(struct seal_writer *w, struct bytes plain)
{
	enum status st = ST_OK;

	while (plain.len > 0 && st == ST_OK) {
		size_t n = sizeof(w->plain) - w->len;

		/* A full one waits: it may be the last. */
		if (n == 0) {
			st = put_chunk(w, false);
			continue;
		}
		if (n > plain.len)
			n = plain.len;
		memcpy(w->plain + w->len, plain.p, n);
		w->len += n;
		plain.p += n;
		plain.len -= n;
	}
	return st;
}

enum status
seal_end(struct seal_writer *w)
{
	return w->len == 0 ? ST_DATA : put_chunk(w, true);
}

void
seal_free(struct seal_writer *w)
{
	if (w == NULL)
		return;
	EVP_CIPHER_CTX_free(w->h.ctx);	/* erases what it holds */
	OPENSSL_cleanse(w, sizeof(*w));
	free(w);
}

/* ---- reading one -------------------------------------------------------- */

struct kept {
	uint64_t number, used;
	size_t len;			/* 0: none */
	uint8_t plain[SEALFILE_CHUNK];
};

struct seal_reader {
	struct half h;
	int fd;
	char name[256];
	uint64_t size, chunks, clock;
	struct kept kept[KEPT];
	uint8_t sealed[SEALFILE_CHUNK + SEALFILE_TAG];
};

static enum status
read_all(int fd, uint64_t at, uint8_t *out, size_t len)
{
	size_t n = 0;

	while (n < len) {
		ssize_t got = pread(fd, out + n, len - n, (off_t)(at + n));

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return ST_IO;
		if (got == 0)
			return ST_DATA;
		n += (size_t)got;
	}
	return ST_OK;
}

static enum status
damaged(const struct seal_reader *r, uint64_t number, struct diag *d)
{
	return diag_set(d, ST_DATA,
	    _("%s: damaged, cut off or changed at chunk %llu: nothing of it is believed; take another backup"),
	    r->name, (unsigned long long)number);
}

static enum status
check_header(const struct seal_reader *r, struct diag *d)
{
	const uint8_t *h = r->h.header;
	struct scrypt s = scrypt_of(h);
	bool zero = true;

	for (int i = AT_ZERO; i < AT_CHECK; i++)
		zero = zero && h[i] == 0;
	if (!bytes_equal(bytes_from(h, sizeof(magic) - 1), bytes_text(magic)))
		return diag_set(d, ST_MALFORMED,
		    _("%s: not a sealed backup of Cédula"), r->name);
	if (h[sizeof(magic) - 1] != VERSION)
		return diag_set(d, ST_CONFIG,
		    _("%s: sealed by a newer Cédula; use the newer program"),
		    r->name);
	if (!scrypt_within(&s, SCRYPT_LOG_N_MAX, P_MAX) || !zero ||
	    get_u32(h + AT_CHUNK) != SEALFILE_CHUNK)
		return diag_set(d, ST_MALFORMED,
		    _("%s: the header of the backup is damaged"), r->name);
	return ST_OK;
}

/* From the file's length: how many chunks, how many plain bytes. */
static enum status
measure(struct seal_reader *r, struct diag *d)
{
	const uint64_t whole = SEALFILE_CHUNK + SEALFILE_TAG;
	struct stat sb;
	uint64_t body, rest;

	if (fstat(r->fd, &sb) != 0)
		return diag_errno(d, ST_IO, r->name);
	if (!S_ISREG(sb.st_mode))
		return diag_set(d, ST_DATA, _("%s: not a plain file"), r->name);
	if (sb.st_size < SEALFILE_HEADER)
		return diag_set(d, ST_MALFORMED,
		    _("%s: not a sealed backup of Cédula"), r->name);
	body = (uint64_t)sb.st_size - SEALFILE_HEADER;
	rest = body % whole;
	r->chunks = body / whole + (rest > 0 ? 1 : 0);
	if (r->chunks == 0 || (rest > 0 && rest <= SEALFILE_TAG))
		return damaged(r, r->chunks, d);
	r->size = body - r->chunks * SEALFILE_TAG;
	return ST_OK;
}

enum status
unseal_open(int fd, const char *name, const char *passphrase,
    struct seal_reader **out, struct diag *d)
{
	struct seal_reader *r = calloc(1, sizeof(*r));
	uint8_t check[CHECK];
	enum status st;

	*out = NULL;
	if (r == NULL)
		return no_crypto(d);
	r->fd = fd;
	(void)snprintf(r->name, sizeof(r->name), "%s", name);
	if (read_all(fd, 0, r->h.header, SEALFILE_HEADER) != ST_OK) {
		st = diag_set(d, ST_MALFORMED,
		    _("%s: not a sealed backup of Cédula"), name);
		goto out;
	}
	if ((st = check_header(r, d)) != ST_OK ||
	    (st = measure(r, d)) != ST_OK ||
	    (st = half_begin(&r->h, passphrase, false, check, d)) != ST_OK)
		goto out;
	if (CRYPTO_memcmp(check, r->h.header + AT_CHECK, CHECK) != 0) {
		st = diag_set(d, ST_PASSPHRASE,
		    _("%s: the passphrase does not open this backup"), name);
		goto out;
	}
	*out = r;
	r = NULL;
out:
	unseal_close(r);
	return st;
}

uint64_t
unseal_size(const struct seal_reader *r)
{
	return r->size;
}

/* The chunk from those kept, or in the place of the one not used longest. */
static enum status
hold(struct seal_reader *r, uint64_t number, struct kept **out, struct diag *d)
{
	const uint64_t whole = SEALFILE_CHUNK + SEALFILE_TAG;
	struct kept *k = &r->kept[0];
	bool last = number + 1 == r->chunks;
	size_t len = last ? (size_t)(r->size - number * SEALFILE_CHUNK) :
	    SEALFILE_CHUNK;
	enum status st;

	for (size_t i = 0; i < KEPT; i++) {
		if (r->kept[i].len > 0 && r->kept[i].number == number) {
			k = &r->kept[i];
			k->used = ++r->clock;
			*out = k;
			return ST_OK;
		}
		if (r->kept[i].used < k->used)
			k = &r->kept[i];
	}
	k->len = 0;
	st = read_all(r->fd, SEALFILE_HEADER + number * whole, r->sealed,
	    len + SEALFILE_TAG);
	if (st == ST_IO)
		return diag_errno(d, st, r->name);
	if (st == ST_OK)
		st = half_chunk(&r->h, number, last,
		    bytes_from(r->sealed, len), k->plain, r->sealed + len,
		    false);
	if (st == ST_INTERNAL)
		return no_crypto(d);
	if (st != ST_OK) {
		OPENSSL_cleanse(k->plain, sizeof(k->plain));
		return damaged(r, number, d);
	}
	k->number = number;
	k->len = len;
	k->used = ++r->clock;
	*out = k;
	return ST_OK;
}

enum status
unseal_at(struct seal_reader *r, uint64_t at, uint8_t *out, size_t len,
    struct diag *d)
{
	enum status st = ST_OK;

	if (at > r->size || len > r->size - at)
		return damaged(r, r->chunks, d);
	while (len > 0) {
		size_t from = (size_t)(at % SEALFILE_CHUNK), n;
		struct kept *k = NULL;

		if ((st = hold(r, at / SEALFILE_CHUNK, &k, d)) != ST_OK)
			return st;
		n = k->len - from < len ? k->len - from : len;
		memcpy(out, k->plain + from, n);
		out += n;
		at += n;
		len -= n;
	}
	return ST_OK;
}

void
unseal_close(struct seal_reader *r)
{
	if (r == NULL)
		return;
	EVP_CIPHER_CTX_free(r->h.ctx);
	OPENSSL_cleanse(r, sizeof(*r));
	free(r);
}
