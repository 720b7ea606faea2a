/* SPDX-License-Identifier: MIT */
/* The prolog of a page: XML declaration, document type, the root's namespaces. */
#include "html/xhtml.h"

#include <string.h>

#include "html/tag_scan.h"

static bool is_space(char byte)
{
    return byte == ' ' || byte == '\n' || byte == '\t' || byte == '\r' || byte == '\f';
}

static bool begins(const char *at, const char *end, const char *word)
{
    size_t length = strlen(word);
    return (size_t)(end - at) >= length && ndup__html_is_word((ndup_text){at, length}, word);
}

const char *ndup__xhtml_doctype_end(const char *at, const char *end)
{
    char quote = 0;
    bool is_inside = false; /* of the declarations between [ and ] */
    for (; at < end; at++) {
        if (quote != 0) {
            quote = *at == quote ? 0 : quote;
        } else if (*at == '"' || *at == '\'') {
            quote = *at;
        } else if (*at == '[' || *at == ']') {
            is_inside = *at == '[';
        } else if (*at == '>' && !is_inside) {
            return at + 1;
        }
    }
    return end;
}

static bool names_xhtml(const char *at, const char *end)
{
    while (at < end && !begins(at, end, "//dtd xhtml")) {
        at++;
    }
    return at < end;
}

/* "xmlns" or "xmlns:h" with XHTML's namespace; sets the prefix of the latter. */
static bool binds_xhtml(ndup__xhtml *found, const ndup__html_attribute *attribute)
{
    ndup_text name = attribute->name;
    if (!begins(name.bytes, name.bytes + name.length, "xmlns") ||
        !ndup__html_is_word(attribute->value, "http://www.w3.org/1999/xhtml")) {
        return false;
    }
    if (name.length > 6 && name.bytes[5] == ':' && name.length - 6 < NDUP__XHTML_PREFIX_BYTES) {
        found->prefix_length = name.length - 5;
        memcpy(found->prefix, name.bytes + 6, name.length - 6);
        found->prefix[name.length - 6] = ':';
        return true;
    }
    return name.length == 5;
}

static void read_root(ndup__xhtml *found, const char *at, const char *end)
{
    const char *name = at;
    while (at < end && !is_space(*at) && *at != '/' && *at != '>') {
        name = *at == ':' ? at + 1 : name;
        at++;
    }
    bool is_html = ndup__html_is_word((ndup_text){name, (size_t)(at - name)}, "html");
    ndup__html_attribute attribute;
    while ((at = ndup__html_attribute_next(&attribute, at, end)) != NULL &&
           attribute.name.length > 0) {
        found->is_root |= binds_xhtml(found, &attribute) && is_html;
    }
}

bool ndup__xhtml_find(ndup__xhtml *found, ndup_text page)
{
    const char *at = page.bytes;
    const char *end = at + page.length;
    *found =
        (ndup__xhtml){.is_xhtml = page.length > 5 && begins(at, end, "<?xml") && is_space(at[5])};
    while (at < end && (is_space(*at) || *at == '<')) {
        const char *next = at + 1;
        if (is_space(*at)) {
            at++;
        } else if (begins(next, end, "!--")) {
            at = ndup__html_comment_end(next + 3, end);
        } else if (begins(next, end, "!doctype")) {
            const char *stop = ndup__xhtml_doctype_end(next, end);
            found->is_xhtml |= names_xhtml(next, stop);
            at = stop;
        } else if (next < end && (*next == '?' || *next == '!')) {
            const char *stop = memchr(next, '>', (size_t)(end - next));
            at = stop != NULL ? stop + 1 : end;
        } else {
            read_root(found, next, end);
            break;
        }
    }
    found->is_xhtml |= found->is_root;
    return found->is_xhtml;
}
