/* SPDX-License-Identifier: MIT */
/* A result made by hand, and the calls that a run would make with it. Defines the ndup_result_*
 * functions, so one file of a program includes it, and the program does no real runs. */
#ifndef TEST_SUPPORT_FAKE_RESULT_H
#define TEST_SUPPORT_FAKE_RESULT_H

#include <stdbool.h>
#include <string.h>

#include "neardup.h"

struct ndup_result {
    ndup_summary summary;
    ndup_dedup_options options;
    ndup_corpus_options corpus_options;
    const char *const *inputs;
    size_t input_count;
    const ndup_pair *pairs;
    size_t pair_count;
    const ndup_source_loss *losses;
    size_t loss_count;
    const ndup_verdict *verdicts; /* [summary.documents]; ids are taken from the documents */
    const ndup_document *documents;
    const ndup_problem *problems; /* rejected before the first document */
    const ndup_text *rejected;
    size_t rejected_count;
    bool has_baseline;
    const ndup_profile *profile;
};

const ndup_dedup_options *ndup_result_options(const ndup_result *result)
{
    return &result->options;
}

const ndup_summary *ndup_result_summary(const ndup_result *result)
{
    return &result->summary;
}

const ndup_profile *ndup_result_profile(const ndup_result *result)
{
    return result->profile;
}

size_t ndup_result_inputs(const ndup_result *result, const char *const **inputs)
{
    *inputs = result->inputs;
    return result->input_count;
}

const ndup_corpus_options *ndup_result_corpus_options(const ndup_result *result)
{
    return &result->corpus_options;
}

size_t ndup_result_pairs(const ndup_result *result, const ndup_pair **pairs)
{
    *pairs = result->pairs;
    return result->pair_count;
}

size_t ndup_result_losses(const ndup_result *result, const ndup_source_loss **losses)
{
    *losses = result->losses;
    return result->loss_count;
}

void ndup_result_verdict(const ndup_result *result, uint64_t number, ndup_verdict *verdict)
{
    *verdict = result->verdicts[number];
    verdict->document = number;
    verdict->id = result->documents[number].id;
    verdict->source = result->documents[number].source;
    verdict->title = result->documents[number].title;
    verdict->survivor_id = result->documents[verdict->survivor].id;
    verdict->form_id = result->documents[verdict->form].id;
}

bool ndup_result_has_baseline(const ndup_result *result)
{
    return result->has_baseline;
}

const char *ndup_kind_name(ndup_kind kind)
{
    static const char *const names[] = {"none",      "identical", "normalized",
                                        "contained", "near",      "template"};
    return names[kind];
}

static inline ndup_status fake_feed(const ndup_result *result, ndup_sink *sink, ndup_error *error)
{
    ndup_status status = NDUP_STATUS_OK;
    for (size_t i = 0; i < result->rejected_count && sink->rejected != NULL; i++) {
        status = sink->rejected(sink->context, &result->problems[i], result->rejected[i], error);
        if (status != NDUP_STATUS_OK) {
            return status;
        }
    }
    for (uint64_t i = 0; i < result->summary.documents && status == NDUP_STATUS_OK; i++) {
        ndup_verdict verdict;
        ndup_document document = result->documents[i];
        document.number = i;
        ndup_result_verdict(result, i, &verdict);
        status = sink->document(sink->context, &verdict, &document, error);
    }
    return status;
}

