/* SPDX-License-Identifier: MIT */
/* neardup index stat, verify and upgrade. */
#include <stdio.h>
#include <string.h>

#include "console.h"
#include "format.h"
#include "index_verbs.h"
#include "json_print.h"
#include "print_visible.h"
#include "rule_print.h"

/* Groups that can be listed, and classes of their sizes: 2, 3 to 4, 5 to 8, ... */
enum { GROUPS_MOST = 1000, GROUPS_USUAL = 5, SIZE_CLASSES = 33 };

typedef struct look_own_options {
    cli_count groups;
    bool json;
} look_own_options;

typedef struct look_options {
    look_own_options own;
    cli_talk_options talk;
} look_options;

static int run_stat(int argc, char *argv[]);
static int run_verify(int argc, char *argv[]);
static int run_upgrade(int argc, char *argv[]);

static const cli_option stat_table[] = {{.name = "groups",
                                         .kind = CLI_COUNT,
                                         .offset = offsetof(look_own_options, groups),
                                         .argument = "N",
                                         .range = {.least = 0, .most = GROUPS_MOST},
                                         .standard = "5",
                                         .help = "list the N largest groups"},
                                        {.name = "json",
                                         .kind = CLI_FLAG,
                                         .offset = offsetof(look_own_options, json),
                                         .help = "print JSON"},
                                        {.name = NULL}};
static const cli_group stat_groups[] = {{"Output", stat_table, offsetof(look_options, own)},
                                        {"Running", cli_talk_table, offsetof(look_options, talk)},
                                        {NULL, NULL, 0}};
static const cli_group verify_groups[] = {{"Running", cli_talk_table, offsetof(look_options, talk)},
                                          {NULL, NULL, 0}};

static const cli_example stat_examples[] = {
    {"counts, bytes, what is compared how, the largest groups", "neardup index stat seen/"},
    {"for programs", "neardup index stat seen/ --json"},
    {NULL, NULL}};
static const cli_example verify_examples[] = {
    {"is every document where it should be?", "neardup index verify seen/"}, {NULL, NULL}};
static const cli_example upgrade_examples[] = {
    {"after a new version of neardup was installed", "neardup index upgrade seen/"}, {NULL, NULL}};

const cli_command cli_index_stat = {
    .name = "index stat",
    .summary = "say what an index holds, how large it is, and what is repeated most",
    .operands = "PATH",
    .description = "Prints counts, bytes, how texts are compared, the sizes of the groups of "
                   "copies, and the largest groups with their first documents.",
    .examples = stat_examples,
    .groups = stat_groups,
    .run = run_stat};

const cli_command cli_index_verify = {
    .name = "index verify",
    .summary = "read everything and check it",
    .operands = "PATH",
    .description =
        "Reads the whole index: the database by SQLite's own check, all counts, the keys of every "
        "row in the segments, all checksums. What is wrong first is said, with exit status 4. "
        "Segments that are damaged are made anew from the database when the index is opened for "
        "the next change.",
    .examples = verify_examples,
    .groups = verify_groups,
    .run = run_verify};

const cli_command cli_index_upgrade = {
    .name = "index upgrade",
    .summary = "bring an index to the newest format",
    .operands = "PATH",
    .description = "An index of an earlier format is brought to the one of this version. There is "
                   "one format so far, so that there is nothing to do.",
    .examples = upgrade_examples,
    .groups = verify_groups,
    .run = run_upgrade};

/* A group that is listed, with its first document. */
typedef struct listed_group {
    uint64_t group, documents;
} listed_group;

typedef struct look {
    const ndup_index_options *options;
    ndup_index_statistics statistics;
    uint64_t sizes[SIZE_CLASSES];         /* groups by size: class i holds up to 2^i documents */
    listed_group listed[GROUPS_MOST + 1]; /* [listed_count] largest first */
    size_t listed_count, most;
    bool json;
} look;

static size_t size_class(uint64_t documents)
{
    size_t class = 0;
    while (((uint64_t)1 << class) < documents) {
        class ++;
    }
    return class < SIZE_CLASSES ? class : SIZE_CLASSES - 1;
}

/* Keeps the largest, of equals those that came first. */
static ndup_status take_group(void *context, uint64_t group, uint64_t documents, ndup_error *error)
{
    look *now = context;
    (void)error;
    now->sizes[size_class(documents)]++;
    size_t place = now->listed_count;
    while (place > 0 && now->listed[place - 1].documents < documents) {
        now->listed[place] = now->listed[place - 1];
        place--;
    }
    now->listed[place] = (listed_group){group, documents};
    now->listed_count += now->listed_count < now->most;
    return NDUP_STATUS_OK;
}

static const char *kept_text(ndup_index_store store)
{
    switch (store) {
    case NDUP_INDEX_SKETCHES:
        return "sketches: similarities are estimates";
    case NDUP_INDEX_TEXTS:
        return "words and texts: similarities are exact";
    default:
        return "words: similarities are exact";
    }
}

