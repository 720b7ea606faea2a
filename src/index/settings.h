/* SPDX-License-Identifier: MIT */
/* What all texts of an index are read and compared by. */
#ifndef NDUP__INDEX_SETTINGS_H
#define NDUP__INDEX_SETTINGS_H

#include "neardup/index.h"
#include "passage/winnow.h"
#include "pipeline/options.h"
#include "sketch/kind.h"
#include "store/database.h"

/* Tables of keys: of ids, of classes, and one for each band. */
#define NDUP__TABLE_IDS 0
#define NDUP__TABLE_CLASSES 1
#define NDUP__TABLE_BANDS 2

/* Keys of one document at most. */
#define NDUP__KEYS_MOST (NDUP__TABLE_BANDS + NDUP__SLOTS_MOST / NDUP_ROWS_MIN + 1)

/* Threads: immutable once made. */
typedef struct ndup__index_settings {
    ndup_index_options options; /* without the secret */
    ndup__shingling shingling;
    ndup_sketcher *sketcher;
    ndup_bands bands;
    size_t row_bytes;
    uint32_t key_count; /* keys of a document: its id, its class, its bands */
    bool has_grams;     /* texts that contain others are looked for */
    uint32_t tables;    /* key_count, and one more for grams */
    ndup__winnow_size gram_size;
    uint64_t secret;           /* hash of the secret; 0 without one */
    uint64_t identity;         /* of the index: what its segments are told by */
    unsigned *agreement_least; /* [slots + 1] by slots that agree since they are of shared bands */
} ndup__index_settings;

/* Checks options and settles what follows from them. Errors: INVALID, NOT_FOUND, MEMORY. */
NDUP_NODISCARD ndup_status ndup__settings_make(ndup__index_settings *settings,
                                               const ndup_index_options *options,
                                               ndup_error *error);

/* Its parts, for settings that come from elsewhere: whether options can be those of an index; what
 * follows from options, sketcher and bands; what a secret mixes into keys. */
NDUP_NODISCARD ndup_status ndup__settings_check(const ndup_index_options *options,
                                                ndup_error *error);
NDUP_NODISCARD ndup_status ndup__settings_derive(ndup__index_settings *settings, ndup_error *error);
uint64_t ndup__settings_secret(ndup_text secret);
void ndup__settings_deinit(ndup__index_settings *settings);

/* Writes them to a new database, with a witness: what this version makes of a known text. */
NDUP_NODISCARD ndup_status ndup__settings_write(const ndup__index_settings *settings,
                                                ndup_text secret, ndup__database *database,
                                                ndup_error *error);

/* Reads them back. Errors: CORRUPT for what cannot be; VERSION where this version would make
 * something else of a text than the one that wrote the index. */
NDUP_NODISCARD ndup_status ndup__settings_read(ndup__index_settings *settings,
                                               ndup__database *database,
                                               const ndup_allocator *allocator, ndup_error *error);

/* The keys of a document from its packed sketch: keys[NDUP__TABLE_BANDS ..]. */
void ndup__settings_band_keys(const ndup__index_settings *settings, uint32_t *keys,
                              const uint8_t *row);

/* The keys of an id, and of a class. */
uint32_t ndup__id_key(ndup_text id);
uint32_t ndup__class_key(const uint64_t class_hash[2]);

#endif
