/* SPDX-License-Identifier: MIT */
/* Documents of a stream: their records, and how two of them stand to each other. */
#include "base/hash.h"
#include "stream/stream.h"

ndup_status ndup__story_stream_read(ndup_story_stream *stream, ndup__stream_record *record,
                                    uint32_t number, ndup__record_room *room, ndup_error *error)
{
    uint64_t next;
    return ndup__log_read(&stream->log, record, &next,
                          ndup__story_stream_document_at(stream, number)->place, room, error);
}

static uint64_t hash_text(ndup_text text)
{
    return ndup__hash_bytes(text.bytes, text.length, 0);
}

uint64_t ndup__record_hash(const ndup__stream_record *record)
{
    return hash_text(record->text) ^ ndup__mix64(hash_text(record->title) + 1) ^
           ndup__mix64(hash_text(record->date) + 2);
}

bool ndup__story_stream_updates(const ndup_story_stream *stream, uint32_t number, uint32_t other)
{
    const ndup__stream_document *own = ndup__story_stream_document_at(stream, number);
    const ndup__stream_document *first = ndup__story_stream_document_at(stream, other);
    return own->source != 0 && own->source == first->source && own->is_dated && first->is_dated &&
           own->milliseconds > first->milliseconds;
}