static void print_counts(const ndup_index_statistics *statistics)
{
    cli_formatted count, other, third;
    printf("documents   %s", cli_format_count(&count, statistics->documents));
    if (statistics->groups > 0) {
        printf(", %s of them copies, in %s %s", cli_format_count(&count, statistics->copies),
               cli_format_count(&other, statistics->groups),
               statistics->groups == 1 ? "group" : "groups");
    }
    uint64_t bytes = statistics->database_bytes + statistics->segment_bytes;
    printf("\nsize        %s: %s the documents, ", cli_format_bytes(&count, (double)bytes),
           cli_format_bytes(&other, (double)statistics->database_bytes));
    printf("%s their keys", cli_format_bytes(&third, (double)statistics->segment_bytes));
    if (statistics->documents > 0) {
        printf("; %s a document",
               cli_format_bytes(&count, (double)bytes / (double)statistics->documents));
    }
    printf("\nsegments    %s", cli_format_count(&count, statistics->segments));
    printf(", documents in none yet: %s\n", cli_format_count(&count, statistics->fresh));
}

static void print_parameters(const look *now)
{
    const ndup_bands *bands = &now->statistics.bands;
    printf("compared    ");
    cli_rule_print(stdout, &now->options->dedup);
    printf(
        "\nfound       by %s, %u slots, %u bands of %u rows: %.1f %% of pairs at the threshold\n",
        now->options->dedup.sketch, (unsigned)bands->slots, (unsigned)bands->bands,
        (unsigned)bands->rows, 100 * bands->recall);
    printf("kept        %s\n", kept_text(now->options->store));
}

static void print_sizes(const look *now)
{
    cli_formatted count;
    const char *before = "group sizes ";
    for (size_t i = 1; i < SIZE_CLASSES; i++) {
        unsigned long long least = ((unsigned long long)1 << (i - 1)) + 1;
        unsigned long long most = (unsigned long long)1 << i;
        if (now->sizes[i] > 0 && least == most) {
            printf("%s%llu: %s", before, most, cli_format_count(&count, now->sizes[i]));
        } else if (now->sizes[i] > 0) {
            printf("%s%llu to %llu: %s", before, least, most,
                   cli_format_count(&count, now->sizes[i]));
        }
        before = now->sizes[i] > 0 ? ", " : before;
    }
    fputs(strcmp(before, ", ") == 0 ? "\n" : "", stdout);
}

static void print_fact(const char *before, ndup_text fact)
{
    if (fact.length > 0) {
        fputs(before, stdout);
        cli_print_visible(stdout, fact.bytes, fact.length);
    }
}

static ndup_status print_first(void *context, const ndup_index_document *document,
                               ndup_error *error)
{
    const listed_group *listed = context;
    cli_formatted count;
    (void)error;
    printf("%10s  ", cli_format_count(&count, listed->documents));
    cli_print_visible(stdout, document->id.bytes, document->id.length);
    print_fact(", ", document->title);
    print_fact(", ", document->source);
    print_fact(", ", document->date);
    putchar('\n');
    return NDUP_STATUS_OK;
}

static ndup_status print_first_json(void *context, const ndup_index_document *document,
                                    ndup_error *error)
{
    cli_json *json = context;
    (void)error;
    cli_json_text(json, "first", document->id.bytes, document->id.length);
    cli_json_text(json, "title", document->title.bytes, document->title.length);
    return NDUP_STATUS_OK;
}

static ndup_status print_text(ndup_index *index, look *now, ndup_error *error)
{
    ndup_status status = NDUP_STATUS_OK;
    print_counts(&now->statistics);
    print_parameters(now);
    print_sizes(now);
    for (size_t i = 0; i < now->listed_count && status == NDUP_STATUS_OK; i++) {
        fputs(i == 0 ? "largest groups, by their first documents:\n" : "", stdout);
        status =
            ndup_index_get_number(index, now->listed[i].group, print_first, &now->listed[i], error);
    }
    return status;
}

static void print_parameters_json(cli_json *json, const look *now)
{
    const ndup_dedup_options *dedup = &now->options->dedup;
    const ndup_bands *bands = &now->statistics.bands;
    cli_json_open(json, "parameters", '{');
    cli_json_word(json, "store", ndup_index_store_name(now->options->store));
    cli_json_word(json, "preset", dedup->preset != NULL ? dedup->preset : "custom");
    cli_json_number(json, "threshold", dedup->matching.threshold);
    cli_json_count(json, "shingle_size", dedup->matching.shingle_size);
    cli_json_word(json, "tokens", ndup_token_mode_name(dedup->matching.tokens));
    cli_json_number(json, "number_agreement", dedup->matching.number_agreement);
    cli_json_word(json, "rule", ndup_rule_name(dedup->rule));
    cli_json_number(json, "containment", dedup->containment);
    cli_json_word(json, "sketch", dedup->sketch);
    cli_json_count(json, "slots", bands->slots);
    cli_json_count(json, "bands", bands->bands);
    cli_json_count(json, "rows", bands->rows);
    cli_json_number(json, "recall", bands->recall);
    cli_json_close(json, '}');
}

