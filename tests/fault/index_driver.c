/* SPDX-License-Identifier: MIT */
/* Changes an index until it is killed, and says what was acknowledged; or looks at what is left.
 *
 * index_driver create PATH
 * index_driver change PATH LOG NAME SEED   documents NAME-0, NAME-1, ... come, change and go
 * index_driver script PATH LOG             the same, a few dozen calls, whatever comes of them
 * index_driver build PATH LOG CORPUS
 * index_driver look PATH                   "ID VERSION" a line, when all of it is sound
 * index_driver count PATH                  the ids, likewise, of documents that others made
 *
 * Lines of a log: "S a ID VERSION" or "S r ID 0" before a call that adds or removes, one a
 * document, and "A" when it has returned. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/hash.h"
#include "index/handle.h"
#include "neardup/index.h"
#include "support/index_texts.h"
#include "support/random.h"

/* Documents in memory until a segment is written: few, so that many are. */
#define FRESH_MOST 40
#define BATCH_MOST 30
#define DOCUMENTS_MOST 4096

static void require(ndup_status status, const ndup_error *error, const char *doing)
{
    if (status != NDUP_STATUS_OK) {
        fprintf(stderr, "%s: status %d: %s\n", doing, (int)status, error->message);
        exit(3);
    }
}

static void tell_problem(void *context, const ndup_problem *problem)
{
    (void)context;
    fprintf(stderr, "problem: %s: %s\n", problem->path, problem->message);
}

static ndup_index *open_index(const char *path, ndup_index_sync sync)
{
    const ndup_index_open_options options = {
        .struct_size = sizeof options, .sync = sync, .lock_timeout = 120};
    const ndup_hooks hooks = {.struct_size = sizeof hooks, .problem = tell_problem};
    ndup_index *index;
    ndup_error error = {0};
    require(ndup_index_open(&index, path, &options, &hooks, &error), &error, "open");
    index->view.fresh_most = FRESH_MOST;
    return index;
}

static void create(const char *path)
{
    ndup_index_options options;
    ndup_error error = {0};
    require(ndup_index_options_init(&options, NULL, &error), &error, "options");
    require(ndup_index_create(path, &options, &error), &error, "create");
}

static int open_log(const char *path)
{
    int log = open(path, O_WRONLY | O_CREAT | O_APPEND, 0600);
    if (log < 0) {
        perror(path);
        exit(3);
    }
    return log;
}

/* One write a call, so that a kill leaves whole calls. */
static void say(int log, const char *text, size_t length)
{
    if (write(log, text, length) != (ssize_t)length) {
        perror("log");
        exit(3);
    }
}

/* The documents of one process. */
typedef struct changing {
    bool may_fail; /* calls */
    ndup_index *index;
    const char *name;
    int log;
    test_random random;
    unsigned count;                    /* ids that were given */
    unsigned versions[DOCUMENTS_MOST]; /* of each */
    bool is_there[DOCUMENTS_MOST];
    unsigned chosen[BATCH_MOST];
    index_text texts[BATCH_MOST];
    ndup_document documents[BATCH_MOST];
} changing;

static void id_of(const changing *now, unsigned i, char id[INDEX_ID_BYTES])
{
    snprintf(id, INDEX_ID_BYTES, "%s-%u", now->name, i);
}

/* Says how a call ended that has been announced; whether it was made. */
static bool is_done(const changing *now, ndup_status status, const ndup_error *error,
                    const char *doing)
{
    if (!now->may_fail) {
        require(status, error, doing);
    }
    if (status != NDUP_STATUS_OK && error->message[0] == '\0') {
        fprintf(stderr, "%s: status %d without a word\n", doing, (int)status);
        exit(3);
    }
    say(now->log, status == NDUP_STATUS_OK ? "A\n" : "N\n", 2);
    return status == NDUP_STATUS_OK;
}

