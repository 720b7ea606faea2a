/* SPDX-License-Identifier: MIT */
/* Finding the objects in text that is arrays of them, or objects behind each other. */
#ifndef NDUP__CORPUS_JSON_ITEMS_H
#define NDUP__CORPUS_JSON_ITEMS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Objects may stand in arrays, behind each other, over any number of lines or many on one: white
 * space, brackets, commas, record separators (RFC 7464) and byte order marks between them mean
 * nothing. What an item is depends on its own bytes and on those behind it, never on those in
 * front.
 *
 * A damaged object ends where its brackets close, if that is on the line of the damage. Otherwise
 * it ends at a record separator, or at the next line that begins with an object and is indented
 * less than the members of the damaged one. */
typedef enum ndup__json_item_kind {
    NDUP__JSON_OBJECT,
    NDUP__JSON_SCALAR, /* a string, number, truth value or null */
    NDUP__JSON_DAMAGED
} ndup__json_item_kind;

typedef struct ndup__json_item {
    ndup__json_item_kind kind;
    const char *begin;
    const char *end; /* without white space behind damage */
} ndup__json_item;

/* Finds the item that begins at *at or behind it, and moves *at to where the next may begin.
 * `ended`: no bytes follow `end`. False when there is none, or when it may go on behind `end`: *at
 * is then where it begins. */
bool ndup__json_item_next(ndup__json_item *item, const char **at, const char *end, bool ended);

/* Where an item that is read over in pieces stands; zero-initialise. */
typedef struct ndup__json_open {
    uint64_t depth;
    bool in_string;
    bool escaped; /* the next byte of the string is */
} ndup__json_open;

/* Goes on through an item up to the bracket or quote that closes it, or to a line end where it
 * cannot go on; NULL if that is behind `end`. */
const char *ndup__json_open_pass(ndup__json_open *open, const char *at, const char *end);

/* How the records of a file stand in it, told by its beginning. */
typedef enum ndup__json_layout {
    NDUP__JSON_UNKNOWN,
    NDUP__JSON_LINES,  /* a record a line */
    NDUP__JSON_SPREAD, /* in arrays or over lines; each begins on a line of its own */
    NDUP__JSON_PACKED  /* several begin on one line */
} ndup__json_layout;

/* UNKNOWN: more bytes are needed. */
ndup__json_layout ndup__json_find_layout(const char *bytes, size_t length, bool ended);

/* Whether bytes[0..length), the beginning of a file, can be nothing but JSON objects or an array of
 * them. */
bool ndup__json_recognises(const char *bytes, size_t length);

/* Whether an array of objects begins, or a record separator stands before the first one: what no
 * other text begins with. */
bool ndup__json_array_begins(const char *bytes, size_t length);

#endif
