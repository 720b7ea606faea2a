/* SPDX-License-Identifier: MIT */
/* Brotli through libbrotlidec. */
#include "codec/unbrotli.h"

#include "base/error.h"

#if NDUP_HAVE_BROTLI

#include <brotli/decode.h>

ndup_status ndup__unbrotli_open(ndup__unbrotli **decoder, ndup_error *error)
{
    *decoder = (ndup__unbrotli *)BrotliDecoderCreateInstance(NULL, NULL, NULL);
    return *decoder != NULL
               ? NDUP_STATUS_OK
               : ndup__fail(error, NDUP_STATUS_MEMORY, "out of memory: the Brotli decoder");
}

void ndup__unbrotli_close(ndup__unbrotli *decoder)
{
    BrotliDecoderDestroyInstance((BrotliDecoderState *)decoder);
}

ndup_status ndup__unbrotli_decode(bool *ended, const char **problem, ndup__unbrotli *decoder,
                                  ndup__codec_buffers *buffers)
{
    BrotliDecoderState *state = (BrotliDecoderState *)decoder;
    BrotliDecoderResult result =
        BrotliDecoderDecompressStream(state, &buffers->input_length, &buffers->input,
                                      &buffers->output_capacity, &buffers->output, NULL);
    *ended = result == BROTLI_DECODER_RESULT_SUCCESS;
    if (result != BROTLI_DECODER_RESULT_ERROR) {
        return NDUP_STATUS_OK;
    }
    BrotliDecoderErrorCode code = BrotliDecoderGetErrorCode(state);
    bool is_memory = code <= BROTLI_DECODER_ERROR_ALLOC_CONTEXT_MODES &&
                     code >= BROTLI_DECODER_ERROR_ALLOC_BLOCK_TYPE_TREES;
    *problem = is_memory ? "out of memory: the Brotli decoder" : "damaged Brotli data";
    return is_memory ? NDUP_STATUS_MEMORY : NDUP_STATUS_CORRUPT;
}

#else

ndup_status ndup__unbrotli_open(ndup__unbrotli **decoder, ndup_error *error)
{
    *decoder = NULL;
    return ndup__fail(error, NDUP_STATUS_UNSUPPORTED,
                      "this build cannot read content encoding br: install libbrotli-dev and build "
                      "again");
}

void ndup__unbrotli_close(ndup__unbrotli *decoder)
{
    (void)decoder;
}

ndup_status ndup__unbrotli_decode(bool *ended, const char **problem, ndup__unbrotli *decoder,
                                  ndup__codec_buffers *buffers)
{
    (void)decoder;
    (void)buffers;
    *ended = false;
    *problem = "this build cannot read Brotli data";
    return NDUP_STATUS_CORRUPT;
}

#endif
