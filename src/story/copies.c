/* SPDX-License-Identifier: MIT */
/* Near copies are joined first, each to the document that it was dropped for. Of those kept, each
 * in turn, by date, is compared with the firsts before it that it shares passages with. */
#include "story/copies.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"

/* From this share on, a text stands in another as a whole. */
#define WHOLE 0.8

/* From this share on, nothing of a text that a person would miss is not in another. */
#define ALL 0.95

/* A document that holds most of so many firsts compiles them. */
#define COMPILED_LEAST 2

/* What two documents share, in tokens. */
typedef struct shared_pair {
    uint32_t a, b;
    uint32_t a_tokens, b_tokens; /* of each that stand in the other */
} shared_pair;

typedef struct copy_search {
    const ndup__reuse_run *run;
    const ndup_result *verdicts;
    double share;
    ndup__copy *copies;
    shared_pair *pairs; /* [pair_count] */
    size_t pair_count, pair_capacity;
    uint64_t *first; /* [documents + 1] of each document's pairs in `of` */
    uint32_t *of;    /* [2 * pair_count] pairs */
} copy_search;

/* Documents are sorted through a table of their own, since qsort has no context. */
typedef struct dated {
    int64_t milliseconds;
    bool is_dated;
    ndup_text id;
    uint32_t document;
} dated;

static int compare_text(ndup_text x, ndup_text y)
{
    size_t length = x.length < y.length ? x.length : y.length;
    int order = length > 0 ? memcmp(x.bytes, y.bytes, length) : 0;
    return order != 0 ? order : x.length < y.length ? -1 : x.length > y.length;
}

static int compare_dated(const void *left, const void *right)
{
    const dated *x = left;
    const dated *y = right;
    if (x->is_dated != y->is_dated) {
        return x->is_dated ? -1 : 1;
    }
    if (x->is_dated && x->milliseconds != y->milliseconds) {
        return x->milliseconds < y->milliseconds ? -1 : 1;
    }
    int order = compare_text(x->id, y->id);
    return order != 0 ? order : x->document < y->document ? -1 : x->document > y->document;
}

ndup_status ndup__order_documents(uint32_t *order, const ndup__reuse_document *documents,
                                  size_t count, const ndup_allocator *allocator, ndup_error *error)
{
    dated *sorted = NULL;
    ndup_status status = ndup__resize(allocator, &sorted, 0, count, sizeof *sorted, error);
    if (status != NDUP_STATUS_OK || count == 0) {
        return status;
    }
    for (size_t i = 0; i < count; i++) {
        sorted[i] =
            (dated){documents[i].milliseconds, documents[i].is_dated, documents[i].id, (uint32_t)i};
    }
    qsort(sorted, count, sizeof *sorted, compare_dated);
    for (size_t i = 0; i < count; i++) {
        order[i] = sorted[i].document;
    }
    ndup__free(allocator, &sorted, count, sizeof *sorted);
    return NDUP_STATUS_OK;
}

/* Tokens of spans[count], which begin in ascending order, that match; those in two spans once. */
static double covered(const ndup__stored_passage *passages, const uint32_t *order, size_t count,
                      bool is_b)
{
    double sum = 0;
    uint32_t end = 0;
    for (size_t i = 0; i < count; i++) {
        const ndup__stored_passage *p = &passages[order != NULL ? order[i] : i];
        uint32_t begin = is_b ? p->b_token : p->a_token;
        uint32_t tokens = is_b ? p->b_tokens : p->a_tokens;
        uint32_t from = begin > end ? begin : end;
        if (begin + tokens > from) {
            double matched = p->matched < tokens ? p->matched : tokens;
            sum += (double)(begin + tokens - from) * matched / tokens;
            end = begin + tokens;
        }
    }
    return sum;
}

/* The passages of a pair by their places in b: they are few, and mostly in order. */
static void order_by_b(uint32_t *order, const ndup__stored_passage *passages, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        size_t at = i;
        for (; at > 0 && passages[order[at - 1]].b_token > passages[i].b_token; at--) {
            order[at] = order[at - 1];
        }
        order[at] = (uint32_t)i;
    }
}

