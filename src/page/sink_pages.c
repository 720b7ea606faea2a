/* SPDX-License-Identifier: MIT */
/* pages:DIR, the report in full: an index, and pages of some groups each. */
#include "page/report_book.h"
#include "report/folder_output.h"

static const ndup__report_limits limits = {.groups = SIZE_MAX,
                                           .members = 500,
                                           .texts = 40,
                                           .text_bytes = 20000,
                                           .bytes = SIZE_MAX,
                                           .folded = 3000000,
                                           .form_bytes = 60000,
                                           .sources = 30};

typedef struct pages_output {
    ndup__folder_output folder; /* first */
    ndup__report_book book;
} pages_output;

static ndup_status begin(void *context, const ndup_result *result, ndup_error *error)
{
    pages_output *pages = context;
    ndup_status status = NDUP_STATUS_OK;
    if (!pages->folder.is_made) {
        const char *const *inputs;
        size_t input_count = ndup_result_inputs(result, &inputs);
        status = ndup__folder_output_begin(&pages->folder, inputs, input_count, error);
    }
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    pages->book.allocator = &pages->folder.base.allocator;
    pages->book.limits = limits;
    return ndup__report_book_begin(&pages->book, result, error);
}

static ndup_status take_document(void *context, const ndup_verdict *verdict,
                                 const ndup_document *document, ndup_error *error)
{
    return ndup__report_book_add(&((pages_output *)context)->book, verdict, document, error);
}

static ndup_status write_page(ndup__out *out, void *book, const ndup__report_page *page,
                              ndup_error *error)
{
    return ndup__report_book_write(out, book, page, error);
}

static ndup_status write_file(pages_output *pages, const ndup__report_page *page, ndup_error *error)
{
    return ndup__page_write_file(&pages->folder, page, write_page, &pages->book, error);
}

static ndup_status write_pages(pages_output *pages, ndup_error *error)
{
    ndup__report_page page = {.number = 0};
    for (size_t i = 0; i < pages->book.run_count; i++) {
        page.count += ndup__pages_of(pages->book.runs[i]->groups.count);
    }
    ndup_status status = write_file(pages, &page, error);
    for (size_t i = 0; i < pages->book.run_count && status == NDUP_STATUS_OK; i++) {
        size_t page_count = ndup__pages_of(pages->book.runs[i]->groups.count);
        page.run = i;
        page.entries = NDUP__PAGE_ENTRIES;
        for (size_t k = 0; k < page_count && status == NDUP_STATUS_OK; k++) {
            page.number++;
            page.first = k * NDUP__PAGE_ENTRIES;
            status = write_file(pages, &page, error);
        }
    }
    return status;
}

static ndup_status finish(void *context, ndup_error *error)
{
    pages_output *pages = context;
    ndup_status status = ndup__report_book_end(&pages->book, error);
    if (status == NDUP_STATUS_OK) {
        status = write_pages(pages, error);
    }
    return status == NDUP_STATUS_OK ? ndup__folder_output_finish(&pages->folder, error) : status;
}

static void give_up(void *context)
{
    ndup__folder_output_give_up(context);
}

static void end(void *context)
{
    pages_output *pages = context;
    ndup__folder_output_give_up(&pages->folder);
    if (pages->book.allocator != NULL) {
        ndup__report_book_deinit(&pages->book);
    }
}

static ndup_status open_pages(ndup__output **output, const char *path,
                              const ndup_output_options *options, ndup_error *error)
{
    ndup_status status =
        ndup__folder_output_open(output, sizeof(pages_output), path, options, error);
    if (status == NDUP_STATUS_OK) {
        ndup_sink *sink = &(*output)->sink;
        sink->wants_records = true;
        sink->takes_runs = true;
        sink->begin = begin;
        sink->document = take_document;
        sink->finish = finish;
        sink->abort = give_up;
        sink->close = end;
    }
    return status;
}

const ndup__output_kind ndup__output_pages = {
    .info = {"pages", "the same for all groups: a folder with an index and pages of 50"},
    .open = open_pages,
};
