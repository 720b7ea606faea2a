/* SPDX-License-Identifier: MIT */
/* Sources are ranked; in a table those that gave most have a column each. */
#include "report/source_table.h"

#include <string.h>

#include "base/alloc.h"
#include "report/csv_out.h"
#include "report/json_out.h"
#include "report/source_matrix.h"

/* Columns of a table that name a giver; the rest is counted in one more. */
#define COLUMNS_MAX 50

typedef struct source_table {
    ndup__out *out;
    const ndup__sources *sources;
    const ndup__source_pairs *pairs;
    const ndup__source_names *names;
    const uint32_t *order;
    uint32_t columns[COLUMNS_MAX];
    size_t column_count;
    bool has_others;
} source_table;

static uint64_t tokens_of(const ndup__source_pair *pairs, size_t count)
{
    uint64_t sum = 0;
    for (size_t i = 0; i < count; i++) {
        sum += pairs[i].tokens;
    }
    return sum;
}

static void write_object(const source_table *table, uint32_t row)
{
    ndup__out *out = table->out;
    const ndup__source_names *names = table->names;
    const ndup__source_counts *counts = &table->sources->rows[row];
    size_t count;
    const ndup__source_pair *pairs = ndup__source_pairs_of(&count, table->pairs, row);
    ndup__json_open(out, NULL, '{');
    ndup__json_string(out, "source", counts->name);
    ndup__json_count(out, "documents", counts->documents);
    ndup__json_count(out, names->kept, counts->documents - counts->dropped);
    ndup__json_count(out, names->dropped, counts->dropped);
    ndup__json_count(out, names->repeated, counts->repeated);
    if (names->has_tokens) {
        ndup__json_count(out, "tokens", tokens_of(pairs, count));
    }
    ndup__json_open(out, names->pairs, '[');
    for (size_t i = 0; i < count; i++) {
        ndup__json_open(out, NULL, '{');
        ndup__json_string(out, "source", table->sources->rows[pairs[i].giver].name);
        ndup__json_count(out, "documents", pairs[i].documents);
        if (names->has_tokens) {
            ndup__json_count(out, "tokens", pairs[i].tokens);
        }
        ndup__json_close(out, '}');
    }
    ndup__json_close(out, ']');
    ndup__json_close(out, '}');
    ndup__json_end_line(out);
}

/* The sources that gave something, in the order of the rows, become columns. */
static void choose_columns(source_table *table)
{
    for (size_t i = 0; i < table->sources->count; i++) {
        uint32_t row = table->order[i];
        if (table->sources->rows[row].repeated == 0) {
            continue;
        }
        if (table->column_count == COLUMNS_MAX) {
            table->has_others = true;
            break;
        }
        table->columns[table->column_count++] = row;
    }
}

/* The heads of the columns of givers, behind a word and a colon. */
static void write_givers(const source_table *table, const char *word)
{
    for (size_t i = 0; i < table->column_count; i++) {
        char name[300];
        size_t used = strlen(word);
        ndup_text source = table->sources->rows[table->columns[i]].name;
        memcpy(name, word, used);
        name[used++] = ':';
        size_t length = ndup__cut_at_character(source, sizeof name - used);
        if (length > 0) {
            memcpy(name + used, source.bytes, length);
        }
        ndup__csv_text(table->out, (ndup_text){name, used + length});
    }
    if (table->has_others) {
        char name[100];
        size_t used = strlen(word);
        memcpy(name, word, used);
        memcpy(name + used, "_others", sizeof "_others");
        ndup__csv_word(table->out, name);
    }
}

static void write_head(const source_table *table)
{
    const ndup__source_names *names = table->names;
    ndup__csv_word(table->out, "source");
    ndup__csv_word(table->out, "documents");
    ndup__csv_word(table->out, names->kept);
    ndup__csv_word(table->out, names->dropped);
    ndup__csv_word(table->out, names->repeated);
    if (names->has_tokens) {
        ndup__csv_word(table->out, "tokens");
    }
    write_givers(table, names->pairs);
    if (names->has_tokens) {
        write_givers(table, "tokens_from");
    }
    ndup__csv_end_row(table->out);
}

static void write_cells(const source_table *table, const ndup__source_pair *pairs, size_t count,
                        bool of_tokens)
{
    uint64_t others = 0;
    for (size_t i = 0; i < count; i++) {
        others += of_tokens ? pairs[i].tokens : pairs[i].documents;
    }
    for (size_t k = 0; k < table->column_count; k++) {
        uint64_t cell = 0;
        for (size_t i = 0; i < count; i++) {
            if (pairs[i].giver == table->columns[k]) {
                cell = of_tokens ? pairs[i].tokens : pairs[i].documents;
            }
        }
        others -= cell;
        ndup__csv_count(table->out, cell);
    }
    if (table->has_others) {
        ndup__csv_count(table->out, others);
    }
}

static void write_row(const source_table *table, uint32_t row)
{
    const ndup__source_counts *counts = &table->sources->rows[row];
    size_t count;
    const ndup__source_pair *pairs = ndup__source_pairs_of(&count, table->pairs, row);
    ndup__csv_text(table->out, counts->name);
    ndup__csv_count(table->out, counts->documents);
    ndup__csv_count(table->out, counts->documents - counts->dropped);
    ndup__csv_count(table->out, counts->dropped);
    ndup__csv_count(table->out, counts->repeated);
    if (table->names->has_tokens) {
        ndup__csv_count(table->out, tokens_of(pairs, count));
    }
    write_cells(table, pairs, count, false);
    if (table->names->has_tokens) {
        write_cells(table, pairs, count, true);
    }
    ndup__csv_end_row(table->out);
}

ndup_status ndup__source_table_write(ndup__out *out, const ndup__sources *sources,
                                     const ndup__source_pairs *pairs,
                                     const ndup__source_names *names, bool is_csv,
                                     ndup_error *error)
{
    source_table table = {.out = out, .sources = sources, .pairs = pairs, .names = names};
    uint32_t *order = NULL;
    ndup_status status = ndup__sources_rank(&order, sources, error);
    table.order = order;
    if (status == NDUP_STATUS_OK && is_csv) {
        choose_columns(&table);
        write_head(&table);
    }
    for (size_t i = 0; i < sources->count && status == NDUP_STATUS_OK; i++) {
        if (is_csv) {
            write_row(&table, order[i]);
        } else {
            write_object(&table, order[i]);
        }
        status = ndup__out_status(out, error);
    }
    ndup__free(sources->allocator, &order, order != NULL ? sources->count : 0, sizeof *order);
    return status;
}
