/* SPDX-License-Identifier: MIT */
/* An open stream: what its parts share. */
#ifndef NDUP__STREAM_STREAM_H
#define NDUP__STREAM_STREAM_H

#include "dedup/matcher.h"
#include "dedup/text_sketch.h"
#include "neardup/group.h"
#include "passage/chain.h"
#include "story/copies.h"
#include "story/likeness.h"
#include "story/stories.h"
#include "story/word_pairs.h"
#include "stream/record_log.h"
#include "stream/text_set.h"

#define NDUP__NO_DOCUMENT UINT32_MAX

/* What is known of a document that is not forgotten. It is saved as it stands here. */
typedef struct ndup__stream_document {
    uint64_t place; /* of its record */
    uint64_t id_hash;
    uint64_t text_hash;
    uint64_t class_hash[2];
    uint64_t source; /* a hash; 0 = none */
    int64_t milliseconds;
    int64_t came;           /* the clock when it came */
    uint32_t tokens;        /* as passages count them */
    uint32_t grams;         /* its fingerprints */
    uint32_t survivor;      /* of which it is a near copy; itself: it is kept */
    uint32_t newest, older; /* near copies of it; the one before it of the same survivor */
    uint32_t form;          /* the first document of its form, or NDUP__NO_DOCUMENT */
    uint32_t text;          /* among those of stories; of a copy the next one's */
    uint32_t story_then;    /* that it was answered with */
    float near_share, near_of_share, near_similarity; /* with its survivor */
    ndup__copy found;                                 /* by near copies and shared runs */
    ndup__copy copy;                                  /* by damage, too */
    uint8_t is_dated, is_text, joins, dating;
    uint32_t unused; /* so that all bytes are told */
} ndup__stream_document;

/* Near copies, found as a run of dedup finds them. */
typedef struct ndup__near_copies {
    ndup_dedup_options options;
    ndup__shingling shingling;
    ndup_sketcher *sketcher;
    ndup_bands bands;
    size_t row_bytes;
    uint16_t *agreement_least; /* [slots + 1] by the slots that share a band */
    ndup__text_sketch sketch;
    ndup__stopwatch watch; /* does not run */
    uint32_t *keys;        /* [bands] of the document asked about */
    ndup__term_index classes, by_band;
    ndup__frequencies frequencies;
    ndup__matcher matcher;
    ndup__text_set asked, other;
    struct ndup__near_candidate *candidates;
    size_t count, capacity;
} ndup__near_copies;

/* Runs of words that documents share. */
typedef struct ndup__shared_runs {
    ndup__winnow winnow;
    ndup__passage_text own, other;
    ndup__gram *grams; /* [count] of the document asked about, by hash */
    size_t count, capacity;
    ndup__term_index index;
    uint32_t *hits; /* [hit_count] a document each */
    size_t hit_count, hit_capacity;
    ndup__meeting *meetings;
    size_t meeting_capacity;
    ndup__chainer chainer;
    ndup__stored_passage *passages;
    uint32_t *order;
    size_t passage_capacity, order_capacity;
} ndup__shared_runs;

struct ndup_story_stream {
    const ndup_allocator *allocator;
    ndup_story_stream_options options; /* without zeros */
    char folder[NDUP__STREAM_PATH_BYTES];
    char state_path[NDUP__STREAM_PATH_BYTES];
    int lock;
    ndup__record_log log;
    bool log_is_open;
    bool has_failed;      /* what is in memory may be less than what is in the log */
    uint64_t saved;       /* place up to which the state file goes */
    uint64_t state_bytes; /* of that file */

    /* Numbers of documents and of texts count from the first ever. */
    ndup__stream_document *documents; /* [count - base] */
    uint8_t *rows;                    /* [count - base] sketches */
    uint32_t count, base;
    size_t capacity, row_capacity;
    uint32_t oldest; /* the first that is not forgotten */
    bool has_clock, has_ahead;
    int64_t clock; /* the latest date */
    int64_t ahead; /* a date far behind it, which a second one may confirm */

