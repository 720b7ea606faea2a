/* SPDX-License-Identifier: MIT */
/* Names of outputs that are not complete yet: they say what is being made, where, and by whom. */
#ifndef NDUP__BASE_TEMPORARY_NAME_H
#define NDUP__BASE_TEMPORARY_NAME_H

#include <stdbool.h>
#include <stddef.h>

/* Room for a name with its end; systems limit names to 255 bytes. */
#define NDUP__TEMPORARY_NAME_BYTES 256

/* Writes a name that this process has not used before: .BASE.neardup-tmp-HOST-PROCESS-NUMBER, of
 * the first 180 bytes of BASE. HOST is a hash of the machine's name. Threads: any. */
void ndup__temporary_name(char name[NDUP__TEMPORARY_NAME_BYTES], const char *base);

/* Whether a process of this machine, of today or before, gave the name. */
bool ndup__temporary_is_local(const char *name);

#endif
