/* SPDX-License-Identifier: MIT */
/* Web archives: pages that a crawler stored (response and resource records) and texts that were
 * made of them (conversion records, as in WET files), each read as a JSON object. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/error.h"
#include "corpus/corpus_state.h"
#include "corpus/http.h"
#include "corpus/media_type.h"
#include "corpus/page.h"
#include "corpus/warc.h"
#include "html/address.h"
#include "html/charset.h"

/* "\nWARC/", which may begin the next record, stays when a record is given up. */
#define KEPT_BYTES 6
/* Longer HTTP headers are none. */
#define HTTP_HEADER_MOST ((size_t)64 << 10)

static bool is_word(ndup_text text, const char *word)
{
    return text.length == strlen(word) && strncasecmp(text.bytes, word, text.length) == 0;
}

static bool begins_with(ndup_text text, const char *word)
{
    size_t length = strlen(word);
    return text.length >= length && strncasecmp(text.bytes, word, length) == 0;
}

/* What is known of a record's document before its body is decoded. */
typedef struct web_content {
    ndup__media media;
    bool is_damaged;              /* there should be an HTTP response, but there is none */
    ndup__http_response response; /* or a body alone */
    ndup_text content_type;
} web_content;

/* Whether a response record holds an HTTP response: some writers leave out the type that says so.
 */
static bool is_http(const ndup__warc_record *record)
{
    return is_word(record->type, "response") &&
           (record->content_type.length == 0 ||
            begins_with(record->content_type, "application/http") ||
            begins_with(record->content_type, "message/http"));
}

static void find_content(web_content *finding, const ndup__warc_record *record)
{
    *finding = (web_content){.media = NDUP__MEDIA_OTHER, .content_type = record->content_type};
    finding->response.body = record->body;
    if (is_word(record->type, "conversion") || is_word(record->type, "resource")) {
        finding->media = ndup__media_of(record->content_type);
    }
    if (!is_http(record)) {
        return;
    }
    ndup__http_response *response = &finding->response;
    finding->is_damaged = !ndup__http_read(response, record->body.bytes, record->body.length);
    finding->content_type = response->content_type;
    if (!finding->is_damaged && response->status / 100 == 2) {
        finding->media = ndup__media_of(response->content_type);
    }
}

/* Whether the rest of a record that is not whole yet can be passed over. */
static bool is_unwanted(const ndup_corpus *corpus, const ndup__warc_record *record)
{
    web_content finding;
    if (record->body.bytes == NULL || record->claimed <= NDUP__WARC_LARGE_BYTES ||
        record->body.length < KEPT_BYTES) {
        return false;
    }
    ndup__warc_record kept = *record;
    kept.body.length -= KEPT_BYTES;
    find_content(&finding, &kept);
    if (finding.is_damaged) { /* the rest of its header may come yet */
        return record->body.length > HTTP_HEADER_MOST;
    }
    return record->claimed > corpus->max_record_bytes || finding.media == NDUP__MEDIA_OTHER;
}

static ndup_status cut(ndup__cut *cut, ndup_corpus *corpus, ndup__corpus_file *file,
                       const char *bytes, size_t length, bool ended, ndup_error *error)
{
    (void)file;
    (void)error;
    ndup__warc_record record;
    ndup__warc_kind kind;
    do {
        kind = ndup__warc_next(&record, bytes, length, cut->whole, ended);
        bool goes_on = kind == NDUP__WARC_GARBAGE && record.next == length && !ended;
        bool skips = goes_on || (kind == NDUP__WARC_PARTIAL && is_unwanted(corpus, &record));
        size_t begin =
            record.body.bytes != NULL ? (size_t)(record.body.bytes - bytes) : record.begin + 1;
        /* Only at the beginning: in front of a cut anywhere, a record of wrong length might seem to
         * end where the block does. */
        if (skips && cut->whole == 0 && begin + KEPT_BYTES <= length) {
            *cut = (ndup__cut){.whole = length - KEPT_BYTES, .skip = true};
            return NDUP_STATUS_OK;
        }
        if (!skips && kind != NDUP__WARC_PARTIAL) {
            cut->whole = record.next;
        }
        kind = skips ? NDUP__WARC_END : kind;
    } while (kind == NDUP__WARC_RECORD || kind == NDUP__WARC_GARBAGE);
    return NDUP_STATUS_OK;
}

static bool find_next(size_t *next, ndup__corpus_file *file, const char *bytes, size_t length)
{
    (void)file;
    *next = ndup__warc_find(bytes, length, 0);
    bool is_found = *next < length;
    if (!is_found) {
        *next = length > KEPT_BYTES ? length - KEPT_BYTES : 0;
    }
    return is_found;
}

