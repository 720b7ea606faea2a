/* SPDX-License-Identifier: MIT */
/* The beginning of a list of entries: which kind it is, its encoding, and what it says of itself.
 */
#include <string.h>

#include "base/error.h"
#include "corpus/feed.h"
#include "corpus/labelled.h"
#include "corpus/xml.h"
#include "text/utf8.h"

/* Levels whose names are remembered: rss, channel, title. */
#define LEVELS 4

static ndup__feed_kind kind_of_root(ndup_text root)
{
    static const struct {
        const char *name;
        ndup__feed_kind kind;
    } known[] = {{"rss", NDUP__FEED_ENTRIES},         {"RDF", NDUP__FEED_ENTRIES},
                 {"feed", NDUP__FEED_ENTRIES},        {"channel", NDUP__FEED_ENTRIES},
                 {"items", NDUP__FEED_ITEMS},         {"urlset", NDUP__FEED_SITEMAP},
                 {"sitemapindex", NDUP__FEED_SITEMAP}};
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        if (ndup__xml_is(ndup__xml_local(root), known[i].name)) {
            return known[i].kind;
        }
    }
    return NDUP__FEED_OTHER;
}

static bool is_space(const ndup__xml_piece *piece)
{
    for (size_t i = 0; i < piece->content.length; i++) {
        if (strchr(" \t\r\n", piece->content.bytes[i]) == NULL) {
            return false;
        }
    }
    return true;
}

ndup__feed_kind ndup__feed_kind_of(const char *bytes, size_t length)
{
    ndup__xml_piece piece = {.next = ndup__utf8_mark(bytes, length)};
    ndup__xml_kind kind;
    do {
        kind = ndup__xml_next(&piece, bytes, length, piece.next, false);
    } while (kind == NDUP__XML_OTHER || (kind == NDUP__XML_TEXT && is_space(&piece)));
    return kind == NDUP__XML_START ? kind_of_root(piece.name) : NDUP__FEED_UNKNOWN;
}

/* Copies what the pieces up to the close tag say, without blanks at the ends. */
static ndup_status keep_text(ndup_text *kept, const struct ndup__feed *feed, ndup__arena *strings,
                             ndup_text inside, ndup_error *error)
{
    ndup__json_line line = {.allocator = strings->allocator};
    ndup__xml_piece piece = {.next = 0};
    uint64_t replaced = 0;
    ndup_text utf8 = {NULL, 0};
    char *copy;
    ndup_status status =
        ndup__labelled_decode(&utf8, &replaced, feed->charset, strings, inside, error);
    while (status == NDUP_STATUS_OK) {
        ndup__xml_kind kind = ndup__xml_next(&piece, utf8.bytes, utf8.length, piece.next, true);
        if (kind == NDUP__XML_END || kind == NDUP__XML_PARTIAL) {
            break;
        }
        if (kind == NDUP__XML_TEXT) {
            status = ndup__xml_resolve(&line, piece.content, error);
        } else if (kind == NDUP__XML_CDATA) {
            status = ndup__json_line_add(&line, piece.content.bytes, piece.content.length, error);
        }
    }
    ndup_text text = ndup__xml_trim((ndup_text){line.bytes, line.length});
    if (status == NDUP_STATUS_OK && text.length > 0) {
        status = ndup__arena_copy(strings, &copy, text.bytes, text.length, error);
        *kept = (ndup_text){copy, text.length};
    }
    ndup__json_line_deinit(&line);
    return status;
}

/* The first bytes: encodings in which tags are not ASCII are told, not read. */
static void read_encoding(struct ndup__feed *feed, ndup_text bytes)
{
    bool is_wide = bytes.length >= 2 && (memcmp(bytes.bytes, "\xFF\xFE", 2) == 0 ||
                                         memcmp(bytes.bytes, "\xFE\xFF", 2) == 0 ||
                                         bytes.bytes[0] == '\0' || bytes.bytes[1] == '\0');
    feed->charset = ndup__charset_utf8();
    if (is_wide) {
        (void)ndup__fail(&feed->unusable, NDUP_STATUS_UNSUPPORTED,
                         "XML in UTF-16 or UTF-32: convert it to UTF-8");
    }
}

static void read_declaration(struct ndup__feed *feed, ndup_text inside)
{
    ndup_text label = ndup__xml_attribute(inside, "encoding");
    const ndup__charset *named =
        label.length > 0 && inside.length >= 3 && memcmp(inside.bytes, "xml", 3) == 0
            ? ndup__charset_by_label(label)
            : NULL;
    feed->charset = named != NULL ? named : feed->charset;
}

static void read_root(struct ndup__feed *feed, ndup_text root)
{
    feed->kind = kind_of_root(root);
    if (feed->kind == NDUP__FEED_SITEMAP) {
        (void)ndup__fail(&feed->unusable, NDUP_STATUS_UNSUPPORTED,
                         "a sitemap holds addresses, no texts");
    } else if (feed->kind == NDUP__FEED_OTHER) {
        int shown = root.length < 40 ? (int)root.length : 40;
        (void)ndup__fail(&feed->unusable, NDUP_STATUS_UNSUPPORTED,
                         "XML with the root <%.*s>, must be <rss>, <feed>, <rdf:RDF> or <items>",
                         shown, root.bytes);
    }
}

