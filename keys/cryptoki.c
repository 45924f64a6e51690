#include "keys/cryptoki.h"

#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <openssl/crypto.h>

#include "common/text.h"
#include "keys/passphrase.h"

enum { SLOTS_MAX = 64 };

static const struct {
	CK_RV rv;
	const char *name;
} names[] = {
	{ CKR_HOST_MEMORY, "CKR_HOST_MEMORY" },
	{ CKR_GENERAL_ERROR, "CKR_GENERAL_ERROR" },
	{ CKR_FUNCTION_FAILED, "CKR_FUNCTION_FAILED" },
	{ CKR_ARGUMENTS_BAD, "CKR_ARGUMENTS_BAD" },
	{ CKR_BUFFER_TOO_SMALL, "CKR_BUFFER_TOO_SMALL" },
	{ CKR_DATA_LEN_RANGE, "CKR_DATA_LEN_RANGE" },
	{ CKR_DEVICE_ERROR, "CKR_DEVICE_ERROR" },
	{ CKR_DEVICE_MEMORY, "CKR_DEVICE_MEMORY" },
	{ CKR_DEVICE_REMOVED, "CKR_DEVICE_REMOVED" },
	{ CKR_KEY_FUNCTION_NOT_PERMITTED, "CKR_KEY_FUNCTION_NOT_PERMITTED" },
	{ CKR_OPERATION_ACTIVE, "CKR_OPERATION_ACTIVE" },
	{ CKR_SESSION_CLOSED, "CKR_SESSION_CLOSED" },
	{ CKR_SESSION_COUNT, "CKR_SESSION_COUNT" },
	{ CKR_SESSION_HANDLE_INVALID, "CKR_SESSION_HANDLE_INVALID" },
	{ CKR_SESSION_READ_ONLY, "CKR_SESSION_READ_ONLY" },
	{ CKR_TEMPLATE_INCONSISTENT, "CKR_TEMPLATE_INCONSISTENT" },
	{ CKR_TOKEN_NOT_PRESENT, "CKR_TOKEN_NOT_PRESENT" },
	{ CKR_TOKEN_WRITE_PROTECTED, "CKR_TOKEN_WRITE_PROTECTED" },
	{ CKR_USER_NOT_LOGGED_IN, "CKR_USER_NOT_LOGGED_IN" },
	{ CKR_USER_PIN_NOT_INITIALIZED, "CKR_USER_PIN_NOT_INITIALIZED" },
};

bool
cryptoki_lost(CK_RV rv)
{
	return rv == CKR_SESSION_HANDLE_INVALID || rv == CKR_SESSION_CLOSED ||
	    rv == CKR_DEVICE_REMOVED || rv == CKR_TOKEN_NOT_PRESENT ||
	    rv == CKR_USER_NOT_LOGGED_IN || rv == CKR_DEVICE_ERROR;
}

enum status
cryptoki_failed(const struct cryptoki *c, const char *function, CK_RV rv,
    struct diag *d)
{
	const char *token = c->token[0] != '\0' ? c->token : c->name;

	if (rv == CKR_MECHANISM_INVALID || rv == CKR_CURVE_NOT_SUPPORTED ||
	    rv == CKR_MECHANISM_PARAM_INVALID ||
	    rv == CKR_DOMAIN_PARAMS_INVALID ||
	    rv == CKR_FUNCTION_NOT_SUPPORTED)
		return diag_set(d, ST_DATA,
		    _("token %s cannot do this: it does not have the mechanism or the curve (%s)"),
		    token, function);
	if (rv == CKR_TOKEN_NOT_PRESENT || rv == CKR_DEVICE_REMOVED)
		return diag_set(d, ST_IO,
		    _("token %s was taken out; put it in and repeat"), token);
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (names[i].rv == rv)
			return diag_set(d, ST_IO, _("token %s: %s ended with %s"),
			    token, function, names[i].name);
	return diag_set(d, ST_IO, _("token %s: %s ended with error 0x%lx"),
	    token, function, rv);
}

