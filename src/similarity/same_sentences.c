/* SPDX-License-Identifier: MIT */
/* Sentences are looked up by hash and compared by their bytes; a passage goes on as long as the
 * bytes between sentences agree, too. */
#include "similarity/same_sentences.h"

#include <stdbool.h>
#include <string.h>

#include "base/alloc.h"
#include "base/hash.h"

/* Places of a sentence that are tried: a line that comes a thousand times must not cost a million
 * comparisons. */
#define TRIES 64

static size_t slot_of(const ndup__sentence_index *index, const char *text, ndup__sentence sentence)
{
    uint64_t hash = ndup__hash_bytes(text + sentence.offset, sentence.length, ndup__slot_key());
    return hash & (index->slot_count - 1);
}

static ndup_status make_room(ndup__sentence_index *index, ndup_error *error)
{
    size_t count = index->sentences.count;
    index->slot_count = 16;
    while (index->slot_count < 2 * count) {
        index->slot_count *= 2;
    }
    ndup_status status = ndup__reserve(index->allocator, &index->slots, &index->slot_capacity,
                                       index->slot_count, sizeof *index->slots, error);
    if (status == NDUP_STATUS_OK) {
        memset(index->slots, 0, index->slot_count * sizeof *index->slots);
        status = ndup__reserve(index->allocator, &index->nexts, &index->next_capacity, count + 1,
                               sizeof *index->nexts, error);
    }
    return status;
}

ndup_status ndup__sentence_index_fill(ndup__sentence_index *index, ndup_text text,
                                      ndup_error *error)
{
    index->text = text;
    index->sentences.allocator = index->allocator;
    ndup_status status = ndup__sentences_split(&index->sentences, text.bytes, text.length, error);
    if (status == NDUP_STATUS_OK) {
        status = make_room(index, error);
    }
    /* Backwards, so that the first place comes first. */
    for (size_t i = index->sentences.count; status == NDUP_STATUS_OK && i-- > 0;) {
        uint32_t *slot = &index->slots[slot_of(index, text.bytes, index->sentences.items[i])];
        index->nexts[i] = *slot;
        *slot = (uint32_t)i + 1;
    }
    return status;
}

/* How many sentences from i on in the indexed text and from j on in the other are the same, with
 * what stands between them. */
static size_t count_same(const ndup__sentence_index *index, const char *other, size_t i, size_t j)
{
    const ndup__sentences *a = &index->sentences;
    const ndup__sentences *b = &index->others;
    size_t same = 0;
    uint32_t from_a = a->items[i].offset;
    uint32_t from_b = b->items[j].offset;
    while (i + same < a->count && j + same < b->count) {
        ndup__sentence x = a->items[i + same];
        ndup__sentence y = b->items[j + same];
        uint32_t bytes = x.offset + x.length - from_a;
        if (bytes != y.offset + y.length - from_b ||
            memcmp(index->text.bytes + from_a, other + from_b, bytes) != 0) {
            break;
        }
        same++;
        from_a += bytes;
        from_b += bytes;
    }
    return same;
}

/* The most sentences from j on that stand together in the indexed text; *at is where. */
static size_t find_longest(size_t *at, const ndup__sentence_index *index, const char *other,
                           size_t j)
{
    size_t longest = 0;
    unsigned tries = 0;
    uint32_t place = index->slots[slot_of(index, other, index->others.items[j])];
    for (; place != 0 && tries < TRIES; place = index->nexts[place - 1]) {
        size_t same = count_same(index, other, place - 1, j);
        tries += same > 0; /* others are there by chance, which must not show */
        if (same > longest) {
            longest = same;
            *at = place - 1;
        }
    }
    return longest;
}

static ndup__passage passage_of(const ndup__sentence_index *index, size_t i, size_t j, size_t count)
{
    ndup__sentence first = index->others.items[j];
    ndup__sentence last = index->others.items[j + count - 1];
    return (ndup__passage){.from = index->sentences.items[i].offset,
                           .offset = first.offset,
                           .bytes = last.offset + last.length - first.offset};
}

ndup_status ndup__sentence_index_meet(const ndup__passage **passages, size_t *count,
                                      ndup__sentence_index *index, ndup_text other,
                                      ndup_error *error)
{
    index->others.allocator = index->allocator;
    *count = 0;
    ndup_status status = ndup__sentences_split(&index->others, other.bytes, other.length, error);
    for (size_t j = 0; status == NDUP_STATUS_OK && j < index->others.count;) {
        size_t at = 0;
        size_t same = find_longest(&at, index, other.bytes, j);
        if (same > 0) {
            status = ndup__reserve(index->allocator, &index->passages, &index->passage_capacity,
                                   *count + 1, sizeof *index->passages, error);
        }
        if (same > 0 && status == NDUP_STATUS_OK) {
            index->passages[(*count)++] = passage_of(index, at, j, same);
        }
        j += same > 0 ? same : 1;
    }
    *passages = index->passages;
    return status;
}

void ndup__sentence_index_deinit(ndup__sentence_index *index)
{
    ndup__free(index->allocator, &index->slots, index->slot_capacity, sizeof *index->slots);
    ndup__free(index->allocator, &index->nexts, index->next_capacity, sizeof *index->nexts);
    ndup__free(index->allocator, &index->passages, index->passage_capacity,
               sizeof *index->passages);
    index->slot_capacity = index->next_capacity = index->passage_capacity = 0;
    ndup__sentences_deinit(&index->sentences);
    ndup__sentences_deinit(&index->others);
}
