/* SPDX-License-Identifier: MIT */
/* zstd with contexts that are reused: making one costs more than a text. */
#include "codec/packed_text.h"

#include "base/alloc.h"
#include "base/error.h"

#if NDUP_HAVE_ZSTD

#include <zstd.h>

#define LEVEL 3
#define HURRIED_LEVEL 1
/* What one packed byte can stand for: a block of four is 128 KiB at most. */
#define GROWTH_MOST 32768

struct ndup__packer {
    const ndup_allocator *allocator;
    ZSTD_CCtx *encoder;
    ZSTD_DCtx *decoder;
};

ndup_status ndup__packer_new(ndup__packer **out, const ndup_allocator *allocator, ndup_error *error)
{
    ndup__packer *packer;
    ndup_status status = ndup__allocate_zeroed(allocator, &packer, 1, sizeof *packer, error);
    *out = packer;
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    *packer = (ndup__packer){allocator, ZSTD_createCCtx(), ZSTD_createDCtx()};
    if (packer->encoder == NULL || packer->decoder == NULL) {
        ndup__packer_free(packer);
        *out = NULL;
        return ndup__fail(error, NDUP_STATUS_MEMORY, "out of memory: zstd");
    }
    ZSTD_CCtx_setParameter(packer->encoder, ZSTD_c_compressionLevel, LEVEL);
    ZSTD_CCtx_setParameter(packer->encoder, ZSTD_c_checksumFlag, 1);
    return NDUP_STATUS_OK;
}

void ndup__packer_free(ndup__packer *packer)
{
    if (packer != NULL) {
        const ndup_allocator *allocator = packer->allocator;
        ZSTD_freeCCtx(packer->encoder);
        ZSTD_freeDCtx(packer->decoder);
        ndup__free(allocator, &packer, 1, sizeof *packer);
    }
}

void ndup__packer_hurry(ndup__packer *packer)
{
    ZSTD_CCtx_setParameter(packer->encoder, ZSTD_c_compressionLevel, HURRIED_LEVEL);
}

size_t ndup__packed_most(size_t length)
{
    return ZSTD_compressBound(length);
}

ndup_status ndup__pack(ndup__packer *packer, char *packed, size_t *packed_length, const char *text,
                       size_t length, ndup_error *error)
{
    size_t result =
        ZSTD_compress2(packer->encoder, packed, ndup__packed_most(length), text, length);
    if (ZSTD_isError(result)) {
        return ndup__fail(error, NDUP_STATUS_MEMORY, "a text cannot be compressed: %s",
                          ZSTD_getErrorName(result));
    }
    *packed_length = result;
    return NDUP_STATUS_OK;
}

ndup_status ndup__unpack_check(size_t length, const char *packed, size_t packed_length,
                               ndup_error *error)
{
    if (length / GROWTH_MOST <= packed_length &&
        ZSTD_getFrameContentSize(packed, packed_length) == length) {
        return NDUP_STATUS_OK;
    }
    return ndup__fail(error, NDUP_STATUS_CORRUPT,
                      "a compressed text is damaged: %zu bytes cannot be one of %zu", packed_length,
                      length);
}

ndup_status ndup__unpack(ndup__packer *packer, char *text, size_t length, const char *packed,
                         size_t packed_length, ndup_error *error)
{
    size_t result = ZSTD_decompressDCtx(packer->decoder, text, length, packed, packed_length);
    if (ZSTD_isError(result) || result != length) {
        return ndup__fail(error, NDUP_STATUS_CORRUPT, "a compressed text is damaged: %s",
                          ZSTD_isError(result) ? ZSTD_getErrorName(result)
                                               : "it is of another length");
    }
    return NDUP_STATUS_OK;
}

#else

ndup_status ndup__packer_new(ndup__packer **packer, const ndup_allocator *allocator,
                             ndup_error *error)
{
    (void)allocator;
    *packer = NULL;
    return ndup__fail(error, NDUP_STATUS_UNSUPPORTED,
                      "this build is without zstd (package libzstd-dev), which texts are kept by");
}

void ndup__packer_free(ndup__packer *packer)
{
    (void)packer;
}

void ndup__packer_hurry(ndup__packer *packer)
{
    (void)packer;
}

size_t ndup__packed_most(size_t length)
{
    return length;
}

ndup_status ndup__pack(ndup__packer *packer, char *packed, size_t *packed_length, const char *text,
                       size_t length, ndup_error *error)
{
    (void)packer, (void)packed, (void)packed_length, (void)text, (void)length;
    return ndup__fail(error, NDUP_STATUS_UNSUPPORTED, "this build is without zstd");
}

ndup_status ndup__unpack_check(size_t length, const char *packed, size_t packed_length,
                               ndup_error *error)
{
    (void)length, (void)packed, (void)packed_length;
    return ndup__fail(error, NDUP_STATUS_UNSUPPORTED, "this build is without zstd");
}

ndup_status ndup__unpack(ndup__packer *packer, char *text, size_t length, const char *packed,
                         size_t packed_length, ndup_error *error)
{
    (void)packer, (void)text, (void)length, (void)packed, (void)packed_length;
    return ndup__fail(error, NDUP_STATUS_UNSUPPORTED, "this build is without zstd");
}

#endif
