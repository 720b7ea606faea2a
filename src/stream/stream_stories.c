/* SPDX-License-Identifier: MIT */
/* Words are weighed by what came so far. A text is weighed anew when it is compared and as many
 * texts have come since as when it was weighed last: the names of an event are in one text only
 * when its first report comes, and in many a day later. */
#include "base/alloc.h"
#include "stream/stream.h"

#define DAY_MILLISECONDS ((int64_t)24 * 3600 * 1000)

/* Terms that no other text has yet, by which later ones find the text. */
#define NEW_TERMS_MOST 1024

/* Texts after which all counts are halved, so that words age and counters suffice. */
#define TEXTS_COUNTED ((uint64_t)1 << 17)
/* Counters beyond which there are no more. */
#define COUNTERS_MOST ((size_t)1 << 25)

/* Terms as they are weighed, or, without a set of phrases, as they are counted. */
static ndup_status find_terms(ndup_story_stream *stream, const ndup__stream_record *record,
                              const ndup__set_phrases *set, bool wants_phrases, ndup_error *error)
{
    const ndup_document document = {.title = record->title, .text = record->text};
    stream->finder.set = set;
    stream->finder.wants_phrases = wants_phrases;
    return ndup__terms_find(&stream->finder, &document, record->source, error);
}

static const ndup__set_phrases *phrases_of(const ndup_story_stream *stream)
{
    return stream->given_counts != NULL ? stream->given_phrases : &stream->phrases;
}

static const ndup__term_counts *counts_of(const ndup_story_stream *stream)
{
    return stream->given_counts != NULL ? stream->given_counts : &stream->counts;
}

static void note_phrases(ndup_story_stream *stream, const ndup__stream_document *document)
{
    const ndup__phrase_list *found = &stream->finder.phrases;
    int64_t day = document->milliseconds / DAY_MILLISECONDS;
    if (!document->is_dated || !stream->finder.wants_phrases) {
        return;
    }
    if (stream->phrases.first_day == NDUP__NO_DAY) {
        stream->phrases.first_day = day;
    }
    for (size_t i = 0; i < found->count; i++) {
        ndup__set_phrases_add(&stream->phrases, &found->items[i].hash, 1, day);
    }
}

static ndup_status count_terms(ndup_story_stream *stream, const ndup__stream_record *record,
                               const ndup__stream_document *document, ndup_error *error)
{
    ndup_status status = find_terms(stream, record, NULL, document->is_dated, error);
    if (status == NDUP_STATUS_OK) {
        stream->tokens += stream->finder.body.count;
        status = ndup__term_counts_widen(&stream->counts, stream->tokens, COUNTERS_MOST, error);
    }
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    if (stream->counts.texts >= TEXTS_COUNTED) {
        ndup__term_counts_halve(&stream->counts);
        stream->tokens /= 2;
    }
    ndup__term_counts_add(&stream->counts, stream->finder.terms, stream->finder.count);
    note_phrases(stream, document);
    return NDUP_STATUS_OK;
}

static ndup_status weigh_terms(ndup_story_stream *stream, const ndup__stream_record *record,
                               ndup__term_vector *vector, ndup__rarest_terms *rarest,
                               ndup_error *error)
{
    ndup_status status = find_terms(stream, record, phrases_of(stream), false, error);
    return status == NDUP_STATUS_OK
               ? ndup__term_vector_make(vector, rarest, &stream->chooser, counts_of(stream),
                                        stream->finder.terms, stream->finder.count, error)
               : status;
}

static bool is_due(const ndup_story_stream *stream, const ndup__story_text *known, uint32_t text)
{
    uint32_t now = (uint32_t)stream->stories.count - 1;
    return stream->given_counts == NULL && known->vector.count > 0 && now > known->weighed &&
           now - known->weighed >= known->weighed - text;
}

ndup_status ndup__story_stream_renew(void *context, uint32_t text, ndup_error *error)
{
    ndup_story_stream *stream = context;
    ndup__story_text *known = ndup__stories_text(&stream->stories, text);
    ndup__stream_record record;
    ndup__term_vector vector;
    ndup__rarest_terms rarest;
    if (!is_due(stream, known, text)) {
        return NDUP_STATUS_OK;
    }
    ndup_status status =
        ndup__story_stream_read(stream, &record, known->document, &stream->other_room, error);
    if (status == NDUP_STATUS_OK) {
        status = weigh_terms(stream, &record, &vector, &rarest, error);
    }
    if (status == NDUP_STATUS_OK) {
        ndup__term_vector_free(&known->vector, stream->allocator);
        known->vector = vector;
        known->renewed++;
        known->weighed = (uint32_t)stream->stories.count - 1;
    }
    return status;
}

/* Those of the terms found last that only the new text has. */
static ndup_status note_new_terms(ndup_story_stream *stream, uint32_t text, ndup_error *error)
{
    const ndup__term_finder *finder = &stream->finder;
    ndup_status status = NDUP_STATUS_OK;
    size_t noted = 0;
    for (size_t i = 0; i < finder->count && noted < NEW_TERMS_MOST && status == NDUP_STATUS_OK;
         i++) {
        if (ndup__term_counts_get(&stream->counts, &finder->terms[i]) <= 1) {
            uint32_t term = (uint32_t)(finder->terms[i].hash >> 33);
            status = ndup__term_index_add(&stream->stories.index, term, text, error);
            noted++;
        }
    }
    return status;
}

static ndup_status add_text(ndup_story_stream *stream, uint32_t number, ndup__story_text *text,
                            const ndup__rarest_terms *rarest, ndup_error *error)
{
    uint32_t place = (uint32_t)stream->stories.count;
    bool asks = rarest->count > 0 && stream->given_counts == NULL;
    text->document = number;
    text->weighed = place;
    ndup_status status =
        asks ? note_new_terms(stream, place, error) : NDUP_STATUS_OK; /* of the terms found last */
    return status == NDUP_STATUS_OK ? ndup__stories_add(&stream->stories, text, rarest, error)
                                    : status;
}

ndup_status ndup__story_stream_add_text(ndup_story_stream *stream,
                                        const ndup__stream_record *record, ndup_error *error)
{
    uint32_t number = stream->count - 1;
    ndup__stream_document *document = ndup__story_stream_document_at(stream, number);
    ndup__rarest_terms rarest = {.count = 0};
    ndup__story_text text = {.is_dated = document->is_dated,
                             .milliseconds = document->milliseconds,
                             .form = document->form};
    ndup_status status = count_terms(stream, record, document, error);
    /* A roundup of several stories stands alone. */
    if (status == NDUP_STATUS_OK && document->found.role != NDUP_ROLE_COMPILES) {
        status = weigh_terms(stream, record, &text.vector, &rarest, error);
    }
    if (status == NDUP_STATUS_OK) {
        document->is_text = true;
        status = add_text(stream, number, &text, &rarest, error);
    }
    ndup__term_vector_free(&text.vector, stream->allocator);
    return status;
}
