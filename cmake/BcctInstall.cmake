# cmake --install: stripped programs, libraries, header, pkg-config file, manual page, licence.
# Program files are stripped here and not at link time, so that a profile of the build tree has
# names.
if(TARGET bcct OR TARGET bcct-run)
	install(TARGETS ${BCCT_PROGRAMS} RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
	foreach(program ${BCCT_PROGRAMS})
		set(file "\$ENV{DESTDIR}${CMAKE_INSTALL_FULL_BINDIR}/${program}")
		install(CODE "execute_process(COMMAND \"${CMAKE_STRIP}\" \"${file}\")")
	endforeach()
endif()
if(BCCT_COMPILER)
	install(TARGETS bcct_static bcct_shared LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR}
		ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR})
	set(file "\$ENV{DESTDIR}${CMAKE_INSTALL_FULL_LIBDIR}/libbcct.so.${PROJECT_VERSION}")
	install(CODE "execute_process(COMMAND \"${CMAKE_STRIP}\" --strip-unneeded \"${file}\")")
	list(JOIN BCCT_PRIVATE_LIBS " " BCCT_PC_PRIVATE)
	configure_file(cmake/bcct.pc.in bcct.pc @ONLY)
	install(FILES ${CMAKE_BINARY_DIR}/bcct.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
	install(FILES include/bcct.h DESTINATION ${CMAKE_INSTALL_INCLUDEDIR} OPTIONAL)
endif()
install(FILES doc/bcct.1 DESTINATION ${CMAKE_INSTALL_MANDIR}/man1 OPTIONAL)
install(FILES LICENSE DESTINATION ${CMAKE_INSTALL_DOCDIR} OPTIONAL)
