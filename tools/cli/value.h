/* SPDX-License-Identifier: MIT */
/* Strict reading of numbers: the whole word must be the number. */
#ifndef CLI_VALUE_H
#define CLI_VALUE_H

#include <stdbool.h>
#include <stdint.h>

#include "option_table.h"

/* Each gives false when `text` is not such a value in full. */
bool cli_value_number(double *value, const char *text);
bool cli_value_count(uint64_t *value, const char *text);
bool cli_value_size(uint64_t *bytes, const char *text);

/* A range without limits that were set (least == most) holds everything. */
bool cli_range_holds(const cli_range *range, double value);

/* "above 0 and at most 1", "between 1 and 64", "at least 1". Shapes: text has 80 bytes. */
void cli_range_text(char text[80], const cli_range *range);

#endif
