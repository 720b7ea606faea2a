/* SPDX-License-Identifier: MIT */
/* Reading label files: what their header says, their rows, what counts. */
#include "eval/gold.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/require.h"
#include "codec/decompress.h"
#include "eval/gold_lines.h"
#include "text/utf8.h"

#define LEVELS_SHOWN 8
#define READ_BYTES ((size_t)1 << 20)

typedef struct gold_format {
    const ndup_gold_options *options;
    char delimiter;
    bool has_header;
    size_t value_column; /* level or cluster */
} gold_format;

static ndup_status read_file(ndup_gold *gold, const char *path, ndup_error *error)
{
    ndup__stream *stream;
    ndup_status status = ndup__stream_open(&stream, path, gold->allocator, error);
    size_t got = 1;
    while (status == NDUP_STATUS_OK && got > 0) {
        status = ndup__reserve(gold->allocator, &gold->bytes, &gold->capacity,
                               gold->length + READ_BYTES, 1, error);
        if (status == NDUP_STATUS_OK) {
            status = ndup__stream_read(stream, gold->bytes + gold->length, READ_BYTES, &got, error);
            gold->length += status == NDUP_STATUS_OK ? got : 0;
        }
    }
    ndup__stream_close(stream);
    return status;
}

static bool is_listed(const char *list, ndup_text name)
{
    while (*list != '\0') {
        const char *comma = strchr(list, ',');
        size_t length = comma != NULL ? (size_t)(comma - list) : strlen(list);
        if (length == name.length && memcmp(list, name.bytes, length) == 0) {
            return true;
        }
        list += length + (comma != NULL);
    }
    return false;
}

/* The column that holds the levels or clusters, by its name; 0 if none does. */
static size_t find_named(const ndup_text *columns, size_t count, const char *word)
{
    for (size_t i = 1; i < count; i++) {
        if (ndup__gold_is_named(columns[i], word)) {
            return i;
        }
    }
    return 0;
}

static size_t find_level(const ndup_text *columns, size_t count)
{
    size_t level = find_named(columns, count, "level");
    return level != 0 ? level : find_named(columns, count, "label");
}

/* The header says what the file holds, unless the options do. */
static void read_header(ndup_gold *gold, gold_format *format, const ndup_text *columns,
                        size_t count)
{
    size_t cluster = find_named(columns, count, "cluster");
    size_t level = find_level(columns, count);
    if (format->options->clusters < 0) {
        gold->is_clusters = cluster != 0 && level == 0;
    }
    format->has_header = true;
    format->value_column = gold->is_clusters ? cluster : level != 0 ? level : count - 1;
}

/* A line that begins with #, or the first one when a column has a name that is known. */
static bool is_header(const ndup_text *columns, size_t count, bool is_first)
{
    bool is_marked = columns[0].length > 0 && columns[0].bytes[0] == '#';
    return is_marked || (is_first && (find_level(columns, count) != 0 ||
                                      find_named(columns, count, "cluster") != 0));
}

static ndup__gold_class class_of(const gold_format *format, ndup_text level)
{
    const ndup_gold_options *options = format->options;
    const char *positive = options->positive != NULL ? options->positive : "dup";
    const char *ignored =
        options->ignore != NULL ? options->ignore : "contained,partial,some,ambiguous,short";
    if (is_listed(positive, level)) {
        return NDUP__GOLD_POSITIVE;
    }
    return is_listed(ignored, level) ? NDUP__GOLD_IGNORED : NDUP__GOLD_NEGATIVE;
}

