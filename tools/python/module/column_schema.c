/* SPDX-License-Identifier: MIT */
/* Schemas of the columns that are made here. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "column_builder.h"

/* What a schema stands on. */
typedef struct owned_schema {
    char format[24];
    struct ArrowSchema child;
    struct ArrowSchema *children[1];
    char name[]; /* of its own length */
} owned_schema;

static void release_schema(struct ArrowSchema *schema)
{
    owned_schema *owned = schema->private_data;
    if (schema->n_children > 0 && owned->child.release != NULL) {
        owned->child.release(&owned->child);
    }
    free(owned);
    schema->release = NULL;
}

static void release_child(struct ArrowSchema *schema)
{
    schema->release = NULL; /* it stands in its parent */
}

static void write_format(char *format, size_t size, column_type type)
{
    static const char *const formats[] = {
        [COLUMN_UINT32] = "I", [COLUMN_UINT64] = "L", [COLUMN_FLOAT64] = "g",
        [COLUMN_BINARY] = "Z", [COLUMN_TEXT] = "U",   [COLUMN_FIXED] = NULL};
    if (type.kind == COLUMN_WORDS) {
        snprintf(format, size, "+w:%u", type.words);
    } else if (type.kind == COLUMN_FIXED) {
        snprintf(format, size, "w:%zu", type.words * sizeof(uint32_t));
    } else {
        snprintf(format, size, "%s", formats[type.kind]);
    }
}

ndup_status column_schema(struct ArrowSchema *schema, column_type type, const char *name,
                          ndup_error *error)
{
    size_t name_bytes = strlen(name) + 1;
    owned_schema *owned = calloc(1, sizeof *owned + name_bytes);
    bool is_list = type.kind == COLUMN_WORDS;
    if (owned == NULL) {
        *error = (ndup_error){.status = NDUP_STATUS_MEMORY};
        return NDUP_STATUS_MEMORY;
    }
    write_format(owned->format, sizeof owned->format, type);
    memcpy(owned->name, name, name_bytes);
    owned->children[0] = &owned->child;
    owned->child = (struct ArrowSchema){.format = "I",
                                        .name = "item",
                                        .flags = ARROW_FLAG_NULLABLE,
                                        .release = release_child,
                                        .private_data = owned};
    *schema = (struct ArrowSchema){.format = owned->format,
                                   .name = owned->name,
                                   .flags = ARROW_FLAG_NULLABLE,
                                   .n_children = is_list,
                                   .children = is_list ? owned->children : NULL,
                                   .release = release_schema,
                                   .private_data = owned};
    return NDUP_STATUS_OK;
}
