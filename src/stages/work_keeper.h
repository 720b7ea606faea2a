/* SPDX-License-Identifier: MIT */
/* A run that leaves behind what another can go on with. */
#ifndef NDUP__STAGES_WORK_KEEPER_H
#define NDUP__STAGES_WORK_KEEPER_H

#include "stages/work_state.h"

/* Makes the keeper of a folder that is open. */
void ndup__work_keeper_init(ndup_work *work);

#endif