static ndup_status add_row(ndup_gold *gold, const gold_format *format, const ndup_text *columns,
                           size_t count, ndup_error *error)
{
    ndup__gold_row row = {.a = columns[0]};
    if (gold->is_clusters) {
        size_t column = format->options->cluster_column;
        column = column != 0 ? column : format->value_column != 0 ? format->value_column : 1;
        if (column >= count) {
            return ndup__fail(error, NDUP_STATUS_CORRUPT,
                              "%zu columns where column %zu is the cluster", count, column + 1);
        }
        row.b = columns[column];
    } else {
        if (count < 2) {
            return ndup__fail(error, NDUP_STATUS_CORRUPT, "one column where two ids were expected");
        }
        row.b = columns[1];
        size_t column = format->has_header ? format->value_column : count - 1;
        row.level = count > 2 && column < count ? columns[column] : (ndup_text){NULL, 0};
        row.counts_as = count == 2 ? NDUP__GOLD_POSITIVE : class_of(format, row.level);
    }
    ndup_status status = ndup__reserve(gold->allocator, &gold->rows, &gold->row_capacity,
                                       gold->count + 1, sizeof *gold->rows, error);
    if (status == NDUP_STATUS_OK) {
        gold->rows[gold->count++] = row;
    }
    return status;
}

static ndup_status read_line(ndup_gold *gold, gold_format *format, char *line, size_t length,
                             bool is_first, ndup_error *error)
{
    ndup_text columns[NDUP__GOLD_COLUMNS];
    size_t count = ndup__gold_cut(columns, line, length, format->delimiter);
    if (is_header(columns, count, is_first)) {
        read_header(gold, format, columns, count);
        return NDUP_STATUS_OK;
    }
    return add_row(gold, format, columns, count, error);
}

static bool is_blank(const char *line, size_t length)
{
    return length == 0 || (length == 1 && line[0] == '\r');
}

static ndup_status read_rows(ndup_gold *gold, gold_format *format, const char *path,
                             ndup_error *error)
{
    char *at = gold->bytes + ndup__utf8_mark(gold->bytes, gold->length);
    char *end = gold->bytes + gold->length;
    uint64_t number = 0;
    bool is_first = true;
    format->delimiter = ndup__gold_delimiter(gold->bytes, gold->length);
    while (at < end) {
        char *stop = memchr(at, '\n', (size_t)(end - at));
        size_t length = (size_t)((stop != NULL ? stop : end) - at);
        number++;
        ndup_status status = NDUP_STATUS_OK;
        ndup_error cause = {0};
        if (!is_blank(at, length)) {
            status = read_line(gold, format, at, length, is_first, &cause);
            is_first = false;
        }
        if (status != NDUP_STATUS_OK) {
            char shown[80];
            ndup__fail(error, status, "%s:%llu: %s", ndup__shorten_path(shown, sizeof shown, path),
                       (unsigned long long)number, cause.message);
            return status;
        }
        at += length + 1;
    }
    return NDUP_STATUS_OK;
}

static int compare_text(ndup_text x, ndup_text y)
{
    size_t shorter = x.length < y.length ? x.length : y.length;
    int difference = shorter > 0 ? memcmp(x.bytes, y.bytes, shorter) : 0;
    return difference != 0 ? difference : (x.length > y.length) - (x.length < y.length);
}

static int by_ids(const void *left, const void *right)
{
    const ndup__gold_row *x = left;
    const ndup__gold_row *y = right;
    int difference = compare_text(x->a, y->a);
    difference = difference != 0 ? difference : compare_text(x->b, y->b);
    /* Equal pairs stay in file order: the bytes of a later line lie behind. */
    return difference != 0 ? difference : (x->a.bytes > y->a.bytes) - (x->a.bytes < y->a.bytes);
}

/* Every pair once, ids in order; the last line about a pair counts. */
static void settle_pairs(ndup_gold *gold)
{
    size_t kept = 0;
    for (size_t i = 0; i < gold->count; i++) {
        ndup__gold_row *row = &gold->rows[i];
        if (compare_text(row->a, row->b) > 0) {
            ndup_text swapped = row->a;
            row->a = row->b;
            row->b = swapped;
        }
    }
    if (gold->count > 1) {
        qsort(gold->rows, gold->count, sizeof *gold->rows, by_ids);
    }
    for (size_t i = 0; i < gold->count; i++) {
        ndup__gold_row row = gold->rows[i];
        bool is_repeat = kept > 0 && compare_text(gold->rows[kept - 1].a, row.a) == 0 &&
                         compare_text(gold->rows[kept - 1].b, row.b) == 0;
        gold->rows[is_repeat ? kept - 1 : kept++] = row;
    }
    gold->count = kept;
}

