/* SPDX-License-Identifier: MIT */
/* Pairing the duplicates of two runs by hashes of their ids and texts. */
#include "neardup/baseline.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/require.h"
#include "base/hash.h"
#include "dedup/result.h"
#include "plan/baseline_read.h"
#include "report/id_hash.h"

void ndup_baseline_close(ndup_baseline *baseline)
{
    if (baseline != NULL) {
        const ndup_allocator *allocator = baseline->allocator;
        ndup__free(allocator, &baseline->findings, baseline->capacity, sizeof *baseline->findings);
        ndup__free(allocator, &baseline, 1, sizeof *baseline);
    }
}

static int by_text(const void *left, const void *right)
{
    const ndup__finding *a = left;
    const ndup__finding *b = right;
    if (a->text_hash != b->text_hash) {
        return a->text_hash < b->text_hash ? -1 : 1;
    }
    return a->id_hash < b->id_hash ? -1 : a->id_hash > b->id_hash;
}

ndup_status ndup_baseline_open(ndup_baseline **out, const char *path,
                               const ndup_allocator *allocator, ndup_error *error)
{
    if (out != NULL) {
        *out = NULL;
    }
    ndup_status given = NDUP__REQUIRE(error, "baseline", out, "path", path);
    if (given != NDUP_STATUS_OK) {
        return given;
    }
    ndup_baseline *baseline;
    ndup_status status = ndup__allocate_zeroed(allocator, &baseline, 1, sizeof *baseline, error);
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    baseline->allocator = allocator;
    status = ndup__baseline_read(baseline, path, error);
    if (status == NDUP_STATUS_OK && baseline->count > 0) {
        qsort(baseline->findings, baseline->count, sizeof *baseline->findings, by_text);
    }
    if (status != NDUP_STATUS_OK) {
        ndup_baseline_close(baseline);
        return status;
    }
    *out = baseline;
    return NDUP_STATUS_OK;
}

size_t ndup_baseline_count(const ndup_baseline *baseline)
{
    if (baseline == NULL) {
        return 0;
    }
    return baseline->count;
}

bool ndup_result_has_baseline(const ndup_result *result)
{
    if (result == NULL) {
        return false;
    }
    return result->known != NULL;
}

uint64_t ndup_result_known(const ndup_result *result)
{
    if (result == NULL) {
        return 0;
    }
    return result->known_count;
}

/* The findings of a baseline in lists by one of their hashes. */
typedef struct finding_table {
    uint32_t *heads; /* [size] 1 + finding, 0 = none */
    uint32_t *nexts; /* [count] the same */
    size_t size;
    uint64_t slot_key;
} finding_table;

/* What a pass looks at. */
typedef enum pass { PASS_BOTH, PASS_TEXT, PASS_ID, PASS_COUNT } pass;

typedef struct matching {
    const ndup_baseline *baseline;
    ndup_result *result;
    finding_table table;
    uint8_t *taken; /* [findings] */
} matching;

static uint64_t key_of(pass now, uint64_t id_hash, uint64_t text_hash)
{
    return now == PASS_BOTH   ? ndup__mix64(id_hash) ^ text_hash
           : now == PASS_TEXT ? text_hash
                              : id_hash;
}

/* Lists the findings that are not taken, the first of equals in front. */
static void fill_table(matching *match, pass now)
{
    finding_table *table = &match->table;
    memset(table->heads, 0, table->size * sizeof *table->heads);
    for (size_t i = match->baseline->count; i-- > 0;) {
        const ndup__finding *finding = &match->baseline->findings[i];
        uint64_t key = key_of(now, finding->id_hash, finding->text_hash);
        uint32_t *head = &table->heads[ndup__slot_hash(key, table->slot_key) & (table->size - 1)];
        if (!match->taken[i]) {
            table->nexts[i] = *head;
            *head = (uint32_t)i + 1;
        }
    }
}

static bool is_match(pass now, const ndup__finding *finding, uint64_t id_hash, uint64_t text_hash)
{
    return (now == PASS_TEXT || finding->id_hash == id_hash) &&
           (now == PASS_ID || finding->text_hash == text_hash);
}

/* Takes a finding for the document, out of its list too; false when none is left. */
static bool take_finding(matching *match, pass now, uint64_t id_hash, uint64_t text_hash)
{
    finding_table *table = &match->table;
    uint64_t key = key_of(now, id_hash, text_hash);
    uint32_t *link = &table->heads[ndup__slot_hash(key, table->slot_key) & (table->size - 1)];
    for (; *link != 0; link = &table->nexts[*link - 1]) {
        size_t i = *link - 1;
        if (is_match(now, &match->baseline->findings[i], id_hash, text_hash)) {
            match->taken[i] = 1;
            *link = table->nexts[i];
            return true;
        }
    }
    return false;
}

static void run_pass(matching *match, pass now)
{
    ndup_result *result = match->result;
    fill_table(match, now);
    for (size_t i = 0; i < result->table.count; i++) {
        ndup_verdict verdict;
        ndup_result_verdict(result, i, &verdict);
        if (!verdict.kept && !verdict.known &&
            take_finding(match, now, ndup__id_hash(verdict.id), verdict.text_hash)) {
            result->known[i] = 1;
            result->known_count++;
        }
    }
}

ndup_status ndup_result_compare(ndup_result *result, const ndup_baseline *baseline,
                                ndup_error *error)
{
    ndup_status given = NDUP__REQUIRE(error, "result", result, "baseline", baseline);
    if (given != NDUP_STATUS_OK) {
        return given;
    }
    const ndup_allocator *allocator = result->allocator;
    matching match = {.baseline = baseline,
                      .result = result,
                      .table = {.size = 16, .slot_key = ndup__slot_key()}};
    while (match.table.size < 2 * baseline->count) {
        match.table.size *= 2;
    }
    ndup__free(allocator, &result->known, result->table.count, 1);
    result->known_count = 0;
    ndup_status status =
        ndup__allocate_zeroed(allocator, &result->known, result->table.count, 1, error);
    if (status == NDUP_STATUS_OK) {
        status = ndup__allocate_zeroed(allocator, &match.taken, baseline->count, 1, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = ndup__resize(allocator, &match.table.heads, 0, match.table.size,
                              sizeof *match.table.heads, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = ndup__resize(allocator, &match.table.nexts, 0, baseline->count,
                              sizeof *match.table.nexts, error);
    }
    for (pass now = PASS_BOTH; now < PASS_COUNT && status == NDUP_STATUS_OK; now++) {
        run_pass(&match, now);
    }
    ndup__free(allocator, &match.taken, baseline->count, 1);
    ndup__free(allocator, &match.table.heads, match.table.size, sizeof *match.table.heads);
    ndup__free(allocator, &match.table.nexts, baseline->count, sizeof *match.table.nexts);
    return status;
}
