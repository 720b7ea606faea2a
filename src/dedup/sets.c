/* SPDX-License-Identifier: MIT */
/* A hash table and a use list of shingle sets; re-reading is the costly part of verification, so
 * leaders stay. */
#include "dedup/sets.h"

#include <pthread.h>
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "similarity/figures.h"
#include "text/shingle.h"
#include "text/token_bytes.h"

/* Bytes of the budget for each chain of the table: about those of a short text's set. */
#define BYTES_PER_CHAIN 512

struct ndup__sets {
    const ndup__run *run;
    size_t budget;
    pthread_mutex_t lock; /* guards what follows */
    size_t bytes;
    ndup__set *newest;
    ndup__set *oldest;
    ndup__set **chains; /* [chain_count] */
    size_t chain_count; /* a power of two */
    uint64_t slot_key;
};

void ndup__set_reader_init(ndup__set_reader *reader, const ndup_allocator *allocator)
{
    *reader = (ndup__set_reader){.tokens = {.allocator = allocator},
                                 .text_class = NDUP__NO_CLASS,
                                 .index_class = NDUP__NO_CLASS,
                                 .index = {.allocator = allocator}};
    ndup__block_init(&reader->block, allocator);
    reader->block.texts_only = true;
}

void ndup__set_reader_deinit(ndup__set_reader *reader)
{
    const ndup_allocator *allocator = reader->tokens.allocator;
    ndup__free(allocator, &reader->shingles, reader->shingle_capacity, sizeof *reader->shingles);
    ndup__free(allocator, &reader->scratch, reader->scratch_capacity, sizeof *reader->scratch);
    ndup__block_deinit(&reader->block);
    ndup__tokens_deinit(&reader->tokens);
    ndup__index_deinit(&reader->index);
}

/* Shingles of the reader's tokens, in text order. */
static ndup_status shingle_tokens(ndup__set_reader *reader, size_t *count,
                                  const ndup__shingling *shingling, ndup_error *error)
{
    *count = ndup__shingle_count(reader->tokens.count, shingling->size);
    ndup_status status =
        ndup__reserve(reader->tokens.allocator, &reader->shingles, &reader->shingle_capacity,
                      *count, sizeof *reader->shingles, error);
    if (status == NDUP_STATUS_OK) {
        ndup__shingle(reader->shingles, reader->tokens.hashes, reader->tokens.count,
                      shingling->size);
    }
    return status;
}

