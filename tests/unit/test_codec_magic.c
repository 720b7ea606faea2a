/* SPDX-License-Identifier: MIT */
/* First bytes of compressed data: known whole, and not known when one of them is another. */
#include <string.h>

#include "codec/codec.h"
#include "support/test.h"

static const ndup__codec *codec_of(const unsigned char *bytes, size_t length)
{
    return ndup__codec_by_magic(bytes, length);
}

/* Every byte of the magic counts. */
static void assert_magic(const char *magic, size_t length, const ndup__codec *codec)
{
    unsigned char bytes[16] = {0};
    memcpy(bytes, magic, length);
    assert_ptr_equal(codec_of(bytes, sizeof bytes), codec);
    assert_ptr_equal(codec_of(bytes, codec->magic_bytes - 1), NULL);
    for (size_t i = 0; i < length; i++) {
        bytes[i] ^= 0x80;
        assert_ptr_equal(codec_of(bytes, sizeof bytes), NULL);
        bytes[i] ^= 0x80;
    }
}

static void test_magic__every_byte_counts(void **state)
{
    (void)state;
    assert_magic("\x1F\x8B", 2, &ndup__codec_gzip);
    assert_magic("\x28\xB5\x2F\xFD", 4, &ndup__codec_zstd);
    assert_magic("\x50\x2A\x4D\x18\x00\x00\x00\x00\x28\xB5\x2F\xFD", 4, &ndup__codec_zstd);
    assert_magic("\xFD"
                 "7zXZ\0",
                 6, &ndup__codec_xz);
    assert_magic("BZh9\x31\x41\x59\x26\x53\x59", 6, &ndup__codec_bzip2);
    assert_magic("BZh1\x17\x72\x45\x38\x50\x90", 6, &ndup__codec_bzip2);
    assert_magic("\x04\x22\x4D\x18", 4, &ndup__codec_lz4);
    assert_magic("\x02\x21\x4C\x18", 4, &ndup__codec_lz4);
}

TEST_MAIN(cmocka_unit_test(test_magic__every_byte_counts))
