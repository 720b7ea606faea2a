/* SPDX-License-Identifier: MIT */
/* Rows of tables, written as they were read. */
#include "report/table_out.h"

#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "text/utf8.h"

#define SHOWN_BYTES 60

static bool ends_with(ndup_text text, const char *end)
{
    size_t length = strlen(end);
    return text.length >= length && memcmp(text.bytes + text.length - length, end, length) == 0;
}

const char *ndup__table_line_end(ndup_text head)
{
    if (ends_with(head, "\r\n")) {
        return "\r\n";
    }
    return ends_with(head, "\r") ? "\r" : "\n";
}

/* A file may consist of its first row alone, without a line end. */
static const char *missing_line_end(ndup_text head)
{
    return ends_with(head, "\n") || ends_with(head, "\r") ? "" : "\n";
}

static ndup_status copy_path(ndup__table_head *head, const char *path, ndup_error *error)
{
    size_t bytes = strlen(path) + 1;
    ndup_status status =
        ndup__reserve(head->allocator, &head->path, &head->path_bytes, bytes, 1, error);
    if (status == NDUP_STATUS_OK) {
        memcpy(head->path, path, bytes);
    }
    return status;
}

ndup_status ndup__table_head_set(ndup__table_head *head, const ndup_document *document,
                                 ndup_error *error)
{
    ndup_text given = document->table_head;
    const char *end = missing_line_end(given);
    ndup_status status = ndup__reserve(head->allocator, &head->bytes, &head->capacity,
                                       given.length + strlen(end), 1, error);
    if (status == NDUP_STATUS_OK) {
        memcpy(head->bytes, given.bytes, given.length);
        memcpy(head->bytes + given.length, end, strlen(end));
        head->length = given.length + strlen(end);
        status = copy_path(head, document->path != NULL ? document->path : "input", error);
    }
    return status;
}

void ndup__table_head_deinit(ndup__table_head *head)
{
    ndup__free(head->allocator, &head->bytes, head->capacity, 1);
    ndup__free(head->allocator, &head->path, head->path_bytes, 1);
    head->length = head->capacity = head->path_bytes = 0;
}

static ndup_text bare(ndup_text head)
{
    if (ndup__utf8_mark(head.bytes, head.length) > 0) {
        head = (ndup_text){head.bytes + 3, head.length - 3};
    }
    while (head.length > 0 &&
           (head.bytes[head.length - 1] == '\n' || head.bytes[head.length - 1] == '\r')) {
        head.length--;
    }
    return head;
}

bool ndup__table_head_fits(const ndup__table_head *head, const ndup_document *document)
{
    ndup_text own = bare((ndup_text){head->bytes, head->length});
    ndup_text other = bare(document->table_head);
    return head->length == 0 ||
           (own.length == other.length && memcmp(own.bytes, other.bytes, own.length) == 0);
}

ndup_status ndup__table_fail_other(const ndup__table_head *head, const ndup_document *document,
                                   ndup_error *error)
{
    char shown[SHOWN_BYTES];
    char other[SHOWN_BYTES];
    const char *path = document->path != NULL ? document->path : "input";
    if (head->length == 0 || document->row.length == 0) {
        return ndup__fail(error, NDUP_STATUS_INVALID,
                          "%s: tables and other documents cannot stand in one CSV output: use "
                          "jsonl:FILE or tree:DIR",
                          ndup__shorten_path(shown, sizeof shown, path));
    }
    return ndup__fail(error, NDUP_STATUS_INVALID,
                      "%s and %s have other columns and cannot stand in one CSV output: use "
                      "tree:DIR, which writes each",
                      ndup__shorten_path(other, sizeof other, head->path),
                      ndup__shorten_path(shown, sizeof shown, path));
}
