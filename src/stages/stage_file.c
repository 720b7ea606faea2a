/* SPDX-License-Identifier: MIT */
/* What a file of stages is. */
#include "dedup/frequency_table.h"
#include "neardup/decide.h"
#include "stages/bucket_file.h"
#include "stages/components.h"
#include "stages/decision_file.h"

ndup_stage_file ndup_stage_file_of(const char *path)
{
    const struct {
        ndup_stage_file file;
        const ndup__section_kind *kind;
    } kinds[] = {{NDUP_STAGE_FILE_PART, &ndup__part_kind},
                 {NDUP_STAGE_FILE_BUCKETS, &ndup__bucket_kind},
                 {NDUP_STAGE_FILE_COMPONENTS, &ndup__component_kind},
                 {NDUP_STAGE_FILE_COUNTS, &ndup__count_kind},
                 {NDUP_STAGE_FILE_DECISIONS, &ndup__decision_kind}};
    for (size_t i = 0; path != NULL && i < sizeof kinds / sizeof kinds[0]; i++) {
        if (ndup__section_file_is(path, kinds[i].kind)) {
            return kinds[i].file;
        }
    }
    return NDUP_STAGE_FILE_NONE;
}
