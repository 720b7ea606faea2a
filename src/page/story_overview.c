/* SPDX-License-Identifier: MIT */
/* Counts, documents by date, sources and who copied whom. */
#include "page/story_overview.h"

#include <stdlib.h>

#include "base/alloc.h"
#include "page/shown_parts.h"
#include "report/json_out.h"

#define BINS 60
/* Of the days, so many thousandths at either end may stand apart from the bins. */
#define APART 5

void ndup__story_identity_json(ndup__out *out, const ndup_group_run *run,
                               const ndup_group_summary *summary)
{
    const struct {
        const char *name;
        uint64_t count;
    } members[] = {{"documents", summary->documents},   {"skipped", summary->skipped},
                   {"unreadable", summary->unreadable}, {"undated", summary->undated},
                   {"odd_dates", summary->odd_dates},   {"copy_groups", summary->copy_groups},
                   {"copies", summary->copies},         {"stories", summary->stories},
                   {"in_stories", summary->in_stories}, {"largest_story", summary->largest_story}};
    ndup__json_open(out, "inputs", '[');
    for (size_t i = 0; i < run->input_count; i++) {
        ndup__json_word(out, NULL, run->inputs[i]);
    }
    ndup__json_close(out, ']');
    ndup__json_open(out, "options", '{');
    ndup__json_fixed(out, "share", run->options->share);
    ndup__json_fixed(out, "bar", run->options->bar);
    ndup__json_fixed(out, "within_days", summary->within_days);
    ndup__json_close(out, '}');
    ndup__json_open(out, "summary", '{');
    for (size_t i = 0; i < sizeof members / sizeof members[0]; i++) {
        ndup__json_count(out, members[i].name, members[i].count);
    }
    ndup__json_close(out, '}');
}

/* Documents by date: bins of as many days each. */
typedef struct date_bins {
    int32_t first; /* day */
    int32_t last;
    int32_t days; /* of a bin */
    uint64_t documents[BINS];
    uint64_t in_stories[BINS];
    uint64_t before; /* documents in front of the first bin */
    uint64_t behind;
} date_bins;

static int rising(const void *left, const void *right)
{
    const int32_t *a = left;
    const int32_t *b = right;
    return *a < *b ? -1 : *a > *b;
}

/* From where to where most of the days lie: a few far from all others would hide these. */
static void find_range(date_bins *bins, const int32_t *days, size_t count)
{
    size_t apart = count * APART / 1000;
    int32_t first = days[apart];
    int32_t last = days[count - 1 - apart];
    bool is_worth = (int64_t)last - first < ((int64_t)days[count - 1] - days[0]) / 4 * 3;
    bins->first = is_worth ? first : days[0];
    bins->last = is_worth ? last : days[count - 1];
    bins->days = (int32_t)(((int64_t)bins->last - bins->first) / BINS + 1);
}

static ndup_status find_bins(date_bins *bins, bool *any, const ndup__story_tally *tally,
                             ndup_error *error)
{
    int32_t *days = NULL;
    size_t count = 0;
    ndup_status status =
        ndup__resize(tally->allocator, &days, 0, tally->count, sizeof *days, error);
    for (size_t i = 0; i < tally->count && status == NDUP_STATUS_OK; i++) {
        if (tally->days[i] != NDUP__NO_DAY) {
            days[count++] = tally->days[i];
        }
    }
    *any = count > 0;
    if (*any) {
        qsort(days, count, sizeof *days, rising);
        find_range(bins, days, count);
    }
    ndup__free(tally->allocator, &days, tally->count, sizeof *days);
    return status;
}

static void fill_bins(date_bins *bins, const ndup__story_tally *tally, const uint8_t *is_story)
{
    for (size_t i = 0; i < tally->count; i++) {
        int32_t day = tally->days[i];
        if (day == NDUP__NO_DAY) {
            continue;
        }
        if (day < bins->first || day > bins->last) {
            ++*(day < bins->first ? &bins->before : &bins->behind);
            continue;
        }
        size_t bin = (size_t)((day - bins->first) / bins->days);
        bins->documents[bin]++;
        bins->in_stories[bin] += is_story[tally->stories[i]];
    }
}

static void write_bins(ndup__out *out, const date_bins *bins)
{
    size_t count = (size_t)((bins->last - bins->first) / bins->days) + 1;
    ndup__json_open(out, "dates", '{');
    ndup__json_fixed(out, "first", bins->first);
    ndup__json_fixed(out, "last", bins->last);
    ndup__json_count(out, "days", (uint64_t)bins->days);
    ndup__json_count(out, "before", bins->before);
    ndup__json_count(out, "behind", bins->behind);
    ndup__json_open(out, "bins", '[');
    for (size_t i = 0; i < count; i++) {
        ndup__json_open(out, NULL, '[');
        ndup__json_count(out, NULL, bins->documents[i]);
        ndup__json_count(out, NULL, bins->in_stories[i]);
        ndup__json_close(out, ']');
    }
    ndup__json_close(out, ']');
    ndup__json_close(out, '}');
}

