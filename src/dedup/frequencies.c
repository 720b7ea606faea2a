/* SPDX-License-Identifier: MIT */
/* Counting shingles over the corpus, in two passes: the members first, then what other texts of
 * their sources have of them: what stands on every page of a site is nobody's own. */
#include "dedup/frequencies.h"

#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/pulse.h"

#define GRAIN 32
/* Counters are shared by hash, and of a family of five one count too many is half of it: so there
 * are ten or more for each shingle, up to 60,000 members. */
#define COUNTER_BITS_LEAST 16
#define COUNTER_BITS_MOST 27 /* 128 MiB */
#define COUNTERS_PER_MEMBER 2048

/* Of each source so many texts, or a few more, tell what stands on its pages. */
#define TEXTS_PER_SOURCE 64

/* Longer texts are counted in no run: they would be held whole, with all their shingles. */
#define TOKENS_MOST ((uint32_t)1 << 20)

#define MET_BITS 13

typedef struct source_texts {
    uint32_t others;  /* texts that are no members */
    bool has_members; /* only then are the others read */
} source_texts;

typedef struct counting {
    ndup__frequencies *frequencies;
    const ndup__run *run;
    ndup__set_reader *readers; /* [workers] */
    source_texts *sources;     /* [source_names.count] */
    bool of_members;           /* else of the others */
    ndup__pulse pulse;
} counting;

uint64_t ndup__frequency_hash_most(size_t shingles)
{
    unsigned shift = 0;
    while (shingles >= 2 * NDUP__FREQUENCY_SAMPLE) {
        shingles /= 2;
        shift++;
    }
    return UINT64_MAX >> shift;
}

/* Marks the classes in two buckets of NDUP__FORM_BUCKET or more: texts that are unlike meet in one
 * by chance. Returns how many. */
static size_t mark_members(uint8_t *members, uint8_t *sizes, const ndup__buckets *buckets,
                           const uint32_t *tokens)
{
    size_t count = 0;
    for (size_t i = 0; i < buckets->membership_count; i++) {
        uint8_t *size = &sizes[buckets->buckets[i]];
        *size = (uint8_t)(*size < NDUP__FORM_BUCKET ? *size + 1 : *size);
    }
    for (size_t row = 0; row < buckets->row_count; row++) {
        unsigned large = 0;
        for (uint64_t i = buckets->starts[row]; i < buckets->starts[row + 1]; i++) {
            large += sizes[buckets->buckets[i]] >= NDUP__FORM_BUCKET;
        }
        bool is_member = large >= 2 && tokens[row] <= TOKENS_MOST;
        members[row >> 3] |= (uint8_t)(is_member << (row & 7));
        count += is_member;
    }
    return count;
}

static ndup_status find_members(ndup__frequencies *frequencies, size_t *count, const ndup__run *run,
                                const ndup__buckets *buckets, ndup_error *error)
{
    uint8_t *sizes = NULL;
    ndup_status status = ndup__allocate_zeroed(frequencies->allocator, &frequencies->members,
                                               frequencies->class_count / 8 + 1, 1, error);
    *count = 0;
    if (status == NDUP_STATUS_OK && run->options->exact) { /* nothing is known of buckets */
        for (size_t i = 0; i < frequencies->class_count; i++) {
            bool is_member = run->table.class_tokens[i] <= TOKENS_MOST;
            frequencies->members[i >> 3] |= (uint8_t)(is_member << (i & 7));
            *count += is_member;
        }
    } else if (status == NDUP_STATUS_OK) {
        status =
            ndup__allocate_zeroed(frequencies->allocator, &sizes, buckets->bucket_count, 1, error);
        if (status == NDUP_STATUS_OK) {
            *count = mark_members(frequencies->members, sizes, buckets, run->table.class_tokens);
        }
        ndup__free(frequencies->allocator, &sizes, buckets->bucket_count, 1);
    }
    return status;
}

static source_texts *source_of(const counting *now, uint32_t class_number)
{
    const ndup__table *table = &now->run->table;
    return &now->sources[table->sources[table->class_documents[class_number]]];
}

/* Whether a text is read in this pass. The choice goes by the text, so that the order of the
 * corpus does not matter. */
