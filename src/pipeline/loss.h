/* SPDX-License-Identifier: MIT */
/* When so much could not be read that what was read says nothing. */
#ifndef NDUP__PIPELINE_LOSS_H
#define NDUP__PIPELINE_LOSS_H

#include <stdint.h>

#include "neardup/status.h"

/* CORRUPT when more than half of the files and records could not be read: a run that goes on would
 * put the outcome of a remainder in the place of an earlier, whole one. */
NDUP_NODISCARD ndup_status ndup__loss_check(uint64_t documents, uint64_t skipped,
                                            ndup_error *error);

#endif
