/* SPDX-License-Identifier: MIT */
/* What a stream is made of, but for its options and its log: empty at first. */
#include "stream/stream.h"

#define DAY_MILLISECONDS 86400000.0

/* Phrases of sources: 8 bytes each. */
#define PHRASES ((uint64_t)1 << 20)

ndup_status ndup__story_stream_make_parts(ndup_story_stream *stream, ndup_error *error)
{
    const ndup_allocator *allocator = stream->allocator;
    uint64_t seed = stream->options.seed;
    double within = stream->options.within_days;
    ndup_status status = ndup__near_init(&stream->near, seed, allocator, error);
    if (status == NDUP_STATUS_OK) {
        status = ndup__runs_init(&stream->runs, seed, allocator, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = ndup__stories_init(&stream->stories, stream->options.bar,
                                    (int64_t)(within * DAY_MILLISECONDS), NULL, allocator, error);
    }
    stream->stories.is_stream = stream->stories.has_undated = true;
    stream->stories.renew = ndup__story_stream_renew;
    stream->stories.renew_context = stream;
    stream->finder.seed = seed;
    if (status == NDUP_STATUS_OK) {
        status = ndup__term_counts_init(&stream->counts, 0, allocator, error);
    }
    return status == NDUP_STATUS_OK ? ndup__set_phrases_init(&stream->phrases, PHRASES,
                                                             NDUP__NO_DAY, within, allocator, error)
                                    : status;
}
