/*
 * The register: one office's persons, households, applications, cards and
 * history, in one SQLite file. This folder alone knows SQLite.
 *
 * - Every act happens in a transaction that the caller opens: reg_begin, the
 *   acts, reg_commit. All of it is kept or none, whatever is killed when.
 * - Every act is recorded under the officer of reg_act_as, in the same
 *   transaction; without one nothing can be changed.
 * - The instant of an act is the caller's (`now`); nothing here asks a clock.
 * - Functions fill diag with a sentence; after a failure the caller rolls back.
 * - Out structs hold copies: no pointer into the register is handed out.
 */
#ifndef CEDULA_ISSUER_REGISTER_REGISTER_H
#define CEDULA_ISSUER_REGISTER_REGISTER_H

#include "common/bytes.h"
#include "common/claims.h"
#include "common/cose_key.h"
#include "common/host/diag.h"
#include "common/logentry.h"
#include "common/logproof.h"
#include "common/status.h"
#include "common/statuslist.h"
#include "common/trust.h"
#include "common/when.h"

#define MINOR_AGE 18		/* years; under it a card names a guardian */
#define REG_TEXT 512		/* bytes of one text, with its NUL */
#define REG_NAME 64		/* a login name, with its NUL */
#define REG_FOLDED 2048		/* all names of a person as folded, twice */
#define REG_PHOTO_MAX (4u << 20)
#define REG_HOUSEHOLD_MAX 32	/* members of one household */
#define REG_TOKEN_MAX 4096	/* COSE bytes of a card */
#define REG_QR_MAX 4096		/* its text, with its NUL */
#define REG_NUMBER 10		/* "SJO000001" and its NUL */
#define REG_NUMBERS 999999	/* that one office can give */

struct reg;

/* ---- the register and its office (register.c, office.c; officers: officer.h) ---- */

struct office {
	char state[4], code[4];
	char country[REG_TEXT], name[REG_TEXT], address[REG_TEXT];
	char verify_at[REG_TEXT], district[REG_TEXT];
	uint32_t colour;		/* 0xRRGGBB */
	bool demo;			/* specimen cards; the clock can be set */
	uint32_t capacity;		/* cards of one status list */
	int64_t created;
};

struct secret;			/* issuer/register/session.h */

/* Makes a register (0600) with its office and its first officer: roles as in
 * issuer/register/officer.h; secret NULL: to be made at the first log-in.
 * ST_EXISTS if anything is at path; on any failure nothing is left there. */
enum status	reg_create(const char *path, const struct office *office,
		    const char *login, const char *full_name, unsigned roles,
		    const struct secret *secret, int64_t now, struct diag *d)
		    MUST_CHECK;
/* Opens one and brings it up to date. Close with reg_close. */
enum status	reg_open(const char *path, struct reg **out, struct diag *d)
		    MUST_CHECK;
void		reg_close(struct reg *r);
/* BEGIN IMMEDIATE: one writer at a time, and a snapshot of all before. */
enum status	reg_begin(struct reg *r, struct diag *d) MUST_CHECK;
/* A snapshot to read from; ends with reg_commit or reg_rollback. */
enum status	reg_begin_reading(struct reg *r, struct diag *d) MUST_CHECK;
/* On failure the transaction is still open: roll back. */
enum status	reg_commit(struct reg *r, struct diag *d) MUST_CHECK;
void		reg_rollback(struct reg *r);
/* ST_DATA with what is wrong when SQLite finds damage. */
enum status	reg_check(struct reg *r, struct diag *d) MUST_CHECK;

enum status	reg_office(struct reg *r, struct office *out, struct diag *d)
		    MUST_CHECK;
/* What the register tells of an office before it is made. */
enum status	office_check(const struct office *o, struct diag *d) MUST_CHECK;
/* The instant of all that follows. */
void		reg_set_now(struct reg *r, int64_t now);
/* Somebody has looked at the clock: what is dated long after now was dated by
 * a clock that was ahead, and does not stop what follows. */
