/* SPDX-License-Identifier: MIT */
/* What documents of groups are called. */
#include <string.h>

#include "neardup/group.h"
#include "support/test.h"

#define TEXT(string)               \
    {                              \
        string, sizeof(string) - 1 \
    }
#define A10 "aaaaaaaaa "
#define A50 A10 A10 A10 A10 A10
#define E_ACUTE "\xC3\xA9"

static const ndup_document documents[] = {
    {.id = TEXT("own"), .title = TEXT("A title"), .text = TEXT("A text.")},
    {.id = TEXT("none"), .text = TEXT("A text without a title.\nIt goes on.")},
    {.id = TEXT("long"), .title = TEXT(A50 A50 A50 A10 A10 A10 A10 "aaaaaaaaa" E_ACUTE)},
    {.id = TEXT("nothing"), .text = TEXT("")},
};
static const char *const titles[] = {"A title", "A text without a title.\nIt goes on.",
                                     A50 A50 A50 A10 A10 A10 A10 "aaaaaaaaa", ""};
enum { COUNT = sizeof documents / sizeof *documents };

static ndup_status next_document(void *context, bool *has_document, ndup_document *document,
                                 ndup_error *error)
{
    size_t *given = context;
    (void)error;
    *has_document = *given < COUNT;
    if (*has_document) {
        *document = documents[(*given)++];
    }
    return NDUP_STATUS_OK;
}

static void check_title(const ndup_grouping *grouping)
{
    const char *expected = titles[grouping->document];
    assert_u64_equal(grouping->title.length, strlen(expected));
    assert_memory_equal(grouping->title.bytes, expected, strlen(expected));
}

static ndup_status take_document(void *context, const ndup_grouping *grouping,
                                 const ndup_document *document, ndup_error *error)
{
    (void)context;
    (void)document;
    (void)error;
    check_title(grouping);
    return NDUP_STATUS_OK;
}

static ndup_status take_story(void *context, const ndup_story *story, ndup_error *error)
{
    (void)error;
    for (size_t i = 0; i < story->count; i++) {
        check_title(&story->documents[i]);
        ++*(size_t *)context;
    }
    return NDUP_STATUS_OK;
}

static ndup_status commit(void *context, ndup_error *error)
{
    (void)context;
    (void)error;
    return NDUP_STATUS_OK;
}

static void give_up(void *context)
{
    (void)context;
}

static void test_group_titles__in_every_call(void **state)
{
    (void)state;
    size_t given = 0;
    size_t told = 0;
    ndup_source source = {.struct_size = sizeof source, .context = &given, .next = next_document};
    ndup_group_sink sink = {.struct_size = sizeof sink,
                            .context = &told,
                            .document = take_document,
                            .story = take_story,
                            .commit = commit,
                            .abort = give_up};
    ndup_group_sink *sinks[] = {&sink};
    ndup_group_options options;
    ndup_group_summary summary;
    ndup_corpus *corpus;
    ndup_error error;
    ndup_group_options_init(&options);
    assert_ok(ndup_corpus_open_source(&corpus, &source, NULL, &error), &error);
    assert_ok(ndup_group(&summary, corpus, &options, sinks, 1, NULL, &error), &error);
    ndup_corpus_close(corpus);
    assert_u64_equal(told, COUNT);
}

TEST_MAIN(cmocka_unit_test(test_group_titles__in_every_call))
