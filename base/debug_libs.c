/* libdw and liblzma on demand; see debug_libs.h. */
#include <dlfcn.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>

#include "base/debug_libs.h"

/* Of the compiler's program, which has them linked: debug_linked.c. */
extern const struct debug_libs debug_libs_linked __attribute__((weak));
extern __typeof__(lzma_stream_buffer_decode) *const debug_unpack_linked __attribute__((weak));

/* ---- libdw ---------------------------------------------------------------- */

static struct debug_libs opened;
static bool complete;
static pthread_once_t once = PTHREAD_ONCE_INIT;

/* A library cannot be closed again while somebody uses it: it is opened once for all. */
static void open_libdw(void)
{
	void *libdw = dlopen("libdw.so.1", RTLD_NOW | RTLD_LOCAL);

	complete = libdw != NULL;
#define X(f)                                                                                      \
	opened.f = complete ? (__typeof__(f) *)(uintptr_t)dlsym(libdw, #f) : NULL;                \
	complete = complete && opened.f;
	LIBDW_FUNCTIONS(X)
#undef X
}

const struct debug_libs *debug_libs(void)
{
	if (&debug_libs_linked)
		return &debug_libs_linked;
	pthread_once(&once, open_libdw);
	return complete ? &opened : NULL;
}

/* ---- liblzma -------------------------------------------------------------- */

static void *unpack(__typeof__(lzma_stream_buffer_decode) *decode, const void *data, size_t size,
		    size_t max, size_t *out)
{
	for (size_t room = size * 4; room / 4 < max; room *= 4) {
		uint64_t limit = UINT64_C(256) << 20;
		uint8_t *image = malloc(room < max ? room : max);
		size_t from = 0;
		lzma_ret r;

		if (!image)
			return NULL;
		*out = 0;
		r = decode(&limit, 0, NULL, data, &from, size, image, out,
			   room < max ? room : max);
		if (r == LZMA_OK)
			return image;
		free(image);
		if (r != LZMA_BUF_ERROR) /* that is: not enough room */
			return NULL;
	}
	return NULL;
}

void *debug_unpack(const void *data, size_t size, size_t max, size_t *out)
{
	__typeof__(lzma_stream_buffer_decode) *decode = NULL;
	void *liblzma = NULL, *image = NULL;

	if (&debug_unpack_linked)
		return unpack(debug_unpack_linked, data, size, max, out);
	liblzma = dlopen("liblzma.so.5", RTLD_NOW | RTLD_LOCAL);
	if (liblzma)
		decode = (__typeof__(decode))(uintptr_t)dlsym(liblzma, "lzma_stream_buffer_decode");
	if (decode)
		image = unpack(decode, data, size, max, out);
	if (liblzma)
		dlclose(liblzma);
	return image;
}
