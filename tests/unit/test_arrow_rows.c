/* SPDX-License-Identifier: MIT */
/* Tables in memory as documents: what each type, slice, null and nesting gives. */
#define _GNU_SOURCE /* MAP_ANONYMOUS */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "neardup/corpus.h"
#include "neardup/dedup.h"
#include "support/arrow_make.h"
#include "support/fault_loop.h"
#include "support/test.h"

/* What a walk saw: of each document a line of its parts, as far as they are there. */
typedef struct seen {
    char lines[8192];
    size_t length;
    uint64_t skipped;
    ndup_problem problem;
    char message[200];
} seen;

static void add_part(seen *all, const char *name, ndup_text part)
{
    if (part.length > 0) {
        all->length += (size_t)snprintf(all->lines + all->length, sizeof all->lines - all->length,
                                        "%s=%.*s ", name, (int)part.length, part.bytes);
    }
}

static ndup_status see(void *context, const ndup_document *documents, size_t count,
                       ndup_error *error)
{
    seen *all = context;
    (void)error;
    for (size_t i = 0; i < count; i++) {
        add_part(all, "id", documents[i].id);
        add_part(all, "source", documents[i].source);
        add_part(all, "url", documents[i].url);
        add_part(all, "date", documents[i].date);
        add_part(all, "title", documents[i].title);
        add_part(all, "text", documents[i].text);
        add_part(all, "record", documents[i].record);
        all->lines[all->length - 1] = '\n';
    }
    return NDUP_STATUS_OK;
}

static void take_problem(void *context, const ndup_problem *problem)
{
    seen *all = context;
    all->problem = *problem;
    snprintf(all->message, sizeof all->message, "%s", problem->message);
}

static void walk(seen *all, ndup_corpus *corpus)
{
    ndup_error error;
    const ndup_hooks hooks = {.struct_size = sizeof hooks, .context = all, .problem = take_problem};
    memset(all, 0, sizeof *all);
    assert_ok(ndup_corpus_walk(corpus, &all->skipped, 0, see, all, &hooks, &error), &error);
}

/* Opens the stream, walks, and closes all. */
static void read_all(seen *all, made_stream *stream, const ndup_corpus_options *options)
{
    ndup_error error;
    ndup_corpus *corpus;
    assert_ok(ndup_corpus_open_arrow(&corpus, &stream->stream, options, NULL, &error), &error);
    assert_u64_equal(stream->released, 1);
    walk(all, corpus);
    ndup_corpus_close(corpus);
    made_stream_deinit(stream);
}

static const char *const texts[] = {"one", NULL, "a text of more than twelve bytes", ""};

static void test_arrow__texts_of_every_type_are_read(void **state)
{
    static const char *const formats[] = {"u", "U", "z", "Z", "vu", "vz"};
    (void)state;
    for (size_t i = 0; i < sizeof formats / sizeof formats[0]; i++) {
        made_stream stream;
        seen all;
        made_stream_init(&stream, made_struct("", 4, 1, made_texts("text", formats[i], texts, 4)),
                         (made_column *)NULL);
        read_all(&all, &stream, NULL);
        assert_string_equal(all.lines, "id=0 text=one record={\"text\":\"one\"}\n"
                                       "id=1 record={\"text\":null}\n"
                                       "id=2 text=a text of more than twelve bytes "
                                       "record={\"text\":\"a text of more than twelve bytes\"}\n"
                                       "id=3 record={\"text\":\"\"}\n");
    }
}

static void test_arrow__a_stream_of_strings_is_texts(void **state)
{
    made_stream stream;
    seen all;
    (void)state;
    made_stream_init(&stream, made_texts("", "u", texts, 1), made_texts("", "u", texts + 1, 2),
                     (made_column *)NULL);
    read_all(&all, &stream, NULL);
    assert_string_equal(all.lines, "id=0 text=one record={\"text\":\"one\"}\n"
                                   "id=1 record={\"text\":null}\n"
                                   "id=2 text=a text of more than twelve bytes "
                                   "record={\"text\":\"a text of more than twelve bytes\"}\n");
}

static void test_arrow__offsets_of_tables_and_columns_add_up(void **state)
{
    const char *const four[] = {"0", "1", NULL, "3"};
    const int64_t ids[] = {10, 11, 12, 13};
    made_stream stream;
    seen all;
    (void)state;
    made_column *text = made_texts("text", "u", four, 4);
    made_column *table = made_struct("", 2, 2, text, made_values("id", "l", ids, sizeof ids[0], 4));
    text->array.offset = 1;
    text->array.length = 3;
    table->array.offset = 1;
    made_stream_init(&stream, table, (made_column *)NULL);
    read_all(&all, &stream, NULL);
    assert_string_equal(all.lines, "id=11 record={\"text\":null,\"id\":11}\n"
                                   "id=12 text=3 record={\"text\":\"3\",\"id\":12}\n");
}

