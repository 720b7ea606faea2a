# SPDX-License-Identifier: MIT
# What `cmake --install` puts where: libraries, headers, CMake package, pkg-config file, licence.
include(CMakePackageConfigHelpers)

install(TARGETS neardup neardup_static EXPORT neardup_targets
    LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR}
    ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR})
install(DIRECTORY "${PROJECT_SOURCE_DIR}/include/" DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}
    FILES_MATCHING PATTERN "*.h")
install(FILES "${PROJECT_SOURCE_DIR}/LICENSE"
    DESTINATION "${CMAKE_INSTALL_DATADIR}/licenses/neardup")

set(package_dir "${CMAKE_INSTALL_LIBDIR}/cmake/neardup")
install(EXPORT neardup_targets NAMESPACE neardup:: FILE neardup-targets.cmake
    DESTINATION ${package_dir})
configure_package_config_file(
    "${PROJECT_SOURCE_DIR}/tools/cmake/neardup-config.cmake.in" neardup-config.cmake
    INSTALL_DESTINATION ${package_dir})
write_basic_package_version_file(neardup-config-version.cmake COMPATIBILITY SameMinorVersion)
install(FILES
    "${PROJECT_BINARY_DIR}/neardup-config.cmake"
    "${PROJECT_BINARY_DIR}/neardup-config-version.cmake"
    DESTINATION ${package_dir})

# A static link needs what the library itself links.
set(private_requires "")
if(NEARDUP_HAVE_ZLIB)
    string(APPEND private_requires " zlib")
endif()
if(NEARDUP_HAVE_ZSTD)
    string(APPEND private_requires " libzstd")
endif()
configure_file("${PROJECT_SOURCE_DIR}/tools/cmake/neardup.pc.in" neardup.pc @ONLY)
install(FILES "${PROJECT_BINARY_DIR}/neardup.pc"
    DESTINATION "${CMAKE_INSTALL_LIBDIR}/pkgconfig")
