/* SPDX-License-Identifier: MIT */
/* Excerpts of compared texts, read with jansson: put together again they are the texts. */
#include "support/test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "page/flag_marks.h"
#include "page/passages.h"
#include "support/random.h"

enum { ROUNDS = 400, TEXT_BYTES = 6000 };

/* Words of several scripts; every second text repeats passages of the first. */
static void write_text(test_random *random, char *text, const char *from)
{
    static const char *const stock[] = {"ferry ",    "of ",
                                        "harbour\n", "\xC3\xA9t\xC3\xA9 ",
                                        "\n\n",      "\xE7\x81\xA3\xE5\x8F\xA3",
                                        "12 ",       "<b>&amp; ",
                                        "\"x\\\" ",  "\xE2\x80\xA8 "};
    size_t length = 0;
    size_t wanted = (size_t)test_random_below(random, TEXT_BYTES - 700);
    while (length < wanted) {
        const char *word = stock[test_random_below(random, 10)];
        size_t bytes = strlen(word);
        if (from != NULL && test_random_chance(random, 0.2)) {
            size_t start = (size_t)test_random_below(random, strlen(from) + 1);
            while (((unsigned char)from[start] & 0xC0) == 0x80) {
                start++;
            }
            word = from + start;
            bytes = strlen(word) < 600 ? strlen(word) : 600;
            while (bytes > 0 && ((unsigned char)word[bytes] & 0xC0) == 0x80) {
                bytes--;
            }
        }
        memcpy(text + length, word, bytes);
        length += bytes;
    }
    text[length] = '\0';
}

/* The bytes of the next `count` characters at text. */
static size_t bytes_of(const char *text, uint64_t count)
{
    size_t bytes = 0;
    for (; count > 0; count--) {
        assert_true(text[bytes] != '\0');
        do {
            bytes++;
        } while (((unsigned char)text[bytes] & 0xC0) == 0x80);
    }
    return bytes;
}

static const char *string_of(const json_t *piece)
{
    const json_t *text = json_is_array(piece)    ? json_array_get(piece, 0)
                         : json_is_object(piece) ? json_object_get(piece, "text")
                                                 : piece;
    return json_string_value(text);
}

/* A passage that is left out: the text at `text`, or its beginning. Returns its bytes. */
static size_t assert_folded(const json_t *piece, const json_t *folded, const char *text)
{
    json_int_t characters = json_integer_value(json_object_get(piece, "left_out"));
    size_t number = (size_t)json_integer_value(json_object_get(piece, "folded"));
    size_t bytes = bytes_of(text, (uint64_t)characters);
    if (number < json_array_size(folded)) {
        const char *shown = json_string_value(json_array_get(folded, number));
        assert_memory_equal(shown, text, strlen(shown));
        assert_true(strlen(shown) == bytes || strlen(shown) > NDUP__FOLDED_BYTES - 4);
    }
    return bytes;
}

/* The first passages that have room in half of what all of them take. */
static json_t *parse_folded(const ndup__folded *folded)
{
    json_error_t error;
    ndup__out out;
    ndup__out_init(&out, NULL, NULL);
    ndup__json_folded_texts(&out, NULL, folded, folded->out.held / 2);
    assert_true(out.held <= folded->out.held / 2 + 2);
    json_t *texts = json_loadb(out.bytes, out.held, 0, &error);
    assert_non_null(texts);
    assert_true(json_array_size(texts) <= folded->count);
    ndup__out_deinit(&out);
    return texts;
}

/* Pieces in a row are the text, with what is left out counted; returns the bytes shown. */
static size_t assert_pieces(const ndup__out *out, const ndup__folded *folded, const char *text)
{
    json_error_t error;
    json_t *texts = parse_folded(folded);
    json_t *pieces = json_loadb(out->bytes, out->held, 0, &error);
    if (pieces == NULL) {
        fail_msg("%s: %.*s", error.text, (int)out->held, out->bytes);
    }
    size_t at = 0;
    size_t shown = 0;
    for (size_t i = 0; i < json_array_size(pieces); i++) {
        const json_t *piece = json_array_get(pieces, i);
        if (json_is_integer(piece)) {
            at += bytes_of(text + at, (uint64_t)json_integer_value(piece));
        } else if (json_object_get(piece, "left_out") != NULL) {
            at += assert_folded(piece, texts, text + at);
        } else if (json_object_get(piece, "cut") != NULL) {
            json_int_t cut = json_integer_value(json_object_get(piece, "cut"));
            assert_u64_equal(i + 1, json_array_size(pieces));
            at += bytes_of(text + at, (uint64_t)cut);
        } else {
            size_t length = strlen(string_of(piece));
            assert_true(length > 0 || text[0] == '\0');
            assert_memory_equal(text + at, string_of(piece), length);
            at += length;
            shown += length;
        }
    }
    assert_u64_equal(at, strlen(text));
    json_decref(pieces);
    json_decref(texts);
    return shown;
}

