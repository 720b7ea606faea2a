/* SPDX-License-Identifier: MIT */
/* The first pass of --site: a page's distinct units are hashed in parallel and counted in corpus
 * order, so that what is dropped for want of room does not depend on threads. */
#include "flag/flag_site.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/hash.h"
#include "corpus/units.h"
#include "flag/flag_site_key.h"
#include "report/url.h"

#define MEMORY_USUAL ((uint64_t)256 << 20)
#define MEMORY_LEAST ((uint64_t)1 << 16)
#define HOSTS_AT_FIRST 1024
#define TOLD_AT_FIRST 64

/* Open addressing; key 0 is free. */
typedef struct count_entry {
    uint64_t key;
    uint64_t pages;
} count_entry;

typedef struct count_table {
    count_entry *entries;
    size_t size; /* a power of two */
    size_t used;
    uint64_t slot_key;
} count_table;

struct ndup__site {
    const ndup_flag_options *options;
    const ndup_allocator *allocator;
    count_table units; /* by host and token sequence */
    count_table hosts;
    count_table told; /* problems of the first pass */
};

/* A page of a block: its units' keys, without repeats, stand in the worker's array. */
typedef struct site_page {
    uint64_t host;
    size_t begin, count;
} site_page;

typedef struct site_worker {
    const ndup_allocator *allocator;
    ndup__block block;
    ndup__paragraphs paragraphs;
    ndup__profile profile;
    site_page *pages;
    size_t page_count, page_capacity;
    uint64_t *keys;
    size_t key_count, key_capacity;
} site_worker;

typedef struct site_pass {
    ndup__site *site;
    ndup_corpus *corpus;
    ndup__reporter *reporter;
    ndup__line_counter lines;
    uint64_t documents;
    uint64_t skipped;
} site_pass;

static count_entry *find_entry(const count_table *table, uint64_t key)
{
    size_t at = (size_t)ndup__slot_hash(key, table->slot_key) & (table->size - 1);
    while (table->entries[at].key != 0 && table->entries[at].key != key) {
        at = (at + 1) & (table->size - 1);
    }
    return &table->entries[at];
}

/* Moves the entries with more than `most` pages to a table of `size` places. */
static ndup_status rebuild(count_table *table, size_t size, uint64_t most,
                           const ndup_allocator *allocator, ndup_error *error)
{
    count_table made = {.size = size, .slot_key = ndup__slot_key()};
    ndup_status status =
        ndup__allocate_zeroed(allocator, &made.entries, size, sizeof *made.entries, error);
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    for (size_t i = 0; i < table->size; i++) {
        if (table->entries[i].key != 0 && table->entries[i].pages > most) {
            *find_entry(&made, table->entries[i].key) = table->entries[i];
            made.used++;
        }
    }
    ndup__free(allocator, &table->entries, table->size, sizeof *table->entries);
    *table = made;
    return NDUP_STATUS_OK;
}

/* Counts a page for the key; 3/4 of the places are used at most. */
static void count_key(count_table *table, uint64_t key)
{
    count_entry *entry = find_entry(table, key);
    table->used += entry->key == 0;
    entry->key = key;
    entry->pages++;
}

static bool is_full(const count_table *table)
{
    return 4 * (table->used + 1) > 3 * table->size;
}

/* Room for another unit: the table grows to its limit, then loses its rarest units. A rebuild in
 * the same size needs the room twice, so half of the limit is used. */
static ndup_status make_room(ndup__site *site, ndup_error *error)
{
    count_table *units = &site->units;
    uint64_t limit = site->options->site_memory != 0 ? site->options->site_memory : MEMORY_USUAL;
    limit = limit < MEMORY_LEAST ? MEMORY_LEAST : limit;
    ndup_status status = NDUP_STATUS_OK;
    uint64_t most = 0;
    while (is_full(units) && status == NDUP_STATUS_OK) {
        bool grows = most == 0 && 2 * units->size * sizeof *units->entries <= limit / 2;
        most += !grows;
        status =
            rebuild(units, grows ? 2 * units->size : units->size, most, site->allocator, error);
    }
    return status;
}

/* 0 when the document has no host. */
static uint64_t hash_host(const ndup_document *document)
{
    char name[256];
    ndup_text host = ndup__url_host(document->url);
    if (host.length == 0 || host.length > sizeof name) {
        return 0;
    }
    for (size_t i = 0; i < host.length; i++) {
        bool upper = host.bytes[i] >= 'A' && host.bytes[i] <= 'Z';
        name[i] = (char)(host.bytes[i] + (upper ? 'a' - 'A' : 0));
    }
    return ndup__hash_bytes(name, host.length, 0) | 1;
}

static int by_key(const void *a, const void *b)
{
    uint64_t left = *(const uint64_t *)a;
    uint64_t right = *(const uint64_t *)b;
    return (left > right) - (left < right);
}

/* A page counts once for a key, in whatever order. */
static size_t sort_keys(uint64_t *keys, size_t count)
{
    size_t kept = 0;
    if (count > 1) {
        qsort(keys, count, sizeof *keys, by_key);
    }
    for (size_t i = 0; i < count; i++) {
        if (i == 0 || keys[i] != keys[kept - 1]) {
            keys[kept++] = keys[i];
        }
    }
    return kept;
}

