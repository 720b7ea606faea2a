# SPDX-License-Identifier: MIT
# cmake -C tools/cmake/asan.cmake -S . -B build-asan
# Address, leak and undefined-behaviour checks, with assertions.
set(CMAKE_C_COMPILER clang CACHE STRING "")
set(CMAKE_BUILD_TYPE Debug CACHE STRING "")
set(CMAKE_C_FLAGS_DEBUG "-O1 -g" CACHE STRING "")
set(NEARDUP_SANITIZE address,undefined CACHE STRING "")
set(NEARDUP_WERROR ON CACHE BOOL "")
