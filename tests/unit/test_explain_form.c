/* SPDX-License-Identifier: MIT */
/* What a corpus tells of a pair. */
#include <stdio.h>
#include <string.h>

#include "neardup.h"
#include "support/corpus_make.h"
#include "support/fault_loop.h"
#include "support/test.h"

#define HEAD                                                                                      \
    "The firm has built stairs and windows in the old boatyard since the war and sends its work " \
    "to houses along the whole coast. "
#define TAIL                                                                                       \
    " We pay above the agreement, close on Fridays at noon and give a month of leave. Letters go " \
    "to the office by the weir, which answers within two weeks."

static const char *const contents[] = {
    "A joiner is wanted who planes oak frames and cuts dovetails.",
    "We look for a bookkeeper to check what suppliers charge us.",
    "Somebody should drive finished doors to sites in the hills.",
    "Whoever likes drawing spiral steps may ask for our programs.",
    "An apprentice learns every machine here within three years.",
    "On Saturdays the small shop needs hands that sell handles."};
enum { CONTENTS = sizeof contents / sizeof *contents };

static void add(made_corpus *corpus, const char *text)
{
    test_random random;
    test_random_init(&random, 1);
    (void)made_corpus_add_text(corpus, &random, text, strlen(text));
}

static void add_form(made_corpus *corpus, const char *content)
{
    char text[1000];
    snprintf(text, sizeof text, "%s%s%s", HEAD, content, TAIL);
    add(corpus, text);
}

/* A pair of documents of a corpus, explained. */
typedef struct explained {
    ndup_explanation *explanation;
    ndup_form_explanation *form;
} explained;

static ndup_status explain(explained *found, const made_corpus *made, size_t a, size_t b,
                           const ndup_allocator *allocator, ndup_error *error)
{
    ndup_dedup_options options;
    *found = (explained){NULL, NULL};
    ndup_text of_a = {made->items[a].text, made->items[a].length};
    ndup_text of_b = {made->items[b].text, made->items[b].length};
    ndup_status status = ndup_dedup_options_init(&options, NULL, error);
    options.allocator = allocator;
    if (status == NDUP_STATUS_OK) {
        status = ndup_explain(&found->explanation, of_a, of_b, &options, 0, error);
    }
    if (status == NDUP_STATUS_OK) {
        ndup_corpus *corpus = made_corpus_open(made, NULL);
        status = ndup_explain_form(&found->form, found->explanation, corpus, of_a, of_b, &options,
                                   2, NULL, error);
        ndup_corpus_close(corpus);
    }
    return status;
}

static explained explain_pair(const made_corpus *made, size_t a, size_t b)
{
    explained found;
    ndup_error error;
    assert_ok(explain(&found, made, a, b, NULL, &error), &error);
    return found;
}

static void free_explained(explained *found)
{
    ndup_form_explanation_free(found->form);
    ndup_explanation_free(found->explanation);
}

static void test_explain_form__others_tell_a_form_and_what_is_own(void **state)
{
    (void)state;
    made_corpus made = {0};
    for (size_t i = 0; i < CONTENTS; i++) {
        add_form(&made, contents[i]);
    }
    add(&made, "Quite another text that nobody else has written a word of so far.");
    explained found = explain_pair(&made, 0, 1);
    assert_int_equal(found.explanation->kind, NDUP_KIND_TEMPLATE);
    assert_false(found.explanation->similar);
    assert_u64_equal(found.form->documents, CONTENTS + 1);
    assert_u64_equal(found.form->family, CONTENTS);
    for (size_t side = 0; side < 2; side++) {
        assert_u64_equal(found.form->own_count[side], 1);
        const ndup_own_run *run = &found.form->own[side][0];
        assert_u64_equal(run->texts, 1);
        assert_u64_equal(run->offset, strlen(HEAD));
        assert_memory_equal(made.items[side].text + run->offset, contents[side], run->bytes);
    }
    free_explained(&found);
    made_corpus_deinit(&made);
}

/* The other copies have the original wording. */
static void test_explain_form__edits_of_one_text_are_copies(void **state)
{
    (void)state;
    made_corpus made = {0};
    for (int i = 0; i < 6; i++) {
        add_form(&made, contents[0]);
    }
    add_form(&made, "A joiner is wanted who planes oak frames and cuts corners.");
    explained found = explain_pair(&made, 0, 6);
    assert_int_equal(found.explanation->kind, NDUP_KIND_NEAR);
    assert_true(found.explanation->similar);
    assert_u64_equal(found.form->family, 2); /* different texts */
    free_explained(&found);
    made_corpus_deinit(&made);
}

static void test_explain_form__is_not_asked_of_other_pairs(void **state)
{
    (void)state;
    made_corpus made = {0};
    add_form(&made, contents[0]);
    add_form(&made, contents[0]);
    add(&made, "Quite another text that nobody else has written a word of so far.");
    explained found = explain_pair(&made, 0, 1);
    assert_int_equal(found.explanation->kind, NDUP_KIND_IDENTICAL);
    assert_null(found.form);
    free_explained(&found);
    found = explain_pair(&made, 0, 2);
    assert_int_equal(found.explanation->kind, NDUP_KIND_NONE);
    assert_null(found.form);
    free_explained(&found);
    made_corpus_deinit(&made);
}

static ndup_status explain_first_two(void *context, const ndup_allocator *allocator,
                                     ndup_error *error)
{
    explained found;
    ndup_status status = explain(&found, context, 0, 1, allocator, error);
    free_explained(&found);
    return status;
}

static void test_explain_form__without_memory(void **state)
{
    (void)state;
    made_corpus made = {0};
    for (size_t i = 0; i < CONTENTS; i++) {
        add_form(&made, contents[i]);
    }
    assert_true(fault_loop(explain_first_two, &made, 1) > 10);
    made_corpus_deinit(&made);
}

TEST_MAIN(cmocka_unit_test(test_explain_form__others_tell_a_form_and_what_is_own),
          cmocka_unit_test(test_explain_form__edits_of_one_text_are_copies),
          cmocka_unit_test(test_explain_form__is_not_asked_of_other_pairs),
          cmocka_unit_test(test_explain_form__without_memory))
