/* SPDX-License-Identifier: MIT */
/* Feeds (RSS, RDF, Atom) and lists of <item> elements, as Scrapy writes them: each entry is a
 * record, read as a JSON object. */
#include "corpus/feed.h"

#include <string.h>

#include "base/error.h"
#include "corpus/labelled.h"
#include "corpus/xml.h"

/* The longest tag that begins or ends a record, as far as it is looked for. */
#define TAG_KEPT 64

/* Whether the piece begins a record. */
static bool is_record(const struct ndup__feed *feed, const ndup__xml_piece *piece)
{
    return piece->kind == NDUP__XML_START && feed->record.length > 0 &&
           piece->name.length == feed->record.length &&
           memcmp(piece->name.bytes, feed->record.bytes, piece->name.length) == 0;
}

static ndup_status read_head(ndup_corpus *corpus, ndup__corpus_file *file, ndup_text bytes,
                             bool ended, ndup_error *error)
{
    struct ndup__feed feed;
    bool is_whole;
    void *kept;
    ndup_status status =
        ndup__feed_read_head(&feed, &is_whole, &corpus->strings, bytes, ended, error);
    if (status == NDUP_STATUS_OK && is_whole) {
        status = ndup__arena_take(&corpus->strings, &kept, sizeof feed, error);
        if (status == NDUP_STATUS_OK) {
            memcpy(kept, &feed, sizeof feed);
            file->feed = kept;
        }
    }
    return status;
}

static ndup_status cut(ndup__cut *cut, ndup_corpus *corpus, ndup__corpus_file *file,
                       const char *bytes, size_t length, bool ended, ndup_error *error)
{
    if (file->feed == NULL) {
        ndup_status status = read_head(corpus, file, (ndup_text){bytes, length}, ended, error);
        if (status != NDUP_STATUS_OK || file->feed == NULL) {
            return status;
        }
    }
    if (file->feed->unusable.status != NDUP_STATUS_OK) {
        cut->whole = length;
        return NDUP_STATUS_OK;
    }
    ndup__xml_piece piece = {.next = 0};
    while (cut->whole < length) {
        ndup__xml_kind kind = ndup__xml_next(&piece, bytes, length, cut->whole, ended);
        bool is_closed = true;
        size_t next = piece.next;
        if (is_record(file->feed, &piece)) {
            next = ndup__xml_element_end(bytes, length, &piece, ended, &is_closed);
        }
        if (kind == NDUP__XML_PARTIAL || !is_closed) {
            break;
        }
        cut->whole = next;
    }
    return NDUP_STATUS_OK;
}

/* Whether a tag of an element that may be a record begins at bytes[at], a '<'. */
static bool is_record_tag(bool *is_close, const char *bytes, size_t length, size_t at)
{
    *is_close = at + 1 < length && bytes[at + 1] == '/';
    size_t begin = at + 1 + *is_close;
    size_t end = begin;
    while (end < length && end - begin < TAG_KEPT && strchr(" \t\r\n/>", bytes[end]) == NULL) {
        end++;
    }
    ndup_text local = ndup__xml_local((ndup_text){bytes + begin, end - begin});
    return end < length && (ndup__xml_is(local, "item") || ndup__xml_is(local, "entry"));
}

static bool find_next(size_t *next, ndup__corpus_file *file, const char *bytes, size_t length)
{
    (void)file;
    const char *mark = bytes;
    bool is_close;
    while ((mark = memchr(mark, '<', length - (size_t)(mark - bytes))) != NULL) {
        size_t at = (size_t)(mark - bytes);
        if (is_record_tag(&is_close, bytes, length, at)) {
            *next = at;
            return true;
        }
        mark++;
    }
    *next = length > TAG_KEPT ? length - TAG_KEPT : 0;
    return false;
}

static ndup_status reject(const ndup_corpus *corpus, ndup__block *block, size_t at,
                          const ndup_error *cause, ndup_error *error)
{
    return ndup__block_note(block, corpus->files[block->file].path, 0, block->offset + at,
                            (ndup_text){NULL, 0}, cause, error);
}

