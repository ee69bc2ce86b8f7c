/*
 * Literals: numbers with their suffixes, strings with their escapes, $1 and
 * $#. A literal that is wrong is reported at the wrong byte and gives a
 * harmless node. Called by feed.c for each token that reaches the grammar.
 */
#include <ctype.h>
#include <string.h>

#include "base/utf8.h"
#include "parser/parser.h"

char *literal_name(struct parser *p, struct loc loc)
{
	return arena_strndup(p->arena, p->text + loc.offset, loc.length);
}

/* ---- numbers ---- */

struct number {
	const char *s;
	uint32_t n, at; /* at: how far it has been read */
	uint64_t value;
	bool overflow;
};

static void add_digit(struct number *num, unsigned base, unsigned digit)
{
	if (__builtin_mul_overflow(num->value, (uint64_t)base, &num->value) ||
		__builtin_add_overflow(num->value, (uint64_t)digit, &num->value))
		num->overflow = true;
}

static int digit_value(char c)
{
	if (isdigit((unsigned char)c))
		return c - '0';
	if (isxdigit((unsigned char)c))
		return tolower((unsigned char)c) - 'a' + 10;
	return 99;
}

/* Reads digits and '_' between digits. */
static void read_digits(struct number *num, unsigned base)
{
	uint32_t start = num->at;

	while (num->at < num->n) {
		char c = num->s[num->at];

		if (c == '_' && num->at > start && num->at + 1 < num->n &&
			digit_value(num->s[num->at + 1]) < (int)base) {
			num->at++;
			continue;
		}
		if (digit_value(c) >= (int)base)
			break;
		add_digit(num, base, (unsigned)digit_value(c));
		num->at++;
	}
}

/* "e6" after a decimal number. */
static void read_exponent(struct number *num)
{
	uint32_t at = num->at;
	unsigned exponent = 0;

	if (at + 1 >= num->n || tolower((unsigned char)num->s[at]) != 'e' ||
		!isdigit((unsigned char)num->s[at + 1]))
		return;
	for (at++; at < num->n && isdigit((unsigned char)num->s[at]); at++)
		if (exponent < 1000)
			exponent = exponent * 10 + (unsigned)(num->s[at] - '0');
	for (; exponent && num->value && !num->overflow; exponent--)
		add_digit(num, 10, 0);
	num->at = at;
}

static unsigned read_base(struct number *num)
{
	char second = num->n > 1 ? num->s[1] : 0;

	if (num->s[0] != '0' || !second)
		return 10;
	if ((second == 'x' || second == 'X') && num->n > 2 && digit_value(num->s[2]) < 16) {
		num->at = 2;
		return 16;
	}
	if ((second == 'b' || second == 'B') && num->n > 2 && digit_value(num->s[2]) < 2) {
		num->at = 2;
		return 2;
	}
	return isdigit((unsigned char)second) || second == '_' ? 8 : 10;
}

/* The rest of the literal: U and L as in C, or a unit of time. False: neither. */
static bool read_suffix(struct number *num, unsigned base, bool *is_unsigned)
{
	static const struct {
		const char *name;
		uint64_t ns;
	} units[] = {
		{ "ns", 1 },
		{ "us", 1000 },
		{ "ms", 1000000 },
		{ "s", 1000000000 },
		{ "m", 60000000000 },
		{ "h", 3600000000000 },
		{ "d", 86400000000000 },
	};
	static const char *const ints[] = { "", "u", "l", "ul", "lu", "ll", "ull", "llu" };
	const char *s = num->s + num->at;
	size_t n = num->n - num->at;

	for (size_t i = 0; i < sizeof(ints) / sizeof(ints[0]); i++) {
		if (strlen(ints[i]) != n || strncasecmp(s, ints[i], n))
			continue;
		*is_unsigned = strchr(ints[i], 'u') != NULL;
		return true;
	}
	for (size_t i = 0; base == 10 && i < sizeof(units) / sizeof(units[0]); i++) {
		if (strlen(units[i].name) != n || strncmp(s, units[i].name, n))
			continue;
		if (__builtin_mul_overflow(num->value, units[i].ns, &num->value))
			num->overflow = true;
		return true;
	}
	return false;
}

struct node *literal_number(struct parser *p, struct loc loc)
{
	struct number num = { p->text + loc.offset, loc.length, 0, 0, false };
	struct node *n = parser_node(p, N_NUM, loc);
	unsigned base = read_base(&num);
	bool is_unsigned = false;
	struct loc rest;

