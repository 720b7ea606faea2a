/* SPDX-License-Identifier: MIT */
/* The comparison of two texts, for people. */
#include "explain_print.h"

#include <stdio.h>
#include <string.h>

#include "excerpt.h"
#include "format.h"
#include "print_visible.h"
#include "rule_print.h"

/* Of both texts in the other: then neither has a slot's worth of its own. */
#define ALMOST_ALL 0.96

static void print_side(FILE *out, char letter, const cli_side *side, uint64_t tokens,
                       uint64_t shingles)
{
    cli_formatted first, second;
    fprintf(out, "  %c  ", letter);
    cli_print_visible(out, side->name, strlen(side->name));
    fprintf(out, "\n     %s tokens, %s different shingles\n", cli_format_count(&first, tokens),
            cli_format_count(&second, shingles));
}

#define DECISION_BYTES 80

/* Why the two were not compared by their words; NULL if they were. */
static const char *unread(const ndup_explanation *explanation)
{
    ndup_reading a = explanation->a_reading;
    ndup_reading b = explanation->b_reading;
    if (a == NDUP_READING_DAMAGED || b == NDUP_READING_DAMAGED) {
        return a == b ? "not comparable: both are UTF-8 damaged throughout, of other bytes"
                      : "not comparable: one is UTF-8 damaged throughout";
    }
    if (a == NDUP_READING_NO_WORDS || b == NDUP_READING_NO_WORDS) {
        return a == b ? "not comparable: neither has words, and their bytes differ"
                      : "not comparable: one has no words";
    }
    return NULL;
}

/* "near, and ..." : what the numbers mean for a run. `text` is for what is put together. */
static const char *decision(char text[DECISION_BYTES], const cli_comparison *comparison)
{
    const ndup_explanation *explanation = comparison->explanation;
    const ndup_dedup_options *options = comparison->options;
    bool have_own = comparison->form != NULL || (explanation->own_a > 0 && explanation->own_b > 0);
    switch (explanation->kind) {
    case NDUP_KIND_IDENTICAL:
        return "duplicates: the same text";
    case NDUP_KIND_NORMALIZED:
        snprintf(text, DECISION_BYTES, "duplicates: %s", cli_same_tokens_text(options));
        return text;
    case NDUP_KIND_CONTAINED:
        return "near-duplicates: similar, and one is wholly inside the other";
    case NDUP_KIND_NEAR:
        return "near-duplicates";
    case NDUP_KIND_TEMPLATE:
        return have_own ? "not duplicates: one form, filled with contents of their own"
                        : "not duplicates: one form, filled with other figures";
    case NDUP_KIND_NONE:
        break;
    }
    if (unread(explanation) != NULL) {
        return unread(explanation);
    }
    if (explanation->similarity >= options->matching.threshold) {
        return "not duplicates: similar, but short, and neither stands in the other";
    }
    return "not duplicates: the similarity is below the threshold";
}

/* What a run knows that two texts do not tell. */
static void print_reservations(FILE *out, const ndup_explanation *explanation, bool knows_forms)
{
    bool a_stays = explanation->own_a >= NDUP_OWN_ENOUGH;
    bool b_stays = explanation->own_b >= NDUP_OWN_ENOUGH;
    bool is_near = explanation->kind == NDUP_KIND_NEAR || explanation->kind == NDUP_KIND_CONTAINED;
    if (is_near && (a_stays || b_stays)) {
        fprintf(out, "  %-14s but %s stays if it comes later: so much of it is its own\n", "",
                a_stays ? "A" : "B");
    } else if (explanation->kind == NDUP_KIND_NEAR && !knows_forms &&
               explanation->containment_a < ALMOST_ALL && explanation->containment_b < ALMOST_ALL) {
        fprintf(out, "  %-14s unless five or more texts of a corpus fill the same form\n", "");
    }
}

/* What --rule contained would say, where that is not what the decision says. */
static void print_containment(FILE *out, const cli_comparison *comparison)
{
    const ndup_explanation *explanation = comparison->explanation;
    if (explanation->a_would_go || explanation->b_would_go) {
        bool is_a = explanation->a_would_go; /* of two as long, the later one */
        fprintf(out,
                "  %-14s with --rule contained %s would go for %s: %.4g %% of it stands there\n",
                "", is_a ? "A" : "B", is_a ? "B" : "A",
                100 * (is_a ? explanation->containment_a : explanation->containment_b));
    } else if (explanation->kind == NDUP_KIND_NONE || explanation->kind == NDUP_KIND_NEAR) {
        fprintf(out, "  %-14s with --rule contained both would stay\n", "");
    }
}

static void print_decision(FILE *out, const cli_comparison *comparison, const cli_colours *colours)
{
    const ndup_explanation *explanation = comparison->explanation;
    char text[DECISION_BYTES];
    fprintf(out, "  %-14s %s%s%s%s\n", "decision", colours->bold,
            explanation->similar ? colours->good : colours->marked, decision(text, comparison),
            colours->plain);
    print_reservations(out, explanation, comparison->form != NULL);
    bool needs_bands =
        explanation->kind == NDUP_KIND_NEAR || explanation->kind == NDUP_KIND_CONTAINED;
    if (needs_bands && explanation->shared_bands == 0 && !comparison->options->exact) {
        fprintf(out,
                "  %-14s but no band is shared: a run would miss this pair without --exact or a "
                "higher --recall\n",
                "");
    }
    print_containment(out, comparison);
}

