/* SPDX-License-Identifier: MIT */
/* The rules are those of runs of dedup that keep the oldest: equal words by their class, others by
 * bands, the likeliest first, until one is a near-duplicate. What a family has in common is counted
 * over the candidates and their copies, since there is no corpus to count over. */
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/hash.h"
#include "lsh/bands.h"
#include "stream/stream.h"

/* As in dedup/verify.h. */
#define VAIN_MOST 64
#define VAIN_UNLIKE 4
#define VAIN_FORM 1
#define SIFT_LOSS 0.0005

/* Documents of one key that are looked at. */
#define KEY_DOCUMENTS 64
/* Texts that tell a form, at most. */
#define FAMILY_MOST 48

typedef struct ndup__near_candidate {
    uint32_t number;
    uint32_t shared; /* bands */
    uint32_t agreement;
} near_candidate;

static ndup_status know_agreement(ndup__near_copies *near, const ndup_allocator *allocator,
                                  ndup_error *error)
{
    unsigned slots = ndup_sketcher_slots(near->sketcher);
    ndup_status status = ndup__resize(allocator, &near->agreement_least, 0, slots + 1,
                                      sizeof *near->agreement_least, error);
    for (unsigned i = 0; i <= slots && status == NDUP_STATUS_OK; i++) {
        near->agreement_least[i] =
            (uint16_t)(i + ndup__row_agreement_least(near->sketcher, slots - i,
                                                     near->options.matching.threshold, SIFT_LOSS));
    }
    return status;
}

