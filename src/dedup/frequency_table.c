/* SPDX-License-Identifier: MIT */
/* Making, adding, using and keeping counts of shares. */
#include "dedup/frequency_table.h"

#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/require.h"
#include "base/section_file.h"

/* The section "header" of a file of counts; all else is bytes. */
typedef struct table_header {
    uint64_t corpus;
    uint32_t bits;
    uint32_t shard_count;
} table_header;

/* More are not believed. */
#define SHARDS_MOST ((uint32_t)1 << 20)

const ndup__section_kind ndup__count_kind = {"NDUPFREQ", 1, "counts of a corpus"};

ndup_status ndup__frequency_table_new(ndup_corpus_frequencies **table, uint64_t corpus,
                                      size_t members, uint32_t shard_count,
                                      const ndup_allocator *allocator, ndup_error *error)
{
    unsigned bits = members > 0 ? ndup__frequency_bits(members) : 0;
    ndup_status status = ndup__allocate_zeroed(allocator, table, 1, sizeof **table, error);
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    **table = (ndup_corpus_frequencies){.allocator = allocator,
                                        .corpus = corpus,
                                        .bits = bits,
                                        .shard_count = shard_count,
                                        .of_members = {.allocator = allocator},
                                        .of_others = {.allocator = allocator}};
    status = ndup__allocate_zeroed(allocator, &(*table)->shards, shard_count, 1, error);
    if (status == NDUP_STATUS_OK && bits > 0) {
        status = ndup__frequencies_make(&(*table)->of_members, bits, error);
    }
    if (status == NDUP_STATUS_OK && bits > 0) {
        status = ndup__frequencies_make(&(*table)->of_others, bits, error);
    }
    if (status != NDUP_STATUS_OK) {
        ndup_corpus_frequencies_free(*table);
        *table = NULL;
    }
    return status;
}

static unsigned sum(const ndup__frequencies *a, const ndup__frequencies *b, size_t slot)
{
    unsigned count = (unsigned)atomic_load_explicit(&a->counters[slot], memory_order_relaxed) +
                     atomic_load_explicit(&b->counters[slot], memory_order_relaxed);
    return count < NDUP__FREQUENCY_MOST ? count : NDUP__FREQUENCY_MOST;
}

static void add_counters(ndup__frequencies *to, const ndup__frequencies *from)
{
    for (size_t i = 0; i < to->counter_count; i++) {
        atomic_store_explicit(&to->counters[i], (uint8_t)sum(to, from, i), memory_order_relaxed);
    }
}

static ndup_status check_shards(const ndup_corpus_frequencies *a, const ndup_corpus_frequencies *b,
                                ndup_error *error)
{
    if (a->corpus != b->corpus || a->bits != b->bits || a->shard_count != b->shard_count) {
        return ndup__fail(error, NDUP_STATUS_INVALID,
                          "counts of different corpora, or of %u and of %u shares: they cannot be "
                          "put together",
                          a->shard_count, b->shard_count);
    }
    for (uint32_t i = 0; i < a->shard_count; i++) {
        if (a->shards[i] && b->shards[i]) {
            return ndup__fail(error, NDUP_STATUS_INVALID, "counts of share %u/%u are given twice",
                              i + 1, a->shard_count);
        }
    }
    return NDUP_STATUS_OK;
}

ndup_status ndup_corpus_frequencies_merge(ndup_corpus_frequencies *frequencies,
                                          const ndup_corpus_frequencies *others, ndup_error *error)
{
    ndup_status status = NDUP__REQUIRE(error, "frequencies", frequencies, "others", others);
    if (status == NDUP_STATUS_OK) {
        status = check_shards(frequencies, others, error);
    }
    if (status == NDUP_STATUS_OK) {
        for (uint32_t i = 0; i < frequencies->shard_count; i++) {
            frequencies->shards[i] |= others->shards[i];
        }
        add_counters(&frequencies->of_members, &others->of_members);
        add_counters(&frequencies->of_others, &others->of_others);
    }
    return status;
}

ndup_status ndup__frequency_table_use(const ndup_corpus_frequencies *table,
                                      ndup__frequencies *frequencies, ndup_error *error)
{
    for (uint32_t i = 0; i < table->shard_count; i++) {
        if (!table->shards[i]) {
            return ndup__fail(error, NDUP_STATUS_INVALID, "counts of share %u/%u are missing",
                              i + 1, table->shard_count);
        }
    }
    if (table->bits == 0) {
        return NDUP_STATUS_OK;
    }
    ndup_status status = ndup__frequencies_make(frequencies, table->bits, error);
    for (size_t i = 0; i < table->of_members.counter_count && status == NDUP_STATUS_OK; i++) {
        bool is_known =
            atomic_load_explicit(&table->of_members.counters[i], memory_order_relaxed) > 0;
        unsigned count = is_known ? sum(&table->of_members, &table->of_others, i) : 0;
        atomic_store_explicit(&frequencies->counters[i], (uint8_t)count, memory_order_relaxed);
    }
    return status;
}

