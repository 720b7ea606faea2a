/* SPDX-License-Identifier: MIT */
/* The system's own figure, from /proc. */
#include "base/memory.h"

#include <stdlib.h>
#include <string.h>

#include "base/file.h"

#define TEXT_BYTES 4096

uint64_t ndup__memory_field(const char *text, const char *name)
{
    size_t length = strlen(name);
    for (const char *line = text; line != NULL && *line != '\0';) {
        if (strncmp(line, name, length) == 0 && line[length] == ':') {
            return (uint64_t)strtoull(line + length + 1, NULL, 10) * 1024;
        }
        line = strchr(line, '\n');
        line = line != NULL ? line + 1 : NULL;
    }
    return 0;
}

uint64_t ndup__memory_available(void)
{
    static const char path[] = "/proc/meminfo";
    char text[TEXT_BYTES];
    int descriptor;
    size_t length = 0;
    if (ndup__file_open_read(&descriptor, path, NULL) != NDUP_STATUS_OK) {
        return 0;
    }
    ndup_status status = ndup__file_read(descriptor, text, sizeof text - 1, &length, path, NULL);
    ndup__file_close_quietly(descriptor);
    text[status == NDUP_STATUS_OK ? length : 0] = '\0';
    return ndup__memory_field(text, "MemAvailable");
}
