/* SPDX-License-Identifier: MIT */
/* Standard input as JSON lines that are answered as they come: nobody waits for a line that has not
 * come. */
#ifndef CLI_RECORD_LINES_H
#define CLI_RECORD_LINES_H

#include "input_options.h"
#include "neardup.h"

/* Lines that are taken together, at most. */
enum { CLI_LINES_TOGETHER = 1000 };

/* A line that waits for its answer. */
typedef struct cli_record_line {
    uint64_t line;
    bool is_bad;
    ndup_error why;  /* of a bad one */
    size_t document; /* its place among the documents */
} cli_record_line;

/* All lines that were there. */
typedef struct cli_record_lines {
    const cli_record_line *lines; /* [count] */
    size_t count;
    const ndup_document *documents; /* [document_count] of those that are not bad */
    size_t document_count;
} cli_record_lines;

/* Called with lines; what is not OK ends the work. */
typedef ndup_status (*cli_record_visitor)(void *context, const cli_record_lines *taken,
                                          ndup_error *error);

/* Reads standard input to its end; with `needs_id` a record without an id is bad. Errors: those of
 * reading and of the visitor. */
ndup_status cli_record_lines_visit(const cli_input_options *inputs, bool needs_id,
                                   cli_record_visitor visit, void *context, ndup_error *error);

/* Whether inputs are standard input alone, and not said to be anything but JSON lines. */
bool cli_record_lines_are(const cli_inputs *inputs, const cli_choice_options *choice);

#endif
