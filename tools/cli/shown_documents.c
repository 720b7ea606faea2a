/* SPDX-License-Identifier: MIT */
/* Day, source, title, role and id, as there is room. */
#include "shown_documents.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "console.h"
#include "print_visible.h"

/* Longest source, shortest title. */
enum { SOURCE_COLUMNS = 18, TITLE_LEAST = 24, ROLE_BYTES = 40, ELLIPSIS_COLUMNS = 3 };

char *cli_copy_text(ndup_text text)
{
    char *copy = cli_resize(NULL, text.length + 1);
    if (text.length > 0) {
        memcpy(copy, text.bytes, text.length);
    }
    copy[text.length] = '\0';
    for (size_t i = 0; i < text.length; i++) {
        copy[i] = copy[i] == '\0' ? ' ' : copy[i];
    }
    return copy;
}

cli_shown_document cli_shown_document_of(const ndup_grouping *grouping)
{
    cli_shown_document shown = {.id = cli_copy_text(grouping->id),
                                .title = cli_copy_text(grouping->title),
                                .source = cli_copy_text(grouping->source),
                                .role = grouping->role,
                                .share = grouping->share};
    cli_day_write(&shown.day, grouping);
    return shown;
}

void cli_shown_document_free(cli_shown_document *document)
{
    free(document->id);
    free(document->title);
    free(document->source);
}

static void write_role(char text[ROLE_BYTES], const cli_shown_document *document)
{
    const char *name = ndup_role_name(document->role);
    switch (document->role) {
    case NDUP_ROLE_FIRST:
        text[0] = '\0';
        break;
    case NDUP_ROLE_COMPILES:
        snprintf(text, ROLE_BYTES, "compiles several");
        break;
    case NDUP_ROLE_PARTIAL:
        snprintf(text, ROLE_BYTES, "%.0f %% copied", 100 * document->share);
        break;
    case NDUP_ROLE_COPY:
    case NDUP_ROLE_EXCERPT:
    case NDUP_ROLE_EXTENDS:
    case NDUP_ROLE_UPDATE:
        snprintf(text, ROLE_BYTES, "%s", name);
        break;
    }
}

/* Two spaces and the beginning of a text; nothing of an empty one. */
static void print_part(const char *text, unsigned columns, const char *colour,
                       const cli_group_view *view)
{
    if (text[0] != '\0') {
        bool fits = cli_visible_width(text, strlen(text)) <= columns;
        printf("  %s", colour);
        cli_print_beginning(stdout, text, strlen(text), columns + (fits ? ELLIPSIS_COLUMNS : 0));
        fputs(view->colours->plain, stdout);
    }
}

static unsigned columns_of(const char *text)
{
    size_t width = cli_visible_width(text, strlen(text));
    return width == 0 ? 0 : 2 + (unsigned)width;
}

/* The source, and blanks up to the titles. */
static void print_source(const cli_group_view *view, const char *source, unsigned columns)
{
    unsigned width = columns_of(source);
    print_part(source, columns, view->colours->dim, view);
    for (unsigned i = width < columns + 2 ? width : columns + 2; columns > 0 && i < columns + 2;
         i++) {
        putchar(' ');
    }
}

/* Date, source, title, role; the title is cut so that the line has room for the others. And the id,
 * where that leaves enough of the title. */
static void print_document(const cli_group_view *view, const cli_shown_document *document,
                           unsigned source_columns)
{
    char role[ROLE_BYTES];
    const char *dim = view->colours->dim;
    unsigned width = view->width > CLI_LINE_LEAST ? view->width : CLI_LINE_LEAST;
    write_role(role, document);
    unsigned taken =
        2 + CLI_DAY_COLUMNS + (source_columns > 0 ? 2 + source_columns : 0) + 2 + columns_of(role);
    unsigned id = columns_of(document->id);
    bool has_room = taken + id + TITLE_LEAST <= width;
    taken += has_room ? id : 0;
    printf("  %s%-*s%s", dim, CLI_DAY_COLUMNS,
           document->day.text[0] != '\0' ? document->day.text : "no date", view->colours->plain);
    print_source(view, source_columns > 0 ? document->source : "", source_columns);
    print_part(document->title, width > taken + TITLE_LEAST ? width - taken : TITLE_LEAST, "",
               view);
    print_part(role, ROLE_BYTES, "", view);
    print_part(has_room ? document->id : "", width, dim, view);
    putchar('\n');
}

void cli_shown_documents_print(const cli_group_view *view, const cli_shown_document *documents,
                               size_t count, bool with_sources)
{
    unsigned columns = 0;
    for (size_t i = 0; i < count && with_sources; i++) {
        unsigned width = columns_of(documents[i].source);
        columns = width > columns + 2 ? width - 2 : columns;
    }
    columns = columns < SOURCE_COLUMNS ? columns : SOURCE_COLUMNS;
    for (size_t i = 0; i < count; i++) {
        print_document(view, &documents[i], columns);
    }
}
