/*
 * Names of perf's software and hardware events. PERF_EVENT(name, alias, config, count): the
 * alias may be ""; count is how many make a sample when the probe does not say.
 */
#ifdef PERF_SOFTWARE
PERF_EVENT("alignment-faults", "", PERF_COUNT_SW_ALIGNMENT_FAULTS, 1)
PERF_EVENT("bpf-output", "", PERF_COUNT_SW_BPF_OUTPUT, 1)
PERF_EVENT("context-switches", "cs", PERF_COUNT_SW_CONTEXT_SWITCHES, 1000)
PERF_EVENT("cpu-clock", "cpu", PERF_COUNT_SW_CPU_CLOCK, 1000000)
PERF_EVENT("cpu-migrations", "", PERF_COUNT_SW_CPU_MIGRATIONS, 1)
PERF_EVENT("dummy", "", PERF_COUNT_SW_DUMMY, 1)
PERF_EVENT("emulation-faults", "", PERF_COUNT_SW_EMULATION_FAULTS, 1)
PERF_EVENT("major-faults", "", PERF_COUNT_SW_PAGE_FAULTS_MAJ, 1)
PERF_EVENT("minor-faults", "", PERF_COUNT_SW_PAGE_FAULTS_MIN, 100)
PERF_EVENT("page-faults", "faults", PERF_COUNT_SW_PAGE_FAULTS, 100)
PERF_EVENT("task-clock", "", PERF_COUNT_SW_TASK_CLOCK, 1000000)
#endif
#ifdef PERF_HARDWARE
PERF_EVENT("backend-stalls", "", PERF_COUNT_HW_STALLED_CYCLES_BACKEND, 1000000)
PERF_EVENT("branch-instructions", "branches", PERF_COUNT_HW_BRANCH_INSTRUCTIONS, 100000)
PERF_EVENT("branch-misses", "", PERF_COUNT_HW_BRANCH_MISSES, 100000)
PERF_EVENT("bus-cycles", "", PERF_COUNT_HW_BUS_CYCLES, 100000)
PERF_EVENT("cache-misses", "", PERF_COUNT_HW_CACHE_MISSES, 1000000)
PERF_EVENT("cache-references", "", PERF_COUNT_HW_CACHE_REFERENCES, 1000000)
PERF_EVENT("cpu-cycles", "cycles", PERF_COUNT_HW_CPU_CYCLES, 1000000)
PERF_EVENT("frontend-stalls", "", PERF_COUNT_HW_STALLED_CYCLES_FRONTEND, 1000000)
PERF_EVENT("instructions", "", PERF_COUNT_HW_INSTRUCTIONS, 1000000)
PERF_EVENT("ref-cycles", "", PERF_COUNT_HW_REF_CPU_CYCLES, 1000000)
#endif
