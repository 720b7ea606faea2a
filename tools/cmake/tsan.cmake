# SPDX-License-Identifier: MIT
# cmake -C tools/cmake/tsan.cmake -S . -B build-tsan
# Data races, with assertions.
set(CMAKE_C_COMPILER clang CACHE STRING "")
set(CMAKE_BUILD_TYPE Debug CACHE STRING "")
set(CMAKE_C_FLAGS_DEBUG "-O1 -g" CACHE STRING "")
set(NEARDUP_SANITIZE thread CACHE STRING "")
set(NEARDUP_WERROR ON CACHE BOOL "")
