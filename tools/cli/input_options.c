/* SPDX-License-Identifier: MIT */
/* Inputs and the options that say how they are read. */
#include "input_options.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "console.h"
#include "read_stream.h"

#define MIB 1048576.0
#define RECORD_MOST (2048 * MIB)
#define TEMPORARY_MOST (1048576 * MIB) /* 1 TiB, what places of documents reach */

static const char *format_choice(size_t i)
{
    static const char *const formats[] = {"auto", "jsonl", "csv",  "tsv",  "parquet", "warc",
                                          "html", "text",  "feed", "mbox", "eml",     "subtitles"};
    return i < sizeof formats / sizeof formats[0] ? formats[i] : NULL;
}

const cli_option cli_list_table[] = {
    {.name = "files-from",
     .kind = CLI_TEXT,
     .offset = offsetof(cli_list_options, files_from),
     .argument = "LIST",
     .is_path = true,
     .help = "read more inputs from a file, one path a line; - is standard input"},
    {.name = "null",
     .letter = '0',
     .kind = CLI_FLAG,
     .offset = offsetof(cli_list_options, null_separated),
     .help = "the paths in LIST end in a NUL byte, as 'find -print0' writes them"},
    {.name = NULL}};

const cli_option cli_choice_table[] = {
    {.name = "format",
     .kind = CLI_CHOICE,
     .offset = offsetof(cli_choice_options, format),
     .argument = "FORMAT",
     .choice = format_choice,
     .help = "what named files and standard input hold, and files that --include names, in place "
             "of what their bytes or suffixes say"},
    {.name = "include",
     .kind = CLI_LIST,
     .offset = offsetof(cli_choice_options, include),
     .argument = "GLOB",
     .help = "of folders, read these files only, whatever their suffixes; may be repeated. "
             "Patterns are those of .gitignore: '*.c', 'docs/', 'src/**/*.h'. --preset code has a "
             "list of its own: source files and JSON lines"},
    {.name = "exclude",
     .kind = CLI_LIST,
     .offset = offsetof(cli_choice_options, exclude),
     .argument = "GLOB",
     .help = "of folders, leave out these files and folders; may be repeated"},
    {.name = "hidden",
     .kind = CLI_FLAG,
     .offset = offsetof(cli_choice_options, hidden),
     .help = "of folders, read hidden files and folders too (never .git, .hg, .svn, .bzr)"},
    {.name = "gitignore",
     .kind = CLI_FLAG,
     .offset = offsetof(cli_choice_options, gitignore),
     .help = "of folders, leave out what .gitignore files in and below them name"},
    {.name = NULL}};

#define FIELD(field, noun, customary)                                                            \
    {                                                                                            \
        .name = #field "-field", .kind = CLI_TEXT, .offset = offsetof(cli_field_options, field), \
        .argument = "PATH", .standard = customary, .help = "where a JSON record has its " noun   \
    }

const cli_option cli_field_table[] = {
    FIELD(text, "text, as a dotted path such as page.body", "text, content or body"),
    FIELD(html, "web page (HTML); the text is read from it", NULL),
    FIELD(id, "id", "id, _id or doc_id"),
    FIELD(source, "source", "source, site or domain"),
    FIELD(url, "address", "url or link"),
    FIELD(date, "date", "date, published or timestamp"),
    FIELD(title, "title", "title or headline"),
    {.name = "encoding",
     .kind = CLI_TEXT,
     .offset = offsetof(cli_field_options, encoding),
     .argument = "NAME",
     .standard = "utf-8",
     .help = "encoding of plain texts, subtitles, CSV and JSON without a byte order mark, by a "
             "name that browsers know (windows-1252, koi8-r, gb18030); auto tells it by the bytes "
             "where they are not UTF-8, and says what it took"},
    {.name = NULL}};

const cli_option cli_storage_table[] = {
    {.name = "max-record",
     .kind = CLI_SIZE,
     .offset = offsetof(cli_storage_options, max_record),
     .argument = "SIZE",
     .range = {.least = 1, .most = RECORD_MOST},
     .standard = "256MiB",
     .help = "skip longer records and files, and those that take more memory to read; takes K, M, "
             "G (the same as KiB, MiB, GiB)"},
    {.name = "temp-dir",
     .kind = CLI_TEXT,
     .offset = offsetof(cli_storage_options, temporary_folder),
     .argument = "DIR",
     .is_path = true,
     .standard = "$TMPDIR or /tmp",
     .help = "where to keep a copy of what cannot be read twice: standard input, compressed files, "
             "archives, records in other encodings"},
    {.name = "max-temp",
     .kind = CLI_SIZE,
     .offset = offsetof(cli_storage_options, max_temporary),
     .argument = "SIZE",
     .range = {.least = 1, .most = TEMPORARY_MOST},
     .standard = "9/10 of what is free there",
     .help = "fail rather than let that copy grow beyond this"},
    {.name = "zstd-long",
     .kind = CLI_FLAG,
     .offset = offsetof(cli_storage_options, zstd_long),
     .help = "read zstd data with windows of over 128 MiB (zstd --long=28 to 31), which take as "
             "much memory"},
    {.name = NULL}};

