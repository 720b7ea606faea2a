/* SPDX-License-Identifier: MIT */
/* Character encodings of web pages: which one it is, and from it to UTF-8. */
#ifndef NDUP__HTML_CHARSET_H
#define NDUP__HTML_CHARSET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "neardup/allocator.h"
#include "neardup/document.h"
#include "neardup/status.h"

/* An encoding of the WHATWG Encoding Standard. Threads: immutable. */
typedef struct ndup__charset {
    const char *name;   /* as the standard writes it */
    const char *system; /* as iconv knows it; NULL where it is decoded here */
    const char *labels; /* in lower case, between spaces */
} ndup__charset;

/* The encoding that a label stands for ("latin1", " UTF8 ", in any case), or NULL. Labels mean
 * what browsers take them for: latin1 is windows-1252. */
const ndup__charset *ndup__charset_by_label(ndup_text label);

/* The encoding of a text: byte order mark (*mark is its length, else 0); UTF-16 by the zeros of its
 * first characters; the charset of an HTTP Content-Type value; UTF-8 where nearly all bytes are
 * valid; windows-1252. A label is not believed where the bytes are not ASCII but valid UTF-8. Never
 * NULL. Cost: one pass over the bytes unless the label is UTF-8. */
const ndup__charset *ndup__charset_detect(size_t *mark, const char *bytes, size_t length,
                                          ndup_text content_type);

/* The same for a page, whose own label counts behind the content type's: the XML declaration or the
 * first <meta> of the first 1,024 bytes; where those name none and the bytes are not valid UTF-8,
 * of the whole page, as browsers do that read a page again when they come to one. Source: WHATWG
 * HTML, "determining the character encoding", without guesses from the language; that valid UTF-8
 * beats labels is ours. */
const ndup__charset *ndup__charset_detect_page(size_t *mark, const char *bytes, size_t length,
                                               ndup_text content_type);

const ndup__charset *ndup__charset_utf8(void);
const ndup__charset *ndup__charset_utf16(bool is_big);
const ndup__charset *ndup__charset_latin1(void); /* windows-1252 */

/* The code point of a byte in windows-1252. */
uint32_t ndup__charset_windows_1252(unsigned char byte);

/* Turns texts into UTF-8, one after the other. Zero-initialise, set the allocator. Threads:
 * single-owner. */
typedef struct ndup__charset_decoder {
    const ndup_allocator *allocator;
    char *bytes;
    size_t length;
    size_t capacity;
    const ndup__charset *opened; /* what `converter` converts from, or NULL */
    void *converter;
    uint64_t replaced; /* damaged sequences of the last text */
} ndup__charset_decoder;

/* *utf8 is bytes[0..length) in valid UTF-8: the very bytes where they are that already, else in the
 * decoder's memory until it is used again. Where the system cannot convert from an encoding, the
 * bytes are read as UTF-8. Errors: MEMORY. */
NDUP_NODISCARD ndup_status ndup__charset_decode(ndup_text *utf8, ndup__charset_decoder *decoder,
                                                const ndup__charset *charset, const char *bytes,
                                                size_t length, ndup_error *error);

void ndup__charset_decoder_deinit(ndup__charset_decoder *decoder);

#endif
