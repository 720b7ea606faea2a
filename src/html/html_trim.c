/* SPDX-License-Identifier: MIT */
/* One pass over the page: text, tags, and what is dropped. */
#include "html/html_trim.h"

#include <string.h>

#include "base/alloc.h"
#include "html/html_attributes.h"
#include "html/html_bytes.h"
#include "html/html_piece.h"
#include "text/utf8.h"

/* A piece this long ends before the next block; one several times as long, anywhere. */
#define PIECE_BYTES ((size_t)32 << 10)
#define PIECE_BYTES_MOST (4 * PIECE_BYTES)
#define NAME_BYTES NDUP__HTML_NAME_BYTES
/* Longest attribute value that is handed on; descriptions and addresses are shorter. */
#define VALUE_BYTES ((size_t)4096)
/* Longest name of a character reference, "&" and ";" included. */
#define REFERENCE_BYTES 33

void ndup__html_trim_begin(ndup__html_trim *trim, ndup_text page, const ndup__html_manner *manner)
{
    (void)ndup__xhtml_find(&trim->xhtml, page);
    trim->xhtml.is_xhtml |= manner->is_xhtml;
    trim->shows_hidden = manner->shows_hidden;
    trim->has_noframes = false;
    trim->cdata_end = NULL;
    trim->at = page.bytes;
    trim->end = page.bytes + page.length;
    trim->text_end = page.bytes;
    trim->depth = 0;
    memset(trim->open, 0, sizeof trim->open);
    trim->is_in_svg = false;
    trim->linked_data_count = 0;
}

static bool is_blank(const char *at, const char *end, bool *has_line_end)
{
    *has_line_end = false;
    while (at < end && ndup__html_is_space(*at)) {
        *has_line_end |= *at == '\n';
        at++;
    }
    return at == end;
}

static ndup_status add_run(ndup__html_trim *trim, const char *at, const char *end,
                           ndup_error *error)
{
    ndup_status status = ndup__html_piece_reserve(trim, 4, error);
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    bool has_line_end;
    bool is_verbatim = trim->open[GUMBO_TAG_PRE] > 0;
    if (!is_verbatim && is_blank(at, end, &has_line_end)) {
        ndup__html_piece_put(trim, has_line_end ? "\n" : " ", 1);
        return NDUP_STATUS_OK;
    }
    status = ndup__reserve(trim->allocator, &trim->runs, &trim->run_capacity, trim->run_count + 1,
                           sizeof *trim->runs, error);
    if (status == NDUP_STATUS_OK) {
        trim->length += ndup__utf8_write(trim->markup + trim->length,
                                         NDUP__HTML_RUN_FIRST + (uint32_t)trim->run_count);
        trim->runs[trim->run_count++] = (ndup_text){at, (size_t)(end - at)};
    }
    return status;
}

/* "&" and a letter: the parser knows the names. */
static ndup_status put_reference(ndup__html_trim *trim, const char **at, const char *end,
                                 ndup_error *error)
{
    const char *stop = *at + 1;
    while (stop < end && stop - *at < REFERENCE_BYTES - 1 &&
           (ndup__html_is_letter(*stop) || (*stop >= '0' && *stop <= '9'))) {
        stop++;
    }
    stop += stop < end && *stop == ';';
    ndup_status status = ndup__html_piece_reserve(trim, REFERENCE_BYTES, error);
    if (status == NDUP_STATUS_OK) {
        ndup__html_piece_put(trim, *at, (size_t)(stop - *at));
        trim->length -= trim->is_in_svg ? (size_t)(stop - *at) : 0;
        *at = stop;
    }
    return status;
}

/* Text up to `end`, where markup or the page's end is, or until the piece is full. */
static ndup_status read_text(ndup__html_trim *trim, const char *end, ndup_error *error)
{
    ndup_status status = NDUP_STATUS_OK;
    while (trim->at < end && status == NDUP_STATUS_OK && trim->length < PIECE_BYTES_MOST) {
        const char *at = trim->at;
        if (*at == '&' && end - at > 1 && ndup__html_is_letter(at[1])) {
            status = put_reference(trim, &trim->at, end, error);
            continue;
        }
        const char *stop = at;
        do {
            stop = memchr(stop + 1, '&', (size_t)(end - stop - 1));
        } while (stop != NULL && (end - stop < 2 || !ndup__html_is_letter(stop[1])));
        stop = stop != NULL ? stop : end;
        if (!trim->is_in_svg) {
            status = add_run(trim, at, stop, error);
        }
        trim->at = stop;
    }
    return status;
}

