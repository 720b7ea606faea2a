/* SPDX-License-Identifier: MIT */
/* Results as Arrow streams: what they hold, how they are released, and that they can be read as
 * tables again. */
#include <stdio.h>
#include <string.h>

#include "neardup/arrow.h"
#include "neardup/dedup.h"
#include "support/arrow_make.h"
#include "support/test.h"

#define STORM "a storm has closed the harbour and all of the ferries stay at the quay until monday"

static const char *const texts[] = {
    STORM,
    "nobody was hurt when the old mill burned down in the night, says the fire brigade of the town",
    STORM,
    STORM " and maybe longer",
};

typedef struct fixture {
    made_stream stream;
    ndup_corpus *corpus;
    ndup_result *result;
    ndup_error error;
} fixture;

static fixture f;

static int set_up(void **state)
{
    ndup_dedup_options options;
    const char *const ids[] = {"a", "b", "c", "d\xFF"};
    (void)state;
    made_stream_init(
        &f.stream,
        made_struct("", 4, 2, made_texts("text", "u", texts, 4), made_texts("id", "z", ids, 4)),
        (made_column *)NULL);
    assert_ok(ndup_corpus_open_arrow(&f.corpus, &f.stream.stream, NULL, NULL, &f.error), &f.error);
    assert_ok(ndup_dedup_options_init(&options, NULL, &f.error), &f.error);
    options.pairs = true;
    options.spans = true;
    assert_ok(ndup_dedup(&f.result, f.corpus, &options, NULL, &f.error), &f.error);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    ndup_result_free(f.result);
    ndup_corpus_close(f.corpus);
    made_stream_deinit(&f.stream);
    return 0;
}

static uint64_t number_at(const struct ArrowArray *array, size_t row)
{
    uint64_t value;
    memcpy(&value, (const char *)array->buffers[1] + row * sizeof value, sizeof value);
    return value;
}

static bool bit_at(const void *bits, size_t row)
{
    return (((const uint8_t *)bits)[row / 8] >> (row % 8) & 1) != 0;
}

static void assert_text_at(const struct ArrowArray *array, size_t row, const char *expected)
{
    const int32_t *offsets = array->buffers[1];
    size_t length = (size_t)(offsets[row + 1] - offsets[row]);
    assert_int_equal(length, strlen(expected));
    assert_memory_equal((const char *)array->buffers[2] + offsets[row], expected, length);
}

static void test_arrow_result__holds_the_verdicts(void **state)
{
    struct ArrowArrayStream stream;
    struct ArrowArray batch;
    (void)state;
    assert_ok(ndup_result_arrow(&stream, f.result, &f.error), &f.error);
    assert_int_equal(stream.get_next(&stream, &batch), 0);
    assert_int_equal(batch.length, 4);
    assert_int_equal(batch.n_children, 13);
    assert_u64_equal(number_at(batch.children[0], 3), 3);
    assert_text_at(batch.children[1], 3, "d\xEF\xBF\xBD");
    assert_true(bit_at(batch.children[2]->buffers[1], 0));
    assert_true(bit_at(batch.children[2]->buffers[1], 1));
    assert_false(bit_at(batch.children[2]->buffers[1], 2));
    assert_text_at(batch.children[3], 2, "drop");
    assert_u64_equal(number_at(batch.children[4], 2), 0);
    assert_text_at(batch.children[5], 2, "a");
    assert_text_at(batch.children[8], 2, "identical");
    assert_text_at(batch.children[8], 3, "near");
    assert_u64_equal(number_at(batch.children[9], 3), 0);
    assert_false(bit_at(batch.children[9]->buffers[0], 1));
    assert_int_equal(((const uint32_t *)batch.children[10]->buffers[1])[0], 3);
    assert_int_equal(((const uint32_t *)batch.children[10]->buffers[1])[1], 1);
    assert_false(bit_at(batch.children[12]->buffers[0], 0));
    assert_true(bit_at(batch.children[12]->buffers[0], 3));
    struct ArrowArray end;
    assert_int_equal(stream.get_next(&stream, &end), 0);
    assert_null(end.release);
    stream.release(&stream);
    assert_null(stream.release);
    batch.release(&batch); /* batches outlive the stream */
    assert_null(batch.release);
}

