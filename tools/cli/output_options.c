/* SPDX-License-Identifier: MIT */
/* Outputs: checked as words, then opened as sinks. */
#include "output_options.h"

#include <stdlib.h>
#include <stdio.h>
#include <string.h>

#include "console.h"
#include "open_page.h"
#include "same_target.h"

const char *cli_output_format(size_t i)
{
    const ndup_output_info *format = ndup_output_get(i);
    return format != NULL ? format->name : NULL;
}

static const char *format_meaning(size_t i)
{
    const ndup_output_info *format = ndup_output_get(i);
    return format != NULL ? format->summary : NULL;
}

const cli_option cli_output_table[] = {
    {.name = "output",
     .letter = 'o',
     .kind = CLI_LIST,
     .offset = offsetof(cli_output_options, outputs),
     .argument = "FORMAT:PATH",
     .choice = cli_output_format,
     .meaning = format_meaning,
     .is_path = true,
     .help = "write an output; may be repeated; PATH - is standard output, .gz .zst .xz .bz2 "
             ".lz4 compress, .csv makes a table. FORMAT is one of"},
    {.name = NULL}};

const cli_option cli_target_table[] = {
    {.name = "report-dir",
     .kind = CLI_TEXT,
     .offset = offsetof(cli_output_options, report_dir),
     .argument = "DIR",
     .is_path = true,
     .help = "the same as -o pages:DIR: pages to read, for all that was found"},
    {.name = "force",
     .letter = 'f',
     .kind = CLI_FLAG,
     .offset = offsetof(cli_output_options, force),
     .help = "replace outputs that exist"},
    {.name = "open",
     .kind = CLI_FLAG,
     .offset = offsetof(cli_output_options, open),
     .help = "afterwards open the page (html or pages) in a browser, $BROWSER if set"},
    {.name = NULL}};

const cli_option cli_csv_table[] = {{.name = "csv-raw",
                                     .kind = CLI_FLAG,
                                     .offset = offsetof(cli_output_options, csv_raw),
                                     .help = CLI_CSV_RAW_HELP},
                                    {.name = NULL}};

/* The part of an output behind its format. */
static const char *output_path(const char *output)
{
    return strchr(output, ':') + 1;
}

static int check_format(const char *output, const cli_command *command,
                        const char *(*format_name)(size_t i))
{
    size_t length = strcspn(output, ":");
    if (output[length] == '\0' || output[length + 1] == '\0') {
        return cli_usage_error(command,
                               "--output: '%s' is not FORMAT:PATH, such as "
                               "jsonl:kept.jsonl",
                               output);
    }
    char format[64];
    snprintf(format, sizeof format, "%.*s", (int)(length < 63 ? length : 63), output);
    for (size_t i = 0; format_name(i) != NULL; i++) {
        if (strcmp(format, format_name(i)) == 0) {
            return CLI_GO_ON;
        }
    }
    return cli_choice_error(command, "--output: format", format, format_name);
}

int cli_outputs_check(cli_output_options *options, const cli_command *command,
                      const char *(*format_name)(size_t i))
{
    cli_list *outputs = &options->outputs;
    if (options->report_dir != NULL) {
        int length =
            snprintf(options->pages, sizeof options->pages, "pages:%s", options->report_dir);
        if (length < 0 || (size_t)length >= sizeof options->pages) {
            return cli_usage_error(command, "--report-dir: the path is too long");
        }
        cli_list_add(outputs, options->pages);
    }
    if (options->open && !cli_outputs_have_page(options)) {
        return cli_usage_error(command, "--open: no page is written; add -o html:report.html");
    }
    for (size_t i = 0; i < outputs->count; i++) {
        int status = check_format(outputs->items[i], command, format_name);
        if (status != CLI_GO_ON) {
            return status;
        }
        for (size_t k = 0; k < i; k++) {
            if (cli_is_same_target(output_path(outputs->items[i]),
                                   output_path(outputs->items[k]))) {
                return cli_usage_error(command, "--output: '%s' and '%s' go to the same place",
                                       outputs->items[k], outputs->items[i]);
            }
        }
    }
    return CLI_GO_ON;
}

bool cli_outputs_have(const cli_output_options *options, const char *const *formats)
{
    for (size_t i = 0; i < options->outputs.count; i++) {
        const char *output = options->outputs.items[i];
        size_t length = strcspn(output, ":");
        for (const char *const *format = formats; *format != NULL; format++) {
            if (strlen(*format) == length && strncmp(output, *format, length) == 0) {
                return true;
            }
        }
    }
    return false;
}

bool cli_outputs_use_stdout(const cli_output_options *options)
{
    for (size_t i = 0; i < options->outputs.count; i++) {
        if (strcmp(output_path(options->outputs.items[i]), "-") == 0) {
            return true;
        }
    }
    return false;
}

static ndup_status open_output(cli_outputs *outputs, const char *specification,
                               const ndup_output_options *options, ndup_error *error)
{
    outputs->sinks = cli_resize(outputs->sinks, (outputs->count + 1) * sizeof(*outputs->sinks));
    ndup_status status =
        ndup_output_open(&outputs->sinks[outputs->count], specification, options, error);
    if (status == NDUP_STATUS_OK) {
        outputs->opened = ++outputs->count;
    }
    return status;
}

ndup_output_options cli_outputs_opening(const cli_output_options *options, const cli_list *inputs,
                                        const cli_list *also_read)
{
    return (ndup_output_options){.struct_size = sizeof(ndup_output_options),
                                 .overwrite = options->force,
                                 .inputs = inputs->items,
                                 .input_count = inputs->count,
                                 .also_read = also_read->items,
                                 .also_read_count = also_read->count,
                                 .csv_raw = options->csv_raw};
}

ndup_status cli_outputs_open(cli_outputs *outputs, const cli_output_options *options,
                             const ndup_output_options *opening, ndup_error *error)
{
    ndup_status status = NDUP_STATUS_OK;
    *outputs = (cli_outputs){.sinks = NULL};
    for (size_t i = 0; i < options->outputs.count && status == NDUP_STATUS_OK; i++) {
        status = open_output(outputs, options->outputs.items[i], opening, error);
    }
    if (status != NDUP_STATUS_OK) {
        cli_outputs_close(outputs);
    }
    return status;
}

ndup_status cli_outputs_add_listing(cli_outputs *outputs, const ndup_listing *listing,
                                    ndup_error *error)
{
    ndup_output_options opening = {.struct_size = sizeof opening, .listing = *listing};
    return open_output(outputs, "text:-", &opening, error);
}

void cli_outputs_add(cli_outputs *outputs, ndup_sink *sink)
{
    outputs->sinks = cli_resize(outputs->sinks, (outputs->count + 1) * sizeof(*outputs->sinks));
    outputs->sinks[outputs->count++] = sink;
}

void cli_outputs_tell(const cli_outputs *outputs, const cli_output_options *options, cli_job *job)
{
    for (size_t i = 0; i < outputs->opened && i < options->outputs.count; i++) {
        if (outputs->sinks[i]->committed) {
            cli_job_note_written(job, options->outputs.items[i]);
        }
    }
}

void cli_outputs_close(cli_outputs *outputs)
{
    for (size_t i = 0; i < outputs->opened; i++) {
        ndup_output_close(outputs->sinks[i]);
    }
    free(outputs->sinks);
    *outputs = (cli_outputs){.sinks = NULL};
}
