/* SPDX-License-Identifier: MIT */
/* What made a story is not kept: texts are compared once more, and those that stand for an answer
 * are read again for the words behind the terms. */
#include "story/explanation.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/arena.h"
#include "base/error.h"
#include "story/nearest_story.h"

typedef struct explaining {
    ndup__emission *e;
    ndup__described_story own, other;
    ndup__block block;
    ndup__arena strings;    /* the terms of all likenesses */
    ndup_likeness *nearest; /* [own.story.count] */
    uint32_t *place_of;     /* [documents] of a story's first among its documents */
    ndup_likeness pair;
    ndup_grouping pair_of[2];
    ndup_story_explanation told;
} explaining;

const char *ndup_apart_name(ndup_apart apart)
{
    static const char *const names[] = {"not",  "score",    "words", "days",
                                        "form", "compiles", "others"};
    return (unsigned)apart < sizeof names / sizeof *names ? names[apart] : NULL;
}

/* The first document with this id. */
static bool find_document(uint32_t *document, const ndup__group_run *run, const char *id)
{
    size_t length = strlen(id);
    for (size_t i = 0; i < run->reuse.document_count; i++) {
        ndup_text known = run->reuse.documents[i].id;
        if (known.length == length && memcmp(known.bytes, id, length) == 0) {
            *document = (uint32_t)i;
            return true;
        }
    }
    return false;
}

static bool read_number(uint64_t *number, const char *text)
{
    *number = 0;
    for (const char *at = text; *at != '\0'; at++) {
        if (*at < '0' || *at > '9' || *number > UINT32_MAX) {
            return false;
        }
        *number = 10 * *number + (uint64_t)(*at - '0');
    }
    return text[0] != '\0';
}

ndup_status ndup__explanation_check(const ndup__group_run *run, ndup_error *error)
{
    const ndup_group_options *options = run->options;
    uint32_t document;
    uint64_t number;
    bool may_be_number = options->explain != NULL && options->explain_with == NULL &&
                         read_number(&number, options->explain);
    const char *ids[] = {may_be_number ? NULL : options->explain, options->explain_with};
    for (size_t i = 0; i < sizeof ids / sizeof *ids; i++) {
        if (ids[i] != NULL && !find_document(&document, run, ids[i])) {
            return ndup__fail(error, NDUP_STATUS_NOT_FOUND, "no document has the id '%.100s'",
                              ids[i]);
        }
    }
    return NDUP_STATUS_OK;
}

/* The story that was asked for. */
static ndup_status find_story(size_t *story, const ndup__emission *e, ndup_error *error)
{
    const char *asked = e->run->options->explain;
    uint32_t document;
    uint64_t number;
    if (find_document(&document, e->run, asked)) {
        *story = e->story_of[document];
        return NDUP_STATUS_OK;
    }
    if (read_number(&number, asked) && number < e->story_count) {
        *story = (size_t)number;
        return NDUP_STATUS_OK;
    }
    return ndup__fail(error, NDUP_STATUS_NOT_FOUND,
                      "no document has the id '%.100s', and no story has that number", asked);
}

/* Names what text `a` shares with `b`; keeps the names. */
static ndup_status name_shared(ndup_likeness *likeness, explaining *x, uint32_t a, uint32_t b,
                               ndup_error *error)
{
    ndup__shared_term shared[NDUP__TERMS_KEPT];
    ndup_story_term *terms;
    ndup__item item;
    void *taken;
    const ndup__group_run *run = x->e->run;
    uint32_t document = run->firsts[a];
    size_t count = ndup__shared_terms(shared, &run->stories, a, &b, 1);
    ndup_text source = ndup__emission_grouping(x->e, document).source;
    ndup_status status = ndup__group_fetch(run, document, &x->block, &item, error);
    if (status == NDUP_STATUS_OK) {
        status = ndup__arena_take(&x->strings, &taken, NDUP__TERMS_TOLD * sizeof *terms, error);
    }
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    terms = taken;
    status = ndup__shared_terms_name(terms, x->e, &item.document, source, shared, count, error);
    for (size_t i = 0; i < count && status == NDUP_STATUS_OK; i++) {
        char *copy;
        status =
            ndup__arena_copy(&x->strings, &copy, terms[i].term.bytes, terms[i].term.length, error);
        terms[i].term.bytes = copy;
    }
    likeness->terms = terms;
    likeness->term_count = count;
    return status;
}

