/* SPDX-License-Identifier: MIT */
/* A story's head, then its members by date, each with what it took and from whom. */
#include "page/story_shelf.h"

#include "base/alloc.h"
#include "page/shown_parts.h"
#include "report/json_out.h"

/* A member as JSON, about, for finding how many there is room for. */
#define MEMBER_BYTES 480
#define DAY_MILLISECONDS (24 * 3600 * 1000.0)
/* Members that every story may have. */
#define MEMBERS_MIN 20

ndup_status ndup__story_shelf_init(ndup__story_shelf *shelf, const ndup__story_limits *limits,
                                   const char *folder, const ndup_allocator *allocator,
                                   ndup_error *error)
{
    *shelf = (ndup__story_shelf){
        .allocator = allocator, .limits = *limits, .room = {.allocator = allocator}};
    ndup_status status = ndup__aside_init(&shelf->aside, folder, allocator, error);
    shelf->aside.out.is_embedded = true;
    return status;
}

void ndup__story_shelf_deinit(ndup__story_shelf *shelf)
{
    ndup__aside_deinit(&shelf->aside);
    ndup__stored_room_deinit(&shelf->room);
    ndup__free(shelf->allocator, &shelf->items, shelf->count, sizeof *shelf->items);
}

static uint64_t count_members(const ndup__story_choice *choice, size_t most)
{
    uint64_t members = 0;
    for (size_t i = 0; i < choice->shown; i++) {
        members += choice->items[i].documents < most ? choice->items[i].documents : most;
    }
    return members;
}

ndup_status ndup__story_shelf_begin(ndup__story_shelf *shelf, const ndup__story_choice *choice,
                                    const ndup__story_tally *tally, ndup_error *error)
{
    shelf->tally = tally;
    shelf->choice = choice;
    shelf->members = shelf->limits.members;
    while (shelf->limits.story_bytes != SIZE_MAX && shelf->members > MEMBERS_MIN &&
           count_members(choice, shelf->members) * MEMBER_BYTES > shelf->limits.story_bytes) {
        shelf->members--;
    }
    shelf->count = choice->shown;
    return ndup__allocate_zeroed(shelf->allocator, &shelf->items, shelf->count,
                                 sizeof *shelf->items, error);
}

static void write_day(ndup__out *out, const char *key, const ndup_grouping *grouping)
{
    ndup__json_fixed(out, key, (double)grouping->milliseconds / DAY_MILLISECONDS);
}

/* The days of the first and the last document that have one. */
static void write_days(ndup__out *out, const ndup_story *story)
{
    size_t dated = story->count;
    while (dated > 0 && !story->documents[dated - 1].is_dated) {
        dated--;
    }
    if (dated > 0) {
        write_day(out, "first_day", &story->documents[0]);
        write_day(out, "last_day", &story->documents[dated - 1]);
    }
}

static void write_head(ndup__out *out, const ndup_story *story)
{
    ndup__json_open(out, NULL, '{');
    ndup__json_count(out, "number", story->number);
    ndup__json_shown_part(out, "headline", story->headline, NDUP__SHOWN_PART_BYTES);
    ndup__json_count(out, "documents", story->count);
    ndup__json_count(out, "copy_groups", story->copy_groups);
    ndup__json_count(out, "sources", story->sources);
    ndup__json_shown_part(out, "first_date", story->first_date, NDUP__SHOWN_PART_BYTES);
    ndup__json_shown_part(out, "last_date", story->last_date, NDUP__SHOWN_PART_BYTES);
    write_days(out, story);
    ndup__json_open(out, "terms", '[');
    for (size_t i = 0; i < story->term_count; i++) {
        ndup_text term = story->terms[i].term;
        term.length = ndup__cut_at_character(term, NDUP__SHOWN_PART_BYTES);
        ndup__json_open(out, NULL, '[');
        ndup__json_string(out, NULL, term);
        ndup__json_fixed(out, NULL, story->terms[i].weight);
        ndup__json_close(out, ']');
    }
    ndup__json_close(out, ']');
    ndup__json_close(out, '}');
}

/* What the record says of the document, and how its text begins where that tells more. */
static ndup_status write_document(ndup__story_shelf *shelf, ndup__document_store *store,
                                  uint64_t number, bool with_lead, ndup_error *error)
{
    ndup__out *out = &shelf->aside.out;
    ndup__stored stored;
    ndup_status status = ndup__document_store_get(&stored, &shelf->room, store, number, error);
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    ndup__json_shown_id(out, stored.id);
    ndup__json_shown_url(out, stored.url);
    ndup__json_shown_part(out, "title", stored.title, NDUP__SHOWN_PART_BYTES);
    if (with_lead || stored.title.length == 0) {
        ndup__json_shown_part(out, "lead", stored.text, shelf->limits.lead_bytes);
    }
    ndup__json_count(out, "characters", stored.text_characters);
    return NDUP_STATUS_OK;
}

/* What of it was taken from another document, and how much that is. */
static void write_taking(ndup__out *out, const ndup_grouping *grouping)
{
    ndup__json_count(out, "of", grouping->of);
    ndup__json_fixed(out, "share", grouping->share);
    ndup__json_fixed(out, "of_share", grouping->of_share);
    if (grouping->similarity > 0) {
        ndup__json_fixed(out, "similarity", grouping->similarity);
    }
}

static void write_place(ndup__out *out, const ndup_grouping *grouping)
{
    ndup__json_count(out, "number", grouping->document);
    ndup__json_shown_part(out, "source", grouping->source, NDUP__SHOWN_PART_BYTES);
    ndup__json_shown_part(out, "date", grouping->date, NDUP__SHOWN_PART_BYTES);
    if (grouping->is_dated) {
        write_day(out, "day", grouping);
    }
    ndup__json_word(out, "role", ndup_role_name(grouping->role));
    ndup__json_count(out, "group", grouping->copy_group);
    ndup__json_fixed(out, "score", grouping->story_score);
}

