# SPDX-License-Identifier: MIT
# cmake -C tools/cmake/coverage.cmake -S . -B build-coverage; tools/coverage does it all.
set(CMAKE_C_COMPILER gcc CACHE STRING "")
set(CMAKE_BUILD_TYPE Debug CACHE STRING "")
set(CMAKE_C_FLAGS_DEBUG "-O0 -g" CACHE STRING "")
set(NEARDUP_COVERAGE ON CACHE BOOL "")