ndup_status ndup__frequencies_take(ndup__frequencies *frequencies, const ndup__run *run,
                                   const ndup__buckets *buckets, ndup_error *error)
{
    ndup__counted_texts texts;
    *frequencies = (ndup__frequencies){.allocator = run->allocator};
    ndup_status status = ndup__counted_texts_find(&texts, run, buckets, error);
    if (status == NDUP_STATUS_OK) {
        ndup__frequencies_take_members(frequencies, &texts);
        status = ndup__frequency_table_use(run->options->frequencies, frequencies, error);
    }
    ndup__counted_texts_deinit(&texts);
    return status;
}

ndup_status ndup_corpus_frequencies_save(const ndup_corpus_frequencies *frequencies,
                                         const char *path, ndup_error *error)
{
    ndup__section_writer writer = {.kind = NULL};
    ndup_status status = NDUP__REQUIRE(error, "frequencies", frequencies, "path", path);
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    const table_header header = {frequencies->corpus, frequencies->bits, frequencies->shard_count};
    const ndup__frequencies *sides[] = {&frequencies->of_members, &frequencies->of_others};
    status =
        ndup__section_writer_open(&writer, path, &ndup__count_kind, frequencies->allocator, error);
    if (status == NDUP_STATUS_OK) {
        status = ndup__section_put(&writer, "header", &header, sizeof header, error);
    }
    if (status == NDUP_STATUS_OK) {
        status =
            ndup__section_put(&writer, "shards", frequencies->shards, header.shard_count, error);
    }
    for (int i = 0; i < 2 && status == NDUP_STATUS_OK; i++) {
        status =
            ndup__section_put(&writer, i == 0 ? "members" : "others",
                              (const void *)sides[i]->counters, sides[i]->counter_count, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = ndup__section_writer_commit(&writer, error);
    }
    ndup__section_writer_end(&writer);
    return status;
}

static ndup_status read_header(const table_header **header, ndup__section_file *file,
                               ndup_error *error)
{
    ndup_status status = ndup__section_items(header, 1, sizeof **header, file, "header", error);
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    bool is_sound = (*header)->shard_count <= SHARDS_MOST &&
                    ((*header)->bits == 0 || ndup__frequency_bits_are_sound((*header)->bits));
    return is_sound ? NDUP_STATUS_OK
                    : ndup__section_fail(file, "header", "numbers out of range", error);
}

static ndup_status read_counters(ndup__frequencies *side, unsigned bits, ndup__section_file *file,
                                 const char *name, ndup_error *error)
{
    const uint8_t *counters;
    ndup_status status =
        ndup__section_items(&counters, bits > 0 ? (size_t)1 << bits : 0, 1, file, name, error);
    if (status == NDUP_STATUS_OK && bits > 0) {
        status = ndup__frequencies_make(side, bits, error);
    }
    if (status == NDUP_STATUS_OK && bits > 0) {
        memcpy((void *)side->counters, counters, side->counter_count);
    }
    return status;
}

static ndup_status read_table(ndup_corpus_frequencies *table, ndup__section_file *file,
                              ndup_error *error)
{
    const table_header *header;
    const uint8_t *shards;
    ndup_status status = read_header(&header, file, error);
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    table->corpus = header->corpus;
    table->bits = header->bits;
    table->of_members.allocator = table->of_others.allocator = table->allocator;
    status = ndup__section_items(&shards, header->shard_count, 1, file, "shards", error);
    if (status == NDUP_STATUS_OK) {
        status =
            ndup__allocate_zeroed(table->allocator, &table->shards, header->shard_count, 1, error);
    }
    if (status == NDUP_STATUS_OK) {
        table->shard_count = header->shard_count;
        memcpy(table->shards, shards, header->shard_count);
        status = read_counters(&table->of_members, table->bits, file, "members", error);
    }
    return status == NDUP_STATUS_OK
               ? read_counters(&table->of_others, table->bits, file, "others", error)
               : status;
}

ndup_status ndup_corpus_frequencies_open(ndup_corpus_frequencies **frequencies, const char *path,
                                         const ndup_allocator *allocator, ndup_error *error)
{
    ndup__section_file file = {.allocator = allocator};
    ndup_corpus_frequencies *table = NULL;
    ndup_status status = NDUP__REQUIRE(error, "frequencies", frequencies, "path", path);
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    *frequencies = NULL;
    status = ndup__section_file_open(&file, path, &ndup__count_kind, allocator, error);
    if (status == NDUP_STATUS_OK) {
        status = ndup__allocate_zeroed(allocator, &table, 1, sizeof *table, error);
    }
    if (status == NDUP_STATUS_OK) {
        table->allocator = allocator;
        status = read_table(table, &file, error);
    }
    if (status == NDUP_STATUS_OK) {
        *frequencies = table;
    } else {
        ndup_corpus_frequencies_free(table);
    }
    ndup__section_file_close(&file);
    return status;
}

void ndup_corpus_frequencies_free(ndup_corpus_frequencies *frequencies)
{
    if (frequencies != NULL) {
        ndup__frequencies_deinit(&frequencies->of_members);
        ndup__frequencies_deinit(&frequencies->of_others);
        ndup__free(frequencies->allocator, &frequencies->shards, frequencies->shard_count, 1);
        ndup__free(frequencies->allocator, &frequencies, 1, sizeof *frequencies);
    }
}
