/* SPDX-License-Identifier: MIT */
/* Forms are filled with other figures each day, so a figure stands for all. */
#include "story/phrases.h"

#include "base/alloc.h"
#include "base/hash.h"
#include "passage/passage_text.h"
#include "text/utf8.h"

#define ANY_FIGURE 1
#define MULTIPLIER 0xD6E8FEB86659FD93u /* odd, and random else */

bool ndup__token_is_character(ndup_text text, const ndup__tokens *tokens, size_t token)
{
    uint32_t c;
    uint64_t replaced = 0;
    size_t at = tokens->starts[token];
    if ((unsigned char)text.bytes[at] < 0x80) {
        return false;
    }
    ndup__utf8_read(&c, text.bytes + at, text.length - at, &replaced);
    return ndup__script_weight(c) < NDUP__WORD_WEIGHT;
}

static uint64_t form_hash(ndup_text text, const ndup__tokens *tokens, size_t token)
{
    char first = text.bytes[tokens->starts[token]];
    return first >= '0' && first <= '9' ? ANY_FIGURE : tokens->hashes[token];
}

/* Tokens of the phrase that begins with a token; 0: none does. */
static size_t tokens_of_phrase(ndup_text text, const ndup__tokens *tokens, size_t first,
                               bool is_title)
{
    bool is_character = ndup__token_is_character(text, tokens, first);
    size_t count = is_character ? NDUP__PHRASE_CHARACTERS : NDUP__PHRASE_WORDS;
    bool is_whole = is_title && first == 0 && tokens->count < count;
    return is_whole ? tokens->count : first + count <= tokens->count ? count : 0;
}

ndup_status ndup__phrases_add(ndup__phrase_list *list, ndup_text text, const ndup__tokens *tokens,
                              uint32_t base, bool is_title, uint64_t source, ndup_error *error)
{
    ndup_status status = ndup__reserve(list->allocator, &list->items, &list->capacity,
                                       list->count + tokens->count, sizeof *list->items, error);
    for (size_t i = 0; i < tokens->count && status == NDUP_STATUS_OK; i++) {
        size_t count = tokens_of_phrase(text, tokens, i, is_title);
        uint64_t hash = source + count;
        for (size_t k = 0; k < count; k++) {
            hash = (hash ^ form_hash(text, tokens, i + k)) * MULTIPLIER;
        }
        if (count > 0) {
            list->items[list->count++] =
                (ndup__phrase){ndup__mix64(hash), base + (uint32_t)i, (uint32_t)count};
        }
    }
    return status;
}

void ndup__phrases_deinit(ndup__phrase_list *list)
{
    ndup__free(list->allocator, &list->items, list->capacity, sizeof *list->items);
}
