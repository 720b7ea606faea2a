/* SPDX-License-Identifier: MIT */
/* Components of documents that share a class or a bucket, dealt to shards. */
#include "stages/components.h"

#include "base/alloc.h"
#include "base/error.h"
#include "base/hash.h"
#include "dedup/frequencies.h"
#include "text/shingle.h"

const ndup__section_kind ndup__component_kind = {"NDUPCOMP", 1, "a file of components"};

/* The section "header". */
typedef struct file_header {
    uint64_t identity;
    uint64_t documents;
    uint64_t count;
    uint64_t members;
    uint64_t shards;
} file_header;

ndup_status ndup__component_finder_init(ndup__component_finder *finder, size_t documents,
                                        const ndup_allocator *allocator, ndup_error *error)
{
    *finder = (ndup__component_finder){.sets = {.allocator = allocator}};
    ndup_status status = ndup__union_find_init(&finder->sets, documents, allocator, error);
    return status == NDUP_STATUS_OK
               ? ndup__allocate_zeroed(allocator, &finder->large, documents, 1, error)
               : status;
}

void ndup__component_finder_deinit(ndup__component_finder *finder)
{
    ndup__free(finder->sets.allocator, &finder->large, finder->sets.count, 1);
    ndup__union_find_deinit(&finder->sets);
}

void ndup__component_finder_join(ndup__component_finder *finder, const uint32_t *documents,
                                 size_t count, bool is_bucket)
{
    bool is_large = is_bucket && count >= NDUP__FORM_BUCKET;
    for (size_t i = 0; i < count; i++) {
        uint8_t *large = &finder->large[documents[i]];
        *large = (uint8_t)(*large + (is_large && *large < 2));
        ndup__union_find_join(&finder->sets, documents[0], documents[i]);
    }
}

/* Shards by how many documents they have, the emptiest first; of equals, the first. A heap. */
typedef struct shard_loads {
    uint64_t *loads; /* documents << 16 | shard */
    size_t count;
} shard_loads;

static void sink(shard_loads *heap)
{
    uint64_t moved = heap->loads[0];
    size_t at = 0;
    for (size_t child = 1; child < heap->count; child = 2 * at + 1) {
        child += child + 1 < heap->count && heap->loads[child + 1] < heap->loads[child];
        if (moved <= heap->loads[child]) {
            break;
        }
        heap->loads[at] = heap->loads[child];
        at = child;
    }
    heap->loads[at] = moved;
}

/* Gives the component to the emptiest shard, which is returned. */
static uint32_t take_shard(shard_loads *heap, uint64_t documents)
{
    uint32_t shard = (uint32_t)(heap->loads[0] % NDUP__SHARDS_MOST);
    heap->loads[0] += documents * NDUP__SHARDS_MOST;
    sink(heap);
    return shard;
}

/* Components by their sizes: sorted ascending, the largest come first, of equals the one whose
 * first document comes first. */
static uint64_t size_key(uint32_t size, uint32_t root)
{
    return (uint64_t)(UINT32_MAX - size) << 32 | root;
}

/* What is made on the way to the file. */
typedef struct dealing {
    ndup__component_finder *finder;
    const ndup_allocator *allocator;
    size_t document_count;
    uint32_t *sizes;      /* [documents] of the component of a root; then 1 + its shard */
    uint64_t *components; /* [component_count] size_key of those of two or more */
    uint64_t *scratch;    /* the same */
    size_t component_count;
    uint32_t *documents; /* [count] */
    uint32_t *shards;    /* [count] */
    size_t count;
} dealing;

static ndup_status measure(dealing *deal, ndup_error *error)
{
    ndup_status status = ndup__allocate_zeroed(deal->allocator, &deal->sizes, deal->document_count,
                                               sizeof *deal->sizes, error);
    for (size_t i = 0; i < deal->document_count && status == NDUP_STATUS_OK; i++) {
        uint32_t size = ++deal->sizes[ndup__union_find_root(&deal->finder->sets, (uint32_t)i)];
        deal->component_count += size == 2;
        deal->count += size == 2 ? 2 : size > 2;
    }
    return status;
}