	read_digits(&num, base);
	if (base == 10)
		read_exponent(&num);
	rest = parser_loc(p, loc.offset + num.at, loc.offset + loc.length);
	if (base == 8 && num.at < num.n && isdigit((unsigned char)num.s[num.at])) {
		parser_error(p, TAG_NUMBER, parser_loc(p, rest.offset, rest.offset + 1),
			"a number that starts with 0 is octal", "'%c' is not an octal digit",
			num.s[num.at]);
	} else if (!read_suffix(&num, base, &is_unsigned)) {
		parser_error(p, TAG_NUMBER, rest,
			"a number may end in ns, us, ms, s, m, h, d (a time), U, L or UL",
			"unknown suffix '%.*s' of a number",
			rest.length > 20 ? 20 : (int)rest.length, num.s + num.at);
	} else if (num.overflow) {
		parser_error(p, TAG_NUMBER, loc, NULL, "a number that does not fit in 64 bits");
	} else {
		n->num.value = num.value;
		n->num.is_unsigned = is_unsigned || num.value > INT64_MAX;
	}
	return n;
}

struct node *literal_positional(struct parser *p, struct loc loc)
{
	struct number num = { p->text + loc.offset + 1, loc.length - 1, 0, 0, false };
	struct node *n = parser_node(p, N_POSITIONAL, loc);

	n->pos.index = 1;
	if (num.s[0] == '#') {
		n->pos.count = true;
		n->pos.index = 0;
		return n;
	}
	while (num.at < num.n && isdigit((unsigned char)num.s[num.at]))
		add_digit(&num, 10, (unsigned)(num.s[num.at++] - '0'));
	if (num.at < num.n || num.overflow || num.value > 100000)
		parser_error(p, TAG_POSITIONAL, loc, "parameters are $1, $2, …; $# is their number",
			"'%.*s' is neither a parameter nor a variable",
			loc.length > 40 ? 40 : (int)loc.length, num.s - 1);
	else if (!num.value)
		parser_error(p, TAG_POSITIONAL, loc, "parameters are $1, $2, …; $# is their number",
			"there is no parameter $0");
	else
		n->pos.index = (unsigned)num.value;
	return n;
}

/* ---- strings ---- */

/* Reads up to max digits of a base; the number of them read. */
static uint32_t read_code(const char *s, uint32_t n, unsigned base, uint32_t max, unsigned *code)
{
	uint32_t i = 0;

	for (*code = 0; i < n && i < max && digit_value(s[i]) < (int)base; i++)
		*code = *code * base + (unsigned)digit_value(s[i]);
	return i;
}

/* One escape at s, which starts with a backslash. Its length; 0 when it is none. */
static uint32_t read_escape(const char *s, uint32_t n, char *out)
{
	static const char from[] = "ntr\"\\", to[] = "\n\t\r\"\\";
	const char *simple;
	unsigned code;
	uint32_t digits;

	if (n < 2 || !s[1])
		return 0;
	simple = strchr(from, s[1]);
	if (simple) {
		*out = to[simple - from];
		return 2;
	}
	if (s[1] == 'x')
		digits = read_code(s + 2, n - 2, 16, 2, &code) + 1;
	else
		digits = read_code(s + 1, n - 1, 8, 3, &code);
	if (!digits || (s[1] == 'x' && digits == 1) || code > 255)
		return 0;
	*out = (char)code;
	return digits + 1;
}

struct node *literal_string(struct parser *p, struct loc loc)
{
	const char *s = p->text + loc.offset + 1;
	uint32_t n = loc.length - 2, at = 0, len = 0;
	char *out = arena_alloc(p->arena, n + 1);
	struct node *node = parser_node(p, N_STR, loc);

	while (at < n) {
		unsigned bytes = 1;

		if (s[at] == '\\') {
			uint32_t start = loc.offset + 1 + at,
				 used = read_escape(s + at, n - at, &out[len]);

			if (used) {
				at += used;
				len++;
				continue;
			}
			bytes = at + 1 < n ? 1 + (utf8_length(s + at + 1, n - at - 1) ?: 1) : 1;
			parser_error(p, TAG_STRING, parser_loc(p, start, start + bytes),
				"escapes are \\n \\t \\r \\\" \\\\ \\0 to \\377 and \\x00 to \\xff",
				"unknown escape in a string");
			at += bytes;
			continue;
		}
		bytes = utf8_length(s + at, n - at);
		if (!bytes || !s[at]) {
			uint32_t start = loc.offset + 1 + at;

			parser_error(p, TAG_STRING, parser_loc(p, start, start + 1),
				"other bytes are written as \\xnn",
				"a byte that is not valid UTF-8 in a string: 0x%02x",
				(unsigned char)s[at]);
			at++;
			continue;
		}
		memcpy(out + len, s + at, bytes);
		len += bytes;
		at += bytes;
	}
	node->str.text = out;
	node->str.len = len;
	return node;
}
