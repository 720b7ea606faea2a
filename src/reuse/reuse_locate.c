/* SPDX-License-Identifier: MIT */
/* Where the tokens of passages stand. It is asked document by document, of all its passages
 * together, since finding it takes several times as long as reading the tokens. */
#include "base/alloc.h"
#include "reuse/reuse_run.h"
#include "text/tokenize.h"

/* Documents that a worker takes at once. */
#define TAKEN 256

/* Span 2i is that of passage i in a, 2i + 1 the one in b. */
typedef struct located {
    ndup__reuse_run *run;
    ndup__stored_passage *passages;
    uint32_t *spans; /* [2 * passages], by document */
    uint64_t *first; /* [documents + 1] of its spans */
    struct locator *workers;
} located;

typedef struct locator {
    ndup__block block;
    ndup__tokens tokens;
} locator;

static ndup_status list_spans(located *all, size_t count, ndup_error *error)
{
    const ndup_allocator *allocator = all->run->allocator;
    size_t documents = all->run->document_count;
    ndup_status status =
        ndup__allocate_zeroed(allocator, &all->first, documents + 1, sizeof *all->first, error);
    if (status == NDUP_STATUS_OK) {
        status = ndup__resize(allocator, &all->spans, 0, 2 * count, sizeof *all->spans, error);
    }
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    uint64_t *first = all->first;
    for (size_t i = 0; i < count; i++) {
        first[all->passages[i].a + 1]++;
        first[all->passages[i].b + 1]++;
    }
    for (size_t i = 0; i < documents; i++) {
        first[i + 1] += first[i];
    }
    for (size_t i = 0; i < count; i++) {
        all->spans[first[all->passages[i].a]++] = (uint32_t)(2 * i);
        all->spans[first[all->passages[i].b]++] = (uint32_t)(2 * i + 1);
    }
    for (size_t i = documents; i > 0; i--) {
        first[i] = first[i - 1];
    }
    first[0] = 0;
    return NDUP_STATUS_OK;
}

static void place_span(ndup__stored_passage *passage, bool is_b, const ndup__tokens *tokens)
{
    uint32_t token = is_b ? passage->b_token : passage->a_token;
    uint32_t last = token + (is_b ? passage->b_tokens : passage->a_tokens) - 1;
    uint32_t offset = tokens->starts[token];
    uint32_t length = tokens->ends[last] - offset;
    *(is_b ? &passage->b_offset : &passage->a_offset) = offset;
    *(is_b ? &passage->b_length : &passage->a_length) = length;
}

static ndup_status locate_document(const located *all, locator *worker, size_t number,
                                   ndup_error *error)
{
    const ndup__reuse_document *known = &all->run->documents[number];
    ndup__item item;
    ndup_status status = ndup__reuse_fetch(all->run, &item, known, &worker->block, error);
    if (status == NDUP_STATUS_OK) {
        ndup_text text = item.document.text;
        status = ndup__tokenize(&worker->tokens, NDUP__TOKEN_WORDS, text.bytes, text.length, error);
    }
    for (uint64_t i = all->first[number]; i < all->first[number + 1] && status == NDUP_STATUS_OK;
         i++) {
        place_span(&all->passages[all->spans[i] / 2], all->spans[i] % 2 == 1, &worker->tokens);
    }
    return status;
}

static ndup_status locate_documents(void *context, size_t begin, size_t end, unsigned worker,
                                    ndup_error *error)
{
    const located *all = context;
    ndup_status status = NDUP_STATUS_OK;
    for (size_t i = begin; i < end && status == NDUP_STATUS_OK; i++) {
        if (all->first[i] < all->first[i + 1]) {
            status = locate_document(all, &all->workers[worker], i, error);
        }
    }
    return status;
}

static ndup_status locate_all(located *all, ndup_error *error)
{
    ndup__reuse_run *run = all->run;
    size_t count = ndup__pool_workers(run->pool);
    ndup_status status =
        ndup__allocate_zeroed(run->allocator, &all->workers, count, sizeof *all->workers, error);
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    for (size_t i = 0; i < count; i++) {
        ndup__block_init(&all->workers[i].block, run->allocator);
        all->workers[i].tokens = (ndup__tokens){
            .allocator = run->allocator, .seed = run->options->seed, .wants_offsets = true};
    }
    status =
        ndup__pool_ranges(run->pool, 0, run->document_count, TAKEN, locate_documents, all, error);
    for (size_t i = 0; i < count; i++) {
        ndup__block_deinit(&all->workers[i].block);
        ndup__tokens_deinit(&all->workers[i].tokens);
    }
    ndup__free(run->allocator, &all->workers, count, sizeof *all->workers);
    return status;
}

ndup_status ndup__reuse_locate(ndup__reuse_run *run, ndup_error *error)
{
    size_t count = run->passages.total / sizeof(ndup__stored_passage);
    located all = {.run = run, .passages = run->passages.bytes};
    ndup_status status = list_spans(&all, count, error);
    if (status == NDUP_STATUS_OK && count > 0) {
        status = locate_all(&all, error);
    }
    ndup__free(run->allocator, &all.first, all.first != NULL ? run->document_count + 1 : 0,
               sizeof *all.first);
    ndup__free(run->allocator, &all.spans, all.spans != NULL ? 2 * count : 0, sizeof *all.spans);
    return status;
}
