/* SPDX-License-Identifier: MIT */
/* What `passages` does for a corpus is done for one document: those that share enough of its
 * fingerprints are read again, and their passages chained. */
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "story/copied_runs.h"
#include "stream/stream.h"

/* Places of one gram in a document that are looked at. */
#define PLACES_MOST 16

ndup_status ndup__runs_init(ndup__shared_runs *runs, uint64_t seed, const ndup_allocator *allocator,
                            ndup_error *error)
{
    ndup__winnow_size size = ndup__winnow_size_for(NDUP__COPIED_WORDS);
    runs->index.allocator = runs->chainer.allocator = allocator;
    runs->own.tokens.allocator = runs->other.tokens.allocator = allocator;
    runs->own.tokens.seed = runs->other.tokens.seed = seed;
    runs->chainer.least = size.least;
    return ndup__winnow_init(&runs->winnow, size, allocator, error);
}

void ndup__runs_deinit(ndup__shared_runs *runs, const ndup_allocator *allocator)
{
    ndup__winnow_deinit(&runs->winnow);
    ndup__passage_text_deinit(&runs->own);
    ndup__passage_text_deinit(&runs->other);
    ndup__free(allocator, &runs->grams, runs->capacity, sizeof *runs->grams);
    ndup__term_index_deinit(&runs->index);
    ndup__free(allocator, &runs->hits, runs->hit_capacity, sizeof *runs->hits);
    ndup__free(allocator, &runs->meetings, runs->meeting_capacity, sizeof *runs->meetings);
    ndup__chainer_deinit(&runs->chainer);
    ndup__free(allocator, &runs->passages, runs->passage_capacity, sizeof *runs->passages);
    ndup__free(allocator, &runs->order, runs->order_capacity, sizeof *runs->order);
}

static int by_hash(const void *left, const void *right)
{
    const ndup__gram *x = left;
    const ndup__gram *y = right;
    return x->hash != y->hash ? (x->hash < y->hash ? -1 : 1)
                              : (x->token < y->token ? -1 : x->token > y->token);
}

static size_t end_of_gram(const ndup__gram *grams, size_t begin, size_t count)
{
    size_t end = begin + 1;
    while (end < count && grams[end].hash == grams[begin].hash) {
        end++;
    }
    return end;
}

/* The grams of a text by their hashes, the first places of each. Returns how many are left. */
static size_t sort_grams(ndup__gram *grams, size_t count)
{
    size_t kept = 0;
    if (count > 1) {
        qsort(grams, count, sizeof *grams, by_hash);
    }
    for (size_t begin = 0, end; begin < count; begin = end) {
        end = end_of_gram(grams, begin, count);
        for (size_t i = begin; i < end && i < begin + PLACES_MOST; i++) {
            grams[kept++] = grams[i];
        }
    }
    return kept;
}

