/* SPDX-License-Identifier: MIT */
/* The tokens of a text in few bytes: what an index compares texts by. */
#ifndef NDUP__INDEX_TOKEN_LIST_H
#define NDUP__INDEX_TOKEN_LIST_H

#include <stddef.h>
#include <stdint.h>

#include "neardup/allocator.h"
#include "neardup/document.h"
#include "neardup/status.h"

/* A token is the upper bits of its hash. Of two texts that differ in d words where they should be
 * compared, d / 2^24 are taken for equal by chance. A pair at the threshold of .55 differs in some
 * 60 words of 1,000, so that one comparison in 280,000 counts a word too many; that changes what is
 * decided only where the pair is as near to the threshold as one word, which takes some hundred
 * times as many. */
#define NDUP__TOKEN_BITS 24

/* Tokens in text order, as hashes of 64 bits that are made from those that are kept, and numbers
 * (figures.h) likewise. Reused; zero-initialise and set the allocator. Threads: single-owner. */
typedef struct ndup__token_list {
    const ndup_allocator *allocator;
    uint64_t *tokens; /* [count] */
    size_t count;
    uint64_t *numbers; /* [number_count]; none where they are not dense */
    size_t number_count;
    size_t token_capacity, number_capacity;
    /* Of the coder: the distinct tokens, and a hash table of them. */
    uint32_t *distinct; /* [distinct_count] in the order in which they first come */
    size_t distinct_count, distinct_capacity;
    uint32_t *slots; /* 1 + place in distinct, 0 = free */
    size_t slot_count, slot_capacity;
    unsigned char *bytes; /* [byte_count] the coded list */
    size_t byte_count, byte_capacity;
} ndup__token_list;

/* Fills the list from the hashes of a text's tokens and numbers, and codes it: FORMAT.md describes
 * the bytes. Cost: linear. Errors: MEMORY, LIMIT (2^32 tokens). */
NDUP_NODISCARD ndup_status ndup__token_list_make(ndup__token_list *list, const uint64_t *tokens,
                                                 size_t count, const uint64_t *numbers,
                                                 size_t number_count, ndup_error *error);

/* Fills the list from coded bytes. Nothing is allocated beyond what these can hold. Errors: CORRUPT
 * for what is no such code, MEMORY. */
NDUP_NODISCARD ndup_status ndup__token_list_read(ndup__token_list *list, ndup_text coded,
                                                 ndup_error *error);
void ndup__token_list_deinit(ndup__token_list *list);

#endif
