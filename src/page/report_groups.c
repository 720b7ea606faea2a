/* SPDX-License-Identifier: MIT */
/* The groups of a report as JSON: members, and their texts compared with the survivor's. */
#include "page/passages.h"
#include "page/report_run.h"
#include "page/shown_parts.h"
#include "report/json_out.h"
#include "report/verdict_out.h"

/* Of a shared passage, on either side of what differs. */
#define CONTEXT_BYTES 300
/* Of a text, however many others there are. */
#define TEXT_BYTES_MIN 600

/* What the groups are written with. */
typedef struct group_writer {
    ndup__out *out;
    ndup__report_run *run;
    ndup__highlighter highlighter;
    ndup__folded folded;
    ndup__stored_room survivor_room;
    ndup__stored_room member_room;
    ndup__passage_limits limits;
} group_writer;

/* What is known of a document without its text. */
static void write_head(const group_writer *writer, const ndup_verdict *verdict,
                       const ndup__stored *stored)
{
    ndup__out *out = writer->out;
    ndup_text source = ndup__sources_name(&writer->run->sources, verdict->document);
    ndup__json_count(out, "number", verdict->document);
    ndup__json_shown_id(out, verdict->id);
    ndup__json_shown_part(out, "source", source, NDUP__SHOWN_PART_BYTES);
    ndup__json_shown_url(out, stored->url);
    ndup__json_shown_part(out, "date", stored->date, NDUP__SHOWN_PART_BYTES);
    ndup__json_shown_part(out, "title", stored->title, NDUP__SHOWN_PART_BYTES);
    ndup__json_word(out, "decision", ndup__decision_name(verdict));
    ndup__json_word(out, "kind", ndup_kind_name(verdict->kind));
    ndup__json_fixed(out, "similarity", verdict->similarity);
    ndup__json_containments(out, verdict);
    ndup__json_hash(out, "text_hash", verdict->text_hash);
    ndup__json_count(out, "characters", stored->text_characters);
}

static uint64_t missing_characters(const ndup__stored *stored)
{
    return stored->text_characters - ndup__count_characters(stored->text);
}

/* The survivor with the beginning of its text. */
static ndup_status write_survivor(group_writer *writer, ndup__stored *survivor, uint64_t number,
                                  ndup_error *error)
{
    ndup_verdict verdict;
    ndup_status status = ndup__document_store_get(survivor, &writer->survivor_room,
                                                  writer->run->store, number, error);
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    ndup_result_verdict(writer->run->result, number, &verdict);
    ndup__json_open(writer->out, NULL, '{');
    write_head(writer, &verdict, survivor);
    ndup__json_beginning(writer->out, "text", survivor->text, missing_characters(survivor),
                         writer->limits.total / 2);
    ndup__json_close(writer->out, '}');
    return ndup__out_status(writer->out, error);
}

/* Both texts, as far as they are shown: the survivor's, then the member's. */
static ndup_status write_texts(group_writer *writer, const ndup__stored *survivor,
                               const ndup__stored *member, ndup_error *error)
{
    const ndup_dedup_options *options = ndup_result_options(writer->run->result);
    ndup__token_mode mode = ndup__token_mode_of(options->matching.tokens);
    ndup_status status =
        ndup__highlight(&writer->highlighter, mode, survivor->text, member->text, error);
    if (status == NDUP_STATUS_OK) {
        ndup__json_passages(writer->out, "survivor_text", &writer->highlighter.a,
                            missing_characters(survivor), writer->limits, &writer->folded);
        ndup__json_passages(writer->out, "text", &writer->highlighter.b, missing_characters(member),
                            writer->limits, &writer->folded);
        status = ndup__out_status(&writer->folded.out, error);
    }
    return status;
}

