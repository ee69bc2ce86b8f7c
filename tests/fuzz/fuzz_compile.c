/*
 * fuzz_compile - feed mutated programs to bcct_compile, and mutated objects to bcct_open_object.
 *
 *	fuzz_compile [--runs N] [--seed N] [--keep FOLDER] CASES.test...
 *
 * Seeds are the programs of the case files. Each input is tried in a child process: one that dies
 * by a signal, or a sanitizer, or takes over ten seconds is a finding; its text is printed and,
 * with --keep, saved. The same seed gives the same inputs. Built with BCCT_FUZZ, libFuzzer
 * drives the same entry instead.
 */
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "include/bcct.h"

#define CHILD_SECONDS 10
#define MAX_INPUT 65536

struct input {
	char *data;
	size_t len;
	bool object; /* an ELF image, not text */
};

static void ignore_diag(void *user, const struct bcct_diag *d)
{
	/* touch what a client would read */
	*(size_t *)user += strlen(d->rendered ? d->rendered : "");
}

static void try_input(const char *data, size_t len, bool object)
{
	size_t seen = 0;
	struct bcct_options o = {
		.size = sizeof(o),
		.user = &seen,
		.diag = ignore_diag,
		.same_process = true,
	};
	struct bcct *b = bcct_new(&o);

	if (!b)
		return;
	if (object)
		bcct_open_object(b, data, len);
	else
		bcct_compile(b, "", data, len);
	bcct_free(b);
}

#ifdef BCCT_LIBFUZZER
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	try_input((const char *)data, len, len > 4 && !memcmp(data, "\177ELF", 4));
	return 0;
}
#else

struct corpus {
	struct input *items;
	size_t count, room;
};

static uint64_t random_state;

/* xorshift: the same numbers everywhere, which rand() does not promise */
static uint64_t random_next(void)
{
	random_state ^= random_state << 13;
	random_state ^= random_state >> 7;
	random_state ^= random_state << 17;
	return random_state;
}

static size_t random_below(size_t limit)
{
	return limit ? random_next() % limit : 0;
}

static void corpus_add(struct corpus *c, const char *data, size_t len, bool object)
{
	if (c->count == c->room) {
		c->room = c->room ? c->room * 2 : 64;
		c->items = realloc(c->items, c->room * sizeof(*c->items));
		if (!c->items)
			abort();
	}
	char *copy = malloc(len + 1);

	if (!copy)
		abort();
	memcpy(copy, data, len);
	copy[len] = 0;
	c->items[c->count++] = (struct input){ copy, len, object };
}

static void corpus_free(struct corpus *c)
{
	for (size_t i = 0; i < c->count; i++)
		free(c->items[i].data);
	free(c->items);
}

/* The programs of a case file: what program: or script: has on its line or indented below. */
static void corpus_read(struct corpus *c, const char *path)
{
	static char text[MAX_INPUT];
	size_t len = 0;
	bool inside = false;
	char *line = NULL;
	size_t room = 0;
	FILE *f = fopen(path, "r");

	if (!f)
		return;
	while (getline(&line, &room, f) >= 0) {
		size_t n = strlen(line);

		if (inside && line[0] == '\t' && len + n < sizeof(text)) {
			memcpy(text + len, line + 1, n - 1);
			len += n - 1;
			continue;
		}
		if (len)
			corpus_add(c, text, len, false);
		len = 0;
		inside = !strncmp(line, "program:", 8) || !strncmp(line, "script:", 7);
		char *value = inside ? strchr(line, ':') + 1 : NULL;

		if (value && strspn(value, " \n") < strlen(value) && n < sizeof(text)) {
			len = strlen(value + 1);
			memcpy(text, value + 1, len);
		}
	}
	if (len)
		corpus_add(c, text, len, false);
	free(line);
	fclose(f);
}

/* Objects to mutate: what a few of the programs compile to. */
static void corpus_objects(struct corpus *c)
{
	size_t seen = 0, texts = c->count;
	struct bcct_options o = { .size = sizeof(o), .user = &seen, .diag = ignore_diag };

	for (size_t i = 0, made = 0; i < texts && made < 8; i++) {
		struct bcct *b = bcct_new(&o);
		const void *data;
		size_t len;

		if (b && bcct_compile(b, "", c->items[i].data, c->items[i].len) >= 0 &&
		    bcct_object(b, &data, &len) >= 0 && len < MAX_INPUT / 2) {
			corpus_add(c, data, len, true);
			made++;
		}
		bcct_free(b);
	}
}

static void cut(struct input *in, size_t at, size_t n)
{
	if (n > in->len - at)
		n = in->len - at;
	memmove(in->data + at, in->data + at + n, in->len - at - n);
	in->len -= n;
}

static void paste(struct input *in, size_t at, const char *data, size_t n)
{
	if (in->len + n > MAX_INPUT)
		return;
	memmove(in->data + at + n, in->data + at, in->len - at);
	memcpy(in->data + at, data, n);
	in->len += n;
}