/* The URI, and what is said of it: never its query, which may hold secrets. */
static enum status
take_uri(struct cryptoki *c, const char *uri, struct diag *d)
{
	int rc;

	if (strcasestr(uri, "pin-value") != NULL)
		return diag_set(d, ST_USAGE,
		    _("a pkcs11: URI with pin-value is refused: every user of this machine can read a command line; put the PIN into a file (--passphrase-file or pin-source)"));
	(void)snprintf(c->name, sizeof(c->name), "%.*s",
	    (int)strcspn(uri, "?"), uri);
	if ((c->uri = p11_kit_uri_new()) == NULL)
		return ST_INTERNAL;
	rc = p11_kit_uri_parse(uri, P11_KIT_URI_FOR_ANY, c->uri);
	if (rc != P11_KIT_URI_OK)
		return diag_set(d, ST_USAGE, _("%s: not a pkcs11: URI (RFC 7512)"),
		    c->name);
	/* What is not understood would have narrowed the choice. */
	if (p11_kit_uri_any_unrecognized(c->uri) ||
	    p11_kit_uri_get_module_name(c->uri) != NULL)
		return diag_set(d, ST_USAGE,
		    _("%s: an attribute of this URI is not known here; name the module by module-path, the key by token, serial, object and id"),
		    c->name);
	return ST_OK;
}

/* All that we call is there. */
static bool
complete(const CK_FUNCTION_LIST *f)
{
	return f->C_Initialize != NULL && f->C_Finalize != NULL &&
	    f->C_GetInfo != NULL && f->C_GetSlotList != NULL &&
	    f->C_GetSlotInfo != NULL && f->C_GetTokenInfo != NULL &&
	    f->C_OpenSession != NULL && f->C_CloseSession != NULL &&
	    f->C_Login != NULL && f->C_Logout != NULL &&
	    f->C_FindObjectsInit != NULL && f->C_FindObjects != NULL &&
	    f->C_FindObjectsFinal != NULL && f->C_GetAttributeValue != NULL &&
	    f->C_SetAttributeValue != NULL && f->C_DestroyObject != NULL &&
	    f->C_GenerateKeyPair != NULL && f->C_SignInit != NULL &&
	    f->C_Sign != NULL;
}

static enum status
load(struct cryptoki *c, struct diag *d)
{
	const char *path = p11_kit_uri_get_module_path(c->uri);
	CK_C_GetFunctionList get;
	void *symbol;
	CK_RV rv;

	if (path == NULL)
		path = "p11-kit-proxy.so";
	if ((c->module = dlopen(path, RTLD_NOW | RTLD_LOCAL)) == NULL)
		return diag_set(d, ST_NOT_FOUND,
		    _("the PKCS#11 module cannot be loaded: %s"), dlerror());
	if ((symbol = dlsym(c->module, "C_GetFunctionList")) == NULL)
		return diag_set(d, ST_DATA, _("%s: not a PKCS#11 module"), path);
	/* ISO C has no cast from void * to a function; POSIX promises it. */
	memcpy(&get, &symbol, sizeof(get));
	if (get(&c->f) != CKR_OK || c->f == NULL || c->f->version.major < 2 ||
	    c->f->version.major > 3 || !complete(c->f)) {
		c->f = NULL;
		return diag_set(d, ST_DATA,
		    _("%s: not a PKCS#11 module of version 2 or 3, or not a whole one"),
		    path);
	}
	rv = c->f->C_Initialize(NULL);
	c->initialized = rv == CKR_OK;
	if (rv != CKR_OK && rv != CKR_CRYPTOKI_ALREADY_INITIALIZED)
		return cryptoki_failed(c, "C_Initialize", rv, d);
	return ST_OK;
}

