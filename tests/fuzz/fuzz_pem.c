/* Keys as people hold them: a key that was read is written and read the same,
 * and only of the kinds that we verify with. */
#include "common/pem.h"
#include "tests/fuzz/fuzz.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bytes in = bytes_from(data, size);
	struct pem_key key, again;
	uint8_t room[1024], first[COSE_KEY_MAX], second[COSE_KEY_MAX];
	struct buf pem = buf_over(room, sizeof(room));
	struct buf a = buf_over(first, sizeof(first));
	struct buf b = buf_over(second, sizeof(second));

	if (size > 1 << 14 || pem_parse(in, true, &key) != ST_OK)
		return 0;
	HOLDS(key.parsed != NULL);
	if (key.pub.kty != 0) {
		HOLDS(crypto_key_alg(key.parsed) == key.pub.alg);
		HOLDS(pem_encode(&key.pub, &pem) == ST_OK);
		HOLDS(pem_parse(buf_bytes(&pem), false, &again) == ST_OK);
		cose_key_encode(&key.pub, &a);
		cose_key_encode(&again.pub, &b);
		HOLDS(!a.bad && bytes_equal(buf_bytes(&a), buf_bytes(&b)));
		crypto_key_free(again.parsed);
	} else {
		HOLDS(crypto_key_alg(key.parsed) == ALG_PS256);
	}
	crypto_key_free(key.parsed);
	return 0;
}
