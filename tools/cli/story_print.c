/* SPDX-License-Identifier: MIT */
/* The story on top, below it its documents with what each is most like, then the nearest other one.
 */
#include "story_print.h"

#include <string.h>

#include "day.h"
#include "empty_sink.h"
#include "format.h"
#include "print_visible.h"
#include "story_json.h"

/* Columns of a headline; documents of a story that is shown beside a pair. */
enum { LINE_LEAST = 40, SHOWN_OF_PAIR = 8 };

#define DAY_MILLISECONDS (24 * 3600 * 1000.0)

const char *cli_apart_text(ndup_apart apart)
{
    switch (apart) {
    case NDUP_APART_NOT:
        return "nothing: they are one story";
    case NDUP_APART_SCORE:
        return "the score is under the bar";
    case NDUP_APART_WORDS:
        return "what both have is hardly rare, or one term alone";
    case NDUP_APART_DAYS:
        return "they are alike, but more days apart than a story lies within";
    case NDUP_APART_FORM:
        return "they are alike, but fill one form";
    case NDUP_APART_COMPILES:
        return "one compiles several texts, and stands alone";
    case NDUP_APART_OTHERS:
        return "they are alike, but the texts around them are not enough, or were nearer";
    }
    return "";
}

static void print_text(const cli_story_view *view, ndup_text text)
{
    cli_print_visible(view->out, text.bytes, text.length);
}

static void print_label(const cli_story_view *view, const char *label)
{
    fprintf(view->out, "  %-13s ", label);
}

static void print_headline(const cli_story_view *view, const ndup_story *story)
{
    unsigned columns = view->width > LINE_LEAST ? view->width - 2 : LINE_LEAST;
    fputs(view->colours->bold, view->out);
    cli_print_beginning(view->out, story->headline.bytes, story->headline.length, columns);
    fprintf(view->out, "%s\n", view->colours->plain);
}

/* "dam 21 %, Kestrel 18 %, ..." */
static void print_terms(const cli_story_view *view, const ndup_story_term *terms, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        fputs(i > 0 ? ", " : "", view->out);
        print_text(view, terms[i].term);
        fprintf(view->out, " %.0f %%", 100 * terms[i].weight);
    }
    fputs(count == 0 ? "nothing" : "", view->out);
    putc('\n', view->out);
}

/* The first and the last dated document, NULL without. */
static void find_span(const ndup_grouping *ends[2], const ndup_story *story)
{
    ends[0] = ends[1] = NULL;
    for (size_t i = 0; i < story->count; i++) {
        if (story->documents[i].is_dated) {
            ends[0] = ends[0] != NULL ? ends[0] : &story->documents[i];
            ends[1] = &story->documents[i];
        }
    }
}

static void print_span(const cli_story_view *view, const ndup_story *story)
{
    const ndup_grouping *ends[2];
    cli_day first;
    cli_day last;
    find_span(ends, story);
    if (ends[0] == NULL) {
        fputs("none", view->out);
        return;
    }
    cli_day_write(&first, ends[0]);
    cli_day_write(&last, ends[1]);
    fprintf(view->out, "%s to %s, %.3g days", first.text, last.text,
            (double)(ends[1]->milliseconds - ends[0]->milliseconds) / DAY_MILLISECONDS);
}

static void print_sizes(const cli_story_view *view, const ndup_story *story)
{
    cli_formatted documents, sources, copies;
    print_label(view, "story");
    fprintf(view->out, "%llu: %s document%s of %s source%s", (unsigned long long)story->number,
            cli_format_count(&documents, story->count), story->count == 1 ? "" : "s",
            cli_format_count(&sources, story->sources), story->sources == 1 ? "" : "s");
    if (story->count > story->copy_groups) {
        fprintf(view->out, ", %s of them copies",
                cli_format_count(&copies, story->count - story->copy_groups));
    }
    putc('\n', view->out);
}

static void print_story(const cli_story_view *view, const ndup_story_explanation *told)
{
    const ndup_story *story = told->story;
    print_headline(view, story);
    print_sizes(view, story);
    print_label(view, "score");
    if (story->copy_groups > 1) {
        fprintf(view->out, "%.3f on average of two texts; %.3g holds a story together\n",
                told->mean, told->bar);
    } else {
        fputs("none: it is one text\n", view->out);
    }
    print_label(view, "terms");
    print_terms(view, story->terms, story->term_count);
    print_label(view, "dates");
    print_span(view, story);
    if (told->within_days > 0) {
        fprintf(view->out, "; two within %.3g days can be alike", told->within_days);
    }
    fputs("\n\n", view->out);
}

/* "  excerpt of wire-dam, 98 % of its words" */
static void print_copied(const cli_story_view *view, const ndup_grouping *grouping)
{
    const char *preposition = grouping->role == NDUP_ROLE_EXTENDS ? " " : " of ";
    if (grouping->role == NDUP_ROLE_FIRST || grouping->role == NDUP_ROLE_COMPILES) {
        fputs(grouping->role == NDUP_ROLE_COMPILES ? "  compiles several" : "", view->out);
        return;
    }
    fprintf(view->out, "  %s%s", ndup_role_name(grouping->role), preposition);
    print_text(view, grouping->of_id);
    fprintf(view->out, ", %.0f %% of it stands there", 100 * grouping->share);
}

