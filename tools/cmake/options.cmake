# SPDX-License-Identifier: MIT
# Options, the default build type, and the compiler settings that hold for every target.

option(NEARDUP_BUILD_CLI "Build the command line program `neardup`" ON)
option(NEARDUP_BUILD_PYTHON "Build the Python package (needs Python >= 3.11 with headers)" OFF)
option(NEARDUP_BUILD_TESTS "Build the tests (needs cmocka)" ${PROJECT_IS_TOP_LEVEL})
option(NEARDUP_WERROR "Turn compiler warnings into errors" OFF)
option(NEARDUP_COVERAGE "Instrument for coverage (gcov)" OFF)
option(NEARDUP_FUZZ "Build the fuzz targets with libFuzzer (needs clang)" OFF)
set(NEARDUP_SANITIZE "" CACHE STRING
    "Sanitizers of every target: address,undefined or thread or memory")
set(NEARDUP_WITH_ZLIB AUTO CACHE STRING "Read and write .gz files: AUTO, ON or OFF")
set(NEARDUP_WITH_ZSTD AUTO CACHE STRING "Read and write .zst files: AUTO, ON or OFF")
set(NEARDUP_WITH_LZMA AUTO CACHE STRING "Read and write .xz files: AUTO, ON or OFF")
set(NEARDUP_WITH_BZIP2 AUTO CACHE STRING "Read and write .bz2 files: AUTO, ON or OFF")
set(NEARDUP_WITH_LZ4 AUTO CACHE STRING "Read and write .lz4 files: AUTO, ON or OFF")
set(NEARDUP_WITH_ARCHIVE AUTO CACHE STRING "Read .tar, .zip and .wacz files: AUTO, ON or OFF")
set(NEARDUP_WITH_ISAL AUTO CACHE STRING "Read .gz files through ISA-L: AUTO, ON or OFF")
set(NEARDUP_WITH_GUMBO AUTO CACHE STRING "Read web pages: AUTO, ON or OFF")
set(NEARDUP_WITH_BROTLI AUTO CACHE STRING
    "Read pages in web archives that are compressed with Brotli: AUTO, ON or OFF")
set(NEARDUP_WITH_UCHARDET AUTO CACHE STRING
    "Tell the encodings of texts by their bytes (--encoding auto): AUTO, ON or OFF")
set(NEARDUP_WITH_SQLITE AUTO CACHE STRING
    "Keep an index of documents on disk (neardup index, check): AUTO, ON or OFF")
set(NEARDUP_WITH_MICROHTTPD AUTO CACHE STRING
    "Answer over HTTP (neardup serve): AUTO, ON or OFF")
set_property(CACHE NEARDUP_WITH_ZLIB NEARDUP_WITH_ZSTD NEARDUP_WITH_ISAL NEARDUP_WITH_GUMBO
    NEARDUP_WITH_BROTLI NEARDUP_WITH_LZMA NEARDUP_WITH_BZIP2 NEARDUP_WITH_LZ4
    NEARDUP_WITH_ARCHIVE NEARDUP_WITH_UCHARDET NEARDUP_WITH_SQLITE
    NEARDUP_WITH_MICROHTTPD PROPERTY STRINGS AUTO ON OFF)

get_property(multi_config GLOBAL PROPERTY GENERATOR_IS_MULTI_CONFIG)
if(NOT CMAKE_BUILD_TYPE AND NOT multi_config)
    set(CMAKE_BUILD_TYPE Release CACHE STRING "Debug, Release, RelWithDebInfo or MinSizeRel" FORCE)
endif()

set(CMAKE_C_STANDARD 11)
set(CMAKE_C_STANDARD_REQUIRED ON)
set(CMAKE_C_EXTENSIONS OFF)
set(CMAKE_C_VISIBILITY_PRESET hidden)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)

add_compile_definitions(_POSIX_C_SOURCE=200809L)
add_compile_options(
    -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wstrict-prototypes -Wmissing-prototypes
    -Wundef -Wvla)
# Results must not depend on whether the machine can fuse a multiplication with an addition.
add_compile_options(-ffp-contract=off)
# For structures of a few hundred bytes gcc takes "rep stos" and "rep movs" by itself, whose start
# costs more than a call of the C library: 5 % of a run over documents of 300 bytes.
include(CheckCCompilerFlag)
foreach(what IN ITEMS set cpy)
    set(flag -mmem${what}-strategy=libcall:-1:noalign)
    check_c_compiler_flag(${flag} NEARDUP_HAS_MEM${what}_STRATEGY)
    if(NEARDUP_HAS_MEM${what}_STRATEGY)
        add_compile_options(${flag})
    endif()
endforeach()
if(NEARDUP_WERROR)
    add_compile_options(-Werror)
endif()

if(NEARDUP_SANITIZE)
    add_compile_options(
        -fsanitize=${NEARDUP_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer -g)
    add_link_options(-fsanitize=${NEARDUP_SANITIZE})
endif()
if(NEARDUP_COVERAGE)
    # Counters that threads share must not lose counts: gcovr refuses negative ones.
    add_compile_options(--coverage -fprofile-update=atomic)
    add_link_options(--coverage)
endif()
if(NEARDUP_FUZZ)
    if(NOT CMAKE_C_COMPILER_ID MATCHES "Clang")
        message(FATAL_ERROR "NEARDUP_FUZZ needs clang: configure with -D CMAKE_C_COMPILER=clang")
    endif()
    add_compile_options(-fsanitize=fuzzer-no-link -g)
endif()
