/* SPDX-License-Identifier: MIT */
/* Reading a schema: format strings, as the specification of the C data interface lists them. */
#include "arrow/schema.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"

typedef struct type_format {
    const char *format; /* up to a colon, if `has_rest` */
    bool has_rest;
    ndup__arrow_kind kind;
    unsigned width;
    int64_t per_second;
    size_t children;
} type_format;

#define ANY_CHILDREN SIZE_MAX

static const type_format formats[] = {
    {"n", false, NDUP__ARROW_NULL, 0, 0, 0},
    {"b", false, NDUP__ARROW_BOOL, 0, 0, 0},
    {"c", false, NDUP__ARROW_INT, 1, 0, 0},
    {"C", false, NDUP__ARROW_UINT, 1, 0, 0},
    {"s", false, NDUP__ARROW_INT, 2, 0, 0},
    {"S", false, NDUP__ARROW_UINT, 2, 0, 0},
    {"i", false, NDUP__ARROW_INT, 4, 0, 0},
    {"I", false, NDUP__ARROW_UINT, 4, 0, 0},
    {"l", false, NDUP__ARROW_INT, 8, 0, 0},
    {"L", false, NDUP__ARROW_UINT, 8, 0, 0},
    {"e", false, NDUP__ARROW_FLOAT, 2, 0, 0},
    {"f", false, NDUP__ARROW_FLOAT, 4, 0, 0},
    {"g", false, NDUP__ARROW_FLOAT, 8, 0, 0},
    {"u", false, NDUP__ARROW_STRING, 4, 0, 0},
    {"U", false, NDUP__ARROW_STRING, 8, 0, 0},
    {"z", false, NDUP__ARROW_BINARY, 4, 0, 0},
    {"Z", false, NDUP__ARROW_BINARY, 8, 0, 0},
    {"vu", false, NDUP__ARROW_STRING_VIEW, 16, 0, 0},
    {"vz", false, NDUP__ARROW_BINARY_VIEW, 16, 0, 0},
    {"d:", true, NDUP__ARROW_DECIMAL, 16, 0, 0},
    {"w:", true, NDUP__ARROW_FIXED_BINARY, 0, 0, 0},
    {"tdD", false, NDUP__ARROW_DATE, 4, 0, 0},
    {"tdm", false, NDUP__ARROW_DATE, 8, 1000, 0},
    {"tts", false, NDUP__ARROW_TIME, 4, 1, 0},
    {"ttm", false, NDUP__ARROW_TIME, 4, 1000, 0},
    {"ttu", false, NDUP__ARROW_TIME, 8, 1000000, 0},
    {"ttn", false, NDUP__ARROW_TIME, 8, 1000000000, 0},
    {"tss:", true, NDUP__ARROW_TIMESTAMP, 8, 1, 0},
    {"tsm:", true, NDUP__ARROW_TIMESTAMP, 8, 1000, 0},
    {"tsu:", true, NDUP__ARROW_TIMESTAMP, 8, 1000000, 0},
    {"tsn:", true, NDUP__ARROW_TIMESTAMP, 8, 1000000000, 0},
    {"tDs", false, NDUP__ARROW_DURATION, 8, 1, 0},
    {"tDm", false, NDUP__ARROW_DURATION, 8, 1000, 0},
    {"tDu", false, NDUP__ARROW_DURATION, 8, 1000000, 0},
    {"tDn", false, NDUP__ARROW_DURATION, 8, 1000000000, 0},
    {"tiM", false, NDUP__ARROW_INTERVAL, 4, 0, 0},
    {"tiD", false, NDUP__ARROW_INTERVAL, 8, 0, 0},
    {"tin", false, NDUP__ARROW_INTERVAL, 16, 0, 0},
    {"+l", false, NDUP__ARROW_LIST, 4, 0, 1},
    {"+L", false, NDUP__ARROW_LIST, 8, 0, 1},
    {"+m", false, NDUP__ARROW_LIST, 4, 0, 1},
    {"+vl", false, NDUP__ARROW_LIST_VIEW, 4, 0, 1},
    {"+vL", false, NDUP__ARROW_LIST_VIEW, 8, 0, 1},
    {"+w:", true, NDUP__ARROW_FIXED_LIST, 0, 0, 1},
    {"+s", false, NDUP__ARROW_STRUCT, 0, 0, ANY_CHILDREN},
    {"+us:", true, NDUP__ARROW_SPARSE_UNION, 1, 0, ANY_CHILDREN},
    {"+ud:", true, NDUP__ARROW_DENSE_UNION, 1, 0, ANY_CHILDREN},
    {"+r", false, NDUP__ARROW_RUN_ENDS, 0, 0, 2},
};

