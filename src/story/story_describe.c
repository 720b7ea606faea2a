/* SPDX-License-Identifier: MIT */
/* A story is told by its most central text: its headline, and the terms that it shares most of. */
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "report/out.h"
#include "story/emission.h"

ndup_grouping ndup__emission_grouping(const ndup__emission *e, uint32_t document)
{
    const ndup__group_run *run = e->run;
    const ndup__reuse_document *known = &run->reuse.documents[document];
    const ndup__copy *copy = &run->copies[document];
    return (ndup_grouping){.document = document,
                           .id = known->id,
                           .source = run->reuse.sources.rows[known->source].name,
                           .title = known->title,
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

size_t ndup__story_texts(uint32_t texts[NDUP__TEXTS_COMPARED], const ndup__emission *e,
                         size_t story)
{
    size_t count = 0;
    for (uint32_t i = e->first[story]; i < e->first[story + 1] && count < NDUP__TEXTS_COMPARED;
         i++) {
        uint32_t document = e->members[i];
        if (e->run->copies[document].first == document) {
            texts[count++] = e->text_of[document];
        }
    }
    return count;
}

static int heaviest_first(const void *left, const void *right)
{
    const ndup__shared_term *x = left;
    const ndup__shared_term *y = right;
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

size_t ndup__shared_terms(ndup__shared_term shared[NDUP__TERMS_KEPT], const ndup__stories *stories,
                          uint32_t text, const uint32_t *others, size_t count)
{
    const ndup__term_vector *own = &stories->texts[text].vector;
    double all = 0;
    for (uint32_t i = 0; i < own->count; i++) {
        shared[i] = (ndup__shared_term){own->terms[i].term, 0};
        for (size_t k = 0; k < count; k++) {
            if (others[k] != text) {
                shared[i].share += (double)own->terms[i].weight *
                                   weight_in(&stories->texts[others[k]].vector, own->terms[i].term);
            }
        }
        all += shared[i].share;
    }
    qsort(shared, own->count, sizeof *shared, heaviest_first);
    size_t told = own->count < NDUP__TERMS_TOLD ? own->count : NDUP__TERMS_TOLD;
    size_t kept = 0;
    for (; kept < told && shared[kept].share > 0; kept++) {
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

ndup_status ndup__shared_terms_name(ndup_story_term *named, ndup__emission *e,
                                    const ndup_document *document, ndup_text source,
                                    const ndup__shared_term *shared, size_t count,
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

static uint32_t find_central(const ndup__emission *e, const uint32_t *texts, size_t count)
{
    uint32_t best = texts[0];
    for (size_t i = 1; i < count; i++) {
        uint32_t document = e->run->firsts[texts[i]];
        best = e->scores[document] > e->scores[e->run->firsts[best]] ? texts[i] : best;
    }
    return best;
}

static int compare_sources(const void *left, const void *right)
{
    const uint32_t *x = left;
    const uint32_t *y = right;
    return *x < *y ? -1 : *x > *y;
}

static ndup_status count_story(ndup_story *story, const ndup__emission *e, ndup_error *error)
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
        const ndup_grouping *shown = &story->documents[i];
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

void ndup__described_story_init(ndup__described_story *described, const ndup__emission *e)
{
    *described = (ndup__described_story){.allocator = e->run->allocator};
    ndup__block_init(&described->block, described->allocator);
}

void ndup__described_story_deinit(ndup__described_story *described)
{
    ndup__free(described->allocator, &described->documents, described->capacity,
               sizeof *described->documents);
    ndup__block_deinit(&described->block);
}

static ndup_status list_documents(ndup__described_story *described, const ndup__emission *e,
                                  size_t number, ndup_error *error)
{
    uint32_t begin = e->first[number];
    size_t count = e->first[number + 1] - begin;
    ndup_status status =
        ndup__reserve(described->allocator, &described->documents, &described->capacity, count,
                      sizeof *described->documents, error);
    for (size_t i = 0; i < count && status == NDUP_STATUS_OK; i++) {
        described->documents[i] = ndup__emission_grouping(e, e->members[begin + i]);
    }
    described->story = (ndup_story){.number = number,
                                    .documents = described->documents,
                                    .count = count,
                                    .terms = described->terms};
    return status;
}

ndup_status ndup__story_describe(ndup__described_story *described, ndup__emission *e, size_t number,
                                 ndup_error *error)
{
    uint32_t texts[NDUP__TEXTS_COMPARED] = {0};
    ndup__shared_term shared[NDUP__TERMS_KEPT];
    ndup__item item;
    ndup_story *story = &described->story;
    ndup_status status = list_documents(described, e, number, error);
    if (status == NDUP_STATUS_OK) {
        status = count_story(story, e, error);
    }
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    size_t count = ndup__story_texts(texts, e, number);
    uint32_t central = find_central(e, texts, count);
    uint32_t document = e->run->firsts[central];
    story->term_count = ndup__shared_terms(shared, &e->run->stories, central, texts, count);
    status = ndup__group_fetch(e->run, document, &described->block, &item, error);
    if (status == NDUP_STATUS_OK) {
        story->headline = ndup__reuse_title(&item.document);
        status = ndup__shared_terms_name(described->terms, e, &item.document,
                                         ndup__emission_grouping(e, document).source, shared,
                                         story->term_count, error);
    }
    return status;
}
