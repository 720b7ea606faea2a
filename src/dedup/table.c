/* SPDX-License-Identifier: MIT */
/* Growing the columns and finding the class of a text. */
#include "dedup/table.h"

#include <string.h>

#include "base/alloc.h"
#include "base/error.h"

#define IDS_PER_START 8

/* A hash table from this size on asks for large pages. */
#define LARGE_BYTES ((size_t)4 << 20)

void ndup__table_init(ndup__table *table, const ndup__keep_policy *policy, size_t row_bytes,
                      const ndup_allocator *allocator)
{
    *table = (ndup__table){.allocator = allocator,
                           .policy = policy,
                           .row_bytes = row_bytes,
                           .slot_key = ndup__slot_key(),
                           .source_names = {.allocator = allocator},
                           .titles = {.allocator = allocator},
                           .strings = {.allocator = allocator}};
}

void ndup__table_expect(ndup__table *table, uint64_t read, uint64_t total)
{
    if (read > 0 && read < total) {
        table->expected = (size_t)((double)table->count * (double)total / (double)read);
    }
}

static size_t start_count(size_t capacity)
{
    return capacity / IDS_PER_START + 1;
}

typedef struct column {
    void *array;  /* address of a typed pointer */
    size_t bytes; /* of an element */
} column;

/* How many times as many as there are may be expected: a corpus may begin with its shortest texts.
 * What is reserved for columns costs nothing until it is used; the hash table is written at once.
 */
#define COLUMN_TIMES 4096
#define SLOT_TIMES 16

/* Documents or classes whose memory is fetched together. */
#define FETCHED_AT_ONCE 8192

/* Bytes of ids whose memory is fetched together. */
#define ID_BYTES_FETCHED ((size_t)256 << 10)

/* How many of `count` things there will be, and some more, since documents differ. */
static size_t expected_of(const ndup__table *table, size_t count, size_t times)
{
    if (table->count == 0) {
        return 0;
    }
    double share = (double)count / (double)table->count;
    double wanted = share * (double)table->expected * 17 / 16;
    double most = (double)times * (double)count;
    return (size_t)(wanted < most ? wanted : most);
}

static size_t grown_capacity(size_t capacity)
{
    return capacity + capacity / 2 + 256;
}

/* Resizes columns to `count` elements each; capacities[] holds what each really has, also when one
 * of them could not grow. */
static ndup_status resize_columns(const ndup__table *table, const column *columns,
                                  size_t *capacities, size_t column_count, size_t count,
                                  ndup_error *error)
{
    ndup_status status = NDUP_STATUS_OK;
    for (size_t i = 0; i < column_count && status == NDUP_STATUS_OK; i++) {
        if (columns[i].bytes > 0) {
            status = ndup__resize(table->allocator, columns[i].array, capacities[i], count,
                                  columns[i].bytes, error);
            capacities[i] = status == NDUP_STATUS_OK ? count : capacities[i];
        }
    }
    return status;
}

/* The columns over documents but id_starts. */
static void list_document_columns(column to[NDUP__TABLE_COLUMNS - 1], ndup__table *table)
{
    const column columns[NDUP__TABLE_COLUMNS - 1] = {
        {&table->places, sizeof *table->places},
        {&table->lengths, sizeof *table->lengths},
        {&table->classes, sizeof *table->classes},
        {&table->text_hashes, sizeof *table->text_hashes},
        {&table->text_lengths, sizeof *table->text_lengths},
        {&table->sources, sizeof *table->sources},
        {&table->id_lengths, sizeof *table->id_lengths},
        {&table->flags, sizeof *table->flags},
        {&table->keep_values,
         table->policy->input_order ? 0 : table->policy->count * sizeof *table->keep_values},
    };
    memcpy(to, columns, sizeof columns);
}

/* Resizes every column over documents to the given capacity. */
static ndup_status resize_documents(ndup__table *table, size_t capacity, ndup_error *error)
{
    column columns[NDUP__TABLE_COLUMNS - 1];
    list_document_columns(columns, table);
    const column starts = {&table->id_starts, sizeof *table->id_starts};
    size_t *capacities = table->column_capacities;
    ndup_status status =
        resize_columns(table, columns, capacities, NDUP__TABLE_COLUMNS - 1, capacity, error);
    if (status == NDUP_STATUS_OK) {
        status = resize_columns(table, &starts, &capacities[NDUP__TABLE_COLUMNS - 1], 1,
                                capacity == 0 ? 0 : start_count(capacity), error);
    }
    table->capacity = status == NDUP_STATUS_OK ? capacity : table->capacity;
    return status;
}

