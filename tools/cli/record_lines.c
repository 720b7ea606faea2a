/* SPDX-License-Identifier: MIT */
/* All lines that are there are taken together. */
#include "record_lines.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "console.h"
#include "input_lines.h"
#include "print_visible.h"

#define RECORD_USUAL ((uint64_t)256 << 20)

typedef struct pipe_state {
    bool needs_id;
    cli_record_visitor visit;
    void *context;
    cli_input_lines lines;
    ndup_record_reader *reader;
    uint64_t line;            /* taken so far */
    cli_record_line *waiting; /* [CLI_LINES_TOGETHER], of which `count` are filled */
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
    if (status == NDUP_STATUS_OK && state->needs_id && document->id.length == 0) {
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
    while (state->count < CLI_LINES_TOGETHER &&
           (kind = cli_lines_take(&line, &state->lines)) != CLI_LINE_NONE) {
        cli_record_line *waiting = &state->waiting[state->count++];
        *waiting = (cli_record_line){.line = ++state->line, .document = state->document_count};
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

static ndup_status visit_lines(const pipe_state *state, ndup_error *error)
{
    const cli_record_lines taken = {state->waiting, state->count, state->documents,
                                    state->document_count};
    return state->visit(state->context, &taken, error);
}

static ndup_status visit_all(pipe_state *state, ndup_error *error)
{
    bool more = true;
    ndup_status status = NDUP_STATUS_OK;
    while (status == NDUP_STATUS_OK) {
        status = take_lines(state, error);
        if (status == NDUP_STATUS_OK && state->count > 0) {
            status = visit_lines(state, error);
        } else if (status == NDUP_STATUS_OK && more) {
            status = cli_lines_wait(&more, &state->lines, error);
        } else {
            break;
        }
    }
    return status;
}

ndup_status cli_record_lines_visit(const cli_input_options *inputs, bool needs_id,
                                   cli_record_visitor visit, void *context, ndup_error *error)
{
    const ndup_corpus_options options = cli_corpus_options(&inputs->fields, &inputs->storage);
    uint64_t most = options.max_record_bytes > 0 ? options.max_record_bytes : RECORD_USUAL;
    pipe_state state = {.needs_id = needs_id,
                        .visit = visit,
                        .context = context,
                        .lines = {.descriptor = STDIN_FILENO, .most = (size_t)most}};
    ndup_status status = ndup_record_reader_new(&state.reader, &options, error);
    if (status == NDUP_STATUS_OK) {
        state.waiting = cli_resize(NULL, CLI_LINES_TOGETHER * sizeof *state.waiting);
        state.documents = cli_resize(NULL, CLI_LINES_TOGETHER * sizeof *state.documents);
        status = visit_all(&state, error);
    }
    ndup_record_reader_free(state.reader);
    cli_lines_free(&state.lines);
    free(state.waiting);
    free(state.documents);
    return status;
}

bool cli_record_lines_are(const cli_inputs *inputs, const cli_choice_options *choice)
{
    const char *format = choice->format;
    return inputs->paths.count == 1 && strcmp(inputs->paths.items[0], "-") == 0 &&
           (format == NULL || strcmp(format, "auto") == 0 || strcmp(format, "jsonl") == 0);
}
