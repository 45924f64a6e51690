#include "common/host/program.h"

#include <libintl.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "common/status.h"

static const char *chosen = "en";

bool
program_beside(const char *name, char out[PATH_MAX])
{
	char self[PATH_MAX], *slash;
	ssize_t n = readlink("/proc/self/exe", self, sizeof(self) - 1);
	int m;

	if (n <= 0)
		return false;
	self[n] = '\0';
	if ((slash = strrchr(self, '/')) == NULL)
		return false;
	*slash = '\0';
	m = snprintf(out, PATH_MAX, "%s/%s", self, name);
	return m > 0 && m < PATH_MAX;
}

static const char *
environment_language(void)
{
	static const char *const names[] = { "LC_ALL", "LC_MESSAGES", "LANG" };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		const char *v = getenv(names[i]);

		if (v != NULL && *v != '\0')
			return strncmp(v, "es", 2) == 0 ? "es" : "en";
	}
	return "en";
}

bool
program_language(const char *lang)
{
	char path[PATH_MAX];

	if (lang == NULL)
		lang = environment_language();
	if (strcmp(lang, "es") != 0 && strcmp(lang, "en") != 0)
		return false;
	chosen = strcmp(lang, "es") == 0 ? "es" : "en";
	/* A fresh machine has no es_ES locale; C.UTF-8 is always there and,
	 * unlike "C", lets LANGUAGE choose the catalogue. */
	(void)setlocale(LC_CTYPE, "C.UTF-8");
	(void)setlocale(LC_MESSAGES, "C.UTF-8");
	(void)setenv("LANGUAGE", chosen, 1);
	if (program_beside("../share/locale", path))
		(void)bindtextdomain("cedula", path);
	(void)bind_textdomain_codeset("cedula", "UTF-8");
	(void)textdomain("cedula");
	return true;
}

const char *
program_language_now(void)
{
	return chosen;
}

const char *
program_lang_option(int argc, char *const argv[])
{
	for (int i = 1; i < argc; i++) {
		if (strcmp(argv[i], "--") == 0)
			break;
		if (strcmp(argv[i], "--lang") == 0 && i + 1 < argc)
			return argv[i + 1];
		if (strncmp(argv[i], "--lang=", 7) == 0)
			return argv[i] + 7;
	}
	return NULL;
}

int
program_flush(void)
{
	return fflush(stdout) == 0 ? 0 : status_exit(ST_IO);
}

int64_t
program_now(void)
{
	return (int64_t)time(NULL);
}

int64_t
program_ticks(void)
{
	struct timespec t = { 0, 0 };

	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}
