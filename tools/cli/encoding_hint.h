/* SPDX-License-Identifier: MIT */
/* Documents that were read, but not in a way that lets them be compared. */
#ifndef CLI_ENCODING_HINT_H
#define CLI_ENCODING_HINT_H

#include <stdbool.h>

#include "job.h"

/* Says, also with --quiet, that there were documents of UTF-8 damaged throughout, and what would
 * help. Returns whether there were, which the exit status tells. */
bool cli_unread_say(const cli_job *job, uint64_t documents);

#endif
