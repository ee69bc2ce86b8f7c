# The libraries bcct stands on. All are linked statically where their archive is there, so that
# the program is one file which needs nothing but the C library at run time.

# bcct_find_library(VAR NAME [REQUIRED]): full path of lib NAME, the archive if there is one
function(bcct_find_library var name)
	find_library(BCCT_LIB_${name} NAMES lib${name}.a ${name})
	if(NOT BCCT_LIB_${name})
		if("REQUIRED" IN_LIST ARGN)
			message(FATAL_ERROR "lib${name} is missing; scripts/setup build installs it")
		endif()
		set(${var} "" PARENT_SCOPE)
		return()
	endif()
	set(${var} ${BCCT_LIB_${name}} PARENT_SCOPE)
endfunction()

bcct_find_library(lib_bpf bpf REQUIRED)
bcct_find_library(lib_elf elf REQUIRED)
bcct_find_library(lib_z z REQUIRED)
bcct_find_library(lib_zstd zstd)
bcct_find_library(lib_dw dw REQUIRED)
bcct_find_library(lib_lzma lzma REQUIRED)
bcct_find_library(lib_bz2 bz2)
set(BCCT_SYSTEM_LINK ${lib_bpf} ${lib_elf} ${lib_z} ${lib_zstd} m dl pthread)
# Debian's archives of these are not position independent, so libbcct.so takes the shared ones
set(BCCT_SYSTEM_LINK_SHARED bpf elf z zstd m dl pthread)

# debug information: linked into bcct alone, everything else opens them when there is some
set(BCCT_DEBUG_LINK ${lib_dw} ${lib_elf} ${lib_lzma} ${lib_bz2} ${lib_z} ${lib_zstd} dl)

if(NOT BCCT_COMPILER)
	return()
endif()

find_program(LLVM_CONFIG NAMES llvm-config-19 llvm-config)
if(NOT LLVM_CONFIG)
	message(FATAL_ERROR "llvm-config-19 is missing; scripts/setup build installs it, "
		"-DBCCT_COMPILER=OFF builds the runner alone")
endif()

function(llvm_config var)
	execute_process(COMMAND ${LLVM_CONFIG} ${ARGN} OUTPUT_VARIABLE out
		OUTPUT_STRIP_TRAILING_WHITESPACE COMMAND_ERROR_IS_FATAL ANY)
	set(${var} "${out}" PARENT_SCOPE)
endfunction()

llvm_config(LLVM_VERSION --version)
if(NOT LLVM_VERSION MATCHES "^19\\.")
	message(FATAL_ERROR "LLVM 19 is needed, ${LLVM_CONFIG} is ${LLVM_VERSION}")
endif()
llvm_config(LLVM_INCLUDE --includedir)
# the BPF target and no other
llvm_config(LLVM_LIBS --link-static --libfiles bpf passes core)
separate_arguments(LLVM_LIBS)
llvm_config(LLVM_LIBDIR --libdir)
llvm_config(LLVM_NAMES --link-static --libs bpf passes core)
separate_arguments(LLVM_NAMES)

# what a client of libbcct.a has to link, for the pkg-config file
set(BCCT_PRIVATE_LIBS -L${LLVM_LIBDIR} ${LLVM_NAMES} -lstdc++ -lbpf -lelf -lz -lzstd -lm)

# LLVM is C++; its runtime goes in as an archive too. z3, xml2 and the like, which llvm-config
# names for the whole of LLVM, are not needed by these parts of it.
execute_process(COMMAND ${CMAKE_C_COMPILER} -print-file-name=libstdc++.a
	OUTPUT_VARIABLE LIBSTDCXX OUTPUT_STRIP_TRAILING_WHITESPACE)
if(NOT EXISTS "${LIBSTDCXX}")
	message(FATAL_ERROR "libstdc++.a is missing; scripts/setup build installs it")
endif()
set(LLVM_LINK -Wl,--start-group ${LLVM_LIBS} -Wl,--end-group ${LIBSTDCXX})
