# SPDX-License-Identifier: MIT
# cmake -C tools/cmake/clang.cmake -S . -B build-clang
# The second compiler, with its warnings as errors; with -C release.cmake behind it, optimised.
set(CMAKE_C_COMPILER clang CACHE STRING "")
set(NEARDUP_WERROR ON CACHE BOOL "")
