/* SPDX-License-Identifier: MIT */
/* Terminals, by isatty, the environment and TIOCGWINSZ. */
#include "terminal.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "value.h"

enum { WIDTH_LEAST = 40, WIDTH_USUAL = 80, WIDTH_MOST = 1000, HEIGHT_USUAL = 24 };

bool cli_is_terminal(FILE *stream)
{
    return isatty(fileno(stream)) == 1;
}

bool cli_is_pipe(FILE *stream)
{
    struct stat info;
    return fstat(fileno(stream), &info) == 0 && S_ISFIFO(info.st_mode);
}

static struct winsize ask(FILE *stream)
{
    struct winsize size;
    memset(&size, 0, sizeof size);
    if (ioctl(fileno(stream), TIOCGWINSZ, &size) != 0) {
        memset(&size, 0, sizeof size);
    }
    return size;
}

unsigned cli_terminal_height(FILE *stream)
{
    uint64_t lines = 0;
    const char *text = getenv("LINES");
    if (text == NULL || !cli_value_count(&lines, text)) {
        lines = ask(stream).ws_row;
    }
    return lines == 0 ? HEIGHT_USUAL : lines > UINT16_MAX ? UINT16_MAX : (unsigned)lines;
}

unsigned cli_terminal_width(FILE *stream)
{
    uint64_t columns = 0;
    const char *text = getenv("COLUMNS");
    if (text == NULL || !cli_value_count(&columns, text)) {
        columns = ask(stream).ws_col;
    }
    if (columns == 0) {
        return WIDTH_USUAL;
    }
    return columns < WIDTH_LEAST  ? WIDTH_LEAST
           : columns > WIDTH_MOST ? WIDTH_MOST
                                  : (unsigned)columns;
}

const cli_colours *cli_terminal_colours(FILE *stream, const char *when)
{
    static const cli_colours coloured = {"\033[1m", "\033[2m", "\033[32m", "\033[33m", "\033[0m"};
    static const cli_colours without = {"", "", "", "", ""};
    if (when != NULL && strcmp(when, "always") == 0) {
        return &coloured;
    }
    if (when != NULL && strcmp(when, "never") == 0) {
        return &without;
    }
    const char *refused = getenv("NO_COLOR"), *terminal = getenv("TERM");
    bool wanted = (refused == NULL || refused[0] == '\0') && cli_is_terminal(stream) &&
                  terminal != NULL && strcmp(terminal, "dumb") != 0;
    return wanted ? &coloured : &without;
}

const char *cli_colour_choice(size_t i)
{
    static const char *const choices[] = {"auto", "always", "never"};
    return i < sizeof choices / sizeof *choices ? choices[i] : NULL;
}