static void test_arrow_result__holds_the_pairs(void **state)
{
    struct ArrowArrayStream stream;
    struct ArrowArray batch;
    (void)state;
    assert_ok(ndup_result_pairs_arrow(&stream, f.result, &f.error), &f.error);
    assert_int_equal(stream.get_next(&stream, &batch), 0);
    assert_int_equal(batch.length, 1);
    assert_u64_equal(number_at(batch.children[0], 0), 0);
    assert_u64_equal(number_at(batch.children[1], 0), 3);
    assert_text_at(batch.children[2], 0, "a");
    assert_text_at(batch.children[7], 0, "near");
    batch.release(&batch);
    stream.release(&stream);
}

/* Polars refuses structures without private data. */
static void test_arrow_result__has_private_data_everywhere(void **state)
{
    struct ArrowArrayStream stream;
    struct ArrowArray batch;
    struct ArrowSchema schema;
    (void)state;
    assert_ok(ndup_result_arrow(&stream, f.result, &f.error), &f.error);
    assert_non_null(stream.private_data);
    assert_int_equal(stream.get_schema(&stream, &schema), 0);
    assert_int_equal(stream.get_next(&stream, &batch), 0);
    assert_non_null(schema.private_data);
    assert_non_null(batch.private_data);
    assert_int_equal(schema.n_children, batch.n_children);
    for (int64_t i = 0; i < schema.n_children; i++) {
        assert_non_null(schema.children[i]->private_data);
        assert_non_null(batch.children[i]->private_data);
        assert_non_null(schema.children[i]->metadata == NULL ? schema.children[i]->name : NULL);
    }
    batch.release(&batch);
    schema.release(&schema);
    stream.release(&stream);
}

/* Who takes a batch may move its columns out and release them one by one. */
static void test_arrow_result__columns_can_be_moved_out(void **state)
{
    struct ArrowArrayStream stream;
    struct ArrowArray batch;
    struct ArrowSchema schema;
    (void)state;
    assert_ok(ndup_result_arrow(&stream, f.result, &f.error), &f.error);
    assert_int_equal(stream.get_schema(&stream, &schema), 0);
    assert_int_equal(stream.get_next(&stream, &batch), 0);
    struct ArrowArray id = *batch.children[1];
    struct ArrowSchema name = *schema.children[1];
    batch.children[1]->release = NULL;
    schema.children[1]->release = NULL;
    batch.release(&batch);
    schema.release(&schema);
    stream.release(&stream);
    assert_text_at(&id, 0, "a");
    assert_string_equal(name.name, "id");
    id.release(&id);
    name.release(&name);
    assert_null(id.release);
}

/* What comes out goes in again: both sides have the specification in common. */
static void test_arrow_result__can_be_read_as_a_table(void **state)
{
    struct ArrowArrayStream stream;
    ndup_corpus *corpus;
    const ndup_corpus_options options = {
        .struct_size = sizeof options, .text_field = "decision", .id_field = "group"};
    ndup_dedup_options dedup;
    ndup_result *result;
    ndup_verdict verdict;
    (void)state;
    assert_ok(ndup_result_arrow(&stream, f.result, &f.error), &f.error);
    assert_ok(ndup_corpus_open_arrow(&corpus, &stream, &options, NULL, &f.error), &f.error);
    assert_ok(ndup_dedup_options_init(&dedup, NULL, &f.error), &f.error);
    assert_ok(ndup_dedup(&result, corpus, &dedup, NULL, &f.error), &f.error);
    assert_u64_equal(ndup_result_summary(result)->kept, 2); /* a keep and a drop */
    ndup_result_verdict(result, 1, &verdict);
    assert_int_equal(verdict.id.length, 1);
    assert_memory_equal(verdict.id.bytes, "1", 1); /* no group: its number */
    ndup_result_free(result);
    ndup_corpus_close(corpus);
}

TEST_MAIN(cmocka_unit_test_setup_teardown(test_arrow_result__holds_the_verdicts, set_up, tear_down),
          cmocka_unit_test_setup_teardown(test_arrow_result__holds_the_pairs, set_up, tear_down),
          cmocka_unit_test_setup_teardown(test_arrow_result__has_private_data_everywhere, set_up,
                                          tear_down),
          cmocka_unit_test_setup_teardown(test_arrow_result__columns_can_be_moved_out, set_up,
                                          tear_down),
          cmocka_unit_test_setup_teardown(test_arrow_result__can_be_read_as_a_table, set_up,
                                          tear_down))
