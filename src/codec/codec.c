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

/* Whether the name ends with the suffix, which is in lower case, in any case. */
static bool ends_with(const char *name, size_t length, const char *suffix)
{
    size_t suffix_length = strlen(suffix);
    for (size_t i = 0; i < suffix_length && length > suffix_length; i++) {
        char byte = name[length - suffix_length + i];
        if ((byte >= 'A' && byte <= 'Z' ? byte + 32 : byte) != suffix[i]) {
            return false;
        }
    }
    return length > suffix_length;
}

const ndup__codec *ndup__codec_by_name(const char *name)
{
    size_t length = strlen(name);
    for (size_t i = 0; i < sizeof codecs / sizeof codecs[0]; i++) {
        if (ends_with(name, length, codecs[i]->suffix)) {
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
