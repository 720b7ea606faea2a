/* SPDX-License-Identifier: MIT */
/* clusters:FILE, the groups of two or more documents, and the families of one form. */
#include "report/csv_out.h"
#include "report/grouping.h"
#include "report/json_out.h"
#include "report/sink.h"
#include "report/verdict_out.h"

static void write_row(ndup__out *out, const ndup_verdict *first, const ndup_verdict *member,
                      bool of_forms)
{
    if (of_forms) {
        ndup__csv_empty(out);
    } else {
        ndup__csv_text(out, first->id);
    }
    ndup__csv_text(out, member->id);
    ndup__csv_text(out, member->source);
    ndup__csv_text(out, member->title);
    ndup__csv_word(out, ndup__decision_name(member));
    ndup__csv_word(out, ndup_kind_name(member->kind));
    ndup__csv_fixed(out, of_forms ? member->form_similarity : member->similarity);
    if (of_forms) {
        ndup__csv_text(out, first->id);
    } else {
        ndup__csv_empty(out);
    }
    ndup__csv_end_row(out);
}

static void write_member(ndup__file_output *output, const ndup_verdict *first,
                         const ndup_verdict *member, bool of_forms)
{
    ndup__out *out = &output->out;
    if (output->style == NDUP__STYLE_CSV) {
        write_row(out, first, member, of_forms);
        return;
    }
    ndup__json_open(out, NULL, '{');
    ndup__json_string(out, "id", member->id);
    ndup__json_optional(out, "source", member->source);
    ndup__json_optional(out, "title", member->title);
    ndup__json_word(out, "decision", ndup__decision_name(member));
    ndup__json_fixed(out, "similarity", of_forms ? member->form_similarity : member->similarity);
    ndup__json_word(out, "kind", ndup_kind_name(member->kind));
    ndup__json_close(out, '}');
}

/* The survivor or the first of a form, then the others in corpus order. */
static void write_members(ndup__file_output *output, const uint64_t *members, uint64_t count,
                          const ndup_verdict *first, bool of_forms)
{
    ndup_verdict member;
    write_member(output, first, first, of_forms);
    for (uint64_t i = 0; i < count; i++) {
        if (members[i] != first->document) {
            ndup_result_verdict(output->result, members[i], &member);
            write_member(output, first, &member, of_forms);
        }
    }
}

static void write_group(ndup__file_output *output, uint64_t number, const uint64_t *members,
                        uint64_t count, bool of_forms)
{
    ndup__out *out = &output->out;
    ndup_verdict first;
    ndup_result_verdict(output->result, number, &first);
    if (output->style == NDUP__STYLE_CSV) {
        write_members(output, members, count, &first, of_forms);
        return;
    }
    ndup__json_open(out, NULL, '{');
    ndup__json_string(out, of_forms ? "form" : "cluster", first.id);
    ndup__json_count(out, "size", count);
    ndup__json_open(out, "members", '[');
    write_members(output, members, count, &first, of_forms);
    ndup__json_close(out, ']');
    ndup__json_close(out, '}');
    ndup__json_end_line(out);
}

/* A family may be named after a document that an edited plan says is none of it. */
static bool is_whole(const ndup__grouping *groups, uint64_t number)
{
    ndup_verdict first;
    ndup_result_verdict(groups->result, number, &first);
    return !groups->of_forms || (first.formed && first.form == number);
}

static ndup_status write_groups(ndup__file_output *output, const ndup__grouping *groups,
                                ndup_error *error)
{
    ndup_status status = NDUP_STATUS_OK;
    for (uint64_t i = 0; i < groups->documents && status == NDUP_STATUS_OK; i++) {
        uint64_t *members;
        uint64_t count = ndup__grouping_members(&members, groups, i);
        if (count > 1 && is_whole(groups, i)) {
            write_group(output, i, members, count, groups->of_forms);
            status = ndup__out_status(&output->out, error);
        }
    }
    return status;
}

static void write_columns(ndup__out *out)
{
    /* What is new stands behind what readers know. */
    static const char *const columns[] = {"cluster",  "id",   "source",     "title",
                                          "decision", "kind", "similarity", "form"};
    for (size_t i = 0; i < sizeof columns / sizeof columns[0]; i++) {
        ndup__csv_word(out, columns[i]);
    }
    ndup__csv_end_row(out);
}

static ndup_status finish(ndup__file_output *output, ndup_error *error)
{
    ndup__grouping groups;
    ndup__grouping forms;
    const ndup_allocator *allocator = &output->base.allocator;
    if (output->style == NDUP__STYLE_CSV) {
        write_columns(&output->out);
    }
    ndup_status status = ndup__grouping_init(&groups, output->result, allocator, error);
    if (status == NDUP_STATUS_OK) {
        status = write_groups(output, &groups, error);
    }
    ndup__grouping_deinit(&groups);
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    status = ndup__grouping_init_forms(&forms, output->result, allocator, error);
    if (status == NDUP_STATUS_OK) {
        status = write_groups(output, &forms, error);
    }
    ndup__grouping_deinit(&forms);
    return status;
}

const ndup__output_kind ndup__output_clusters = {
    .info = {"clusters", "groups of near-duplicates with their members; or .csv"},
    .has_csv = true,
    .finish = finish,
};
