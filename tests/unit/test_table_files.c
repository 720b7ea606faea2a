/* SPDX-License-Identifier: MIT */
/* Parquet files as whoever registers reads and writes them: which columns are asked for, what comes
 * of failures, and which rows are kept. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "neardup/corpus.h"
#include "neardup/dedup.h"
#include "neardup/output.h"
#include "neardup/table_files.h"
#include "support/arrow_make.h"
#include "support/fault_loop.h"
#include "support/temp_dir.h"
#include "support/test.h"

/* A file of which every read gives the next of two streams. */
typedef struct fixture {
    temp_dir folder;
    char path[512];
    made_stream streams[2];
    size_t reads;
    int failure;
    char asked[200]; /* columns of the last read */
    char written[200];
} fixture;

static fixture f;

static const char *const texts[] = {
    "nobody was hurt when the old mill burned down in the night, says the fire brigade",
    "nobody was hurt when the old mill burned down in the night, says the fire brigade",
    "the ferries stay at the quay, since a storm has closed the harbour until monday"};

static int read_table(void *context, struct ArrowArrayStream *stream, const char *path,
                      const char *const *columns, size_t column_count,
                      char said[NDUP_TABLE_FILES_SAID])
{
    fixture *self = context;
    size_t length = 0;
    assert_string_equal(path, self->path);
    if (self->failure != 0) {
        snprintf(said, NDUP_TABLE_FILES_SAID, "it is damaged\nat byte 7");
        return self->failure;
    }
    self->asked[0] = '\0';
    for (size_t i = 0; columns != NULL && i < column_count; i++) {
        length +=
            (size_t)snprintf(self->asked + length, sizeof self->asked - length, "%s ", columns[i]);
    }
    *stream = self->streams[self->reads++].stream;
    return 0;
}

static int filter_table(void *context, const char *to, const char *path, const uint8_t *kept,
                        uint64_t rows, char said[NDUP_TABLE_FILES_SAID])
{
    fixture *self = context;
    FILE *file = fopen(to, "wb");
    (void)said;
    assert_string_equal(path, self->path);
    assert_non_null(file);
    fclose(file);
    snprintf(self->written, sizeof self->written, "%s %d of %d", strrchr(to, '/') + 1,
             rows > 0 ? kept[0] : 0, (int)rows);
    return 0;
}

static made_column *make_table(void)
{
    return made_struct("", 3, 2, made_texts("text", "u", texts, 3),
                       made_texts("other", "u", texts, 3));
}

static int set_up(void **state)
{
    static const char bytes[] = "PAR1\x15 and so on";
    ndup_error error;
    const ndup_table_files files = {.struct_size = sizeof files,
                                    .name = "the test",
                                    .context = &f,
                                    .read = read_table,
                                    .filter = filter_table};
    (void)state;
    f = (fixture){.reads = 0};
    temp_dir_init(&f.folder);
    temp_dir_write(&f.folder, "news.parquet", bytes, sizeof bytes - 1);
    temp_dir_path(&f.folder, "news.parquet", f.path, sizeof f.path);
    made_stream_init(&f.streams[0], make_table(), (made_column *)NULL);
    made_stream_init(&f.streams[1], make_table(), (made_column *)NULL);
    assert_ok(ndup_table_files_register(&files, &error), &error);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    assert_ok(ndup_table_files_register(NULL, NULL), NULL);
    made_stream_deinit(&f.streams[0]);
    made_stream_deinit(&f.streams[1]);
    temp_dir_deinit(&f.folder);
    return 0;
}

static ndup_result *run(ndup_corpus *corpus)
{
    ndup_dedup_options options;
    ndup_result *result;
    ndup_error error;
    assert_ok(ndup_dedup_options_init(&options, NULL, &error), &error);
    assert_ok(ndup_dedup(&result, corpus, &options, NULL, &error), &error);
    return result;
}

static ndup_corpus *open_file(const ndup_corpus_options *options)
{
    const char *input = f.path;
    ndup_corpus *corpus;
    ndup_error error;
    assert_ok(ndup_corpus_open(&corpus, &input, 1, options, NULL, &error), &error);
    return corpus;
}

static void test_table_files__only_columns_of_fields_are_read(void **state)
{
    (void)state;
    ndup_corpus *corpus = open_file(NULL);
    ndup_result *result = run(corpus);
    assert_u64_equal(f.reads, 2);
    assert_string_equal(f.asked, "text ");
    assert_u64_equal(ndup_result_summary(result)->documents, 3);
    assert_u64_equal(ndup_result_summary(result)->kept, 2);
    ndup_result_free(result);
    ndup_corpus_close(corpus);
}