/* Ends every path in the text with a zero byte and lists it. */
static void split_paths(cli_list *paths, char *text, size_t length, char separator)
{
    char *end = text + length;
    for (char *path = text; path < end;) {
        char *stop = memchr(path, separator, (size_t)(end - path));
        stop = stop != NULL ? stop : end;
        *stop = '\0';
        if (stop > path) {
            cli_list_add(paths, path);
        }
        path = stop + 1;
    }
}

static int read_list(cli_inputs *inputs, const cli_list_options *list)
{
    bool is_stdin = strcmp(list->files_from, "-") == 0;
    FILE *stream = is_stdin ? stdin : fopen(list->files_from, "rb");
    if (stream == NULL) {
        cli_complain("--files-from %s: %s", list->files_from, strerror(errno));
        return CLI_EXIT_FAILED;
    }
    size_t length;
    bool complete = cli_read_stream(&inputs->text, &length, stream);
    if (!complete) {
        cli_complain("--files-from %s: %s", list->files_from, strerror(errno));
    }
    if (!is_stdin) {
        fclose(stream);
    }
    if (!complete) {
        return CLI_EXIT_FAILED;
    }
    split_paths(&inputs->paths, inputs->text, length, list->null_separated ? '\0' : '\n');
    if (inputs->paths.count == 0) {
        cli_complain("--files-from %s: it names no inputs", list->files_from);
        return CLI_EXIT_FAILED;
    }
    return CLI_GO_ON;
}

int cli_inputs_collect(cli_inputs *inputs, const cli_operands *operands,
                       const cli_list_options *list, const cli_command *command)
{
    *inputs = (cli_inputs){.text = NULL};
    bool uses_stdin = list != NULL && list->files_from != NULL && !strcmp(list->files_from, "-");
    for (size_t i = 0; i < operands->count; i++) {
        cli_list_add(&inputs->paths, operands->items[i]);
        if (strcmp(operands->items[i], "-") != 0) {
            continue;
        }
        if (uses_stdin) {
            return cli_usage_error(command, "standard input (-) can be read only once");
        }
        uses_stdin = true;
    }
    if (list != NULL && list->null_separated && list->files_from == NULL) {
        return cli_usage_error(command, "--null goes with --files-from LIST");
    }
    if (list != NULL && list->files_from != NULL) {
        return read_list(inputs, list);
    }
    if (inputs->paths.count == 0) {
        return cli_usage_error(command, "no input given: name a folder, a file, or - for standard "
                                        "input");
    }
    return CLI_GO_ON;
}

void cli_inputs_free(cli_inputs *inputs)
{
    free(inputs->paths.items);
    free(inputs->text);
    *inputs = (cli_inputs){.text = NULL};
}

ndup_corpus_options cli_corpus_options(const cli_field_options *fields,
                                       const cli_storage_options *storage)
{
    ndup_corpus_options options = NDUP_CORPUS_OPTIONS_INIT;
    if (fields != NULL) {
        options.text_field = fields->text;
        options.html_field = fields->html;
        options.id_field = fields->id;
        options.source_field = fields->source;
        options.url_field = fields->url;
        options.date_field = fields->date;
        options.title_field = fields->title;
        options.encoding = fields->encoding;
    }
    if (storage != NULL) {
        options.temporary_folder = storage->temporary_folder;
        options.max_record_bytes = storage->max_record.value;
        options.max_temporary_bytes = storage->max_temporary.value;
        options.zstd_long = storage->zstd_long;
    }
    return options;
}

/* What was typed, else what the preset is about. */
static void resolve_include(ndup_corpus_options *resolved, const cli_choice_options *choice,
                            const char *preset_name)
{
    const ndup_preset *preset = preset_name != NULL ? ndup_preset_find(preset_name) : NULL;
    resolved->include = choice->include.items;
    resolved->include_count = choice->include.count;
    if (choice->include.count == 0 && preset != NULL) {
        resolved->include = preset->include;
        resolved->include_count = preset->include_count;
    }
}

ndup_status cli_inputs_open(ndup_corpus **corpus, const cli_inputs *inputs,
                            const cli_input_options *options, const char *preset, cli_job *job,
                            ndup_error *error)
{
    ndup_corpus_options resolved = cli_corpus_options(&options->fields, &options->storage);
    const cli_choice_options *choice = &options->choice;
    bool is_given = choice->format != NULL && strcmp(choice->format, format_choice(0)) != 0;
    resolved.format = is_given ? choice->format : NULL;
    resolve_include(&resolved, choice, preset);
    resolved.exclude = choice->exclude.items;
    resolved.exclude_count = choice->exclude.count;
    resolved.hidden = choice->hidden;
    resolved.gitignore = choice->gitignore;
    return ndup_corpus_open(corpus, inputs->paths.items, inputs->paths.count, &resolved,
                            &job->hooks, error);
}
