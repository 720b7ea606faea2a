/* SPDX-License-Identifier: MIT */
/* --open: the page that a run wrote, in a browser. */
#ifndef CLI_OPEN_PAGE_H
#define CLI_OPEN_PAGE_H

#include <stdbool.h>

#include "output_options.h"

/* Opens the first page among the outputs, if --open was given: with $BROWSER, else with what the
 * desktop has for it. Without a display says where the page is; $BROWSER is then taken for one that
 * runs in the terminal. */
void cli_open_page(const cli_output_options *options);

/* Whether there is a page to open among the outputs. */
bool cli_outputs_have_page(const cli_output_options *options);

#endif
