# SPDX-License-Identifier: MIT
# What turns pages into C files share.

# The Base64 form of 64 hexadecimal digits: three digits at a time are two letters.
function(base64_of_sha256 result hex)
    set(alphabet "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")
    set(text "")
    foreach(start RANGE 0 60 3)
        string(SUBSTRING "${hex}" ${start} 3 digits)
        math(EXPR high "0x${digits} >> 6")
        math(EXPR low "0x${digits} & 63")
        string(SUBSTRING "${alphabet}" ${high} 1 first)
        string(SUBSTRING "${alphabet}" ${low} 1 second)
        string(APPEND text "${first}${second}")
    endforeach()
    string(SUBSTRING "${hex}" 63 1 digits)
    math(EXPR last "0x${digits} << 2")
    string(SUBSTRING "${alphabet}" ${last} 1 first)
    set(${result} "${text}${first}=" PARENT_SCOPE)
endfunction()

# A C array with the bytes of a text.
function(c_array result name text)
    string(HEX "${text}" hex)
    string(REGEX REPLACE "(..)" "0x\\1," bytes "${hex}")
    string(REPEAT "." 90 row)
    string(REGEX REPLACE "(${row})" "\\1\n" bytes "${bytes}")
    set(${result} "const unsigned char ${name}[] = {\n${bytes}\n};
const size_t ${name}_bytes = sizeof ${name};\n" PARENT_SCOPE)
endfunction()

# One style of several.
function(join_styles result)
    set(css "")
    foreach(style IN LISTS ARGN)
        file(READ "${style}" source)
        string(APPEND css "${source}")
    endforeach()
    set(${result} "${css}" PARENT_SCOPE)
endfunction()

# One script of several, in a scope of its own that ends by calling main().
function(join_scripts result)
    set(js "'use strict';\n(() => {\n")
    foreach(script IN LISTS ARGN)
        file(READ "${script}" source)
        string(APPEND js "${source}\n")
    endforeach()
    string(APPEND js "main();\n})();\n")
    set(${result} "${js}" PARENT_SCOPE)
endfunction()

# The content security policy of a page with this style and script, and what else it may.
function(page_policy result css js more)
    string(SHA256 style_hex "${css}")
    string(SHA256 script_hex "${js}")
    base64_of_sha256(style_hash "${style_hex}")
    base64_of_sha256(script_hash "${script_hex}")
    set(${result} "default-src 'none'; style-src 'sha256-${style_hash}'; \
script-src 'sha256-${script_hash}'; img-src data:; ${more}base-uri 'none'; form-action 'none'"
        PARENT_SCOPE)
endfunction()
