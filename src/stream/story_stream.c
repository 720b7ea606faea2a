/* SPDX-License-Identifier: MIT */
/* A document is written to the log before anything is made of it; what is made of it follows from
 * the documents alone, so that a state that was not saved is made again from the last one. */
#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/file.h"
#include "base/folder.h"
#include "base/require.h"
#include "report/url.h"
#include "story/copied_runs.h"
#include "stream/stream.h"

#define STATE_NAME "state"
#define LOCK_NAME "lock"

#define SHARE 0.5
#define WITHIN_DAYS 7
#define BAR 0.15
#define TTL_DAYS 30

/* The state is saved when so much was written to the log since, or half of its own size. */
#define SAVED_BYTES ((uint64_t)16 << 20)

const char *ndup_dating_name(ndup_dating dating)
{
    static const char *const names[] = {"read", "late", "old", "ahead", "future", "none"};
    return (unsigned)dating < sizeof names / sizeof *names ? names[dating] : NULL;
}

void ndup_story_stream_options_init(ndup_story_stream_options *options)
{
    if (options != NULL) {
        *options = (ndup_story_stream_options){.struct_size = sizeof *options};
    }
}

const ndup_story_stream_options *ndup_story_stream_get_options(const ndup_story_stream *stream)
{
    return stream != NULL ? &stream->options : NULL;
}

static ndup_status check_options(const ndup_story_stream_options *options, ndup_error *error)
{
    ndup_status status =
        ndup__require_size(options->struct_size, sizeof *options, "stream options", error);
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    if (!(options->share >= 0 && options->share <= 1) || !(options->bar >= 0 && options->bar < 1)) {
        return ndup__fail(error, NDUP_STATUS_INVALID,
                          "share %g and bar %g, must be between 0 and 1", options->share,
                          options->bar);
    }
    if (!(options->within_days >= 0 && options->within_days <= 1e6) ||
        !(options->ttl_days >= 0 && options->ttl_days <= 1e6)) {
        return ndup__fail(error, NDUP_STATUS_INVALID,
                          "%g days within which stories lie and %g to live, must be 0 to 1000000",
                          options->within_days, options->ttl_days);
    }
    return NDUP_STATUS_OK;
}

static void fill_options(ndup_story_stream_options *options)
{
    options->share = options->share > 0 ? options->share : SHARE;
    options->within_days = options->within_days > 0 ? options->within_days : WITHIN_DAYS;
    options->bar = options->bar > 0 ? options->bar : BAR;
    if (options->ttl_days <= 0) {
        options->ttl_days = options->within_days > TTL_DAYS ? options->within_days : TTL_DAYS;
    }
}

/* A folder that is to become a state must be empty but for the lock. */
static ndup_status check_empty(const ndup_story_stream *stream, ndup_error *error)
{
    ndup__arena arena = {.allocator = stream->allocator};
    char **names;
    size_t count;
    ndup_status status = ndup__folder_list(&names, &count, stream->folder, &arena, error);
    for (size_t i = 0; i < count && status == NDUP_STATUS_OK; i++) {
        bool is_own = strcmp(names[i], LOCK_NAME) == 0 || names[i][0] == '.' ||
                      strncmp(names[i], "records-", 8) == 0;
        if (!is_own) {
            status = ndup__fail(error, NDUP_STATUS_INVALID,
                                "%s: holds no state of a stream, but other things", stream->folder);
        }
    }
    ndup__arena_deinit(&arena);
    return status;
}

static ndup_status begin_state(ndup_story_stream *stream, ndup_error *error)
{
    fill_options(&stream->options);
    if (stream->options.ttl_days < stream->options.within_days) {
        return ndup__fail(error, NDUP_STATUS_INVALID,
                          "%g days to live, must be at least the %g that stories lie within",
                          stream->options.ttl_days, stream->options.within_days);
    }
    ndup_status status = check_empty(stream, error);
    return status == NDUP_STATUS_OK ? ndup__story_stream_make_parts(stream, error) : status;
}

