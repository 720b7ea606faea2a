/* SPDX-License-Identifier: MIT */
/* Measures of pairs and clusters against labels. */
#include "neardup/eval.h"

#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/require.h"
#include "cluster/union_find.h"
#include "dedup/result.h"
#include "eval/cluster_counts.h"
#include "eval/gold.h"
#include "eval/id_index.h"

static bool same_text(ndup_text x, ndup_text y)
{
    return x.length == y.length && (x.length == 0 || memcmp(x.bytes, y.bytes, x.length) == 0);
}

static ndup_status check(const ndup_result *result, double threshold, bool needs_pairs,
                         ndup_error *error)
{
    if (needs_pairs && !result->options.pairs && !result->options.exact &&
        result->options.cluster != NDUP_CLUSTER_COMPONENTS) {
        return ndup__fail(error, NDUP_STATUS_INVALID, "the result was made without pairs");
    }
    if (result->options.rule != NDUP_RULE_JACCARD &&
        threshold != result->options.matching.threshold) {
        return ndup__fail(error, NDUP_STATUS_INVALID,
                          "threshold %g, must be %g: under the rule %s not only similarity tells",
                          threshold, result->options.matching.threshold,
                          ndup_rule_name(result->options.rule));
    }
    if (!(threshold >= result->options.matching.threshold - 1e-12 && threshold <= 1)) {
        return ndup__fail(error, NDUP_STATUS_INVALID, "threshold %g, must be %g..1", threshold,
                          result->options.matching.threshold);
    }
    return NDUP_STATUS_OK;
}

static bool is_before(const ndup__table *table, uint32_t a, uint32_t b)
{
    return ndup__table_rank_of(table, a) < ndup__table_rank_of(table, b);
}

/* Forms are no pairs, unless they are dropped like copies; texts in others are, if the rule says
 * so. */
static bool counts_as_pair(const ndup__class_pair *pair, double threshold,
                           const ndup_result *result)
{
    bool drops_forms = result->options.templates == NDUP_TEMPLATES_DROP;
    return (pair->similarity >= threshold || pair->is_contained) && (!pair->is_form || drops_forms);
}

/* Whether two classes are a verified pair at the threshold. Pairs are sorted by rank. */
static bool is_pair(const ndup_result *result, uint32_t a, uint32_t b, double threshold)
{
    const ndup__table *table = &result->table;
    const ndup__class_pairs *pairs = &result->class_pairs;
    if (is_before(table, b, a)) {
        uint32_t swapped = a;
        a = b;
        b = swapped;
    }
    size_t low = 0;
    size_t high = pairs->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        const ndup__class_pair *pair = &pairs->items[middle];
        bool less = pair->a != a ? is_before(table, pair->a, a) : is_before(table, pair->b, b);
        low = less ? middle + 1 : low;
        high = less ? high : middle;
    }
    return low < pairs->count && pairs->items[low].a == a && pairs->items[low].b == b &&
           counts_as_pair(&pairs->items[low], threshold, result);
}

/* Documents of every class. */
static ndup_status count_members(uint32_t **members, const ndup_result *result, ndup_error *error)
{
    const ndup__table *table = &result->table;
    ndup_status status = ndup__allocate_zeroed(result->allocator, members, table->class_count,
                                               sizeof **members, error);
    for (size_t i = 0; status == NDUP_STATUS_OK && i < table->count; i++) {
        (*members)[table->classes[i]]++;
    }
    return status;
}

/* How many pairs of documents the run predicts: all pairs within a class, and between classes of a
 * pair. */
static uint64_t count_predicted(const ndup_result *result, const uint32_t *members,
                                double threshold)
{
    uint64_t predicted = 0;
    for (size_t i = 0; i < result->table.class_count; i++) {
        predicted += (uint64_t)members[i] * (members[i] - 1) / 2;
    }
    for (size_t i = 0; i < result->class_pairs.count; i++) {
        const ndup__class_pair *pair = &result->class_pairs.items[i];
        if (counts_as_pair(pair, threshold, result)) {
            predicted += (uint64_t)members[pair->a] * members[pair->b];
        }
    }
    return predicted;
}

