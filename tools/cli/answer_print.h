/* SPDX-License-Identifier: MIT */
/* What an index says of a document, as a line for people or of JSON. */
#ifndef CLI_ANSWER_PRINT_H
#define CLI_ANSWER_PRINT_H

#include <stdint.h>
#include <stdio.h>

#include "neardup.h"
#include "terminal.h"

/* How answers are printed on standard output. */
typedef enum cli_answer_form { CLI_ANSWER_TEXT, CLI_ANSWER_JSON, CLI_ANSWER_NONE } cli_answer_form;

/* What was typed for --as; NULL is auto. */
cli_answer_form cli_answer_form_of(const char *typed);

/* Prints answer i, about the document with this id. Errors: MEMORY. */
ndup_status cli_answer_print(cli_answer_form form, ndup_index_answers *answers, size_t i,
                             ndup_text id, const cli_colours *colours, ndup_error *error);

/* Prints why the record on a line has no answer. */
void cli_answer_print_error(cli_answer_form form, uint64_t line, const char *message);

#endif
