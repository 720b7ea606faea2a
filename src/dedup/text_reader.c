/* SPDX-License-Identifier: MIT */
/* Single texts, read as a run reads its documents. */
#include "neardup/text.h"

#include "neardup/form_texts.h"

#include "base/alloc.h"
#include "base/bytes.h"
#include "base/require.h"
#include "dedup/counted_texts.h"
#include "dedup/frequencies.h"
#include "dedup/reading.h"
#include "dedup/text_pair.h"
#include "dedup/text_sketch.h"

struct ndup_text_reader {
    ndup_allocator allocator;
    ndup_sketcher *sketcher; /* NULL where no sketches are made */
    ndup__text_sketch sketch;
    ndup__text_pair pair;
    ndup__stopwatch watch; /* does not run */
};

static ndup_status init_reader(ndup_text_reader *reader, const ndup_dedup_options *options,
                               bool sketches, ndup_error *error)
{
    ndup__shingling shingling = ndup__options_shingling(options);
    reader->pair = (ndup__text_pair){
        .allocator = &reader->allocator,
        .shingling = shingling,
        .tokens = {.allocator = &reader->allocator, .seed = shingling.seed},
    };
    ndup_status status = NDUP_STATUS_OK;
    if (sketches) {
        status = ndup_sketcher_new(&reader->sketcher, options->sketch, options->slots,
                                   options->seed, &reader->allocator, error);
    }
    return status == NDUP_STATUS_OK
               ? ndup__text_sketch_init(&reader->sketch, &shingling, reader->sketcher,
                                        &reader->allocator, error)
               : status;
}

ndup_status ndup_text_reader_new(ndup_text_reader **out, const ndup_dedup_options *options,
                                 bool sketches, ndup_error *error)
{
    ndup_status status = NDUP__REQUIRE(error, "reader", out);
    ndup_dedup_options defaults;
    ndup_text_reader *reader = NULL;
    if (status == NDUP_STATUS_OK && options == NULL) {
        *out = NULL;
        status = ndup_dedup_options_init(&defaults, NULL, error);
        options = &defaults;
    }
    if (status == NDUP_STATUS_OK) {
        *out = NULL;
        status = ndup__options_check(options, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = ndup__allocate_zeroed(options->allocator, &reader, 1, sizeof *reader, error);
    }
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    reader->allocator = *ndup__allocator(options->allocator);
    status = init_reader(reader, options, sketches, error);
    if (status != NDUP_STATUS_OK) {
        ndup_text_reader_free(reader);
        return status;
    }
    *out = reader;
    return NDUP_STATUS_OK;
}

void ndup_text_reader_free(ndup_text_reader *reader)
{
    if (reader != NULL) {
        ndup_allocator allocator = reader->allocator;
        if (reader->sketch.allocator != NULL) {
            ndup__text_sketch_deinit(&reader->sketch);
        }
        ndup__text_pair_deinit(&reader->pair);
        ndup_sketcher_free(reader->sketcher);
        ndup__free(&allocator, &reader, 1, sizeof *reader);
    }
}

const ndup_sketcher *ndup_text_reader_sketcher(const ndup_text_reader *reader)
{
    return reader != NULL ? reader->sketcher : NULL;
}

ndup_status ndup_text_read(ndup_read_text *read, ndup_text_reader *reader, ndup_text text,
                           ndup_error *error)
{
    ndup_status status = NDUP__REQUIRE(error, "read", read, "reader", reader);
    if (status == NDUP_STATUS_OK) {
        status = ndup__require_text(text, error);
    }
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    ndup__text_sketch *sketch = &reader->sketch;
    *read = (ndup_read_text){.tokens = 0};
    sketch->watch = &reader->watch;
    status = ndup__text_sketch_make(sketch, text, error);
    if (status == NDUP_STATUS_OK) {
        ndup__hash128 class = ndup__text_sketch_class(sketch, text);
        read->reading = sketch->reading;
        read->tokens = sketch->token_count;
        ndup__store_bytes(read->fingerprint, class.low);
        ndup__store_bytes(read->fingerprint + 8, class.high);
        read->sketch = reader->sketcher != NULL ? sketch->state : NULL;
    }
    return status;
}

ndup_status ndup_text_similarity(double *similarity, ndup_text_reader *reader, ndup_text a,
                                 ndup_text b, ndup_error *error)
{
    ndup_status status = NDUP__REQUIRE(error, "similarity", similarity, "reader", reader);
    if (status == NDUP_STATUS_OK) {
        status = ndup__require_text(a, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = ndup__require_text(b, error);
    }
    return status == NDUP_STATUS_OK
               ? ndup__text_pair_similarity(similarity, &reader->pair, a, b, error)
               : status;
}

ndup_status ndup_text_form_shingles(const uint64_t **shingles, size_t *count,
                                    ndup_text_reader *reader, ndup_text text, ndup_error *error)
{
    ndup__shingle_list *list;
    ndup_status status =
        NDUP__REQUIRE(error, "shingles", shingles, "count", count, "reader", reader);
    if (status == NDUP_STATUS_OK) {
        status = ndup__require_text(text, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = ndup__text_pair_read(&list, &reader->pair, text, error);
    }
    if (status == NDUP_STATUS_OK) {
        const ndup__tokens *tokens = &reader->pair.tokens;
        bool is_counted = tokens->count <= NDUP__COUNTED_TOKENS_MOST &&
                          ndup__reading_of(tokens) == NDUP_READING_WORDS;
        *count =
            is_counted ? ndup__frequency_shingles(list->shingles, list->shingles, list->count) : 0;
        *shingles = list->shingles;
    }
    return status;
}
