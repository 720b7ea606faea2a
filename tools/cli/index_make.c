/* SPDX-License-Identifier: MIT */
/* neardup index create and build. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "console.h"
#include "format.h"
#include "index_verbs.h"
#include "input_options.h"
#include "matching_options.h"
#include "read_stream.h"

/* Bytes of a secret at most, and of one that is made here. */
enum { SECRET_MOST = 64, SECRET_MADE = 32 };

typedef struct make_own_options {
    const char *store;
    const char *rule;
    cli_number containment;
    const char *secret_file;
    bool secret_random;
} make_own_options;

typedef struct make_options {
    cli_matching_options matching;
    make_own_options own;
    cli_input_options inputs; /* of build */
    cli_thread_options threads;
    cli_talk_options talk;
} make_options;

static int run_create(int argc, char *argv[]);
static int run_build(int argc, char *argv[]);

static const char *store_choice(size_t i)
{
    return ndup_index_store_name((ndup_index_store)i);
}

static const char *store_meaning(size_t i)
{
    static const char *const meanings[] = {
        "the words of each text as hashes: answers are exact",
        "its sketch alone: small, and answers are estimates with an interval",
        "as sets, and the text itself, compressed"};
    return meanings[i];
}

static const char *rule_choice(size_t i)
{
    static const ndup_rule rules[] = {NDUP_RULE_JACCARD, NDUP_RULE_EITHER};
    return i < sizeof rules / sizeof *rules ? ndup_rule_name(rules[i]) : NULL;
}

static const cli_option store_table[] = {
    {.name = "store",
     .kind = CLI_CHOICE,
     .offset = offsetof(make_own_options, store),
     .argument = "WHAT",
     .choice = store_choice,
     .meaning = store_meaning,
     .help = "what is kept of each document"},
    {.name = "secret-file",
     .kind = CLI_TEXT,
     .offset = offsetof(make_own_options, secret_file),
     .argument = "FILE",
     .is_path = true,
     .help = "mix the bytes of this file (64 at most) into the keys of the index, so that nobody "
             "who does not know them can make texts that crowd it"},
    {.name = "secret-random",
     .kind = CLI_FLAG,
     .offset = offsetof(make_own_options, secret_random),
     .help = "the same with bytes that nobody knows"},
    {.name = NULL}};

static const cli_option rule_table[] = {
    {.name = "rule",
     .kind = CLI_CHOICE,
     .offset = offsetof(make_own_options, rule),
     .argument = "RULE",
     .choice = rule_choice,
     .help = "a text is known that is similar to one in the index; with either, one that stands in "
             "one of them, too"},
    {.name = "containment",
     .kind = CLI_NUMBER,
     .offset = offsetof(make_own_options, containment),
     .argument = "C",
     .range = {.least = 0, .most = 1, .open_least = true},
     .standard = "0.9",
     .help = "under either: the share of a text's shingles that must stand in one document"},
    {.name = NULL}};

#define MATCHING_GROUPS                                                            \
    {CLI_INDEX_TITLE, store_table, offsetof(make_options, own)},                   \
        {CLI_MATCHING_TITLE, cli_rule_table, offsetof(make_options, matching)},    \
        {CLI_MATCHING_TITLE, cli_shingle_table, offsetof(make_options, matching)}, \
        {CLI_MATCHING_TITLE, rule_table, offsetof(make_options, own)},             \
        {CLI_SEARCH_TITLE, cli_search_table, offsetof(make_options, matching)},    \
    {                                                                              \
        CLI_SEARCH_TITLE, cli_seed_table, offsetof(make_options, matching)         \
    }

static const cli_group create_groups[] = {
    MATCHING_GROUPS, {"Running", cli_talk_table, offsetof(make_options, talk)}, {NULL, NULL, 0}};
static const cli_group build_groups[] = {
    MATCHING_GROUPS,
    {CLI_INPUT_TITLE, cli_list_table, offsetof(make_options, inputs.list)},
    {CLI_INPUT_TITLE, cli_choice_table, offsetof(make_options, inputs.choice)},
    {CLI_INPUT_TITLE, cli_field_table, offsetof(make_options, inputs.fields)},
    {CLI_INPUT_TITLE, cli_storage_table, offsetof(make_options, inputs.storage)},
    {"Running", cli_thread_table, offsetof(make_options, threads)},
    {"Running", cli_talk_table, offsetof(make_options, talk)},
    {NULL, NULL, 0}};