/* Adds new documents, or other versions of old ones. */
static void add(changing *now, unsigned count, bool is_new)
{
    char lines[BATCH_MOST * 2 * INDEX_ID_BYTES];
    size_t length = 0;
    ndup_error error = {0};
    for (unsigned k = 0; k < count; k++) {
        unsigned i = is_new ? now->count++ : (unsigned)test_random_below(&now->random, now->count);
        char id[INDEX_ID_BYTES];
        id_of(now, i, id);
        now->chosen[k] = i;
        now->versions[i]++;
        index_text_make(&now->texts[k], id, now->versions[i]);
        now->documents[k] = now->texts[k].document;
        length += (size_t)snprintf(lines + length, sizeof lines - length, "S a %s %u\n", id,
                                   now->versions[i]);
    }
    say(now->log, lines, length);
    bool done = is_done(now, ndup_index_add(now->index, NULL, now->documents, count, &error),
                        &error, "add");
    for (unsigned k = 0; k < count && done; k++) {
        now->is_there[now->chosen[k]] = true;
    }
}

static void drop(changing *now)
{
    unsigned i = (unsigned)test_random_below(&now->random, now->count);
    char id[INDEX_ID_BYTES];
    char line[2 * INDEX_ID_BYTES];
    uint64_t removed;
    ndup_error error = {0};
    id_of(now, i, id);
    int length = snprintf(line, sizeof line, "S r %s 0\n", id);
    const ndup_text text = {id, strlen(id)};
    say(now->log, line, (size_t)length);
    if (!is_done(now, ndup_index_remove(now->index, &removed, &text, 1, &error), &error,
                 "remove")) {
        return;
    }
    if (removed != now->is_there[i]) {
        fprintf(stderr, "%s: %llu removed\n", id, (unsigned long long)removed);
        exit(3);
    }
    now->is_there[i] = false;
}

static void step(changing *now)
{
    ndup_error error = {0};
    unsigned draw = (unsigned)test_random_below(&now->random, 100);
    if (now->count == 0 || draw < 45) {
        add(now, 1, true);
    } else if (draw < 65) {
        add(now, 1 + (unsigned)test_random_below(&now->random, BATCH_MOST), true);
    } else if (draw < 80) {
        add(now, 1, false);
    } else if (draw < 95) {
        drop(now);
    } else {
        (void)is_done(now, ndup_index_compact(now->index, &error), &error, "compact");
    }
}

static void change(char **arguments)
{
    static changing now;
    unsigned seed = (unsigned)strtoul(arguments[3], NULL, 10);
    now.name = arguments[2];
    now.log = open_log(arguments[1]);
    test_random_init(&now.random, seed);
    now.index = open_index(arguments[0], (ndup_index_sync)(seed % 3));
    say(now.log, "A\n", 2); /* it works now */
    while (now.count + BATCH_MOST < DOCUMENTS_MOST) {
        step(&now);
    }
    ndup_index_close(now.index);
}

static void script(char **arguments)
{
    static changing now = {.name = "s", .may_fail = true};
    const ndup_index_open_options options = {.struct_size = sizeof options, .lock_timeout = 0.1};
    ndup_error error = {0};
    now.log = open_log(arguments[1]);
    test_random_init(&now.random, 4);
    if (!is_done(&now, ndup_index_open(&now.index, arguments[0], &options, NULL, &error), &error,
                 "open")) {
        return;
    }
    now.index->view.fresh_most = 4;
    for (int i = 0; i < 30; i++) {
        step(&now);
    }
    ndup_index_close(now.index);
}

static void build(char **arguments)
{
    ndup_index *index = open_index(arguments[0], NDUP_INDEX_SYNC_BATCH);
    const char *const paths[] = {arguments[2]};
    int log = open_log(arguments[1]);
    ndup_corpus *corpus;
    ndup_index_built built;
    ndup_error error = {0};
    require(ndup_corpus_open(&corpus, paths, 1, NULL, NULL, &error), &error, "corpus");
    say(log, "A\n", 2);
    require(ndup_index_build(index, &built, corpus, NULL, &error), &error, "build");
    say(log, "A\n", 2);
    ndup_corpus_close(corpus);
    ndup_index_close(index);
}

