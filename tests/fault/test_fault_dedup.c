/* SPDX-License-Identifier: MIT */
/* Whole runs in which memory, the source, a sink or the caller's patience gives out. */
#include <stdlib.h>
#include <string.h>

#include "neardup/dedup.h"
#include "neardup/output.h"
#include "support/corpus_make.h"
#include "support/failing_allocator.h"
#include "support/test.h"

/* A sink that counts its calls and fails in the one named. */
typedef struct counting_sink {
    ndup_sink sink;
    const char *failing; /* "begin", "document", "finish", "commit" or NULL */
    ndup_status failure;
    unsigned begun, documents, finished, committed, aborted, closed;
} counting_sink;

static ndup_status fail_in(const counting_sink *self, const char *place, ndup_error *error)
{
    if (self->failing == NULL || strcmp(self->failing, place) != 0) {
        return NDUP_STATUS_OK;
    }
    if (error != NULL) {
        *error = (ndup_error){.status = self->failure};
        strcpy(error->message, "the sink gave up");
    }
    return self->failure;
}

static ndup_status sink_begin(void *context, const ndup_result *result, ndup_error *error)
{
    counting_sink *self = context;
    assert_non_null(result);
    self->begun++;
    return fail_in(self, "begin", error);
}

static ndup_status sink_document(void *context, const ndup_verdict *verdict,
                                 const ndup_document *document, ndup_error *error)
{
    counting_sink *self = context;
    assert_u64_equal(verdict->document, self->documents);
    assert_non_null(document);
    self->documents++;
    return self->documents == 7 ? fail_in(self, "document", error) : NDUP_STATUS_OK;
}

static ndup_status sink_finish(void *context, ndup_error *error)
{
    counting_sink *self = context;
    self->finished++;
    return fail_in(self, "finish", error);
}

static ndup_status sink_commit(void *context, ndup_error *error)
{
    counting_sink *self = context;
    self->committed++;
    return fail_in(self, "commit", error);
}

static void sink_abort(void *context)
{
    counting_sink *self = context;
    self->aborted++;
}

static void sink_close(void *context)
{
    counting_sink *self = context;
    self->closed++;
}

/* Every third document. */
static bool sink_chooses(void *context, uint64_t number)
{
    const counting_sink *self = context;
    assert_u64_equal(number, self->documents);
    return number % 3 == 0;
}

static ndup_status choosing_document(void *context, const ndup_verdict *verdict,
                                     const ndup_document *document, ndup_error *error)
{
    assert_true((document->record.length > 0) == (verdict->document % 3 == 0));
    assert_u64_equal(document->number, verdict->document);
    assert_true(document->id.bytes == verdict->id.bytes);
    return sink_document(context, verdict, document, error);
}

static void counting_sink_init(counting_sink *self, bool wants_records)
{
    *self = (counting_sink){.failure = NDUP_STATUS_IO};
    self->sink = (ndup_sink){
        .struct_size = sizeof(ndup_sink),
        .context = self,
        .wants_records = wants_records,
        .begin = sink_begin,
        .document = sink_document,
        .finish = sink_finish,
        .commit = sink_commit,
        .abort = sink_abort,
        .close = sink_close,
    };
}

/* Begun sinks end in one commit or one abort, never both, never neither. */
static void check_sink(const counting_sink *self, bool succeeded)
{
    if (succeeded) {
        assert_int_equal(self->begun, 1);
        assert_int_equal(self->committed, 1);
        assert_int_equal(self->aborted, 0);
    } else {
        assert_int_equal(self->aborted, self->begun);
        assert_int_equal(self->committed, 0);
    }
}

static made_corpus make_corpus(void)
{
    test_random random;
    test_random_init(&random, 9);
    made_corpus corpus = made_corpus_mixed(&random, 30, 5);
    corpus.as_records = true;
    return corpus;
}

/* Writes to a sink that chooses what it reads. */
static ndup_status write_chosen(const ndup_result *result, ndup_corpus *corpus,
                                const ndup_hooks *hooks, ndup_error *error)
{
    counting_sink counting;
    counting_sink_init(&counting, false);
    counting.sink.chooses = sink_chooses;
    counting.sink.document = choosing_document;
    ndup_sink *sinks[] = {&counting.sink};
    ndup_status status = ndup_result_write(result, corpus, sinks, 1, hooks, error);
    check_sink(&counting, status == NDUP_STATUS_OK);
    return status;
}

/* How candidates are found; by grams as well as by bands, where the rule asks for containment. */
typedef enum search { BY_BANDS, BY_JOIN, BY_GRAMS, SEARCHES } search;