ndup_status ndup_eval_pairs(ndup_pair_measures *measures, const ndup_result *result,
                            const ndup_gold *gold, double threshold, ndup_error *error)
{
    ndup_status given =
        NDUP__REQUIRE(error, "measures", measures, "result", result, "labels", gold);
    if (given != NDUP_STATUS_OK) {
        return given;
    }
    *measures = (ndup_pair_measures){.threshold = threshold};
    ndup__id_index index = {0};
    uint32_t *members = NULL;
    ndup_status status = check(result, threshold, true, error);
    if (status == NDUP_STATUS_OK) {
        status = ndup__id_index_init(&index, &result->table, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = count_members(&members, result, error);
    }
    if (status == NDUP_STATUS_OK) {
        uint64_t ignored = 0;
        for (size_t i = 0; i < gold->count; i++) {
            const ndup__gold_row *row = &gold->rows[i];
            uint32_t a = ndup__id_index_class(&index, row->a);
            uint32_t b = ndup__id_index_class(&index, row->b);
            bool is_known =
                a != NDUP__NO_CLASS && b != NDUP__NO_CLASS && !same_text(row->a, row->b);
            bool predicted = is_known && (a == b || is_pair(result, a, b, threshold));
            measures->gold_positives += row->counts_as == NDUP__GOLD_POSITIVE;
            measures->true_positives += predicted && row->counts_as == NDUP__GOLD_POSITIVE;
            ignored += predicted && row->counts_as == NDUP__GOLD_IGNORED;
        }
        uint64_t predicted = count_predicted(result, members, threshold);
        measures->false_positives = predicted - measures->true_positives - ignored;
        ndup__measure_pairs(measures);
    }
    ndup__free(result->allocator, &members, result->table.class_count, sizeof *members);
    ndup__id_index_deinit(&index);
    return status;
}

/* The groups that the leader rule gives at a higher threshold than the run's, from the run's pairs.
 */
static ndup_status lead_classes(ndup__union_find *sets, const ndup_result *result, double threshold,
                                ndup_error *error)
{
    const ndup__class_pairs *pairs = &result->class_pairs;
    size_t count = result->table.class_count;
    double *best = NULL;        /* [classes] similarity to the survivor found so far */
    uint32_t *survivors = NULL; /* [classes] */
    ndup_status status =
        ndup__allocate_zeroed(result->allocator, &best, count, sizeof *best, error);
    if (status == NDUP_STATUS_OK) {
        status =
            ndup__allocate_zeroed(result->allocator, &survivors, count, sizeof *survivors, error);
    }
    /* Pairs come in keep order of a: when a's pairs are met, everything before a has been decided.
     */
    for (size_t i = 0; status == NDUP_STATUS_OK && i < pairs->count; i++) {
        const ndup__class_pair *pair = &pairs->items[i];
        bool a_is_kept = best[pair->a] <= 0;
        if (counts_as_pair(pair, threshold, result) && a_is_kept &&
            pair->similarity > best[pair->b]) {
            best[pair->b] = pair->similarity;
            survivors[pair->b] = pair->a;
        }
    }
    for (size_t i = 0; status == NDUP_STATUS_OK && i < count; i++) {
        if (best[i] > 0) {
            ndup__union_find_join(sets, (uint32_t)i, survivors[i]);
        }
    }
    ndup__free(result->allocator, &best, count, sizeof *best);
    ndup__free(result->allocator, &survivors, count, sizeof *survivors);
    return status;
}

/* Groups of classes at a threshold by the result's own rule; at the run's threshold they are the
 * run's groups. */
static ndup_status group_classes(ndup__union_find *sets, const ndup_result *result,
                                 double threshold, ndup_error *error)
{
    const ndup__class_pairs *pairs = &result->class_pairs;
    size_t count = result->table.class_count;
    ndup_status status = ndup__union_find_init(sets, count, result->allocator, error);
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    if (threshold <= result->options.matching.threshold) {
        for (size_t i = 0; i < count; i++) {
            ndup__union_find_join(sets, (uint32_t)i, result->groups.survivors[i]);
        }
    } else if (result->options.cluster == NDUP_CLUSTER_COMPONENTS) {
        for (size_t i = 0; i < pairs->count; i++) {
            if (counts_as_pair(&pairs->items[i], threshold, result)) {
                ndup__union_find_join(sets, pairs->items[i].a, pairs->items[i].b);
            }
        }
    } else {
        status = lead_classes(sets, result, threshold, error);
    }
    return status;
}

/* Labels get numbers by hashing: two labels of equal hash would count as one (one in 2^64 a pair).
 * Unknown documents are groups of their own. */
static size_t label_documents(ndup__labelled *items, const ndup_gold *gold,
                              const ndup__id_index *index, ndup__union_find *sets)
{
    for (size_t i = 0; i < gold->count; i++) {
        const ndup__gold_row *row = &gold->rows[i];
        uint32_t class_number = ndup__id_index_class(index, row->a);
        items[i].gold = ndup__hash_bytes(row->b.bytes, row->b.length, 0);
        items[i].predicted = class_number == NDUP__NO_CLASS
                                 ? (uint64_t)1 << 32 | i
                                 : ndup__union_find_root(sets, class_number);
    }
    return gold->count;
}

ndup_status ndup_eval_clusters(ndup_cluster_measures *measures, const ndup_result *result,
                               const ndup_gold *gold, double threshold, ndup_error *error)
{
    ndup_status given =
        NDUP__REQUIRE(error, "measures", measures, "result", result, "labels", gold);
    if (given != NDUP_STATUS_OK) {
        return given;
    }
    *measures = (ndup_cluster_measures){.threshold = threshold};
    ndup__id_index index = {0};
    ndup__union_find sets = {0};
    ndup__labelled *items = NULL;
    bool needs_pairs = threshold > result->options.matching.threshold;
    ndup_status status = check(result, threshold, needs_pairs, error);
    if (status == NDUP_STATUS_OK) {
        status = ndup__id_index_init(&index, &result->table, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = group_classes(&sets, result, threshold, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = ndup__resize(result->allocator, &items, 0, gold->count, sizeof *items, error);
    }
    if (status == NDUP_STATUS_OK) {
        ndup__measure_clusters(measures, items, label_documents(items, gold, &index, &sets));
    }
    ndup__free(result->allocator, &items, gold->count, sizeof *items);
    ndup__union_find_deinit(&sets);
    ndup__id_index_deinit(&index);
    return status;
}
