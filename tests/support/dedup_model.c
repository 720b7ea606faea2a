/* SPDX-License-Identifier: MIT */
/* The naive answer of a run: keep order and cluster rule. */
#include "support/dedup_model.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support/test.h"

/* qsort has no context. */
static const dedup_model *sorted_model;

static void *get_memory(size_t count, size_t size)
{
    void *memory = calloc(count + 1, size);
    assert_non_null(memory);
    return memory;
}

static bool matches(const char *pattern, size_t length, const char *text)
{
    if (length > 0 && pattern[length - 1] == '*') {
        return strncmp(pattern, text, length - 1) == 0;
    }
    return strlen(text) == length && strncmp(pattern, text, length) == 0;
}

static int compare_sizes(size_t a, size_t b)
{
    return (a > b) - (a < b);
}

/* Missing strings come last, whichever way the others go. */
static int compare_dates(const char *a, const char *b, int sign)
{
    if (a[0] == '\0' || b[0] == '\0') {
        return (a[0] == '\0') - (b[0] == '\0');
    }
    return sign * strcmp(a, b);
}

static int compare_scores(int a, int b, int sign)
{
    if (a < 0 || b < 0) {
        return (a < 0) - (b < 0);
    }
    return sign * (a > b) - sign * (a < b);
}

static bool element_is(const char *element, size_t length, const char *name)
{
    return strlen(name) == length && strncmp(element, name, length) == 0;
}

static int compare_by(const char *element, size_t length, size_t a, size_t b)
{
    const made_document *x = &sorted_model->corpus->items[a];
    const made_document *y = &sorted_model->corpus->items[b];
    size_t x_tokens = sorted_model->naive.items[a].token_count;
    size_t y_tokens = sorted_model->naive.items[b].token_count;
    if (element_is(element, length, "first")) {
        return compare_sizes(a, b);
    }
    if (element_is(element, length, "last")) {
        return compare_sizes(b, a);
    }
    if (element_is(element, length, "longest")) {
        return compare_sizes(y_tokens, x_tokens);
    }
    if (element_is(element, length, "shortest")) {
        return compare_sizes(x_tokens, y_tokens);
    }
    if (element_is(element, length, "newest")) {
        return compare_dates(x->date, y->date, -1);
    }
    if (element_is(element, length, "oldest")) {
        return compare_dates(x->date, y->date, 1);
    }
    if (element_is(element, length, "field:score:asc")) {
        return compare_scores(x->score, y->score, 1);
    }
    if (element_is(element, length, "field:score:desc")) {
        return compare_scores(x->score, y->score, -1);
    }
    assert_true(length > 7 && strncmp(element, "prefer=", 7) == 0);
    bool x_fits =
        matches(element + 7, length - 7, x->source) || matches(element + 7, length - 7, x->id);
    bool y_fits =
        matches(element + 7, length - 7, y->source) || matches(element + 7, length - 7, y->id);
    return y_fits - x_fits;
}

static int compare_documents(const void *left, const void *right)
{
    size_t a = *(const size_t *)left;
    size_t b = *(const size_t *)right;
    const char *chain = sorted_model->options->keep;
    int order = sorted_model->protections[b] - sorted_model->protections[a];
    for (chain = chain != NULL ? chain : "first"; order == 0 && *chain != '\0';) {
        size_t length = strcspn(chain, ",");
        order = compare_by(chain, length, a, b);
        chain += length + (chain[length] == ',');
    }
    if (order == 0) {
        order = strcmp(sorted_model->corpus->items[a].id, sorted_model->corpus->items[b].id);
    }
    return order != 0 ? order : compare_sizes(a, b);
}

static void order_documents(dedup_model *self)
{
    for (size_t i = 0; i < self->corpus->count; i++) {
        const made_document *document = &self->corpus->items[i];
        self->order[i] = i;
        for (size_t j = 0; j < self->options->never_drop_count; j++) {
            const char *glob = self->options->never_drop[j];
            self->protections[i] |= matches(glob, strlen(glob), document->source) ||
                                    matches(glob, strlen(glob), document->id);
        }
    }
    sorted_model = self;
    qsort(self->order, self->corpus->count, sizeof *self->order, compare_documents);
    for (size_t i = 0; i < self->corpus->count; i++) {
        self->ranks[self->order[i]] = i;
    }
}

void dedup_model_init(dedup_model *self, const made_corpus *corpus,
                      const ndup_dedup_options *options)
{
    const char **texts = get_memory(corpus->count, sizeof *texts);
    size_t *lengths = get_memory(corpus->count, sizeof *lengths);
    for (size_t i = 0; i < corpus->count; i++) {
        texts[i] = corpus->items[i].text;
        lengths[i] = corpus->items[i].length;
    }
    *self = (dedup_model){.corpus = corpus, .options = options};
    naive_corpus_init(&self->naive, texts, lengths, corpus->count, &options->matching);
    self->order = get_memory(corpus->count, sizeof *self->order);
    self->ranks = get_memory(corpus->count, sizeof *self->ranks);
    self->protections = get_memory(corpus->count, sizeof *self->protections);
    self->kept = get_memory(corpus->count, sizeof *self->kept);
    self->firsts = get_memory(corpus->count, sizeof *self->firsts);
    order_documents(self);
    if (options->cluster == NDUP_CLUSTER_LEADER) {
        naive_leaders(self->kept, &self->naive, self->order, self->protections, &options->matching);
    } else {
        naive_components(self->firsts, &self->naive, self->order, &options->matching);
        for (size_t i = 0; i < corpus->count; i++) {
            self->kept[i] = self->firsts[i] == i || self->protections[i];
        }
    }
    free(texts);
    free(lengths);
}

void dedup_model_deinit(dedup_model *self)
{
    naive_corpus_deinit(&self->naive);
    free(self->order);
    free(self->ranks);
    free(self->protections);
    free(self->kept);
    free(self->firsts);
    *self = (dedup_model){0};
}

ndup_result *dedup_model_run(const made_corpus *corpus, const ndup_dedup_options *options)
{
    ndup_error error;
    ndup_result *result;
    ndup_corpus *opened = made_corpus_open(corpus, options->allocator);
    assert_ok(ndup_dedup(&result, opened, options, NULL, &error), &error);
    ndup_corpus_close(opened);
    return result;
}
