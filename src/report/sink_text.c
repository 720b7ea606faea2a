/* SPDX-License-Identifier: MIT */
/* text:FILE, the groups for people, largest first: the kept document, its copies, a line of what
 * they share. */
#include <stdlib.h>

#include "base/alloc.h"
#include "report/aside.h"
#include "report/group_order.h"
#include "report/shown_line.h"
#include "report/sink.h"

/* Of a listing with a limit of groups, the copies that are named. */
#define COPIES_SHOWN 8
/* Of a shared text, enough for a line of any width. */
#define SHARED_BYTES 1000
#define SHARED_COLUMNS 100
/* "  normalized  0.93  " */
#define NAME_COLUMN 20

/* The document of a listed group of which the shared text is shown. */
typedef struct shared_text {
    uint64_t document;
    size_t group; /* number in the listing */
    uint64_t begin;
    size_t bytes;
    bool is_cut;
} shared_text;

typedef struct text_output {
    ndup__file_output file; /* first */
    ndup__grouping grouping;
    ndup__ranked_groups groups;
    size_t listed;
    shared_text *shared; /* [listed]: documents rising, then in the order of the groups */
    size_t next_shared;
    ndup__aside aside; /* the shared texts */
    bool has_aside;
} text_output;

/* The escape sequences of a terminal, or nothing. */
static void paint(text_output *text, const char *sequence)
{
    if (text->file.base.listing.coloured) {
        ndup__out_text(&text->file.out, sequence);
    }
}
#define BOLD "\033[1m"
#define DIM "\033[2m"
#define GREEN "\033[32m"
#define YELLOW "\033[33m"
#define PLAIN "\033[0m"

/* The first copy whose shared text is known, else the first: of equal texts that is all of it. */
static uint64_t choose_copy(const text_output *text, uint64_t survivor)
{
    uint64_t *members;
    uint64_t count = ndup__grouping_members(&members, &text->grouping, survivor);
    for (uint64_t i = 1; i < count; i++) {
        ndup_verdict verdict;
        ndup_result_verdict(text->file.result, members[i], &verdict);
        if (verdict.span_bytes > 0) {
            return members[i];
        }
    }
    return members[1];
}

static int by_document(const void *left, const void *right)
{
    const shared_text *a = left;
    const shared_text *b = right;
    return a->document < b->document ? -1 : a->document > b->document;
}

static int by_group(const void *left, const void *right)
{
    const shared_text *a = left;
    const shared_text *b = right;
    return a->group < b->group ? -1 : a->group > b->group;
}

static ndup_status choose_copies(text_output *text, ndup_error *error)
{
    const ndup_allocator *allocator = &text->file.base.allocator;
    ndup_status status =
        ndup__allocate_zeroed(allocator, &text->shared, text->listed, sizeof *text->shared, error);
    for (size_t i = 0; i < text->listed && status == NDUP_STATUS_OK; i++) {
        uint64_t survivor = text->groups.items[i].survivor;
        status = ndup__grouping_sort(&text->grouping, survivor, error);
        if (status == NDUP_STATUS_OK) {
            text->shared[i] = (shared_text){.document = choose_copy(text, survivor), .group = i};
        }
    }
    if (status == NDUP_STATUS_OK && text->listed > 0) {
        qsort(text->shared, text->listed, sizeof *text->shared, by_document);
        text->has_aside = true;
        status = ndup__aside_init(&text->aside,
                                  ndup_result_corpus_options(text->file.result)->temporary_folder,
                                  allocator, error);
    }
    return status;
}

static ndup_status begin(ndup__file_output *output, ndup_error *error)
{
    text_output *text = (text_output *)output;
    uint64_t most = output->base.listing.groups;
    text->groups.allocator = &output->base.allocator;
    ndup_status status =
        ndup__grouping_init(&text->grouping, output->result, &output->base.allocator, error);
    if (status == NDUP_STATUS_OK) {
        status = ndup__ranked_groups_fill(&text->groups, &text->grouping, error);
    }
    if (status == NDUP_STATUS_OK) {
        text->listed = most > 0 && most < text->groups.count ? (size_t)most : text->groups.count;
        status = choose_copies(text, error);
    }
    return status;
}

static bool is_next_shared(const text_output *text, uint64_t number)
{
    return text->next_shared < text->listed && text->shared[text->next_shared].document == number;
}

static bool choose(ndup__file_output *output, uint64_t number)
{
    return is_next_shared((text_output *)output, number);
}

/* What a document shares with the kept one; of equal texts all of it. */
static ndup_text find_shared(const ndup_verdict *verdict, ndup_text text)
{
    if (verdict->kind == NDUP_KIND_IDENTICAL || verdict->kind == NDUP_KIND_NORMALIZED) {
        return text;
    }
    if (verdict->span_offset >= text.length) {
        return (ndup_text){NULL, 0};
    }
    size_t left = text.length - verdict->span_offset;
    return (ndup_text){text.bytes + verdict->span_offset,
                       verdict->span_bytes < left ? verdict->span_bytes : left};
}

static ndup_status take_document(ndup__file_output *output, const ndup_verdict *verdict,
                                 const ndup_document *document, ndup_error *error)
{
    text_output *text = (text_output *)output;
    if (!is_next_shared(text, document->number)) {
        return NDUP_STATUS_OK;
    }
    shared_text *shared = &text->shared[text->next_shared++];
    ndup_text passage = find_shared(verdict, document->text);
    size_t kept = ndup__cut_at_character(passage, SHARED_BYTES);
    shared->is_cut = kept < passage.length;
    shared->begin = ndup__aside_begin(&text->aside);
    if (kept > 0) {
        ndup__out_bytes(&text->aside.out, passage.bytes, kept);
    }
    return ndup__aside_end(&shared->bytes, &text->aside, shared->begin, error);
}