/* A start or end tag being read. */
typedef struct open_tag {
    GumboTag tag;
    unsigned traits;
    ndup__html_mark mark;
    bool has_prefix; /* of XHTML */
    bool is_self_closing;
    bool is_linked_data; /* a script of that type */
    const char *begin;   /* at its "<" */
} open_tag;

static bool is_kept(ndup_text name)
{
    static const char *const kept[] = {"name",       "property", "itemprop", "content",
                                       "http-equiv", "rel",      "href",     "lang",
                                       "xml:lang",   "datetime", "pubdate",  NULL};
    size_t i = 0;
    while (kept[i] != NULL && !ndup__html_is_word(name, kept[i])) {
        i++;
    }
    return kept[i] != NULL;
}

static ndup_status put_attribute(ndup__html_trim *trim, const ndup__html_attribute *attribute,
                                 ndup_error *error)
{
    ndup_text value = attribute->value;
    const char *quote = "\"";
    if (value.length > 0 && memchr(value.bytes, '"', value.length) != NULL) {
        quote = "'";
    }
    if (value.length > VALUE_BYTES ||
        (value.length > 0 && memchr(value.bytes, *quote, value.length) != NULL)) {
        return NDUP_STATUS_OK;
    }
    ndup_status status =
        ndup__html_piece_reserve(trim, attribute->name.length + value.length + 4, error);
    if (status == NDUP_STATUS_OK) {
        ndup__html_piece_put(trim, " ", 1);
        ndup__html_piece_put(trim, attribute->name.bytes, attribute->name.length);
        ndup__html_piece_put(trim, "=", 1);
        ndup__html_piece_put(trim, quote, 1);
        if (value.length > 0) {
            ndup__html_piece_put(trim, value.bytes, value.length);
        }
        ndup__html_piece_put(trim, quote, 1);
    }
    return status;
}

/* Takes in the attributes up to ">"; those of elements that state something go to the markup, each
 * name once. trim->at is NULL when the page ends inside the tag. */
static ndup_status read_attributes(ndup__html_trim *trim, open_tag *tag, const char *at,
                                   ndup_error *error)
{
    unsigned put_count = 0;
    ndup_status status = NDUP_STATUS_OK;
    ndup__html_attribute attribute;
    const char *last = NULL;
    while (status == NDUP_STATUS_OK) {
        at = ndup__html_attribute_next(&attribute, at, trim->end);
        if (at == NULL || attribute.name.length == 0) {
            break;
        }
        last = attribute.value.length > 0 ? attribute.value.bytes + attribute.value.length : NULL;
        tag->mark = ndup__html_attribute_mark(&attribute, tag->mark);
        if (tag->tag == GUMBO_TAG_SCRIPT && ndup__html_is_word(attribute.name, "type")) {
            tag->is_linked_data = ndup__html_is_word(attribute.value, "application/ld+json");
        }
        if ((tag->traits & NDUP__HTML_STATES) != 0 && put_count < 8 && is_kept(attribute.name)) {
            status = put_attribute(trim, &attribute, error);
            put_count++;
        }
    }
    /* The slash may be the end of a value without quotes. */
    bool ends_value = at != NULL && last != NULL && last == at - 1;
    tag->is_self_closing = at != NULL && at - tag->begin > 2 && at[-2] == '/' && !ends_value;
    trim->at = at;
    return status;
}

/* Reads over the content of an element of characters. That of a title and of verbatim text is
 * kept. */
static ndup_status read_raw(ndup__html_trim *trim, const open_tag *tag, ndup_error *error)
{
    char name[NDUP__XHTML_PREFIX_BYTES + NAME_BYTES];
    size_t prefix = tag->has_prefix ? trim->xhtml.prefix_length : 0;
    memcpy(name, trim->xhtml.prefix, prefix);
    strcpy(name + prefix, ndup__html_tag_name(tag->tag));
    const char *stop = ndup__html_end_tag_find(trim->at, trim->end, name);
    if (tag->is_linked_data && trim->linked_data_count < NDUP__HTML_LINKED_DATA) {
        trim->linked_data[trim->linked_data_count++] =
            (ndup_text){trim->at, (size_t)(stop - trim->at)};
    }
    ndup_status status = NDUP_STATUS_OK;
    if ((tag->traits & NDUP__HTML_DROPPED) != 0) {
        trim->at = stop;
    } else if (tag->tag == GUMBO_TAG_TITLE) {
        status = read_text(trim, stop, error);
        trim->at = stop; /* of a title as long as a piece the rest is dropped */
    } else if (stop > trim->at) {
        status = add_run(trim, trim->at, stop, error);
        trim->at = stop;
    }
    return status;
}

