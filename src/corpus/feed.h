/* SPDX-License-Identifier: MIT */
/* What is read of a list of entries before its first one, and of each entry. */
#ifndef NDUP__CORPUS_FEED_H
#define NDUP__CORPUS_FEED_H

#include "base/arena.h"
#include "corpus/corpus_state.h"
#include "html/charset.h"

typedef enum ndup__feed_kind {
    NDUP__FEED_UNKNOWN,
    NDUP__FEED_ENTRIES, /* RSS, RDF, Atom: what children mean is agreed upon */
    NDUP__FEED_ITEMS,   /* <items>: every child is a field */
    NDUP__FEED_SITEMAP,
    NDUP__FEED_OTHER /* XML that is no such list */
} ndup__feed_kind;

/* What stands in front of the first record. */
struct ndup__feed {
    ndup__feed_kind kind;
    ndup_text record;             /* name of the elements that are records: "item", "atom:entry" */
    const ndup__charset *charset; /* that the XML declaration names; UTF-8 without one */
    ndup_text title;
    ndup_text language;
    ndup_error unusable; /* why there are no records, if its status is not OK */
};

/* Reads on from the beginning of a file until a record begins, or until it is known that none will.
 * *is_whole is false if that takes more bytes. Strings are copied to the arena. Errors: MEMORY. */
NDUP_NODISCARD ndup_status ndup__feed_read_head(struct ndup__feed *feed, bool *is_whole,
                                                ndup__arena *strings, ndup_text bytes, bool ended,
                                                ndup_error *error);

/* The kind that the root element makes it, which must stand in bytes[0..length). */
ndup__feed_kind ndup__feed_kind_of(const char *bytes, size_t length);

/* Puts the element element[0..length), in UTF-8, into block->json, and what is read of its content
 * into *page. `name` is its id if it has none. Errors: UNSUPPORTED for markup in a build without
 * Gumbo, those of ndup__page_read. */
NDUP_NODISCARD ndup_status ndup__feed_convert(ndup_document *page, uint64_t *replaced,
                                              ndup__block *block, const struct ndup__feed *feed,
                                              ndup_text element, ndup_text name, ndup_error *error);

#endif
