/* SPDX-License-Identifier: MIT */
/* The pager that the user likes: NEARDUP_PAGER, PAGER, or less. */
#ifndef CLI_PAGER_H
#define CLI_PAGER_H

#include <stdbool.h>

/* Shows a file, from where the descriptor stands, in the pager, and waits for its end; who quits
 * early has seen enough. Gives false when nothing was shown: the pager is none ("" or "cat"), it
 * cannot be started, or nobody sits there (CI is set, TERM is dumb). */
bool cli_pager_show(int descriptor);

#endif
