/* SPDX-License-Identifier: MIT */
/* neardup index remove, expire and compact. */
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "console.h"
#include "format.h"
#include "index_verbs.h"
#include "read_stream.h"

/* Ids that go to the library together. */
enum { IDS_TOGETHER = 1000 };

#define DAY_MILLISECONDS (24.0 * 3600 * 1000)

typedef struct trim_own_options {
    const char *ids_from;
    const char *older_than;
    const char *before;
} trim_own_options;

typedef struct trim_options {
    cli_index_write_options write;
    trim_own_options own;
    cli_talk_options talk;
} trim_options;

static int run_remove(int argc, char *argv[]);
static int run_expire(int argc, char *argv[]);
static int run_compact(int argc, char *argv[]);

static const cli_option ids_table[] = {
    {.name = "ids-from",
     .kind = CLI_TEXT,
     .offset = offsetof(trim_own_options, ids_from),
     .argument = "FILE",
     .is_path = true,
     .help = "remove the ids in this file, one a line, too; - is standard input"},
    {.name = NULL}};
static const cli_option age_table[] = {
    {.name = "older-than",
     .kind = CLI_TEXT,
     .offset = offsetof(trim_own_options, older_than),
     .argument = "TIME",
     .help = "remove what is dated so long before now or longer: 30d, 12h, 2w"},
    {.name = "before",
     .kind = CLI_TEXT,
     .offset = offsetof(trim_own_options, before),
     .argument = "DATE",
     .help = "remove what is dated before this day: 2026-05-31"},
    {.name = NULL}};

#define USUAL_GROUPS                                                         \
    {CLI_INDEX_TITLE, cli_index_write_table, offsetof(trim_options, write)}, \
        {"Running", cli_talk_table, offsetof(trim_options, talk)},           \
    {                                                                        \
        NULL, NULL, 0                                                        \
    }

static const cli_group remove_groups[] = {{"Documents", ids_table, offsetof(trim_options, own)},
                                          USUAL_GROUPS};
static const cli_group expire_groups[] = {{"Documents", age_table, offsetof(trim_options, own)},
                                          USUAL_GROUPS};
static const cli_group compact_groups[] = {USUAL_GROUPS};

static const cli_example remove_examples[] = {
    {"two documents", "neardup index remove seen/ article-17 article-18"},
    {"all that a list names", "neardup index remove seen/ --ids-from gone.txt"},
    {NULL, NULL}};
static const cli_example expire_examples[] = {
    {"keep a month", "neardup index expire seen/ --older-than 30d"},
    {"what is dated before a day", "neardup index expire seen/ --before 2026-01-01"},
    {NULL, NULL}};
static const cli_example compact_examples[] = {
    {"after much was removed", "neardup index compact seen/"}, {NULL, NULL}};

const cli_command cli_index_remove = {
    .name = "index remove",
    .summary = "remove documents by their ids",
    .operands = "PATH [ID...]",
    .description =
        "Removes documents. Afterwards the index answers as one that never had them: when the "
        "first document of a group goes, the others are judged anew. Ids that the index does not "
        "have are counted and are no error.",
    .examples = remove_examples,
    .groups = remove_groups,
    .run = run_remove};

const cli_command cli_index_expire = {
    .name = "index expire",
    .summary = "remove documents by their dates",
    .operands = "PATH",
    .description =
        "Removes the documents whose dates are before a time; those without a date that can be "
        "read stay. It is done a thousand at a time: an interrupt leaves the index with what was "
        "not removed yet.",
    .examples = expire_examples,
    .groups = expire_groups,
    .run = run_expire};

const cli_command cli_index_compact = {
    .name = "index compact",
    .summary = "give back the room of what was removed, and make questions as quick as they can be",
    .operands = "PATH",
    .description =
        "Writes the keys of all documents to one segment, and the database without free pages. It "
        "needs as much room on the disk as the index takes, once more, while it runs. Others can "
        "ask meanwhile.",
    .examples = compact_examples,
    .groups = compact_groups,
    .run = run_compact};

/* What is to be removed, and how much of it was there. */
typedef struct removal {
    cli_list ids; /* borrowed from the command line or from `text` */
    char *text;   /* what --ids-from held */
    int64_t before;
    uint64_t removed;
} removal;

static ndup_status remove_ids(ndup_index *index, cli_job *job, void *context, ndup_error *error)
{
    removal *now = context;
    ndup_text ids[IDS_TOGETHER];
    ndup_status status = NDUP_STATUS_OK;
    (void)job;
    for (size_t begin = 0; begin < now->ids.count && status == NDUP_STATUS_OK;) {
        uint64_t removed = 0;
        size_t count = 0;
        for (; count < IDS_TOGETHER && begin < now->ids.count; count++, begin++) {
            ids[count] = (ndup_text){now->ids.items[begin], strlen(now->ids.items[begin])};
        }
        status = ndup_index_remove(index, &removed, ids, count, error);
        now->removed += removed;
    }
    return status;
}

static void split_lines(cli_list *ids, char *text)
{
    for (char *line = text; *line != '\0';) {
        char *end = line + strcspn(line, "\n");
        bool is_last = *end == '\0';
        *end = '\0';
        if (end > line && end[-1] == '\r') {
            end[-1] = '\0';
        }
        if (*line != '\0') {
            cli_list_add(ids, line);
        }
        line = is_last ? end : end + 1;
    }
}

