/* SPDX-License-Identifier: MIT */
/* Results against the naive answer. */
#include <stdlib.h>
#include <string.h>

#include "support/dedup_model.h"
#include "support/test.h"

#define EXACTLY(value, expected) assert_double_in(value, expected, expected)

static ndup_verdict verdict_of(const ndup_result *result, size_t number)
{
    ndup_verdict verdict;
    ndup_result_verdict(result, number, &verdict);
    assert_u64_equal(verdict.document, number);
    return verdict;
}

static void check_id(const dedup_model *self, ndup_text id, uint64_t number)
{
    const char *expected = self->corpus->items[number].id;
    assert_u64_equal(id.length, strlen(expected));
    assert_memory_equal(id.bytes, expected, id.length);
}

/* A document that is its own survivor. */
static void check_survivor(const dedup_model *self, const ndup_verdict *verdict, size_t members)
{
    bool is_protected = self->protections[verdict->document];
    assert_int_equal(verdict->kind, NDUP_KIND_NONE);
    EXACTLY(verdict->similarity, 1);
    assert_int_equal(verdict->grouped, members > 1);
    assert_int_equal(verdict->kept, is_protected || members == 1 || !self->options->drop_all);
}

static ndup_kind kind_of(const naive_comparison *comparison)
{
    return comparison->same_bytes           ? NDUP_KIND_IDENTICAL
           : comparison->same_tokens        ? NDUP_KIND_NORMALIZED
           : comparison->containment_a >= 1 ? NDUP_KIND_CONTAINED
                                            : NDUP_KIND_NEAR;
}

/* The document in whose place the one given was compared: the first with the same tokens. */
static size_t first_equal(const dedup_model *self, size_t number)
{
    size_t rank = 0;
    while (!naive_same_tokens(&self->naive, self->order[rank], number)) {
        rank++;
    }
    return self->order[rank];
}

/* Near copies are compared once for all documents with the same tokens; the place of the span in
 * bytes is known for texts with the same bytes as the one compared. */
static bool is_another_way_of_writing(const dedup_model *self, const ndup_verdict *verdict)
{
    size_t compared = first_equal(self, verdict->document);
    return compared != verdict->survivor &&
           !naive_compare(&self->naive, compared, verdict->document).same_bytes;
}

static void check_span(const dedup_model *self, const ndup_verdict *verdict)
{
    const naive_document *a = &self->naive.items[verdict->document];
    const naive_document *b = &self->naive.items[verdict->survivor];
    size_t longest = naive_longest_run(a, b);
    size_t least = self->options->matching.shingle_size;
    if (!self->options->spans || self->options->matching.tokens != NDUP_TOKEN_WORDS) {
        return;
    }
    if (verdict->span_bytes == 0 && is_another_way_of_writing(self, verdict)) {
        return;
    }
    bool is_whole = a->token_count == b->token_count && longest == a->token_count;
    assert_u64_equal(verdict->span_tokens, longest >= least || is_whole ? longest : 0);
    assert_true(verdict->span_offset + (size_t)verdict->span_bytes <= a->length);
    if (verdict->span_tokens > 0) {
        size_t before = naive_tokens_before(a->text, verdict->span_offset);
        assert_u64_equal(naive_tokens_before(a->text + verdict->span_offset, verdict->span_bytes),
                         verdict->span_tokens);
        assert_true(naive_has_run(a, before, verdict->span_tokens, b));
    }
}

/* A document that was dropped for another one. */
static void check_dropped(const dedup_model *self, const ndup_result *result,
                          const ndup_verdict *verdict)
{
    ndup_verdict survivor = verdict_of(result, verdict->survivor);
    naive_comparison comparison = naive_compare(&self->naive, verdict->document, verdict->survivor);
    assert_u64_equal(survivor.survivor, verdict->survivor);
    assert_true(self->ranks[verdict->survivor] < self->ranks[verdict->document]);
    assert_false(verdict->kept);
    assert_false(self->protections[verdict->document]);
    assert_true(verdict->grouped);
    assert_true(survivor.kept || self->options->drop_all);
    if (verdict->kind != NDUP_KIND_TEMPLATE) {
        assert_int_equal(verdict->kind, kind_of(&comparison));
    }
    if (comparison.same_tokens) {
        EXACTLY(verdict->similarity, 1);
        EXACTLY(verdict->containment, 1);
        EXACTLY(verdict->survivor_containment, 1);
    } else {
        EXACTLY(verdict->similarity, comparison.similarity);
        EXACTLY(verdict->containment, comparison.containment_a);
        EXACTLY(verdict->survivor_containment, comparison.containment_b);
        if (self->options->cluster == NDUP_CLUSTER_LEADER) {
            assert_true(comparison.similarity >= self->options->matching.threshold);
        }
    }
    check_span(self, verdict);
}

static void count_verdict(ndup_summary *counts, const ndup_verdict *verdict,
                          const dedup_model *self, size_t members)
{
    const naive_document *document = &self->naive.items[verdict->document];
    counts->documents++;
    counts->text_bytes += document->length;
    counts->empty += document->token_count == 0;
    counts->kept += verdict->kept;
    counts->kept_bytes += verdict->kept ? document->length : 0;
    counts->dropped += !verdict->kept;
    counts->identical += verdict->kind == NDUP_KIND_IDENTICAL;
    counts->normalized += verdict->kind == NDUP_KIND_NORMALIZED;
    counts->contained += verdict->kind == NDUP_KIND_CONTAINED;
    counts->near += verdict->kind == NDUP_KIND_NEAR;
    counts->templates += verdict->kind == NDUP_KIND_TEMPLATE;
    counts->dropped_survivors += !verdict->kept && verdict->kind == NDUP_KIND_NONE;
    counts->groups += members > 1;
    counts->largest_group = members > counts->largest_group ? members : counts->largest_group;
}

