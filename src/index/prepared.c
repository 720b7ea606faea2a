/* SPDX-License-Identifier: MIT */
/* Sketch, keys and tokens of a document. */
#include "index/prepared.h"

#include <string.h>

#include "base/alloc.h"
#include "base/hash.h"
#include "cluster/keep.h"
#include "similarity/figures.h"

void ndup__prepared_deinit(ndup__prepared *prepared)
{
    const ndup_allocator *allocator = prepared->allocator;
    ndup__free(allocator, &prepared->row, prepared->row_capacity, 1);
    ndup__free(allocator, &prepared->keys, prepared->key_capacity, sizeof *prepared->keys);
    ndup__free(allocator, &prepared->grams, prepared->gram_capacity, sizeof *prepared->grams);
    ndup__free(allocator, &prepared->tokens, prepared->token_capacity, 1);
    ndup__free(allocator, &prepared->text, prepared->text_capacity, 1);
    *prepared = (ndup__prepared){.allocator = allocator};
}

ndup_status ndup__preparer_init(ndup__preparer *preparer, const ndup__index_settings *settings,
                                const ndup_allocator *allocator, ndup_error *error)
{
    *preparer = (ndup__preparer){.settings = settings, .list = {.allocator = allocator}};
    ndup_status status = ndup__text_sketch_init(&preparer->sketch, &settings->shingling,
                                                settings->sketcher, allocator, error);
    if (status == NDUP_STATUS_OK) {
        status = ndup__gram_maker_init(&preparer->grams, settings, allocator, error);
    }
    if (status == NDUP_STATUS_OK && settings->options.store == NDUP_INDEX_TEXTS) {
        status = ndup__packer_new(&preparer->packer, allocator, error);
    }
    preparer->sketch.keeps_tokens = true;
    preparer->sketch.tokens.wants_numbers = settings->options.dedup.matching.number_agreement > 0;
    return status;
}

void ndup__preparer_deinit(ndup__preparer *preparer)
{
    ndup__text_sketch_deinit(&preparer->sketch);
    ndup__token_list_deinit(&preparer->list);
    ndup__gram_maker_deinit(&preparer->grams);
    ndup__packer_free(preparer->packer);
}

/* What the text was taken from: the record, or the file. */
static ndup_text stored_of(const ndup_document *document)
{
    if (document->record.length > 0) {
        return document->record;
    }
    return document->original.length > 0 ? document->original : document->text;
}

static ndup_status reserve(ndup__prepared *prepared, const ndup__index_settings *settings,
                           ndup_error *error)
{
    ndup_status status = ndup__reserve(prepared->allocator, &prepared->row, &prepared->row_capacity,
                                       settings->row_bytes, 1, error);
    return status == NDUP_STATUS_OK
               ? ndup__reserve(prepared->allocator, &prepared->keys, &prepared->key_capacity,
                               settings->tables, sizeof *prepared->keys, error)
               : status;
}

/* A copy of the grams that a maker has made. */
static ndup_status copy_grams(ndup__prepared *prepared, const ndup__gram_maker *maker,
                              ndup_error *error)
{
    ndup_status status =
        ndup__reserve(prepared->allocator, &prepared->grams, &prepared->gram_capacity, maker->count,
                      sizeof *prepared->grams, error);
    if (status == NDUP_STATUS_OK && maker->count > 0) {
        memcpy(prepared->grams, maker->grams, maker->count * sizeof *prepared->grams);
    }
    prepared->gram_count = status == NDUP_STATUS_OK ? maker->count : 0;
    return status;
}

static ndup_status code_tokens(ndup__preparer *preparer, ndup__prepared *prepared,
                               ndup_error *error)
{
    const ndup__tokens *tokens = &preparer->sketch.tokens;
    ndup__token_list *list = &preparer->list;
    bool is_dense = ndup__figures_are_dense(tokens->number_count, tokens->count);
    ndup_status status = ndup__token_list_make(list, tokens->hashes, tokens->count, tokens->numbers,
                                               is_dense ? tokens->number_count : 0, error);
    if (status == NDUP_STATUS_OK) {
        status = ndup__reserve(prepared->allocator, &prepared->tokens, &prepared->token_capacity,
                               list->byte_count, 1, error);
    }
    if (status == NDUP_STATUS_OK) {
        memcpy(prepared->tokens, list->bytes, list->byte_count);
        prepared->token_bytes = list->byte_count;
        status = ndup__gram_maker_make(&preparer->grams, list, error);
    }
    return status == NDUP_STATUS_OK ? copy_grams(prepared, &preparer->grams, error) : status;
}

static ndup_status pack_text(ndup__preparer *preparer, ndup__prepared *prepared, ndup_text text,
                             ndup_error *error)
{
    ndup_status status =
        ndup__reserve(prepared->allocator, &prepared->text, &prepared->text_capacity,
                      ndup__packed_most(text.length), 1, error);
    return status == NDUP_STATUS_OK
               ? ndup__pack(preparer->packer, prepared->text, &prepared->text_bytes, text.bytes,
                            text.length, error)
               : status;
}

/* What is kept of a text besides its sketch. */
static ndup_status fill_kept(ndup__preparer *preparer, ndup__prepared *prepared, ndup_text text,
                             ndup_error *error)
{
    ndup_index_store store = preparer->settings->options.store;
    prepared->token_bytes = prepared->text_bytes = prepared->gram_count = 0;
    ndup_status status =
        store != NDUP_INDEX_SKETCHES ? code_tokens(preparer, prepared, error) : NDUP_STATUS_OK;
    return status == NDUP_STATUS_OK && store == NDUP_INDEX_TEXTS
               ? pack_text(preparer, prepared, text, error)
               : status;
}

