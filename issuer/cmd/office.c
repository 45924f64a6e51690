/* init, officer add, officer list. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "issuer/command.h"

#define CAPACITY_DEFAULT 65536
#define COLOUR_DEFAULT 0x1f4e79

static struct {
	const char *state, *code, *country, *name, *address, *verify_at;
	const char *district, *colour, *capacity, *full_name;
	bool demo;
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

static enum status
run_init(struct session *s)
{
	struct office o;
	enum status st;

	if (s->officer == NULL)
		return diag_set(s->d, ST_USAGE,
		    _("--officer is missing: the first officer's short name"));
	if (s->clock_set && !given.demo)
		return diag_set(s->d, ST_PERMISSION,
		    _("the clock can be set only in a demo register"));
	if ((st = read_office(&o, s->d)) != ST_OK ||
	    (st = reg_create(s->register_path, &o, s->officer,
	    given.full_name, s->now, s->d)) != ST_OK)
		return st;
	answer_main(s->answer, "register", s->register_path);
	return ST_OK;
}

static const struct opt officer_opts[] = {
	{ .name = "full-name", .arg = "TEXT", .value = &given.full_name, .required = true,
	    .help = N_("the officer's full name") },
};

static enum status
run_officer_add(struct session *s)
{
	int64_t id;
	enum status st = reg_officer_add(s->reg, s->operand[0],
	    given.full_name, &id, s->d);

	if (st == ST_OK)
		answer_main(s->answer, "officer", s->operand[0]);
	return st;
}

static enum status
put_officer(void *arg, const struct officer *o)
{
	struct answer *a = arg;

	answer_cell(a, o->login);
	answer_cell(a, o->full_name);
	answer_cell_word(a, o->active ? "active" : "inactive");
	return ST_OK;
}

static enum status
run_officer_list(struct session *s)
{
	static const struct column columns[] = {
		{ "officer", N_("Officer") }, { "full_name", N_("Full name") },
		{ "state", N_("State") }
	};
	enum status st;

	answer_list(s->answer, "officers", columns, COUNT(columns));
	st = reg_officers(s->reg, put_officer, s->answer, s->d);
	answer_list_end(s->answer);
	return st;
}

static const struct command commands[] = {
	{ "init", "", 0, run_init, init_opts, COUNT(init_opts), "", 0, 0,
	    N_("make an office's register") },
	{ "officer", "add", AS_MANAGER | NEEDS_REGISTER | NEEDS_OFFICER | WRITES,
	    run_officer_add, officer_opts, COUNT(officer_opts), "NAME", 1, 1,
	    N_("add an officer") },
	{ "officer", "list", AS_ANYBODY | NEEDS_REGISTER | READS, run_officer_list, NULL, 0,
	    "", 0, 0, N_("list the officers") },
};

const struct command_group office_commands = { commands, COUNT(commands) };