static void check_counts(const ndup_summary *summary, const ndup_summary *counts)
{
    assert_u64_equal(summary->documents, counts->documents);
    assert_u64_equal(summary->text_bytes, counts->text_bytes);
    assert_u64_equal(summary->skipped, 0);
    assert_u64_equal(summary->repaired, 0);
    assert_u64_equal(summary->duplicate_ids, 0);
    assert_u64_equal(summary->empty, counts->empty);
    assert_u64_equal(summary->kept, counts->kept);
    assert_u64_equal(summary->kept_bytes, counts->kept_bytes);
    assert_u64_equal(summary->dropped, counts->dropped);
    assert_u64_equal(summary->identical, counts->identical);
    assert_u64_equal(summary->normalized, counts->normalized);
    assert_u64_equal(summary->contained, counts->contained);
    assert_u64_equal(summary->near, counts->near);
    assert_u64_equal(summary->dropped_survivors, counts->dropped_survivors);
    assert_u64_equal(summary->templates, counts->templates);
    assert_u64_equal(summary->groups, counts->groups);
    assert_u64_equal(summary->largest_group, counts->largest_group);
    assert_u64_equal(counts->dropped, counts->identical + counts->normalized + counts->contained +
                                          counts->near + counts->templates +
                                          counts->dropped_survivors);
    assert_true(summary->similar <= summary->verified);
}

/* Pairs are ordered, stated exactly and of texts that stand for their equals. */
static void check_pairs(const dedup_model *self, const ndup_result *result)
{
    const ndup_pair *pairs;
    size_t count = ndup_result_pairs(result, &pairs);
    for (size_t i = 0; i < count; i++) {
        const ndup_pair *pair = &pairs[i];
        naive_comparison comparison = naive_compare(&self->naive, pair->a, pair->b);
        assert_true(self->ranks[pair->a] < self->ranks[pair->b]);
        assert_false(comparison.same_tokens);
        assert_u64_equal(first_equal(self, pair->a), pair->a);
        assert_u64_equal(first_equal(self, pair->b), pair->b);
        assert_true(naive_is_duplicate(&self->naive, pair->a, pair->b, &self->options->matching));
        EXACTLY(pair->similarity, comparison.similarity);
        EXACTLY(pair->containment_a, comparison.containment_a);
        EXACTLY(pair->containment_b, comparison.containment_b);
        if (i > 0) {
            assert_true(pair[-1].a == pair->a ? self->ranks[pair[-1].b] < self->ranks[pair->b]
                                              : self->ranks[pair[-1].a] < self->ranks[pair->a]);
        }
    }
}

void dedup_model_check_verdicts(const dedup_model *self, const ndup_result *result)
{
    size_t count = self->corpus->count;
    size_t *members = calloc(count + 1, sizeof *members);
    size_t *groups = calloc(count + 1, sizeof *groups);
    ndup_summary counts = {0};
    assert_true(members != NULL && groups != NULL);
    for (size_t i = 0; i < count; i++) {
        /* a protected document is its own survivor, even beside one with the same text */
        groups[i] = verdict_of(result, self->protections[i] ? i : first_equal(self, i)).survivor;
        members[groups[i]]++;
    }
    for (size_t i = 0; i < count; i++) {
        ndup_verdict verdict = verdict_of(result, i);
        check_id(self, verdict.id, i);
        check_id(self, verdict.survivor_id, verdict.survivor);
        if (verdict.survivor == i) {
            check_survivor(self, &verdict, members[groups[i]]);
        } else {
            check_dropped(self, result, &verdict);
        }
        count_verdict(&counts, &verdict, self, members[i]);
    }
    check_counts(ndup_result_summary(result), &counts);
    check_pairs(self, result);
    free(members);
    free(groups);
}

void dedup_model_count_pairs(const dedup_model *self, const ndup_result *result, size_t *all,
                             size_t *found)
{
    const ndup_pair *pairs;
    *found += ndup_result_pairs(result, &pairs);
    bool *stands = calloc(self->corpus->count + 1, sizeof *stands);
    assert_non_null(stands);
    for (size_t i = 0; i < self->corpus->count; i++) {
        stands[i] = first_equal(self, i) == i;
        for (size_t j = 0; stands[i] && j < i; j++) {
            *all += stands[j] && naive_is_duplicate(&self->naive, i, j, &self->options->matching);
        }
    }
    free(stands);
}

void dedup_model_check_decisions(const dedup_model *self, const ndup_result *result)
{
    for (size_t i = 0; i < self->corpus->count; i++) {
        ndup_verdict verdict = verdict_of(result, i);
        bool is_survivor = verdict.survivor == i;
        assert_int_equal(is_survivor, self->kept[i]);
        if (self->options->cluster == NDUP_CLUSTER_COMPONENTS && !is_survivor) {
            assert_u64_equal(self->firsts[verdict.survivor], self->firsts[i]);
            assert_true(verdict.survivor == self->firsts[i] || self->protections[verdict.survivor]);
        }
    }
    if (self->options->pairs) {
        size_t all = 0;
        size_t found = 0;
        dedup_model_count_pairs(self, result, &all, &found);
        assert_u64_equal(found, all);
    }
}