ndup_status ndup__set_reader_shingle(ndup__set_reader *reader, size_t *count,
                                     const ndup__shingling *shingling, ndup_text text,
                                     ndup_error *error)
{
    reader->tokens.seed = shingling->seed;
    ndup_status status =
        ndup__tokenize(&reader->tokens, shingling->mode, text.bytes, text.length, error);
    if (status == NDUP_STATUS_OK) {
        status = shingle_tokens(reader, count, shingling, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = ndup__reserve(reader->tokens.allocator, &reader->scratch,
                               &reader->scratch_capacity, *count, sizeof *reader->scratch, error);
    }
    if (status == NDUP_STATUS_OK) {
        *count = ndup__sort_distinct(reader->shingles, reader->scratch, *count);
    }
    return status;
}

ndup_status ndup__run_check_text(const ndup__run *run, uint32_t document, ndup_text text,
                                 ndup_error *error)
{
    const ndup__table *table = &run->table;
    if (ndup__hash_bytes(text.bytes, text.length, 0) != table->text_hashes[document]) {
        ndup_text id = ndup__table_id(table, document);
        return ndup__fail(error, NDUP_STATUS_CHANGED,
                          "document '%.*s' changed while it was being read",
                          (int)(id.length < 100 ? id.length : 100), id.bytes);
    }
    return NDUP_STATUS_OK;
}

ndup_status ndup__run_fetch(const ndup__run *run, ndup__item *item, uint32_t document,
                            ndup__block *block, ndup_error *error)
{
    const ndup__table *table = &run->table;
    ndup_status status = ndup__corpus_fetch(run->corpus, table->places[document],
                                            table->lengths[document], block, item, error);
    return status == NDUP_STATUS_OK
               ? ndup__run_check_text(run, document, item->document.text, error)
               : status;
}

ndup_status ndup__set_reader_fetch(ndup__set_reader *reader, const ndup__run *run,
                                   uint32_t class_number, ndup_error *error)
{
    if (reader->text_class == class_number) {
        return NDUP_STATUS_OK;
    }
    ndup__item item;
    reader->text_class = NDUP__NO_CLASS;
    ndup_status status = ndup__run_fetch(run, &item, run->table.class_documents[class_number],
                                         &reader->block, error);
    if (status == NDUP_STATUS_OK) {
        reader->text = item.document.text;
        reader->text_class = class_number;
    }
    return status;
}

ndup_status ndup__set_reader_index(ndup__set_reader *reader, const ndup__set *set,
                                   ndup_error *error)
{
    if (reader->index_class == set->class_number) {
        return NDUP_STATUS_OK;
    }
    reader->index_class = NDUP__NO_CLASS; /* the set may go away */
    return ndup__index_fill(&reader->index, set->shingles, set->count, error);
}

/* One allocation holds the set and its arrays. */
static ndup_status allocate_set(ndup__set **out, const ndup__sets *sets,
                                const ndup__set_reader *reader, ndup_error *error)
{
    size_t count = reader->index.count;
    size_t marks = reader->index.distinct < count ? (count + 63) / 64 : 0;
    size_t numbers = reader->tokens.number_count;
    bool dense = ndup__figures_are_dense(numbers, reader->tokens.count);
    size_t token_hashes = dense ? reader->tokens.count : 0;
    size_t words = count + marks + numbers + token_hashes;
    size_t bytes = sizeof(ndup__set) + words * sizeof(uint64_t) + reader->tokens.byte_count;
    ndup__set *set = NULL;
    ndup_status status = ndup__resize(sets->run->allocator, &set, 0, bytes, 1, error);
    if (status == NDUP_STATUS_OK) {
        *set = (ndup__set){.bytes = bytes, .pins = 1};
        set->shingles = (uint64_t *)(set + 1);
        set->count = count;
        set->distinct = reader->index.distinct;
        set->repeats = marks > 0 ? set->shingles + count : NULL;
        set->numbers = set->shingles + count + marks;
        set->number_count = numbers;
        set->token_hashes = dense ? set->numbers + numbers : NULL;
        set->text.tokens = reader->tokens.count;
        set->text.length = reader->tokens.byte_count;
        set->text.bytes = (const char *)(set->shingles + words);
    }
    *out = set;
    return status;
}

static void fill_set(ndup__set *set, const ndup__set_reader *reader)
{
    size_t token_hashes = set->token_hashes != NULL ? set->text.tokens : 0;
    if (set->count > 0) {
        memcpy(set->shingles, reader->shingles, set->count * sizeof *set->shingles);
    }
    if (set->repeats != NULL) {
        ndup__index_mark_repeats(set->repeats, &reader->index);
    }
    if (set->number_count > 0) {
        memcpy(set->numbers, reader->tokens.numbers, set->number_count * sizeof *set->numbers);
    }
    if (set->token_hashes != NULL) {
        memcpy(set->token_hashes, reader->tokens.hashes,
               set->text.tokens * sizeof *set->token_hashes);
    }
    memcpy((char *)(set->numbers + set->number_count + token_hashes), reader->tokens.bytes,
           set->text.length);
}

typedef ndup_status tokenizer(ndup__tokens *tokens, ndup__token_mode mode, const char *text,
                              size_t length, ndup_error *error);

static ndup_status read_shingles(ndup__set_reader *reader, size_t *count, const ndup__run *run,
                                 uint32_t class_number, tokenizer *tokenize, ndup_error *error)
{
    *count = 0;
    reader->index_class = NDUP__NO_CLASS;
    reader->tokens.seed = run->shingling.seed;
    ndup_status status = ndup__set_reader_fetch(reader, run, class_number, error);
    if (status == NDUP_STATUS_OK) {
        status = tokenize(&reader->tokens, run->shingling.mode, reader->text.bytes,
                          reader->text.length, error);
    }
    return status == NDUP_STATUS_OK ? shingle_tokens(reader, count, &run->shingling, error)
                                    : status;
}

static ndup_status read_index(ndup__set_reader *reader, const ndup__run *run, uint32_t class_number,
                              tokenizer *tokenize, ndup_error *error)
{
    size_t count;
    ndup_status status = read_shingles(reader, &count, run, class_number, tokenize, error);
    return status == NDUP_STATUS_OK
               ? ndup__index_fill(&reader->index, reader->shingles, count, error)
               : status;
}

ndup_status ndup__set_reader_list(ndup__set_reader *reader, size_t *count, const ndup__run *run,
                                  uint32_t class_number, ndup_error *error)
{
    reader->tokens.wants_numbers = false;
    return read_shingles(reader, count, run, class_number, ndup__tokenize, error);
}

ndup_status ndup__set_reader_read(ndup__set_reader *reader, const ndup__run *run,
                                  uint32_t class_number, ndup_error *error)
{
    reader->tokens.wants_numbers = false;
    return read_index(reader, run, class_number, ndup__tokenize, error);
}

static ndup_status read_set(ndup__set **out, const ndup__sets *sets, uint32_t class_number,
                            ndup__set_reader *reader, ndup_error *error)
{
    const ndup__run *run = sets->run;
    *out = NULL;
    reader->tokens.wants_numbers = run->options->matching.number_agreement > 0;
    ndup_status status = read_index(reader, run, class_number, ndup__tokenize_bytes, error);
    if (status == NDUP_STATUS_OK) {
        status = allocate_set(out, sets, reader, error);
    }
    if (status == NDUP_STATUS_OK) {
        (*out)->class_number = class_number;
        fill_set(*out, reader);
        reader->index_class = class_number;
    }
    return status;
}

ndup_status ndup__sets_new(ndup__sets **out, const ndup__run *run, size_t budget, ndup_error *error)
{
    ndup__sets *sets;
    ndup_status status = ndup__allocate_zeroed(run->allocator, &sets, 1, sizeof *sets, error);
    *out = sets;
    if (status == NDUP_STATUS_OK) {
        sets->run = run;
        sets->budget = budget;
        pthread_mutex_init(&sets->lock, NULL);
        size_t count = 1;
        while (count < budget / BYTES_PER_CHAIN) {
            count *= 2;
        }
        status = ndup__allocate_zeroed(run->allocator, &sets->chains, count, sizeof *sets->chains,
                                       error);
        sets->chain_count = count;
        sets->slot_key = ndup__slot_key();
    }
    return status;
}

static void free_set(const ndup__sets *sets, ndup__set *set)
{
    ndup__free(sets->run->allocator, &set, set->bytes, 1);
}

void ndup__sets_free(ndup__sets *sets)
{
    if (sets == NULL) {
        return;
    }
    while (sets->newest != NULL) {
        ndup__set *set = sets->newest;
        sets->newest = set->older;
        free_set(sets, set);
    }
    pthread_mutex_destroy(&sets->lock);
    const ndup_allocator *allocator = sets->run->allocator;
    ndup__free(allocator, &sets->chains, sets->chain_count, sizeof *sets->chains);
    ndup__free(allocator, &sets, 1, sizeof *sets);
}

static ndup__set **find_link(ndup__sets *sets, uint32_t class_number)
{
    ndup__set **link =
        &sets->chains[ndup__slot_hash(class_number, sets->slot_key) & (sets->chain_count - 1)];
    while (*link != NULL && (*link)->class_number != class_number) {
        link = &(*link)->next;
    }
    return link;
}

static void unlink_use(ndup__sets *sets, ndup__set *set)
{
    *(set->newer != NULL ? &set->newer->older : &sets->newest) = set->older;
    *(set->older != NULL ? &set->older->newer : &sets->oldest) = set->newer;
}

static void push_newest(ndup__sets *sets, ndup__set *set)
{
    set->newer = NULL;
    set->older = sets->newest;
    *(sets->newest != NULL ? &sets->newest->newer : &sets->oldest) = set;
    sets->newest = set;
}

static void evict(ndup__sets *sets)
{
    ndup__set *set = sets->oldest;
    while (set != NULL && sets->bytes > sets->budget) {
        ndup__set *newer = set->newer;
        if (set->pins == 0) {
            ndup__set **link = find_link(sets, set->class_number);
            *link = set->next;
            unlink_use(sets, set);
            sets->bytes -= set->bytes;
            free_set(sets, set);
        }
        set = newer;
    }
}

/* The stored set, pinned and marked as used, or NULL. */
static ndup__set *find_pinned(ndup__sets *sets, uint32_t class_number)
{
    ndup__set *set = *find_link(sets, class_number);
    if (set != NULL) {
        set->pins++;
        unlink_use(sets, set);
        push_newest(sets, set);
    }
    return set;
}

ndup_status ndup__sets_get(ndup__sets *sets, const ndup__set **out, uint32_t class_number,
                           ndup__set_reader *reader, ndup_error *error)
{
    pthread_mutex_lock(&sets->lock);
    ndup__set *set = find_pinned(sets, class_number);
    pthread_mutex_unlock(&sets->lock);
    if (set != NULL) {
        *out = set;
        return NDUP_STATUS_OK;
    }
    ndup__set *made;
    ndup_status status = read_set(&made, sets, class_number, reader, error);
    *out = NULL;
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    pthread_mutex_lock(&sets->lock);
    set = find_pinned(sets, class_number); /* another thread may have been faster */
    if (set == NULL) {
        set = made;
        made = NULL;
        ndup__set **link = find_link(sets, class_number);
        *link = set;
        push_newest(sets, set);
        sets->bytes += set->bytes;
        evict(sets);
    }
    pthread_mutex_unlock(&sets->lock);
    if (made != NULL) {
        free_set(sets, made);
    }
    *out = set;
    return NDUP_STATUS_OK;
}

void ndup__sets_release(ndup__sets *sets, const ndup__set *set)
{
    if (set == NULL) {
        return;
    }
    pthread_mutex_lock(&sets->lock);
    ndup__set *mine = *find_link(sets, set->class_number);
    mine->pins--;
    pthread_mutex_unlock(&sets->lock);
}
