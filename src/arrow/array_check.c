/* SPDX-License-Identifier: MIT */
/* Checks of an array before anything of it is read: nothing of it is trusted. */
#include <inttypes.h>

#include "arrow/array.h"
#include "base/error.h"

/* Rows and offsets beyond that are taken for damage; sums and products of them fit. */
#define LENGTH_MOST ((int64_t)1 << 48)

/* An array on its way through the checks. */
typedef struct checked {
    const ndup__arrow_column *column;
    const struct ArrowArray *array;
    uint64_t first; /* row of the stream that it begins with */
    ndup_error *error;
} checked;

static ndup_status fail(const checked *c, const char *what, int64_t number)
{
    return ndup__fail(c->error, NDUP_STATUS_INVALID,
                      "column '%.60s', batch of row %" PRIu64 ": %s (%" PRId64 ")", c->column->name,
                      c->first, what, number);
}

static ndup_status fail_value(const checked *c, int64_t at, const char *what, int64_t number)
{
    return ndup__fail(c->error, NDUP_STATUS_INVALID,
                      "column '%.60s', row %" PRIu64 ": %s (%" PRId64 ")", c->column->name,
                      c->first + (uint64_t)at, what, number);
}

static bool is_view(const ndup__arrow_column *column)
{
    return column->kind == NDUP__ARROW_STRING_VIEW || column->kind == NDUP__ARROW_BINARY_VIEW;
}

static int64_t buffers_of(ndup__arrow_kind kind)
{
    switch (kind) {
    case NDUP__ARROW_NULL:
    case NDUP__ARROW_RUN_ENDS:
        return 0;
    case NDUP__ARROW_FIXED_LIST:
    case NDUP__ARROW_STRUCT:
    case NDUP__ARROW_SPARSE_UNION:
        return 1;
    case NDUP__ARROW_STRING:
    case NDUP__ARROW_BINARY:
    case NDUP__ARROW_STRING_VIEW:
    case NDUP__ARROW_BINARY_VIEW:
    case NDUP__ARROW_LIST_VIEW:
        return 3;
    default:
        return 2;
    }
}

/* A view's buffers of bytes are followed by one of their lengths. */
static ndup_status check_buffers(const checked *c)
{
    const struct ArrowArray *array = c->array;
    int64_t wanted = buffers_of(c->column->kind);
    bool is_count = is_view(c->column) ? array->n_buffers >= wanted && array->n_buffers < INT32_MAX
                                       : array->n_buffers == wanted;
    if (!is_count) {
        return fail(c, "a wrong number of buffers", array->n_buffers);
    }
    if (wanted > 0 && array->buffers == NULL) {
        return fail(c, "no list of buffers", 0);
    }
    bool has_types = c->column->members != NULL;
    bool is_valid_only = wanted == 1 && !has_types;
    bool is_empty = array->length == 0 || c->column->kind == NDUP__ARROW_NULL;
    bool has_bytes = c->column->kind != NDUP__ARROW_FIXED_BINARY || c->column->size > 0;
    for (int64_t i = has_types ? 0 : 1; i < 2 && !is_valid_only && !is_empty && has_bytes; i++) {
        if (i < wanted && array->buffers[i] == NULL) {
            return fail(c, "NULL for a buffer", i);
        }
    }
    return NDUP_STATUS_OK;
}

static ndup_status check_counts(const checked *c)
{
    const struct ArrowArray *array = c->array;
    if (array->release == NULL) {
        return fail(c, "an array that was released", 0);
    }
    if (array->length < 0 || array->length > LENGTH_MOST) {
        return fail(c, "a length out of range", array->length);
    }
    if (array->offset < 0 || array->offset > LENGTH_MOST) {
        return fail(c, "an offset out of range", array->offset);
    }
    if (array->null_count < -1 || array->null_count > array->length) {
        return fail(c, "a wrong number of nulls", array->null_count);
    }
    if (array->n_children != (int64_t)c->column->child_count ||
        (array->n_children > 0 && array->children == NULL)) {
        return fail(c, "a wrong number of children", array->n_children);
    }
    if ((array->dictionary != NULL) != (c->column->dictionary != NULL)) {
        return fail(c, "a dictionary that its schema does not have, or none", 0);
    }
    return check_buffers(c);
}

