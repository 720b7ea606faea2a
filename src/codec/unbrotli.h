/* SPDX-License-Identifier: MIT */
/* Decoding Brotli data (RFC 7932), which web servers send: it has no files and no first bytes of
 * its own, so it is no codec. */
#ifndef NDUP__CODEC_UNBROTLI_H
#define NDUP__CODEC_UNBROTLI_H

#include "codec/codec.h"

/* Set by the build to 1 when it links libbrotlidec. */
#ifndef NDUP_HAVE_BROTLI
#define NDUP_HAVE_BROTLI 0
#endif

/* Threads: single-owner. Memory: up to the window, 16 MiB. */
typedef struct ndup__unbrotli ndup__unbrotli;

/* Errors: UNSUPPORTED when the build lacks it; MEMORY. */
NDUP_NODISCARD ndup_status ndup__unbrotli_open(ndup__unbrotli **decoder, ndup_error *error);
void ndup__unbrotli_close(ndup__unbrotli *decoder);

/* One step, as a codec's decode. *ended is set to true once the data is complete. Errors: CORRUPT,
 * MEMORY. */
NDUP_NODISCARD ndup_status ndup__unbrotli_decode(bool *ended, const char **problem,
                                                 ndup__unbrotli *decoder,
                                                 ndup__codec_buffers *buffers);

#endif
