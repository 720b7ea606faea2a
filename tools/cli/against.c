/* SPDX-License-Identifier: MIT */
/* What an index knows leaves the corpus before the run; what the run keeps is added after it. */
#include "against.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "console.h"
#include "format.h"

const cli_option cli_against_table[] = {
    {.name = "against",
     .kind = CLI_TEXT,
     .offset = offsetof(cli_against_options, path),
     .argument = "PATH",
     .is_path = true,
     .help =
         "first remove what this index has, or this other corpus (a file or folder), or what is "
         "like it; it is never changed without --add"},
    {.name = "add",
     .kind = CLI_FLAG,
     .offset = offsetof(cli_against_options, add),
     .help = "add what the run keeps to the index"},
    {.name = "known",
     .kind = CLI_TEXT,
     .offset = offsetof(cli_against_options, known),
     .argument = "FILE",
     .is_path = true,
     .help = "write what was removed so, with what it is like, as 'neardup check' does"},
    {.name = NULL}};

int cli_against_check(const cli_against_options *typed, const cli_command *command)
{
    if (typed->path == NULL) {
        return !typed->add && typed->known == NULL
                   ? CLI_GO_ON
                   : cli_usage_error(command, "%s goes with --against PATH",
                                     typed->add ? "--add" : "--known");
    }
    if (typed->add && !ndup_index_is_at(typed->path)) {
        return cli_usage_error(command,
                               "--add: there is no index at %s; 'neardup index build' makes one of "
                               "a corpus",
                               typed->path);
    }
    return CLI_GO_ON;
}

static bool names_matching(const cli_matching_options *typed)
{
    return typed->preset != NULL || typed->threshold.given || typed->shingle_size.given ||
           typed->character_shingles.given || typed->exact_tokens ||
           typed->number_agreement.given || typed->seed != NULL;
}

static bool is_same_matching(const ndup_dedup_options *a, const ndup_dedup_options *b)
{
    const ndup_matching *x = &a->matching;
    const ndup_matching *y = &b->matching;
    return x->threshold == y->threshold && x->shingle_size == y->shingle_size &&
           x->tokens == y->tokens && x->number_agreement == y->number_agreement &&
           a->seed == b->seed;
}

/* The run compares as the index does. */
static ndup_status take_matching(ndup_dedup_options *options, const ndup_dedup_options *of_index,
                                 const cli_matching_options *typed, const char *path,
                                 ndup_error *error)
{
    if (names_matching(typed) && !is_same_matching(options, of_index)) {
        *error = (ndup_error){.status = NDUP_STATUS_INVALID};
        snprintf(error->message, sizeof error->message,
                 "%.80s was made with other options of what counts as a near-duplicate; "
                 "leave them away here, and those of the index hold",
                 path);
        return error->status;
    }
    options->preset = of_index->preset;
    options->matching = of_index->matching;
    options->seed = of_index->seed;
    return NDUP_STATUS_OK;
}

static ndup_status open_index(cli_against *against, ndup_dedup_options *options,
                              const cli_matching_options *matching, cli_job *job, ndup_error *error)
{
    static const cli_index_write_options usual = {.sync = NULL};
    const cli_against_options *typed = against->typed;
    ndup_status status =
        cli_index_open(&against->index, typed->path, typed->add ? &usual : NULL, job, error);
    return status == NDUP_STATUS_OK
               ? take_matching(options, &ndup_index_get_options(against->index)->dedup, matching,
                               typed->path, error)
               : status;
}

