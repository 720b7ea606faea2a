/* SPDX-License-Identifier: MIT */
/* What a run of group tells of each document is noted, and measured when the run is over. */
#include <string.h>

#include "base/alloc.h"
#include "base/arena.h"
#include "base/error.h"
#include "base/hash.h"
#include "base/require.h"
#include "eval/cluster_counts.h"
#include "eval/gold.h"
#include "eval/gold_cover.h"
#include "eval/id_index.h"

/* A document of the run. */
typedef struct found_document {
    ndup_text id;
    uint32_t story, copies;
    uint32_t of; /* whom it shares with, of PARTIAL; else itself */
} found_document;

struct ndup_found_groups {
    ndup_allocator allocator;
    ndup_group_sink sink;
    ndup__arena ids;
    found_document *documents; /* [count] */
    size_t count, capacity;
};

static ndup_status begin(void *context, const ndup_group_run *run, ndup_error *error)
{
    ndup_found_groups *found = context;
    (void)run;
    (void)error;
    found->count = 0;
    ndup__arena_reset(&found->ids);
    return NDUP_STATUS_OK;
}

static ndup_status note_document(void *context, const ndup_grouping *grouping,
                                 const ndup_document *document, ndup_error *error)
{
    ndup_found_groups *found = context;
    char *id;
    (void)document;
    ndup_status status = ndup__reserve(&found->allocator, &found->documents, &found->capacity,
                                       found->count + 1, sizeof *found->documents, error);
    if (status == NDUP_STATUS_OK) {
        status = ndup__arena_copy(&found->ids, &id, grouping->id.bytes, grouping->id.length, error);
    }
    if (status == NDUP_STATUS_OK) {
        bool is_partial = grouping->role == NDUP_ROLE_PARTIAL;
        found->documents[found->count++] =
            (found_document){.id = {id, grouping->id.length},
                             .story = (uint32_t)grouping->story,
                             .copies = (uint32_t)grouping->copy_group,
                             .of = (uint32_t)(is_partial ? grouping->of : grouping->document)};
    }
    return status;
}

static ndup_status commit(void *context, ndup_error *error)
{
    (void)context;
    (void)error;
    return NDUP_STATUS_OK;
}

static void give_up(void *context)
{
    ((ndup_found_groups *)context)->count = 0;
}

ndup_status ndup_found_groups_new(ndup_found_groups **found, const ndup_allocator *allocator,
                                  ndup_error *error)
{
    ndup_status status = NDUP__REQUIRE(error, "found", found);
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    *found = NULL;
    status = ndup__allocate_zeroed(allocator, found, 1, sizeof **found, error);
    if (status == NDUP_STATUS_OK) {
        ndup_found_groups *made = *found;
        made->allocator = *ndup__allocator(allocator);
        made->ids.allocator = &made->allocator;
        made->sink = (ndup_group_sink){.struct_size = sizeof made->sink,
                                       .context = made,
                                       .begin = begin,
                                       .document = note_document,
                                       .commit = commit,
                                       .abort = give_up};
    }
    return status;
}

ndup_group_sink *ndup_found_groups_sink(ndup_found_groups *found)
{
    return found != NULL ? &found->sink : NULL;
}

void ndup_found_groups_free(ndup_found_groups *found)
{
    if (found != NULL) {
        ndup_allocator allocator = found->allocator;
        ndup__arena_deinit(&found->ids);
        ndup__free(&allocator, &found->documents, found->capacity, sizeof *found->documents);
        ndup__free(&allocator, &found, 1, sizeof *found);
    }
}

static ndup_text id_of(const void *documents, uint32_t i)
{
    return ((const found_document *)documents)[i].id;
}

static ndup_status make_index(ndup__id_index *index, const ndup_found_groups *found,
                              ndup_error *error)
{
    return ndup__id_index_init_of(index, found->documents, id_of, found->count, &found->allocator,
                                  error);
}

ndup_status ndup_gold_cover_groups(ndup_gold_coverage *coverage, const ndup_gold *gold,
                                   const ndup_found_groups *found, ndup_error *error)
{
    ndup__id_index index;
    ndup_status status = NDUP__REQUIRE(error, "coverage", coverage, "labels", gold, "found", found);
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    status = make_index(&index, found, error);
    if (status == NDUP_STATUS_OK) {
        status = ndup__gold_cover(coverage, gold, &index, error);
    }
    ndup__id_index_deinit(&index);
    return status;
}

static uint32_t group_of(const found_document *document, ndup_group_level level)
{
    return level == NDUP_GROUP_LEVEL_STORY ? document->story : document->copies;
}

/* Partial copies make no group: each goes with that of the one it shares most with. */
static bool is_pair(const ndup_found_groups *found, uint32_t a, uint32_t b, ndup_group_level level)
{
    const found_document *x = &found->documents[a];
    const found_document *y = &found->documents[b];
    return group_of(x, level) == group_of(y, level) ||
           (level == NDUP_GROUP_LEVEL_PARTIAL && (x->of == b || y->of == a));
}