static void assert_passages(const ndup__marked_text *marked, ndup__passage_limits limits,
                            bool is_embedded)
{
    ndup__out out;
    ndup__folded folded;
    ndup__out_init(&out, NULL, NULL);
    ndup__folded_init(&folded, limits.total / 2, NULL);
    out.is_embedded = is_embedded;
    ndup__json_passages(&out, NULL, marked, 0, limits, &folded);
    assert_true(assert_pieces(&out, &folded, marked->text.bytes) <= limits.total);
    if (is_embedded) {
        assert_null(memchr(out.bytes, '<', out.held));
        assert_null(memchr(out.bytes, '&', out.held));
    }
    ndup__folded_deinit(&folded);
    ndup__out_deinit(&out);
}

static void test_passages__together_are_the_text(void **state)
{
    (void)state;
    static char a[TEXT_BYTES];
    static char b[TEXT_BYTES];
    test_random random;
    ndup__highlighter highlighter;
    ndup_error error;
    test_random_init(&random, 9);
    ndup__highlighter_init(&highlighter, NULL);
    for (int round = 0; round < ROUNDS; round++) {
        write_text(&random, a, NULL);
        write_text(&random, b, a);
        assert_ok(ndup__highlight(&highlighter, NDUP__TOKEN_WORDS, (ndup_text){a, strlen(a)},
                                  (ndup_text){b, strlen(b)}, &error),
                  &error);
        ndup__passage_limits limits = {(size_t)test_random_below(&random, 2 * TEXT_BYTES),
                                       (size_t)test_random_below(&random, 300)};
        assert_passages(&highlighter.a, limits, round % 2 == 0);
        assert_passages(&highlighter.b, limits, round % 2 == 0);
    }
    ndup__highlighter_deinit(&highlighter);
}

static void test_marked__together_are_the_text(void **state)
{
    (void)state;
    static char text[TEXT_BYTES];
    test_random random;
    ndup__flag_marks marks = {.allocator = NULL};
    ndup__folded folded;
    ndup_error error;
    test_random_init(&random, 10);
    ndup__folded_init(&folded, TEXT_BYTES, NULL);
    for (int round = 0; round < ROUNDS; round++) {
        ndup_repeat repeats[5];
        write_text(&random, text, NULL);
        size_t count = (size_t)test_random_below(&random, 6);
        for (size_t i = 0; i < count; i++) {
            size_t places[2];
            for (size_t k = 0; k < 2; k++) {
                places[k] = (size_t)test_random_below(&random, strlen(text) + 1);
                while (((unsigned char)text[places[k]] & 0xC0) == 0x80) {
                    places[k]++;
                }
            }
            size_t start = places[0] < places[1] ? places[0] : places[1];
            size_t length = places[0] + places[1] - 2 * start;
            repeats[i] = (ndup_repeat){.offset = start,
                                       .length = length,
                                       .first_offset = start,
                                       .first_length = length,
                                       .first = i % 2 == 0 ? NDUP_NONE : 0};
            count = length == 0 ? i : count;
        }
        ndup_document document = {.text = {text, strlen(text)}};
        ndup_flagged flagged = {.document = &document, .repeats = repeats, .repeat_count = count};
        size_t limit = (size_t)test_random_below(&random, 2 * TEXT_BYTES);
        ndup__out out;
        ndup__out_init(&out, NULL, NULL);
        ndup__folded_reset(&folded);
        assert_ok(ndup__json_marked(&out, NULL, &marks, &flagged, limit, &folded, &error), &error);
        assert_true(assert_pieces(&out, &folded, text) <= limit);
        ndup__out_deinit(&out);
    }
    ndup__flag_marks_deinit(&marks);
    ndup__folded_deinit(&folded);
}

TEST_MAIN(cmocka_unit_test(test_passages__together_are_the_text),
          cmocka_unit_test(test_marked__together_are_the_text))