/* class_hashes comes first: ndup__table_seal frees it alone. */
static void list_class_columns(column to[NDUP__TABLE_CLASS_COLUMNS], ndup__table *table)
{
    const column columns[NDUP__TABLE_CLASS_COLUMNS] = {
        {&table->class_hashes, sizeof *table->class_hashes},
        {&table->class_documents, sizeof *table->class_documents},
        {&table->class_tokens, sizeof *table->class_tokens},
        {&table->rows, table->row_bytes},
    };
    memcpy(to, columns, sizeof columns);
}

static ndup_status resize_classes(ndup__table *table, size_t capacity, ndup_error *error)
{
    column columns[NDUP__TABLE_CLASS_COLUMNS];
    list_class_columns(columns, table);
    ndup_status status = resize_columns(table, columns, table->class_column_capacities,
                                        NDUP__TABLE_CLASS_COLUMNS, capacity, error);
    table->class_capacity = status == NDUP_STATUS_OK ? capacity : table->class_capacity;
    return status;
}

void ndup__table_deinit(ndup__table *table)
{
    const ndup_allocator *allocator = table->allocator;
    if (table->policy == NULL) {
        return;
    }
    ndup__table_seal(table);
    (void)!resize_documents(table, 0, NULL);
    (void)!resize_classes(table, 0, NULL);
    ndup__free(allocator, &table->id_bytes, table->id_capacity, 1);
    ndup__free(allocator, &table->class_order, table->class_count, sizeof *table->class_order);
    ndup__free(allocator, &table->class_ranks, table->class_count, sizeof *table->class_ranks);
    ndup__arena_deinit(&table->strings);
    ndup__sources_deinit(&table->source_names);
    ndup__titles_deinit(&table->titles);
}

static bool may_have_slots(const ndup__table *table, size_t count)
{
    return table->slot_bytes_most == 0 || count * sizeof *table->slots <= table->slot_bytes_most;
}

static void free_slots(ndup__table *table)
{
    ndup__free(table->allocator, &table->slots, table->slot_count, sizeof *table->slots);
    table->slot_count = 0;
}

void ndup__table_seal(ndup__table *table)
{
    ndup__free(table->allocator, &table->class_hashes, table->class_column_capacities[0],
               sizeof *table->class_hashes);
    table->class_column_capacities[0] = 0;
    free_slots(table);
}

static uint64_t slot_value(ndup__hash128 hash, size_t class_number)
{
    return hash.high << 32 | (class_number + 1);
}

static uint32_t class_in(uint64_t slot)
{
    return (uint32_t)slot - 1;
}

/* Where the class is, or would be. The part of the hash in a slot saves looking at the hash of
 * nearly every other class. */
static size_t slot_of(const ndup__table *table, ndup__hash128 hash)
{
    size_t mask = table->slot_count - 1;
    size_t at = ndup__table_slot(table, hash);
    for (; table->slots[at] != 0; at = (at + 1) & mask) {
        if (table->slots[at] >> 32 == (hash.high & UINT32_MAX)) {
            ndup__hash128 other = table->class_hashes[class_in(table->slots[at])];
            if (other.low == hash.low && other.high == hash.high) {
                break;
            }
        }
    }
    return at;
}

/* Twice the slots, or as many as are expected to be needed; without leave for these, none any more.
 */
static ndup_status grow_slots(ndup__table *table, ndup_error *error)
{
    size_t count = table->slot_count == 0 ? 1024 : 2 * table->slot_count;
    if (!may_have_slots(table, count)) {
        table->is_deferred = true;
        free_slots(table);
        return NDUP_STATUS_OK;
    }
    while (3 * count < 4 * expected_of(table, table->class_count, SLOT_TIMES) &&
           may_have_slots(table, 2 * count)) {
        count *= 2;
    }
    uint64_t *old = table->slots;
    size_t old_count = table->slot_count;
    uint64_t *slots = NULL;
    ndup_status status = ndup__resize(table->allocator, &slots, 0, count, sizeof *slots, error);
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    ndup__free(table->allocator, &old, old_count, sizeof *old);
    if (count * sizeof *slots >= LARGE_BYTES) { /* looked up all over, unlike the columns */
        ndup__hint_large(slots, count * sizeof *slots);
    }
    memset(slots, 0, count * sizeof *slots);
    table->slots = slots;
    table->slot_count = count;
    for (size_t i = 0; i < table->class_count; i++) {
        ndup__hash128 hash = table->class_hashes[i];
        table->slots[slot_of(table, hash)] = slot_value(hash, i);
    }
    return NDUP_STATUS_OK;
}

