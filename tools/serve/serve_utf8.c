/* SPDX-License-Identifier: MIT */
/* UTF-8 as the Unicode standard has it (table 3-7). */
#include "serve_utf8.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

static bool is_between(unsigned char byte, unsigned char least, unsigned char most)
{
    return byte >= least && byte <= most;
}

size_t serve_utf8_sequence(const char *bytes, size_t length)
{
    const unsigned char *at = (const unsigned char *)bytes;
    unsigned char lead = length > 0 ? at[0] : 0xFF;
    size_t needed = lead < 0x80                    ? 1
                    : is_between(lead, 0xC2, 0xDF) ? 2
                    : is_between(lead, 0xE0, 0xEF) ? 3
                    : is_between(lead, 0xF0, 0xF4) ? 4
                                                   : 0;
    if (needed > length) {
        return 0;
    }
    for (size_t i = 1; i < needed; i++) {
        unsigned char least = 0x80, most = 0xBF;
        if (i == 1) { /* neither overlong, nor a surrogate, nor too large */
            least = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : least;
            most = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : most;
        }
        if (!is_between(at[i], least, most)) {
            return 0;
        }
    }
    return needed;
}

size_t serve_utf8_damage(const char *bytes, size_t length)
{
    size_t i = 0;
    while (i < length) {
        uint64_t eight;
        if (length - i >= sizeof eight) {
            memcpy(&eight, bytes + i, sizeof eight);
            if ((eight & UINT64_C(0x8080808080808080)) == 0) {
                i += sizeof eight;
                continue;
            }
        }
        size_t sequence = serve_utf8_sequence(bytes + i, length - i);
        if (sequence == 0) {
            return i;
        }
        i += sequence;
    }
    return length;
}
