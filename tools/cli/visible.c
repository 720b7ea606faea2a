/* SPDX-License-Identifier: MIT */
/* Decoding, escaping and measuring text for terminals. */
#include "visible.h"

#include <stdbool.h>
#include <string.h>

/* Number of bytes that a lead byte announces, and the smallest code point of that length. */
static size_t sequence_length(unsigned char lead, uint32_t *least)
{
    if (lead >= 0xC2 && lead < 0xE0) {
        *least = 0x80;
        return 2;
    }
    if (lead >= 0xE0 && lead < 0xF0) {
        *least = 0x800;
        return 3;
    }
    if (lead >= 0xF0 && lead < 0xF5) {
        *least = 0x10000;
        return 4;
    }
    return 0;
}

cli_character cli_character_read(const char *text, size_t length)
{
    if (length == 0) {
        return (cli_character){0, 0, 0};
    }
    unsigned char lead = (unsigned char)text[0];
    cli_character damaged = {lead, 1, 1};
    if (lead < 0x80) {
        return (cli_character){lead, 1, 0};
    }
    uint32_t least = 0;
    size_t bytes = sequence_length(lead, &least);
    if (bytes == 0 || bytes > length) {
        return damaged;
    }
    uint32_t code = lead & (0x7Fu >> bytes);
    for (size_t i = 1; i < bytes; i++) {
        unsigned char byte = (unsigned char)text[i];
        if ((byte & 0xC0) != 0x80) {
            return damaged;
        }
        code = code << 6 | (byte & 0x3Fu);
    }
    if (code < least || code > 0x10FFFF || (code >= 0xD800 && code < 0xE000)) {
        return damaged;
    }
    return (cli_character){code, bytes, 0};
}

typedef struct code_range {
    uint32_t first, last;
} code_range;

static bool in_ranges(const code_range *ranges, size_t count, uint32_t code)
{
    for (size_t i = 0; i < count; i++) {
        if (code >= ranges[i].first && code <= ranges[i].last) {
            return true;
        }
    }
    return false;
}

/* Characters that change what stands around them: C1, marks and overrides of direction, line and
 * paragraph separators, interlinear annotations, tags. */
static bool is_steering(uint32_t code)
{
    static const code_range ranges[] = {{0x00, 0x1F},     {0x7F, 0x9F},      {0x200E, 0x200F},
                                        {0x2028, 0x202E}, {0x2066, 0x2069},  {0xFEFF, 0xFEFF},
                                        {0xFFF9, 0xFFFB}, {0xE0000, 0xE007F}};
    return in_ranges(ranges, sizeof ranges / sizeof *ranges, code);
}

/* Columns of a printed character. The blocks are coarse: enough to line words up, not to place a
 * cursor. */
static unsigned code_width(uint32_t code)
{
    static const code_range wide[] = {{0x1100, 0x115F},   {0x2E80, 0x303E},   {0x3041, 0xA4CF},
                                      {0xA960, 0xA97C},   {0xAC00, 0xD7A3},   {0xF900, 0xFAFF},
                                      {0xFE30, 0xFE6F},   {0xFF00, 0xFF60},   {0xFFE0, 0xFFE6},
                                      {0x1F300, 0x1F64F}, {0x1F900, 0x1F9FF}, {0x20000, 0x3FFFD}};
    static const code_range none[] = {
        {0x0300, 0x036F}, {0x0483, 0x0489}, {0x0591, 0x05BD}, {0x0610, 0x061A}, {0x064B, 0x065F},
        {0x0E31, 0x0E31}, {0x0E34, 0x0E3A}, {0x0E47, 0x0E4E}, {0x1AB0, 0x1AFF}, {0x200B, 0x200D},
        {0x20D0, 0x20FF}, {0xFE00, 0xFE0F}, {0xFE20, 0xFE2F}};
    if (code < 0x300) {
        return 1;
    }
    if (in_ranges(none, sizeof none / sizeof *none, code)) {
        return 0;
    }
    return in_ranges(wide, sizeof wide / sizeof *wide, code) ? 2 : 1;
}

unsigned cli_character_form(char form[12], cli_character character, const char *text)
{
    if (!character.damaged && !is_steering(character.code)) {
        memcpy(form, text, character.bytes);
        form[character.bytes] = '\0';
        return code_width(character.code);
    }
    if (!character.damaged && character.code == '\n') {
        return (unsigned)snprintf(form, 12, "\\n");
    }
    if (!character.damaged && character.code == '\t') {
        return (unsigned)snprintf(form, 12, "\\t");
    }
    unsigned code = character.code;
    if (character.damaged || code < 0x80) {
        return (unsigned)snprintf(form, 12, "\\x%02x", code);
    }
    return (unsigned)snprintf(form, 12, code < 0x10000 ? "\\u%04x" : "\\U%08x", code);
}

void cli_print_visible(FILE *out, const char *text, size_t length)
{
    char form[12];
    for (size_t i = 0; i < length;) {
        cli_character character = cli_character_read(text + i, length - i);
        cli_character_form(form, character, text + i);
        fputs(form, out);
        i += character.bytes;
    }
}

size_t cli_visible_width(const char *text, size_t length)
{
    char form[12];
    size_t width = 0;
    for (size_t i = 0; i < length;) {
        cli_character character = cli_character_read(text + i, length - i);
        width += cli_character_form(form, character, text + i);
        i += character.bytes;
    }
    return width;
}
