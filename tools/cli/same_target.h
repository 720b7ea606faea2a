/* SPDX-License-Identifier: MIT */
/* Whether two outputs would be written to one place. */
#ifndef CLI_SAME_TARGET_H
#define CLI_SAME_TARGET_H

#include <stdbool.h>

/* "-" is standard output. */
bool cli_is_same_target(const char *a, const char *b);

#endif
