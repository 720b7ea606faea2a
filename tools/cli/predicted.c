/* SPDX-License-Identifier: MIT */
/* Predicted pairs and clusters. */
#include "predicted.h"

#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "console.h"
#include "option_table.h"

/* Documents with the same text, as lists: a pair of the result stands for all pairs between the
 * lists of its two documents. */
typedef struct twin_lists {
    uint64_t *first; /* first document of each document's list */
    uint64_t *next;  /* the one after each document; the count of documents at the end */
    uint64_t count;
} twin_lists;

typedef struct hashed_document {
    uint64_t hash;
    uint64_t number;
} hashed_document;

static int by_hash(const void *a, const void *b)
{
    const hashed_document *x = a, *y = b;
    if (x->hash != y->hash) {
        return x->hash < y->hash ? -1 : 1;
    }
    return (x->number > y->number) - (x->number < y->number);
}

static uint64_t root(const twin_lists *twins, uint64_t number)
{
    while (twins->first[number] != number) {
        number = twins->first[number];
    }
    return number;
}

static void join(twin_lists *twins, uint64_t a, uint64_t b)
{
    uint64_t x = root(twins, a), y = root(twins, b);
    twins->first[x < y ? y : x] = x < y ? x : y;
}

/* Joins documents with the same bytes of text, and those dropped for the same words. */
static void join_equal_texts(twin_lists *twins, const ndup_result *result)
{
    hashed_document *hashed = cli_resize(NULL, (twins->count + 1) * sizeof *hashed);
    for (uint64_t i = 0; i < twins->count; i++) {
        ndup_verdict verdict;
        ndup_result_verdict(result, i, &verdict);
        hashed[i] = (hashed_document){verdict.text_hash, i};
        if (verdict.kind == NDUP_KIND_IDENTICAL || verdict.kind == NDUP_KIND_NORMALIZED) {
            join(twins, i, verdict.survivor);
        }
    }
    qsort(hashed, twins->count, sizeof *hashed, by_hash);
    for (uint64_t i = 1; i < twins->count; i++) {
        if (hashed[i].hash == hashed[i - 1].hash) {
            join(twins, hashed[i].number, hashed[i - 1].number);
        }
    }
    free(hashed);
}

static void make_twins(twin_lists *twins, const ndup_result *result)
{
    uint64_t count = ndup_result_summary(result)->documents;
    twins->count = count;
    twins->first = cli_resize(NULL, (count + 1) * sizeof *twins->first);
    twins->next = cli_resize(NULL, (count + 1) * sizeof *twins->next);
    for (uint64_t i = 0; i < count; i++) {
        twins->first[i] = i;
    }
    join_equal_texts(twins, result);
    uint64_t *last = cli_resize(NULL, (count + 1) * sizeof *last);
    for (uint64_t i = 0; i < count; i++) {
        uint64_t first = root(twins, i);
        twins->first[i] = first;
        twins->next[i] = count;
        if (first != i) {
            twins->next[last[first]] = i;
        }
        last[first] = i;
    }
    free(last);
}

static void write_id(FILE *out, const ndup_result *result, uint64_t number, char end)
{
    ndup_verdict verdict;
    ndup_result_verdict(result, number, &verdict);
    fwrite(verdict.id.bytes, 1, verdict.id.length, out);
    fputc(end, out);
}

static void write_pair(FILE *out, const ndup_result *result, uint64_t a, uint64_t b)
{
    write_id(out, result, a, '\t');
    write_id(out, result, b, '\n');
}

static void write_pairs(FILE *out, const ndup_result *result, double threshold)
{
    twin_lists twins;
    make_twins(&twins, result);
    for (uint64_t a = 0; a < twins.count; a++) {
        for (uint64_t b = twins.next[a]; b < twins.count; b = twins.next[b]) {
            write_pair(out, result, a, b);
        }
    }
    const ndup_pair *pairs;
    size_t count = ndup_result_pairs(result, &pairs);
    for (size_t i = 0; i < count; i++) {
        uint64_t first = twins.first[pairs[i].a], second = twins.first[pairs[i].b];
        if (pairs[i].similarity < threshold || first == second) {
            continue;
        }
        for (uint64_t a = first; a < twins.count; a = twins.next[a]) {
            for (uint64_t b = second; b < twins.count; b = twins.next[b]) {
                write_pair(out, result, a, b);
            }
        }
    }
    free(twins.first);
    free(twins.next);
}

static void write_clusters(FILE *out, const ndup_result *result)
{
    uint64_t count = ndup_result_summary(result)->documents;
    for (uint64_t i = 0; i < count; i++) {
        ndup_verdict verdict;
        ndup_result_verdict(result, i, &verdict);
        write_pair(out, result, i, verdict.survivor);
    }
}

int cli_predicted_write(const char *path, const ndup_result *result, bool clusters,
                        double threshold, bool overwrite)
{
    FILE *out = fopen(path, overwrite ? "wb" : "wbx");
    if (out == NULL) {
        cli_complain("%s: %s%s", path, strerror(errno),
                     errno == EEXIST ? "; --force replaces it" : "");
        return CLI_EXIT_FAILED;
    }
    if (clusters) {
        write_clusters(out, result);
    } else {
        write_pairs(out, result, threshold);
    }
    bool failed = ferror(out) != 0;
    if (fclose(out) != 0 || failed) {
        cli_complain("%s: %s", path, strerror(errno));
        remove(path);
        return CLI_EXIT_FAILED;
    }
    return CLI_GO_ON;
}
