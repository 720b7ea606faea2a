/* SPDX-License-Identifier: MIT */
/* Keys are made of what the database has, so that segments can be made again from it. */
#include "index/row_keys.h"

#include <stdlib.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/hash.h"

ndup_status ndup__gram_maker_init(ndup__gram_maker *maker, const ndup__index_settings *settings,
                                  const ndup_allocator *allocator, ndup_error *error)
{
    *maker =
        (ndup__gram_maker){.settings = settings, .text = {.is_words = true, .is_readable = true}};
    return ndup__winnow_init(&maker->winnow, settings->gram_size, allocator, error);
}

void ndup__gram_maker_deinit(ndup__gram_maker *maker)
{
    ndup__free(maker->winnow.allocator, &maker->grams, maker->capacity, sizeof *maker->grams);
    ndup__winnow_deinit(&maker->winnow);
}

static int by_value(const void *left, const void *right)
{
    uint32_t x = *(const uint32_t *)left;
    uint32_t y = *(const uint32_t *)right;
    return (x > y) - (x < y);
}

static size_t leave_distinct(uint32_t *grams, size_t count)
{
    size_t kept = 0;
    qsort(grams, count, sizeof *grams, by_value);
    for (size_t i = 0; i < count; i++) {
        if (i == 0 || grams[i] != grams[i - 1]) {
            grams[kept++] = grams[i];
        }
    }
    return kept;
}

ndup_status ndup__gram_maker_make(ndup__gram_maker *maker, const ndup__token_list *list,
                                  ndup_error *error)
{
    ndup__winnow *winnow = &maker->winnow;
    maker->count = 0;
    if (!maker->settings->has_grams || list->count == 0) {
        return NDUP_STATUS_OK;
    }
    maker->text.tokens.hashes = list->tokens;
    maker->text.tokens.count = list->count;
    ndup_status status = ndup__winnow_text(winnow, &maker->text, error);
    if (status == NDUP_STATUS_OK) {
        status = ndup__reserve(winnow->allocator, &maker->grams, &maker->capacity, winnow->count,
                               sizeof *maker->grams, error);
    }
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    for (size_t i = 0; i < winnow->count; i++) {
        maker->grams[i] = (uint32_t)ndup__mix64(winnow->grams[i].hash ^ maker->settings->secret);
    }
    maker->count = leave_distinct(maker->grams, winnow->count);
    return NDUP_STATUS_OK;
}

ndup_status ndup__row_keys_init(ndup__row_keys *room, const ndup__index_settings *settings,
                                const ndup_allocator *allocator, ndup_error *error)
{
    *room = (ndup__row_keys){.list = {.allocator = allocator}};
    ndup_status status = ndup__gram_maker_init(&room->maker, settings, allocator, error);
    return status == NDUP_STATUS_OK
               ? ndup__allocate_zeroed(allocator, &room->keys, settings->tables, sizeof *room->keys,
                                       error)
               : status;
}

void ndup__row_keys_deinit(ndup__row_keys *room)
{
    const ndup_allocator *allocator = room->list.allocator;
    if (room->maker.settings != NULL) {
        ndup__free(allocator, &room->keys, room->keys != NULL ? room->maker.settings->tables : 0,
                   sizeof *room->keys);
        ndup__gram_maker_deinit(&room->maker);
    }
    ndup__token_list_deinit(&room->list);
}

static ndup_status make_grams(ndup__row_keys *room, ndup__document_keys *keys, ndup_text tokens,
                              ndup_error *error)
{
    if (!room->maker.settings->has_grams) {
        return NDUP_STATUS_OK;
    }
    ndup_status status = ndup__token_list_read(&room->list, tokens, error);
    if (status == NDUP_STATUS_OK) {
        status = ndup__gram_maker_make(&room->maker, &room->list, error);
    }
    keys->grams = room->maker.grams;
    keys->gram_count = room->maker.count;
    return status;
}

ndup_status ndup__row_keys_make(ndup__row_keys *room, ndup__document_keys *keys,
                                const ndup__stored_document *document,
                                const ndup__stored_sketch *sketch, ndup_error *error)
{
    const ndup__index_settings *settings = room->maker.settings;
    room->keys[NDUP__TABLE_IDS] = ndup__id_key(document->id);
    room->keys[NDUP__TABLE_CLASSES] = ndup__class_key(document->class_hash);
    *keys = (ndup__document_keys){.keys = room->keys, .key_count = NDUP__TABLE_BANDS};
    if (sketch->row.length != settings->row_bytes) {
        return ndup__fail(error, NDUP_STATUS_CORRUPT,
                          "document %u has a sketch of %zu bytes, must be %zu", document->number,
                          sketch->row.length, settings->row_bytes);
    }
    if (!document->stands || document->reading != NDUP_READING_WORDS || document->tokens == 0) {
        return NDUP_STATUS_OK;
    }
    keys->key_count = settings->key_count;
    ndup__settings_band_keys(settings, room->keys, (const uint8_t *)sketch->row.bytes);
    return make_grams(room, keys, sketch->tokens, error);
}
