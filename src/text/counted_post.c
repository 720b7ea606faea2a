/* SPDX-License-Identifier: MIT */
/* Posts: a pass from the front for links and handles, one from the end for tags. */
#include <stdbool.h>
#include <string.h>

#include "text/counted_text.h"

typedef struct post {
    char *counted;
    const char *text;
    size_t length;
} post;

static bool is_space(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

static bool is_name(char c)
{
    char folded = (char)(c | 0x20);
    return (folded >= 'a' && folded <= 'z') || (c >= '0' && c <= '9') || c == '_';
}

/* Letters of other scripts count as parts of a name only where one must not begin. */
static bool begins_word(const post *p, size_t at)
{
    return at == 0 || (!is_name(p->text[at - 1]) && (unsigned char)p->text[at - 1] < 0x80);
}

static size_t skip_spaces(const post *p, size_t at)
{
    while (at < p->length && is_space(p->text[at])) {
        at++;
    }
    return at;
}

/* Whether the text goes on with a word, in lower case, in any case. */
static bool goes_on(const post *p, size_t at, const char *word)
{
    for (; *word != '\0'; word++, at++) {
        if (at == p->length) {
            return false;
        }
        char c = p->text[at];
        if ((c >= 'A' && c <= 'Z' ? c + 32 : c) != *word) {
            return false;
        }
    }
    return true;
}

static size_t link_end(const post *p, size_t at)
{
    if (!goes_on(p, at, "http://") && !goes_on(p, at, "https://") && !goes_on(p, at, "www.")) {
        return at;
    }
    while (at < p->length && !is_space(p->text[at])) {
        at++;
    }
    return at;
}

/* Some networks have hosts in handles: @name@host.example, @name.host.example. */
static size_t handle_end(const post *p, size_t at)
{
    if (p->text[at] != '@' || at + 1 == p->length || !is_name(p->text[at + 1])) {
        return at;
    }
    size_t end = at;
    while (end < p->length && (is_name(p->text[end]) || strchr("@.-", p->text[end]) != NULL) &&
           p->text[end] != '\0') {
        end++;
    }
    return end;
}

static size_t repost_end(const post *p, size_t at)
{
    static const char *const words[] = {"rt", "mt", "qt", "via"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        size_t end = at + strlen(words[i]);
        if (goes_on(p, at, words[i]) && end < p->length && is_space(p->text[end])) {
            size_t handle = skip_spaces(p, end);
            return handle < p->length && handle_end(p, handle) > handle ? end : at;
        }
    }
    return at;
}

/* Where what does not count ends that begins here; `at` where nothing does. */
static size_t blank_end(const post *p, size_t at)
{
    size_t end = begins_word(p, at) ? repost_end(p, at) : at;
    end = end == at && begins_word(p, at) ? link_end(p, at) : end;
    return end == at && (at == 0 || !is_name(p->text[at - 1])) ? handle_end(p, at) : end;
}

/* Tags at the end, and what is blank already among them. */
static void blank_tags(const post *p)
{
    size_t end = p->length;
    while (end > 0) {
        size_t begin = end;
        while (begin > 0 && !is_space(p->counted[begin - 1])) {
            begin--;
        }
        if (begin < end && p->counted[begin] != '#') {
            return;
        }
        memset(p->counted + begin, ' ', end - begin);
        end = begin > 0 ? begin - 1 : 0;
    }
}

void ndup__counted_post(char *counted, const char *text, size_t length)
{
    post p = {counted, text, length};
    for (size_t at = 0; at < length;) {
        size_t end = blank_end(&p, at);
        if (end > at) {
            memset(counted + at, ' ', end - at);
            at = end;
        } else {
            counted[at] = text[at];
            at++;
        }
    }
    blank_tags(&p);
}
