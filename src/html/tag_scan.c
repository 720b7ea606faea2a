/* SPDX-License-Identifier: MIT */
/* Attributes by the rules of the standard's tokeniser. */
#include "html/tag_scan.h"

#include <string.h>

#include "html/html_bytes.h"

static const char *skip_spaces(const char *at, const char *end)
{
    while (at < end && ndup__html_is_space(*at)) {
        at++;
    }
    return at;
}

static const char *read_value(ndup_text *value, const char *at, const char *end)
{
    if (at < end && (*at == '"' || *at == '\'')) {
        const char *stop = memchr(at + 1, *at, (size_t)(end - at - 1));
        if (stop == NULL) {
            return NULL;
        }
        *value = (ndup_text){at + 1, (size_t)(stop - at - 1)};
        return stop + 1;
    }
    const char *start = at;
    while (at < end && !ndup__html_is_space(*at) && *at != '>') {
        at++;
    }
    *value = (ndup_text){start, (size_t)(at - start)};
    return at;
}

const char *ndup__html_attribute_next(ndup__html_attribute *attribute, const char *at,
                                      const char *end)
{
    *attribute = (ndup__html_attribute){{NULL, 0}, {NULL, 0}};
    while (at < end && (ndup__html_is_space(*at) || *at == '/')) {
        at++;
    }
    if (at == end) {
        return NULL;
    }
    if (*at == '>') {
        return at + 1;
    }
    const char *start = at++; /* a leading "=" is part of the name */
    while (at < end && !ndup__html_is_space(*at) && *at != '/' && *at != '>' && *at != '=') {
        at++;
    }
    attribute->name = (ndup_text){start, (size_t)(at - start)};
    const char *after = skip_spaces(at, end);
    if (after < end && *after == '=') {
        return read_value(&attribute->value, skip_spaces(after + 1, end), end);
    }
    return at < end ? at : NULL;
}

bool ndup__html_is_word(ndup_text text, const char *word)
{
    size_t i = 0;
    while (i < text.length && word[i] != '\0' && ndup__html_to_lower(text.bytes[i]) == word[i]) {
        i++;
    }
    return i == text.length && word[i] == '\0';
}

const char *ndup__html_comment_end(const char *at, const char *end)
{
    const char *start = at; /* the dashes before it may be those of the end, but not of "--!>" */
    while ((at = memchr(at, '>', (size_t)(end - at))) != NULL) {
        if ((at[-1] == '-' && at[-2] == '-') ||
            (at - start >= 3 && memcmp(at - 3, "--!", 3) == 0)) {
            return at + 1;
        }
        at++;
    }
    return end;
}

const char *ndup__html_end_tag_find(const char *at, const char *end, const char *name)
{
    size_t length = strlen(name);
    while ((at = memchr(at, '<', (size_t)(end - at))) != NULL) {
        if ((size_t)(end - at) > length + 2 && at[1] == '/' &&
            ndup__html_is_word((ndup_text){at + 2, length}, name) &&
            (ndup__html_is_space(at[length + 2]) || at[length + 2] == '/' ||
             at[length + 2] == '>')) {
            return at;
        }
        at++;
    }
    return end;
}
