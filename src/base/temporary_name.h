/* SPDX-License-Identifier: MIT */
/* Names of outputs that are not complete yet: they say what is being made, where, and by whom. */
#ifndef NDUP__BASE_TEMPORARY_NAME_H
#define NDUP__BASE_TEMPORARY_NAME_H

#include <stddef.h>

/* Room for a name with its end; systems limit names to 255 bytes. */
#define NDUP__TEMPORARY_NAME_BYTES 256

/* Writes a name that this process has not used before: .BASE.neardup-tmp-HOST-PROCESS-NUMBER, of
 * the first 180 bytes of BASE. HOST is a hash of the machine's name. Threads: any. */
void ndup__temporary_name(char name[NDUP__TEMPORARY_NAME_BYTES], const char *base);

typedef enum ndup__temporary_maker {
    NDUP__MADE_BY_NOBODY, /* no temporary name */
    NDUP__MADE_HERE,
    NDUP__MADE_ELSEWHERE /* under another host name: by another machine, or in a container */
} ndup__temporary_maker;

/* Where the process ran, of today or before, that gave the name. */
ndup__temporary_maker ndup__temporary_made_by(const char *name);

#endif
