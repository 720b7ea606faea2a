/* SPDX-License-Identifier: MIT */
/* A passage, and below it who has it: the first one by date on top. */
#include "passage_print.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "console.h"
#include "empty_sink.h"
#include "excerpt.h"
#include "format.h"
#include "json_print.h"
#include "print_visible.h"

/* Documents of a family that are shown, and bytes of either end of its text, more than an excerpt
 * of a long one has. */
enum { DOCUMENTS_SHOWN = 6, END_BYTES = 600, DATE_COLUMNS = 10 };

typedef struct shown_place {
    char *id;
    size_t id_bytes;
    char *source;
    size_t source_bytes;
    char date[DATE_COLUMNS + 1]; /* the day, or the first characters of what is no date */
    uint32_t tokens;
    uint32_t document_tokens;
} shown_place;

typedef struct cli_shown_family {
    uint64_t number;
    uint64_t documents;
    uint32_t tokens;
    bool has_first; /* one document had it before all others that are dated */
    char *text;
    size_t text_bytes;
    shown_place places[DOCUMENTS_SHOWN]; /* the longest of each document */
    size_t place_count;
} shown_family;

static char *copy_bytes(const char *bytes, size_t length)
{
    char *copy = cli_resize(NULL, length + 1);
    if (length > 0) {
        memcpy(copy, bytes, length);
    }
    return copy;
}

static void write_date(char *out, const ndup_passage_place *place)
{
    time_t seconds = (time_t)(place->milliseconds / 1000 - (place->milliseconds % 1000 < 0));
    struct tm day;
    if (place->is_dated && gmtime_r(&seconds, &day) != NULL) {
        strftime(out, DATE_COLUMNS + 1, "%Y-%m-%d", &day);
        return;
    }
    size_t length = 0;
    while (length < place->date.length) {
        ndup_text rest = {place->date.bytes + length, place->date.length - length};
        size_t bytes = ndup_character_read(rest).bytes;
        if (length + bytes > DATE_COLUMNS) {
            break;
        }
        length += bytes;
    }
    memcpy(out, length > 0 ? place->date.bytes : "", length);
}

static shown_place copy_place(const ndup_passage_place *place)
{
    shown_place shown = {.id = copy_bytes(place->id.bytes, place->id.length),
                         .id_bytes = place->id.length,
                         .source = copy_bytes(place->source.bytes, place->source.length),
                         .source_bytes = place->source.length,
                         .tokens = place->tokens,
                         .document_tokens = place->document_tokens};
    write_date(shown.date, place);
    return shown;
}

static void free_place(shown_place *place)
{
    free(place->id);
    free(place->source);
}

static void free_family(shown_family *family)
{
    for (size_t i = 0; i < family->place_count; i++) {
        free_place(&family->places[i]);
    }
    free(family->text);
}

static bool is_continuation(char c)
{
    return ((unsigned char)c & 0xC0) == 0x80;
}

/* Of a long text both ends, which is all that an excerpt shows. */
static void copy_text(shown_family *shown, ndup_text text)
{
    size_t head = text.length;
    size_t tail = text.length;
    if (text.length > 2 * END_BYTES) {
        for (head = END_BYTES; is_continuation(text.bytes[head]);) {
            head--;
        }
        for (tail = text.length - END_BYTES; is_continuation(text.bytes[tail]);) {
            tail++;
        }
    }
    shown->text = copy_bytes(text.bytes, head);
    shown->text_bytes = head + text.length - tail;
    shown->text = cli_resize(shown->text, shown->text_bytes + 1);
    memcpy(shown->text + head, text.bytes + tail, text.length - tail);
}