ndup_status ndup__near_init(ndup__near_copies *near, uint64_t seed, const ndup_allocator *allocator,
                            ndup_error *error)
{
    ndup_status status = ndup_dedup_options_init(&near->options, NULL, error);
    near->options.seed = seed;
    near->options.allocator = allocator;
    near->classes.allocator = near->by_band.allocator = near->frequencies.allocator = allocator;
    near->shingling = ndup__options_shingling(&near->options);
    ndup__text_set_init(&near->asked, allocator);
    ndup__text_set_init(&near->other, allocator);
    ndup__matcher_init(&near->matcher, &near->options, &near->frequencies, allocator);
    if (status == NDUP_STATUS_OK) {
        status = ndup__options_sketcher(&near->sketcher, &near->bands, &near->options, error);
    }
    if (status == NDUP_STATUS_OK) {
        near->row_bytes = ndup__row_bytes(near->sketcher);
        status = know_agreement(near, allocator, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = ndup__text_sketch_init(&near->sketch, &near->shingling, near->sketcher, allocator,
                                        error);
        near->sketch.watch = &near->watch;
    }
    return status == NDUP_STATUS_OK ? ndup__resize(allocator, &near->keys, 0, near->bands.bands,
                                                   sizeof *near->keys, error)
                                    : status;
}

void ndup__near_deinit(ndup__near_copies *near, const ndup_allocator *allocator)
{
    unsigned slots = near->sketcher != NULL ? ndup_sketcher_slots(near->sketcher) : 0;
    ndup__free(allocator, &near->agreement_least, near->agreement_least != NULL ? slots + 1 : 0,
               sizeof *near->agreement_least);
    ndup__free(allocator, &near->keys, near->keys != NULL ? near->bands.bands : 0,
               sizeof *near->keys);
    ndup__free(allocator, &near->candidates, near->capacity, sizeof *near->candidates);
    if (near->sketch.allocator != NULL) {
        ndup__text_sketch_deinit(&near->sketch);
    }
    ndup_sketcher_free(near->sketcher);
    ndup__term_index_deinit(&near->classes);
    ndup__term_index_deinit(&near->by_band);
    ndup__frequencies_deinit(&near->frequencies);
    ndup__matcher_deinit(&near->matcher);
    ndup__text_set_deinit(&near->asked);
    ndup__text_set_deinit(&near->other);
}

static uint8_t *row_of(const ndup_story_stream *stream, uint32_t number)
{
    return stream->rows + stream->near.row_bytes * (number - stream->base);
}

static uint32_t class_term(const ndup__stream_document *document)
{
    return (uint32_t)(document->class_hash[0] >> 32);
}

static uint32_t band_term(const ndup__near_copies *near, unsigned band)
{
    return (uint32_t)ndup__mix64((uint64_t)band << 32 | near->keys[band]);
}

/* What is known of a text of the same words, if what it is a copy of is not forgotten. */
static bool find_class(const ndup_story_stream *stream, uint32_t number, ndup__copy *copy)
{
    const ndup__stream_document *own = ndup__story_stream_document_at(stream, number);
    const ndup__term_index *index = &stream->near.classes;
    uint32_t at = ndup__term_index_newest(index, class_term(own));
    for (; at != NDUP__NO_POSTING; at = ndup__term_index_older(index, at)) {
        uint32_t other = ndup__term_index_text(index, at);
        const ndup__stream_document *known = ndup__story_stream_document_at(stream, other);
        if (memcmp(known->class_hash, own->class_hash, sizeof own->class_hash) != 0 ||
            known->survivor < stream->oldest) {
            continue;
        }
        *copy = (ndup__copy){.first = known->survivor,
                             .share = known->survivor == other ? 1 : known->near_share,
                             .of_share = known->survivor == other ? 1 : known->near_of_share,
                             .similarity = known->survivor == other ? 1 : known->near_similarity};
        return true;
    }
    return false;
}

static ndup_status note_candidate(ndup__near_copies *near, const ndup_allocator *allocator,
                                  uint32_t number, ndup_error *error)
{
    ndup_status status = ndup__reserve(allocator, &near->candidates, &near->capacity,
                                       near->count + 1, sizeof *near->candidates, error);
    if (status == NDUP_STATUS_OK) {
        near->candidates[near->count++] = (near_candidate){.number = number, .shared = 1};
    }
    return status;
}

static ndup_status ask_bands(ndup_story_stream *stream, ndup_error *error)
{
    ndup__near_copies *near = &stream->near;
    ndup_status status = NDUP_STATUS_OK;
    near->count = 0;
    for (unsigned band = 0; band < near->bands.bands && status == NDUP_STATUS_OK; band++) {
        uint32_t at = ndup__term_index_newest(&near->by_band, band_term(near, band));
        for (size_t i = 0; i < KEY_DOCUMENTS && at != NDUP__NO_POSTING && status == NDUP_STATUS_OK;
             i++) {
            status = note_candidate(near, stream->allocator,
                                    ndup__term_index_text(&near->by_band, at), error);
            at = ndup__term_index_older(&near->by_band, at);
        }
    }
    return status;
}

static int by_number(const void *left, const void *right)
{
    const near_candidate *x = left;
    const near_candidate *y = right;
    return x->number < y->number ? -1 : x->number > y->number;
}

static int likeliest_first(const void *left, const void *right)
{
    const near_candidate *x = left;
    const near_candidate *y = right;
    return x->agreement != y->agreement ? (x->agreement < y->agreement ? 1 : -1)
                                        : by_number(left, right);
}

/* Keeps the candidates, each once, whose sketches agree in enough slots. */
static void sift(const ndup_story_stream *stream, ndup__near_copies *near, uint32_t number)
{
    unsigned slots = ndup_sketcher_slots(near->sketcher);
    size_t kept = 0;
    qsort(near->candidates, near->count, sizeof *near->candidates, by_number);
    for (size_t i = 0, end; i < near->count; i = end) {
        near_candidate one = near->candidates[i];
        for (end = i + 1; end < near->count && near->candidates[end].number == one.number;) {
            end++;
        }
        one.shared = (uint32_t)(end - i);
        one.agreement =
            ndup__row_agreement(near->sketcher, row_of(stream, number), row_of(stream, one.number));
        unsigned chosen = one.shared * near->bands.rows;
        if (one.agreement >= near->agreement_least[chosen < slots ? chosen : slots]) {
            near->candidates[kept++] = one;
        }
    }
    near->count = kept;
    qsort(near->candidates, kept, sizeof *near->candidates, likeliest_first);
}

/* The set of another document. */
static ndup_status make_other(ndup_story_stream *stream, uint32_t number, uint32_t class_number,
                              ndup_error *error)
{
    ndup__stream_record record;
    ndup_status status =
        ndup__story_stream_read(stream, &record, number, &stream->other_room, error);
    return status == NDUP_STATUS_OK
               ? ndup__text_set_make(&stream->near.other, class_number, &stream->near.shingling,
                                     record.text, error)
               : status;
}

static ndup_status count_family(ndup_story_stream *stream, uint32_t leader, size_t *texts,
                                ndup_error *error)
{
    ndup__near_copies *near = &stream->near;
    ndup_status status = NDUP_STATUS_OK;
    uint32_t next = ndup__story_stream_document_at(stream, leader)->newest;
    for (uint32_t number = leader; number != NDUP__NO_DOCUMENT && number >= stream->oldest &&
                                   *texts < FAMILY_MOST && status == NDUP_STATUS_OK;) {
        status = make_other(stream, number, 0, error);
        if (status == NDUP_STATUS_OK) {
            ndup__frequencies_add(&near->frequencies, near->other.set.shingles,
                                  near->other.set.count, false);
            ++*texts;
        }
        number = next;
        next = next != NDUP__NO_DOCUMENT && next >= stream->oldest
                   ? ndup__story_stream_document_at(stream, next)->older
                   : NDUP__NO_DOCUMENT;
    }
    return status;
}

/* Counts in how many look-alikes shingles stand, if these are so many as to make a form. */
static ndup_status count_look_alikes(ndup_story_stream *stream, ndup_error *error)
{
    ndup__near_copies *near = &stream->near;
    size_t texts = 1;
    ndup_status status = ndup__frequencies_restart(&near->frequencies, near->count + 1, error);
    if (status == NDUP_STATUS_OK) {
        ndup__frequencies_add(&near->frequencies, near->asked.set.shingles, near->asked.set.count,
                              false);
    }
    for (size_t i = 0; i < near->count && texts < FAMILY_MOST && status == NDUP_STATUS_OK; i++) {
        status = count_family(stream, near->candidates[i].number, &texts, error);
    }
    if (texts < NDUP__FORM_BUCKET) {
        ndup__frequencies_forget(&near->frequencies);
    }
    return status;
}

/* A document fills a form with another one. */
static void note_form(const ndup_story_stream *stream, uint32_t number, uint32_t other)
{
    ndup__stream_document *own = ndup__story_stream_document_at(stream, number);
    ndup__stream_document *first = ndup__story_stream_document_at(stream, other);
    if (first->form == NDUP__NO_DOCUMENT) {
        first->form = other;
        if (first->is_text) {
            ndup__stories_text(&stream->stories, first->text)->form = other;
        }
    }
    own->form = first->form;
}

static ndup_status compare(ndup_story_stream *stream, ndup__match *match, bool *is_copy, size_t i,
                           ndup_error *error)
{
    ndup__near_copies *near = &stream->near;
    *match = (ndup__match){.is_form = false};
    *is_copy = false;
    ndup_status status = make_other(stream, near->candidates[i].number, (uint32_t)i + 1, error);
    return status == NDUP_STATUS_OK
               ? ndup__matcher_similar(&near->matcher, match, is_copy, &near->asked.set,
                                       &near->other.set, &near->other.reader, error)
               : status;
}

static ndup_status compare_candidates(ndup_story_stream *stream, uint32_t number, ndup__copy *copy,
                                      ndup_error *error)
{
    const ndup__near_copies *near = &stream->near;
    uint32_t of_form = NDUP__NO_DOCUMENT;
    unsigned in_vain = 0;
    bool is_copy = false;
    ndup_status status = count_look_alikes(stream, error);
    for (size_t i = 0;
         i < near->count && in_vain < VAIN_MOST && !is_copy && status == NDUP_STATUS_OK; i++) {
        ndup__match match;
        status = compare(stream, &match, &is_copy, i, error);
        if (is_copy) {
            *copy = (ndup__copy){.first = near->candidates[i].number,
                                 .share = (float)match.containment,
                                 .of_share = (float)match.other_containment,
                                 .similarity = (float)match.similarity};
        } else if (match.is_form && of_form == NDUP__NO_DOCUMENT) {
            of_form = near->candidates[i].number;
        }
        in_vain += is_copy ? 0 : match.is_form ? VAIN_FORM : VAIN_UNLIKE;
    }
    if (status == NDUP_STATUS_OK && !is_copy && of_form != NDUP__NO_DOCUMENT) {
        note_form(stream, number, of_form);
    }
    return status;
}

static ndup_status find_similar(ndup_story_stream *stream, uint32_t number,
                                const ndup__stream_record *record, ndup__copy *copy,
                                ndup_error *error)
{
    ndup__near_copies *near = &stream->near;
    ndup__band_keys(near->keys, 1, near->sketcher, row_of(stream, number), 0, near->bands.bands,
                    near->bands.rows);
    ndup_status status = ask_bands(stream, error);
    if (status != NDUP_STATUS_OK || near->count == 0) {
        return status;
    }
    sift(stream, near, number);
    if (near->count == 0) {
        return NDUP_STATUS_OK;
    }
    status = ndup__text_set_make(&near->asked, 0, &near->shingling, record->text, error);
    return status == NDUP_STATUS_OK ? compare_candidates(stream, number, copy, error) : status;
}

/* Lets those that come find the document: copies only by their class. What has no words is equal to
 * nothing. */
static ndup_status note_document(ndup_story_stream *stream, uint32_t number, ndup_error *error)
{
    ndup__near_copies *near = &stream->near;
    const ndup__stream_document *own = ndup__story_stream_document_at(stream, number);
    ndup_status status = ndup__term_index_add(&near->classes, class_term(own), number, error);
    unsigned bands = own->survivor == number ? near->bands.bands : 0;
    for (unsigned band = 0; band < bands && status == NDUP_STATUS_OK; band++) {
        status = ndup__term_index_add(&near->by_band, band_term(near, band), number, error);
    }
    return status;
}

static void note_survivor(const ndup_story_stream *stream, uint32_t number, const ndup__copy *copy)
{
    ndup__stream_document *own = ndup__story_stream_document_at(stream, number);
    ndup__stream_document *survivor = ndup__story_stream_document_at(stream, copy->first);
    own->survivor = copy->first;
    own->near_share = copy->share;
    own->near_of_share = copy->of_share;
    own->near_similarity = copy->similarity;
    if (copy->first != number) {
        own->older = survivor->newest;
        survivor->newest = number;
    }
}

ndup_status ndup__near_find(ndup_story_stream *stream, const ndup__stream_record *record,
                            ndup__copy *copy, ndup_error *error)
{
    ndup__near_copies *near = &stream->near;
    uint32_t number = stream->count - 1;
    ndup__stream_document *own = ndup__story_stream_document_at(stream, number);
    ndup_status status = ndup__text_sketch_make(&near->sketch, record->text, error);
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    ndup__hash128 class_hash = ndup__text_sketch_class(&near->sketch, record->text);
    own->class_hash[0] = class_hash.low;
    own->class_hash[1] = class_hash.high;
    ndup__row_pack(near->sketcher, row_of(stream, number), near->sketch.state);
    bool has_words = near->sketch.reading == NDUP_READING_WORDS && near->sketch.token_count > 0;
    *copy = (ndup__copy){.first = number, .share = 1, .of_share = 1};
    if (has_words && !find_class(stream, number, copy)) {
        status = find_similar(stream, number, record, copy, error);
    }
    if (status == NDUP_STATUS_OK) {
        note_survivor(stream, number, copy);
        status = has_words ? note_document(stream, number, error) : NDUP_STATUS_OK;
    }
    return status;
}
