/* SPDX-License-Identifier: MIT */
/* The cost of single operations on made-up data, in cache.
 *
 * usage: bench_micro [--smoke] */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "corpus/record_scan.h"
#include "similarity/jaccard.h"
#include "sketch/kind.h"
#include "support/letters.h"
#include "support/random.h"
#include "text/shingle.h"
#include "text/tokenize.h"

#define REPEATS 5
#define TEXT_BYTES 16384
#define SET_MOST 4096

/* Keeps results from being optimised away. */
static volatile uint64_t sink;
static double seconds_each = 0.1;

typedef void (*operation)(void *context);

static double now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + 1e-9 * (double)time.tv_nsec;
}

static int by_size(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Prints the time of one unit of an operation that does `units` of them. */
static void measure(const char *name, const char *unit, double units, operation run, void *context)
{
    size_t rounds = 1;
    double seconds = 0;
    for (;; rounds *= 2) {
        double begin = now();
        for (size_t i = 0; i < rounds; i++) {
            run(context);
        }
        seconds = now() - begin;
        if (seconds > seconds_each / REPEATS / 2) {
            break;
        }
    }
    double times[REPEATS];
    for (size_t r = 0; r < REPEATS; r++) {
        double begin = now();
        for (size_t i = 0; i < rounds; i++) {
            run(context);
        }
        times[r] = (now() - begin) / (double)rounds / units * 1e9;
    }
    qsort(times, REPEATS, sizeof *times, by_size);
    printf("%-34s %10.3f %10.3f  ns/%s", name, times[0], times[REPEATS / 2], unit);
    if (strcmp(unit, "byte") == 0) {
        printf("  %8.3f GB/s", 1 / times[0]);
    }
    putchar('\n');
}

typedef struct text_case {
    char text[TEXT_BYTES + 16];
    size_t length;
    ndup__token_mode mode;
    ndup__tokens tokens;
} text_case;

static void tokenize_text(void *context)
{
    text_case *text = context;
    if (ndup__tokenize(&text->tokens, text->mode, text->text, text->length, NULL) != 0) {
        abort();
    }
    sink += text->tokens.hashes[0];
}

static void measure_tokenizer(void)
{
    static const struct {
        const char *name;
        letter_writer *put;
        ndup__token_mode mode;
    } cases[] = {{"ASCII", letters_ascii, NDUP__TOKEN_WORDS},
                 {"Latin, accents", letters_latin, NDUP__TOKEN_WORDS},
                 {"Cyrillic", letters_cyrillic, NDUP__TOKEN_WORDS},
                 {"Chinese", letters_cjk, NDUP__TOKEN_WORDS},
                 {"Thai", letters_thai, NDUP__TOKEN_WORDS},
                 {"ASCII, characters", letters_ascii, NDUP__TOKEN_CHARACTERS}};
    static text_case text;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char name[80];
        text.mode = cases[i].mode;
        text.length = letters_fill(text.text, TEXT_BYTES, cases[i].put, 7);
        snprintf(name, sizeof name, "tokenise %s", cases[i].name);
        measure(name, "byte", (double)text.length, tokenize_text, &text);
        measure(name, "token", (double)text.tokens.count, tokenize_text, &text);
    }
    ndup__tokens_deinit(&text.tokens);
}

/* Sets of hashes and what is done with them. */
typedef struct set_case {
    uint64_t hashes[SET_MOST];
    uint64_t other[SET_MOST];
    uint64_t work[SET_MOST];
    uint64_t scratch[SET_MOST];
    size_t count;
    ndup_sketcher *sketcher;
    uint32_t state[SET_MOST];
    uint8_t row[SET_MOST];
    uint8_t other_row[SET_MOST];
} set_case;

static void fill_sets(set_case *set)
{
    test_random random;
    test_random_init(&random, 11);
    for (size_t i = 0; i < SET_MOST; i++) {
        set->hashes[i] = test_random_u64(&random);
        set->other[i] = i % 2 == 0 ? set->hashes[i] : test_random_u64(&random);
    }
}

static void shingle_tokens(void *context)
{
    set_case *set = context;
    ndup__shingle(set->work, set->hashes, set->count, 5);
    sink += set->work[0];
}

static void sort_set(void *context)
{
    set_case *set = context;
    memcpy(set->work, set->hashes, set->count * sizeof *set->work);
    sink += ndup__sort_distinct(set->work, set->scratch, set->count);
}

static void intersect_sets(void *context)
{
    set_case *set = context;
    sink += ndup__intersection(set->work, set->count, set->scratch, set->count, 0);
}

