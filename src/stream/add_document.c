/* SPDX-License-Identifier: MIT */
/* A document is made one of the stream: its time, what it forgets, its copies, its story. */
#include <string.h>

#include "base/alloc.h"
#include "base/hash.h"
#include "stream/stream.h"

#define DAY_MILLISECONDS 86400000.0

static int64_t milliseconds_of(double days)
{
    return (int64_t)(days * DAY_MILLISECONDS);
}

/* What a date that may be true means where the clock stands. */
static ndup_dating date(ndup_story_stream *stream, int64_t milliseconds)
{
    int64_t ttl = milliseconds_of(stream->options.ttl_days);
    int64_t since = milliseconds - stream->clock;
    int64_t apart = milliseconds - stream->ahead;
    if (stream->has_clock && since < 0) {
        return since >= -milliseconds_of(stream->options.within_days) ? NDUP_DATING_LATE
                                                                      : NDUP_DATING_OLD;
    }
    bool is_confirmed = stream->has_ahead && apart >= -ttl && apart <= ttl;
    if (stream->has_clock && since > ttl && !is_confirmed) {
        stream->has_ahead = true;
        stream->ahead = milliseconds;
        return NDUP_DATING_AHEAD;
    }
    return NDUP_DATING_READ;
}

static ndup_dating date_record(ndup_story_stream *stream, const ndup__stream_record *record)
{
    return record->is_future   ? NDUP_DATING_FUTURE
           : !record->is_dated ? NDUP_DATING_NONE
                               : date(stream, record->milliseconds);
}

/* What came before there was a clock came when it begins. */
static void begin_clock(ndup_story_stream *stream, int64_t milliseconds)
{
    for (uint32_t i = stream->base; i < stream->count && !stream->has_clock; i++) {
        ndup__story_stream_document_at(stream, i)->came = milliseconds;
    }
    stream->has_clock = true;
    stream->has_ahead = false;
    stream->clock = milliseconds;
}

static ndup_status make_room(ndup_story_stream *stream, ndup_error *error)
{
    size_t held = stream->count - stream->base;
    ndup_status status = ndup__reserve(stream->allocator, &stream->documents, &stream->capacity,
                                       held + 1, sizeof *stream->documents, error);
    return status == NDUP_STATUS_OK
               ? ndup__reserve(stream->allocator, &stream->rows, &stream->row_capacity,
                               (held + 1) * stream->near.row_bytes, 1, error)
               : status;
}

/* Moves what is not forgotten down when it is no more than half. */
static void drop_forgotten(ndup_story_stream *stream)
{
    size_t forgotten = stream->oldest - stream->base;
    size_t kept = stream->count - stream->oldest;
    size_t row = stream->near.row_bytes;
    if (forgotten > kept) {
        memmove(stream->documents, stream->documents + forgotten, kept * sizeof *stream->documents);
        memmove(stream->rows, stream->rows + forgotten * row, kept * row);
        stream->base = stream->oldest;
    }
}

/* Forgets what came longer before the clock than things live. */
static void forget(ndup_story_stream *stream)
{
    int64_t ttl = milliseconds_of(stream->options.ttl_days);
    uint32_t before = stream->oldest;
    while (stream->has_clock && stream->oldest < stream->count &&
           stream->clock - ndup__story_stream_document_at(stream, stream->oldest)->came > ttl) {
        stream->oldest++;
    }
    if (stream->oldest == before) {
        return;
    }
    ndup__term_index_forget(&stream->ids, stream->oldest);
    ndup__term_index_forget(&stream->near.classes, stream->oldest);
    ndup__term_index_forget(&stream->near.by_band, stream->oldest);
    ndup__term_index_forget(&stream->runs.index, stream->oldest);
    ndup__stories_forget(&stream->stories,
                         stream->oldest < stream->count
                             ? ndup__story_stream_document_at(stream, stream->oldest)->text
                             : (uint32_t)stream->stories.count);
    drop_forgotten(stream);
}

static uint64_t hash_text(ndup_text text)
{
    return ndup__hash_bytes(text.bytes, text.length, 0);
}

