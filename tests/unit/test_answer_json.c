/* SPDX-License-Identifier: MIT */
/* Answers of an index as lines of JSON. */
#include <string.h>

#include "index/answers.h"
#include "support/fault_loop.h"
#include "support/test.h"

#define TEXT(string) ((ndup_text){string, strlen(string)})

static const ndup_index_match near_match = {.id = {"a\"1", 3},
                                            .url = {"http://a/", 9},
                                            .date = {"2026-01-02", 10},
                                            .kind = NDUP_KIND_NEAR,
                                            .similarity = 0.75,
                                            .low = 0.7,
                                            .high = 0.8,
                                            .containment = 0.9,
                                            .other_containment = -1,
                                            .is_estimated = true};

#define NEAR_JSON                                                                       \
    "{\"id\":\"a\\\"1\",\"url\":\"http://a/\",\"source\":null,\"date\":\"2026-01-02\"," \
    "\"title\":null,\"kind\":\"near\",\"similarity\":0.75,\"low\":0.7,\"high\":0.8,"    \
    "\"containment\":0.9,\"other_containment\":null,\"estimated\":true}"

static ndup_status make_answer(ndup_index_answers **answers, const ndup_index_answer *answer,
                               const ndup_allocator *allocator, ndup_error *error)
{
    ndup_status status = ndup__answers_new(answers, 1, 1, allocator, error);
    if (status == NDUP_STATUS_OK) {
        (*answers)->items[0] = *answer;
        (*answers)->count = 1;
    }
    return status;
}

static void assert_json(const ndup_index_answer *answer, const char *id, const char *expected)
{
    ndup_index_answers *answers;
    ndup_text json;
    ndup_error error;
    assert_ok(make_answer(&answers, answer, NULL, &error), &error);
    for (int round = 0; round < 2; round++) {
        assert_ok(ndup_index_answers_json(&json, answers, 0, TEXT(id), &error), &error);
        assert_int_equal(json.length, strlen(expected));
        assert_memory_equal(json.bytes, expected, json.length);
    }
    assert_status(ndup_index_answers_json(&json, answers, 1, TEXT(id), &error), NDUP_STATUS_INVALID,
                  &error);
    ndup_index_answers_free(answers);
}

static void test_answer_json__says_what_is_new(void **state)
{
    (void)state;
    const ndup_index_answer answer = {.number = 5, .group = 5, .group_size = 1};
    assert_json(&answer, "",
                "{\"id\":null,\"decision\":\"new\",\"match\":null,\"matches\":[],\"group\":5,"
                "\"group_size\":1,\"update\":false,\"same_id\":false,\"added\":true,"
                "\"replaced\":false,\"capped\":false,\"reading\":\"words\"}");
}

static void test_answer_json__says_what_it_is_like(void **state)
{
    (void)state;
    const ndup_index_match matches[] = {near_match, near_match};
    const ndup_index_answer answer = {.is_known = true,
                                      .is_same_id = true,
                                      .is_update = true,
                                      .matches = matches,
                                      .match_count = 2,
                                      .group = 3,
                                      .group_size = 4};
    assert_json(&answer, "b",
                "{\"id\":\"b\",\"decision\":\"known\",\"match\":" NEAR_JSON
                ",\"matches\":[" NEAR_JSON
                "],\"group\":3,\"group_size\":4,\"update\":true,\"same_id\":true,\"added\":false,"
                "\"replaced\":false,\"capped\":false,\"reading\":\"words\"}");
}

/* A text of the same form makes nothing superfluous. */
static void test_answer_json__has_templates_beside_what_is_new(void **state)
{
    (void)state;
    const ndup_index_answer answer = {.matches = &near_match,
                                      .match_count = 1,
                                      .is_capped = true,
                                      .reading = NDUP_READING_DAMAGED};
    assert_json(&answer, "b",
                "{\"id\":\"b\",\"decision\":\"new\",\"match\":null,\"matches\":[" NEAR_JSON
                "],\"group\":null,\"group_size\":0,\"update\":false,\"same_id\":false,"
                "\"added\":false,\"replaced\":false,\"capped\":true,\"reading\":\"damaged\"}");
}

static ndup_status write_once(void *context, const ndup_allocator *allocator, ndup_error *error)
{
    (void)context;
    const ndup_index_answer answer = {.is_known = true, .matches = &near_match, .match_count = 1};
    ndup_index_answers *answers;
    ndup_text json;
    ndup_status status = make_answer(&answers, &answer, allocator, error);
    if (status == NDUP_STATUS_OK) {
        status = ndup_index_answers_json(&json, answers, 0, TEXT("id"), error);
    }
    ndup_index_answers_free(answers);
    return status;
}

static void test_answer_json__gives_back_memory_after_failures(void **state)
{
    (void)state;
    fault_loop(write_once, NULL, 1);
}

TEST_MAIN(cmocka_unit_test(test_answer_json__says_what_is_new),
          cmocka_unit_test(test_answer_json__says_what_it_is_like),
          cmocka_unit_test(test_answer_json__has_templates_beside_what_is_new),
          cmocka_unit_test(test_answer_json__gives_back_memory_after_failures))
