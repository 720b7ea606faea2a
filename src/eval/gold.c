/* SPDX-License-Identifier: MIT */
/* Reading label files: tab-separated values with a header line that begins with '#'. */
#include "eval/gold.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "codec/decompress.h"

#define COLUMNS_MOST 64
#define READ_BYTES ((size_t)1 << 20)

typedef struct gold_format {
    const ndup_gold_options *options;
    bool has_header;
    size_t columns;      /* in the header */
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

/* Cuts a line at its tabs; returns the number of columns, at most COLUMNS_MOST. */
static size_t cut_line(ndup_text *columns, const char *line, size_t length)
{
    size_t count = 0;
    const char *end = line + length;
    if (length > 0 && end[-1] == '\r') {
        end--;
    }
    while (count < COLUMNS_MOST) {
        const char *tab = memchr(line, '\t', (size_t)(end - line));
        const char *stop = tab != NULL ? tab : end;
        columns[count++] = (ndup_text){line, (size_t)(stop - line)};
        if (tab == NULL) {
            break;
        }
        line = tab + 1;
    }
    return count;
}

static bool begins_with(ndup_text text, const char *prefix)
{
    size_t length = strlen(prefix);
    return text.length >= length && memcmp(text.bytes, prefix, length) == 0;
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

/* The header says what the file holds, unless the options do. */
static void read_header(ndup_gold *gold, gold_format *format, const char *line, size_t length)
{
    ndup_text columns[COLUMNS_MOST];
    size_t count = cut_line(columns, line + 1, length - 1);
    format->has_header = true;
    format->columns = count;
    format->value_column = count - 1;
    if (format->options->clusters < 0) {
        gold->is_clusters = count > 1 && begins_with(columns[1], "cluster");
    }
    for (size_t i = 2; i < count && !gold->is_clusters; i++) {
        if (begins_with(columns[i], "level")) {
            format->value_column = i;
            break;
        }
    }
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
        size_t column = format->options->cluster_column == 0 ? 1 : format->options->cluster_column;
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
        row.counts_as = count == 2       ? NDUP__GOLD_POSITIVE
                        : column < count ? class_of(format, columns[column])
                                         : NDUP__GOLD_NEGATIVE;
    }
    ndup_status status = ndup__reserve(gold->allocator, &gold->rows, &gold->row_capacity,
                                       gold->count + 1, sizeof *gold->rows, error);
    if (status == NDUP_STATUS_OK) {
        gold->rows[gold->count++] = row;
    }
    return status;
}

static ndup_status read_rows(ndup_gold *gold, gold_format *format, const char *path,
                             ndup_error *error)
{
    const char *at = gold->bytes;
    const char *end = at + gold->length;
    uint64_t number = 0;
    while (at < end) {
        const char *stop = memchr(at, '\n', (size_t)(end - at));
        size_t length = (size_t)((stop != NULL ? stop : end) - at);
        number++;
        ndup_status status = NDUP_STATUS_OK;
        ndup_error cause = {0};
        if (length > 0 && at[0] == '#') {
            read_header(gold, format, at, length);
        } else if (length > 0) {
            ndup_text columns[COLUMNS_MOST];
            size_t count = cut_line(columns, at, length);
            status = add_row(gold, format, columns, count, &cause);
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

ndup_status ndup_gold_open(ndup_gold **out, const char *path, const ndup_gold_options *options,
                           ndup_error *error)
{
    static const ndup_gold_options defaults = {.struct_size = sizeof(ndup_gold_options),
                                               .clusters = -1};
    *out = NULL;
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
    return gold->is_clusters;
}
