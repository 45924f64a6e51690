#include "verifier/trust/show.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/jsonw.h"
#include "common/verdict.h"
#include "common/when.h"

enum { JSON_MAX = 1 << 20 };

void
thumbprint_format(const uint8_t print[32], char out[80])
{
	char hex[65], *p = out;

	(void)bytes_to_hex(bytes_from(print, 32), hex, sizeof(hex));
	for (int i = 0; i < 64; i++) {
		if (i > 0 && i % 4 == 0)
			*p++ = ' ';
		*p++ = hex[i];
	}
	*p = '\0';
}

static const char *
role_token(enum key_role r)
{
	return r == ROLE_DOCUMENT ? "document" : "status";
}

/* ---- freshness ----------------------------------------------------------- */

/* The deadline that counts for a status list: the newer short list's. */
static int64_t
deadline(const struct trust *t, const struct trust_status *v)
{
	const struct trust_short *brief = trust_find_short(t, v->state,
	    v->list.uri);

	return brief != NULL ? brief->list.exp : v->list.exp;
}

/* By a key that was revoked since: nothing in it makes a card green. */
static bool
signer_revoked(const struct trust *t, const struct trust_status *v)
{
	const struct trust_short *brief = trust_find_short(t, v->state,
	    v->list.uri);

	return v->signer->revoked_from != TRUST_NEVER ||
	    (brief != NULL && brief->signer->revoked_from != TRUST_NEVER);
}

static bool
clock_behind(const struct trust *t, int64_t now)
{
	return now < t->floor - CLOCK_SKEW;
}

static int64_t
latest_known(const struct trust *t, int64_t now)
{
	return now > t->floor ? now : t->floor;
}

static size_t
statuses_of(const struct trust *t, size_t state)
{
	size_t n = 0;

	for (size_t i = 0; i < t->statuses_n; i++)
		n += t->status[i].state == state;
	return n;
}

enum store_health
store_health(const struct store *s, const struct trust *t, int64_t now)
{
	int64_t real = latest_known(t, now);

	if (t->lists_n == 0)
		return STORE_EMPTY;
	if (clock_behind(t, now))
		return STORE_CLOCK;
	if (t->lists_n < s->n)
		return STORE_STALE;
	for (size_t i = 0; i < t->lists_n; i++)
		if (now > t->list[i].exp || statuses_of(t, i) == 0)
			return STORE_STALE;
	for (size_t i = 0; i < t->statuses_n; i++)
		if (real > deadline(t, &t->status[i]) ||
		    signer_revoked(t, &t->status[i]))
			return STORE_STALE;
	return STORE_FRESH;
}

const char *
store_health_token(enum store_health h)
{
	static const char *const tokens[] = { "fresh", "stale",
	    "clock-suspect", "empty" };

	return tokens[h];
}

/* " (in 6 days)", " (3 days ago)": whole days, so that both ends are safe. */
static void
in_days(int64_t t, int64_t now, char *out, size_t cap)
{
	int64_t days = (t - now) / WHEN_DAY;

	if (t >= now)
		(void)snprintf(out, cap, _("in %" PRId64 " days"), days);
	else
		(void)snprintf(out, cap, _("past by %" PRId64 " days"), -days);
}

