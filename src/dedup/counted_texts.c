/* SPDX-License-Identifier: MIT */
/* Members by their buckets, others by the counts of their sources. */
#include "dedup/counted_texts.h"

#include "base/alloc.h"

/* Of each source so many texts, or a few more, tell what stands on its pages. */
#define TEXTS_PER_SOURCE 64

typedef struct source_texts {
    uint32_t others;  /* texts that are no members */
    bool has_members; /* only then are the others read */
} source_texts;

static void set_class_bit(uint8_t *bits, size_t class_number, bool value)
{
    bits[class_number >> 3] = (uint8_t)(bits[class_number >> 3] | value << (class_number & 7));
}

static bool is_counted(uint32_t tokens)
{
    return tokens > 0 && tokens <= NDUP__COUNTED_TOKENS_MOST;
}

static void mark_members(ndup__counted_texts *texts, uint8_t *sizes, const ndup__buckets *buckets,
                         const uint32_t *tokens)
{
    for (size_t i = 0; i < buckets->membership_count; i++) {
        uint8_t *size = &sizes[buckets->buckets[i]];
        *size = (uint8_t)(*size < NDUP__FORM_BUCKET ? *size + 1 : *size);
    }
    for (size_t row = 0; row < buckets->row_count; row++) {
        unsigned large = 0;
        for (uint64_t i = buckets->starts[row]; i < buckets->starts[row + 1]; i++) {
            large += sizes[buckets->buckets[i]] >= NDUP__FORM_BUCKET;
        }
        bool is_member = large >= 2 && tokens[row] <= NDUP__COUNTED_TOKENS_MOST;
        set_class_bit(texts->members, row, is_member);
        texts->member_count += is_member;
    }
}

static void mark_all(ndup__counted_texts *texts, const uint32_t *tokens)
{
    for (size_t i = 0; i < texts->class_count; i++) {
        bool is_member = tokens[i] <= NDUP__COUNTED_TOKENS_MOST;
        set_class_bit(texts->members, i, is_member);
        texts->member_count += is_member;
    }
}

ndup_status ndup__counted_texts_find(ndup__counted_texts *texts, const ndup__run *run,
                                     const ndup__buckets *buckets, ndup_error *error)
{
    uint8_t *sizes = NULL;
    const ndup__table *table = &run->table;
    *texts = (ndup__counted_texts){.allocator = run->allocator, .class_count = table->class_count};
    ndup_status status = ndup__allocate_zeroed(run->allocator, &texts->members,
                                               texts->class_count / 8 + 1, 1, error);
    if (status == NDUP_STATUS_OK && run->options->exact) {
        mark_all(texts, table->class_tokens);
    } else if (status == NDUP_STATUS_OK) {
        status = ndup__allocate_zeroed(run->allocator, &sizes, buckets->bucket_count, 1, error);
        if (status == NDUP_STATUS_OK) {
            mark_members(texts, sizes, buckets, table->class_tokens);
        }
        ndup__free(run->allocator, &sizes, buckets->bucket_count, 1);
    }
    return status;
}

static uint32_t source_row(const ndup__table *table, size_t class_number)
{
    return table->sources[table->class_documents[class_number]];
}

static void look_at_sources(source_texts *sources, const ndup__counted_texts *texts,
                            const ndup__table *table)
{
    for (size_t i = 0; i < texts->class_count; i++) {
        source_texts *source = &sources[source_row(table, i)];
        bool is_member = ndup__class_bit(texts->members, i);
        source->has_members |= is_member;
        source->others += !is_member;
    }
}

static bool is_chosen(const source_texts *sources, const ndup__counted_texts *texts,
                      const ndup__table *table, size_t class_number)
{
    const source_texts *source = &sources[source_row(table, class_number)];
    uint64_t hash = table->text_hashes[table->class_documents[class_number]];
    return !ndup__class_bit(texts->members, class_number) &&
           is_counted(table->class_tokens[class_number]) && source->has_members &&
           hash <= UINT64_MAX / (source->others / TEXTS_PER_SOURCE + 1);
}

ndup_status ndup__counted_texts_choose(ndup__counted_texts *texts, const ndup__table *table,
                                       ndup_error *error)
{
    source_texts *sources = NULL;
    size_t count = table->source_names.count;
    ndup_status status = ndup__allocate_zeroed(texts->allocator, &texts->others,
                                               texts->class_count / 8 + 1, 1, error);
    if (status == NDUP_STATUS_OK && texts->member_count > 0) {
        status = ndup__allocate_zeroed(texts->allocator, &sources, count, sizeof *sources, error);
    }
    if (status == NDUP_STATUS_OK && texts->member_count > 0) {
        look_at_sources(sources, texts, table);
        for (size_t i = 0; i < texts->class_count; i++) {
            set_class_bit(texts->others, i, is_chosen(sources, texts, table, i));
        }
    }
    ndup__free(texts->allocator, &sources, count, sizeof *sources);
    return status;
}

void ndup__counted_texts_deinit(ndup__counted_texts *texts)
{
    ndup__free(texts->allocator, &texts->members, texts->class_count / 8 + 1, 1);
    ndup__free(texts->allocator, &texts->others, texts->class_count / 8 + 1, 1);
}