static void add_row(ndup_story_stream *stream, const ndup__stream_record *record, uint64_t place,
                    ndup_dating dating)
{
    uint32_t number = stream->count++;
    bool is_dated = dating == NDUP_DATING_READ || dating == NDUP_DATING_LATE;
    ndup__stream_document *document = ndup__story_stream_document_at(stream, number);
    memset(document, 0, sizeof *document); /* its bytes are saved */
    document->place = place;
    document->id_hash = hash_text(record->id);
    document->text_hash = ndup__record_hash(record);
    document->source = record->source.length > 0 ? hash_text(record->source) | 1 : 0;
    document->is_dated = is_dated;
    document->milliseconds = is_dated ? stream->clock : 0;
    document->came = stream->clock;
    document->dating = (uint8_t)dating;
    document->newest = document->older = document->form = NDUP__NO_DOCUMENT;
    document->text = (uint32_t)stream->stories.count;
}

static ndup_status find_copies(ndup_story_stream *stream, const ndup__stream_record *record,
                               ndup_error *error)
{
    uint32_t number = stream->count - 1;
    ndup__copy near = {.first = number};
    ndup__copy_choice choice = {.most = 0};
    ndup_status status = ndup__near_find(stream, record, &near, error);
    ndup__stream_document *document = ndup__story_stream_document_at(stream, number);
    if (status == NDUP_STATUS_OK && near.first == number) {
        status = ndup__runs_find(stream, record, &choice, error);
        bool updates =
            choice.most > 0 && ndup__story_stream_updates(stream, number, choice.best.other);
        document->found = ndup__copy_join(number, &choice, stream->options.share, updates);
    } else if (status == NDUP_STATUS_OK) {
        const ndup__copy_meeting met = {near.first, (double)near.share, (double)near.of_share};
        document->found = ndup__copy_join_survivor(
            &ndup__story_stream_document_at(stream, near.first)->found, &met,
            (double)near.similarity, ndup__story_stream_updates(stream, number, near.first));
    }
    document->copy = document->found;
    return status;
}

/* A copy of what is a copy with damage is one of its first; those that are forgotten are none. */
static void follow_first(const ndup_story_stream *stream, uint32_t number)
{
    ndup__stream_document *document = ndup__story_stream_document_at(stream, number);
    if (document->copy.first == number || document->copy.first < stream->oldest) {
        return;
    }
    const ndup__copy *first = &ndup__story_stream_document_at(stream, document->copy.first)->copy;
    if (first->first != document->copy.first && first->first >= stream->oldest) {
        document->copy = ndup__copy_follow(&document->copy, first,
                                           ndup__story_stream_updates(stream, number, first->of));
    }
}

/* The story of a copy is that of its first, as long as that is known. */
static uint32_t story_of(const ndup_story_stream *stream, const ndup__stream_document *document)
{
    const ndup__stream_document *first =
        document->found.first >= stream->oldest
            ? ndup__story_stream_document_at(stream, document->found.first)
            : document;
    return ndup__stories_group_of(&stream->stories, first->text);
}

static void note_story(const ndup_story_stream *stream, uint32_t number)
{
    ndup__stream_document *document = ndup__story_stream_document_at(stream, number);
    document->story_then = story_of(stream, document);
    document->joins = !document->is_text ||
                      ndup__stories_group_at(&stream->stories, document->story_then)->count > 1;
}

ndup_status ndup__story_stream_take(ndup_story_stream *stream, const ndup__stream_record *record,
                                    uint64_t place, ndup_error *error)
{
    ndup_dating dating = date_record(stream, record);
    if (dating == NDUP_DATING_READ) {
        begin_clock(stream, record->milliseconds);
    }
    forget(stream);
    ndup_status status = make_room(stream, error);
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    add_row(stream, record, place, dating);
    uint32_t number = stream->count - 1;
    stream->stories.move_count = 0;
    const ndup__stream_document *document = ndup__story_stream_document_at(stream, number);
    status = ndup__term_index_add(&stream->ids, (uint32_t)document->id_hash, number, error);
    if (status == NDUP_STATUS_OK) {
        status = find_copies(stream, record, error);
    }
    if (status == NDUP_STATUS_OK && document->found.first == number) {
        status = ndup__story_stream_add_text(stream, record, error);
        if (status == NDUP_STATUS_OK) {
            status = ndup__story_stream_find_damage(stream, record, error);
        }
    } else if (status == NDUP_STATUS_OK) {
        follow_first(stream, number);
    }
    if (status == NDUP_STATUS_OK) {
        note_story(stream, number);
    }
    return status;
}
