/* SPDX-License-Identifier: MIT */
/* What a page says about its own encoding: its XML declaration, else its first <meta> that is one.
 */
#include "html/charset_prescan.h"

#include <string.h>

#include "html/html_bytes.h"
#include "html/tag_scan.h"

/* Where `word` (in lower case) stands in the text, in any case; NULL if nowhere. */
static const char *find_word(const char *at, const char *end, const char *word)
{
    size_t length = strlen(word);
    for (; (size_t)(end - at) >= length; at++) {
        size_t same = 0;
        while (same < length && ndup__html_to_lower(at[same]) == word[same]) {
            same++;
        }
        if (same == length) {
            return at;
        }
    }
    return NULL;
}

ndup_text ndup__charset_parameter(const char *at, const char *end, const char *key)
{
    while (at < end && (at = find_word(at, end, key)) != NULL) {
        at += strlen(key);
        const char *value = at;
        while (value < end && ndup__html_is_space(*value)) {
            value++;
        }
        if (value == end || *value != '=') {
            continue;
        }
        do {
            value++;
        } while (value < end && ndup__html_is_space(*value));
        const char *stop = value;
        if (value < end && (*value == '"' || *value == '\'')) {
            value++;
            stop = memchr(value, value[-1], (size_t)(end - value));
            stop = stop != NULL ? stop : end;
        } else {
            while (stop < end && !ndup__html_is_space(*stop) && strchr(";,\"'>?/", *stop) == NULL) {
                stop++;
            }
        }
        return (ndup_text){value, (size_t)(stop - value)};
    }
    return (ndup_text){NULL, 0};
}

/* Whether a <meta>'s content looks like a media type; others may speak of encodings. */
static bool is_media_type(ndup_text content)
{
    const char *slash = content.length > 0 ? memchr(content.bytes, '/', content.length) : NULL;
    return slash != NULL && memchr(content.bytes, ' ', (size_t)(slash - content.bytes)) == NULL;
}

/* Reads a tag's attributes; *found is what those of a <meta> name, if anything. Returns where the
 * tag ends, NULL at the page's end. */
static const char *read_attributes(const ndup__charset **found, bool is_meta, const char *at,
                                   const char *end)
{
    ndup_text content = {NULL, 0};
    bool is_http = false;
    ndup__html_attribute attribute;
    *found = NULL;
    while ((at = ndup__html_attribute_next(&attribute, at, end)) != NULL &&
           attribute.name.length > 0) {
        if (!is_meta) {
            continue;
        }
        if (ndup__html_is_word(attribute.name, "charset") && *found == NULL) {
            *found = ndup__charset_by_label(attribute.value);
        } else if (ndup__html_is_word(attribute.name, "content")) {
            content = attribute.value;
        }
        is_http |= ndup__html_is_word(attribute.name, "http-equiv");
    }
    if (*found == NULL && content.length > 0 && (is_http || is_media_type(content))) {
        *found = ndup__charset_by_label(
            ndup__charset_parameter(content.bytes, content.bytes + content.length, "charset"));
    }
    return at;
}

/* The name of an element whose content is characters, or NULL: no <meta> stands in there. */
static const char *raw_element(ndup_text name)
{
    static const char *const names[] = {"script", "style",   "title",    "textarea",
                                        "iframe", "noembed", "noframes", "xmp"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (ndup__html_is_word(name, names[i])) {
            return names[i];
        }
    }
    return NULL;
}

/* Reads over one tag or comment at "<"; NULL at the page's end. */
static const char *read_markup(const ndup__charset **found, const char *at, const char *end)
{
    const char *name = at + 1;
    if (end - name >= 3 && memcmp(name, "!--", 3) == 0) {
        return ndup__html_comment_end(name + 3, end);
    }
    bool is_end_tag = name < end && *name == '/';
    name += is_end_tag;
    if (name == end || !ndup__html_is_letter(*name)) {
        return name;
    }
    const char *stop = name;
    while (stop < end && !ndup__html_is_space(*stop) && *stop != '/' && *stop != '>') {
        stop++;
    }
    ndup_text element = {name, (size_t)(stop - name)};
    const char *raw = is_end_tag ? NULL : raw_element(element);
    at = read_attributes(found, !is_end_tag && ndup__html_is_word(element, "meta"), stop, end);
    return raw != NULL && at != NULL ? ndup__html_end_tag_find(at, end, raw) : at;
}

const ndup__charset *ndup__charset_prescan(const char *bytes, size_t length)
{
    const char *end = bytes + length;
    const ndup__charset *found = NULL;
    if (length > 5 && memcmp(bytes, "<?xml", 5) == 0) {
        const char *stop = memchr(bytes, '>', length);
        found = stop == NULL
                    ? NULL
                    : ndup__charset_by_label(ndup__charset_parameter(bytes, stop, "encoding"));
    }
    const char *at = bytes;
    while (found == NULL && at != NULL && at < end) {
        at = memchr(at, '<', (size_t)(end - at));
        at = at != NULL ? read_markup(&found, at, end) : NULL;
    }
    return found;
}
