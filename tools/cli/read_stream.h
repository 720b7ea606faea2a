/* SPDX-License-Identifier: MIT */
/* Whole streams in memory. */
#ifndef CLI_READ_STREAM_H
#define CLI_READ_STREAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

/* Reads a stream to its end into a block from the heap, with a zero byte behind it. The block is
 * the caller's even when false is given: reading failed, and errno says why. */
bool cli_read_stream(char **text, size_t *length, FILE *stream);

#endif
