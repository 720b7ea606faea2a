/* SPDX-License-Identifier: MIT */
/* The comparison of two texts as JSON. */
#include <stdio.h>

#include "explain_print.h"
#include "json_print.h"

static void print_json_side(cli_json *json, const char *key, const cli_side *side, uint64_t tokens,
                            uint64_t shingles, ndup_reading reading)
{
    cli_json_open(json, key, '{');
    cli_json_word(json, "name", side->name);
    cli_json_count(json, "bytes", side->document.text.length);
    cli_json_count(json, "tokens", tokens);
    cli_json_count(json, "shingles", shingles);
    cli_json_word(json, "reading", ndup_reading_name(reading));
    cli_json_close(json, '}');
}

static void print_json_bands(cli_json *json, const ndup_explanation *explanation)
{
    cli_json_open(json, "bands", '{');
    cli_json_count(json, "bands", explanation->bands.bands);
    cli_json_count(json, "rows", explanation->bands.rows);
    cli_json_count(json, "slots", explanation->bands.slots);
    cli_json_count(json, "shared", explanation->shared_bands);
    cli_json_bool(json, "proposed", explanation->shared_bands > 0);
    cli_json_number(json, "probability", explanation->proposal);
    cli_json_close(json, '}');
}

static void print_json_span(cli_json *json, const cli_comparison *comparison, const ndup_span *span)
{
    cli_json_open(json, NULL, '{');
    cli_json_count(json, "tokens", span->tokens);
    cli_json_count(json, "a_offset", span->a_offset);
    cli_json_count(json, "a_bytes", span->a_bytes);
    cli_json_count(json, "b_offset", span->b_offset);
    cli_json_count(json, "b_bytes", span->b_bytes);
    cli_json_text(json, "a_text", comparison->a.document.text.bytes + span->a_offset,
                  span->a_bytes);
    cli_json_text(json, "b_text", comparison->b.document.text.bytes + span->b_offset,
                  span->b_bytes);
    cli_json_close(json, '}');
}

static void print_json_own(cli_json *json, const cli_comparison *comparison, int side)
{
    const ndup_form_explanation *form = comparison->form;
    const cli_side *shown = side == 0 ? &comparison->a : &comparison->b;
    cli_json_open(json, side == 0 ? "own_a" : "own_b", '[');
    for (size_t i = 0; i < form->own_count[side]; i++) {
        const ndup_own_run *run = &form->own[side][i];
        cli_json_open(json, NULL, '{');
        cli_json_count(json, "tokens", run->tokens);
        cli_json_count(json, "offset", run->offset);
        cli_json_count(json, "bytes", run->bytes);
        cli_json_count(json, "texts", run->texts);
        cli_json_text(json, "text", shown->document.text.bytes + run->offset, run->bytes);
        cli_json_close(json, '}');
    }
    cli_json_close(json, ']');
}

static void print_json_form(cli_json *json, const cli_comparison *comparison)
{
    cli_json_open(json, "corpus", '{');
    cli_json_count(json, "documents", comparison->form->documents);
    cli_json_count(json, "family", comparison->form->family);
    print_json_own(json, comparison, 0);
    print_json_own(json, comparison, 1);
    cli_json_close(json, '}');
}

void cli_explain_print_json(const cli_comparison *comparison)
{
    const ndup_explanation *explanation = comparison->explanation;
    const ndup_dedup_options *options = comparison->options;
    cli_json json = {.out = stdout};
    cli_json_begin(&json);
    print_json_side(&json, "a", &comparison->a, explanation->a_tokens, explanation->a_shingles,
                    explanation->a_reading);
    print_json_side(&json, "b", &comparison->b, explanation->b_tokens, explanation->b_shingles,
                    explanation->b_reading);
    cli_json_word(&json, "preset", options->preset);
    cli_json_number(&json, "threshold", options->matching.threshold);
    cli_json_bool(&json, "similar", explanation->similar);
    cli_json_bool(&json, "a_would_go", explanation->a_would_go);
    cli_json_bool(&json, "b_would_go", explanation->b_would_go);
    cli_json_word(&json, "kind", ndup_kind_name(explanation->kind));
    cli_json_number(&json, "similarity", explanation->similarity);
    cli_json_number(&json, "estimate", explanation->estimate);
    cli_json_number(&json, "containment_a", explanation->containment_a);
    cli_json_number(&json, "containment_b", explanation->containment_b);
    cli_json_number(&json, "own_a", explanation->own_a);
    cli_json_number(&json, "own_b", explanation->own_b);
    cli_json_number(&json, "number_agreement", explanation->number_agreement);
    cli_json_bool(&json, "short_texts_agree", explanation->short_texts_agree);
    cli_json_count(&json, "shared_shingles", explanation->shared_shingles);
    print_json_bands(&json, explanation);
    cli_json_open(&json, "spans", '[');
    for (size_t i = 0; i < explanation->span_count; i++) {
        print_json_span(&json, comparison, &explanation->spans[i]);
    }
    cli_json_close(&json, ']');
    if (comparison->form != NULL) {
        print_json_form(&json, comparison);
    }
    if (comparison->story != NULL) {
        cli_json_value(&json, "stories", comparison->story);
    }
    cli_json_end(&json);
}
