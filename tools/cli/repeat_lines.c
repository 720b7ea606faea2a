/* SPDX-License-Identifier: MIT */
/* Repeats inside documents as lines. */
#include <stdlib.h>
#include <string.h>

#include "console.h"
#include "empty_sink.h"
#include "finding_lines.h"
#include "place.h"
#include "print_visible.h"

enum { QUOTED_COLUMNS = 60, LINE_BYTES = 8192 };

/* "nearly repeats line 3 of the text (0.82)" */
static void print_reason(FILE *out, const cli_repeat_lines *lines, const ndup_flagged *flagged,
                         const ndup_repeat *repeat)
{
    static const char *const verbs[] = {
        [NDUP_REPEAT_EXACT] = "repeats",
        [NDUP_REPEAT_NORMALIZED] = "repeats",
        [NDUP_REPEAT_NEAR] = "nearly repeats",
        [NDUP_REPEAT_CONTAINED] = "partly repeats",
    };
    if (repeat->kind == NDUP_REPEAT_SITE) {
        fprintf(out, "stands on %llu of %llu pages of its host", (unsigned long long)repeat->pages,
                (unsigned long long)repeat->host_pages);
        return;
    }
    fputs(verbs[repeat->kind], out);
    if (repeat->in_title) {
        fputs(" the title", out);
    } else if (repeat->first != NDUP_NONE) {
        fprintf(out, " line %zu%s", lines->unit_lines[repeat->first],
                cli_is_plain_file(flagged->document) ? "" : " of its text");
    }
    if (repeat->kind == NDUP_REPEAT_NORMALIZED) {
        fputs(" in other case, marks or spaces", out);
    } else if (repeat->kind != NDUP_REPEAT_EXACT) {
        unsigned hundredths = (unsigned)(repeat->similarity * 100 + 1e-9);
        fprintf(out, " (%u.%02u)", hundredths / 100, hundredths % 100);
    }
}

static void print_repeat(FILE *out, const cli_repeat_lines *lines, const ndup_flagged *flagged,
                         const ndup_repeat *repeat)
{
    cli_print_place(out, flagged->document, lines->unit_lines[repeat->unit]);
    fprintf(out, "%s ", cli_repeat_role(repeat));
    print_reason(out, lines, flagged, repeat);
    fputs(": ", out);
    cli_print_beginning(out, flagged->document->text.bytes + repeat->offset, repeat->length,
                        QUOTED_COLUMNS);
    fputc('\n', out);
}

static ndup_status fail(ndup_error *error)
{
    error->status = NDUP_STATUS_IO;
    snprintf(error->message, sizeof error->message, "cannot make a temporary file");
    return NDUP_STATUS_IO;
}

static ndup_status begin(void *context, const ndup_flag_run *run, ndup_error *error)
{
    cli_repeat_lines *lines = context;
    lines->run = run;
    if (run->options->baseline == NULL) {
        return NDUP_STATUS_OK;
    }
    lines->held = tmpfile();
    return lines->held != NULL ? NDUP_STATUS_OK : fail(error);
}

static ndup_status print_document(void *context, const ndup_flagged *flagged, ndup_error *error)
{
    cli_repeat_lines *lines = context;
    (void)error;
    if (flagged->repeat_count == 0) {
        return NDUP_STATUS_OK;
    }
    lines->unit_lines = cli_find_lines(lines->unit_lines, flagged);
    for (size_t i = 0; i < flagged->repeat_count; i++) {
        if (!flagged->repeats[i].known) {
            print_repeat(lines->held != NULL ? lines->held : lines->out, lines, flagged,
                         &flagged->repeats[i]);
        }
    }
    return NDUP_STATUS_OK;
}

/* Prints the held lines of repeats that have not moved here from elsewhere. */
static ndup_status finish(void *context, const ndup_flag_summary *summary, ndup_error *error)
{
    const cli_repeat_lines *lines = context;
    char part[LINE_BYTES];
    size_t number = 0;
    (void)summary;
    (void)error;
    if (lines->held == NULL) {
        return NDUP_STATUS_OK;
    }
    rewind(lines->held);
    while (fgets(part, sizeof part, lines->held) != NULL) {
        if (!lines->run->moved[number]) {
            fputs(part, lines->out);
        }
        number += strchr(part, '\n') != NULL;
    }
    return NDUP_STATUS_OK;
}

void cli_repeat_lines_init(cli_repeat_lines *lines, FILE *out)
{
    *lines = (cli_repeat_lines){.out = out};
    lines->sink = (ndup_flag_sink){.struct_size = sizeof lines->sink,
                                   .context = lines,
                                   .begin = begin,
                                   .document = print_document,
                                   .finish = finish,
                                   .commit = cli_sink_commit,
                                   .abort = cli_sink_abort};
}

void cli_repeat_lines_free(cli_repeat_lines *lines)
{
    if (lines->held != NULL) {
        fclose(lines->held);
    }
    free(lines->unit_lines);
    *lines = (cli_repeat_lines){.out = NULL};
}
