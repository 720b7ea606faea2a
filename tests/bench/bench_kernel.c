/* SPDX-License-Identifier: MIT */
/* Time of each kernel, variant by variant: nanoseconds a call, least and median of the repetitions.
 *
 * usage: bench_kernel
 * One processor, data in cache; several sets in turn, so that branches cannot be learnt by heart.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/hash.h"
#include "kernel/kernel.h"
#include "support/random.h"

#define SETS_MAX 32
#define HASHES_MAX 60000 /* of all sets together, so that they stay in cache */
#define SLOTS 128
#define REPETITIONS 15
#define REPETITION_NS 1e6

/* What one call works on: set number `set`, of `count` hashes. */
typedef struct load {
    uint64_t *hashes; /* [sets][count] */
    uint64_t *sorted; /* the same, ascending; every two neighbours share a part */
    size_t sets;
    size_t count;
    size_t other_count; /* of the second set of an intersection */
    size_t least;
    uint64_t multipliers[SLOTS];
    uint64_t addends[SLOTS];
    uint32_t state[SLOTS];
    uint8_t cells[2][SLOTS];
} load;

static volatile size_t sink;

static double now_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec * 1e9 + (double)now.tv_nsec;
}

static int compare_doubles(const void *a, const void *b)
{
    double x = *(const double *)a;
    double y = *(const double *)b;
    return (x > y) - (x < y);
}

static int compare_u64(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a;
    uint64_t y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

/* Variant number v of each operation; tables have the same order. */
typedef void call(load *on, size_t v, size_t set);

static void call_sketch(load *on, size_t v, size_t set)
{
    const uint64_t *hashes = on->hashes + set * on->count;
    ndup__sketch_round_function *round_of = ndup__sketch_round_variants[v].run;
    memset(on->state, 0xFF, sizeof on->state);
    size_t empty = round_of(on->state, SLOTS, hashes, on->count, 0, 1);
    for (unsigned round = 1; round < 3 && empty > 0; round++) {
        empty = round_of(on->state, SLOTS, hashes, on->count, round, on->multipliers[round]);
    }
    if (empty > 0) {
        ndup__minhash_fill_variants[v].run(on->state, SLOTS, on->multipliers, on->addends, hashes,
                                           on->count, 29, 0);
    }
}

static void call_round(load *on, size_t v, size_t set)
{
    memset(on->state, 0xFF, sizeof on->state);
    sink = ndup__sketch_round_variants[v].run(on->state, SLOTS, on->hashes + set * on->count,
                                              on->count, 0, 1);
}

static void call_kmins(load *on, size_t v, size_t set)
{
    memset(on->state, 0xFF, sizeof on->state);
    ndup__minhash_fill_variants[v].run(on->state, SLOTS, on->multipliers, on->addends,
                                       on->hashes + set * on->count, on->count, 31, 0);
}

static void call_votes(load *on, size_t v, size_t set)
{
    ndup__bit_votes_variants[v].run(on->state, on->hashes + set * on->count, on->count, 1);
}

static void call_equal(load *on, size_t v, size_t set)
{
    on->cells[0][set] = (uint8_t)set;
    sink = ndup__cells_equal_variants[v].run(on->cells[0], on->cells[1], SLOTS);
}

static void call_pack(load *on, size_t v, size_t set)
{
    on->state[set] = (uint32_t)set;
    ndup__cells_pack_variants[v].run(on->cells[0], on->state, SLOTS, 24);
}

static void call_intersection(load *on, size_t v, size_t set)
{
    size_t other = set + 1 < on->sets ? set + 1 : 0;
    sink = ndup__set_intersection_variants[v].run(on->sorted + set * on->count, on->count,
                                                  on->sorted + other * on->count, on->other_count,
                                                  on->least);
}

static void measure(const char *what, load *on, call *run)
{
    unsigned features = ndup__cpu_features();
    for (size_t v = 0; ndup__sketch_round_variants[v].run != NULL; v++) {
        if ((ndup__sketch_round_variants[v].needs & ~features) != 0) {
            continue;
        }
        double times[REPETITIONS];
        size_t calls = 1;
        for (int i = -1; i < REPETITIONS; i++) { /* the first finds out the number of calls */
            double start = now_ns();
            size_t done = 0;
            while (i < 0 ? now_ns() - start < REPETITION_NS : done < calls) {
                run(on, v, done++ % on->sets);
            }
            if (i < 0) {
                calls = done;
            } else {
                times[i] = (now_ns() - start) / (double)done;
            }
        }
        qsort(times, REPETITIONS, sizeof *times, compare_doubles);
        double median = times[REPETITIONS / 2];
        printf("%-20s %6zu %-8s %10.1f %10.1f %8.2f\n", what, on->count,
               ndup__sketch_round_variants[v].name, times[0], median, median / (double)on->count);
    }
}

/* Sets of `count` hashes; of the sorted ones, neighbours share about the given part. */
static void fill(load *on, size_t count, double shared)
{
    test_random random;
    test_random_init(&random, count);
    on->sets = HASHES_MAX / count < SETS_MAX ? HASHES_MAX / count : SETS_MAX;
    on->count = count;
    on->other_count = count;
    on->least = 0;
    for (size_t i = 0; i < on->sets * count; i++) {
        on->hashes[i] = test_random_u64(&random);
    }
    for (size_t set = 0; set < on->sets; set++) {
        uint64_t *sorted = on->sorted + set * count;
        memcpy(sorted, on->hashes + set * count, count * sizeof *sorted);
        for (size_t i = 0; i < count; i++) {
            uint64_t common = i + 1; /* the same in all sets */
            if (test_random_chance(&random, shared)) {
                sorted[i] = ndup__splitmix64(&common);
            }
        }
        qsort(sorted, count, sizeof *sorted, compare_u64);
    }
}

int main(void)
{
    static const size_t counts[] = {5, 20, 50, 100, 200, 400, 700, 1000, 5000, 20000};
    static load on;
    on.hashes = calloc(HASHES_MAX, sizeof *on.hashes);
    on.sorted = calloc(HASHES_MAX, sizeof *on.sorted);
    if (on.hashes == NULL || on.sorted == NULL) {
        return 1;
    }
    uint64_t seed = 1;
    for (size_t i = 0; i < SLOTS; i++) {
        on.multipliers[i] = ndup__splitmix64(&seed) | 1;
        on.addends[i] = ndup__splitmix64(&seed);
    }
    printf("%-20s %6s %-8s %10s %10s %8s\n", "kernel", "hashes", "variant", "min ns", "median ns",
           "per hash");
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++) {
        fill(&on, counts[i], 0.9);
        measure("sketch", &on, call_sketch);
        measure("sketch_round", &on, call_round);
        measure("minhash_fill all", &on, call_kmins);
        measure("bit_votes", &on, call_votes);
        measure("intersection .8", &on, call_intersection);
        on.least = on.count * 9 / 10;
        measure("intersection >= .9", &on, call_intersection);
        on.least = 0;
        on.other_count = (on.count + 49) / 50;
        measure("intersection 50:1", &on, call_intersection);
    }
    on.count = SLOTS;
    measure("cells_equal", &on, call_equal);
    measure("cells_pack", &on, call_pack);
    free(on.hashes);
    free(on.sorted);
    return 0;
}