static const type_format *find_format(const char *format)
{
    for (size_t i = 0; i < sizeof formats / sizeof formats[0]; i++) {
        const type_format *known = &formats[i];
        size_t length = strlen(known->format);
        if (known->has_rest ? strncmp(format, known->format, length) == 0
                            : strcmp(format, known->format) == 0) {
            return known;
        }
    }
    return NULL;
}

static ndup_status fail_format(const ndup__arrow_column *column, const char *format,
                               ndup_error *error)
{
    return ndup__fail(error, NDUP_STATUS_INVALID, "column '%.60s' has the format '%.40s'",
                      column->name, format);
}

/* The whole number at *at, which it is set behind. False for none, and for one that is too large.
 */
static bool read_number(int64_t *number, const char **at)
{
    char *end;
    *number = strtoll(*at, &end, 10);
    bool is_number = end != *at && *number >= INT32_MIN && *number <= INT32_MAX;
    *at = end;
    return is_number;
}

static bool read_decimal(ndup__arrow_column *column, const char *rest)
{
    int64_t precision, scale, bits = 128;
    if (!read_number(&precision, &rest) || *rest++ != ',' || !read_number(&scale, &rest)) {
        return false;
    }
    if (*rest == ',') {
        rest++;
        if (!read_number(&bits, &rest)) {
            return false;
        }
    }
    column->scale = (int)scale;
    column->width = (unsigned)bits / 8;
    bool is_width = bits == 32 || bits == 64 || bits == 128 || bits == 256;
    return *rest == '\0' && is_width && scale >= -1000 && scale <= 1000;
}

/* The type ids of a union's members: "0,1,5". */
static ndup_status read_members(ndup__arrow_column *column, ndup__arena *arena, const char *format,
                                const char *rest, ndup_error *error)
{
    void *block;
    ndup_status status = ndup__arena_take(arena, &block, 128, error);
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    int8_t *members = memset(block, -1, 128);
    size_t count = 0;
    for (; *rest != '\0'; count++) {
        int64_t id;
        rest += count > 0 && *rest == ',';
        if (!read_number(&id, &rest) || id < 0 || id > 127 || count > 127 || members[id] >= 0) {
            return fail_format(column, format, error);
        }
        members[id] = (int8_t)count;
    }
    column->members = members;
    return count == column->child_count ? NDUP_STATUS_OK : fail_format(column, format, error);
}

/* What stands behind the colon. */
static ndup_status read_rest(ndup__arrow_column *column, ndup__arena *arena, const char *format,
                             const char *rest, ndup_error *error)
{
    char *copy = NULL;
    ndup_status status = NDUP_STATUS_OK;
    switch (column->kind) {
    case NDUP__ARROW_TIMESTAMP:
        status = ndup__arena_copy(arena, &copy, rest, strlen(rest), error);
        column->zone = copy;
        return status;
    case NDUP__ARROW_DECIMAL:
        return read_decimal(column, rest) ? status : fail_format(column, format, error);
    case NDUP__ARROW_FIXED_BINARY:
    case NDUP__ARROW_FIXED_LIST:
        return read_number(&column->size, &rest) && *rest == '\0' && column->size >= 0
                   ? status
                   : fail_format(column, format, error);
    default:
        return read_members(column, arena, format, rest, error);
    }
}

static ndup_status read_column(ndup__arrow_column *column, ndup__arena *arena,
                               const struct ArrowSchema *schema, unsigned depth, ndup_error *error);

static ndup_status read_children(ndup__arrow_column *column, ndup__arena *arena,
                                 const struct ArrowSchema *schema, unsigned depth,
                                 ndup_error *error)
{
    void *block = NULL;
    size_t bytes = column->child_count * sizeof(ndup__arrow_column);
    ndup_status status =
        column->child_count > 0 ? ndup__arena_take(arena, &block, bytes, error) : NDUP_STATUS_OK;
    ndup__arrow_column *children = block;
    for (size_t i = 0; i < column->child_count && status == NDUP_STATUS_OK; i++) {
        status = read_column(&children[i], arena, schema->children[i], depth + 1, error);
    }
    column->children = children;
    return status;
}

static ndup_status read_dictionary(ndup__arrow_column *column, ndup__arena *arena,
                                   const struct ArrowSchema *schema, unsigned depth,
                                   ndup_error *error)
{
    void *block;
    if (column->kind != NDUP__ARROW_INT && column->kind != NDUP__ARROW_UINT) {
        return ndup__fail(error, NDUP_STATUS_INVALID,
                          "column '%.60s' has a dictionary whose indices are not integers",
                          column->name);
    }
    ndup_status status = ndup__arena_take(arena, &block, sizeof(ndup__arrow_column), error);
    if (status == NDUP_STATUS_OK) {
        status = read_column(block, arena, schema->dictionary, depth + 1, error);
        column->dictionary = block;
    }
    return status;
}

