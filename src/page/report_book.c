/* SPDX-License-Identifier: MIT */
/* Runs one after another, and the page around their data. */
#include "page/report_book.h"

#include "base/alloc.h"
#include "report/json_out.h"

ndup_status ndup__report_book_begin(ndup__report_book *book, const ndup_result *result,
                                    ndup_error *error)
{
    ndup__report_run *run;
    ndup_status status = ndup__reserve(book->allocator, &book->runs, &book->run_capacity,
                                       book->run_count + 1, sizeof *book->runs, error);
    if (status == NDUP_STATUS_OK) {
        status = ndup__allocate_zeroed(book->allocator, &run, 1, sizeof *run, error);
    }
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    run->allocator = book->allocator;
    run->limits = book->limits;
    book->runs[book->run_count++] = run;
    return ndup__report_run_begin(run, result, error);
}

ndup_status ndup__report_book_add(ndup__report_book *book, const ndup_verdict *verdict,
                                  const ndup_document *document, ndup_error *error)
{
    return ndup__report_run_add(book->runs[book->run_count - 1], verdict, document, error);
}

ndup_status ndup__report_book_end(ndup__report_book *book, ndup_error *error)
{
    ndup_status status = NDUP_STATUS_OK;
    for (size_t i = 0; i < book->run_count && status == NDUP_STATUS_OK; i++) {
        ndup__report_run *run = book->runs[i];
        if (run->limits.groups != SIZE_MAX) {
            run->limits.groups = (book->limits.groups + book->run_count - 1) / book->run_count;
        }
        run->limits.form_bytes = book->limits.form_bytes / book->run_count;
        if (run->limits.bytes != SIZE_MAX) {
            run->limits.bytes = book->limits.bytes / book->run_count;
            run->limits.folded = book->limits.folded / book->run_count;
        }
        status = ndup__report_run_end(run, error);
    }
    return status;
}

/* Which groups of run `number` the page shows. */
static void choose_groups(size_t *first, size_t *count, const ndup__report_page *page,
                          size_t number)
{
    *first = page->first;
    *count = page->is_whole                            ? SIZE_MAX
             : page->number > 0 && page->run == number ? page->entries
                                                       : 0;
}

static ndup_status write_run(ndup__out *out, ndup__report_run *run, bool with_overview,
                             size_t first, size_t count, ndup_error *error)
{
    ndup__json_open(out, NULL, '{');
    ndup__report_identity_json(out, run);
    ndup_status status = NDUP_STATUS_OK;
    if (with_overview) {
        ndup__report_overview_json(out, run);
        status = ndup__report_forms_json(out, run, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = ndup__report_groups_json(out, run, first, count, error);
    }
    ndup__json_close(out, '}');
    return status;
}

static ndup_status write_data(ndup__out *out, ndup__report_book *book,
                              const ndup__report_page *page, ndup_error *error)
{
    ndup_status status = NDUP_STATUS_OK;
    ndup__json_open(out, NULL, '{');
    ndup__json_word(out, "type", "neardup-report");
    ndup__json_count(out, "schema_version", NDUP_SCHEMA_VERSION);
    ndup__json_word(out, "neardup_version", ndup_version());
    ndup__json_page(out, page);
    ndup__json_open(out, "runs", '[');
    for (size_t i = 0; i < book->run_count && status == NDUP_STATUS_OK; i++) {
        size_t first;
        size_t count;
        choose_groups(&first, &count, page, i);
        status = write_run(out, book->runs[i], page->number == 0, first, count, error);
    }
    ndup__json_close(out, ']');
    ndup__json_close(out, '}');
    return status;
}

ndup_status ndup__report_book_write(ndup__out *out, ndup__report_book *book,
                                    const ndup__report_page *page, ndup_error *error)
{
    ndup__page_begin(out);
    ndup_status status = write_data(out, book, page, error);
    ndup__page_end(out);
    return status == NDUP_STATUS_OK ? ndup__out_status(out, error) : status;
}

void ndup__report_book_deinit(ndup__report_book *book)
{
    for (size_t i = 0; i < book->run_count; i++) {
        ndup__report_run_deinit(book->runs[i]);
        ndup__free(book->allocator, &book->runs[i], 1, sizeof **book->runs);
    }
    ndup__free(book->allocator, &book->runs, book->run_capacity, sizeof *book->runs);
    book->run_count = book->run_capacity = 0;
}
