/*
 * OPTION(id, name, default, min, max, about): a number, see options.h.
 * OPTION_TEXT(id, name, default, about): a text.
 */
#ifndef OPTION_TEXT
#define OPTION_TEXT(id, name, def, about) OPTION(id, name, 0, 0, 0, about)
#endif
OPTION(MAX_STRLEN, "max_strlen", 1024, 1, 65536, "longest string that str() keeps, bytes")
OPTION(MAX_MAP_KEYS, "max_map_keys", 4096, 1, 16777216, "entries of a keyed map")
OPTION(MAX_PROBES, "max_probes", 1024, 1, 1000000, "attach points of one script")
OPTION(MAX_BPF_PROGS, "max_bpf_progs", 1024, 1, 1000000, "BPF programs of one script")
OPTION(LOG_SIZE, "log_size", 1000000, 4096, 1073741824, "verifier log buffer, bytes")
OPTION(RB_PAGES, "perf_rb_pages", 0, 0, 1048576, "ring buffer size in pages; 0 chooses by memory")
OPTION(PRINT_MAPS_ON_EXIT, "print_maps_on_exit", 1, 0, 1, "print all maps at the end")
OPTION(MISSING_PROBES, "missing_probes", 2, 0, 2, "0 ignore, 1 warn, 2 error")
OPTION(STACK_MODE, "stack_mode", 0, 0, 3, "form of stacks: bpftrace, perf, raw or build_id")
OPTION(MAX_CAT_BYTES, "max_cat_bytes", 10240, 0, 1073741824, "bytes of a file that cat() prints")
OPTION(ON_STACK_LIMIT, "on_stack_limit", 32, 0, 512, "accepted, without effect")
OPTION(CACHE_USER_SYMBOLS, "cache_user_symbols", 1, 0, 2, "0 none, 1 PER_PID, 2 PER_PROGRAM")
OPTION(LAZY_SYMBOLICATION, "lazy_symbolication", 1, 0, 1, "user symbols by their printing")
OPTION(CPP_DEMANGLE, "cpp_demangle", 1, 0, 1, "write C++ names as in the source")
OPTION(SHOW_DEBUG_INFO, "show_debug_info", 1, 0, 1, "file and line in user stacks where known")
OPTION(USE_BLAZESYM, "use_blazesym", 1, 0, 1, "accepted; another name of show_debug_info")
OPTION(UNSTABLE_IMPORT, "unstable_import", 2, 0, 2, "0 error, 1 warn, 2 enable")
OPTION(UNSTABLE_TSERIES, "unstable_tseries", 2, 0, 2, "0 error, 1 warn, 2 enable")
OPTION(UNSTABLE_TYPEINFO, "unstable_typeinfo", 2, 0, 2, "0 error, 1 warn, 2 enable")
OPTION(UNSTABLE_DW_USTACK, "unstable_dw_ustack", 2, 0, 2, "0 error, 1 warn, 2 enable")
OPTION(UNSTABLE_ADDR, "unstable_addr", 2, 0, 2, "0 error, 1 warn, 2 enable")
OPTION(UNSTABLE_MACRO, "unstable_macro", 2, 0, 2, "0 error, 1 warn, 2 enable")
OPTION(UNSTABLE_MAP_DECL, "unstable_map_decl", 2, 0, 2, "0 error, 1 warn, 2 enable")
OPTION_TEXT(STR_TRUNC_TRAILER, "str_trunc_trailer", "..", "written behind a string that was cut")
OPTION_TEXT(LICENSE, "license", "GPL", "of the BPF programs; many helpers are for GPL ones only")
#undef OPTION_TEXT
