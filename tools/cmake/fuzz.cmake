# SPDX-License-Identifier: MIT
# cmake -C tools/cmake/fuzz.cmake -S . -B build-fuzz; then build-fuzz/tests/fuzz_x CORPUS_FOLDER
# libFuzzer programs with address and undefined-behaviour checks, and assertions.
set(CMAKE_C_COMPILER clang CACHE STRING "")
set(CMAKE_BUILD_TYPE Debug CACHE STRING "")
set(CMAKE_C_FLAGS_DEBUG "-O1 -g" CACHE STRING "")
set(NEARDUP_SANITIZE address,undefined CACHE STRING "")
set(NEARDUP_FUZZ ON CACHE BOOL "")
