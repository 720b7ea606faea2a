/* SPDX-License-Identifier: MIT */
/* Nothing to do. */
#include "empty_sink.h"

ndup_status cli_sink_commit(void *context, ndup_error *error)
{
    (void)context;
    (void)error;
    return NDUP_STATUS_OK;
}

void cli_sink_abort(void *context)
{
    (void)context;
}
