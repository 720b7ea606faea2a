/* SPDX-License-Identifier: MIT */
/* Stories and groups of copies get their numbers by their first documents; documents are told in
 * corpus order, then stories with their members by date. */
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "report/out.h"
#include "story/versions.h"

#define NO_NUMBER UINT32_MAX
/* Texts of a story that are compared with each other: of larger ones the first. */
#define COMPARED 64
#define TERMS_SHOWN 8
#define HEADLINE_BYTES 200

typedef struct emission {
    ndup__group_run *run;
    ndup_group_sink *const *sinks;
    size_t sink_count;
    uint32_t *text_of;   /* [documents] place of its first among the texts of stories */
    uint32_t *story_of;  /* [documents] number */
    uint32_t *copies_of; /* [documents] number of its group of copies */
    float *scores;       /* [documents] */
    size_t story_count;
    uint32_t *first;      /* [story_count + 1] of a story's documents in `members` */
    uint32_t *members;    /* [documents] by story, then in order */
    ndup_grouping *shown; /* of one story */
    size_t shown_capacity;
    ndup__block block;
    ndup__term_finder finder;
    ndup__arena strings;
} emission;

/* A term of the text that stands for a story. */
typedef struct shared_term {
    uint32_t term;
    double share;
} shared_term;

static ndup_grouping grouping_of(const emission *e, uint32_t document)
{
    const ndup__group_run *run = e->run;
    const ndup__reuse_document *known = &run->reuse.documents[document];
    const ndup__copy *copy = &run->copies[document];
    return (ndup_grouping){.document = document,
                           .id = known->id,
                           .source = run->reuse.sources.rows[known->source].name,
                           .date = known->date,
                           .is_dated = known->is_dated,
                           .milliseconds = known->milliseconds,
                           .story = e->story_of[document],
                           .copy_group = e->copies_of[document],
                           .role = copy->role,
                           .of = copy->of,
                           .of_id = run->reuse.documents[copy->of].id,
                           .share = (double)copy->share,
                           .of_share = (double)copy->of_share,
                           .similarity = (double)copy->similarity,
                           .tokens = known->tokens,
                           .story_score = (double)e->scores[document]};
}

static ndup_grouping told_grouping(const void *context, uint32_t document)
{
    return grouping_of(context, document);
}

/* Numbers stories and groups of copies, and lists the documents of each story. */
static void number_groups(emission *e, uint32_t *story_numbers)
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

/* The firsts among a story's documents, COMPARED at most. */
static size_t texts_of(uint32_t texts[COMPARED], const emission *e, size_t story)
{
    size_t count = 0;
    for (uint32_t i = e->first[story]; i < e->first[story + 1] && count < COMPARED; i++) {
        uint32_t document = e->members[i];
        if (e->run->copies[document].first == document) {
            texts[count++] = e->text_of[document];
        }
    }
    return count;
}

static double mean_score(emission *e, uint32_t text, const uint32_t *texts, size_t count)
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
static void score_members(emission *e, size_t story)
{
    uint32_t texts[COMPARED];
    size_t count = texts_of(texts, e, story);
    for (uint32_t i = e->first[story]; i < e->first[story + 1]; i++) {
        uint32_t document = e->members[i];
        uint32_t first = e->run->copies[document].first;
        bool is_own = first == document;
        e->scores[document] =
            is_own ? (float)mean_score(e, e->text_of[first], texts, count) : e->scores[first];
    }
}

static ndup_status make_tables(emission *e, ndup_error *error)
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
        score_members(e, i);
    }
    return status;
}

