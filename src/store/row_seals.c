/* SPDX-License-Identifier: MIT */
/* Numbers and lengths first, then the texts, each with the hash so far as seed. */
#include "store/row_seals.h"

#include "base/hash.h"

static uint64_t add_text(uint64_t seal, ndup_text text)
{
    return text.length > 0 ? ndup__hash_bytes(text.bytes, text.length, seal) : seal;
}

/* The lower 32 bits, which SQLite stores in four bytes: of four billion damaged rows one passes,
 * and each document saves eight bytes. */
static uint64_t shorten(uint64_t seal)
{
    return (uint64_t)(int64_t)(int32_t)(uint32_t)seal;
}

uint64_t ndup__seal_document(const ndup__stored_document *document)
{
    const ndup_text texts[] = {document->id, document->url, document->source, document->title,
                               document->date};
    const uint64_t numbers[] = {
        document->number,
        document->family,
        document->stands,
        document->is_dated,
        document->is_dated ? (uint64_t)document->time : 0,
        (uint64_t)document->added,
        document->bytes,
        document->tokens,
        document->reading,
        document->text_hash,
        document->class_hash[0],
        document->class_hash[1],
        texts[0].length,
        texts[1].length,
        texts[2].length,
        texts[3].length,
        texts[4].length,
    };
    uint64_t seal = ndup__hash_bytes(numbers, sizeof numbers, 0);
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        seal = add_text(seal, texts[i]);
    }
    return shorten(seal);
}

uint64_t ndup__seal_sketch(uint32_t number, const ndup__stored_sketch *sketch)
{
    const uint64_t numbers[] = {number, sketch->row.length, sketch->tokens.length};
    uint64_t seal = ndup__hash_bytes(numbers, sizeof numbers, 0);
    return shorten(add_text(add_text(seal, sketch->row), sketch->tokens));
}

uint64_t ndup__seal_block(const ndup__stored_block *row)
{
    const ndup_text removed = {(const char *)row->removed,
                               row->has_removed ? (size_t)NDUP__REMOVED_BYTES : 0};
    const uint64_t numbers[] = {row->block, (uint64_t)row->least, removed.length};
    return add_text(ndup__hash_bytes(numbers, sizeof numbers, 0), removed);
}

uint64_t ndup__seal_witness(uint32_t family, uint32_t place, ndup_text tokens)
{
    const uint64_t numbers[] = {family, place, tokens.length};
    return add_text(ndup__hash_bytes(numbers, sizeof numbers, 0), tokens);
}

uint64_t ndup__seal_members(uint32_t family, uint64_t members)
{
    const uint64_t numbers[] = {family, members};
    return ndup__hash_bytes(numbers, sizeof numbers, 0);
}

uint64_t ndup__seal_counts(const ndup__database_counts *counts)
{
    const uint64_t numbers[] = {counts->last, counts->documents, counts->copies, counts->families};
    return ndup__hash_bytes(numbers, sizeof numbers, 0);
}
