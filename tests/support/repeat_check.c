/* SPDX-License-Identifier: MIT */
/* Showing repeats as text, so that a failing test prints what was found. */
#include "support/repeat_check.h"

#include <stdio.h>
#include <string.h>

#include "support/test.h"

void repeat_check_init(repeat_check *self, const char *title, const char *text, size_t length,
                       bool refrains)
{
    ndup_flag_options options;
    ndup_error error = {0};
    ndup_flag_options_init(&options);
    options.refrains = refrains;
    *self = (repeat_check){.document = {.title = {title, strlen(title)}, .text = {text, length}}};
    ndup__repeat_finder_init(&self->finder, &options);
    assert_ok(ndup__paragraphs_split(&self->paragraphs, text, length, false, &error), &error);
    assert_ok(ndup__repeat_find(&self->finder, &self->document, self->paragraphs.units,
                                self->paragraphs.count, &error),
              &error);
}

void repeat_check_deinit(repeat_check *self)
{
    ndup__paragraphs_deinit(&self->paragraphs);
    ndup__repeat_finder_deinit(&self->finder);
}

static void show_one(char *out, size_t room, const ndup_repeat *repeat)
{
    char first[32];
    char block[48] = "";
    char refrain[32] = "";
    snprintf(first, sizeof first, "%zu", repeat->first);
    if (repeat->block_units > 1) {
        snprintf(block, sizeof block, " block %zux%zu", repeat->block, repeat->block_units);
    }
    if (repeat->refrain != NDUP_REFRAIN_NONE) {
        snprintf(refrain, sizeof refrain, " (%s)", ndup_refrain_name(repeat->refrain));
    }
    snprintf(out, room, "%zu=%s %s %s%s%s; ", repeat->unit, repeat->in_title ? "title" : first,
             ndup_repeat_kind_name(repeat->kind), ndup_unit_kind_name(repeat->role), block,
             refrain);
}

const char *repeat_check_show(repeat_check *self)
{
    self->shown[0] = '\0';
    for (size_t i = 0; i < self->finder.count; i++) {
        size_t used = strlen(self->shown);
        show_one(self->shown + used, sizeof self->shown - used, &self->finder.repeats[i]);
    }
    return self->shown;
}

static void assert_found(const char *text, const char *expected, bool refrains)
{
    repeat_check check;
    repeat_check_init(&check, "", text, strlen(text), refrains);
    assert_string_equal(repeat_check_show(&check), expected);
    repeat_check_deinit(&check);
}

void assert_repeats(const char *text, const char *expected)
{
    assert_found(text, expected, false);
}

void assert_refrains(const char *text, const char *expected)
{
    assert_found(text, expected, true);
}