/* Pairs of documents in one group, and of partial copies with what they are of. */
static ndup_status count_predicted(uint64_t *predicted, const ndup_found_groups *found,
                                   ndup_group_level level, ndup_error *error)
{
    uint32_t *sizes = NULL; /* of groups, whose numbers are below that of documents */
    ndup_status status =
        ndup__allocate_zeroed(&found->allocator, &sizes, found->count, sizeof *sizes, error);
    *predicted = 0;
    for (size_t i = 0; i < found->count && status == NDUP_STATUS_OK; i++) {
        *predicted += sizes[group_of(&found->documents[i], level)]++;
        *predicted += level == NDUP_GROUP_LEVEL_PARTIAL && found->documents[i].of != i;
    }
    ndup__free(&found->allocator, &sizes, sizes != NULL ? found->count : 0, sizeof *sizes);
    return status;
}

static ndup_status check_level(ndup_group_level level, ndup_error *error)
{
    return (unsigned)level <= NDUP_GROUP_LEVEL_STORY
               ? NDUP_STATUS_OK
               : ndup__fail(error, NDUP_STATUS_INVALID, "level %d of groups is unknown",
                            (int)level);
}

static void count_pairs(ndup_pair_measures *measures, const ndup_found_groups *found,
                        const ndup__id_index *index, const ndup_gold *gold, ndup_group_level level,
                        uint64_t predicted)
{
    uint64_t ignored = 0;
    for (size_t i = 0; i < gold->count; i++) {
        const ndup__gold_row *row = &gold->rows[i];
        uint32_t a = ndup__id_index_document(index, row->a);
        uint32_t b = ndup__id_index_document(index, row->b);
        bool is_found = a != NDUP__NO_DOCUMENT && b != NDUP__NO_DOCUMENT && a != b &&
                        is_pair(found, a, b, level);
        measures->gold_positives += row->counts_as == NDUP__GOLD_POSITIVE;
        measures->true_positives += is_found && row->counts_as == NDUP__GOLD_POSITIVE;
        ignored += is_found && row->counts_as == NDUP__GOLD_IGNORED;
    }
    measures->false_positives = predicted - measures->true_positives - ignored;
    ndup__measure_pairs(measures);
}

ndup_status ndup_eval_group_pairs(ndup_pair_measures *measures, const ndup_found_groups *found,
                                  const ndup_gold *gold, ndup_group_level level, ndup_error *error)
{
    ndup__id_index index;
    uint64_t predicted;
    ndup_status status = NDUP__REQUIRE(error, "measures", measures, "found", found, "labels", gold);
    if (status == NDUP_STATUS_OK) {
        status = check_level(level, error);
    }
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    *measures = (ndup_pair_measures){0};
    status = make_index(&index, found, error);
    if (status == NDUP_STATUS_OK) {
        status = count_predicted(&predicted, found, level, error);
    }
    if (status == NDUP_STATUS_OK) {
        count_pairs(measures, found, &index, gold, level, predicted);
    }
    ndup__id_index_deinit(&index);
    return status;
}

/* Unknown documents are groups of their own. */
static void label_documents(ndup__labelled *items, const ndup_found_groups *found,
                            const ndup__id_index *index, const ndup_gold *gold,
                            ndup_group_level level)
{
    for (size_t i = 0; i < gold->count; i++) {
        const ndup__gold_row *row = &gold->rows[i];
        uint32_t document = ndup__id_index_document(index, row->a);
        items[i].gold = ndup__hash_bytes(row->b.bytes, row->b.length, 0);
        items[i].predicted = document == NDUP__NO_DOCUMENT
                                 ? (uint64_t)1 << 32 | i
                                 : group_of(&found->documents[document], level);
    }
}

ndup_status ndup_eval_group_clusters(ndup_cluster_measures *measures,
                                     const ndup_found_groups *found, const ndup_gold *gold,
                                     ndup_group_level level, ndup_error *error)
{
    ndup__id_index index;
    ndup__labelled *items = NULL;
    ndup_status status = NDUP__REQUIRE(error, "measures", measures, "found", found, "labels", gold);
    if (status == NDUP_STATUS_OK) {
        status = check_level(level, error);
    }
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    *measures = (ndup_cluster_measures){0};
    status = make_index(&index, found, error);
    if (status == NDUP_STATUS_OK) {
        status = ndup__resize(&found->allocator, &items, 0, gold->count, sizeof *items, error);
    }
    if (status == NDUP_STATUS_OK) {
        label_documents(items, found, &index, gold, level);
        ndup__measure_clusters(measures, items, gold->count);
    }
    ndup__free(&found->allocator, &items, items != NULL ? gold->count : 0, sizeof *items);
    ndup__id_index_deinit(&index);
    return status;
}