void ndup__copy_tokens(uint32_t *a_tokens, uint32_t *b_tokens, uint32_t *order,
                       const ndup__stored_passage *passages, size_t count)
{
    order_by_b(order, passages, count);
    *a_tokens = (uint32_t)covered(passages, NULL, count, false);
    *b_tokens = (uint32_t)covered(passages, order, count, true);
}

static ndup_status add_pair(copy_search *search, const ndup__stored_passage *passages, size_t count,
                            uint32_t *order, ndup_error *error)
{
    shared_pair pair = {.a = passages->a, .b = passages->b};
    ndup__copy_tokens(&pair.a_tokens, &pair.b_tokens, order, passages, count);
    ndup_status status =
        ndup__reserve(search->run->allocator, &search->pairs, &search->pair_capacity,
                      search->pair_count + 1, sizeof *search->pairs, error);
    if (status == NDUP_STATUS_OK) {
        search->pairs[search->pair_count++] = pair;
    }
    return status;
}

/* Sums up the passages of each pair: they follow each other. */
static ndup_status sum_pairs(copy_search *search, ndup_error *error)
{
    const ndup__reuse_run *run = search->run;
    const ndup__stored_passage *passages = run->passages.bytes;
    size_t count = run->passages.total / sizeof *passages;
    uint32_t *order = NULL;
    size_t capacity = 0;
    ndup_status status = NDUP_STATUS_OK;
    for (size_t begin = 0, end; begin < count && status == NDUP_STATUS_OK; begin = end) {
        for (end = begin + 1; end < count && passages[end].a == passages[begin].a &&
                              passages[end].b == passages[begin].b;) {
            end++;
        }
        status =
            ndup__reserve(run->allocator, &order, &capacity, end - begin, sizeof *order, error);
        if (status == NDUP_STATUS_OK) {
            status = add_pair(search, passages + begin, end - begin, order, error);
        }
    }
    ndup__free(run->allocator, &order, capacity, sizeof *order);
    return status;
}

static ndup_status list_pairs(copy_search *search, ndup_error *error)
{
    const ndup_allocator *allocator = search->run->allocator;
    size_t documents = search->run->document_count;
    ndup_status status = ndup__allocate_zeroed(allocator, &search->first, documents + 2,
                                               sizeof *search->first, error);
    if (status == NDUP_STATUS_OK) {
        status = ndup__resize(allocator, &search->of, 0, 2 * search->pair_count, sizeof *search->of,
                              error);
    }
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    uint64_t *first = search->first + 1; /* shifted while it is filled */
    for (size_t i = 0; i < search->pair_count; i++) {
        first[search->pairs[i].a + 1]++;
        first[search->pairs[i].b + 1]++;
    }
    for (size_t i = 0; i < documents; i++) {
        first[i + 1] += first[i];
    }
    for (size_t i = 0; i < search->pair_count; i++) {
        search->of[first[search->pairs[i].a]++] = (uint32_t)i;
        search->of[first[search->pairs[i].b]++] = (uint32_t)i;
    }
    return NDUP_STATUS_OK;
}

static ndup__copy_meeting meet(const copy_search *search, uint32_t pair, uint32_t document)
{
    const shared_pair *p = &search->pairs[pair];
    const ndup__reuse_document *documents = search->run->documents;
    bool is_a = p->a == document;
    uint32_t other = is_a ? p->b : p->a;
    uint32_t own = is_a ? p->a_tokens : p->b_tokens;
    uint32_t of = is_a ? p->b_tokens : p->a_tokens;
    return (ndup__copy_meeting){other, (double)own / documents[document].tokens,
                                (double)of / documents[other].tokens};
}

static bool are_of_one_form(const ndup_result *verdicts, uint32_t x, uint32_t y)
{
    ndup_verdict a;
    ndup_verdict b;
    ndup_result_verdict(verdicts, x, &a);
    ndup_result_verdict(verdicts, y, &b);
    return a.formed && b.formed && a.form == b.form;
}

