/* SPDX-License-Identifier: MIT */
/* File names as text: names are bytes, and not all of them are UTF-8. */
#ifndef NDUP__TEXT_FILE_NAME_H
#define NDUP__TEXT_FILE_NAME_H

#include <stdbool.h>
#include <stddef.h>

/* A byte that is no UTF-8 is written \xFF, with its two digits in upper case; so that this can be
 * turned back, a backslash that stands in front of "x5C" or "x80" to "xFF" is written \x5C. All
 * other names, and all other parts of a name, are what they are. Two names never look the same. */

/* Room for the written form of a name of `length` bytes, with its end. */
#define NDUP__FILE_NAME_BYTES(length) (4 * (length) + 1)

/* Whether the written form is the name itself. */
bool ndup__file_name_is_plain(const char *name);

/* Writes the form, zero-terminated; returns its length. */
size_t ndup__file_name_write(char *written, const char *name);

/* Room for the written form of any path that a system opens. */
#define NDUP__PATH_TEXT_BYTES NDUP__FILE_NAME_BYTES(4096)

/* The written form: the name itself where that is it, else in the buffer. What would not fit, which
 * no system opens, is given as it is. NULL stays NULL. */
const char *ndup__path_text(char buffer[NDUP__PATH_TEXT_BYTES], const char *path);

/* Turns it back into the name, in place; returns the name's length. */
size_t ndup__file_name_read(char *written);

#endif
