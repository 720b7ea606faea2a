/* SPDX-License-Identifier: MIT */
/* A pipe: a record a line in, an answer a line out. All lines that are there are asked about
 * together; nobody waits for a line that has not come. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "ask.h"
#include "console.h"
#include "input_lines.h"
#include "print_visible.h"

#define RECORD_USUAL ((uint64_t)256 << 20)

/* A line that waits for its answer. */
typedef struct waiting_line {
    uint64_t line;
    bool is_bad;
    ndup_error why; /* of a bad one */
    size_t document;
} waiting_line;

typedef struct pipe_state {
    cli_ask *ask;
    cli_input_lines lines;
    ndup_record_reader *reader;
    uint64_t line;            /* taken so far */
    waiting_line *waiting;    /* [CLI_ASK_TOGETHER], of which `count` are filled */
    ndup_document *documents; /* likewise, document_count */
    size_t count, document_count;
} pipe_state;

static ndup_status refuse(ndup_error *why, ndup_status status, const char *message)
{
    *why = (ndup_error){.status = status};
    snprintf(why->message, sizeof why->message, "%s", message);
    return status;
}

static bool is_blank(ndup_text line)
{
    size_t i = 0;
    while (i < line.length && cli_is_space(line.bytes[i])) {
        i++;
    }
    return i == line.length;
}

/* Reads the record of a line. What is wrong with it is no failure of the program. */
static ndup_status read_line(pipe_state *state, ndup_document *document, cli_line_kind kind,
                             ndup_text line, ndup_error *why)
{
    if (kind == CLI_LINE_TOO_LONG) {
        return refuse(why, NDUP_STATUS_LIMIT, "the line is longer than --max-record allows");
    }
    if (is_blank(line)) {
        return refuse(why, NDUP_STATUS_CORRUPT, "the line is empty, must be a JSON object");
    }
    ndup_status status = ndup_record_read_json(document, state->reader, line, why);
    if (status == NDUP_STATUS_OK && state->ask->change != CLI_ASK_ONLY &&
        document->id.length == 0) {
        status = refuse(why, NDUP_STATUS_INVALID, "the record has no id, which adding it needs");
    }
    return status;
}

/* Takes all lines that are there, or as many as are asked about together. */
static ndup_status take_lines(pipe_state *state, ndup_error *error)
{
    ndup_text line;
    cli_line_kind kind = CLI_LINE_WHOLE;
    state->count = 0;
    state->document_count = 0;
    ndup_record_reader_reset(state->reader);
    while (state->count < CLI_ASK_TOGETHER &&
           (kind = cli_lines_take(&line, &state->lines)) != CLI_LINE_NONE) {
        waiting_line *waiting = &state->waiting[state->count++];
        *waiting = (waiting_line){.line = ++state->line, .document = state->document_count};
        ndup_status status =
            read_line(state, &state->documents[state->document_count], kind, line, &waiting->why);
        if (status == NDUP_STATUS_MEMORY) {
            *error = waiting->why;
            return status;
        }
        waiting->is_bad = status != NDUP_STATUS_OK;
        state->document_count += !waiting->is_bad;
    }
    return NDUP_STATUS_OK;
}

static void tell_bad(const cli_ask *ask, const waiting_line *waiting)
{
    const ndup_problem problem = {.status = waiting->why.status,
                                  .skipped = true,
                                  .path = "-",
                                  .line = waiting->line,
                                  .message = waiting->why.message};
    cli_answer_print_error(ask->form, waiting->line, waiting->why.message);
    ask->job->hooks.problem(ask->job->hooks.context, &problem);
}

static ndup_status answer_lines(pipe_state *state, ndup_error *error)
{
    cli_ask *ask = state->ask;
    ndup_index_answers *answers;
    ndup_status status =
        cli_ask_documents(ask, &answers, state->documents, state->document_count, error);
    for (size_t i = 0; i < state->count && status == NDUP_STATUS_OK; i++) {
        const waiting_line *waiting = &state->waiting[i];
        if (waiting->is_bad) {
            tell_bad(ask, waiting);
        } else {
            status = cli_ask_tell(ask, answers, waiting->document,
                                  &state->documents[waiting->document], error);
        }
    }
    ndup_index_answers_free(answers);
    if (status == NDUP_STATUS_OK && fflush(stdout) != 0) {
        return refuse(error, NDUP_STATUS_IO, "cannot write to standard output");
    }
    return status;
}

static ndup_status answer_all(pipe_state *state, ndup_error *error)
{
    bool more = true;
    ndup_status status = NDUP_STATUS_OK;
    while (status == NDUP_STATUS_OK) {
        status = take_lines(state, error);
        if (status == NDUP_STATUS_OK && state->count > 0) {
            status = answer_lines(state, error);
        } else if (status == NDUP_STATUS_OK && more) {
            status = cli_lines_wait(&more, &state->lines, error);
        } else {
            break;
        }
    }
    return status;
}

ndup_status cli_ask_lines(cli_ask *ask, const cli_input_options *inputs, ndup_error *error)
{
    const ndup_corpus_options options = cli_corpus_options(&inputs->fields, &inputs->storage);
    uint64_t most = options.max_record_bytes > 0 ? options.max_record_bytes : RECORD_USUAL;
    pipe_state state = {.ask = ask, .lines = {.descriptor = STDIN_FILENO, .most = (size_t)most}};
    ndup_status status = ndup_record_reader_new(&state.reader, &options, error);
    if (status == NDUP_STATUS_OK) {
        state.waiting = cli_resize(NULL, CLI_ASK_TOGETHER * sizeof *state.waiting);
        state.documents = cli_resize(NULL, CLI_ASK_TOGETHER * sizeof *state.documents);
        status = answer_all(&state, error);
    }
    ndup_record_reader_free(state.reader);
    cli_lines_free(&state.lines);
    free(state.waiting);
    free(state.documents);
    return status;
}
