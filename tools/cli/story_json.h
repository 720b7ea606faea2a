/* SPDX-License-Identifier: MIT */
/* Why documents are one story, as JSON. */
#ifndef CLI_STORY_JSON_H
#define CLI_STORY_JSON_H

#include <stdio.h>

#include "neardup.h"

/* One object, with a line end. */
void cli_story_json_print(FILE *out, const ndup_story_explanation *told);

#endif
