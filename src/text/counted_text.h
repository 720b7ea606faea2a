/* SPDX-License-Identifier: MIT */
/* Kinds of text of which not all counts: what does, as another text of the same length, so that
 * every offset in the one is an offset in the other. Its words are the tokens. */
#ifndef NDUP__TEXT_COUNTED_TEXT_H
#define NDUP__TEXT_COUNTED_TEXT_H

#include "text/tokenize.h"

/* Source code. Comments are blank. A name that starts with a small letter is one letter, x, unless
 * it is a keyword of some language, is called, or belongs to something (foo(, .foo, ->foo, :foo),
 * or stands between words without a mark, which is prose. Names of types and constants, what is in
 * quotes, numbers, and words with other letters than those of ASCII stay. A comment is what most
 * languages have, and is read without knowing which this one is: behind two slashes, between slash
 * and star, behind # and a space or another #, and between <!-- and -->. Shapes: counted[length].
 */
void ndup__counted_code(char *counted, const char *text, size_t length);

/* Posts of social networks. Blank are links, handles (@name), RT, MT, QT and via in front of a
 * handle, and tags (#tag) behind the last word; a tag among the words is a word. Shapes:
 * counted[length]. */
void ndup__counted_post(char *counted, const char *text, size_t length);

/* Points *text at what counts of it and sets *mode to that of its tokens, which is WORDS; leaves
 * both as they are in modes where all counts. What it points at lives in `tokens`, until the next
 * text. Errors: MEMORY. */
NDUP_NODISCARD ndup_status ndup__tokens_view(ndup__tokens *tokens, ndup__token_mode *mode,
                                             const char **text, size_t length, ndup_error *error);

#endif