typedef struct head_walk {
    struct ndup__feed *feed;
    ndup__arena *strings;
    ndup_text bytes;
    ndup_text names[LEVELS];
    size_t depth;
    bool is_damaged; /* an element is not closed */
} head_walk;

/* What a feed says of itself stands right below <channel> or <feed>. */
static ndup_text *find_part(const head_walk *walk, ndup_text name)
{
    ndup_text parent = ndup__xml_local(walk->names[walk->depth - 1]);
    bool is_owner = ndup__xml_is(parent, "channel") || ndup__xml_is(parent, "feed");
    if (is_owner && ndup__xml_is(name, "title") && walk->feed->title.length == 0) {
        return &walk->feed->title;
    }
    return is_owner && ndup__xml_is(name, "language") ? &walk->feed->language : NULL;
}

/* One that is not closed is looked for only once. */
static ndup_status read_member(head_walk *walk, const ndup__xml_piece *piece, ndup_error *error)
{
    ndup_text *part = find_part(walk, ndup__xml_local(piece->name));
    bool is_closed = false;
    if (part == NULL || piece->is_empty || walk->is_damaged) {
        return NDUP_STATUS_OK;
    }
    size_t end =
        ndup__xml_element_end(walk->bytes.bytes, walk->bytes.length, piece, true, &is_closed);
    walk->is_damaged = !is_closed;
    ndup_text inside = {walk->bytes.bytes + piece->next, end - piece->next};
    return is_closed ? keep_text(part, walk->feed, walk->strings, inside, error) : NDUP_STATUS_OK;
}

static ndup_status enter(head_walk *walk, ndup__xml_piece *piece, bool *is_whole, ndup_error *error)
{
    struct ndup__feed *feed = walk->feed;
    ndup_text local = ndup__xml_local(piece->name);
    ndup_status status = NDUP_STATUS_OK;
    if (walk->depth == 0) {
        ndup_text language = ndup__xml_attribute(piece->content, "xml:lang");
        read_root(feed, piece->name);
        *is_whole = feed->unusable.status != NDUP_STATUS_OK;
        status = keep_text(&feed->language, feed, walk->strings, language, error);
    } else if (ndup__xml_is(local, "entry") || ndup__xml_is(local, "item")) {
        *is_whole = true;
        feed->record = piece->name; /* copied by the caller */
        return NDUP_STATUS_OK;
    } else if (walk->depth <= LEVELS) {
        status = read_member(walk, piece, error);
    }
    if (!piece->is_empty) {
        if (walk->depth < LEVELS) {
            walk->names[walk->depth] = piece->name;
        }
        walk->depth++;
    }
    return status;
}

static ndup_status walk_head(head_walk *walk, bool *is_whole, bool ended, ndup_error *error)
{
    ndup_text bytes = walk->bytes;
    ndup__xml_piece piece = {.next = ndup__utf8_mark(bytes.bytes, bytes.length)};
    ndup_status status = NDUP_STATUS_OK;
    while (status == NDUP_STATUS_OK && !*is_whole) {
        ndup__xml_kind kind = ndup__xml_next(&piece, bytes.bytes, bytes.length, piece.next, ended);
        if (kind == NDUP__XML_END || kind == NDUP__XML_PARTIAL) {
            break;
        }
        if (kind == NDUP__XML_OTHER && walk->depth == 0) {
            read_declaration(walk->feed, piece.content);
        } else if (kind == NDUP__XML_START) {
            status = enter(walk, &piece, is_whole, error);
        } else if (kind == NDUP__XML_CLOSE && walk->depth > 0) {
            walk->depth--;
        }
    }
    return status;
}

ndup_status ndup__feed_read_head(struct ndup__feed *feed, bool *is_whole, ndup__arena *strings,
                                 ndup_text bytes, bool ended, ndup_error *error)
{
    head_walk walk = {.feed = feed, .strings = strings, .bytes = bytes};
    char *copy;
    *feed = (struct ndup__feed){.kind = NDUP__FEED_UNKNOWN};
    read_encoding(feed, bytes);
    *is_whole = feed->unusable.status != NDUP_STATUS_OK;
    ndup_status status = walk_head(&walk, is_whole, ended, error);
    if (status == NDUP_STATUS_OK && feed->record.length > 0) {
        status = ndup__arena_copy(strings, &copy, feed->record.bytes, feed->record.length, error);
        feed->record.bytes = copy;
    }
    if (status == NDUP_STATUS_OK && ended && !*is_whole) {
        *is_whole = true;
        if (feed->kind == NDUP__FEED_UNKNOWN && bytes.length > 0) {
            (void)ndup__fail(&feed->unusable, NDUP_STATUS_CORRUPT, "XML without a root element");
        }
    }
    return status;
}
