/*
 * The code generator's view of LLVM: a small facade so that only codegen/llvm/
 * includes llvm-c. Integers in registers are always i64, extended by their
 * type; i1 exists only between a comparison and its branch or select. Pointers
 * to stack, map values, ring buffer and context are LLVM pointers; kernel and
 * user addresses are plain i64.
 */
#ifndef CODEGEN_IR_H
#define CODEGEN_IR_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/diag.h"
#include "base/manifest.h"

#define IR_VERSION "LLVM 19" /* shown by --info */

typedef struct ir_value_ *ir_val;
typedef struct ir_block_ *ir_block;
struct ir;

/* One module. Diagnostics of LLVM become bcct diagnostics in d. */
struct ir *ir_new(struct arena *a, struct diags *d);
void ir_free(struct ir *ir);
/* Has the module checked before it is optimised: for dumps; all are in a sanitizer build. */
void ir_verify(struct ir *ir);
/* Of the programs, as the kernel wants it; "GPL" without a call. */
void ir_license(struct ir *ir, const char *text);
/*
 * What to do when LLVM cannot go on (out of memory, a defect of its own): call
 * must not return; without one the process exits with status 70. Per thread.
 */
void ir_on_fatal(void (*call)(void *user, const char *text), void *user);

/*
 * Programs. line: 1-based index into manifest.lines for debug locations of the
 * instructions built from now on (becomes BTF line info).
 */
void ir_function_begin(struct ir *ir, const char *symbol, const char *section);
void ir_function_end(struct ir *ir); /* adds `return 0` where control falls off */
ir_val ir_ctx(struct ir *ir);        /* the context pointer */
void ir_line(struct ir *ir, unsigned line);
/* Where lines are: for LLVM's diagnostics. */
void ir_lines(struct ir *ir, const struct manifest *m);
void ir_return_value(struct ir *ir, ir_val v); /* an i64, cut to what the kernel takes */
void ir_return(struct ir *ir, uint64_t value); /* continues in a new, unreachable block */

/* A BTF-defined map in .maps; inner: describe an array-of-maps whose inner map looks like m. */
void ir_map(struct ir *ir, const struct map_info *m);
ir_val ir_map_ptr(struct ir *ir, const char *symbol); /* for helper calls */

/* Constants. */
ir_val ir_const(struct ir *ir, uint64_t v);
ir_val ir_null(struct ir *ir); /* null pointer */
bool ir_is_ptr(struct ir *ir, ir_val v);
bool ir_const_value(struct ir *ir, ir_val v, uint64_t *out); /* false: not a constant integer */

/* Integer arithmetic on i64. */
enum ir_op {
	IR_ADD, IR_SUB, IR_MUL, IR_UDIV, IR_SDIV, IR_UREM, IR_SREM,
	IR_AND, IR_OR, IR_XOR, IR_SHL, IR_LSHR, IR_ASHR,
};
ir_val ir_bin(struct ir *ir, enum ir_op op, ir_val a, ir_val b);
enum ir_cmp {
	IR_EQ, IR_NE, IR_ULT, IR_ULE, IR_UGT, IR_UGE, IR_SLT, IR_SLE, IR_SGT, IR_SGE,
};
ir_val ir_icmp(struct ir *ir, enum ir_cmp op, ir_val a, ir_val b); /* i1; also on pointers */
ir_val ir_select(struct ir *ir, ir_val cond, ir_val a, ir_val b);
ir_val ir_bool(struct ir *ir, ir_val i1);  /* i1 -> i64 0/1 */
ir_val ir_truth(struct ir *ir, ir_val v);  /* i64 or ptr != 0 -> i1 */
/* Truncates to size bytes and extends back to i64. */
ir_val ir_ext(struct ir *ir, ir_val v, uint32_t size, bool is_signed);

