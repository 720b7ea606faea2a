/* SPDX-License-Identifier: MIT */
/* Documents of a story, a line each on the terminal. */
#ifndef CLI_SHOWN_DOCUMENTS_H
#define CLI_SHOWN_DOCUMENTS_H

#include "day.h"
#include "group_print.h"

enum { CLI_LINE_LEAST = 40 };

typedef struct cli_shown_document {
    char *id;
    char *title;
    char *source;
    cli_day day;
    ndup_role role;
    double share;
} cli_shown_document;

/* Made of a text that is borrowed; NUL bytes become blanks. To be freed. */
char *cli_copy_text(ndup_text text);

cli_shown_document cli_shown_document_of(const ndup_grouping *grouping);
void cli_shown_document_free(cli_shown_document *document);

/* Prints them below a story; without their sources where all are of one. */
void cli_shown_documents_print(const cli_group_view *view, const cli_shown_document *documents,
                               size_t count, bool with_sources);

#endif
