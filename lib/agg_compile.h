/*
 * What the compile halves of the aggregations share. An aggregation's value is
 * an array of 64-bit words in a per-CPU map; only the CPU that owns it writes.
 */
#ifndef LIB_AGG_COMPILE_H
#define LIB_AGG_COMPILE_H

#include "codegen/lower.h"
#include "parser/check/check.h"

/* The address of word i of the value at ptr. */
ir_val agg_at(struct lower *l, ir_val ptr, unsigned i);
/* The aggregation's operand (its first argument), extended to 64 bits by its type. */
ir_val agg_operand(struct lower *l, const struct node *call);
/* *ptr += v */
void agg_add(struct lower *l, ir_val ptr, ir_val v);
/* min() and max(): word 0 becomes the operand when it is the first or cmp holds for it. */
void agg_keep(struct lower *l, const struct node *call, ir_val ptr, enum ir_cmp as_signed,
	      enum ir_cmp as_unsigned);
/* For reading in an expression: acc[i] += value[i]; the merge of min and max; word 0. */
void agg_read_add(struct lower *l, const struct type *t, ir_val acc, ir_val value);
void agg_read_keep(struct lower *l, const struct type *t, ir_val acc, ir_val value,
		   enum ir_cmp as_signed, enum ir_cmp as_unsigned);
ir_val agg_read_word(struct lower *l, const struct type *t, ir_val acc);
/* Argument i as a constant; fallback when it is absent, or is none (which was reported). */
int64_t agg_constant(struct check *k, struct node *call, unsigned i, int64_t fallback);

#endif