/* Fetches the memory of the next documents or classes, behind `count` of them. */
static void fetch_next(const column *columns, size_t column_count, size_t count, size_t capacity)
{
    size_t fetched = capacity - count < FETCHED_AT_ONCE ? capacity - count : FETCHED_AT_ONCE;
    for (size_t i = 0; i < column_count; i++) {
        char *block;
        memcpy(&block, columns[i].array, sizeof block);
        if (columns[i].bytes > 0) {
            ndup__hint_soon(block + count * columns[i].bytes, fetched * columns[i].bytes);
        }
    }
}

typedef ndup_status resize(ndup__table *table, size_t capacity, ndup_error *error);

/* What is expected is reserved at once, if there is so much address space: memory that is not used
 * is not there yet. */
static ndup_status grow(ndup__table *table, size_t count, size_t capacity, resize *resize_to,
                        ndup_error *error)
{
    size_t expected = expected_of(table, count, COLUMN_TIMES);
    if (expected > grown_capacity(capacity) && resize_to(table, expected, NULL) == NDUP_STATUS_OK) {
        return NDUP_STATUS_OK;
    }
    return resize_to(table, grown_capacity(capacity), error);
}

static ndup_status reserve_class(ndup__table *table, ndup_error *error)
{
    return table->class_count == table->class_capacity
               ? grow(table, table->class_count, table->class_capacity, resize_classes, error)
               : NDUP_STATUS_OK;
}

/* Adds a class, for which there is room. */
static uint32_t add_class(ndup__table *table, size_t document, uint32_t tokens,
                          ndup__hash128 class_hash, const uint8_t *row)
{
    size_t i = table->class_count++;
    if (i % FETCHED_AT_ONCE == 0) {
        column columns[NDUP__TABLE_CLASS_COLUMNS];
        list_class_columns(columns, table);
        fetch_next(columns, NDUP__TABLE_CLASS_COLUMNS, i, table->class_capacity);
    }
    table->class_documents[i] = (uint32_t)document;
    table->class_tokens[i] = tokens;
    table->class_hashes[i] = class_hash;
    if (table->row_bytes > 0) {
        memcpy(table->rows + i * table->row_bytes, row, table->row_bytes);
    }
    return (uint32_t)i;
}

