/* OPTION(id, name, default, min, max, about): see options.h. */
OPTION(MAX_STRLEN, "max_strlen", 1024, 1, 65536, "longest string that str() keeps, bytes")
OPTION(MAX_MAP_KEYS, "max_map_keys", 4096, 1, 16777216, "entries of a keyed map")
OPTION(MAX_PROBES, "max_probes", 1024, 1, 1000000, "attach points of one script")
OPTION(MAX_BPF_PROGS, "max_bpf_progs", 1024, 1, 1000000, "BPF programs of one script")
OPTION(LOG_SIZE, "log_size", 1000000, 4096, 1073741824, "verifier log buffer, bytes")
OPTION(RB_PAGES, "perf_rb_pages", 0, 0, 1048576, "ring buffer size in pages; 0 chooses by memory")
OPTION(PRINT_MAPS_ON_EXIT, "print_maps_on_exit", 1, 0, 1, "print all maps at the end")
OPTION(MISSING_PROBES, "missing_probes", 2, 0, 2, "0 ignore, 1 warn, 2 error")
