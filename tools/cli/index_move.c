/* SPDX-License-Identifier: MIT */
/* neardup index merge, dump and load. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "console.h"
#include "format.h"
#include "index_verbs.h"
#include "input_lines.h"

/* Lines that are loaded together, and bytes of one. */
enum { LINES_TOGETHER = 1000 };
#define LINE_MOST ((size_t)1 << 30)

typedef struct move_options {
    cli_index_write_options write;
    cli_talk_options talk;
} move_options;

static int run_merge(int argc, char *argv[]);
static int run_dump(int argc, char *argv[]);
static int run_load(int argc, char *argv[]);

static const cli_group write_groups[] = {
    {CLI_INDEX_TITLE, cli_index_write_table, offsetof(move_options, write)},
    {"Running", cli_talk_table, offsetof(move_options, talk)},
    {NULL, NULL, 0}};
static const cli_group dump_groups[] = {{"Running", cli_talk_table, offsetof(move_options, talk)},
                                        {NULL, NULL, 0}};

static const cli_example merge_examples[] = {
    {"add what another crawl has seen", "neardup index merge seen/ other-crawl/"}, {NULL, NULL}};
static const cli_example dump_examples[] = {
    {"what is in it, for other programs", "neardup index dump seen/ | jq .id"},
    {"a copy of it all, compressed", "neardup index dump seen/ | zstd > seen.jsonl.zst"},
    {NULL, NULL}};
static const cli_example load_examples[] = {
    {"back from a dump, into a new index",
     "neardup index create again/\nzstd -dc seen.jsonl.zst | neardup index load again/ -"},
    {NULL, NULL}};

const cli_command cli_index_merge = {
    .name = "index merge",
    .summary = "add all documents of another index",
    .operands = "PATH OTHER",
    .description =
        "Adds the documents of the index OTHER to the one at PATH, in the order in which they came "
        "there, as if they came now; what has the id of a document that is there takes its place. "
        "OTHER is not changed. Both must have been made with the same options, but for the secret. "
        "An interrupt leaves a part of them; merging again goes on.",
    .examples = merge_examples,
    .groups = write_groups,
    .run = run_merge};

const cli_command cli_index_dump = {
    .name = "index dump",
    .summary = "print an index as lines of JSON",
    .operands = "PATH",
    .description =
        "Prints a line with what the index was made with, then a line a document: id, url, source, "
        "title, date, group, hashes, and what it is compared by, which 'neardup index load' reads "
        "again. The members are described in src/report/SCHEMA.md. The secret is not told.",
    .examples = dump_examples,
    .groups = dump_groups,
    .run = run_dump};

const cli_command cli_index_load = {
    .name = "index load",
    .summary = "add the documents of a dump",
    .operands = "PATH FILE|-",
    .description =
        "Adds the documents of a dump, in the order of its lines, as if they came now; what has "
        "the id of a document that is there takes its place. The index must have been made with "
        "the options of the dump's, but for the secret. A thousand lines are added together: all "
        "of them or, after a failure, none.",
    .examples = load_examples,
    .groups = write_groups,
    .run = run_load};

static void say(const cli_job *job, const char *what, uint64_t documents)
{
    cli_formatted count, seconds;
    if (!job->quiet && !cli_job_is_json(job)) {
        cli_format_count(&count, documents);
        cli_complain("documents %s: %s; %s", what, count.text,
                     cli_format_seconds(&seconds, job->seconds));
    }
}

typedef struct merge_work {
    const char *other;
    uint64_t documents; /* of the other index */
} merge_work;

