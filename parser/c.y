/*
 * Grammar of BPF C: C99 and the extensions that kernel code uses, with BCC's
 * macros for maps and probes as declarations of their own. The tokens come
 * from parser/c/tokens.c, which tells names of types from other names.
 */
%require "3.8"
%define api.pure full
%define api.prefix {c_yy_}
%define api.token.prefix {C_}
%define api.location.type {struct c_place}
%define parse.error custom
%define parse.lac full
%locations
%param {struct c_parser *p}

%code requires {
#include "parser/c/parse.h"
}

%code {
#define YYLLOC_DEFAULT(current, rhs, n)                                                            \
	do {                                                                                       \
		if (n) {                                                                           \
			(current) = YYRHSLOC(rhs, 1);                                              \
			(current).loc = loc_join(YYRHSLOC(rhs, 1).loc, YYRHSLOC(rhs, n).loc);      \
		} else {                                                                           \
			(current) = YYRHSLOC(rhs, 0);                                              \
			(current).loc.offset += (current).loc.length;                              \
			(current).loc.length = 0;                                                  \
		}                                                                                  \
	} while (0)
#define YYMAXDEPTH 4000

static int c_yy_lex(YYSTYPE *value, struct c_place *place, struct c_parser *p)
{
	return c_token(p, &value->node, place);
}

/* Only when the parser's stack is full. */
static void c_yy_error(struct c_place *place, struct c_parser *p, const char *message)
{
	(void)message;
	diag_error(&p->c->diags, TOO_DEEP, place->loc, "nested too deep");
}

#define NO_LIST ((struct c_list){ NULL, NULL })
#define ONE(n) c_list_add(NO_LIST, n)
}

%union {
	struct node *node;
	struct c_list list;
	enum op op;
}

%token <node> IDENT "a name" TYPE_NAME "a type" NUMBER "a number" STRING "a string"
%token <node> WORD "a C type" STORAGE QUAL ATTR TAG "struct" MAP_MACRO "a map" PROBE_MACRO "a probe"
%token <node> UNROLL "#pragma unroll"
%token IF "if" ELSE "else" WHILE "while" DO "do" FOR "for" SWITCH "switch" CASE "case"
%token DEFAULT "default" BREAK "break" CONTINUE "continue" GOTO "goto" RETURN "return"
%token SIZEOF "sizeof" ALIGNOF "alignof" OFFSETOF "offsetof" TYPEOF "typeof" ASM "asm"
%token STATIC_ASSERT "_Static_assert" ENUM "enum"
%token ELLIPSIS "..." ARROW "->" INC "++" DEC "--" SHL "<<" SHR ">>" LE "<=" GE ">=" EQ "=="
%token NE "!=" LAND "&&" LOR "||" ADD_EQ "+=" SUB_EQ "-=" MUL_EQ "*=" DIV_EQ "/=" MOD_EQ "%="
%token AND_EQ "&=" OR_EQ "|=" XOR_EQ "^=" SHL_EQ "<<=" SHR_EQ ">>="
%token BAD

%right '?' ':'
%left LOR
%left LAND
%left '|'
%left '^'
%left '&'
%left EQ NE
%left '<' '>' LE GE
%left SHL SHR
%left '+' '-'
%left '*' '/' '%'
%nonassoc THEN
%nonassoc ELSE

%type <node> external function probe map_declaration declaration static_assert
%type <node> specs spec_part tag_spec enumerator declarator direct abstract opt_abstract
%type <node> direct_abstract init_declarator member_declarator type_name param name opt_attr
%type <node> initializer item compound statement expr assign conditional binary cast unary postfix
%type <node> primary opt_expr for_init arg asm_operand asm_template constant pointer attr_list
%type <node> any_name opt_any_name
%type <list> externals opt_declarators declarators members member member_declarators enumerators
%type <list> params param_list opt_params items path designator block_items block_item args
%type <list> opt_args pointers asm_operands opt_asm_operands asm_rest
%type <op> assign_op

%%

unit:
	externals { p->unit->cunit.items = $1.head; }
;

externals:
	%empty { $$ = NO_LIST; }
|	externals external { $$ = $2 ? c_list_add($1, $2) : $1; }
;

external:
	function
|	probe
|	map_declaration
|	declaration
|	static_assert
|	ASM '(' asm_template ')' ';' { $$ = NULL; }
|	';' { $$ = NULL; }
|	error ';' { $$ = NULL; yyerrok; }
|	error '}' { $$ = NULL; yyerrok; }
;

