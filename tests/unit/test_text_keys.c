/* SPDX-License-Identifier: MIT */
/* Keys of single texts: who has one in common, and what a run makes of the parts they fall into. */
#include "neardup/text_keys.h"

#include <string.h>

#include "support/failing_allocator.h"
#include "support/test.h"

#define FOX "the quick brown fox jumps over the lazy dog and runs away into the deep dark forest"

static ndup_key_reader *new_reader(const ndup_dedup_options *options)
{
    ndup_error error;
    ndup_key_reader *reader;
    assert_ok(ndup_key_reader_new(&reader, options, &error), &error);
    return reader;
}

/* How many keys two texts have in common, band by band. */
static unsigned shared(ndup_key_reader *reader, const char *a, const char *b)
{
    ndup_error error;
    const uint64_t *keys;
    uint64_t of_a[256];
    unsigned count = ndup_key_reader_count(reader);
    assert_in_range(count, 1, 256);
    assert_ok(ndup_text_keys(&keys, reader, (ndup_text){a, strlen(a)}, &error), &error);
    memcpy(of_a, keys, count * sizeof *keys);
    assert_ok(ndup_text_keys(&keys, reader, (ndup_text){b, strlen(b)}, &error), &error);
    unsigned same = 0;
    for (unsigned i = 0; i < count; i++) {
        same += of_a[i] == keys[i];
    }
    return same;
}

static void test_text_keys__texts_that_are_alike_share_some(void **state)
{
    (void)state;
    ndup_key_reader *reader = new_reader(NULL);
    unsigned count = ndup_key_reader_count(reader);
    assert_int_equal(shared(reader, FOX,
                            "The QUICK brown fox, jumps over the lazy dog and runs "
                            "away into the deep dark forest!"),
                     count);
    unsigned near = shared(reader, FOX, FOX " at night");
    assert_in_range(near, 1, count - 1);
    assert_int_equal(shared(reader, FOX, "bread is dearer in all shops of the town, they say"), 0);
    ndup_key_reader_free(reader);
}

static void test_text_keys__texts_without_words_go_by_their_bytes(void **state)
{
    (void)state;
    ndup_key_reader *reader = new_reader(NULL);
    assert_int_equal(shared(reader, "?!", "?!"), ndup_key_reader_count(reader));
    assert_int_equal(shared(reader, "?!", "!?"), 0);
    assert_int_equal(shared(reader, "", FOX), 0);
    ndup_key_reader_free(reader);
}

static void test_text_keys__no_two_bands_have_one_key(void **state)
{
    (void)state;
    ndup_error error;
    const uint64_t *keys;
    ndup_key_reader *reader = new_reader(NULL);
    /* One shingle: slots agree, and bands may well. */
    assert_ok(ndup_text_keys(&keys, reader, (ndup_text){"a", 1}, &error), &error);
    for (unsigned i = 0; i < ndup_key_reader_count(reader); i++) {
        for (unsigned k = 0; k < i; k++) {
            assert_true(keys[i] != keys[k]);
        }
    }
    ndup_key_reader_free(reader);
}

static void test_text_keys__what_looks_beyond_keys_is_refused(void **state)
{
    (void)state;
    ndup_error error;
    ndup_key_reader *reader;
    ndup_dedup_options options[3];
    for (size_t i = 0; i < 3; i++) {
        assert_ok(ndup_dedup_options_init(&options[i], NULL, NULL), NULL);
    }
    options[0].exact = true;
    options[1].rule = NDUP_RULE_CONTAINED;
    options[2].cluster = NDUP_CLUSTER_COMPONENTS;
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(ndup_key_reader_new(&reader, &options[i], &error), NDUP_STATUS_INVALID);
        assert_null(reader);
        assert_non_null(strstr(error.message, "no key in common"));
    }
}

static ndup_status read_keys(const ndup_allocator *allocator, ndup_error *error)
{
    ndup_dedup_options options;
    const uint64_t *keys;
    ndup_key_reader *reader;
    assert_ok(ndup_dedup_options_init(&options, NULL, NULL), NULL);
    options.allocator = allocator;
    ndup_status status = ndup_key_reader_new(&reader, &options, error);
    if (status == NDUP_STATUS_OK) {
        status = ndup_text_keys(&keys, reader, (ndup_text){FOX, sizeof FOX - 1}, error);
    }
    ndup_key_reader_free(reader);
    return status;
}

static void test_text_keys__failing_memory_is_told(void **state)
{
    (void)state;
    for (size_t n = 1;; n++) {
        failing_allocator memory;
        ndup_error error = {0};
        failing_allocator_init(&memory);
        failing_allocator_fail_at(&memory, n);
        ndup_status status = read_keys(&memory.allocator, &error);
        assert_u64_equal(failing_allocator_live_bytes(&memory), 0);
        if (!failing_allocator_has_failed(&memory)) {
            assert_ok(status, &error);
            break;
        }
        assert_status(status, NDUP_STATUS_MEMORY, &error);
    }
}

TEST_MAIN(cmocka_unit_test(test_text_keys__texts_that_are_alike_share_some),
          cmocka_unit_test(test_text_keys__texts_without_words_go_by_their_bytes),
          cmocka_unit_test(test_text_keys__no_two_bands_have_one_key),
          cmocka_unit_test(test_text_keys__what_looks_beyond_keys_is_refused),
          cmocka_unit_test(test_text_keys__failing_memory_is_told))
