/* SPDX-License-Identifier: MIT */
/* Options structs of the library from dicts, by tables. */
#ifndef NEARDUP_PYTHON_PY_OPTIONS_H
#define NEARDUP_PYTHON_PY_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>

#include "neardup.h"
#include "state.h"

typedef enum option_kind {
    OPTION_TEXT,     /* const char * */
    OPTION_FLAG,     /* bool */
    OPTION_NUMBER,   /* double */
    OPTION_UNSIGNED, /* unsigned */
    OPTION_COUNT,    /* uint64_t */
    OPTION_CHOICE,   /* an enum, whose names `choice` tells from 0 on */
    OPTION_TEXTS     /* const char *const *, and a size_t at `count_offset` */
} option_kind;

typedef struct option {
    const char *name;
    option_kind kind;
    size_t offset;
    size_t count_offset;
    const char *(*choice)(unsigned value); /* NULL past the last */
} option;

/* Lists that options point to. Zero-initialise. */
typedef struct option_lists {
    void *lists[8];
    size_t count;
} option_lists;

/* Sets the members of *into whose names the dict has, but for those that are None. Texts are
 * borrowed from the dict, which must stay as it is while *into is used. False with TypeError,
 * ValueError or OverflowError set, which name the option. */
bool options_read(void *into, option_lists *lists, const option *table, PyObject *values);
void options_free(option_lists *lists);

/* What the dict has under the name, borrowed from it; NULL for None and where it has nothing. */
PyObject *options_get(PyObject *values, const char *name);

/* Room for a list, freed with the others; NULL with MemoryError set. */
void *options_list(option_lists *lists, size_t count, size_t item_bytes);

/* The options of a run, from a dict: those of the command line, under its names. */
bool options_read_dedup(ndup_dedup_options *options, option_lists *lists, const module_state *state,
                        PyObject *values);
bool options_read_corpus(ndup_corpus_options *options, option_lists *lists, PyObject *values);

#endif
