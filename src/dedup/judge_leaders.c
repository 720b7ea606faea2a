/* SPDX-License-Identifier: MIT */
/* Judging by bands: the greedy leader rule, batch by batch in keep order. It is sequential by
 * nature: a class is compared with what is kept of its buckets when its turn comes, the likeliest
 * first. A batch of classes is compared in advance, in parallel, with the leaders kept before it;
 * in turn, those are judged again to whose buckets the batch has added something, and what was
 * compared in advance need not be compared again. So the decisions do not depend on where batches
 * end, nor on what else is in the corpus. */
#include "base/alloc.h"
#include "dedup/containers.h"
#include "dedup/judge_batch.h"
#include "dedup/keeper.h"

static const ndup__comparison *find_made(const ndup__judge_batch *batch,
                                         const ndup__batch_entry *entry, uint32_t other)
{
    const ndup__comparison *items = batch->made[entry->worker].items;
    size_t end = entry->made_begin + entry->made_count;
    for (size_t i = entry->made_begin; i < end; i++) {
        if (items[i].match.other == other) {
            return &items[i];
        }
    }
    return NULL;
}

/* Compares an entry with another class, unless that was done in advance; *made is NULL where they
 * are not worth it. */
static ndup_status compare(const ndup__comparison **made, ndup__judge_batch *batch, unsigned worker,
                           const ndup__batch_entry *entry, uint32_t other, ndup_error *error)
{
    ndup__verifier *verifier = &batch->judge->verifiers[worker];
    ndup__comparisons *all = &batch->made[worker];
    bool may;
    *made = NULL;
    ndup_status status =
        ndup__verifier_may_match(verifier, &may, entry->class_number, other, error);
    if (status != NDUP_STATUS_OK || !may) {
        return status;
    }
    *made = find_made(batch, entry, other);
    if (*made == NULL) {
        status = ndup__reserve(batch->judge->run->allocator, &all->items, &all->capacity,
                               all->count + 1, sizeof *all->items, error);
        if (status == NDUP_STATUS_OK) {
            status = ndup__verifier_try(verifier, &all->items[all->count], entry->class_number,
                                        other, error);
            *made = &all->items[all->count++];
        }
    }
    return status;
}

/* Takes note of what a comparison says of its class. */
static void weigh(ndup__finding *found, const ndup__comparison *made)
{
    found->match = made->match;
    found->is_dropped = made->similar;
    if (made->match.is_form && !made->similar && !found->has_form) {
        found->has_form = true;
        found->form = made->match;
    }
}

/* Looks for a survivor among the leaders with rank < before: the first candidate that verifies, of
 * the likeliest. Comparisons count where it `settles` the matter. */
static ndup_status look_for_similar(ndup__judge_batch *batch, unsigned worker,
                                    ndup__batch_entry *entry, uint32_t before, bool settles,
                                    ndup_error *error)
{
    ndup__verifier *verifier = &batch->judge->verifiers[worker];
    ndup__finding found = {.is_dropped = false};
    verifier->is_capped = false;
    ndup_status status =
        ndup__verifier_gather(verifier, &batch->leaders, entry->class_number, 0, before, error);
    size_t i = 0;
    for (; i < verifier->candidate_count && verifier->in_vain < NDUP__VAIN_MOST &&
           !found.is_dropped && status == NDUP_STATUS_OK;
         i++) {
        const ndup__comparison *made;
        status = compare(&made, batch, worker, entry, verifier->candidates[i].class_number, error);
        if (status == NDUP_STATUS_OK && made != NULL) {
            weigh(&found, made);
            verifier->in_vain += ndup__cost_in_vain(made);
            if (settles) {
                ndup__verifier_tally(verifier, made);
            }
        }
    }
    found.gathered = verifier->gathered;
    found.is_crowded = verifier->is_crowded && verifier->candidate_count > 0;
    found.is_capped = verifier->is_capped || i < verifier->candidate_count;
    entry->similar = found;
    return status;
}

/* Looks for one that contains it among the leaders with rank in [since, before). */
static ndup_status look_for_container(ndup__judge_batch *batch, unsigned worker,
                                      ndup__batch_entry *entry, uint32_t since, uint32_t before,
                                      ndup_error *error)
{
    const ndup__containers *containers = batch->judge->containers;
    ndup__verifier *verifier = &batch->judge->verifiers[worker];
    ndup__finding *found = &entry->contained;
    ndup_status status =
        ndup__containers_gather(containers, entry->rank, since, before, worker, error);
    const ndup__container_room *room = &containers->rooms[worker];
    verifier->in_vain = 0;
    verifier->proposed += room->count;
    size_t i = 0;
    for (; i < room->count && verifier->in_vain < NDUP__VAIN_MOST && !found->is_dropped &&
           status == NDUP_STATUS_OK;
         i++) {
        uint32_t other = ndup__table_class_at(&batch->judge->run->table, room->found[i].rank);
        status = ndup__verifier_contain(verifier, &found->match, &found->is_dropped,
                                        entry->class_number, other, error);
    }
    found->is_capped |= i < room->count;
    return status;
}