/* Opens, dedupes with everything on, and writes to two sinks. */
static ndup_status run_all(const made_corpus *made, const ndup_allocator *allocator,
                           unsigned threads, search by, const ndup_hooks *hooks, ndup_error *error)
{
    ndup_corpus_options corpus_options = NDUP_CORPUS_OPTIONS_INIT;
    ndup_dedup_options options;
    ndup_result *result = NULL;
    ndup_corpus *corpus;
    counting_sink counting[2];
    ndup_source source = made_corpus_source(made);
    corpus_options.allocator = allocator;
    ndup_status status = ndup_corpus_open_source(&corpus, &source, &corpus_options, error);
    if (status != NDUP_STATUS_OK) {
        assert_null(corpus);
        return status;
    }
    assert_ok(ndup_dedup_options_init(&options, NULL, NULL), NULL);
    options.pairs = true;
    options.spans = true;
    options.audit = by == BY_JOIN ? 0 : 5;
    options.exact = by == BY_JOIN;
    options.rule = by == BY_GRAMS ? NDUP_RULE_EITHER : NDUP_RULE_JACCARD;
    options.keep = "prefer=s1,field:score:desc,newest";
    options.threads = threads;
    options.allocator = allocator;
    status = ndup_dedup(&result, corpus, &options, hooks, error);
    assert_true((status == NDUP_STATUS_OK) == (result != NULL));
    if (status == NDUP_STATUS_OK) {
        counting_sink_init(&counting[0], true);
        counting_sink_init(&counting[1], false);
        ndup_sink *sinks[] = {&counting[0].sink, &counting[1].sink};
        status = ndup_result_write(result, corpus, sinks, 2, hooks, error);
        check_sink(&counting[0], status == NDUP_STATUS_OK);
        check_sink(&counting[1], status == NDUP_STATUS_OK);
    }
    if (status == NDUP_STATUS_OK) {
        status = write_chosen(result, corpus, hooks, error);
    }
    ndup_result_free(result);
    ndup_corpus_close(corpus);
    return status;
}

/* One run in which the nth request for memory fails, and those behind it if `on`; returns whether
 * any did. */
static bool try_failure(const made_corpus *made, size_t n, bool on, unsigned threads, search by)
{
    failing_allocator memory;
    ndup_error error = {0};
    failing_allocator_init(&memory);
    if (on) {
        failing_allocator_fail_from(&memory, n);
    } else {
        failing_allocator_fail_at(&memory, n);
    }
    ndup_status status = run_all(made, &memory.allocator, threads, by, NULL, &error);
    assert_u64_equal(failing_allocator_live_bytes(&memory), 0);
    assert_u64_equal(failing_allocator_live_blocks(&memory), 0);
    bool has_failed = failing_allocator_has_failed(&memory);
    assert_status(status, has_failed ? NDUP_STATUS_MEMORY : NDUP_STATUS_OK, &error);
    if (has_failed) {
        assert_status(error.status, NDUP_STATUS_MEMORY, NULL);
        assert_true(error.message[0] != '\0');
    }
    return has_failed;
}

static void test_fault_dedup__every_request_for_memory_may_fail(void **state)
{
    (void)state;
    made_corpus made = make_corpus();
    for (int by = BY_BANDS; by < SEARCHES; by++) {
        for (size_t n = 1; try_failure(&made, n, false, 1, (search)by); n++) {
            assert_true(try_failure(&made, n, true, 1, (search)by));
        }
    }
    made_corpus_deinit(&made);
}

static void test_fault_dedup__memory_may_fail_in_any_thread(void **state)
{
    (void)state;
    made_corpus made = make_corpus();
    for (int by = BY_BANDS; by < SEARCHES; by++) {
        for (size_t n = 1; try_failure(&made, n, false, 2, (search)by); n += 1 + n / 8) {
            try_failure(&made, n, true, 2, (search)by);
        }
    }
    made_corpus_deinit(&made);
}

/* A source that gives up behind some documents. */
typedef struct failing_source {
    size_t left;
    ndup_status failure;
    bool closed;
} failing_source;

static ndup_status next_or_fail(void *context, bool *has_document, ndup_document *document,
                                ndup_error *error)
{
    failing_source *self = context;
    if (self->left-- == 0) {
        if (error != NULL) {
            *error = (ndup_error){.status = self->failure};
            strcpy(error->message, "the well is dry");
        }
        return self->failure;
    }
    *has_document = true;
    *document = (ndup_document){.id = {"x", 1}, .text = {"some words to read", 18}};
    return NDUP_STATUS_OK;
}

static void close_source(void *context)
{
    failing_source *self = context;
    assert_false(self->closed);
    self->closed = true;
}