static ndup_status lock_folder(ndup_story_stream *stream, ndup_error *error)
{
    char path[NDUP__STREAM_PATH_BYTES];
    int descriptor;
    int length = snprintf(path, sizeof path, "%s/" LOCK_NAME, stream->folder);
    if (length < 0 || (size_t)length >= sizeof path) {
        return ndup__fail(error, NDUP_STATUS_INVALID, "the path of the state is too long");
    }
    ndup_status status = ndup__file_open_kept(&descriptor, path, error);
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    ndup__file_close_quietly(descriptor);
    return ndup__file_hold_left(&stream->lock, path)
               ? NDUP_STATUS_OK
               : ndup__fail(error, NDUP_STATUS_LIMIT, "%s: another process has it open",
                            stream->folder);
}

/* Takes what was written to the log behind the saved state. */
static ndup_status take_rest(ndup_story_stream *stream, ndup_error *error)
{
    uint64_t place = stream->saved;
    ndup_status status = NDUP_STATUS_OK;
    while (place < ndup__log_end(&stream->log) && status == NDUP_STATUS_OK) {
        ndup__stream_record record;
        uint64_t next;
        bool is_torn;
        status = ndup__log_is_torn(&stream->log, &is_torn, place, error);
        if (status == NDUP_STATUS_OK && is_torn) {
            return ndup__log_cut(&stream->log, place, error);
        }
        if (status == NDUP_STATUS_OK) {
            status = ndup__log_read(&stream->log, &record, &next, place, &stream->read_room, error);
        }
        if (status == NDUP_STATUS_OK) {
            status = ndup__story_stream_take(stream, &record, place, error);
            place = next;
        }
    }
    return status;
}

