/* SPDX-License-Identifier: MIT */
/* Arrays are written as they stand in memory, from the first document that is not forgotten on;
 * what follows from others is made again. Reading goes through the same list as writing, so that
 * both agree. */
#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "stream/state_file.h"
#include "stream/stream.h"

/* What a state is made with. */
typedef struct parameters {
    double share, within_days, bar, ttl_days;
    uint64_t seed;
    uint64_t document_bytes, row_bytes; /* of this program */
} parameters;

/* All that is a number. */
typedef struct numbers {
    uint64_t place; /* in the log, up to which the state goes */
    uint64_t tokens, counted_texts, word_cells, pair_cells, phrase_cells;
    int64_t first_day, clock, ahead;
    uint64_t has_clock, has_ahead;
    uint64_t count, oldest;
    uint64_t text_count, text_forgotten, group_count, group_base;
    uint64_t text_oldest;
} numbers;

/* A text as it is saved. */
typedef struct saved_text {
    int64_t milliseconds;
    uint32_t is_dated, form, document, weighed, renewed, group, terms, unused;
} saved_text;

static parameters parameters_of(const ndup_story_stream *stream)
{
    const ndup_story_stream_options *options = &stream->options;
    return (parameters){options->share,        options->within_days, options->bar,
                        options->ttl_days,     options->seed,        sizeof(ndup__stream_document),
                        stream->near.row_bytes};
}

static numbers numbers_of(const ndup_story_stream *stream)
{
    const ndup__stories *stories = &stream->stories;
    return (numbers){.place = ndup__log_end(&stream->log),
                     .tokens = stream->tokens,
                     .counted_texts = stream->counts.texts,
                     .word_cells = stream->counts.word_cells,
                     .pair_cells = stream->counts.pair_cells,
                     .phrase_cells = stream->phrases.cell_count,
                     .first_day = stream->phrases.first_day,
                     .clock = stream->clock,
                     .ahead = stream->ahead,
                     .has_clock = stream->has_clock,
                     .has_ahead = stream->has_ahead,
                     .count = stream->count,
                     .oldest = stream->oldest,
                     .text_count = stories->count,
                     .text_forgotten = stories->forgotten,
                     .group_count = stories->group_count,
                     .group_base = stories->group_base,
                     .text_oldest = stories->oldest};
}

/* An index of terms, whose places begin at 0 again. */
static ndup_status put_index(ndup__state_writer *writer, const ndup__term_index *index,
                             ndup_error *error)
{
    const uint64_t heads[4] = {index->base, index->oldest, index->posting_count, index->term_count};
    ndup_status status = ndup__state_put(writer, heads, 4, sizeof *heads, error);
    if (status == NDUP_STATUS_OK) {
        status = ndup__state_put(writer, index->postings, index->posting_count - index->base,
                                 sizeof *index->postings, error);
    }
    if (status == NDUP_STATUS_OK) {
        status =
            ndup__state_put(writer, index->terms, index->slot_count, sizeof *index->terms, error);
    }
    return status == NDUP_STATUS_OK ? ndup__state_put(writer, index->heads, index->slot_count,
                                                      sizeof *index->heads, error)
                                    : status;
}