/* Makes an index of the other corpus that goes away behind the run. */
static ndup_status build_index(cli_against *against, const ndup_dedup_options *options,
                               const cli_input_options *inputs, cli_job *job, ndup_error *error)
{
    ndup_index_options made = {.struct_size = sizeof made, .dedup = *options, .secret = {"", 0}};
    cli_inputs other = {.text = NULL};
    ndup_corpus *corpus = NULL;
    ndup_index_built built;
    made.dedup.keep = NULL;
    made.dedup.never_drop_count = 0;
    made.dedup.max_loss_count = 0;
    made.dedup.audit = 0;
    made.dedup.exact = false;
    if (made.dedup.rule == NDUP_RULE_CONTAINED) {
        made.dedup.rule = NDUP_RULE_EITHER;
    }
    cli_list_add(&other.paths, against->typed->path);
    ndup_status status = cli_inputs_open(&corpus, &other, inputs, options->preset, job, error);
    if (status == NDUP_STATUS_OK) {
        status = ndup_index_open_temporary(&against->index, inputs->storage.temporary_folder, &made,
                                           &job->hooks, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = ndup_index_build(against->index, &built, corpus, &job->hooks, error);
    }
    ndup_corpus_close(corpus);
    cli_list_free(&other.paths);
    return status;
}

ndup_status cli_against_open(cli_against *against, ndup_dedup_options *options,
                             const cli_matching_options *matching, const cli_input_options *inputs,
                             cli_job *job, ndup_error *error)
{
    if (against->typed->path == NULL) {
        return NDUP_STATUS_OK;
    }
    return ndup_index_is_at(against->typed->path)
               ? open_index(against, options, matching, job, error)
               : build_index(against, options, inputs, job, error);
}

/* Answers on their way to a file. */
typedef struct known_lines {
    cli_against *against;
    char *bytes; /* [length] NULL where no file is wanted */
    size_t length, capacity;
    bool is_wanted;
} known_lines;

static ndup_status keep_line(known_lines *lines, ndup_index_answers *answers, size_t i,
                             ndup_text id, ndup_error *error)
{
    ndup_text json;
    ndup_status status = ndup_index_answers_json(&json, answers, i, id, error);
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    if (lines->capacity - lines->length < json.length + 1) {
        lines->capacity = 2 * lines->capacity + json.length + 65536;
        lines->bytes = cli_resize(lines->bytes, lines->capacity);
    }
    memcpy(lines->bytes + lines->length, json.bytes, json.length);
    lines->length += json.length;
    lines->bytes[lines->length++] = '\n';
    return NDUP_STATUS_OK;
}

static ndup_status choose_known(void *context, bool *is_left_out, const ndup_document *documents,
                                size_t count, ndup_error *error)
{
    known_lines *lines = context;
    cli_against *against = lines->against;
    ndup_index_answers *answers = NULL;
    ndup_status status = ndup_index_check(against->index, &answers, documents, count, NULL, error);
    for (size_t i = 0; i < count && status == NDUP_STATUS_OK; i++) {
        const ndup_index_answer *answer = ndup_index_answers_get(answers, i);
        is_left_out[i] = answer->is_known;
        against->known += answer->is_known;
        against->updates += answer->is_update;
        if (answer->is_known && lines->is_wanted) {
            status = keep_line(lines, answers, i, documents[i].id, error);
        }
    }
    against->documents += count;
    ndup_index_answers_free(answers);
    return status;
}

ndup_status cli_against_leave_out(cli_against *against, ndup_corpus *corpus, bool overwrite,
                                  cli_job *job, ndup_error *error)
{
    known_lines lines = {.against = against, .is_wanted = against->typed->known != NULL};
    bool written = false;
    if (against->index == NULL) {
        return NDUP_STATUS_OK;
    }
    ndup_status status =
        ndup_corpus_leave_out(corpus, NULL, 0, choose_known, &lines, &job->hooks, error);
    if (status == NDUP_STATUS_OK && lines.is_wanted) {
        status = ndup_output_write_text(&written, against->typed->known,
                                        (ndup_text){lines.bytes, lines.length}, overwrite, error);
    }
    if (written) {
        cli_job_note_written(job, against->typed->known);
    }
    free(lines.bytes);
    return status;
}

/* The kept documents of a walk. */
typedef struct adding {
    cli_against *against;
    const ndup_result *result;
    ndup_document *kept; /* [capacity] */
    size_t capacity;
} adding;

static ndup_status add_kept(void *context, const ndup_document *documents, size_t count,
                            ndup_error *error)
{
    adding *now = context;
    size_t kept = 0;
    if (count > now->capacity) {
        now->kept = cli_resize(now->kept, count * sizeof *now->kept);
        now->capacity = count;
    }
    for (size_t i = 0; i < count; i++) {
        ndup_verdict verdict;
        ndup_result_verdict(now->result, documents[i].number, &verdict);
        if (verdict.kept) {
            now->kept[kept++] = documents[i];
        }
    }
    ndup_status status = ndup_index_add(now->against->index, NULL, now->kept, kept, error);
    now->against->added += status == NDUP_STATUS_OK ? kept : 0;
    return status;
}

ndup_status cli_against_add(cli_against *against, const ndup_result *result, ndup_corpus *corpus,
                            cli_job *job, ndup_error *error)
{
    adding now = {.against = against, .result = result};
    ndup_hooks quiet = job->hooks;
    if (!against->typed->add) {
        return NDUP_STATUS_OK;
    }
    quiet.problem = NULL; /* they were told */
    quiet.notice = NULL;
    cli_job_changes_index(job);
    ndup_status status = ndup_corpus_walk(corpus, NULL, 0, add_kept, &now, &quiet, error);
    free(now.kept);
    return status;
}

void cli_against_print(const cli_against *against, const cli_job *job)
{
    cli_formatted documents, known, added;
    if (against->index == NULL || job->quiet || cli_job_is_json(job)) {
        return;
    }
    cli_format_count(&documents, against->documents);
    cli_format_count(&known, against->known);
    cli_complain("%s of %s documents are known to %s and were left out before the run; what "
                 "stands below is about the others",
                 known.text, documents.text, against->typed->path);
    if (against->typed->add) {
        cli_complain("documents added to %s: %s", against->typed->path,
                     cli_format_count(&added, against->added));
    }
}

void cli_against_close(cli_against *against)
{
    ndup_index_close(against->index);
    against->index = NULL;
}
