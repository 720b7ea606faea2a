/* SPDX-License-Identifier: MIT */
/* Any bytes as an input stream: reading ends, errors stay, and the step does not matter. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/temporary_file.h"
#include "codec/decompress.h"
#include "fuzz/fuzz_target.h"

enum { MAX_OUTPUT = 1 << 16, PREFIXES = 6 };

/* Inputs begin with a choice, so that random bytes reach the decoders too. */
static const struct {
    size_t length;
    unsigned char bytes[7];
} prefixes[PREFIXES] = {{0, {0}},
                        {3, {0x1F, 0x8B, 0x08}},
                        {4, {0x28, 0xB5, 0x2F, 0xFD}},
                        {7, {0xFD, '7', 'z', 'X', 'Z', 0x00, 0x00}},
                        {6, {'B', 'Z', 'h', '9', 0x31, 0x41}},
                        {4, {0x04, 0x22, 0x4D, 0x18}}};

static void check(int holds)
{
    if (!holds) {
        abort();
    }
}

/* Reads until the end, damage or MAX_OUTPUT bytes; returns the last status. */
static ndup_status read_all(char *out, size_t *length, int descriptor, size_t step)
{
    ndup__stream *stream;
    ndup_error error = {0};
    size_t got = 1;
    *length = 0;
    check(lseek(descriptor, 0, SEEK_SET) == 0);
    ndup_status status = ndup__stream_open_descriptor(&stream, descriptor, "input", NULL, &error);
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    while (status == NDUP_STATUS_OK && got > 0 && *length < MAX_OUTPUT) {
        size_t room = MAX_OUTPUT - *length;
        status = ndup__stream_read(stream, out + *length, step < room ? step : room, &got, &error);
        check(status == NDUP_STATUS_OK || (got == 0 && error.status == status));
        *length += got;
    }
    ndup__stream_close(stream);
    return status;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static char first[MAX_OUTPUT];
    static char second[MAX_OUTPUT];
    size_t first_length;
    size_t second_length;
    int descriptor;
    if (size < 2) {
        return 0;
    }
    size_t prefix = data[0] % PREFIXES;
    size_t step = (size_t)data[1] + 1;
    check(ndup__temporary_file_open(&descriptor, ".", NULL) == NDUP_STATUS_OK);
    check(ndup__file_write_all(descriptor, prefixes[prefix].bytes, prefixes[prefix].length, "input",
                               NULL) == NDUP_STATUS_OK);
    check(ndup__file_write_all(descriptor, data + 2, size - 2, "input", NULL) == NDUP_STATUS_OK);
    ndup_status first_status = read_all(first, &first_length, descriptor, MAX_OUTPUT);
    ndup_status second_status = read_all(second, &second_length, descriptor, step);
    if (first_length < MAX_OUTPUT || second_length < MAX_OUTPUT) {
        check(first_status == second_status);
    }
    check(first_length == second_length);
    check(memcmp(first, second, first_length) == 0);
    ndup__file_close_quietly(descriptor);
    return 0;
}