void		reg_set_clock_right(struct reg *r);
/* ST_STATE with the sentence for something dated long after now. */
enum status	reg_clock_refused(int64_t last, struct diag *d);
/* The officer of all that follows, without a log-in: ST_PERMISSION for one
 * unknown here or no longer active (officer.c). */
enum status	reg_act_as(struct reg *r, const char *login, struct diag *d)
		    MUST_CHECK;
/* Records an act: "person.add", "person 12", what changed. Called by every
 * changing function here; by others for acts outside the register. */
enum status	reg_audit(struct reg *r, const char *action,
		    const char *object, const char *details, struct diag *d)
		    MUST_CHECK;

/* ---- persons (person.c checks, person_store.c keeps) ---- */

/* name, column, option, characters at most, label */
#define PERSON_TABLE(X) \
	X(SURNAME1,	surname1,	"surname1",	60, N_("First surname")) \
	X(SURNAME2,	surname2,	"surname2",	60, N_("Second surname")) \
	X(GIVEN,	given,		"given",	60, N_("Given names")) \
	X(SEX,		sex,		"sex",		1,  N_("Sex")) \
	X(BIRTH_DATE,	birth_date,	"birth-date",	10, N_("Date of birth")) \
	X(BIRTH_PLACE,	birth_place,	"birth-place",	80, N_("Place of birth")) \
	X(NATIONALITY,	nationality,	"nationality",	3,  N_("Nationality")) \
	X(NATIONALITY_EVIDENCE, nationality_evidence, "nationality-evidence", \
					120, N_("Evidence of nationality")) \
	X(IDENTITY_EVIDENCE, identity_evidence, "identity-evidence", \
					120, N_("Evidence of identity")) \
	X(ADDRESS,	address,	"address",	120, N_("Address abroad")) \
	X(DISTRICT,	district,	"district",	60, N_("Consular district")) \
	X(TELEPHONE,	telephone,	"telephone",	24, N_("Telephone")) \
	X(OCCUPATION,	occupation,	"occupation",	80, N_("Occupation")) \
	X(SECTOR,	sector,		"sector",	80, N_("Sector")) \
	X(EMPLOYER,	employer,	"employer",	80, N_("Employer")) \
	X(WORKPLACE,	workplace,	"workplace",	120, N_("Workplace")) \
	X(EMERGENCY_CONTACT, emergency_contact, "emergency-contact", \
					120, N_("Emergency contact")) \
	X(GUARDIAN,	guardian,	"guardian",	80, N_("Guardian")) \
	X(CONSENT,	consent,	"consent",	10, N_("Date of consent")) \
	X(MAIDEN,	maiden,		"maiden",	60, N_("Surname at birth")) \
	X(ORIGIN,	origin,		"origin",	80, N_("Department and municipality of origin")) \
	X(EMAIL,	email,		"email",	120, N_("E-mail"))

enum person_field {
#define X(name, column, option, max, label) PERSON_##name,
	PERSON_TABLE(X)
#undef X
	PERSON_FIELDS
};

struct person {
	int64_t id;
	char field[PERSON_FIELDS][REG_TEXT];
	int64_t enrolled, enrolled_by;
};

const char	*person_column(enum person_field f);
const char	*person_option(enum person_field f);
const char	*person_label(enum person_field f);	/* untranslated */
/* Takes one value as typed: outer spaces go, dates become YYYY-MM-DD. ST_DATA
 * names the field and leaves the person as it was. */
enum status	person_set(struct person *p, enum person_field f,
		    const char *value, struct diag *d) MUST_CHECK;
/* The person as a whole, on the day `today`. */
enum status	person_check(const struct person *p, struct date today,
		    struct diag *d) MUST_CHECK;
struct date	person_birth(const struct person *p);
enum sex	person_sex(const struct person *p);
/* "Ana María López Pérez", "López Pérez"; false when out is too small. */
bool		person_full_name(const struct person *p, char *out, size_t cap);
bool		person_surnames(const struct person *p, char *out, size_t cap);

/* Fills p->id. photo (JPEG or PNG, already proved to be one) may be empty. */
enum status	reg_person_add(struct reg *r, struct person *p,
		    struct bytes photo, struct diag *d) MUST_CHECK;
