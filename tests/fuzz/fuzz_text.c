/* Text: dates and instants have one canonical form each, folded names hold
 * only what an MRZ can, and what goes into JSON comes out as clean UTF-8. */
#include <string.h>

#include "common/jsonw.h"
#include "common/text.h"
#include "common/when.h"
#include "tests/fuzz/fuzz.h"

enum { INPUT_MAX = 4096 };

static void
check_dates(struct bytes in)
{
	struct date d, again;
	char day[DATE_TEXT], instant[WHEN_TEXT];
	int64_t t, t2;

	if (date_parse(in, &d)) {
		HOLDS(date_valid(d));
		again = date_from_days(date_to_days(d));
		HOLDS(date_compare(d, again) == 0);
		date_format(d, day);
		HOLDS(date_parse(bytes_text(day), &again) &&
		    date_compare(d, again) == 0);
	}
	if (when_parse(in, &t)) {
		when_format(t, instant);
		HOLDS(when_parse(bytes_text(instant), &t2) && t2 == t);
	}
}

static void
check_fold(struct bytes in)
{
	static char out[8 * INPUT_MAX], again[8 * INPUT_MAX];
	char few[8];

	HOLDS(text_mrz_fold(in, out, sizeof(out)));
	HOLDS(out[strspn(out, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 ")] ==
	    '\0');
	HOLDS(strstr(out, "  ") == NULL && out[0] != ' ' &&
	    (out[0] == '\0' || out[strlen(out) - 1] != ' '));
	HOLDS(text_mrz_fold(bytes_text(out), again, sizeof(again)) &&
	    strcmp(out, again) == 0);
	HOLDS(text_mrz_fold(in, few, sizeof(few)) == (strlen(out) < 8));
}

static void
check_json(struct bytes in)
{
	static uint8_t room[8 * INPUT_MAX];
	struct buf out = buf_over(room, sizeof(room));
	struct jsonw j = jsonw_to(&out);

	jsonw_text(&j, in);
	HOLDS(!out.bad && out.len >= 2 && out.p[0] == '"' &&
	    out.p[out.len - 1] == '"' && text_is_utf8(buf_bytes(&out)));
	for (size_t i = 1; i + 1 < out.len; i++) {
		HOLDS(out.p[i] >= 0x20 && out.p[i] != '"');
		if (out.p[i] == '\\') {
			i++;
			HOLDS(i + 1 < out.len &&
			    strchr("\"\\u", out.p[i]) != NULL);
		}
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bytes in = bytes_from(data, size);

	if (size > INPUT_MAX)
		return 0;
	check_dates(in);
	check_fold(in);
	check_json(in);
	if (text_is_printable(in))
		HOLDS(text_is_utf8(in) && text_length(in) <= size);
	return 0;
}
