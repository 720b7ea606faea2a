/* SPDX-License-Identifier: MIT */
/* Checking the options of flag runs. */
#ifndef NDUP__FLAG_FLAG_OPTIONS_H
#define NDUP__FLAG_FLAG_OPTIONS_H

#include "neardup/flag.h"

/* Errors: INVALID, naming the option, its value and what it must be. */
NDUP_NODISCARD ndup_status ndup__flag_options_check(const ndup_flag_options *options,
                                                    ndup_error *error);

#endif