static void test_arrow__batches_have_dictionaries_of_their_own(void **state)
{
    const char *const first[] = {"x", "y"};
    const char *const second[] = {"p", "q", NULL};
    const int8_t some[] = {1, 0};
    const int8_t others[] = {0, 1, 2, 99};
    made_stream stream;
    seen all;
    (void)state;
    made_column *last = made_indices("text", "c", others, 1, 4, made_texts("", "U", second, 3));
    made_set_valid(last, 7); /* the fourth is null, and its index is nothing */
    made_stream_init(
        &stream,
        made_struct("", 2, 1, made_indices("text", "c", some, 1, 2, made_texts("", "U", first, 2))),
        made_struct("", 4, 1, last), (made_column *)NULL);
    read_all(&all, &stream, NULL);
    assert_string_equal(all.lines, "id=0 text=y record={\"text\":\"y\"}\n"
                                   "id=1 text=x record={\"text\":\"x\"}\n"
                                   "id=2 text=p record={\"text\":\"p\"}\n"
                                   "id=3 text=q record={\"text\":\"q\"}\n"
                                   "id=4 record={\"text\":null}\n"
                                   "id=5 record={\"text\":null}\n");
}

static void test_arrow__parts_of_structs_are_null_with_them(void **state)
{
    const char *const names[] = {"a", "b", "c"};
    const int32_t numbers[] = {7, 8, 9};
    const ndup_corpus_options options = {
        .struct_size = sizeof options, .text_field = "meta.text", .id_field = "meta.nr"};
    made_stream stream;
    seen all;
    (void)state;
    made_column *meta = made_struct("meta", 3, 2, made_texts("text", "u", names, 3),
                                    made_values("nr", "i", numbers, sizeof numbers[0], 3));
    made_column *table = made_struct("", 3, 1, meta);
    made_set_valid(meta, 5);
    made_set_valid(table, 3);
    made_stream_init(&stream, table, (made_column *)NULL);
    read_all(&all, &stream, &options);
    assert_string_equal(all.lines, "id=7 text=a record={\"meta\":{\"text\":\"a\",\"nr\":7}}\n"
                                   "id=1 record={\"meta\":null}\n"
                                   "id=2 record={\"meta\":null}\n");
}

static void test_arrow__lists_of_strings_are_joined(void **state)
{
    const char *const parts[] = {"first", NULL, "last"};
    const int32_t offsets[] = {0, 3, 3};
    made_stream stream;
    seen all;
    (void)state;
    made_stream_init(
        &stream,
        made_struct("", 2, 1, made_list("text", offsets, 2, made_texts("", "u", parts, 3))),
        (made_column *)NULL);
    read_all(&all, &stream, NULL);
    assert_string_equal(all.lines,
                        "id=0 text=first\n\nlast record={\"text\":[\"first\",null,\"last\"]}\n"
                        "id=1 record={\"text\":[]}\n");
}

static void test_arrow__dates_become_iso(void **state)
{
    const char *const two[] = {"a", "b"};
    const int32_t days[] = {19782, -1};
    const int64_t moments[] = {1709208000123, -1};
    made_stream stream;
    seen all;
    (void)state;
    made_stream_init(&stream,
                     made_struct("", 2, 3, made_texts("text", "u", two, 2),
                                 made_values("date", "tdD", days, 4, 2),
                                 made_values("at", "tsm:Asia/Tokyo", moments, 8, 2)),
                     (made_column *)NULL);
    read_all(&all, &stream, NULL);
    assert_string_equal(all.lines, "id=0 date=2024-02-29 text=a record={\"text\":\"a\",\"date\":"
                                   "\"2024-02-29\",\"at\":\"2024-02-29T12:00:00.123Z\"}\n"
                                   "id=1 date=1969-12-31 text=b record={\"text\":\"b\",\"date\":"
                                   "\"1969-12-31\",\"at\":\"1969-12-31T23:59:59.999Z\"}\n");
}