static void fill_keys(const ndup__index_settings *settings, ndup__prepared *prepared)
{
    prepared->keys[settings->tables - 1] = 0; /* of grams, which are many */
    prepared->keys[NDUP__TABLE_IDS] = ndup__id_key(prepared->id);
    prepared->keys[NDUP__TABLE_CLASSES] = ndup__class_key(prepared->class_hash);
    ndup__settings_band_keys(settings, prepared->keys, prepared->row);
}

ndup_status ndup__prepare(ndup__preparer *preparer, ndup__prepared *prepared,
                          const ndup_document *document, ndup_error *error)
{
    const ndup__index_settings *settings = preparer->settings;
    ndup__text_sketch *sketch = &preparer->sketch;
    sketch->watch = &preparer->watch;
    ndup_status status = reserve(prepared, settings, error);
    if (status == NDUP_STATUS_OK) {
        status = ndup__text_sketch_make(sketch, document->text, error);
    }
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    ndup__hash128 class_hash = ndup__text_sketch_class(sketch, stored_of(document));
    prepared->id = document->id;
    prepared->url = document->url;
    prepared->source = document->source;
    prepared->title = document->title;
    prepared->date = document->date;
    prepared->length = document->text.length;
    prepared->reading = sketch->reading;
    prepared->token_count = sketch->token_count;
    prepared->text_hash = ndup__hash_bytes(document->text.bytes, document->text.length, 0);
    prepared->class_hash[0] = class_hash.low;
    prepared->class_hash[1] = class_hash.high;
    prepared->is_dated = ndup__parse_date(&prepared->time, document->date) == NDUP__DATE_READ;
    prepared->time = prepared->is_dated ? prepared->time : 0;
    ndup__row_pack(settings->sketcher, prepared->row, sketch->state);
    fill_keys(settings, prepared);
    return fill_kept(preparer, prepared, document->text, error);
}

static ndup_status copy(ndup_text *text, ndup__arena *arena, ndup_text from, ndup_error *error)
{
    char *bytes = NULL;
    ndup_status status = ndup__arena_copy(arena, &bytes, from.bytes, from.length, error);
    *text = (ndup_text){bytes, from.length};
    return status;
}

static ndup_status copy_stored(ndup__prepared *prepared, ndup__arena *arena,
                               const ndup__stored_document *document,
                               const ndup__stored_sketch *sketch, ndup_error *error)
{
    ndup_text blobs[3];
    struct {
        ndup_text *to, from;
    } texts[] = {{&prepared->id, document->id},         {&prepared->url, document->url},
                 {&prepared->source, document->source}, {&prepared->title, document->title},
                 {&prepared->date, document->date},     {&blobs[0], sketch->row},
                 {&blobs[1], sketch->tokens},           {&blobs[2], sketch->text}};
    ndup_status status = NDUP_STATUS_OK;
    for (size_t i = 0; i < sizeof texts / sizeof *texts && status == NDUP_STATUS_OK; i++) {
        status = copy(texts[i].to, arena, texts[i].from, error);
    }
    if (status == NDUP_STATUS_OK) {
        prepared->row = (uint8_t *)blobs[0].bytes;
        prepared->tokens = (char *)blobs[1].bytes;
        prepared->token_bytes = blobs[1].length;
        prepared->text = (char *)blobs[2].bytes;
        prepared->text_bytes = blobs[2].length;
    }
    return status;
}

/* All keys, since it may come to stand for a family. */
static ndup_status copy_keys(ndup__prepared *prepared, ndup__arena *arena, ndup__row_keys *room,
                             const ndup__stored_document *document,
                             const ndup__stored_sketch *sketch, ndup_error *error)
{
    ndup__document_keys keys;
    ndup__stored_document standing = *document;
    char *copied = NULL;
    char *grams = NULL;
    standing.stands = true;
    ndup_status status = ndup__row_keys_make(room, &keys, &standing, sketch, error);
    if (status == NDUP_STATUS_OK) {
        status = ndup__arena_copy(arena, &copied, (const char *)keys.keys,
                                  room->maker.settings->tables * sizeof *keys.keys, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = ndup__arena_copy(arena, &grams, (const char *)keys.grams,
                                  keys.gram_count * sizeof *keys.grams, error);
    }
    prepared->keys = (uint32_t *)(void *)copied;
    prepared->grams = (uint32_t *)(void *)grams;
    prepared->gram_count = keys.gram_count;
    return status;
}

ndup_status ndup__prepare_stored(ndup__prepared *prepared, ndup__arena *arena, ndup__row_keys *room,
                                 const ndup__stored_document *document,
                                 const ndup__stored_sketch *sketch, ndup_error *error)
{
    *prepared = (ndup__prepared){.length = document->bytes,
                                 .reading = (ndup_reading)document->reading,
                                 .token_count = document->tokens,
                                 .text_hash = document->text_hash,
                                 .class_hash = {document->class_hash[0], document->class_hash[1]},
                                 .is_dated = document->is_dated,
                                 .time = document->time};
    ndup_status status = copy_keys(prepared, arena, room, document, sketch, error);
    return status == NDUP_STATUS_OK ? copy_stored(prepared, arena, document, sketch, error)
                                    : status;
}

ndup__document_keys ndup__prepared_keys(const ndup__prepared *prepared,
                                        const ndup__index_settings *settings, bool stands)
{
    bool has_all = stands && prepared->reading == NDUP_READING_WORDS && prepared->token_count > 0;
    return (ndup__document_keys){.keys = prepared->keys,
                                 .key_count = has_all ? settings->key_count : NDUP__TABLE_BANDS,
                                 .grams = prepared->grams,
                                 .gram_count = has_all ? prepared->gram_count : 0};
}
