/* SPDX-License-Identifier: MIT */
/* From bytes to blocks: decode, trim into pieces, parse each, walk its tree. */
#include "html/html.h"

#include "base/alloc.h"
#include "base/error.h"

#if NDUP_HAVE_GUMBO

#include <string.h>

#include "html/address.h"
#include "html/charset.h"
#include "html/html_blocks.h"
#include "html/html_facts.h"
#include "html/html_lines.h"
#include "html/html_tree.h"
#include "html/html_trial.h"
#include "html/html_trim.h"
#include "text/utf8.h"

/* Longer texts have no room in 32-bit offsets of tokens. */
#define TEXT_BYTES_MOST ((size_t)UINT32_MAX)
/* A page that shows less than the one and hides more than the other waits for its scripts, or for a
 * dialogue to be closed: what is hidden is its text. */
#define SHOWN_BYTES_LEAST ((size_t)200)
#define HIDDEN_BYTES_LEAST ((size_t)1000)
/* Working memory over this size was for an exceptional page: it is given back. */
#define WORK_BYTES_KEPT ((size_t)4 << 20)

struct ndup__html {
    const ndup_allocator *allocator;
    ndup__charset_decoder decoder;
    ndup__html_trim trim;
    ndup__html_tree tree;
    ndup__html_blocks blocks;
    ndup__html_trials trials;
    ndup__html_manner manner;
    bool has_hidden; /* something was left out because it is hidden */
};

bool ndup__html_is_available(void)
{
    return true;
}

ndup_status ndup__html_new(ndup__html **html, const ndup_allocator *allocator, ndup_error *error)
{
    *html = NULL;
    ndup_status status = ndup__allocate_zeroed(allocator, html, 1, sizeof **html, error);
    if (status == NDUP_STATUS_OK) {
        (*html)->allocator = allocator;
        (*html)->decoder.allocator = allocator;
        (*html)->trim.allocator = allocator;
        (*html)->tree.arena.allocator = allocator;
        (*html)->blocks.allocator = allocator;
    }
    return status;
}

static void free_work(ndup__html *html)
{
    ndup__charset_decoder_deinit(&html->decoder);
    ndup__html_trim_deinit(&html->trim);
    ndup__html_tree_deinit(&html->tree);
    ndup__html_blocks_deinit(&html->blocks);
}

void ndup__html_free(ndup__html *html)
{
    if (html == NULL) {
        return;
    }
    free_work(html);
    ndup__free(html->allocator, &html, 1, sizeof *html);
}

/* Puts the runs of text back that the trimmed markup has single characters for. */
static ndup_status add_text(ndup__html *html, const char *text, ndup_error *error)
{
    ndup_status status = NDUP_STATUS_OK;
    while (*text != '\0' && status == NDUP_STATUS_OK) {
        size_t length = strcspn(text, "\xF3\xF4");
        if (length > 0) {
            status = ndup__html_blocks_add(&html->blocks, (ndup_text){text, length}, false, error);
            text += length;
            continue;
        }
        uint32_t code_point;
        uint64_t replaced = 0;
        text += ndup__utf8_read(&code_point, text, strlen(text), &replaced);
        size_t run = code_point - NDUP__HTML_RUN_FIRST;
        if (code_point >= NDUP__HTML_RUN_FIRST && run < html->trim.run_count) {
            status = ndup__html_blocks_add(&html->blocks, html->trim.runs[run], true, error);
        }
    }
    return status;
}

static const GumboVector *children_of(const GumboNode *node)
{
    return node->type == GUMBO_NODE_ELEMENT ? &node->v.element.children : NULL;
}

static ndup__html_mark mark_of(const GumboElement *element)
{
    const GumboAttribute *mark = gumbo_get_attribute(&element->attributes, NDUP__HTML_MARK_NAME);
    bool is_whole_page = element->tag == GUMBO_TAG_HTML || element->tag == GUMBO_TAG_BODY;
    return mark != NULL && !is_whole_page ? (ndup__html_mark)(mark->value[0] - '0')
                                          : NDUP__HTML_PLAIN;
}

/* The text of <title>, put together as a block that is then taken away again. */
static ndup_status read_title(ndup__html *html, ndup__html_facts *facts, const GumboNode *title,
                              ndup_error *error)
{
    ndup__html_blocks *blocks = &html->blocks;
    ndup__html_blocks_end(blocks);
    size_t length = blocks->length;
    size_t count = blocks->unit_count;
    const GumboVector *children = children_of(title);
    ndup_status status = NDUP_STATUS_OK;
    for (unsigned i = 0; i < children->length && status == NDUP_STATUS_OK; i++) {
        const GumboNode *child = children->data[i];
        bool is_text = child->type == GUMBO_NODE_TEXT || child->type == GUMBO_NODE_WHITESPACE;
        status = is_text ? add_text(html, child->v.text.text, error) : NDUP_STATUS_OK;
    }
    ndup__html_blocks_end(blocks);
    if (status == NDUP_STATUS_OK && blocks->unit_count > count) {
        ndup_unit unit = blocks->units[count];
        status =
            ndup__html_facts_offer(facts, NDUP__HTML_TITLE, NDUP__HTML_TITLE_RANK,
                                   (ndup_text){blocks->text + unit.offset, unit.length}, error);
    }
    blocks->length = length;
    blocks->unit_count = count;
    return status;
}

