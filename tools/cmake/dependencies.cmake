# SPDX-License-Identifier: MIT
# Libraries that neardup needs or can use; each missing one is named with its Debian package.

find_package(PkgConfig QUIET)
if(NOT PKG_CONFIG_FOUND)
    message(FATAL_ERROR "pkg-config is missing. Debian, Ubuntu: apt-get install pkg-config")
endif()
set(THREADS_PREFER_PTHREAD_FLAG ON)
find_package(Threads REQUIRED)

# xxHash is compiled in from its header, so programs that use neardup do not link it.
pkg_check_modules(NEARDUP_XXHASH QUIET IMPORTED_TARGET libxxhash>=0.8)
if(NOT NEARDUP_XXHASH_FOUND)
    message(FATAL_ERROR "xxHash >= 0.8 is missing. Debian, Ubuntu: apt-get install libxxhash-dev")
endif()

# find_optional(ZLIB zlib zlib1g-dev "without .gz files"): sets NEARDUP_HAVE_ZLIB to 0 or 1, and
# when it is 1 there is a target PkgConfig::NEARDUP_ZLIB. NEARDUP_OPTIONAL gets the name,
# NEARDUP_MODULE_ZLIB the module. A library without a .pc file is then looked for as CMake does.
function(find_optional name module package loss)
    set(have 0)
    set(NEARDUP_OPTIONAL ${NEARDUP_OPTIONAL} ${name} PARENT_SCOPE)
    set(NEARDUP_MODULE_${name} ${module} PARENT_SCOPE)
    if(NOT NEARDUP_WITH_${name} MATCHES "^(AUTO|ON|OFF)$")
        message(FATAL_ERROR
            "NEARDUP_WITH_${name} is '${NEARDUP_WITH_${name}}', must be AUTO, ON or OFF")
    endif()
    if(NOT NEARDUP_WITH_${name} STREQUAL OFF)
        pkg_check_modules(NEARDUP_${name} QUIET IMPORTED_TARGET GLOBAL ${module})
        if(name STREQUAL BZIP2 AND NOT NEARDUP_BZIP2_FOUND)
            include(find_bzip2)
            set(NEARDUP_MODULE_BZIP2 "" PARENT_SCOPE)
        endif()
        set(hint "Debian, Ubuntu: apt-get install ${package}")
        if(NEARDUP_${name}_FOUND)
            set(have 1)
        elseif(NEARDUP_WITH_${name} STREQUAL ON)
            message(FATAL_ERROR "${module} is missing and NEARDUP_WITH_${name} is ON. ${hint}")
        else()
            message(STATUS "${module} is missing: built ${loss}. ${hint}")
        endif()
    endif()
    set(NEARDUP_HAVE_${name} ${have} PARENT_SCOPE)
endfunction()
set(NEARDUP_OPTIONAL "")
find_optional(ZLIB zlib zlib1g-dev "without .gz files")
find_optional(ZSTD libzstd libzstd-dev "without .zst files")
find_optional(LZMA liblzma liblzma-dev "without .xz files")
find_optional(BZIP2 bzip2 libbz2-dev "without .bz2 files")
find_optional(LZ4 liblz4 liblz4-dev "without .lz4 files")
find_optional(ARCHIVE libarchive libarchive-dev "without .tar, .zip, .wacz and .epub files")
# Only beside zlib, which writes .gz files.
if(NEARDUP_HAVE_ZLIB)
    find_optional(ISAL libisal libisal-dev "with zlib for reading .gz files, at half the speed")
else()
    list(APPEND NEARDUP_OPTIONAL ISAL)
    set(NEARDUP_HAVE_ISAL 0)
endif()
find_optional(GUMBO gumbo libgumbo-dev "without .html files")
find_optional(BROTLI libbrotlidec libbrotli-dev
    "without pages in web archives that are compressed with Brotli")
find_optional(UCHARDET uchardet libuchardet-dev "without --encoding auto")
find_optional(SQLITE sqlite3 libsqlite3-dev "without `neardup index` and `neardup check`")
# Of the program, not of the library; a server without an index has nothing to say.
set(NEARDUP_HAVE_MICROHTTPD 0)
if(NEARDUP_BUILD_CLI AND NEARDUP_HAVE_SQLITE)
    find_optional(MICROHTTPD libmicrohttpd>=0.9.71 libmicrohttpd-dev "without `neardup serve`")
    list(REMOVE_ITEM NEARDUP_OPTIONAL MICROHTTPD)
endif()

if(NEARDUP_BUILD_PYTHON)
    find_package(Python 3.11 COMPONENTS Interpreter Development.Module)
    if(NOT Python_FOUND)
        message(FATAL_ERROR
            "Python >= 3.11 with headers is missing, and NEARDUP_BUILD_PYTHON is ON. "
            "Debian, Ubuntu: apt-get install python3-dev")
    endif()
endif()

if(NEARDUP_BUILD_TESTS)
    pkg_check_modules(NEARDUP_CMOCKA QUIET IMPORTED_TARGET GLOBAL cmocka)
    if(NOT NEARDUP_CMOCKA_FOUND)
        message(FATAL_ERROR "cmocka is missing, which the tests need. "
            "Debian, Ubuntu: apt-get install libcmocka-dev, or configure with "
            "-D NEARDUP_BUILD_TESTS=OFF")
    endif()
    # Independent implementations that ours are tested against.
    foreach(oracle utf8proc jansson)
        string(TOUPPER NEARDUP_${oracle} prefix)
        string(REPLACE utf8proc libutf8proc module ${oracle})
        pkg_check_modules(${prefix} QUIET IMPORTED_TARGET GLOBAL ${module})
        if(NOT ${prefix}_FOUND)
            message(STATUS "${oracle} is missing: tests that compare with it are skipped. "
                "Debian, Ubuntu: apt-get install lib${oracle}-dev")
        endif()
    endforeach()
    # Tests of the Brotli decoder make their own data.
    set(NEARDUP_HAVE_BROTLI_ENCODER 0)
    if(NEARDUP_HAVE_BROTLI)
        pkg_check_modules(NEARDUP_BROTLI_ENCODER QUIET IMPORTED_TARGET GLOBAL libbrotlienc)
        if(NEARDUP_BROTLI_ENCODER_FOUND)
            set(NEARDUP_HAVE_BROTLI_ENCODER 1)
        endif()
    endif()
    find_package(Python3 3.8 COMPONENTS Interpreter)
    if(NOT Python3_FOUND)
        message(FATAL_ERROR "Python >= 3.8 is missing, which the lint tests need. "
            "Debian, Ubuntu: apt-get install python3, or configure with -D NEARDUP_BUILD_TESTS=OFF")
    endif()
endif()