static ndup_status sort_components(dealing *deal, ndup_error *error)
{
    size_t count = deal->component_count;
    ndup_status status =
        ndup__resize(deal->allocator, &deal->components, 0, count, sizeof *deal->components, error);
    if (status == NDUP_STATUS_OK) {
        status =
            ndup__resize(deal->allocator, &deal->scratch, 0, count, sizeof *deal->scratch, error);
    }
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    size_t at = 0;
    for (size_t i = 0; i < deal->document_count; i++) {
        if (deal->sizes[i] >= 2) {
            deal->components[at++] = size_key(deal->sizes[i], (uint32_t)i);
        }
    }
    ndup__sort_hashes(deal->components, deal->scratch, count);
    return status;
}

static ndup_status deal_components(dealing *deal, uint32_t shard_count, ndup_error *error)
{
    shard_loads heap = {.count = shard_count};
    ndup_status status =
        ndup__resize(deal->allocator, &heap.loads, 0, shard_count, sizeof *heap.loads, error);
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    for (uint32_t i = 0; i < shard_count; i++) {
        heap.loads[i] = i;
    }
    for (size_t i = 0; i < deal->component_count; i++) {
        uint32_t root = (uint32_t)deal->components[i];
        deal->sizes[root] = 1 + take_shard(&heap, deal->sizes[root]);
    }
    ndup__free(deal->allocator, &heap.loads, shard_count, sizeof *heap.loads);
    return status;
}

static ndup_status list_documents(dealing *deal, ndup_error *error)
{
    uint8_t *listed = NULL; /* bit per root of a component */
    size_t bytes = deal->document_count / 8 + 1;
    ndup_status status = ndup__resize(deal->allocator, &deal->documents, 0, deal->count,
                                      sizeof *deal->documents, error);
    if (status == NDUP_STATUS_OK) {
        status = ndup__resize(deal->allocator, &deal->shards, 0, deal->count, sizeof *deal->shards,
                              error);
    }
    if (status == NDUP_STATUS_OK) {
        status = ndup__allocate_zeroed(deal->allocator, &listed, bytes, 1, error);
    }
    for (size_t i = 0; i < deal->component_count && status == NDUP_STATUS_OK; i++) {
        uint32_t root = (uint32_t)deal->components[i];
        listed[root / 8] = (uint8_t)(listed[root / 8] | 1u << (root % 8));
    }
    size_t at = 0;
    for (size_t i = 0; i < deal->document_count && status == NDUP_STATUS_OK; i++) {
        uint32_t root = ndup__union_find_root(&deal->finder->sets, (uint32_t)i);
        if ((listed[root / 8] >> (root % 8) & 1) != 0) {
            deal->documents[at] = (uint32_t)i;
            deal->shards[at++] = deal->sizes[root] - 1;
        }
    }
    ndup__free(deal->allocator, &listed, bytes, 1);
    return status;
}

static ndup_status put_members(ndup__section_writer *writer, const dealing *deal, uint64_t *count,
                               ndup_error *error)
{
    ndup_status status = ndup__section_begin(writer, "members", error);
    for (size_t i = 0; i < deal->document_count && status == NDUP_STATUS_OK; i++) {
        uint32_t document = (uint32_t)i;
        if (deal->finder->large[i] >= 2) {
            status = ndup__section_add(writer, &document, sizeof document, error);
            ++*count;
        }
    }
    return status;
}