static ndup_status find_class(ndup__table *table, uint32_t *class_number,
                              const ndup__sighting *sighting, const uint8_t *row, ndup_error *error)
{
    ndup_status status = NDUP_STATUS_OK;
    if (!table->is_deferred && 4 * (table->class_count + 1) > 3 * table->slot_count) {
        status = grow_slots(table, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = reserve_class(table, error);
    }
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    if (table->is_deferred) {
        *class_number = add_class(table, table->count, sighting->tokens, sighting->class_hash, row);
        return NDUP_STATUS_OK;
    }
    size_t slot = slot_of(table, sighting->class_hash);
    if (table->slots[slot] == 0) {
        size_t i = add_class(table, table->count, sighting->tokens, sighting->class_hash, row);
        table->slots[slot] = slot_value(sighting->class_hash, i);
    }
    *class_number = class_in(table->slots[slot]);
    return NDUP_STATUS_OK;
}

static ndup_status copy_values(ndup__table *table, const ndup__keep_value *values,
                               ndup_error *error)
{
    ndup_status status = NDUP_STATUS_OK;
    unsigned count = table->policy->count;
    for (unsigned i = 0; table->keep_values != NULL && i < count && status == NDUP_STATUS_OK; i++) {
        ndup__keep_value *value = &table->keep_values[table->count * count + i];
        *value = values[i];
        if (value->bytes != NULL) {
            char *copy;
            status = ndup__arena_copy(&table->strings, &copy, value->bytes, value->length, error);
            value->bytes = copy;
        }
    }
    return status;
}

static ndup_status copy_id(ndup__table *table, ndup_text id, ndup_error *error)
{
    ndup_status status = ndup__reserve(table->allocator, &table->id_bytes, &table->id_capacity,
                                       table->id_length + id.length + 1, 1, error);
    if (status == NDUP_STATUS_OK) {
        if (table->id_length + id.length > table->id_fetched) {
            table->id_fetched = table->id_length + id.length + ID_BYTES_FETCHED;
            if (table->id_fetched > table->id_capacity) {
                table->id_fetched = table->id_capacity;
            }
            ndup__hint_soon(table->id_bytes + table->id_length,
                            table->id_fetched - table->id_length);
        }
        if (table->count % IDS_PER_START == 0) {
            table->id_starts[table->count / IDS_PER_START] = table->id_length;
        }
        table->id_lengths[table->count] = (uint16_t)id.length;
        if (id.length > 0) {
            memcpy(table->id_bytes + table->id_length, id.bytes, id.length);
        }
        table->id_length += id.length;
    }
    return status;
}

ndup_status ndup__table_add(ndup__table *table, const ndup__sighting *sighting, const uint8_t *row,
                            const ndup__keep_value *values, ndup_error *error)
{
    ndup_status status = NDUP_STATUS_OK;
    if (table->count >= NDUP__NO_CLASS - 1) {
        return ndup__fail(error, NDUP_STATUS_LIMIT, "more than %zu documents", table->count);
    }
    if (table->count == table->capacity) {
        status = grow(table, table->count, table->capacity, resize_documents, error);
    }
    if (status == NDUP_STATUS_OK && table->count % FETCHED_AT_ONCE == 0) {
        column columns[NDUP__TABLE_COLUMNS - 1];
        list_document_columns(columns, table);
        fetch_next(columns, NDUP__TABLE_COLUMNS - 1, table->count, table->capacity);
    }
    uint32_t class_number = 0;
    if (status == NDUP_STATUS_OK) {
        status = find_class(table, &class_number, sighting, row, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = copy_values(table, values, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = copy_id(table, sighting->id, error);
    }
    if (status == NDUP_STATUS_OK && table->keeps_titles) {
        status = ndup__titles_add(&table->titles, sighting->title, error);
    }
    if (status == NDUP_STATUS_OK) {
        size_t i = table->count++;
        table->places[i] = sighting->place;
        table->lengths[i] = sighting->length;
        table->classes[i] = class_number;
        table->text_hashes[i] = sighting->text_hash;
        table->text_lengths[i] = sighting->text_length;
        table->sources[i] = sighting->source;
        table->flags[i] = (uint8_t)((unsigned)sighting->reading << NDUP__FLAG_READING_SHIFT |
                                    (sighting->is_protected ? NDUP__FLAG_PROTECTED : 0));
        table->has_protected |= sighting->is_protected;
    }
    return status;
}

ndup_status ndup__table_part(ndup__table *table, size_t document, ndup_error *error)
{
    ndup_status status = NDUP_STATUS_OK;
    if (table->class_hashes == NULL) { /* sealed: nobody asks for hashes any more */
        status = ndup__allocate_zeroed(table->allocator, &table->class_hashes,
                                       table->class_capacity, sizeof *table->class_hashes, error);
        table->class_column_capacities[0] = status == NDUP_STATUS_OK ? table->class_capacity : 0;
    }
    if (status == NDUP_STATUS_OK) {
        status = reserve_class(table, error);
    }
    if (status == NDUP_STATUS_OK) {
        uint32_t from = table->classes[document];
        table->classes[document] =
            add_class(table, document, table->class_tokens[from], table->class_hashes[from],
                      table->rows + from * table->row_bytes);
    }
    return status;
}

ndup_status ndup__table_cut_classes(ndup__table *table, size_t count, ndup_error *error)
{
    table->class_count = count;
    return resize_classes(table, count, error);
}

ndup_text ndup__table_id(const ndup__table *table, size_t document)
{
    size_t first = document / IDS_PER_START * IDS_PER_START;
    uint64_t start = table->id_starts[document / IDS_PER_START];
    for (size_t i = first; i < document; i++) {
        start += table->id_lengths[i];
    }
    return (ndup_text){table->id_bytes + start, table->id_lengths[document]};
}