static ndup_status scan_record(const ndup_corpus *corpus, ndup__block *block,
                               const ndup__visitor *visitor, size_t begin, size_t end,
                               ndup_error *error)
{
    const ndup__corpus_file *file = &corpus->files[block->file];
    ndup__found found = {.raw = {block->bytes + begin, end - begin}};
    ndup_document page = {.number = 0};
    uint64_t replaced = 0;
    ndup_error cause = {0};
    ndup_text utf8;
    char name[NDUP__NAME_BYTES];
    if (found.raw.length > corpus->max_record_bytes) {
        return ndup__note_too_long(corpus, block, 0, block->offset + begin, error);
    }
    if (!visitor->keeps) {
        ndup__arena_reset(&block->arena);
    }
    ndup_text id = ndup__found_name(name, file->path, block->offset + begin);
    ndup_status status = ndup__check_memory(block, 2 * found.raw.length, &cause);
    if (status == NDUP_STATUS_OK) {
        status = ndup__labelled_decode(&utf8, &replaced, file->feed->charset, &block->arena,
                                       found.raw, &cause);
    }
    if (status == NDUP_STATUS_OK) {
        status = ndup__feed_convert(&page, &replaced, block, file->feed, utf8, id, &cause);
    }
    if (status == NDUP_STATUS_OK) {
        status = ndup__found_take_json(&found, block, visitor, &cause);
    }
    ndup__block_trim_rooms(block);
    return status == NDUP_STATUS_OK
               ? ndup__found_visit_page(corpus, block, visitor, &found, &page, replaced, error)
               : ndup__found_reject(corpus, block, &found, &cause, error);
}

/* Reads the piece, or the record that it begins. */
static ndup_status scan_piece(const ndup_corpus *corpus, ndup__block *block,
                              const ndup__visitor *visitor, const ndup__xml_piece *piece,
                              size_t *next, ndup_error *error)
{
    ndup_error cause = {0};
    bool is_closed = piece->kind != NDUP__XML_PARTIAL;
    bool begins = is_record(corpus->files[block->file].feed, piece);
    *next = piece->next;
    if (begins) {
        *next = ndup__xml_element_end(block->bytes, block->length, piece, true, &is_closed);
    }
    if (!is_closed) {
        *next = block->length;
        (void)ndup__fail(&cause, NDUP_STATUS_CORRUPT, "an element or comment that does not end");
        return reject(corpus, block, piece->begin, &cause, error);
    }
    return begins ? scan_record(corpus, block, visitor, piece->begin, *next, error)
                  : NDUP_STATUS_OK;
}

static ndup_status scan(const ndup_corpus *corpus, ndup__block *block, const ndup__visitor *visitor,
                        ndup_error *error)
{
    const struct ndup__feed *feed = corpus->files[block->file].feed;
    ndup__xml_piece piece = {.next = 0};
    ndup_status status = NDUP_STATUS_OK;
    if (feed == NULL || feed->unusable.status != NDUP_STATUS_OK) {
        return feed == NULL || block->offset > 0 ? NDUP_STATUS_OK
                                                 : reject(corpus, block, 0, &feed->unusable, error);
    }
    for (size_t at = 0; at < block->length && status == NDUP_STATUS_OK;) {
        (void)ndup__xml_next(&piece, block->bytes, block->length, at, true);
        status = scan_piece(corpus, block, visitor, &piece, &at, error);
    }
    return status;
}

static bool recognises(const char *bytes, size_t length)
{
    ndup__feed_kind kind = ndup__feed_kind_of(bytes, length);
    return kind != NDUP__FEED_UNKNOWN && kind != NDUP__FEED_OTHER;
}

static const char *const suffixes[] = {".rss", ".atom", ".rdf", NULL};

const ndup__format ndup__format_feed = {
    .name = "feed",
    .suffixes = suffixes,
    .streams = true,
    .is_converted = true,
    .recognises = recognises,
    .cut = cut,
    .find_next = find_next,
    .take = ndup__stream_take,
    .scan = scan,
};
