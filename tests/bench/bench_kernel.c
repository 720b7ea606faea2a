/* SPDX-License-Identifier: MIT */
/* Time of each kernel, variant by variant: nanoseconds a call, least and median of the repetitions,
 * and of the median the part of a byte, word, shingle, hash, cell or pair.
 *
 * usage: bench_kernel [--csv] [NAME]
 * --csv prints what can be kept and compared; NAME measures the kernels with that in their names.
 * One processor, data in cache; several sets in turn, so that branches cannot be learnt by heart.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/hash.h"
#include "bench/bench_scripts.h"
#include "corpus/record_scan.h"
#include "kernel/kernel.h"
#include "support/random.h"
#include "text/tokenize_stream.h"

#define SETS_MAX 32
#define HASHES_MAX 60000 /* of all sets together, so that they stay in cache */
#define SLOTS 128
#define TEXT_BYTES 4096
#define TEXTS 4
#define FOLDED_BYTES (6 * TEXT_BYTES + 64)
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
    uint32_t multipliers[SLOTS];
    uint32_t state[SLOTS];
    uint8_t cells[2][SLOTS];
} load;

/* Texts, and what the steps before a kernel have made of them. */
typedef struct text_load {
    char texts[TEXTS][2 * TEXT_BYTES];
    size_t lengths[TEXTS];
    char folded[TEXTS][FOLDED_BYTES + NDUP__TOKEN_SLACK];
    size_t folded_lengths[TEXTS];
    size_t words; /* of all texts */
    size_t bytes;
    char written[FOLDED_BYTES + NDUP__TOKEN_SLACK];
    uint64_t hashes[FOLDED_BYTES];
    uint64_t shingles[FOLDED_BYTES];
} text_load;

static volatile size_t sink;
static const char *only = "";
static bool as_csv;

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
typedef void call(void *on, size_t v, size_t set);

static void call_sketch(void *context, size_t v, size_t set)
{
    load *on = context;
    const uint64_t *hashes = on->hashes + set * on->count;
    memset(on->state, 0xFF, sizeof on->state);
    if (ndup__bin_minima_variants[v].run(on->state, SLOTS, hashes, on->count)) {
        ndup__minhash_fill_variants[v].run(on->state, SLOTS, on->multipliers, hashes, on->count);
    }
}

static void call_minima(void *context, size_t v, size_t set)
{
    load *on = context;
    memset(on->state, 0xFF, sizeof on->state);
    sink =
        ndup__bin_minima_variants[v].run(on->state, SLOTS, on->hashes + set * on->count, on->count);
}

static void call_kmins(void *context, size_t v, size_t set)
{
    load *on = context;
    memset(on->state, 0xFF, sizeof on->state);
    ndup__minhash_fill_variants[v].run(on->state, SLOTS, on->multipliers,
                                       on->hashes + set * on->count, on->count);
}

static void call_votes(void *context, size_t v, size_t set)
{
    load *on = context;
    ndup__bit_votes_variants[v].run(on->state, on->hashes + set * on->count, on->count, 1);
}

static void call_equal(void *context, size_t v, size_t set)
{
    load *on = context;
    on->cells[0][set] = (uint8_t)set;
    sink = ndup__cells_equal_variants[v].run(on->cells[0], on->cells[1], SLOTS);
}

static void call_pack(void *context, size_t v, size_t set)
{
    load *on = context;
    on->state[set] = (uint32_t)set;
    ndup__cells_pack_variants[v].run(on->cells[0], on->state, SLOTS, 0);
}

static void call_intersection(void *context, size_t v, size_t set)
{
    load *on = context;
    size_t other = set + 1 < on->sets ? set + 1 : 0;
    sink = ndup__set_intersection_variants[v].run(on->sorted + set * on->count, on->count,
                                                  on->sorted + other * on->count, on->other_count,
                                                  on->least);
}

static void call_string_pass(void *context, size_t v, size_t set)
{
    const text_load *on = context;
    uint32_t escaped = 0;
    sink = ndup__string_pass_variants[v].run(&escaped, on->texts[set], on->lengths[set]);
}

