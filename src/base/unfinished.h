/* SPDX-License-Identifier: MIT */
/* Temporary files and folders that are on the disk, for a program that is about to end. */
#ifndef NDUP__BASE_UNFINISHED_H
#define NDUP__BASE_UNFINISHED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Part of whoever made the file or folder; zero-initialise. */
typedef struct ndup__unfinished {
    const char *path; /* borrowed while it is listed; NULL: not listed */
    bool is_folder;
    struct ndup__unfinished *next;
    struct ndup__unfinished **link; /* what points to this one */
} ndup__unfinished;

/* Lists what was made. To be called under the name lock that it was made under. */
void ndup__unfinished_add(ndup__unfinished *self, const char *path, bool is_folder);

/* Takes it off the list: it has got its name, or is gone. Does nothing if it is not listed. */
void ndup__unfinished_remove(ndup__unfinished *self);

/* Counts outputs that are in place. */
void ndup__unfinished_note_placed(size_t outputs);

/* Removes everything that is listed and keeps the name lock for good: other threads that want to
 * make a name wait until the program ends. Returns how many outputs are in place. */
uint64_t ndup__unfinished_abandon(void);

#endif
