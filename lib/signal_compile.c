/* Signals by name; called by units in lib/builtin/. */
#include "lib/signal_compile.h"

#include <signal.h>
#include <string.h>
#include <strings.h>

static int signal_number(const char *name)
{
	int i;

	if (strncasecmp(name, "SIG", 3) == 0)
		name += 3;
	for (i = 1; i < NSIG; i++)
		if (sigabbrev_np(i) && strcasecmp(sigabbrev_np(i), name) == 0)
			return i;
	return 0;
}

void signal_operand_check(struct check *k, struct node *n)
{
	int64_t value;

	if (n->kind == N_STR) {
		int number = signal_number(n->str.text);

		if (number)
			check_become_num(k, n, (uint64_t)number, type_int(k->types, 8, true));
		else
			check_error(k, n, UNKNOWN_NAME, "'%s' is no signal", n->str.text);
		return;
	}
	if (!k->final)
		return;
	if (!type_is_integer(n->type))
		check_error(k, n, TYPE, "a signal is a name or a number, not %s",
			    type_print(k->arena, n->type));
	else if (check_const(k, n, &value) && (value < 1 || value > 64))
		check_error(k, n, RANGE, "signals have the numbers 1 to 64");
}