static ndup_status take_grams(ndup__shared_runs *runs, const ndup_allocator *allocator,
                              ndup_text text, ndup_error *error)
{
    ndup_status status = ndup__passage_text_read(&runs->own, text, error);
    runs->count = 0;
    if (status == NDUP_STATUS_OK) {
        status = ndup__winnow_text(&runs->winnow, &runs->own, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = ndup__reserve(allocator, &runs->grams, &runs->capacity, runs->winnow.count,
                               sizeof *runs->grams, error);
    }
    if (status == NDUP_STATUS_OK && runs->winnow.count > 0) {
        memcpy(runs->grams, runs->winnow.grams, runs->winnow.count * sizeof *runs->grams);
        runs->count = sort_grams(runs->grams, runs->winnow.count);
    }
    return status;
}

static uint32_t term_of(const ndup__gram *gram)
{
    return (uint32_t)(gram->hash >> 32);
}

/* Whether a gram stands in so many documents, this one among them, that it proposes none. */
static bool is_common(const ndup__term_index *index, uint32_t term)
{
    size_t documents = 1;
    uint32_t last = NDUP__NO_DOCUMENT;
    uint32_t at = ndup__term_index_newest(index, term);
    for (; at != NDUP__NO_POSTING && documents <= NDUP__RUN_DOCUMENTS;
         at = ndup__term_index_older(index, at)) {
        documents += ndup__term_index_text(index, at) != last;
        last = ndup__term_index_text(index, at);
    }
    return documents > NDUP__RUN_DOCUMENTS;
}

static ndup_status note_hits(ndup__shared_runs *runs, const ndup_allocator *allocator,
                             uint32_t term, size_t places, ndup_error *error)
{
    ndup_status status = NDUP_STATUS_OK;
    uint32_t at = ndup__term_index_newest(&runs->index, term);
    for (; at != NDUP__NO_POSTING && status == NDUP_STATUS_OK;
         at = ndup__term_index_older(&runs->index, at)) {
        status = ndup__reserve(allocator, &runs->hits, &runs->hit_capacity,
                               runs->hit_count + places, sizeof *runs->hits, error);
        for (size_t i = 0; i < places && status == NDUP_STATUS_OK; i++) {
            runs->hits[runs->hit_count++] = ndup__term_index_text(&runs->index, at);
        }
    }
    return status;
}

static int by_document(const void *left, const void *right)
{
    const uint32_t *x = left;
    const uint32_t *y = right;
    return *x < *y ? -1 : *x > *y;
}

/* Asks for all grams, and leaves those that are not common. */
static ndup_status ask_grams(ndup__shared_runs *runs, const ndup_allocator *allocator,
                             ndup_error *error)
{
    ndup_status status = NDUP_STATUS_OK;
    size_t kept = 0;
    runs->hit_count = 0;
    for (size_t begin = 0, end; begin < runs->count && status == NDUP_STATUS_OK; begin = end) {
        uint32_t term = term_of(&runs->grams[begin]);
        end = end_of_gram(runs->grams, begin, runs->count);
        if (!is_common(&runs->index, term)) {
            status = note_hits(runs, allocator, term, end - begin, error);
            memmove(runs->grams + kept, runs->grams + begin, (end - begin) * sizeof *runs->grams);
            kept += end - begin;
        }
    }
    runs->count = kept;
    if (runs->hit_count > 1) {
        qsort(runs->hits, runs->hit_count, sizeof *runs->hits, by_document);
    }
    return status;
}

/* All pairs of places of one gram. */
static ndup_status meet_gram(ndup__shared_runs *runs, const ndup_allocator *allocator,
                             size_t *count, bool *may_be_run, const ndup__gram *a, size_t a_count,
                             const ndup__gram *b, size_t b_count, ndup_error *error)
{
    ndup_status status = ndup__reserve(allocator, &runs->meetings, &runs->meeting_capacity,
                                       *count + a_count * b_count, sizeof *runs->meetings, error);
    for (size_t i = 0; i < a_count && status == NDUP_STATUS_OK; i++) {
        for (size_t k = 0; k < b_count; k++) {
            runs->meetings[(*count)++] = (ndup__meeting){a[i].token, b[k].token};
            *may_be_run |= ndup__may_be_run(&runs->winnow.size, a[i].before, b[k].before,
                                            a[i].behind, b[k].behind);
        }
    }
    return status;
}

/* Where the other text, whose grams the winnow has, and the own one meet; none unless one of these
 * may lie in a run that is long enough. */
static ndup_status find_meetings(ndup__shared_runs *runs, const ndup_allocator *allocator,
                                 size_t *count, ndup_error *error)
{
    const ndup__gram *a = runs->winnow.grams;
    size_t a_count = sort_grams(runs->winnow.grams, runs->winnow.count);
    bool may_be_run = false;
    ndup_status status = NDUP_STATUS_OK;
    *count = 0;
    for (size_t i = 0, k = 0; i < a_count && k < runs->count && status == NDUP_STATUS_OK;) {
        size_t a_end = end_of_gram(a, i, a_count);
        size_t b_end = end_of_gram(runs->grams, k, runs->count);
        uint64_t x = a[i].hash;
        uint64_t y = runs->grams[k].hash;
        if (x == y) {
            status = meet_gram(runs, allocator, count, &may_be_run, a + i, a_end - i,
                               runs->grams + k, b_end - k, error);
        }
        i = x <= y ? a_end : i;
        k = y <= x ? b_end : k;
    }
    *count = may_be_run ? *count : 0;
    return status;
}

/* The tokens of both that stand in passages. */
static ndup_status sum_passages(ndup__shared_runs *runs, const ndup_allocator *allocator,
                                uint32_t *other_tokens, uint32_t *own_tokens, ndup_error *error)
{
    const ndup__chainer *chainer = &runs->chainer;
    ndup_status status = ndup__reserve(allocator, &runs->passages, &runs->passage_capacity,
                                       chainer->count, sizeof *runs->passages, error);
    if (status == NDUP_STATUS_OK) {
        status = ndup__reserve(allocator, &runs->order, &runs->order_capacity, chainer->count,
                               sizeof *runs->order, error);
    }
    for (size_t i = 0; i < chainer->count && status == NDUP_STATUS_OK; i++) {
        const ndup__token_passage *found = &chainer->passages[i];
        runs->passages[i] = (ndup__stored_passage){.a_token = found->a,
                                                   .a_tokens = found->a_tokens,
                                                   .b_token = found->b,
                                                   .b_tokens = found->b_tokens,
                                                   .matched = found->matched};
    }
    if (status == NDUP_STATUS_OK) {
        ndup__copy_tokens(other_tokens, own_tokens, runs->order, runs->passages, chainer->count);
    }
    return status;
}

/* What the document and another one share, in tokens of both. */
static ndup_status compare(ndup_story_stream *stream, uint32_t other, uint32_t *other_tokens,
                           uint32_t *own_tokens, ndup_error *error)
{
    ndup__shared_runs *runs = &stream->runs;
    ndup__stream_record record;
    size_t count = 0;
    *other_tokens = *own_tokens = 0;
    ndup_status status =
        ndup__story_stream_read(stream, &record, other, &stream->other_room, error);
    if (status == NDUP_STATUS_OK) {
        status = ndup__passage_text_read(&runs->other, record.text, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = ndup__winnow_text(&runs->winnow, &runs->other, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = find_meetings(runs, stream->allocator, &count, error);
    }
    if (status != NDUP_STATUS_OK || count == 0) {
        return status;
    }
    status = ndup__chain(&runs->chainer, &runs->other, &runs->own, runs->meetings, count, error);
    return status == NDUP_STATUS_OK
               ? sum_passages(runs, stream->allocator, other_tokens, own_tokens, error)
               : status;
}

static bool is_of_one_form(const ndup__stream_document *x, const ndup__stream_document *y,
                           const ndup__copy_meeting *met)
{
    return x->form != NDUP__NO_DOCUMENT && x->form == y->form &&
           !ndup__copy_is_longer(met->share, met->of_share);
}

static ndup_status weigh(ndup_story_stream *stream, uint32_t other, ndup__copy_choice *choice,
                         ndup_error *error)
{
    const ndup__stream_document *own = ndup__story_stream_document_at(stream, stream->count - 1);
    const ndup__stream_document *first = ndup__story_stream_document_at(stream, other);
    uint32_t own_tokens;
    uint32_t other_tokens;
    ndup_status status = compare(stream, other, &other_tokens, &own_tokens, error);
    ndup__copy_meeting met = {other, (double)own_tokens / own->tokens,
                              (double)other_tokens / first->tokens};
    if (status == NDUP_STATUS_OK && own_tokens > 0 && !is_of_one_form(own, first, &met)) {
        double of_shorter = own->tokens <= first->tokens ? met.share : met.of_share;
        ndup__copy_weigh(choice, &met, of_shorter, other, stream->options.share);
    }
    return status;
}

/* Weighs the firsts that share enough fingerprints. */
static ndup_status weigh_all(ndup_story_stream *stream, ndup__copy_choice *choice,
                             ndup_error *error)
{
    const ndup__shared_runs *runs = &stream->runs;
    uint32_t own = ndup__story_stream_document_at(stream, stream->count - 1)->grams;
    ndup_status status = NDUP_STATUS_OK;
    for (size_t begin = 0, end; begin < runs->hit_count && status == NDUP_STATUS_OK; begin = end) {
        uint32_t other = runs->hits[begin];
        const ndup__stream_document *first = ndup__story_stream_document_at(stream, other);
        for (end = begin + 1; end < runs->hit_count && runs->hits[end] == other;) {
            end++;
        }
        double least =
            NDUP__SHOWN_PART * stream->options.share * (own < first->grams ? own : first->grams);
        if ((double)(end - begin) >= least && first->found.first == other) {
            status = weigh(stream, other, choice, error);
        }
    }
    return status;
}

static ndup_status note_grams(ndup__shared_runs *runs, const ndup_allocator *allocator,
                              uint32_t number, ndup_text text, ndup_error *error)
{
    ndup_status status = take_grams(runs, allocator, text, error);
    for (size_t i = 0; i < runs->count && status == NDUP_STATUS_OK; i++) {
        uint32_t term = term_of(&runs->grams[i]);
        status = ndup__term_index_add(&runs->index, term, number, error);
    }
    return status;
}

ndup_status ndup__runs_find(ndup_story_stream *stream, const ndup__stream_record *record,
                            ndup__copy_choice *choice, ndup_error *error)
{
    ndup__shared_runs *runs = &stream->runs;
    uint32_t number = stream->count - 1;
    ndup__stream_document *own = ndup__story_stream_document_at(stream, number);
    ndup_status status = take_grams(runs, stream->allocator, record->text, error);
    own->tokens = (uint32_t)runs->own.tokens.count;
    own->grams = (uint32_t)runs->winnow.count;
    if (status == NDUP_STATUS_OK) {
        status = ask_grams(runs, stream->allocator, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = weigh_all(stream, choice, error);
    }
    return status == NDUP_STATUS_OK
               ? note_grams(runs, stream->allocator, number, record->text, error)
               : status;
}