/* What is left. */
typedef struct looking {
    ndup_index *index;
    uint64_t documents;
} looking;

static void require_known(const looking *now, const index_text *made, uint64_t number)
{
    ndup_index_answers *answers;
    ndup_error error = {0};
    const ndup_index_query query = {.struct_size = sizeof query, .matches = 1};
    require(ndup_index_check(now->index, &answers, &made->document, 1, &query, &error), &error,
            "check");
    const ndup_index_answer *answer = ndup_index_answers_get(answers, 0);
    if (!answer->is_known || !answer->is_same_id || answer->matches[0].number != number) {
        fprintf(stderr, "%s is not found\n", made->id);
        exit(3);
    }
    ndup_index_answers_free(answers);
}

static ndup_status look_at(void *context, const ndup_index_document *document, ndup_error *error)
{
    looking *now = context;
    index_text made;
    char id[INDEX_ID_BYTES];
    char version[INDEX_ID_BYTES];
    (void)error;
    snprintf(id, sizeof id, "%.*s", (int)document->id.length, document->id.bytes);
    snprintf(version, sizeof version, "%.*s", (int)document->url.length, document->url.bytes);
    index_text_make(&made, id, (unsigned)strtoul(version, NULL, 10));
    if (document->text_hash !=
        ndup__hash_bytes(made.document.text.bytes, made.document.text.length, 0)) {
        fprintf(stderr, "%s: another text\n", id);
        exit(3);
    }
    require_known(now, &made, document->number);
    printf("%s %s\n", id, version);
    now->documents++;
    return NDUP_STATUS_OK;
}

static void require_count(ndup_index *index, uint64_t documents)
{
    ndup_index_statistics found;
    ndup_error error = {0};
    require(ndup_index_stat(index, &found, &error), &error, "stat");
    if (found.documents != documents) {
        fprintf(stderr, "%llu documents, counted are %llu\n", (unsigned long long)documents,
                (unsigned long long)found.documents);
        exit(3);
    }
}

static void look(const char *path)
{
    looking now = {.index = open_index(path, NDUP_INDEX_SYNC_BATCH)};
    ndup_error error = {0};
    require(ndup_index_iterate(now.index, look_at, &now, &error), &error, "iterate");
    require_count(now.index, now.documents);
    require(ndup_index_verify(now.index, NULL, &error), &error, "verify");
    ndup_index_close(now.index);
}

static ndup_status tell_id(void *context, const ndup_index_document *document, ndup_error *error)
{
    uint64_t *documents = context;
    (void)error;
    printf("%.*s\n", (int)document->id.length, document->id.bytes);
    ++*documents;
    return NDUP_STATUS_OK;
}

static void tell_ids(const char *path)
{
    ndup_index *index = open_index(path, NDUP_INDEX_SYNC_BATCH);
    uint64_t documents = 0;
    ndup_error error = {0};
    require(ndup_index_iterate(index, tell_id, &documents, &error), &error, "iterate");
    require_count(index, documents);
    require(ndup_index_verify(index, NULL, &error), &error, "verify");
    ndup_index_close(index);
}

int main(int count, char **arguments)
{
    const char *verb = count > 2 ? arguments[1] : "";
    if (strcmp(verb, "create") == 0) {
        create(arguments[2]);
    } else if (strcmp(verb, "change") == 0 && count == 6) {
        change(arguments + 2);
    } else if (strcmp(verb, "script") == 0 && count == 4) {
        script(arguments + 2);
    } else if (strcmp(verb, "build") == 0 && count == 5) {
        build(arguments + 2);
    } else if (strcmp(verb, "look") == 0) {
        look(arguments[2]);
    } else if (strcmp(verb, "count") == 0) {
        tell_ids(arguments[2]);
    } else {
        fprintf(stderr, "usage: see the source\n");
        return 2;
    }
    return 0;
}
