/*
 * printf formats of the probe language: one parser for the check (do the
 * arguments match?) and for the runtime (print them). d i o u x X c s p, flags
 * "- + space # 0", width, precision, hh h l ll j, plus r, rx and rh for buffers.
 */
#ifndef BASE_FORMAT_H
#define BASE_FORMAT_H

#include <stdbool.h>
#include <stddef.h>

enum format_length { FL_NONE, FL_HH, FL_H, FL_L, FL_LL, FL_J, FL_Z };

struct format_piece {
	const char *text; /* literal text before the directive; "%%" is resolved to "%" pieces */
	size_t len;
	bool directive;   /* false: only literal text (the last piece) */
	char flags[6];    /* as written, NUL-terminated */
	bool star_width, star_precision; /* not supported: an error */
	int width, precision; /* -1: none */
	enum format_length length;
	char conv;        /* d i o u x X c s p, or 'r' */
	char sub;         /* for r: 0, 'x' or 'h' */
	size_t offset, span; /* of the directive in the format */
};

/*
 * Iterates: *pos starts at 0; returns 1 with a piece, 0 at the end, -1 on a
 * malformed directive (piece->offset/span tell where).
 */
int format_next(const char *fmt, size_t len, size_t *pos, struct format_piece *piece);

#endif
