/* SPDX-License-Identifier: MIT */
/* Which versions a sink is told of, in which order, and beside which text. */
#include <stdio.h>
#include <string.h>

#include "neardup/group.h"

#include "support/test.h"

enum { TOLD_BYTES = 2000 };

#define STORY                                                                                  \
    "Engineers lowered the reservoir by two metres on Tuesday after a crack was found in the " \
    "spillway of the dam, and four thousand people were told to leave their homes before night. "
#define MORE                                                                                 \
    "Our reporter met an old man who refused to go, since he was a boy when the valley was " \
    "flooded and remembers the village, the mill and the chapel that stand under the water. "
#define OTHER                                                                                    \
    "Bakers of the district will meet on Friday to talk about flour, which costs twice what it " \
    "did in spring, and about apprentices, of whom there are fewer every year than ovens. "

typedef struct teller {
    const ndup_document *documents;
    size_t count, given;
    char told[TOLD_BYTES];
    ndup_status status; /* to answer with */
} teller;

#define TEXT(string)               \
    {                              \
        string, sizeof(string) - 1 \
    }

static ndup_status next_document(void *context, bool *has_document, ndup_document *document,
                                 ndup_error *error)
{
    teller *t = context;
    (void)error;
    *has_document = t->given < t->count;
    if (*has_document) {
        *document = t->documents[t->given++];
    }
    return NDUP_STATUS_OK;
}

/* "0:a(first) 0:b(copy of a, 1)" and so on: group, id, role, changes. */
static ndup_status note_version(void *context, const ndup_text_version *version, ndup_error *error)
{
    teller *t = context;
    size_t used = strlen(t->told);
    const ndup_grouping *grouping = version->grouping;
    assert_true(version->number < version->group_size);
    assert_u64_equal(version->document->number, grouping->document);
    assert_u64_equal(version->of->number, grouping->of);
    assert_true(version->document != version->of || version->changes == NULL);
    ndup_text text = t->documents[grouping->document].text;
    assert_u64_equal(version->document->text.length, text.length);
    assert_memory_equal(version->document->text.bytes, text.bytes, text.length);
    snprintf(t->told + used, sizeof t->told - used, "%u:%.*s(%s of %.*s, %zu) ",
             (unsigned)grouping->copy_group, (int)grouping->id.length, grouping->id.bytes,
             ndup_role_name(grouping->role), (int)grouping->of_id.length, grouping->of_id.bytes,
             version->change_count);
    if (t->status != NDUP_STATUS_OK) {
        *error = (ndup_error){.status = t->status};
    }
    return t->status;
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

static ndup_status tell(teller *t, ndup_error *error)
{
    ndup_source source = {.struct_size = sizeof source, .context = t, .next = next_document};
    ndup_group_sink deaf = {
        .struct_size = sizeof deaf, .context = t, .commit = commit, .abort = give_up};
    ndup_group_sink sink = deaf;
    sink.version = note_version;
    ndup_group_sink *sinks[] = {&deaf, &sink};
    ndup_group_options options;
    ndup_group_summary summary;
    ndup_corpus *corpus;
    ndup_group_options_init(&options);
    assert_ok(ndup_corpus_open_source(&corpus, &source, NULL, error), error);
    ndup_status status = ndup_group(&summary, corpus, &options, sinks, 2, NULL, error);
    ndup_corpus_close(corpus);
    return status;
}

static const ndup_document documents[] = {
    {.id = TEXT("alone"), .date = TEXT("2021-01-01"), .text = TEXT(OTHER)},
    {.id = TEXT("late"), .date = TEXT("2021-01-05"), .text = TEXT("Yes! " STORY)},
    {.id = TEXT("early"), .date = TEXT("2021-01-02"), .text = TEXT(STORY MORE)},
    {.id = TEXT("same-day"), .date = TEXT("2021-01-02"), .text = TEXT(STORY MORE)},
    {.id = TEXT("part"),
     .date = TEXT("2021-01-06"),
     .text =
         TEXT("Bakers of the district will meet on Friday to talk about flour, which costs twice "
              "what it did in spring. Nobody has asked the millers yet, who say that rye is "
              "cheap and that the price of wheat will fall before long.")},
    {.id = TEXT("undated"), .text = TEXT(STORY MORE "And more.")},
};

static void test_versions__come_group_by_group_with_the_first_one_first(void **state)
{
    (void)state;
    ndup_error error;
    teller t = {.documents = documents, .count = sizeof documents / sizeof *documents};
    assert_ok(tell(&t, &error), &error);
    assert_string_equal(t.told, "1:early(first of early, 0) 1:same-day(copy of early, 0) "
                                "1:late(excerpt of early, 2) 1:undated(copy of early, 1) "
                                "2:part(partial of alone, 1) ");
}

static void test_versions__a_sink_that_fails_ends_the_run(void **state)
{
    (void)state;
    ndup_error error;
    teller t = {.documents = documents,
                .count = sizeof documents / sizeof *documents,
                .status = NDUP_STATUS_IO};
    assert_status(tell(&t, &error), NDUP_STATUS_IO, &error);
}

static void test_versions__of_documents_that_have_no_copies_there_are_none(void **state)
{
    (void)state;
    ndup_error error;
    teller t = {.documents = documents, .count = 1};
    assert_ok(tell(&t, &error), &error);
    assert_string_equal(t.told, "");
    t = (teller){.documents = documents};
    assert_ok(tell(&t, &error), &error);
    assert_string_equal(t.told, "");
}

TEST_MAIN(cmocka_unit_test(test_versions__come_group_by_group_with_the_first_one_first),
          cmocka_unit_test(test_versions__a_sink_that_fails_ends_the_run),
          cmocka_unit_test(test_versions__of_documents_that_have_no_copies_there_are_none))