static ndup_status get_index(ndup__state_reader *reader, ndup__term_index *index, ndup_error *error)
{
    uint64_t heads[4];
    size_t slots = 0;
    ndup_status status = ndup__state_fill(reader, heads, 4, sizeof *heads, error);
    if (status == NDUP_STATUS_OK) {
        status = ndup__state_get(reader, &index->postings, &index->posting_capacity,
                                 sizeof *index->postings, error);
    }
    if (status == NDUP_STATUS_OK) {
        status =
            ndup__state_get(reader, &index->terms, &index->slot_count, sizeof *index->terms, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = ndup__state_get(reader, &index->heads, &slots, sizeof *index->heads, error);
    }
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    index->base = (size_t)heads[0];
    index->oldest = (size_t)heads[1];
    index->posting_count = (size_t)heads[2];
    index->term_count = (size_t)heads[3];
    return slots == index->slot_count && heads[2] - heads[0] == index->posting_capacity
               ? NDUP_STATUS_OK
               : ndup__fail(error, NDUP_STATUS_CORRUPT, "%s: sections do not fit together",
                            reader->path);
}

typedef ndup_status index_step(void *file, ndup__term_index *index, ndup_error *error);

static ndup_status each_index(ndup_story_stream *stream, index_step *step, void *file,
                              ndup_error *error)
{
    ndup__term_index *const all[] = {&stream->ids, &stream->near.classes, &stream->near.by_band,
                                     &stream->runs.index, &stream->stories.index};
    ndup_status status = NDUP_STATUS_OK;
    for (size_t i = 0; i < sizeof all / sizeof *all && status == NDUP_STATUS_OK; i++) {
        status = step(file, all[i], error);
    }
    return status;
}

static ndup_status put_step(void *file, ndup__term_index *index, ndup_error *error)
{
    return put_index(file, index, error);
}

static ndup_status get_step(void *file, ndup__term_index *index, ndup_error *error)
{
    return get_index(file, index, error);
}

static ndup_status put_text(ndup__state_writer *writer, const ndup__stories *stories, uint32_t text,
                            ndup_error *error)
{
    const ndup__story_text *known = ndup__stories_text(stories, text);
    const saved_text saved = {.milliseconds = known->milliseconds,
                              .is_dated = known->is_dated,
                              .form = known->form,
                              .document = known->document,
                              .weighed = known->weighed,
                              .renewed = known->renewed,
                              .group = ndup__stories_group_of(stories, text),
                              .terms = known->vector.count};
    ndup_status status = ndup__state_put(writer, &saved, 1, sizeof saved, error);
    return status == NDUP_STATUS_OK
               ? ndup__state_put(writer, known->vector.terms, known->vector.count,
                                 sizeof *known->vector.terms, error)
               : status;
}

static ndup_status put_texts(ndup__state_writer *writer, const ndup__stories *stories,
                             ndup_error *error)
{
    ndup_status status = NDUP_STATUS_OK;
    for (size_t i = stories->forgotten; i < stories->count && status == NDUP_STATUS_OK; i++) {
        status = put_text(writer, stories, (uint32_t)i, error);
    }
    return status;
}

static ndup_status get_text(ndup__state_reader *reader, ndup__stories *stories, ndup_error *error)
{
    saved_text saved;
    size_t terms = 0;
    ndup__story_text text = {.form = NDUP__NO_FORM};
    ndup_status status = ndup__state_fill(reader, &saved, 1, sizeof saved, error);
    if (status == NDUP_STATUS_OK) {
        status =
            ndup__state_get(reader, &text.vector.terms, &terms, sizeof *text.vector.terms, error);
        text.vector.count = (uint32_t)terms;
    }
    if (status == NDUP_STATUS_OK &&
        (saved.group < stories->group_base || saved.group >= stories->group_count)) {
        status = ndup__fail(error, NDUP_STATUS_CORRUPT, "%s: a text of no story", reader->path);
    }
    if (status == NDUP_STATUS_OK) {
        text.milliseconds = saved.milliseconds;
        text.is_dated = saved.is_dated != 0;
        text.form = saved.form;
        text.document = saved.document;
        text.weighed = saved.weighed;
        text.renewed = saved.renewed;
        status = ndup__stories_restore(stories, &text, saved.group, error);
    }
    ndup__term_vector_free(&text.vector, reader->allocator);
    return status;
}

static ndup_status put_documents(ndup__state_writer *writer, const ndup_story_stream *stream,
                                 ndup_error *error)
{
    size_t count = stream->count - stream->oldest;
    size_t forgotten = stream->oldest - stream->base;
    size_t row = stream->near.row_bytes;
    ndup_status status = NDUP_STATUS_OK;
    status = ndup__state_put(writer, count > 0 ? stream->documents + forgotten : NULL, count,
                             sizeof *stream->documents, error);
    return status == NDUP_STATUS_OK
               ? ndup__state_put(writer, count > 0 ? stream->rows + forgotten * row : NULL,
                                 count * row, 1, error)
               : status;
}

static ndup_status put_counts(ndup__state_writer *writer, const ndup_story_stream *stream,
                              ndup_error *error)
{
    const ndup__term_counts *counts = &stream->counts;
    ndup_status status = ndup__state_put(writer, counts->words, 2 * counts->word_cells,
                                         sizeof *counts->words, error);
    if (status == NDUP_STATUS_OK) {
        status = ndup__state_put(writer, counts->pairs, 2 * counts->pair_cells,
                                 sizeof *counts->pairs, error);
    }
    return status == NDUP_STATUS_OK
               ? ndup__state_put(writer, stream->phrases.cells, stream->phrases.cell_count,
                                 sizeof *stream->phrases.cells, error)
               : status;
}

/* What the last answer said of others, which a document that comes again is told, too. */
static ndup_status put_moves(ndup__state_writer *writer, const ndup__stories *stories,
                             ndup_error *error)
{
    return ndup__state_put(writer, stories->moves, stories->move_count, sizeof *stories->moves,
                           error);
}

static ndup_status put_all(ndup__state_writer *writer, ndup_story_stream *stream, ndup_error *error)
{
    const parameters made = parameters_of(stream);
    const numbers now = numbers_of(stream);
    ndup_status status = ndup__state_put(writer, &made, 1, sizeof made, error);
    if (status == NDUP_STATUS_OK) {
        status = ndup__state_put(writer, &now, 1, sizeof now, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = put_documents(writer, stream, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = each_index(stream, put_step, writer, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = put_counts(writer, stream, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = put_texts(writer, &stream->stories, error);
    }
    return status == NDUP_STATUS_OK ? put_moves(writer, &stream->stories, error) : status;
}

ndup_status ndup__story_stream_save(ndup_story_stream *stream, ndup_error *error)
{
    ndup__state_writer writer = {.allocator = stream->allocator};
    ndup_status status = ndup__log_sync(&stream->log, error); /* the state goes no further */
    if (status == NDUP_STATUS_OK) {
        status = ndup__state_begin(&writer, stream->state_path, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = put_all(&writer, stream, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = ndup__state_commit(&writer, error);
    }
    ndup__state_end(&writer);
    if (status == NDUP_STATUS_OK) {
        uint64_t end = ndup__log_end(&stream->log);
        stream->saved = end;
        stream->state_bytes = writer.bytes;
        ndup__log_drop(&stream->log,
                       stream->oldest < stream->count
                           ? ndup__story_stream_document_at(stream, stream->oldest)->place
                           : end);
    }
    return status;
}

/* Options that are 0 are those of the state; others must be. */
static ndup_status take_option(double *option, double made, const char *name, const char *path,
                               ndup_error *error)
{
    if (*option > 0 && *option != made) {
        return ndup__fail(error, NDUP_STATUS_INVALID,
                          "%s: its state was made with %s %g, asked for is %g", path, name, made,
                          *option);
    }
    *option = made;
    return NDUP_STATUS_OK;
}

static ndup_status take_parameters(ndup_story_stream *stream, const parameters *made,
                                   ndup_error *error)
{
    ndup_story_stream_options *options = &stream->options;
    struct {
        double *option;
        double made;
        const char *name;
    } all[] = {{&options->share, made->share, "share"},
               {&options->within_days, made->within_days, "within"},
               {&options->bar, made->bar, "bar"},
               {&options->ttl_days, made->ttl_days, "ttl"}};
    ndup_status status = NDUP_STATUS_OK;
    for (size_t i = 0; i < sizeof all / sizeof *all && status == NDUP_STATUS_OK; i++) {
        status = take_option(all[i].option, all[i].made, all[i].name, stream->folder, error);
    }
    if (status == NDUP_STATUS_OK && options->seed != 0 && options->seed != made->seed) {
        status = ndup__fail(error, NDUP_STATUS_INVALID, "%s: its state was made with another seed",
                            stream->folder);
    }
    if (status == NDUP_STATUS_OK && made->document_bytes != sizeof(ndup__stream_document)) {
        status = ndup__fail(error, NDUP_STATUS_VERSION, "%s: of another build of this program",
                            stream->folder);
    }
    options->seed = made->seed;
    return status;
}

static void take_numbers(ndup_story_stream *stream, const numbers *saved)
{
    ndup__stories *stories = &stream->stories;
    stream->saved = saved->place;
    stream->tokens = saved->tokens;
    stream->clock = saved->clock;
    stream->ahead = saved->ahead;
    stream->has_clock = saved->has_clock != 0;
    stream->has_ahead = saved->has_ahead != 0;
    stream->count = (uint32_t)saved->count;
    stream->base = stream->oldest = (uint32_t)saved->oldest;
    stories->count = stories->base = stories->forgotten = (size_t)saved->text_forgotten;
    stories->oldest = (uint32_t)saved->text_oldest;
}

static ndup_status get_documents(ndup__state_reader *reader, ndup_story_stream *stream,
                                 ndup_error *error)
{
    ndup_status status = ndup__state_get(reader, &stream->documents, &stream->capacity,
                                         sizeof *stream->documents, error);
    if (status == NDUP_STATUS_OK) {
        status = ndup__state_get(reader, &stream->rows, &stream->row_capacity, 1, error);
    }
    return status == NDUP_STATUS_OK && stream->capacity != stream->count - stream->oldest
               ? ndup__fail(error, NDUP_STATUS_CORRUPT, "%s: not all documents are there",
                            reader->path)
               : status;
}

static ndup_status get_counts(ndup__state_reader *reader, ndup_story_stream *stream,
                              const numbers *saved, ndup_error *error)
{
    ndup__term_counts *counts = &stream->counts;
    size_t words = 0;
    size_t pairs = 0;
    ndup__term_counts_deinit(counts);
    ndup__set_phrases_deinit(&stream->phrases);
    ndup_status status =
        ndup__state_get(reader, &counts->words, &words, sizeof *counts->words, error);
    counts->word_cells = words / 2;
    if (status == NDUP_STATUS_OK) {
        status = ndup__state_get(reader, &counts->pairs, &pairs, sizeof *counts->pairs, error);
        counts->pair_cells = pairs / 2;
    }
    if (status == NDUP_STATUS_OK) {
        status = ndup__state_get(reader, &stream->phrases.cells, &stream->phrases.cell_count,
                                 sizeof *stream->phrases.cells, error);
    }
    counts->texts = saved->counted_texts;
    stream->phrases.first_day = saved->first_day;
    return status == NDUP_STATUS_OK && (counts->word_cells != saved->word_cells ||
                                        counts->pair_cells != saved->pair_cells ||
                                        stream->phrases.cell_count != saved->phrase_cells)
               ? ndup__fail(error, NDUP_STATUS_CORRUPT, "%s: counters are missing", reader->path)
               : status;
}

static ndup_status get_stories(ndup__state_reader *reader, ndup__stories *stories,
                               const numbers *saved, ndup_error *error)
{
    size_t groups = (size_t)(saved->group_count - saved->group_base);
    ndup_status status = ndup__allocate_zeroed(reader->allocator, &stories->groups, groups + 1,
                                               sizeof *stories->groups, error);
    if (status == NDUP_STATUS_OK) {
        stories->group_capacity = groups + 1;
        stories->group_count = (size_t)saved->group_count;
        stories->group_base = (size_t)saved->group_base;
    }
    while (stories->count < saved->text_count && status == NDUP_STATUS_OK) {
        status = get_text(reader, stories, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = ndup__state_get(reader, &stories->moves, &stories->move_capacity,
                                 sizeof *stories->moves, error);
        stories->move_count = stories->move_capacity;
    }
    return status;
}

static ndup_status get_all(ndup__state_reader *reader, ndup_story_stream *stream, ndup_error *error)
{
    numbers saved;
    ndup_status status = ndup__state_fill(reader, &saved, 1, sizeof saved, error);
    if (status == NDUP_STATUS_OK) {
        take_numbers(stream, &saved);
        status = get_documents(reader, stream, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = each_index(stream, get_step, reader, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = get_counts(reader, stream, &saved, error);
    }
    return status == NDUP_STATUS_OK ? get_stories(reader, &stream->stories, &saved, error) : status;
}

/* The parameters say how the rest of the stream is made. */
ndup_status ndup__story_stream_load(ndup_story_stream *stream, ndup_error *error)
{
    ndup__state_reader reader;
    parameters made;
    ndup_status status = ndup__state_open(&reader, stream->state_path, stream->allocator, error);
    if (status == NDUP_STATUS_OK) {
        status = ndup__state_fill(&reader, &made, 1, sizeof made, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = take_parameters(stream, &made, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = ndup__story_stream_make_parts(stream, error);
    }
    if (status == NDUP_STATUS_OK && made.row_bytes != stream->near.row_bytes) {
        status = ndup__fail(error, NDUP_STATUS_VERSION, "%s: sketches of another version",
                            stream->folder);
    }
    if (status == NDUP_STATUS_OK) {
        status = get_all(&reader, stream, error);
        stream->state_bytes = reader.size;
    }
    ndup__state_close(&reader);
    return status;
}
