/* SPDX-License-Identifier: MIT */
/* html:FILE of passages, a page to read: those that most documents have, and the longest. */
#include "base/alloc.h"
#include "page/passage_family.h"
#include "page/passage_page.h"
#include "report/passage_output.h"

/* Passages that are shown, taken in turn from the rankings, and what keeps the page below a
 * megabyte: the bytes of the passages, and together with what is folded away. */
#define SHOWN_MAX 160
#define FAMILY_BYTES ((uint64_t)700000)
#define DATA_BYTES ((uint64_t)770000)
/* A passage may take so many times its even share of the room that is left: most take less. */
#define SHARES 5

static const ndup__family_limits limits = {
    .places = 200, .wordings = 16, .text_bytes = 4000, .context = 120, .folded = 40000};

/* A passage that some ranking has. */
typedef struct kept_family {
    ndup__shown_family family;
    ndup_passage_place *places; /* [capacity] */
    size_t capacity;
    uint32_t tokens;
    unsigned rankings;
    bool is_written;
    size_t folded, folded_bytes; /* what is folded away in it, among that of all */
} kept_family;

typedef bool (*is_before)(const kept_family *a, const kept_family *b);

/* items[0..count) is a heap while they are chosen: the one to go first is on top. */
typedef struct ranking {
    is_before before;
    kept_family *items[SHOWN_MAX];
    size_t count;
} ranking;

enum { BY_DOCUMENTS, BY_LENGTH, RANKINGS };

typedef struct html_state {
    ndup__family_work work;
    ndup__passage_counts counts;
    ranking rankings[RANKINGS];
    ndup__out piece;  /* of one passage */
    ndup__out folded; /* of all of them */
    const kept_family *written[SHOWN_MAX];
    size_t written_count;
} html_state;

static bool has_more_documents(const kept_family *a, const kept_family *b)
{
    if (a->family.documents != b->family.documents) {
        return a->family.documents > b->family.documents;
    }
    return a->tokens != b->tokens ? a->tokens > b->tokens : a->family.number < b->family.number;
}

static bool is_longer(const kept_family *a, const kept_family *b)
{
    return a->tokens != b->tokens ? a->tokens > b->tokens : has_more_documents(a, b);
}

static ndup_status begin(ndup__passage_output *output, ndup_error *error)
{
    const ndup_allocator *allocator = &output->target.allocator;
    html_state *html;
    ndup_status status = ndup__allocate_zeroed(allocator, &html, 1, sizeof *html, error);
    output->state = html;
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    ndup__passage_counts_init(&html->counts, allocator);
    html->rankings[BY_DOCUMENTS].before = has_more_documents;
    html->rankings[BY_LENGTH].before = is_longer;
    ndup__out_init(&html->piece, NULL, allocator);
    ndup__out_init(&html->folded, NULL, allocator);
    html->piece.is_embedded = true;
    return ndup__family_work_init(&html->work, &limits, output->run, allocator, error);
}

static void release(const ndup__passage_output *output, kept_family *kept)
{
    if (kept->rankings == 0) {
        const ndup_allocator *allocator = &output->target.allocator;
        ndup__free(allocator, &kept->places, kept->capacity, sizeof *kept->places);
        ndup__free(allocator, &kept, 1, sizeof *kept);
    }
}

static void swap(ranking *ranks, size_t a, size_t b)
{
    kept_family *other = ranks->items[a];
    ranks->items[a] = ranks->items[b];
    ranks->items[b] = other;
}

static void move_up(ranking *ranks, size_t at)
{
    while (at > 0 && ranks->before(ranks->items[(at - 1) / 2], ranks->items[at])) {
        swap(ranks, (at - 1) / 2, at);
        at = (at - 1) / 2;
    }
}

static void move_down(ranking *ranks, size_t at, size_t count)
{
    for (size_t child = 2 * at + 1; child < count; child = 2 * at + 1) {
        if (child + 1 < count && ranks->before(ranks->items[child], ranks->items[child + 1])) {
            child++;
        }
        if (!ranks->before(ranks->items[at], ranks->items[child])) {
            return;
        }
        swap(ranks, at, child);
        at = child;
    }
}

static bool has_place(const ranking *ranks, const kept_family *kept)
{
    return ranks->count < SHOWN_MAX || ranks->before(kept, ranks->items[0]);
}

static void take(const ndup__passage_output *output, ranking *ranks, kept_family *kept)
{
    kept->rankings++;
    if (ranks->count < SHOWN_MAX) {
        ranks->items[ranks->count++] = kept;
        move_up(ranks, ranks->count - 1);
        return;
    }
    kept_family *gone = ranks->items[0];
    ranks->items[0] = kept;
    move_down(ranks, 0, ranks->count);
    gone->rankings--;
    release(output, gone);
}

static ndup_status copy_family(kept_family **copy, const ndup_passage_family *family,
                               const ndup__passage_facts *facts, const ndup_allocator *allocator,
                               ndup_error *error)
{
    kept_family *kept;
    size_t count = family->count < limits.places ? family->count : limits.places;
    ndup_status status = ndup__allocate_zeroed(allocator, &kept, 1, sizeof *kept, error);
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    kept->capacity = count;
    status = ndup__resize(allocator, &kept->places, 0, count, sizeof *kept->places, error);
    if (status != NDUP_STATUS_OK) {
        ndup__free(allocator, &kept, 1, sizeof *kept);
        return status;
    }
    kept->family = ndup__shown_family_of(kept->places, count, family, facts);
    kept->tokens = facts->tokens;
    *copy = kept;
    return NDUP_STATUS_OK;
}