bool ndup__copy_is_longer(double share, double of_share)
{
    return (share >= ALL && of_share < WHOLE) || (of_share >= ALL && share < WHOLE);
}

bool ndup__copy_is_form(const ndup_result *verdicts, uint32_t document, uint32_t other,
                        double share, double of_share)
{
    return are_of_one_form(verdicts, document, other) && !ndup__copy_is_longer(share, of_share);
}

static bool is_first(const ndup__copy *copies, uint32_t document)
{
    return copies[document].first == document;
}

static double share_of_shorter(const copy_search *search, uint32_t document,
                               const ndup__copy_meeting *met)
{
    const ndup__reuse_document *documents = search->run->documents;
    return documents[document].tokens <= documents[met->other].tokens ? met->share : met->of_share;
}

/* How much of each stands in the other. */
static ndup_role extent_of(double share, double of_share)
{
    return share >= WHOLE && of_share >= WHOLE ? NDUP_ROLE_COPY
           : share >= WHOLE                    ? NDUP_ROLE_EXCERPT
           : of_share >= WHOLE                 ? NDUP_ROLE_EXTENDS
                                               : NDUP_ROLE_PARTIAL;
}

bool ndup__copy_updates(const ndup__reuse_run *run, uint32_t document, uint32_t other)
{
    const ndup__reuse_document *own = &run->documents[document];
    const ndup__reuse_document *first = &run->documents[other];
    bool has_source = run->sources.rows[own->source].name.length > 0;
    bool is_later = own->is_dated && first->is_dated && own->milliseconds > first->milliseconds;
    return has_source && own->source == first->source && is_later;
}

ndup_role ndup__copy_role(double share, double of_share, bool updates)
{
    ndup_role extent = extent_of(share, of_share);
    return extent != NDUP_ROLE_PARTIAL && updates ? NDUP_ROLE_UPDATE : extent;
}

void ndup__copy_weigh(ndup__copy_choice *choice, const ndup__copy_meeting *met, double of_shorter,
                      uint32_t rank, double least)
{
    if (of_shorter < least) {
        return;
    }
    choice->compiled += met->of_share >= WHOLE && met->share < least;
    if (of_shorter > choice->most || (of_shorter == choice->most && rank < choice->rank)) {
        choice->most = of_shorter;
        choice->best = *met;
        choice->rank = rank;
    }
}

ndup__copy ndup__copy_join(uint32_t document, const ndup__copy_choice *choice, double least,
                           bool updates)
{
    const ndup__copy_meeting *best = &choice->best;
    ndup__copy copy = {
        .first = document, .of = document, .role = NDUP_ROLE_FIRST, .share = 1, .of_share = 1};
    if (choice->compiled >= COMPILED_LEAST && best->share < least) {
        copy.role = NDUP_ROLE_COMPILES;
    } else if (choice->most > 0) {
        ndup_role role = ndup__copy_role(best->share, best->of_share, updates);
        copy = (ndup__copy){.first = role == NDUP_ROLE_PARTIAL ? document : best->other,
                            .of = best->other,
                            .role = role,
                            .share = (float)best->share,
                            .of_share = (float)best->of_share};
    }
    return copy;
}

ndup__copy ndup__copy_join_survivor(const ndup__copy *survivor, const ndup__copy_meeting *met,
                                    double similarity, bool updates)
{
    ndup__copy copy = *survivor;
    if (survivor->first == met->other) {
        ndup_role role = ndup__copy_role(met->share, met->of_share, updates);
        role = role != NDUP_ROLE_PARTIAL ? role : updates ? NDUP_ROLE_UPDATE : NDUP_ROLE_COPY;
        copy = (ndup__copy){.first = met->other,
                            .of = met->other,
                            .role = role,
                            .share = (float)met->share,
                            .of_share = (float)met->of_share};
    }
    copy.similarity = (float)similarity;
    return copy;
}

