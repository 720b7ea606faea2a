/* SPDX-License-Identifier: MIT */
/* Packed texts: the same again, and no memory for what cannot be one. */
#include "codec/packed_text.h"

#include <stdint.h>
#include <string.h>

#include "support/test.h"

enum { ROOM = 1000, LENGTH = 300 };

typedef struct fixture {
    ndup__packer *packer;
    char text[LENGTH], packed[ROOM];
    size_t packed_length;
    ndup_error error;
} fixture;

static void begin(fixture *self)
{
    if (!NDUP_HAVE_ZSTD) {
        skip();
    }
    for (size_t i = 0; i < LENGTH; i++) {
        self->text[i] = (char)('a' + i * i % 7);
    }
    assert_ok(ndup__packer_new(&self->packer, NULL, &self->error), &self->error);
    assert_true(ndup__packed_most(LENGTH) <= ROOM);
    assert_ok(ndup__pack(self->packer, self->packed, &self->packed_length, self->text, LENGTH,
                         &self->error),
              &self->error);
}

static void test_packed_text__is_the_same_again(void **state)
{
    (void)state;
    fixture self;
    char again[LENGTH];
    begin(&self);
    assert_ok(ndup__unpack_check(LENGTH, self.packed, self.packed_length, &self.error),
              &self.error);
    assert_ok(
        ndup__unpack(self.packer, again, LENGTH, self.packed, self.packed_length, &self.error),
        &self.error);
    assert_memory_equal(again, self.text, LENGTH);
    ndup__packer_free(self.packer);
}

static void check_refused(size_t length, const char *packed, size_t packed_length)
{
    ndup_error error;
    assert_status(ndup__unpack_check(length, packed, packed_length, &error), NDUP_STATUS_CORRUPT,
                  &error);
}

static void test_packed_text__of_another_length_is_refused(void **state)
{
    (void)state;
    fixture self;
    begin(&self);
    check_refused(LENGTH + 1, self.packed, self.packed_length);
    check_refused(0, self.packed, self.packed_length);
    check_refused(LENGTH, "", 0);
    check_refused(LENGTH, "no frame at all", 15);
    ndup__packer_free(self.packer);
}

/* A frame may say what it likes: this one of 12 bytes says 4 GiB less one. */
static void test_packed_text__that_cannot_be_so_long_is_refused(void **state)
{
    (void)state;
    fixture self;
    const unsigned char frame[12] = {0x28, 0xB5, 0x2F, 0xFD, 0xA0, 0xFF, 0xFF, 0xFF, 0xFF};
    begin(&self);
    check_refused(UINT32_MAX, (const char *)frame, sizeof frame);
    ndup__packer_free(self.packer);
}

TEST_MAIN(cmocka_unit_test(test_packed_text__is_the_same_again),
          cmocka_unit_test(test_packed_text__of_another_length_is_refused),
          cmocka_unit_test(test_packed_text__that_cannot_be_so_long_is_refused))
