/* SPDX-License-Identifier: MIT */
/* Reads plain and compressed files through one interface. */
#ifndef NDUP__CODEC_DECOMPRESS_H
#define NDUP__CODEC_DECOMPRESS_H

#include <stddef.h>
#include <stdint.h>

#include "codec/frame_points.h"
#include "neardup/allocator.h"
#include "neardup/status.h"

/* An input stream. The format is told by the first bytes, not by the name: gzip (any number of
 * members one after the other), zstd (any number of frames, also skippable ones, windows up to
 * 128 MiB unless more is allowed), xz (any number of streams, for at most 512 MiB of memory),
 * bzip2, lz4 (the same), or plain bytes. Of the name only this is used: an input called .gz, .zst,
 * .xz, .bz2 or .lz4 that is shorter than the format's first bytes is truncated, not plain. The
 * decoders' own state comes from the C library's heap. Threads: single-owner. */
typedef struct ndup__stream ndup__stream;

/* Opens a file, or standard input for "-". Errors: NOT_FOUND, IO, MEMORY, CORRUPT for a truncated
 * beginning, UNSUPPORTED for a format that this build was made without. */
NDUP_NODISCARD ndup_status ndup__stream_open(ndup__stream **stream, const char *path,
                                             const ndup_allocator *allocator, ndup_error *error);

/* The same for an open descriptor, which stays the caller's; `name` is copied, for messages. */
NDUP_NODISCARD ndup_status ndup__stream_open_descriptor(ndup__stream **stream, int descriptor,
                                                        const char *name,
                                                        const ndup_allocator *allocator,
                                                        ndup_error *error);

/* Lets `threads` threads decode ahead where the format allows, zstd frames of up to 4 MiB; call it
 * before the first read. What is read is the same. Errors: MEMORY, LIMIT when there can be no more
 * threads. */
NDUP_NODISCARD ndup_status ndup__stream_read_ahead(ndup__stream *stream, unsigned threads,
                                                   ndup_error *error);

/* Lets zstd data have windows of up to 2 GiB; call it before the first read. Otherwise data with a
 * window of over 128 MiB end the stream with LIMIT. */
void ndup__stream_allow_long(ndup__stream *stream);

/* Lists in `points`, which outlive the stream, where decoding can begin, as it is read; call it
 * before the first read and before ndup__stream_read_ahead. Plain bytes have none. */
void ndup__stream_note_points(ndup__stream *stream, ndup__frame_points *points);

/* Reads on from a point that another stream of the same compressed file has listed; 0 and 0 is the
 * beginning. No threads decode ahead any more, and less is read at once. Errors: MEMORY. */
NDUP_NODISCARD ndup_status ndup__stream_go_to(ndup__stream *stream, ndup__frame_point point,
                                              ndup_error *error);

void ndup__stream_close(ndup__stream *stream);

/* Copies the first plain bytes to buffer[0..capacity) and leaves the stream where it is; call it
 * before the first read. *got is less than capacity when the input ends before, is damaged, or
 * needs more than the first MiB of it to be decoded so far. Errors: IO, MEMORY. */
NDUP_NODISCARD ndup_status ndup__stream_peek(ndup__stream *stream, char *buffer, size_t capacity,
                                             size_t *got, ndup_error *error);

/* Fills buffer[0..capacity) with the next plain bytes; *got is less than capacity only at the end
 * and in front of damage, and 0 means the end. Everything in front of damage is handed out first;
 * the call after that, and every later one, gives the error. Errors: CORRUPT with error->byte = the
 * offset in the compressed input (damaged, truncated, or other bytes behind the end; zero bytes
 * behind the last gzip member or xz stream are allowed), IO, MEMORY. */
NDUP_NODISCARD ndup_status ndup__stream_read(ndup__stream *stream, void *buffer, size_t capacity,
                                             size_t *got, ndup_error *error);

/* Bytes of the input, as it stands in the file, that have been used up; for progress. */
uint64_t ndup__stream_position(const ndup__stream *stream);

/* "plain", "gzip", "zstd", "xz", "bzip2" or "lz4". */
const char *ndup__stream_format(const ndup__stream *stream);

#endif
