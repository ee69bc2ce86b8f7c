/*
 * User addresses to names: which process had which file mapped where. usyms.c
 * looks up, mmaps.c keeps the table of processes from the kernel's records.
 */
#ifndef RUNTIME_USYMS_H
#define RUNTIME_USYMS_H

#include "base/strmap.h"
#include "base/vec.h"
#include "lib/elf_table.h"
#include "lib/rt.h"

struct mapping {
	uint64_t start, end, offset;
	uint64_t time;    /* of the record it came from; 0: read from /proc */
	const char *path; /* interned */
	struct elf_table *table;
	bool tried; /* table is what there is */
};

struct process {
	struct process *next; /* in its bucket */
	uint32_t pid, parent;
	uint64_t born;  /* when it became what it is (exec, fork); 0: before tracing began */
	bool read;      /* its mappings in /proc were */
	bool exited;
	bool stale; /* records of it may be lost */
	VEC(struct mapping) maps; /* sorted, without overlaps */
	struct jit *jit;          /* perf-PID.map, or NULL */
};

#define PROCESS_BUCKETS 1024

struct mmaps;

struct usyms {
	struct process *buckets[PROCESS_BUCKETS];
	unsigned n;           /* processes */
	struct strmap paths;  /* interned: key is value */
	struct strmap tables; /* by device, inode and time of the file */
	struct elf_table *vdso;
	struct mmaps *mmaps; /* the kernel's records; NULL: none */
	char name[4096], plain[4096];
};

struct usyms *usyms_new(void);
void usyms_free(struct usyms *u);
/* Begins to follow what processes map; for programs that have user addresses. */
int usyms_start(struct rt *rt);
/* Reads a process's mappings now, if they are not known. */
void usyms_see(struct rt *rt, uint32_t pid);

struct process *usyms_process(struct usyms *u, uint32_t pid, bool make);
void usyms_add(struct usyms *u, struct process *p, struct mapping m, const char *path);
/* The process became another program, or its number was given to a new one. */
void usyms_forget_maps(struct process *p);
void usyms_copy_maps(struct process *to, const struct process *from);

/* mmaps.c: NULL without permission. */
struct mmaps *mmaps_open(struct usyms *u);
void mmaps_close(struct mmaps *m);
int mmaps_fd(const struct mmaps *m); /* polls readable when there is much to read */
void mmaps_read(struct mmaps *m);
uint64_t mmaps_lost(const struct mmaps *m); /* records, so far */

#endif