/* Offsets of bytes or of a list's values, which must end within `most`. */
static ndup_status check_offsets(const checked *c, int64_t most)
{
    const struct ArrowArray *array = c->array;
    unsigned width = c->column->width;
    if (array->length == 0) { /* there may be none at all */
        return NDUP_STATUS_OK;
    }
    int64_t last = ndup__arrow_int(array->buffers[1], width, array->offset);
    if (last < 0) {
        return fail_value(c, 0, "an offset below 0", last);
    }
    for (int64_t i = 0; i < array->length; i++) {
        int64_t next = ndup__arrow_int(array->buffers[1], width, array->offset + i + 1);
        if (next < last) {
            return fail_value(c, i, "an offset that lies before the one in front of it", next);
        }
        last = next;
    }
    return last <= most ? NDUP_STATUS_OK
                        : fail_value(c, array->length - 1, "an offset too far", last);
}

static ndup_status check_strings(const checked *c)
{
    const struct ArrowArray *array = c->array;
    ndup_status status = check_offsets(c, LENGTH_MOST);
    if (status != NDUP_STATUS_OK || array->length == 0 || array->buffers[2] != NULL) {
        return status;
    }
    unsigned width = c->column->width;
    int64_t begin = ndup__arrow_int(array->buffers[1], width, array->offset);
    int64_t end = ndup__arrow_int(array->buffers[1], width, array->offset + array->length);
    return begin == end ? NDUP_STATUS_OK : fail(c, "bytes at NULL", end - begin);
}

static ndup_status check_view(const checked *c, int64_t at, const char *view)
{
    const struct ArrowArray *array = c->array;
    const void *lengths = array->buffers[array->n_buffers - 1];
    int64_t length = ndup__arrow_int(view, 4, 0);
    int64_t number = ndup__arrow_int(view, 4, 2);
    int64_t begin = ndup__arrow_int(view, 4, 3);
    if (length < 0) {
        return fail_value(c, at, "a view of a length below 0", length);
    }
    if (length <= 12) {
        return NDUP_STATUS_OK;
    }
    if (number < 0 || number >= array->n_buffers - 3 || lengths == NULL ||
        array->buffers[2 + number] == NULL) {
        return fail_value(c, at, "a view into a buffer that is not there", number);
    }
    int64_t most = ndup__arrow_int(lengths, 8, number);
    return begin >= 0 && most >= 0 && begin + length <= most
               ? NDUP_STATUS_OK
               : fail_value(c, at, "a view beyond the end of its buffer", begin);
}

static ndup_status check_views(const checked *c)
{
    const char *views = c->array->buffers[1];
    ndup_status status = NDUP_STATUS_OK;
    for (int64_t i = 0; i < c->array->length && status == NDUP_STATUS_OK; i++) {
        if (!ndup__arrow_is_null((ndup__arrow_cell){c->column, c->array, i})) {
            status = check_view(c, i, views + (c->array->offset + i) * 16);
        }
    }
    return status;
}

static ndup_status check_list_views(const checked *c)
{
    const struct ArrowArray *array = c->array;
    unsigned width = c->column->width;
    int64_t most = array->children[0]->length;
    if (array->length > 0 && array->buffers[2] == NULL) {
        return fail(c, "NULL for a buffer", 2);
    }
    for (int64_t i = 0; i < array->length; i++) {
        int64_t begin = ndup__arrow_int(array->buffers[1], width, array->offset + i);
        int64_t count = ndup__arrow_int(array->buffers[2], width, array->offset + i);
        bool is_null = ndup__arrow_is_null((ndup__arrow_cell){c->column, array, i});
        if (!is_null && (begin < 0 || count < 0 || begin > most || count > most - begin)) {
            return fail_value(c, i, "a list beyond its values", begin);
        }
    }
    return NDUP_STATUS_OK;
}

static ndup_status check_indices(const checked *c)
{
    const struct ArrowArray *array = c->array;
    uint64_t most = (uint64_t)array->dictionary->length;
    const void *validity = array->buffers[0];
    for (int64_t i = 0; i < array->length; i++) {
        int64_t place = array->offset + i;
        uint64_t index = ndup__arrow_uint(array->buffers[1], c->column->width, place);
        if (index >= most && (validity == NULL || ndup__arrow_bit(validity, place))) {
            return fail_value(c, i, "an index beyond the dictionary", (int64_t)index);
        }
    }
    return NDUP_STATUS_OK;
}

