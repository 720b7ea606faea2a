/* SPDX-License-Identifier: MIT */
/* Character encodings of web pages: which one it is, and from it to UTF-8. */
#ifndef NDUP__HTML_CHARSET_H
#define NDUP__HTML_CHARSET_H

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

/* The encoding of a page: byte order mark (*mark is its length, else 0), the charset of an HTTP
 * Content-Type value, what the page says in its first bytes (<meta> or an XML declaration), UTF-8
 * where all bytes are valid, windows-1252. Never NULL. Source: WHATWG HTML, "determining the
 * character encoding", without guesses from the language. */
const ndup__charset *ndup__charset_detect(size_t *mark, const char *bytes, size_t length,
                                          ndup_text content_type);

const ndup__charset *ndup__charset_utf8(void);

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
