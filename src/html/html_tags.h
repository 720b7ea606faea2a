/* SPDX-License-Identifier: MIT */
/* What the elements of HTML mean for a reader of text. */
#ifndef NDUP__HTML_HTML_TAGS_H
#define NDUP__HTML_HTML_TAGS_H

#include <gumbo.h>
#include <stdbool.h>

typedef enum ndup__html_trait {
    NDUP__HTML_BLOCK = 1,     /* begins and ends a block of text */
    NDUP__HTML_EMPTY = 2,     /* has no content */
    NDUP__HTML_RAW = 4,       /* its content is characters, not markup */
    NDUP__HTML_DROPPED = 8,   /* not even parsed: no text, nothing that the tree depends on */
    NDUP__HTML_SKIPPED = 16,  /* no text of the page: controls and the like */
    NDUP__HTML_END_FREE = 32, /* its end tag may be left out */
    NDUP__HTML_INLINE = 64,   /* formatting: an end tag elsewhere does not end it */
    NDUP__HTML_STATES = 128,  /* its attributes say something about the page */
    NDUP__HTML_CLOSES_SVG = 256,
    NDUP__HTML_TRIED = 512 /* navigation, unless it holds running text */
} ndup__html_trait;

/* A set of ndup__html_trait; 0 for elements that are nothing special. Threads: immutable. */
unsigned ndup__html_traits(GumboTag tag);

/* Longest name of an element that is known. */
#define NDUP__HTML_NAME_BYTES 24

/* Reads a name up to a space, "/" or ">", to which *at is moved. What the parser has no use for is
 * read as its like: <plaintext> and <listing> are <pre>. */
GumboTag ndup__html_tag_read(const char **at, const char *end);

/* The name in lower case. Elements that the standard does not know are all alike: "x". */
const char *ndup__html_tag_name(GumboTag tag);

/* What an element's attributes make of it. */
typedef enum ndup__html_mark {
    NDUP__HTML_PLAIN,
    NDUP__HTML_HIDDEN,     /* not to be seen */
    NDUP__HTML_NAVIGATION, /* by its role */
    NDUP__HTML_TABLIST,    /* by its role: tabs, or also what they open */
    NDUP__HTML_PANEL,      /* what a tab opens */
    NDUP__HTML_CAPTION     /* by its class */
} ndup__html_mark;

#endif
