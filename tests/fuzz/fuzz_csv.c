/* SPDX-License-Identifier: MIT */
/* Any bytes as rows: blocks do not matter, and every record can be read again alone. */
#include "fuzz/fuzz_target.h"
#include "support/cut_check.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size > 1) {
        /* The first byte is the size of blocks, the second the usual delimiter. */
        const char *name = data[1] % 2 == 0 ? "input.csv" : "input.tsv";
        (void)cut_check(name, data + 2, size - 2, (size_t)data[0] + 1);
    }
    return 0;
}
