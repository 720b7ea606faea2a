/* SPDX-License-Identifier: MIT */
/* Documents are sorted by group; each is read again beside the one that it was copied from, which
 * most often is that of the document before. */
#include "story/versions.h"

#include "base/alloc.h"
#include "story/changes.h"

#define NONE UINT32_MAX

typedef struct teller {
    ndup__group_run *run;
    const uint32_t *copies_of;
    ndup__grouping_of *grouping_of;
    const void *context;
    ndup_group_sink *const *sinks;
    size_t sink_count;
    uint32_t *first;   /* [first_count + 1] of a group's documents in `members` */
    uint32_t *members; /* [documents] by group: the first, then in order */
    ndup__block own_block, of_block;
    ndup__item of;
    uint32_t of_number; /* which document `of` is, or NONE */
    ndup__changes changes;
} teller;

static bool is_wanted(ndup_group_sink *const *sinks, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (sinks[i]->version != NULL) {
            return true;
        }
    }
    return false;
}

/* A group's first document comes first, whatever the ids of those of its date are. */
static void sort_members(teller *t)
{
    const ndup__group_run *run = t->run;
    size_t count = run->reuse.document_count;
    for (size_t i = 0; i < count; i++) {
        t->first[t->copies_of[i] + 1]++;
    }
    for (size_t i = 0; i < run->first_count; i++) {
        t->first[i + 1] += t->first[i];
    }
    for (size_t i = 0; i < run->first_count; i++) {
        if (run->copies[run->firsts[i]].first == run->firsts[i]) {
            t->members[t->first[t->copies_of[run->firsts[i]]]++] = run->firsts[i];
        }
    }
    for (size_t i = 0; i < count; i++) {
        uint32_t document = run->order[i];
        if (run->copies[document].first != document) {
            t->members[t->first[t->copies_of[document]]++] = document;
        }
    }
    for (size_t i = run->first_count; i > 0; i--) {
        t->first[i] = t->first[i - 1];
    }
    t->first[0] = 0;
}

static ndup_status fetch(const teller *t, uint32_t document, ndup__block *block, ndup__item *item,
                         ndup_error *error)
{
    ndup_status status = ndup__group_fetch(t->run, document, block, item, error);
    item->document.number = document;
    item->document.id = t->run->reuse.documents[document].id;
    return status;
}

static ndup_status take_of(teller *t, uint32_t document, ndup_error *error)
{
    if (t->of_number == document) {
        return NDUP_STATUS_OK;
    }
    t->of_number = NONE;
    ndup_status status = fetch(t, document, &t->of_block, &t->of, error);
    if (status == NDUP_STATUS_OK) {
        status = ndup__changes_take_of(&t->changes, t->of.document.text, error);
    }
    t->of_number = status == NDUP_STATUS_OK ? document : NONE;
    return status;
}

static ndup_status hand_over(teller *t, const ndup_text_version *version, ndup_error *error)
{
    ndup_status status = NDUP_STATUS_OK;
    for (size_t i = 0; i < t->sink_count && status == NDUP_STATUS_OK; i++) {
        if (t->sinks[i]->version != NULL) {
            status = t->sinks[i]->version(t->sinks[i]->context, version, error);
        }
    }
    return status == NDUP_STATUS_OK ? ndup__reporter_ask(&t->run->reuse.reporter, error) : status;
}

static ndup_status tell_version(teller *t, uint32_t document, uint64_t number, uint64_t group_size,
                                ndup_error *error)
{
    ndup_grouping grouping = t->grouping_of(t->context, document);
    ndup__item own;
    ndup_text_version version = {.grouping = &grouping, .group_size = group_size, .number = number};
    ndup_status status = take_of(t, (uint32_t)grouping.of, error);
    version.of = version.document = &t->of.document;
    if (status == NDUP_STATUS_OK && grouping.of != document) {
        status = fetch(t, document, &t->own_block, &own, error);
        if (status == NDUP_STATUS_OK) {
            status = ndup__changes_find(&t->changes, t->of.document.text, own.document.text, error);
        }
        version.document = &own.document;
        version.changes = t->changes.items;
        version.change_count = t->changes.count;
    }
    return status == NDUP_STATUS_OK ? hand_over(t, &version, error) : status;
}

static ndup_status tell_groups(teller *t, ndup_error *error)
{
    ndup_status status = NDUP_STATUS_OK;
    for (size_t group = 0; group < t->run->first_count && status == NDUP_STATUS_OK; group++) {
        const uint32_t *members = t->members + t->first[group];
        uint32_t count = t->first[group + 1] - t->first[group];
        if (count == 0 || (count == 1 && t->run->copies[members[0]].of == members[0])) {
            continue;
        }
        for (uint32_t i = 0; i < count && status == NDUP_STATUS_OK; i++) {
            status = tell_version(t, members[i], i, count, error);
        }
    }
    return status;
}

static void deinit(teller *t)
{
    const ndup_allocator *allocator = t->run->allocator;
    ndup__free(allocator, &t->first, t->first != NULL ? t->run->first_count + 1 : 0,
               sizeof *t->first);
    ndup__free(allocator, &t->members, t->members != NULL ? t->run->reuse.document_count : 0,
               sizeof *t->members);
    ndup__block_deinit(&t->own_block);
    ndup__block_deinit(&t->of_block);
    ndup__changes_deinit(&t->changes);
}

ndup_status ndup__versions_tell(ndup__group_run *run, const uint32_t *copies_of,
                                ndup__grouping_of *grouping_of, const void *context,
                                ndup_group_sink *const *sinks, size_t sink_count, ndup_error *error)
{
    teller t = {.run = run,
                .copies_of = copies_of,
                .grouping_of = grouping_of,
                .context = context,
                .sinks = sinks,
                .sink_count = sink_count,
                .of_number = NONE};
    if (!is_wanted(sinks, sink_count)) {
        return NDUP_STATUS_OK;
    }
    ndup__block_init(&t.own_block, run->allocator);
    ndup__block_init(&t.of_block, run->allocator);
    ndup__changes_init(&t.changes, run->allocator);
    ndup_status status = ndup__allocate_zeroed(run->allocator, &t.first, run->first_count + 1,
                                               sizeof *t.first, error);
    if (status == NDUP_STATUS_OK) {
        status = ndup__resize(run->allocator, &t.members, 0, run->reuse.document_count,
                              sizeof *t.members, error);
    }
    if (status == NDUP_STATUS_OK) {
        sort_members(&t);
        status = tell_groups(&t, error);
    }
    deinit(&t);
    return status;
}
