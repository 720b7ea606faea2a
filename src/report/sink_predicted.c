/* SPDX-License-Identifier: MIT */
/* What a run predicts at a threshold, as a table for other scorers. */
#include "base/alloc.h"
#include "base/require.h"
#include "neardup/eval.h"
#include "report/csv_out.h"
#include "report/line_out.h"
#include "report/sink.h"

typedef struct predicted_output {
    ndup__file_output base;
    ndup__out cell; /* an id as it stands in a line */
    bool clusters;
    double threshold;
    /* Documents with the same text, as lists: a pair of the result stands for all pairs between the
     * lists of its two documents. Each has the next of its list; `count` ends one. */
    uint64_t *next;
    uint64_t count;
} predicted_output;

/* The lists begin with the documents that pairs name. */
static ndup_status make_twins(predicted_output *self, ndup_error *error)
{
    const ndup_result *result = self->base.result;
    uint64_t count = ndup_result_summary(result)->documents;
    self->count = count;
    ndup_status status =
        ndup__resize(&self->base.base.allocator, &self->next, 0, count, sizeof *self->next, error);
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    for (uint64_t i = 0; i < count; i++) {
        self->next[i] = count;
    }
    for (uint64_t i = count; i-- > 0;) {
        ndup_verdict verdict;
        ndup_result_verdict(result, i, &verdict);
        uint64_t first = verdict.same_text;
        if (first != i) { /* in behind the first */
            self->next[i] = self->next[first];
            self->next[first] = i;
        }
    }
    return NDUP_STATUS_OK;
}

static void write_id(predicted_output *self, uint64_t number)
{
    ndup_verdict verdict;
    ndup_result_verdict(self->base.result, number, &verdict);
    self->cell.held = 0;
    ndup__line_text(&self->cell, verdict.id);
    ndup__csv_text(&self->base.out, (ndup_text){self->cell.bytes, self->cell.held});
}

static void write_pair(predicted_output *self, uint64_t a, uint64_t b)
{
    write_id(self, a);
    write_id(self, b);
    ndup__csv_end_row(&self->base.out);
}

static void write_pairs(predicted_output *self)
{
    const uint64_t *next = self->next;
    const ndup_pair *pairs;
    size_t pair_count = ndup_result_pairs(self->base.result, &pairs);
    const ndup_dedup_options *options = ndup_result_options(self->base.result);
    bool drops_forms = options->templates == NDUP_TEMPLATES_DROP;
    bool by_similarity = options->rule == NDUP_RULE_JACCARD;
    for (uint64_t a = 0; a < self->count; a++) {
        for (uint64_t b = next[a]; b < self->count; b = next[b]) {
            write_pair(self, a, b);
        }
    }
    for (size_t i = 0; i < pair_count; i++) {
        bool is_kept_form = pairs[i].kind == NDUP_KIND_TEMPLATE && !drops_forms;
        bool is_below = by_similarity && pairs[i].similarity < self->threshold;
        if (is_below || is_kept_form) {
            continue;
        }
        for (uint64_t a = pairs[i].a; a < self->count; a = next[a]) {
            for (uint64_t b = pairs[i].b; b < self->count; b = next[b]) {
                write_pair(self, a, b);
            }
        }
    }
}

static void write_cluster(predicted_output *self, const ndup_verdict *verdict)
{
    write_pair(self, verdict->document, verdict->survivor);
}

static ndup_status begin(ndup__file_output *output, ndup_error *error)
{
    predicted_output *self = (predicted_output *)output;
    (void)error;
    output->out.has_tabs = output->style != NDUP__STYLE_CSV;
    ndup__out_init(&self->cell, NULL, &output->base.allocator);
    return NDUP_STATUS_OK;
}

static ndup_status document(ndup__file_output *output, const ndup_verdict *verdict,
                            const ndup_document *document, ndup_error *error)
{
    predicted_output *self = (predicted_output *)output;
    (void)document;
    if (self->clusters) {
        write_cluster(self, verdict);
    }
    return ndup__out_status(&self->cell, error);
}

static ndup_status finish(ndup__file_output *output, ndup_error *error)
{
    predicted_output *self = (predicted_output *)output;
    ndup_status status = NDUP_STATUS_OK;
    if (!self->clusters) {
        status = make_twins(self, error);
    }
    if (status == NDUP_STATUS_OK && !self->clusters) {
        write_pairs(self);
    }
    return status == NDUP_STATUS_OK ? ndup__out_status(&self->cell, error) : status;
}

static void release(ndup__file_output *output)
{
    predicted_output *self = (predicted_output *)output;
    ndup__free(&output->base.allocator, &self->next, self->count, sizeof *self->next);
    ndup__out_deinit(&self->cell);
}

static const ndup__output_kind predicted = {
    .info = {"predicted", "pairs or groups, as labels"},
    .has_csv = true,
    .begin = begin,
    .document = document,
    .finish = finish,
    .own_bytes = sizeof(predicted_output),
    .release = release,
};

ndup_status ndup_predicted_open(ndup_sink **sink, const char *path, int clusters, double threshold,
                                const ndup_output_options *options, ndup_error *error)
{
    if (sink != NULL) {
        *sink = NULL;
    }
    ndup_status given = NDUP__REQUIRE(error, "sink", sink, "path", path);
    if (given == NDUP_STATUS_OK && options != NULL) {
        given = ndup__require_size(options->struct_size, sizeof *options, "output options", error);
    }
    if (given != NDUP_STATUS_OK) {
        return given;
    }
    ndup__output *output;
    ndup_status status = ndup__file_output_open(&output, &predicted, path, options, error);
    if (status == NDUP_STATUS_OK) {
        predicted_output *self = (predicted_output *)output;
        self->clusters = clusters != 0;
        self->threshold = threshold;
        *sink = &output->sink;
    }
    return status;
}