void
show_problems(const struct store *s, const struct trust *t, int64_t now)
{
	int64_t real = latest_known(t, now);
	char when[WHEN_TEXT];

	for (size_t i = 0; i < s->n; i++)
		if (trust_find_state(t, s->state[i].anchor.state) ==
		    t->lists_n)
			printf(_("%s: no bundle yet; trust add one\n"),
			    s->state[i].anchor.state);
	if (clock_behind(t, now)) {
		when_format(t->floor, when);
		printf(_("this machine's clock is behind: something signed at %s is held here; set the clock\n"),
		    when);
	}
	for (size_t i = 0; i < t->lists_n; i++) {
		when_format(t->list[i].exp, when);
		if (now > t->list[i].exp)
			printf(_("%s: the trust list is past its deadline, %s; get a new bundle\n"),
			    t->list[i].state, when);
		if (statuses_of(t, i) == 0)
			printf(_("%s: no status list is held, so no card can be green; get a new bundle\n"),
			    t->list[i].state);
	}
	for (size_t i = 0; i < t->statuses_n; i++) {
		const struct trust_status *v = &t->status[i];

		if (signer_revoked(t, v))
			printf(_("%s %s: status list %u is signed by a key that was revoked since; get a new bundle\n"),
			    v->office.state, v->office.office,
			    v->office.number);
		if (real <= deadline(t, v))
			continue;
		when_format(deadline(t, v), when);
		printf(_("%s %s: status list %u is past its deadline, %s; get a new bundle\n"),
		    v->office.state, v->office.office, v->office.number, when);
	}
}

/* ---- for people ---------------------------------------------------------- */

static void
show_key(const struct trust_key *k)
{
	char kid[2 * KID_LEN + 1], revoked[WHEN_TEXT];
	char from[DATE_TEXT], sign[DATE_TEXT], until[DATE_TEXT];

	(void)bytes_to_hex(bytes_from(k->kid, KID_LEN), kid, sizeof(kid));
	date_format(when_date(k->from), from);
	date_format(when_date(k->sign_until), sign);
	date_format(when_date(k->until), until);
	printf(_("    %s %s signs %s to %s, counts until %s"), kid,
	    k->role == ROLE_DOCUMENT ? _("document") : _("status"), from, sign,
	    until);
	if (k->revoked_from != TRUST_NEVER) {
		when_format(k->revoked_from, revoked);
		printf(_(", revoked from %s"), revoked);
	}
	printf("\n");
}

struct tally {
	uint64_t places, n[4];
};

static void
count_list(const struct statuslist *l, struct tally *out)
{
	static const uint8_t bit_pairs[] = { 0, 2, 4, 6 };

	memset(out, 0, sizeof(*out));
	out->places = (uint64_t)l->list.len * 4;
	for (size_t i = 0; i < l->list.len; i++)
		for (size_t k = 0; k < 4; k++)
			out->n[l->list.p[i] >> bit_pairs[k] & 3]++;
}

static void
show_status(const struct trust *t, const struct trust_status *v, int64_t now)
{
	const struct trust_short *brief = trust_find_short(t, v->state,
	    v->list.uri);
	struct tally n;
	char iat[WHEN_TEXT], exp[WHEN_TEXT], left[48];

	count_list(&v->list, &n);
	when_format(v->list.iat, iat);
	when_format(v->list.exp, exp);
	in_days(v->list.exp, now, left, sizeof(left));
	printf(_("    status list %u as of %s, fresh until %s (%s): %llu issued, %llu revoked, %llu suspended\n"),
	    v->office.number, iat, exp, left,
	    (unsigned long long)(n.places - n.n[CARD_NEVER_ISSUED]),
	    (unsigned long long)n.n[CARD_REVOKED],
	    (unsigned long long)n.n[CARD_SUSPENDED]);
	if (brief == NULL)
		return;
	when_format(brief->list.iat, iat);
	when_format(brief->list.exp, exp);
	in_days(brief->list.exp, now, left, sizeof(left));
	printf(_("    brought up to %s by a short list, fresh until %s (%s): %u revoked, %u suspended\n"),
	    iat, exp, left, brief->list.revoked_n, brief->list.suspended_n);
}

/* The office's keys, lists and log together; true if k is its first key. */
static bool
is_first(const struct trust_list *l, size_t k)
{
	for (size_t i = 0; i < k; i++)
		if (bytes_equal(l->key[i].office, l->key[k].office))
			return false;
	return true;
}

static void
show_office(const struct trust *t, size_t state, struct bytes office,
    struct bytes name, int64_t now)
{
	const struct trust_list *l = &t->list[state];
	char when[WHEN_TEXT];

