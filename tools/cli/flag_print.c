/* SPDX-License-Identifier: MIT */
/* Both occurrences of every repeat, one below the other, with their lines. */
#include "flag_print.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "console.h"
#include "empty_sink.h"
#include "excerpt.h"
#include "format.h"
#include "json_print.h"
#include "place.h"
#include "terminal.h"
#include "print_visible.h"

/* Longer units are shown without what differs. */
enum { DIFFERENCE_BYTES_MOST = 2000, DIFFERENCE_SPANS_MOST = 100 };

static const char *kind_text(const ndup_repeat *repeat)
{
    static const char *const texts[] = {
        [NDUP_REPEAT_EXACT] = "again",
        [NDUP_REPEAT_NORMALIZED] = "again, in other case, marks or spaces",
        [NDUP_REPEAT_NEAR] = "again, changed",
        [NDUP_REPEAT_CONTAINED] = "partly again",
        [NDUP_REPEAT_SITE] = "on many pages",
    };
    return texts[repeat->kind];
}

static void print_title(const ndup_repeat *repeat, const cli_colours *colours)
{
    printf("\n  %s%s%s %s", colours->bold, cli_repeat_role(repeat), colours->plain,
           kind_text(repeat));
    if (repeat->block_units > 1) {
        printf(", %zu paragraphs", repeat->block_units);
    }
    if (repeat->kind == NDUP_REPEAT_NEAR || repeat->kind == NDUP_REPEAT_CONTAINED) {
        printf(", similarity %.2f", repeat->similarity);
    }
    if (repeat->kind == NDUP_REPEAT_CONTAINED) {
        printf(", %.0f %% of the shorter", 100 * repeat->containment);
    }
    if (repeat->kind == NDUP_REPEAT_SITE) {
        printf(": %llu of %llu of its host", (unsigned long long)repeat->pages,
               (unsigned long long)repeat->host_pages);
    }
    if (repeat->refrain != NDUP_REFRAIN_NONE) {
        printf(" (refrain: %s)", ndup_refrain_name(repeat->refrain));
    }
    putchar('\n');
}

/* "file:12" for a file that is the text, so that a terminal can open it; else the line of the text.
 */
static void print_place(const ndup_document *document, size_t line)
{
    if (cli_is_plain_file(document)) {
        fputs("  ", stdout);
        cli_print_visible(stdout, document->path, strlen(document->path));
        printf(":%zu\n", line);
    } else {
        printf("  line %zu of the text\n", line);
    }
}

static void print_occurrence(const cli_excerpt_style *style, const ndup_document *document,
                             size_t line, size_t offset, size_t length)
{
    fputs(style->colours->dim, stdout);
    print_place(document, line);
    fputs(style->colours->plain, stdout);
    fputs("    ", stdout);
    cli_excerpt_print(style, document->text, offset, length);
}

/* Prints what a text has outside of the spans, of which side 0 is a and 1 is b. */
static void print_rest(const char *label, ndup_text text, const ndup_explanation *explanation,
                       int side)
{
    bool any = false;
    size_t begin = 0;
    for (size_t i = 0; i <= text.length; i++) {
        size_t end = i;
        bool shared = i == text.length;
        for (size_t k = 0; k < explanation->span_count && !shared; k++) {
            const ndup_span *span = &explanation->spans[k];
            size_t offset = side == 0 ? span->a_offset : span->b_offset;
            size_t length = side == 0 ? span->a_bytes : span->b_bytes;
            if (i >= offset && i < offset + length) {
                shared = true;
                i = offset + length - 1;
            }
        }
        if (!shared) {
            continue;
        }
        while (begin < end && strchr(" \n\t\r.,;:", text.bytes[begin]) != NULL) {
            begin++;
        }
        while (end > begin && strchr(" \n\t\r", text.bytes[end - 1]) != NULL) {
            end--;
        }
        if (end > begin) {
            printf("%s", any ? " | " : label);
            cli_print_visible(stdout, text.bytes + begin, end - begin);
            any = true;
        }
        begin = i + 1;
    }
    if (any) {
        putchar('\n');
    }
}

