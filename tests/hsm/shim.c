/*
 * A PKCS#11 module that misbehaves on demand: it stands before another one
 * (CEDULA_SHIM_MODULE) and does one thing wrong (CEDULA_SHIM), from the
 * CEDULA_SHIM_AT-th call on that can go wrong, 1 if not given.
 */
#include <p11-kit/pkcs11.h>

#include <dlfcn.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static CK_FUNCTION_LIST *real;
static CK_FUNCTION_LIST list;
static CK_SLOT_ID last_slot;
static bool swapped;

CK_RV C_GetFunctionList(CK_FUNCTION_LIST_PTR_PTR out);

static bool
mode(const char *name)
{
	const char *m = getenv("CEDULA_SHIM");

	return m != NULL && strcmp(m, name) == 0;
}

/* Is this the call at which it happens? */
static bool
now(void)
{
	static long calls;
	const char *at = getenv("CEDULA_SHIM_AT");

	return ++calls == (at == NULL ? 1 : strtol(at, NULL, 10));
}

static CK_RV
open_session(CK_SLOT_ID slot, CK_FLAGS flags, void *app, CK_NOTIFY notify,
    CK_SESSION_HANDLE *session)
{
	static int opened;

	last_slot = slot;
	/* One session is all there is. */
	if (mode("one-session") && opened++ > 0)
		return CKR_SESSION_COUNT;
	return real->C_OpenSession(slot, flags, app, notify, session);
}

/* The session goes: every key and the log-in with it. */
static CK_RV
lose(void)
{
	(void)real->C_CloseAllSessions(last_slot);
	return CKR_SESSION_HANDLE_INVALID;
}

static CK_RV
sign(CK_SESSION_HANDLE session, CK_BYTE *data, CK_ULONG data_len, CK_BYTE *sig,
    CK_ULONG *sig_len)
{
	CK_RV rv;

	if (mode("removed"))
		return CKR_DEVICE_REMOVED;
	if (mode("lose-always") || (mode("lose") && now()))
		return lose();
	if ((mode("swap") || mode("other-serial") || mode("other-model") ||
	    mode("other-maker")) && now()) {
		swapped = true;
		return lose();
	}
	rv = real->C_Sign(session, data, data_len, sig, sig_len);
	if (rv != CKR_OK)
		return rv;
	if (mode("corrupt"))
		sig[40] ^= 1;
	if (mode("long"))
		*sig_len = (CK_ULONG)1 << 40;
	if (mode("short"))
		*sig_len = 10;
	return rv;
}

/* Another token in the place of the first: its key bears the same name. */
static CK_RV
find_init(CK_SESSION_HANDLE session, CK_ATTRIBUTE *want, CK_ULONG n)
{
	CK_ATTRIBUTE other[8];
	char *name = getenv("CEDULA_SHIM_OTHER");

	if (!swapped || name == NULL || n > 8)
		return real->C_FindObjectsInit(session, want, n);
	memcpy(other, want, n * sizeof(*want));
	for (CK_ULONG i = 0; i < n; i++)
		if (other[i].type == CKA_LABEL)
			other[i] = (CK_ATTRIBUTE){ CKA_LABEL, name,
			    strlen(name) };
	return real->C_FindObjectsInit(session, other, n);
}

static CK_RV
find(CK_SESSION_HANDLE session, CK_OBJECT_HANDLE *out, CK_ULONG max,
    CK_ULONG *n)
{
	CK_RV rv = real->C_FindObjects(session, out, max, n);

	if (mode("many"))
		*n = (CK_ULONG)1 << 40;
	return rv;
}

static CK_RV
slots(CK_BBOOL present, CK_SLOT_ID *out, CK_ULONG *n)
{
	CK_RV rv = real->C_GetSlotList(present, out, n);

	if (mode("slots"))
		*n = (CK_ULONG)1 << 40;
	return rv;
}

