/* SPDX-License-Identifier: MIT */
/* Chooses what a report shows, then puts it aside as it passes by. */
#include "page/report_run.h"

#include <stdlib.h>

#include "base/alloc.h"
#include "report/corpus_hash.h"

static int larger_first(const void *left, const void *right)
{
    const ndup__shown_group *a = left;
    const ndup__shown_group *b = right;
    if (a->size != b->size) {
        return a->size < b->size ? 1 : -1;
    }
    return a->survivor < b->survivor ? -1 : a->survivor > b->survivor;
}

static ndup_status choose_groups(ndup__report_run *run, ndup_error *error)
{
    ndup_status status = NDUP_STATUS_OK;
    for (uint64_t i = 0; i < run->grouping.documents && status == NDUP_STATUS_OK; i++) {
        uint64_t *members;
        uint64_t size = ndup__grouping_members(&members, &run->grouping, i);
        if (size < 2) {
            continue;
        }
        status = ndup__reserve(run->allocator, &run->groups, &run->group_capacity,
                               run->group_count + 1, sizeof *run->groups, error);
        if (status == NDUP_STATUS_OK) {
            run->groups[run->group_count++] = (ndup__shown_group){i, size};
        }
    }
    if (status == NDUP_STATUS_OK && run->group_count > 0) {
        qsort(run->groups, run->group_count, sizeof *run->groups, larger_first);
    }
    return status;
}

/* A member with what it is sorted by. */
typedef struct ranked_member {
    uint64_t number;
    double similarity;
    int rank;
} ranked_member;

static int survivor_then_least_alike(const void *left, const void *right)
{
    const ranked_member *a = left;
    const ranked_member *b = right;
    if (a->rank != b->rank) {
        return a->rank < b->rank ? -1 : 1;
    }
    if (a->similarity < b->similarity || a->similarity > b->similarity) {
        return a->similarity < b->similarity ? -1 : 1;
    }
    return a->number < b->number ? -1 : a->number > b->number;
}

/* The survivor, then near copies, the least alike first, then copies of the same words. */
static int rank_of(const ndup_verdict *verdict)
{
    if (verdict->survivor == verdict->document) {
        return 0;
    }
    return verdict->kind == NDUP_KIND_NORMALIZED ? 2 : verdict->kind == NDUP_KIND_IDENTICAL ? 3 : 1;
}

static ndup_status sort_group(ndup__report_run *run, uint64_t survivor, ndup_error *error)
{
    uint64_t *members;
    size_t count = (size_t)ndup__grouping_members(&members, &run->grouping, survivor);
    ranked_member *ranked = NULL;
    ndup_status status = ndup__resize(run->allocator, &ranked, 0, count, sizeof *ranked, error);
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    for (size_t i = 0; i < count; i++) {
        ndup_verdict verdict;
        ndup_result_verdict(run->result, members[i], &verdict);
        ranked[i] = (ranked_member){members[i], verdict.similarity, rank_of(&verdict)};
    }
    qsort(ranked, count, sizeof *ranked, survivor_then_least_alike);
    for (size_t i = 0; i < count; i++) {
        members[i] = ranked[i].number;
    }
    ndup__free(run->allocator, &ranked, count, sizeof *ranked);
    return NDUP_STATUS_OK;
}

/* Notes the members of a group that are shown; copies of the same bytes need no text. */
static ndup_status note_group(ndup__report_run *run, uint64_t survivor, ndup_error *error)
{
    uint64_t *members;
    size_t count = (size_t)ndup__grouping_members(&members, &run->grouping, survivor);
    size_t shown = count < run->limits.members ? count : run->limits.members;
    ndup_status status = ndup__reserve(run->allocator, &run->shown, &run->shown_capacity,
                                       run->shown_count + shown, sizeof *run->shown, error);
    for (size_t i = 0; i < shown && status == NDUP_STATUS_OK; i++) {
        ndup_verdict verdict;
        ndup_result_verdict(run->result, members[i], &verdict);
        bool with_text = i <= run->limits.texts && verdict.kind != NDUP_KIND_IDENTICAL;
        run->shown[run->shown_count++] = members[i] << 1 | with_text;
    }
    return status;
}

static int rising(const void *left, const void *right)
{
    uint64_t a = *(const uint64_t *)left;
    uint64_t b = *(const uint64_t *)right;
    return a < b ? -1 : a > b;
}

ndup_status ndup__report_run_begin(ndup__report_run *run, const ndup_result *result,
                                   ndup_error *error)
{
    run->result = result;
    run->sources.allocator = run->allocator;
    run->corpus_hash = NDUP__CORPUS_HASH_START;
    ndup_status status = ndup__grouping_init(&run->grouping, result, run->allocator, error);
    if (status == NDUP_STATUS_OK) {
        status = choose_groups(run, error);
    }
    for (size_t i = 0; i < run->group_count && i < run->limits.groups && status == NDUP_STATUS_OK;
         i++) {
        status = sort_group(run, run->groups[i].survivor, error);
        if (status == NDUP_STATUS_OK) {
            status = note_group(run, run->groups[i].survivor, error);
        }
    }
    if (status == NDUP_STATUS_OK && run->shown_count > 0) {
        qsort(run->shown, run->shown_count, sizeof *run->shown, rising);
    }
    return status == NDUP_STATUS_OK
               ? ndup__document_store_new(&run->store,
                                          ndup_result_corpus_options(result)->temporary_folder,
                                          run->allocator, error)
               : status;
}

ndup_status ndup__report_run_add(ndup__report_run *run, const ndup_verdict *verdict,
                                 const ndup_document *document, ndup_error *error)
{
    run->corpus_hash = ndup__corpus_hash_add(run->corpus_hash, verdict->text_hash);
    ndup_status status = ndup__sources_add(&run->sources, document, error);
    if (status == NDUP_STATUS_OK && run->next_shown < run->shown_count &&
        run->shown[run->next_shown] >> 1 == document->number) {
        bool with_text = (run->shown[run->next_shown++] & 1) != 0;
        status = ndup__document_store_add(run->store, document, with_text, error);
    }
    return status;
}

ndup_status ndup__report_run_end(ndup__report_run *run, ndup_error *error)
{
    return ndup__sources_count(&run->matrix, &run->sources, run->result, run->limits.sources,
                               error);
}

void ndup__report_run_deinit(ndup__report_run *run)
{
    if (run->allocator == NULL) {
        return;
    }
    ndup__document_store_free(run->store);
    ndup__source_matrix_deinit(&run->matrix, run->allocator);
    ndup__sources_deinit(&run->sources);
    ndup__grouping_deinit(&run->grouping);
    ndup__free(run->allocator, &run->groups, run->group_capacity, sizeof *run->groups);
    ndup__free(run->allocator, &run->shown, run->shown_capacity, sizeof *run->shown);
    *run = (ndup__report_run){.limits = run->limits};
}
