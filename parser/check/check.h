/*
 * The check: names, types, address spaces, constants. Units call the helpers
 * here from their check functions.
 */
#ifndef PARSER_CHECK_CHECK_H
#define PARSER_CHECK_CHECK_H

#include "parser/compile.h"
#include "parser/unit.h"

struct check {
	struct compile *c;
	struct arena *arena;
	struct types *types;
	struct node *clause; /* the one being checked */
	unsigned depth;
	bool final; /* last pass: types have settled, report everything */
	bool changed; /* a map or variable type grew in this pass */
	struct node *stmt; /* statement being checked */
};

/* Checks an expression in value position and sets its type. */
void check_expr(struct check *k, struct node *n);
/* The value of a compile-time integer (literals, folded expressions, sizeof, enumerators, $1). */
bool check_const(struct check *k, const struct node *n, int64_t *out);
/* Turns a node into a number, string or another node in place, keeping its location. */
void check_become_num(struct check *k, struct node *n, uint64_t value, const struct type *type);
void check_become_str(struct check *k, struct node *n, const char *text);
/* Finds or creates the map of a name; NULL never. */
struct map *check_map(struct check *k, struct node *map);
/* Argument i of a call, or NULL. */
struct node *check_arg(const struct node *call, unsigned i);
/* The attach point of the clause being checked when it is a single one without wildcards, else NULL. */
const struct attach_info *check_single_attach(const struct check *k);

#define check_error(k, n, tag, ...) diag_error(&(k)->c->diags, tag, (n)->loc, __VA_ARGS__)
#define check_hint(k, ...) diag_hint(&(k)->c->diags, __VA_ARGS__)

/* Shared by units that take a format string: validates text against the arguments from first on. */
void check_format(struct check *k, struct node *call, const struct node *format,
		  struct node *first);

#endif