/* What the one occurrence has and the other has not. */
static void print_difference(const ndup_flagged *flagged, const ndup_repeat *repeat)
{
    const char *text = flagged->document->text.bytes;
    ndup_text first = {text + repeat->first_offset, repeat->first_length};
    ndup_text unit = {text + repeat->offset, repeat->length};
    ndup_dedup_options options;
    ndup_explanation *explanation;
    if (repeat->kind != NDUP_REPEAT_NEAR || unit.length > DIFFERENCE_BYTES_MOST ||
        first.length > DIFFERENCE_BYTES_MOST ||
        ndup_dedup_options_init(&options, NULL, NULL) != NDUP_STATUS_OK) {
        return;
    }
    options.matching.shingle_size = 1;
    if (ndup_explain(&explanation, first, unit, &options, DIFFERENCE_SPANS_MOST, NULL) ==
        NDUP_STATUS_OK) {
        print_rest("  only in the first:  ", first, explanation, 0);
        print_rest("  only in the second: ", unit, explanation, 1);
        ndup_explanation_free(explanation);
    }
}

static void print_repeat(const cli_flag_view *view, const ndup_flagged *flagged,
                         const ndup_repeat *repeat, const cli_excerpt_style *style)
{
    const ndup_document *document = flagged->document;
    print_title(repeat, style->colours);
    if (repeat->in_title) {
        printf("%s  title%s\n    ", style->colours->dim, style->colours->plain);
        cli_excerpt_print(style, document->title, 0, document->title.length);
    } else if (repeat->first != NDUP_NONE) {
        print_occurrence(style, document, view->lines[repeat->first], repeat->first_offset,
                         repeat->first_length);
    }
    print_occurrence(style, document, view->lines[repeat->unit], repeat->offset, repeat->length);
    print_difference(flagged, repeat);
}

/* Of a block the first unit stands for all. */
static bool is_shown(const ndup_flagged *flagged, size_t i)
{
    return flagged->repeats[i].block_units == 1 || i == 0 ||
           flagged->repeats[i - 1].block != flagged->repeats[i].block;
}

static ndup_status print_document(void *context, const ndup_flagged *flagged, ndup_error *error)
{
    cli_flag_view *view = context;
    const cli_colours *colours = view->colours;
    cli_excerpt_style style = {
        .out = stdout, .colours = colours, .indent = 4, .width = view->width};
    cli_formatted count;
    (void)error;
    if (flagged->repeat_count == 0) {
        return NDUP_STATUS_OK;
    }
    size_t shown = 0;
    for (size_t i = 0; i < flagged->repeat_count; i++) {
        shown += is_shown(flagged, i);
    }
    if (view->printed >= view->most) {
        view->left_out += shown;
        return NDUP_STATUS_OK;
    }
    view->lines = cli_find_lines(view->lines, flagged);
    fputs(colours->bold, stdout);
    cli_print_visible(stdout, flagged->document->id.bytes, flagged->document->id.length);
    printf("%s: %s %s, %.1f %% of the text\n", colours->plain, cli_format_count(&count, shown),
           shown == 1 ? "repeat" : "repeats", 100 * flagged->share);
    for (size_t i = 0; i < flagged->repeat_count; i++) {
        if (!is_shown(flagged, i)) {
            continue;
        }
        if (view->printed < view->most) {
            view->printed++;
            print_repeat(view, flagged, &flagged->repeats[i], &style);
        } else {
            view->left_out++;
        }
    }
    putchar('\n');
    return NDUP_STATUS_OK;
}