/* Looks for a survivor among what is kept before the batch. */
static ndup_status look_in_advance(ndup__judge_batch *batch, unsigned worker,
                                   ndup__batch_entry *entry, ndup_error *error)
{
    const ndup__comparisons *made = &batch->made[worker];
    uint32_t before = batch->entries[0].rank;
    ndup_status status = NDUP_STATUS_OK;
    size_t begin = made->count;
    if (batch->judge->run->options->rule != NDUP_RULE_CONTAINED) {
        status = look_for_similar(batch, worker, entry, before, false, error);
    }
    entry->worker = worker;
    entry->made_begin = begin;
    entry->made_count = made->count - begin;
    if (status == NDUP_STATUS_OK && !entry->similar.is_dropped &&
        batch->judge->containers != NULL) {
        status = look_for_container(batch, worker, entry, 0, before, error);
    }
    return status;
}

static ndup_status compare_with_earlier(void *context, size_t begin, size_t end, unsigned worker,
                                        ndup_error *error)
{
    ndup__judge_batch *batch = context;
    const ndup__table *table = &batch->judge->run->table;
    ndup_status status = NDUP_STATUS_OK;
    ndup__stopwatch_start(batch->judge->verifiers[worker].watch);
    for (size_t i = begin; i < end && status == NDUP_STATUS_OK; i++) {
        ndup__batch_entry *entry = &batch->entries[i];
        if (!ndup__table_is_protected(table, entry->class_number)) {
            status = look_in_advance(batch, worker, entry, error);
        }
    }
    return status;
}

/* What was found in advance holds, unless the batch has added to a bucket of the class since. */
static ndup_status settle_similar(ndup__judge_batch *batch, ndup__batch_entry *entry,
                                  ndup_error *error)
{
    ndup__verifier *verifier = &batch->judge->verifiers[0];
    uint32_t since = batch->entries[0].rank;
    ndup_status status = NDUP_STATUS_OK;
    if (batch->judge->run->options->rule == NDUP_RULE_CONTAINED) {
        return NDUP_STATUS_OK;
    }
    if (ndup__leaders_have_since(&batch->leaders, entry->class_number, since)) {
        status = look_for_similar(batch, 0, entry, entry->rank, true, error);
    } else {
        const ndup__comparison *made = batch->made[entry->worker].items;
        for (size_t i = 0; i < entry->made_count; i++) {
            ndup__verifier_tally(verifier, &made[entry->made_begin + i]);
        }
    }
    verifier->proposed += entry->similar.gathered;
    verifier->crowded += entry->similar.is_crowded;
    return status;
}

static ndup_status settle(ndup__judge_batch *batch, ndup__batch_entry *entry, ndup_error *error)
{
    ndup_status status = settle_similar(batch, entry, error);
    if (status == NDUP_STATUS_OK && batch->judge->containers != NULL &&
        !entry->similar.is_dropped && !entry->contained.is_dropped) {
        status = look_for_container(batch, 0, entry, batch->entries[0].rank, entry->rank, error);
    }
    return status;
}

/* Notes a decision for who goes on. */
static ndup_status note_decision(const ndup__judge_batch *batch, uint32_t rank,
                                 ndup__judgement_kind kind, const ndup__match *match,
                                 ndup_error *error)
{
    const ndup__table *table = &batch->judge->run->table;
    ndup__judgement decision = {.rank = rank, .kind = kind};
    if (kind != NDUP__JUDGED_KEPT) {
        decision.match = *match;
        decision.other = ndup__table_rank_of(table, match->other);
    }
    return batch->judge->journal != NULL
               ? ndup__journal_add(batch->judge->journal, &decision, error)
               : NDUP_STATUS_OK;
}

/* Takes a decision over. */
static ndup_status follow(ndup__judge_batch *batch, const ndup__batch_entry *entry,
                          ndup__judgement_kind kind, const ndup__match *match, ndup__groups *groups,
                          ndup_error *error)
{
    if (kind == NDUP__JUDGED_DROPPED) {
        return ndup__groups_drop(groups, entry->class_number, match, error);
    }
    ndup_status status = ndup__batch_keep(batch, entry, error);
    return status == NDUP_STATUS_OK && kind == NDUP__JUDGED_FORM
               ? ndup__groups_note_form(groups, entry->class_number, match, error)
               : status;
}

static ndup_status keep_or_drop(ndup__judge_batch *batch, const ndup__batch_entry *entry,
                                ndup__groups *groups, ndup_error *error)
{
    const ndup__finding *found = entry->similar.is_dropped ? &entry->similar : &entry->contained;
    const ndup__match *match = found->is_dropped ? &found->match : &entry->similar.form;
    ndup__judgement_kind kind = found->is_dropped         ? NDUP__JUDGED_DROPPED
                                : entry->similar.has_form ? NDUP__JUDGED_FORM
                                                          : NDUP__JUDGED_KEPT;
    if (!found->is_dropped) {
        bool is_capped = entry->similar.is_capped || entry->contained.is_capped;
        batch->judge->verifiers[0].capped += is_capped;
    }
    ndup_status status = follow(batch, entry, kind, match, groups, error);
    return status == NDUP_STATUS_OK ? note_decision(batch, entry->rank, kind, match, error)
                                    : status;
}

