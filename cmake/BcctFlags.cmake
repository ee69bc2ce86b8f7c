# Compiler and linker flags that hold for every target, and the two helpers that make targets.

add_compile_options(-Wall -Wextra -Wshadow)
if(BCCT_WERROR)
	add_compile_options(-Werror)
endif()
add_compile_definitions(_GNU_SOURCE)

set(CMAKE_C_FLAGS_RELEASE "-O2 -g0")
# Everything is position independent once, for the shared library; with hidden symbols that costs
# the programs nothing, which are linked at a fixed address (no relocations to apply at start).
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_C_VISIBILITY_PRESET hidden)
add_compile_options(-ffunction-sections -fdata-sections)
set(BCCT_LINK_OPTIONS -Wl,--gc-sections -Wl,-O1 -Wl,--as-needed)
# gold folds identical functions, of which C++ templates make many: 2.5 MB less, and a faster start
include(CheckCSourceCompiles)
set(CMAKE_REQUIRED_LINK_OPTIONS -fuse-ld=gold -Wl,--icf=safe)
check_c_source_compiles("int main(void) { return 0; }" BCCT_HAVE_GOLD)
unset(CMAKE_REQUIRED_LINK_OPTIONS)

if(BCCT_SANITIZE)
	add_compile_options(-fsanitize=address,undefined -fno-sanitize-recover=undefined
		-fno-omit-frame-pointer -g1)
	add_link_options(-fsanitize=address,undefined)
	add_compile_definitions(BCCT_SANITIZE=1)
else()
	list(APPEND BCCT_LINK_OPTIONS -static-libgcc)
	# the names of LLVM's functions are a fifth of the file; RelWithDebInfo keeps them
	if(CMAKE_BUILD_TYPE STREQUAL "Release")
		list(APPEND BCCT_LINK_OPTIONS -s)
	endif()
	if(BCCT_HAVE_GOLD)
		# and puts what runs in a compile on the same pages, as scripts/hot-order found
		# it: a third of a short program's time went into faults all over 23 MB of LLVM
		set(BCCT_ORDER ${CMAKE_SOURCE_DIR}/cmake/hot.order)
		set(BCCT_PROGRAM_LINK_OPTIONS -fuse-ld=gold -Wl,--icf=safe
			-Wl,--section-ordering-file=${BCCT_ORDER})
	endif()
endif()

# bcct_objects(NAME SOURCES … DEFINES … INCLUDES …): the object library of one folder. A folder
# without sources gives an empty one.
function(bcct_objects name)
	cmake_parse_arguments(arg "" "" "SOURCES;DEFINES;INCLUDES" ${ARGN})
	if(NOT arg_SOURCES)
		set(arg_SOURCES ${CMAKE_BINARY_DIR}/empty.c)
		file(CONFIGURE OUTPUT ${arg_SOURCES} CONTENT "typedef int bcct_empty;\n")
	endif()
	add_library(${name}_objects OBJECT ${arg_SOURCES})
	target_include_directories(${name}_objects PRIVATE ${CMAKE_SOURCE_DIR} ${BCCT_GEN_ROOT})
	target_include_directories(${name}_objects SYSTEM PRIVATE ${arg_INCLUDES})
	target_compile_definitions(${name}_objects PRIVATE ${arg_DEFINES})
	foreach(first bcct_registry bcct_generated)
		if(TARGET ${first})
			add_dependencies(${name}_objects ${first})
		endif()
	endforeach()
endfunction()

# bcct_object_files(VAR NAME…): the objects of several folders
function(bcct_object_files var)
	set(files)
	foreach(name ${ARGN})
		list(APPEND files $<TARGET_OBJECTS:${name}_objects>)
	endforeach()
	set(${var} ${files} PARENT_SCOPE)
endfunction()

# bcct_program(NAME SOURCE…): an executable at a fixed address; nothing when there is no source
function(bcct_program name)
	if(NOT ARGN)
		return()
	endif()
	add_executable(${name} ${ARGN})
	target_include_directories(${name} PRIVATE ${CMAKE_SOURCE_DIR} ${BCCT_GEN_ROOT})
	set_target_properties(${name} PROPERTIES POSITION_INDEPENDENT_CODE OFF
		LINK_DEPENDS "${BCCT_ORDER}")
	target_link_options(${name} PRIVATE -no-pie ${BCCT_LINK_OPTIONS}
		${BCCT_PROGRAM_LINK_OPTIONS})
endfunction()
