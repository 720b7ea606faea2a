/* SPDX-License-Identifier: MIT */
/* A run up to where frequencies are counted, and what it would count. */
#include "neardup/form_texts.h"

#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/hash.h"
#include "base/require.h"
#include "dedup/counted_texts.h"
#include "dedup/frequency_table.h"
#include "dedup/run_stages.h"
#include "report/sources.h"

struct ndup_form_texts {
    ndup_allocator allocator;
    ndup__arena strings;
    ndup_form_text *items; /* [count] */
    size_t count, capacity;
};

static ndup_status copy_text(ndup_form_texts *texts, const ndup__table *table,
                             const ndup__counted_texts *counted, size_t class_number,
                             ndup_error *error)
{
    uint32_t document = table->class_documents[class_number];
    ndup_text source = table->source_names.rows[table->sources[document]].name;
    char *name;
    uint32_t tokens = table->class_tokens[class_number];
    bool is_member = ndup__class_bit(counted->members, class_number);
    ndup_status status =
        ndup__arena_copy(&texts->strings, &name, source.bytes, source.length, error);
    texts->items[texts->count++] = (ndup_form_text){
        .document = document,
        .is_member = is_member,
        .may_count = !is_member && tokens > 0 && tokens <= NDUP__COUNTED_TOKENS_MOST,
        .text_hash = table->text_hashes[document],
        .source = {name, source.length}};
    return status;
}

static ndup_status copy_texts(ndup_form_texts *texts, const ndup__table *table,
                              const ndup__counted_texts *counted, ndup_error *error)
{
    ndup_status status = ndup__allocate_zeroed(&texts->allocator, &texts->items, table->class_count,
                                               sizeof *texts->items, error);
    texts->capacity = status == NDUP_STATUS_OK ? table->class_count : 0;
    for (size_t i = 0; i < table->class_count && status == NDUP_STATUS_OK; i++) {
        status = copy_text(texts, table, counted, i, error);
    }
    return status;
}

static ndup_status find(ndup_form_texts *texts, ndup__run *run, ndup_error *error)
{
    ndup__judge judge = {.run = NULL};
    ndup__counted_texts counted = {.members = NULL};
    ndup_status status = ndup__run_start(run, error);
    if (status == NDUP_STATUS_OK) {
        status = ndup__first_pass(run, error);
    }
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    status = ndup__judge_init(&judge, run, error);
    if (status == NDUP_STATUS_OK) {
        status = ndup__counted_texts_find(&counted, run, &judge.buckets, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = copy_texts(texts, &run->table, &counted, error);
    }
    ndup__counted_texts_deinit(&counted);
    ndup__judge_deinit(&judge);
    return status;
}

static ndup_status find_within_budget(ndup_form_texts *texts, ndup__run *run, ndup_error *error)
{
    const char *folder = ndup__corpus_options(run->corpus)->temporary_folder;
    ndup_status status =
        ndup__budget_new(&run->budget, run->memory, folder, run->options->allocator, error);
    if (status == NDUP_STATUS_OK) {
        run->allocator = ndup__budget_allocator(run->budget);
        run->strings.allocator = run->allocator;
        status = find(texts, run, error);
        status = ndup__budget_explain(run->budget, status, error);
        ndup__run_end(run);
        ndup__budget_free(run->budget);
    }
    return status;
}

ndup_status ndup_form_texts_find(ndup_form_texts **out, ndup_corpus *corpus,
                                 const ndup_dedup_options *options, const ndup_hooks *hooks,
                                 ndup_error *error)
{
    ndup_form_texts *texts = NULL;
    ndup_status status = NDUP__REQUIRE(error, "texts", out, "corpus", corpus, "options", options);
    if (status == NDUP_STATUS_OK) {
        *out = NULL;
        status = ndup__require_hooks(hooks, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = ndup__options_check(options, error);
    }
    ndup__run run = {.options = options, .corpus = corpus, .reporter = {.hooks = hooks}};
    if (status == NDUP_STATUS_OK) {
        status = ndup__run_reckon(&run, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = ndup__allocate_zeroed(options->allocator, &texts, 1, sizeof *texts, error);
    }
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    texts->allocator = *ndup__allocator(options->allocator);
    texts->strings.allocator = &texts->allocator;
    status = find_within_budget(texts, &run, error);
    if (status == NDUP_STATUS_OK) {
        *out = texts;
    } else {
        ndup_form_texts_free(texts);
    }
    return status;
}

void ndup_form_texts_free(ndup_form_texts *texts)
{
    if (texts != NULL) {
        ndup_allocator allocator = texts->allocator;
        ndup__arena_deinit(&texts->strings);
        ndup__free(&allocator, &texts->items, texts->capacity, sizeof *texts->items);
        ndup__free(&allocator, &texts, 1, sizeof *texts);
    }
}

size_t ndup_form_texts_count(const ndup_form_texts *texts)
{
    return texts != NULL ? texts->count : 0;
}

void ndup_form_texts_get(const ndup_form_texts *texts, size_t i, ndup_form_text *text)
{
    if (text != NULL) {
        *text = i < ndup_form_texts_count(texts) ? texts->items[i] : (ndup_form_text){0};
    }
}

ndup_text ndup_source_name(ndup_text source, ndup_text url)
{
    ndup_document document = {.source = source, .url = url};
    return ndup__source_name(&document);
}

uint64_t ndup_text_hash(ndup_text text)
{
    return ndup__hash_bytes(text.bytes, text.length, 0);
}

unsigned ndup_form_counter_bits(uint64_t members)
{
    return ndup__frequency_bits(members < SIZE_MAX ? (size_t)members : SIZE_MAX);
}

ndup_status ndup_corpus_frequencies_new(ndup_corpus_frequencies **frequencies,
                                        const uint8_t *counters, unsigned bits,
                                        const ndup_allocator *allocator, ndup_error *error)
{
    ndup_status status = NDUP__REQUIRE(error, "frequencies", frequencies, "counters", counters);
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    *frequencies = NULL;
    if (!ndup__frequency_bits_are_sound(bits)) {
        return ndup__fail(error, NDUP_STATUS_INVALID, "counters of 2^%u, must be 2^16 to 2^27",
                          bits);
    }
    size_t members = (size_t)1 << bits >> 11; /* as many as have so many counters */
    status = ndup__frequency_table_new(frequencies, 0, members, 0, allocator, error);
    if (status == NDUP_STATUS_OK) {
        memcpy((void *)(*frequencies)->of_members.counters, counters, (size_t)1 << bits);
    }
    return status;
}
