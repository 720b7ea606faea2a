/* SPDX-License-Identifier: MIT */
/* A class is told by a hash while documents are read; here the documents themselves are asked. */
#include "dedup/classes.h"

#include <string.h>

#include "base/alloc.h"
#include "base/pulse.h"
#include "dedup/sets.h"
#include "dedup/text_sketch.h"
#include "pipeline/progress.h"
#include "text/shingle.h"
#include "text/token_bytes.h"

#define GRAIN 64 /* comparisons; a multiple of 8, so that ranges share no byte of marks */

/* A document that was read again. */
typedef struct reading_room {
    ndup__block block;
    ndup__item item;
    ndup__tokens tokens;
    uint32_t document; /* or NDUP__NO_CLASS */
} reading_room;

/* Work space of one worker. */
typedef struct class_worker {
    reading_room first; /* of the class */
    reading_room other;
} class_worker;

typedef struct class_check {
    ndup__run *run;
    ndup__pulse pulse;
    class_worker *workers;
    uint64_t
        *others; /* [count] documents that are not the first of their class, behind it, sorted */
    size_t count;
    uint8_t *unlike; /* [(count + 7) / 8] bit per other */
} class_check;

static ndup_status read_again(reading_room *room, const ndup__run *run, uint32_t document,
                              ndup_error *error)
{
    if (room->document == document) {
        return NDUP_STATUS_OK;
    }
    room->document = NDUP__NO_CLASS;
    ndup_status status = ndup__run_fetch(run, &room->item, document, &room->block, error);
    if (status == NDUP_STATUS_OK) {
        room->document = document;
    }
    return status;
}

static bool same_bytes(ndup_text a, ndup_text b)
{
    return a.length == b.length && (a.length == 0 || memcmp(a.bytes, b.bytes, a.length) == 0);
}

/* A document's tokens on their way, slice by slice where the text is long. */
typedef struct token_walk {
    reading_room *room;
    const ndup__shingling *shingling;
    size_t at;         /* bytes of the text that were tokenised */
    const char *place; /* in the bytes of the slice's tokens */
    size_t left;       /* tokens of the slice from there on */
} token_walk;

static ndup_status next_slice(token_walk *walk, ndup_error *error)
{
    ndup__tokens *tokens = &walk->room->tokens;
    ndup_text text = walk->room->item.document.text;
    size_t end = ndup__takes_slices(walk->shingling, text.length) ? ndup__slice_end(text, walk->at)
                                                                  : text.length;
    ndup_status status = ndup__tokenize_bytes(tokens, walk->shingling->mode, text.bytes + walk->at,
                                              end - walk->at, error);
    walk->at = end;
    walk->place = tokens->bytes;
    walk->left = tokens->count;
    return status;
}

/* The next token, or NULL behind the last. */
static ndup_status next_token(const char **token, token_walk *walk, ndup_error *error)
{
    ndup_status status = NDUP_STATUS_OK;
    *token = NULL;
    while (status == NDUP_STATUS_OK && walk->left == 0 &&
           walk->at < walk->room->item.document.text.length) {
        status = next_slice(walk, error);
    }
    if (status == NDUP_STATUS_OK && walk->left > 0) {
        while (*walk->place == 0) {
            walk->place++;
        }
        *token = walk->place;
        walk->place += strlen(walk->place);
        walk->left--;
    }
    return status;
}

static ndup_status compare_tokens(bool *is_same, class_worker *worker,
                                  const ndup__shingling *shingling, ndup_error *error)
{
    token_walk walks[] = {{.room = &worker->first, .shingling = shingling},
                          {.room = &worker->other, .shingling = shingling}};
    const char *tokens[2];
    ndup_status status;
    do {
        status = next_token(&tokens[0], &walks[0], error);
        if (status == NDUP_STATUS_OK) {
            status = next_token(&tokens[1], &walks[1], error);
        }
        *is_same = status == NDUP_STATUS_OK && (tokens[0] == NULL) == (tokens[1] == NULL) &&
                   (tokens[0] == NULL || strcmp(tokens[0], tokens[1]) == 0);
    } while (*is_same && tokens[0] != NULL);
    return status;
}

static ndup_status compare_stored(bool *is_same, class_worker *worker, const ndup__run *run,
                                  ndup_error *error)
{
    ndup_text first, other;
    ndup_status status =
        ndup__corpus_stored(&first, run->corpus, &worker->first.block, &worker->first.item, error);
    if (status == NDUP_STATUS_OK) {
        status = ndup__corpus_stored(&other, run->corpus, &worker->other.block, &worker->other.item,
                                     error);
    }
    *is_same = status == NDUP_STATUS_OK && same_bytes(first, other);
    return status;
}

/* Whether a document is the same text as the first of its class. */
static ndup_status compare(bool *is_same, class_worker *worker, const ndup__run *run,
                           uint32_t document, ndup_error *error)
{
    const ndup__table *table = &run->table;
    uint32_t first = table->class_documents[table->classes[document]];
    ndup_status status = read_again(&worker->first, run, first, error);
    if (status == NDUP_STATUS_OK) {
        status = read_again(&worker->other, run, document, error);
    }
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    if (ndup__table_reading(table, document) != NDUP_READING_WORDS) {
        return compare_stored(is_same, worker, run, error);
    }
    *is_same = same_bytes(worker->first.item.document.text, worker->other.item.document.text);
    return *is_same ? NDUP_STATUS_OK : compare_tokens(is_same, worker, &run->shingling, error);
}