void cli_flag_view_init(cli_flag_view *view, uint64_t most, const char *colour)
{
    *view = (cli_flag_view){.colours = cli_terminal_colours(stdout, colour),
                            .width = cli_terminal_width(stdout),
                            .most = most};
    view->sink = (ndup_flag_sink){.struct_size = sizeof view->sink,
                                  .context = view,
                                  .document = print_document,
                                  .commit = cli_sink_commit,
                                  .abort = cli_sink_abort};
}

void cli_flag_view_free(cli_flag_view *view)
{
    free(view->lines);
    view->lines = NULL;
}

void cli_flag_view_end(const cli_flag_view *view)
{
    cli_formatted count;
    if (view->left_out > 0) {
        printf("and %s more %s: --list all shows them\n", cli_format_count(&count, view->left_out),
               view->left_out == 1 ? "repeat" : "repeats");
    }
}

static void print_count(const char *label, uint64_t count, const char *rest)
{
    cli_formatted number;
    fprintf(stderr, "  %-18s %11s%s%s\n", label, cli_format_count(&number, count),
            rest[0] != '\0' ? "  " : "", rest);
}

static void print_share(const char *label, uint64_t count, uint64_t whole)
{
    cli_formatted share;
    print_count(label, count, cli_format_share(&share, count, whole));
}

static void print_count_if(const char *label, uint64_t count)
{
    if (count > 0) {
        print_count(label, count, "");
    }
}

static void print_json(const ndup_flag_summary *summary)
{
    cli_json json = {.out = stderr};
    cli_json_begin(&json);
    cli_json_word(&json, "event", "summary");
    cli_json_count(&json, "documents", summary->documents);
    cli_json_count(&json, "text_bytes", summary->text_bytes);
    cli_json_count(&json, "skipped", summary->skipped);
    cli_json_count(&json, "unreadable", summary->unreadable);
    cli_json_count(&json, "units", summary->units);
    cli_json_count(&json, "flagged", summary->flagged);
    cli_json_count(&json, "doubled_headlines", summary->doubled_headlines);
    cli_json_count(&json, "doubled_captions", summary->doubled_captions);
    cli_json_count(&json, "doubled_blocks", summary->doubled_blocks);
    cli_json_count(&json, "repeats", summary->repeats);
    cli_json_count(&json, "repeated_bytes", summary->repeated_bytes);
    cli_json_number(&json, "seconds", summary->seconds);
    cli_json_end(&json);
}

void cli_flag_summary_print(const cli_job *job, const ndup_flag_summary *summary)
{
    cli_formatted bytes, share;
    char rest[80];
    if (cli_job_is_json(job)) {
        print_json(summary);
        return;
    }
    if (job->quiet) {
        return;
    }
    print_count("documents", summary->documents,
                cli_format_bytes(&bytes, (double)summary->text_bytes));
    print_share("with repeats", summary->flagged, summary->documents);
    print_share("  of a headline", summary->doubled_headlines, summary->documents);
    print_share("  of a caption", summary->doubled_captions, summary->documents);
    print_share("  of a block", summary->doubled_blocks, summary->documents);
    snprintf(rest, sizeof rest, "%s, %s of the text",
             cli_format_bytes(&bytes, (double)summary->repeated_bytes),
             cli_format_share(&share, summary->repeated_bytes, summary->text_bytes));
    print_count("repeats", summary->repeats, rest);
    print_count_if("  exact", summary->exact);
    print_count_if("  normalized", summary->normalized);
    print_count_if("  near", summary->near);
    print_count_if("  contained", summary->contained);
    print_count_if("  site", summary->site);
    print_count_if("  refrains of these", summary->refrains);
    print_count_if("hosts judged", summary->hosts_judged);
    print_count_if("skipped", summary->skipped);
    print_count_if("unreadable", summary->unreadable);
    double seconds = job->seconds;
    cli_format_bytes(&bytes, seconds > 0 ? (double)summary->text_bytes / seconds : 0);
    fprintf(stderr, "  cost           %s, %s/s\n", cli_format_seconds(&share, seconds), bytes.text);
}