function:
	specs declarator {
		c_declare(p, $2, false);
		p->in_typedef = false;
		c_scope_push(p);
		for (struct node *i = c_params_of($2); i; i = i->next)
			c_declare(p, i, false);
	} compound {
		c_scope_pop(p);
		$$ = c_func_node(p, $1, $2, $4, @$);
	}
|	declarator {
		c_declare(p, $1, false);
		c_scope_push(p);
		for (struct node *i = c_params_of($1); i; i = i->next)
			c_declare(p, i, false);
	} compound {
		c_scope_pop(p);
		$$ = c_func_node(p, NULL, $1, $3, @$);
	}
;

probe:
	PROBE_MACRO opt_params ')' {
		c_scope_push(p);
		for (struct node *i = $2.head; i; i = i->next)
			c_declare(p, i, false);
	} compound {
		c_scope_pop(p);
		$$ = $1;
		$$->loc = @$.loc;
		$$->cfunc.decl = c_node(p, N_CDECL, @1);
		$$->cfunc.decl->cdecl.derive = c_derive(p, CD_FUNCTION, NULL, @1);
		$$->cfunc.decl->cdecl.derive->cderive.params = $2.head;
		$$->cfunc.body = $5;
	}
;

opt_params:
	%empty { $$ = NO_LIST; }
|	',' param_list { $$ = $2; }
;

map_declaration:
	MAP_MACRO '(' opt_args ')' {
		$$ = $1;
		$$->loc = @$.loc;
		$$->cmapdecl.args = $3.head;
	}
;

static_assert:
	STATIC_ASSERT '(' constant ')' ';' { $$ = c_wrap(p, N_CASSERT, $3, @$); }
|	STATIC_ASSERT '(' constant ',' STRING ')' ';' { $$ = c_wrap(p, N_CASSERT, $3, @$); }
;

declaration:
	specs opt_declarators ';' {
		$$ = c_declaration(p, $1, $2, @$);
		p->in_typedef = false;
	}
;

opt_declarators:
	%empty { $$ = NO_LIST; }
|	declarators
;

declarators:
	init_declarator { $$ = ONE($1); }
|	declarators ',' init_declarator { $$ = c_list_add($1, $3); }
;

init_declarator:
	declarator opt_attr {
		c_declare(p, $1, p->in_typedef);
		$$ = $1;
		$$->cdecl.attr = $2;
	}
|	declarator opt_attr '=' { c_declare(p, $1, p->in_typedef); } initializer {
		$$ = $1;
		$$->cdecl.attr = $2;
		$$->cdecl.init = $5;
	}
;

opt_attr:
	%empty { $$ = NULL; }
|	attr_list
;

attr_list:
	ATTR
|	attr_list ATTR { $$ = c_spec_merge(p, $1, $2, @$); }
|	ASM '(' STRING ')' { $$ = c_node(p, N_CSPEC, @$); }
;

specs:
	spec_part
|	specs spec_part { $$ = c_spec_merge(p, $1, $2, @$); }
;

spec_part:
	WORD
|	STORAGE {
		if ($1->cspec.flags & CF_TYPEDEF)
			p->in_typedef = true;
	}
|	QUAL
|	ATTR
|	TYPE_NAME
|	tag_spec
|	TYPEOF '(' expr ')' {
		$$ = c_node(p, N_CSPEC, @$);
		$$->cspec.flags = CF_TYPEOF;
		$$->cspec.of = $3;
	}
|	TYPEOF '(' type_name ')' {
		$$ = c_node(p, N_CSPEC, @$);
		$$->cspec.flags = CF_TYPEOF;
		$$->cspec.of = $3;
	}
;

tag_spec:
	TAG opt_attr any_name { $$ = c_spec_tag(p, $1, $2, $3, false, NO_LIST, @$); }
|	TAG opt_attr opt_any_name '{' members '}' {
		$$ = c_spec_tag(p, $1, $2, $3, true, $5, @$);
	}
|	ENUM opt_attr any_name { $$ = c_spec_tag(p, NULL, $2, $3, false, NO_LIST, @$); }
|	ENUM opt_attr opt_any_name '{' enumerators '}' {
		$$ = c_spec_tag(p, NULL, $2, $3, true, $5, @$);
	}
|	ENUM opt_attr opt_any_name '{' enumerators ',' '}' {
		$$ = c_spec_tag(p, NULL, $2, $3, true, $5, @$);
	}
