/* SPDX-License-Identifier: MIT */
/* Files of HTML: one document each. */
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

ndup_status ndup__page_read(ndup_document *document, uint64_t *replaced, ndup__block *block,
                            ndup_text page, const ndup__html_hints *hints, ndup_error *error)
{
    ndup__html_page found;
    ndup_status status = NDUP_STATUS_OK;
    const char *binary = ndup__binary_name(page.bytes, page.length);
    if (binary != NULL) {
        return ndup__fail(error, NDUP_STATUS_UNSUPPORTED, "no web page: its bytes are those of %s",
                          binary);
    }
    if (block->html == NULL) {
        status = ndup__html_new(&block->html, block->allocator, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = ndup__html_extract(&found, block->html, page.bytes, page.length, hints,
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

static const char *const suffixes[] = {".html", ".htm", ".xhtml", ".xht", NULL};

const ndup__format ndup__format_page = {
    .name = "html",
    .suffixes = suffixes,
    .take = ndup__plain_take,
    .scan = scan,
};
