/* SPDX-License-Identifier: MIT */
/* File names as text: names are bytes, and not all of them are UTF-8. */
#include "text/file_name.h"

#include <stdint.h>
#include <string.h>

#include "text/utf8.h"

#define ESCAPE_BYTES 4 /* \xFF */

static int digit_of(char byte)
{
    if (byte >= '0' && byte <= '9') {
        return byte - '0';
    }
    return byte >= 'A' && byte <= 'F' ? byte - 'A' + 10 : -1;
}

/* The byte that the escape at name[0] stands for, or -1 where there is none. */
static int escaped_byte(const char *name)
{
    if (name[0] != '\\' || name[1] != 'x' || digit_of(name[2]) < 0 || digit_of(name[3]) < 0) {
        return -1;
    }
    int byte = 16 * digit_of(name[2]) + digit_of(name[3]);
    return byte >= 0x80 || byte == '\\' ? byte : -1;
}

/* Bytes of the character at name[0], or 0 if it has to be escaped. */
static size_t plain_bytes(const char *name, size_t left)
{
    uint32_t code_point;
    uint64_t damaged = 0;
    if ((unsigned char)name[0] < 0x80) {
        return escaped_byte(name) < 0;
    }
    size_t bytes = ndup__utf8_read(&code_point, name, left, &damaged);
    return damaged > 0 ? 0 : bytes;
}

bool ndup__file_name_is_plain(const char *name)
{
    while ((unsigned char)*name < 0x80 && *name != '\\' && *name != '\0') {
        name++;
    }
    size_t left = strlen(name);
    while (left > 0) {
        size_t bytes = plain_bytes(name, left);
        if (bytes == 0) {
            return false;
        }
        name += bytes;
        left -= bytes;
    }
    return true;
}

size_t ndup__file_name_write(char *written, const char *name)
{
    static const char digits[] = "0123456789ABCDEF";
    char *at = written;
    for (size_t left = strlen(name); left > 0;) {
        size_t bytes = plain_bytes(name, left);
        if (bytes > 0) {
            memcpy(at, name, bytes);
            at += bytes;
        } else {
            unsigned char byte = (unsigned char)name[0];
            const char escape[ESCAPE_BYTES] = {'\\', 'x', digits[byte >> 4], digits[byte & 15]};
            memcpy(at, escape, ESCAPE_BYTES);
            at += ESCAPE_BYTES;
            bytes = 1;
        }
        name += bytes;
        left -= bytes;
    }
    *at = '\0';
    return (size_t)(at - written);
}

const char *ndup__path_text(char buffer[NDUP__PATH_TEXT_BYTES], const char *path)
{
    if (path == NULL || ndup__file_name_is_plain(path) ||
        NDUP__FILE_NAME_BYTES(strlen(path)) > NDUP__PATH_TEXT_BYTES) {
        return path;
    }
    ndup__file_name_write(buffer, path);
    return buffer;
}

size_t ndup__file_name_read(char *written)
{
    char *to = written;
    for (const char *at = written; *at != '\0';) {
        int byte = escaped_byte(at);
        *to++ = byte >= 0 ? (char)byte : *at;
        at += byte >= 0 ? ESCAPE_BYTES : 1;
    }
    *to = '\0';
    return (size_t)(to - written);
}
