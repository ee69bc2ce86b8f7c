/* Makes value events and feeds them to an output format. */
#ifndef TESTS_UNIT_EVENTS_H
#define TESTS_UNIT_EVENTS_H

#include <string.h>

#include "lib/rt.h"

struct feed {
	const struct output *format;
	void *state;
	struct buf out;
};

static inline void feed_open(struct feed *f, const char *format)
{
	memset(f, 0, sizeof(*f));
	f->format = output_find(format);
	assert_non_null(f->format);
	f->state = f->format->begin(&f->out);
	assert_non_null(f->state);
}

static inline void feed_close(struct feed *f)
{
	f->format->end(f->state);
	buf_free(&f->out);
}

static inline void put(struct feed *f, struct bcct_event e)
{
	e.size = sizeof(e);
	f->format->event(f->state, &f->out, &e);
}

static inline void put_kind(struct feed *f, enum bcct_event_kind kind)
{
	put(f, (struct bcct_event){ .kind = kind });
}

static inline void put_int(struct feed *f, int64_t v)
{
	put(f, (struct bcct_event){ .kind = BCCT_EV_INT, .i = v, .u = (uint64_t)v });
}

static inline void put_uint(struct feed *f, uint64_t v)
{
	put(f, (struct bcct_event){ .kind = BCCT_EV_UINT, .i = (int64_t)v, .u = v });
}

static inline void put_text(struct feed *f, enum bcct_event_kind kind, const char *s)
{
	put(f, (struct bcct_event){ .kind = kind, .str = s, .len = strlen(s) });
}

static inline void put_string(struct feed *f, const char *s)
{
	put_text(f, BCCT_EV_STRING, s);
}

static inline void put_named(struct feed *f, enum bcct_event_kind kind, const char *name,
			     uint32_t flags)
{
	put(f, (struct bcct_event){ .kind = kind, .name = name, .flags = flags });
}

static inline void put_bucket(struct feed *f, int64_t min, int64_t max, uint64_t count,
			      uint32_t flags)
{
	put(f, (struct bcct_event){ .kind = BCCT_EV_BUCKET, .i = min, .i2 = max, .u = count,
				    .flags = flags });
}

static inline void put_frame(struct feed *f, const char *name, int64_t offset, uint64_t addr,
			     uint32_t flags)
{
	put(f, (struct bcct_event){ .kind = BCCT_EV_FRAME, .name = name, .i = offset, .u = addr,
				    .flags = flags });
}

#define PUT(f, kind) put_kind(f, BCCT_EV_##kind)

/* What was written since the last time. */
#define expect_out(f, text)                                                                        \
	do {                                                                                       \
		buf_u8(&(f)->out, 0);                                                              \
		assert_string_equal((char *)(f)->out.data, text);                                  \
		(f)->out.len = 0;                                                                  \
	} while (0)

#endif
