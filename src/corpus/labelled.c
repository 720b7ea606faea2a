/* SPDX-License-Identifier: MIT */
/* UTF-8 first, then what the label says. */
#include "corpus/labelled.h"

#include <stdbool.h>
#include <string.h>

ndup_status ndup__labelled_decode(ndup_text *utf8, uint64_t *replaced, const ndup__charset *charset,
                                  ndup__arena *arena, ndup_text bytes, ndup_error *error)
{
    ndup__charset_decoder decoder = {.allocator = arena->allocator};
    const ndup__charset *utf8_charset = ndup__charset_utf8();
    bool has_escapes = bytes.length > 0 && memchr(bytes.bytes, 0x1B, bytes.length) != NULL;
    ndup_status status =
        ndup__charset_decode(utf8, &decoder, utf8_charset, bytes.bytes, bytes.length, error);
    if (status == NDUP_STATUS_OK && (decoder.replaced > 0 || has_escapes) &&
        charset != utf8_charset) {
        status = ndup__charset_decode(utf8, &decoder, charset, bytes.bytes, bytes.length, error);
    }
    if (status == NDUP_STATUS_OK && decoder.bytes != NULL && utf8->bytes == decoder.bytes) {
        char *copy;
        status = ndup__arena_copy(arena, &copy, utf8->bytes, utf8->length, error);
        utf8->bytes = copy;
    }
    *replaced += decoder.replaced;
    ndup__charset_decoder_deinit(&decoder);
    return status;
}