/* A document of another story, which a member took from: "at" is the place of that story. */
static ndup_status write_outside(ndup__story_shelf *shelf, ndup__document_store *store,
                                 uint64_t number, ndup_error *error)
{
    ndup__out *out = &shelf->aside.out;
    const ndup__story_tally *tally = shelf->tally;
    uint32_t rank = ndup__story_rank(shelf->choice, tally->stories[number]);
    ndup__json_open(out, "from", '{');
    ndup__json_shown_part(out, "source", ndup__sources_name(&tally->sources, number),
                          NDUP__SHOWN_PART_BYTES);
    if (tally->days[number] != NDUP__NO_DAY) {
        ndup__json_fixed(out, "day", tally->days[number]);
    }
    if (rank != NDUP__NOT_SHOWN) {
        ndup__json_count(out, "at", rank + 1);
    }
    ndup_status status = write_document(shelf, store, number, false, error);
    ndup__json_close(out, '}');
    return status;
}

static bool is_among(const ndup_story *story, size_t shown, uint64_t document)
{
    for (size_t i = 0; i < shown; i++) {
        if (story->documents[i].document == document) {
            return true;
        }
    }
    return false;
}

static ndup_status write_member(ndup__story_shelf *shelf, const ndup_story *story, size_t shown,
                                const ndup_grouping *grouping, ndup__document_store *store,
                                ndup_error *error)
{
    ndup__out *out = &shelf->aside.out;
    bool takes = grouping->of != grouping->document;
    ndup__json_open(out, NULL, '{');
    write_place(out, grouping);
    ndup_status status = write_document(shelf, store, grouping->document, !takes, error);
    if (status == NDUP_STATUS_OK && takes) {
        write_taking(out, grouping);
        if (!is_among(story, shown, grouping->of)) {
            status = write_outside(shelf, store, grouping->of, error);
        }
    }
    ndup__json_close(out, '}');
    return status;
}

static ndup_status write_members(ndup__story_shelf *shelf, const ndup_story *story,
                                 ndup__document_store *store, ndup_error *error)
{
    ndup__out *out = &shelf->aside.out;
    size_t shown = story->count < shelf->members ? story->count : shelf->members;
    ndup_status status = NDUP_STATUS_OK;
    ndup__json_open(out, NULL, '[');
    for (size_t i = 0; i < shown && status == NDUP_STATUS_OK; i++) {
        status = write_member(shelf, story, shown, &story->documents[i], store, error);
    }
    ndup__json_close(out, ']');
    return status;
}

ndup_status ndup__story_shelf_add(ndup__story_shelf *shelf, uint32_t rank, const ndup_story *story,
                                  ndup__document_store *store, ndup_error *error)
{
    ndup__kept_story *kept = &shelf->items[rank];
    size_t start = shelf->aside.out.held;
    kept->place = ndup__aside_begin(&shelf->aside);
    write_head(&shelf->aside.out, story);
    kept->head_bytes = shelf->aside.out.held - start;
    shelf->aside.out.needs_comma = false;
    ndup_status status = write_members(shelf, story, store, error);
    return status == NDUP_STATUS_OK
               ? ndup__aside_end(&kept->all_bytes, &shelf->aside, kept->place, error)
               : status;
}

ndup_status ndup__story_shelf_end(ndup__story_shelf *shelf, ndup_error *error)
{
    return ndup__aside_complete(&shelf->aside, error);
}

static ndup_status write_story(ndup__out *out, const ndup__story_shelf *shelf,
                               const ndup__kept_story *kept, ndup_error *error)
{
    ndup__out_text(out, "{\"head\":");
    ndup_status status = ndup__aside_copy(out, &shelf->aside, kept->place, kept->head_bytes, error);
    ndup__out_text(out, ",\"members\":");
    if (status == NDUP_STATUS_OK) {
        status = ndup__aside_copy(out, &shelf->aside, kept->place + kept->head_bytes,
                                  kept->all_bytes - kept->head_bytes, error);
    }
    ndup__out_text(out, "}");
    return status;
}

ndup_status ndup__story_shelf_json(ndup__out *out, size_t *end, const ndup__story_shelf *shelf,
                                   size_t first, ndup_error *error)
{
    size_t room = shelf->limits.story_bytes;
    size_t at = first;
    ndup_status status = NDUP_STATUS_OK;
    ndup__json_open(out, "stories", '[');
    for (; at < *end && at < shelf->count && status == NDUP_STATUS_OK; at++) {
        const ndup__kept_story *kept = &shelf->items[at];
        if (room != SIZE_MAX && kept->all_bytes > room) {
            break;
        }
        room -= room != SIZE_MAX ? kept->all_bytes : 0;
        ndup__out_text(out, at > first ? ",\n" : "\n");
        status = write_story(out, shelf, kept, error);
    }
    ndup__json_close(out, ']');
    *end = at;
    return status;
}

ndup_status ndup__story_shelf_heads_json(ndup__out *out, const ndup__story_shelf *shelf,
                                         size_t most, ndup_error *error)
{
    ndup_status status = NDUP_STATUS_OK;
    ndup__json_open(out, "largest", '[');
    for (size_t i = 0; i < most && i < shelf->count && status == NDUP_STATUS_OK; i++) {
        ndup__out_text(out, i > 0 ? ",\n" : "\n");
        status = ndup__aside_copy(out, &shelf->aside, shelf->items[i].place,
                                  shelf->items[i].head_bytes, error);
    }
    ndup__json_close(out, ']');
    return status;
}