/* A page or text as taken out of a record. */
typedef struct web_text {
    ndup_document document;
    uint64_t replaced;
    bool is_damaged;
} web_text;

static ndup_status decode_text(web_text *extract, ndup__block *block, ndup_text body,
                               ndup_text content_type, ndup_error *error)
{
    ndup__charset_decoder decoder = {.allocator = block->allocator};
    size_t mark;
    const ndup__charset *charset =
        ndup__charset_detect(&mark, body.bytes, body.length, content_type);
    ndup_text text;
    ndup_status status = ndup__charset_decode(&text, &decoder, charset, body.bytes + mark,
                                              body.length - mark, error);
    if (status == NDUP_STATUS_OK && decoder.bytes != NULL && text.bytes == decoder.bytes) {
        char *copy;
        status = ndup__arena_copy(&block->arena, &copy, text.bytes, text.length, error);
        text.bytes = copy;
    }
    extract->document.text = text;
    extract->replaced += decoder.replaced;
    ndup__charset_decoder_deinit(&decoder);
    return status;
}

/* Counts a body that is neither page nor text, whatever its type says; false if it may be one. */
static bool pass_over(web_content *finding, ndup__block *block, ndup_text body)
{
    int binary = ndup__binary_number(body.bytes, body.length);
    if (binary >= 0) {
        block->passed_over.binaries[binary]++;
        finding->media = NDUP__MEDIA_OTHER;
        return true;
    }
    if (finding->media == NDUP__MEDIA_UNKNOWN) {
        finding->media = ndup__media_sniff(body);
    }
    block->passed_over.records += finding->media == NDUP__MEDIA_OTHER;
    return finding->media == NDUP__MEDIA_OTHER;
}

static ndup_status extract_text(web_text *extract, ndup__block *block,
                                const ndup__warc_record *record, web_content *finding,
                                ndup_error *error)
{
    ndup_text body;
    ndup_status status = ndup__http_decode(&body, &extract->is_damaged, &finding->response,
                                           block->most - record->body.length, block->rooms, error);
    extract->is_damaged = extract->is_damaged && !record->was_truncated;
    if (status != NDUP_STATUS_OK || pass_over(finding, block, body)) {
        return status;
    }
    if (finding->media == NDUP__MEDIA_TEXT) {
        return decode_text(extract, block, body, finding->content_type, error);
    }
    ndup__html_hints hints = {.content_type = finding->content_type,
                              .url = record->url,
                              .is_xhtml = finding->media == NDUP__MEDIA_XHTML};
    status = ndup__page_read(&extract->document, &extract->replaced, block, body, &hints, error);
    ndup__block_trim_rooms(block); /* what was read of it is in the arena */
    return status;
}

/* Puts the record's fields into block->json. */
static ndup_status make_json(ndup__block *block, const char *path, const ndup__warc_record *record,
                             const web_text *extract, ndup_error *error)
{
    char name[64];
    uint64_t offset = block->offset + record->begin;
    int length = snprintf(name, sizeof name, "@%" PRIu64, offset);
    ndup__json_line *line = &block->json;
    ndup_text id = record->id.length > 0 ? record->id : (ndup_text){path, strlen(path)};
    line->length = 0;
    ndup_status status = ndup__json_line_add(line, "{", 1, error);
    if (status == NDUP_STATUS_OK) {
        status = ndup__json_line_member(line, "id", id, error);
    }
    if (status == NDUP_STATUS_OK && record->id.length == 0) {
        line->length--; /* the offset goes in front of the quote */
        status = ndup__json_line_add(line, name, (size_t)length, error);
        status = status == NDUP_STATUS_OK ? ndup__json_line_add(line, "\"", 1, error) : status;
    }
    const struct {
        const char *key;
        ndup_text value;
    } members[] = {{"url", record->url},
                   {"date", record->date},
                   {"digest", record->digest},
                   {"source", ndup__address_host(record->url)},
                   {"title", extract->document.title},
                   {"published", extract->document.date},
                   {"language", record->language},
                   {"text", extract->document.text}};
    size_t count = sizeof members / sizeof members[0];
    for (size_t i = 0; i < count && status == NDUP_STATUS_OK; i++) {
        if (members[i].value.length > 0 || i + 1 == count) {
            status = ndup__json_line_member(line, members[i].key, members[i].value, error);
        }
    }
    return status == NDUP_STATUS_OK ? ndup__json_line_add(line, "}", 1, error) : status;
}

