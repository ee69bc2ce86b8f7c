# Scanners and parsers: parser/X.l gives parser/X.lex.[ch], parser/X.y gives parser/X.tab.[ch] in
# the build folder, included as "parser/X.lex.h" and "parser/X.tab.h". A conflict is an error.
find_package(FLEX 2.6 REQUIRED)
find_package(BISON 3.8 REQUIRED)

set(out ${BCCT_GEN_ROOT}/parser)
set(BCCT_PARSER_GENERATED)
set(headers)
file(GLOB grammars CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/parser/*.y)
file(GLOB scanners CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/parser/*.l)
foreach(file ${grammars})
	get_filename_component(name ${file} NAME_WE)
	bison_target(${name}_parser ${file} ${out}/${name}.tab.c DEFINES_FILE ${out}/${name}.tab.h
		COMPILE_FLAGS "-Wcounterexamples -Werror=conflicts-sr -Werror=conflicts-rr")
	list(APPEND BCCT_PARSER_GENERATED ${out}/${name}.tab.c)
	list(APPEND headers ${out}/${name}.tab.h)
endforeach()
foreach(file ${scanners})
	get_filename_component(name ${file} NAME_WE)
	flex_target(${name}_scanner ${file} ${out}/${name}.lex.c DEFINES_FILE ${out}/${name}.lex.h)
	list(APPEND BCCT_PARSER_GENERATED ${out}/${name}.lex.c)
	list(APPEND headers ${out}/${name}.lex.h)
	if("${CMAKE_SOURCE_DIR}/parser/${name}.y" IN_LIST grammars)
		add_flex_bison_dependency(${name}_scanner ${name}_parser)
	endif()
endforeach()
# what the generators write is theirs, not ours to keep free of style warnings
set_source_files_properties(${BCCT_PARSER_GENERATED} PROPERTIES COMPILE_OPTIONS
	"-Wno-sign-compare;-Wno-unused-function;-Wno-unused-but-set-variable;-Wno-shadow;-Wno-unused-parameter")
add_custom_target(bcct_generated DEPENDS ${headers})
