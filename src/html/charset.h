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

/* The encodings that are decoded without the system's help; _OTHER for all others. */
enum {
    NDUP__UTF_8,
    NDUP__UTF_16LE,
    NDUP__UTF_16BE,
    NDUP__WINDOWS_1252,
    NDUP__UTF_32LE,
    NDUP__UTF_32BE,
    NDUP__CHARSET_OTHER
};
int ndup__charset_kind(const ndup__charset *charset);

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

/* The encoding that a byte order mark stands for, of *mark bytes: UTF-8, UTF-16 or UTF-32; NULL
 * where there is none. */
const ndup__charset *ndup__charset_by_mark(size_t *mark, const char *bytes, size_t length);

/* UTF-16 without a mark: of the first 1,024 bytes more than half of those at odd places are zero
 * and hardly one at even places (little end first), or the other way round. Else NULL. */
const ndup__charset *ndup__charset_by_zeros(const char *bytes, size_t length);

/* Whether ndup__charset_guess knows more than UTF-8: this build has uchardet. */
bool ndup__charset_can_guess(void);

/* *guess: what uchardet takes bytes for that are not UTF-8 (it knows how often letters follow each
 * other in some forty languages), windows-1252 where it knows nothing; UTF-8 where the bytes are
 * valid but for a character that the end cuts off. Errors: MEMORY. uchardet itself ends the program
 * where its last bit of memory cannot be had; so much as it needs is tried before. */
NDUP_NODISCARD ndup_status ndup__charset_guess(const ndup__charset **guess, const char *bytes,
                                               size_t length, ndup_error *error);

const ndup__charset *ndup__charset_utf8(void);
const ndup__charset *ndup__charset_utf16(bool is_big);
const ndup__charset *ndup__charset_utf32(bool is_big);
const ndup__charset *ndup__charset_latin1(void); /* windows-1252 */

/* How many bytes at the beginning are valid UTF-8. */
size_t ndup__charset_valid_utf8(const char *bytes, size_t length);

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
 * decoder's memory until it is used again. Errors: UNSUPPORTED where the system cannot convert from
 * the encoding, MEMORY, IO. */
NDUP_NODISCARD ndup_status ndup__charset_decode(ndup_text *utf8, ndup__charset_decoder *decoder,
                                                const ndup__charset *charset, const char *bytes,
                                                size_t length, ndup_error *error);

/* The same in parts: begin, then parts up to the last one. Errors: UNSUPPORTED where the system
 * cannot convert from the encoding, MEMORY, IO. */
NDUP_NODISCARD ndup_status ndup__charset_begin(ndup__charset_decoder *decoder,
                                               const ndup__charset *charset, ndup_error *error);

/* *utf8 is what the first *taken bytes say, in the decoder's memory; the others, some bytes of a
 * character, belong in front of the next part. Of the last part all are taken. decoder->replaced
 * counts on. Errors: MEMORY. */
NDUP_NODISCARD ndup_status ndup__charset_decode_part(ndup_text *utf8, size_t *taken,
                                                     ndup__charset_decoder *decoder,
                                                     const ndup__charset *charset,
                                                     const char *bytes, size_t length, bool is_last,
                                                     ndup_error *error);

void ndup__charset_decoder_deinit(ndup__charset_decoder *decoder);

#endif
