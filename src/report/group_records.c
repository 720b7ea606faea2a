/* SPDX-License-Identifier: MIT */
/* jsonl:FILE, csv:FILE, stories:FILE and summary:FILE of groups. */
#include "report/csv_out.h"
#include "report/group_output.h"
#include "report/json_out.h"
#include "report/verdict_out.h"

static void write_grouping(ndup__out *out, const ndup_grouping *grouping)
{
    ndup__json_count(out, "story", grouping->story);
    ndup__json_count(out, "copy_group", grouping->copy_group);
    ndup__json_word(out, "role", ndup_role_name(grouping->role));
    ndup__json_string(out, "of", grouping->of_id);
    ndup__json_fixed(out, "share", grouping->share);
    ndup__json_fixed(out, "of_share", grouping->of_share);
    ndup__json_fixed(out, "similarity", grouping->similarity);
    ndup__json_fixed(out, "story_score", grouping->story_score);
}

static ndup_status write_record(ndup__group_output *output, const ndup_grouping *grouping,
                                const ndup_document *document, ndup_error *error)
{
    ndup__out *out = &output->target.out;
    ndup_status status = ndup__json_record_open(out, document, error);
    if (status == NDUP_STATUS_OK) {
        ndup__json_open(out, "neardup", '{');
        write_grouping(out, grouping);
        ndup__json_close(out, '}');
        ndup__json_record_rest(out, document);
        ndup__json_end_line(out);
    }
    return status;
}

static ndup_status write_names(ndup__group_output *output, ndup_error *error)
{
    (void)error;
    static const char *const names[] = {"id",         "source",     "date",       "story",
                                        "copy_group", "role",       "of",         "share",
                                        "of_share",   "similarity", "story_score"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        ndup__csv_word(&output->target.out, names[i]);
    }
    ndup__csv_end_row(&output->target.out);
    return NDUP_STATUS_OK;
}

static ndup_status write_row(ndup__group_output *output, const ndup_grouping *grouping,
                             const ndup_document *document, ndup_error *error)
{
    (void)document;
    (void)error;
    ndup__out *out = &output->target.out;
    ndup__csv_text(out, grouping->id);
    ndup__csv_text(out, grouping->source);
    ndup__csv_text(out, grouping->date);
    ndup__csv_count(out, grouping->story);
    ndup__csv_count(out, grouping->copy_group);
    ndup__csv_word(out, ndup_role_name(grouping->role));
    ndup__csv_text(out, grouping->of_id);
    ndup__csv_fixed(out, grouping->share);
    ndup__csv_fixed(out, grouping->of_share);
    ndup__csv_fixed(out, grouping->similarity);
    ndup__csv_fixed(out, grouping->story_score);
    ndup__csv_end_row(out);
    return NDUP_STATUS_OK;
}

static void write_terms(ndup__out *out, const ndup_story *story)
{
    ndup__json_open(out, "terms", '[');
    for (size_t i = 0; i < story->term_count; i++) {
        ndup__json_open(out, NULL, '{');
        ndup__json_string(out, "term", story->terms[i].term);
        ndup__json_fixed(out, "weight", story->terms[i].weight);
        ndup__json_close(out, '}');
    }
    ndup__json_close(out, ']');
}

static void write_members(ndup__out *out, const ndup_story *story)
{
    ndup__json_open(out, "members", '[');
    for (size_t i = 0; i < story->count; i++) {
        const ndup_grouping *grouping = &story->documents[i];
        ndup__json_open(out, NULL, '{');
        ndup__json_string(out, "id", grouping->id);
        ndup__json_optional(out, "source", grouping->source);
        ndup__json_optional(out, "date", grouping->date);
        write_grouping(out, grouping);
        ndup__json_close(out, '}');
    }
    ndup__json_close(out, ']');
}

static ndup_status write_story(ndup__group_output *output, const ndup_story *story,
                               ndup_error *error)
{
    (void)error;
    ndup__out *out = &output->target.out;
    ndup__json_open(out, NULL, '{');
    ndup__json_count(out, "story", story->number);
    ndup__json_string(out, "headline", story->headline);
    ndup__json_optional(out, "first_date", story->first_date);
    ndup__json_optional(out, "last_date", story->last_date);
    ndup__json_string(out, "first", story->documents[0].id);
    ndup__json_count(out, "documents", story->count);
    ndup__json_count(out, "copy_groups", story->copy_groups);
    ndup__json_count(out, "sources", story->sources);
    write_terms(out, story);
    write_members(out, story);
    ndup__json_close(out, '}');
    ndup__json_end_line(out);
    return NDUP_STATUS_OK;
}

static ndup_status write_summary(ndup__group_output *output, const ndup_group_summary *summary,
                                 ndup_error *error)
{
    (void)error;
    ndup__out *out = &output->target.out;
    const ndup_group_options *options = output->run->options;
    ndup__json_open(out, NULL, '{');
    ndup__json_count(out, "schema_version", 1);
    ndup__json_word(out, "type", "groups");
    ndup__json_fixed(out, "share", options->share);
    ndup__json_fixed(out, "bar", options->bar);
    ndup__json_fixed(out, "within_days", summary->within_days);
    ndup__json_count(out, "documents", summary->documents);
    ndup__json_count(out, "text_bytes", summary->text_bytes);
    ndup__json_count(out, "skipped", summary->skipped);
    ndup__json_count(out, "unreadable", summary->unreadable);
    ndup__json_count(out, "undated", summary->undated);
    ndup__json_count(out, "odd_dates", summary->odd_dates);
    ndup__json_count(out, "copy_groups", summary->copy_groups);
    ndup__json_count(out, "copies", summary->copies);
    ndup__json_count(out, "stories", summary->stories);
    ndup__json_count(out, "in_stories", summary->in_stories);
    ndup__json_count(out, "largest_story", summary->largest_story);
    double seconds = 0;
    for (size_t i = 0; i < NDUP_STAGE_COUNT; i++) {
        seconds += summary->seconds[i];
    }
    ndup__json_fixed(out, "seconds", seconds);
    ndup__json_close(out, '}');
    ndup__json_end_line(out);
    return NDUP_STATUS_OK;
}

const ndup__group_kind ndup__group_jsonl = {
    .info = {"jsonl", "all records, each with its story, group of copies and role in a member "
                      "\"neardup\""},
    .document = write_record,
};

const ndup__group_kind ndup__group_csv = {
    .info = {"csv", "a row a document: story, group of copies, role, of which one, shares"},
    .begin = write_names,
    .document = write_row,
};

const ndup__group_kind ndup__group_stories_out = {
    .info = {"stories", "one line a story: dates, sources, headline, terms, members"},
    .story = write_story,
};

const ndup__group_kind ndup__group_summary = {
    .info = {"summary", "counts and options"},
    .has_header = true,
    .finish = write_summary,
};