static ndup_status tell_documents(emission *e, ndup_error *error)
{
    ndup__group_run *run = e->run;
    ndup_status status = NDUP_STATUS_OK;
    for (uint32_t i = 0; i < run->reuse.document_count && status == NDUP_STATUS_OK; i++) {
        ndup__item item;
        ndup_grouping grouping = grouping_of(e, i);
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

static int heaviest_first(const void *left, const void *right)
{
    const shared_term *x = left;
    const shared_term *y = right;
    if (x->share != y->share) {
        return x->share > y->share ? -1 : 1;
    }
    return x->term < y->term ? -1 : x->term > y->term;
}

static double weight_in(const ndup__term_vector *vector, uint32_t term)
{
    size_t begin = 0;
    size_t end = vector->count;
    while (begin < end) {
        size_t middle = begin + (end - begin) / 2;
        if (vector->terms[middle].term < term) {
            begin = middle + 1;
        } else {
            end = middle;
        }
    }
    return begin < vector->count && vector->terms[begin].term == term
               ? (double)vector->terms[begin].weight
               : 0;
}

/* The terms that the central text shares most of with the others; their shares add up to 1 with
 * those that are not shown. */
static size_t find_shared(shared_term shared[NDUP__TERMS_KEPT], const emission *e, uint32_t central,
                          const uint32_t *texts, size_t count)
{
    const ndup__term_vector *own = &e->run->stories.texts[central].vector;
    double all = 0;
    for (uint32_t i = 0; i < own->count; i++) {
        shared[i] = (shared_term){own->terms[i].term, 0};
        for (size_t k = 0; k < count; k++) {
            if (texts[k] != central) {
                shared[i].share +=
                    (double)own->terms[i].weight *
                    weight_in(&e->run->stories.texts[texts[k]].vector, own->terms[i].term);
            }
        }
        all += shared[i].share;
    }
    qsort(shared, own->count, sizeof *shared, heaviest_first);
    size_t shown = own->count < TERMS_SHOWN ? own->count : TERMS_SHOWN;
    size_t kept = 0;
    for (; kept < shown && shared[kept].share > 0; kept++) {
        shared[kept].share /= all;
    }
    return kept;
}

/* Where a term stands in title or text. */
static ndup_text term_text(const ndup__term_finder *finder, const ndup_document *document,
                           const ndup__term *term)
{
    bool in_title = term->first < finder->title.count;
    const ndup__tokens *tokens = in_title ? &finder->title : &finder->body;
    uint32_t first = in_title ? term->first : term->first - (uint32_t)finder->title.count;
    const char *bytes = in_title ? document->title.bytes : document->text.bytes;
    uint32_t begin = tokens->starts[first];
    return (ndup_text){bytes + begin, tokens->ends[first + term->tokens - 1] - begin};
}

/* Names the terms, by reading the central text again: *item is its document. */
static ndup_status name_terms(ndup_story_term *named, emission *e, const ndup_document *document,
                              ndup_text source, const shared_term *shared, size_t count,
                              ndup_error *error)
{
    ndup_status status = ndup__terms_find(&e->finder, document, source, error);
    for (size_t i = 0; i < count && status == NDUP_STATUS_OK; i++) {
        named[i] = (ndup_story_term){{"", 0}, shared[i].share};
        for (size_t k = 0; k < e->finder.count; k++) {
            const ndup__term *term = &e->finder.terms[k];
            if ((uint32_t)(term->hash >> 33) == shared[i].term) {
                named[i].term = term_text(&e->finder, document, term);
                break;
            }
        }
    }
    return status;
}

static uint32_t find_central(emission *e, const uint32_t *texts, size_t count)
{
    uint32_t best = texts[0];
    for (size_t i = 1; i < count; i++) {
        uint32_t document = e->run->firsts[texts[i]];
        best = e->scores[document] > e->scores[e->run->firsts[best]] ? texts[i] : best;
    }
    return best;
}

static ndup_text headline_of(const ndup_document *document)
{
    ndup_text text = document->title.length > 0 ? document->title : document->text;
    text.length = ndup__cut_at_character(text, HEADLINE_BYTES);
    return text;
}

static int compare_sources(const void *left, const void *right)
{
    const uint32_t *x = left;
    const uint32_t *y = right;
    return *x < *y ? -1 : *x > *y;
}

static ndup_status count_story(ndup_story *story, emission *e, ndup_error *error)
{
    uint32_t begin = e->first[story->number];
    uint32_t *sources = NULL;
    ndup_status status =
        ndup__resize(e->run->allocator, &sources, 0, story->count, sizeof *sources, error);
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    for (size_t i = 0; i < story->count; i++) {
        uint32_t document = e->members[begin + i];
        const ndup_grouping *shown = &e->shown[i];
        sources[i] = e->run->reuse.documents[document].source;
        story->copy_groups += e->run->copies[document].first == document;
        if (shown->is_dated) {
            story->first_date = story->first_date.length == 0 ? shown->date : story->first_date;
            story->last_date = shown->date;
        }
    }
    qsort(sources, story->count, sizeof *sources, compare_sources);
    for (size_t i = 0; i < story->count; i++) {
        story->sources += i == 0 || sources[i] != sources[i - 1];
    }
    ndup__free(e->run->allocator, &sources, story->count, sizeof *sources);
    return NDUP_STATUS_OK;
}

static ndup_status tell_story(emission *e, size_t number, ndup_error *error)
{
    uint32_t begin = e->first[number];
    size_t count = e->first[number + 1] - begin;
    ndup_story story = {.number = number, .count = count};
    ndup_status status = ndup__reserve(e->run->allocator, &e->shown, &e->shown_capacity, count,
                                       sizeof *e->shown, error);
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    for (size_t i = 0; i < count; i++) {
        e->shown[i] = grouping_of(e, e->members[begin + i]);
    }
    story.documents = e->shown;
    status = count_story(&story, e, error);
    uint32_t texts[COMPARED] = {0};
    size_t text_count = texts_of(texts, e, number);
    uint32_t central = find_central(e, texts, text_count);
    shared_term shared[NDUP__TERMS_KEPT];
    ndup_story_term named[TERMS_SHOWN];
    story.term_count = find_shared(shared, e, central, texts, text_count);
    story.terms = named;
    ndup__item item;
    uint32_t document = e->run->firsts[central];
    if (status == NDUP_STATUS_OK) {
        status = ndup__group_fetch(e->run, document, &e->block, &item, error);
    }
    if (status == NDUP_STATUS_OK) {
        story.headline = headline_of(&item.document);
        status = name_terms(named, e, &item.document, grouping_of(e, document).source, shared,
                            story.term_count, error);
    }
    for (size_t k = 0; k < e->sink_count && status == NDUP_STATUS_OK; k++) {
        if (e->sinks[k]->story != NULL) {
            status = e->sinks[k]->story(e->sinks[k]->context, &story, error);
        }
    }
    return status;
}

static void count_run(const emission *e)
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
static ndup_status count_copy_groups(const emission *e, ndup_error *error)
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

static bool wants_documents(const emission *e)
{
    for (size_t i = 0; i < e->sink_count; i++) {
        if (e->sinks[i]->document != NULL) {
            return true;
        }
    }
    return false;
}

static void deinit_emission(emission *e)
{
    const ndup_allocator *allocator = e->run->allocator;
    size_t count = e->run->reuse.document_count;
    ndup__free(allocator, &e->text_of, count, sizeof(uint32_t));
    ndup__free(allocator, &e->story_of, count, sizeof(uint32_t));
    ndup__free(allocator, &e->copies_of, count, sizeof(uint32_t));
    ndup__free(allocator, &e->first, count + 1, sizeof(uint32_t));
    ndup__free(allocator, &e->members, count, sizeof(uint32_t));
    ndup__free(allocator, &e->scores, count, sizeof *e->scores);
    ndup__free(allocator, &e->shown, e->shown_capacity, sizeof *e->shown);
    ndup__block_deinit(&e->block);
    ndup__term_finder_deinit(&e->finder);
}

ndup_status ndup__group_emit(ndup__group_run *run, ndup_group_sink *const *sinks, size_t sink_count,
                             ndup_error *error)
{
    emission e = {.run = run,
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
    for (size_t i = 0; i < e.story_count && status == NDUP_STATUS_OK; i++) {
        status = tell_story(&e, i, error);
    }
    deinit_emission(&e);
    return status;
}
