/* SPDX-License-Identifier: MIT */
/* Counting shingles over a shard of the texts that a run over all would count. */
#include "base/alloc.h"
#include "base/require.h"
#include "dedup/counted_texts.h"
#include "dedup/frequency_table.h"
#include "dedup/wanted.h"
#include "stages/shard_input.h"
#include "stages/stage_output.h"

static void set_bit(uint8_t *bits, size_t i)
{
    bits[i / 8] = (uint8_t)(bits[i / 8] | 1u << (i % 8));
}

/* The members are known from the buckets; documents stand for their classes there. */
static ndup_status take_members(ndup__counted_texts *texts, const ndup__components *components,
                                const ndup__table *table, ndup_error *error)
{
    *texts =
        (ndup__counted_texts){.allocator = table->allocator, .class_count = table->class_count};
    ndup_status status = ndup__allocate_zeroed(texts->allocator, &texts->members,
                                               texts->class_count / 8 + 1, 1, error);
    for (size_t i = 0; i < components->member_count && status == NDUP_STATUS_OK; i++) {
        uint32_t class_number = table->classes[components->members[i]];
        if (table->class_tokens[class_number] <= NDUP__COUNTED_TOKENS_MOST &&
            !ndup__class_bit(texts->members, class_number)) {
            set_bit(texts->members, class_number);
            texts->member_count++;
        }
    }
    return status;
}

/* Leaves the texts of a shard. Which one it is does not matter, so long as each text is of one. */
static void leave_share(uint8_t *texts, size_t count, const ndup_shard_options *options)
{
    for (size_t i = 0; i < count; i++) {
        if (i % options->shards != options->shard) {
            texts[i / 8] = (uint8_t)(texts[i / 8] & ~(1u << (i % 8)));
        }
    }
}

/* The texts of both kinds together. */
static ndup_status gather(ndup__run *run, const ndup__counted_texts *texts, ndup_error *error)
{
    uint8_t *all;
    size_t bytes = texts->class_count / 8 + 1;
    ndup_status status = ndup__allocate_zeroed(run->allocator, &all, bytes, 1, error);
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    for (size_t i = 0; i < bytes; i++) {
        all[i] = texts->members[i] | texts->others[i];
    }
    status = ndup__gather_classes(run, all, error);
    ndup__free(run->allocator, &all, bytes, 1);
    return status;
}

static ndup_status count_texts(ndup_corpus_frequencies *counts, ndup__run *run,
                               ndup__counted_texts *texts, const ndup_shard_options *options,
                               ndup_error *error)
{
    leave_share(texts->members, texts->class_count, options);
    leave_share(texts->others, texts->class_count, options);
    counts->shards[options->shard] = 1;
    if (counts->bits == 0) {
        return NDUP_STATUS_OK;
    }
    ndup_status status = gather(run, texts, error);
    if (status == NDUP_STATUS_OK) {
        status =
            ndup__frequencies_count_texts(&counts->of_members, texts->members, false, run, error);
    }
    return status == NDUP_STATUS_OK
               ? ndup__frequencies_count_texts(&counts->of_others, texts->others, false, run, error)
               : status;
}

static ndup_status count(const char *path, ndup__shard_input *input,
                         const ndup_shard_options *options, ndup_error *error)
{
    ndup__run *run = &input->parts.run;
    ndup__counted_texts texts = {.class_count = 0};
    ndup_corpus_frequencies *counts = NULL;
    ndup_status status = ndup__part_run_take(&input->parts, NULL, NULL, error);
    if (status == NDUP_STATUS_OK) {
        status = ndup__table_rank(&run->table, error);
    }
    if (status == NDUP_STATUS_OK) {
        status =
            ndup__reporter_begin(&run->reporter, NDUP_STAGE_VERIFY, run->table.class_count, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = take_members(&texts, &input->components, &run->table, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = ndup__counted_texts_choose(&texts, &run->table, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = ndup__frequency_table_new(&counts, input->components.dealing, texts.member_count,
                                           options->shards, run->allocator, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = count_texts(counts, run, &texts, options, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = ndup_corpus_frequencies_save(counts, path, error);
    }
    status = ndup__budget_explain(run->budget, status, error);
    ndup_corpus_frequencies_free(counts);
    ndup__counted_texts_deinit(&texts);
    return status;
}

ndup_status ndup_count_shard(const char *path, const ndup_shard_options *options,
                             const ndup_hooks *hooks, ndup_error *error)
{
    ndup__shard_input input = {.components = {.count = 0}};
    ndup_status status = NDUP__REQUIRE(error, "path", path);
    if (status == NDUP_STATUS_OK) {
        status = ndup__shard_input_open(&input, options, hooks, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = ndup__stage_output_check(path, &ndup__count_kind, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = count(path, &input, options, error);
    }
    ndup__shard_input_close(&input);
    return status;
}