static bool is_read(const counting *now, uint32_t class_number)
{
    const ndup__table *table = &now->run->table;
    const source_texts *source = source_of(now, class_number);
    if (ndup__frequencies_has(now->frequencies, class_number) != now->of_members ||
        table->class_tokens[class_number] == 0 || table->class_tokens[class_number] > TOKENS_MOST) {
        return false;
    }
    uint64_t hash = table->text_hashes[table->class_documents[class_number]];
    return now->of_members ||
           (source->has_members && hash <= UINT64_MAX / (source->others / TEXTS_PER_SOURCE + 1));
}

/* Which shingles of a text were met already, by a few bits of their hash: one in a hundred others
 * counts as a repeat by chance, the same one every time. */
typedef struct met_before {
    uint64_t bits[((size_t)1 << MET_BITS) / 64];
} met_before;

static bool meet(met_before *met, uint64_t shingle)
{
    unsigned bit = (unsigned)(shingle * UINT64_C(0x9E3779B97F4A7C15) >> (64 - MET_BITS));
    bool was_met = (met->bits[bit / 64] >> (bit % 64) & 1) != 0;
    met->bits[bit / 64] |= (uint64_t)1 << (bit % 64);
    return was_met;
}

/* Counts one more text, up to the limit. */
static void add(_Atomic uint8_t *counter)
{
    uint8_t seen = atomic_load_explicit(counter, memory_order_relaxed);
    while (seen < NDUP__FREQUENCY_MOST &&
           !atomic_compare_exchange_weak_explicit(counter, &seen, (uint8_t)(seen + 1),
                                                  memory_order_relaxed, memory_order_relaxed)) {
    }
}

void ndup__frequencies_add(const ndup__frequencies *frequencies, const uint64_t *shingles,
                           size_t count, bool only_known)
{
    uint64_t most = ndup__frequency_hash_most(count);
    met_before met = {{0}};
    for (size_t i = 0; i < count; i++) {
        if (shingles[i] > most || meet(&met, shingles[i])) {
            continue;
        }
        if (!only_known || ndup__frequency_of(frequencies, shingles[i]) > 0) {
            add(&frequencies->counters[ndup__frequency_slot(frequencies, shingles[i])]);
        }
    }
}

ndup_status ndup__frequencies_restart(ndup__frequencies *frequencies, size_t classes,
                                      ndup_error *error)
{
    ndup_status status = NDUP_STATUS_OK;
    if (frequencies->counters == NULL) {
        frequencies->counter_count = (size_t)1 << COUNTER_BITS_LEAST;
        frequencies->shift = 64 - COUNTER_BITS_LEAST;
        status = ndup__allocate_zeroed(frequencies->allocator, &frequencies->counters,
                                       frequencies->counter_count, 1, error);
    } else {
        memset((void *)frequencies->counters, 0, frequencies->counter_count);
    }
    if (status == NDUP_STATUS_OK && frequencies->class_count < classes) {
        ndup__free(frequencies->allocator, &frequencies->members,
                   frequencies->members != NULL ? frequencies->class_count / 8 + 1 : 0, 1);
        frequencies->class_count = classes;
        status = ndup__allocate_zeroed(frequencies->allocator, &frequencies->members,
                                       classes / 8 + 1, 1, error);
    }
    if (status == NDUP_STATUS_OK) {
        memset(frequencies->members, 0xFF, classes / 8 + 1);
    }
    return status;
}

static ndup_status count_classes(void *context, size_t begin, size_t end, unsigned worker,
                                 ndup_error *error)
{
    counting *now = context;
    ndup__set_reader *reader = &now->readers[worker];
    ndup_status status = NDUP_STATUS_OK;
    for (size_t i = begin; i < end && status == NDUP_STATUS_OK; i++) {
        size_t count;
        if (!is_read(now, (uint32_t)i)) {
            continue;
        }
        status = ndup__pulse_check(&now->pulse, error);
        if (status == NDUP_STATUS_OK) {
            status = ndup__set_reader_list(reader, &count, now->run, (uint32_t)i, error);
        }
        if (status == NDUP_STATUS_OK) {
            ndup__frequencies_add(now->frequencies, reader->shingles, count, !now->of_members);
        }
    }
    return status;
}

static ndup_status look_at_sources(counting *now, ndup_error *error)
{
    size_t count = now->run->table.source_names.count;
    ndup_status status = ndup__allocate_zeroed(now->run->allocator, &now->sources, count,
                                               sizeof *now->sources, error);
    for (size_t i = 0; status == NDUP_STATUS_OK && i < now->frequencies->class_count; i++) {
        source_texts *source = source_of(now, (uint32_t)i);
        bool is_member = ndup__frequencies_has(now->frequencies, (uint32_t)i);
        source->has_members |= is_member;
        source->others += !is_member;
    }
    return status;
}