;

any_name:
	IDENT
|	TYPE_NAME
;

opt_any_name:
	%empty { $$ = NULL; }
|	any_name
;

members:
	%empty { $$ = NO_LIST; }
|	members member { $$ = c_list_join($1, $2); }
;

member:
	specs ';' { $$ = ONE(c_declaration(p, $1, NO_LIST, @$)); }
|	specs member_declarators ';' { $$ = ONE(c_declaration(p, $1, $2, @$)); }
|	static_assert { $$ = NO_LIST; }
|	';' { $$ = NO_LIST; }
|	error ';' { $$ = NO_LIST; yyerrok; }
;

member_declarators:
	member_declarator { $$ = ONE($1); }
|	member_declarators ',' member_declarator { $$ = c_list_add($1, $3); }
;

member_declarator:
	declarator opt_attr {
		$$ = $1;
		$$->cdecl.attr = $2;
	}
|	declarator ':' constant opt_attr {
		$$ = c_member(p, $1, $3, @$);
		$$->cdecl.attr = $4;
	}
|	':' constant { $$ = c_member(p, NULL, $2, @$); }
;

enumerators:
	enumerator { $$ = ONE($1); }
|	enumerators ',' enumerator { $$ = c_list_add($1, $3); }
;

enumerator:
	name {
		$$ = c_node(p, N_CENUMERATOR, @$);
		$$->cenumerator.name = $1->ident.name;
		c_declare_name(p, $1->ident.name, false);
	}
|	name '=' constant {
		$$ = c_node(p, N_CENUMERATOR, @$);
		$$->cenumerator.name = $1->ident.name;
		$$->cenumerator.value = $3;
		c_declare_name(p, $1->ident.name, false);
	}
;

name:
	IDENT
;

/* ---- declarators ---- */

declarator:
	direct
|	pointers direct { $$ = c_pointers(p, $1, $2); }
;

direct:
	IDENT { $$ = c_declarator(p, $1, @$); }
|	'(' declarator ')' { $$ = $2; }
|	direct '[' ']' {
		$$ = $1;
		c_derive(p, CD_ARRAY, $$, @$);
	}
|	direct '[' constant ']' {
		$$ = $1;
		c_derive(p, CD_ARRAY, $$, @$)->cderive.count = $3;
	}
|	direct '(' params ')' {
		$$ = $1;
		c_derive(p, CD_FUNCTION, $$, @$)->cderive.params = $3.head;
	}
;

pointers:
	pointer { $$ = ONE($1); }
|	pointers pointer { $$ = c_list_add($1, $2); }
;

pointer:
	'*' { $$ = c_derive(p, CD_POINTER, NULL, @$); }
|	pointer QUAL {
		$$ = $1;
		$$->cderive.user |= ($2->cspec.flags & CF_USER) != 0;
	}
;

params:
	%empty { $$ = NO_LIST; }
|	param_list
|	param_list ',' ELLIPSIS { $$ = $1; }
;

param_list:
	param { $$ = ONE($1); }
|	param_list ',' param { $$ = c_list_add($1, $3); }
;

param:
	specs declarator opt_attr { $$ = c_param(p, $1, $2, @$); }
|	specs opt_abstract { $$ = c_param(p, $1, $2, @$); }
;

type_name:
	specs opt_abstract { $$ = c_type_name(p, $1, $2, @$); }
;

opt_abstract:
	%empty { $$ = NULL; }
|	abstract
;

abstract:
	pointers { $$ = c_pointers(p, $1, c_declarator(p, NULL, @$)); }
|	direct_abstract
|	pointers direct_abstract { $$ = c_pointers(p, $1, $2); }
;

direct_abstract:
	'(' abstract ')' { $$ = $2; }
|	'[' ']' {
		$$ = c_declarator(p, NULL, @$);
		c_derive(p, CD_ARRAY, $$, @$);
	}
|	'[' constant ']' {
		$$ = c_declarator(p, NULL, @$);
		c_derive(p, CD_ARRAY, $$, @$)->cderive.count = $2;
	}
|	direct_abstract '[' ']' {
		$$ = $1;
		c_derive(p, CD_ARRAY, $$, @$);
	}
|	direct_abstract '[' constant ']' {
		$$ = $1;
		c_derive(p, CD_ARRAY, $$, @$)->cderive.count = $3;
	}
