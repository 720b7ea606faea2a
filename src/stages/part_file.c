/* SPDX-License-Identifier: MIT */
/* Opening a part and appending its documents to a table. */
#include "stages/part_file.h"

#include <string.h>

#include "base/alloc.h"
#include "base/error.h"

#define FILE_FACTS 4
#define FILE_NAMES 5
/* Greater counts would not fit a table. */
#define DOCUMENTS_MOST (UINT32_MAX - 2)
#define ROW_BYTES_MOST (1u << 16)
#define FILES_MOST ((uint64_t)1 << (64 - NDUP__PLACE_OFFSET_BITS))
#define READING_MOST NDUP_READING_DAMAGED

static ndup_status read_counts(ndup__part *part, ndup_error *error)
{
    const ndup__part_counts *counts;
    ndup_status status =
        ndup__section_items(&counts, 1, sizeof *counts, &part->file, "counts", error);
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    part->counts = *counts;
    bool has_sense = counts->documents <= DOCUMENTS_MOST && counts->classes <= counts->documents &&
                     counts->sources <= counts->documents && counts->row_bytes <= ROW_BYTES_MOST &&
                     counts->keep_values <= NDUP__KEEP_ELEMENTS && counts->has_titles <= 1 &&
                     counts->shard < counts->shards && counts->shards <= UINT32_MAX &&
                     counts->first_file < FILES_MOST &&
                     counts->files <= FILES_MOST - counts->first_file;
    return has_sense
               ? NDUP_STATUS_OK
               : ndup__section_fail(&part->file, "counts", "has numbers without sense", error);
}

/* Bytes whose number the counts do not tell. */
static ndup_status read_bytes(const char **bytes, uint64_t *length, ndup__part *part,
                              const char *name, ndup_error *error)
{
    const void *block;
    ndup_status status = ndup__section_get(&block, length, &part->file, name, error);
    *bytes = status == NDUP_STATUS_OK ? block : NULL;
    return status;
}

static ndup_status map_columns(ndup__part *part, ndup_error *error)
{
    const ndup__part_counts *counts = &part->counts;
    size_t documents = (size_t)counts->documents;
    size_t values = documents * (size_t)counts->keep_values;
    size_t titles = counts->has_titles != 0 ? documents : 0;
    size_t classes = (size_t)counts->classes;
    const struct {
        const char *name;
        void *items;
        size_t count;
        size_t bytes;
    } columns[] = {
        {"places", &part->places, documents, sizeof *part->places},
        {"lengths", &part->lengths, documents, sizeof *part->lengths},
        {"classes", &part->classes, documents, sizeof *part->classes},
        {"text-hashes", &part->text_hashes, documents, sizeof *part->text_hashes},
        {"text-lengths", &part->text_lengths, documents, sizeof *part->text_lengths},
        {"sources", &part->sources, documents, sizeof *part->sources},
        {"flags", &part->flags, documents, sizeof *part->flags},
        {"id-lengths", &part->id_lengths, documents, sizeof *part->id_lengths},
        {"keep-numbers", &part->keep_numbers, values, sizeof *part->keep_numbers},
        {"keep-lengths", &part->keep_lengths, values, sizeof *part->keep_lengths},
        {"title-lengths", &part->title_lengths, titles, sizeof *part->title_lengths},
        {"source-lengths", &part->source_lengths, (size_t)counts->sources,
         sizeof *part->source_lengths},
        {"class-tokens", &part->class_tokens, classes, sizeof *part->class_tokens},
        {"class-hashes", &part->class_hashes, classes, sizeof *part->class_hashes},
        {"rows", &part->rows, classes, (size_t)counts->row_bytes},
        {"files", &part->file_facts, (size_t)counts->files, FILE_FACTS * sizeof(uint64_t)},
    };
    ndup_status status = NDUP_STATUS_OK;
    for (size_t i = 0; i < sizeof columns / sizeof columns[0] && status == NDUP_STATUS_OK; i++) {
        status = ndup__section_items(columns[i].items, columns[i].count, columns[i].bytes,
                                     &part->file, columns[i].name, error);
    }
    return status;
}

