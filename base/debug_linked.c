/*
 * The libraries for debug information, linked into the program that compiles: it is
 * one file that needs nothing but the C library. The runner, which is to stay small,
 * and libbcct open them on demand; see base/debug_libs.c.
 */
#include "base/debug_libs.h"

extern const struct debug_libs debug_libs_linked;
extern __typeof__(lzma_stream_buffer_decode) *const debug_unpack_linked;

const struct debug_libs debug_libs_linked = {
#define X(f) .f = f,
	LIBDW_FUNCTIONS(X)
#undef X
};

__typeof__(lzma_stream_buffer_decode) *const debug_unpack_linked = lzma_stream_buffer_decode;
