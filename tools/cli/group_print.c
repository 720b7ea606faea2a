/* SPDX-License-Identifier: MIT */
/* A headline, what holds the story together, what was copied most, and its documents by date. */
#include "group_print.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "console.h"
#include "day.h"
#include "empty_sink.h"
#include "format.h"
#include "json_print.h"
#include "most_copied.h"
#include "print_visible.h"
#include "shown_documents.h"

/* Documents of a story that are shown. */
enum { DOCUMENTS_SHOWN = 8 };

typedef struct cli_shown_story {
    uint64_t documents;
    uint64_t sources;
    uint64_t copies;
    char *headline;
    char *terms;
    char *copied; /* title of the text that was copied most; NULL = none */
    uint64_t copied_times;
    cli_shown_document shown[DOCUMENTS_SHOWN];
    size_t shown_count;
} shown_story;

/* "vaccine, fda approval, ..." */
static char *join_terms(const ndup_story *story)
{
    char *joined = cli_copy_text((ndup_text){"", 0});
    size_t used = 0;
    for (size_t i = 0; i < story->term_count; i++) {
        char *term = cli_copy_text(story->terms[i].term);
        size_t length = strlen(term);
        joined = cli_resize(joined, used + length + 3);
        memcpy(joined + used, used > 0 ? ", " : "", used > 0 ? 2 : 0);
        used += used > 0 ? 2 : 0;
        memcpy(joined + used, term, length + 1);
        used += length;
        free(term);
    }
    return joined;
}

static shown_story copy_story(const ndup_story *story)
{
    shown_story shown = {.documents = story->count,
                         .sources = story->sources,
                         .copies = story->count - story->copy_groups,
                         .headline = cli_copy_text(story->headline),
                         .terms = join_terms(story)};
    const ndup_grouping *copied = cli_most_copied(&shown.copied_times, story);
    shown.copied = copied != NULL ? cli_copy_text(copied->title) : NULL;
    for (; shown.shown_count < story->count && shown.shown_count < DOCUMENTS_SHOWN;
         shown.shown_count++) {
        shown.shown[shown.shown_count] =
            cli_shown_document_of(&story->documents[shown.shown_count]);
    }
    return shown;
}

static void free_story(shown_story *story)
{
    for (size_t i = 0; i < story->shown_count; i++) {
        cli_shown_document_free(&story->shown[i]);
    }
    free(story->headline);
    free(story->terms);
    free(story->copied);
}

static bool is_smaller(const shown_story *x, const ndup_story *y)
{
    return x->sources != y->sources ? x->sources < y->sources : x->documents < y->count;
}

/* Keeps the story if it is among the largest; of equal ones the first stay. */
static ndup_status keep_story(void *context, const ndup_story *story, ndup_error *error)
{
    (void)error;
    cli_group_view *view = context;
    size_t at = view->count;
    if (story->count < 2) {
        return NDUP_STATUS_OK;
    }
    view->seen++;
    while (at > 0 && is_smaller(&view->stories[at - 1], story)) {
        at--;
    }
    if (at >= view->most) {
        return NDUP_STATUS_OK;
    }
    if (view->count < view->most) {
        view->stories = cli_resize(view->stories, (view->count + 1) * sizeof *view->stories);
        view->count++;
    } else {
        free_story(&view->stories[view->count - 1]);
    }
    memmove(view->stories + at + 1, view->stories + at,
            (view->count - at - 1) * sizeof *view->stories);
    view->stories[at] = copy_story(story);
    return NDUP_STATUS_OK;
}

void cli_group_view_init(cli_group_view *view, uint64_t most, const char *colour)
{
    *view = (cli_group_view){.colours = cli_terminal_colours(stdout, colour),
                             .width = cli_terminal_width(stdout),
                             .most = most};
    view->sink = (ndup_group_sink){.struct_size = sizeof view->sink,
                                   .context = view,
                                   .story = keep_story,
                                   .commit = cli_sink_commit,
                                   .abort = cli_sink_abort};
}

void cli_group_view_free(cli_group_view *view)
{
    for (size_t i = 0; i < view->count; i++) {
        free_story(&view->stories[i]);
    }
    free(view->stories);
    view->stories = NULL;
    view->count = 0;
}

/* As much of a text as a line has room for behind `used` columns. */
static void print_line(const cli_group_view *view, const char *text, unsigned used)
{
    unsigned columns = view->width > CLI_LINE_LEAST + used ? view->width - used : CLI_LINE_LEAST;
    cli_print_beginning(stdout, text, strlen(text), columns);
    putchar('\n');
}

static void print_copied(const cli_group_view *view, const shown_story *story)
{
    cli_formatted times;
    if (story->copied != NULL && story->copied_times > 1) {
        fputs(view->colours->dim, stdout);
        int used = printf("  copied %s times: ", cli_format_count(&times, story->copied_times));
        print_line(view, story->copied, (unsigned)used);
        fputs(view->colours->plain, stdout);
    }
}