	printf("  %.*s %.*s\n", (int)office.len, (const char *)office.p,
	    (int)name.len, (const char *)name.p);
	for (size_t i = 0; i < l->keys_n; i++)
		if (bytes_equal(l->key[i].office, office))
			show_key(&l->key[i]);
	for (size_t i = 0; i < t->statuses_n; i++)
		if (t->status[i].state == state && bytes_equal_text(office,
		    t->status[i].office.office))
			show_status(t, &t->status[i], now);
	for (size_t i = 0; i < t->heads_n; i++) {
		const struct trust_head *h = &t->head[i];

		if (h->state != state ||
		    !bytes_equal_text(office, h->head.office))
			continue;
		when_format(h->head.iat, when);
		printf(_("    log of issuance: %llu entries as of %s\n"),
		    (unsigned long long)h->head.size, when);
	}
}

static void
show_roots(const struct trust *t, const char *state)
{
	uint8_t print[32];
	char text[80], when[WHEN_TEXT];

	for (size_t i = 0; i < t->roots_n; i++) {
		const struct trust_root *r = &t->root[i];

		if (strcmp(r->state, state) != 0 ||
		    cose_key_thumbprint(&r->pub, print) != ST_OK)
			continue;
		thumbprint_format(print, text);
		if (r->generation == 0) {
			printf(_("%s anchor %s\n"), state, text);
			continue;
		}
		when_format(r->iat, when);
		printf(_("  next root, named on %s: %s\n"), when, text);
	}
}

void
show_text(const struct store *s, const struct trust *t, int64_t now)
{
	char iat[WHEN_TEXT], exp[WHEN_TEXT], left[48];

	printf(_("store %s\n"), s->path);
	for (size_t i = 0; i < s->n; i++) {
		const char *state = s->state[i].anchor.state;
		size_t k = trust_find_state(t, state);
		const struct trust_list *l = &t->list[k];

		show_roots(t, state);
		if (k == t->lists_n)
			continue;
		when_format(l->iat, iat);
		when_format(l->exp, exp);
		in_days(l->exp, now, left, sizeof(left));
		printf(_("  trust list %llu, signed %s, fresh until %s (%s)\n"),
		    (unsigned long long)l->sequence, iat, exp, left);
		for (size_t n = 0; n < l->keys_n; n++)
			if (is_first(l, n))
				show_office(t, k, l->key[n].office,
				    l->key[n].office_name, now);
	}
	show_problems(s, t, now);
}

/* ---- for programs -------------------------------------------------------- */

static void
json_when(struct jsonw *j, const char *key, int64_t t)
{
	char when[WHEN_TEXT];

	when_format(t, when);
	jsonw_field(j, key, when);
}

static void
json_keys(struct jsonw *j, const struct trust_list *l)
{
	jsonw_key(j, "keys");
	jsonw_array(j);
	for (size_t i = 0; i < l->keys_n; i++) {
		const struct trust_key *k = &l->key[i];

		jsonw_object(j);
		jsonw_key(j, "kid");
		jsonw_hex(j, bytes_from(k->kid, KID_LEN));
		jsonw_field(j, "role", role_token(k->role));
		jsonw_field_text(j, "office", k->office);
		jsonw_field_text(j, "office_name", k->office_name);
		json_when(j, "from", k->from);
		json_when(j, "sign_until", k->sign_until);
		json_when(j, "until", k->until);
		if (k->revoked_from != TRUST_NEVER)
			json_when(j, "revoked_from", k->revoked_from);
		jsonw_object_end(j);
	}
	jsonw_array_end(j);
}

