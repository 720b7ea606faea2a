/* SPDX-License-Identifier: MIT */
/* Columns of a table are written as they stand; classes, sources and files are numbered anew, as
 * far as the documents have them. */
#include <string.h>

#include "base/alloc.h"
#include "stages/part_file.h"

const ndup__section_kind ndup__part_kind = {
    .magic = "ndupPART", .version = 1, .noun = "a part of a corpus (of `neardup sketch`)"};

#define NONE UINT32_MAX
/* Items of a column that is put together in memory. */
#define AT_ONCE 4096

/* Numbers given anew, in the order in which they are first met. */
typedef struct renumbering {
    uint32_t *numbers; /* [before] new number, or NONE */
    uint32_t *old;     /* [count] */
    size_t before;
    size_t count;
} renumbering;

typedef struct part_job {
    const ndup__part_source *source;
    const ndup_allocator *allocator;
    ndup__section_writer writer;
    renumbering classes;
    renumbering sources;
    uint32_t first_file;
    uint32_t file_count;
} part_job;

static ndup_status renumber(renumbering *to, const uint32_t *column, const ndup__part_source *from,
                            size_t before, const ndup_allocator *allocator, ndup_error *error)
{
    size_t most = from->to - from->from < before ? from->to - from->from : before;
    to->before = before;
    ndup_status status =
        ndup__resize(allocator, &to->numbers, 0, before, sizeof *to->numbers, error);
    if (status == NDUP_STATUS_OK) {
        status = ndup__resize(allocator, &to->old, 0, before, sizeof *to->old, error);
    }
    if (status == NDUP_STATUS_OK && before > 0) {
        memset(to->numbers, 0xFF, before * sizeof *to->numbers);
    }
    for (size_t i = from->from; i < from->to && status == NDUP_STATUS_OK; i++) {
        if (to->numbers[column[i]] == NONE && to->count < most) {
            to->old[to->count] = column[i];
            to->numbers[column[i]] = (uint32_t)to->count++;
        }
    }
    return status;
}

static void free_numbers(renumbering *self, const ndup_allocator *allocator)
{
    ndup__free(allocator, &self->numbers, self->before, sizeof *self->numbers);
    ndup__free(allocator, &self->old, self->before, sizeof *self->old);
}

/* A section of a column's items [from, to). */
static ndup_status put_column(part_job *job, const char *name, const void *column, size_t bytes,
                              ndup_error *error)
{
    const ndup__part_source *source = job->source;
    size_t count = source->to - source->from;
    const char *begin = count > 0 ? (const char *)column + source->from * bytes : NULL;
    return ndup__section_put(&job->writer, name, begin, count * bytes, error);
}

/* A section of new numbers in place of a column's. */
static ndup_status put_numbers(part_job *job, const char *name, const uint32_t *column,
                               const renumbering *numbers, ndup_error *error)
{
    uint32_t items[AT_ONCE];
    const ndup__part_source *source = job->source;
    ndup_status status = ndup__section_begin(&job->writer, name, error);
    for (size_t at = source->from; at < source->to && status == NDUP_STATUS_OK;) {
        size_t count = source->to - at < AT_ONCE ? source->to - at : AT_ONCE;
        for (size_t i = 0; i < count; i++) {
            items[i] = numbers->numbers[column[at + i]];
        }
        status = ndup__section_add(&job->writer, items, count * sizeof *items, error);
        at += count;
    }
    return status;
}

/* A section of a column over classes, those that are used. */
static ndup_status put_classes(part_job *job, const char *name, const void *column, size_t bytes,
                               ndup_error *error)
{
    ndup_status status = ndup__section_begin(&job->writer, name, error);
    for (size_t i = 0; i < job->classes.count && status == NDUP_STATUS_OK; i++) {
        status = ndup__section_add(&job->writer, (const char *)column + job->classes.old[i] * bytes,
                                   bytes, error);
    }
    return status;
}

static ndup_status put_places(part_job *job, ndup_error *error)
{
    uint64_t items[AT_ONCE];
    const ndup__part_source *source = job->source;
    uint64_t less = (uint64_t)job->first_file << NDUP__PLACE_OFFSET_BITS;
    ndup_status status = ndup__section_begin(&job->writer, "places", error);
    for (size_t at = source->from; at < source->to && status == NDUP_STATUS_OK;) {
        size_t count = source->to - at < AT_ONCE ? source->to - at : AT_ONCE;
        for (size_t i = 0; i < count; i++) {
            items[i] = source->table->places[at + i] - less;
        }
        status = ndup__section_add(&job->writer, items, count * sizeof *items, error);
        at += count;
    }
    return status;
}

static ndup_status put_ids(part_job *job, ndup_error *error)
{
    const ndup__part_source *source = job->source;
    const ndup__table *table = source->table;
    size_t bytes = 0;
    const char *begin = NULL;
    if (source->to > source->from) {
        ndup_text first = ndup__table_id(table, source->from);
        ndup_text last = ndup__table_id(table, source->to - 1);
        begin = first.bytes;
        bytes = (size_t)(last.bytes + last.length - first.bytes);
    }
    return ndup__section_put(&job->writer, "id-bytes", begin, bytes, error);
}