static void print_counts_of(const shown_story *story)
{
    cli_formatted documents, sources, copies;
    const char *source = story->shown[0].source;
    printf("  %s documents of ", cli_format_count(&documents, story->documents));
    if (story->sources == 1 && source[0] != '\0') {
        cli_print_visible(stdout, source, strlen(source));
    } else {
        printf("%s %s", cli_format_count(&sources, story->sources),
               story->sources == 1 ? "source" : "sources");
    }
    if (story->copies > 0) {
        printf(", %s of them %s", cli_format_count(&copies, story->copies),
               story->copies == 1 ? "a copy" : "copies");
    }
    putchar('\n');
}

static void print_story(const cli_group_view *view, const shown_story *story)
{
    cli_formatted more;
    fputs(view->colours->bold, stdout);
    print_line(view, story->headline, 2);
    fputs(view->colours->plain, stdout);
    print_counts_of(story);
    if (story->terms[0] != '\0') {
        printf("  %s", view->colours->dim);
        print_line(view, story->terms, 2);
        fputs(view->colours->plain, stdout);
    }
    print_copied(view, story);
    cli_shown_documents_print(view, story->shown, story->shown_count, story->sources > 1);
    if (story->documents > story->shown_count) {
        printf("  and %s more\n", cli_format_count(&more, story->documents - story->shown_count));
    }
    putchar('\n');
}

void cli_group_view_print(const cli_group_view *view)
{
    cli_formatted count;
    for (size_t i = 0; i < view->count; i++) {
        print_story(view, &view->stories[i]);
    }
    uint64_t left_out = view->seen - view->count;
    if (left_out > 0) {
        printf("and %s more %s: --list all shows them\n", cli_format_count(&count, left_out),
               left_out == 1 ? "story" : "stories");
    }
}

static void print_count(const char *label, uint64_t count, const char *rest)
{
    cli_formatted number;
    fprintf(stderr, "  %-18s %11s%s%s\n", label, cli_format_count(&number, count),
            rest[0] != '\0' ? "  " : "", rest);
}

static void print_json(const ndup_group_summary *summary)
{
    cli_json json = {.out = stderr};
    cli_json_begin(&json);
    cli_json_word(&json, "event", "summary");
    cli_json_count(&json, "documents", summary->documents);
    cli_json_count(&json, "text_bytes", summary->text_bytes);
    cli_json_count(&json, "skipped", summary->skipped);
    cli_json_count(&json, "unreadable", summary->unreadable);
    cli_json_count(&json, "undated", summary->undated);
    cli_json_count(&json, "odd_dates", summary->odd_dates);
    cli_json_count(&json, "copy_groups", summary->copy_groups);
    cli_json_count(&json, "copies", summary->copies);
    cli_json_count(&json, "stories", summary->stories);
    cli_json_count(&json, "in_stories", summary->in_stories);
    cli_json_end(&json);
}

static void print_counts(const ndup_group_summary *summary)
{
    cli_formatted bytes, share, largest;
    char rest[80];
    print_count("documents", summary->documents,
                cli_format_bytes(&bytes, (double)summary->text_bytes));
    snprintf(rest, sizeof rest, "%s, the largest of %s",
             cli_format_share(&share, summary->in_stories, summary->documents),
             cli_format_count(&largest, summary->largest_story));
    print_count("in stories", summary->in_stories, rest);
    print_count("stories", summary->stories, "of two documents or more");
    print_count("copies", summary->copies, "of the first document of their group");
    if (summary->within_days > 0) {
        snprintf(rest, sizeof rest, "%.3g days; --within says otherwise", summary->within_days);
        fprintf(stderr, "  %-18s %11s  %s\n", "a story lies within", "", rest);
    }
    if (summary->undated > 0) {
        print_count("without a date", summary->undated, "told by their words alone, never first");
    }
    if (summary->odd_dates > 0) {
        print_count("  of odd ones", summary->odd_dates, "cannot be read, or are still to come");
    }
    if (summary->skipped > 0) {
        print_count("skipped", summary->skipped, "");
    }
    if (summary->unreadable > 0) {
        print_count("unreadable", summary->unreadable, "");
    }
}

void cli_group_summary_print(const cli_job *job, const ndup_group_summary *summary)
{
    cli_formatted bytes, share;
    if (cli_job_is_json(job)) {
        print_json(summary);
        return;
    }
    if (job->quiet) {
        return;
    }
    print_counts(summary);
    double seconds = job->seconds;
    cli_format_bytes(&bytes, seconds > 0 ? (double)summary->text_bytes / seconds : 0);
    fprintf(stderr, "  cost           %s, %s/s\n", cli_format_seconds(&share, seconds), bytes.text);
}
