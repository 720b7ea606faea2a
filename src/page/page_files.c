/* SPDX-License-Identifier: MIT */
/* The frame of a page, and the files of a folder of pages. */
#include "page/page_files.h"

#include <stdio.h>

#include "page/report_page.h"
#include "report/json_out.h"

void ndup__page_begin(ndup__out *out)
{
    ndup__out_bytes(out, (const char *)ndup__report_page_head, ndup__report_page_head_bytes);
    out->is_embedded = true;
}

void ndup__page_end(ndup__out *out)
{
    out->is_embedded = false;
    ndup__out_bytes(out, (const char *)ndup__report_page_tail, ndup__report_page_tail_bytes);
}

void ndup__json_page(ndup__out *out, const ndup__report_page *page)
{
    if (!page->is_whole) {
        ndup__json_open(out, "page", '{');
        ndup__json_count(out, "number", page->number);
        ndup__json_count(out, "count", page->count);
        ndup__json_count(out, "first", page->first);
        ndup__json_close(out, '}');
    }
}

size_t ndup__pages_of(size_t entries)
{
    return (entries + NDUP__PAGE_ENTRIES - 1) / NDUP__PAGE_ENTRIES;
}

ndup_status ndup__page_write_file(ndup__folder_output *folder, const ndup__report_page *page,
                                  ndup__page_writer write, void *context, ndup_error *error)
{
    char name[40] = "index.html";
    char path[NDUP__FOLDER_PATH_BYTES];
    if (page->number > 0) {
        snprintf(name, sizeof name, "page-%zu.html", page->number);
    }
    ndup_status status = ndup__folder_output_place(path, folder, name, error);
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    ndup__writer *writer;
    ndup__out out;
    status = ndup__writer_open(&writer, path, false, &folder->base.allocator, error);
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    ndup__out_init(&out, writer, &folder->base.allocator);
    status = write(&out, context, page, error);
    if (status == NDUP_STATUS_OK) {
        status = ndup__out_flush(&out, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = ndup__writer_commit(writer, error);
    }
    ndup__out_deinit(&out);
    ndup__writer_close(writer);
    return status;
}

ndup_status ndup__page_write_files(ndup__folder_output *folder, size_t entries,
                                   ndup__page_writer write, void *context, ndup_error *error)
{
    ndup_status status = NDUP_STATUS_OK;
    ndup__report_page page = {.count = ndup__pages_of(entries)};
    for (; page.number <= page.count && status == NDUP_STATUS_OK; page.number++) {
        page.first = page.number > 0 ? (page.number - 1) * NDUP__PAGE_ENTRIES : 0;
        page.entries = page.number > 0 ? NDUP__PAGE_ENTRIES : 0;
        status = ndup__page_write_file(folder, &page, write, context, error);
    }
    return status;
}