/* begin, everything, finish, commit; abort if one of them fails. */
static inline ndup_status fake_write(const ndup_result *result, ndup_sink *sink, ndup_error *error)
{
    ndup_status status = sink->begin(sink->context, result, error);
    if (status == NDUP_STATUS_OK) {
        status = fake_feed(result, sink, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = sink->finish(sink->context, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = sink->commit(sink->context, error);
    }
    if (status != NDUP_STATUS_OK) {
        sink->abort(sink->context);
    }
    return status;
}

/* The same from a specification, with the sink opened and closed. */
static inline ndup_status fake_output(const ndup_result *result, const char *specification,
                                      bool overwrite, const ndup_allocator *allocator,
                                      ndup_error *error)
{
    ndup_output_options options = {
        .struct_size = sizeof options, .overwrite = overwrite, .allocator = allocator};
    ndup_sink *sink;
    ndup_status status = ndup_output_open(&sink, specification, &options, error);
    if (status == NDUP_STATUS_OK) {
        status = fake_write(result, sink, error);
        ndup_output_close(sink);
    }
    return status;
}

#define FAKE_TEXT(literal)             \
    {                                  \
        (literal), sizeof(literal) - 1 \
    }

/* Seven documents in two groups, with ids that are hard to write. */
static const char *const fake_inputs[] = {"corpus", "more \"texts\""};
static const char *const fake_never[] = {"gold/*"};
static const ndup_document fake_documents[] = {
    {.id = FAKE_TEXT("a.txt"),
     .source = FAKE_TEXT("a"),
     .text = FAKE_TEXT("one two three four five"),
     .path = "corpus/a.txt",
     .relative = "a.txt"},
    {.id = FAKE_TEXT("b,\"2\"\n"),
     .text = FAKE_TEXT("one two three four \xC3\xA9"),
     .record = FAKE_TEXT("{ \"text\" : \"x\" }"),
     .path = "corpus/b.jsonl",
     .relative = "sub/b.jsonl",
     .line = 2,
     .offset = 20},
    {.id = FAKE_TEXT("bad\xFF"),
     .text = FAKE_TEXT("other"),
     .record = FAKE_TEXT("{\"text\":\"other\",\"neardup\":1}"),
     .path = "corpus/b.jsonl",
     .relative = "sub/b.jsonl",
     .line = 3,
     .offset = 30},
    {.id = FAKE_TEXT("=1+2"),
     .text = FAKE_TEXT("one two three four five"),
     .record = FAKE_TEXT("{}"),
     .path = "corpus/b.jsonl",
     .relative = "sub/b.jsonl",
     .line = 4,
     .offset = 40},
    {.id = FAKE_TEXT("\"q\""), .text = FAKE_TEXT("lone"), .relative = "sub/deep/e.md"},
    {.id = FAKE_TEXT("f"),
     .text = FAKE_TEXT("lone!"),
     .record = FAKE_TEXT("{ }"),
     .path = "corpus/b.jsonl",
     .relative = "sub/b.jsonl",
     .line = 5,
     .offset = 50},
    {.id = FAKE_TEXT("g"), .text = FAKE_TEXT("g\tg"), .relative = "g.txt"},
};
#define FAKE_COUNT (sizeof fake_documents / sizeof fake_documents[0])
static const ndup_verdict fake_verdicts[FAKE_COUNT] = {
    {.survivor = 0,
     .kept = true,
     .grouped = true,
     .similarity = 1,
     .containment = 1,
     .survivor_containment = 1,
     .text_hash = 0x0123456789ABCDEFu,
     .keep_hash = 0xFEDCBA9876543210u},
    {.survivor = 0,
     .grouped = true,
     .kind = NDUP_KIND_NEAR,
     .similarity = 2.0 / 3,
     .containment = 0.8,
     .survivor_containment = 0.75,
     .span_tokens = 4,
     .span_offset = 4,
     .span_bytes = 14,
     .text_hash = 1,
     .keep_hash = 11},
    {.survivor = 2,
     .kept = true,
     .similarity = 1,
     .containment = 1,
     .survivor_containment = 1,
     .text_hash = 2,
     .keep_hash = 12},
    {.survivor = 0,
     .grouped = true,
     .kind = NDUP_KIND_IDENTICAL,
     .similarity = 1,
     .containment = 1,
     .survivor_containment = 1,
     .text_hash = 0x0123456789ABCDEFu,
     .keep_hash = 13},
    {.survivor = 4,
     .kept = true,
     .grouped = true,
     .similarity = 1,
     .containment = 1,
     .survivor_containment = 1,
     .text_hash = 4,
     .keep_hash = 14},
    {.survivor = 4,
     .grouped = true,
     .kind = NDUP_KIND_NORMALIZED,
     .similarity = 1,
     .containment = 1,
     .survivor_containment = 1,
     .text_hash = 5,
     .keep_hash = 15},
    {.survivor = 6,
     .kept = true,
     .similarity = 1,
     .containment = 1,
     .survivor_containment = 1,
     .text_hash = 6,
     .keep_hash = 16},
};
static const ndup_pair fake_pairs[] = {{0, 1, 2.0 / 3, 0.75, 0.8, NDUP_KIND_NEAR},
                                       {4, 2, 0.5, 0.5, 1, NDUP_KIND_CONTAINED}};
static const ndup_text fake_rejected[] = {FAKE_TEXT("{\"broken\xFE\": "), FAKE_TEXT("")};
static const ndup_problem fake_problems[] = {
    {NDUP_STATUS_CORRUPT, true, "corpus/b.jsonl", 1, 12, "expected a value, found \"nothing\""},
    {NDUP_STATUS_IO, true, NULL, 0, 0, "cannot open x"}};

static inline ndup_result fake_sample(void)
{
    return (ndup_result){
        .summary = {.documents = FAKE_COUNT,
                    .kept = 4,
                    .dropped = 3,
                    .identical = 1,
                    .normalized = 1,
                    .near = 1,
                    .groups = 2,
                    .largest_group = 3,
                    .bands = {.bands = 20, .rows = 5, .slots = 128, .recall = 0.99},
                    .seconds = {0.25, 1e300, 0, 0, 12.3456789}},
        .options = {.struct_size = sizeof(ndup_dedup_options),
                    .matching = {.threshold = 0.6, .shingle_size = 5},
                    .preset = "news",
                    .sketch = "one-permutation",
                    .slots = 128,
                    .recall = 0.99,
                    .seed = UINT64_MAX,
                    .keep = "longest,first",
                    .never_drop = fake_never,
                    .never_drop_count = 1},
        .corpus_options = {.struct_size = sizeof(ndup_corpus_options),
                           .text_field = "body.text",
                           .max_record_bytes = 1000},
        .inputs = fake_inputs,
        .input_count = 2,
        .pairs = fake_pairs,
        .pair_count = 2,
        .verdicts = fake_verdicts,
        .documents = fake_documents,
        .problems = fake_problems,
        .rejected = fake_rejected,
        .rejected_count = 2,
    };
}

#endif