static ndup_status count_all(counting *now, ndup_error *error)
{
    const ndup__run *run = now->run;
    unsigned workers = ndup__pool_workers(run->pool);
    ndup_status status =
        ndup__allocate_zeroed(run->allocator, &now->readers, workers, sizeof *now->readers, error);
    for (unsigned i = 0; i < workers && status == NDUP_STATUS_OK; i++) {
        ndup__set_reader_init(&now->readers[i], run->allocator);
    }
    if (status == NDUP_STATUS_OK) {
        status = look_at_sources(now, error);
    }
    ndup__pool_watch(run->pool, run->watches, NDUP_PART_VERIFY);
    for (int pass = 0; pass < 2 && status == NDUP_STATUS_OK; pass++) {
        now->of_members = pass == 0;
        status = ndup__pool_ranges(run->pool, 0, now->frequencies->class_count, GRAIN,
                                   count_classes, now, error);
    }
    ndup__pool_watch(run->pool, NULL, 0);
    for (unsigned i = 0; now->readers != NULL && i < workers; i++) {
        ndup__set_reader_deinit(&now->readers[i]);
    }
    ndup__free(run->allocator, &now->readers, workers, sizeof *now->readers);
    ndup__free(run->allocator, &now->sources, run->table.source_names.count, sizeof *now->sources);
    return status;
}

ndup_status ndup__frequencies_count(ndup__frequencies *frequencies, ndup__run *run,
                                    const ndup__buckets *buckets, ndup_error *error)
{
    size_t members;
    *frequencies =
        (ndup__frequencies){.allocator = run->allocator, .class_count = run->table.class_count};
    ndup_status status = find_members(frequencies, &members, run, buckets, error);
    if (status != NDUP_STATUS_OK || members == 0) {
        return status;
    }
    unsigned bits = COUNTER_BITS_LEAST;
    while (bits < COUNTER_BITS_MOST && ((size_t)1 << bits) / COUNTERS_PER_MEMBER < members) {
        bits++;
    }
    frequencies->counter_count = (size_t)1 << bits;
    frequencies->shift = 64 - bits;
    status = ndup__allocate_zeroed(run->allocator, &frequencies->counters,
                                   frequencies->counter_count, 1, error);
    if (status == NDUP_STATUS_OK) {
        ndup__hint_large(frequencies->counters, frequencies->counter_count);
        counting now = {.frequencies = frequencies,
                        .run = run,
                        .pulse = {.beat = ndup__reporter_beat, .context = &run->reporter}};
        status = count_all(&now, error);
    }
    return status;
}

ndup_status ndup__frequencies_mark(uint8_t *classes, ndup__run *run, const ndup__buckets *buckets,
                                   ndup_error *error)
{
    ndup__frequencies frequencies = {.allocator = run->allocator,
                                     .class_count = run->table.class_count};
    counting now = {.frequencies = &frequencies, .run = run};
    size_t members;
    ndup_status status = find_members(&frequencies, &members, run, buckets, error);
    if (status == NDUP_STATUS_OK && members > 0) {
        frequencies.counter_count = 1; /* without any nobody is a member */
        status = ndup__allocate_zeroed(run->allocator, &frequencies.counters, 1, 1, error);
    }
    if (status == NDUP_STATUS_OK && members > 0) {
        status = look_at_sources(&now, error);
        for (size_t i = 0; i < frequencies.class_count && status == NDUP_STATUS_OK; i++) {
            now.of_members = ndup__frequencies_has(&frequencies, (uint32_t)i);
            classes[i / 8] = (uint8_t)(classes[i / 8] | is_read(&now, (uint32_t)i) << (i % 8));
        }
    }
    ndup__free(run->allocator, &now.sources, run->table.source_names.count, sizeof *now.sources);
    ndup__frequencies_deinit(&frequencies);
    return status;
}

void ndup__frequencies_deinit(ndup__frequencies *frequencies)
{
    if (frequencies->allocator == NULL && frequencies->members == NULL) {
        return;
    }
    ndup__free(frequencies->allocator, &frequencies->counters, frequencies->counter_count, 1);
    ndup__free(frequencies->allocator, &frequencies->members, frequencies->class_count / 8 + 1, 1);
}
