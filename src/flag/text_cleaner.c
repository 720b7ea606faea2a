/* SPDX-License-Identifier: MIT */
/* Single texts, cleaned as a flag run cleans its documents. */
#include "neardup/text.h"

#include "base/alloc.h"
#include "base/require.h"
#include "flag/flag_options.h"
#include "repeat/finder.h"
#include "report/cleaned_text.h"
#include "text/paragraph.h"

struct ndup_text_cleaner {
    ndup_allocator allocator;
    ndup__paragraphs paragraphs;
    ndup__repeat_finder finder;
    ndup__cleaner cleaner;
};

static void init_cleaner(ndup_text_cleaner *cleaner, const ndup_flag_options *options)
{
    ndup_flag_options own = *options;
    cleaner->allocator = *ndup__allocator(options->allocator);
    own.allocator = &cleaner->allocator;
    own.refrains = false;
    cleaner->paragraphs.allocator = &cleaner->allocator;
    cleaner->cleaner.allocator = &cleaner->allocator;
    ndup__repeat_finder_init(&cleaner->finder, &own);
}

ndup_status ndup_text_cleaner_new(ndup_text_cleaner **out, const ndup_flag_options *options,
                                  ndup_error *error)
{
    ndup_flag_options defaults;
    ndup_flag_options_init(&defaults);
    options = options != NULL ? options : &defaults;
    ndup_status status = NDUP__REQUIRE(error, "cleaner", out);
    if (status == NDUP_STATUS_OK) {
        *out = NULL;
        status = ndup__flag_options_check(options, error);
    }
    ndup_text_cleaner *cleaner;
    if (status == NDUP_STATUS_OK) {
        status = ndup__allocate_zeroed(options->allocator, &cleaner, 1, sizeof *cleaner, error);
    }
    if (status == NDUP_STATUS_OK) {
        init_cleaner(cleaner, options);
        *out = cleaner;
    }
    return status;
}

void ndup_text_cleaner_free(ndup_text_cleaner *cleaner)
{
    if (cleaner != NULL) {
        ndup_allocator allocator = cleaner->allocator;
        ndup__paragraphs_deinit(&cleaner->paragraphs);
        ndup__repeat_finder_deinit(&cleaner->finder);
        ndup__cleaner_deinit(&cleaner->cleaner);
        ndup__free(&allocator, &cleaner, 1, sizeof *cleaner);
    }
}

static ndup_status find_repeats(ndup_text_cleaner *cleaner, const ndup_document *document,
                                ndup_error *error)
{
    ndup__paragraphs *paragraphs = &cleaner->paragraphs;
    ndup_text text = document->text;
    ndup_status status = ndup__paragraphs_split(paragraphs, text.bytes, text.length, false, error);
    return status == NDUP_STATUS_OK ? ndup__repeat_find(&cleaner->finder, document,
                                                        paragraphs->units, paragraphs->count, error)
                                    : status;
}

ndup_status ndup_text_clean(ndup_text *cleaned, ndup_text_cleaner *cleaner, ndup_text text,
                            ndup_error *error)
{
    ndup_status status = NDUP__REQUIRE(error, "cleaned", cleaned, "cleaner", cleaner);
    if (status == NDUP_STATUS_OK) {
        status = ndup__require_text(text, error);
    }
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    *cleaned = text;
    const ndup_document document = {.text = text};
    status = find_repeats(cleaner, &document, error);
    const ndup__repeat_finder *finder = &cleaner->finder;
    if (status != NDUP_STATUS_OK || finder->count == 0) {
        return status;
    }
    const ndup_flagged flagged = {.document = &document,
                                  .units = finder->profile.units,
                                  .unit_count = finder->profile.count,
                                  .repeats = finder->repeats,
                                  .repeat_count = finder->count};
    status = ndup__removed_spans(&cleaner->cleaner, &flagged, error);
    return status == NDUP_STATUS_OK && cleaner->cleaner.removed_count > 0
               ? ndup__cleaned_text(cleaned, &cleaner->cleaner, text, error)
               : status;
}
