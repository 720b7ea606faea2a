/* SPDX-License-Identifier: MIT */
/* What follows from the options of an index. */
#include "index/settings.h"

#include "base/alloc.h"
#include "base/error.h"
#include "base/hash.h"
#include "dedup/containers.h"
#include "lsh/bands.h"

#define SECRET_BYTES_MOST 64

/* Share of pairs at the threshold that sifting by sketch may lose. */
#define SIFT_LOSS 0.0005

uint32_t ndup__id_key(ndup_text id)
{
    return (uint32_t)ndup__hash_bytes(id.bytes, id.length, 0);
}

uint32_t ndup__class_key(const uint64_t class_hash[2])
{
    return (uint32_t)(class_hash[0] >> 32);
}

void ndup__settings_band_keys(const ndup__index_settings *settings, uint32_t *keys,
                              const uint8_t *row)
{
    uint32_t *bands = keys + NDUP__TABLE_BANDS;
    ndup__band_keys(bands, 1, settings->sketcher, row, 0, settings->bands.bands,
                    settings->bands.rows);
    for (unsigned i = 0; i < settings->bands.bands; i++) {
        bands[i] = (uint32_t)ndup__mix64(bands[i] ^ settings->secret);
    }
}

static ndup_status fill_agreement(ndup__index_settings *settings, ndup_error *error)
{
    unsigned slots = ndup_sketcher_slots(settings->sketcher);
    ndup_status status = ndup__resize(settings->options.dedup.allocator, &settings->agreement_least,
                                      0, slots + 1, sizeof *settings->agreement_least, error);
    for (unsigned i = 0; i <= slots && status == NDUP_STATUS_OK; i++) {
        settings->agreement_least[i] =
            i + ndup__row_agreement_least(settings->sketcher, slots - i,
                                          settings->options.dedup.matching.threshold, SIFT_LOSS);
    }
    return status;
}

ndup_status ndup__settings_derive(ndup__index_settings *settings, ndup_error *error)
{
    settings->shingling = ndup__options_shingling(&settings->options.dedup);
    settings->row_bytes = ndup__row_bytes(settings->sketcher);
    const ndup_dedup_options *dedup = &settings->options.dedup;
    settings->key_count = NDUP__TABLE_BANDS + settings->bands.bands;
    settings->has_grams = dedup->rule == NDUP_RULE_EITHER;
    settings->tables = settings->key_count + settings->has_grams;
    settings->gram_size = ndup__winnow_size_for(
        ndup__contained_run(dedup->matching.shingle_size, ndup__options_containment(dedup)));
    return fill_agreement(settings, error);
}

ndup_status ndup__settings_check(const ndup_index_options *options, ndup_error *error)
{
    if ((unsigned)options->store > NDUP_INDEX_TEXTS) {
        return ndup__fail(error, NDUP_STATUS_INVALID, "store %d, must be sets, sketches or texts",
                          (int)options->store);
    }
    if (options->store == NDUP_INDEX_SKETCHES && options->dedup.rule != NDUP_RULE_JACCARD) {
        return ndup__fail(error, NDUP_STATUS_INVALID,
                          "sketches alone with the rule %s: what a text contains is not to be seen "
                          "in its sketch",
                          ndup_rule_name(options->dedup.rule));
    }
    if (options->secret.length > SECRET_BYTES_MOST) {
        return ndup__fail(error, NDUP_STATUS_INVALID, "a secret of %zu bytes, must be at most %d",
                          options->secret.length, SECRET_BYTES_MOST);
    }
    if (options->dedup.exact || options->dedup.rule == NDUP_RULE_CONTAINED) {
        return ndup__fail(error, NDUP_STATUS_INVALID,
                          "%s: an index finds what it knows by sketches; rules are jaccard and "
                          "either",
                          options->dedup.exact ? "the exact join" : "the rule contained");
    }
    return ndup__options_check(&options->dedup, error);
}

uint64_t ndup__settings_secret(ndup_text secret)
{
    return secret.length > 0 ? ndup__hash_bytes(secret.bytes, secret.length, 1) | 1 : 0;
}

ndup_status ndup__settings_make(ndup__index_settings *settings, const ndup_index_options *options,
                                ndup_error *error)
{
    ndup_status status = ndup__settings_check(options, error);
    *settings = (ndup__index_settings){.options = *options,
                                       .secret = ndup__settings_secret(options->secret)};
    settings->options.secret = (ndup_text){"", 0};
    if (status == NDUP_STATUS_OK) {
        status =
            ndup__options_sketcher(&settings->sketcher, &settings->bands, &options->dedup, error);
    }
    if (status == NDUP_STATUS_OK) {
        settings->options.dedup.sketch = ndup_sketcher_info(settings->sketcher)->name;
        settings->options.dedup.slots = settings->bands.slots;
        status = ndup__settings_derive(settings, error);
    }
    return status;
}

void ndup__settings_deinit(ndup__index_settings *settings)
{
    if (settings->sketcher != NULL) {
        unsigned slots = ndup_sketcher_slots(settings->sketcher);
        ndup__free(settings->options.dedup.allocator, &settings->agreement_least,
                   settings->agreement_least != NULL ? slots + 1 : 0,
                   sizeof *settings->agreement_least);
    }
    ndup_sketcher_free(settings->sketcher);
    settings->sketcher = NULL;
}