static ndup_status take_family(ndup__passage_output *output, const ndup_passage_family *family,
                               ndup_error *error)
{
    html_state *html = output->state;
    ndup__passage_facts facts;
    ndup_status status = ndup__passage_counts_add(&facts, &html->counts, family, error);
    const kept_family passing = {
        .family = {.number = family->number, .documents = family->documents},
        .tokens = facts.tokens};
    kept_family *kept = NULL;
    for (size_t i = 0; i < RANKINGS && status == NDUP_STATUS_OK; i++) {
        if (!has_place(&html->rankings[i], &passing)) {
            continue;
        }
        if (kept == NULL) {
            status = copy_family(&kept, family, &facts, &output->target.allocator, error);
        }
        if (status == NDUP_STATUS_OK) {
            take(output, &html->rankings[i], kept);
        }
    }
    return status;
}

/* Takes the heap apart: the best comes first. */
static void sort(ranking *ranks)
{
    for (size_t end = ranks->count; end > 1; end--) {
        swap(ranks, 0, end - 1);
        move_down(ranks, 0, end - 1);
    }
}

/* Writes one passage where `left` passages are to share the room; what is folded away waits. */
static ndup_status write_family(ndup__out *out, html_state *html, kept_family *kept, uint64_t room,
                                size_t left, ndup_error *error)
{
    size_t bytes;
    uint64_t share = room * SHARES / left;
    html->piece.held = 0;
    html->piece.needs_comma = false;
    ndup_status status = ndup__json_family(&bytes, &html->piece, &html->work, &kept->family,
                                           (size_t)(share < room ? share : room), error);
    if (status == NDUP_STATUS_OK) {
        kept->folded = html->folded.held;
        kept->folded_bytes = html->piece.held - bytes;
        kept->is_written = true;
        ndup__out_text(out, html->written_count > 0 ? ",\n" : "\n");
        ndup__out_bytes(out, html->piece.bytes, bytes);
        ndup__out_bytes(&html->folded, html->piece.bytes + bytes, kept->folded_bytes);
        html->written[html->written_count++] = kept;
    }
    return status;
}

/* Writes in turn the next best of each ranking, as many as there is room for, of `all`. */
static ndup_status write_families(ndup__out *out, html_state *html, uint64_t all, ndup_error *error)
{
    uint64_t start = ndup__out_written(out);
    size_t most = all < SHOWN_MAX ? (size_t)all : SHOWN_MAX;
    ndup_status status = NDUP_STATUS_OK;
    for (size_t i = 0; i < RANKINGS * SHOWN_MAX && html->written_count < most; i++) {
        const ranking *ranks = &html->rankings[i % RANKINGS];
        kept_family *kept = i / RANKINGS < ranks->count ? ranks->items[i / RANKINGS] : NULL;
        uint64_t used = ndup__out_written(out) - start;
        if (used >= FAMILY_BYTES || status != NDUP_STATUS_OK) {
            return status;
        }
        if (kept != NULL && !kept->is_written) {
            status = write_family(out, html, kept, FAMILY_BYTES - used, most - html->written_count,
                                  error);
        }
    }
    return status;
}

/* What is folded away, of the first passages, as many as there is room for. */
static void write_folded(ndup__out *out, const html_state *html, uint64_t room)
{
    for (size_t i = 0; i < html->written_count; i++) {
        const kept_family *kept = html->written[i];
        if (kept->folded_bytes > room) {
            return;
        }
        room -= kept->folded_bytes;
        ndup__out_text(out, i > 0 ? ",\n" : "\n");
        ndup__out_bytes(out, html->folded.bytes + kept->folded, kept->folded_bytes);
    }
}

static ndup_status finish(ndup__passage_output *output, const ndup_passage_summary *summary,
                          ndup_error *error)
{
    static const ndup__report_page whole = {.is_whole = true};
    html_state *html = output->state;
    ndup__out *out = &output->target.out;
    const ndup__passage_frame frame = {output->run, summary, &html->counts};
    for (size_t i = 0; i < RANKINGS; i++) {
        sort(&html->rankings[i]);
    }
    ndup_status status = ndup__passage_page_begin(out, &frame, &whole, error);
    uint64_t start = ndup__out_written(out);
    if (status == NDUP_STATUS_OK) {
        status = write_families(out, html, summary->families, error);
    }
    ndup__passage_page_middle(out);
    uint64_t used = ndup__out_written(out) - start;
    write_folded(out, html, used < DATA_BYTES ? DATA_BYTES - used : 0);
    ndup__passage_page_end(out);
    return status == NDUP_STATUS_OK ? ndup__out_status(&html->folded, error) : status;
}

static void end(ndup__passage_output *output)
{
    html_state *html = output->state;
    if (html == NULL) {
        return;
    }
    for (size_t i = 0; i < RANKINGS; i++) {
        for (size_t k = 0; k < html->rankings[i].count; k++) {
            html->rankings[i].items[k]->rankings--;
            release(output, html->rankings[i].items[k]);
        }
    }
    ndup__family_work_deinit(&html->work);
    ndup__passage_counts_deinit(&html->counts);
    ndup__out_deinit(&html->piece);
    ndup__out_deinit(&html->folded);
    ndup__free(&output->target.allocator, &html, 1, sizeof *html);
    output->state = NULL;
}

const ndup__passage_kind ndup__passage_html = {
    .info = {"html", "a page to read: the passages that most documents have, and the longest"},
    .has_header = true,
    .begin = begin,
    .family = take_family,
    .finish = finish,
    .end = end,
};
