/* SPDX-License-Identifier: MIT */
/* One entry of a feed, or item of a list: from XML to the JSON object of its fields. */
#include <string.h>

#include "corpus/feed.h"
#include "corpus/page.h"
#include "corpus/xml.h"
#include "html/address.h"

typedef enum entry_part {
    PART_ID,
    PART_URL,
    PART_DATE,
    PART_TITLE,
    PART_AUTHOR,
    PART_LANGUAGE,
    PART_CONTENT,
    PART_COUNT
} entry_part;

/* Which children are which part; of those of one part the first in this list counts. */
static const struct {
    const char *name;
    entry_part part;
} meanings[] = {{"guid", PART_ID},
                {"id", PART_ID},
                {"dc:identifier", PART_ID},
                {"link", PART_URL},
                {"pubDate", PART_DATE},
                {"published", PART_DATE},
                {"dc:date", PART_DATE},
                {"dcterms:created", PART_DATE},
                {"updated", PART_DATE},
                {"title", PART_TITLE},
                {"dc:title", PART_TITLE},
                {"media:title", PART_TITLE},
                {"dc:creator", PART_AUTHOR},
                {"author", PART_AUTHOR},
                {"dc:language", PART_LANGUAGE},
                {"content:encoded", PART_CONTENT},
                {"content", PART_CONTENT},
                {"description", PART_CONTENT},
                {"summary", PART_CONTENT},
                {"dc:description", PART_CONTENT},
                {"itunes:summary", PART_CONTENT},
                {"media:description", PART_CONTENT}};
#define MEANINGS (sizeof meanings / sizeof meanings[0])

typedef struct entry {
    ndup_text parts[PART_COUNT];
    size_t ranks[PART_COUNT]; /* in the list above, of what was taken */
    bool is_plain;            /* the content is text, not markup */
} entry;

/* An element with what is inside of it. */
typedef struct element {
    ndup__xml_piece start;
    ndup_text inside;
    bool has_children;
} element;

/* The next element of bytes[*at..length), which are the inside of another; false behind the last.
 * One that is not closed goes on to the end. */
static bool next_element(element *found, ndup_text parent, size_t *at)
{
    ndup__xml_piece *start = &found->start;
    ndup__xml_kind kind;
    bool is_closed;
    do {
        kind = ndup__xml_next(start, parent.bytes, parent.length, *at, true);
        *at = start->next;
    } while (kind != NDUP__XML_START && kind != NDUP__XML_END && kind != NDUP__XML_PARTIAL);
    if (kind != NDUP__XML_START) {
        return false;
    }
    *at = ndup__xml_element_end(parent.bytes, parent.length, start, true, &is_closed);
    size_t end = *at;
    if (is_closed && !start->is_empty) {
        while (parent.bytes[end - 1] != '<') {
            end--;
        }
        end--;
    }
    found->inside = (ndup_text){parent.bytes + start->next, end - start->next};
    return true;
}

/* Appends the text of an element: references resolved, without tags; or, as markup, everything but
 * what parts sections from text. */
static ndup_status add_text(ndup__json_line *line, bool *has_children, ndup_text inside,
                            bool as_markup, ndup_error *error)
{
    ndup__xml_piece piece = {.next = 0};
    ndup_status status = NDUP_STATUS_OK;
    *has_children = false;
    while (status == NDUP_STATUS_OK) {
        ndup__xml_kind kind = ndup__xml_next(&piece, inside.bytes, inside.length, piece.next, true);
        if (kind == NDUP__XML_END || kind == NDUP__XML_PARTIAL) {
            break;
        }
        *has_children |= kind == NDUP__XML_START;
        if (kind == NDUP__XML_CDATA) {
            status = ndup__json_line_add(line, piece.content.bytes, piece.content.length, error);
        } else if (as_markup) {
            status = ndup__json_line_add(line, inside.bytes + piece.begin, piece.next - piece.begin,
                                         error);
        } else if (kind == NDUP__XML_TEXT) {
            status = ndup__xml_resolve(line, piece.content, error);
        }
    }
    return status;
}

/* The text of an element, in the arena. With `prefers_markup` an element that has children gives
 * its markup. */
static ndup_status take_text(ndup_text *text, ndup__block *block, ndup_text inside,
                             bool prefers_markup, ndup_error *error)
{
    ndup__json_line *line = &block->rooms[0];
    bool has_children;
    char *copy = NULL;
    line->length = 0;
    ndup_status status = add_text(line, &has_children, inside, false, error);
    if (status == NDUP_STATUS_OK && has_children && prefers_markup) {
        line->length = 0;
        status = add_text(line, &has_children, inside, true, error);
    }
    *text = ndup__xml_trim((ndup_text){line->bytes, line->length});
    if (status == NDUP_STATUS_OK) {
        status = ndup__arena_copy(&block->arena, &copy, text->bytes, text->length, error);
        text->bytes = copy;
    }
    return status;
}