static void test_table_files__kept_rows_are_written(void **state)
{
    char specification[600];
    ndup_sink *sink;
    ndup_error error;
    (void)state;
    ndup_corpus *corpus = open_file(NULL);
    ndup_result *result = run(corpus);
    char path[512];
    temp_dir_path(&f.folder, "kept", path, sizeof path);
    snprintf(specification, sizeof specification, "parquet:%s", path);
    assert_ok(ndup_output_open(&sink, specification, NULL, &error), &error);
    assert_ok(ndup_result_write(result, corpus, &sink, 1, NULL, &error), &error);
    ndup_output_close(sink);
    assert_string_equal(f.written, "news.parquet 5 of 8");
    ndup_result_free(result);
    ndup_corpus_close(corpus);
}

static void test_table_files__what_is_said_of_a_failure_ends_the_run(void **state)
{
    ndup_dedup_options options;
    ndup_result *result;
    ndup_error error;
    (void)state;
    f.failure = EIO;
    ndup_corpus *corpus = open_file(NULL);
    assert_ok(ndup_dedup_options_init(&options, NULL, &error), &error);
    assert_status(ndup_dedup(&result, corpus, &options, NULL, &error), NDUP_STATUS_IO, &error);
    assert_string_equal(error.message, "the test: it is damaged");
    ndup_corpus_close(corpus);
}

static void test_table_files__a_missing_column_ends_the_run(void **state)
{
    const ndup_corpus_options fields = {.struct_size = sizeof fields, .text_field = "story"};
    ndup_dedup_options options;
    ndup_result *result;
    ndup_error error;
    (void)state;
    ndup_corpus *corpus = open_file(&fields);
    assert_ok(ndup_dedup_options_init(&options, NULL, &error), &error);
    assert_status(ndup_dedup(&result, corpus, &options, NULL, &error), NDUP_STATUS_NOT_FOUND,
                  &error);
    assert_string_equal(error.message, "no column 'story'; there are text, other");
    ndup_corpus_close(corpus);
}

static void test_table_files__a_damaged_stream_ends_the_run(void **state)
{
    ndup_dedup_options options;
    ndup_result *result;
    ndup_error error;
    (void)state;
    f.streams[1].fails_at = 1;
    f.streams[1].message = "no such row group";
    ndup_corpus *corpus = open_file(NULL);
    assert_ok(ndup_dedup_options_init(&options, NULL, &error), &error);
    assert_status(ndup_dedup(&result, corpus, &options, NULL, &error), NDUP_STATUS_IO, &error);
    assert_string_equal(error.message, "the table's stream failed: no such row group");
    ndup_corpus_close(corpus);
}

static ndup_status count_texts(void *context, const ndup_document *documents, size_t count,
                               ndup_error *error)
{
    size_t *total = context;
    (void)documents;
    (void)error;
    *total += count;
    return NDUP_STATUS_OK;
}

static ndup_status open_and_walk(void *context, const ndup_allocator *allocator, ndup_error *error)
{
    const ndup_corpus_options options = {.struct_size = sizeof options, .allocator = allocator};
    const char *input = f.path;
    ndup_corpus *corpus;
    f.reads = f.streams[0].next = f.streams[1].next = 0;
    ndup_status status = ndup_corpus_open(&corpus, &input, 1, &options, NULL, error);
    if (status == NDUP_STATUS_OK) {
        status = ndup_corpus_walk(corpus, NULL, 0, count_texts, context, NULL, error);
    }
    ndup_corpus_close(corpus);
    assert_u64_equal(made_live(), 0);
    return status;
}

static void test_table_files__survive_a_lack_of_memory(void **state)
{
    size_t total = 0;
    (void)state;
    assert_true(fault_loop(open_and_walk, &total, 3) > 10);
    assert_true(total >= 3);
}

#define TEST(name) cmocka_unit_test_setup_teardown(test_table_files__##name, set_up, tear_down)

TEST_MAIN(TEST(only_columns_of_fields_are_read), TEST(kept_rows_are_written),
          TEST(what_is_said_of_a_failure_ends_the_run), TEST(a_missing_column_ends_the_run),
          TEST(a_damaged_stream_ends_the_run), TEST(survive_a_lack_of_memory))