static ndup_status warn(const ndup_corpus *corpus, ndup__block *block,
                        const ndup__warc_record *record, const char *message, ndup_error *error)
{
    ndup_error cause = {0};
    (void)ndup__fail(&cause, NDUP_STATUS_CORRUPT, "%s", message);
    return ndup__block_warn(block, corpus->files[block->file].path, 0,
                            block->offset + record->begin, &cause, error);
}

static ndup_status visit_record(const ndup_corpus *corpus, ndup__block *block,
                                const ndup__visitor *visitor, const ndup__warc_record *record,
                                web_content *finding, ndup_error *error)
{
    const char *path = corpus->files[block->file].path;
    ndup__found found = {.raw = {block->bytes + record->begin, record->end - record->begin}};
    web_text extract = {.is_damaged = false};
    ndup__value extra[NDUP__EXTRA_FIELDS];
    ndup__item item;
    ndup_error cause = {0};
    ndup_status status = extract_text(&extract, block, record, finding, &cause);
    if (status == NDUP_STATUS_OK && finding->media == NDUP__MEDIA_OTHER) {
        return status;
    }
    if (status == NDUP_STATUS_OK) {
        status = make_json(block, path, record, &extract, &cause);
    }
    if (status == NDUP_STATUS_OK) {
        status = ndup__found_take_json(&found, block, visitor, &cause);
    }
    if (status == NDUP_STATUS_OK) {
        status = ndup__found_read(&item, extra, corpus, block, &found, &cause);
    }
    if (status != NDUP_STATUS_OK) {
        return ndup__found_reject(corpus, block, &found, &cause, error);
    }
    ndup__found_keep_units(&item.document, &extract.document);
    item.replaced += extract.replaced;
    if (record->wrong_length || extract.is_damaged) {
        status = warn(corpus, block, record,
                      record->wrong_length ? "a record of another length than its header says"
                                           : "a page that is damaged or cut off",
                      error);
    }
    return status == NDUP_STATUS_OK ? visitor->visit(visitor->context, &item, error) : status;
}

static ndup_status reject(const ndup_corpus *corpus, ndup__block *block,
                          const ndup__warc_record *record, const char *message, ndup_error *error)
{
    ndup_error cause = {0};
    (void)ndup__fail(&cause, NDUP_STATUS_CORRUPT, "%s", message);
    return ndup__block_note(block, corpus->files[block->file].path, 0,
                            block->offset + record->begin, (ndup_text){NULL, 0}, &cause, error);
}

static ndup_status scan_record(const ndup_corpus *corpus, ndup__block *block,
                               const ndup__visitor *visitor, const ndup__warc_record *record,
                               ndup_error *error)
{
    web_content finding;
    find_content(&finding, record);
    if (finding.media == NDUP__MEDIA_OTHER && !finding.is_damaged) {
        block->passed_over.records++;
        return NDUP_STATUS_OK;
    }
    if (record->claimed > corpus->max_record_bytes ||
        record->end - record->begin > corpus->max_record_bytes) {
        return ndup__note_too_long(corpus, block, 0, block->offset + record->begin, error);
    }
    if (finding.is_damaged) {
        return reject(corpus, block, record, "a response without an HTTP header", error);
    }
    if (!visitor->keeps) {
        ndup__arena_reset(&block->arena);
    }
    ndup_status status = visit_record(corpus, block, visitor, record, &finding, error);
    ndup__block_trim_rooms(block);
    return status;
}

static ndup_status scan(const ndup_corpus *corpus, ndup__block *block, const ndup__visitor *visitor,
                        ndup_error *error)
{
    ndup__warc_record record = {.next = 0};
    ndup_status status = NDUP_STATUS_OK;
    while (status == NDUP_STATUS_OK) {
        ndup__warc_kind kind =
            ndup__warc_next(&record, block->bytes, block->length, record.next, true);
        if (kind == NDUP__WARC_END) {
            break;
        }
        if (kind == NDUP__WARC_RECORD) {
            status = scan_record(corpus, block, visitor, &record, error);
            continue;
        }
        status = reject(corpus, block, &record, "bytes that belong to no record", error);
    }
    return status;
}

static bool recognises(const char *bytes, size_t length)
{
    static const char version[] = "WARC/";
    const size_t at = sizeof version - 1;
    return length > at + 1 && memcmp(bytes, version, at) == 0 && bytes[at] >= '0' &&
           bytes[at] <= '9' && bytes[at + 1] == '.';
}

static const char *const suffixes[] = {".warc", ".wet", NULL};

const ndup__format ndup__format_warc = {
    .name = "warc",
    .suffixes = suffixes,
    .streams = true,
    .is_converted = true,
    .recognises = recognises,
    .cut = cut,
    .find_next = find_next,
    .take = ndup__stream_take,
    .scan = scan,
};
