# SPDX-License-Identifier: MIT
# cmake -C tools/cmake/debug.cmake -S . -B build-debug
# Assertions on, no optimisation, everything for a debugger.
set(CMAKE_BUILD_TYPE Debug CACHE STRING "")
set(CMAKE_C_FLAGS_DEBUG "-O0 -g3" CACHE STRING "")
set(NEARDUP_WERROR ON CACHE BOOL "")
