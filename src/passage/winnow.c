/* SPDX-License-Identifier: MIT */
/* A gram begins at every token and ends where it counts k words; which grams a window has depends
 * on its own tokens only, whatever their scripts. Hashes roll over the tokens. */
#include "passage/winnow.h"

#include "base/alloc.h"
#include "base/hash.h"

#define BASE 0x9FB21C651E98DF25u

typedef struct ndup__gram_waiting {
    uint64_t hash;
    uint32_t begin;
    uint32_t end;
} waiting;

ndup__winnow_size ndup__winnow_size_for(unsigned least)
{
    unsigned gram = (least + 1) / 2;
    return (ndup__winnow_size){.least = least, .gram = gram, .window = least + 1 - gram};
}

static size_t power_of_two(size_t least)
{
    size_t power = 1;
    while (power < least) {
        power *= 2;
    }
    return power;
}

ndup_status ndup__winnow_init(ndup__winnow *winnow, ndup__winnow_size size,
                              const ndup_allocator *allocator, ndup_error *error)
{
    *winnow = (ndup__winnow){.allocator = allocator, .size = size};
    size_t powers = (size_t)size.gram * NDUP__WORD_WEIGHT + 1;
    size_t queue = power_of_two((size_t)size.window * NDUP__WORD_WEIGHT + 1);
    ndup_status status =
        ndup__resize(allocator, &winnow->powers, 0, powers, sizeof *winnow->powers, error);
    if (status == NDUP_STATUS_OK) {
        winnow->power_count = powers;
        status = ndup__resize(allocator, &winnow->queue, 0, queue, sizeof *winnow->queue, error);
    }
    if (status == NDUP_STATUS_OK) {
        winnow->queue_capacity = queue;
        winnow->powers[0] = 1;
        for (size_t i = 1; i < powers; i++) {
            winnow->powers[i] = winnow->powers[i - 1] * BASE;
        }
    }
    return status;
}

void ndup__winnow_deinit(ndup__winnow *winnow)
{
    ndup__free(winnow->allocator, &winnow->powers, winnow->power_count, sizeof *winnow->powers);
    ndup__free(winnow->allocator, &winnow->queue, winnow->queue_capacity, sizeof *winnow->queue);
    ndup__free(winnow->allocator, &winnow->grams, winnow->capacity, sizeof *winnow->grams);
}

/* The gram that begins at token `begin`: tokens [begin, end) hash to `rolled`. */
typedef struct cursor {
    const ndup__passage_text *text;
    const uint64_t *powers;
    uint32_t weight;
    size_t begin;
    size_t end;
    uint64_t rolled;
} cursor;

/* Takes tokens until the gram is whole; false at the end of the text. */
static bool complete(cursor *c)
{
    const ndup__tokens *tokens = &c->text->tokens;
    while (ndup__weight_of(c->text, c->begin, c->end) < c->weight) {
        if (c->end == tokens->count) {
            return false;
        }
        c->rolled = c->rolled * BASE + tokens->hashes[c->end++];
    }
    return true;
}

static void drop_first(cursor *c)
{
    size_t length = c->end - c->begin;
    c->rolled -= c->text->tokens.hashes[c->begin] * c->powers[length - 1];
    c->begin++;
}

static uint32_t bits_behind(const ndup__tokens *tokens, size_t end)
{
    uint32_t bits = 0;
    for (size_t i = 0; i < NDUP__AROUND && end + i < tokens->count; i++) {
        bits |= (uint32_t)(tokens->hashes[end + i] & 15) << (4 * i);
    }
    return bits;
}

static uint32_t bits_before(const ndup__tokens *tokens, size_t begin)
{
    uint32_t bits = 0;
    for (size_t i = 0; i < NDUP__AROUND && i < begin; i++) {
        bits |= (uint32_t)(tokens->hashes[begin - 1 - i] & 15) << (4 * i);
    }
    return bits;
}

static ndup_status take(ndup__winnow *winnow, const ndup__tokens *tokens, waiting taken,
                        ndup_error *error)
{
    if (winnow->count > 0 && winnow->grams[winnow->count - 1].token == taken.begin) {
        return NDUP_STATUS_OK;
    }
    ndup_status status = ndup__reserve(winnow->allocator, &winnow->grams, &winnow->capacity,
                                       winnow->count + 1, sizeof *winnow->grams, error);
    if (status == NDUP_STATUS_OK) {
        winnow->grams[winnow->count++] = (ndup__gram){.hash = taken.hash,
                                                      .token = taken.begin,
                                                      .before = bits_before(tokens, taken.begin),
                                                      .behind = bits_behind(tokens, taken.end)};
    }
    return status;
}

ndup_status ndup__winnow_text(ndup__winnow *winnow, const ndup__passage_text *text,
                              ndup_error *error)
{
    cursor c = {
        .text = text, .powers = winnow->powers, .weight = winnow->size.gram * NDUP__WORD_WEIGHT};
    uint32_t reach = (winnow->size.window - 1) * NDUP__WORD_WEIGHT;
    size_t mask = winnow->queue_capacity - 1;
    size_t front = 0;
    size_t back = 0;
    ndup_status status = NDUP_STATUS_OK;
    winnow->count = 0;
    for (size_t first = 0; status == NDUP_STATUS_OK; first++) {
        while (ndup__weight_of(text, first, c.begin) <= reach) {
            if (!complete(&c)) {
                return NDUP_STATUS_OK; /* the window is not whole, nor will a later one be */
            }
            waiting gram = {ndup__mix64(c.rolled), (uint32_t)c.begin, (uint32_t)c.end};
            while (back > front && winnow->queue[(back - 1) & mask].hash >= gram.hash) {
                back--;
            }
            winnow->queue[back++ & mask] = gram;
            drop_first(&c);
        }
        if (winnow->queue[front & mask].begin < first) {
            front++;
        }
        status = take(winnow, &text->tokens, winnow->queue[front & mask], error);
    }
    return status;
}