/* How many keep values a document has. */
static size_t value_count(const ndup__table *table)
{
    return table->policy->input_order ? 0 : table->policy->count;
}

/* The strings' lengths, or the strings. */
static ndup_status put_strings(part_job *job, bool lengths, ndup_error *error)
{
    const ndup__part_source *source = job->source;
    const ndup__table *table = source->table;
    size_t values = value_count(table);
    ndup_status status =
        ndup__section_begin(&job->writer, lengths ? "keep-lengths" : "keep-bytes", error);
    for (size_t i = source->from * values; i < source->to * values && status == NDUP_STATUS_OK;
         i++) {
        const ndup__keep_value *value = &table->keep_values[i];
        uint32_t length = value->bytes != NULL ? value->length + 1 : 0;
        status = lengths ? ndup__section_add(&job->writer, &length, sizeof length, error)
                         : ndup__section_add(&job->writer, value->bytes,
                                             length > 0 ? length - 1 : 0, error);
    }
    return status;
}

static ndup_status put_keep_values(part_job *job, ndup_error *error)
{
    const ndup__part_source *source = job->source;
    size_t values = value_count(source->table);
    ndup_status status = ndup__section_begin(&job->writer, "keep-numbers", error);
    for (size_t i = source->from * values; i < source->to * values && status == NDUP_STATUS_OK;
         i++) {
        uint64_t number = source->table->keep_values[i].number;
        status = ndup__section_add(&job->writer, &number, sizeof number, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = put_strings(job, true, error);
    }
    return status == NDUP_STATUS_OK ? put_strings(job, false, error) : status;
}

static ndup_status put_titles(part_job *job, bool lengths, ndup_error *error)
{
    const ndup__part_source *source = job->source;
    bool has_titles = source->table->keeps_titles;
    ndup_status status =
        ndup__section_begin(&job->writer, lengths ? "title-lengths" : "title-bytes", error);
    for (size_t i = source->from; has_titles && i < source->to && status == NDUP_STATUS_OK; i++) {
        ndup_text title = ndup__titles_get(&source->table->titles, i);
        uint8_t length = (uint8_t)title.length;
        status = lengths ? ndup__section_add(&job->writer, &length, sizeof length, error)
                         : ndup__section_add(&job->writer, title.bytes, title.length, error);
    }
    return status;
}

static ndup_status put_sources(part_job *job, bool lengths, ndup_error *error)
{
    const ndup__sources *names = &job->source->table->source_names;
    ndup_status status =
        ndup__section_begin(&job->writer, lengths ? "source-lengths" : "source-bytes", error);
    for (size_t i = 0; i < job->sources.count && status == NDUP_STATUS_OK; i++) {
        ndup_text name = names->rows[job->sources.old[i]].name;
        uint16_t length = (uint16_t)name.length;
        status = lengths ? ndup__section_add(&job->writer, &length, sizeof length, error)
                         : ndup__section_add(&job->writer, name.bytes, name.length, error);
    }
    return status;
}

/* Files from the lowest to the highest that a document stands in. */
static void choose_files(part_job *job)
{
    const ndup__part_source *source = job->source;
    uint32_t last = 0;
    if (source->corpus == NULL || source->to == source->from) {
        return;
    }
    job->first_file = UINT32_MAX;
    for (size_t i = source->from; i < source->to; i++) {
        uint32_t file = NDUP__PLACE_FILE(source->table->places[i]);
        job->first_file = file < job->first_file ? file : job->first_file;
        last = file > last ? file : last;
    }
    job->file_count = last - job->first_file + 1;
}

static ndup_status put_file_facts(part_job *job, ndup_error *error)
{
    ndup_status status = ndup__section_begin(&job->writer, "files", error);
    for (uint32_t i = 0; i < job->file_count && status == NDUP_STATUS_OK; i++) {
        ndup__known_file known;
        status = ndup__known_file_of(&known, job->source->corpus, job->first_file + i, error);
        if (status == NDUP_STATUS_OK) {
            const uint64_t facts[] = {known.size, (uint64_t)known.modified_ns, known.ends_hash,
                                      known.flags};
            status = ndup__section_add(&job->writer, facts, sizeof facts, error);
        }
    }
    return status;
}

/* Five strings a file, each with the zero behind it. */
static ndup_status put_file_names(part_job *job, ndup_error *error)
{
    ndup_status status = ndup__section_begin(&job->writer, "file-names", error);
    for (uint32_t i = 0; i < job->file_count && status == NDUP_STATUS_OK; i++) {
        ndup__known_file known;
        ndup__known_file_names(&known, job->source->corpus, job->first_file + i);
        const char *const names[] = {known.path, known.relative, known.id, known.folder,
                                     known.format};
        for (size_t k = 0; k < sizeof names / sizeof names[0] && status == NDUP_STATUS_OK; k++) {
            status = ndup__section_add(&job->writer, names[k], strlen(names[k]) + 1, error);
        }
    }
    return status;
}

/* The inputs as they were given, each with the zero behind it. */
static ndup_status put_inputs(part_job *job, ndup_error *error)
{
    const char *const *inputs = NULL;
    const ndup_corpus *corpus = job->source->corpus;
    size_t count = corpus != NULL ? ndup__corpus_inputs(corpus, &inputs) : 0;
    ndup_status status = ndup__section_begin(&job->writer, "inputs", error);
    for (size_t i = 0; i < count && status == NDUP_STATUS_OK; i++) {
        status = ndup__section_add(&job->writer, inputs[i], strlen(inputs[i]) + 1, error);
    }
    return status;
}

static ndup_status put_counts(part_job *job, ndup_error *error)
{
    const ndup__part_source *source = job->source;
    const ndup__part_counts counts = {
        .documents = source->to - source->from,
        .classes = job->classes.count,
        .sources = job->sources.count,
        .files = job->file_count,
        .row_bytes = source->table->row_bytes,
        .keep_values = value_count(source->table),
        .has_titles = source->table->keeps_titles,
        .shard = source->shard,
        .shards = source->shards > 0 ? source->shards : 1,
        .first_file = job->first_file,
        .skipped = source->skipped,
        .repaired = source->repaired,
    };
    return ndup__section_put(&job->writer, "counts", &counts, sizeof counts, error);
}

static ndup_status put_documents(part_job *job, ndup_error *error)
{
    const ndup__table *table = job->source->table;
    const struct {
        const char *name;
        const void *column;
        size_t bytes;
    } columns[] = {
        {"lengths", table->lengths, sizeof *table->lengths},
        {"text-hashes", table->text_hashes, sizeof *table->text_hashes},
        {"text-lengths", table->text_lengths, sizeof *table->text_lengths},
        {"flags", table->flags, sizeof *table->flags},
        {"id-lengths", table->id_lengths, sizeof *table->id_lengths},
    };
    ndup_status status = put_places(job, error);
    for (size_t i = 0; i < sizeof columns / sizeof columns[0] && status == NDUP_STATUS_OK; i++) {
        status = put_column(job, columns[i].name, columns[i].column, columns[i].bytes, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = put_ids(job, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = put_numbers(job, "classes", table->classes, &job->classes, error);
    }
    return status == NDUP_STATUS_OK
               ? put_numbers(job, "sources", table->sources, &job->sources, error)
               : status;
}

static ndup_status put_texts(part_job *job, ndup_error *error)
{
    ndup_status status = put_keep_values(job, error);
    if (status == NDUP_STATUS_OK) {
        status = put_titles(job, true, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = put_titles(job, false, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = put_sources(job, true, error);
    }
    return status == NDUP_STATUS_OK ? put_sources(job, false, error) : status;
}

static ndup_status put_classes_and_files(part_job *job, ndup_error *error)
{
    const ndup__table *table = job->source->table;
    ndup_status status =
        put_classes(job, "class-tokens", table->class_tokens, sizeof *table->class_tokens, error);
    if (status == NDUP_STATUS_OK) {
        status = put_classes(job, "class-hashes", table->class_hashes, sizeof *table->class_hashes,
                             error);
    }
    if (status == NDUP_STATUS_OK) {
        status = put_classes(job, "rows", table->rows, table->row_bytes, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = put_file_facts(job, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = put_file_names(job, error);
    }
    return status == NDUP_STATUS_OK ? put_inputs(job, error) : status;
}

static ndup_status write_all(part_job *job, ndup_error *error)
{
    ndup_status status = put_counts(job, error);
    if (status == NDUP_STATUS_OK) {
        status = ndup__section_put(&job->writer, "settings", job->source->settings.bytes,
                                   job->source->settings.length, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = put_documents(job, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = put_texts(job, error);
    }
    return status == NDUP_STATUS_OK ? put_classes_and_files(job, error) : status;
}

static ndup_status renumber_all(part_job *job, ndup_error *error)
{
    const ndup__table *table = job->source->table;
    ndup_status status = renumber(&job->classes, table->classes, job->source, table->class_count,
                                  job->allocator, error);
    return status == NDUP_STATUS_OK ? renumber(&job->sources, table->sources, job->source,
                                               table->source_names.count, job->allocator, error)
                                    : status;
}

ndup_status ndup__part_write(const char *path, const ndup__part_source *source, ndup_error *error)
{
    part_job job = {.source = source, .allocator = source->table->allocator};
    choose_files(&job);
    ndup_status status = renumber_all(&job, error);
    if (status == NDUP_STATUS_OK) {
        status =
            ndup__section_writer_open(&job.writer, path, &ndup__part_kind, job.allocator, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = write_all(&job, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = ndup__section_writer_commit(&job.writer, error);
    }
    ndup__section_writer_end(&job.writer);
    free_numbers(&job.classes, job.allocator);
    free_numbers(&job.sources, job.allocator);
    return status;
}
