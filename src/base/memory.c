/* SPDX-License-Identifier: MIT */
/* The system's own figure, from /proc. */
#include "base/memory.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

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

/* The file's first bytes as a string; empty without it. */
static void read_text(char text[TEXT_BYTES], const char *path)
{
    int descriptor;
    size_t length = 0;
    text[0] = '\0';
    if (ndup__file_open_read(&descriptor, path, NULL) != NDUP_STATUS_OK) {
        return;
    }
    ndup_status status = ndup__file_read(descriptor, text, TEXT_BYTES - 1, &length, path, NULL);
    ndup__file_close_quietly(descriptor);
    text[status == NDUP_STATUS_OK ? length : 0] = '\0';
}

uint64_t ndup__memory_available(void)
{
    char text[TEXT_BYTES];
    read_text(text, "/proc/meminfo");
    return ndup__memory_field(text, "MemAvailable");
}

uint64_t ndup__memory_resident(void)
{
    char text[TEXT_BYTES];
    read_text(text, "/proc/self/statm");
    const char *second = strchr(text, ' ');
    long page = sysconf(_SC_PAGESIZE);
    return second != NULL && page > 0 ? strtoull(second, NULL, 10) * (uint64_t)page : 0;
}
