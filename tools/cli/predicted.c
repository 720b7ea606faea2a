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
    uint64_t *next; /* the next document with the same text; the count of documents at the end */
    uint64_t count;
} twin_lists;

/* The lists begin with the documents that pairs name. */
static void make_twins(twin_lists *twins, const ndup_result *result)
{
    uint64_t count = ndup_result_summary(result)->documents;
    twins->count = count;
    twins->next = cli_resize(NULL, (count + 1) * sizeof *twins->next);
    for (uint64_t i = 0; i < count; i++) {
        twins->next[i] = count;
    }
    for (uint64_t i = count; i-- > 0;) {
        ndup_verdict verdict;
        ndup_result_verdict(result, i, &verdict);
        uint64_t first = verdict.same_text;
        if (first != i) { /* in behind the first */
            twins->next[i] = twins->next[first];
            twins->next[first] = i;
        }
    }
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
        if (pairs[i].similarity < threshold) {
            continue;
        }
        for (uint64_t a = pairs[i].a; a < twins.count; a = twins.next[a]) {
            for (uint64_t b = pairs[i].b; b < twins.count; b = twins.next[b]) {
                write_pair(out, result, a, b);
            }
        }
    }
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
