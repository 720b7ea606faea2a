/* SPDX-License-Identifier: MIT */
/* Writing, finding in and merging segments of an index.
 *
 * usage: bench_segment [--smoke] [--entries N] [--tables N] [--segments N] [--queries N] [FOLDER]
 *
 * Each segment has N entries a table (ten million of 28 tables, unless told), one a number. A query
 * is a key a table: those of one number (hits), or of one that is nowhere (misses). */
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/hash.h"
#include "store/segment.h"
#include "store/sort_entries.h"

#define IDENTITY 1
#define RUNS 21
#define SEGMENTS_MOST 64
#define TABLES_MOST 64
#define NUMBERS_READ 64 /* of a range */

/* Keeps results from being optimised away. */
static volatile uint64_t sink;

typedef struct bench {
    const char *folder;
    size_t entries; /* of a table of a segment */
    uint32_t tables;
    size_t segment_count;
    size_t queries;
    ndup__segment *segments[SEGMENTS_MOST];
} bench;

static void require(ndup_status status, const ndup_error *error)
{
    if (status != NDUP_STATUS_OK) {
        fprintf(stderr, "bench_segment: %s\n", error->message);
        exit(4);
    }
}

static void *allocate(size_t count, size_t bytes)
{
    void *made = malloc(count * bytes);
    if (made == NULL) {
        fputs("bench_segment: out of memory\n", stderr);
        exit(4);
    }
    memset(made, 0, count * bytes);
    return made;
}

static void path_of(const bench *run, size_t segment, char path[512])
{
    snprintf(path, 512, "%s/bench_segment.%zu", run->folder, segment);
}

static uint32_t key_of(uint64_t number, uint32_t table)
{
    return (uint32_t)(ndup__mix64(number * TABLES_MOST + table + 1) >> 32);
}

static void say(const char *what, double count, const char *unit, double seconds)
{
    printf("%-44s %9.3f s %12.0f %s/s\n", what, seconds, count / seconds, unit);
    fflush(stdout);
}

/* Writes one segment; adds the seconds that sorting and writing took. */
static void write_segment(const bench *run, size_t segment, double *sorted, double *written)
{
    ndup_error error;
    char path[512];
    ndup__segment_writer *writer;
    uint32_t *keys = allocate(run->entries, sizeof *keys);
    uint32_t *numbers = allocate(run->entries, sizeof *numbers);
    uint64_t *scratch = allocate(run->entries, sizeof *scratch);
    uint32_t first = (uint32_t)(segment * run->entries);
    ndup__segment_facts facts = {.identity = IDENTITY,
                                 .tables = run->tables,
                                 .first = first,
                                 .last = first + (uint32_t)run->entries - 1};
    path_of(run, segment, path);
    require(ndup__segment_writer_open(&writer, path, &facts, NULL, &error), &error);
    for (uint32_t table = 0; table < run->tables; table++) {
        for (size_t i = 0; i < run->entries; i++) {
            numbers[i] = first + (uint32_t)i;
            keys[i] = key_of(numbers[i], table);
        }
        double begin = ndup__clock_seconds();
        ndup__sort_entries(keys, numbers, run->entries, scratch);
        *sorted += ndup__clock_seconds() - begin;
        begin = ndup__clock_seconds();
        require(ndup__segment_writer_table(writer, keys, numbers, run->entries, &error), &error);
        *written += ndup__clock_seconds() - begin;
    }
    double begin = ndup__clock_seconds();
    require(ndup__segment_writer_commit(writer, &error), &error);
    *written += ndup__clock_seconds() - begin;
    ndup__segment_writer_close(writer);
    free(keys);
    free(numbers);
    free(scratch);
}

static double all_entries(const bench *run)
{
    return (double)run->entries * run->tables * (double)run->segment_count;
}

static void write_all(const bench *run)
{
    double sorted = 0;
    double written = 0;
    for (size_t i = 0; i < run->segment_count; i++) {
        write_segment(run, i, &sorted, &written);
    }
    say("sort, one core", all_entries(run), "entries", sorted);
    say("write, with fsync", all_entries(run), "entries", written);
}

