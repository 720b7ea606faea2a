/* SPDX-License-Identifier: MIT */
/* zstd with contexts that are reused: making one costs more than a text. */
#include "codec/packed_text.h"

#include "base/alloc.h"
#include "base/error.h"
#include "codec/codec.h"

#if NDUP_HAVE_ZSTD

#include <limits.h>
#include <zstd.h>

#if NDUP_HAVE_LZ4
#include <lz4.h>
#endif

#define LEVEL 3
#define HURRIED_LEVEL 1
/* An lz4 block that does not become shorter is a little longer than zstd's: by 1/255 of the text,
 * not 1/256, and 16 bytes. */
#define LZ4_ROOM 16
/* What one packed byte can stand for: a block of four is 128 KiB at most. */
#define GROWTH_MOST 32768

struct ndup__packer {
    const ndup_allocator *allocator;
    ZSTD_CCtx *encoder;
    ZSTD_DCtx *decoder;
    bool is_hurried;
};

/* One block of lz4, while lengths are those of its interface. */
static bool takes_lz4(const ndup__packer *packer, size_t length)
{
    return NDUP_HAVE_LZ4 && packer->is_hurried && length <= INT_MAX / 2;
}

#if NDUP_HAVE_LZ4

static size_t pack_lz4(char *packed, const char *text, size_t length)
{
    size_t most = ndup__packed_most(length);
    return (size_t)LZ4_compress_default(text, packed, (int)length,
                                        most < INT_MAX ? (int)most : INT_MAX);
}

static bool unpack_lz4(char *text, size_t length, const char *packed, size_t packed_length)
{
    return LZ4_decompress_safe(packed, text, (int)packed_length, (int)length) == (int)length;
}

#else

static size_t pack_lz4(char *packed, const char *text, size_t length)
{
    (void)packed, (void)text, (void)length;
    return 0;
}

static bool unpack_lz4(char *text, size_t length, const char *packed, size_t packed_length)
{
    (void)text, (void)length, (void)packed, (void)packed_length;
    return false;
}

#endif

ndup_status ndup__packer_new(ndup__packer **out, const ndup_allocator *allocator, ndup_error *error)
{
    ndup__packer *packer;
    ndup_status status = ndup__allocate_zeroed(allocator, &packer, 1, sizeof *packer, error);
    *out = packer;
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    *packer = (ndup__packer){
        .allocator = allocator, .encoder = ZSTD_createCCtx(), .decoder = ZSTD_createDCtx()};
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
    packer->is_hurried = true;
    ZSTD_CCtx_setParameter(packer->encoder, ZSTD_c_compressionLevel, HURRIED_LEVEL);
}

size_t ndup__packed_most(size_t length)
{
    return ZSTD_compressBound(length) + length / 1024 + LZ4_ROOM;
}

ndup_status ndup__pack(ndup__packer *packer, char *packed, size_t *packed_length, const char *text,
                       size_t length, ndup_error *error)
{
    if (takes_lz4(packer, length)) {
        *packed_length = pack_lz4(packed, text, length);
        return NDUP_STATUS_OK;
    }
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
    if (takes_lz4(packer, length)) {
        return unpack_lz4(text, length, packed, packed_length)
                   ? NDUP_STATUS_OK
                   : ndup__fail(error, NDUP_STATUS_CORRUPT, "a compressed text is damaged");
    }
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
