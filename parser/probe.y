/*
 * Grammar of actions and predicates. The token stream is well-formed at
 * clause level (scan.c), so errors are caught where statements end and all of
 * a program's errors are found.
 */
%require "3.8"
%define api.pure full
%define api.prefix {probe_}
%define api.token.prefix {T_}
%define api.location.type {struct loc}
%define parse.error custom
%define parse.lac full
%locations
%param {struct parser *p}

%code requires {
#include "parser/parser.h"
}

%code {
#include "parser/syntax.h"

#define YYLLOC_DEFAULT(current, rhs, n)                                                            \
	do {                                                                                       \
		if (n)                                                                             \
			(current) = parser_span(p, YYRHSLOC(rhs, 1), YYRHSLOC(rhs, n));            \
		else                                                                               \
			(current) = after(YYRHSLOC(rhs, 0));                                       \
	} while (0)

static struct loc after(struct loc l)
{
	l.offset += l.length;
	l.length = 0;
	return l;
}

static int probe_lex(YYSTYPE *value, struct loc *loc, struct parser *p)
{
	return feed_next(p, &value->node, loc);
}

static void probe_error(struct loc *loc, struct parser *p, const char *message)
{
	syntax_no_memory(p, *loc, message);
}

/* A chain of "else if" is as deep on the stack as it is long. */
#define YYMAXDEPTH (8 * COMPILE_MAX_HEIGHT)

#define NONE ((struct expr){ 0 })
#define LEAF(n) ((struct expr){ (n), 1, 1 })
#define LIST ((struct list){ 0 })
#define RANGE(from, to) ((struct range){ (from), (to) })
}

%union {
	struct node *node;
	struct expr expr;
	struct list list;
	struct range range;
	enum op op;
}

%token SPEC "a probe" CTEXT PRED_OPEN PRED_CLOSE OPEN CLOSE
%token CONFIG IMPORT MACRO FN
%token IDENT VAR MAP KEYED_MAP TAG BAD_STRING RANGE
%token IF ELSE SIZEOF OFFSETOF TYPEOF RETURN LET WHILE FOR UNROLL BREAK CONTINUE
%token COMPTIME /* behind if; elsewhere it is left out */
%token IF_VALUE BRACE_VALUE TYPEOF_CAST TYPEOF_SIZE /* feed.c: where an operand is expected */
%token <node> NUMBER STRING POSITIONAL CAST SIZEOF_TYPE TYPE
%token ADD_EQ SUB_EQ MUL_EQ DIV_EQ MOD_EQ AND_EQ OR_EQ XOR_EQ SHL_EQ SHR_EQ
%token INC DEC ARROW SHL SHR LE GE EQ NE LAND LOR

%right '?' ':'
%left LOR
%left LAND
%left '|'
%left '^'
%left '&'
%left EQ NE
%left '<' LE '>' GE
%left SHL SHR
%left '+' '-'
%left '*' '/' '%'

%type <expr> predicate body simple compound block if expr unary postfix primary
%type <expr> loop type typeof typeof_word let_type let_value if_value else_value arm item param
%type <expr> fn_param fn_result
%type <expr> setting string
%type <list> specs stmts list args opt_args exprs keys items path opt_params params
%type <list> settings setting_list fn_params fn_param_list
%type <range> range unroll_range
%type <op> assign_op comptime

%%

program:
	%empty
|	program clause
|	program toplevel
;

/* ---- the top level ---- */

clause:
	specs predicate body { build_clause(p, $1, $2, $3, @body, @$); }
;

specs:
	SPEC { $$ = list_add(LIST, LEAF(build_spec(p, @1))); }
|	specs SPEC { $$ = list_add($1, LEAF(build_spec(p, @2))); }
;

predicate:
	%empty { $$ = NONE; }
|	PRED_OPEN expr PRED_CLOSE { $$ = $2; build_condition(p, $2); }
|	PRED_OPEN error PRED_CLOSE { $$ = NONE; yyerrok; }
;

toplevel:
	CTEXT { build_ctext(p, @1); }
|	CONFIG '=' OPEN settings CLOSE { build_config(p, $4, @$); }
|	CONFIG OPEN settings CLOSE { build_config(p, $3, @$); }
|	IMPORT STRING { build_import(p, $2, @$); }
|	MACRO IDENT '(' opt_params ')' OPEN stmts CLOSE
		{ build_macro(p, @2, $4, $7, parser_span(p, @6, @8), @$); }
|	MACRO IDENT OPEN stmts CLOSE
		{ build_macro(p, @2, LIST, $4, parser_span(p, @3, @5), @$); }
