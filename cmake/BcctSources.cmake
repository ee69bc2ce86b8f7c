# Which file goes where, and the registry of units made from a scan of lib/.

# sources of a folder and its subfolders, one level down
function(bcct_glob var)
	set(patterns)
	foreach(dir ${ARGN})
		list(APPEND patterns ${CMAKE_SOURCE_DIR}/${dir}/*.c ${CMAKE_SOURCE_DIR}/${dir}/*/*.c)
	endforeach()
	file(GLOB files CONFIGURE_DEPENDS ${patterns})
	set(${var} ${files} PARENT_SCOPE)
endfunction()

bcct_glob(BCCT_SRC_BASE base)
# only of the program bcct
set(BCCT_SRC_LINKED ${CMAKE_SOURCE_DIR}/base/debug_linked.c
	${CMAKE_SOURCE_DIR}/base/pages_linked.c)
list(REMOVE_ITEM BCCT_SRC_BASE ${BCCT_SRC_LINKED})
bcct_glob(BCCT_SRC_TYPES types)
bcct_glob(BCCT_SRC_PARSER parser)
bcct_glob(BCCT_SRC_CODEGEN codegen)
set(BCCT_SRC_LLVM ${BCCT_SRC_CODEGEN})
list(FILTER BCCT_SRC_CODEGEN EXCLUDE REGEX "/codegen/llvm/")
list(FILTER BCCT_SRC_LLVM INCLUDE REGEX "/codegen/llvm/")
bcct_glob(BCCT_SRC_CLI cli)

# A unit file is compiled twice, once for each half. Of the other files in lib/, X_compile.c is
# the compiler's and the rest the runtime's. runtime/X_compile.c is left out of the runner.
set(unit_globs)
foreach(kind builtin aggregation provider output)
	list(APPEND unit_globs ${CMAKE_SOURCE_DIR}/lib/${kind}/*.c)
endforeach()
file(GLOB BCCT_SRC_UNITS CONFIGURE_DEPENDS ${unit_globs})
file(GLOB BCCT_SRC_LIB_RT CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/lib/*.c)
set(BCCT_SRC_LIB_COMPILE ${BCCT_SRC_LIB_RT})
list(FILTER BCCT_SRC_LIB_RT EXCLUDE REGEX "_compile\\.c$")
list(FILTER BCCT_SRC_LIB_COMPILE INCLUDE REGEX "_compile\\.c$")
bcct_glob(BCCT_SRC_RUNTIME runtime)
set(BCCT_SRC_RUNTIME_ONLY ${BCCT_SRC_RUNTIME})
list(FILTER BCCT_SRC_RUNTIME_ONLY EXCLUDE REGEX "_compile\\.c$")

set(BCCT_GEN_ROOT ${CMAKE_BINARY_DIR}/gen)
set(BCCT_GEN ${BCCT_GEN_ROOT}/lib)
file(MAKE_DIRECTORY ${BCCT_GEN} ${BCCT_GEN_ROOT}/parser)
add_custom_command(OUTPUT ${BCCT_GEN}/registry_compile.c ${BCCT_GEN}/registry_runtime.c
	COMMAND ${CMAKE_SOURCE_DIR}/scripts/gen-registry ${CMAKE_SOURCE_DIR}/lib ${BCCT_GEN}
	DEPENDS ${CMAKE_SOURCE_DIR}/scripts/gen-registry ${BCCT_SRC_UNITS}
	COMMENT "registry of units" VERBATIM)
# two libraries take one file each of these: a target of its own, or make -j runs it twice at once
add_custom_target(bcct_registry DEPENDS ${BCCT_GEN}/registry_compile.c
	${BCCT_GEN}/registry_runtime.c)