/* Whether strings of these lengths fill so many bytes. */
static ndup_status check_sum(const ndup__part *part, const char *name, uint64_t sum,
                             uint64_t length, ndup_error *error)
{
    return sum == length ? NDUP_STATUS_OK
                         : ndup__section_fail(&part->file, name,
                                              "has another length than its strings", error);
}

static ndup_status map_strings(ndup__part *part, ndup_error *error)
{
    const ndup__part_counts *counts = &part->counts;
    uint64_t length, sum = 0;
    ndup_status status = read_bytes(&part->id_bytes, &length, part, "id-bytes", error);
    for (size_t i = 0; status == NDUP_STATUS_OK && i < counts->documents; i++) {
        sum += part->id_lengths[i];
    }
    if (status == NDUP_STATUS_OK) {
        status = check_sum(part, "id-bytes", sum, length, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = read_bytes(&part->title_bytes, &length, part, "title-bytes", error);
    }
    sum = 0;
    for (size_t i = 0; status == NDUP_STATUS_OK && counts->has_titles != 0 && i < counts->documents;
         i++) {
        sum += part->title_lengths[i];
    }
    return status == NDUP_STATUS_OK ? check_sum(part, "title-bytes", sum, length, error) : status;
}

static ndup_status map_more_strings(ndup__part *part, ndup_error *error)
{
    const ndup__part_counts *counts = &part->counts;
    uint64_t length, sum = 0;
    ndup_status status = read_bytes(&part->source_bytes, &length, part, "source-bytes", error);
    for (size_t i = 0; status == NDUP_STATUS_OK && i < counts->sources; i++) {
        sum += part->source_lengths[i];
    }
    if (status == NDUP_STATUS_OK) {
        status = check_sum(part, "source-bytes", sum, length, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = read_bytes(&part->keep_bytes, &length, part, "keep-bytes", error);
    }
    sum = 0;
    for (size_t i = 0; status == NDUP_STATUS_OK && i < counts->documents * counts->keep_values;
         i++) {
        sum += part->keep_lengths[i] > 0 ? part->keep_lengths[i] - 1 : 0;
    }
    return status == NDUP_STATUS_OK ? check_sum(part, "keep-bytes", sum, length, error) : status;
}

static ndup_status map_names(ndup__part *part, ndup_error *error)
{
    ndup_status status =
        read_bytes(&part->settings.bytes, &part->file_name_bytes, part, "settings", error);
    part->settings.length = (size_t)part->file_name_bytes;
    if (status == NDUP_STATUS_OK) {
        status = read_bytes(&part->file_names, &part->file_name_bytes, part, "file-names", error);
    }
    uint64_t zeros = 0;
    for (uint64_t i = 0; status == NDUP_STATUS_OK && i < part->file_name_bytes; i++) {
        zeros += part->file_names[i] == '\0';
    }
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    bool ends = part->file_name_bytes == 0 || part->file_names[part->file_name_bytes - 1] == '\0';
    return zeros != part->counts.files * FILE_NAMES || !ends
               ? ndup__section_fail(&part->file, "file-names", "has other names than five a file",
                                    error)
               : status;
}

static ndup_status map_inputs(ndup__part *part, ndup_error *error)
{
    ndup_status status = read_bytes(&part->input_names, &part->input_bytes, part, "inputs", error);
    bool ends = part->input_bytes == 0 || part->input_names == NULL ||
                part->input_names[part->input_bytes - 1] == '\0';
    return status == NDUP_STATUS_OK && !ends
               ? ndup__section_fail(&part->file, "inputs", "a name that does not end", error)
               : status;
}

/* Numbers of other columns that documents have. Classes are numbered as they are met. */
static ndup_status check_documents(const ndup__part *part, ndup_error *error)
{
    const ndup__part_counts *counts = &part->counts;
    uint64_t classes = 0;
    const char *wrong = NULL;
    for (size_t i = 0; i < counts->documents && wrong == NULL; i++) {
        classes += part->classes[i] == classes;
        wrong = part->classes[i] >= classes                                 ? "classes"
                : part->sources[i] >= counts->sources                       ? "sources"
                : part->flags[i] >> NDUP__FLAG_READING_SHIFT > READING_MOST ? "flags"
                : counts->files > 0 && NDUP__PLACE_FILE(part->places[i]) >= counts->files ? "places"
                                                                                          : NULL;
    }
    wrong = wrong == NULL && classes != counts->classes ? "classes" : wrong;
    return wrong == NULL
               ? NDUP_STATUS_OK
               : ndup__section_fail(&part->file, wrong, "has numbers of what is not there", error);
}

ndup_status ndup__part_open(ndup__part *part, const char *path, const ndup_allocator *allocator,
                            ndup_error *error)
{
    *part = (ndup__part){.counts = {0}};
    if (strlen(path) >= sizeof part->path) {
        return ndup__fail(error, NDUP_STATUS_INVALID, "a path of %zu bytes", strlen(path));
    }
    memcpy(part->path, path, strlen(path) + 1);
    ndup_status status =
        ndup__section_file_open(&part->file, path, &ndup__part_kind, allocator, error);
    if (status == NDUP_STATUS_OK) {
        status = read_counts(part, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = map_columns(part, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = map_strings(part, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = map_more_strings(part, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = map_names(part, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = map_inputs(part, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = check_documents(part, error);
    }
    if (status != NDUP_STATUS_OK) {
        ndup__part_close(part);
    }
    return status;
}

void ndup__part_close(ndup__part *part)
{
    ndup__section_file_close(&part->file);
}

static const char *next_name(ndup__part_walk *walk)
{
    const char *name = walk->name;
    walk->name += strlen(name) + 1;
    return name;
}

bool ndup__part_next_file(ndup__known_file *known, ndup__part_walk *walk, const ndup__part *part)
{
    if (walk->file >= part->counts.files) {
        return false;
    }
    const uint64_t *facts = part->file_facts + walk->file * FILE_FACTS;
    walk->name = walk->file == 0 ? part->file_names : walk->name;
    *known = (ndup__known_file){.size = facts[0],
                                .modified_ns = (int64_t)facts[1],
                                .ends_hash = facts[2],
                                .flags = (uint32_t)facts[3]};
    known->path = next_name(walk);
    known->relative = next_name(walk);
    known->id = next_name(walk);
    known->folder = next_name(walk);
    known->format = next_name(walk);
    walk->file++;
    return true;
}

/* A source of the part: where its name begins, and its row in the table, once a document that is
 * wanted has it. */
typedef struct source_place {
    uint64_t start;
    uint32_t row;
    bool is_found;
} source_place;

/* A part on its way into a table: where its strings are. */
typedef struct append_walk {
    const ndup__part *part;
    const ndup__part_choice *choice;
    source_place *sources; /* [counts.sources] */
    uint64_t id_at;
    uint64_t title_at;
    uint64_t keep_at;
    ndup__keep_value values[NDUP__KEEP_ELEMENTS];
} append_walk;

static ndup_text text_at(const char *bytes, uint64_t at, size_t length)
{
    return length > 0 ? (ndup_text){bytes + at, length} : (ndup_text){NULL, 0};
}

static ndup_status list_sources(append_walk *walk, const ndup_allocator *allocator,
                                ndup_error *error)
{
    const ndup__part *part = walk->part;
    uint64_t at = 0;
    ndup_status status = ndup__resize(allocator, &walk->sources, 0, (size_t)part->counts.sources,
                                      sizeof *walk->sources, error);
    for (size_t i = 0; i < part->counts.sources && status == NDUP_STATUS_OK; i++) {
        walk->sources[i] = (source_place){.start = at};
        at += part->source_lengths[i];
    }
    return status;
}

/* The rows of sources are made in the order of documents that have them. */
static ndup_status find_source(uint32_t *row, append_walk *walk, ndup__table *table,
                               uint32_t number, ndup_error *error)
{
    const ndup__part *part = walk->part;
    source_place *source = &walk->sources[number];
    ndup_status status = NDUP_STATUS_OK;
    if (!source->is_found) {
        ndup_text name = text_at(part->source_bytes, source->start, part->source_lengths[number]);
        status = ndup__sources_find(&source->row, &table->source_names, name, error);
        source->is_found = status == NDUP_STATUS_OK;
    }
    *row = source->row;
    return status;
}

static bool is_wanted(const ndup__part_choice *choice, size_t document)
{
    uint64_t number = choice->first_number + document;
    return choice->wanted == NULL || (choice->wanted[number / 8] >> (number % 8) & 1) != 0;
}

/* The document's keep values; passes their strings. */
static void take_values(append_walk *walk, size_t document)
{
    const ndup__part *part = walk->part;
    size_t count = (size_t)part->counts.keep_values;
    for (size_t i = 0; i < count; i++) {
        uint32_t length = part->keep_lengths[document * count + i];
        ndup__keep_value *value = &walk->values[i];
        *value = (ndup__keep_value){.number = part->keep_numbers[document * count + i]};
        if (length > 0) {
            value->bytes = length > 1 ? part->keep_bytes + walk->keep_at : "";
            value->length = length - 1;
            walk->keep_at += length - 1;
        }
    }
}

static ndup__place place_of(const append_walk *walk, size_t document)
{
    const ndup__part *part = walk->part;
    ndup__place place = part->places[document];
    const uint32_t *files = walk->choice->files;
    if (files == NULL || part->counts.files == 0) {
        return place + (part->counts.first_file << NDUP__PLACE_OFFSET_BITS);
    }
    return (ndup__place)files[NDUP__PLACE_FILE(place)] << NDUP__PLACE_OFFSET_BITS |
           NDUP__PLACE_OFFSET(place);
}

static ndup_status append(append_walk *walk, ndup__table *table, size_t i, ndup_error *error)
{
    const ndup__part *part = walk->part;
    uint32_t class_number = part->classes[i];
    ndup__sighting sighting = {
        .place = place_of(walk, i),
        .length = part->lengths[i],
        .tokens = part->class_tokens[class_number],
        .text_length = part->text_lengths[i],
        .is_protected = (part->flags[i] & NDUP__FLAG_PROTECTED) != 0,
        .reading = (ndup_reading)(part->flags[i] >> NDUP__FLAG_READING_SHIFT),
        .text_hash = part->text_hashes[i],
        .class_hash = part->class_hashes[class_number],
        .id = text_at(part->id_bytes, walk->id_at, part->id_lengths[i]),
    };
    if (part->counts.has_titles != 0) {
        sighting.title = text_at(part->title_bytes, walk->title_at, part->title_lengths[i]);
    }
    ndup_status status = find_source(&sighting.source, walk, table, part->sources[i], error);
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    ndup__keep_set_number(walk->values, table->policy, walk->choice->first_number + i);
    return ndup__table_add(table, &sighting,
                           part->rows + (size_t)class_number * part->counts.row_bytes, walk->values,
                           error);
}

static ndup_status check_table(const ndup__table *table, const ndup__part *part, ndup_error *error)
{
    size_t values = table->policy->input_order ? 0 : table->policy->count;
    return table->row_bytes == part->counts.row_bytes && values == part->counts.keep_values
               ? NDUP_STATUS_OK
               : ndup__fail(error, NDUP_STATUS_INVALID,
                            "%s: made with another sketch or keep policy", part->file.shown);
}

ndup_status ndup__part_append(ndup__table *table, const ndup__part *part,
                              const ndup__part_choice *choice, ndup_error *error)
{
    append_walk walk = {.part = part, .choice = choice};
    ndup_status status = check_table(table, part, error);
    if (status == NDUP_STATUS_OK) {
        status = list_sources(&walk, table->allocator, error);
    }
    for (size_t i = 0; i < part->counts.documents && status == NDUP_STATUS_OK; i++) {
        take_values(&walk, i);
        if (is_wanted(choice, i)) {
            status = append(&walk, table, i, error);
        }
        walk.id_at += part->id_lengths[i];
        walk.title_at += part->counts.has_titles != 0 ? part->title_lengths[i] : 0;
    }
    ndup__free(table->allocator, &walk.sources, (size_t)part->counts.sources, sizeof *walk.sources);
    return status;
}
