/*
 * import "file": the clauses and definitions of another script, or of a C file,
 * become part of the program, each file once. Looked for beside the script that names it, then
 * in the directories of -I.
 */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "parser/check/internal.h"

#define MAX_IMPORTS 100

struct importer {
	struct check *k;
	struct node *program;
	struct strmap seen; /* real paths */
	unsigned n;
};

static char *read_text(struct check *k, const char *path, size_t *len)
{
	FILE *f = fopen(path, "re");
	char *text = NULL;
	long size;

	if (!f)
		return NULL;
	if (fseek(f, 0, SEEK_END) == 0 && (size = ftell(f)) >= 0 && size <= SOURCE_MAX_BYTES &&
	    fseek(f, 0, SEEK_SET) == 0) {
		text = arena_alloc(k->arena, (size_t)size + 1);
		*len = fread(text, 1, (size_t)size, f);
		text[*len] = '\0';
	}
	fclose(f);
	return text;
}

/* The first of the places where the file may be that has one. */
static const char *find_file(struct check *k, const struct node *n)
{
	const struct source *from = sources_get(&k->c->sources, n->loc);
	const char *slash = from ? strrchr(from->name, '/') : NULL;
	const char *path = n->import.path;
	unsigned i;

	if (*path != '/' && slash)
		path = arena_printf(k->arena, "%.*s/%s", (int)(slash - from->name), from->name,
				    n->import.path);
	for (i = 0;; i++) {
		if (access(path, R_OK) == 0)
			return path;
		if (i >= k->c->nincludes || *n->import.path == '/')
			return NULL;
		path = arena_printf(k->arena, "%s/%s", k->c->includes[i], n->import.path);
	}
}

static bool is_c_file(const char *path)
{
	const char *dot = strrchr(path, '.');

	return dot && (strcmp(dot, ".h") == 0 || strcmp(dot, ".c") == 0);
}

static void import_list(struct importer *im, struct node *list);

/* Its definitions and clauses come before those of the program. */
static void merge(struct importer *im, struct node *other)
{
	struct node *program = im->program;

	import_list(im, other->program.toplevel);
	program->program.toplevel =
		node_append(other->program.toplevel, program->program.toplevel);
	program->program.clauses = node_append(other->program.clauses, program->program.clauses);
}

static void import_file(struct importer *im, struct node *n, const char *path)
{
	struct check *k = im->k;
	struct node *other;
	size_t len = 0;
	char *real, *text;
	int file;

	real = realpath(path, NULL);
	if (real && strmap_put(&im->seen, arena_strdup(k->arena, real), n)) {
		free(real);
		return;
	}
	free(real);
	text = read_text(k, path, &len);
	file = text && ++im->n <= MAX_IMPORTS ? sources_add(&k->c->sources, path, text, len) : -1;
	if (file < 0) {
		check_error(k, n, IO, "cannot read '%s'", path);
		return;
	}
	if (is_c_file(path)) {
		check_c_file(k, im->program, (unsigned)file, NULL);
		return;
	}
	other = parse_program(k->c, file);
	if (other)
		merge(im, other);
}

static int is_script(const struct dirent *e)
{
	const char *dot = strrchr(e->d_name, '.');

	return e->d_name[0] != '.' && dot && (strcmp(dot, ".bt") == 0 || is_c_file(e->d_name));
}

/* All scripts and C files of a directory, by name. */
static void import_directory(struct importer *im, struct node *n, const char *path)
{
	struct dirent **entries;
	int i, count = scandir(path, &entries, is_script, alphasort);

	for (i = 0; i < count; i++) {
		import_file(im, n, arena_printf(im->k->arena, "%s/%s", path, entries[i]->d_name));
		free(entries[i]);
	}
	if (count >= 0)
		free(entries);
	if (count <= 0)
		check_error(im->k, n, IO, "there is no script in '%s'", path);
}

static void import_path(struct importer *im, struct node *n)
{
	const char *path = find_file(im->k, n);
	struct stat st;

	if (!path)
		check_error(im->k, n, IO, "cannot find '%s'", n->import.path);
	else if (stat(path, &st) == 0 && S_ISDIR(st.st_mode))
		import_directory(im, n, path);
	else
		import_file(im, n, path);
}

static void import_list(struct importer *im, struct node *list)
{
	for (; list; list = list->next)
		if (list->kind == N_IMPORT)
			import_path(im, list);
}

void check_imports(struct check *k, struct node *program)
{
	struct importer im = {.k = k, .program = program};

	import_list(&im, program->program.toplevel);
	strmap_free(&im.seen);
}
