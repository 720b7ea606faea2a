/* SPDX-License-Identifier: MIT */
/* --max-loss: the most that a source may lose. */
#ifndef CLI_MAX_LOSS_H
#define CLI_MAX_LOSS_H

#include "neardup.h"
#include "option_table.h"

/* Turns every "PERCENT[:SOURCE]" of the list into a limit of the options; the strings stay those of
 * the list. The limits are the caller's to free. Gives CLI_GO_ON or an exit status. */
int cli_max_loss_resolve(ndup_max_loss **limits, ndup_dedup_options *resolved,
                         const cli_list *typed, const cli_command *command);

#endif
