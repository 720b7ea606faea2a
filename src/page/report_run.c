/* SPDX-License-Identifier: MIT */
/* Chooses what a report shows, then puts it aside as it passes by. */
#include "page/report_run.h"

#include <stdlib.h>

#include "base/alloc.h"
#include "report/corpus_hash.h"

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

/* The same for families of one form, with the text of the first. */
static ndup_status note_form(ndup__report_run *run, uint64_t first, ndup_error *error)
{
    uint64_t *members;
    size_t count = (size_t)ndup__grouping_members(&members, &run->form_grouping, first);
    size_t shown = count < NDUP__FORM_MEMBERS_SHOWN ? count : NDUP__FORM_MEMBERS_SHOWN;
    ndup_status status = ndup__reserve(run->allocator, &run->shown, &run->shown_capacity,
                                       run->shown_count + shown + 1, sizeof *run->shown, error);
    if (status == NDUP_STATUS_OK) {
        run->shown[run->shown_count++] = first << 1 | 1;
        for (size_t i = 0; i < shown; i++) {
            run->shown[run->shown_count++] = members[i] << 1;
        }
    }
    return status;
}

static int rising(const void *left, const void *right)
{
    uint64_t a = *(const uint64_t *)left;
    uint64_t b = *(const uint64_t *)right;
    return a < b ? -1 : a > b;
}

static ndup_status choose_groups(ndup__report_run *run, ndup_error *error)
{
    ndup_status status = ndup__ranked_groups_fill(&run->groups, &run->grouping, error);
    for (size_t i = 0; i < run->groups.count && i < run->limits.groups && status == NDUP_STATUS_OK;
         i++) {
        status = ndup__grouping_sort(&run->grouping, run->groups.items[i].survivor, error);
        if (status == NDUP_STATUS_OK) {
            status = note_group(run, run->groups.items[i].survivor, error);
        }
    }
    return status;
}

static ndup_status choose_forms(ndup__report_run *run, ndup_error *error)
{
    ndup_status status = ndup__ranked_groups_fill(&run->forms, &run->form_grouping, error);
    for (size_t i = 0; i < run->forms.count && i < NDUP__FORMS_SHOWN && status == NDUP_STATUS_OK;
         i++) {
        status = note_form(run, run->forms.items[i].survivor, error);
    }
    return status;
}

ndup_status ndup__report_run_begin(ndup__report_run *run, const ndup_result *result,
                                   ndup_error *error)
{
    run->result = result;
    run->groups.allocator = run->forms.allocator = run->allocator;
    run->sources.allocator = run->allocator;
    run->corpus_hash = NDUP__CORPUS_HASH_START;
    ndup_status status = ndup__grouping_init(&run->grouping, result, run->allocator, error);
    if (status == NDUP_STATUS_OK) {
        status = choose_groups(run, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = ndup__grouping_init_forms(&run->form_grouping, result, run->allocator, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = choose_forms(run, error);
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
    bool is_shown = false;
    bool with_text = false;
    /* A document may be in a group and in a family. */
    while (run->next_shown < run->shown_count &&
           run->shown[run->next_shown] >> 1 == document->number) {
        with_text |= (run->shown[run->next_shown++] & 1) != 0;
        is_shown = true;
    }
    return status == NDUP_STATUS_OK && is_shown
               ? ndup__document_store_add(run->store, document, with_text, error)
               : status;
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
    ndup__ranked_groups_deinit(&run->groups);
    ndup__grouping_deinit(&run->form_grouping);
    ndup__ranked_groups_deinit(&run->forms);
    ndup__free(run->allocator, &run->shown, run->shown_capacity, sizeof *run->shown);
    *run = (ndup__report_run){.limits = run->limits};
}
