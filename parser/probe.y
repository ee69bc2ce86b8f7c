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
			(current) = span(YYRHSLOC(rhs, 1), YYRHSLOC(rhs, n));                      \
		else                                                                               \
			(current) = after(YYRHSLOC(rhs, 0));                                       \
	} while (0)

static struct loc after(struct loc l)
{
	l.offset += l.length;
	l.length = 0;
	return l;
}

static struct loc span(struct loc a, struct loc b)
{
	if (!a.length)
		return b;
	if (b.length)
		a.length = b.offset + b.length - a.offset;
	return a;
}

static int probe_lex(YYSTYPE *value, struct loc *loc, struct parser *p)
{
	return feed_next(p, &value->node, loc);
}

static void probe_error(struct loc *loc, struct parser *p, const char *message)
{
	syntax_no_memory(p, *loc, message);
}

#define NONE ((struct expr){ NULL, 0 })
}

%union {
	struct node *node;
	struct expr expr;
	struct list list;
	enum op op;
}

%token SPEC "a probe" PRED_OPEN PRED_CLOSE OPEN CLOSE
%token IDENT VAR MAP KEYED_MAP TAG BAD_STRING RANGE
%token IF ELSE SIZEOF RETURN
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
%type <list> specs stmts list args opt_args exprs
%type <op> assign_op

%%

program:
	%empty
|	program clause
;

clause:
	specs predicate body { build_clause(p, $1, $2, $3, @body, @$); }
;

specs:
	SPEC { $$ = list_add((struct list){ 0 }, (struct expr){ build_spec(p, @1), 1 }); }
|	specs SPEC { $$ = list_add($1, (struct expr){ build_spec(p, @2), 1 }); }
;

predicate:
	%empty { $$ = NONE; }
|	PRED_OPEN expr PRED_CLOSE { $$ = $2; }
|	PRED_OPEN error PRED_CLOSE { $$ = NONE; yyerrok; }
;

body:
	OPEN stmts CLOSE { $$ = build_block(p, $2, @$); }
;

block:
	'{' stmts '}' { $$ = build_block(p, $2, @$); }
;

stmts:
	list
|	list simple { $$ = list_add($1, $2); }
|	list error { $$ = $1; yyerrok; }
;

list:
	%empty { $$ = (struct list){ 0 }; }
|	list ';'
|	list simple ';' { $$ = list_add($1, $2); }
|	list compound { $$ = list_add($1, $2); }
|	list error ';' { $$ = $1; yyerrok; }
;

simple:
	expr { $$ = build_statement(p, $1, @1); }
|	unary assign_op expr { $$ = build_assign(p, $1, $2, @2, $3, @$); }
|	RETURN { $$ = build_return(p, NONE, @1); }
|	RETURN expr { $$ = build_return(p, $2, @$); }
;

compound:
	block
|	if
;

if:
	IF expr block { $$ = build_if(p, $2, $3, NONE, @$); }
|	IF expr block ELSE block { $$ = build_if(p, $2, $3, $5, @$); }
|	IF expr block ELSE if { $$ = build_if(p, $2, $3, $5, @$); }
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
|	CAST unary { $$ = build_cast(p, $1, $2, @$); }
|	SIZEOF unary { $$ = build_sizeof(p, $2, @$); }
|	SIZEOF SIZEOF_TYPE { $$ = build_sizeof(p, (struct expr){ $2, 1 }, @$); }
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
	NUMBER { $$ = (struct expr){ $1, 1 }; }
|	STRING { $$ = (struct expr){ $1, 1 }; }
|	POSITIONAL { $$ = (struct expr){ $1, 1 }; }
|	IDENT { $$ = build_leaf(p, N_IDENT, @1); }
|	VAR { $$ = build_leaf(p, N_VAR, @1); }
|	MAP { $$ = build_map(p, @1, (struct list){ 0 }, false, @$); }
|	KEYED_MAP '[' exprs ']' { $$ = build_map(p, @1, $3, true, @$); }
|	IDENT '(' opt_args ')' { $$ = build_call(p, @1, $3, @$); }
|	'(' expr ')' { $$ = $2; }
|	'(' expr ',' exprs ')' { $$ = build_tuple(p, $2, $4, @$); }
;

exprs:
	expr { $$ = list_add((struct list){ 0 }, $1); }
|	exprs ',' expr { $$ = list_add($1, $3); }
;

opt_args:
	%empty { $$ = (struct list){ 0 }; }
|	args
;

args:
	expr { $$ = list_add((struct list){ 0 }, $1); }
|	TYPE { $$ = list_add((struct list){ 0 }, (struct expr){ $1, 1 }); }
|	args ',' expr { $$ = list_add($1, $3); }
|	args ',' TYPE { $$ = list_add($1, (struct expr){ $3, 1 }); }
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