/* Whether the URI means the token in this slot. */
static bool
matches(struct cryptoki *c, CK_SLOT_ID slot, CK_TOKEN_INFO *token)
{
	CK_SLOT_ID want = p11_kit_uri_get_slot_id(c->uri);
	CK_SLOT_INFO info;

	memset(token, 0, sizeof(*token));
	memset(&info, 0, sizeof(info));
	return (want == (CK_SLOT_ID)-1 || want == slot) &&
	    c->f->C_GetTokenInfo(slot, token) == CKR_OK &&
	    (token->flags & CKF_TOKEN_INITIALIZED) != 0 &&
	    c->f->C_GetSlotInfo(slot, &info) == CKR_OK &&
	    p11_kit_uri_match_slot_info(c->uri, &info) != 0 &&
	    p11_kit_uri_match_token_info(c->uri, token) != 0;
}

/* The label is 32 bytes, filled up with blanks. */
static void
take_label(struct cryptoki *c, const CK_TOKEN_INFO *token)
{
	size_t n = sizeof(token->label);

	while (n > 0 && (token->label[n - 1] == ' ' ||
	    token->label[n - 1] == '\0'))
		n--;
	memcpy(c->token, token->label, n);
	c->token[n] = '\0';
	text_make_printable(c->token);
}

/* The one token that the URI means. */
static enum status
find_token(struct cryptoki *c, CK_TOKEN_INFO *token, struct diag *d)
{
	CK_SLOT_ID slots[SLOTS_MAX];
	CK_ULONG n = SLOTS_MAX;
	CK_TOKEN_INFO info;
	CK_INFO module;
	unsigned found = 0;
	CK_RV rv;

	memset(&module, 0, sizeof(module));
	rv = c->f->C_GetSlotList(CK_TRUE, slots, &n);
	if (rv == CKR_OK && n > SLOTS_MAX)
		rv = CKR_GENERAL_ERROR;
	if (rv != CKR_OK)
		return cryptoki_failed(c, "C_GetSlotList", rv, d);
	if (c->f->C_GetInfo(&module) != CKR_OK ||
	    p11_kit_uri_match_module_info(c->uri, &module) == 0)
		n = 0;
	for (CK_ULONG i = 0; i < n; i++) {
		if (!matches(c, slots[i], &info))
			continue;
		found++;
		c->slot = slots[i];
		*token = info;
	}
	if (found == 0)
		return diag_set(d, ST_NOT_FOUND,
		    _("%s: no such token is here; put it in, or compare the URI with what p11-kit list-modules shows"),
		    c->name);
	if (found > 1)
		return diag_set(d, ST_USAGE,
		    _("%s: %u tokens match; add token=LABEL or serial=NUMBER to the URI"),
		    c->name, found);
	take_label(c, token);
	return ST_OK;
}

/* pin-source: file:/path, file:///path or a path. */
static const char *
pin_source(const struct cryptoki *c)
{
	const char *s = p11_kit_uri_get_pin_source(c->uri);

	if (s != NULL && strncasecmp(s, "file:", 5) == 0) {
		s += 5;
		if (strncmp(s, "///", 3) == 0)
			s += 2;
	}
	return s;
}

static enum status
take_pin(struct cryptoki *c, const char *file, CK_FLAGS flags, struct diag *d)
{
	char question[128], pin[PASSPHRASE_MAX];
	enum status st;

	if (file == NULL)
		file = pin_source(c);
	if (file == NULL && (flags & CKF_PROTECTED_AUTHENTICATION_PATH) != 0)
		return ST_OK;		/* typed on the reader's own pad */
	(void)snprintf(question, sizeof(question), _("PIN for token %s"),
	    c->token);
	st = file != NULL ? passphrase_from_file(file, pin, d) :
	    passphrase_ask(question,
	    _("there is no terminal to ask for a PIN on; give --passphrase-file or pin-source"),
	    pin, d);
	if (st != ST_OK)
		return st;
	if ((c->pin = OPENSSL_secure_zalloc(PASSPHRASE_MAX)) == NULL)
		st = ST_INTERNAL;
	else
		memcpy(c->pin, pin, strlen(pin));
	passphrase_wipe(pin);
	return st;
}