static const cli_example create_examples[] = {
    {"for news and web pages", "neardup index create seen/"},
    {"for posts, with sketches only", "neardup index create seen/ --preset short --store sketches"},
    {"for texts that strangers send", "neardup index create seen/ --secret-random"},
    {NULL, NULL}};
static const cli_example build_examples[] = {
    {"all that a crawl has so far", "neardup index build seen/ crawl.jsonl.zst"},
    {"a folder of texts, which are kept, too", "neardup index build seen/ texts/ --store texts"},
    {NULL, NULL}};

static const char *const build_exit_lines[] = {
    "0  done", "2  the command line or an option is wrong",
    "3  done, but some records were skipped or could not be read (they are named)", "4  failed",
    NULL};

const cli_command cli_index_create = {
    .name = "index create",
    .summary = "make an empty index, and say for good what counts as alike in it",
    .operands = "PATH",
    .description =
        "Makes the folder PATH with an index that holds nothing yet. What the options say is kept "
        "with the index and holds for all that is ever added and asked. A folder that is there "
        "must be empty.",
    .examples = create_examples,
    .groups = create_groups,
    .run = run_create};

const cli_command cli_index_build = {
    .name = "index build",
    .summary = "make an index of all documents of a corpus",
    .operands = "PATH INPUT...",
    .operands_help = CLI_INPUT_SUMMARY,
    .description =
        "Makes an index, as 'neardup index create' does, and fills it with all documents of the "
        "inputs, much faster than 'neardup index add' would: a run of 'neardup dedup' says whose "
        "copies there are. Of documents with one id the first counts; the others are named. What "
        "is there after a failure or an interrupt is incomplete and has to be removed.",
    .examples = build_examples,
    .groups = build_groups,
    .exit_lines = build_exit_lines,
    .run = run_build};

/* The secret that was asked for, in `bytes`. Gives CLI_GO_ON or an exit status. */
static int find_secret(ndup_text *secret, char bytes[SECRET_MOST], const make_own_options *own,
                       const cli_command *command)
{
    if (own->secret_file != NULL && own->secret_random) {
        return cli_usage_error(command, "--secret-file and --secret-random both give a secret");
    }
    if (own->secret_random) {
        *secret = (ndup_text){bytes, SECRET_MADE};
        return getrandom(bytes, SECRET_MADE, 0) == SECRET_MADE
                   ? CLI_GO_ON
                   : cli_usage_error(command, "the system gives no random numbers: use "
                                              "--secret-file");
    }
    if (own->secret_file == NULL) {
        return CLI_GO_ON;
    }
    FILE *stream = fopen(own->secret_file, "rb");
    size_t length = stream != NULL ? fread(bytes, 1, SECRET_MOST, stream) : 0;
    bool is_longer = stream != NULL && length == SECRET_MOST && fgetc(stream) != EOF;
    if (stream == NULL || ferror(stream) || length == 0 || is_longer) {
        cli_complain("--secret-file %s: %s", own->secret_file,
                     stream == NULL || ferror(stream) ? strerror(errno)
                     : length == 0                    ? "it is empty"
                                                      : "it has more than 64 bytes");
    }
    bool is_read = stream != NULL && !ferror(stream) && length > 0 && !is_longer;
    if (stream != NULL) {
        fclose(stream);
    }
    *secret = (ndup_text){bytes, length};
    return is_read ? CLI_GO_ON : CLI_EXIT_FAILED;
}

static int resolve(ndup_index_options *resolved, char secret[SECRET_MOST],
                   const make_options *typed, const cli_command *command)
{
    const make_own_options *own = &typed->own;
    ndup_error error = {0};
    if (ndup_index_options_init(resolved, typed->matching.preset, &error) != NDUP_STATUS_OK) {
        return cli_failure(command, &error);
    }
    int status = cli_matching_resolve(&resolved->dedup, &typed->matching, command);
    for (size_t i = 0; own->store != NULL && store_choice(i) != NULL; i++) {
        if (strcmp(own->store, store_choice(i)) == 0) {
            resolved->store = (ndup_index_store)i;
        }
    }
    if (own->rule != NULL && strcmp(own->rule, rule_choice(0)) != 0) {
        resolved->dedup.rule = NDUP_RULE_EITHER;
    }
    if (own->containment.given && resolved->dedup.rule != NDUP_RULE_EITHER) {
        return cli_usage_error(command, "--containment goes with --rule either");
    }
    if (own->containment.given) {
        resolved->dedup.containment = own->containment.value;
    }
    return status == CLI_GO_ON ? find_secret(&resolved->secret, secret, own, command) : status;
}