static ndup_status put_all(ndup__section_writer *writer, const dealing *deal, uint64_t identity,
                           uint32_t shard_count, ndup_error *error)
{
    file_header header = {.identity = identity,
                          .documents = deal->document_count,
                          .count = deal->count,
                          .shards = shard_count};
    ndup_status status = put_members(writer, deal, &header.members, error);
    if (status == NDUP_STATUS_OK) {
        status = ndup__section_put(writer, "documents", deal->documents,
                                   deal->count * sizeof *deal->documents, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = ndup__section_put(writer, "shards", deal->shards,
                                   deal->count * sizeof *deal->shards, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = ndup__section_put(writer, "header", &header, sizeof header, error);
    }
    return status;
}

static ndup_status write_file(const char *path, const dealing *deal, uint64_t identity,
                              uint32_t shard_count, ndup_error *error)
{
    ndup__section_writer writer = {.kind = NULL};
    ndup_status status =
        ndup__section_writer_open(&writer, path, &ndup__component_kind, deal->allocator, error);
    if (status == NDUP_STATUS_OK) {
        status = put_all(&writer, deal, identity, shard_count, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = ndup__section_writer_commit(&writer, error);
    }
    ndup__section_writer_end(&writer);
    return status;
}

ndup_status ndup__components_write(const char *path, ndup__component_finder *finder,
                                   uint64_t identity, uint32_t shard_count, ndup_error *error)
{
    dealing deal = {.finder = finder,
                    .allocator = finder->sets.allocator,
                    .document_count = finder->sets.count};
    ndup_status status = measure(&deal, error);
    if (status == NDUP_STATUS_OK) {
        status = sort_components(&deal, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = deal_components(&deal, shard_count, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = list_documents(&deal, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = write_file(path, &deal, identity, shard_count, error);
    }
    ndup__free(deal.allocator, &deal.sizes, deal.document_count, sizeof *deal.sizes);
    ndup__free(deal.allocator, &deal.components, deal.component_count, sizeof *deal.components);
    ndup__free(deal.allocator, &deal.scratch, deal.component_count, sizeof *deal.scratch);
    ndup__free(deal.allocator, &deal.documents, deal.count, sizeof *deal.documents);
    ndup__free(deal.allocator, &deal.shards, deal.count, sizeof *deal.shards);
    return status;
}

/* Whether numbers ascend and stay below the end. */
static bool are_ascending(const uint32_t *numbers, size_t count, size_t end)
{
    bool are = true;
    for (size_t i = 0; i < count && are; i++) {
        are = numbers[i] < end && (i == 0 || numbers[i - 1] < numbers[i]);
    }
    return are;
}

static bool are_below(const uint32_t *numbers, size_t count, uint32_t end)
{
    bool are = true;
    for (size_t i = 0; i < count && are; i++) {
        are = numbers[i] < end;
    }
    return are;
}

static ndup_status read_header(ndup__components *components, ndup_error *error)
{
    const file_header *header;
    ndup_status status =
        ndup__section_items(&header, 1, sizeof *header, &components->file, "header", error);
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    if (header->documents >= UINT32_MAX || header->count > header->documents ||
        header->members > header->documents || header->shards == 0 ||
        header->shards > NDUP__SHARDS_MOST) {
        return ndup__section_fail(&components->file, "header", "numbers out of range", error);
    }
    components->identity = header->identity;
    components->dealing = components->file.identity;
    components->document_count = (size_t)header->documents;
    components->count = (size_t)header->count;
    components->member_count = (size_t)header->members;
    components->shard_count = (uint32_t)header->shards;
    return NDUP_STATUS_OK;
}

static ndup_status read_columns(ndup__components *components, ndup_error *error)
{
    ndup__section_file *file = &components->file;
    size_t count = components->count;
    size_t bytes = sizeof(uint32_t);
    ndup_status status =
        ndup__section_items(&components->documents, count, bytes, file, "documents", error);
    if (status == NDUP_STATUS_OK) {
        status = ndup__section_items(&components->shards, count, bytes, file, "shards", error);
    }
    if (status == NDUP_STATUS_OK) {
        status = ndup__section_items(&components->members, components->member_count, bytes, file,
                                     "members", error);
    }
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    const char *wrong =
        !are_ascending(components->documents, count, components->document_count) ? "documents"
        : !are_below(components->shards, count, components->shard_count)         ? "shards"
        : !are_ascending(components->members, components->member_count, components->document_count)
            ? "members"
            : NULL;
    return wrong == NULL ? status
                         : ndup__section_fail(file, wrong, "numbers out of order or range", error);
}

ndup_status ndup__components_open(ndup__components *components, const char *path,
                                  const ndup_allocator *allocator, ndup_error *error)
{
    *components = (ndup__components){.count = 0};
    ndup_status status =
        ndup__section_file_open(&components->file, path, &ndup__component_kind, allocator, error);
    if (status == NDUP_STATUS_OK) {
        status = read_header(components, error);
    }
    return status == NDUP_STATUS_OK ? read_columns(components, error) : status;
}

void ndup__components_close(ndup__components *components)
{
    ndup__section_file_close(&components->file);
}

ndup_status ndup__components_mark(uint8_t **documents, const ndup__components *components,
                                  uint32_t shard, const ndup_allocator *allocator,
                                  ndup_error *error)
{
    ndup_status status =
        ndup__allocate_zeroed(allocator, documents, components->document_count / 8 + 1, 1, error);
    for (size_t i = 0; i < components->count && status == NDUP_STATUS_OK; i++) {
        uint32_t document = components->documents[i];
        if (components->shards[i] == shard) {
            (*documents)[document / 8] =
                (uint8_t)((*documents)[document / 8] | 1u << (document % 8));
        }
    }
    return status;
}
