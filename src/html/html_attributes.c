/* SPDX-License-Identifier: MIT */
/* What attributes make of their element. */
#include "html/html_attributes.h"

#include <string.h>

#include "html/html_bytes.h"

/* Longest class or style that is looked at. */
#define VALUE_BYTES 1024

/* Whether `part`, in lower case, stands in the text, in any case. */
static bool contains(ndup_text text, const char *part)
{
    size_t length = strlen(part);
    for (size_t i = 0; i + length <= text.length && i < VALUE_BYTES; i++) {
        size_t same = 0;
        while (same < length && ndup__html_to_lower(text.bytes[i + same]) == part[same]) {
            same++;
        }
        if (same == length) {
            return true;
        }
    }
    return false;
}

static bool is_one_of(ndup_text text, const char *const *words)
{
    while (*words != NULL && !ndup__html_is_word(text, *words)) {
        words++;
    }
    return *words != NULL;
}

/* Whether an inline style makes its element invisible. */
static bool style_hides(ndup_text style)
{
    char squeezed[VALUE_BYTES];
    size_t length = 0;
    for (size_t i = 0; i < style.length && length < sizeof squeezed; i++) {
        if (!ndup__html_is_space(style.bytes[i])) {
            squeezed[length++] = style.bytes[i];
        }
    }
    ndup_text text = {squeezed, length};
    return contains(text, "display:none") || contains(text, "visibility:hidden");
}

static ndup__html_mark role_mark(ndup_text role, ndup__html_mark before)
{
    static const char *const navigation[] = {"navigation", "menu",    "menubar",
                                             "search",     "toolbar", NULL};
    if (before == NDUP__HTML_HIDDEN) {
        return before;
    }
    return is_one_of(role, navigation)            ? NDUP__HTML_NAVIGATION
           : ndup__html_is_word(role, "tablist")  ? NDUP__HTML_TABLIST
           : ndup__html_is_word(role, "tabpanel") ? NDUP__HTML_PANEL
                                                  : before;
}

static ndup__html_mark class_mark(ndup_text classes, ndup__html_mark before)
{
    if (contains(classes, "sr-only") || contains(classes, "visually-hidden") ||
        contains(classes, "screen-reader-text")) {
        return NDUP__HTML_HIDDEN;
    }
    return before == NDUP__HTML_PLAIN && contains(classes, "caption") ? NDUP__HTML_CAPTION : before;
}

ndup__html_mark ndup__html_attribute_mark(const ndup__html_attribute *attribute,
                                          ndup__html_mark before)
{
    switch (attribute->name.length) {
    case 4:
        return ndup__html_is_word(attribute->name, "role") ? role_mark(attribute->value, before)
                                                           : before;
    case 5:
        if (ndup__html_is_word(attribute->name, "class")) {
            return class_mark(attribute->value, before);
        }
        return ndup__html_is_word(attribute->name, "style") && style_hides(attribute->value)
                   ? NDUP__HTML_HIDDEN
                   : before;
    case 6:
        return ndup__html_is_word(attribute->name, "hidden") ? NDUP__HTML_HIDDEN : before;
    case 11:
        return ndup__html_is_word(attribute->name, "aria-hidden") &&
                       ndup__html_is_word(attribute->value, "true")
                   ? NDUP__HTML_HIDDEN
                   : before;
    default:
        return before;
    }
}