static int read_ids(removal *now, const char *path)
{
    size_t length;
    bool is_stdin = strcmp(path, "-") == 0;
    FILE *stream = is_stdin ? stdin : fopen(path, "rb");
    bool is_read = stream != NULL && cli_read_stream(&now->text, &length, stream);
    if (!is_read) {
        cli_complain("--ids-from %s: %s", path, strerror(errno));
    }
    if (stream != NULL && !is_stdin) {
        fclose(stream);
    }
    if (is_read) {
        split_lines(&now->ids, now->text);
    }
    return is_read ? CLI_GO_ON : CLI_EXIT_FAILED;
}

static int collect_ids(removal *now, const cli_operands *ids, const char *ids_from)
{
    for (size_t i = 0; i < ids->count; i++) {
        cli_list_add(&now->ids, ids->items[i]);
    }
    return ids_from != NULL ? read_ids(now, ids_from) : CLI_GO_ON;
}

static void say_removed(const cli_job *job, const removal *now)
{
    cli_formatted removed, absent;
    if (job->quiet || cli_job_is_json(job)) {
        return;
    }
    cli_format_count(&removed, now->removed);
    if (now->ids.count > now->removed) {
        cli_complain("%s removed, %s not in the index", removed.text,
                     cli_format_count(&absent, now->ids.count - now->removed));
    } else {
        cli_complain("%s removed", removed.text);
    }
}

/* Works on the index and says how much was removed. */
static int run_removal(removal *now, const trim_options *typed, const cli_command *command,
                       const char *path, cli_index_work *work)
{
    cli_job job;
    int status = cli_index_do(&job, command, path, &typed->write, &typed->talk, work, now);
    if (status != CLI_GO_ON) {
        return status;
    }
    say_removed(&job, now);
    return cli_job_status(&job, false, 0, false);
}

static int run_remove(int argc, char *argv[])
{
    trim_options typed = {0};
    removal now = {.removed = 0};
    const char *path;
    cli_operands ids;
    int status = cli_index_parse(&typed, &path, &ids, &cli_index_remove, argc, argv, 0, SIZE_MAX);
    if (status != CLI_GO_ON) {
        return status;
    }
    if (ids.count == 0 && typed.own.ids_from == NULL) {
        status = cli_usage_error(&cli_index_remove, "no ids given");
    } else {
        status = collect_ids(&now, &ids, typed.own.ids_from);
    }
    if (status == CLI_GO_ON) {
        status = run_removal(&now, &typed, &cli_index_remove, path, remove_ids);
    }
    cli_list_free(&now.ids);
    free(now.text);
    cli_options_free(&typed, &cli_index_remove);
    return status;
}

static ndup_status expire(ndup_index *index, cli_job *job, void *context, ndup_error *error)
{
    removal *now = context;
    (void)job;
    return ndup_index_expire(index, &now->removed, now->before, error);
}

/* The time that --older-than or --before names. Gives CLI_GO_ON or an exit status. */
static int find_time(int64_t *before, const trim_own_options *own)
{
    double days;
    if ((own->older_than != NULL) == (own->before != NULL)) {
        return cli_usage_error(&cli_index_expire, "give one of --older-than and --before");
    }
    if (own->before != NULL) {
        return ndup_date_parse(before, (ndup_text){own->before, strlen(own->before)})
                   ? CLI_GO_ON
                   : cli_usage_error(&cli_index_expire,
                                     "--before: '%s' is no date, such as 2026-05-31", own->before);
    }
    if (!cli_parse_days(&days, own->older_than)) {
        return cli_usage_error(&cli_index_expire,
                               "--older-than: '%s' is no length of time, such as 30d",
                               own->older_than);
    }
    *before = (int64_t)((double)time(NULL) * 1000 - days * DAY_MILLISECONDS);
    return CLI_GO_ON;
}

static int run_expire(int argc, char *argv[])
{
    trim_options typed = {0};
    removal now = {.removed = 0};
    const char *path;
    cli_operands rest;
    int status = cli_index_parse(&typed, &path, &rest, &cli_index_expire, argc, argv, 0, 0);
    if (status != CLI_GO_ON) {
        return status;
    }
    status = find_time(&now.before, &typed.own);
    if (status == CLI_GO_ON) {
        status = run_removal(&now, &typed, &cli_index_expire, path, expire);
    }
    cli_options_free(&typed, &cli_index_expire);
    return status;
}

static ndup_status compact(ndup_index *index, cli_job *job, void *context, ndup_error *error)
{
    (void)job;
    (void)context;
    return ndup_index_compact(index, error);
}

static int run_compact(int argc, char *argv[])
{
    trim_options typed = {0};
    cli_job job;
    const char *path;
    cli_operands rest;
    int status = cli_index_parse(&typed, &path, &rest, &cli_index_compact, argc, argv, 0, 0);
    if (status != CLI_GO_ON) {
        return status;
    }
    status = cli_index_do(&job, &cli_index_compact, path, &typed.write, &typed.talk, compact, NULL);
    cli_options_free(&typed, &cli_index_compact);
    return status == CLI_GO_ON ? cli_job_status(&job, false, 0, false) : status;
}