static void test_arrow__records_have_values_of_all_types(void **state)
{
    const char *const one[] = {"\"\\\n"};
    const uint8_t flag[] = {1};
    const uint64_t most[] = {UINT64_MAX};
    const double number[] = {0.1};
    const float single[] = {0.1f};
    const uint16_t half[] = {0x3C00};
    const uint64_t decimal[] = {(uint64_t)-12345, UINT64_MAX};
    const int64_t span[] = {-1500};
    const int32_t interval[] = {13};
    made_stream stream;
    seen all;
    (void)state;
    made_stream_init(
        &stream,
        made_struct(
            "", 1, 8, made_texts("text", "u", one, 1), made_values("b", "b", flag, 1, 1),
            made_values("u", "L", most, 8, 1),
            made_struct("f", 1, 3, made_values("g", "g", number, 8, 1),
                        made_values("f", "f", single, 4, 1), made_values("e", "e", half, 2, 1)),
            made_values("d", "d:38,2", decimal, 16, 1), made_values("s", "tDm", span, 8, 1),
            made_values("i", "tiM", interval, 4, 1), made_values("w", "w:2", "\xFF\xFE", 2, 1)),
        (made_column *)NULL);
    read_all(&all, &stream, NULL);
    assert_string_equal(strstr(all.lines, "record="),
                        "record={\"text\":\"\\\"\\\\\\n\",\"b\":true,\"u\":18446744073709551615,"
                        "\"f\":{\"g\":0.1,\"f\":0.1,\"e\":1},\"d\":-123.45,\"s\":\"PT-1.500S\","
                        "\"i\":\"P13M\",\"w\":\"//4=\"}\n");
}

static void test_arrow__a_column_that_is_not_there_is_named(void **state)
{
    const char *const one[] = {"a"};
    ndup_corpus_options options = {.struct_size = sizeof options, .text_field = "body"};
    made_stream stream;
    ndup_corpus *corpus;
    ndup_error error;
    (void)state;
    for (int i = 0; i < 2; i++) {
        made_stream_init(&stream,
                         made_struct("", 1, 2, made_texts("story", "u", one, 1),
                                     made_texts("lead", "u", one, 1)),
                         (made_column *)NULL);
        assert_status(
            ndup_corpus_open_arrow(&corpus, &stream.stream, i == 0 ? &options : NULL, NULL, &error),
            NDUP_STATUS_NOT_FOUND, &error);
        assert_string_equal(
            error.message, i == 0 ? "no column 'body'; there are story, lead"
                                  : "no column 'text', 'content' or 'body'; there are story, lead");
        assert_null(corpus);
        assert_u64_equal(stream.released, 1);
        made_stream_deinit(&stream);
    }
}

