/* SPDX-License-Identifier: MIT */
/* How fast an index is filled and asked, and how large it becomes.
 * usage: bench_index FOLDER [DOCUMENTS [PART]]: makes indexes of so many made-up documents
 * (100,000) in FOLDER and beside it, which must not exist, and prints a line a measurement. PART is
 * all, or one of them: sketches (one segment), segments (eight), tokens (and durable adds). */
#include <inttypes.h>
#include <math.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/pool.h"
#include "index/bulk.h"
#include "neardup/index.h"
#include "support/letters.h"
#include "support/random.h"

enum { TEXT_BYTES = 3000, TEXTS = 2000, ROUNDS = 5, THREADS = 8 };

static void check(ndup_status status, const ndup_error *error)
{
    if (status != NDUP_STATUS_OK) {
        fprintf(stderr, "bench_index: %s: %s\n", ndup_status_text(status), error->message);
        exit(1);
    }
}

static int by_value(const void *left, const void *right)
{
    double x = *(const double *)left;
    double y = *(const double *)right;
    return (x > y) - (x < y);
}

/* Prints least and median of a rate's samples. */
static void report(const char *what, double *rates, size_t count)
{
    qsort(rates, count, sizeof *rates, by_value);
    printf("%-44s %12.0f a second (median %.0f)\n", what, rates[count - 1], rates[count / 2]);
    fflush(stdout);
}

typedef struct filling {
    uint64_t count;
    bool has_tokens;
    uint64_t seed;
    double seconds, end_seconds; /* in all; of them after the last row */
    double processor_seconds;    /* of all threads */
} filling;

/* Rows that are made beforehand, as are those of texts, and added together. */
enum { ROWS = 1024, TOKEN_BYTES_LEAST = 810, TOKEN_BYTES = 1350 };

typedef struct made_rows {
    const ndup__index_settings *settings;
    test_random random;
    char ids[ROWS][32], urls[ROWS][80];
    ndup__prepared prepared[ROWS];
    uint8_t *bytes; /* of sketches, then of tokens */
} made_rows;

static size_t one_of(made_rows *made, size_t count)
{
    return (size_t)test_random_below(&made->random, count);
}

/* Sketches and coded tokens are random; the latter have 1,080 bytes on average, as of 3 KB of text:
 * rows all of one length would fill pages well or badly. */
static void make_rows(made_rows *made, const filling *wanted, uint64_t first)
{
    size_t row_bytes = made->settings->row_bytes;
    size_t token_bytes = wanted->has_tokens ? TOKEN_BYTES : 0;
    size_t stride = (row_bytes + token_bytes + 15) / 8 * 8;
    for (size_t i = 0; i < ROWS; i++) {
        uint8_t *bytes = made->bytes + i * stride;
        ndup__prepared *one = &made->prepared[i];
        for (size_t k = 0; k < stride; k += 8) {
            uint64_t word = test_random_u64(&made->random);
            memcpy(bytes + k, &word, 8);
        }
        uint32_t *keys = one->keys;
        *one = (ndup__prepared){
            .reading = NDUP_READING_WORDS,
            .token_count = 500,
            .length = TEXT_BYTES,
            .text_hash = test_random_u64(&made->random),
            .class_hash = {test_random_u64(&made->random), i},
            .row = bytes,
            .keys = keys,
            .tokens = (char *)bytes + row_bytes,
            .token_bytes = token_bytes > 0 ? TOKEN_BYTES_LEAST +
                                                 one_of(made, TOKEN_BYTES - TOKEN_BYTES_LEAST + 1)
                                           : 0,
            .is_dated = true,
            .time = (int64_t)(first + i) * 1000};
        one->id.bytes = made->ids[i];
        one->id.length = (size_t)snprintf(made->ids[i], sizeof made->ids[i],
                                          "made-%" PRIu64 "-%" PRIu64, wanted->seed, first + i);
        one->url.bytes = made->urls[i];
        one->url.length =
            (size_t)snprintf(made->urls[i], sizeof made->urls[i],
                             "https://example.org/news/%" PRIu64 "/%s", first + i, made->ids[i]);
    }
}

