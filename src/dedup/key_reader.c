/* SPDX-License-Identifier: MIT */
/* Keys of single texts: those of the bands, as ndup__buckets_build makes them. */
#include "neardup/text_keys.h"

#include "base/alloc.h"
#include "base/error.h"
#include "base/require.h"
#include "dedup/text_sketch.h"
#include "lsh/bands.h"

struct ndup_key_reader {
    ndup_allocator allocator;
    ndup_sketcher *sketcher;
    ndup_bands bands;
    ndup__text_sketch sketch;
    ndup__stopwatch watch; /* does not run */
    uint8_t *row;          /* [ndup__row_bytes] */
    uint32_t *band_keys;   /* [bands.bands] */
    uint64_t *keys;        /* [bands.bands] */
};

static ndup_status check(const ndup_dedup_options *options, ndup_error *error)
{
    ndup_status status = ndup__options_check(options, error);
    const char *wrong = options->rule != NDUP_RULE_JACCARD            ? "a rule of containment"
                        : options->exact                              ? "the exact join"
                        : options->cluster == NDUP_CLUSTER_COMPONENTS ? "clusters of components"
                                                                      : NULL;
    return status == NDUP_STATUS_OK && wrong != NULL
               ? ndup__fail(error, NDUP_STATUS_INVALID,
                            "%s compares texts that have no key in common: run it in one process",
                            wrong)
               : status;
}

static ndup_status init_reader(ndup_key_reader *reader, const ndup_dedup_options *options,
                               ndup_error *error)
{
    ndup__shingling shingling = ndup__options_shingling(options);
    ndup_status status = ndup__options_sketcher(&reader->sketcher, &reader->bands, options, error);
    if (status == NDUP_STATUS_OK) {
        status = ndup__text_sketch_init(&reader->sketch, &shingling, reader->sketcher,
                                        &reader->allocator, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = ndup__allocate_zeroed(&reader->allocator, &reader->row,
                                       ndup__row_bytes(reader->sketcher), 1, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = ndup__allocate_zeroed(&reader->allocator, &reader->band_keys, reader->bands.bands,
                                       sizeof *reader->band_keys, error);
    }
    return status == NDUP_STATUS_OK
               ? ndup__allocate_zeroed(&reader->allocator, &reader->keys, reader->bands.bands,
                                       sizeof *reader->keys, error)
               : status;
}

ndup_status ndup_key_reader_new(ndup_key_reader **out, const ndup_dedup_options *options,
                                ndup_error *error)
{
    ndup_status status = NDUP__REQUIRE(error, "reader", out);
    ndup_dedup_options defaults;
    ndup_key_reader *reader = NULL;
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    *out = NULL;
    if (options == NULL) {
        status = ndup_dedup_options_init(&defaults, NULL, error);
        options = &defaults;
    }
    if (status == NDUP_STATUS_OK) {
        status = check(options, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = ndup__allocate_zeroed(options->allocator, &reader, 1, sizeof *reader, error);
    }
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    reader->allocator = *ndup__allocator(options->allocator);
    status = init_reader(reader, options, error);
    if (status != NDUP_STATUS_OK) {
        ndup_key_reader_free(reader);
        return status;
    }
    *out = reader;
    return NDUP_STATUS_OK;
}

void ndup_key_reader_free(ndup_key_reader *reader)
{
    if (reader == NULL) {
        return;
    }
    ndup_allocator allocator = reader->allocator;
    size_t bands = reader->bands.bands;
    if (reader->sketch.allocator != NULL) {
        ndup__text_sketch_deinit(&reader->sketch);
    }
    ndup__free(&allocator, &reader->keys, bands, sizeof *reader->keys);
    ndup__free(&allocator, &reader->band_keys, bands, sizeof *reader->band_keys);
    if (reader->sketcher != NULL) {
        ndup__free(&allocator, &reader->row, ndup__row_bytes(reader->sketcher), 1);
    }
    ndup_sketcher_free(reader->sketcher);
    ndup__free(&allocator, &reader, 1, sizeof *reader);
}

unsigned ndup_key_reader_count(const ndup_key_reader *reader)
{
    return reader != NULL ? reader->bands.bands : 0;
}

/* Texts of one class have the same sketch, and so the same keys. The number of the band stands
 * above its key, so that keys of two bands are never the same. */
static void take_bands(ndup_key_reader *reader)
{
    unsigned bands = reader->bands.bands;
    ndup__row_pack(reader->sketcher, reader->row, reader->sketch.state);
    ndup__band_keys(reader->band_keys, 1, reader->sketcher, reader->row, 0, bands,
                    reader->bands.rows);
    for (unsigned i = 0; i < bands; i++) {
        reader->keys[i] = ndup__mix64((uint64_t)(i + 1) << 32 | reader->band_keys[i]);
    }
}

/* A sketch of no words, or of damaged ones, says nothing. */
static void take_class(ndup_key_reader *reader, ndup_text text)
{
    ndup__hash128 class = ndup__text_sketch_class(&reader->sketch, text);
    for (unsigned i = 0; i < reader->bands.bands; i++) {
        reader->keys[i] = class.low;
    }
}

ndup_status ndup_text_keys(const uint64_t **keys, ndup_key_reader *reader, ndup_text text,
                           ndup_error *error)
{
    ndup_status status = NDUP__REQUIRE(error, "keys", keys, "reader", reader);
    if (status == NDUP_STATUS_OK) {
        status = ndup__require_text(text, error);
    }
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    reader->sketch.watch = &reader->watch;
    status = ndup__text_sketch_make(&reader->sketch, text, error);
    if (status == NDUP_STATUS_OK && reader->sketch.reading == NDUP_READING_WORDS) {
        take_bands(reader);
    } else if (status == NDUP_STATUS_OK) {
        take_class(reader, text);
    }
    *keys = reader->keys;
    return status;
}
