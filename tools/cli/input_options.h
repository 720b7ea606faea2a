/* SPDX-License-Identifier: MIT */
/* The inputs of a command: operands, --files-from, and how records are read. */
#ifndef CLI_INPUT_OPTIONS_H
#define CLI_INPUT_OPTIONS_H

#include "job.h"
#include "neardup.h"
#include "option_table.h"

typedef struct cli_list_options {
    const char *files_from;
    bool null_separated;
} cli_list_options;

typedef struct cli_choice_options {
    const char *format;
    cli_list include, exclude;
    bool hidden, gitignore;
} cli_choice_options;

typedef struct cli_field_options {
    const char *text, *html, *id, *source, *url, *date, *title;
    const char *encoding;
} cli_field_options;

typedef struct cli_storage_options {
    cli_count max_record;
    const char *temporary_folder;
    cli_count max_temporary;
    bool zstd_long;
} cli_storage_options;

typedef struct cli_input_options {
    cli_list_options list;
    cli_choice_options choice;
    cli_field_options fields;
    cli_storage_options storage;
} cli_input_options;

extern const cli_option cli_list_table[];
extern const cli_option cli_choice_table[];
extern const cli_option cli_field_table[];
extern const cli_option cli_storage_table[];
#define CLI_INPUT_TITLE "Inputs"

/* What an INPUT may be, for the help of commands, */
#define CLI_INPUT_SUMMARY                                                                        \
    "INPUT is a folder with all below it, a file, or - for standard input: plain text, web "     \
    "pages, subtitles and .eml files are a document each; JSON (on lines or in arrays), tables " \
    "(CSV, TSV), web archives (WARC), feeds and mailboxes hold many; .zip, .tar, .wacz and "     \
    ".epub are read like folders. What a file is tell its first bytes, else its suffix; .gz "    \
    ".zst .xz .bz2 .lz4 may follow. Hidden files and other suffixes in folders are left out."
/* and for their descriptions. */
#define CLI_INPUT_WORDS                                                                            \
    "An INPUT is a folder, a file, or - for standard input. What a file is tell its first bytes, " \
    "else its suffix; gzip, zstd, xz, bzip2 and lz4 are read through, whatever the name. It is "   \
    "plain text (.txt, .md, any other text that is named itself), a web page (.html, .htm, "       \
    ".xhtml, .xht), subtitles (.srt, .vtt: the lines that are shown) or a message (.eml), one "    \
    "document each; or records: JSON (.jsonl, .ndjson, .jl, .json: objects on lines, in arrays "   \
    "or "                                                                                          \
    "behind each other), a table whose first row names the fields (.csv, .tsv, .tab), a web "      \
    "archive (.warc, .wet), of which pages and texts are read, with the fields id, url, date, "    \
    "digest, source, title, published, language and text, a feed (.rss, .atom, .rdf, .xml: its "   \
    "entries, or the <item> elements of a list), a mailbox (.mbox) or, by libduckdb, which "       \
    "NEARDUP_DUCKDB=/path/to/libduckdb.so names, Parquet (.parquet; records hold the columns "     \
    "that are asked for). Archives (.zip, .tar, .wacz, .epub) are read like folders.\n\n"          \
    "A folder is read with all below it, in the order of names, but for hidden files, links to "   \
    "folders and files with other suffixes, which are counted; --include, --exclude, --hidden "    \
    "and --gitignore choose others. One file is one document, also when several names or inputs "  \
    "lead to it. Pictures, PDF, Office documents, programs and other files without text are "      \
    "named and skipped (exit status 3; 4 when nothing else is there). What neardup wrote itself "  \
    "is no input."

/* The paths of a run. */
typedef struct cli_inputs {
    cli_list paths; /* borrowed from the command line or from `text` */
    char *text;     /* what --files-from held */
} cli_inputs;

/* Collects the operands and what --files-from names. `list` may be NULL. Gives CLI_GO_ON, or an
 * exit status when there are none or the list cannot be read. */
int cli_inputs_collect(cli_inputs *inputs, const cli_operands *operands,
                       const cli_list_options *list, const cli_command *command);
void cli_inputs_free(cli_inputs *inputs);

/* The library's options for `fields` and `storage`; both may be NULL. */
ndup_corpus_options cli_corpus_options(const cli_field_options *fields,
                                       const cli_storage_options *storage);

/* Opens the paths as a corpus. Without --include, of folders those files that the preset is about;
 * its name may be NULL. */
ndup_status cli_inputs_open(ndup_corpus **corpus, const cli_inputs *inputs,
                            const cli_input_options *options, const char *preset, cli_job *job,
                            ndup_error *error);

#endif
