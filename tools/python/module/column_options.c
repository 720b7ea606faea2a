/* SPDX-License-Identifier: MIT */
/* Each option has its reader, since Polars' own threads read them, without Python. */
#include "column_options.h"

#include <stdio.h>
#include <string.h>

#include "pickled.h"

typedef struct reading {
    column_options *options;
    ndup_error *error;
    bool wants_preset; /* it comes first: the others change it */
    ndup_status status;
} reading;

static ndup_status refuse(ndup_error *error, const char *name, const char *wanted)
{
    *error = (ndup_error){.status = NDUP_STATUS_INVALID};
    snprintf(error->message, sizeof error->message, "%.40s must be %s", name, wanted);
    return NDUP_STATUS_INVALID;
}

static bool copy_text(char *into, size_t size, const pickled *value)
{
    bool fits = value->kind == PICKLED_TEXT && value->text.length < size;
    if (fits) {
        memcpy(into, value->text.bytes, value->text.length);
        into[value->text.length] = '\0';
    }
    return fits;
}

static ndup_status read_preset(reading *now, const pickled *value)
{
    char name[64];
    return copy_text(name, sizeof name, value)
               ? ndup_dedup_options_init(&now->options->reading, name, now->error)
               : refuse(now->error, "preset", "a short str");
}

static ndup_status read_tokens(reading *now, const pickled *value)
{
    char name[32];
    for (unsigned mode = 0; copy_text(name, sizeof name, value) && mode <= NDUP_TOKEN_POSTS;
         mode++) {
        if (strcmp(ndup_token_mode_name((ndup_token_mode)mode), name) == 0) {
            now->options->reading.matching.tokens = (ndup_token_mode)mode;
            return NDUP_STATUS_OK;
        }
    }
    return refuse(now->error, "tokens", "words, characters, exact, code or posts");
}

static ndup_status read_sketch(reading *now, const pickled *value)
{
    column_options *options = now->options;
    options->reading.sketch = options->sketch;
    return copy_text(options->sketch, sizeof options->sketch, value)
               ? NDUP_STATUS_OK
               : refuse(now->error, "sketch", "the name of a kind of sketch");
}

static ndup_status read_unsigned(unsigned *into, reading *now, const char *name,
                                 const pickled *value)
{
    if (value->kind != PICKLED_COUNT || value->count > UINT32_MAX) {
        return refuse(now->error, name, "a whole number from 0 on");
    }
    *into = (unsigned)value->count;
    return NDUP_STATUS_OK;
}

static ndup_status read_shingle_size(reading *now, const pickled *value)
{
    return read_unsigned(&now->options->reading.matching.shingle_size, now, "shingle_size", value);
}

static ndup_status read_slots(reading *now, const pickled *value)
{
    return read_unsigned(&now->options->reading.slots, now, "slots", value);
}

static ndup_status read_seed(reading *now, const pickled *value)
{
    now->options->reading.seed = value->count;
    return value->kind == PICKLED_COUNT
               ? NDUP_STATUS_OK
               : refuse(now->error, "seed", "a whole number from 0 on, in 64 bits");
}

static ndup_status read_threshold(reading *now, const pickled *value)
{
    now->options->cleaning.threshold = value->real;
    now->options->reading.matching.threshold = value->real;
    return value->kind == PICKLED_COUNT || value->kind == PICKLED_REAL
               ? NDUP_STATUS_OK
               : refuse(now->error, "threshold", "a number");
}

static ndup_status read_recall(reading *now, const pickled *value)
{
    now->options->reading.recall = value->real;
    return value->kind == PICKLED_COUNT || value->kind == PICKLED_REAL
               ? NDUP_STATUS_OK
               : refuse(now->error, "recall", "a number");
}

static const struct reader {
    const char *name;
    ndup_status (*read)(reading *now, const pickled *value);
} readers[] = {{"preset", read_preset},       {"shingle_size", read_shingle_size},
               {"tokens", read_tokens},       {"sketch", read_sketch},
               {"slots", read_slots},         {"seed", read_seed},
               {"threshold", read_threshold}, {"recall", read_recall}};

static bool take_option(void *context, ndup_text name, const pickled *value)
{
    reading *now = context;
    for (size_t i = 0; i < sizeof readers / sizeof *readers; i++) {
        bool is_it = strlen(readers[i].name) == name.length &&
                     memcmp(readers[i].name, name.bytes, name.length) == 0;
        if (is_it && (i == 0) == now->wants_preset && value->kind != PICKLED_NONE) {
            now->status = readers[i].read(now, value);
        }
        if (is_it) {
            return now->status == NDUP_STATUS_OK;
        }
    }
    *now->error = (ndup_error){.status = NDUP_STATUS_INVALID};
    snprintf(now->error->message, sizeof now->error->message, "there is no option %.*s",
             name.length < 40 ? (int)name.length : 40, name.bytes);
    now->status = NDUP_STATUS_INVALID;
    return false;
}

ndup_status column_options_read(column_options *options, const uint8_t *pickle, size_t length,
                                ndup_error *error)
{
    reading now = {.options = options, .error = error, .wants_preset = true};
    ndup_flag_options_init(&options->cleaning);
    now.status = ndup_dedup_options_init(&options->reading, NULL, error);
    bool is_read = pickled_read(pickle, length, take_option, &now);
    now.wants_preset = false;
    is_read = is_read && pickled_read(pickle, length, take_option, &now);
    return is_read || now.status != NDUP_STATUS_OK
               ? now.status
               : refuse(error, "options", "strings and numbers by name");
}