static ndup_status write_member(group_writer *writer, const ndup__stored *survivor, uint64_t number,
                                bool has_room, ndup_error *error)
{
    ndup_verdict verdict;
    ndup__stored member;
    ndup_status status =
        ndup__document_store_get(&member, &writer->member_room, writer->run->store, number, error);
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    ndup_result_verdict(writer->run->result, number, &verdict);
    ndup__json_open(writer->out, NULL, '{');
    write_head(writer, &verdict, &member);
    if (member.has_text && has_room) {
        status = write_texts(writer, survivor, &member, error);
    }
    ndup__json_close(writer->out, '}');
    return status == NDUP_STATUS_OK ? ndup__out_status(writer->out, error) : status;
}

static bool has_room(const group_writer *writer, uint64_t start, size_t share)
{
    return writer->run->limits.bytes == SIZE_MAX || ndup__out_written(writer->out) - start < share;
}

static ndup_status write_group(group_writer *writer, const ndup__ranked_group *group,
                               ndup_error *error)
{
    ndup__stored survivor;
    uint64_t *members;
    size_t count =
        (size_t)ndup__grouping_members(&members, &writer->run->grouping, group->survivor);
    size_t shown = count < writer->run->limits.members ? count : writer->run->limits.members;
    uint64_t start = ndup__out_written(writer->out);
    ndup__json_open(writer->out, NULL, '{');
    ndup__json_count(writer->out, "size", group->size);
    ndup__json_open(writer->out, "members", '[');
    ndup_status status = write_survivor(writer, &survivor, group->survivor, error);
    for (size_t i = 1; i < shown && status == NDUP_STATUS_OK; i++) {
        bool is_shown = i == 1 || has_room(writer, start, 4 * writer->limits.total);
        status = write_member(writer, &survivor, members[i], is_shown, error);
    }
    ndup__json_close(writer->out, ']');
    ndup__json_close(writer->out, '}');
    return status;
}

/* The bytes for one text: what the limits say, or less where the groups to come need the room. Most
 * do with a third of their share, so a text gets two thirds. */
static size_t text_room(const ndup__report_limits *limits, uint64_t used, size_t groups_left)
{
    if (limits->bytes == SIZE_MAX) {
        return limits->text_bytes;
    }
    size_t left = limits->bytes > used ? limits->bytes - (size_t)used : 0;
    size_t share = left / groups_left * 2 / 3;
    share = share > TEXT_BYTES_MIN ? share : TEXT_BYTES_MIN;
    return share < limits->text_bytes ? share : limits->text_bytes;
}

/* The bytes for passages folded away, behind groups of `used` bytes. */
static size_t folded_room(const ndup__report_limits *limits, uint64_t used)
{
    size_t taken = limits->bytes == SIZE_MAX ? 0 : (size_t)used;
    return limits->folded > taken ? limits->folded - taken : 0;
}

ndup_status ndup__report_groups_json(ndup__out *out, ndup__report_run *run, size_t first,
                                     size_t count, ndup_error *error)
{
    size_t end = run->groups.count < run->limits.groups ? run->groups.count : run->limits.groups;
    end = first > end ? first : count < end - first ? first + count : end;
    group_writer writer = {.out = out,
                           .run = run,
                           .survivor_room = {.allocator = run->allocator},
                           .member_room = {.allocator = run->allocator},
                           .limits = {0, CONTEXT_BYTES}};
    uint64_t start = ndup__out_written(out);
    ndup_status status = NDUP_STATUS_OK;
    ndup__highlighter_init(&writer.highlighter, run->allocator);
    ndup__folded_init(&writer.folded, run->limits.folded, run->allocator);
    ndup__json_open(out, "groups", '[');
    for (size_t i = first;
         i < end && status == NDUP_STATUS_OK && has_room(&writer, start, run->limits.bytes); i++) {
        writer.limits.total = text_room(&run->limits, ndup__out_written(out) - start, end - i);
        status = write_group(&writer, &run->groups.items[i], error);
    }
    ndup__json_close(out, ']');
    ndup__json_folded_texts(out, "folded", &writer.folded,
                            folded_room(&run->limits, ndup__out_written(out) - start));
    ndup__folded_deinit(&writer.folded);
    ndup__highlighter_deinit(&writer.highlighter);
    ndup__stored_room_deinit(&writer.survivor_room);
    ndup__stored_room_deinit(&writer.member_room);
    return status;
}
