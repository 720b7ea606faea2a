/* SPDX-License-Identifier: MIT */
/* Words that are drawn with a seed. */
#include "support/index_texts.h"

#include <stdio.h>
#include <string.h>

#include "base/hash.h"
#include "support/random.h"

void index_text_make(index_text *made, const char *id, unsigned version)
{
    test_random random;
    size_t length = 0;
    snprintf(made->id, sizeof made->id, "%s", id);
    snprintf(made->version, sizeof made->version, "%u", version);
    test_random_init(&random, ndup__mix64(ndup__hash_bytes(id, strlen(id), 0)) + version);
    for (unsigned i = 0; i < INDEX_TEXT_WORDS; i++) {
        length += (size_t)snprintf(made->text + length, sizeof made->text - length, "word%u ",
                                   (unsigned)test_random_below(&random, 100000));
    }
    made->document = (ndup_document){.id = {made->id, strlen(made->id)},
                                     .url = {made->version, strlen(made->version)},
                                     .text = {made->text, length}};
}
