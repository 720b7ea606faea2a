/* SPDX-License-Identifier: MIT */
/* Reading lines without waiting for more than is there. */
#include "input_lines.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "console.h"

enum { READ_BYTES = 1 << 18 };

static cli_line_kind take_bytes(ndup_text *line, cli_input_lines *lines, size_t length, bool ended)
{
    bool was_passing = lines->is_passing;
    *line = (ndup_text){lines->bytes + lines->begin, length};
    lines->begin += length + ended;
    lines->searched = lines->begin;
    lines->is_passing = false;
    return was_passing || length > lines->most ? CLI_LINE_TOO_LONG : CLI_LINE_WHOLE;
}

cli_line_kind cli_lines_take(ndup_text *line, cli_input_lines *lines)
{
    size_t held = lines->end - lines->begin;
    const char *found = lines->end > lines->searched ? memchr(lines->bytes + lines->searched, '\n',
                                                              lines->end - lines->searched)
                                                     : NULL;
    if (found != NULL) {
        return take_bytes(line, lines, (size_t)(found - (lines->bytes + lines->begin)), true);
    }
    lines->searched = lines->end;
    if (lines->is_ended && (held > 0 || lines->is_passing)) {
        return take_bytes(line, lines, held, false);
    }
    if (held > lines->most) {
        lines->is_passing = true;
    }
    if (lines->is_passing) {
        lines->begin = lines->end;
    }
    return CLI_LINE_NONE;
}

/* Moves what is held to the front, and makes room behind it. */
static void make_room(cli_input_lines *lines)
{
    size_t held = lines->end - lines->begin;
    if (held > 0 && lines->begin > 0) {
        memmove(lines->bytes, lines->bytes + lines->begin, held);
    }
    lines->searched -= lines->begin;
    lines->begin = 0;
    lines->end = held;
    if (lines->capacity - held < READ_BYTES) {
        lines->capacity = 2 * lines->capacity + READ_BYTES;
        lines->bytes = cli_resize(lines->bytes, lines->capacity);
    }
}

ndup_status cli_lines_wait(bool *more, cli_input_lines *lines, ndup_error *error)
{
    ssize_t got;
    make_room(lines);
    do {
        got = read(lines->descriptor, lines->bytes + lines->end, lines->capacity - lines->end);
    } while (got < 0 && errno == EINTR);
    if (got < 0) {
        *error = (ndup_error){.status = NDUP_STATUS_IO, .system_errno = errno};
        snprintf(error->message, sizeof error->message, "cannot read standard input: %s",
                 strerror(errno));
        return NDUP_STATUS_IO;
    }
    lines->end += (size_t)got;
    *more = got > 0;
    lines->is_ended = got == 0;
    return NDUP_STATUS_OK;
}

void cli_lines_free(cli_input_lines *lines)
{
    free(lines->bytes);
    lines->bytes = NULL;
}