enum status	reg_person(struct reg *r, int64_t id, struct person *out,
		    struct diag *d) MUST_CHECK;
/* Stores what differs from the register and records each field's before and
 * after. *changed, when not NULL, gets how many differed. */
enum status	reg_person_edit(struct reg *r, const struct person *p,
		    size_t *changed, struct diag *d) MUST_CHECK;
/* The earlier photos stay. */
enum status	reg_person_set_photo(struct reg *r, int64_t id,
		    struct bytes photo, struct diag *d) MUST_CHECK;
/* The one in use, the newest; ST_DATA when there is none: what is asked for
 * cannot be done with the record as it is. */
enum status	reg_person_photo(struct reg *r, int64_t id, int64_t *photo,
		    struct diag *d) MUST_CHECK;
/* A photo as it was given: a heap block that the caller frees. */
enum status	reg_photo(struct reg *r, int64_t photo, uint8_t **out,
		    size_t *len, struct diag *d) MUST_CHECK;
/* Every word of text begins some word of the names, whatever accents, case
 * and order; in order of enrolment. */
enum status	reg_person_find(struct reg *r, const char *text,
		    enum status (*each)(void *arg, const struct person *p),
		    void *arg, struct diag *d) MUST_CHECK;

/* ---- households and applications (household.c, application.c) ---- */

struct household {
	int64_t id, head;
	size_t members_n;
	struct {
		int64_t person;
		enum relationship relationship;
	} member[REG_HOUSEHOLD_MAX];
};

const char	*relationship_token(enum relationship rel);
bool		relationship_parse(const char *token, enum relationship *out);

/* Fills h->id. */
enum status	reg_household_add(struct reg *r, struct household *h,
		    struct diag *d) MUST_CHECK;
enum status	reg_household(struct reg *r, int64_t id,
		    struct household *out, struct diag *d) MUST_CHECK;
/* The household that a person heads. */
enum status	reg_household_of(struct reg *r, int64_t head,
		    struct household *out, struct diag *d) MUST_CHECK;

struct application {
	int64_t id, person, household;	/* household 0: an individual card */
	bool family;
	char state[12];
	int64_t created, submitted, decided, issued;	/* 0: not yet */
	char submitter[REG_NAME], approver[REG_NAME], drafter[REG_NAME];
	char reason[REG_TEXT];
	char cause[12];			/* first, renewal, lost ... */
	int64_t replaces;		/* a card; 0: none */
	char replaces_number[REG_NUMBER];
	char early[REG_TEXT];		/* why renewed before its time */
};

/* Drafts, other causes than the first card, and lists: application.h. */
enum status	reg_application_submit(struct reg *r, int64_t person,
		    bool family, int64_t *id, struct diag *d) MUST_CHECK;
/* ST_PERMISSION for the officer who drafted or submitted it, who enrolled the
 * person or a member of the family, or who changed them since it was
 * submitted. What is printed of an approved person cannot be changed until the
 * card is issued or the application refused (ST_STATE). */
enum status	reg_application_approve(struct reg *r, int64_t id,
		    struct diag *d) MUST_CHECK;
enum status	reg_application_refuse(struct reg *r, int64_t id,
		    const char *reason, struct diag *d) MUST_CHECK;
enum status	reg_application(struct reg *r, int64_t id,
		    struct application *out, struct diag *d) MUST_CHECK;

/* ---- cards and status lists (card.c, card_place.c) ---- */

struct card {
	int64_t id;
	char number[REG_NUMBER];
	int64_t application, person, photo;
	bool family;
	uint32_t list;
	uint64_t index;
	int64_t issued, expires;	/* instants; the last good second */
	uint8_t kid[KID_LEN];
	enum card_status status;
	char reason[REG_TEXT];
	char officer[REG_NAME];		/* who issued it */
	size_t token_len;
	uint8_t token[REG_TOKEN_MAX];
	char qr[REG_QR_MAX];
};

struct card_event {
	int64_t at;
	char officer[REG_NAME], event[REG_NAME], reason[REG_TEXT];
};

