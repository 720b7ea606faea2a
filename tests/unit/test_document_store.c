/* SPDX-License-Identifier: MIT */
/* Documents put aside and had again. */
#include "support/test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "page/document_store.h"
#include "support/failing_allocator.h"
#include "support/random.h"

static ndup_text text_of(const char *string)
{
    return (ndup_text){string, strlen(string)};
}

static void assert_text(ndup_text text, const char *expected)
{
    assert_u64_equal(text.length, strlen(expected));
    assert_memory_equal(text.bytes, expected, text.length);
}

static void test_document_store__gives_every_part_back(void **state)
{
    (void)state;
    const ndup_document document = {.id = text_of("id"),
                                    .source = text_of("source"),
                                    .url = text_of("https://example.org"),
                                    .date = text_of("2026-01-02"),
                                    .title = text_of(""),
                                    .text = text_of("\xC3\xA9t\xC3\xA9"),
                                    .number = 7};
    ndup__document_store *store;
    ndup__stored_room room = {.allocator = NULL};
    ndup__stored stored;
    ndup_error error;
    assert_ok(ndup__document_store_new(&store, NULL, NULL, &error), &error);
    assert_ok(ndup__document_store_add(store, &document, true, &error), &error);
    assert_ok(ndup__document_store_get(&stored, &room, store, 7, &error), &error);
    assert_text(stored.id, "id");
    assert_text(stored.source, "source");
    assert_text(stored.url, "https://example.org");
    assert_text(stored.date, "2026-01-02");
    assert_text(stored.title, "");
    assert_text(stored.text, "\xC3\xA9t\xC3\xA9");
    assert_u64_equal(stored.text_characters, 3);
    assert_true(stored.has_text && !stored.is_cut);
    assert_status(ndup__document_store_get(&stored, &room, store, 6, &error), NDUP_STATUS_NOT_FOUND,
                  &error);
    ndup__stored_room_deinit(&room);
    ndup__document_store_free(store);
}

static void test_document_store__cuts_at_characters(void **state)
{
    (void)state;
    size_t length = NDUP__STORED_TEXT_BYTES + 2; /* the limit falls inside of a character */
    char *text = malloc(length);
    memset(text, 'x', length);
    memcpy(text + NDUP__STORED_TEXT_BYTES - 1, "\xE2\x82\xAC", 3);
    const ndup_document document = {.id = {text, NDUP__STORED_PART_BYTES + 1},
                                    .text = {text, length}};
    ndup__document_store *store;
    ndup__stored_room room = {.allocator = NULL};
    ndup__stored stored;
    ndup_error error;
    assert_ok(ndup__document_store_new(&store, NULL, NULL, &error), &error);
    assert_ok(ndup__document_store_add(store, &document, true, &error), &error);
    assert_ok(ndup__document_store_get(&stored, &room, store, 0, &error), &error);
    assert_u64_equal(stored.text.length, NDUP__STORED_TEXT_BYTES - 1);
    assert_u64_equal(stored.id.length, NDUP__STORED_PART_BYTES);
    assert_u64_equal(stored.text_characters, length - 2);
    assert_true(stored.is_cut);
    ndup__stored_room_deinit(&room);
    ndup__document_store_free(store);
    free(text);
}

static void test_document_store__keeps_the_beginning(void **state)
{
    (void)state;
    const ndup_document document = {.text = text_of("\xC3\xA9t\xC3\xA9 au lac"), .number = 3};
    ndup__document_store *store;
    ndup__stored_room room = {.allocator = NULL};
    ndup__stored stored;
    ndup_error error;
    assert_ok(ndup__document_store_new(&store, NULL, NULL, &error), &error);
    assert_ok(ndup__document_store_add_beginning(store, &document, 4, &error), &error);
    assert_ok(ndup__document_store_get(&stored, &room, store, 3, &error), &error);
    assert_text(stored.text, "\xC3\xA9t"); /* the next character needs two bytes */
    assert_u64_equal(stored.text_characters, 10);
    assert_true(stored.has_text && stored.is_cut);
    ndup__stored_room_deinit(&room);
    ndup__document_store_free(store);
}

/* Many documents, of random sizes up to more than the buffer holds, read back in random order. */
static void test_document_store__keeps_many_apart(void **state)
{
    (void)state;
    enum { COUNT = 300 };
    test_random random;
    ndup__document_store *store;
    ndup__stored_room room = {.allocator = NULL};
    ndup_error error;
    size_t lengths[COUNT];
    char *text = malloc(NDUP__STORED_TEXT_BYTES);
    test_random_init(&random, 5);
    assert_ok(ndup__document_store_new(&store, NULL, NULL, &error), &error);
    for (size_t i = 0; i < COUNT; i++) {
        char id[32];
        snprintf(id, sizeof id, "document %zu", i);
        lengths[i] = (size_t)test_random_below(&random, i % 10 == 0 ? NDUP__STORED_TEXT_BYTES : 50);
        memset(text, 'a' + (int)(i % 26), lengths[i]);
        const ndup_document document = {
            .id = text_of(id), .text = {text, lengths[i]}, .number = 3 * i};
        assert_ok(ndup__document_store_add(store, &document, i % 3 != 0, &error), &error);
    }
    for (size_t k = 0; k < 2 * COUNT; k++) {
        size_t i = (size_t)test_random_below(&random, COUNT);
        char id[32];
        ndup__stored stored;
        snprintf(id, sizeof id, "document %zu", i);
        assert_ok(ndup__document_store_get(&stored, &room, store, 3 * i, &error), &error);
        assert_text(stored.id, id);
        assert_u64_equal(stored.text_characters, lengths[i]);
        assert_u64_equal(stored.text.length, i % 3 != 0 ? lengths[i] : 0);
        for (size_t at = 0; at < stored.text.length; at++) {
            assert_int_equal(stored.text.bytes[at], 'a' + (int)(i % 26));
        }
    }
    ndup__stored_room_deinit(&room);
    ndup__document_store_free(store);
    free(text);
}

static void test_document_store__without_a_folder_is_an_error(void **state)
{
    (void)state;
    ndup__document_store *store;
    ndup_error error;
    assert_status(ndup__document_store_new(&store, "/no/such/folder", NULL, &error),
                  NDUP_STATUS_NOT_FOUND, &error);
    assert_null(store);
}

TEST_MAIN(cmocka_unit_test(test_document_store__gives_every_part_back),
          cmocka_unit_test(test_document_store__cuts_at_characters),
          cmocka_unit_test(test_document_store__keeps_the_beginning),
          cmocka_unit_test(test_document_store__keeps_many_apart),
          cmocka_unit_test(test_document_store__without_a_folder_is_an_error))