/* Of Atom's links the one that leads to the entry itself. */
static ndup_status take_link(ndup_text *url, ndup__block *block, const element *child,
                             ndup_error *error)
{
    ndup_text reference = ndup__xml_attribute(child->start.content, "href");
    ndup_text relation = ndup__xml_attribute(child->start.content, "rel");
    if (reference.length == 0) {
        return take_text(url, block, child->inside, false, error);
    }
    if (relation.length > 0 && !ndup__xml_is(relation, "alternate")) {
        return NDUP_STATUS_OK;
    }
    return take_text(url, block, reference, false, error);
}

/* Atom's authors have their name in a child. */
static ndup_text author_inside(const element *child)
{
    element name;
    size_t at = 0;
    while (next_element(&name, child->inside, &at)) {
        if (ndup__xml_is(ndup__xml_local(name.start.name), "name")) {
            return name.inside;
        }
    }
    return child->inside;
}

/* RSS has markup, escaped or not; Atom says in `type` what it is. */
static ndup_status take_content(entry *found, ndup_text *text, ndup__block *block,
                                const element *child, ndup_error *error)
{
    ndup_text type = ndup__xml_attribute(child->start.content, "type");
    bool is_atom = ndup__xml_is(ndup__xml_local(child->start.name), "content") ||
                   ndup__xml_is(ndup__xml_local(child->start.name), "summary");
    found->is_plain = ndup__xml_is(type, "text") || ndup__xml_is(type, "text/plain") ||
                      ndup__xml_is(type, "plain") || (is_atom && type.length == 0);
    return take_text(text, block, child->inside, !found->is_plain, error);
}

static ndup_status take_part(entry *found, entry_part part, ndup__block *block,
                             const element *child, ndup_error *error)
{
    ndup_text *text = &found->parts[part];
    switch (part) {
    case PART_URL:
        return take_link(text, block, child, error);
    case PART_AUTHOR:
        return take_text(text, block, author_inside(child), false, error);
    case PART_CONTENT:
        return take_content(found, text, block, child, error);
    default:
        return take_text(text, block, child->inside, false, error);
    }
}

/* Names are taken with the prefixes that everybody uses; those of the entry itself do not count. */
static size_t meaning_of(ndup_text name, const struct ndup__feed *feed)
{
    size_t prefix = feed->record.length - ndup__xml_local(feed->record).length;
    if (prefix > 0 && name.length > prefix && memcmp(name.bytes, feed->record.bytes, prefix) == 0) {
        name.bytes += prefix;
        name.length -= prefix;
    }
    size_t i = 0;
    while (i < MEANINGS && !ndup__xml_is(name, meanings[i].name)) {
        i++;
    }
    return i;
}

static ndup_status read_entry(entry *found, ndup__block *block, const struct ndup__feed *feed,
                              ndup_text inside, ndup_error *error)
{
    element child;
    ndup_status status = NDUP_STATUS_OK;
    for (size_t at = 0; status == NDUP_STATUS_OK && next_element(&child, inside, &at);) {
        size_t rank = meaning_of(child.start.name, feed);
        if (rank == MEANINGS) {
            continue;
        }
        entry_part part = meanings[rank].part;
        ndup_text before = found->parts[part];
        if (before.length > 0 && found->ranks[part] <= rank) {
            continue;
        }
        bool was_plain = found->is_plain;
        status = take_part(found, part, block, &child, error);
        if (found->parts[part].length > 0) {
            found->ranks[part] = rank;
        } else {
            found->parts[part] = before;
            found->is_plain = was_plain;
        }
    }
    return status;
}

/* Markup is read as a page; text without any is what it is. */
static ndup_status read_markup(ndup_document *page, uint64_t *replaced, ndup__block *block,
                               ndup_text markup, ndup_text url, ndup_error *error)
{
    bool has_markup = markup.length > 0 && (memchr(markup.bytes, '<', markup.length) != NULL ||
                                            memchr(markup.bytes, '&', markup.length) != NULL);
    ndup__html_hints hints = {.url = url, .is_utf8 = true};
    if (!has_markup) {
        page->text = markup;
        return NDUP_STATUS_OK;
    }
    return ndup__page_read(page, replaced, block, markup, &hints, error);
}

static ndup_status finish_entry(entry *found, ndup_document *page, uint64_t *replaced,
                                ndup__block *block, ndup_error *error)
{
    ndup_document title = {.number = 0};
    ndup_text *parts = found->parts;
    if (parts[PART_URL].length == 0 && ndup__address_scheme(parts[PART_ID]) > 0) {
        parts[PART_URL] = parts[PART_ID];
    }
    if (parts[PART_ID].length == 0) {
        parts[PART_ID] = parts[PART_URL];
    }
    ndup_status status =
        read_markup(&title, replaced, block, parts[PART_TITLE], parts[PART_URL], error);
    parts[PART_TITLE] = title.text;
    if (found->is_plain) {
        page->text = parts[PART_CONTENT];
    } else if (status == NDUP_STATUS_OK) {
        status = read_markup(page, replaced, block, parts[PART_CONTENT], parts[PART_URL], error);
    }
    return status;
}