const char	*card_status_token(enum card_status s);
bool		card_status_parse(const char *token, enum card_status *out);

/* Takes the next number and a random free place in the status list, for this
 * transaction: rolled back, they are free again and nobody saw them. */
enum status	reg_card_reserve(struct reg *r, struct card *c, struct diag *d)
		    MUST_CHECK;
/* Keeps the card, and its application as issued. Fills c->id. This and every
 * other act on a card is dated now; or as the last act or published list, if
 * that is later by CLOCK_SKEW at most. By more it is ST_STATE, but in a demo
 * register or after reg_set_clock_right. */
enum status	reg_card_add(struct reg *r, struct card *c, struct diag *d)
		    MUST_CHECK;
enum status	reg_card(struct reg *r, const char *number, struct card *out,
		    struct diag *d) MUST_CHECK;
/* Revoked is final. event: "revoke", "suspend", "reinstate". */
enum status	reg_card_set_status(struct reg *r, const char *number,
		    enum card_status status, const char *reason,
		    struct diag *d) MUST_CHECK;
/* Something that happened to a card and leaves its status ("print"). */
enum status	reg_card_event(struct reg *r, const char *number,
		    const char *event, const char *reason, struct diag *d)
		    MUST_CHECK;
/* status NULL: all; the token and the QR text are left empty. */
enum status	reg_cards(struct reg *r, const enum card_status *status,
		    enum status (*each)(void *arg, const struct card *c),
		    void *arg, struct diag *d) MUST_CHECK;
enum status	reg_card_events(struct reg *r, int64_t card,
		    enum status (*each)(void *arg,
		    const struct card_event *e), void *arg, struct diag *d)
		    MUST_CHECK;
/* How many status lists there are: their numbers are 1 to *n. */
enum status	reg_lists(struct reg *r, uint32_t *n, struct diag *d)
		    MUST_CHECK;
/* Cards whose place is outside their status list: never this program's doing. */
enum status	reg_misplaced(struct reg *r,
		    enum status (*each)(void *arg, const char *number,
		    uint32_t list, int64_t index), void *arg, struct diag *d)
		    MUST_CHECK;
/* The two-bit list of one, never issued = 3: a heap block the caller frees.
 * ST_DATA when a card's place is outside it. */
enum status	reg_list_raw(struct reg *r, uint32_t number, uint8_t **out,
		    size_t *len, struct diag *d) MUST_CHECK;

/* ---- the log of issuance (log.c) ---- */

/* Every issue and change of status has its entry, written in the transaction
 * of the act. Nothing here judges what it reads: what was changed behind the
 * program's back is for its caller to find. */
enum status	reg_log_size(struct reg *r, uint64_t *out, struct diag *d)
		    MUST_CHECK;
/* The entries in their order; borrowed during the call. */
enum status	reg_log_entries(struct reg *r,
		    enum status (*each)(void *arg, int64_t seq,
		    struct bytes entry), void *arg, struct diag *d) MUST_CHECK;

/* An entry beside the act and the card that it stands for, as they are now. */
struct log_row {
	int64_t seq;
	struct bytes entry;
	bool has_event, has_card;
	int64_t at;
	char event[REG_NAME];
	char number[REG_NAME];
	int64_t list, index, expires;
	struct bytes token, qr;		/* of an issue */
};

enum status	reg_log_rows(struct reg *r,
		    enum status (*each)(void *arg, const struct log_row *row),
		    void *arg, struct diag *d) MUST_CHECK;

/* An act (event_id not 0) without an entry; or a card (event_id 0) whose status
 * is not what its last entry, `event`, made it ("": it has none), or that has
 * not one entry of its issue. */
struct log_stray {
	int64_t event_id;
	char number[REG_NAME], event[REG_NAME], status[REG_NAME];
};

enum status	reg_log_strays(struct reg *r,
		    enum status (*each)(void *arg, const struct log_stray *s),
		    void *arg, struct diag *d) MUST_CHECK;
/* How many acts the audit has that have entries, and how many entries are. */
enum status	reg_log_acts(struct reg *r, uint64_t *acts, uint64_t *entries,
		    struct diag *d) MUST_CHECK;
