/* SPDX-License-Identifier: MIT */
/* What every fuzz target defines; libFuzzer and replay.c call it. */
#ifndef TEST_FUZZ_TARGET_H
#define TEST_FUZZ_TARGET_H

#include <stddef.h>
#include <stdint.h>

/* Works on any bytes without fault, leak or failed assertion; returns 0. `data` is borrowed. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#endif