static ndup_status check_union(const checked *c)
{
    const struct ArrowArray *array = c->array;
    bool is_dense = c->column->kind == NDUP__ARROW_DENSE_UNION;
    for (int64_t i = 0; i < array->length; i++) {
        int64_t place = array->offset + i;
        int64_t id = ndup__arrow_int(array->buffers[0], 1, place);
        if (id < 0 || c->column->members[id] < 0) {
            return fail_value(c, i, "a type that the union does not have", id);
        }
        int64_t at = is_dense ? ndup__arrow_int(array->buffers[1], 4, place) : place;
        if (at < 0 || at >= array->children[c->column->members[id]]->length) {
            return fail_value(c, i, "a value beyond the union's member", at);
        }
    }
    return NDUP_STATUS_OK;
}

static ndup_status check_runs(const checked *c)
{
    const struct ArrowArray *ends = c->array->children[0];
    const ndup__arrow_column *column = &c->column->children[0];
    int64_t last = 0;
    if (column->kind != NDUP__ARROW_INT || column->width < 2 || column->dictionary != NULL) {
        return fail(c, "run ends that are no integers", column->width);
    }
    for (int64_t i = 0; i < ends->length; i++) {
        int64_t end = ndup__arrow_int(ends->buffers[1], column->width, ends->offset + i);
        if (end <= last) {
            return fail(c, "run ends that do not grow", end);
        }
        last = end;
    }
    if (last < c->array->offset + c->array->length ||
        c->array->children[1]->length < ends->length) {
        return fail(c, "runs that are short of the length", last);
    }
    return NDUP_STATUS_OK;
}

/* Structs, sparse unions and lists of a fixed size need so many values of each child. */
static ndup_status check_children_reach(const checked *c)
{
    const struct ArrowArray *array = c->array;
    bool is_list = c->column->kind == NDUP__ARROW_FIXED_LIST;
    int64_t wanted = array->offset + array->length;
    if (is_list && c->column->size > 0 && wanted > LENGTH_MOST / c->column->size) {
        return fail(c, "a length out of range", array->length);
    }
    wanted *= is_list ? c->column->size : 1;
    for (int64_t i = 0; i < array->n_children; i++) {
        if (array->children[i]->length < wanted) {
            return fail(c, "a child that is too short", array->children[i]->length);
        }
    }
    return NDUP_STATUS_OK;
}

static ndup_status check_values(const checked *c)
{
    if (c->column->dictionary != NULL) {
        return check_indices(c);
    }
    switch (c->column->kind) {
    case NDUP__ARROW_STRING:
    case NDUP__ARROW_BINARY:
        return check_strings(c);
    case NDUP__ARROW_STRING_VIEW:
    case NDUP__ARROW_BINARY_VIEW:
        return check_views(c);
    case NDUP__ARROW_LIST:
        return check_offsets(c, c->array->children[0]->length);
    case NDUP__ARROW_LIST_VIEW:
        return check_list_views(c);
    case NDUP__ARROW_STRUCT:
    case NDUP__ARROW_FIXED_LIST:
        return check_children_reach(c);
    case NDUP__ARROW_SPARSE_UNION:
    case NDUP__ARROW_DENSE_UNION:
        return check_union(c);
    case NDUP__ARROW_RUN_ENDS:
        return check_runs(c);
    default:
        return NDUP_STATUS_OK;
    }
}

/* An array is checked behind what it refers to, so that lengths there can be trusted. Children are
 * part of their parent and may, but for their parent's sake, have been moved out of it: then they
 * are released. */
ndup_status ndup__arrow_check(const ndup__arrow_column *column, const struct ArrowArray *array,
                              uint64_t first, ndup_error *error)
{
    const checked c = {column, array, first, error};
    ndup_status status = array != NULL
                             ? check_counts(&c)
                             : ndup__fail(error, NDUP_STATUS_INVALID,
                                          "column '%.60s': NULL for an array", column->name);
    for (size_t i = 0; i < column->child_count && status == NDUP_STATUS_OK; i++) {
        status = ndup__arrow_check(&column->children[i], array->children[i], first, error);
    }
    if (status == NDUP_STATUS_OK && column->dictionary != NULL) {
        status = ndup__arrow_check(column->dictionary, array->dictionary, first, error);
    }
    return status == NDUP_STATUS_OK ? check_values(&c) : status;
}
