/* The file of a case key: what is read asks for no more work and memory than
 * is allowed, and every byte of it is one that was read. */
#include "keys/casekey.h"
#include "tests/fuzz/fuzz.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct casekey_file f;

	if (casekey_parse(bytes_from(data, size), &f) != ST_OK) {
		HOLDS(f.scrypt.log_n == 0 && f.scrypt.r == 0 &&
		    f.scrypt.p == 0);
		HOLDS(f.head.p == NULL && f.scrypt.salt.p == NULL &&
		    f.nonce.p == NULL && f.sealed.p == NULL);
		return 0;
	}
	HOLDS(size == CASEKEY_FILE);
	HOLDS(f.scrypt.log_n >= 14 && f.scrypt.log_n <= 17 && f.scrypt.r == 8);
	HOLDS(f.scrypt.p >= 1 && f.scrypt.p <= 16);
	HOLDS(f.head.p == data && f.head.len == CASEKEY_HEAD);
	HOLDS(f.scrypt.salt.p == data + 12);
	HOLDS(f.scrypt.salt.len == CASEKEY_SALT);
	HOLDS(f.nonce.p == f.scrypt.salt.p + f.scrypt.salt.len);
	HOLDS(f.nonce.len == CASEKEY_NONCE);
	HOLDS(f.sealed.p == f.nonce.p + f.nonce.len);
	HOLDS(f.sealed.p + f.sealed.len == data + size);
	return 0;
}