static size_t name_columns(const text_output *text)
{
    unsigned width = text->file.base.listing.width;
    return width == 0 ? NDUP__ALL_COLUMNS : width > NAME_COLUMN ? width - NAME_COLUMN : 1;
}

/* "0.93", rounded down: what is not everything is not called that. Of what is contained, the share
 * that is. */
static void write_share(ndup__out *out, const ndup_verdict *verdict)
{
    bool is_contained = verdict->kind == NDUP_KIND_CONTAINED;
    double share = is_contained ? verdict->containment : verdict->similarity;
    unsigned hundredths = (unsigned)(share * 100 + 1e-9);
    char text[] = {(char)('0' + hundredths / 100 % 10), '.', (char)('0' + hundredths / 10 % 10),
                   (char)('0' + hundredths % 10), '\0'};
    ndup__out_text(out, text);
}

/* "  near        0.93  " */
static void write_label(text_output *text, const char *colour, const char *label,
                        const ndup_verdict *compared)
{
    ndup__out *out = &text->file.out;
    size_t length = ndup__text_of(label).length;
    paint(text, colour);
    ndup__out_text(out, "  ");
    ndup__out_text(out, label);
    ndup__out_bytes(out, "            ", length < 12 ? 12 - length : 1);
    if (compared != NULL) {
        write_share(out, compared);
    } else {
        ndup__out_text(out, "    ");
    }
    paint(text, PLAIN);
    ndup__out_text(out, "  ");
}

static void write_member(text_output *text, const ndup_verdict *verdict)
{
    bool is_first = verdict->survivor == verdict->document;
    const char *label = verdict->kept ? "kept"
                        : is_first    ? "dropped"
                                      : ndup_kind_name(verdict->kind);
    write_label(text, verdict->kept ? GREEN : YELLOW, label, is_first ? NULL : verdict);
    ndup__show_name(&text->file.out, verdict->id, name_columns(text));
    ndup__out_text(&text->file.out, "\n");
}

static void write_count(ndup__out *out, const char *before, uint64_t count, const char *after)
{
    char number[NDUP__NUMBER_BYTES];
    ndup__out_text(out, before);
    ndup__out_bytes(out, number, ndup__format_count(number, count));
    ndup__out_text(out, after);
}

/* The line with what the copies share; `room` is reused. */
static ndup_status write_shared(text_output *text, const shared_text *shared, ndup__out *room,
                                ndup_error *error)
{
    unsigned width = text->file.base.listing.width;
    room->held = 0;
    ndup_status status = ndup__aside_copy(room, &text->aside, shared->begin, shared->bytes, error);
    if (status != NDUP_STATUS_OK || room->held == 0) {
        return status;
    }
    write_label(text, DIM, "shared text", NULL);
    ndup__show_beginning(&text->file.out, (ndup_text){room->bytes, room->held},
                         width == 0 ? SHARED_COLUMNS : name_columns(text), shared->is_cut);
    ndup__out_text(&text->file.out, "\n");
    return ndup__out_status(&text->file.out, error);
}

static void write_members(text_output *text, uint64_t survivor)
{
    uint64_t *members;
    uint64_t count = ndup__grouping_members(&members, &text->grouping, survivor);
    uint64_t shown =
        text->file.base.listing.groups > 0 && count > COPIES_SHOWN + 2 ? COPIES_SHOWN + 1 : count;
    for (uint64_t i = 0; i < shown; i++) {
        ndup_verdict verdict;
        ndup_result_verdict(text->file.result, members[i], &verdict);
        write_member(text, &verdict);
    }
    if (shown < count) {
        write_count(&text->file.out, "                    and ", count - shown, " more\n");
    }
}

static ndup_status write_groups(text_output *text, ndup__out *room, ndup_error *error)
{
    ndup_status status = NDUP_STATUS_OK;
    for (size_t i = 0; i < text->listed && status == NDUP_STATUS_OK; i++) {
        const ndup__ranked_group *group = &text->groups.items[i];
        if (i > 0) {
            ndup__out_text(&text->file.out, "\n");
        }
        paint(text, BOLD);
        write_count(&text->file.out, "", group->size, " documents");
        paint(text, PLAIN);
        ndup__out_text(&text->file.out, "\n");
        write_members(text, group->survivor);
        status = write_shared(text, &text->shared[i], room, error);
    }
    return status;
}

static ndup_status finish(ndup__file_output *output, ndup_error *error)
{
    text_output *text = (text_output *)output;
    if (text->listed == 0) {
        return NDUP_STATUS_OK;
    }
    ndup__out room;
    ndup__out_init(&room, NULL, &output->base.allocator);
    qsort(text->shared, text->listed, sizeof *text->shared, by_group);
    ndup_status status = ndup__aside_complete(&text->aside, error);
    if (status == NDUP_STATUS_OK) {
        status = write_groups(text, &room, error);
    }
    ndup__out_deinit(&room);
    return status;
}

static void release(ndup__file_output *output)
{
    text_output *text = (text_output *)output;
    const ndup_allocator *allocator = &output->base.allocator;
    if (text->groups.allocator == NULL) { /* never begun */
        return;
    }
    ndup__free(allocator, &text->shared, text->shared != NULL ? text->listed : 0,
               sizeof *text->shared);
    ndup__ranked_groups_deinit(&text->groups);
    ndup__grouping_deinit(&text->grouping);
    if (text->has_aside) {
        ndup__aside_deinit(&text->aside);
    }
}

const ndup__output_kind ndup__output_text = {
    .info = {"text", "the groups to read: what is kept, its copies, what they share"},
    .own_bytes = sizeof(text_output),
    .begin = begin,
    .document = take_document,
    .finish = finish,
    .chooses = choose,
    .release = release,
};
