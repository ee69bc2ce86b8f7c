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
	bool settled; /* what types are known without the arms of 'if comptime' is known */
	bool growing; /* a type grows with each pass: $s = str_concat($s, "x") */
	bool final; /* last pass: types have settled, report everything */
	bool changed; /* a map or variable type grew in this pass */
	struct node *stmt; /* statement being checked */
	bool dead; /* it is never reached: a constant condition says so */
};

/* Checks an expression in value position and sets its type. */
void check_expr(struct check *k, struct node *n);
/* n becomes &n, unchecked: its type is the caller's to set. */
void check_take_address(struct check *k, struct node *n);
/* The value of a compile-time integer (literals, folded expressions, sizeof, enumerators, $1). */
bool check_const(struct check *k, const struct node *n, int64_t *out);
/*
 * The type that the language gives a checked value: integers are kept in 8 bytes, but $x = 1 is an
 * int8. Settles with k->changed.
 */
const struct type *check_narrow(struct check *k, const struct node *n);
/* Turns a node into a number, string or another node in place, keeping its location. */
void check_become_num(struct check *k, struct node *n, uint64_t value, const struct type *type);
void check_become_str(struct check *k, struct node *n, const char *text);
/* Finds or creates the map of a name; NULL never. */
struct map *check_map(struct check *k, struct node *map);
/* Argument i of a call, or NULL. */
struct node *check_arg(const struct node *call, unsigned i);
/* The clause's attach point when it is a single one without wildcards, else NULL. */
const struct attach_info *check_single_attach(const struct check *k);

/*
 * Keys of an N_MAP node: evaluated, flattened, joined into the map's key type.
 * Done by the check itself for every map argument.
 */
void check_map_keys(struct check *k, struct node *map);
/* A map where a value is expected: an aggregation gives its number, or an error if it has none. */
void check_map_read(struct check *k, struct node *map);
/* The type of an expression whose error was already reported: say nothing more about it. */
bool check_poisoned(const struct type *t);
const struct type *check_poison(void);

/*
 * print(@m) with an unconditional clear(@m) or zero(@m) after it in the same
 * statements: the print takes the rows out of the map, so that no update between
 * the two is lost, and the other call only resets what is left of it. Stands
 * in call.data of print (CALL_TAKE, or CALL_TAKE_ZERO when zero() follows: the
 * keys stay) and of the paired call (CALL_TAKEN: already empty); else NULL.
 */
#define CALL_TAKE ((void *)1)
#define CALL_TAKE_ZERO ((void *)2)
#define CALL_TAKEN ((void *)3)

#define check_error(k, n, tag, ...) diag_error(&(k)->c->diags, tag, (n)->loc, __VA_ARGS__)
#define check_hint(k, ...) diag_hint(&(k)->c->diags, __VA_ARGS__)

/* What a setting unstable_* switches off, or asks to warn about. */
void check_unstable(struct check *k, const struct node *n, enum option id, const char *what);

/* Shared by units that take a format string: validates text against the arguments from first on. */
void check_format(struct check *k, struct node *call, const struct node *format,
		  struct node *first);

/* The map of BPF C that clauses call "@name", or NULL. */
struct c_map *check_c_map(struct check *k, const char *name);

#endif
