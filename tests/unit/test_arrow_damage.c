/* SPDX-License-Identifier: MIT */
/* Streams that break the specification: each is refused, named, and released once. */
#include <stdio.h>
#include <string.h>

#include "neardup/corpus.h"
#include "support/arrow_make.h"
#include "support/test.h"

static const char *const three[] = {"alpha", NULL, "a text of more than twelve bytes"};
static const int8_t indices[] = {0, 1, 2};
static const int32_t list_offsets[] = {0, 1, 3, 3};

/* A table with a column of each shape; *parts is in that order. */
enum { TEXT, VIEW, CODED, LIST, PARTS };

static made_column *make_table(made_column *parts[PARTS])
{
    parts[TEXT] = made_texts("text", "u", three, 3);
    parts[VIEW] = made_texts("view", "vu", three, 3);
    parts[CODED] = made_indices("coded", "c", indices, 1, 3, made_texts("", "u", three, 3));
    parts[LIST] = made_list("list", list_offsets, 3, made_texts("", "u", three, 3));
    return made_struct("", 3, PARTS, parts[TEXT], parts[VIEW], parts[CODED], parts[LIST]);
}

static int32_t *int_of(made_column *column, size_t buffer, size_t at)
{
    return (int32_t *)(uintptr_t)column->buffers[buffer] + at;
}

/* What is done to the table, and what is said of it. */
typedef struct damage {
    const char *said;
    void (*spoil)(made_column *table, made_column *parts[PARTS]);
} damage;

#define SPOIL(name, change)                                         \
    static void name(made_column *table, made_column *parts[PARTS]) \
    {                                                               \
        (void)table;                                                \
        (void)parts;                                                \
        change;                                                     \
    }

SPOIL(negative_length, table->array.length = -1)
SPOIL(huge_length, table->array.length = INT64_MAX)
SPOIL(negative_offset, parts[TEXT]->array.offset = -1)
SPOIL(huge_offset, parts[TEXT]->array.offset = INT64_MAX)
SPOIL(many_nulls, parts[TEXT]->array.null_count = 4)
SPOIL(few_buffers, parts[TEXT]->array.n_buffers = 2)
SPOIL(many_buffers, parts[TEXT]->array.n_buffers = 4)
SPOIL(negative_buffers, parts[VIEW]->array.n_buffers = -3)
SPOIL(no_buffers, parts[TEXT]->array.buffers = NULL)
SPOIL(no_offsets, int_of(parts[TEXT], 1, 0); parts[TEXT]->array.buffers = table->buffers + 4;
      table->buffers[5] = NULL)
SPOIL(falling_offset, *int_of(parts[TEXT], 1, 2) = 3)
SPOIL(offset_below_zero, *int_of(parts[TEXT], 1, 0) = -1)
SPOIL(few_children, table->array.n_children = 3)
SPOIL(no_children, table->array.children = NULL)
SPOIL(null_child, table->child_arrays[1] = NULL)
SPOIL(released_child, parts[TEXT]->array.release = NULL)
SPOIL(short_child, parts[CODED]->array.length = 2)
SPOIL(no_dictionary, parts[CODED]->array.dictionary = NULL)
SPOIL(own_dictionary, parts[TEXT]->array.dictionary = &parts[LIST]->array)
SPOIL(far_index, *(int8_t *)(uintptr_t)parts[CODED]->buffers[1] = 3)
SPOIL(negative_index, *(int8_t *)(uintptr_t)parts[CODED]->buffers[1] = -1)
SPOIL(far_list, *int_of(parts[LIST], 1, 3) = 4)
SPOIL(negative_view, *int_of(parts[VIEW], 1, 8) = -5)
SPOIL(far_view_buffer, *int_of(parts[VIEW], 1, 10) = 1)
SPOIL(far_view, *int_of(parts[VIEW], 1, 11) = 1)
SPOIL(view_before, *int_of(parts[VIEW], 1, 11) = -1)