/* Whether the piece ends before this tag. */
static bool ends_piece(ndup__html_trim *trim, unsigned traits)
{
    bool is_block = (traits & NDUP__HTML_BLOCK) != 0;
    if (trim->depth == NDUP__HTML_DEPTH) {
        ndup__html_piece_forget(trim);
        return true;
    }
    return trim->length >= PIECE_BYTES_MOST || (is_block && trim->length >= PIECE_BYTES);
}

/* Whether nothing is in the element because XML says so. */
static bool is_empty(const ndup__html_trim *trim, const open_tag *tag)
{
    return trim->xhtml.is_xhtml && tag->is_self_closing;
}

static ndup_status finish_start_tag(ndup__html_trim *trim, const open_tag *tag, ndup_error *error)
{
    bool is_foreign = tag->is_self_closing && trim->open[GUMBO_TAG_MATH] > 0;
    ndup_status status = ndup__html_piece_reserve(trim, 8, error);
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    ndup__html_piece_put_mark(trim, tag->mark);
    ndup__html_piece_put_string(trim, is_foreign ? " />" : ">");
    if (is_empty(trim, tag) && !is_foreign && (tag->traits & NDUP__HTML_EMPTY) == 0) {
        return ndup__html_piece_put_end(trim, tag->tag, error);
    }
    if ((tag->traits & NDUP__HTML_RAW) != 0) {
        return read_raw(trim, tag, error);
    }
    if (!is_foreign && (tag->traits & (NDUP__HTML_EMPTY | NDUP__HTML_END_FREE)) == 0) {
        ndup__html_piece_open(trim, tag->tag, tag->mark);
    }
    return NDUP_STATUS_OK;
}

static ndup_status read_start_tag(ndup__html_trim *trim, open_tag *tag, const char *at,
                                  bool *is_full, ndup_error *error)
{
    bool is_dropped = trim->is_in_svg && (tag->traits & NDUP__HTML_CLOSES_SVG) == 0;
    is_dropped |= (tag->traits & NDUP__HTML_DROPPED) != 0 || tag->tag == GUMBO_TAG_SVG;
    if (!is_dropped && ends_piece(trim, tag->traits)) {
        *is_full = true;
        return NDUP_STATUS_OK;
    }
    size_t before = trim->length;
    ndup_status status = ndup__html_piece_reserve(trim, NAME_BYTES, error);
    if (status == NDUP_STATUS_OK) {
        ndup__html_piece_put(trim, "<", 1);
        ndup__html_piece_put_string(trim, ndup__html_tag_name(tag->tag));
        status = read_attributes(trim, tag, at, error);
    }
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    if (is_dropped || trim->at == NULL) {
        trim->length = before;
    }
    if (trim->at == NULL) {
        trim->at = trim->end;
        return status;
    }
    if (tag->tag == GUMBO_TAG_UNKNOWN && tag->is_self_closing && trim->open[GUMBO_TAG_MATH] == 0) {
        trim->length = before; /* not in the standard's sense, but nothing is in it */
        return status;
    }
    if (!is_dropped) {
        trim->is_in_svg = false;
        return finish_start_tag(trim, tag, error);
    }
    trim->is_in_svg |= tag->tag == GUMBO_TAG_SVG && !tag->is_self_closing;
    bool is_noframes = tag->tag == GUMBO_TAG_NOFRAMES;
    trim->has_noframes |= is_noframes;
    bool has_end = !(is_noframes && trim->shows_hidden) && !is_empty(trim, tag) &&
                   !(trim->is_in_svg && tag->is_self_closing);
    return has_end && (tag->traits & NDUP__HTML_RAW) != 0 ? read_raw(trim, tag, error) : status;
}

static ndup_status read_end_tag(ndup__html_trim *trim, const open_tag *tag, const char *at,
                                ndup_error *error)
{
    ndup__html_attribute attribute = {{"", 1}, {NULL, 0}};
    while (at != NULL && attribute.name.length > 0) {
        at = ndup__html_attribute_next(&attribute, at, trim->end);
    }
    trim->at = at != NULL ? at : trim->end;
    bool is_svg = tag->tag == GUMBO_TAG_SVG;
    if (at == NULL || is_svg || trim->is_in_svg || (tag->traits & NDUP__HTML_DROPPED) != 0) {
        trim->is_in_svg &= !is_svg;
        return NDUP_STATUS_OK;
    }
    ndup_status status = NDUP_STATUS_OK;
    if ((tag->traits & NDUP__HTML_SKIPPED) != 0) {
        status = ndup__html_piece_end_inside(trim, tag->tag, error);
    }
    ndup__html_piece_close(trim, tag->tag, tag->traits);
    return status == NDUP_STATUS_OK ? ndup__html_piece_put_end(trim, tag->tag, error) : status;
}