static ndup_status write_dates(ndup__out *out, const ndup__story_tally *tally,
                               const uint8_t *is_story, ndup_error *error)
{
    date_bins bins = {.days = 1};
    bool any;
    ndup_status status = find_bins(&bins, &any, tally, error);
    if (status == NDUP_STATUS_OK && any) {
        fill_bins(&bins, tally, is_story);
        write_bins(out, &bins);
    }
    return status;
}

/* A row of the table: a source, or all those that have none. */
typedef struct source_row {
    uint64_t documents, in_stories, copies, copied;
} source_row;

static void write_source(ndup__out *out, const char *key, const ndup_text *name,
                         const source_row *row)
{
    ndup__json_open(out, key, '{');
    if (name != NULL) {
        ndup_text shown = {name->bytes, ndup__cut_at_character(*name, NDUP__SHOWN_PART_BYTES)};
        ndup__json_string(out, "name", shown);
    }
    ndup__json_count(out, "documents", row->documents);
    ndup__json_count(out, "in_stories", row->in_stories);
    ndup__json_count(out, "copies", row->copies);
    ndup__json_count(out, "copied", row->copied);
    ndup__json_close(out, '}');
}

static void write_rows(ndup__out *out, const ndup__story_tally *tally, const uint64_t *in_stories)
{
    const ndup__source_matrix *matrix = &tally->matrix;
    size_t named = matrix->size - matrix->has_others;
    source_row rest = {0};
    ndup__json_count(out, "source_count", matrix->row_count);
    ndup__json_open(out, "sources", '[');
    for (size_t i = 0; i < matrix->row_count; i++) {
        const ndup__source_counts *counts = &tally->sources.rows[matrix->order[i]];
        source_row row = {counts->documents, in_stories[matrix->order[i]], counts->dropped,
                          counts->repeated};
        if (i < named) {
            write_source(out, NULL, &counts->name, &row);
        } else {
            rest = (source_row){rest.documents + row.documents, rest.in_stories + row.in_stories,
                                rest.copies + row.copies, rest.copied + row.copied};
        }
    }
    ndup__json_close(out, ']');
    if (matrix->has_others) {
        write_source(out, "other_sources", NULL, &rest);
    }
}

static void write_matrix(ndup__out *out, const ndup__source_matrix *matrix)
{
    ndup__json_open(out, "matrix", '[');
    for (size_t of = 0; of < matrix->size; of++) {
        ndup__json_open(out, NULL, '[');
        for (size_t by = 0; by < matrix->size; by++) {
            ndup__json_count(out, NULL, matrix->repeats[of * matrix->size + by]);
        }
        ndup__json_close(out, ']');
    }
    ndup__json_close(out, ']');
}

static ndup_status write_sources(ndup__out *out, const ndup__story_tally *tally,
                                 const uint8_t *is_story, ndup_error *error)
{
    uint64_t *in_stories = NULL;
    size_t rows = tally->sources.count;
    ndup_status status =
        ndup__allocate_zeroed(tally->allocator, &in_stories, rows, sizeof *in_stories, error);
    if (status == NDUP_STATUS_OK) {
        for (size_t i = 0; i < tally->count; i++) {
            in_stories[tally->sources.of_document[i]] += is_story[tally->stories[i]];
        }
        write_rows(out, tally, in_stories);
        write_matrix(out, &tally->matrix);
    }
    ndup__free(tally->allocator, &in_stories, rows, sizeof *in_stories);
    return status;
}

ndup_status ndup__story_overview_json(ndup__out *out, const ndup__story_tally *tally,
                                      const ndup__story_choice *choice, ndup_error *error)
{
    uint8_t *is_story = NULL; /* by number: whether it has several documents */
    ndup_status status =
        ndup__allocate_zeroed(tally->allocator, &is_story, choice->story_count, 1, error);
    for (size_t i = 0; i < choice->count && status == NDUP_STATUS_OK; i++) {
        is_story[choice->items[i].number] = 1;
    }
    if (status == NDUP_STATUS_OK) {
        status = write_dates(out, tally, is_story, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = write_sources(out, tally, is_story, error);
    }
    ndup__free(tally->allocator, &is_story, choice->story_count, 1);
    return status;
}
