/*
 * Shell-style patterns for probe names: * any text, ? any character, [class]
 * with ranges and ! or ^ for negation. No recursion: time is bounded by the
 * product of the lengths. Used by the providers' lists and by bcct_list.
 */
#include <string.h>

#include "lib/rt.h"

bool rt_has_wildcard(const char *text)
{
	return text && strpbrk(text, "*?[") != NULL;
}

/* Matches c against the class at p ("[a-z]"); *end is set past it, or to NULL when unclosed. */
static bool class_match(const char *p, unsigned char c, const char **end)
{
	bool negate = p[1] == '!' || p[1] == '^', hit = false;
	const char *q = p + 1 + negate, *first = q;

	for (; *q && (*q != ']' || q == first); q++) {
		if (q[1] == '-' && q[2] && q[2] != ']') {
			hit |= (unsigned char)q[0] <= c && c <= (unsigned char)q[2];
			q += 2;
		} else {
			hit |= (unsigned char)*q == c;
		}
	}
	*end = *q ? q + 1 : NULL;
	return hit != negate;
}

/* One pattern element against one character; NULL: no match, else what follows the element. */
static const char *element_match(const char *p, unsigned char c)
{
	const char *end;

	if (*p == '[') {
		bool hit = class_match(p, c, &end);

		if (end)
			return hit ? end : NULL;
		/* an unclosed bracket is an ordinary character */
	}
	if (*p == '?' || (unsigned char)*p == c)
		return *p ? p + 1 : NULL;
	return NULL;
}

bool rt_wildcard(const char *pattern, const char *text)
{
	const char *star = NULL, *resume = NULL;

	while (*text) {
		const char *next;

		if (*pattern == '*') {
			star = ++pattern;
			resume = text;
			continue;
		}
		next = element_match(pattern, (unsigned char)*text);
		if (next) {
			pattern = next;
			text++;
		} else if (star) {
			pattern = star;
			text = ++resume;
		} else {
			return false;
		}
	}
	while (*pattern == '*')
		pattern++;
	return !*pattern;
}