static const char *const tokens[] = {
	"<", ">", "{", "}", "(", ")", "[", "]", "/", "*", "->", ">>", "@", "$", "\"", "'", "\\",
	"%s", "%d", ",", ";", ":", "=", "++", "--", "?", "0", "-1", "0x", "18446744073709551616",
	"1e", "/*", "//", "BEGIN", "END", "kprobe:", "interval:", "if", "else", "sizeof(",
	"count()", "hist(", "printf(", "comm", "args.", "((((((((((((((((",
	"((struct task_struct *)", "\n",
	"$1", "$#", "\0", "\377", "int f(void) {", "#define X X\n", "#include \"x\"\n",
};

/* A copy of a seed with a few changes; the caller frees data. */
static struct input mutate(const struct corpus *c)
{
	const struct input *seed = &c->items[random_below(c->count)];
	struct input in = { malloc(MAX_INPUT + 1), seed->len, seed->object };

	if (!in.data)
		abort();
	memcpy(in.data, seed->data, seed->len);
	for (size_t n = 1 + random_below(4); n; n--) {
		size_t at = random_below(in.len + 1);
		const struct input *other = &c->items[random_below(c->count)];
		size_t from = random_below(other->len);
		const char *token = tokens[random_below(sizeof(tokens) / sizeof(*tokens))];

		switch (random_below(seed->object ? 3 : 6)) {
		case 0:
			cut(&in, at, 1 + random_below(16));
			break;
		case 1:
			if (at < in.len)
				in.data[at] = (char)random_next();
			break;
		case 2:
			if (at < in.len)
				in.data[at] ^= (char)(1 << random_below(8));
			break;
		case 3:
			paste(&in, at, other->data + from, random_below(other->len - from + 1));
			break;
		default:
			paste(&in, at, token, *token ? strlen(token) : 1);
			break;
		}
	}
	return in;
}

static void print_input(const struct input *in)
{
	fputs("# ", stdout);
	for (size_t i = 0; i < in->len && i < 2000 && !in->object; i++) {
		unsigned char ch = (unsigned char)in->data[i];

		if (ch < ' ' || ch > '~' || ch == '\\')
			printf("\\x%02x", ch);
		else
			putchar(ch);
	}
	if (in->object)
		printf("an object of %zu bytes", in->len);
	putchar('\n');
}

static void save_input(const char *folder, unsigned number, const struct input *in)
{
	char path[4096];
	FILE *f;

	snprintf(path, sizeof(path), "%s/finding-%u", folder, number);
	f = fopen(path, "w");
	if (!f)
		return;
	fwrite(in->data, 1, in->len, f);
	fclose(f);
}

/* True when the input did no harm. */
static bool survives(const struct input *in)
{
	int status;
	pid_t pid;

	fflush(stdout);
	pid = fork();
	if (pid == 0) {
		alarm(CHILD_SECONDS);
		try_input(in->data, in->len, in->object);
		_exit(0);
	}
	if (pid < 0 || waitpid(pid, &status, 0) != pid)
		return false;
	if (WIFSIGNALED(status))
		printf("# killed by signal %d%s\n", WTERMSIG(status),
		       WTERMSIG(status) == SIGALRM ? " (took too long)" : "");
	else if (WEXITSTATUS(status))
		printf("# ended with status %d\n", WEXITSTATUS(status));
	return status == 0;
}

int main(int argc, char **argv)
{
	unsigned long runs = 1000, seed = 1;
	const char *keep = NULL;
	struct corpus corpus = { 0 };
	unsigned findings = 0;
	int i = 1;

	for (; i + 1 < argc && !strncmp(argv[i], "--", 2); i += 2) {
		if (!strcmp(argv[i], "--runs"))
			runs = strtoul(argv[i + 1], NULL, 0);
		else if (!strcmp(argv[i], "--seed"))
			seed = strtoul(argv[i + 1], NULL, 0);
		else if (!strcmp(argv[i], "--keep"))
			keep = argv[i + 1];
	}
	for (; i < argc; i++)
		corpus_read(&corpus, argv[i]);
	if (!corpus.count) {
		corpus_add(&corpus, "kprobe:sys_clone < printf(\"hi %s\\n\", comm) >", 43, false);
		corpus_add(&corpus, "BEGIN { @x[1, comm] = hist($1 + 2); exit(); }", 44, false);
	}
	corpus_objects(&corpus);
	random_state = seed * UINT64_C(0x9e3779b97f4a7c15) | 1;
	for (unsigned long n = 0; n < runs; n++) {
		struct input in = mutate(&corpus);

		if (!survives(&in)) {
			print_input(&in);
			if (keep)
				save_input(keep, findings, &in);
			findings++;
		}
		free(in.data);
	}
	printf("%sok 1 - %lu inputs from %zu seeds, %u findings\n1..1\n", findings ? "not " : "",
	       runs, corpus.count, findings);
	corpus_free(&corpus);
	return findings ? 1 : 0;
}
#endif