static ndup_status sight_page(void *context, const ndup__item *item, ndup_error *error)
{
    site_worker *worker = context;
    const ndup_unit *units;
    size_t count;
    uint64_t host = hash_host(&item->document);
    if (host == 0) {
        return NDUP_STATUS_OK;
    }
    ndup_status status =
        ndup__document_units(&units, &count, &worker->paragraphs, &item->document, error);
    if (status == NDUP_STATUS_OK) {
        status = ndup__profile_make(&worker->profile, item->document.text, units, count, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = ndup__reserve(worker->allocator, &worker->keys, &worker->key_capacity,
                               worker->key_count + count, sizeof *worker->keys, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = ndup__reserve(worker->allocator, &worker->pages, &worker->page_capacity,
                               worker->page_count + 1, sizeof *worker->pages, error);
    }
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    site_page *page = &worker->pages[worker->page_count++];
    *page = (site_page){.host = host, .begin = worker->key_count};
    for (size_t i = 0; i < count; i++) {
        const ndup__unit_profile *of = &worker->profile.of[i];
        if (of->token_count > 0 && of->first == i) { /* once a page */
            worker->keys[worker->key_count++] = ndup__site_key(&worker->profile, i, host);
        }
    }
    page->count = sort_keys(worker->keys + page->begin, worker->key_count - page->begin);
    worker->key_count = page->begin + page->count;
    return NDUP_STATUS_OK;
}

static ndup_status take_block(void *context, void *item, unsigned number, bool *more,
                              ndup_error *error)
{
    (void)number;
    return ndup__corpus_take(((site_pass *)context)->corpus, &((site_worker *)item)->block, more,
                             error);
}

static ndup_status work_block(void *context, void *item, unsigned number, ndup_error *error)
{
    site_worker *worker = item;
    (void)number;
    worker->page_count = 0;
    worker->key_count = 0;
    ndup__visitor visitor = {.context = worker, .visit = sight_page};
    return ndup__corpus_scan(((site_pass *)context)->corpus, &worker->block, &visitor, error);
}

static ndup_status count_page(ndup__site *site, const site_worker *worker, const site_page *page,
                              ndup_error *error)
{
    ndup_status status = NDUP_STATUS_OK;
    if (is_full(&site->hosts)) {
        status = rebuild(&site->hosts, 2 * site->hosts.size, 0, site->allocator, error);
    }
    if (status == NDUP_STATUS_OK) {
        count_key(&site->hosts, page->host);
    }
    for (size_t i = 0; i < page->count && status == NDUP_STATUS_OK; i++) {
        status = make_room(site, error);
        if (status == NDUP_STATUS_OK) {
            count_key(&site->units, worker->keys[page->begin + i]);
        }
    }
    return status;
}

static uint64_t hash_note(const ndup__note *note, uint64_t line_base)
{
    uint64_t place[2] = {note->line != 0 ? line_base + note->line : 0, note->offset};
    uint64_t hash = ndup__hash_bytes(note->path, note->path != NULL ? strlen(note->path) : 0,
                                     ndup__hash_bytes(place, sizeof place, 0));
    if (note->line == 0 && note->offset == 0) { /* of the file, whatever the second pass calls it */
        return hash | 1;
    }
    return ndup__hash_bytes(note->message, strlen(note->message), hash) | 1;
}

/* Reports what is wrong with a block, for the second pass may find nothing wrong. */
static ndup_status tell_problems(site_pass *pass, const ndup__block *block, ndup_error *error)
{
    count_table *told = &pass->site->told;
    uint64_t line_base = ndup__line_counter_add(&pass->lines, block);
    ndup_status status = NDUP_STATUS_OK;
    ndup__block_report(block, line_base, pass->reporter->hooks);
    pass->skipped += ndup__block_skipped(block);
    for (size_t i = 0; i < block->note_count && status == NDUP_STATUS_OK; i++) {
        if (is_full(told)) {
            status = rebuild(told, 2 * told->size, 0, pass->site->allocator, error);
        }
        if (status == NDUP_STATUS_OK) {
            count_key(told, hash_note(&block->notes[i], line_base));
        }
    }
    return status;
}

void ndup__site_drop_told(const ndup__site *site, ndup__block *block, uint64_t line_base)
{
    size_t kept = 0;
    for (size_t i = 0; i < block->note_count; i++) {
        const ndup__note *note = &block->notes[i];
        if (find_entry(&site->told, hash_note(note, line_base))->key == 0) {
            block->notes[kept++] = *note;
        }
    }
    block->note_count = kept;
}

static ndup_status commit_block(void *context, void *item, unsigned number, ndup_error *error)
{
    (void)number;
    site_pass *pass = context;
    site_worker *worker = item;
    ndup_status status = tell_problems(pass, &worker->block, error);
    for (size_t i = 0; i < worker->page_count && status == NDUP_STATUS_OK; i++) {
        status = count_page(pass->site, worker, &worker->pages[i], error);
    }
    pass->documents += worker->page_count;
    return status == NDUP_STATUS_OK
               ? ndup__reporter_at(pass->reporter, worker->block.stored, pass->documents, error)
               : status;
}

static void init_worker(site_worker *worker, const ndup_allocator *allocator)
{
    *worker = (site_worker){
        .allocator = allocator,
        .paragraphs = {.allocator = allocator},
        .profile = {.allocator = allocator, .tokens = {.allocator = allocator}},
    };
    ndup__block_init(&worker->block, allocator);
}

static void deinit_worker(site_worker *worker)
{
    ndup__block_deinit(&worker->block);
    ndup__paragraphs_deinit(&worker->paragraphs);
    ndup__profile_deinit(&worker->profile);
    ndup__free(worker->allocator, &worker->pages, worker->page_capacity, sizeof *worker->pages);
    ndup__free(worker->allocator, &worker->keys, worker->key_capacity, sizeof *worker->keys);
}

static ndup_status stream_pages(site_pass *pass, ndup__pool *pool, ndup_error *error)
{
    const ndup_allocator *allocator = pass->site->allocator;
    size_t count = ndup__pool_items(pool);
    site_worker *workers = NULL;
    ndup_status status = ndup__allocate_zeroed(allocator, &workers, count, sizeof *workers, error);
    if (status == NDUP_STATUS_OK) {
        for (size_t i = 0; i < count; i++) {
            init_worker(&workers[i], allocator);
        }
        ndup__stream_work stream = {
            .context = pass, .take = take_block, .work = work_block, .commit = commit_block};
        status = ndup__pool_stream(pool, &stream, workers, sizeof *workers, count, error);
        for (size_t i = 0; i < count; i++) {
            deinit_worker(&workers[i]);
        }
    }
    ndup__free(allocator, &workers, count, sizeof *workers);
    return status;
}

ndup_status ndup__site_count(ndup__site **out, uint64_t *skipped, ndup_corpus *corpus,
                             const ndup_flag_options *options, ndup__pool *pool,
                             ndup__reporter *reporter, ndup_error *error)
{
    ndup__site *site;
    *out = NULL;
    *skipped = 0;
    ndup_status status = ndup__allocate_zeroed(options->allocator, &site, 1, sizeof *site, error);
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    site->options = options;
    site->allocator = options->allocator;
    status = rebuild(&site->units, HOSTS_AT_FIRST, 0, site->allocator, error);
    if (status == NDUP_STATUS_OK) {
        status = rebuild(&site->hosts, HOSTS_AT_FIRST, 0, site->allocator, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = rebuild(&site->told, TOLD_AT_FIRST, 0, site->allocator, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = ndup__corpus_rewind(corpus, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = ndup__reporter_begin(reporter, NDUP_STAGE_READ, ndup_corpus_bytes(corpus), error);
    }
    if (status == NDUP_STATUS_OK) {
        site_pass pass = {.site = site, .corpus = corpus, .reporter = reporter};
        status = stream_pages(&pass, pool, error);
        *skipped = pass.skipped;
    }
    if (status != NDUP_STATUS_OK) {
        ndup__site_free(site);
        return status;
    }
    *out = site;
    return NDUP_STATUS_OK;
}

ndup_status ndup__site_find(const ndup__site *site, ndup__repeat_finder *finder,
                            const ndup_document *document, ndup_error *error)
{
    const ndup__profile *profile = &finder->profile;
    uint64_t host = hash_host(document);
    uint64_t pages = host != 0 ? find_entry(&site->hosts, host)->pages : 0;
    if (pages < site->options->site_pages) {
        return NDUP_STATUS_OK;
    }
    ndup_status status = NDUP_STATUS_OK;
    for (size_t i = 0; i < profile->count && status == NDUP_STATUS_OK; i++) {
        if (profile->of[i].token_count == 0) {
            continue;
        }
        uint64_t on = find_entry(&site->units, ndup__site_key(profile, i, host))->pages;
        if (on >= site->options->site_pages &&
            (double)on >= site->options->site_share * (double)pages) {
            status = ndup__repeat_add_site(finder, i, on, pages, error);
        }
    }
    ndup__repeat_sort(finder);
    return status;
}

void ndup__site_totals(const ndup__site *site, uint64_t *hosts, uint64_t *judged)
{
    *hosts = site->hosts.used;
    *judged = 0;
    for (size_t i = 0; i < site->hosts.size; i++) {
        *judged += site->hosts.entries[i].pages >= site->options->site_pages;
    }
}

void ndup__site_free(ndup__site *site)
{
    if (site != NULL) {
        const ndup_allocator *allocator = site->allocator;
        ndup__free(allocator, &site->units.entries, site->units.size, sizeof(count_entry));
        ndup__free(allocator, &site->hosts.entries, site->hosts.size, sizeof(count_entry));
        ndup__free(allocator, &site->told.entries, site->told.size, sizeof(count_entry));
        ndup__free(allocator, &site, 1, sizeof *site);
    }
}
