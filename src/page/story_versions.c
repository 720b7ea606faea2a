/* SPDX-License-Identifier: MIT */
/* Each version with what it changed marked on both sides. */
#include "page/story_versions.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "page/passages.h"
#include "report/json_out.h"

/* Of a shared passage, on either side of what differs. */
#define CONTEXT_BYTES 200
/* Of a text, however many there are. */
#define TEXT_BYTES_MIN 900

ndup_status ndup__story_versions_init(ndup__story_versions *versions,
                                      const ndup__story_limits *limits, const char *folder,
                                      const ndup_allocator *allocator, ndup_error *error)
{
    *versions = (ndup__story_versions){
        .allocator = allocator, .limits = *limits, .marks = {.allocator = allocator}};
    ndup__folded_init(&versions->folded, limits->folded, allocator);
    ndup_status status = ndup__aside_init(&versions->aside, folder, allocator, error);
    versions->aside.out.is_embedded = true;
    return status;
}

void ndup__story_versions_deinit(ndup__story_versions *versions)
{
    ndup__aside_deinit(&versions->aside);
    ndup__change_marks_deinit(&versions->marks);
    ndup__folded_deinit(&versions->folded);
    ndup__free(versions->allocator, &versions->items, versions->capacity, sizeof *versions->items);
    ndup__free(versions->allocator, &versions->taken, versions->ranks, sizeof *versions->taken);
}

/* The bytes for one text: shared passages are folded away, so most versions need half of it. */
static size_t text_room(const ndup__story_limits *limits, size_t expected)
{
    if (limits->version_bytes == SIZE_MAX || expected == 0) {
        return limits->text_bytes;
    }
    size_t room = limits->version_bytes / expected;
    room = room > TEXT_BYTES_MIN ? room : TEXT_BYTES_MIN;
    return room < limits->text_bytes ? room : limits->text_bytes;
}

ndup_status ndup__story_versions_begin(ndup__story_versions *versions,
                                       const ndup__story_choice *choice, ndup_error *error)
{
    size_t expected = 0;
    for (size_t i = 0; i < choice->shown; i++) {
        size_t copies = choice->items[i].copies;
        expected += copies < versions->limits.versions ? copies : versions->limits.versions;
    }
    versions->text_bytes = text_room(&versions->limits, expected);
    versions->ranks = choice->shown;
    return ndup__allocate_zeroed(versions->allocator, &versions->taken, versions->ranks,
                                 sizeof *versions->taken, error);
}

/* How many words the version has of its own, and how many it left out. */
static void write_counts(ndup__out *out, const ndup_text_version *version)
{
    uint64_t tokens = 0;
    uint64_t of_tokens = 0;
    for (size_t i = 0; i < version->change_count; i++) {
        tokens += version->changes[i].tokens;
        of_tokens += version->changes[i].of_tokens;
    }
    ndup__json_count(out, "document", version->grouping->document);
    ndup__json_count(out, "of", version->grouping->of);
    ndup__json_count(out, "changes", version->change_count);
    ndup__json_count(out, "added", tokens);
    ndup__json_count(out, "left_out", of_tokens);
}

static bool is_identical(const ndup_text_version *version)
{
    ndup_text own = version->document->text;
    ndup_text of = version->of->text;
    return own.length == of.length &&
           (own.length == 0 || memcmp(own.bytes, of.bytes, own.length) == 0);
}

static ndup_status write_texts(ndup__story_versions *versions, const ndup_text_version *version,
                               ndup_error *error)
{
    ndup__out *out = &versions->aside.out;
    const ndup__passage_limits limits = {versions->text_bytes, CONTEXT_BYTES};
    ndup_status status = ndup__change_marks_set(&versions->marks, version, error);
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    ndup__json_passages(out, "of_text", &versions->marks.of.marked, 0, limits, &versions->folded);
    ndup__json_passages(out, "text", &versions->marks.own.marked, 0, limits, &versions->folded);
    return ndup__out_status(&versions->folded.out, error);
}