static enum status
locked(const struct cryptoki *c, struct diag *d)
{
	return diag_set(d, ST_PERMISSION,
	    _("the PIN of token %s is locked after too many wrong ones; who holds the token's SO PIN (security officer) or PUK can set a new one"),
	    c->token);
}

static enum status
wrong_pin(struct cryptoki *c, struct diag *d)
{
	CK_TOKEN_INFO now;

	memset(&now, 0, sizeof(now));
	if (c->f->C_GetTokenInfo(c->slot, &now) != CKR_OK)
		now.flags = 0;
	if ((now.flags & CKF_USER_PIN_LOCKED) != 0)
		return locked(c, d);
	if ((now.flags & CKF_USER_PIN_FINAL_TRY) != 0)
		return diag_set(d, ST_PASSPHRASE,
		    _("wrong PIN for token %s; ONE try is left, then the token locks itself"),
		    c->token);
	if ((now.flags & CKF_USER_PIN_COUNT_LOW) != 0)
		return diag_set(d, ST_PASSPHRASE,
		    _("wrong PIN for token %s; few tries are left before the token locks itself"),
		    c->token);
	return diag_set(d, ST_PASSPHRASE, _("wrong PIN for token %s"), c->token);
}

static CK_RV
login(struct cryptoki *c, CK_USER_TYPE user)
{
	/* The interface wants it writable; PKCS#11 says it is only read. */
	return c->f->C_Login(c->session, user, (CK_UTF8CHAR *)c->pin,
	    c->pin != NULL ? strlen(c->pin) : 0);
}

CK_RV
cryptoki_login_again(struct cryptoki *c)
{
	return login(c, CKU_CONTEXT_SPECIFIC);
}

static enum status
open_session(struct cryptoki *c, CK_FLAGS token_flags, struct diag *d)
{
	CK_RV rv;

	if ((token_flags & CKF_USER_PIN_LOCKED) != 0)
		return locked(c, d);
	rv = c->f->C_OpenSession(c->slot, CKF_SERIAL_SESSION |
	    (c->to_write ? CKF_RW_SESSION : 0), NULL, NULL, &c->session);
	if (rv != CKR_OK) {
		c->session = 0;
		return cryptoki_failed(c, "C_OpenSession", rv, d);
	}
	if ((token_flags & CKF_LOGIN_REQUIRED) == 0)
		return ST_OK;
	rv = login(c, CKU_USER);
	if (rv == CKR_OK || rv == CKR_USER_ALREADY_LOGGED_IN)
		return ST_OK;
	if (rv == CKR_PIN_LOCKED)
		return locked(c, d);
	if (rv == CKR_PIN_INCORRECT || rv == CKR_PIN_INVALID ||
	    rv == CKR_PIN_LEN_RANGE)
		return wrong_pin(c, d);
	return cryptoki_failed(c, "C_Login", rv, d);
}

enum status
cryptoki_open(const char *uri, const char *passphrase_file, bool to_write,
    struct cryptoki **out, struct diag *d)
{
	struct cryptoki *c = calloc(1, sizeof(*c));
	CK_TOKEN_INFO token;
	enum status st = ST_INTERNAL;

	*out = NULL;
	if (c == NULL)
		return st;
	c->to_write = to_write;
	if ((st = take_uri(c, uri, d)) != ST_OK || (st = load(c, d)) != ST_OK ||
	    (st = find_token(c, &token, d)) != ST_OK)
		goto out;
	/* A locked token is not asked for; a typed PIN would be for nothing. */
	if ((token.flags & CKF_USER_PIN_LOCKED) == 0 &&
	    (token.flags & CKF_LOGIN_REQUIRED) != 0 &&
	    (st = take_pin(c, passphrase_file, token.flags, d)) != ST_OK)
		goto out;
	if ((st = open_session(c, token.flags, d)) != ST_OK)
		goto out;
	c->first = token;
	*out = c;
	c = NULL;
out:
	cryptoki_close(c);
	return st;
}

