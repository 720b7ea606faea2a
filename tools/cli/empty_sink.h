/* SPDX-License-Identifier: MIT */
/* The ends of sinks that print as they go and have nothing to put in its place or to remove. */
#ifndef CLI_EMPTY_SINK_H
#define CLI_EMPTY_SINK_H

#include "neardup.h"

/* The member commit. */
ndup_status cli_sink_commit(void *context, ndup_error *error);

/* The member abort. */
void cli_sink_abort(void *context);

#endif
