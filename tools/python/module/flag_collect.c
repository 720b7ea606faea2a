/* SPDX-License-Identifier: MIT */
/* Documents without a repeat leave nothing. */
#include "flag_collect.h"

#include <stdlib.h>
#include <string.h>

static ndup_status fail(ndup_error *error)
{
    *error = (ndup_error){.status = NDUP_STATUS_MEMORY, .message = "out of memory"};
    return NDUP_STATUS_MEMORY;
}

/* Room for one more item behind `count`. */
static bool make_room(void **items, size_t *capacity, size_t count, size_t item_bytes)
{
    if (count < *capacity) {
        return true;
    }
    size_t wanted = 2 * count + 16;
    void *resized = realloc(*items, wanted * item_bytes);
    if (resized != NULL) {
        *items = resized;
        *capacity = wanted;
    }
    return resized != NULL;
}

/* The first occurrence may be in the title, whose places are its own. */
static bool keep_repeat(flag_collector *self, const ndup_repeat *repeat)
{
    void *items = self->repeats;
    if (!make_room(&items, &self->repeat_capacity, self->repeat_count, sizeof *self->repeats)) {
        return false;
    }
    self->repeats = items;
    kept_repeat *kept = &self->repeats[self->repeat_count++];
    const character_places *places = &self->places;
    *kept = (kept_repeat){.repeat = *repeat,
                          .start = character_places_at(places, repeat->offset),
                          .end = character_places_at(places, repeat->offset + repeat->length)};
    if (!repeat->in_title && repeat->first != NDUP_NONE) {
        kept->first_start = character_places_at(places, repeat->first_offset);
        kept->first_end = character_places_at(places, repeat->first_offset + repeat->first_length);
    }
    return true;
}

static bool keep_document(flag_collector *self, const ndup_flagged *flagged)
{
    void *items = self->documents;
    ndup_text id = flagged->document->id;
    char *copy = malloc(id.length + 1);
    if (copy == NULL || !make_room(&items, &self->document_capacity, self->document_count,
                                   sizeof *self->documents)) {
        free(copy);
        return false;
    }
    if (id.length > 0) {
        memcpy(copy, id.bytes, id.length);
    }
    self->documents = items;
    self->documents[self->document_count++] =
        (kept_document){.number = flagged->document->number,
                        .id = copy,
                        .id_length = id.length,
                        .share = flagged->share,
                        .first_repeat = self->repeat_count,
                        .repeat_count = flagged->repeat_count};
    return true;
}

static ndup_status collect(void *context, const ndup_flagged *flagged, ndup_error *error)
{
    flag_collector *self = context;
    if (flagged->repeat_count == 0) {
        return NDUP_STATUS_OK;
    }
    bool is_kept = keep_document(self, flagged) &&
                   character_places_begin(&self->places, flagged->document->text);
    for (size_t i = 0; i < flagged->repeat_count && is_kept; i++) {
        is_kept = keep_repeat(self, &flagged->repeats[i]);
    }
    return is_kept ? NDUP_STATUS_OK : fail(error);
}

static ndup_status commit(void *context, ndup_error *error)
{
    (void)context;
    (void)error;
    return NDUP_STATUS_OK;
}

static void give_up(void *context)
{
    (void)context;
}

void flag_collector_init(flag_collector *collector)
{
    *collector = (flag_collector){.sink = {.struct_size = sizeof collector->sink,
                                           .context = collector,
                                           .document = collect,
                                           .commit = commit,
                                           .abort = give_up}};
}

void flag_collector_deinit(flag_collector *collector)
{
    for (size_t i = 0; i < collector->document_count; i++) {
        free(collector->documents[i].id);
    }
    free(collector->documents);
    free(collector->repeats);
    character_places_free(&collector->places);
}