    ndup__term_index ids;
    ndup__near_copies near;
    ndup__shared_runs runs;
    ndup__stories stories;
    ndup__term_counts counts;
    uint64_t tokens; /* that were counted */
    ndup__set_phrases phrases;
    /* Weights that are given, and do not change: so a batch is compared with. NULL: its own. */
    const ndup__term_counts *given_counts;
    const ndup__set_phrases *given_phrases;
    ndup__term_finder finder;
    ndup__term_chooser chooser;
    ndup__pair_maker pair_maker;
    ndup__word_pairs own_pairs, other_pairs;
    ndup__likeness likeness;
    ndup__record_room other_room, read_room;

    ndup_story_move *moves; /* [move_count] of the last answer */
    size_t move_count, move_capacity;
    ndup__arena strings; /* of the last answer */
};

static inline ndup__stream_document *ndup__story_stream_document_at(const ndup_story_stream *stream,
                                                                    uint32_t number)
{
    return &stream->documents[number - stream->base];
}

/* The record of a document, in `room`. Errors: CORRUPT, IO, MEMORY. */
NDUP_NODISCARD ndup_status ndup__story_stream_read(ndup_story_stream *stream,
                                                   ndup__stream_record *record, uint32_t number,
                                                   ndup__record_room *room, ndup_error *error);

/* Whether a document updates one before it: it is of the same source, and later. */
bool ndup__story_stream_updates(const ndup_story_stream *stream, uint32_t number, uint32_t other);

/* near_copies.c: finds of what the last document is a near copy, and notes it for those that come.
 */
NDUP_NODISCARD ndup_status ndup__near_init(ndup__near_copies *near, uint64_t seed,
                                           const ndup_allocator *allocator, ndup_error *error);
void ndup__near_deinit(ndup__near_copies *near, const ndup_allocator *allocator);
NDUP_NODISCARD ndup_status ndup__near_find(ndup_story_stream *stream,
                                           const ndup__stream_record *record, ndup__copy *copy,
                                           ndup_error *error);

/* shared_runs.c: weighs the firsts that the last document shares runs with, and notes it. */
NDUP_NODISCARD ndup_status ndup__runs_init(ndup__shared_runs *runs, uint64_t seed,
                                           const ndup_allocator *allocator, ndup_error *error);
void ndup__runs_deinit(ndup__shared_runs *runs, const ndup_allocator *allocator);
NDUP_NODISCARD ndup_status ndup__runs_find(ndup_story_stream *stream,
                                           const ndup__stream_record *record,
                                           ndup__copy_choice *choice, ndup_error *error);

/* stream_stories.c: puts the last document, a first, into a story. */
NDUP_NODISCARD ndup_status ndup__story_stream_add_text(ndup_story_stream *stream,
                                                       const ndup__stream_record *record,
                                                       ndup_error *error);
/* Makes a text's vector anew, if it is due. */
NDUP_NODISCARD ndup_status ndup__story_stream_renew(void *context, uint32_t text,
                                                    ndup_error *error);

/* damaged_copies.c: looks whether the last document is a text of its story with damage. */
NDUP_NODISCARD ndup_status ndup__story_stream_find_damage(ndup_story_stream *stream,
                                                          const ndup__stream_record *record,
                                                          ndup_error *error);

/* Tells the words of records from those of others. */
uint64_t ndup__record_hash(const ndup__stream_record *record);

/* stream_parts.c: makes what needs the options. */
NDUP_NODISCARD ndup_status ndup__story_stream_make_parts(ndup_story_stream *stream,
                                                         ndup_error *error);

/* add_document.c: takes a record that stands in the log. */
NDUP_NODISCARD ndup_status ndup__story_stream_take(ndup_story_stream *stream,
                                                   const ndup__stream_record *record,
                                                   uint64_t place, ndup_error *error);

/* stream_state.c: writes the state, and reads it. */
NDUP_NODISCARD ndup_status ndup__story_stream_save(ndup_story_stream *stream, ndup_error *error);
NDUP_NODISCARD ndup_status ndup__story_stream_load(ndup_story_stream *stream, ndup_error *error);

#endif
