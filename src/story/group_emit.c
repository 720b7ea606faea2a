/* SPDX-License-Identifier: MIT */
/* Stories and groups of copies get their numbers by their first documents; documents are told in
 * corpus order, then stories with their members by date. */
#include "base/alloc.h"
#include "story/explanation.h"
#include "story/versions.h"

#define NO_NUMBER UINT32_MAX
/* Stories between which texts that no later one has are let go. */
#define LET_GO_STORIES 1024

static ndup_grouping told_grouping(const void *context, uint32_t document)
{
    return ndup__emission_grouping(context, document);
}

/* Numbers stories and groups of copies, and lists the documents of each story. */
static void number_groups(ndup__emission *e, uint32_t *story_numbers)
{
    const ndup__group_run *run = e->run;
    size_t count = run->reuse.document_count;
    uint32_t copy_groups = 0;
    for (size_t i = 0; i < run->first_count; i++) {
        e->text_of[run->firsts[i]] = (uint32_t)i;
        if (run->copies[run->firsts[i]].first == run->firsts[i]) {
            e->copies_of[run->firsts[i]] = copy_groups++;
        }
    }
    for (size_t i = 0; i < run->stories.group_count; i++) {
        story_numbers[i] = NO_NUMBER;
    }
    for (size_t i = 0; i < count; i++) {
        uint32_t document = run->order[i];
        uint32_t first = run->copies[document].first;
        uint32_t *number = &story_numbers[run->stories.group_of[e->text_of[first]]];
        if (*number == NO_NUMBER) {
            *number = (uint32_t)e->story_count++;
        }
        e->story_of[document] = *number;
        e->copies_of[document] = e->copies_of[first];
        e->first[*number + 1]++;
    }
    for (size_t i = 0; i < e->story_count; i++) {
        e->first[i + 1] += e->first[i];
    }
    for (size_t i = 0; i < count; i++) {
        uint32_t document = run->order[i];
        e->members[e->first[e->story_of[document]]++] = document;
    }
    for (size_t i = e->story_count; i > 0; i--) {
        e->first[i] = e->first[i - 1];
    }
    e->first[0] = 0;
}

static double mean_score(ndup__emission *e, uint32_t text, const uint32_t *texts, size_t count)
{
    double sum = 0;
    size_t others = 0;
    for (size_t i = 0; i < count; i++) {
        if (texts[i] != text) {
            sum += ndup__stories_score(&e->run->stories, text, texts[i]);
            others++;
        }
    }
    return others > 0 ? sum / (double)others : 0;
}

/* Copies count as their first does. */
static void score_members(ndup__emission *e, size_t story)
{
    uint32_t texts[NDUP__TEXTS_COMPARED];
    size_t count = ndup__story_texts(texts, e, story);
    for (uint32_t i = e->first[story]; i < e->first[story + 1]; i++) {
        uint32_t document = e->members[i];
        uint32_t first = e->run->copies[document].first;
        bool is_own = first == document;
        e->scores[document] =
            is_own ? (float)mean_score(e, e->text_of[first], texts, count) : e->scores[first];
    }
}

/* Stories come by their first documents, so that no later one has a text before this one's. */
static void leave_behind(ndup__emission *e, size_t story)
{
    if (story % LET_GO_STORIES == 0) {
        ndup__stories_let_go(&e->run->stories, e->text_of[e->members[e->first[story]]]);
    }
}

static ndup_status make_tables(ndup__emission *e, ndup_error *error)
{
    const ndup_allocator *allocator = e->run->allocator;
    size_t count = e->run->reuse.document_count;
    uint32_t *numbers = NULL;
    size_t groups = e->run->stories.group_count;
    struct {
        uint32_t **table;
        size_t count;
    } tables[] = {{&e->text_of, count},   {&e->story_of, count}, {&e->copies_of, count},
                  {&e->first, count + 1}, {&e->members, count},  {&numbers, groups}};
    ndup_status status =
        ndup__allocate_zeroed(allocator, &e->scores, count, sizeof *e->scores, error);
    for (size_t i = 0; i < sizeof tables / sizeof *tables && status == NDUP_STATUS_OK; i++) {
        status = ndup__allocate_zeroed(allocator, tables[i].table, tables[i].count,
                                       sizeof(uint32_t), error);
    }
    if (status == NDUP_STATUS_OK) {
        number_groups(e, numbers);
    }
    ndup__free(allocator, &numbers, numbers != NULL ? groups : 0, sizeof(uint32_t));
    for (size_t i = 0; i < e->story_count && status == NDUP_STATUS_OK; i++) {
        leave_behind(e, i);
        score_members(e, i);
    }
    return status;
}

