/* SPDX-License-Identifier: MIT */
/* A pipe: a record a line in, an answer a line out. All lines that are there are asked about
 * together. */
#include "ask.h"
#include "console.h"
#include "record_lines.h"

static void tell_bad(const cli_ask *ask, const cli_record_line *waiting)
{
    const ndup_problem problem = {.status = waiting->why.status,
                                  .skipped = true,
                                  .path = "-",
                                  .line = waiting->line,
                                  .message = waiting->why.message};
    cli_answer_print_error(ask->form, waiting->line, waiting->why.message);
    ask->job->hooks.problem(ask->job->hooks.context, &problem);
}

static ndup_status answer_lines(void *context, const cli_record_lines *taken, ndup_error *error)
{
    cli_ask *ask = context;
    ndup_index_answers *answers;
    ndup_status status =
        cli_ask_documents(ask, &answers, taken->documents, taken->document_count, error);
    for (size_t i = 0; i < taken->count && status == NDUP_STATUS_OK; i++) {
        const cli_record_line *waiting = &taken->lines[i];
        if (waiting->is_bad) {
            tell_bad(ask, waiting);
        } else {
            status = cli_ask_tell(ask, answers, waiting->document,
                                  &taken->documents[waiting->document], error);
        }
    }
    ndup_index_answers_free(answers);
    if (status == NDUP_STATUS_OK && fflush(stdout) != 0) {
        *error = (ndup_error){.status = NDUP_STATUS_IO};
        snprintf(error->message, sizeof error->message, "cannot write to standard output");
        return error->status;
    }
    return status;
}

ndup_status cli_ask_lines(cli_ask *ask, const cli_input_options *inputs, ndup_error *error)
{
    return cli_record_lines_visit(inputs, ask->change != CLI_ASK_ONLY, answer_lines, ask, error);
}
