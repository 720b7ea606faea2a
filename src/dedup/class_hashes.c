/* SPDX-License-Identifier: MIT */
/* Equal texts are mostly equal to the byte, and then hashing their bytes is enough. */
#include "dedup/class_hashes.h"

#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "dedup/sets.h"
#include "dedup/text_sketch.h"
#include "text/shingle.h"
#include "text/token_bytes.h"

static bool bit_of(const uint8_t *bits, uint32_t class_number)
{
    return (bits[class_number / 8] >> (class_number % 8) & 1) != 0;
}

static void set_bit(uint8_t *bits, uint32_t class_number)
{
    bits[class_number / 8] = (uint8_t)(bits[class_number / 8] | 1u << (class_number % 8));
}

/* Marks the classes with several documents, and those whose texts differ; counts the documents. */
static void mark_classes(ndup__class_hashes *hashes)
{
    const ndup__table *table = &hashes->run->table;
    for (size_t i = 0; i < table->count; i++) {
        uint32_t class_number = table->classes[i];
        uint32_t known = table->class_documents[class_number];
        if (known != i) {
            set_bit(hashes->has_several, class_number);
            if (table->text_hashes[i] != table->text_hashes[known] ||
                table->text_lengths[i] != table->text_lengths[known]) {
                set_bit(hashes->by_tokens, class_number);
            }
        }
    }
    for (size_t i = 0; i < table->count; i++) {
        hashes->count += bit_of(hashes->has_several, table->classes[i]);
    }
}

static ndup_status list_members(ndup__class_hashes *hashes, ndup_error *error)
{
    const ndup__table *table = &hashes->run->table;
    const ndup_allocator *allocator = hashes->run->allocator;
    size_t at = 0;
    ndup_status status =
        ndup__resize(allocator, &hashes->members, 0, hashes->count, sizeof *hashes->members, error);
    if (status == NDUP_STATUS_OK) {
        status = ndup__allocate_zeroed(allocator, &hashes->hashes, hashes->count,
                                       sizeof *hashes->hashes, error);
    }
    for (size_t i = 0; i < table->count && status == NDUP_STATUS_OK; i++) {
        if (bit_of(hashes->has_several, table->classes[i])) {
            hashes->members[at++] = (uint32_t)i;
        }
    }
    return status;
}