|	MACRO error OPEN { yyerrok; } stmts CLOSE
|	FN IDENT '(' fn_params ')' fn_result OPEN stmts CLOSE
		{ build_fn(p, @2, $4, $6, $8, parser_span(p, @7, @9), @$); }
|	FN error OPEN { yyerrok; } stmts CLOSE
|	LET MAP '=' IDENT '(' opt_args ')' ';' { build_mapdecl(p, @2, @4, $6, @$); }
|	LET error ';' { yyerrok; }
;

settings:
	setting_list
|	setting_list setting { $$ = list_add($1, $2); }
|	setting_list error { $$ = $1; yyerrok; }
;

setting_list:
	%empty { $$ = LIST; }
|	setting_list ';'
|	setting_list setting ';' { $$ = list_add($1, $2); }
|	setting_list error ';' { $$ = $1; yyerrok; }
;

setting:
	IDENT '=' NUMBER { $$ = build_setting(p, @1, LEAF($3), @$); }
|	IDENT '=' STRING { $$ = build_setting(p, @1, LEAF($3), @$); }
|	IDENT '=' IDENT { $$ = build_setting(p, @1, build_leaf(p, N_IDENT, @3), @$); }
;

opt_params:
	%empty { $$ = LIST; }
|	params
|	params ',' { $$ = $1; }
;

params:
	param { $$ = list_add(LIST, $1); }
|	params ',' param { $$ = list_add($1, $3); }
;

param:
	IDENT { $$ = build_leaf(p, N_IDENT, @1); }
|	VAR { $$ = build_leaf(p, N_VAR, @1); }
|	MAP { $$ = build_map(p, @1, LIST, false, @$); }
;

fn_params:
	%empty { $$ = LIST; }
|	fn_param_list
|	fn_param_list ',' { $$ = $1; }
;

fn_param_list:
	fn_param { $$ = list_add(LIST, $1); }
|	fn_param_list ',' fn_param { $$ = list_add($1, $3); }
;

fn_param:
	VAR ':' type { $$ = build_let(p, @1, $3, NONE, @$); }
;

fn_result:
	%empty { $$ = NONE; }
|	':' type { $$ = $2; }
;

/* ---- statements ---- */

body:
	OPEN stmts CLOSE { $$ = build_block(p, $2, @$); }
;

block:
	'{' stmts '}' { $$ = build_block(p, $2, @$); }
;

stmts:
	list
|	list simple
		{ $$ = list_add($1, $2); $$.valued = $2.node && $2.node->kind == N_EXPR; }
|	list error { $$ = $1; yyerrok; }
;

list:
	%empty { $$ = LIST; }
|	list ';'
|	list simple ';' { $$ = list_add($1, $2); }
|	list compound { $$ = list_add($1, $2); }
|	list error ';' { $$ = $1; yyerrok; }
;

simple:
	expr { $$ = build_statement(p, $1, @1); }
|	unary assign_op expr { $$ = build_assign(p, $1, $2, @2, $3, @$); }
|	LET VAR let_type let_value { $$ = build_let(p, @2, $3, $4, @$); }
|	RETURN { $$ = build_return(p, NONE, @1); }
|	RETURN expr { $$ = build_return(p, $2, @$); }
|	BREAK { $$ = build_jump(p, N_BREAK, @1); }
|	CONTINUE { $$ = build_jump(p, N_CONTINUE, @1); }
;

let_type:
	%empty { $$ = NONE; }
|	':' type { $$ = $2; }
;

let_value:
	%empty { $$ = NONE; }
|	'=' expr { $$ = $2; }
;

compound:
	block
|	if
|	loop
;

if:
	IF comptime expr block { $$ = build_if(p, $2, $3, $4, NONE, @$); }
|	IF comptime expr block ELSE block { $$ = build_if(p, $2, $3, $4, $6, @$); }
|	IF comptime expr block ELSE if { $$ = build_if(p, $2, $3, $4, $6, @$); }
;

comptime:
	%empty { $$ = OP_NONE; }
|	COMPTIME { $$ = OP_NOT; }
;

loop:
	WHILE expr block { $$ = build_while(p, $2, $3, @$); }
|	FOR VAR ':' range block { $$ = build_for(p, @2, $4, $5, @$); }
|	FOR '(' VAR ':' range ')' block { $$ = build_for(p, @3, $5, $7, @$); }
|	UNROLL unroll_range block { $$ = build_unroll(p, $2, $3, @$); }
;

unroll_range:
	range
|	'(' expr RANGE expr ')' { $$ = RANGE($2, $4); }
;

range:
	expr { $$ = RANGE($1, NONE); }
|	expr RANGE expr { $$ = RANGE($1, $3); }
;