|	'(' params ')' {
		$$ = c_declarator(p, NULL, @$);
		c_derive(p, CD_FUNCTION, $$, @$)->cderive.params = $2.head;
	}
|	direct_abstract '(' params ')' {
		$$ = $1;
		c_derive(p, CD_FUNCTION, $$, @$)->cderive.params = $3.head;
	}
;

/* ---- initialisers ---- */

initializer:
	assign
|	'{' '}' { $$ = c_node(p, N_CINIT, @$); }
|	'{' items '}' {
		$$ = c_node(p, N_CINIT, @$);
		$$->cinit.items = $2.head;
	}
|	'{' items ',' '}' {
		$$ = c_node(p, N_CINIT, @$);
		$$->cinit.items = $2.head;
	}
;

items:
	item { $$ = ONE($1); }
|	items ',' item { $$ = c_list_add($1, $3); }
;

item:
	initializer {
		$$ = c_node(p, N_CITEM, @$);
		$$->citem.value = $1;
	}
|	path '=' initializer {
		$$ = c_node(p, N_CITEM, @$);
		$$->citem.path = $1.head;
		$$->citem.value = $3;
	}
|	IDENT ':' initializer {
		$$ = c_node(p, N_CITEM, @$);
		$$->citem.path = $1;
		$$->citem.value = $3;
	}
;

path:
	designator
|	path designator { $$ = c_list_join($1, $2); }
;

designator:
	'.' IDENT { $$ = ONE($2); }
|	'[' constant ']' { $$ = ONE(c_index(p, NULL, $2, @$)); }
|	'[' constant ELLIPSIS constant ']' {
		struct node *n = c_index(p, $4, $2, @$);

		$$ = ONE(n);
	}
;

/* ---- statements ---- */

compound:
	'{' { c_scope_push(p); } block_items '}' {
		c_scope_pop(p);
		$$ = c_block(p, $3, @$);
	}
;

block_items:
	%empty { $$ = NO_LIST; }
|	block_items block_item { $$ = c_list_join($1, $2); }
;

block_item:
	declaration { $$ = ONE($1); }
|	statement { $$ = ONE($1); }
|	static_assert { $$ = ONE($1); }
|	CASE constant ':' {
		$$ = ONE(c_node(p, N_CCASE, @$));
		$$.head->ccase.from = $2;
	}
|	CASE constant ELLIPSIS constant ':' {
		$$ = ONE(c_node(p, N_CCASE, @$));
		$$.head->ccase.from = $2;
		$$.head->ccase.to = $4;
	}
|	DEFAULT ':' {
		$$ = ONE(c_node(p, N_CCASE, @$));
		$$.head->ccase.is_default = true;
	}
|	IDENT ':' {
		$$ = ONE(c_node(p, N_CLABEL, @1));
		$$.head->clabel.name = $1->ident.name;
	}
;

statement:
	compound
|	';' { $$ = c_node(p, N_CEMPTY, @$); }
|	expr ';' { $$ = c_wrap(p, N_EXPR, $1, @1); }
|	IF '(' expr ')' statement %prec THEN { $$ = c_if(p, $3, $5, NULL, @$); }
|	IF '(' expr ')' statement ELSE statement { $$ = c_if(p, $3, $5, $7, @$); }
|	SWITCH '(' expr ')' statement {
		$$ = c_node(p, N_CSWITCH, @$);
		$$->cswitch.value = $3;
		$$->cswitch.body = $5;
	}
|	WHILE '(' expr ')' statement {
		$$ = c_loop_node(p, CL_WHILE, NULL, $3, NULL, $5, @$);
	}
|	DO statement WHILE '(' expr ')' ';' {
		$$ = c_loop_node(p, CL_DO, NULL, $5, NULL, $2, @$);
	}
|	FOR '(' { c_scope_push(p); } for_init opt_expr ';' opt_expr ')' statement {
		c_scope_pop(p);
		$$ = c_loop_node(p, CL_FOR, $4, $5, $7, $9, @$);
	}
|	UNROLL statement {
		$$ = $2;
		if ($$->kind == N_CLOOP)
			$$->cloop.unroll = $1->num.value ? (int)($1->num.value & 0xffff) : -1;
	}
|	GOTO IDENT ';' {
		$$ = c_node(p, N_CGOTO, @$);
		$$->clabel.name = $2->ident.name;
	}
