/* SPDX-License-Identifier: MIT */
/* Packed texts: the same again, and no memory for what cannot be one. */
#include "codec/packed_text.h"

#include <stdint.h>
#include <stdlib.h>
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

static void check_in_haste(ndup__packer *packer, const char *text, size_t length)
{
    ndup_error error;
    size_t packed_length;
    char *packed = malloc(ndup__packed_most(length));
    char *again = malloc(length);
    assert_true(packed != NULL && again != NULL);
    assert_ok(ndup__pack(packer, packed, &packed_length, text, length, &error), &error);
    assert_true(packed_length > 0 && packed_length <= ndup__packed_most(length));
    assert_ok(ndup__unpack(packer, again, length, packed, packed_length, &error), &error);
    assert_memory_equal(again, text, length);
    assert_status(ndup__unpack(packer, again, length, packed, packed_length / 2, &error),
                  NDUP_STATUS_CORRUPT, &error);
    free(packed);
    free(again);
}

static void test_packed_text__in_haste_is_the_same_again(void **state)
{
    (void)state;
    fixture self;
    static char bytes[200000];
    uint64_t random = 1;
    begin(&self);
    ndup__packer_hurry(self.packer);
    check_in_haste(self.packer, self.text, LENGTH);
    for (size_t length = 1; length <= sizeof bytes; length *= 7) {
        check_in_haste(self.packer, bytes, length);
    }
    for (size_t i = 0; i < sizeof bytes; i++) {
        random = random * 6364136223846793005u + 1442695040888963407u;
        bytes[i] = (char)(random >> 56);
    }
    check_in_haste(self.packer, bytes, sizeof bytes); /* which do not become shorter */
    ndup__packer_free(self.packer);
}

TEST_MAIN(cmocka_unit_test(test_packed_text__is_the_same_again),
          cmocka_unit_test(test_packed_text__in_haste_is_the_same_again),
          cmocka_unit_test(test_packed_text__of_another_length_is_refused),
          cmocka_unit_test(test_packed_text__that_cannot_be_so_long_is_refused))