assign_op:
	'=' { $$ = OP_NONE; }
|	ADD_EQ { $$ = OP_ADD; }
|	SUB_EQ { $$ = OP_SUB; }
|	MUL_EQ { $$ = OP_MUL; }
|	DIV_EQ { $$ = OP_DIV; }
|	MOD_EQ { $$ = OP_MOD; }
|	AND_EQ { $$ = OP_BAND; }
|	OR_EQ { $$ = OP_BOR; }
|	XOR_EQ { $$ = OP_XOR; }
|	SHL_EQ { $$ = OP_SHL; }
|	SHR_EQ { $$ = OP_SHR; }
;

expr:
	unary
|	expr '?' expr ':' expr { $$ = build_ternary(p, $1, $3, $5, @$); }
|	expr '?' ':' expr { $$ = build_ternary(p, $1, NONE, $4, @$); }
|	expr LOR expr { $$ = build_binary(p, OP_LOR, $1, @2, $3, @$); }
|	expr LAND expr { $$ = build_binary(p, OP_LAND, $1, @2, $3, @$); }
|	expr '|' expr { $$ = build_binary(p, OP_BOR, $1, @2, $3, @$); }
|	expr '^' expr { $$ = build_binary(p, OP_XOR, $1, @2, $3, @$); }
|	expr '&' expr { $$ = build_binary(p, OP_BAND, $1, @2, $3, @$); }
|	typeof_word EQ typeof_word { $$ = build_binary(p, OP_EQ, $1, @2, $3, @$); }
|	typeof_word NE typeof_word { $$ = build_binary(p, OP_NE, $1, @2, $3, @$); }
|	typeof_word EQ TYPE { $$ = build_binary(p, OP_EQ, $1, @2, LEAF($3), @$); }
|	typeof_word NE TYPE { $$ = build_binary(p, OP_NE, $1, @2, LEAF($3), @$); }
|	expr EQ expr { $$ = build_binary(p, OP_EQ, $1, @2, $3, @$); }
|	expr NE expr { $$ = build_binary(p, OP_NE, $1, @2, $3, @$); }
|	expr '<' expr { $$ = build_binary(p, OP_LT, $1, @2, $3, @$); }
|	expr LE expr { $$ = build_binary(p, OP_LE, $1, @2, $3, @$); }
|	expr '>' expr { $$ = build_binary(p, OP_GT, $1, @2, $3, @$); }
|	expr GE expr { $$ = build_binary(p, OP_GE, $1, @2, $3, @$); }
|	expr SHL expr { $$ = build_binary(p, OP_SHL, $1, @2, $3, @$); }
|	expr SHR expr { $$ = build_binary(p, OP_SHR, $1, @2, $3, @$); }
|	expr '+' expr { $$ = build_binary(p, OP_ADD, $1, @2, $3, @$); }
|	expr '-' expr { $$ = build_binary(p, OP_SUB, $1, @2, $3, @$); }
|	expr '*' expr { $$ = build_binary(p, OP_MUL, $1, @2, $3, @$); }
|	expr '/' expr { $$ = build_binary(p, OP_DIV, $1, @2, $3, @$); }
|	expr '%' expr { $$ = build_binary(p, OP_MOD, $1, @2, $3, @$); }
;

unary:
	postfix
|	'-' unary { $$ = build_unary(p, OP_NEG, $2, @$); }
|	'!' unary { $$ = build_unary(p, OP_NOT, $2, @$); }
|	'~' unary { $$ = build_unary(p, OP_BNOT, $2, @$); }
|	'*' unary { $$ = build_unary(p, OP_DEREF, $2, @$); }
|	'&' unary { $$ = build_unary(p, OP_ADDR, $2, @$); }
|	INC unary { $$ = build_incdec(p, OP_INC, true, $2, @$); }
|	DEC unary { $$ = build_incdec(p, OP_DEC, true, $2, @$); }
|	CAST unary { $$ = build_cast(p, LEAF($1), $2, @$); }
|	TYPEOF_CAST typeof ')' unary { $$ = build_cast(p, $2, $4, @$); }
|	SIZEOF TYPEOF_SIZE typeof ')' { $$ = build_sizeof(p, $3, @$); }
|	SIZEOF unary { $$ = build_sizeof(p, $2, @$); }
|	SIZEOF SIZEOF_TYPE { $$ = build_sizeof(p, LEAF($2), @$); }
;

postfix:
	primary