static const damage damages[] = {
    {"column '', batch of row 0: a length out of range (-1)", negative_length},
    {"column '', batch of row 0: a length out of range", huge_length},
    {"column 'text', batch of row 0: an offset out of range (-1)", negative_offset},
    {"column 'text', batch of row 0: an offset out of range", huge_offset},
    {"column 'text', batch of row 0: a wrong number of nulls (4)", many_nulls},
    {"column 'text', batch of row 0: a wrong number of buffers (2)", few_buffers},
    {"column 'text', batch of row 0: a wrong number of buffers (4)", many_buffers},
    {"column 'view', batch of row 0: a wrong number of buffers (-3)", negative_buffers},
    {"column 'text', batch of row 0: no list of buffers", no_buffers},
    {"column 'text', batch of row 0: NULL for a buffer (1)", no_offsets},
    {"column 'text', row 1: an offset that lies before the one in front of it (3)", falling_offset},
    {"column 'text', row 0: an offset below 0 (-1)", offset_below_zero},
    {"column '', batch of row 0: a wrong number of children (3)", few_children},
    {"column '', batch of row 0: a wrong number of children (4)", no_children},
    {"column 'view': NULL for an array", null_child},
    {"column 'text', batch of row 0: an array that was released", released_child},
    {"column '', batch of row 0: a child that is too short (2)", short_child},
    {"column 'coded', batch of row 0: a dictionary that", no_dictionary},
    {"column 'text', batch of row 0: a dictionary that", own_dictionary},
    {"column 'coded', row 0: an index beyond the dictionary (3)", far_index},
    {"column 'coded', row 0: an index beyond the dictionary (255)", negative_index},
    {"column 'list', row 2: an offset too far (4)", far_list},
    {"column 'view', row 2: a view of a length below 0 (-5)", negative_view},
    {"column 'view', row 2: a view into a buffer that is not there (1)", far_view_buffer},
    {"column 'view', row 2: a view beyond the end of its buffer (1)", far_view},
    {"column 'view', row 2: a view beyond the end of its buffer (-1)", view_before},
};

static void refuse(made_stream *stream, ndup_status status, const char *said)
{
    ndup_corpus *corpus;
    ndup_error error;
    assert_status(ndup_corpus_open_arrow(&corpus, &stream->stream, NULL, NULL, &error), status,
                  &error);
    if (strstr(error.message, said) == NULL) {
        print_error("'%s' is not said in '%s'\n", said, error.message);
        fail();
    }
    assert_null(corpus);
    assert_u64_equal(stream->released, 1);
    assert_u64_equal(made_live(), 0);
}

static void test_arrow__damaged_arrays_are_refused(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof damages / sizeof damages[0]; i++) {
        made_stream stream;
        made_column *parts[PARTS];
        made_column *table = make_table(parts);
        damages[i].spoil(table, parts);
        made_stream_init(&stream, table, (made_column *)NULL);
        refuse(&stream, NDUP_STATUS_INVALID, damages[i].said);
        made_stream_deinit(&stream);
    }
}

/* A later batch is not trusted because the first one was sound. */
static void test_arrow__rows_are_counted_over_batches(void **state)
{
    made_stream stream;
    made_column *parts[PARTS];
    made_column *first = make_table(parts);
    made_column *second = make_table(parts);
    (void)state;
    falling_offset(second, parts);
    made_stream_init(&stream, first, second, (made_column *)NULL);
    refuse(&stream, NDUP_STATUS_INVALID, "column 'text', row 4: an offset that lies before");
    made_stream_deinit(&stream);
}