/* Most children of a type; a schema with more is taken for damaged. */
#define CHILDREN_MOST 10000000

static bool has_children(const struct ArrowSchema *schema, const type_format *known)
{
    bool is_count =
        known->children == ANY_CHILDREN || (int64_t)known->children == schema->n_children;
    return is_count && schema->n_children >= 0 && schema->n_children <= CHILDREN_MOST &&
           (schema->n_children == 0 || schema->children != NULL);
}

static ndup_status read_column(ndup__arrow_column *column, ndup__arena *arena,
                               const struct ArrowSchema *schema, unsigned depth, ndup_error *error)
{
    if (schema == NULL || schema->release == NULL || schema->format == NULL) {
        return ndup__fail(error, NDUP_STATUS_INVALID, "an Arrow schema without a format");
    }
    char *name = NULL;
    const char *given = schema->name != NULL ? schema->name : "";
    ndup_status status = ndup__arena_copy(arena, &name, given, strlen(given), error);
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    *column = (ndup__arrow_column){.name = name, .zone = ""};
    const type_format *known = find_format(schema->format);
    if (known == NULL) {
        return ndup__fail(error, NDUP_STATUS_UNSUPPORTED,
                          "column '%.60s' is of the unknown type '%.40s'", name, schema->format);
    }
    if (depth > NDUP__ARROW_DEPTH || !has_children(schema, known)) {
        return ndup__fail(error, NDUP_STATUS_INVALID,
                          "column '%.60s' of the format '%.40s' has %" PRId64 " children, %u deep",
                          name, schema->format, schema->n_children, depth);
    }
    column->kind = known->kind;
    column->width = known->width;
    column->per_second = known->per_second;
    column->child_count = (size_t)schema->n_children;
    if (known->has_rest) {
        status =
            read_rest(column, arena, schema->format, schema->format + strlen(known->format), error);
    }
    if (status == NDUP_STATUS_OK) {
        status = read_children(column, arena, schema, depth, error);
    }
    return status == NDUP_STATUS_OK && schema->dictionary != NULL
               ? read_dictionary(column, arena, schema, depth, error)
               : status;
}

ndup_status ndup__arrow_column_read(const ndup__arrow_column **column, ndup__arena *arena,
                                    const struct ArrowSchema *schema, ndup_error *error)
{
    void *block;
    ndup_status status = ndup__arena_take(arena, &block, sizeof **column, error);
    if (status == NDUP_STATUS_OK) {
        status = read_column(block, arena, schema, 0, error);
        *column = block;
    }
    return status;
}

bool ndup__arrow_is_text(const ndup__arrow_column *column)
{
    const ndup__arrow_column *values = column->dictionary != NULL ? column->dictionary : column;
    return values->dictionary == NULL &&
           (values->kind == NDUP__ARROW_STRING || values->kind == NDUP__ARROW_BINARY ||
            values->kind == NDUP__ARROW_STRING_VIEW || values->kind == NDUP__ARROW_BINARY_VIEW);
}

const char *ndup__arrow_kind_name(const ndup__arrow_column *column)
{
    static const char *const names[] = {
        [NDUP__ARROW_NULL] = "null",
        [NDUP__ARROW_BOOL] = "bool",
        [NDUP__ARROW_INT] = "int",
        [NDUP__ARROW_UINT] = "uint",
        [NDUP__ARROW_FLOAT] = "float",
        [NDUP__ARROW_DECIMAL] = "decimal",
        [NDUP__ARROW_STRING] = "utf8",
        [NDUP__ARROW_BINARY] = "binary",
        [NDUP__ARROW_STRING_VIEW] = "string_view",
        [NDUP__ARROW_BINARY_VIEW] = "binary_view",
        [NDUP__ARROW_FIXED_BINARY] = "fixed_size_binary",
        [NDUP__ARROW_DATE] = "date",
        [NDUP__ARROW_TIME] = "time",
        [NDUP__ARROW_TIMESTAMP] = "timestamp",
        [NDUP__ARROW_DURATION] = "duration",
        [NDUP__ARROW_INTERVAL] = "interval",
        [NDUP__ARROW_LIST] = "list",
        [NDUP__ARROW_LIST_VIEW] = "list_view",
        [NDUP__ARROW_FIXED_LIST] = "fixed_size_list",
        [NDUP__ARROW_STRUCT] = "struct",
        [NDUP__ARROW_SPARSE_UNION] = "union",
        [NDUP__ARROW_DENSE_UNION] = "union",
        [NDUP__ARROW_RUN_ENDS] = "run_end_encoded",
    };
    return column->dictionary != NULL ? "dictionary" : names[column->kind];
}