static void test_fault_dedup__a_failing_source_fails_the_run(void **state)
{
    (void)state;
    static const ndup_status failures[] = {NDUP_STATUS_IO, NDUP_STATUS_CORRUPT, NDUP_STATUS_MEMORY};
    for (size_t i = 0; i < 30; i++) {
        failing_source context = {.left = i * i, .failure = failures[i % 3]};
        ndup_source source = {.struct_size = sizeof source,
                              .context = &context,
                              .next = next_or_fail,
                              .close = close_source};
        failing_allocator memory;
        ndup_corpus_options corpus_options = NDUP_CORPUS_OPTIONS_INIT;
        ndup_dedup_options options;
        ndup_corpus *corpus;
        ndup_result *result = NULL;
        ndup_error error = {0};
        failing_allocator_init(&memory);
        corpus_options.allocator = &memory.allocator;
        ndup_status status = ndup_corpus_open_source(&corpus, &source, &corpus_options, &error);
        if (status == NDUP_STATUS_OK) {
            assert_ok(ndup_dedup_options_init(&options, NULL, &error), &error);
            options.allocator = &memory.allocator;
            options.threads = (unsigned)(1 + i % 2);
            status = ndup_dedup(&result, corpus, &options, NULL, &error);
            ndup_corpus_close(corpus);
        }
        assert_status(status, context.failure, &error);
        assert_string_equal(error.message, "the well is dry");
        assert_null(result);
        assert_true(context.closed);
        assert_u64_equal(failing_allocator_live_bytes(&memory), 0);
    }
}

/* Three sinks, of which sink `bad` fails in `place`. */
static void check_failing_sink(const ndup_result *result, ndup_corpus *corpus, size_t bad,
                               const char *place)
{
    counting_sink counting[3];
    ndup_sink *sinks[3];
    ndup_error error = {0};
    for (size_t i = 0; i < 3; i++) {
        counting_sink_init(&counting[i], i != 1);
        sinks[i] = &counting[i].sink;
    }
    counting[bad].failing = place;
    assert_status(ndup_result_write(result, corpus, sinks, 3, NULL, &error), NDUP_STATUS_IO,
                  &error);
    assert_string_equal(error.message, "the sink gave up");
    for (size_t i = 0; i < 3; i++) {
        assert_true(counting[i].aborted <= 1);
        if (strcmp(place, "commit") == 0) {
            /* What has been put in its place stays; that one and those behind it are given up. */
            assert_int_equal(counting[i].committed, i <= bad);
            assert_int_equal(counting[i].aborted, i >= bad);
        } else {
            check_sink(&counting[i], false);
        }
        assert_true(counting[i].begun == 1 || (strcmp(place, "begin") == 0 && i > bad));
        assert_int_equal(counting[i].closed, 0); /* that is for who opened it */
    }
}

static void test_fault_dedup__a_failing_sink_aborts_all(void **state)
{
    (void)state;
    static const char *const places[] = {"begin", "document", "finish", "commit"};
    made_corpus made = make_corpus();
    ndup_corpus *corpus = made_corpus_open(&made, NULL);
    ndup_dedup_options options;
    ndup_result *result;
    ndup_error error;
    assert_ok(ndup_dedup_options_init(&options, NULL, &error), &error);
    assert_ok(ndup_dedup(&result, corpus, &options, NULL, &error), &error);
    for (size_t i = 0; i < 4; i++) {
        for (size_t bad = 0; bad < 3; bad++) {
            check_failing_sink(result, corpus, bad, places[i]);
        }
    }
    ndup_result_free(result);
    ndup_corpus_close(corpus);
    made_corpus_deinit(&made);
}

typedef struct patience {
    size_t left;
    bool is_over;
} patience;

static bool run_out(void *context, const ndup_progress *progress)
{
    patience *self = context;
    (void)progress;
    self->is_over |= self->left == 0;
    self->left -= self->left > 0;
    return !self->is_over;
}

static void test_fault_dedup__every_report_of_progress_may_cancel(void **state)
{
    (void)state;
    made_corpus made = make_corpus();
    for (unsigned threads = 1; threads <= 2; threads++) {
        bool was_cancelled = true;
        for (size_t n = 0; was_cancelled; n++) {
            failing_allocator memory;
            patience waiting = {.left = n};
            ndup_hooks hooks = {
                .struct_size = sizeof hooks, .context = &waiting, .progress = run_out};
            ndup_error error = {0};
            failing_allocator_init(&memory);
            ndup_status status =
                run_all(&made, &memory.allocator, threads, (search)(n % SEARCHES), &hooks, &error);
            was_cancelled = waiting.is_over;
            assert_status(status, was_cancelled ? NDUP_STATUS_CANCELLED : NDUP_STATUS_OK, &error);
            assert_u64_equal(failing_allocator_live_bytes(&memory), 0);
            assert_true(n > 0 || was_cancelled);
        }
    }
    made_corpus_deinit(&made);
}

TEST_MAIN(cmocka_unit_test(test_fault_dedup__every_request_for_memory_may_fail),
          cmocka_unit_test(test_fault_dedup__memory_may_fail_in_any_thread),
          cmocka_unit_test(test_fault_dedup__a_failing_source_fails_the_run),
          cmocka_unit_test(test_fault_dedup__a_failing_sink_aborts_all),
          cmocka_unit_test(test_fault_dedup__every_report_of_progress_may_cancel))
