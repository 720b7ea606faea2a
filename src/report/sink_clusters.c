/* SPDX-License-Identifier: MIT */
/* clusters:FILE, the groups of two or more documents. */
#include "report/csv_out.h"
#include "report/grouping.h"
#include "report/json_out.h"
#include "report/sink.h"
#include "report/verdict_out.h"

static void write_member(ndup__file_output *output, ndup_text cluster, const ndup_verdict *member)
{
    ndup__out *out = &output->out;
    if (output->style == NDUP__STYLE_CSV) {
        ndup__csv_text(out, cluster);
        ndup__csv_text(out, member->id);
        ndup__csv_text(out, member->source);
        ndup__csv_text(out, member->title);
        ndup__csv_word(out, ndup__decision_name(member));
        ndup__csv_word(out, ndup_kind_name(member->kind));
        ndup__csv_fixed(out, member->similarity);
        ndup__csv_end_row(out);
        return;
    }
    ndup__json_open(out, NULL, '{');
    ndup__json_string(out, "id", member->id);
    ndup__json_optional(out, "source", member->source);
    ndup__json_optional(out, "title", member->title);
    ndup__json_word(out, "decision", ndup__decision_name(member));
    ndup__json_fixed(out, "similarity", member->similarity);
    ndup__json_word(out, "kind", ndup_kind_name(member->kind));
    ndup__json_close(out, '}');
}

/* The survivor, then the others in corpus order. */
static void write_members(ndup__file_output *output, const uint64_t *members, uint64_t count,
                          const ndup_verdict *survivor)
{
    ndup_verdict member;
    write_member(output, survivor->id, survivor);
    for (uint64_t i = 0; i < count; i++) {
        if (members[i] != survivor->document) {
            ndup_result_verdict(output->result, members[i], &member);
            write_member(output, survivor->id, &member);
        }
    }
}

static void write_cluster(ndup__file_output *output, uint64_t number, const uint64_t *members,
                          uint64_t count)
{
    ndup__out *out = &output->out;
    ndup_verdict survivor;
    ndup_result_verdict(output->result, number, &survivor);
    if (output->style == NDUP__STYLE_CSV) {
        write_members(output, members, count, &survivor);
        return;
    }
    ndup__json_open(out, NULL, '{');
    ndup__json_string(out, "cluster", survivor.id);
    ndup__json_count(out, "size", count);
    ndup__json_open(out, "members", '[');
    write_members(output, members, count, &survivor);
    ndup__json_close(out, ']');
    ndup__json_close(out, '}');
    ndup__json_end_line(out);
}

static void write_columns(ndup__out *out)
{
    static const char *const columns[] = {"cluster",  "id",   "source",    "title",
                                          "decision", "kind", "similarity"};
    for (size_t i = 0; i < sizeof columns / sizeof columns[0]; i++) {
        ndup__csv_word(out, columns[i]);
    }
    ndup__csv_end_row(out);
}

static ndup_status finish(ndup__file_output *output, ndup_error *error)
{
    ndup__grouping groups;
    if (output->style == NDUP__STYLE_CSV) {
        write_columns(&output->out);
    }
    ndup_status status =
        ndup__grouping_init(&groups, output->result, &output->base.allocator, error);
    for (uint64_t i = 0; i < groups.documents && status == NDUP_STATUS_OK; i++) {
        uint64_t *members;
        uint64_t count = ndup__grouping_members(&members, &groups, i);
        if (count > 1) {
            write_cluster(output, i, members, count);
            status = ndup__out_status(&output->out, error);
        }
    }
    ndup__grouping_deinit(&groups);
    return status;
}

const ndup__output_kind ndup__output_clusters = {
    .info = {"clusters", "groups of near-duplicates with their members; or .csv"},
    .has_csv = true,
    .finish = finish,
};