/* The levels that the file has, parted by commas. */
static void list_levels(char *list, size_t size, const ndup_gold *gold)
{
    ndup_text seen[LEVELS_SHOWN];
    size_t count = 0;
    size_t used = 0;
    list[0] = '\0';
    for (size_t i = 0; i < gold->count && count < LEVELS_SHOWN && used < size; i++) {
        ndup_text level = gold->rows[i].level;
        size_t k = 0;
        while (k < count && compare_text(seen[k], level) != 0) {
            k++;
        }
        if (k == count) {
            seen[count++] = level;
            used += (size_t)snprintf(list + used, size - used, "%s%.*s", k > 0 ? ", " : "",
                                     (int)(level.length < 20 ? level.length : 20),
                                     level.length > 0 ? level.bytes : "");
        }
    }
}

/* Labels of which none counts give measures that mean nothing. */
static ndup_status check_rows(const ndup_gold *gold, const gold_format *format, const char *path,
                              ndup_error *error)
{
    char shown[60];
    char levels[80];
    ndup__shorten_path(shown, sizeof shown, path);
    if (gold->count == 0) {
        return ndup__fail(error, NDUP_STATUS_CORRUPT, "%s: it holds no labels", shown);
    }
    for (size_t i = 0; i < gold->count; i++) {
        if (gold->is_clusters || gold->rows[i].counts_as == NDUP__GOLD_POSITIVE) {
            return NDUP_STATUS_OK;
        }
    }
    list_levels(levels, sizeof levels, gold);
    const char *positive = format->options->positive;
    return ndup__fail(error, NDUP_STATUS_INVALID,
                      "%s: no pair has the level %.30s; levels found: %s; --positive names those "
                      "that count",
                      shown, positive != NULL ? positive : "dup", levels);
}

ndup_status ndup_gold_open(ndup_gold **out, const char *path, const ndup_gold_options *options,
                           ndup_error *error)
{
    if (out != NULL) {
        *out = NULL;
    }
    ndup_status given = NDUP__REQUIRE(error, "labels", out, "path", path);
    if (given == NDUP_STATUS_OK && options != NULL) {
        given = ndup__require_size(options->struct_size, sizeof *options, "label options", error);
    }
    if (given != NDUP_STATUS_OK) {
        return given;
    }
    static const ndup_gold_options defaults = {.struct_size = sizeof(ndup_gold_options),
                                               .clusters = -1};
    gold_format format = {.options = options != NULL ? options : &defaults};
    ndup_gold *gold;
    const ndup_allocator *allocator = format.options->allocator;
    ndup_status status = ndup__allocate_zeroed(allocator, &gold, 1, sizeof *gold, error);
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    gold->allocator = allocator;
    gold->is_clusters = format.options->clusters > 0;
    status = read_file(gold, path, error);
    if (status == NDUP_STATUS_OK) {
        status = read_rows(gold, &format, path, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = check_rows(gold, &format, path, error);
    }
    if (status != NDUP_STATUS_OK) {
        ndup_gold_close(gold);
        return status;
    }
    if (!gold->is_clusters) {
        settle_pairs(gold);
    }
    *out = gold;
    return NDUP_STATUS_OK;
}

void ndup_gold_close(ndup_gold *gold)
{
    if (gold != NULL) {
        const ndup_allocator *allocator = gold->allocator;
        ndup__free(allocator, &gold->bytes, gold->capacity, 1);
        ndup__free(allocator, &gold->rows, gold->row_capacity, sizeof *gold->rows);
        ndup__free(allocator, &gold, 1, sizeof *gold);
    }
}

int ndup_gold_is_clusters(const ndup_gold *gold)
{
    if (gold == NULL) {
        return 0;
    }
    return gold->is_clusters;
}