static void
json_statuses(struct jsonw *j, const struct trust *t, size_t state)
{
	struct tally n;

	jsonw_key(j, "status_lists");
	jsonw_array(j);
	for (size_t i = 0; i < t->statuses_n; i++) {
		const struct trust_status *v = &t->status[i];
		const struct trust_short *brief = trust_find_short(t, state,
		    v->list.uri);

		if (v->state != state)
			continue;
		count_list(&v->list, &n);
		jsonw_object(j);
		jsonw_field_text(j, "uri", v->list.uri);
		json_when(j, "iat", v->list.iat);
		json_when(j, "exp", v->list.exp);
		jsonw_field_int(j, "places", (int64_t)n.places);
		jsonw_field_int(j, "issued", (int64_t)(n.places -
		    n.n[CARD_NEVER_ISSUED]));
		jsonw_field_int(j, "revoked", (int64_t)n.n[CARD_REVOKED]);
		jsonw_field_int(j, "suspended", (int64_t)n.n[CARD_SUSPENDED]);
		if (brief != NULL) {
			json_when(j, "short_list_iat", brief->list.iat);
			json_when(j, "short_list_exp", brief->list.exp);
		}
		jsonw_object_end(j);
	}
	jsonw_array_end(j);
}

static void
json_heads(struct jsonw *j, const struct trust *t, size_t state)
{
	jsonw_key(j, "logs");
	jsonw_array(j);
	for (size_t i = 0; i < t->heads_n; i++) {
		const struct log_head *h = &t->head[i].head;

		if (t->head[i].state != state)
			continue;
		jsonw_object(j);
		jsonw_field(j, "office", h->office);
		json_when(j, "iat", h->iat);
		jsonw_field_int(j, "size", (int64_t)h->size);
		jsonw_key(j, "root");
		jsonw_hex(j, bytes_from(h->root, LOG_HASH));
		jsonw_object_end(j);
	}
	jsonw_array_end(j);
}

static void
json_roots(struct jsonw *j, const struct trust *t, const char *state)
{
	uint8_t print[32];

	jsonw_key(j, "roots");
	jsonw_array(j);
	for (size_t i = 0; i < t->roots_n; i++) {
		if (strcmp(t->root[i].state, state) != 0 ||
		    cose_key_thumbprint(&t->root[i].pub, print) != ST_OK)
			continue;
		jsonw_object(j);
		jsonw_field_int(j, "generation", t->root[i].generation);
		jsonw_key(j, "thumbprint");
		jsonw_hex(j, bytes_from(print, 32));
		jsonw_object_end(j);
	}
	jsonw_array_end(j);
}

enum status
show_json(const struct store *s, const struct trust *t, int64_t now)
{
	uint8_t *room = malloc(JSON_MAX);
	struct buf b = buf_over(room, room == NULL ? 0 : JSON_MAX);
	struct jsonw j = jsonw_to(&b);
	enum store_health health = store_health(s, t, now);

	jsonw_object(&j);
	jsonw_field(&j, "result", store_health_token(health));
	jsonw_field(&j, "store", s->path);
	if (t->floor > 0)
		json_when(&j, "newest", t->floor);
	jsonw_key(&j, "states");
	jsonw_array(&j);
	for (size_t i = 0; i < s->n; i++) {
		const char *state = s->state[i].anchor.state;
		size_t k = trust_find_state(t, state);

		jsonw_object(&j);
		jsonw_field(&j, "state", state);
		json_roots(&j, t, state);
		if (k < t->lists_n) {
			jsonw_field_int(&j, "sequence",
			    (int64_t)t->list[k].sequence);
			json_when(&j, "iat", t->list[k].iat);
			json_when(&j, "exp", t->list[k].exp);
			json_keys(&j, &t->list[k]);
			json_statuses(&j, t, k);
			json_heads(&j, t, k);
		}
		jsonw_object_end(&j);
	}
	jsonw_array_end(&j);
	jsonw_object_end(&j);
	if (!b.bad) {
		(void)fwrite(b.p, 1, b.len, stdout);
		(void)fputc('\n', stdout);
	}
	free(room);
	return b.bad ? ST_INTERNAL : ST_OK;
}
