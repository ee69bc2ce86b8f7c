/*
 * Nodes of statements, and of what stands beside the clauses. As in build.c,
 * each carries the height of its tree. Called by probe.y.
 */
#include <string.h>

#include "parser/parser.h"

/* Only variables and maps can be assigned; reports what cannot. */
bool build_is_target(struct parser *p, const struct node *n)
{
	if (n->kind == N_VAR || n->kind == N_MAP)
		return true;
	parser_error(p, TAG_ASSIGN, n->loc, "only $variables and @maps can be assigned",
		"this cannot be assigned");
	return false;
}

struct expr build_statement(struct parser *p, struct expr e, struct loc loc)
{
	struct node *n = parser_node(p, N_EXPR, loc);

	n->expr.expr = e.node;
	return build_node(p, n, e);
}

struct expr build_assign(struct parser *p, struct expr target, enum op op, struct loc op_loc,
	struct expr value, struct loc loc)
{
	struct node *n = parser_node(p, N_ASSIGN, loc);

	/* "_ = e" evaluates e */
	if (target.node->kind == N_IDENT && !strcmp(target.node->ident.name, "_") && op == OP_NONE)
		return build_statement(p, value, loc);
	if (!build_is_target(p, target.node))
		return build_statement(p, value, loc);
	n->assign.op = op;
	n->assign.target = target.node;
	n->assign.value = value.node;
	n->assign.op_loc = parser_site(p, op_loc);
	return build_node(p, n, build_over(target, value));
}

struct expr build_if(
	struct parser *p, enum op comptime, struct expr c, struct expr then, struct expr otherwise,
	struct loc loc)
{
	struct node *n = parser_node(p, N_IF, loc);

	build_condition(p, c);
	n->cond.comptime = comptime != OP_NONE;
	n->cond.cond = c.node;
	n->cond.then = then.node;
	n->cond.otherwise = otherwise.node;
	if (otherwise.node && otherwise.node->kind == N_IF) { /* what is beside a chain */
		c.depth++;
		then.depth++;
	}
	return build_node(p, n, build_over(build_over(c, then), otherwise));
}

struct expr build_block(struct parser *p, struct list stmts, struct loc loc)
{
	struct node *n = parser_node(p, N_BLOCK, loc);

	n->block.stmts = stmts.head;
	n->block.valued = stmts.valued;
	return build_node(p, n, build_over_list(stmts));
}

/* What a list of statements gives as a value: its last expression, or the last if. */
static struct node *take_result(struct parser *p, struct node **stmts, bool valued);

/* An arm of a statement that turns out to be a value. */
static struct node *arm_value(struct parser *p, struct node *arm)
{
	struct node *n;

	if (!arm || arm->kind == N_BLOCKEXPR)
		return arm;
	if (arm->kind == N_IF) {
		arm->cond.then = arm_value(p, arm->cond.then);
		arm->cond.otherwise = arm_value(p, arm->cond.otherwise);
		return arm->cond.then && arm->cond.otherwise ? arm : NULL;
	}
	n = parser_node(p, N_BLOCKEXPR, arm->loc);
	n->blockexpr.stmts = arm->block.stmts;
	n->blockexpr.result = take_result(p, &n->blockexpr.stmts, arm->block.valued);
	return n->blockexpr.result ? n : NULL;
}

/* Does a statement that was read as such give a value? */
static bool has_value(const struct node *n, bool valued)
{
	const struct node *last;

	if (n->kind == N_EXPR)
		return valued;
	if (n->kind == N_IF)
		return n->cond.otherwise && has_value(n->cond.then, false) &&
			has_value(n->cond.otherwise, false);
	if (n->kind != N_BLOCK || !n->block.stmts)
		return n->kind == N_BLOCKEXPR;
	for (last = n->block.stmts; last->next; last = last->next)
		;
	return has_value(last, n->block.valued);
}

static struct node *take_result(struct parser *p, struct node **stmts, bool valued)
{
	struct node **last = stmts, *n;

	if (!*last)
		return NULL;
	while ((*last)->next)
		last = &(*last)->next;
	n = *last;
	if (!has_value(n, valued))
		return NULL;
	*last = NULL;
	return n->kind == N_EXPR ? n->expr.expr : arm_value(p, n);
}

struct expr build_block_expr(struct parser *p, struct list stmts, struct loc loc)
{
	struct node *n = parser_node(p, N_BLOCKEXPR, loc);
	struct loc end = { loc.file, loc.offset + loc.length - 1, 1 };

	n->blockexpr.stmts = stmts.head;
	n->blockexpr.result = take_result(p, &n->blockexpr.stmts, stmts.valued);
	if (!n->blockexpr.result) {
		parser_error(p, TAG_SYNTAX, loc.length ? end : loc,
			"the last expression, without ';', is the value of the block",
			"expected an expression before '}'");
		n->blockexpr.result = parser_node(p, N_NUM, loc);
	}
	return build_node(p, n, build_over_list(stmts));
}

struct expr build_return(struct parser *p, struct expr value, struct loc loc)
{
	struct node *n = parser_node(p, N_RETURN, loc);

	n->ret.value = value.node;
	return build_node(p, n, value);
}

struct expr build_jump(struct parser *p, enum node_kind kind, struct loc loc)
{
	return (struct expr){ parser_node(p, kind, loc), 1, 1 };
}

static struct node *variable(struct parser *p, struct loc name)
{
	return build_leaf(p, N_VAR, name).node;
}

struct expr build_let(
	struct parser *p, struct loc name, struct expr to, struct expr value, struct loc loc)
{
	struct node *n = parser_node(p, N_LET, loc);