static ndup_apart why_apart(const ndup__emission *e, uint32_t a, uint32_t b, double score)
{
    const ndup__group_run *run = e->run;
    bool compiles = run->copies[run->firsts[a]].role == NDUP_ROLE_COMPILES ||
                    run->copies[run->firsts[b]].role == NDUP_ROLE_COMPILES;
    ndup_apart apart = ndup__stories_apart(&run->stories, a, b);
    return e->story_of[run->firsts[a]] == e->story_of[run->firsts[b]] ? NDUP_APART_NOT
           : compiles                                                 ? NDUP_APART_COMPILES
           : score <= 0                                               ? NDUP_APART_WORDS
           : score < run->options->bar                                ? NDUP_APART_SCORE
           : apart != NDUP_APART_NOT                                  ? apart
                                                                      : NDUP_APART_OTHERS;
}

/* A text is like itself wholly, which needs no terms to say. */
static ndup_status compare(ndup_likeness *likeness, explaining *x, uint32_t a, uint32_t b,
                           ndup_error *error)
{
    const ndup__group_run *run = x->e->run;
    double words = a != b ? ndup__stories_word_score(&run->stories, a, b) : 1;
    *likeness = (ndup_likeness){.a = run->firsts[a],
                                .b = run->firsts[b],
                                .a_id = run->reuse.documents[run->firsts[a]].id,
                                .b_id = run->reuse.documents[run->firsts[b]].id,
                                .score = words > 0 ? words : 0,
                                .apart = why_apart(x->e, a, b, words)};
    return a != b ? name_shared(likeness, x, a, b, error) : NDUP_STATUS_OK;
}

/* The text that a text is most like, of equal ones the first; itself where it is like none. */
static uint32_t find_nearest_text(const ndup__emission *e, uint32_t text, const uint32_t *texts,
                                  size_t count)
{
    uint32_t nearest = text;
    double most = 0;
    for (size_t i = 0; i < count; i++) {
        double score = ndup__stories_score(&e->run->stories, text, texts[i]);
        nearest = score > most ? texts[i] : nearest;
        most = score > most ? score : most;
    }
    return nearest;
}

/* Copies have what their first has, which comes before them. */
static ndup_status compare_members(explaining *x, ndup_error *error)
{
    const ndup__emission *e = x->e;
    uint32_t texts[NDUP__TEXTS_COMPARED];
    size_t text_count = ndup__story_texts(texts, e, x->own.story.number);
    size_t count = x->own.story.count;
    ndup_status status =
        ndup__allocate_zeroed(e->run->allocator, &x->nearest, count, sizeof *x->nearest, error);
    if (status == NDUP_STATUS_OK) {
        status = ndup__allocate_zeroed(e->run->allocator, &x->place_of,
                                       e->run->reuse.document_count, sizeof *x->place_of, error);
    }
    for (size_t i = 0; i < count && status == NDUP_STATUS_OK; i++) {
        uint32_t document = (uint32_t)x->own.documents[i].document;
        uint32_t first = e->run->copies[document].first;
        if (first == document) {
            uint32_t text = e->text_of[document];
            uint32_t nearest = find_nearest_text(e, text, texts, text_count);
            x->place_of[document] = (uint32_t)i;
            status = compare(&x->nearest[i], x, text, nearest, error);
            x->nearest[i].score = nearest != text ? x->nearest[i].score : 0;
        } else {
            x->nearest[i] = x->nearest[x->place_of[first]];
        }
    }
    x->told.nearest = x->nearest;
    return status;
}

static double mean_of_story(const ndup__emission *e, size_t story)
{
    uint32_t texts[NDUP__TEXTS_COMPARED];
    size_t count = ndup__story_texts(texts, e, story);
    double sum = 0;
    for (size_t i = 0; i < count; i++) {
        for (size_t k = 0; k < i; k++) {
            sum += ndup__stories_score(&e->run->stories, texts[i], texts[k]);
        }
    }
    return count > 1 ? sum / ((double)count * (double)(count - 1) / 2) : 0;
}

static double mean_with_story(const ndup__emission *e, uint32_t text, size_t story)
{
    uint32_t texts[NDUP__TEXTS_COMPARED];
    size_t count = ndup__story_texts(texts, e, story);
    double sum = 0;
    size_t others = 0;
    for (size_t i = 0; i < count; i++) {
        sum += ndup__stories_score(&e->run->stories, text, texts[i]);
        others += texts[i] != text;
    }
    return others > 0 ? sum / (double)others : 0;
}

