/* init: an office, its register and its first officer. */
#include <sys/stat.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "issuer/command.h"
#include "issuer/secret.h"

#define CAPACITY_DEFAULT 65536
#define COLOUR_DEFAULT 0x1f4e79
#define COUNT_ROLES 8

static struct {
	const char *state, *code, *country, *name, *address, *verify_at;
	const char *district, *colour, *capacity, *full_name;
	const char *role[COUNT_ROLES];
	size_t role_n;
	bool demo;
	struct secret_given secret;
} given;

static const struct opt init_opts[] = {
	{ .name = "state", .arg = "NIC", .value = &given.state, .required = true,
	    .help = N_("issuing state, ISO 3166-1 alpha-3") },
	{ .name = "office", .arg = "SJO", .value = &given.code, .required = true,
	    .help = N_("the office's code, three of A-Z and 0-9") },
	{ .name = "country", .arg = "TEXT", .value = &given.country, .required = true,
	    .help = N_("the state's name as printed") },
	{ .name = "name", .arg = "TEXT", .value = &given.name, .required = true,
	    .help = N_("the office's name as printed") },
	{ .name = "address", .arg = "TEXT", .value = &given.address, .required = true,
	    .help = N_("return address, its lines as they are") },
	{ .name = "verify-at", .arg = "TEXT", .value = &given.verify_at, .required = true,
	    .help = N_("where a card can be verified, as printed") },
	{ .name = "district", .arg = "TEXT", .value = &given.district,
	    .help = N_("consular district of persons who name none") },
	{ .name = "colour", .arg = "RRGGBB", .value = &given.colour,
	    .help = N_("the office's colour") },
	{ .name = "capacity", .arg = "N", .value = &given.capacity,
	    .help = N_("cards of one status list, 65536 if not given") },
	{ .name = "demo", .flag = &given.demo,
	    .help = N_("specimen cards, and a clock that can be set") },
	{ .name = "full-name", .arg = "TEXT", .value = &given.full_name, .required = true,
	    .help = N_("full name of the first officer (--officer)") },
	{ .name = "role", .arg = "ROLE", .list = given.role,
	    .list_n = &given.role_n, .list_max = COUNT_ROLES,
	    .help = N_("a role of the first officer, manager if none is given") },
	SECRET_NEW_OPTS(&given.secret),
};

static enum status
parse_colour(const char *text, uint32_t *out, struct diag *d)
{
	char *end;
	unsigned long v = strtoul(text, &end, 16);

	if (strlen(text) != 6 || *end != '\0' ||
	    strspn(text, "0123456789abcdefABCDEF") != 6)
		return diag_set(d, ST_USAGE,
		    _("--colour: give six hexadecimal digits, as 1f4e79"));
	*out = (uint32_t)v;
	return ST_OK;
}

static enum status
copy(char out[REG_TEXT], const char *option, const char *value,
    struct diag *d)
{
	int n = snprintf(out, REG_TEXT, "%s", value == NULL ? "" : value);

	return n >= 0 && n < REG_TEXT ? ST_OK : diag_set(d, ST_DATA,
	    _("--%s: longer than %d bytes; shorten it"), option, REG_TEXT - 1);
}

static enum status
read_office(struct office *o, struct diag *d)
{
	int64_t capacity = CAPACITY_DEFAULT;
	enum status st;

	memset(o, 0, sizeof(*o));
	if (strlen(given.state) != 3 || strlen(given.code) != 3)
		return diag_set(d, ST_USAGE,
		    _("--state, --office: give three characters each, as NIC and SJO"));
	memcpy(o->state, given.state, 3);
	memcpy(o->code, given.code, 3);
	o->colour = COLOUR_DEFAULT;
	o->demo = given.demo;
	if ((st = copy(o->country, "country", given.country, d)) != ST_OK ||
	    (st = copy(o->name, "name", given.name, d)) != ST_OK ||
	    (st = copy(o->address, "address", given.address, d)) != ST_OK ||
	    (st = copy(o->verify_at, "verify-at", given.verify_at, d)) !=
	    ST_OK ||
	    (st = copy(o->district, "district", given.district, d)) != ST_OK ||
	    (given.colour != NULL &&
	    (st = parse_colour(given.colour, &o->colour, d)) != ST_OK) ||
	    (given.capacity != NULL && (st = number_parse(given.capacity,
	    "--capacity", UINT32_MAX, &capacity, d)) != ST_OK))
		return st;
	o->capacity = (uint32_t)capacity;
	return ST_OK;
}

/* Nothing is made before all of it is known to be good but the key file, which
 * goes again where the register is not made. */
static enum status
make(struct session *s, const struct office *o, unsigned roles)
{
	struct secret secret;
	enum status st = secret_make(&given.secret, s->officer, NULL, &secret,
	    s->d);

	if (st != ST_OK)
		return st;
	st = reg_create(s->register_path, o, s->officer, given.full_name,
	    roles, &secret, s->now, s->d);
	if (st != ST_OK)
		secret_undo(&given.secret);
	return st;
}

/* Said before a passphrase is asked for; reg_create is who makes sure. */
static enum status
nothing_there(const struct session *s)
{
	struct stat sb;

	return lstat(s->register_path, &sb) != 0 ? ST_OK : diag_set(s->d,
	    ST_EXISTS,
	    _("%s: exists already and is never overwritten; choose another name"),
	    s->register_path);
}

static enum status
run_init(struct session *s)
{
	unsigned roles = OFFICER_MANAGER;
	struct office o;
	enum status st;

	if (s->officer == NULL)
		return diag_set(s->d, ST_USAGE,
		    _("--officer is missing: the first officer's short name"));
	if (s->clock_set && !given.demo)
		return diag_set(s->d, ST_PERMISSION,
		    _("the clock can be set only in a demo register"));
	if ((given.role_n > 0 && (st = roles_parse(given.role, given.role_n,
	    &roles, s->d)) != ST_OK) ||
	    (st = read_office(&o, s->d)) != ST_OK ||
	    (st = office_check(&o, s->d)) != ST_OK ||
	    (st = nothing_there(s)) != ST_OK ||
	    (st = make(s, &o, roles)) != ST_OK)
		return st;
	answer_main(s->answer, "register", s->register_path);
	return ST_OK;
}

static const struct command commands[] = {
	{ "init", "", 0, run_init, init_opts, COUNT(init_opts), "", 0, 0,
	    N_("make an office's register") },
};

const struct command_group office_commands = { commands, COUNT(commands) };
