/* SPDX-License-Identifier: MIT */
/* Asking an index. */
#include "ask.h"

#include <errno.h>
#include <string.h>

#include "console.h"
#include "encoding_hint.h"
#include "format.h"
#include "record_lines.h"

ndup_status cli_ask_documents(cli_ask *ask, ndup_index_answers **answers,
                              const ndup_document *documents, size_t count, ndup_error *error)
{
    *answers = NULL;
    switch (ask->change) {
    case CLI_ASK_ADD_NEW:
        return ndup_index_check_and_add(ask->index, answers, documents, count, &ask->query, error);
    case CLI_ASK_ADD_ALL:
        return ndup_index_add(ask->index, answers, documents, count, error);
    default:
        return ndup_index_check(ask->index, answers, documents, count, &ask->query, error);
    }
}

ndup_status cli_ask_tell(cli_ask *ask, ndup_index_answers *answers, size_t i,
                         const ndup_document *document, ndup_error *error)
{
    const ndup_index_answer *answer = ndup_index_answers_get(answers, i);
    cli_ask_counts *counts = &ask->counts;
    counts->documents++;
    counts->known += answer->is_known;
    counts->updates += answer->is_update;
    counts->added += answer->number > 0 && !answer->is_same_id;
    counts->replaced += answer->was_replaced;
    counts->unreadable += answer->reading == NDUP_READING_DAMAGED;
    return cli_answer_print(ask->form, answers, i, document->id, ask->colours, error);
}

/* Whether everything printed so far could be written. */
static ndup_status check_stdout(ndup_error *error)
{
    if (!ferror(stdout)) {
        return NDUP_STATUS_OK;
    }
    *error = (ndup_error){.status = NDUP_STATUS_IO, .system_errno = errno};
    snprintf(error->message, sizeof error->message, "cannot write to standard output");
    return NDUP_STATUS_IO;
}

/* The visitor of a corpus. */
static ndup_status ask_batch(void *context, const ndup_document *documents, size_t count,
                             ndup_error *error)
{
    cli_ask *ask = context;
    ndup_index_answers *answers;
    ndup_status status = cli_ask_documents(ask, &answers, documents, count, error);
    for (size_t i = 0; i < count && status == NDUP_STATUS_OK; i++) {
        status = cli_ask_tell(ask, answers, i, &documents[i], error);
    }
    ndup_index_answers_free(answers);
    return status == NDUP_STATUS_OK ? check_stdout(error) : status;
}

/* Standard input is asked about line by line, unless it is said to be something else or nobody
 * waits for answers. */
static bool is_pipe(const cli_ask *ask, const cli_inputs *inputs, const cli_choice_options *choice)
{
    return ask->form != CLI_ANSWER_NONE && cli_record_lines_are(inputs, choice);
}

/* The index says, by its preset, which files of folders are read. */
static ndup_status open_all(cli_ask *ask, ndup_corpus **corpus, const cli_ask_plan *plan,
                            const cli_ask_options *typed, const cli_inputs *inputs,
                            ndup_error *error)
{
    const cli_index_write_options *write = ask->change != CLI_ASK_ONLY ? &typed->write : NULL;
    ndup_status status = cli_index_open(&ask->index, plan->path, write, ask->job, error);
    if (status != NDUP_STATUS_OK || is_pipe(ask, inputs, &typed->inputs.choice)) {
        return status;
    }
    const char *preset = ndup_index_get_options(ask->index)->dedup.preset;
    return cli_inputs_open(corpus, inputs, &typed->inputs, preset, ask->job, error);
}

static ndup_status ask_all(cli_ask *ask, const cli_ask_plan *plan, const cli_ask_options *typed,
                           const cli_inputs *inputs, ndup_error *error)
{
    ndup_corpus *corpus = NULL;
    ndup_status status = open_all(ask, &corpus, plan, typed, inputs, error);
    if (status == NDUP_STATUS_OK) {
        status = corpus == NULL ? cli_ask_lines(ask, &typed->inputs, error)
                                : ndup_corpus_walk(corpus, NULL, CLI_ASK_TOGETHER, ask_batch, ask,
                                                   &ask->job->hooks, error);
    }
    ndup_corpus_close(corpus);
    ndup_index_close(ask->index);
    return status;
}

static void print_counts(const cli_ask *ask)
{
    const cli_ask_counts *counts = &ask->counts;
    cli_formatted documents, fresh, known, updates, added, replaced, seconds;
    if (ask->job->quiet || cli_job_is_json(ask->job)) {
        return;
    }
    cli_format_count(&documents, counts->documents);
    cli_format_count(&fresh, counts->documents - counts->known);
    cli_format_count(&known, counts->known);
    cli_format_count(&updates, counts->updates);
    cli_format_count(&added, counts->added);
    cli_format_count(&replaced, counts->replaced);
    cli_format_seconds(&seconds, ask->job->seconds);
    if (ask->change == CLI_ASK_ONLY) {
        cli_complain("asked about %s: %s new, %s known, %s of them updates; %s", documents.text,
                     fresh.text, known.text, updates.text, seconds.text);
    } else {
        cli_complain("asked about %s: %s new, %s known, %s of them updates; %s added, %s replaced; "
                     "%s",
                     documents.text, fresh.text, known.text, updates.text, added.text,
                     replaced.text, seconds.text);
    }
}

static int run_job(cli_ask *ask, const cli_ask_plan *plan, const cli_ask_options *typed,
                   const cli_inputs *inputs)
{
    ndup_error error = {0};
    cli_job *job = ask->job;
    if (ask->form != CLI_ANSWER_NONE) {
        cli_job_use_stdout(job);
        job->writes_while_reading = true;
    }
    if (ask->change != CLI_ASK_ONLY) {
        cli_job_changes_index(job);
    }
    if (ask_all(ask, plan, typed, inputs, &error) != NDUP_STATUS_OK) {
        (void)cli_finish_stdout();
        return cli_job_fail(job, &error);
    }
    cli_job_end(job);
    print_counts(ask);
    return cli_job_status(job, false, 0, cli_unread_say(job, ask->counts.unreadable));
}

int cli_ask_run(const cli_ask_options *typed, const cli_ask_plan *plan,
                const cli_operands *operands)
{
    cli_inputs inputs = {0};
    cli_job job;
    cli_ask ask = {.job = &job, .change = plan->change, .form = cli_answer_form_of(typed->ask.as)};
    int exit = cli_index_ask_resolve(&ask.query, &typed->ask, plan->command);
    if (exit == CLI_GO_ON) {
        exit = cli_inputs_collect(&inputs, operands, &typed->inputs.list, plan->command);
    }
    if (exit == CLI_GO_ON) {
        ask.query.add_known = plan->adds_known;
        ask.query.threads = (unsigned)typed->threads.threads.value;
        ask.colours = cli_terminal_colours(stdout, typed->talk.colour);
        cli_job_begin(&job, plan->command, &typed->talk);
        exit = run_job(&ask, plan, typed, &inputs);
    }
    cli_inputs_free(&inputs);
    return exit;
}