static ndup_status tell_documents(ndup__emission *e, ndup_error *error)
{
    ndup__group_run *run = e->run;
    ndup_status status = NDUP_STATUS_OK;
    for (uint32_t i = 0; i < run->reuse.document_count && status == NDUP_STATUS_OK; i++) {
        ndup__item item;
        ndup_grouping grouping = ndup__emission_grouping(e, i);
        status = ndup__group_fetch(run, i, &e->block, &item, error);
        item.document.number = i;
        item.document.id = grouping.id;
        for (size_t k = 0; k < e->sink_count && status == NDUP_STATUS_OK; k++) {
            if (e->sinks[k]->document != NULL) {
                status =
                    e->sinks[k]->document(e->sinks[k]->context, &grouping, &item.document, error);
            }
        }
        if (status == NDUP_STATUS_OK) {
            status = ndup__reporter_at(&run->reuse.reporter, i + 1, i + 1, error);
        }
    }
    return status;
}

static ndup_status tell_story(ndup__emission *e, ndup__described_story *described, size_t number,
                              ndup_error *error)
{
    ndup_status status = ndup__story_describe(described, e, number, error);
    for (size_t k = 0; k < e->sink_count && status == NDUP_STATUS_OK; k++) {
        if (e->sinks[k]->story != NULL) {
            status = e->sinks[k]->story(e->sinks[k]->context, &described->story, error);
        }
    }
    return status;
}

static ndup_status tell_stories(ndup__emission *e, ndup_error *error)
{
    ndup__described_story described;
    ndup_status status = NDUP_STATUS_OK;
    ndup__described_story_init(&described, e);
    for (size_t i = 0; i < e->story_count && status == NDUP_STATUS_OK; i++) {
        leave_behind(e, i);
        status = tell_story(e, &described, i, error);
    }
    ndup__described_story_deinit(&described);
    return status;
}

static void count_run(const ndup__emission *e)
{
    ndup__group_run *run = e->run;
    ndup_group_summary *summary = run->summary;
    size_t count = run->reuse.document_count;
    summary->documents = count;
    for (size_t i = 0; i < count; i++) {
        summary->copies += run->copies[i].first != i;
    }
    for (size_t i = 0; i < e->story_count; i++) {
        uint64_t members = e->first[i + 1] - e->first[i];
        summary->stories += members > 1;
        summary->in_stories += members > 1 ? members : 0;
        summary->largest_story =
            members > summary->largest_story ? members : summary->largest_story;
    }
}

/* Groups of two or more: those whose first another document has. */
static ndup_status count_copy_groups(const ndup__emission *e, ndup_error *error)
{
    const ndup__group_run *run = e->run;
    size_t count = run->reuse.document_count;
    uint8_t *has_copies;
    ndup_status status = ndup__allocate_zeroed(run->allocator, &has_copies, count, 1, error);
    for (size_t i = 0; i < count && status == NDUP_STATUS_OK; i++) {
        uint32_t first = run->copies[i].first;
        if (first != i && has_copies[first] == 0) {
            has_copies[first] = 1;
            run->summary->copy_groups++;
        }
    }
    if (status == NDUP_STATUS_OK) {
        ndup__free(run->allocator, &has_copies, count, 1);
    }
    return status;
}

static bool wants_documents(const ndup__emission *e)
{
    for (size_t i = 0; i < e->sink_count; i++) {
        if (e->sinks[i]->document != NULL) {
            return true;
        }
    }
    return false;
}

static bool wants_stories(const ndup__emission *e)
{
    for (size_t i = 0; i < e->sink_count; i++) {
        if (e->sinks[i]->story != NULL) {
            return true;
        }
    }
    return false;
}

static void deinit_emission(ndup__emission *e)
{
    const ndup_allocator *allocator = e->run->allocator;
    size_t count = e->run->reuse.document_count;
    ndup__free(allocator, &e->text_of, count, sizeof(uint32_t));
    ndup__free(allocator, &e->story_of, count, sizeof(uint32_t));
    ndup__free(allocator, &e->copies_of, count, sizeof(uint32_t));
    ndup__free(allocator, &e->first, count + 1, sizeof(uint32_t));
    ndup__free(allocator, &e->members, count, sizeof(uint32_t));
    ndup__free(allocator, &e->scores, count, sizeof *e->scores);
    ndup__block_deinit(&e->block);
    ndup__term_finder_deinit(&e->finder);
}

ndup_status ndup__group_emit(ndup__group_run *run, ndup_group_sink *const *sinks, size_t sink_count,
                             ndup_error *error)
{
    ndup__emission e = {.run = run,
                        .sinks = sinks,
                        .sink_count = sink_count,
                        .finder = {.allocator = run->allocator, .seed = run->options->seed}};
    ndup__block_init(&e.block, run->allocator);
    ndup_status status = ndup__reporter_begin(&run->reuse.reporter, NDUP_STAGE_WRITE,
                                              run->reuse.document_count, error);
    if (status == NDUP_STATUS_OK) {
        status = make_tables(&e, error);
    }
    if (status == NDUP_STATUS_OK) {
        count_run(&e);
        status = count_copy_groups(&e, error);
    }
    if (status == NDUP_STATUS_OK && wants_documents(&e)) {
        status = tell_documents(&e, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = ndup__versions_tell(run, e.copies_of, told_grouping, &e, sinks, sink_count, error);
    }
    if (status == NDUP_STATUS_OK && wants_stories(&e)) {
        status = tell_stories(&e, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = ndup__explanation_tell(&e, error);
    }
    deinit_emission(&e);
    return status;
}
