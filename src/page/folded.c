/* SPDX-License-Identifier: MIT */
/* Passages as they will stand in their array: a prefix of it is written. */
#include "page/folded.h"

#include "report/json_out.h"

void ndup__folded_init(ndup__folded *folded, size_t limit, const ndup_allocator *allocator)
{
    *folded = (ndup__folded){.limit = limit};
    ndup__out_init(&folded->out, NULL, allocator);
    folded->out.is_embedded = true;
}

void ndup__folded_deinit(ndup__folded *folded)
{
    ndup__out_deinit(&folded->out);
}

void ndup__folded_reset(ndup__folded *folded)
{
    folded->out.held = 0;
    folded->count = 0;
}

void ndup__json_folded(ndup__out *out, ndup__folded *folded, ndup_text passage)
{
    uint64_t characters = ndup__count_characters(passage);
    if (folded->out.held >= folded->limit) {
        ndup__json_count(out, NULL, characters);
        return;
    }
    passage.length = ndup__cut_at_character(passage, NDUP__FOLDED_BYTES);
    ndup__out_text(&folded->out, folded->count > 0 ? ",\n" : "\n");
    folded->out.needs_comma = false;
    ndup__json_string(&folded->out, NULL, passage);
    ndup__json_open(out, NULL, '{');
    ndup__json_count(out, "left_out", characters);
    ndup__json_count(out, "folded", folded->count++);
    ndup__json_close(out, '}');
}

/* The strings hold no line ends: each ends in front of a comma and one. */
void ndup__json_folded_texts(ndup__out *out, const char *key, const ndup__folded *folded,
                             size_t room)
{
    size_t length = folded->out.held;
    if (length > room) {
        length = room + 1 < length ? room + 1 : room;
        while (length > 0 && folded->out.bytes[length] != '\n') {
            length--;
        }
        length -= length > 0; /* the comma */
    }
    ndup__json_open(out, key, '[');
    if (length > 0) {
        ndup__out_bytes(out, folded->out.bytes, length);
    }
    ndup__json_close(out, ']');
}
