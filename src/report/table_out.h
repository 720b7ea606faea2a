/* SPDX-License-Identifier: MIT */
/* Rows of tables, written as they were read. */
#ifndef NDUP__REPORT_TABLE_OUT_H
#define NDUP__REPORT_TABLE_OUT_H

#include <stdbool.h>

#include "neardup/allocator.h"
#include "neardup/document.h"
#include "neardup/status.h"

/* What stands in front of the rows of an output. Zero-initialise, set the allocator. */
typedef struct ndup__table_head {
    const ndup_allocator *allocator;
    char *bytes;
    size_t length;
    size_t capacity;
    char *path; /* of the table that it is from */
    size_t path_bytes;
} ndup__table_head;

/* Makes it that of the document's table. Errors: MEMORY. */
NDUP_NODISCARD ndup_status ndup__table_head_set(ndup__table_head *head,
                                                const ndup_document *document, ndup_error *error);
void ndup__table_head_deinit(ndup__table_head *head);

/* Whether the document's table begins with the same row, so that their rows can stand in one file;
 * byte order marks and line ends may differ. Any fits where none was set. */
bool ndup__table_head_fits(const ndup__table_head *head, const ndup_document *document);

/* INVALID: the document cannot stand below that head, and what helps. */
NDUP_NODISCARD ndup_status ndup__table_fail_other(const ndup__table_head *head,
                                                  const ndup_document *document, ndup_error *error);

/* The line end that the head's last line has: of a head without one, LF. */
const char *ndup__table_line_end(ndup_text head);

#endif