static ndup_status write_version(size_t *bytes, ndup__story_versions *versions,
                                 const ndup_text_version *version, ndup_error *error)
{
    ndup__out *out = &versions->aside.out;
    size_t start = out->held;
    ndup_status status = NDUP_STATUS_OK;
    ndup__folded_reset(&versions->folded);
    ndup__json_open(out, NULL, '{');
    write_counts(out, version);
    if (version->change_count > 0) {
        status = write_texts(versions, version, error);
    } else {
        ndup__json_bool(out, "is_identical", is_identical(version));
    }
    ndup__json_close(out, '}');
    *bytes = out->held - start;
    out->needs_comma = false;
    ndup__json_folded_texts(out, NULL, &versions->folded, SIZE_MAX);
    return status;
}

ndup_status ndup__story_versions_add(ndup__story_versions *versions, uint32_t rank,
                                     const ndup_text_version *version, ndup_error *error)
{
    if (version->change_count > 0 && versions->taken[rank]++ >= versions->limits.versions) {
        return NDUP_STATUS_OK;
    }
    ndup_status status = ndup__reserve(versions->allocator, &versions->items, &versions->capacity,
                                       versions->count + 1, sizeof *versions->items, error);
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    ndup__kept_version *kept = &versions->items[versions->count];
    *kept = (ndup__kept_version){.rank = rank,
                                 .order = (uint32_t)versions->count,
                                 .place = ndup__aside_begin(&versions->aside)};
    versions->count++;
    status = write_version(&kept->bytes, versions, version, error);
    return status == NDUP_STATUS_OK
               ? ndup__aside_end(&kept->all_bytes, &versions->aside, kept->place, error)
               : status;
}

static int by_story(const void *left, const void *right)
{
    const ndup__kept_version *a = left;
    const ndup__kept_version *b = right;
    if (a->rank != b->rank) {
        return a->rank < b->rank ? -1 : 1;
    }
    return a->order < b->order ? -1 : a->order > b->order;
}

ndup_status ndup__story_versions_end(ndup__story_versions *versions, ndup_error *error)
{
    if (versions->count > 0) {
        qsort(versions->items, versions->count, sizeof *versions->items, by_story);
    }
    return ndup__aside_complete(&versions->aside, error);
}

size_t ndup__story_versions_room(const ndup__story_versions *versions)
{
    size_t room = versions->limits.version_bytes;
    for (size_t i = 0; i < versions->count && room != SIZE_MAX; i++) {
        room -= versions->items[i].bytes < room ? versions->items[i].bytes : room;
    }
    return room;
}

static size_t first_of(const ndup__story_versions *versions, size_t rank)
{
    size_t low = 0;
    size_t high = versions->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (versions->items[middle].rank < rank) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

/* Writes the versions from `at` on before `end`, or what is folded away of them, as far as there is
 * room; *at moves on. */
static ndup_status write_pieces(ndup__out *out, size_t *at, const ndup__story_versions *versions,
                                size_t end, bool of_folded, ndup_error *error)
{
    size_t room = of_folded ? versions->limits.folded_bytes : versions->limits.version_bytes;
    ndup_status status = NDUP_STATUS_OK;
    for (size_t first = *at; *at < end && status == NDUP_STATUS_OK; ++*at) {
        const ndup__kept_version *kept = &versions->items[*at];
        size_t skipped = of_folded ? kept->bytes : 0;
        size_t bytes = of_folded ? kept->all_bytes - kept->bytes : kept->bytes;
        if (room != SIZE_MAX && bytes > room) {
            break;
        }
        room -= room != SIZE_MAX ? bytes : 0;
        ndup__out_text(out, *at > first ? ",\n" : "\n");
        status = ndup__aside_copy(out, &versions->aside, kept->place + skipped, bytes, error);
    }
    return status;
}

ndup_status ndup__story_versions_json(ndup__out *out, const ndup__story_versions *versions,
                                      size_t first, size_t end, ndup_error *error)
{
    size_t begin = first_of(versions, first);
    size_t at = begin;
    ndup__json_open(out, "versions", '[');
    ndup_status status = write_pieces(out, &at, versions, first_of(versions, end), false, error);
    ndup__json_close(out, ']');
    ndup__json_open(out, "folded", '[');
    if (status == NDUP_STATUS_OK) {
        size_t folded = begin;
        status = write_pieces(out, &folded, versions, at, true, error);
    }
    ndup__json_close(out, ']');
    return status;
}