static ndup_status make_keys(void *context, size_t begin, size_t end, unsigned worker,
                             ndup_error *error)
{
    made_rows *made = context;
    (void)worker;
    (void)error;
    for (size_t i = begin; i < end; i++) {
        ndup__prepared *one = &made->prepared[i];
        one->keys[NDUP__TABLE_IDS] = ndup__id_key(one->id);
        one->keys[NDUP__TABLE_CLASSES] = ndup__class_key(one->class_hash);
        ndup__settings_band_keys(made->settings, one->keys, one->row);
    }
    return NDUP_STATUS_OK;
}

static ndup_status add_rows(ndup__bulk *bulk, ndup__pool *pool, made_rows *made, size_t count,
                            ndup_error *error)
{
    ndup_status status = ndup__pool_ranges(pool, 0, count, 128, make_keys, made, error);
    for (size_t i = 0; i < count && status == NDUP_STATUS_OK; i++) {
        uint32_t number;
        status = ndup__bulk_add(bulk, &number, &made->prepared[i], 0, 0, error);
    }
    return status;
}

static made_rows *new_rows(const ndup__index_settings *settings, uint64_t seed)
{
    made_rows *made = calloc(1, sizeof *made);
    made->settings = settings;
    made->bytes = malloc(ROWS * (settings->row_bytes + TOKEN_BYTES + 16));
    test_random_init(&made->random, seed);
    for (size_t i = 0; i < ROWS; i++) {
        made->prepared[i].keys = malloc(settings->tables * sizeof(uint32_t));
    }
    return made;
}

static void free_rows(made_rows *made)
{
    for (size_t i = 0; i < ROWS; i++) {
        free(made->prepared[i].keys);
    }
    free(made->bytes);
    free(made);
}

static double processor_seconds(void)
{
    return (double)clock() / CLOCKS_PER_SEC;
}

/* Adds the documents that are wanted; the time without that of making them up. */
static ndup_status fill(ndup_index *index, void *context, ndup_error *error)
{
    filling *wanted = context;
    made_rows *made = new_rows(&index->settings, wanted->seed);
    ndup__bulk bulk;
    ndup__pool *pool;
    check(ndup__pool_new(&pool, ndup__processor_count(), NULL, error), error);
    double begin = ndup__clock_seconds();
    double processor_begin = processor_seconds();
    ndup_status status = ndup__bulk_begin(&bulk, index, error);
    wanted->seconds += ndup__clock_seconds() - begin;
    for (uint64_t i = 0; i < wanted->count && status == NDUP_STATUS_OK; i += ROWS) {
        double making = processor_seconds();
        make_rows(made, wanted, i);
        processor_begin += processor_seconds() - making;
        begin = ndup__clock_seconds();
        status =
            add_rows(&bulk, pool, made, wanted->count - i < ROWS ? wanted->count - i : ROWS, error);
        wanted->seconds += ndup__clock_seconds() - begin;
    }
    begin = ndup__clock_seconds();
    if (status == NDUP_STATUS_OK) {
        status = ndup__bulk_end(&bulk, error);
    }
    ndup__bulk_close(&bulk);
    wanted->end_seconds += ndup__clock_seconds() - begin;
    wanted->seconds += ndup__clock_seconds() - begin;
    wanted->processor_seconds += processor_seconds() - processor_begin;
    ndup__pool_free(pool);
    free_rows(made);
    return status;
}

static ndup_index *open_index(const char *path, ndup_index_sync sync)
{
    const ndup_index_open_options options = {.struct_size = sizeof options, .sync = sync};
    ndup_index *index;
    ndup_error error = {0};
    check(ndup_index_open(&index, path, &options, NULL, &error), &error);
    return index;
}

/* Texts of their own. */
typedef struct made_texts {
    char *bytes[TEXTS];
    char ids[TEXTS][32];
    ndup_document documents[TEXTS];
} made_texts;

