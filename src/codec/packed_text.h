/* SPDX-License-Identifier: MIT */
/* Single texts, compressed in memory. */
#ifndef NDUP__CODEC_PACKED_TEXT_H
#define NDUP__CODEC_PACKED_TEXT_H

#include <stddef.h>

#include "neardup/allocator.h"
#include "neardup/status.h"

/* A packer of texts. Threads: single-owner. */
typedef struct ndup__packer ndup__packer;

/* Errors: MEMORY; UNSUPPORTED in builds without zstd. */
NDUP_NODISCARD ndup_status ndup__packer_new(ndup__packer **packer, const ndup_allocator *allocator,
                                            ndup_error *error);
void ndup__packer_free(ndup__packer *packer);

/* From here on it packs in haste, for copies that only the same packer's build reads: as an lz4
 * block without checksum, at 2.5 times the speed, into 1.4 times the bytes, and unpacks at three
 * times the speed; in builds without lz4 with zstd's first level, at 1.5 times the speed. What was
 * packed before cannot be unpacked then. */
void ndup__packer_hurry(ndup__packer *packer);

/* Bytes that a packed text takes at most. */
size_t ndup__packed_most(size_t length);

/* Packs a text into one zstd frame with a checksum, or in haste; room for ndup__packed_most.
 * Errors: MEMORY. */
NDUP_NODISCARD ndup_status ndup__pack(ndup__packer *packer, char *packed, size_t *packed_length,
                                      const char *text, size_t length, ndup_error *error);

/* Whether a text that was not packed in haste can have so many bytes: asked before there is memory
 * for them, since what is stored may be damaged. Errors: CORRUPT. */
NDUP_NODISCARD ndup_status ndup__unpack_check(size_t length, const char *packed,
                                              size_t packed_length, ndup_error *error);

/* The text again, of which the length is known: text[length]. Errors: CORRUPT, MEMORY. */
NDUP_NODISCARD ndup_status ndup__unpack(ndup__packer *packer, char *text, size_t length,
                                        const char *packed, size_t packed_length,
                                        ndup_error *error);

#endif
