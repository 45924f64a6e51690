/* Pictures: whatever the bytes, the reader gives a whole picture within the
 * limits, or nothing and a reason. */
#include <stdlib.h>

#include "verifier/scan/picture.h"

int	LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct picture p;
	struct diag d = { .text = "" };
	enum status st = picture_read(bytes_from(data, size), &p, &d);
	uint64_t sum = 0;

	if (st != ST_OK) {
		if (p.grey != NULL || d.text[0] == '\0')
			abort();
		return 0;
	}
	if (p.grey == NULL || p.width < 1 || p.width > PICTURE_SIDE_MAX ||
	    p.height < 1 || p.height > PICTURE_SIDE_MAX ||
	    /* An odd side halved by libjpeg is rounded up. */
	    (uint64_t)p.width * p.height > PICTURE_FULL + PICTURE_SIDE_MAX)
		abort();
	/* Every pixel is there: the sanitizer sees each being read. */
	for (size_t i = 0; i < (size_t)p.width * p.height; i++)
		sum += p.grey[i];
	if (sum > 255 * (uint64_t)p.width * p.height)
		abort();
	picture_free(&p);
	return 0;
}
