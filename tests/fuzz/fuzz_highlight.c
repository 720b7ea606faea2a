/* SPDX-License-Identifier: MIT */
/* Any two texts side by side: what is marked lies in them, and JSON for a page holds no markup. */
#include "fuzz/fuzz_target.h"

#include <stdlib.h>
#include <string.h>

#include "page/passages.h"

static void check_side(const ndup__marked_text *marked)
{
    ndup__out out;
    ndup__folded folded;
    ndup__out_init(&out, NULL, NULL);
    ndup__folded_init(&folded, 2000, NULL);
    out.is_embedded = true;
    ndup__json_passages(&out, NULL, marked, 0, (ndup__passage_limits){1000, 50}, &folded);
    /* Six bytes for each that is shown, and the frames. */
    if (out.held > 6 * 1000 + 100 + 8 * marked->tokens.count + 40 * folded.count ||
        folded.out.held > 2000 + 6 * NDUP__FOLDED_BYTES + 10) {
        abort();
    }
    ndup__json_folded_texts(&out, NULL, &folded, 3000);
    if (out.held > 0 &&
        (memchr(out.bytes, '<', out.held) != NULL || memchr(out.bytes, '>', out.held) != NULL ||
         memchr(out.bytes, '&', out.held) != NULL)) {
        abort();
    }
    ndup__folded_deinit(&folded);
    ndup__out_deinit(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    size_t cut = size > 0 ? data[0] * size / 256 : 0;
    const char *text = (const char *)data;
    ndup__highlighter highlighter;
    ndup_error error;
    ndup__highlighter_init(&highlighter, NULL);
    ndup__token_mode mode = size % 2 == 0 ? NDUP__TOKEN_WORDS : NDUP__TOKEN_CHARACTERS;
    if (ndup__highlight(&highlighter, mode, (ndup_text){text, cut},
                        (ndup_text){text + cut, size - cut}, &error) != NDUP_STATUS_OK) {
        abort();
    }
    check_side(&highlighter.a);
    check_side(&highlighter.b);
    ndup__highlighter_deinit(&highlighter);
    return 0;
}