/* What a document is most like; of copies only what they copy. */
static void print_nearest(const cli_story_view *view, const ndup_grouping *grouping,
                          const ndup_likeness *nearest)
{
    if (nearest->a != grouping->document || nearest->a == nearest->b) {
        return;
    }
    fprintf(view->out, "  %s%*s  %.3f on average, %.3f with ", view->colours->dim, CLI_DAY_COLUMNS,
            "", grouping->story_score, nearest->score);
    print_text(view, nearest->b_id);
    fputs(": ", view->out);
    print_terms(view, nearest->terms, nearest->term_count);
    fputs(view->colours->plain, view->out);
}

static void print_member(const cli_story_view *view, const ndup_grouping *grouping,
                         const ndup_likeness *nearest)
{
    cli_day day;
    cli_day_write(&day, grouping);
    fprintf(view->out, "  %s%-*s%s  ", view->colours->dim, CLI_DAY_COLUMNS,
            day.text[0] != '\0' ? day.text : "no date", view->colours->plain);
    print_text(view, grouping->id);
    if (grouping->source.length > 0) {
        fprintf(view->out, "  %s", view->colours->dim);
        print_text(view, grouping->source);
        fputs(view->colours->plain, view->out);
    }
    print_copied(view, grouping);
    putc('\n', view->out);
    print_nearest(view, grouping, nearest);
}

static void print_other(const cli_story_view *view, const ndup_story_explanation *told)
{
    fputs("\nThe nearest other story", view->out);
    if (told->other == NULL) {
        fputs(": none, no other text shares a word that counts\n", view->out);
        return;
    }
    fputs("\n", view->out);
    print_headline(view, told->other);
    print_sizes(view, told->other);
    print_label(view, "score");
    fprintf(view->out, "%.3f on average by words alone, at most %.3f: ", told->other_mean,
            told->closest.score);
    print_text(view, told->closest.a_id);
    fputs(" and ", view->out);
    print_text(view, told->closest.b_id);
    putc('\n', view->out);
    print_label(view, "these share");
    print_terms(view, told->closest.terms, told->closest.term_count);
    print_label(view, "dates");
    print_span(view, told->other);
    putc('\n', view->out);
    print_label(view, "what parts");
    fprintf(view->out, "%s\n", cli_apart_text(told->apart));
}

static void print_pair_dates(const cli_story_view *view, const ndup_grouping pair[2])
{
    cli_day days[2];
    print_label(view, "dates");
    for (size_t i = 0; i < 2; i++) {
        cli_day_write(&days[i], &pair[i]);
        fprintf(view->out, "%s%s", i > 0 ? " and " : "",
                days[i].text[0] != '\0' ? days[i].text : "none");
    }
    if (pair[0].is_dated && pair[1].is_dated) {
        double apart = (double)(pair[1].milliseconds - pair[0].milliseconds) / DAY_MILLISECONDS;
        fprintf(view->out, ", %.3g days apart", apart < 0 ? -apart : apart);
    }
    putc('\n', view->out);
}

static void print_alike(const cli_story_view *view, const ndup_story_explanation *told,
                        bool are_one)
{
    print_label(view, "score");
    fprintf(view->out, "%.3f; A has %.3f on average with the %stexts of B's story\n",
            told->pair->score, told->pair_mean, are_one ? "other " : "");
    print_label(view, "both have");
    print_terms(view, told->pair->terms, told->pair->term_count);
}

static void print_pair(const cli_story_view *view, const ndup_story_explanation *told)
{
    const ndup_likeness *pair = told->pair;
    const ndup_grouping *of = told->pair_of;
    bool are_one = of[0].story == of[1].story;
    fprintf(view->out, "  %s%s%s\n", view->colours->bold,
            of[0].copy_group == of[1].copy_group ? "one story: copies of one text"
            : are_one                            ? "one story"
                                                 : "two stories",
            view->colours->plain);
    if (!are_one) {
        print_label(view, "what parts");
        fprintf(view->out, "%s\n", cli_apart_text(pair->apart));
    }
    if (pair->a != pair->b) {
        print_alike(view, told, are_one);
    }
    print_pair_dates(view, of);
    fputs(are_one ? "\nThe story of both\n" : "\nThe story of A\n", view->out);
}

static ndup_status print_explanation(void *context, const ndup_story_explanation *told,
                                     ndup_error *error)
{
    (void)error;
    const cli_story_view *view = context;
    if (view->json) {
        cli_story_json_print(view->out, told);
        return NDUP_STATUS_OK;
    }
    if (told->pair != NULL) {
        print_pair(view, told);
    }
    print_story(view, told);
    size_t count = told->story->count;
    size_t shown = told->pair != NULL && count > SHOWN_OF_PAIR ? SHOWN_OF_PAIR : count;
    for (size_t i = 0; i < shown; i++) {
        print_member(view, &told->story->documents[i], &told->nearest[i]);
    }
    if (shown < count) {
        cli_formatted more;
        fprintf(view->out, "  and %s more: 'neardup group' with --explain shows them\n",
                cli_format_count(&more, count - shown));
    }
    print_other(view, told);
    return NDUP_STATUS_OK;
}

void cli_story_view_init(cli_story_view *view, FILE *out, bool json, const char *colour)
{
    *view = (cli_story_view){.out = out,
                             .colours = cli_terminal_colours(stdout, colour),
                             .width = cli_terminal_width(stdout),
                             .json = json};
    view->sink = (ndup_group_sink){.struct_size = sizeof view->sink,
                                   .context = view,
                                   .explanation = print_explanation,
                                   .commit = cli_sink_commit,
                                   .abort = cli_sink_abort};
}