static ndup_status decide_in_order(ndup__judge_batch *batch, ndup__groups *groups,
                                   ndup_error *error)
{
    const ndup__table *table = &batch->judge->run->table;
    ndup__stopwatch *watch = batch->judge->verifiers[0].watch;
    ndup_status status = NDUP_STATUS_OK;
    for (size_t i = 0; i < batch->count && status == NDUP_STATUS_OK; i++) {
        ndup__batch_entry *entry = &batch->entries[i];
        ndup__breathe_at(table->breath, i, NDUP__BREATH_ANYWHERE / 8);
        if (!ndup__table_is_protected(table, entry->class_number)) {
            status = settle(batch, entry, error);
        }
        if (status == NDUP_STATUS_OK) {
            status = keep_or_drop(batch, entry, groups, error);
        }
        ndup__stopwatch_lap(watch, NDUP_PART_DECIDE);
    }
    return status;
}

/* Follows what was decided before; judging goes on at *rank. */
static ndup_status replay(ndup__judge_batch *batch, size_t *rank, ndup__groups *groups,
                          ndup_error *error)
{
    ndup__journal *journal = batch->judge->journal;
    const ndup__table *table = &batch->judge->run->table;
    bool more = true;
    ndup_status status = NDUP_STATUS_OK;
    while (status == NDUP_STATUS_OK && more) {
        status = ndup__journal_read(journal, &more, error);
        size_t match_at = 0;
        for (size_t i = 0; i < journal->count && status == NDUP_STATUS_OK && more; i++) {
            ndup__judgement decision = ndup__journal_get(journal, i, &match_at);
            ndup__batch_entry entry = {.class_number = ndup__table_class_at(table, decision.rank),
                                       .rank = decision.rank};
            decision.match.other = ndup__table_class_at(table, decision.other);
            status = follow(batch, &entry, decision.kind, &decision.match, groups, error);
        }
        journal->count = journal->match_count = 0;
    }
    *rank = (size_t)journal->rank_end;
    ndup__verifier_resume(&batch->judge->verifiers[0], &journal->counts);
    return status;
}

static ndup_status begin_journal(ndup__judge_batch *batch, size_t *rank, ndup__groups *groups,
                                 ndup_error *error)
{
    ndup__judge *judge = batch->judge;
    ndup__keeper *keeper = judge->run->keeper;
    ndup_status status = keeper->judge(keeper->context, judge->run, &judge->journal, error);
    return status == NDUP_STATUS_OK && judge->journal != NULL ? replay(batch, rank, groups, error)
                                                              : status;
}

/* Everything below the rank is decided. */
static ndup_status reach(const ndup__judge *judge, size_t rank, ndup_error *error)
{
    ndup__judge_counts counts = {.proposed = 0};
    if (judge->journal == NULL) {
        return NDUP_STATUS_OK;
    }
    for (unsigned i = 0; i < ndup__pool_workers(judge->run->pool); i++) {
        ndup__verifier_add_counts(&counts, &judge->verifiers[i]);
    }
    return ndup__journal_reach(judge->journal, rank, &counts, error);
}

static ndup_status judge_batch(ndup__judge_batch *batch, size_t *rank, ndup__groups *groups,
                               ndup_error *error)
{
    ndup__run *run = batch->judge->run;
    ndup__stopwatch_start(&run->watches[0]);
    ndup__batch_fill(batch, rank);
    ndup__stopwatch_lap(&run->watches[0], NDUP_PART_DECIDE);
    ndup_status status = ndup__pool_ranges(run->pool, 0, batch->count, NDUP__BATCH_GRAIN,
                                           compare_with_earlier, batch, error);
    ndup__stopwatch_start(&run->watches[0]);
    if (status == NDUP_STATUS_OK) {
        status = decide_in_order(batch, groups, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = reach(batch->judge, *rank, error);
    }
    return status == NDUP_STATUS_OK ? ndup__reporter_at(&run->reporter, *rank, *rank, error)
                                    : status;
}

ndup_status ndup__judge_leaders(ndup__judge *judge, ndup__groups *groups, ndup_error *error)
{
    ndup__run *run = judge->run;
    ndup__judge_batch *batch;
    size_t rank = 0;
    ndup_status status = ndup__batch_new(&batch, judge, error);
    if (status == NDUP_STATUS_OK && run->keeper != NULL) {
        status = begin_journal(batch, &rank, groups, error);
    }
    while (status == NDUP_STATUS_OK && rank < run->table.class_count) {
        status = judge_batch(batch, &rank, groups, error);
    }
    if (batch != NULL) {
        run->summary.split_buckets = batch->leaders.split_buckets;
    }
    ndup__batch_free(batch);
    return status;
}
