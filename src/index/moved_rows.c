/* SPDX-License-Identifier: MIT */
/* Adding rows that were prepared elsewhere. */
#include "index/moved_rows.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/error.h"
#include "index/update.h"

ndup_status ndup__moved_row_next(ndup__moved_row *row, const ndup_index *index,
                                 ndup__database *database, uint32_t from, bool *found,
                                 ndup_error *error)
{
    bool has_sketch = false;
    ndup_status status =
        ndup__database_next(database, from, &row->document, &row->sketch, found, error);
    if (status == NDUP_STATUS_OK && *found && index->settings.options.store == NDUP_INDEX_TEXTS) {
        status =
            ndup__database_sketch(database, row->document.number, &row->sketch, &has_sketch, error);
    }
    return status;
}

typedef struct moving {
    const ndup__moved_row *rows; /* [count] */
    size_t count;
    const ndup_allocator *allocator;
} moving;

static ndup_status add_row(ndup__session *session, ndup__arena *arena, const ndup__moved_row *row,
                           ndup_error *error)
{
    const ndup__asking asking = {.matches = 1};
    ndup__prepared prepared;
    ndup_index_answer answer;
    ndup__arena_reset(arena);
    ndup_status status = ndup__prepare_stored(&prepared, arena, &session->row_keys, &row->document,
                                              &row->sketch, error);
    prepared.added = row->document.added;
    return status == NDUP_STATUS_OK
               ? ndup__add_document(session, &answer, arena, &prepared, &asking, true, error)
               : status;
}

static ndup_status add_rows(void *context, ndup__session *session, ndup_error *error)
{
    const moving *now = context;
    ndup__arena arena = {.allocator = now->allocator};
    ndup_status status = NDUP_STATUS_OK;
    for (size_t i = 0; i < now->count && status == NDUP_STATUS_OK; i++) {
        status = add_row(session, &arena, &now->rows[i], error);
    }
    ndup__arena_deinit(&arena);
    return status;
}

ndup_status ndup__moved_rows_add(ndup_index *index, const ndup__moved_row *rows, size_t count,
                                 ndup_error *error)
{
    moving now = {.rows = rows, .count = count, .allocator = index->allocator};
    ndup__change change = {.apply = add_rows, .context = &now};
    return ndup__index_change(index, &change, error);
}

static void put_word(ndup__row_parameter *parameter, const char *name, const char *value)
{
    parameter->name = name;
    snprintf(parameter->value, sizeof parameter->value, "%s", value);
}

static void put_count(ndup__row_parameter *parameter, const char *name, uint64_t value)
{
    parameter->name = name;
    snprintf(parameter->value, sizeof parameter->value, "%" PRIu64, value);
}

/* The same bits give the same text; points are points, whatever the locale. */
static void put_real(ndup__row_parameter *parameter, const char *name, double value)
{
    uint64_t millionths = (uint64_t)(value * 1e6 + 0.5);
    parameter->name = name;
    snprintf(parameter->value, sizeof parameter->value, "%" PRIu64 ".%06" PRIu64,
             millionths / 1000000, millionths % 1000000);
}

void ndup__row_parameters(ndup__row_parameter *list, const ndup__index_settings *settings)
{
    const ndup_dedup_options *dedup = &settings->options.dedup;
    size_t i = 0;
    put_word(&list[i++], "store", ndup_index_store_name(settings->options.store));
    put_word(&list[i++], "tokens", ndup_token_mode_name(dedup->matching.tokens));
    put_count(&list[i++], "shingle", dedup->matching.shingle_size);
    put_real(&list[i++], "threshold", dedup->matching.threshold);
    put_real(&list[i++], "numbers", dedup->matching.number_agreement);
    put_word(&list[i++], "rule", ndup_rule_name(dedup->rule));
    put_real(&list[i++], "containment", dedup->containment);
    put_word(&list[i++], "sketch", dedup->sketch);
    put_count(&list[i++], "slots", settings->bands.slots);
    put_count(&list[i++], "bands", settings->bands.bands);
    put_count(&list[i++], "rows", settings->bands.rows);
    put_count(&list[i++], "seed", dedup->seed);
}

ndup_status ndup__row_parameters_check(const ndup__index_settings *settings,
                                       const ndup__row_parameter *given, ndup_error *error)
{
    ndup__row_parameter own[NDUP__ROW_PARAMETERS];
    ndup__row_parameters(own, settings);
    for (size_t i = 0; i < NDUP__ROW_PARAMETERS; i++) {
        if (strcmp(own[i].value, given[i].value) != 0) {
            return ndup__fail(error, NDUP_STATUS_INVALID,
                              "%s is %s there and %s here: rows of one index fit another only when "
                              "both were made with the same options",
                              own[i].name, given[i].value, own[i].value);
        }
    }
    return NDUP_STATUS_OK;
}