/* The places of a document stand side by side; the longest of them is shown. */
static void copy_places(shown_family *shown, const ndup_passage_family *family)
{
    const ndup_passage_place *last = NULL;
    for (size_t i = 0; i < family->count; i++) {
        const ndup_passage_place *place = &family->places[i];
        bool is_new = last == NULL || last->document != place->document;
        if (is_new && shown->place_count == DOCUMENTS_SHOWN) {
            return;
        }
        if (!is_new && place->tokens <= last->tokens) {
            continue;
        }
        if (!is_new) {
            free_place(&shown->places[--shown->place_count]);
        }
        shown->places[shown->place_count++] = copy_place(place);
        last = place;
    }
}

/* Dated places come first, the earliest on top. */
static bool has_first(const ndup_passage_family *family)
{
    const ndup_passage_place *first = &family->places[0];
    size_t next = 1;
    while (next < family->count && family->places[next].document == first->document) {
        next++;
    }
    bool is_alone = next == family->count || !family->places[next].is_dated;
    return first->is_dated && (is_alone || family->places[next].milliseconds > first->milliseconds);
}

static shown_family copy_family(const ndup_passage_family *family)
{
    shown_family shown = {.number = family->number,
                          .documents = family->documents,
                          .tokens = family->places[0].tokens,
                          .has_first = has_first(family)};
    copy_text(&shown, family->text);
    copy_places(&shown, family);
    return shown;
}

/* Keeps the family if it is among the largest; of equal ones the first stay. */
static ndup_status keep_family(void *context, const ndup_passage_family *family, ndup_error *error)
{
    (void)error;
    cli_passage_view *view = context;
    size_t at = view->count;
    view->seen++;
    while (at > 0 && view->families[at - 1].documents < family->documents) {
        at--;
    }
    if (at >= view->most) {
        return NDUP_STATUS_OK;
    }
    if (view->count < view->most) {
        view->families = cli_resize(view->families, (view->count + 1) * sizeof *view->families);
        view->count++;
    } else {
        free_family(&view->families[view->count - 1]);
    }
    memmove(view->families + at + 1, view->families + at,
            (view->count - at - 1) * sizeof *view->families);
    view->families[at] = copy_family(family);
    return NDUP_STATUS_OK;
}

void cli_passage_view_init(cli_passage_view *view, uint64_t most, const char *colour)
{
    *view = (cli_passage_view){.colours = cli_terminal_colours(stdout, colour),
                               .width = cli_terminal_width(stdout),
                               .most = most};
    view->sink = (ndup_passage_sink){.struct_size = sizeof view->sink,
                                     .context = view,
                                     .family = keep_family,
                                     .commit = cli_sink_commit,
                                     .abort = cli_sink_abort};
}

void cli_passage_view_free(cli_passage_view *view)
{
    for (size_t i = 0; i < view->count; i++) {
        free_family(&view->families[i]);
    }
    free(view->families);
    view->families = NULL;
    view->count = 0;
}

static void print_place(const cli_passage_view *view, const shown_place *place, bool is_first)
{
    cli_formatted share;
    printf("  %s%-*s%s  ", view->colours->dim, DATE_COLUMNS,
           place->date[0] != '\0' ? place->date : "no date", view->colours->plain);
    cli_print_visible(stdout, place->id, place->id_bytes);
    if (place->source_bytes > 0) {
        printf("  %s", view->colours->dim);
        cli_print_visible(stdout, place->source, place->source_bytes);
        fputs(view->colours->plain, stdout);
    }
    printf("  %s of it%s\n", cli_format_share(&share, place->tokens, place->document_tokens),
           is_first ? ", first" : "");
}

static void print_family(const cli_passage_view *view, const shown_family *family)
{
    cli_formatted documents, more;
    cli_excerpt_style style = {
        .out = stdout, .colours = view->colours, .indent = 2, .width = view->width};
    printf("%sin %s documents%s, %u tokens\n  ", view->colours->bold,
           cli_format_count(&documents, family->documents), view->colours->plain,
           (unsigned)family->tokens);
    cli_excerpt_print(&style, (ndup_text){family->text, family->text_bytes}, 0, family->text_bytes);
    for (size_t i = 0; i < family->place_count; i++) {
        print_place(view, &family->places[i], i == 0 && family->has_first);
    }
    if (family->documents > family->place_count) {
        printf("  and %s more\n", cli_format_count(&more, family->documents - family->place_count));
    }
    putchar('\n');
}

