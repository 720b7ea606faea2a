/* SPDX-License-Identifier: MIT */
/* Any bytes as a document: units and repeats stay inside the text, and what is removed is backed by
 * something that stays. The first byte chooses the options. */
#include "fuzz/fuzz_target.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "repeat/finder.h"
#include "text/paragraph.h"

#define CHECK(condition)                                                            \
    do {                                                                            \
        if (!(condition)) {                                                         \
            fprintf(stderr, "%s:%d: not so: %s\n", __FILE__, __LINE__, #condition); \
            abort();                                                                \
        }                                                                           \
    } while (0)

static void check_units(const ndup__paragraphs *paragraphs, size_t length)
{
    size_t end = 0;
    for (size_t i = 0; i < paragraphs->count; i++) {
        const ndup_unit *unit = &paragraphs->units[i];
        CHECK(unit->length > 0 && unit->offset >= end);
        CHECK(ndup_unit_kind_name(unit->kind) != NULL);
        end = unit->offset + unit->length;
        CHECK(end <= length);
    }
}

static void check_repeat(const ndup_repeat *repeat, const ndup__paragraphs *paragraphs,
                         bool refrains)
{
    CHECK(repeat->unit < paragraphs->count);
    CHECK(repeat->in_title || repeat->first < repeat->unit);
    CHECK(refrains || repeat->refrain == NDUP_REFRAIN_NONE);
    CHECK(repeat->similarity > 0 && repeat->similarity <= 1);
    CHECK(repeat->containment > 0 && repeat->containment <= 1);
    CHECK(repeat->removed == NDUP_NONE || repeat->removed == repeat->unit ||
          repeat->removed == repeat->first);
    CHECK((repeat->block == NDUP_NONE) == (repeat->block_units == 1));
}

static void check_removals(const ndup__repeat_finder *finder, size_t units)
{
    bool *removed = calloc(units + 1, sizeof *removed);
    CHECK(removed != NULL);
    for (size_t i = 0; i < finder->count; i++) {
        if (finder->repeats[i].removed != NDUP_NONE) {
            removed[finder->repeats[i].removed] = true;
        }
    }
    for (size_t i = 0; i < finder->count; i++) {
        const ndup_repeat *repeat = &finder->repeats[i];
        if (repeat->removed != NDUP_NONE) {
            CHECK(!removed[repeat->removed == repeat->unit ? repeat->first : repeat->unit]);
        }
    }
    free(removed);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0) {
        return 0;
    }
    bool refrains = (data[0] & 1) != 0;
    bool markdown = (data[0] & 2) != 0;
    const char *text = (const char *)data + 1;
    size_t length = size - 1;
    size_t title = data[0] >> 2 < length ? data[0] >> 2 : length;
    ndup__paragraphs paragraphs = {.allocator = NULL};
    ndup_flag_options options;
    ndup_flag_options_init(&options);
    options.refrains = refrains;
    ndup__repeat_finder finder;
    ndup__repeat_finder_init(&finder, &options);
    ndup_document document = {.text = {text, length}, .title = {text, title}};
    CHECK(ndup__paragraphs_split(&paragraphs, text, length, markdown, NULL) == NDUP_STATUS_OK);
    check_units(&paragraphs, length);
    CHECK(ndup__repeat_find(&finder, &document, paragraphs.units, paragraphs.count, NULL) ==
          NDUP_STATUS_OK);
    for (size_t i = 0; i < finder.count; i++) {
        check_repeat(&finder.repeats[i], &paragraphs, refrains);
        CHECK(i == 0 || finder.repeats[i - 1].unit < finder.repeats[i].unit);
    }
    check_removals(&finder, paragraphs.count);
    ndup__repeat_finder_deinit(&finder);
    ndup__paragraphs_deinit(&paragraphs);
    return 0;
}
