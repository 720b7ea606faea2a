/* SPDX-License-Identifier: MIT */
/* Asking an index about the documents of a corpus or of a pipe, and adding them. */
#ifndef CLI_ASK_H
#define CLI_ASK_H

#include "answer_print.h"
#include "index_options.h"
#include "input_options.h"
#include "job.h"
#include "neardup.h"

/* What becomes of the documents. */
typedef enum cli_ask_change {
    CLI_ASK_ONLY,    /* nothing */
    CLI_ASK_ADD_NEW, /* what is new is added; what is known, too, if the query says so */
    CLI_ASK_ADD_ALL
} cli_ask_change;

typedef struct cli_ask_counts {
    uint64_t documents, known, updates, added, replaced, unreadable;
} cli_ask_counts;

/* Set what stands above the line; the rest is zero. */
typedef struct cli_ask {
    ndup_index *index;
    cli_job *job;
    cli_ask_change change;
    ndup_index_query query;
    cli_answer_form form;
    const cli_colours *colours;
    /* --- */
    cli_ask_counts counts;
} cli_ask;

/* The options of the commands that ask. */
typedef struct cli_ask_options {
    cli_index_ask_options ask;
    cli_index_write_options write;
    cli_input_options inputs;
    cli_thread_options threads;
    cli_talk_options talk;
} cli_ask_options;

/* Documents asked about together, in one transaction where they are added. */
enum { CLI_ASK_TOGETHER = 1000 };

/* Asks about documents. Errors: those of the index. */
ndup_status cli_ask_documents(cli_ask *ask, ndup_index_answers **answers,
                              const ndup_document *documents, size_t count, ndup_error *error);

/* Prints and counts answer i. Errors: MEMORY. */
ndup_status cli_ask_tell(cli_ask *ask, ndup_index_answers *answers, size_t i,
                         const ndup_document *document, ndup_error *error);

/* Asks about the lines of standard input, each of them a JSON object, as they come: whoever writes
 * one gets its answer before the next. Errors: those of the index and of reading. */
ndup_status cli_ask_lines(cli_ask *ask, const cli_input_options *inputs, ndup_error *error);

/* What a command that asks does besides. */
typedef struct cli_ask_plan {
    const cli_command *command;
    const char *path; /* of the index */
    cli_ask_change change;
    bool adds_known;
} cli_ask_plan;

/* Runs a command that asks: opens the index, asks about all inputs, and says how it went. Gives the
 * exit status. */
int cli_ask_run(const cli_ask_options *typed, const cli_ask_plan *plan, const cli_operands *inputs);

#endif
