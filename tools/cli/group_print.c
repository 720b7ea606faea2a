/* SPDX-License-Identifier: MIT */
/* A headline, what holds the story together, and its documents, copies below what they copy. */
#include "group_print.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "console.h"
#include "day.h"
#include "empty_sink.h"
#include "format.h"
#include "json_print.h"
#include "print_visible.h"

/* Documents of a story that are shown. */
enum { DOCUMENTS_SHOWN = 8, LINE_LEAST = 40 };

typedef struct shown_document {
    char *id;
    char *source;
    cli_day day;
    ndup_role role;
    double share;
} shown_document;

typedef struct cli_shown_story {
    uint64_t documents;
    uint64_t sources;
    uint64_t copies;
    char *headline;
    char *terms;
    shown_document shown[DOCUMENTS_SHOWN];
    size_t shown_count;
} shown_story;

static char *copy_text(ndup_text text)
{
    char *copy = cli_resize(NULL, text.length + 1);
    if (text.length > 0) {
        memcpy(copy, text.bytes, text.length);
    }
    copy[text.length] = '\0';
    for (size_t i = 0; i < text.length; i++) {
        copy[i] = copy[i] == '\0' ? ' ' : copy[i];
    }
    return copy;
}

/* "vaccine, fda approval, ..." */
static char *join_terms(const ndup_story *story)
{
    char *joined = copy_text((ndup_text){"", 0});
    size_t used = 0;
    for (size_t i = 0; i < story->term_count; i++) {
        char *term = copy_text(story->terms[i].term);
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

static shown_document copy_document(const ndup_grouping *grouping)
{
    shown_document shown = {.id = copy_text(grouping->id),
                            .source = copy_text(grouping->source),
                            .role = grouping->role,
                            .share = grouping->share};
    cli_day_write(&shown.day, grouping);
    return shown;
}

static shown_story copy_story(const ndup_story *story)
{
    shown_story shown = {.documents = story->count,
                         .sources = story->sources,
                         .copies = story->count - story->copy_groups,
                         .headline = copy_text(story->headline),
                         .terms = join_terms(story)};
    for (; shown.shown_count < story->count && shown.shown_count < DOCUMENTS_SHOWN;
         shown.shown_count++) {
        shown.shown[shown.shown_count] = copy_document(&story->documents[shown.shown_count]);
    }
    return shown;
}

static void free_story(shown_story *story)
{
    for (size_t i = 0; i < story->shown_count; i++) {
        free(story->shown[i].id);
        free(story->shown[i].source);
    }
    free(story->headline);
    free(story->terms);
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

static void print_role(const shown_document *document)
{
    switch (document->role) {
    case NDUP_ROLE_FIRST:
        break;
    case NDUP_ROLE_COMPILES:
        fputs("  compiles several", stdout);
        break;
    case NDUP_ROLE_PARTIAL:
        printf("  %.0f %% copied", 100 * document->share);
        break;
    case NDUP_ROLE_COPY:
    case NDUP_ROLE_EXCERPT:
    case NDUP_ROLE_EXTENDS:
    case NDUP_ROLE_UPDATE:
        printf("  %s", ndup_role_name(document->role));
        break;
    }
}

static void print_document(const cli_group_view *view, const shown_document *document)
{
    printf("  %s%-*s%s  ", view->colours->dim, CLI_DAY_COLUMNS,
           document->day.text[0] != '\0' ? document->day.text : "no date", view->colours->plain);
    cli_print_visible(stdout, document->id, strlen(document->id));
    if (document->source[0] != '\0') {
        printf("  %s", view->colours->dim);
        cli_print_visible(stdout, document->source, strlen(document->source));
        fputs(view->colours->plain, stdout);
    }
    print_role(document);
    putchar('\n');
}

static void print_line(const cli_group_view *view, const char *text)
{
    unsigned columns = view->width > LINE_LEAST ? view->width - 2 : LINE_LEAST;
    cli_print_beginning(stdout, text, strlen(text), columns);
    putchar('\n');
}

static void print_story(const cli_group_view *view, const shown_story *story)
{
    cli_formatted documents, sources, copies, more;
    fputs(view->colours->bold, stdout);
    print_line(view, story->headline);
    fputs(view->colours->plain, stdout);
    printf("  %s documents of %s %s", cli_format_count(&documents, story->documents),
           cli_format_count(&sources, story->sources), story->sources == 1 ? "source" : "sources");
    if (story->copies > 0) {
        printf(", %s of them %s", cli_format_count(&copies, story->copies),
               story->copies == 1 ? "a copy" : "copies");
    }
    putchar('\n');
    if (story->terms[0] != '\0') {
        printf("  %s", view->colours->dim);
        print_line(view, story->terms);
        fputs(view->colours->plain, stdout);
    }
    for (size_t i = 0; i < story->shown_count; i++) {
        print_document(view, &story->shown[i]);
    }
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
