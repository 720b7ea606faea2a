/* SPDX-License-Identifier: MIT */
/* Files of HTML: one document each. */
#define _GNU_SOURCE /* memmem */
#include "corpus/page.h"

#include <string.h>
#include <strings.h>

#include "base/error.h"
#include "codec/binary_type.h"
#include "corpus/corpus_state.h"

static void fill(ndup_text *part, ndup_text found)
{
    if (part->length == 0) {
        *part = found;
    }
}

/* What there is room for beside the page, and beside the record in which it stood otherwise: its
 * text and units are made, then copied, and may become JSON. In encodings other than UTF-8 it may
 * become three times as long. */
static ndup_status find_room(size_t *room, const ndup__block *block, ndup_text page,
                             const ndup__html_hints *hints, ndup_error *error)
{
    uintptr_t begin = (uintptr_t)block->bytes;
    uintptr_t at = (uintptr_t)page.bytes;
    size_t mark;
    size_t held = at >= begin && at < begin + block->length ? page.length : 2 * page.length;
    if (!hints->is_utf8 && page.length > block->most / 8 &&
        ndup__charset_detect_page(&mark, page.bytes, page.length, hints->content_type) !=
            ndup__charset_utf8()) {
        held += 3 * page.length;
    }
    *room = held < block->most ? (block->most - held) / 3 : 0;
    return *room > 0 ? NDUP_STATUS_OK
                     : ndup__fail(error, NDUP_STATUS_LIMIT,
                                  "a page that takes more than %zu bytes to read: a larger "
                                  "--max-record reads it",
                                  block->most);
}

ndup_status ndup__page_read(ndup_document *document, uint64_t *replaced, ndup__block *block,
                            ndup_text page, const ndup__html_hints *hints, ndup_error *error)
{
    ndup__html_page found;
    ndup__html_hints bounded = *hints;
    int binary = ndup__binary_number(page.bytes, page.length);
    if (binary >= 0) {
        return ndup__fail(error, NDUP_STATUS_UNSUPPORTED, "this is %s, not a web page",
                          ndup__binary_a_name((unsigned)binary));
    }
    ndup_status status = find_room(&bounded.most_bytes, block, page, hints, error);
    if (status == NDUP_STATUS_OK && block->html == NULL) {
        status = ndup__html_new(&block->html, block->allocator, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = ndup__html_extract(&found, block->html, page.bytes, page.length, &bounded,
                                    &block->arena, error);
    }
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    document->text = found.text;
    document->units = found.units;
    document->unit_count = found.unit_count;
    fill(&document->title, found.title);
    fill(&document->url, found.url);
    fill(&document->source, found.source);
    fill(&document->date, found.date);
    fill(&document->language, found.language);
    *replaced += found.replaced;
    return status;
}

static bool is_xhtml(const char *path)
{
    static const char *const suffixes[] = {".xhtml", ".xht"};
    size_t length = strlen(path);
    for (size_t i = 0; i < sizeof suffixes / sizeof suffixes[0]; i++) {
        size_t suffix = strlen(suffixes[i]);
        if (length > suffix && strcasecmp(path + length - suffix, suffixes[i]) == 0) {
            return true;
        }
    }
    return false;
}

static ndup_status scan_file(const ndup_corpus *corpus, ndup__block *block, uint32_t number,
                             ndup__item *item, ndup_error *error)
{
    ndup_status status = ndup__plain_read(corpus, block, number, item, error);
    if (status == NDUP_STATUS_OK) {
        ndup__html_hints hints = {.is_xhtml = is_xhtml(corpus->files[number].path)};
        ndup_document *document = &item->document;
        ndup_text folder = document->source;
        document->original = document->text;
        document->source = (ndup_text){NULL, 0};
        status =
            ndup__page_read(document, &item->replaced, block, document->original, &hints, error);
        fill(&document->source, folder);
    }
    return status;
}

static ndup_status scan(const ndup_corpus *corpus, ndup__block *block, const ndup__visitor *visitor,
                        ndup_error *error)
{
    return ndup__plain_scan(corpus, block, visitor, scan_file, error);
}

/* Passes white space and comments, byte order marks and XML declarations. */
static const char *skip_prologue(const char *at, const char *end)
{
    for (;;) {
        const char *close = NULL;
        while (at < end && strchr(" \t\r\n\f\xEF\xBB\xBF", *at) != NULL && *at != '\0') {
            at++;
        }
        if (end - at > 4 && memcmp(at, "<!--", 4) == 0) {
            close = memmem(at, (size_t)(end - at), "-->", 3);
        } else if (end - at > 2 && memcmp(at, "<?", 2) == 0) {
            close = memchr(at, '>', (size_t)(end - at));
        }
        if (close == NULL) {
            return at;
        }
        at = (const char *)memchr(close, '>', (size_t)(end - close)) + 1;
    }
}

static bool begins_with(const char *at, const char *end, const char *word)
{
    size_t length = strlen(word);
    return (size_t)(end - at) > length && strncasecmp(at, word, length) == 0 &&
           strchr(" \t\r\n\f>/", at[length]) != NULL;
}

/* A page begins with its document type, or with its first element. */
static bool recognises(const char *bytes, size_t length)
{
    const char *end = bytes + length;
    const char *at = skip_prologue(bytes, end);
    return begins_with(at, end, "<!doctype html") || begins_with(at, end, "<html") ||
           begins_with(at, end, "<head");
}

static const char *const suffixes[] = {".html", ".htm", ".xhtml", ".xht", NULL};

const ndup__format ndup__format_page = {
    .name = "html",
    .suffixes = suffixes,
    .recognises = recognises,
    .take = ndup__plain_take,
    .scan = scan,
};
