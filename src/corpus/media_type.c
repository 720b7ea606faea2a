/* SPDX-License-Identifier: MIT */
/* Media types of pages and texts, and the beginnings of pages. */
#include "corpus/media_type.h"

#include <string.h>
#include <strings.h>

#include "html/html_bytes.h"
#include "html/xhtml.h"
#include "text/utf8.h"

static bool is_word(ndup_text text, const char *word)
{
    return text.length == strlen(word) && strncasecmp(text.bytes, word, text.length) == 0;
}

/* The first type of a value, without parameters, blanks and quotes. */
static ndup_text essence(ndup_text value)
{
    while (value.length > 0 && (ndup__html_is_space(value.bytes[0]) || value.bytes[0] == '"')) {
        value.bytes++;
        value.length--;
    }
    size_t length = 0;
    while (length < value.length && !ndup__html_is_space(value.bytes[length]) &&
           strchr(";,\"", value.bytes[length]) == NULL) {
        length++;
    }
    return (ndup_text){value.bytes, length};
}

ndup__media ndup__media_of(ndup_text content_type)
{
    static const struct {
        const char *name;
        ndup__media media;
    } known[] = {{"text/html", NDUP__MEDIA_PAGE},
                 {"application/xhtml+xml", NDUP__MEDIA_XHTML},
                 {"application/vnd.wap.xhtml+xml", NDUP__MEDIA_XHTML},
                 {"text/plain", NDUP__MEDIA_TEXT},
                 {"text/markdown", NDUP__MEDIA_TEXT},
                 {"text/xml", NDUP__MEDIA_UNKNOWN},
                 {"application/xml", NDUP__MEDIA_UNKNOWN},
                 {"unknown/unknown", NDUP__MEDIA_UNKNOWN},
                 {"application/unknown", NDUP__MEDIA_UNKNOWN},
                 {"*/*", NDUP__MEDIA_UNKNOWN}};
    ndup_text type = essence(content_type);
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        if (is_word(type, known[i].name)) {
            return known[i].media;
        }
    }
    bool is_type = type.length > 0 && memchr(type.bytes, '/', type.length) != NULL;
    return is_type ? NDUP__MEDIA_OTHER : NDUP__MEDIA_UNKNOWN;
}

ndup__media ndup__media_sniff(ndup_text body)
{
    static const char *const tags[] = {
        "<!doctype html", "<html", "<head",  "<script", "<iframe", "<h1",   "<div", "<font",
        "<table",         "<a",    "<style", "<title",  "<b",      "<body", "<br",  "<p"};
    if (body.length == 0) {
        return NDUP__MEDIA_OTHER;
    }
    size_t skipped = ndup__utf8_mark(body.bytes, body.length);
    while (skipped < body.length && ndup__html_is_space(body.bytes[skipped])) {
        skipped++;
    }
    ndup_text text = {body.bytes + skipped, body.length - skipped};
    for (size_t i = 0; i < sizeof tags / sizeof tags[0]; i++) {
        size_t length = strlen(tags[i]);
        if (text.length > length && strncasecmp(text.bytes, tags[i], length) == 0 &&
            (text.bytes[length] == '>' || ndup__html_is_space(text.bytes[length]))) {
            return NDUP__MEDIA_PAGE;
        }
    }
    if (text.length >= 4 && memcmp(text.bytes, "<!--", 4) == 0) {
        return NDUP__MEDIA_PAGE;
    }
    ndup__xhtml root;
    return ndup__xhtml_find(&root, text) && root.is_root ? NDUP__MEDIA_XHTML : NDUP__MEDIA_OTHER;
}
