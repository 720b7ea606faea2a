/* SPDX-License-Identifier: MIT */
/* What the columns of an Arrow stream are: its schema, copied into a tree. */
#ifndef NDUP__ARROW_SCHEMA_H
#define NDUP__ARROW_SCHEMA_H

#include <stdbool.h>

#include "base/arena.h"
#include "neardup/arrow.h"
#include "neardup/status.h"

/* Deepest nesting of types; far below NDUP__RECORD_DEPTH, so that records can be read. */
#define NDUP__ARROW_DEPTH 64

typedef enum ndup__arrow_kind {
    NDUP__ARROW_NULL,
    NDUP__ARROW_BOOL,
    NDUP__ARROW_INT, /* of `width` bytes, with a sign */
    NDUP__ARROW_UINT,
    NDUP__ARROW_FLOAT,   /* of `width` bytes */
    NDUP__ARROW_DECIMAL, /* of `width` bytes, `scale` digits behind the point */
    NDUP__ARROW_STRING,  /* offsets of `width` bytes */
    NDUP__ARROW_BINARY,  /* likewise */
    NDUP__ARROW_STRING_VIEW,
    NDUP__ARROW_BINARY_VIEW,
    NDUP__ARROW_FIXED_BINARY, /* `size` bytes each */
    NDUP__ARROW_DATE,         /* since 1970, `per_second` a second; days when that is 0 */
    NDUP__ARROW_TIME,         /* since midnight, likewise */
    NDUP__ARROW_TIMESTAMP,    /* since 1970, in `zone` */
    NDUP__ARROW_DURATION,
    NDUP__ARROW_INTERVAL, /* of `width` bytes: months, days and milliseconds, or all with ns */
    NDUP__ARROW_LIST,     /* offsets of `width` bytes; maps, too */
    NDUP__ARROW_LIST_VIEW,
    NDUP__ARROW_FIXED_LIST, /* `size` each */
    NDUP__ARROW_STRUCT,
    NDUP__ARROW_SPARSE_UNION,
    NDUP__ARROW_DENSE_UNION,
    NDUP__ARROW_RUN_ENDS /* children: ends, values */
} ndup__arrow_kind;

typedef struct ndup__arrow_column ndup__arrow_column;

/* One column, or a part of one. Threads: immutable. */
struct ndup__arrow_column {
    const char *name; /* "" for none */
    ndup__arrow_kind kind;
    unsigned width;
    int64_t size;
    int64_t per_second;
    int scale;
    const char *zone;                   /* "" for none */
    const ndup__arrow_column *children; /* [child_count] */
    size_t child_count;
    const int8_t *members; /* [128] of a union: the child that a type id stands for, or -1 */
    const ndup__arrow_column *dictionary; /* what indices of this column stand for, or NULL */
};

/* Copies a schema into the arena. Errors: INVALID for what breaks the specification or nests
 * deeper than NDUP__ARROW_DEPTH, UNSUPPORTED for types that are not known; both name the column.
 * MEMORY. */
NDUP_NODISCARD ndup_status ndup__arrow_column_read(const ndup__arrow_column **column,
                                                   ndup__arena *arena,
                                                   const struct ArrowSchema *schema,
                                                   ndup_error *error);

/* Whether its values are strings or bytes, plain, as views, or behind a dictionary. */
bool ndup__arrow_is_text(const ndup__arrow_column *column);

/* "large_utf8", "list", ...: for messages. */
const char *ndup__arrow_kind_name(const ndup__arrow_column *column);

#endif
