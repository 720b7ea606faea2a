# SPDX-License-Identifier: MIT
# bzip2 where it has no .pc file (Debian 12): PkgConfig::NEARDUP_BZIP2 from CMake's own module.
find_package(BZip2 QUIET)
if(BZIP2_FOUND AND NOT TARGET PkgConfig::NEARDUP_BZIP2)
    add_library(PkgConfig::NEARDUP_BZIP2 INTERFACE IMPORTED GLOBAL)
    set_target_properties(PkgConfig::NEARDUP_BZIP2 PROPERTIES
        INTERFACE_LINK_LIBRARIES "${BZIP2_LIBRARIES}"
        INTERFACE_INCLUDE_DIRECTORIES "${BZIP2_INCLUDE_DIRS}")
endif()
set(NEARDUP_BZIP2_FOUND ${BZIP2_FOUND})