static void make_texts(made_texts *made, unsigned seed)
{
    for (unsigned i = 0; i < TEXTS; i++) {
        made->bytes[i] = malloc(TEXT_BYTES + LETTER_BYTES_MAX);
        size_t length = letters_fill(made->bytes[i], TEXT_BYTES, letters_ascii, seed * TEXTS + i);
        snprintf(made->ids[i], sizeof made->ids[i], "text-%u-%u", seed, i);
        made->documents[i] = (ndup_document){.id = {made->ids[i], strlen(made->ids[i])},
                                             .text = {made->bytes[i], length}};
    }
}

static void free_texts(made_texts *made)
{
    for (unsigned i = 0; i < TEXTS; i++) {
        free(made->bytes[i]);
    }
}

static void bench_checks(ndup_index *index, const char *what, unsigned seed)
{
    double rates[ROUNDS], processor_rates[ROUNDS];
    double *times = malloc(ROUNDS * TEXTS * sizeof *times);
    made_texts made;
    ndup_error error = {0};
    make_texts(&made, seed);
    for (int round = -1; round < ROUNDS; round++) {
        double begin = ndup__clock_seconds();
        double processor_begin = processor_seconds();
        for (unsigned i = 0; i < TEXTS; i++) {
            ndup_index_answers *answers;
            double before = ndup__clock_seconds();
            check(ndup_index_check(index, &answers, &made.documents[i], 1, NULL, &error), &error);
            ndup_index_answers_free(answers);
            if (round >= 0) {
                times[round * TEXTS + (int)i] = ndup__clock_seconds() - before;
            }
        }
        if (round >= 0) {
            rates[round] = TEXTS / (ndup__clock_seconds() - begin);
            processor_rates[round] = TEXTS / (processor_seconds() - processor_begin);
        }
    }
    report(what, rates, ROUNDS);
    report("  by processor time", processor_rates, ROUNDS);
    qsort(times, ROUNDS * TEXTS, sizeof *times, by_value);
    printf("%-44s %12.0f us (p99 %.0f us)\n", "  median of one", 1e6 * times[ROUNDS * TEXTS / 2],
           1e6 * times[ROUNDS * TEXTS * 99 / 100]);
    free(times);
    free_texts(&made);
}

static void bench_single_adds(const char *path, unsigned seed)
{
    double rates[ROUNDS];
    made_texts made;
    ndup_error error = {0};
    ndup_index *index = open_index(path, NDUP_INDEX_SYNC_ALWAYS);
    make_texts(&made, seed);
    for (int round = 0; round < ROUNDS; round++) {
        unsigned each = TEXTS / ROUNDS;
        double begin = ndup__clock_seconds();
        for (unsigned i = 0; i < each; i++) {
            check(
                ndup_index_add(index, NULL, &made.documents[(unsigned)round * each + i], 1, &error),
                &error);
        }
        rates[round] = each / (ndup__clock_seconds() - begin);
    }
    report("durable single adds", rates, ROUNDS);
    free_texts(&made);
    ndup_index_close(index);
}

typedef struct adder {
    pthread_t thread;
    ndup_index *index;
    const made_texts *made;
    unsigned first;
} adder;

static void *add_own(void *context)
{
    const adder *self = context;
    ndup_error error = {0};
    for (unsigned i = self->first; i < TEXTS; i += THREADS) {
        check(ndup_index_add(self->index, NULL, &self->made->documents[i], 1, &error), &error);
    }
    return NULL;
}

static void bench_threaded_adds(const char *path, unsigned seed)
{
    double rates[ROUNDS];
    ndup_index *index = open_index(path, NDUP_INDEX_SYNC_ALWAYS);
    for (int round = 0; round < ROUNDS; round++) {
        made_texts made;
        adder adders[THREADS];
        make_texts(&made, seed + (unsigned)round);
        double begin = ndup__clock_seconds();
        for (unsigned i = 0; i < THREADS; i++) {
            adders[i] = (adder){.index = index, .made = &made, .first = i};
            pthread_create(&adders[i].thread, NULL, add_own, &adders[i]);
        }
        for (unsigned i = 0; i < THREADS; i++) {
            pthread_join(adders[i].thread, NULL);
        }
        rates[round] = TEXTS / (ndup__clock_seconds() - begin);
        free_texts(&made);
    }
    report("durable adds from 8 threads", rates, ROUNDS);
    ndup_index_close(index);
}