/* Two gigabytes of nothing between two texts, in one array. */
static void test_arrow__an_array_may_have_more_than_two_gigabytes(void **state)
{
    const size_t bytes = ((size_t)2 << 30) + 4096;
    const int64_t offsets[] = {0, 5, (int64_t)bytes - 4, (int64_t)bytes};
    const char *const three[] = {"", "", ""};
    made_stream stream;
    seen all;
    (void)state;
    char *room = mmap(NULL, bytes, PROT_READ | PROT_WRITE,
                      MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (room == MAP_FAILED) {
        skip();
    }
    memcpy(room, "first", 5);
    memcpy(room + bytes - 4, "last", 4);
    made_column *text = made_texts("text", "U", three, 3);
    const void *own = text->buffers[2];
    memcpy((void *)(uintptr_t)text->buffers[1], offsets, sizeof offsets);
    text->buffers[2] = room;
    made_stream_init(&stream, text, (made_column *)NULL);
    ndup_corpus *corpus;
    ndup_error error;
    assert_ok(ndup_corpus_open_arrow(&corpus, &stream.stream, NULL, NULL, &error), &error);
    assert_u64_equal(ndup_corpus_bytes(corpus), bytes);
    walk(&all, corpus);
    ndup_corpus_close(corpus);
    text->buffers[2] = own;
    made_stream_deinit(&stream);
    munmap(room, bytes);
    assert_string_equal(all.lines, "id=0 text=first record={\"text\":\"first\"}\n"
                                   "id=2 text=last record={\"text\":\"last\"}\n");
    assert_u64_equal(all.skipped, 1);
    assert_u64_equal(all.problem.offset, 1);
    assert_string_equal(all.message, "a text of more than 268435456 bytes; row 1");
}

static bool stop(void *context, const ndup_progress *progress)
{
    uint64_t *calls = context;
    (void)progress;
    return ++*calls < 2;
}

/* Rows that take no memory: nothing is made for each of them before it is read. */
static void test_arrow__two_thousand_million_empty_rows_can_be_cancelled(void **state)
{
    made_stream stream;
    ndup_corpus *corpus;
    ndup_result *result;
    ndup_error error;
    ndup_dedup_options options;
    uint64_t calls = 0;
    const ndup_hooks hooks = {.struct_size = sizeof hooks, .context = &calls, .progress = stop};
    (void)state;
    made_column *column = made_values("", "n", "", 0, 0);
    column->array.n_buffers = 0;
    column->array.length = (int64_t)1 << 31;
    made_stream_init(&stream, column, (made_column *)NULL);
    assert_ok(ndup_corpus_open_arrow(&corpus, &stream.stream, NULL, NULL, &error), &error);
    assert_ok(ndup_dedup_options_init(&options, NULL, &error), &error);
    assert_status(ndup_dedup(&result, corpus, &options, &hooks, &error), NDUP_STATUS_CANCELLED,
                  &error);
    ndup_corpus_close(corpus);
    made_stream_deinit(&stream);
}

/* Texts without words are the same only where their whole rows are. */
static void test_arrow__rows_without_words_go_by_their_records(void **state)
{
    const char *const marks[] = {"...", "...", "..."};
    const char *const notes[] = {"x", "y", "x"};
    made_stream stream;
    ndup_corpus *corpus;
    ndup_result *result;
    ndup_error error;
    ndup_dedup_options options;
    (void)state;
    made_stream_init(
        &stream,
        made_struct("", 3, 2, made_texts("text", "u", marks, 3), made_texts("note", "u", notes, 3)),
        (made_column *)NULL);
    assert_ok(ndup_corpus_open_arrow(&corpus, &stream.stream, NULL, NULL, &error), &error);
    assert_ok(ndup_dedup_options_init(&options, NULL, &error), &error);
    assert_ok(ndup_dedup(&result, corpus, &options, NULL, &error), &error);
    assert_u64_equal(ndup_result_summary(result)->identical, 1);
    assert_u64_equal(ndup_result_summary(result)->empty, 3);
    ndup_result_free(result);
    ndup_corpus_close(corpus);
    made_stream_deinit(&stream);
}

/* A keep policy may ask for any column. */
static void test_arrow__policies_read_further_columns(void **state)
{
    const char *const same[] = {"the same words in all of these", "the same words in all of these"};
    const int32_t votes[] = {3, 5};
    made_stream stream;
    ndup_corpus *corpus;
    ndup_result *result;
    ndup_error error;
    ndup_dedup_options options;
    ndup_verdict verdict;
    (void)state;
    made_stream_init(&stream,
                     made_struct("", 2, 2, made_texts("text", "u", same, 2),
                                 made_values("votes", "i", votes, 4, 2)),
                     (made_column *)NULL);
    assert_ok(ndup_corpus_open_arrow(&corpus, &stream.stream, NULL, NULL, &error), &error);
    assert_ok(ndup_dedup_options_init(&options, NULL, &error), &error);
    options.keep = "field:votes:desc";
    assert_ok(ndup_dedup(&result, corpus, &options, NULL, &error), &error);
    ndup_result_verdict(result, 0, &verdict);
    assert_false(verdict.kept);
    assert_u64_equal(verdict.survivor, 1);
    ndup_result_free(result);
    ndup_corpus_close(corpus);
    made_stream_deinit(&stream);
}

static ndup_status open_and_walk(void *context, const ndup_allocator *allocator, ndup_error *error)
{
    const ndup_corpus_options options = {.struct_size = sizeof options, .allocator = allocator};
    const char *const parts[] = {"a", "b"};
    const int32_t offsets[] = {0, 1, 2};
    made_stream stream;
    ndup_corpus *corpus;
    seen *all = context;
    all->length = 0;
    made_stream_init(&stream,
                     made_struct("", 2, 2, made_texts("id", "u", parts, 2),
                                 made_list("text", offsets, 2, made_texts("", "u", parts, 2))),
                     (made_column *)NULL);
    ndup_status status = ndup_corpus_open_arrow(&corpus, &stream.stream, &options, NULL, error);
    if (status == NDUP_STATUS_OK) {
        status = ndup_corpus_walk(corpus, NULL, 0, see, all, NULL, error);
    }
    ndup_corpus_close(corpus);
    assert_u64_equal(stream.released, 1);
    made_stream_deinit(&stream);
    return status;
}

static void test_arrow__survives_a_lack_of_memory(void **state)
{
    seen all;
    (void)state;
    assert_true(fault_loop(open_and_walk, &all, 3) > 5);
}

TEST_MAIN(cmocka_unit_test(test_arrow__texts_of_every_type_are_read),
          cmocka_unit_test(test_arrow__a_stream_of_strings_is_texts),
          cmocka_unit_test(test_arrow__offsets_of_tables_and_columns_add_up),
          cmocka_unit_test(test_arrow__batches_have_dictionaries_of_their_own),
          cmocka_unit_test(test_arrow__parts_of_structs_are_null_with_them),
          cmocka_unit_test(test_arrow__lists_of_strings_are_joined),
          cmocka_unit_test(test_arrow__dates_become_iso),
          cmocka_unit_test(test_arrow__records_have_values_of_all_types),
          cmocka_unit_test(test_arrow__a_column_that_is_not_there_is_named),
          cmocka_unit_test(test_arrow__an_array_may_have_more_than_two_gigabytes),
          cmocka_unit_test(test_arrow__two_thousand_million_empty_rows_can_be_cancelled),
          cmocka_unit_test(test_arrow__rows_without_words_go_by_their_records),
          cmocka_unit_test(test_arrow__policies_read_further_columns),
          cmocka_unit_test(test_arrow__survives_a_lack_of_memory))