ndup__copy ndup__copy_follow(const ndup__copy *copy, const ndup__copy *first, bool updates)
{
    bool is_same = first->role == NDUP_ROLE_COPY || first->role == NDUP_ROLE_UPDATE;
    double share = (double)(is_same ? copy->share : first->share);
    double of_share = (double)(is_same ? copy->of_share : first->of_share);
    ndup_role role = ndup__copy_role(share, of_share, updates);
    return (ndup__copy){.first = first->first,
                        .of = first->of,
                        .role = role == NDUP_ROLE_PARTIAL ? NDUP_ROLE_COPY : role,
                        .share = (float)share,
                        .of_share = (float)of_share,
                        .similarity = copy->similarity};
}

/* Weighs the firsts before a document that it shares passages with. */
static void find_first(ndup__copy_choice *choice, const copy_search *search, const uint32_t *rank,
                       uint32_t document)
{
    for (uint64_t i = search->first[document]; i < search->first[document + 1]; i++) {
        ndup__copy_meeting met = meet(search, search->of[i], document);
        if (rank[met.other] < rank[document] && is_first(search->copies, met.other) &&
            !ndup__copy_is_form(search->verdicts, document, met.other, met.share, met.of_share)) {
            ndup__copy_weigh(choice, &met, share_of_shorter(search, document, &met),
                             rank[met.other], search->share);
        }
    }
}

static void join_first(copy_search *search, const uint32_t *rank, uint32_t document)
{
    ndup__copy_choice choice = {.most = 0};
    find_first(&choice, search, rank, document);
    bool updates = choice.most > 0 && ndup__copy_updates(search->run, document, choice.best.other);
    search->copies[document] = ndup__copy_join(document, &choice, search->share, updates);
}

/* A near copy belongs to the group of the document that it was dropped for. */
static void join_survivor(copy_search *search, uint32_t document, const ndup_verdict *verdict)
{
    bool is_same = verdict->kind == NDUP_KIND_IDENTICAL || verdict->kind == NDUP_KIND_NORMALIZED;
    ndup__copy_meeting met = {(uint32_t)verdict->survivor, is_same ? 1 : verdict->containment,
                              is_same ? 1 : verdict->survivor_containment};
    search->copies[document] =
        ndup__copy_join_survivor(&search->copies[met.other], &met, verdict->similarity,
                                 ndup__copy_updates(search->run, document, met.other));
}

static ndup_status decide(copy_search *search, const uint32_t *order, ndup_error *error)
{
    size_t count = search->run->document_count;
    uint32_t *rank = NULL;
    ndup_verdict verdict;
    ndup_status status = ndup__resize(search->run->allocator, &rank, 0, count, sizeof *rank, error);
    for (size_t i = 0; i < count && status == NDUP_STATUS_OK; i++) {
        rank[order[i]] = (uint32_t)i;
    }
    for (size_t i = 0; i < count && status == NDUP_STATUS_OK; i++) {
        ndup_result_verdict(search->verdicts, order[i], &verdict);
        if (verdict.kept) {
            join_first(search, rank, order[i]);
        }
    }
    for (size_t i = 0; i < count && status == NDUP_STATUS_OK; i++) {
        ndup_result_verdict(search->verdicts, i, &verdict);
        if (!verdict.kept) {
            join_survivor(search, (uint32_t)i, &verdict);
        }
    }
    ndup__free(search->run->allocator, &rank, rank != NULL ? count : 0, sizeof *rank);
    return status;
}

ndup_status ndup__copies_find(ndup__copy *copies, const ndup__reuse_run *run,
                              const ndup_result *verdicts, const uint32_t *order, double share,
                              ndup_error *error)
{
    copy_search search = {.run = run, .verdicts = verdicts, .share = share, .copies = copies};
    ndup_status status = sum_pairs(&search, error);
    if (status == NDUP_STATUS_OK) {
        status = list_pairs(&search, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = decide(&search, order, error);
    }
    const ndup_allocator *allocator = run->allocator;
    ndup__free(allocator, &search.pairs, search.pair_capacity, sizeof *search.pairs);
    ndup__free(allocator, &search.first, search.first != NULL ? run->document_count + 2 : 0,
               sizeof *search.first);
    ndup__free(allocator, &search.of, search.of != NULL ? 2 * search.pair_count : 0,
               sizeof *search.of);
    return status;
}
