/* SPDX-License-Identifier: MIT */
/* The list of compressed formats. */
#include "codec/codec.h"

#include <string.h>

#include "base/error.h"

static const ndup__codec *const codecs[] = {&ndup__codec_gzip, &ndup__codec_zstd, &ndup__codec_xz,
                                            &ndup__codec_bzip2, &ndup__codec_lz4};

const ndup__codec *ndup__codec_by_magic(const unsigned char *bytes, size_t length)
{
    for (size_t i = 0; i < sizeof codecs / sizeof codecs[0]; i++) {
        if (length >= codecs[i]->magic_bytes && codecs[i]->is_magic(bytes)) {
            return codecs[i];
        }
    }
    return NULL;
}

const ndup__codec *ndup__codec_by_name(const char *name)
{
    size_t length = strlen(name);
    for (size_t i = 0; i < sizeof codecs / sizeof codecs[0]; i++) {
        size_t suffix_length = strlen(codecs[i]->suffix);
        if (length > suffix_length &&
            strcmp(name + length - suffix_length, codecs[i]->suffix) == 0) {
            return codecs[i];
        }
    }
    return NULL;
}

ndup_status ndup__codec_fail_missing(ndup_error *error, const ndup__codec *codec, const char *verb)
{
    return ndup__fail(error, NDUP_STATUS_UNSUPPORTED,
                      "this build cannot %s %s: install %s and build again", verb, codec->suffix,
                      codec->package);
}
