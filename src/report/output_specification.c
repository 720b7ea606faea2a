/* SPDX-License-Identifier: MIT */
/* "FORMAT:PATH" in two. */
#include "report/output_specification.h"

#include <string.h>

#include "base/error.h"

#define NAMES_BYTES 120

static ndup_status fail_specification(const char *specification, const char *problem,
                                      const ndup_output_info *(*format)(size_t), ndup_error *error)
{
    char names[NAMES_BYTES] = "";
    for (size_t i = 0; format(i) != NULL; i++) {
        const char *name = format(i)->name;
        if (strlen(names) + strlen(name) + 2 < sizeof names) {
            strcat(names, i > 0 ? " " : "");
            strcat(names, name);
        }
    }
    return ndup__fail(error, NDUP_STATUS_INVALID, "output '%.30s' %s: %s", specification, problem,
                      names);
}

ndup_status ndup__read_specification(size_t *index, const char **path, const char *specification,
                                     const ndup_output_info *(*format)(size_t), ndup_error *error)
{
    const char *colon = strchr(specification, ':');
    if (colon == NULL) {
        return fail_specification(specification, "must be FORMAT:PATH, with a FORMAT of", format,
                                  error);
    }
    size_t length = (size_t)(colon - specification);
    for (*index = 0; format(*index) != NULL; ++*index) {
        const char *name = format(*index)->name;
        if (strlen(name) == length && strncmp(name, specification, length) == 0) {
            break;
        }
    }
    if (format(*index) == NULL) {
        return fail_specification(specification, "is of no known format", format, error);
    }
    *path = colon + 1;
    return colon[1] != '\0'
               ? NDUP_STATUS_OK
               : ndup__fail(error, NDUP_STATUS_INVALID, "output '%s' names no file", specification);
}