/* Memory. */
ir_val ir_alloca(struct ir *ir, uint32_t size, uint32_t align); /* in the entry block */
ir_val ir_offset(struct ir *ir, ir_val ptr, uint64_t bytes);    /* constant offset */
ir_val ir_offset_v(struct ir *ir, ir_val ptr, ir_val bytes);
ir_val ir_load(struct ir *ir, ir_val ptr, uint32_t size, bool is_signed); /* -> i64 */
ir_val ir_load_ptr(struct ir *ir, ir_val ptr);
void ir_store(struct ir *ir, ir_val ptr, ir_val v, uint32_t size);
/* A field of the context; the back end is kept from folding it. */
ir_val ir_load_ctx(struct ir *ir, uint64_t offset, uint32_t size, bool is_signed);
/* Small copies and fills are inlined; any size is fine (long ones become chunks). */
void ir_zero(struct ir *ir, ir_val ptr, uint32_t size);
void ir_copy(struct ir *ir, ir_val dst, ir_val src, uint32_t size);
/* Stores constant bytes, zero-padded to size. */
void ir_store_bytes(struct ir *ir, ir_val dst, const void *bytes, uint32_t len, uint32_t size);
ir_val ir_atomic_add_size(struct ir *ir, ir_val ptr, ir_val v, uint32_t size); /* 4 or 8 */
ir_val ir_atomic_add(struct ir *ir, ir_val ptr, ir_val v); /* 8 bytes; the old value */
/* *ptr = *ptr op v, op AND, OR, XOR; of 4 or 8 bytes, as the next two; the old value. */
ir_val ir_atomic_bits(struct ir *ir, enum ir_op op, ir_val ptr, ir_val v, uint32_t size);
ir_val ir_atomic_swap(struct ir *ir, ir_val ptr, ir_val v, uint32_t size);
/* if (*ptr == expected) *ptr = v; */
ir_val ir_atomic_swap_if(struct ir *ir, ir_val ptr, ir_val expected, ir_val v, uint32_t size);
ir_val ir_ptr_to_int(struct ir *ir, ir_val ptr);
/* A variable of the whole object: size bytes that begin as data. */
ir_val ir_global(struct ir *ir, const void *data, uint32_t size, uint32_t align, bool constant);
/* Keeps the optimiser from knowing anything about v (for verifier-friendly bounds). */
ir_val ir_opaque(struct ir *ir, ir_val v);
/* An offset on the stack that the optimiser knows nothing of: it would join bits to pointers. */
ir_val ir_index(struct ir *ir, ir_val v);
/* The program tests a pointer into a ring again: one of the tests is taken away. */
void ir_reserves(struct ir *ir);
/* A condition that the optimiser does not join with others; the back end sees through it. */
ir_val ir_apart(struct ir *ir, ir_val i1);
ir_val ir_bswap(struct ir *ir, ir_val v, uint32_t size);

/* Control flow. */
ir_block ir_block_new(struct ir *ir, const char *name);
void ir_br(struct ir *ir, ir_block to);
void ir_cond(struct ir *ir, ir_val i1, ir_block yes, ir_block no);
/*
 * The jump back to the head of a loop. count > 0: unroll it so many times, < 0: wholly,
 * 0: when it is short and its count known, as C compilers do.
 */
void ir_again(struct ir *ir, ir_block head, int count);
void ir_cond_unlikely(struct ir *ir, ir_val i1, ir_block unlikely, ir_block likely);
void ir_at(struct ir *ir, ir_block b); /* continue building here */
ir_block ir_here(struct ir *ir);
/* Two-way phi of i64 or ptr. */
ir_val ir_phi(struct ir *ir, ir_val a, ir_block from_a, ir_val b, ir_block from_b);

/* BPF helpers by number (bpf_func_id of <linux/bpf.h>); up to 5 arguments; returns i64. */
ir_val ir_helper(struct ir *ir, int id, unsigned n, const ir_val *args);
ir_val ir_helper_ptr(struct ir *ir, int id, unsigned n, const ir_val *args); /* returns ptr */
#define IR_CALL(ir, id, ...)                                                                       \
	ir_helper(ir, id, sizeof((ir_val[]){__VA_ARGS__}) / sizeof(ir_val), (ir_val[]){__VA_ARGS__})
#define IR_CALL_PTR(ir, id, ...)                                                                   \
	ir_helper_ptr(ir, id, sizeof((ir_val[]){__VA_ARGS__}) / sizeof(ir_val),                    \
		      (ir_val[]){__VA_ARGS__})

/*
 * Callbacks of helpers such as bpf_loop: a static function i64 f(arguments), of
 * which bit i of pointers says whether argument i is a pointer; its name is prefix and a
 * number. The function
 * under construction is set aside in *save until ir_callback_end(). In a
 * callback ir_return() returns to the helper: 0 goes on, 1 ends the loop.
 */
struct ir_saved {
	void *fn, *sp, *entry, *body, *ctx;
	ir_block here;
	bool callback;
};
ir_val ir_callback_begin(struct ir *ir, const char *prefix, unsigned nargs, unsigned pointers,
			 struct ir_saved *save);
ir_val ir_arg(struct ir *ir, unsigned i);
void ir_set_ctx(struct ir *ir, ir_val ctx); /* what ir_ctx() is in a callback */
void ir_callback_end(struct ir *ir, const struct ir_saved *save);

/* Calls such a function of one number from the program itself; what it returns is not wanted. */
void ir_call_static(struct ir *ir, ir_val fn, ir_val arg);

/* A callback for bpf_for_each_map_elem that does nothing: the helper counts. */
ir_val ir_each_callback(struct ir *ir);

/* Puts bytes into a section of the object (the manifest). */
void ir_section(struct ir *ir, const char *section, const void *data, uint32_t len);

/* Optimises; 0 or -EINVAL with diagnostics. */
int ir_optimize(struct ir *ir);
int ir_emit_object(struct ir *ir, struct buf *out);
int ir_emit_asm(struct ir *ir, struct buf *out);
void ir_emit_text(struct ir *ir, struct buf *out); /* LLVM IR as text */

#endif
