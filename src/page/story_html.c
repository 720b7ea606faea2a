/* SPDX-License-Identifier: MIT */
/* html:FILE of groups, a page to read: the stories of most sources, who took what from whom. */
#include "page/story_pages.h"

/* So that the page with its own script and style stays below a megabyte. */
static const ndup__story_limits limits = {.stories = 200,
                                          .members = 60,
                                          .lead_bytes = 280,
                                          .story_bytes = 420000,
                                          .versions = 12,
                                          .text_bytes = 4000,
                                          .version_bytes = 300000,
                                          .folded = 20000,
                                          .folded_bytes = 80000,
                                          .sources = 14};

static ndup_status begin(ndup__group_output *output, ndup_error *error)
{
    return ndup__story_output_begin(output, &limits, error);
}

static ndup_status finish(ndup__group_output *output, const ndup_group_summary *summary,
                          ndup_error *error)
{
    static const ndup__report_page whole = {.is_whole = true};
    ndup__story_book *book = &((ndup__story_output *)output)->book;
    ndup_status status = ndup__story_book_end(book, summary, error);
    return status == NDUP_STATUS_OK
               ? ndup__story_book_write(&output->target.out, book, &whole, error)
               : status;
}

const ndup__group_kind ndup__group_html = {
    .info = {"html", "a page to read: stories, their time lines, who took what from whom"},
    .has_header = true,
    .begin = begin,
    .document = ndup__story_output_document,
    .version = ndup__story_output_version,
    .story = ndup__story_output_story,
    .finish = finish,
    .own_bytes = sizeof(ndup__story_output),
    .release = ndup__story_output_release,
};