/* The entry of a card's issue. */
enum status	reg_log_issue_of(struct reg *r, const char *number,
		    uint64_t *seq, uint8_t entry[LOG_ENTRY_MAX], size_t *len,
		    struct diag *d) MUST_CHECK;

/* Every act that the log has entries of, on cards of one status list, in the
 * order of the history: the card's index and what it became. */
enum status	reg_list_acts(struct reg *r, uint32_t list,
		    enum status (*each)(void *arg, uint64_t index,
		    enum card_status is, int64_t at), void *arg,
		    struct diag *d) MUST_CHECK;

/* Every head that was ever signed, smallest first: as its columns say, and as
 * it was signed. */
enum status	reg_log_heads(struct reg *r,
		    enum status (*each)(void *arg, const struct log_head *h,
		    struct bytes signed_head), void *arg, struct diag *d)
		    MUST_CHECK;
enum status	reg_log_head_add(struct reg *r, const struct log_head *h,
		    struct bytes kid, struct bytes signed_head,
		    struct diag *d) MUST_CHECK;

struct log_held {
	struct log_head head;
	uint8_t signed_head[LOG_SIGNED_MAX];
	size_t len;
};

/* The newest head of that size (UINT64_MAX: of the largest) and key (kid empty:
 * of any), or ST_NOT_FOUND. */
enum status	reg_log_head_held(struct reg *r, uint64_t size,
		    struct bytes kid, struct log_held *out, struct diag *d)
		    MUST_CHECK;

/* ---- what was published of them (status_store.c) ---- */

struct published {
	int64_t iat, exp;
	uint8_t kid[KID_LEN];
	size_t kid_len;		/* 0: payloads for another custodian */
	uint8_t raw_sha256[32];	/* of the two-bit list */
	uint8_t *token, *short_token;	/* heap; published_free */
	size_t token_len, short_len;	/* short_len 0: it had no room */
};

/* The last of status list `list`, or ST_NOT_FOUND. */
enum status	reg_published(struct reg *r, uint32_t list,
		    struct published *out, struct diag *d) MUST_CHECK;
/* Keeps it in the last one's place, than which it must be newer where both may
 * be one signer's. */
enum status	reg_publish(struct reg *r, uint32_t list,
		    const struct published *p, struct diag *d) MUST_CHECK;
/* An empty one is fine. */
void		published_free(struct published *p);
/* The iat of the newest status list that was published; 0: none was. */
enum status	reg_published_newest(struct reg *r, int64_t *iat,
		    struct diag *d) MUST_CHECK;
/* The instant of the last act, of those dated `until` at most, that changed the
 * list; 0: none did. */
enum status	reg_last_act(struct reg *r, uint32_t list, int64_t until,
		    int64_t *at, struct diag *d) MUST_CHECK;

/* ---- trust list and keys (trust_store.c) ---- */

struct office_key {
	struct cose_key pub;
	uint8_t kid[KID_LEN];
	enum key_role role;
	int64_t from, sign_until, until, revoked_from;
};

/* Keeps the list as it came and this office's keys in it. That it is not older
 * than the one held is the caller's to ask (issuer/import.h): it takes roots
 * and successions to tell. */
enum status	reg_trust_import(struct reg *r, struct bytes signed_list,
		    const struct trust_list *list,
		    const struct cose_key *anchor, struct diag *d) MUST_CHECK;
/* The newest list: a heap block that the caller frees. */
enum status	reg_trust(struct reg *r, uint8_t **out, size_t *len,
		    struct cose_key *anchor, struct diag *d) MUST_CHECK;
/* The office's key that a card names as its own, or ST_NOT_FOUND. */
enum status	reg_key_of(struct reg *r, const struct card *c,
		    struct office_key *out, struct diag *d) MUST_CHECK;
/* The office's key with this public half in that role, or ST_NOT_FOUND. */
enum status	reg_key(struct reg *r, const struct cose_key *pub,
		    enum key_role role, struct office_key *out,
		    struct diag *d) MUST_CHECK;

#endif