static void print_form(FILE *out, const ndup_form_explanation *form)
{
    cli_formatted family, documents;
    fprintf(out, "  %-14s half of what both have stands in %s different texts or more, of %s\n",
            "in the corpus", cli_format_count(&family, form->family),
            cli_format_count(&documents, form->documents));
}

static void print_measures(FILE *out, const ndup_explanation *explanation)
{
    cli_formatted shared, all;
    uint64_t together =
        explanation->a_shingles + explanation->b_shingles - explanation->shared_shingles;
    fprintf(out, "  %-14s %.4f  %s of %s shingles are in both\n", "similarity",
            explanation->similarity, cli_format_count(&shared, explanation->shared_shingles),
            cli_format_count(&all, together));
    fprintf(out, "  %-14s %.4f  by %u slots of the sketches, %+.4f off\n", "estimate",
            explanation->estimate, explanation->bands.slots,
            explanation->estimate - explanation->similarity);
    fprintf(out, "  %-14s %.4f  of A is in B\n", "containment", explanation->containment_a);
    fprintf(out, "  %-14s %.4f  of B is in A\n", "", explanation->containment_b);
    fprintf(out, "  %-14s %.4f  of A stands in long runs that B has not\n", "own text",
            explanation->own_a);
    fprintf(out, "  %-14s %.4f  of B in runs that A has not\n", "", explanation->own_b);
    fprintf(out, "  %-14s %.4f\n", "numbers agree", explanation->number_agreement);
    if (!explanation->short_texts_agree) {
        fprintf(out, "  %-14s one has fewer than %d words, and does not stand in the other\n",
                "short texts", NDUP_SHORT_TOKENS);
    }
    fprintf(out, "  %-14s %u of %u shared, of %u rows; chance to share one %.4f\n", "bands",
            explanation->shared_bands, explanation->bands.bands, explanation->bands.rows,
            explanation->proposal);
}

static void print_spans(const cli_comparison *comparison, const cli_excerpt_style *style)
{
    const ndup_explanation *explanation = comparison->explanation;
    FILE *out = style->out;
    for (size_t i = 0; i < explanation->span_count; i++) {
        const ndup_span *span = &explanation->spans[i];
        cli_formatted tokens;
        fprintf(out, "\n  %s%s: %s tokens%s\n", style->colours->bold,
                i == 0 ? "longest shared span" : "next", cli_format_count(&tokens, span->tokens),
                style->colours->plain);
        fputs("  A  ", out);
        cli_excerpt_print(style, comparison->a.document.text, span->a_offset, span->a_bytes);
        fputs("  B  ", out);
        cli_excerpt_print(style, comparison->b.document.text, span->b_offset, span->b_bytes);
    }
    if (explanation->span_count == 0 && comparison->spans_wanted > 0) {
        fprintf(out, "\n  no run of %u tokens is in both\n",
                comparison->options->matching.shingle_size);
    }
}

/* What one text says by itself. */
static void print_own(const cli_comparison *comparison, int side, const cli_excerpt_style *style)
{
    const ndup_form_explanation *form = comparison->form;
    FILE *out = style->out;
    const cli_side *shown = side == 0 ? &comparison->a : &comparison->b;
    for (size_t i = 0; i < form->own_count[side]; i++) {
        const ndup_own_run *run = &form->own[side][i];
        cli_formatted tokens, texts;
        fprintf(out, "\n  %s%s%c: %s token%s, in %s text%s%s\n", style->colours->bold,
                i == 0 ? "only in " : "next in ", 'A' + side,
                cli_format_count(&tokens, run->tokens), run->tokens == 1 ? "" : "s",
                cli_format_count(&texts, run->texts), run->texts == 1 ? "" : "s or fewer",
                style->colours->plain);
        fprintf(out, "  %c  ", 'A' + side);
        cli_excerpt_print(style, shown->document.text, run->offset, run->bytes);
    }
}

void cli_explain_print(const cli_comparison *comparison, const cli_excerpt_style *style)
{
    FILE *out = style->out;
    const ndup_explanation *explanation = comparison->explanation;
    print_side(out, 'A', &comparison->a, explanation->a_tokens, explanation->a_shingles);
    print_side(out, 'B', &comparison->b, explanation->b_tokens, explanation->b_shingles);
    fputc('\n', out);
    print_decision(out, comparison, style->colours);
    fprintf(out, "  %-14s ", "rule");
    cli_rule_print(out, comparison->options);
    fputc('\n', out);
    fputc('\n', out);
    print_measures(out, explanation);
    if (comparison->form != NULL) {
        print_form(out, comparison->form);
    }
    print_spans(comparison, style);
    for (int side = 0; comparison->form != NULL && side < 2; side++) {
        print_own(comparison, side, style);
    }
    if (comparison->story != NULL) {
        fprintf(out, "\n%s", comparison->story);
    }
}
