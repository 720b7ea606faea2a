/* SPDX-License-Identifier: MIT */
/* pages:DIR of groups, all stories: an index, and pages of some each. */
#include "page/story_pages.h"

static const ndup__story_limits limits = {.stories = SIZE_MAX,
                                          .members = 500,
                                          .lead_bytes = 500,
                                          .story_bytes = SIZE_MAX,
                                          .versions = 100,
                                          .text_bytes = 20000,
                                          .version_bytes = SIZE_MAX,
                                          .folded = 60000,
                                          .folded_bytes = SIZE_MAX,
                                          .sources = 30};

static ndup__story_book *book_of(ndup__group_output *output)
{
    return &((ndup__story_output *)output)->book;
}

ndup_status ndup__story_output_begin(ndup__group_output *output, const ndup__story_limits *shown,
                                     ndup_error *error)
{
    return ndup__story_book_init(book_of(output), shown, output->run, &output->target.allocator,
                                 error);
}

ndup_status ndup__story_output_document(ndup__group_output *output, const ndup_grouping *grouping,
                                        const ndup_document *document, ndup_error *error)
{
    return ndup__story_book_document(book_of(output), grouping, document, error);
}

ndup_status ndup__story_output_version(ndup__group_output *output, const ndup_text_version *version,
                                       ndup_error *error)
{
    return ndup__story_book_version(book_of(output), version, error);
}

ndup_status ndup__story_output_story(ndup__group_output *output, const ndup_story *story,
                                     ndup_error *error)
{
    return ndup__story_book_story(book_of(output), story, error);
}

void ndup__story_output_release(ndup__group_output *output)
{
    if (output->run != NULL) { /* it has begun */
        ndup__story_book_deinit(book_of(output));
    }
}

static ndup_status begin(ndup__group_output *output, ndup_error *error)
{
    return ndup__story_output_begin(output, &limits, error);
}

static ndup_status write_page(ndup__out *out, void *book, const ndup__report_page *page,
                              ndup_error *error)
{
    return ndup__story_book_write(out, book, page, error);
}

static ndup_status finish(ndup__group_output *output, const ndup_group_summary *summary,
                          ndup_error *error)
{
    ndup__story_book *book = book_of(output);
    ndup_status status = ndup__story_book_end(book, summary, error);
    return status == NDUP_STATUS_OK
               ? ndup__page_write_files(output->folder, book->choice.shown, write_page, book, error)
               : status;
}

const ndup__group_kind ndup__group_pages = {
    .info = {"pages", "the same for all stories: a folder with an index and pages of 50"},
    .is_folder = true,
    .begin = begin,
    .document = ndup__story_output_document,
    .version = ndup__story_output_version,
    .story = ndup__story_output_story,
    .finish = finish,
    .own_bytes = sizeof(ndup__story_output),
    .release = ndup__story_output_release,
};