|	postfix '.' IDENT { $$ = build_field(p, $1, @3, false, @$); }
|	postfix '.' NUMBER { $$ = build_field(p, $1, @3, false, @$); }
|	postfix ARROW IDENT { $$ = build_field(p, $1, @3, true, @$); }
|	postfix '[' expr ']' { $$ = build_index(p, $1, $3, @$); }
|	postfix INC { $$ = build_incdec(p, OP_INC, false, $1, @$); }
|	postfix DEC { $$ = build_incdec(p, OP_DEC, false, $1, @$); }
;

primary:
	NUMBER { $$ = LEAF($1); }
|	string
|	POSITIONAL { $$ = LEAF($1); }
|	IDENT { $$ = build_leaf(p, N_IDENT, @1); }
|	VAR { $$ = build_leaf(p, N_VAR, @1); }
|	MAP { $$ = build_map(p, @1, LIST, false, @$); }
|	KEYED_MAP '[' keys ']' { $$ = build_map(p, @1, $3, true, @$); }
|	IDENT '(' opt_args ')' { $$ = build_call(p, @1, $3, @$); }
|	OFFSETOF '(' type ',' path ')' { $$ = build_offsetof(p, $3, $5, @$); }
|	OFFSETOF '(' expr ',' path ')' { $$ = build_offsetof(p, $3, $5, @$); }
|	'(' expr ')' { $$ = $2; }
|	'(' expr ',' ')' { $$ = build_tuple(p, $2, LIST, @$); }
|	'(' expr ',' exprs ')' { $$ = build_tuple(p, $2, $4, @$); }
|	'(' expr ',' exprs ',' ')' { $$ = build_tuple(p, $2, $4, @$); }
|	'(' items ')' { $$ = build_record(p, $2, @$); }
|	'(' items ',' ')' { $$ = build_record(p, $2, @$); }
|	BRACE_VALUE stmts '}' { $$ = build_block_expr(p, $2, @$); }
|	if_value
;

/* Adjacent strings are one, so that macros can hold parts of a format. */
string:
	STRING { $$ = LEAF($1); }
|	string STRING { $$ = build_concat(p, $1, $2, @$); }
;

if_value:
	IF_VALUE comptime expr arm ELSE else_value { $$ = build_if(p, $2, $3, $4, $6, @$); }
;

else_value:
	arm
|	IF comptime expr arm ELSE else_value { $$ = build_if(p, $2, $3, $4, $6, @$); }
;

arm:
	'{' stmts '}' { $$ = build_block_expr(p, $2, @$); }
;

items:
	item { $$ = list_add(LIST, $1); }
|	items ',' item { $$ = list_add($1, $3); }
;

item:
	IDENT '=' expr { $$ = build_item(p, @1, $3, @$); }
;

exprs:
	expr { $$ = list_add(LIST, $1); }
|	exprs ',' expr { $$ = list_add($1, $3); }
;

keys:
	exprs
|	exprs ',' { $$ = $1; }
;

opt_args:
	%empty { $$ = LIST; }
|	args
|	args ',' { $$ = $1; }
;

args:
	expr { $$ = list_add(LIST, $1); }
|	type { $$ = list_add(LIST, $1); }
|	args ',' expr { $$ = list_add($1, $3); }
|	args ',' type { $$ = list_add($1, $3); }
;

/* ---- types; feed.c finds those without typeof ---- */

type:
	TYPE { $$ = LEAF($1); }
|	typeof
;

typeof_word:
	TYPEOF '(' expr ')' { $$ = build_typeof(p, $3, @$); }
|	TYPEOF '(' type ')' { $$ = build_typeof(p, $3, @$); }
;

typeof:
	typeof_word
|	typeof '*' { $$ = build_pointer(p, $1, @$); }
|	typeof '[' NUMBER ']' { $$ = build_array(p, $1, $3, @$); }
;

path:
	IDENT { $$ = list_add(LIST, build_leaf(p, N_IDENT, @1)); }
|	path '.' IDENT { $$ = list_add($1, build_leaf(p, N_IDENT, @3)); }
|	path '[' NUMBER ']' { $$ = list_add($1, LEAF($3)); }
;

%%

static int token_of(yysymbol_kind_t symbol)
{
	for (int token = 0; token <= YYMAXUTOK; token++)
		if (YYTRANSLATE(token) == symbol)
			return token;
	return -1;
}

static int yyreport_syntax_error(const yypcontext_t *ctx, struct parser *p)
{
	yysymbol_kind_t symbols[YYNTOKENS];
	int tokens[YYNTOKENS];
	int n = 0;

	if (p->errors.n < PARSER_MAX_ERRORS)
		n = yypcontext_expected_tokens(ctx, symbols, YYNTOKENS);
	for (int i = 0; i < n; i++)
		tokens[i] = token_of(symbols[i]);
	syntax_report(p, tokens, n);
	feed_recover(p);
	return 0;
}