static void open_all(bench *run)
{
    ndup_error error;
    char path[512];
    double begin = ndup__clock_seconds();
    for (size_t i = 0; i < run->segment_count; i++) {
        path_of(run, i, path);
        require(ndup__segment_open(&run->segments[i], path, IDENTITY, NULL, &error), &error);
    }
    say("open", (double)run->segment_count, "segments", ndup__clock_seconds() - begin);
}

static void close_all(bench *run)
{
    for (size_t i = 0; i < run->segment_count; i++) {
        ndup__segment_close(run->segments[i]);
    }
}

/* Finds a key a table in all segments, in step. */
static uint64_t query(const bench *run, uint64_t number)
{
    ndup_error error;
    uint32_t keys[TABLES_MOST];
    ndup__segment_range ranges[SEGMENTS_MOST][TABLES_MOST];
    uint64_t sum = 0;
    for (uint32_t table = 0; table < run->tables; table++) {
        keys[table] = key_of(number, table);
    }
    for (size_t i = 0; i < run->segment_count; i++) {
        ndup__segment_prefetch(run->segments[i], keys);
    }
    for (size_t i = 0; i < run->segment_count; i++) {
        require(ndup__segment_narrow(ranges[i], run->segments[i], keys, &error), &error);
    }
    for (size_t i = 0; i < run->segment_count; i++) {
        require(ndup__segment_settle(ranges[i], run->segments[i], keys, NUMBERS_READ, &error),
                &error);
    }
    for (size_t i = 0; i < run->segment_count; i++) {
        for (uint32_t table = 0; table < run->tables; table++) {
            sum += ranges[i][table].count > 0 ? ndup__segment_number(&ranges[i][table], 0) : 1;
        }
    }
    return sum;
}

static double measure_once(const bench *run, bool hits, uint64_t seed)
{
    uint64_t numbers = (uint64_t)run->segment_count * run->entries;
    double begin = ndup__clock_seconds();
    for (size_t i = 0; i < run->queries; i++) {
        uint64_t random = ndup__splitmix64(&seed);
        sink += query(run, hits ? random % numbers : numbers + (random >> 8));
    }
    return (ndup__clock_seconds() - begin) / (double)run->queries;
}

static int by_size(const void *a, const void *b)
{
    double x = *(const double *)a;
    double y = *(const double *)b;
    return (x > y) - (x < y);
}

static void measure(const bench *run, bool hits)
{
    double times[RUNS];
    double cold = measure_once(run, hits, 1);
    for (int i = 0; i < RUNS; i++) {
        times[i] = measure_once(run, hits, (uint64_t)i + 2);
    }
    qsort(times, RUNS, sizeof *times, by_size);
    printf("%2" PRIu32
           " keys, %zu segments, %-6s  first %7.2f us, then min %7.2f, median %7.2f us\n",
           run->tables, run->segment_count, hits ? "hits" : "misses", 1e6 * cold, 1e6 * times[0],
           1e6 * times[RUNS / 2]);
    fflush(stdout);
}

static void find_all(const bench *run)
{
    ndup_error error;
    measure(run, true);
    measure(run, false);
    double begin = ndup__clock_seconds();
    for (size_t i = 0; i < run->segment_count; i++) {
        require(ndup__segment_verify(run->segments[i], NULL, NULL, &error), &error);
    }
    say("verify", all_entries(run), "entries", ndup__clock_seconds() - begin);
    measure(run, true);
    measure(run, false);
}

static bool keep_most(void *context, uint32_t number)
{
    (void)context;
    return number % 10 != 0;
}

static void merge_all(const bench *run, bool drops, const char *what)
{
    ndup_error error;
    char path[512];
    ndup__segment_merging merging = {.keep = drops ? keep_most : NULL};
    path_of(run, SEGMENTS_MOST, path);
    double begin = ndup__clock_seconds();
    require(ndup__segment_merge(path, (const ndup__segment *const *)run->segments,
                                run->segment_count, &merging, NULL, &error),
            &error);
    say(what, all_entries(run), "entries", ndup__clock_seconds() - begin);
}

