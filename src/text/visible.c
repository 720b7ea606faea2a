/* SPDX-License-Identifier: MIT */
/* Decoding, escaping and measuring text for terminals. */
#include "neardup/visible.h"

#include <stdio.h>
#include <string.h>

#include "text/utf8.h"
#include "text/width_tables.h"

ndup_character ndup_character_read(ndup_text text)
{
    uint64_t damaged = 0;
    ndup_character character = {0, 0, false};
    if (text.length > 0 && text.bytes != NULL) {
        character.bytes = ndup__utf8_read(&character.code, text.bytes, text.length, &damaged);
    }
    if (damaged > 0) { /* each byte is shown */
        character = (ndup_character){(unsigned char)text.bytes[0], 1, true};
    }
    return character;
}

/* Characters that change what stands around them: C0 and C1 controls, marks and overrides of
 * direction, line and paragraph separators, interlinear annotations, tags. */
static bool is_steering(uint32_t code)
{
    static const struct {
        uint32_t first, last;
    } ranges[] = {{0x00, 0x1F},     {0x7F, 0x9F},     {0x061C, 0x061C},
                  {0x200E, 0x200F}, {0x2028, 0x202E}, {0x2066, 0x2069},
                  {0xFEFF, 0xFEFF}, {0xFFF9, 0xFFFB}, {0xE0000, 0xE007F}};
    for (size_t i = 0; i < sizeof ranges / sizeof *ranges; i++) {
        if (code >= ranges[i].first && code <= ranges[i].last) {
            return true;
        }
    }
    return false;
}

/* Columns of a printed character. */
static unsigned code_width(uint32_t code)
{
    size_t low = 0;
    size_t high = ndup__width_range_count;
    if (code < ndup__width_ranges[0].first) {
        return 1;
    }
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (ndup__width_ranges[middle].last < code) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    bool found = low < ndup__width_range_count && ndup__width_ranges[low].first <= code;
    return found ? ndup__width_ranges[low].columns : 1;
}

static unsigned escape(char *form, const ndup_character *character)
{
    unsigned code = character->code;
    if (!character->damaged && (code == '\n' || code == '\t')) {
        return (unsigned)snprintf(form, NDUP_VISIBLE_BYTES, code == '\n' ? "\\n" : "\\t");
    }
    if (character->damaged || code < 0x80) {
        return (unsigned)snprintf(form, NDUP_VISIBLE_BYTES, "\\x%02x", code);
    }
    return (unsigned)snprintf(form, NDUP_VISIBLE_BYTES, code < 0x10000 ? "\\u%04x" : "\\U%08x",
                              code);
}

unsigned ndup_character_visible(char *form, ndup_character *character, ndup_text text)
{
    char unseen[NDUP_VISIBLE_BYTES];
    ndup_character own;
    form = form != NULL ? form : unseen;
    character = character != NULL ? character : &own;
    *character = ndup_character_read(text);
    if (character->damaged || (character->bytes > 0 && is_steering(character->code))) {
        return escape(form, character);
    }
    if (character->bytes > 0) {
        memcpy(form, text.bytes, character->bytes);
    }
    form[character->bytes] = '\0';
    return character->bytes > 0 ? code_width(character->code) : 0;
}
