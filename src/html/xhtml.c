/* SPDX-License-Identifier: MIT */
/* The prolog of a page: XML declaration, document type, the root's namespaces. */
#include "html/xhtml.h"

#include <string.h>

#include "html/html_bytes.h"
#include "html/tag_scan.h"

static bool begins(const char *at, const char *end, const char *word)
{
    size_t length = strlen(word);
    return (size_t)(end - at) >= length && ndup__html_is_word((ndup_text){at, length}, word);
}

static const char *behind(const char *at, const char *end, char wanted)
{
    const char *stop = at < end ? memchr(at, wanted, (size_t)(end - at)) : NULL;
    return stop != NULL ? stop + 1 : end;
}

/* A document type ends at ">", but for the declarations between "[" and "]". */
static const char *doctype_end(const char *at, const char *end)
{
    const char *stop = behind(at, end, '>');
    const char *inner = behind(at, stop, '[');
    while (inner < stop && (inner = behind(inner, end, ']')) < end) {
        while (inner < end && ndup__html_is_space(*inner)) {
            inner++;
        }
        if (inner < end && *inner == '>') {
            return inner + 1;
        }
        stop = end;
    }
    return behind(at, end, '>');
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
        for (size_t i = 0; i < found->prefix_length; i++) {
            char byte = i + 1 < found->prefix_length ? name.bytes[6 + i] : ':';
            found->prefix[i] = byte >= 'A' && byte <= 'Z' ? (char)(byte + 32) : byte;
        }
        return true;
    }
    return name.length == 5;
}

static void read_root(ndup__xhtml *found, const char *at, const char *end)
{
    const char *name = at;
    while (at < end && !ndup__html_is_space(*at) && *at != '/' && *at != '>') {
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
    *found = (ndup__xhtml){.is_xhtml = page.length > 5 && begins(at, end, "<?xml") &&
                                       ndup__html_is_space(at[5])};
    while (at < end && (ndup__html_is_space(*at) || *at == '<')) {
        const char *next = at + 1;
        if (ndup__html_is_space(*at)) {
            at++;
        } else if (begins(next, end, "!--")) {
            at = ndup__html_comment_end(next + 3, end);
        } else if (found->doctype == NULL && begins(next, end, "!doctype")) {
            found->doctype = next;
            found->doctype_end = doctype_end(next, end);
            found->is_xhtml |= names_xhtml(next, found->doctype_end);
            at = found->doctype_end;
        } else if (next < end && (*next == '?' || *next == '!')) {
            at = behind(next, end, '>');
        } else {
            read_root(found, next, end);
            break;
        }
    }
    found->is_xhtml |= found->is_root;
    return found->is_xhtml;
}

bool ndup__xhtml_has_prefix(const ndup__xhtml *xhtml, const char *name, const char *end)
{
    size_t length = xhtml->prefix_length;
    size_t same = 0;
    while (same < length && (size_t)(end - name) > same &&
           (name[same] >= 'A' && name[same] <= 'Z' ? (char)(name[same] + 32) : name[same]) ==
               xhtml->prefix[same]) {
        same++;
    }
    return length > 0 && same == length;
}

static const char *find_cdata_end(const char *at, const char *end)
{
    while (at < end && (end - at < 3 || memcmp(at, "]]>", 3) != 0)) {
        const char *stop = memchr(at + 1, ']', (size_t)(end - at - 1));
        at = stop != NULL ? stop : end;
    }
    return at;
}

const char *ndup__xhtml_declaration_end(const char **cdata_end, const ndup__xhtml *xhtml,
                                        const char *at, const char *end)
{
    if (end - at >= 8 && memcmp(at, "![CDATA[", 8) == 0) {
        *cdata_end = find_cdata_end(at + 8, end);
        return at + 8;
    }
    return at == xhtml->doctype ? xhtml->doctype_end : behind(at, end, '>');
}
