/* SPDX-License-Identifier: MIT */
/* Files, lines, and names of parts. */
#include "place.h"

#include <string.h>

#include "console.h"
#include "print_visible.h"

bool cli_is_plain_file(const ndup_document *document)
{
    return document->record.length == 0 && document->units == NULL && document->path != NULL;
}

void cli_print_place(FILE *out, const ndup_document *document, size_t line)
{
    if (document->record.length > 0) {
        line = document->line;
    } else if (!cli_is_plain_file(document)) {
        line = 1;
    }
    if (document->path != NULL) {
        cli_print_visible(out, document->path, strlen(document->path));
    }
    if (document->path != NULL && line > 0) {
        fprintf(out, ":%zu: ", line);
        return;
    }
    fputs(document->path != NULL ? ": " : "", out); /* records of web archives have no line */
    cli_print_visible(out, document->id.bytes, document->id.length);
    fputs(": ", out);
}

size_t *cli_find_lines(size_t *lines, const ndup_flagged *flagged)
{
    const char *text = flagged->document->text.bytes;
    size_t line = 1;
    size_t at = 0;
    lines = cli_resize(lines, (flagged->unit_count + 1) * sizeof *lines);
    for (size_t i = 0; i < flagged->unit_count; i++) {
        for (; at < flagged->units[i].offset; at++) {
            line += text[at] == '\n';
        }
        lines[i] = line;
    }
    return lines;
}

const char *cli_repeat_role(const ndup_repeat *repeat)
{
    static const char *const texts[] = {"paragraph", "headline", "caption",  "list item",
                                        "quote",     "code",     "table row"};
    return repeat->block_units > 1 ? "block" : texts[repeat->role];
}