ndup_status ndup__class_hashes_init(ndup__class_hashes *hashes, ndup__run *run, ndup_error *error)
{
    const ndup_allocator *allocator = run->allocator;
    unsigned workers = ndup__pool_workers(run->pool);
    *hashes = (ndup__class_hashes){.run = run, .class_count = run->table.class_count};
    if (!run->has_unchecked) {
        return NDUP_STATUS_OK;
    }
    ndup__secret_key(hashes->key);
    size_t bytes = hashes->class_count / 8 + 1;
    ndup_status status = ndup__allocate_zeroed(allocator, &hashes->has_several, bytes, 1, error);
    if (status == NDUP_STATUS_OK) {
        status = ndup__allocate_zeroed(allocator, &hashes->by_tokens, bytes, 1, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = ndup__allocate_zeroed(allocator, &hashes->tokens, workers, sizeof *hashes->tokens,
                                       error);
    }
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    for (unsigned i = 0; i < workers; i++) {
        hashes->tokens[i] = (ndup__tokens){.allocator = allocator};
    }
    mark_classes(hashes);
    return list_members(hashes, error);
}

void ndup__class_hashes_deinit(ndup__class_hashes *hashes)
{
    const ndup_allocator *allocator = hashes->run->allocator;
    unsigned workers = ndup__pool_workers(hashes->run->pool);
    for (unsigned i = 0; hashes->tokens != NULL && i < workers; i++) {
        ndup__tokens_deinit(&hashes->tokens[i]);
    }
    ndup__free(allocator, &hashes->tokens, workers, sizeof *hashes->tokens);
    ndup__free(allocator, &hashes->has_several, hashes->class_count / 8 + 1, 1);
    ndup__free(allocator, &hashes->by_tokens, hashes->class_count / 8 + 1, 1);
    ndup__free(allocator, &hashes->members, hashes->count, sizeof *hashes->members);
    ndup__free(allocator, &hashes->hashes, hashes->count, sizeof *hashes->hashes);
}

/* Tokens are strings with zeros between them, of which there may be more; each ends with one. */
static void add_tokens(ndup__keyed_hash *hash, const ndup__tokens *tokens)
{
    const char *at = tokens->bytes;
    for (size_t i = 0; i < tokens->count; i++) {
        while (*at == 0) {
            at++;
        }
        size_t length = strlen(at);
        ndup__keyed_hash_add(hash, at, length + 1);
        at += length;
    }
}

static ndup_status hash_tokens(ndup__keyed_hash *hash, ndup__tokens *tokens,
                               const ndup__shingling *shingling, ndup_text text, ndup_error *error)
{
    ndup_status status = NDUP_STATUS_OK;
    bool in_slices = ndup__takes_slices(shingling, text.length);
    for (size_t at = 0; at < text.length && status == NDUP_STATUS_OK;) {
        size_t end = in_slices ? ndup__slice_end(text, at) : text.length;
        status = ndup__tokenize_bytes(tokens, shingling->mode, text.bytes + at, end - at, error);
        if (status == NDUP_STATUS_OK) {
            add_tokens(hash, tokens);
        }
        at = end;
    }
    return status;
}

ndup_status ndup__class_hashes_make(ndup__class_hashes *hashes, size_t member,
                                    const ndup__item *item, ndup__block *block, unsigned worker,
                                    ndup_error *error)
{
    const ndup__run *run = hashes->run;
    uint32_t document = hashes->members[member];
    ndup_text text = item->document.text;
    ndup__keyed_hash hash;
    ndup_status status = ndup__run_check_text(run, document, text, error);
    ndup__keyed_hash_begin(&hash, hashes->key);
    if (status == NDUP_STATUS_OK &&
        ndup__table_reading(&run->table, document) != NDUP_READING_WORDS) {
        status = ndup__corpus_stored(&text, run->corpus, block, item, error);
        ndup__keyed_hash_add(&hash, text.bytes, text.length);
    } else if (status == NDUP_STATUS_OK &&
               bit_of(hashes->by_tokens, run->table.classes[document])) {
        status = hash_tokens(&hash, &hashes->tokens[worker], &run->shingling, text, error);
    } else {
        ndup__keyed_hash_add(&hash, text.bytes, text.length);
    }
    hashes->hashes[member] = ndup__keyed_hash_end(&hash);
    return status;
}

/* Calls two hashes of one class unlike, once they are of tokens. */
static bool differ(ndup__hash128 a, ndup__hash128 b)
{
    return a.low != b.low || a.high != b.high;
}

static bool is_exact(const ndup__class_hashes *hashes, uint32_t document)
{
    const ndup__table *table = &hashes->run->table;
    return bit_of(hashes->by_tokens, table->classes[document]) ||
           ndup__table_reading(table, document) != NDUP_READING_WORDS;
}

/* Members by class and number: the first of each class is its first in the corpus. */
static ndup_status sort_members(uint64_t **order, const ndup__class_hashes *hashes,
                                ndup_error *error)
{
    const ndup_allocator *allocator = hashes->run->allocator;
    uint64_t *scratch = NULL;
    *order = NULL;
    ndup_status status = ndup__resize(allocator, order, 0, hashes->count, sizeof **order, error);
    if (status == NDUP_STATUS_OK) {
        status = ndup__resize(allocator, &scratch, 0, hashes->count, sizeof *scratch, error);
    }
    if (status == NDUP_STATUS_OK) {
        for (size_t i = 0; i < hashes->count; i++) {
            (*order)[i] = (uint64_t)hashes->run->table.classes[hashes->members[i]] << 32 | i;
        }
        ndup__sort_hashes(*order, scratch, hashes->count);
    }
    ndup__free(allocator, &scratch, hashes->count, sizeof *scratch);
    return status;
}

/* Leaves in order[0..return) the members that are unlike the first of their class. */
static size_t find_unlike(bool *again, uint64_t *order, const ndup__class_hashes *hashes)
{
    size_t unlike = 0;
    uint64_t first = 0;
    for (size_t i = 0; i < hashes->count; i++) {
        uint32_t member = (uint32_t)order[i];
        if (i == 0 || order[i] >> 32 != first >> 32) {
            first = order[i];
        } else if (differ(hashes->hashes[member], hashes->hashes[(uint32_t)first])) {
            uint32_t document = hashes->members[member];
            if (!is_exact(hashes, document)) {
                set_bit(hashes->by_tokens, hashes->run->table.classes[document]);
                *again = true;
            }
            order[unlike++] = member;
        }
    }
    return unlike;
}

ndup_status ndup__class_hashes_compare(bool *again, size_t *parted, ndup__class_hashes *hashes,
                                       ndup_error *error)
{
    uint64_t *order;
    *again = false;
    *parted = 0;
    ndup_status status = sort_members(&order, hashes, error);
    size_t unlike = status == NDUP_STATUS_OK ? find_unlike(again, order, hashes) : 0;
    if (unlike > 0 && !*again) {
        ndup__table_unrank(&hashes->run->table);
    }
    for (size_t i = 0; i < unlike && !*again && status == NDUP_STATUS_OK; i++) {
        status = ndup__table_part(&hashes->run->table, hashes->members[order[i]], error);
        *parted += status == NDUP_STATUS_OK;
    }
    ndup__free(hashes->run->allocator, &order, hashes->count, sizeof *order);
    return status;
}
