/* The ring buffer's reader, on a file that is laid out as the kernel's map is. */
#include <errno.h>
#include <linux/bpf.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>
#include <sys/mman.h>
#include <unistd.h>

#include "runtime/ring.h"

#define PAGE ((size_t)sysconf(_SC_PAGESIZE))

static int file_new(uint64_t produced)
{
	int fd = memfd_create("ring", 0);

	assert_true(fd >= 0);
	assert_int_equal(ftruncate(fd, (off_t)(4 * PAGE)), 0);
	assert_int_equal(pwrite(fd, &produced, 8, (off_t)PAGE), 8);
	return fd;
}

static void record_put(int fd, size_t at, uint32_t word, const char *text)
{
	assert_int_equal(pwrite(fd, &word, 4, (off_t)(2 * PAGE + at)), 4);
	assert_int_equal(pwrite(fd, text, 8, (off_t)(2 * PAGE + at + 8)), 8);
}

/* What was copied before a record that is damaged is given back once, and the error after it. */
static void a_damaged_record(void **state)
{
	int fd = file_new(48);
	struct buf out = { 0 };
	struct ring r;

	(void)state;
	record_put(fd, 0, 8, "12345678");
	record_put(fd, 16, 8 | BPF_RINGBUF_DISCARD_BIT, "dropped.");
	record_put(fd, 32, 0x00ffffff, "damaged.");
	assert_int_equal(ring_open(&r, fd, PAGE), 0);
	assert_int_equal(ring_read(&r, &out, 1000), 1);
	assert_int_equal(out.len, 16);
	assert_memory_equal(out.data + 8, "12345678", 8);
	assert_int_equal(ring_read(&r, &out, 1000), -EPROTO);
	assert_int_equal(out.len, 16);
	ring_close(&r);
	buf_free(&out);
	close(fd);
}

static void a_record_in_the_making(void **state)
{
	int fd = file_new(32);
	struct buf out = { 0 };
	struct ring r;

	(void)state;
	record_put(fd, 0, 8, "12345678");
	record_put(fd, 16, 8 | BPF_RINGBUF_BUSY_BIT, "........");
	assert_int_equal(ring_open(&r, fd, PAGE), 0);
	assert_int_equal(ring_read(&r, &out, 1000), 1);
	assert_int_equal(ring_read(&r, &out, 1000), 0);
	assert_false(ring_empty(&r));
	record_put(fd, 16, 8, "finished");
	assert_int_equal(ring_read(&r, &out, 1000), 1);
	assert_memory_equal(out.data + 24, "finished", 8);
	assert_true(ring_empty(&r));
	ring_close(&r);
	buf_free(&out);
	close(fd);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_damaged_record),
		cmocka_unit_test(a_record_in_the_making),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