static ndup_apart why_stories_apart(const ndup__stories_met *met, double bar)
{
    return met->word_mean <= 0                 ? NDUP_APART_WORDS
           : met->word_mean < bar              ? NDUP_APART_SCORE
           : met->mean >= bar                  ? NDUP_APART_OTHERS
           : met->form_share > met->days_share ? NDUP_APART_FORM
                                               : NDUP_APART_DAYS;
}

static ndup_status compare_nearest_story(explaining *x, ndup_error *error)
{
    bool found;
    size_t nearest;
    ndup__stories_met met;
    ndup_status status =
        ndup__story_find_nearest(&found, &nearest, &met, x->e, x->own.story.number, error);
    if (status != NDUP_STATUS_OK || !found) {
        return status;
    }
    status = ndup__story_describe(&x->other, x->e, nearest, error);
    if (status == NDUP_STATUS_OK) {
        status = compare(&x->told.closest, x, met.a, met.b, error);
    }
    x->told.other = &x->other.story;
    x->told.other_mean = met.word_mean;
    x->told.apart = why_stories_apart(&met, x->told.bar);
    return status;
}

/* Both were found when the run began. */
static ndup_status compare_pair(explaining *x, ndup_error *error)
{
    ndup__emission *e = x->e;
    const char *ids[2] = {e->run->options->explain, e->run->options->explain_with};
    uint32_t texts[2] = {0, 0};
    for (size_t i = 0; i < 2; i++) {
        uint32_t document = 0;
        bool is_known = find_document(&document, e->run, ids[i]);
        x->pair_of[i] = ndup__emission_grouping(e, is_known ? document : 0);
        texts[i] = e->text_of[e->run->copies[document].first];
    }
    x->told.pair = &x->pair;
    x->told.pair_of = x->pair_of;
    x->told.pair_mean = mean_with_story(e, texts[0], (size_t)x->pair_of[1].story);
    return compare(&x->pair, x, texts[0], texts[1], error);
}

static ndup_status tell(const explaining *x, ndup_error *error)
{
    ndup_status status = NDUP_STATUS_OK;
    for (size_t i = 0; i < x->e->sink_count && status == NDUP_STATUS_OK; i++) {
        const ndup_group_sink *sink = x->e->sinks[i];
        if (sink->explanation != NULL) {
            status = sink->explanation(sink->context, &x->told, error);
        }
    }
    return status;
}

static ndup_status explain(explaining *x, size_t story, ndup_error *error)
{
    const ndup__group_run *run = x->e->run;
    x->told = (ndup_story_explanation){.story = &x->own.story,
                                       .bar = run->options->bar,
                                       .within_days = run->summary->within_days,
                                       .mean = mean_of_story(x->e, story)};
    ndup_status status = ndup__story_describe(&x->own, x->e, story, error);
    if (status == NDUP_STATUS_OK) {
        status = compare_members(x, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = compare_nearest_story(x, error);
    }
    if (status == NDUP_STATUS_OK && run->options->explain_with != NULL) {
        status = compare_pair(x, error);
    }
    return status == NDUP_STATUS_OK ? tell(x, error) : status;
}

ndup_status ndup__explanation_tell(ndup__emission *e, ndup_error *error)
{
    const ndup_allocator *allocator = e->run->allocator;
    size_t story = 0;
    if (e->run->options->explain == NULL) {
        return NDUP_STATUS_OK;
    }
    ndup_status status = find_story(&story, e, error);
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    explaining x = {.e = e, .strings = {.allocator = allocator}};
    ndup__described_story_init(&x.own, e);
    ndup__described_story_init(&x.other, e);
    ndup__block_init(&x.block, allocator);
    status = explain(&x, story, error);
    ndup__free(allocator, &x.nearest, x.nearest != NULL ? x.own.story.count : 0, sizeof *x.nearest);
    ndup__free(allocator, &x.place_of, x.place_of != NULL ? e->run->reuse.document_count : 0,
               sizeof *x.place_of);
    ndup__described_story_deinit(&x.own);
    ndup__described_story_deinit(&x.other);
    ndup__block_deinit(&x.block);
    ndup__arena_deinit(&x.strings);
    return status;
}