static void call_string_unescape(void *context, size_t v, size_t set)
{
    text_load *on = context;
    size_t taken = 0;
    sink = ndup__string_unescape_variants[v].run(on->written, &taken, on->texts[set],
                                                 on->lengths[set]);
}

static void call_token_fold(void *context, size_t v, size_t set)
{
    text_load *on = context;
    ndup__token_stream stream = {.bytes = on->written, .limit = FOLDED_BYTES};
    sink = ndup__token_fold_variants[v].run(&stream, ndup__token_table_get(), on->texts[set],
                                            on->lengths[set]);
}

static void call_token_hash(void *context, size_t v, size_t set)
{
    text_load *on = context;
    sink = ndup__token_hash_variants[v].run(on->hashes, on->folded[set], on->folded_lengths[set],
                                            ndup__word_key_of(0));
}

static void call_token_numbers(void *context, size_t v, size_t set)
{
    text_load *on = context;
    sink = ndup__token_numbers_variants[v].run(on->hashes, on->folded[set], on->folded_lengths[set],
                                               ndup__word_key_of(0));
}

static void call_shingle_windows(void *context, size_t v, size_t set)
{
    text_load *on = context;
    (void)set;
    ndup__shingle_windows_variants[v].run(on->shingles, on->hashes, on->words / TEXTS, 5);
}

static void print_row(const char *what, size_t size, const char *variant, const double *times,
                      const char *unit, double units)
{
    double median = times[REPETITIONS / 2];
    const char *form =
        as_csv ? "%s,%zu,%s,%.1f,%.1f,%.4f,%s\n" : "%-28s %6zu %-8s %10.1f %10.1f %9.3f %s\n";
    printf(form, what, size, variant, times[0], median, median / units, unit);
}