static ndup_status open_parts(ndup_story_stream *stream, ndup_error *error)
{
    ndup__file_info info;
    bool is_new = ndup__file_get_info(&info, stream->state_path, NULL) == NDUP_STATUS_NOT_FOUND;
    ndup_status status =
        is_new ? begin_state(stream, error) : ndup__story_stream_load(stream, error);
    if (status == NDUP_STATUS_OK) {
        uint64_t place = stream->oldest < stream->count
                             ? ndup__story_stream_document_at(stream, stream->oldest)->place
                             : stream->saved;
        stream->log_is_open = true;
        status = ndup__log_open(&stream->log, stream->folder, place, stream->allocator, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = take_rest(stream, error);
    }
    return status == NDUP_STATUS_OK && is_new ? ndup__story_stream_save(stream, error) : status;
}

static void init(ndup_story_stream *stream, const ndup_story_stream_options *options)
{
    const ndup_allocator *allocator = ndup__allocator(options->allocator);
    stream->allocator = allocator;
    stream->options = *options;
    stream->lock = -1;
    stream->ids.allocator = allocator;
    stream->counts.allocator = allocator;
    stream->phrases.allocator = allocator;
    stream->finder.allocator = allocator;
    stream->chooser.allocator = allocator;
    stream->chooser.asks_all = true;
    stream->pair_maker.tokens.allocator = allocator;
    stream->strings.allocator = allocator;
    ndup__likeness_init(&stream->likeness, allocator);
}

static void free_stream(ndup_story_stream *stream)
{
    const ndup_allocator *allocator = stream->allocator;
    if (stream->log_is_open) {
        ndup__log_close(&stream->log);
    }
    ndup__free(allocator, &stream->documents, stream->capacity, sizeof *stream->documents);
    ndup__free(allocator, &stream->rows, stream->row_capacity, 1);
    ndup__term_index_deinit(&stream->ids);
    ndup__near_deinit(&stream->near, allocator);
    ndup__runs_deinit(&stream->runs, allocator);
    if (stream->stories.allocator != NULL) {
        ndup__stories_deinit(&stream->stories);
    }
    ndup__term_counts_deinit(&stream->counts);
    ndup__set_phrases_deinit(&stream->phrases);
    ndup__term_finder_deinit(&stream->finder);
    ndup__term_chooser_deinit(&stream->chooser);
    ndup__pair_maker_deinit(&stream->pair_maker);
    ndup__word_pairs_deinit(&stream->own_pairs, allocator);
    ndup__word_pairs_deinit(&stream->other_pairs, allocator);
    ndup__likeness_deinit(&stream->likeness);
    ndup__record_room_deinit(&stream->other_room, allocator);
    ndup__record_room_deinit(&stream->read_room, allocator);
    ndup__free(allocator, &stream->moves, stream->move_capacity, sizeof *stream->moves);
    ndup__arena_deinit(&stream->strings);
    if (stream->lock >= 0) {
        ndup__file_close_quietly(stream->lock);
    }
    ndup__free(allocator, &stream, 1, sizeof *stream);
}

static ndup_status open_folder(ndup_story_stream *stream, const char *path, ndup_error *error)
{
    int length = snprintf(stream->folder, sizeof stream->folder, "%s", path);
    int state = snprintf(stream->state_path, sizeof stream->state_path, "%s/" STATE_NAME, path);
    if (length <= 0 || state < 0 || (size_t)state >= sizeof stream->state_path) {
        return ndup__fail(error, NDUP_STATUS_INVALID, "the path of the state is empty or too long");
    }
    ndup_status status = ndup__folder_make(path, error);
    if (status == NDUP_STATUS_OK) {
        status = lock_folder(stream, error);
    }
    if (status == NDUP_STATUS_OK) {
        ndup__folder_tidy(path);
        status = open_parts(stream, error);
    }
    return status;
}

ndup_status ndup_story_stream_open(ndup_story_stream **out, const char *path,
                                   const ndup_story_stream_options *options, ndup_error *error)
{
    ndup_story_stream *stream = NULL;
    ndup_status status = NDUP__REQUIRE(error, "stream", out, "path", path, "options", options);
    if (status == NDUP_STATUS_OK) {
        *out = NULL;
        status = check_options(options, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = ndup__allocate_zeroed(ndup__allocator(options->allocator), &stream, 1,
                                       sizeof *stream, error);
    }
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    init(stream, options);
    status = open_folder(stream, path, error);
    if (status != NDUP_STATUS_OK) {
        free_stream(stream);
        return status;
    }
    *out = stream;
    return NDUP_STATUS_OK;
}

/* The document that came with the same id and words, if it is not forgotten. */
static bool find_again(uint32_t *number, const ndup_story_stream *stream,
                       const ndup__stream_record *record)
{
    uint64_t id = ndup__hash_bytes(record->id.bytes, record->id.length, 0);
    uint64_t text = ndup__record_hash(record);
    uint32_t at = ndup__term_index_newest(&stream->ids, (uint32_t)id);
    for (; at != NDUP__NO_POSTING; at = ndup__term_index_older(&stream->ids, at)) {
        *number = ndup__term_index_text(&stream->ids, at);
        const ndup__stream_document *known = ndup__story_stream_document_at(stream, *number);
        if (known->id_hash == id && known->text_hash == text) {
            return true;
        }
    }
    return false;
}

static ndup_status copy_id(ndup_story_stream *stream, ndup_text *id, uint32_t number,
                           ndup_error *error)
{
    ndup__stream_record record;
    char *copied = NULL;
    *id = (ndup_text){"", 0};
    if (number < stream->oldest) { /* of what is forgotten nothing is told */
        return NDUP_STATUS_OK;
    }
    ndup_status status =
        ndup__story_stream_read(stream, &record, number, &stream->read_room, error);
    if (status == NDUP_STATUS_OK) {
        status =
            ndup__arena_copy(&stream->strings, &copied, record.id.bytes, record.id.length, error);
    }
    *id = (ndup_text){copied, status == NDUP_STATUS_OK ? record.id.length : 0};
    return status;
}

/* What the last document did to others. */
static ndup_status tell_moves(ndup_story_stream *stream, ndup_story_answer *answer,
                              ndup_error *error)
{
    const ndup__stories *stories = &stream->stories;
    ndup_status status = ndup__reserve(stream->allocator, &stream->moves, &stream->move_capacity,
                                       stories->move_count, sizeof *stream->moves, error);
    for (size_t i = 0; i < stories->move_count && status == NDUP_STATUS_OK; i++) {
        const ndup__story_move *move = &stories->moves[i];
        stream->moves[i].from = move->from;
        stream->moves[i].to = ndup__stories_group_of(stories, move->text);
        status = copy_id(stream, &stream->moves[i].id,
                         ndup__stories_text(stories, move->text)->document, error);
    }
    answer->moves = stream->moves;
    answer->move_count = status == NDUP_STATUS_OK ? stories->move_count : 0;
    return status;
}

static ndup_status tell(ndup_story_stream *stream, ndup_story_answer *answer, uint32_t number,
                        const ndup__stream_record *record, ndup_error *error)
{
    const ndup__stream_document *document = ndup__story_stream_document_at(stream, number);
    const ndup__copy *copy = &document->copy;
    ndup__arena_reset(&stream->strings);
    *answer = (ndup_story_answer){.id = record->id,
                                  .source = record->source,
                                  .document = number,
                                  .joins = document->joins,
                                  .story = document->story_then,
                                  .copy_group = copy->first,
                                  .role = copy->role,
                                  .of = {"", 0},
                                  .share = (double)copy->share,
                                  .of_share = (double)copy->of_share,
                                  .similarity = (double)copy->similarity,
                                  .dating = (ndup_dating)document->dating};
    ndup_status status = NDUP_STATUS_OK;
    if (copy->of != number) {
        status = copy_id(stream, &answer->of, copy->of, error);
    }
    return status == NDUP_STATUS_OK && number + 1 == stream->count
               ? tell_moves(stream, answer, error)
               : status;
}

static ndup_status save_if_due(ndup_story_stream *stream, ndup_error *error)
{
    uint64_t since = ndup__log_end(&stream->log) - stream->saved;
    return since >= SAVED_BYTES && since >= stream->state_bytes / 2
               ? ndup__story_stream_save(stream, error)
               : NDUP_STATUS_OK;
}

static ndup__stream_record record_of(const ndup_document *document)
{
    ndup__stream_record record = {
        .id = document->id,
        .source = document->source.length > 0 ? document->source : ndup__url_host(document->url),
        .title = document->title,
        .date = document->date,
        .text = document->text};
    record.is_dated = ndup_date_parse(&record.milliseconds, document->date);
    record.is_future =
        record.is_dated && record.milliseconds > ndup__clock_today() + NDUP__AHEAD_MILLISECONDS;
    record.milliseconds = record.is_dated ? record.milliseconds : 0;
    return record;
}

ndup_status ndup_story_stream_add(ndup_story_stream *stream, ndup_story_answer *answer,
                                  const ndup_document *document, ndup_error *error)
{
    uint32_t number = 0;
    uint64_t place;
    ndup_status status =
        NDUP__REQUIRE(error, "stream", stream, "answer", answer, "document", document);
    if (status == NDUP_STATUS_OK && stream->has_failed) {
        status = ndup__fail(error, NDUP_STATUS_INVALID, "the stream has failed, open it anew");
    }
    if (status == NDUP_STATUS_OK && document->id.length == 0) {
        status = ndup__fail(error, NDUP_STATUS_INVALID, "the document has no id");
    }
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    const ndup__stream_record record = record_of(document);
    bool is_again = find_again(&number, stream, &record);
    if (!is_again) {
        status = save_if_due(stream, error);
        if (status == NDUP_STATUS_OK) {
            status = ndup__log_add(&stream->log, &place, &record, error);
        }
        if (status == NDUP_STATUS_OK) {
            status = ndup__story_stream_take(stream, &record, place, error);
            number = stream->count - 1;
        }
    }
    if (status == NDUP_STATUS_OK) {
        status = tell(stream, answer, number, &record, error);
        answer->is_again = is_again;
    }
    stream->has_failed |= status != NDUP_STATUS_OK;
    return status;
}

ndup_status ndup_story_stream_close(ndup_story_stream *stream, ndup_error *error)
{
    ndup_status status = NDUP_STATUS_OK;
    if (stream == NULL) {
        return status;
    }
    if (!stream->has_failed && ndup__log_end(&stream->log) != stream->saved) {
        status = ndup__story_stream_save(stream, error);
    }
    free_stream(stream);
    return status;
}