static void make_sketch(void *context)
{
    set_case *set = context;
    ndup_sketch_make(set->sketcher, set->state, set->hashes, set->count);
    sink += set->state[0];
}

static void compare_rows(void *context)
{
    set_case *set = context;
    sink += ndup__row_agreement(set->sketcher, set->row, set->other_row);
}

/* Shingles, sorting, exact comparison. */
static void measure_sets(set_case *set)
{
    static uint64_t unused[SET_MOST];
    set->count = SET_MOST;
    measure("shingle of 5", "shingle", SET_MOST - 4, shingle_tokens, set);
    static const size_t sizes[] = {50, 400, 4000};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        char name[80];
        set->count = sizes[i];
        snprintf(name, sizeof name, "sort_distinct %zu", sizes[i]);
        measure(name, "element", (double)sizes[i], sort_set, set);
    }
    set->count = 400;
    memcpy(set->work, set->hashes, sizeof set->work);
    memcpy(set->scratch, set->other, sizeof set->scratch);
    ndup__sort_distinct(set->work, unused, 400);
    ndup__sort_distinct(set->scratch, unused, 400);
    measure("intersection 400 x 400", "pair", 1, intersect_sets, set);
}

static void measure_sketches(set_case *set)
{
    static const size_t sizes[] = {5, 20, 100, 400, 1000};
    for (size_t kind = 0; kind < ndup_sketch_count(); kind++) {
        const char *kind_name = ndup_sketch_get(kind)->name;
        char name[80];
        if (ndup_sketcher_new(&set->sketcher, kind_name, 0, 1, NULL, NULL) != NDUP_STATUS_OK) {
            abort();
        }
        for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
            set->count = sizes[i];
            snprintf(name, sizeof name, "sketch %s, %zu shingles", kind_name, sizes[i]);
            measure(name, "shingle", (double)sizes[i], make_sketch, set);
        }
        ndup__row_pack(set->sketcher, set->row, set->state);
        memcpy(set->other_row, set->row, sizeof set->row);
        snprintf(name, sizeof name, "row agreement %s", kind_name);
        measure(name, "pair", 1, compare_rows, set);
        ndup_sketcher_free(set->sketcher);
    }
}

typedef struct record_case {
    char line[2 * TEXT_BYTES + 256];
    char text[2 * TEXT_BYTES + 256 + NDUP__DECODE_SLACK];
    size_t length;
    ndup__record_scanner *scanner;
    ndup__value fields[2];
} record_case;

static void scan_record(void *context)
{
    record_case *record = context;
    if (ndup__record_scan(record->fields, record->scanner, record->line, record->length, NULL) !=
        NDUP_STATUS_OK) {
        abort();
    }
    sink += record->fields[1].length;
}

static void decode_value(void *context)
{
    record_case *record = context;
    uint64_t replaced = 0;
    sink += ndup__value_decode(record->text, &record->fields[1], &replaced);
}

/* A line end every 60 bytes, escaped. */
static void measure_records(void)
{
    static record_case record;
    static const char *const paths[] = {"id", "text"};
    test_random random;
    test_random_init(&random, 13);
    size_t at = (size_t)sprintf(record.line, "{\"id\": \"d1\", \"source\": \"x\", \"text\": \"");
    for (size_t i = 0; i < TEXT_BYTES; i++) {
        at += letters_ascii(record.line + at, &random);
        if (i % 60 == 59) {
            memcpy(record.line + at, "\\n", 2);
            at += 2;
        }
    }
    memcpy(record.line + at, "\"}", 2);
    record.length = at + 2;
    if (ndup__record_scanner_new(&record.scanner, paths, 2, NULL, NULL) != NDUP_STATUS_OK) {
        abort();
    }
    measure("record scan", "byte", (double)record.length, scan_record, &record);
    measure("unescape", "byte", (double)record.fields[1].length, decode_value, &record);
    ndup__record_scanner_free(record.scanner);
}

int main(int argc, char *argv[])
{
    if (argc > 2 || (argc == 2 && strcmp(argv[1], "--smoke") != 0)) {
        fputs("usage: bench_micro [--smoke]\n", stderr);
        return 2;
    }
    seconds_each = argc == 2 ? 0.05 : 0.5;
    static set_case set;
    fill_sets(&set);
    printf("%-34s %10s %10s\n", "operation", "min", "median");
    measure_tokenizer();
    measure_sets(&set);
    measure_sketches(&set);
    measure_records();
    return 0;
}