static ndup_status check_range(void *context, size_t begin, size_t end, unsigned worker,
                               ndup_error *error)
{
    class_check *check = context;
    ndup_status status = ndup__pulse_check(&check->pulse, error);
    for (size_t i = begin; i < end && status == NDUP_STATUS_OK; i++) {
        bool is_same;
        status = compare(&is_same, &check->workers[worker], check->run, (uint32_t)check->others[i],
                         error);
        if (status == NDUP_STATUS_OK && !is_same) {
            check->unlike[i / 8] = (uint8_t)(check->unlike[i / 8] | 1u << (i % 8));
        }
    }
    return status;
}

/* Lists who has to be compared, class by class, so that the first of each is read once. */
static ndup_status list_others(class_check *check, ndup_error *error)
{
    const ndup__table *table = &check->run->table;
    const ndup_allocator *allocator = check->run->allocator;
    uint64_t *scratch = NULL;
    size_t at = 0;
    ndup_status status =
        ndup__resize(allocator, &check->others, 0, check->count, sizeof *check->others, error);
    if (status == NDUP_STATUS_OK) {
        status = ndup__resize(allocator, &scratch, 0, check->count, sizeof *scratch, error);
    }
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    for (size_t i = 0; i < table->count; i++) {
        uint32_t class_number = table->classes[i];
        if (table->class_documents[class_number] != i) {
            check->others[at++] = (uint64_t)class_number << 32 | i;
        }
    }
    ndup__sort_hashes(check->others, scratch, check->count);
    ndup__free(allocator, &scratch, check->count, sizeof *scratch);
    return NDUP_STATUS_OK;
}

static void init_room(reading_room *room, const ndup_allocator *allocator)
{
    ndup__block_init(&room->block, allocator);
    room->block.texts_only = true;
    room->tokens = (ndup__tokens){.allocator = allocator};
    room->document = NDUP__NO_CLASS;
}

static void deinit_room(reading_room *room)
{
    ndup__block_deinit(&room->block);
    ndup__tokens_deinit(&room->tokens);
}

void ndup__tell_parted(const ndup__run *run, size_t parted)
{
    if (parted > 0) {
        ndup__notice(run->reporter.hooks,
                     "%zu documents have the same hash as another text, which does not happen by "
                     "chance; they were told apart by their words. For input that nobody vouches "
                     "for, --seed random makes such texts impossible to prepare",
                     parted);
    }
}

/* Gives each document that is unlike the first of its class a class of its own. */
static ndup_status part_classes(const class_check *check, ndup_error *error)
{
    ndup__table *table = &check->run->table;
    size_t parted = 0;
    ndup_status status = NDUP_STATUS_OK;
    for (size_t i = 0; i < check->count && status == NDUP_STATUS_OK; i++) {
        if ((check->unlike[i / 8] >> (i % 8) & 1) != 0) {
            status = ndup__table_part(table, (uint32_t)check->others[i], error);
            parted++;
        }
    }
    if (status == NDUP_STATUS_OK) {
        ndup__tell_parted(check->run, parted);
    }
    return status;
}

/* Whether both the documents and the first of their classes can be fetched. */
static bool can_fetch(const class_check *check)
{
    const ndup__table *table = &check->run->table;
    const ndup_corpus *corpus = check->run->corpus;
    bool can = true;
    for (size_t i = 0; i < check->count && can; i++) {
        uint32_t other = (uint32_t)check->others[i];
        uint32_t first = table->class_documents[table->classes[other]];
        can = ndup__corpus_has_places(corpus, NDUP__PLACE_FILE(table->places[other])) &&
              ndup__corpus_has_places(corpus, NDUP__PLACE_FILE(table->places[first]));
    }
    return can;
}

static ndup_status compare_all(class_check *check, ndup_error *error)
{
    ndup_status status =
        ndup__pool_ranges(check->run->pool, 0, check->count, GRAIN, check_range, check, error);
    return status == NDUP_STATUS_OK ? part_classes(check, error) : status;
}

ndup_status ndup__check_classes(ndup__run *run, ndup_error *error)
{
    const ndup_allocator *allocator = run->allocator;
    unsigned workers = ndup__pool_workers(run->pool);
    size_t count = run->table.count - run->table.class_count;
    class_check check = {
        .run = run,
        .pulse = {.beat = ndup__reporter_beat, .context = &run->reporter},
        .count = count,
    };
    if (count == 0) {
        return NDUP_STATUS_OK;
    }
    ndup_status status =
        ndup__allocate_zeroed(allocator, &check.workers, workers, sizeof *check.workers, error);
    if (status == NDUP_STATUS_OK) {
        for (unsigned i = 0; i < workers; i++) {
            init_room(&check.workers[i].first, allocator);
            init_room(&check.workers[i].other, allocator);
        }
        status = ndup__allocate_zeroed(allocator, &check.unlike, count / 8 + 1, 1, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = list_others(&check, error);
    }
    if (status == NDUP_STATUS_OK) {
        run->has_unchecked = !can_fetch(&check);
        status = run->has_unchecked ? NDUP_STATUS_OK : compare_all(&check, error);
    }
    for (unsigned i = 0; check.workers != NULL && i < workers; i++) {
        deinit_room(&check.workers[i].first);
        deinit_room(&check.workers[i].other);
    }
    ndup__free(allocator, &check.workers, workers, sizeof *check.workers);
    ndup__free(allocator, &check.unlike, count / 8 + 1, 1);
    ndup__free(allocator, &check.others, count, sizeof *check.others);
    return status;
}