|	CONTINUE ';' { $$ = c_node(p, N_CCONTINUE, @$); }
|	BREAK ';' { $$ = c_node(p, N_CBREAK, @$); }
|	RETURN opt_expr ';' { $$ = c_wrap(p, N_RETURN, $2, @$); }
|	ASM asm_quals '(' asm_template asm_rest ')' ';' {
		$$ = $4;
		$$->loc = @$.loc;
		$$->casm.outputs = $5.head;
		/* the outputs end at an empty node */
		for (struct node *i = $5.head, *last = NULL; i; last = i, i = i->next) {
			if (i->kind != N_CEMPTY)
				continue;
			$$->casm.inputs = i->next;
			if (last)
				last->next = NULL;
			else
				$$->casm.outputs = NULL;
			break;
		}
	}
|	error ';' {
		$$ = c_node(p, N_CEMPTY, @$);
		yyerrok;
	}
;

for_init:
	opt_expr ';' { $$ = $1 ? c_wrap(p, N_EXPR, $1, @1) : NULL; }
|	declaration
;

opt_expr:
	%empty { $$ = NULL; }
|	expr
;

asm_quals:
	%empty
|	asm_quals QUAL
;

asm_template:
	STRING {
		$$ = c_node(p, N_CASM, @$);
		$$->casm.text = $1->str.text;
	}
;

asm_rest:
	%empty { $$ = NO_LIST; }
|	':' opt_asm_operands { $$ = $2; }
|	':' opt_asm_operands ':' opt_asm_operands {
		$$ = c_list_join(c_list_add($2, c_node(p, N_CEMPTY, @3)), $4);
	}
|	':' opt_asm_operands ':' opt_asm_operands ':' clobbers {
		$$ = c_list_join(c_list_add($2, c_node(p, N_CEMPTY, @3)), $4);
	}
;

clobbers:
	%empty
|	STRING
|	clobbers ',' STRING
;

opt_asm_operands:
	%empty { $$ = NO_LIST; }
|	asm_operands
;

asm_operands:
	asm_operand { $$ = ONE($1); }
|	asm_operands ',' asm_operand { $$ = c_list_add($1, $3); }
;

asm_operand:
	STRING '(' expr ')' {
		$$ = c_node(p, N_CITEM, @$);
		$$->citem.path = $1;
		$$->citem.value = $3;
	}
|	'[' IDENT ']' STRING '(' expr ')' {
		$$ = c_node(p, N_CITEM, @$);
		$$->citem.path = $4;
		$$->citem.value = $6;
	}
;

/* ---- expressions ---- */

expr:
	assign
|	expr ',' assign {
		$$ = c_node(p, N_CCOMMA, @$);
		$$->binary.left = $1;
		$$->binary.right = $3;
	}
;

assign:
	conditional
|	unary assign_op assign { $$ = c_assign(p, $2, $1, $3, @2, @$); }
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

constant:
	conditional
;

conditional:
	binary
|	binary '?' expr ':' conditional { $$ = c_ternary(p, $1, $3, $5, @$); }
|	binary '?' ':' conditional { $$ = c_ternary(p, $1, NULL, $4, @$); }
;

binary:
	cast
|	binary LOR binary { $$ = c_binary(p, OP_LOR, $1, $3, @2, @$); }
|	binary LAND binary { $$ = c_binary(p, OP_LAND, $1, $3, @2, @$); }
|	binary '|' binary { $$ = c_binary(p, OP_BOR, $1, $3, @2, @$); }
|	binary '^' binary { $$ = c_binary(p, OP_XOR, $1, $3, @2, @$); }
|	binary '&' binary { $$ = c_binary(p, OP_BAND, $1, $3, @2, @$); }
|	binary EQ binary { $$ = c_binary(p, OP_EQ, $1, $3, @2, @$); }
|	binary NE binary { $$ = c_binary(p, OP_NE, $1, $3, @2, @$); }
|	binary '<' binary { $$ = c_binary(p, OP_LT, $1, $3, @2, @$); }
|	binary '>' binary { $$ = c_binary(p, OP_GT, $1, $3, @2, @$); }
|	binary LE binary { $$ = c_binary(p, OP_LE, $1, $3, @2, @$); }
|	binary GE binary { $$ = c_binary(p, OP_GE, $1, $3, @2, @$); }
|	binary SHL binary { $$ = c_binary(p, OP_SHL, $1, $3, @2, @$); }
|	binary SHR binary { $$ = c_binary(p, OP_SHR, $1, $3, @2, @$); }
|	binary '+' binary { $$ = c_binary(p, OP_ADD, $1, $3, @2, @$); }
|	binary '-' binary { $$ = c_binary(p, OP_SUB, $1, $3, @2, @$); }
|	binary '*' binary { $$ = c_binary(p, OP_MUL, $1, $3, @2, @$); }
|	binary '/' binary { $$ = c_binary(p, OP_DIV, $1, $3, @2, @$); }
|	binary '%' binary { $$ = c_binary(p, OP_MOD, $1, $3, @2, @$); }
;

