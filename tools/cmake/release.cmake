# SPDX-License-Identifier: MIT
# cmake -C tools/cmake/release.cmake -S . -B build
# For a build to install; -D CMAKE_INTERPROCEDURAL_OPTIMIZATION=ON adds link-time optimisation.
set(CMAKE_BUILD_TYPE Release CACHE STRING "")
set(CMAKE_C_FLAGS_RELEASE "-O3 -DNDEBUG" CACHE STRING "")
set(NEARDUP_BUILD_TESTS OFF CACHE BOOL "")