static void
close_session(struct cryptoki *c)
{
	if (c->session == 0)
		return;
	(void)c->f->C_Logout(c->session);
	(void)c->f->C_CloseSession(c->session);
	c->session = 0;
}

/* Three wrong PINs lock a token: one PIN is for one token, which no label
 * tells for sure. */
static bool
is_first(const struct cryptoki *c, const CK_TOKEN_INFO *now)
{
	return memcmp(now->serialNumber, c->first.serialNumber,
	    sizeof(now->serialNumber)) == 0 &&
	    memcmp(now->manufacturerID, c->first.manufacturerID,
	    sizeof(now->manufacturerID)) == 0 &&
	    memcmp(now->model, c->first.model, sizeof(now->model)) == 0;
}

enum status
cryptoki_open_again(struct cryptoki *c, struct diag *d)
{
	char was[sizeof(c->token)];
	CK_TOKEN_INFO token;
	enum status st;

	close_session(c);
	memcpy(was, c->token, sizeof(was));
	if ((st = find_token(c, &token, d)) != ST_OK)
		return st;
	if (!is_first(c, &token))
		return diag_set(d, ST_UNKNOWN_KEY,
		    _("token %s was lost, and another token is there now; it was not given the PIN, and nothing was signed"),
		    was);
	return open_session(c, token.flags, d);
}

void
cryptoki_close(struct cryptoki *c)
{
	if (c == NULL)
		return;
	if (c->f != NULL) {
		close_session(c);
		if (c->initialized)
			(void)c->f->C_Finalize(NULL);
	}
	if (c->module != NULL)
		(void)dlclose(c->module);
	p11_kit_uri_free(c->uri);
	if (c->pin != NULL)
		OPENSSL_secure_clear_free(c->pin, PASSPHRASE_MAX);
	free(c);
}

enum status
cryptoki_attribute(struct cryptoki *c, CK_OBJECT_HANDLE object,
    CK_ATTRIBUTE_TYPE type, void *room, size_t cap, size_t *len,
    struct diag *d)
{
	CK_ATTRIBUTE a = { type, room, cap };
	CK_RV rv;

	*len = 0;
	rv = c->f->C_GetAttributeValue(c->session, object, &a, 1);
	if (rv == CKR_ATTRIBUTE_TYPE_INVALID || rv == CKR_ATTRIBUTE_SENSITIVE)
		return diag_set(d, ST_NOT_FOUND,
		    _("token %s: the key lacks the attribute 0x%lx"), c->token,
		    type);
	if (rv == CKR_BUFFER_TOO_SMALL || (rv == CKR_OK && a.ulValueLen > cap))
		return diag_set(d, ST_MALFORMED,
		    _("token %s: the attribute 0x%lx of the key has an impossible length"),
		    c->token, type);
	if (rv != CKR_OK)
		return cryptoki_failed(c, "C_GetAttributeValue", rv, d);
	*len = a.ulValueLen;
	return ST_OK;
}

enum status
cryptoki_find(struct cryptoki *c, CK_ATTRIBUTE *want, size_t n,
    CK_OBJECT_HANDLE *out, size_t cap, size_t *found, struct diag *d)
{
	CK_ULONG got = 0;
	CK_RV rv = c->f->C_FindObjectsInit(c->session, want, n);

	*found = 0;
	if (rv != CKR_OK)
		return cryptoki_failed(c, "C_FindObjectsInit", rv, d);
	rv = c->f->C_FindObjects(c->session, out, cap, &got);
	(void)c->f->C_FindObjectsFinal(c->session);
	if (rv == CKR_OK && got > cap)
		rv = CKR_GENERAL_ERROR;
	if (rv != CKR_OK)
		return cryptoki_failed(c, "C_FindObjects", rv, d);
	*found = got;
	return ST_OK;
}
