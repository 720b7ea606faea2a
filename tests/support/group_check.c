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
    told_explanation *explained;
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

/* A document and the one it is most like are texts of the story, or it is like none. */
static void check_nearest(const ndup_story_explanation *told, size_t i)
{
    const ndup_likeness *nearest = &told->nearest[i];
    const ndup_grouping *own = &told->story->documents[i];
    bool is_first = own->of == own->document || own->role == NDUP_ROLE_PARTIAL;
    size_t known = 0;
    double weights = 0;
    for (size_t k = 0; k < told->story->count; k++) {
        known += told->story->documents[k].document == nearest->b;
    }
    for (size_t k = 0; k < nearest->term_count; k++) {
        assert_true(nearest->terms[k].term.length > 0);
        assert_true(k == 0 || nearest->terms[k].weight <= nearest->terms[k - 1].weight);
        weights += nearest->terms[k].weight;
    }
    assert_int_equal(known, 1);
    assert_true(weights <= 1.000001);
    assert_true(!is_first || nearest->a == own->document);
    assert_true(nearest->a == nearest->b || nearest->score > 0);
    assert_true(nearest->a != nearest->b || nearest->term_count == 0);
    assert_int_equal(nearest->apart, NDUP_APART_NOT);
}

static ndup_status note_explanation(void *context, const ndup_story_explanation *told,
                                    ndup_error *error)
{
    group_check *check = context;
    told_explanation *explained = check->explained;
    const ndup_story *story = told->story;
    (void)error;
    *explained = (told_explanation){.told = *told, .story = story->number, .count = story->count};
    assert_true(story->count <= sizeof explained->nearest / sizeof *explained->nearest);
    for (size_t i = 0; i < story->count; i++) {
        check_nearest(told, i);
        explained->nearest[i] = told->nearest[i].b;
    }
    if (story->term_count > 0) {
        size_t length = story->terms[0].term.length;
        assert_true(length < sizeof explained->term);
        memcpy(explained->term, story->terms[0].term.bytes, length);
    }
    if (told->other != NULL) {
        explained->other = told->other->number;
        assert_true(told->other->number != story->number);
        assert_u64_equal(check->found[told->closest.a].story, story->number);
        assert_u64_equal(check->found[told->closest.b].story, told->other->number);
        assert_true(told->closest.score >= told->other_mean);
    }
    if (told->pair != NULL) {
        explained->pair = *told->pair;
        assert_int_equal(told->pair->apart == NDUP_APART_NOT,
                         told->pair_of[0].story == told->pair_of[1].story);
    }
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

static ndup_status group(group_check *check, ndup_group_summary *summary,
                         const ndup_group_options *options, ndup_error *error)
{
    ndup_source source = {.struct_size = sizeof source, .context = check, .next = next_document};
    ndup_group_sink sink = {.struct_size = sizeof sink,
                            .context = check,
                            .document = note_document,
                            .story = note_story,
                            .explanation = check->explained != NULL ? note_explanation : NULL,
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

ndup_status group_documents(told_grouping *found, ndup_group_summary *summary,
                            const told_document *documents, size_t count,
                            const ndup_group_options *options, ndup_error *error)
{
    group_check check = {.documents = documents, .count = count, .found = found};
    return group(&check, summary, options, error);
}

ndup_status group_explained(told_explanation *explained, told_grouping *found,
                            const told_document *documents, size_t count,
                            const ndup_group_options *options, ndup_error *error)
{
    group_check check = {
        .documents = documents, .count = count, .found = found, .explained = explained};
    ndup_group_summary summary;
    return group(&check, &summary, options, error);
}
