/* SPDX-License-Identifier: MIT */
/* All documents pass by, then it is chosen what is shown, then versions and stories come. */
#include "page/story_book.h"

#include "base/alloc.h"
#include "page/shown_parts.h"
#include "page/story_overview.h"
#include "report/json_out.h"

/* Stories that the overview names. */
#define LARGEST_SHOWN 10
/* So much more of a text is stored than is shown, so that it is seen to go on. */
#define BEYOND_BYTES 8

ndup_status ndup__story_book_init(ndup__story_book *book, const ndup__story_limits *limits,
                                  const ndup_group_run *run, const ndup_allocator *allocator,
                                  ndup_error *error)
{
    const char *folder = run->corpus != NULL ? run->corpus->temporary_folder : NULL;
    *book = (ndup__story_book){.allocator = allocator,
                               .limits = *limits,
                               .run = run,
                               .tally = {.allocator = allocator, .sources.allocator = allocator},
                               .choice = {.allocator = allocator}};
    ndup_status shelf = ndup__story_shelf_init(&book->shelf, limits, folder, allocator, error);
    ndup_status versions = ndup__story_versions_init(&book->versions, limits, folder, allocator,
                                                     shelf == NDUP_STATUS_OK ? error : NULL);
    if (shelf != NDUP_STATUS_OK || versions != NDUP_STATUS_OK) {
        return shelf != NDUP_STATUS_OK ? shelf : versions;
    }
    return ndup__document_store_new(&book->store, folder, allocator, error);
}

void ndup__story_book_deinit(ndup__story_book *book)
{
    ndup__story_tally_deinit(&book->tally);
    ndup__story_choice_deinit(&book->choice);
    ndup__story_shelf_deinit(&book->shelf);
    ndup__story_versions_deinit(&book->versions);
    ndup__document_store_free(book->store);
    book->store = NULL;
}

ndup_status ndup__story_book_document(ndup__story_book *book, const ndup_grouping *grouping,
                                      const ndup_document *document, ndup_error *error)
{
    ndup_status status = ndup__story_tally_add(&book->tally, grouping, document, error);
    return status == NDUP_STATUS_OK
               ? ndup__document_store_add_beginning(book->store, document,
                                                    book->limits.lead_bytes + BEYOND_BYTES, error)
               : status;
}

/* After the last document. */
static ndup_status choose(ndup__story_book *book, ndup_error *error)
{
    if (book->is_chosen) {
        return NDUP_STATUS_OK;
    }
    book->is_chosen = true;
    ndup_status status = ndup__story_tally_end(&book->tally, book->limits.sources, error);
    if (status == NDUP_STATUS_OK) {
        status = ndup__story_choice_make(&book->choice, &book->tally, book->limits.stories, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = ndup__story_shelf_begin(&book->shelf, &book->choice, &book->tally, error);
    }
    return status == NDUP_STATUS_OK
               ? ndup__story_versions_begin(&book->versions, &book->choice, error)
               : status;
}

ndup_status ndup__story_book_version(ndup__story_book *book, const ndup_text_version *version,
                                     ndup_error *error)
{
    ndup_status status = choose(book, error);
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    uint32_t rank = ndup__story_rank(&book->choice, version->grouping->story);
    bool is_shown = rank != NDUP__NOT_SHOWN && version->grouping->of != version->grouping->document;
    return is_shown ? ndup__story_versions_add(&book->versions, rank, version, error)
                    : NDUP_STATUS_OK;
}

ndup_status ndup__story_book_story(ndup__story_book *book, const ndup_story *story,
                                   ndup_error *error)
{
    ndup_status status = choose(book, error);
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    uint32_t rank = ndup__story_rank(&book->choice, story->number);
    return rank != NDUP__NOT_SHOWN
               ? ndup__story_shelf_add(&book->shelf, rank, story, book->store, error)
               : NDUP_STATUS_OK;
}

ndup_status ndup__story_book_end(ndup__story_book *book, const ndup_group_summary *summary,
                                 ndup_error *error)
{
    book->summary = summary;
    ndup_status status = choose(book, error); /* of an empty corpus */
    if (status == NDUP_STATUS_OK) {
        status = ndup__story_shelf_end(&book->shelf, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = ndup__story_versions_end(&book->versions, error);
    }
    if (book->limits.story_bytes != SIZE_MAX) {
        book->shelf.limits.story_bytes += ndup__story_versions_room(&book->versions);
    }
    return status;
}

static ndup_status write_overview(ndup__out *out, const ndup__story_book *book, ndup_error *error)
{
    ndup_status status = ndup__story_overview_json(out, &book->tally, &book->choice, error);
    return status == NDUP_STATUS_OK
               ? ndup__story_shelf_heads_json(out, &book->shelf, LARGEST_SHOWN, error)
               : status;
}

static ndup_status write_stories(ndup__out *out, const ndup__story_book *book,
                                 const ndup__report_page *page, ndup_error *error)
{
    size_t first = page->first;
    size_t end = page->is_whole ? book->choice.shown : first + page->entries;
    ndup_status status = ndup__story_shelf_json(out, &end, &book->shelf, first, error);
    return status == NDUP_STATUS_OK
               ? ndup__story_versions_json(out, &book->versions, first, end, error)
               : status;
}

ndup_status ndup__story_book_write(ndup__out *out, const ndup__story_book *book,
                                   const ndup__report_page *page, ndup_error *error)
{
    ndup__page_begin(out);
    ndup__json_open(out, NULL, '{');
    ndup__json_word(out, "type", "neardup-stories");
    ndup__json_count(out, "schema_version", NDUP_SCHEMA_VERSION);
    ndup__json_word(out, "neardup_version", ndup_version());
    ndup__json_page(out, page);
    ndup__story_identity_json(out, book->run, book->summary);
    ndup_status status = page->number == 0 ? write_overview(out, book, error) : NDUP_STATUS_OK;
    if (status == NDUP_STATUS_OK) {
        status = write_stories(out, book, page, error);
    }
    ndup__json_close(out, '}');
    ndup__page_end(out);
    return status == NDUP_STATUS_OK ? ndup__out_status(out, error) : status;
}
