/*
 * `probe` and `func` as text. At run time they are numbers, which the reader
 * turns into names; where a program compares them, its clause is split so that
 * each copy has one attach point, and they are constants there.
 */
#include <string.h>

#include "parser/check/internal.h"

static bool is_which(const struct node *n)
{
	return n && n->kind == N_IDENT &&
	       (strcmp(n->ident.name, "probe") == 0 || strcmp(n->ident.name, "func") == 0);
}

static bool in_comparison(const struct node *n)
{
	const struct node *a, *b;

	if (n->kind != N_BINARY || (n->binary.op != OP_EQ && n->binary.op != OP_NE))
		return false;
	a = n->binary.left;
	b = n->binary.right;
	return (is_which(a) && !is_which(b)) || (is_which(b) && !is_which(a));
}

/* As an argument where a string is wanted. */
static bool in_call(const struct node *n)
{
	const struct builtin *b = n->kind == N_CALL ? builtin_find(n->call.name) : NULL;
	const struct node *arg;
	struct proto p;
	unsigned i = 0;

	if (!b || !proto_parse(b->prototype, &p))
		return false;
	for (arg = n->call.args; arg && i < p.n; arg = arg->next, i++)
		if (is_which(arg) && p.param[i].kind == PK_STRING)
			return true;
	return false;
}

static bool is_text(void *user, const struct node *n, unsigned depth)
{
	(void)user, (void)depth;
	return in_comparison(n) || in_call(n);
}

bool check_uses_which(const struct node *clause)
{
	return check_walk(clause, 0, is_text, NULL);
}

bool check_which_text(struct check *k, struct node *n)
{
	const struct attach_info *at = check_single_attach(k);
	const char *text;

	if (!is_which(n) || check_poisoned(n->type) || !at)
		return false;
	text = *n->ident.name == 'p' ? at->full : at->target;
	if (!text)
		return false;
	check_become_str(k, n, text);
	return true;
}

/* Older scripts know these two in capitals. */
void check_which_beside(struct check *k, struct node *n, const struct node *text)
{
	const struct attach_info *at = check_single_attach(k);

	if (!is_which(n) || *n->ident.name != 'p' || text->kind != N_STR || !at || !at->full)
		return;
	if ((strcmp(at->full, "begin") == 0 && strcmp(text->str.text, "BEGIN") == 0) ||
	    (strcmp(at->full, "end") == 0 && strcmp(text->str.text, "END") == 0))
		check_become_str(k, n, text->str.text);
}

bool check_which_unknown(struct check *k, const struct node *n)
{
	if (!is_which(n) || check_poisoned(n->type) || n->type->kind == TY_STRING)
		return false; /* a text is one at run time, too */
	check_error(k, n, NOT_YET, "what '%s' is called is not known before the program runs here",
		    n->ident.name);
	check_hint(k, "name the functions one by one instead of by a pattern");
	return true;
}
