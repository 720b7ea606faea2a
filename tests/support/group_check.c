/* SPDX-License-Identifier: MIT */
/* A source that hands documents out, and a sink that notes what it is told. */
#include "support/group_check.h"

#include <string.h>

#include "support/test.h"

typedef struct group_check {
    const told_document *documents;
    size_t count;
    size_t given;
    size_t told;
    size_t in_stories;
    told_grouping *found;
} group_check;

static ndup_text text_of(const char *string)
{
    return (ndup_text){string, string != NULL ? strlen(string) : 0};
}

static ndup_status next_document(void *context, bool *has_document, ndup_document *document,
                                 ndup_error *error)
{
    group_check *check = context;
    (void)error;
    *has_document = check->given < check->count;
    if (*has_document) {
        const told_document *told = &check->documents[check->given++];
        *document = (ndup_document){.id = text_of(told->id),
                                    .source = text_of(told->source),
                                    .date = text_of(told->date),
                                    .title = text_of(told->title),
                                    .text = text_of(told->text)};
    }
    return NDUP_STATUS_OK;
}

static const char *own_id(const group_check *check, ndup_text id)
{
    for (size_t i = 0; i < check->count; i++) {
        const char *known = check->documents[i].id;
        if (strlen(known) == id.length && memcmp(known, id.bytes, id.length) == 0) {
            return known;
        }
    }
    fail_msg("no document is named %.*s", (int)id.length, id.bytes);
    return NULL;
}

static ndup_status note_document(void *context, const ndup_grouping *grouping,
                                 const ndup_document *document, ndup_error *error)
{
    group_check *check = context;
    (void)error;
    assert_u64_equal(grouping->document, check->told);
    assert_u64_equal(document->number, check->told);
    assert_ptr_equal(own_id(check, grouping->id), check->documents[check->told].id);
    check->found[check->told++] = (told_grouping){.of = own_id(check, grouping->of_id),
                                                  .role = grouping->role,
                                                  .story = grouping->story,
                                                  .copy_group = grouping->copy_group,
                                                  .share = grouping->share,
                                                  .of_share = grouping->of_share,
                                                  .similarity = grouping->similarity};
    return NDUP_STATUS_OK;
}

static ndup_status note_story(void *context, const ndup_story *story, ndup_error *error)
{
    group_check *check = context;
    (void)error;
    for (size_t i = 0; i < story->count; i++) {
        const ndup_grouping *x = &story->documents[i];
        assert_u64_equal(check->found[x->document].story, story->number);
        const ndup_grouping *before = i > 0 ? x - 1 : NULL;
        assert_true(before == NULL || before->is_dated > x->is_dated ||
                    (before->is_dated == x->is_dated &&
                     (!x->is_dated || before->milliseconds <= x->milliseconds)));
    }
    check->in_stories += story->count;
    return NDUP_STATUS_OK;
}

static ndup_status commit(void *context, ndup_error *error)
{
    (void)error;
    const group_check *check = context;
    assert_u64_equal(check->told, check->count);
    assert_u64_equal(check->in_stories, check->count);
    return NDUP_STATUS_OK;
}

static void give_up(void *context)
{
    (void)context;
}

ndup_status group_documents(told_grouping *found, ndup_group_summary *summary,
                            const told_document *documents, size_t count,
                            const ndup_group_options *options, ndup_error *error)
{
    group_check check = {.documents = documents, .count = count, .found = found};
    ndup_source source = {.struct_size = sizeof source, .context = &check, .next = next_document};
    ndup_group_sink sink = {.struct_size = sizeof sink,
                            .context = &check,
                            .document = note_document,
                            .story = note_story,
                            .commit = commit,
                            .abort = give_up};
    ndup_group_sink *sinks[] = {&sink};
    ndup_corpus_options corpus_options = NDUP_CORPUS_OPTIONS_INIT;
    ndup_group_options usual;
    ndup_corpus *corpus;
    ndup_group_options_init(&usual);
    options = options != NULL ? options : &usual;
    corpus_options.allocator = options->allocator;
    ndup_status status = ndup_corpus_open_source(&corpus, &source, &corpus_options, error);
    if (status == NDUP_STATUS_OK) {
        status = ndup_group(summary, corpus, options, sinks, 1, NULL, error);
        ndup_corpus_close(corpus);
    }
    return status;
}
