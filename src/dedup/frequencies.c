/* SPDX-License-Identifier: MIT */
/* Counting shingles over the corpus, in two passes: the members first, then what other texts of
 * their sources have of them: what stands on every page of a site is nobody's own. */
#include "dedup/frequencies.h"

#include <string.h>

#include "base/alloc.h"
#include "base/pulse.h"

#define GRAIN 32
/* Counters are shared by hash, and of a family of five one count too many is half of it: so there
 * are ten or more for each shingle, up to 60,000 members. */
#define COUNTER_BITS_LEAST 16
#define COUNTER_BITS_MOST 27 /* 128 MiB */
#define COUNTERS_PER_MEMBER 2048

#define MET_BITS 13

typedef struct counting {
    const ndup__frequencies *frequencies;
    const ndup__run *run;
    ndup__set_reader *readers; /* [workers] */
    const uint8_t *texts;      /* bit per class */
    bool only_known;
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

size_t ndup__frequency_shingles(uint64_t *chosen, const uint64_t *shingles, size_t count)
{
    uint64_t most = ndup__frequency_hash_most(count);
    met_before met = {{0}};
    size_t used = 0;
    for (size_t i = 0; i < count; i++) {
        if (shingles[i] <= most && !meet(&met, shingles[i])) {
            chosen[used++] = shingles[i];
        }
    }
    return used;
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

static bool is_counted(const counting *now, size_t class_number)
{
    uint32_t tokens = now->run->table.class_tokens[class_number];
    return ndup__class_bit(now->texts, class_number) && tokens > 0 &&
           tokens <= NDUP__COUNTED_TOKENS_MOST;
}

static ndup_status count_classes(void *context, size_t begin, size_t end, unsigned worker,
                                 ndup_error *error)
{
    counting *now = context;
    ndup__set_reader *reader = &now->readers[worker];
    ndup_status status = NDUP_STATUS_OK;
    for (size_t i = begin; i < end && status == NDUP_STATUS_OK; i++) {
        size_t count;
        if (!is_counted(now, i)) {
            continue;
        }
        status = ndup__pulse_check(&now->pulse, error);
        if (status == NDUP_STATUS_OK) {
            status = ndup__set_reader_list(reader, &count, now->run, (uint32_t)i, error);
        }
        if (status == NDUP_STATUS_OK) {
            ndup__frequencies_add(now->frequencies, reader->shingles, count, now->only_known);
        }
    }
    return status;
}

ndup_status ndup__frequencies_count_texts(const ndup__frequencies *frequencies,
                                          const uint8_t *texts, bool only_known, ndup__run *run,
                                          ndup_error *error)
{
    unsigned workers = ndup__pool_workers(run->pool);
    counting now = {.frequencies = frequencies,
                    .run = run,
                    .texts = texts,
                    .only_known = only_known,
                    .pulse = {.beat = ndup__reporter_beat, .context = &run->reporter}};
    ndup_status status =
        ndup__allocate_zeroed(run->allocator, &now.readers, workers, sizeof *now.readers, error);
    for (unsigned i = 0; i < workers && status == NDUP_STATUS_OK; i++) {
        ndup__set_reader_init(&now.readers[i], run->allocator);
    }
    if (status == NDUP_STATUS_OK) {
        ndup__pool_watch(run->pool, run->watches, NDUP_PART_VERIFY);
        status = ndup__pool_ranges(run->pool, 0, run->table.class_count, GRAIN, count_classes, &now,
                                   error);
        ndup__pool_watch(run->pool, NULL, 0);
    }
    for (unsigned i = 0; now.readers != NULL && i < workers; i++) {
        ndup__set_reader_deinit(&now.readers[i]);
    }
    ndup__free(run->allocator, &now.readers, workers, sizeof *now.readers);
    return status;
}

unsigned ndup__frequency_bits(size_t members)
{
    unsigned bits = COUNTER_BITS_LEAST;
    while (bits < COUNTER_BITS_MOST && ((size_t)1 << bits) / COUNTERS_PER_MEMBER < members) {
        bits++;
    }
    return bits;
}

bool ndup__frequency_bits_are_sound(unsigned bits)
{
    return bits >= COUNTER_BITS_LEAST && bits <= COUNTER_BITS_MOST;
}

ndup_status ndup__frequencies_make(ndup__frequencies *frequencies, unsigned bits, ndup_error *error)
{
    frequencies->counter_count = (size_t)1 << bits;
    frequencies->shift = 64 - bits;
    ndup_status status = ndup__allocate_zeroed(frequencies->allocator, &frequencies->counters,
                                               frequencies->counter_count, 1, error);
    if (status == NDUP_STATUS_OK) {
        ndup__hint_large(frequencies->counters, frequencies->counter_count);
    }
    return status;
}

void ndup__frequencies_take_members(ndup__frequencies *frequencies, ndup__counted_texts *texts)
{
    *frequencies = (ndup__frequencies){.allocator = texts->allocator,
                                       .members = texts->members,
                                       .class_count = texts->class_count};
    texts->members = NULL;
}

/* The members first, then what others have of theirs. */
static ndup_status count_all(ndup__frequencies *frequencies, ndup__run *run,
                             ndup__counted_texts *texts, ndup_error *error)
{
    ndup_status status = ndup__counted_texts_choose(texts, &run->table, error);
    size_t members = texts->member_count;
    ndup__frequencies_take_members(frequencies, texts);
    if (status == NDUP_STATUS_OK && members > 0) {
        status = ndup__frequencies_make(frequencies, ndup__frequency_bits(members), error);
    }
    if (status == NDUP_STATUS_OK && members > 0) {
        status =
            ndup__frequencies_count_texts(frequencies, frequencies->members, false, run, error);
    }
    if (status == NDUP_STATUS_OK && members > 0) {
        status = ndup__frequencies_count_texts(frequencies, texts->others, true, run, error);
    }
    return status;
}

ndup_status ndup__frequencies_count(ndup__frequencies *frequencies, ndup__run *run,
                                    const ndup__buckets *buckets, ndup_error *error)
{
    ndup__counted_texts texts;
    *frequencies = (ndup__frequencies){.allocator = run->allocator};
    ndup_status status = ndup__counted_texts_find(&texts, run, buckets, error);
    if (status == NDUP_STATUS_OK) {
        status = count_all(frequencies, run, &texts, error);
    }
    ndup__counted_texts_deinit(&texts);
    return status;
}

ndup_status ndup__frequencies_mark(uint8_t *classes, ndup__run *run, const ndup__buckets *buckets,
                                   ndup_error *error)
{
    ndup__counted_texts texts;
    if (run->options->frequencies != NULL) { /* nothing is counted here */
        return NDUP_STATUS_OK;
    }
    ndup_status status = ndup__counted_texts_find(&texts, run, buckets, error);
    if (status == NDUP_STATUS_OK) {
        status = ndup__counted_texts_choose(&texts, &run->table, error);
    }
    for (size_t i = 0; i < texts.class_count / 8 + 1 && status == NDUP_STATUS_OK; i++) {
        classes[i] |= texts.members[i] | texts.others[i];
    }
    ndup__counted_texts_deinit(&texts);
    return status;
}

void ndup__frequencies_deinit(ndup__frequencies *frequencies)
{
    ndup__free(frequencies->allocator, &frequencies->counters, frequencies->counter_count, 1);
    ndup__free(frequencies->allocator, &frequencies->members, frequencies->class_count / 8 + 1, 1);
}