void cli_passage_view_print(const cli_passage_view *view)
{
    cli_formatted count;
    for (size_t i = 0; i < view->count; i++) {
        print_family(view, &view->families[i]);
    }
    uint64_t left_out = view->seen - view->count;
    if (left_out > 0) {
        printf("and %s more %s: --list all shows them\n", cli_format_count(&count, left_out),
               left_out == 1 ? "passage" : "passages");
    }
}

static void print_count(const char *label, uint64_t count, const char *rest)
{
    cli_formatted number;
    fprintf(stderr, "  %-18s %11s%s%s\n", label, cli_format_count(&number, count),
            rest[0] != '\0' ? "  " : "", rest);
}

static void print_json(const ndup_passage_summary *summary)
{
    cli_json json = {.out = stderr};
    cli_json_begin(&json);
    cli_json_word(&json, "event", "summary");
    cli_json_count(&json, "documents", summary->documents);
    cli_json_count(&json, "against_documents", summary->against_documents);
    cli_json_count(&json, "text_bytes", summary->text_bytes);
    cli_json_count(&json, "skipped", summary->skipped);
    cli_json_count(&json, "unreadable", summary->unreadable);
    cli_json_count(&json, "undated", summary->undated);
    cli_json_count(&json, "passages", summary->passages);
    cli_json_count(&json, "families", summary->families);
    cli_json_count(&json, "documents_with", summary->documents_with);
    cli_json_count(&json, "common", summary->common);
    cli_json_end(&json);
}

static void print_guarantee(const ndup_passage_options *options,
                            const ndup_passage_summary *summary)
{
    fprintf(
        stderr,
        "  every shared run of %u words is found (of %u runs of %u words one is a "
        "fingerprint); %u\n  ideographs or %u letters of scripts without spaces count as much\n",
        options->min_words, summary->window, summary->gram, 2 * options->min_words,
        4 * options->min_words);
    if (summary->common > 0) {
        cli_formatted count, documents, most;
        fprintf(stderr,
                "  but %s runs of %u words stand in over %s documents (one in %s) and propose "
                "nothing:\n  --max-documents raises that\n",
                cli_format_count(&count, summary->common), summary->gram,
                cli_format_count(&documents, options->max_documents),
                cli_format_count(&most, summary->common_most));
    }
}

void cli_passage_summary_print(const cli_job *job, const ndup_passage_options *options,
                               const ndup_passage_summary *summary)
{
    cli_formatted bytes, share;
    if (cli_job_is_json(job)) {
        print_json(summary);
        return;
    }
    if (job->quiet) {
        return;
    }
    print_count("documents", summary->documents,
                cli_format_bytes(&bytes, (double)summary->text_bytes));
    if (options->against != NULL) {
        print_count("compared with", summary->against_documents, "");
    }
    uint64_t all = summary->documents + summary->against_documents;
    print_count("with passages", summary->documents_with,
                cli_format_share(&share, summary->documents_with, all));
    print_count("passages", summary->families, "");
    print_count("  as pairs", summary->passages, "");
    if (summary->undated > 0) {
        print_count("without a date", summary->undated, "never first");
    }
    if (summary->skipped > 0) {
        print_count("skipped", summary->skipped, "");
    }
    if (summary->unreadable > 0) {
        print_count("unreadable", summary->unreadable, "");
    }
    print_guarantee(options, summary);
    double seconds = job->seconds;
    cli_format_bytes(&bytes, seconds > 0 ? (double)summary->text_bytes / seconds : 0);
    fprintf(stderr, "  cost           %s, %s/s\n", cli_format_seconds(&share, seconds), bytes.text);
}