cast:
	unary
|	'(' type_name ')' cast { $$ = c_cast(p, $2, $4, @$); }
;

unary:
	postfix
|	INC unary { $$ = c_incdec(p, OP_INC, true, $2, @$); }
|	DEC unary { $$ = c_incdec(p, OP_DEC, true, $2, @$); }
|	'&' cast { $$ = c_unary(p, OP_ADDR, $2, @$); }
|	'*' cast { $$ = c_unary(p, OP_DEREF, $2, @$); }
|	'+' cast { $$ = c_unary(p, OP_NONE, $2, @$); }
|	'-' cast { $$ = c_unary(p, OP_NEG, $2, @$); }
|	'~' cast { $$ = c_unary(p, OP_BNOT, $2, @$); }
|	'!' cast { $$ = c_unary(p, OP_NOT, $2, @$); }
|	SIZEOF unary { $$ = c_wrap(p, N_SIZEOF, $2, @$); }
|	SIZEOF '(' type_name ')' { $$ = c_wrap(p, N_SIZEOF, $3, @$); }
|	ALIGNOF '(' type_name ')' {
		$$ = c_node(p, N_COFFSETOF, @$);
		$$->coffsetof.to = $3;
	}
;

postfix:
	primary
|	postfix '[' expr ']' { $$ = c_index(p, $1, $3, @$); }
|	postfix '(' opt_args ')' { $$ = c_call(p, $1, $3, @$); }
|	postfix '.' IDENT { $$ = c_field(p, $1, $3, false, @$); }
|	postfix ARROW IDENT { $$ = c_field(p, $1, $3, true, @$); }
|	postfix INC { $$ = c_incdec(p, OP_INC, false, $1, @$); }
|	postfix DEC { $$ = c_incdec(p, OP_DEC, false, $1, @$); }
|	'(' type_name ')' '{' items '}' {
		$$ = c_node(p, N_CLITERAL, @$);
		$$->cliteral.to = $2;
		$$->cliteral.init = c_node(p, N_CINIT, @4);
		$$->cliteral.init->cinit.items = $5.head;
	}
|	'(' type_name ')' '{' items ',' '}' {
		$$ = c_node(p, N_CLITERAL, @$);
		$$->cliteral.to = $2;
		$$->cliteral.init = c_node(p, N_CINIT, @4);
		$$->cliteral.init->cinit.items = $5.head;
	}
|	'(' type_name ')' '{' '}' {
		$$ = c_node(p, N_CLITERAL, @$);
		$$->cliteral.to = $2;
		$$->cliteral.init = c_node(p, N_CINIT, @4);
	}
;

primary:
	IDENT
|	NUMBER
|	STRING
|	'(' expr ')' { $$ = $2; }
|	'(' compound ')' {
		$$ = c_node(p, N_CSTMTEXPR, @$);
		$$->block.stmts = $2->block.stmts;
	}
|	OFFSETOF '(' type_name ',' postfix ')' {
		$$ = c_node(p, N_COFFSETOF, @$);
		$$->coffsetof.to = $3;
		$$->coffsetof.path = $5;
	}
;

opt_args:
	%empty { $$ = NO_LIST; }
|	args
;

args:
	arg { $$ = ONE($1); }
|	args ',' arg { $$ = c_list_add($1, $3); }
;

arg:
	assign
|	type_name
;

%%

static int yyreport_syntax_error(const yypcontext_t *ctx, struct c_parser *p)
{
	yysymbol_kind_t kinds[YYNTOKENS];
	const char *names[YYNTOKENS];
	struct c_place *place = yypcontext_location(ctx);
	int n = yypcontext_expected_tokens(ctx, kinds, YYNTOKENS);

	for (int i = 0; i < n; i++)
		names[i] = yysymbol_name(kinds[i]);
	c_syntax_error(p, *place, names, n);
	return 0;
}
