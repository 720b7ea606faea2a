/* SPDX-License-Identifier: MIT */
/* pairs:FILE, the verified pairs and the copies of whole texts. */
#include "base/alloc.h"
#include "report/csv_out.h"
#include "report/json_out.h"
#include "report/sink.h"
#include "report/verdict_out.h"

static void write_columns(ndup__out *out)
{
    static const char *const columns[] = {
        "a",    "b",        "similarity", "containment_a", "containment_b",
        "kind", "source_a", "source_b",   "title_a",       "title_b"};
    for (size_t i = 0; i < sizeof columns / sizeof columns[0]; i++) {
        ndup__csv_word(out, columns[i]);
    }
    ndup__csv_end_row(out);
}

static void write_pair(ndup__file_output *output, const ndup_pair *pair, ndup_kind kind)
{
    ndup_verdict a;
    ndup_verdict b;
    ndup_result_verdict(output->result, pair->a, &a);
    ndup_result_verdict(output->result, pair->b, &b);
    ndup__out *out = &output->out;
    if (output->style == NDUP__STYLE_CSV) {
        ndup__csv_text(out, a.id);
        ndup__csv_text(out, b.id);
        ndup__csv_fixed(out, pair->similarity);
        ndup__csv_fixed(out, pair->containment_a);
        ndup__csv_fixed(out, pair->containment_b);
        ndup__csv_word(out, ndup_kind_name(kind));
        ndup__csv_text(out, a.source);
        ndup__csv_text(out, b.source);
        ndup__csv_text(out, a.title);
        ndup__csv_text(out, b.title);
        ndup__csv_end_row(out);
        return;
    }
    ndup__json_open(out, NULL, '{');
    ndup__json_string(out, "a", a.id);
    ndup__json_string(out, "b", b.id);
    ndup__json_fixed(out, "similarity", pair->similarity);
    ndup__json_fixed(out, "containment_a", pair->containment_a);
    ndup__json_fixed(out, "containment_b", pair->containment_b);
    ndup__json_word(out, "kind", ndup_kind_name(kind));
    ndup__json_optional(out, "source_a", a.source);
    ndup__json_optional(out, "source_b", b.source);
    ndup__json_optional(out, "title_a", a.title);
    ndup__json_optional(out, "title_b", b.title);
    ndup__json_close(out, '}');
    ndup__json_end_line(out);
}

/* Which documents the verified pairs name: a bit each. NULL without pairs. */
typedef struct pair_list {
    const ndup_pair *pairs;
    size_t count;
    uint64_t documents;
    uint64_t *named;
} pair_list;

static size_t word_count(const pair_list *list)
{
    return (size_t)(list->documents / 64 + 1);
}

static void name_document(pair_list *list, uint64_t number)
{
    list->named[number / 64] |= (uint64_t)1 << number % 64;
}

static bool is_named(const pair_list *list, uint64_t number)
{
    return list->named != NULL && (list->named[number / 64] >> number % 64 & 1) != 0;
}

static ndup_status write_verified(ndup__file_output *output, pair_list *list, ndup_error *error)
{
    ndup_status status = NDUP_STATUS_OK;
    for (size_t i = 0; i < list->count && status == NDUP_STATUS_OK; i++) {
        const ndup_pair *pair = &list->pairs[i];
        name_document(list, pair->a);
        name_document(list, pair->b);
        write_pair(output, pair, pair->kind);
        status = ndup__out_status(&output->out, error);
    }
    return status;
}

static bool is_copy(ndup_kind kind)
{
    return kind == NDUP_KIND_IDENTICAL || kind == NDUP_KIND_NORMALIZED;
}

/* What the verified pairs leave out. A copy of a text takes part in them as the text's first
 * document only, and a run that keeps no pairs still knows those that decided. A survivor reached
 * through a chain of pairs is no pair. */
static ndup_status write_deciding(ndup__file_output *output, const pair_list *list,
                                  ndup_error *error)
{
    double threshold = ndup_result_options(output->result)->matching.threshold;
    ndup_verdict verdict;
    ndup_status status = NDUP_STATUS_OK;
    for (uint64_t i = 0; i < list->documents && status == NDUP_STATUS_OK; i++) {
        ndup_result_verdict(output->result, i, &verdict);
        if (verdict.survivor == i || is_named(list, i) ||
            (!is_copy(verdict.kind) && verdict.similarity < threshold)) {
            continue;
        }
        const ndup_pair pair = {verdict.survivor,    i,
                                verdict.similarity,  verdict.survivor_containment,
                                verdict.containment, verdict.kind};
        write_pair(output, &pair, verdict.kind);
        status = ndup__out_status(&output->out, error);
    }
    return status;
}

static ndup_status finish(ndup__file_output *output, ndup_error *error)
{
    const ndup_allocator *allocator = &output->base.allocator;
    pair_list list = {.documents = ndup_result_summary(output->result)->documents};
    list.count = ndup_result_pairs(output->result, &list.pairs);
    ndup_status status = NDUP_STATUS_OK;
    if (output->style == NDUP__STYLE_CSV) {
        write_columns(&output->out);
    }
    if (list.count > 0) {
        status = ndup__allocate_zeroed(allocator, &list.named, word_count(&list),
                                       sizeof *list.named, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = write_verified(output, &list, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = write_deciding(output, &list, error);
    }
    ndup__free(allocator, &list.named, word_count(&list), sizeof *list.named);
    return status;
}

const ndup__output_kind ndup__output_pairs = {
    .info = {"pairs", "pairs of near-duplicates with their similarity; or .csv"},
    .has_csv = true,
    .finish = finish,
};