	n->let.target = variable(p, name);
	n->let.to = to.node;
	n->let.value = value.node;
	return build_node(p, n, build_over(to, value));
}

struct expr build_while(struct parser *p, struct expr cond, struct expr body, struct loc loc)
{
	struct node *n = parser_node(p, N_WHILE, loc);

	build_condition(p, cond);
	n->loop.cond = cond.node;
	n->loop.body = body.node;
	return build_node(p, n, build_over(cond, body));
}

struct expr build_unroll(struct parser *p, struct range r, struct expr body, struct loc loc)
{
	struct node *n = parser_node(p, N_UNROLL, loc);

	n->unroll.from = r.to.node ? r.from.node : NULL;
	n->unroll.count = r.to.node ? r.to.node : r.from.node;
	n->unroll.body = body.node;
	return build_node(p, n, build_over(build_over(r.from, r.to), body));
}

struct expr build_for(
	struct parser *p, struct loc name, struct range r, struct expr body, struct loc loc)
{
	struct node *n = parser_node(p, N_FOR, loc);

	if (!r.to.node && r.from.node->kind != N_MAP)
		parser_error(p, TAG_SYNTAX, r.from.node->loc,
			"for ($kv : @map) { … } and for ($i : 0..10) { … }",
			"'for' runs over a map or a range");
	n->each.target = variable(p, name);
	n->each.from = r.from.node;
	n->each.to = r.to.node;
	n->each.body = body.node;
	return build_node(p, n, build_over(build_over(r.from, r.to), body));
}

/* ---- the top level ---- */

static void add_item(struct parser *p, struct node *n)
{
	if (p->last_item)
		p->last_item->next = n;
	else
		p->program->program.toplevel = n;
	p->last_item = n;
	p->too_deep = false;
}

struct expr build_setting(struct parser *p, struct loc name, struct expr value, struct loc loc)
{
	struct node *n = parser_node(p, N_SETTING, loc);

	n->setting.name = literal_name(p, name);
	n->setting.value = value.node;
	return (struct expr){ n, 1, 1 };
}

void build_config(struct parser *p, struct list settings, struct loc loc)
{
	struct node *n = parser_node(p, N_CONFIG, loc);

	n->config.settings = settings.head;
	add_item(p, n);
}

void build_import(struct parser *p, struct node *path, struct loc loc)
{
	struct node *n = parser_node(p, N_IMPORT, loc);

	n->import.path = path->str.text;
	if (strlen(path->str.text) != path->str.len || !path->str.len)
		parser_error(p, TAG_STRING, path->loc, NULL, "this cannot be the name of a file");
	else
		add_item(p, n);
}

void build_macro(struct parser *p, struct loc name, struct list params, struct list stmts,
	struct loc body, struct loc loc)
{
	struct node *n = parser_node(p, N_MACRO, loc), *last = NULL;

	for (struct node *s = stmts.head; s; s = s->next)
		last = s;
	n->macro.name = literal_name(p, name);
	n->macro.params = params.head;
	n->macro.is_expr = last && has_value(last, stmts.valued);
	n->macro.body = (n->macro.is_expr ? build_block_expr(p, stmts, body)
					  : build_block(p, stmts, body))
				.node;
	add_item(p, n);
}

void build_fn(struct parser *p, struct loc name, struct list params, struct expr result,
	struct list stmts, struct loc body, struct loc loc)
{
	struct node *n = parser_node(p, N_FN, loc), *to = result.node;

	n->macro.name = literal_name(p, name);
	n->macro.params = params.head;
	n->macro.body = build_block(p, stmts, body).node;
	if (to && !(to->tname.name && !strcmp(to->tname.name, "void") && !to->tname.stars))
		n->macro.result = to;
	add_item(p, n);
}

void build_mapdecl(
	struct parser *p, struct loc name, struct loc kind, struct list args, struct loc loc)
{
	struct node *n = parser_node(p, N_MAPDECL, loc);

	n->mapdecl.name = literal_name(p, name);
	n->mapdecl.kind = literal_name(p, kind);
	n->mapdecl.size = args.head;
	if (args.n > 1)
		parser_error(p, TAG_ARG_COUNT, args.head->next->loc, "let @m = hash(100);",
			"a map's declaration takes the number of its entries only");
	else
		add_item(p, n);
}

void build_ctext(struct parser *p, struct loc loc)
{
	struct node *n = parser_node(p, N_CTEXT, loc);

	n->ctext.text = sources_get(&p->c->sources, loc)->text + loc.offset;
	n->ctext.len = loc.length;
	for (; p->declared < p->declarations.n; p->declared++) { /* both in the text's order */
		uint32_t at = p->declarations.v[p->declared];

		if (at >= loc.offset + loc.length)
			break;
		n->ctext.declares |= at >= loc.offset;
	}
	add_item(p, n);
}

struct node *build_spec(struct parser *p, struct loc loc)
{
	struct node *n = parser_node(p, N_SPEC, loc);

	n->spec.text = literal_name(p, loc);
	return n;
}

void build_clause(struct parser *p, struct list specs, struct expr pred, struct expr body,
	struct loc open, struct loc loc)
{
	struct node *n = parser_node(p, N_CLAUSE, loc);

	p->too_deep = false;
	n->clause.specs = specs.head;
	n->clause.pred = pred.node;
	n->clause.body = body.node;
	n->clause.angle = open.length && p->text[open.offset] == '<';
	if (p->last_clause)
		p->last_clause->next = n;
	else
		p->program->program.clauses = n;
	p->last_clause = n;
}
