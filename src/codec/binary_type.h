/* SPDX-License-Identifier: MIT */
/* Telling by its first bytes what a file is that holds no text. */
#ifndef NDUP__CODEC_BINARY_TYPE_H
#define NDUP__CODEC_BINARY_TYPE_H

#include <stddef.h>

/* As many bytes are looked at; fewer are enough for all but tar archives. */
#define NDUP__BINARY_BYTES 512
/* No number of a name is larger. */
#define NDUP__BINARY_NAMES 128

/* What would help to get at the text, if there is any, depends on it. */
typedef enum ndup__binary_kind {
    NDUP__BINARY_PAGES,      /* descriptions of printed pages */
    NDUP__BINARY_OFFICE,     /* documents of word processors and their like */
    NDUP__BINARY_BOOK,       /* of a reading device */
    NDUP__BINARY_TABLE,      /* tables, arrays, databases */
    NDUP__BINARY_MEDIA,      /* pictures, sound, video */
    NDUP__BINARY_FONT,       /* also of web pages */
    NDUP__BINARY_PROGRAM,    /* and parts of one */
    NDUP__BINARY_ARCHIVE,    /* of files, which may be texts */
    NDUP__BINARY_COMPRESSED, /* one file, which may be a text */
    NDUP__BINARY_KINDS
} ndup__binary_kind;

/* The number of the binary format that bytes[0..length) begin like, in 0..NDUP__BINARY_NAMES - 1;
 * -1 for none. One name has one number. The bytes of a text, in any encoding, begin like none of
 * them. Source: WHATWG MIME Sniffing, sections 6 and 7, without the patterns that are markup or
 * that texts begin with; and the formats' own specifications. */
int ndup__binary_number(const char *bytes, size_t length);

/* The name of a number that ndup__binary_number gave ("PDF", "PNG image", "ZIP archive"); NULL for
 * others. */
const char *ndup__binary_name(unsigned number);

/* The same with its article: "a PDF", "an icon". */
const char *ndup__binary_a_name(unsigned number);

/* The kind of a number that ndup__binary_number gave. */
ndup__binary_kind ndup__binary_kind_of(unsigned number);

#endif