static CK_RV
attribute(CK_SESSION_HANDLE session, CK_OBJECT_HANDLE object, CK_ATTRIBUTE *a,
    CK_ULONG n)
{
	CK_RV rv = real->C_GetAttributeValue(session, object, a, n);

	if (mode("attribute") && a->type == CKA_EC_POINT)
		a->ulValueLen = (CK_ULONG)1 << 40;
	if (mode("no-length") && a->type == CKA_ID)
		a->ulValueLen = (CK_ULONG)-1;
	if (mode("point") && a->type == CKA_EC_POINT && a->pValue != NULL)
		((CK_BYTE *)a->pValue)[20] ^= 1;	/* on no curve */
	if (mode("extractable") && a->type == CKA_EXTRACTABLE)
		*(CK_BBOOL *)a->pValue = CK_TRUE;
	return rv;
}

static CK_RV
token_info(CK_SLOT_ID slot, CK_TOKEN_INFO *info)
{
	CK_RV rv = real->C_GetTokenInfo(slot, info);

	if (mode("final-try"))
		info->flags |= CKF_USER_PIN_FINAL_TRY;
	if (mode("locked-flag"))
		info->flags |= CKF_USER_PIN_LOCKED;
	/* Another token of the same label. */
	if (swapped && mode("other-serial"))
		memset(info->serialNumber, '7', sizeof(info->serialNumber));
	if (swapped && mode("other-model"))
		memset(info->model, 'M', sizeof(info->model));
	if (swapped && mode("other-maker"))
		memset(info->manufacturerID, 'M', sizeof(info->manufacturerID));
	return rv;
}

static CK_RV
login(CK_SESSION_HANDLE session, CK_USER_TYPE user, CK_UTF8CHAR *pin,
    CK_ULONG len)
{
	if (mode("locked"))
		return CKR_PIN_LOCKED;
	/* That token must not be sent a PIN: no test passes after this. */
	if (swapped && !mode("swap")) {
		(void)fputs("C_Login on another token\n", stderr);
		_exit(99);
	}
	return real->C_Login(session, user, pin, len);
}

static CK_RV
generate(CK_SESSION_HANDLE session, CK_MECHANISM *how, CK_ATTRIBUTE *public,
    CK_ULONG public_n, CK_ATTRIBUTE *private, CK_ULONG private_n,
    CK_OBJECT_HANDLE *public_key, CK_OBJECT_HANDLE *private_key)
{
	if (mode("no-mechanism"))
		return CKR_MECHANISM_INVALID;
	/* Some tokens take only what they know. */
	if (mode("plain"))
		for (CK_ULONG i = 0; i < private_n; i++)
			if (private[i].type == CKA_DERIVE)
				return CKR_ATTRIBUTE_TYPE_INVALID;
	return real->C_GenerateKeyPair(session, how, public, public_n, private,
	    private_n, public_key, private_key);
}

CK_RV
C_GetFunctionList(CK_FUNCTION_LIST_PTR_PTR out)
{
	const char *path = getenv("CEDULA_SHIM_MODULE");
	void *module = path == NULL ? NULL : dlopen(path, RTLD_NOW);
	void *symbol = module == NULL ? NULL :
	    dlsym(module, "C_GetFunctionList");
	CK_C_GetFunctionList get;

	if (symbol == NULL)
		return CKR_GENERAL_ERROR;
	memcpy(&get, &symbol, sizeof(get));
	if (get(&real) != CKR_OK)
		return CKR_GENERAL_ERROR;
	list = *real;
	list.C_OpenSession = open_session;
	list.C_Sign = sign;
	list.C_FindObjectsInit = find_init;
	list.C_FindObjects = find;
	list.C_GetSlotList = slots;
	list.C_GetAttributeValue = attribute;
	list.C_GetTokenInfo = token_info;
	list.C_Login = login;
	list.C_GenerateKeyPair = generate;
	if (mode("holes"))
		list.C_Sign = NULL;
	*out = &list;
	return CKR_OK;
}
