/* SPDX-License-Identifier: MIT */
/* clusters:FILE, the groups of two or more documents. */
#include "base/alloc.h"
#include "report/csv_out.h"
#include "report/json_out.h"
#include "report/sink.h"
#include "report/verdict_out.h"

/* The grouped documents, sorted by survivor and then by number: a counting sort, 16 bytes a
 * document. */
typedef struct grouping {
    const ndup_result *result;
    uint64_t documents;
    uint64_t *ends;    /* [documents + 1]: members of survivor s end at ends[s] */
    uint64_t *members; /* [grouped] */
    uint64_t grouped;
} grouping;

static uint64_t first_member(const grouping *groups, uint64_t survivor)
{
    return survivor > 0 ? groups->ends[survivor - 1] : 0;
}

static ndup_status sort_members(grouping *groups, const ndup_allocator *allocator,
                                ndup_error *error)
{
    ndup_verdict verdict;
    for (uint64_t i = 0; i < groups->documents; i++) {
        ndup_result_verdict(groups->result, i, &verdict);
        if (verdict.grouped) {
            groups->ends[verdict.survivor + 1]++;
            groups->grouped++;
        }
    }
    ndup_status status = ndup__allocate_zeroed(allocator, &groups->members, (size_t)groups->grouped,
                                               sizeof *groups->members, error);
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    for (uint64_t i = 1; i <= groups->documents; i++) {
        groups->ends[i] += groups->ends[i - 1];
    }
    /* ends[s] is the beginning of survivor s, until every member has moved it to its end. */
    for (uint64_t i = 0; i < groups->documents; i++) {
        ndup_result_verdict(groups->result, i, &verdict);
        if (verdict.grouped) {
            groups->members[groups->ends[verdict.survivor]++] = i;
        }
    }
    return NDUP_STATUS_OK;
}

static void write_member(ndup__file_output *output, ndup_text cluster, const ndup_verdict *member)
{
    ndup__out *out = &output->out;
    if (output->style == NDUP__STYLE_CSV) {
        ndup__csv_text(out, cluster);
        ndup__csv_text(out, member->id);
        ndup__csv_word(out, ndup__decision_name(member));
        ndup__csv_word(out, ndup_kind_name(member->kind));
        ndup__csv_fixed(out, member->similarity);
        ndup__csv_end_row(out);
        return;
    }
    ndup__json_open(out, NULL, '{');
    ndup__json_string(out, "id", member->id);
    ndup__json_word(out, "decision", ndup__decision_name(member));
    ndup__json_fixed(out, "similarity", member->similarity);
    ndup__json_word(out, "kind", ndup_kind_name(member->kind));
    ndup__json_close(out, '}');
}

/* The survivor, then the others in corpus order. */
static void write_members(ndup__file_output *output, const grouping *groups,
                          const ndup_verdict *survivor)
{
    ndup_verdict member;
    write_member(output, survivor->id, survivor);
    for (uint64_t i = first_member(groups, survivor->document);
         i < groups->ends[survivor->document]; i++) {
        if (groups->members[i] != survivor->document) {
            ndup_result_verdict(groups->result, groups->members[i], &member);
            write_member(output, survivor->id, &member);
        }
    }
}

static void write_cluster(ndup__file_output *output, const grouping *groups, uint64_t number)
{
    ndup__out *out = &output->out;
    ndup_verdict survivor;
    ndup_result_verdict(groups->result, number, &survivor);
    if (output->style == NDUP__STYLE_CSV) {
        write_members(output, groups, &survivor);
        return;
    }
    ndup__json_open(out, NULL, '{');
    ndup__json_string(out, "cluster", survivor.id);
    ndup__json_count(out, "size", groups->ends[number] - first_member(groups, number));
    ndup__json_open(out, "members", '[');
    write_members(output, groups, &survivor);
    ndup__json_close(out, ']');
    ndup__json_close(out, '}');
    ndup__json_end_line(out);
}

static void write_columns(ndup__out *out)
{
    static const char *const columns[] = {"cluster", "id", "decision", "kind", "similarity"};
    for (size_t i = 0; i < sizeof columns / sizeof columns[0]; i++) {
        ndup__csv_word(out, columns[i]);
    }
    ndup__csv_end_row(out);
}

static ndup_status finish(ndup__file_output *output, ndup_error *error)
{
    const ndup_allocator *allocator = &output->base.allocator;
    grouping groups = {.result = output->result,
                       .documents = ndup_result_summary(output->result)->documents};
    if (output->style == NDUP__STYLE_CSV) {
        write_columns(&output->out);
    }
    ndup_status status = ndup__allocate_zeroed(
        allocator, &groups.ends, (size_t)groups.documents + 1, sizeof *groups.ends, error);
    if (status == NDUP_STATUS_OK) {
        status = sort_members(&groups, allocator, error);
    }
    for (uint64_t i = 0; i < groups.documents && status == NDUP_STATUS_OK; i++) {
        if (groups.ends[i] > first_member(&groups, i) + 1) {
            write_cluster(output, &groups, i);
            status = ndup__out_status(&output->out, error);
        }
    }
    ndup__free(allocator, &groups.members, (size_t)groups.grouped, sizeof *groups.members);
    ndup__free(allocator, &groups.ends, (size_t)groups.documents + 1, sizeof *groups.ends);
    return status;
}

const ndup__output_kind ndup__output_clusters = {
    .info = {"clusters", "groups of near-duplicates with their members; or .csv"},
    .has_csv = true,
    .finish = finish,
};