static ndup_status write_entry(ndup__json_line *line, const entry *found,
                               const struct ndup__feed *feed, ndup_text name, ndup_text text,
                               ndup_error *error)
{
    const ndup_text *parts = found->parts;
    ndup_text language = parts[PART_LANGUAGE].length > 0 ? parts[PART_LANGUAGE] : feed->language;
    ndup_text source = feed->title.length > 0 ? feed->title : ndup__address_host(parts[PART_URL]);
    const struct {
        const char *key;
        ndup_text value;
    } members[] = {{"id", parts[PART_ID].length > 0 ? parts[PART_ID] : name},
                   {"url", parts[PART_URL]},
                   {"date", parts[PART_DATE]},
                   {"source", source},
                   {"title", parts[PART_TITLE]},
                   {"author", parts[PART_AUTHOR]},
                   {"language", language},
                   {"text", text}};
    size_t count = sizeof members / sizeof members[0];
    ndup_status status = ndup__json_line_add(line, "{", 1, error);
    for (size_t i = 0; i < count && status == NDUP_STATUS_OK; i++) {
        if (members[i].value.length > 0 || i + 1 == count) {
            status = ndup__json_line_member(line, members[i].key, members[i].value, error);
        }
    }
    return status == NDUP_STATUS_OK ? ndup__json_line_add(line, "}", 1, error) : status;
}

/* <field><value>a</value><value>b</value></field> is a list. */
static ndup_status write_values(ndup__json_line *line, ndup__block *block, ndup_text inside,
                                ndup_error *error)
{
    element value;
    bool is_first = true;
    ndup_status status = ndup__json_line_add(line, "[", 1, error);
    for (size_t at = 0; status == NDUP_STATUS_OK && next_element(&value, inside, &at);) {
        ndup_text text;
        status = take_text(&text, block, value.inside, false, error);
        if (status == NDUP_STATUS_OK) {
            status = ndup__json_line_add(line, is_first ? "\"" : ",\"", is_first ? 1 : 2, error);
        }
        if (status == NDUP_STATUS_OK) {
            status = ndup__json_line_escape(line, text.bytes, text.length, error);
        }
        if (status == NDUP_STATUS_OK) {
            status = ndup__json_line_add(line, "\"", 1, error);
        }
        is_first = false;
    }
    return status == NDUP_STATUS_OK ? ndup__json_line_add(line, "]", 1, error) : status;
}

static ndup_status write_field(ndup__json_line *line, ndup__block *block, const element *field,
                               ndup_error *error)
{
    element first;
    size_t at = 0;
    char key[64];
    ndup_text name = field->start.name;
    ndup_text text = {NULL, 0};
    if (name.length >= sizeof key) {
        return NDUP_STATUS_OK;
    }
    memcpy(key, name.bytes, name.length);
    key[name.length] = '\0';
    bool is_list =
        next_element(&first, field->inside, &at) && ndup__xml_is(first.start.name, "value");
    ndup_status status = NDUP_STATUS_OK;
    if (!is_list) {
        status = take_text(&text, block, field->inside, false, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = ndup__json_line_member(line, key, text, error);
    }
    if (is_list && status == NDUP_STATUS_OK) {
        line->length -= 2; /* the list takes the place of the empty string */
        status = write_values(line, block, field->inside, error);
    }
    return status;
}

static ndup_status write_item(ndup__json_line *line, ndup__block *block, ndup_text inside,
                              ndup_error *error)
{
    element field;
    ndup_status status = ndup__json_line_add(line, "{", 1, error);
    for (size_t at = 0; status == NDUP_STATUS_OK && next_element(&field, inside, &at);) {
        status = write_field(line, block, &field, error);
    }
    return status == NDUP_STATUS_OK ? ndup__json_line_add(line, "}", 1, error) : status;
}

ndup_status ndup__feed_convert(ndup_document *page, uint64_t *replaced, ndup__block *block,
                               const struct ndup__feed *feed, ndup_text element_bytes,
                               ndup_text name, ndup_error *error)
{
    element whole;
    entry found = {.is_plain = false};
    size_t at = 0;
    block->json.length = 0;
    if (!next_element(&whole, element_bytes, &at)) {
        whole.inside = (ndup_text){element_bytes.bytes, 0};
    }
    if (feed->kind == NDUP__FEED_ITEMS) {
        return write_item(&block->json, block, whole.inside, error);
    }
    ndup_status status = read_entry(&found, block, feed, whole.inside, error);
    ndup_text about = ndup__xml_attribute(whole.start.content, "rdf:about");
    if (status == NDUP_STATUS_OK && found.parts[PART_ID].length == 0 && about.length > 0) {
        status = take_text(&found.parts[PART_ID], block, about, false, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = finish_entry(&found, page, replaced, block, error);
    }
    return status == NDUP_STATUS_OK
               ? write_entry(&block->json, &found, feed, name, page->text, error)
               : status;
}