/* A table in which half of the numbers, and another 64, have one key each. */
static void write_crowds(const bench *run, const char *path, const uint32_t crowds[2])
{
    ndup_error error;
    ndup__segment_writer *writer;
    size_t count = run->entries / 5;
    uint32_t *keys = allocate(count, sizeof *keys);
    uint32_t *numbers = allocate(count, sizeof *numbers);
    uint64_t *scratch = allocate(count, sizeof *scratch);
    ndup__segment_facts facts = {.identity = IDENTITY, .tables = 1, .last = (uint32_t)run->entries};
    for (size_t i = 0; i < count; i++) {
        numbers[i] = (uint32_t)i;
        keys[i] = i % 2 == 0 ? crowds[0] : i < 128 ? crowds[1] : key_of(i, 0);
    }
    ndup__sort_entries(keys, numbers, count, scratch);
    require(ndup__segment_writer_open(&writer, path, &facts, NULL, &error), &error);
    require(ndup__segment_writer_table(writer, keys, numbers, count, &error), &error);
    require(ndup__segment_writer_commit(writer, &error), &error);
    ndup__segment_writer_close(writer);
    free(keys);
    free(numbers);
    free(scratch);
}

static void find_crowds(const bench *run)
{
    ndup_error error;
    char path[512];
    ndup__segment *segment;
    const uint32_t crowds[2] = {0x50000000, 0x60000000};
    path_of(run, SEGMENTS_MOST, path);
    write_crowds(run, path, crowds);
    require(ndup__segment_open(&segment, path, IDENTITY, NULL, &error), &error);
    for (int i = 0; i < 2; i++) {
        ndup__segment_range range;
        double begin = ndup__clock_seconds();
        for (size_t j = 0; j < run->queries; j++) {
            require(ndup__segment_find(&range, segment, 0, crowds[i], NUMBERS_READ, &error),
                    &error);
            sink += ndup__segment_number(&range, 0);
        }
        double seconds = ndup__clock_seconds() - begin;
        printf("a key of %zu numbers: %.0f ns\n", range.total,
               1e9 * seconds / (double)run->queries);
    }
    ndup__segment_close(segment);
}

static void remove_all(const bench *run)
{
    char path[512];
    for (size_t i = 0; i < run->segment_count; i++) {
        path_of(run, i, path);
        remove(path);
    }
    path_of(run, SEGMENTS_MOST, path);
    remove(path);
}

static size_t number_of(const char *text, size_t most)
{
    size_t number = text != NULL ? (size_t)strtoull(text, NULL, 10) : 0;
    if (number == 0 || number > most) {
        fprintf(stderr, "bench_segment: a number must be 1..%zu\n", most);
        exit(2);
    }
    return number;
}

static void read_arguments(bench *run, char *argv[])
{
    for (; *argv != NULL; argv++) {
        if (strcmp(*argv, "--smoke") == 0) {
            run->entries = 5000;
            run->segment_count = 3;
            run->queries = 100;
        } else if (strcmp(*argv, "--entries") == 0) {
            run->entries = number_of(*++argv, 100000000);
        } else if (strcmp(*argv, "--tables") == 0) {
            run->tables = (uint32_t)number_of(*++argv, TABLES_MOST);
        } else if (strcmp(*argv, "--segments") == 0) {
            run->segment_count = number_of(*++argv, SEGMENTS_MOST);
        } else if (strcmp(*argv, "--queries") == 0) {
            run->queries = number_of(*++argv, 100000000);
        } else {
            run->folder = *argv;
        }
    }
}

int main(int argc, char *argv[])
{
    bench run = {.folder = ".", .entries = 10000000, .tables = 28, .segment_count = 1};
    (void)argc;
    run.queries = 20000;
    read_arguments(&run, argv + 1);
    write_all(&run);
    open_all(&run);
    find_all(&run);
    if (run.segment_count > 1) {
        merge_all(&run, false, "merge, with fsync");
        merge_all(&run, true, "merge without a tenth of the numbers");
    }
    close_all(&run);
    find_crowds(&run);
    remove_all(&run);
    return 0;
}
