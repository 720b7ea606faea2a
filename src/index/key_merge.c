/* SPDX-License-Identifier: MIT */
/* Writing segments: from memory, of several one, and anew where one is damaged. The database names
 * a segment only when its file is complete, and a file goes only when no name is left: whatever
 * fails in between leaves an index that answers as before. */
#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "base/arena.h"
#include "base/file.h"
#include "base/folder.h"
#include "index/key_view.h"
#include "index/segment_files.h"
#include "index/segment_maker.h"

static ndup_status refresh(ndup__key_view *view, ndup__database *database, ndup_error *error)
{
    bool is_broken;
    int64_t version;
    ndup_status status = ndup__key_view_begin(view, database, &version, &is_broken, error);
    if (status == NDUP_STATUS_OK) {
        ndup__database_rollback(database);
    }
    return status;
}

/* Opens all segments again. */
static ndup_status reload(ndup__key_view *view, ndup__database *database, ndup_error *error)
{
    ndup_status status = ndup__database_begin(database, false, error);
    if (status == NDUP_STATUS_OK) {
        status = ndup__key_view_reload(view, database, error);
        ndup__database_rollback(database);
    }
    return status;
}

/* Names a segment in the database in place of those that it holds. */
static ndup_status name_segment(ndup__database *database, uint32_t first, uint32_t last,
                                ndup_error *error)
{
    const ndup__stored_segment stored = {first, last, ndup__segment_tier(first, last), {"", 0}};
    ndup_status status = ndup__database_begin(database, true, error);
    if (status == NDUP_STATUS_OK) {
        status = ndup__database_remove_segments(database, first, last, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = ndup__database_add_segment(database, &stored, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = ndup__database_commit(database, error);
    }
    if (status != NDUP_STATUS_OK) {
        ndup__database_rollback(database);
    }
    return status;
}

static ndup_status build(ndup__key_view *view, ndup__database *database, uint32_t first,
                         uint32_t last, ndup__reporter *reporter, ndup_error *error)
{
    ndup_status status = ndup__database_begin(database, false, error);
    if (status == NDUP_STATUS_OK) {
        status = ndup__segment_build(view->settings, database, view->folder, first, last, reporter,
                                     view->allocator, error);
        ndup__database_rollback(database);
    }
    return status;
}

/* How many segments at the end are of the last one's tier. */
static size_t count_last_tier(const ndup__key_view *view)
{
    size_t count = 0;
    size_t all = view->segment_count;
    while (count < all && view->segments[all - 1 - count].tier == view->segments[all - 1].tier &&
           view->segments[all - 1 - count].segment != NULL) {
        count++;
    }
    return count;
}

/* Which of the numbers first..last were removed, a bit each. */
typedef struct removed_numbers {
    const ndup_allocator *allocator;
    uint32_t first, last;
    unsigned char *bits; /* [bytes] from the block of the first on; NULL: none was */
    size_t bytes;
} removed_numbers;

static ndup_status note_block(removed_numbers *set, const ndup__stored_block *row,
                              ndup_error *error)
{
    uint32_t first = set->first / NDUP__NUMBERS_OF_BLOCK;
    ndup_status status = NDUP_STATUS_OK;
    if (set->bits == NULL) {
        set->bytes =
            ((size_t)(set->last / NDUP__NUMBERS_OF_BLOCK) - first + 1) * NDUP__REMOVED_BYTES;
        status = ndup__allocate_zeroed(set->allocator, &set->bits, set->bytes, 1, error);
    }
    if (status == NDUP_STATUS_OK) {
        memcpy(set->bits + (size_t)(row->block - first) * NDUP__REMOVED_BYTES, row->removed,
               NDUP__REMOVED_BYTES);
    }
    return status;
}

static ndup_status read_blocks(removed_numbers *set, ndup__database *database, ndup_error *error)
{
    ndup__stored_block row;
    bool found = true;
    uint32_t last = set->last / NDUP__NUMBERS_OF_BLOCK;
    ndup_status status = NDUP_STATUS_OK;
    for (uint32_t block = set->first / NDUP__NUMBERS_OF_BLOCK;
         block <= last && found && status == NDUP_STATUS_OK; block = row.block + 1) {
        status = ndup__database_next_block(database, block, &row, &found, error);
        if (status == NDUP_STATUS_OK && found && row.has_removed && row.block <= last) {
            status = note_block(set, &row, error);
        }
    }
    return status;
}

static ndup_status read_removed(removed_numbers *set, ndup__database *database, ndup_error *error)
{
    ndup_status status = ndup__database_begin(database, false, error);
    if (status == NDUP_STATUS_OK) {
        status = read_blocks(set, database, error);
        ndup__database_rollback(database);
    }
    return status;
}

static bool is_there(void *context, uint32_t number)
{
    const removed_numbers *set = context;
    uint32_t place = number - set->first / NDUP__NUMBERS_OF_BLOCK * NDUP__NUMBERS_OF_BLOCK;
    return (set->bits[place / 8] >> place % 8 & 1) == 0;
}

/* Writes a segment of several, without keys of documents that were removed: their numbers are never
 * given again. */
static ndup_status merge_parts(ndup__key_view *view, ndup__database *database,
                               const ndup__segment *const *parts, size_t count, uint32_t first,
                               uint32_t last, ndup_error *error)
{
    char path[NDUP__SEGMENT_PATH_BYTES];
    removed_numbers set = {.allocator = view->allocator, .first = first, .last = last};
    ndup_status status = ndup__segment_path(path, view->folder, first, last, error);
    if (status == NDUP_STATUS_OK) {
        status = read_removed(&set, database, error);
    }
    if (status == NDUP_STATUS_OK) {
        const ndup__segment_merging merging = {.context = &set,
                                               .keep = set.bits != NULL ? is_there : NULL};
        status = ndup__segment_merge(path, parts, count, &merging, view->allocator, error);
    }
    ndup__free(view->allocator, &set.bits, set.bytes, 1);
    return status;
}

/* Merges the segments from one on to the end. */
static ndup_status merge_last(ndup__key_view *view, ndup__database *database, size_t count,
                              ndup_error *error)
{
    const ndup__segment *parts[NDUP__TIER_SEGMENTS];
    uint32_t firsts[NDUP__TIER_SEGMENTS];
    uint32_t lasts[NDUP__TIER_SEGMENTS];
    for (size_t i = 0; i < count; i++) {
        const ndup__viewed_segment *viewed = &view->segments[view->segment_count - count + i];
        parts[i] = viewed->segment;
        firsts[i] = viewed->first;
        lasts[i] = viewed->last;
    }
    ndup_status status =
        merge_parts(view, database, parts, count, firsts[0], lasts[count - 1], error);
    if (status == NDUP_STATUS_OK) {
        status = name_segment(database, firsts[0], lasts[count - 1], error);
    }
    if (status == NDUP_STATUS_OK) {
        status = refresh(view, database, error);
    }
    for (size_t i = 0; i < count && status == NDUP_STATUS_OK; i++) {
        ndup__segment_file_remove(view->folder, firsts[i], lasts[i]);
    }
    return status;
}

static uint32_t count_fresh(ndup__key_view *view)
{
    pthread_rwlock_rdlock(&view->lock);
    uint32_t count = view->last - view->covered;
    pthread_rwlock_unlock(&view->lock);
    return count;
}

ndup_status ndup__key_view_flush(ndup__key_view *view, ndup__database *database, ndup_error *error)
{
    ndup_status status = NDUP_STATUS_OK;
    while (count_fresh(view) >= view->fresh_most && status == NDUP_STATUS_OK) {
        uint32_t first = view->covered + 1; /* which only this thread changes, as it writes */
        uint32_t last = ndup__key_view_last(view);
        status = build(view, database, first, last, NULL, error);
        if (status == NDUP_STATUS_OK) {
            status = name_segment(database, first, last, error);
        }
        if (status == NDUP_STATUS_OK) {
            status = refresh(view, database, error);
        }
    }
    while (count_last_tier(view) >= NDUP__TIER_SEGMENTS && status == NDUP_STATUS_OK) {
        status = merge_last(view, database, NDUP__TIER_SEGMENTS, error);
    }
    return status;
}

ndup_status ndup__key_view_take_made(ndup__key_view *view, ndup__database *database, uint32_t last,
                                     ndup_error *error)
{
    ndup_status status = name_segment(database, view->covered + 1, last, error);
    return status == NDUP_STATUS_OK ? refresh(view, database, error) : status;
}

/* Whether the view has a segment. */
static bool is_named(const ndup__key_view *view, uint32_t first, uint32_t last)
{
    for (size_t i = 0; i < view->segment_count; i++) {
        if (view->segments[i].first == first && view->segments[i].last == last) {
            return true;
        }
    }
    return false;
}

/* Removes what a process left that was killed between writing a file and naming it. */
static void remove_strays(const ndup__key_view *view)
{
    ndup__arena arena = {.allocator = view->allocator};
    char **names;
    size_t count = 0;
    if (ndup__folder_list(&names, &count, view->folder, &arena, NULL) == NDUP_STATUS_OK) {
        for (size_t i = 0; i < count; i++) {
            uint32_t first;
            uint32_t last;
            char end;
            if (sscanf(names[i], "%8x-%8x.keys", &first, &last) == 2 &&
                !is_named(view, first, last)) {
                ndup__segment_file_remove(view->folder, first, last);
            } else if (sscanf(names[i], "%8x.par%c", &first, &end) == 2) {
                ndup__segment_part_remove(view->folder, first);
            }
        }
    }
    ndup__folder_tidy(view->folder);
    ndup__arena_deinit(&arena);
}

static void say_mended(const ndup__key_view *view, uint32_t first, uint32_t last,
                       const ndup_hooks *hooks, const ndup_error *cause)
{
    char path[NDUP__SEGMENT_PATH_BYTES];
    char message[400];
    if (hooks == NULL || hooks->problem == NULL ||
        ndup__segment_path(path, view->folder, first, last, NULL) != NDUP_STATUS_OK) {
        return;
    }
    snprintf(message, sizeof message, "made anew from the database (%s)", cause->message);
    const ndup_problem problem = {.status = NDUP_STATUS_OK, .path = path, .message = message};
    hooks->problem(hooks->context, &problem);
}

/* Why a segment has to be made anew: its status. */
static ndup_status look_at(const ndup__key_view *view, const ndup__viewed_segment *viewed,
                           bool reads_all, ndup_error *cause)
{
    char path[NDUP__SEGMENT_PATH_BYTES];
    ndup__segment *segment = NULL;
    ndup_status status = ndup__segment_path(path, view->folder, viewed->first, viewed->last, cause);
    if (status == NDUP_STATUS_OK) {
        status =
            ndup__segment_open(&segment, path, view->settings->identity, view->allocator, cause);
    }
    if (status == NDUP_STATUS_OK && reads_all) {
        status = ndup__segment_verify(segment, NULL, NULL, cause);
    }
    ndup__segment_close(segment);
    return status;
}

ndup_status ndup__key_view_mend(ndup__key_view *view, ndup__database *database, bool reads_all,
                                const ndup_hooks *hooks, ndup_error *error)
{
    bool is_mended = false;
    ndup_status status = ndup__folder_make(view->folder, error); /* copies of an index have none */
    if (status == NDUP_STATUS_OK) {
        status = refresh(view, database, error);
    }
    for (size_t i = 0; i < view->segment_count && status == NDUP_STATUS_OK; i++) {
        const ndup__viewed_segment *viewed = &view->segments[i];
        ndup_error cause = {0};
        ndup_status found = look_at(view, viewed, reads_all, &cause);
        if (found == NDUP_STATUS_OK) {
            continue;
        }
        status = build(view, database, viewed->first, viewed->last, NULL, error);
        is_mended = true;
        if (status == NDUP_STATUS_OK) {
            say_mended(view, viewed->first, viewed->last, hooks, &cause);
        }
    }
    if (status == NDUP_STATUS_OK) {
        remove_strays(view);
    }
    if (status == NDUP_STATUS_OK && is_mended) {
        status = reload(view, database, error);
    }
    return status;
}

ndup_status ndup__key_view_compact(ndup__key_view *view, ndup__database *database,
                                   ndup__reporter *reporter, ndup_error *error)
{
    uint32_t last = ndup__key_view_last(view);
    if (last == 0) {
        return NDUP_STATUS_OK;
    }
    ndup_status status = build(view, database, 1, last, reporter, error);
    if (status == NDUP_STATUS_OK) {
        status = name_segment(database, 1, last, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = reload(view, database, error);
    }
    if (status == NDUP_STATUS_OK) {
        remove_strays(view);
    }
    return status;
}
