/* SPDX-License-Identifier: MIT */
/* Progress on standard error. */
#include "progress_line.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "format.h"
#include "json_print.h"
#include "terminal.h"

#define SECONDS_BETWEEN 0.2
#define SECONDS_BEFORE_ESTIMATE 0.5 /* an estimate from less is a guess */

enum { BAR_WIDTH = 20, LINE_MAX_BYTES = 256 };

double cli_seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

const char *cli_progress_choice(size_t i)
{
    static const char *const choices[] = {"auto", "always", "never", "json"};
    return i < sizeof choices / sizeof *choices ? choices[i] : NULL;
}

void cli_progress_init(cli_progress *progress, const char *when, bool quiet)
{
    *progress = (cli_progress){.mode = CLI_PROGRESS_NEVER};
    if (when == NULL || strcmp(when, "auto") == 0) {
        bool wanted = !quiet && cli_is_terminal(stderr);
        progress->mode = wanted ? CLI_PROGRESS_LINE : CLI_PROGRESS_NEVER;
    } else if (strcmp(when, "always") == 0) {
        progress->mode = CLI_PROGRESS_LINE;
        progress->is_forced = true;
    } else if (strcmp(when, "json") == 0) {
        progress->mode = CLI_PROGRESS_JSON;
    }
    progress->last_drawn = progress->mode == CLI_PROGRESS_LINE ? cli_seconds() : 0;
}

/* Seconds until the stage ends if it goes on at its pace; negative while unknown. */
static double seconds_left(const ndup_progress *now, double elapsed)
{
    if (now->total == 0 || now->done == 0 || elapsed < SECONDS_BEFORE_ESTIMATE) {
        return -1;
    }
    double left = now->total > now->done ? (double)(now->total - now->done) : 0;
    return elapsed * left / (double)now->done;
}

static bool counts_bytes(ndup_stage stage)
{
    return stage == NDUP_STAGE_READ || stage == NDUP_STAGE_AUDIT || stage == NDUP_STAGE_WRITE;
}

static size_t append(char *line, size_t length, const char *before, const char *text,
                     const char *after)
{
    return length +
           (size_t)snprintf(line + length, LINE_MAX_BYTES - length, "%s%s%s", before, text, after);
}

/* "read      [########            ]  41 %  412 MB/s  131,000 documents  0:12 left" */
static void format_line(char *line, const ndup_progress *now, double elapsed)
{
    cli_formatted number;
    size_t length = (size_t)snprintf(line, LINE_MAX_BYTES, "%-7s", ndup_stage_name(now->stage));
    if (now->total > 0) {
        double part = now->done < now->total ? (double)now->done / (double)now->total : 1;
        int filled = (int)(part * BAR_WIDTH);
        length +=
            (size_t)snprintf(line + length, LINE_MAX_BYTES - length, " [%.*s%*s] %3d %%", filled,
                             "####################", BAR_WIDTH - filled, "", (int)(part * 100));
    } else if (counts_bytes(now->stage)) {
        length = append(line, length, " ", cli_format_bytes(&number, (double)now->done), "");
    }
    if (counts_bytes(now->stage) && elapsed > 0.05) {
        cli_format_bytes(&number, (double)now->done / elapsed);
        length = append(line, length, "  ", number.text, "/s");
    }
    if (now->documents > 0) {
        length =
            append(line, length, "  ", cli_format_count(&number, now->documents), " documents");
    }
    if (now->documents > 0 && !counts_bytes(now->stage) && elapsed > 0.05) {
        cli_format_count(&number, (uint64_t)((double)now->documents / elapsed));
        length = append(line, length, "  ", number.text, "/s");
    }
    double left = seconds_left(now, elapsed);
    if (left >= 0) {
        uint64_t whole = (uint64_t)(left + 0.5);
        snprintf(line + length, LINE_MAX_BYTES - length, "  %llu:%02llu left",
                 (unsigned long long)(whole / 60), (unsigned long long)(whole % 60));
    }
}

static void draw_line(cli_progress *progress, const ndup_progress *now, double elapsed)
{
    char line[LINE_MAX_BYTES];
    format_line(line, now, elapsed);
    fprintf(stderr, "\r%.*s\033[K", (int)cli_terminal_width(stderr) - 1, line);
    fflush(stderr);
    progress->line_shown = true;
}

static void print_json(const ndup_progress *now, double elapsed)
{
    cli_json json = {.out = stderr};
    cli_json_begin(&json);
    cli_json_word(&json, "event", "progress");
    cli_json_word(&json, "stage", ndup_stage_name(now->stage));
    cli_json_count(&json, "done", now->done);
    cli_json_count(&json, "total", now->total);
    cli_json_count(&json, "documents", now->documents);
    cli_json_number(&json, "stage_seconds", elapsed);
    double left = seconds_left(now, elapsed);
    if (left >= 0) {
        cli_json_number(&json, "seconds_left", left);
    }
    cli_json_end(&json);
}

void cli_progress_show(cli_progress *progress, const ndup_progress *now)
{
    if (progress->mode == CLI_PROGRESS_NEVER) {
        return;
    }
    double seconds = cli_seconds();
    bool new_stage = !progress->in_stage || now->stage != progress->stage;
    if (new_stage) {
        progress->in_stage = true;
        progress->stage = now->stage;
        progress->stage_start = seconds;
    }
    /* A run that is over in a moment shows no line at all. */
    if (seconds - progress->last_drawn < SECONDS_BETWEEN &&
        !(new_stage && progress->mode == CLI_PROGRESS_JSON)) {
        return;
    }
    progress->last_drawn = seconds;
    if (progress->mode == CLI_PROGRESS_JSON) {
        print_json(now, seconds - progress->stage_start);
    } else {
        draw_line(progress, now, seconds - progress->stage_start);
    }
}

void cli_progress_clear(cli_progress *progress)
{
    if (progress->line_shown) {
        fputs("\r\033[K", stderr);
        progress->line_shown = false;
    }
}