static bool is_skipped(ndup__html *html, GumboTag tag, ndup__html_mark mark)
{
    bool is_hidden = mark == NDUP__HTML_HIDDEN && !html->manner.shows_hidden;
    html->has_hidden |= is_hidden;
    return (ndup__html_traits(tag) & NDUP__HTML_SKIPPED) != 0 || is_hidden;
}

static bool is_tried(GumboTag tag, ndup__html_mark mark)
{
    return (ndup__html_traits(tag) & NDUP__HTML_TRIED) != 0 || mark == NDUP__HTML_NAVIGATION ||
           mark == NDUP__HTML_TABLIST;
}

/* What is to be done on the way down; *goes_in tells whether the children follow. */
static ndup_status enter(ndup__html *html, ndup__html_facts *facts, const GumboNode *node,
                         bool *goes_in, ndup_error *error)
{
    *goes_in = false;
    if (node->type == GUMBO_NODE_TEXT || node->type == GUMBO_NODE_WHITESPACE ||
        node->type == GUMBO_NODE_CDATA) {
        return add_text(html, node->v.text.text, error);
    }
    if (node->type != GUMBO_NODE_ELEMENT) {
        return NDUP_STATUS_OK;
    }
    const GumboElement *element = &node->v.element;
    ndup__html_mark mark = mark_of(element);
    ndup_status status = NDUP_STATUS_OK;
    bool is_page = html->trials.count == 0; /* navigation says nothing of the page */
    if (element->tag == GUMBO_TAG_TITLE && element->tag_namespace == GUMBO_NAMESPACE_HTML) {
        return is_page ? read_title(html, facts, node, error) : status;
    }
    if (is_page && (ndup__html_traits(element->tag) & NDUP__HTML_STATES) != 0) {
        status = ndup__html_facts_element(facts, element, error);
    }
    if (status == NDUP_STATUS_OK && !is_skipped(html, element->tag, mark)) {
        *goes_in = true;
        if (is_tried(element->tag, mark)) {
            ndup__html_trial_begin(&html->trials, &html->blocks, mark == NDUP__HTML_TABLIST);
        }
        status = ndup__html_blocks_enter(&html->blocks, element->tag, mark, error);
    }
    return status;
}

static void leave(ndup__html *html, const GumboNode *node)
{
    const GumboElement *element = &node->v.element;
    ndup__html_mark mark = mark_of(element);
    ndup__html_blocks_leave(&html->blocks, element->tag, mark);
    if (is_tried(element->tag, mark)) {
        ndup__html_trial_end(&html->trials, &html->blocks);
        if ((ndup__html_traits(element->tag) & NDUP__HTML_BLOCK) != 0) {
            ndup__html_blocks_end(&html->blocks); /* it stands between blocks, read or not */
        }
    }
}

/* Depth first, by the links of the tree: no stack, however deep it is. */
static ndup_status walk(ndup__html *html, ndup__html_facts *facts, const GumboNode *root,
                        ndup_error *error)
{
    const GumboNode *node = root;
    bool goes_in;
    ndup_status status = enter(html, facts, node, &goes_in, error);
    while (status == NDUP_STATUS_OK) {
        const GumboVector *children = goes_in ? children_of(node) : NULL;
        if (children != NULL && children->length > 0) {
            node = children->data[0];
        } else {
            if (goes_in) {
                leave(html, node);
            }
            while (node != root &&
                   node->index_within_parent + 1 == children_of(node->parent)->length) {
                node = node->parent;
                leave(html, node);
            }
            if (node == root) {
                break;
            }
            node = children_of(node->parent)->data[node->index_within_parent + 1];
        }
        status = enter(html, facts, node, &goes_in, error);
    }
    return status;
}

