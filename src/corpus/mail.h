/* SPDX-License-Identifier: MIT */
/* Mail (RFC 5322, MIME): what a message says, without what carries it. */
#ifndef NDUP__CORPUS_MAIL_H
#define NDUP__CORPUS_MAIL_H

#include <stdbool.h>

#include "corpus/reader.h"

/* Parts are empty where there are none. They stand in the message or in the block's arena. */
typedef struct ndup__mail {
    ndup_document page; /* text; the units of a page, where it was one */
    ndup_text id;       /* Message-ID, without its brackets */
    ndup_text subject;
    ndup_text date; /* as it stands */
    ndup_text author;
    ndup_text source; /* the author's domain */
    uint64_t replaced;
} ndup__mail;

/* Reads a message: of its parts the first that is plain text and not blank, else the first that is
 * HTML, read as a page; attachments and messages in messages are passed over. Cost: linear in the
 * message, times the depth of its parts, of which eight are looked into. Errors: UNSUPPORTED for
 * HTML in a build without Gumbo, those of ndup__page_read. */
NDUP_NODISCARD ndup_status ndup__mail_read(ndup__mail *mail, ndup__block *block, ndup_text message,
                                           ndup_error *error);

/* The value of a header, with its folds; empty if absent. */
ndup_text ndup__mail_header(ndup_text message, const char *name);

/* The length of the line of a header at the beginning of text: "Name: value"; 0 if it is none. */
size_t ndup__mail_header_line(ndup_text text);

/* Appends what base64 or quoted-printable stands for; what cannot be in it is passed over. Errors:
 * MEMORY. */
NDUP_NODISCARD ndup_status ndup__mail_add_base64(ndup__json_line *out, ndup_text text,
                                                 ndup_error *error);
NDUP_NODISCARD ndup_status ndup__mail_add_quoted(ndup__json_line *out, ndup_text text,
                                                 bool is_header, ndup_error *error);

/* A header's value unfolded, its encoded words (RFC 2047) decoded, in the arena of the block.
 * Errors: MEMORY. */
NDUP_NODISCARD ndup_status ndup__mail_decode_header(ndup_text *value, ndup__block *block,
                                                    ndup_text raw, ndup_error *error);

#endif