static ndup_status print_groups_json(cli_json *json, ndup_index *index, const look *now,
                                     ndup_error *error)
{
    ndup_status status = NDUP_STATUS_OK;
    cli_json_open(json, "group_sizes", '[');
    for (size_t i = 1; i < SIZE_CLASSES; i++) {
        if (now->sizes[i] > 0) {
            cli_json_open(json, NULL, '{');
            cli_json_count(json, "up_to", (uint64_t)1 << i);
            cli_json_count(json, "groups", now->sizes[i]);
            cli_json_close(json, '}');
        }
    }
    cli_json_close(json, ']');
    cli_json_open(json, "largest", '[');
    for (size_t i = 0; i < now->listed_count && status == NDUP_STATUS_OK; i++) {
        cli_json_open(json, NULL, '{');
        cli_json_count(json, "group", now->listed[i].group);
        cli_json_count(json, "documents", now->listed[i].documents);
        status = ndup_index_get_number(index, now->listed[i].group, print_first_json, json, error);
        cli_json_close(json, '}');
    }
    cli_json_close(json, ']');
    return status;
}

static ndup_status print_json(ndup_index *index, const look *now, ndup_error *error)
{
    const ndup_index_statistics *statistics = &now->statistics;
    cli_json json = {.out = stdout};
    cli_json_begin(&json);
    cli_json_count(&json, "documents", statistics->documents);
    cli_json_count(&json, "groups", statistics->groups);
    cli_json_count(&json, "copies", statistics->copies);
    cli_json_count(&json, "database_bytes", statistics->database_bytes);
    cli_json_count(&json, "segment_bytes", statistics->segment_bytes);
    cli_json_count(&json, "segments", statistics->segments);
    cli_json_count(&json, "fresh", statistics->fresh);
    print_parameters_json(&json, now);
    ndup_status status = print_groups_json(&json, index, now, error);
    cli_json_end(&json);
    return status;
}

static ndup_status show(ndup_index *index, cli_job *job, void *context, ndup_error *error)
{
    look *now = context;
    (void)job;
    now->options = ndup_index_get_options(index);
    ndup_status status = ndup_index_stat(index, &now->statistics, error);
    if (status == NDUP_STATUS_OK) {
        status = ndup_index_iterate_groups(index, take_group, now, error);
    }
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    return now->json ? print_json(index, now, error) : print_text(index, now, error);
}

static int run_stat(int argc, char *argv[])
{
    static look now;
    look_options typed = {0};
    cli_job job;
    const char *path;
    cli_operands rest;
    int status = cli_index_parse(&typed, &path, &rest, &cli_index_stat, argc, argv, 0, 0);
    if (status != CLI_GO_ON) {
        return status;
    }
    now.most = typed.own.groups.given ? (size_t)typed.own.groups.value : GROUPS_USUAL;
    now.json = typed.own.json;
    status = cli_index_do(&job, &cli_index_stat, path, NULL, &typed.talk, show, &now);
    return status == CLI_GO_ON ? cli_job_status(&job, false, 0, false) : status;
}

static ndup_status verify(ndup_index *index, cli_job *job, void *context, ndup_error *error)
{
    ndup_index_statistics *statistics = context;
    ndup_status status = ndup_index_verify(index, &job->hooks, error);
    return status == NDUP_STATUS_OK ? ndup_index_stat(index, statistics, error) : status;
}

static int run_verify(int argc, char *argv[])
{
    look_options typed = {0};
    ndup_index_statistics statistics;
    cli_job job;
    const char *path;
    cli_operands rest;
    cli_formatted documents, segments;
    int status = cli_index_parse(&typed, &path, &rest, &cli_index_verify, argc, argv, 0, 0);
    if (status == CLI_GO_ON) {
        status =
            cli_index_do(&job, &cli_index_verify, path, NULL, &typed.talk, verify, &statistics);
    }
    if (status != CLI_GO_ON) {
        return status;
    }
    if (!job.quiet && !cli_job_is_json(&job)) {
        cli_format_count(&documents, statistics.documents);
        cli_format_count(&segments, statistics.segments);
        cli_complain("sound; documents: %s, segments: %s", documents.text, segments.text);
    }
    return cli_job_status(&job, false, 0, false);
}

static ndup_status look_at(ndup_index *index, cli_job *job, void *context, ndup_error *error)
{
    (void)index;
    (void)job;
    (void)context;
    (void)error;
    return NDUP_STATUS_OK;
}

static int run_upgrade(int argc, char *argv[])
{
    look_options typed = {0};
    cli_job job;
    const char *path;
    cli_operands rest;
    int status = cli_index_parse(&typed, &path, &rest, &cli_index_upgrade, argc, argv, 0, 0);
    if (status == CLI_GO_ON) {
        status = cli_index_do(&job, &cli_index_upgrade, path, NULL, &typed.talk, look_at, NULL);
    }
    if (status != CLI_GO_ON) {
        return status;
    }
    if (!job.quiet && !cli_job_is_json(&job)) {
        cli_complain("%s: the format is the newest one, nothing to do", path);
    }
    return cli_job_status(&job, false, 0, false);
}