static void bench_batches(const char *path, unsigned seed)
{
    double rates[ROUNDS];
    ndup_error error = {0};
    ndup_index *index = open_index(path, NDUP_INDEX_SYNC_ALWAYS);
    for (int round = 0; round < ROUNDS; round++) {
        made_texts made;
        make_texts(&made, seed + (unsigned)round);
        double begin = ndup__clock_seconds();
        for (unsigned i = 0; i < TEXTS; i += 1000) {
            check(ndup_index_add(index, NULL, &made.documents[i], 1000, &error), &error);
        }
        rates[round] = TEXTS / (ndup__clock_seconds() - begin);
        free_texts(&made);
    }
    report("adds in batches of 1,000, durable", rates, ROUNDS);
    ndup_index_close(index);
}

static void print_sizes(ndup_index *index)
{
    ndup_index_statistics found;
    ndup_error error = {0};
    check(ndup_index_stat(index, &found, &error), &error);
    printf("%-44s %12.0f bytes a document (%.0f database, %.0f keys, %" PRIu64 " segments)\n",
           "size", (double)(found.database_bytes + found.segment_bytes) / (double)found.documents,
           (double)found.database_bytes / (double)found.documents,
           (double)found.segment_bytes / (double)found.documents, found.segments);
}

static void create(const char *path, ndup_index_store store)
{
    ndup_index_options options;
    ndup_error error = {0};
    check(ndup_index_options_init(&options, NULL, &error), &error);
    options.store = store;
    check(ndup_index_create(path, &options, &error), &error);
}

/* Fills an index in one or several parts, each of which is a segment. */
static void bench_fill(const char *path, uint64_t documents, unsigned parts, bool has_tokens)
{
    ndup_error error = {0};
    create(path, has_tokens ? NDUP_INDEX_SETS : NDUP_INDEX_SKETCHES);
    ndup_index *index = open_index(path, NDUP_INDEX_SYNC_BATCH);
    filling made = {.count = documents / parts, .has_tokens = has_tokens};
    for (unsigned i = 0; i < parts; i++) {
        made.seed = i + 1;
        check(ndup__index_alone(index, fill, &made, &error), &error);
    }
    printf("%-44s %12.0f a second (%.2f s, %.2f of them at the end; %.2f of processors)\n",
           has_tokens ? "bulk build, with tokens" : "bulk build", (double)documents / made.seconds,
           made.seconds, made.end_seconds, made.processor_seconds);
    ndup_index_close(index);
    double begin = ndup__clock_seconds();
    index = open_index(path, NDUP_INDEX_SYNC_BATCH);
    printf("%-44s %12.3f seconds\n", "opening", ndup__clock_seconds() - begin);
    print_sizes(index);
    bench_checks(index, parts > 1 ? "checks, several segments" : "checks, one segment", 7);
    ndup_index_close(index);
}

int main(int argc, char *argv[])
{
    char path[1000];
    uint64_t documents = argc > 2 ? strtoull(argv[2], NULL, 10) : 100000;
    if (argc < 2) {
        fprintf(stderr, "usage: bench_index FOLDER [DOCUMENTS [all|sketches|segments|tokens]]\n");
        return 2;
    }
    const char *part = argc > 3 ? argv[3] : "all";
    bool is_all = strcmp(part, "all") == 0;
    snprintf(path, sizeof path, "%s-sketches", argv[1]);
    if (is_all || strcmp(part, "sketches") == 0) {
        bench_fill(path, documents, 1, false);
    }
    snprintf(path, sizeof path, "%s-parts", argv[1]);
    if (is_all || strcmp(part, "segments") == 0) {
        bench_fill(path, documents, 8, false);
    }
    if (!is_all && strcmp(part, "tokens") != 0) {
        return 0;
    }
    bench_fill(argv[1], documents, 1, true);
    bench_single_adds(argv[1], 1000);
    bench_threaded_adds(argv[1], 2000);
    bench_batches(argv[1], 3000);
    return 0;
}
