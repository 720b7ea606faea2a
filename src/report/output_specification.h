/* SPDX-License-Identifier: MIT */
/* "FORMAT:PATH", as outputs are named. */
#ifndef NDUP__REPORT_OUTPUT_SPECIFICATION_H
#define NDUP__REPORT_OUTPUT_SPECIFICATION_H

#include "neardup/output.h"

/* The format, as an index of what `format` lists (NULL past the end), and the path in the
 * specification. Errors: INVALID, naming the formats. */
NDUP_NODISCARD ndup_status ndup__read_specification(size_t *index, const char **path,
                                                    const char *specification,
                                                    const ndup_output_info *(*format)(size_t),
                                                    ndup_error *error);

#endif