static ndup_status read_pieces(ndup__html *html, ndup__html_facts *facts, ndup_text text,
                               ndup_error *error)
{
    bool more = true;
    ndup__html_trim_begin(&html->trim, text, &html->manner);
    html->trials.count = 0;
    ndup__html_blocks_begin(&html->blocks);
    ndup_status status = NDUP_STATUS_OK;
    while (status == NDUP_STATUS_OK) {
        status = ndup__html_trim_next(&html->trim, &more, error);
        if (status != NDUP_STATUS_OK || !more) {
            break;
        }
        const GumboNode *root;
        status = ndup__html_tree_parse(&root, &html->tree,
                                       (ndup_text){html->trim.markup, html->trim.length}, error);
        if (status == NDUP_STATUS_OK) {
            status = walk(html, facts, root, error);
        }
        ndup__html_blocks_end(&html->blocks);
    }
    for (size_t i = 0; i < html->trim.linked_data_count && status == NDUP_STATUS_OK; i++) {
        status = ndup__html_facts_linked_data(facts, html->trim.linked_data[i], error);
    }
    return status;
}

static ndup_status read_text(ndup__html *html, ndup__html_facts *facts, ndup_text text,
                             ndup_error *error)
{
    html->manner.shows_hidden = false;
    html->has_hidden = false;
    ndup_status status = read_pieces(html, facts, text, error);
    html->has_hidden |= html->trim.has_noframes;
    if (!html->has_hidden || html->blocks.length >= SHOWN_BYTES_LEAST) {
        return status;
    }
    html->manner.shows_hidden = true;
    if (status == NDUP_STATUS_OK) {
        status = read_pieces(html, facts, text, error);
    }
    if (status == NDUP_STATUS_OK && html->blocks.length < HIDDEN_BYTES_LEAST) {
        html->manner.shows_hidden = false;
        status = read_pieces(html, facts, text, error);
    }
    return status;
}

static ndup_status hand_out(ndup__html_page *page, const ndup__html_blocks *blocks,
                            const ndup__html_facts *facts, ndup_text url, ndup_error *error)
{
    if (blocks->length > TEXT_BYTES_MOST) {
        return ndup__fail(error, NDUP_STATUS_LIMIT,
                          "a page with %zu bytes of text, more than the %zu allowed",
                          blocks->length, TEXT_BYTES_MOST);
    }
    ndup_status status = ndup__html_lines_part(&page->text, &page->units, &page->unit_count, blocks,
                                               facts->arena, error);
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    page->title = facts->values[NDUP__HTML_TITLE];
    page->url = facts->values[NDUP__HTML_URL].length > 0 ? facts->values[NDUP__HTML_URL] : url;
    page->source = facts->values[NDUP__HTML_SITE].length > 0 ? facts->values[NDUP__HTML_SITE]
                                                             : ndup__address_host(page->url);
    page->date = facts->values[NDUP__HTML_DATE];
    page->language = facts->values[NDUP__HTML_LANGUAGE];
    return status;
}

ndup_status ndup__html_extract(ndup__html_page *page, ndup__html *html, const char *bytes,
                               size_t length, const ndup__html_hints *hints, ndup__arena *arena,
                               ndup_error *error)
{
    *page = (ndup__html_page){.encoding = "UTF-8"};
    ndup__html_facts facts = {.arena = arena};
    size_t mark = 0;
    html->manner.is_xhtml = hints->is_xhtml;
    html->blocks.most_bytes = hints->most_bytes;
    const ndup__charset *charset =
        hints->is_utf8 ? ndup__charset_utf8()
                       : ndup__charset_detect_page(&mark, bytes, length, hints->content_type);
    ndup_text text;
    ndup_status status =
        ndup__charset_decode(&text, &html->decoder, charset, bytes + mark, length - mark, error);
    if (status == NDUP_STATUS_OK) {
        page->encoding = charset->name;
        page->replaced = html->decoder.replaced;
        status = read_text(html, &facts, text, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = ndup__html_facts_resolve(&facts, hints->url, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = hand_out(page, &html->blocks, &facts, hints->url, error);
    }
    size_t units = html->blocks.unit_capacity * sizeof *html->blocks.units;
    if (html->decoder.capacity + html->blocks.capacity + units > WORK_BYTES_KEPT) {
        free_work(html);
    }
    return status;
}

#else

bool ndup__html_is_available(void)
{
    return false;
}

ndup_status ndup__html_new(ndup__html **html, const ndup_allocator *allocator, ndup_error *error)
{
    (void)allocator;
    *html = NULL;
    return ndup__fail(error, NDUP_STATUS_UNSUPPORTED,
                      "this build cannot read web pages: libgumbo was missing");
}

void ndup__html_free(ndup__html *html)
{
    (void)html;
}

ndup_status ndup__html_extract(ndup__html_page *page, ndup__html *html, const char *bytes,
                               size_t length, const ndup__html_hints *hints, ndup__arena *arena,
                               ndup_error *error)
{
    (void)html;
    (void)bytes;
    (void)length;
    (void)hints;
    (void)arena;
    *page = (ndup__html_page){.encoding = NULL};
    return ndup__fail(error, NDUP_STATUS_UNSUPPORTED,
                      "this build cannot read web pages: libgumbo was missing");
}

#endif
