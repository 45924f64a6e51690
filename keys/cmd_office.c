/* office close: its cards stay good, and another office speaks for them. */
#include <stdio.h>
#include <string.h>

#include "common/host/options.h"
#include "common/host/program.h"
#include "common/text.h"
#include "common/when.h"
#include "keys/change.h"
#include "keys/command.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

/* Ends every key of the office at that moment, and tells what the list said of
 * it: its name, and until when its last card can count. */
static size_t
end_keys(struct trust_list *l, const char *office, int64_t moment,
    struct bytes *name, int64_t *last)
{
	size_t n = 0;

	for (size_t i = 0; i < l->keys_n; i++) {
		struct trust_key *k = &l->key[i];

		if (!bytes_equal_text(k->office, office))
			continue;
		n++;
		*name = k->office_name;
		if (k->until > *last)
			*last = k->until;
		if (moment < k->revoked_from)
			k->revoked_from = moment;
	}
	return n;
}

/* A moment that has passed takes genuine work along. */
static void
tell_past(const char *office, int64_t moment)
{
	char when[WHEN_TEXT];

	if (moment >= program_now())
		return;
	when_format(moment, when);
	printf(_("note: every card that the keys of %s dated at or after %s turns red and every such list is refused, also genuine ones; this cannot be taken back\n"),
	    office, when);
}

enum status
command_office_close(int argc, char *argv[], struct diag *d)
{
	struct change c = { 0 };
	const char *office = NULL, *public = NULL, *from = NULL, *name = NULL;
	const char *until = NULL;
	const struct opt opts[] = {
		CHANGE_OPTS(&c),
		{ .name = "office", .arg = "SJO", .value = &office,
		    .required = true, .help = N_("the code of the office that closes") },
		{ .name = "public", .arg = "FILE", .value = &public,
		    .required = true,
		    .help = N_("the status signer that whoever takes over has made for it") },
		{ .name = "from", .arg = "DATE", .value = &from,
		    .help = N_("the office's own keys sign nothing from then on; now if not given") },
		{ .name = "office-name", .arg = "TEXT", .value = &name,
		    .help = N_("a name beside the new signer; the office's own if not given") },
		{ .name = "until", .arg = "DATE", .value = &until,
		    .help = N_("the new signer signs until this day; until the last card has expired if not given") },
	};
	struct trust_key k = {
		.role = ROLE_STATUS, .revoked_from = TRUST_NEVER
	};
	int64_t moment, last = 0;
	enum status st;
	int rest;

	if (options_over(argc, argv, "", opts, COUNT(opts), &rest, &st, d))
		return st;
	if ((st = date_take(from, "from", false, program_now(), &moment,
	    d)) != ST_OK || (st = public_read(public, &k, d)) != ST_OK ||
	    (st = change_open(&c, d)) != ST_OK)
		goto out;
	if (end_keys(&c.file->list, office, moment, &k.office_name,
	    &last) == 0) {
		st = diag_set(d, ST_NOT_FOUND,
		    _("%s: no key of office %s in this trust list"), c.in,
		    office);
		goto out;
	}
	k.office = bytes_text(office);
	if (name != NULL)
		k.office_name = bytes_text(name);
	/* The new signer may sign at once, also when the moment is to come. */
	k.from = when_from_date(when_date(program_now()));
	if (k.from > moment)
		k.from = moment;
	if ((st = date_take(until, "until", true, last, &k.sign_until,
	    d)) != ST_OK)
		goto out;
	k.until = k.sign_until;
	if (k.from > k.sign_until)
		st = diag_set(d, ST_USAGE,
		    _("--until: before the day the new signer begins"));
	else if ((st = change_add_key(&c, &k, public, d)) == ST_OK &&
	    (st = change_write(&c, d)) == ST_OK && from != NULL)
		tell_past(office, moment);
out:
	change_close(&c);
	return st;
}
