/* SPDX-License-Identifier: MIT */
/* Fitting text into columns. */
#include "report/shown_line.h"

#include "neardup/visible.h"

#define ELLIPSIS "..."
#define ELLIPSIS_COLUMNS (sizeof ELLIPSIS - 1)

static bool is_space(char c)
{
    return c == ' ' || c == '\n' || c == '\t' || c == '\r' || c == '\f' || c == '\v';
}

static ndup_text behind(ndup_text text, size_t at)
{
    return (ndup_text){text.bytes + at, text.length - at};
}

/* The longest beginning that takes at most so many columns. */
static size_t fit(ndup_text text, size_t columns)
{
    ndup_character character;
    size_t at = 0;
    while (at < text.length) {
        unsigned taken = ndup_character_visible(NULL, &character, behind(text, at));
        if (taken > columns) {
            break;
        }
        columns -= taken;
        at += character.bytes;
    }
    return at;
}

static void show(ndup__out *out, ndup_text text)
{
    char form[NDUP_VISIBLE_BYTES];
    ndup_character character;
    for (size_t at = 0; at < text.length; at += character.bytes) {
        ndup_character_visible(form, &character, behind(text, at));
        ndup__out_text(out, form);
    }
}

size_t ndup__shown_columns(ndup_text text)
{
    ndup_character character;
    size_t columns = 0;
    for (size_t at = 0; at < text.length; at += character.bytes) {
        columns += ndup_character_visible(NULL, &character, behind(text, at));
    }
    return columns;
}

void ndup__show_name(ndup__out *out, ndup_text name, size_t columns)
{
    size_t all = ndup__shown_columns(name);
    if (all <= columns) {
        show(out, name);
        return;
    }
    size_t room = columns > ELLIPSIS_COLUMNS ? columns - ELLIPSIS_COLUMNS : 0;
    /* The end tells more of a path than its beginning. */
    size_t front = fit(name, room / 3);
    size_t back = fit(name, all - (room - room / 3));
    while (back < name.length && ndup__shown_columns(behind(name, back)) > room - room / 3) {
        back += ndup_character_read(behind(name, back)).bytes;
    }
    show(out, (ndup_text){name.bytes, front});
    ndup__out_text(out, ELLIPSIS);
    show(out, behind(name, back));
}

/* Where the word that stands at `at` ends. */
static size_t word_end(ndup_text text, size_t at)
{
    while (at < text.length && !is_space(text.bytes[at])) {
        at++;
    }
    return at;
}

static size_t skip_spaces(ndup_text text, size_t at)
{
    while (at < text.length && is_space(text.bytes[at])) {
        at++;
    }
    return at;
}

void ndup__show_beginning(ndup__out *out, ndup_text text, size_t columns, bool goes_on)
{
    size_t left = columns;
    size_t at = skip_spaces(text, 0);
    bool is_first = true;
    while (at < text.length) {
        ndup_text word = {text.bytes + at, word_end(text, at) - at};
        size_t next = skip_spaces(text, at + word.length);
        size_t tail = next < text.length || goes_on ? ELLIPSIS_COLUMNS : 0;
        size_t wanted = ndup__shown_columns(word) + !is_first;
        if (wanted + tail > left) { /* a word without spaces may be cut anywhere */
            word.length = is_first || wanted > columns / 2
                              ? fit(word, left > ELLIPSIS_COLUMNS + !is_first
                                              ? left - ELLIPSIS_COLUMNS - !is_first
                                              : 0)
                              : 0;
            goes_on = true;
            next = text.length;
        }
        if (word.length > 0) {
            ndup__out_bytes(out, " ", !is_first);
            show(out, word);
            left -= wanted <= left ? wanted : left;
        }
        is_first = false;
        at = next;
    }
    if (goes_on) {
        ndup__out_text(out, ELLIPSIS);
    }
}