static int run_create(int argc, char *argv[])
{
    make_options typed = {0};
    ndup_index_options options;
    char secret[SECRET_MOST];
    const char *path;
    cli_operands rest;
    ndup_error error = {0};
    int status = cli_index_parse(&typed, &path, &rest, &cli_index_create, argc, argv, 0, 0);
    if (status != CLI_GO_ON) {
        return status;
    }
    status = resolve(&options, secret, &typed, &cli_index_create);
    if (status == CLI_GO_ON && ndup_index_create(path, &options, &error) != NDUP_STATUS_OK) {
        status = cli_failure(&cli_index_create, &error);
    }
    cli_options_free(&typed, &cli_index_create);
    return status == CLI_GO_ON ? CLI_EXIT_DONE : status;
}

/* What a build opens and finds. */
typedef struct build_job {
    cli_job job;
    const char *path;
    ndup_index_options options;
    ndup_index_built built;
    bool is_begun; /* the folder is there */
} build_job;

/* The index is not made for inputs that are not there. */
static ndup_status build(build_job *now, const make_options *typed, const cli_inputs *inputs,
                         ndup_error *error)
{
    const cli_index_write_options write = {.sync = "batch"};
    ndup_corpus *corpus;
    ndup_index *index = NULL;
    ndup_status status = cli_inputs_open(&corpus, inputs, &typed->inputs, now->options.dedup.preset,
                                         &now->job, error);
    if (status == NDUP_STATUS_OK) {
        status = ndup_index_create(now->path, &now->options, error);
    }
    if (status == NDUP_STATUS_OK) {
        now->is_begun = true;
        status = cli_index_open(&index, now->path, &write, &now->job, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = ndup_index_build(index, &now->built, corpus, &now->job.hooks, error);
    }
    ndup_index_close(index);
    ndup_corpus_close(corpus);
    return status;
}

static void say_built(const build_job *now)
{
    const ndup_index_built *built = &now->built;
    cli_formatted documents, known, repeated, seconds;
    if (now->job.quiet || cli_job_is_json(&now->job)) {
        return;
    }
    cli_format_count(&documents, built->documents);
    cli_format_count(&known, built->known);
    cli_format_seconds(&seconds, now->job.seconds);
    if (built->repeated > 0) {
        cli_complain("%s documents, %s of them copies; %s left out, whose ids came before; %s",
                     documents.text, known.text, cli_format_count(&repeated, built->repeated),
                     seconds.text);
    } else {
        cli_complain("%s documents, %s of them copies; %s", documents.text, known.text,
                     seconds.text);
    }
}

static int run_build_job(build_job *now, const make_options *typed, const cli_inputs *inputs)
{
    ndup_error error = {0};
    cli_job_begin(&now->job, &cli_index_build, &typed->talk);
    now->options.dedup.threads = (unsigned)typed->threads.threads.value;
    if (build(now, typed, inputs, &error) != NDUP_STATUS_OK) {
        int status = cli_job_fail(&now->job, &error);
        if (now->is_begun && !cli_job_is_json(&now->job)) {
            cli_complain("%s is incomplete: remove it", now->path);
        }
        return status;
    }
    cli_job_end(&now->job);
    say_built(now);
    return cli_job_status(&now->job, false, now->built.skipped, false);
}

static int run_build(int argc, char *argv[])
{
    make_options typed = {0};
    build_job now = {.is_begun = false};
    char secret[SECRET_MOST];
    cli_inputs inputs = {0};
    cli_operands operands;
    int status =
        cli_index_parse(&typed, &now.path, &operands, &cli_index_build, argc, argv, 0, SIZE_MAX);
    if (status != CLI_GO_ON) {
        return status;
    }
    status = resolve(&now.options, secret, &typed, &cli_index_build);
    if (status == CLI_GO_ON) {
        status = cli_inputs_collect(&inputs, &operands, &typed.inputs.list, &cli_index_build);
    }
    if (status == CLI_GO_ON) {
        status = run_build_job(&now, &typed, &inputs);
    }
    cli_inputs_free(&inputs);
    cli_options_free(&typed, &cli_index_build);
    return status;
}
