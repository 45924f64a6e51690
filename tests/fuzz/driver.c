/*
 * driver FILE|FOLDER...: every input through the target, without libFuzzer, so
 * that the corpora are ordinary tests with any compiler. One TAP line. A
 * property that does not hold aborts; the input's name is printed before.
 */
#include <dirent.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sys/stat.h>

#include "tests/fuzz/fuzz.h"

enum { INPUT_MAX = 1 << 20 };

struct counts {
	size_t inputs, bad;
};

/* The input lies in a heap block of just its size. */
static void
run_file(const char *path, struct counts *n)
{
	FILE *f = fopen(path, "rb");
	uint8_t *room = malloc(INPUT_MAX), *exact = NULL;
	size_t len = 0;

	if (f != NULL && room != NULL)
		len = fread(room, 1, INPUT_MAX, f);
	exact = malloc(len);
	if (f == NULL || room == NULL || (exact == NULL && len != 0)) {
		printf("# %s: cannot be read\n", path);
		n->bad++;
	} else {
		if (len != 0)
			memcpy(exact, room, len);
		printf("# %s\n", path);
		(void)LLVMFuzzerTestOneInput(exact, len);
		n->inputs++;
	}
	free(exact);
	free(room);
	if (f != NULL)
		(void)fclose(f);
}

static void
run_path(const char *path, struct counts *n)
{
	struct dirent **names = NULL;
	struct stat st;
	char inner[PATH_MAX];
	int count;

	if (stat(path, &st) != 0 || !S_ISDIR(st.st_mode)) {
		run_file(path, n);
		return;
	}
	count = scandir(path, &names, NULL, alphasort);
	for (int i = 0; i < count; i++) {
		(void)snprintf(inner, sizeof(inner), "%s/%s", path,
		    names[i]->d_name);
		if (names[i]->d_name[0] != '.')
			run_path(inner, n);
		free(names[i]);
	}
	free(names);
}

int
main(int argc, char *argv[])
{
	const char *name = strrchr(argv[0], '/');
	struct counts n = { 0, 0 };
	bool good;

	(void)setvbuf(stdout, NULL, _IOLBF, 0);
	for (int i = 1; i < argc; i++)
		run_path(argv[i], &n);
	good = n.bad == 0 && n.inputs > 0;
	printf("%sok 1 - %s: its property holds for %zu inputs\n1..1\n",
	    good ? "" : "not ", name != NULL ? name + 1 : argv[0], n.inputs);
	return good ? 0 : 1;
}