/* One call does `units` of `unit`; `size` is what the table shows. */
static void measure(const char *what, size_t size, void *on, size_t sets, call *run,
                    const char *unit, double units)
{
    unsigned features = ndup__cpu_features();
    for (size_t v = 0; ndup__bin_minima_variants[v].run != NULL && strstr(what, only); v++) {
        if ((ndup__bin_minima_variants[v].needs & ~features) != 0) {
            continue;
        }
        double times[REPETITIONS];
        size_t calls = 1;
        for (int i = -1; i < REPETITIONS; i++) { /* the first finds out the number of calls */
            double start = now_ns();
            size_t done = 0;
            while (i < 0 ? now_ns() - start < REPETITION_NS : done < calls) {
                run(on, v, done++ % sets);
            }
            if (i < 0) {
                calls = done;
            } else {
                times[i] = (now_ns() - start) / (double)done;
            }
        }
        qsort(times, REPETITIONS, sizeof *times, compare_doubles);
        print_row(what, size, ndup__bin_minima_variants[v].name, times, unit, units);
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

static void measure_hashes(load *on)
{
    static const size_t counts[] = {5, 20, 50, 100, 200, 400, 700, 1000, 5000, 20000};
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++) {
        size_t count = counts[i];
        double units = (double)count;
        fill(on, count, 0.9);
        measure("sketch", count, on, on->sets, call_sketch, "ns/shingle", units);
        measure("bin_minima", count, on, on->sets, call_minima, "ns/shingle", units);
        measure("minhash_fill all", count, on, on->sets, call_kmins, "ns/shingle", units);
        measure("bit_votes", count, on, on->sets, call_votes, "ns/shingle", units);
        measure("set_intersection .8", count, on, on->sets, call_intersection, "ns/pair", 1);
        on->least = count * 9 / 10;
        measure("set_intersection >= .9", count, on, on->sets, call_intersection, "ns/pair", 1);
        on->least = 0;
        on->other_count = (count + 49) / 50;
        measure("set_intersection 50:1", count, on, on->sets, call_intersection, "ns/pair", 1);
    }
    measure("cells_equal", SLOTS, on, SETS_MAX, call_equal, "ns/pair", 1);
    measure("cells_pack", SLOTS, on, SETS_MAX, call_pack, "ns/sketch", 1);
}

/* As many sentences as fit. */
static size_t fill_text(char *text, const bench_script *script, test_random *random)
{
    size_t length = 0;
    for (;;) {
        const char *sentence = script->sentences[test_random_below(random, 4)];
        if (length + strlen(sentence) > TEXT_BYTES) {
            return length;
        }
        memcpy(text + length, sentence, strlen(sentence));
        length += strlen(sentence);
    }
}

static void fill_texts(text_load *on, const bench_script *script)
{
    test_random random;
    test_random_init(&random, 1);
    on->words = 0;
    on->bytes = 0;
    for (unsigned i = 0; i < TEXTS; i++) {
        on->lengths[i] = fill_text(on->texts[i], script, &random);
        ndup__token_stream stream = {.bytes = on->folded[i], .limit = FOLDED_BYTES};
        size_t at = 0;
        while (at < on->lengths[i]) { /* what is left to the caller does not matter here */
            at += ndup__token_fold(&stream, ndup__token_table_get(), on->texts[i] + at,
                                   on->lengths[i] - at);
            at++;
        }
        memset(on->folded[i] + stream.used, 0, NDUP__TOKEN_PADDING);
        on->folded_lengths[i] = stream.used;
        on->words += ndup__token_hash(on->hashes, on->folded[i], stream.used, ndup__word_key_of(0));
        on->bytes += on->lengths[i];
    }
}

/* Texts as they stand in a line of JSON. */
static void escape_texts(text_load *on)
{
    for (unsigned i = 0; i < TEXTS; i++) {
        on->lengths[i] = ndup__json_escape(on->written, on->texts[i], on->lengths[i]);
        memcpy(on->texts[i], on->written, on->lengths[i]);
    }
}

static void measure_script(text_load *on, const bench_script *script)
{
    char name[40];
    fill_texts(on, script);
    double bytes = (double)on->bytes / TEXTS;
    double words = (double)on->words / TEXTS;
    snprintf(name, sizeof name, "token_fold %s", script->name);
    measure(name, TEXT_BYTES, on, TEXTS, call_token_fold, "ns/byte", bytes);
    snprintf(name, sizeof name, "token_hash %s", script->name);
    measure(name, TEXT_BYTES, on, TEXTS, call_token_hash, "ns/word", words);
    if (script == bench_scripts) {
        measure("token_numbers", TEXT_BYTES, on, TEXTS, call_token_numbers, "ns/byte", bytes);
        measure("shingle_windows 5", on->words / TEXTS, on, TEXTS, call_shingle_windows,
                "ns/shingle", words);
    }
    escape_texts(on);
    snprintf(name, sizeof name, "string_pass %s", script->name);
    measure(name, TEXT_BYTES, on, TEXTS, call_string_pass, "ns/byte", bytes);
    snprintf(name, sizeof name, "string_unescape %s", script->name);
    measure(name, TEXT_BYTES, on, TEXTS, call_string_unescape, "ns/byte", bytes);
}

int main(int argc, char *argv[])
{
    static load on;
    static text_load texts;
    int next = 1;
    as_csv = next < argc && strcmp(argv[next], "--csv") == 0;
    next += as_csv;
    if (next < argc) {
        only = argv[next++];
    }
    if (next < argc || only[0] == '-') {
        fputs("usage: bench_kernel [--csv] [NAME]\n", stderr);
        return 2;
    }
    on.hashes = calloc(HASHES_MAX, sizeof *on.hashes);
    on.sorted = calloc(HASHES_MAX, sizeof *on.sorted);
    if (on.hashes == NULL || on.sorted == NULL) {
        return 1;
    }
    uint64_t seed = 1;
    for (size_t i = 0; i < SLOTS; i++) {
        on.multipliers[i] = (uint32_t)ndup__splitmix64(&seed) | 1;
    }
    printf(as_csv ? "%s,%s,%s,%s,%s,%s,%s\n" : "%-28s %6s %-8s %10s %10s %9s %s\n", "kernel",
           "size", "variant", "min ns", "median ns", "median", "unit");
    for (size_t i = 0; i < BENCH_SCRIPTS; i++) {
        measure_script(&texts, &bench_scripts[i]);
    }
    measure_hashes(&on);
    free(on.hashes);
    free(on.sorted);
    return 0;
}