/* Behind a document type, or what is a comment to HTML. In XHTML a CDATA section may begin. */
static const char *read_declaration(ndup__html_trim *trim, const char *at)
{
    if (trim->xhtml.is_xhtml) {
        return ndup__xhtml_declaration_end(&trim->cdata_end, &trim->xhtml, at, trim->end);
    }
    const char *stop = at < trim->end ? memchr(at, '>', (size_t)(trim->end - at)) : NULL;
    return stop != NULL ? stop + 1 : trim->end;
}

/* What begins with "<". */
static ndup_status read_markup(ndup__html_trim *trim, bool *is_full, ndup_error *error)
{
    const char *at = trim->at + 1;
    const char *end = trim->end;
    bool is_end = at < end && *at == '/';
    at += is_end;
    if (at < end && ndup__html_is_letter(*at)) {
        open_tag tag = {.begin = trim->at,
                        .has_prefix = ndup__xhtml_has_prefix(&trim->xhtml, at, end)};
        at += tag.has_prefix ? trim->xhtml.prefix_length : 0;
        tag.tag = ndup__html_tag_read(&at, end);
        tag.traits = ndup__html_traits(tag.tag);
        return is_end ? read_end_tag(trim, &tag, at, error)
                      : read_start_tag(trim, &tag, at, is_full, error);
    }
    if (!is_end && (at == end || (*at != '!' && *at != '?'))) {
        ndup_status status = ndup__html_piece_reserve(trim, 4, error); /* just a character */
        if (status == NDUP_STATUS_OK) {
            ndup__html_piece_put_string(trim, trim->is_in_svg ? "" : "&lt;");
            trim->at++;
        }
        return status;
    }
    if (end - at >= 3 && memcmp(at, "!--", 3) == 0) {
        trim->at = ndup__html_comment_end(at + 3, end);
        return NDUP_STATUS_OK;
    }
    trim->at = read_declaration(trim, at);
    return NDUP_STATUS_OK;
}

static ndup_status put_ampersand(ndup__html_trim *trim, ndup_error *error)
{
    ndup_status status = ndup__html_piece_reserve(trim, 8, error);
    ndup__html_piece_put_string(trim, status == NDUP_STATUS_OK ? "&amp;" : "");
    return status;
}

/* The text of a CDATA section, in which "&" is just a character; up to its end or that of the
 * piece.
 */
static ndup_status read_cdata(ndup__html_trim *trim, ndup_error *error)
{
    ndup_status status = NDUP_STATUS_OK;
    while (trim->at < trim->cdata_end && status == NDUP_STATUS_OK &&
           trim->length < PIECE_BYTES_MOST) {
        const char *at = trim->at;
        const char *stop = memchr(at, '&', (size_t)(trim->cdata_end - at));
        stop = stop != NULL ? stop : trim->cdata_end;
        trim->at = stop > at ? stop : at + 1;
        if (!trim->is_in_svg) {
            status = stop > at ? add_run(trim, at, stop, error) : put_ampersand(trim, error);
        }
    }
    if (trim->at == trim->cdata_end) {
        trim->cdata_end = NULL;
        trim->at += trim->at < trim->end ? 3 : 0;
    }
    return status;
}

ndup_status ndup__html_trim_next(ndup__html_trim *trim, bool *more, ndup_error *error)
{
    *more = trim->at < trim->end;
    trim->length = 0;
    trim->run_count = 0;
    ndup_status status = ndup__html_piece_reopen(trim, error);
    bool is_full = false;
    while (status == NDUP_STATUS_OK && trim->at < trim->end && !is_full) {
        if (trim->cdata_end != NULL) {
            status = read_cdata(trim, error);
        } else if (*trim->at == '<') {
            status = read_markup(trim, &is_full, error);
        } else {
            if (trim->text_end <= trim->at) {
                const char *stop = memchr(trim->at, '<', (size_t)(trim->end - trim->at));
                trim->text_end = stop != NULL ? stop : trim->end;
            }
            status = read_text(trim, trim->text_end, error);
        }
        is_full |= trim->length >= PIECE_BYTES_MOST;
    }
    return status;
}

void ndup__html_trim_deinit(ndup__html_trim *trim)
{
    ndup__free(trim->allocator, &trim->markup, trim->capacity, 1);
    ndup__free(trim->allocator, &trim->runs, trim->run_capacity, sizeof *trim->runs);
    trim->capacity = 0;
    trim->run_capacity = 0;
}
