/* SPDX-License-Identifier: MIT */
/* Excerpts. */
#include "excerpt.h"

#include <stdbool.h>
#include <stdio.h>

#include "print_visible.h"

enum {
    CONTEXT_WORDS = 7,
    CONTEXT_BYTES = 60,
    SHOWN_WHOLE = 420, /* bytes of a part that is shown in full */
    SHOWN_HEAD = 240,
    SHOWN_TAIL = 120
};

/* Where the next character goes. */
typedef struct excerpt_cursor {
    const cli_excerpt_style *style;
    unsigned column;
    bool space; /* white space came by that has not been printed */
} excerpt_cursor;

static bool is_continuation(char c)
{
    return ((unsigned char)c & 0xC0) == 0x80;
}

/* Columns of the word at the front of text; long ones, as in scripts without spaces, count as one
 * column, since they may be broken anywhere. */
static unsigned word_width(const char *text, size_t length)
{
    size_t bytes = 0;
    while (bytes < length && bytes < 64 && !cli_is_space(text[bytes])) {
        bytes++;
    }
    size_t width = cli_visible_width(text, bytes);
    return width > 24 ? 1 : (unsigned)width;
}

static void break_line(excerpt_cursor *cursor)
{
    fprintf(cursor->style->out, "\n%*s", (int)cursor->style->indent, "");
    cursor->column = cursor->style->indent;
    cursor->space = false;
}

/* Goes where a word of this width is to begin: breaks the line, or prints the space before it. */
static void place_word(excerpt_cursor *cursor, unsigned width)
{
    if (cursor->column + cursor->space + width > cursor->style->width) {
        break_line(cursor);
    }
    if (cursor->space && cursor->column > cursor->style->indent) {
        fputc(' ', cursor->style->out);
        cursor->column++;
    }
    cursor->space = false;
}

static void print_run(excerpt_cursor *cursor, const char *text, size_t length)
{
    char form[NDUP_VISIBLE_BYTES];
    ndup_character character;
    for (size_t i = 0; i < length;) {
        if (cli_is_space(text[i])) {
            cursor->space = true;
            i++;
            continue;
        }
        if (i == 0 || cursor->space) {
            place_word(cursor, word_width(text + i, length - i));
        }
        unsigned width =
            ndup_character_visible(form, &character, (ndup_text){text + i, length - i});
        if (cursor->column + width > cursor->style->width) {
            break_line(cursor);
        }
        fputs(form, cursor->style->out);
        cursor->column += width;
        i += character.bytes;
    }
}

static void print_word(excerpt_cursor *cursor, const char *word)
{
    size_t length = 0;
    while (word[length] != '\0') {
        length++;
    }
    print_run(cursor, word, length);
}

/* Start of the words before `offset` that are shown. */
static size_t context_start(ndup_text text, size_t offset)
{
    size_t start = offset;
    unsigned words = 0;
    while (start > 0 && offset - start < CONTEXT_BYTES) {
        bool word_begins = cli_is_space(text.bytes[start - 1]) && start < offset &&
                           !cli_is_space(text.bytes[start]);
        if (word_begins && ++words > CONTEXT_WORDS) {
            break;
        }
        start--;
    }
    while (start < offset && is_continuation(text.bytes[start])) {
        start++;
    }
    return start;
}

/* End of the words behind `offset` that are shown. */
static size_t context_end(ndup_text text, size_t offset)
{
    size_t end = offset;
    unsigned words = 0;
    while (end < text.length && end - offset < CONTEXT_BYTES) {
        bool word_ends =
            cli_is_space(text.bytes[end]) && end > offset && !cli_is_space(text.bytes[end - 1]);
        if (word_ends && ++words > CONTEXT_WORDS) {
            break;
        }
        end++;
    }
    while (end > offset && end < text.length && is_continuation(text.bytes[end])) {
        end--;
    }
    return end;
}

/* Prints the part itself, without its middle when that is long. */
static void print_part(excerpt_cursor *cursor, const char *part, size_t length)
{
    if (length <= SHOWN_WHOLE) {
        print_run(cursor, part, length);
        return;
    }
    size_t head = SHOWN_HEAD, tail = length - SHOWN_TAIL;
    while (head > 0 && is_continuation(part[head])) {
        head--;
    }
    while (tail < length && is_continuation(part[tail])) {
        tail++;
    }
    print_run(cursor, part, head);
    cursor->space = true;
    print_word(cursor, "(...)");
    cursor->space = true;
    print_run(cursor, part + tail, length - tail);
}

void cli_excerpt_print(const cli_excerpt_style *style, ndup_text text, size_t offset, size_t length)
{
    excerpt_cursor cursor = {.style = style, .column = style->indent};
    const cli_colours *colours = style->colours;
    bool plain = colours->bold[0] == '\0';
    if (offset > text.length || length > text.length - offset) {
        return;
    }
    size_t start = context_start(text, offset), end = context_end(text, offset + length);
    if (start > 0) {
        print_word(&cursor, "...");
        cursor.space = cli_is_space(text.bytes[start]) || cli_is_space(text.bytes[start - 1]);
    }
    print_run(&cursor, text.bytes + start, offset - start);
    place_word(&cursor, word_width(text.bytes + offset, length) + plain);
    print_word(&cursor, plain ? "[" : "");
    fprintf(style->out, "%s%s", colours->bold, colours->marked);
    print_part(&cursor, text.bytes + offset, length);
    fputs(colours->plain, style->out);
    print_word(&cursor, plain ? "]" : "");
    print_run(&cursor, text.bytes + offset + length, end - offset - length);
    if (end < text.length) {
        print_word(&cursor, "...");
    }
    fputc('\n', style->out);
}
