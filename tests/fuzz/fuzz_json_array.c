/* SPDX-License-Identifier: MIT */
/* Any bytes as a file of JSON: blocks do not matter, and every record can be read again alone. */
#include "fuzz/fuzz_target.h"
#include "support/cut_check.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size > 0) {
        /* The first byte is the size of blocks. */
        (void)cut_check("input.jsonl", data + 1, size - 1, (size_t)data[0] + 1);
    }
    return 0;
}
