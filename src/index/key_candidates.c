/* SPDX-License-Identifier: MIT */
/* Counting shared keys, then slots of sketches that agree. */
#include "index/key_candidates.h"

#include <stdlib.h>

#include "base/alloc.h"

/* Candidates whose sketches are read: those that share most bands. */
#define SKETCHES_READ 128

static int by_number(const void *left, const void *right)
{
    uint32_t x = *(const uint32_t *)left;
    uint32_t y = *(const uint32_t *)right;
    return (x > y) - (x < y);
}

static int most_shared_first(const void *left, const void *right)
{
    const ndup__index_candidate *x = left;
    const ndup__index_candidate *y = right;
    if (x->shared != y->shared) {
        return x->shared < y->shared ? 1 : -1;
    }
    return (x->number > y->number) - (x->number < y->number);
}

static int best_first(const void *left, const void *right)
{
    const ndup__index_candidate *x = left;
    const ndup__index_candidate *y = right;
    if (x->agreement != y->agreement) {
        return x->agreement < y->agreement ? 1 : -1;
    }
    return (x->number > y->number) - (x->number < y->number);
}

static bool is_found(const ndup__session *session, uint32_t number)
{
    for (size_t i = 0; i < session->found_count; i++) {
        if (session->found[i].number == number) {
            return true;
        }
    }
    return false;
}

static ndup_status add_candidate(ndup__session *session, uint32_t number, uint32_t shared,
                                 ndup_error *error)
{
    ndup_status status = ndup__reserve(session->prepared.allocator, &session->candidates,
                                       &session->candidate_capacity, session->candidate_count + 1,
                                       sizeof *session->candidates, error);
    if (status == NDUP_STATUS_OK) {
        session->candidates[session->candidate_count++] =
            (ndup__index_candidate){.number = number, .shared = shared};
    }
    return status;
}

ndup_status ndup__candidates_gather(ndup__session *session, ndup__number_list *list, uint32_t least,
                                    ndup_error *error)
{
    ndup_status status = NDUP_STATUS_OK;
    session->candidate_count = 0;
    if (list->count > 1) {
        qsort(list->numbers, list->count, sizeof *list->numbers, by_number);
    }
    for (size_t i = 0, end; i < list->count && status == NDUP_STATUS_OK; i = end) {
        for (end = i + 1; end < list->count && list->numbers[end] == list->numbers[i];) {
            end++;
        }
        if (end - i >= least && !is_found(session, list->numbers[i])) {
            status = add_candidate(session, list->numbers[i], (uint32_t)(end - i), error);
        }
    }
    if (session->candidate_count > 1) {
        qsort(session->candidates, session->candidate_count, sizeof *session->candidates,
              most_shared_first);
    }
    session->is_capped |= list->is_cut || session->candidate_count > SKETCHES_READ;
    if (session->candidate_count > SKETCHES_READ) {
        session->candidate_count = SKETCHES_READ;
    }
    return status;
}

ndup_status ndup__candidates_sift(ndup__session *session, const uint8_t *row, ndup_error *error)
{
    const ndup__index_settings *settings = session->settings;
    size_t kept = 0;
    for (size_t i = 0; i < session->candidate_count; i++) {
        ndup__index_candidate candidate = session->candidates[i];
        ndup__stored_sketch sketch;
        bool found;
        ndup_status status =
            ndup__database_sketch(session->database, candidate.number, &sketch, &found, error);
        if (status != NDUP_STATUS_OK) {
            return status;
        }
        if (!found || sketch.row.length != settings->row_bytes) {
            continue;
        }
        candidate.agreement =
            ndup__row_agreement(settings->sketcher, row, (const uint8_t *)sketch.row.bytes);
        if (candidate.agreement >= settings->agreement_least[settings->bands.rows]) {
            session->candidates[kept++] = candidate;
        }
    }
    session->candidate_count = kept;
    if (kept > 1) {
        qsort(session->candidates, kept, sizeof *session->candidates, best_first);
    }
    return NDUP_STATUS_OK;
}