static ndup_status merge(ndup_index *index, cli_job *job, void *context, ndup_error *error)
{
    merge_work *now = context;
    ndup_index *other;
    ndup_index_statistics statistics = {.documents = 0};
    ndup_status status = cli_index_open(&other, now->other, NULL, job, error);
    if (status == NDUP_STATUS_OK) {
        status = ndup_index_stat(other, &statistics, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = ndup_index_merge(index, other, &job->hooks, error);
    }
    now->documents = statistics.documents;
    ndup_index_close(other);
    return status;
}

static int run_merge(int argc, char *argv[])
{
    move_options typed = {0};
    merge_work now = {.documents = 0};
    cli_job job;
    const char *path;
    cli_operands rest;
    int status = cli_index_parse(&typed, &path, &rest, &cli_index_merge, argc, argv, 1, 1);
    if (status != CLI_GO_ON) {
        return status;
    }
    now.other = rest.items[0];
    status = cli_index_do(&job, &cli_index_merge, path, &typed.write, &typed.talk, merge, &now);
    if (status != CLI_GO_ON) {
        return status;
    }
    say(&job, "merged", now.documents);
    return cli_job_status(&job, false, 0, false);
}

static ndup_status print_line(void *context, ndup_text line, ndup_error *error)
{
    (void)context;
    if (fwrite(line.bytes, 1, line.length, stdout) == line.length && putchar('\n') != EOF) {
        return NDUP_STATUS_OK;
    }
    *error = (ndup_error){.status = NDUP_STATUS_IO, .system_errno = errno};
    snprintf(error->message, sizeof error->message, "cannot write to standard output: %s",
             strerror(errno));
    return NDUP_STATUS_IO;
}

static ndup_status dump(ndup_index *index, cli_job *job, void *context, ndup_error *error)
{
    (void)context;
    cli_job_use_stdout(job);
    job->writes_while_reading = true;
    return ndup_index_dump(index, print_line, NULL, &job->hooks, error);
}

static int run_dump(int argc, char *argv[])
{
    move_options typed = {0};
    cli_job job;
    const char *path;
    cli_operands rest;
    int status = cli_index_parse(&typed, &path, &rest, &cli_index_dump, argc, argv, 0, 0);
    if (status == CLI_GO_ON) {
        status = cli_index_do(&job, &cli_index_dump, path, NULL, &typed.talk, dump, NULL);
    }
    return status == CLI_GO_ON ? cli_job_status(&job, false, 0, false) : status;
}

typedef struct load_work {
    const char *file;
    cli_input_lines lines;
    ndup_text *batch; /* [LINES_TOGETHER] */
    uint64_t total;   /* bytes; 0 where that is not known */
    uint64_t read;
    uint64_t line; /* behind the batch */
    uint64_t documents;
} load_work;

static ndup_status fail_load(ndup_error *error, ndup_status status, const load_work *now,
                             const char *why)
{
    *error = (ndup_error){.status = status};
    snprintf(error->message, sizeof error->message, "%.100s: %.90s", now->file, why);
    return status;
}

static ndup_status open_dump(load_work *now, ndup_error *error)
{
    struct stat info;
    bool is_stdin = strcmp(now->file, "-") == 0;
    now->lines.descriptor = is_stdin ? STDIN_FILENO : open(now->file, O_RDONLY | O_CLOEXEC);
    if (now->lines.descriptor < 0) {
        return fail_load(error, NDUP_STATUS_IO, now, strerror(errno));
    }
    bool is_known = fstat(now->lines.descriptor, &info) == 0 && S_ISREG(info.st_mode);
    now->total = is_known ? (uint64_t)info.st_size : 0;
    return NDUP_STATUS_OK;
}

/* Loads some lines; what is wrong with one is said with its place in the file. */
static ndup_status load_batch(load_work *now, ndup_index *index, size_t count, ndup_error *error)
{
    uint64_t loaded = 0;
    ndup_error cause = {0};
    ndup_status status = ndup_index_load(index, &loaded, now->batch, count, &cause);
    now->documents += loaded;
    if (status != NDUP_STATUS_OK) {
        *error = cause;
        if (cause.line > 0) {
            snprintf(error->message, sizeof error->message, "%.60s:%llu: %.120s", now->file,
                     (unsigned long long)(now->line + cause.line), cause.message);
        }
    }
    now->line += count;
    return status;
}

static bool show_progress(const load_work *now, const cli_job *job)
{
    const ndup_progress progress = {.stage = NDUP_STAGE_READ,
                                    .done = now->read,
                                    .total = now->total,
                                    .documents = now->documents};
    return job->hooks.progress(job->hooks.context, &progress);
}

static ndup_status load_lines(load_work *now, ndup_index *index, const cli_job *job,
                              ndup_error *error)
{
    ndup_status status = NDUP_STATUS_OK;
    bool more = true;
    while (status == NDUP_STATUS_OK) {
        cli_line_kind kind = CLI_LINE_WHOLE;
        size_t count = 0;
        while (count < LINES_TOGETHER &&
               (kind = cli_lines_take(&now->batch[count], &now->lines)) == CLI_LINE_WHOLE) {
            now->read += now->batch[count++].length + 1;
        }
        if (kind == CLI_LINE_TOO_LONG) {
            return fail_load(error, NDUP_STATUS_LIMIT, now, "a line of more than 1 GiB");
        }
        if (count > 0) {
            status = load_batch(now, index, count, error);
        } else if (more) {
            status = cli_lines_wait(&more, &now->lines, error);
        } else {
            break;
        }
        if (status == NDUP_STATUS_OK && !show_progress(now, job)) {
            return fail_load(error, NDUP_STATUS_CANCELLED, now, "cancelled");
        }
    }
    return status;
}

static ndup_status load(ndup_index *index, cli_job *job, void *context, ndup_error *error)
{
    load_work *now = context;
    now->lines = (cli_input_lines){.most = LINE_MOST};
    ndup_status status = open_dump(now, error);
    if (status == NDUP_STATUS_OK) {
        now->batch = cli_resize(NULL, LINES_TOGETHER * sizeof *now->batch);
        status = load_lines(now, index, job, error);
    }
    if (now->lines.descriptor > STDIN_FILENO) {
        close(now->lines.descriptor);
    }
    cli_lines_free(&now->lines);
    free(now->batch);
    return status;
}

static int run_load(int argc, char *argv[])
{
    move_options typed = {0};
    load_work now = {.file = NULL};
    cli_job job;
    const char *path;
    cli_operands rest;
    int status = cli_index_parse(&typed, &path, &rest, &cli_index_load, argc, argv, 1, 1);
    if (status != CLI_GO_ON) {
        return status;
    }
    now.file = rest.items[0];
    status = cli_index_do(&job, &cli_index_load, path, &typed.write, &typed.talk, load, &now);
    if (status != CLI_GO_ON) {
        return status;
    }
    say(&job, "loaded", now.documents);
    return cli_job_status(&job, false, 0, false);
}