static void test_arrow__formats_that_are_none_are_refused(void **state)
{
    static const struct {
        const char *format;
        ndup_status status;
    } formats[] = {
        {"", NDUP_STATUS_UNSUPPORTED},    {"q", NDUP_STATUS_UNSUPPORTED},
        {"uu", NDUP_STATUS_UNSUPPORTED},  {"d:", NDUP_STATUS_INVALID},
        {"d:1", NDUP_STATUS_INVALID},     {"d:1,2,33", NDUP_STATUS_INVALID},
        {"w:", NDUP_STATUS_INVALID},      {"w:-1", NDUP_STATUS_INVALID},
        {"w:1x", NDUP_STATUS_INVALID},    {"+l", NDUP_STATUS_INVALID},
        {"+w:3", NDUP_STATUS_INVALID},    {"+us:0", NDUP_STATUS_INVALID},
        {"+us:128", NDUP_STATUS_INVALID}, {"w:99999999999999999999", NDUP_STATUS_INVALID},
    };
    (void)state;
    for (size_t i = 0; i < sizeof formats / sizeof formats[0]; i++) {
        made_stream stream;
        made_column *column = made_texts("text", "u", three, 1);
        column->schema.format = formats[i].format;
        made_stream_init(&stream, made_struct("", 1, 1, column), (made_column *)NULL);
        refuse(&stream, formats[i].status, "column 'text'");
        made_stream_deinit(&stream);
    }
}

static void test_arrow__schemas_without_end_are_refused(void **state)
{
    made_stream stream;
    made_column *column = made_struct("s", 1, 1, made_texts("text", "u", three, 1));
    (void)state;
    column->child_schemas[0] = &column->schema; /* its own child */
    made_stream_init(&stream, column, (made_column *)NULL);
    refuse(&stream, NDUP_STATUS_INVALID, "65 deep");
    made_stream_deinit(&stream);
}

static void test_arrow__a_stream_that_fails_is_quoted(void **state)
{
    made_stream stream;
    (void)state;
    made_stream_init(&stream, made_texts("", "u", three, 3), made_texts("", "u", three, 3),
                     (made_column *)NULL);
    stream.fails_at = 2;
    stream.message = "the generator raised\nTraceback";
    refuse(&stream, NDUP_STATUS_IO, "the table's stream failed: the generator raised");
    made_stream_deinit(&stream);
    made_stream_init(&stream, made_texts("", "u", three, 3), (made_column *)NULL);
    stream.fails_at = 1;
    refuse(&stream, NDUP_STATUS_IO, "the table's stream failed: Input/output error");
    made_stream_deinit(&stream);
}

static bool go_on_never(void *context, const ndup_progress *progress)
{
    (void)context;
    (void)progress;
    return false;
}

/* A stream that never ends, of nothing. */
static int get_more(struct ArrowArrayStream *stream, struct ArrowArray *array)
{
    made_stream *self = stream->private_data;
    self->next = 0;
    *array = self->batches[0]->array;
    return 0;
}

static void test_arrow__an_endless_stream_can_be_cancelled(void **state)
{
    made_stream stream;
    ndup_corpus *corpus;
    ndup_error error;
    const ndup_hooks hooks = {.struct_size = sizeof hooks, .progress = go_on_never};
    (void)state;
    made_stream_init(&stream, made_texts("", "u", three, 0), (made_column *)NULL);
    stream.stream.get_next = get_more;
    assert_status(ndup_corpus_open_arrow(&corpus, &stream.stream, NULL, &hooks, &error),
                  NDUP_STATUS_CANCELLED, &error);
    assert_u64_equal(stream.released, 1);
    made_stream_deinit(&stream);
}

static void test_arrow__a_released_stream_is_refused(void **state)
{
    made_stream stream;
    ndup_corpus *corpus;
    ndup_error error;
    (void)state;
    made_stream_init(&stream, made_texts("", "u", three, 3), (made_column *)NULL);
    stream.stream.release(&stream.stream);
    assert_status(ndup_corpus_open_arrow(&corpus, &stream.stream, NULL, NULL, &error),
                  NDUP_STATUS_INVALID, &error);
    assert_u64_equal(stream.released, 1);
    made_stream_deinit(&stream);
}

TEST_MAIN(cmocka_unit_test(test_arrow__damaged_arrays_are_refused),
          cmocka_unit_test(test_arrow__rows_are_counted_over_batches),
          cmocka_unit_test(test_arrow__formats_that_are_none_are_refused),
          cmocka_unit_test(test_arrow__schemas_without_end_are_refused),
          cmocka_unit_test(test_arrow__a_stream_that_fails_is_quoted),
          cmocka_unit_test(test_arrow__an_endless_stream_can_be_cancelled),
          cmocka_unit_test(test_arrow__a_released_stream_is_refused))
