/* SPDX-License-Identifier: MIT */
/* The smallest program that uses an installed neardup; prints the version it runs with. */
#include <neardup.h>

#include <stdio.h>
#include <string.h>

int main(void)
{
    printf("%s\n", ndup_version());
    if (strcmp(ndup_version(), NDUP_VERSION_STRING) != 0 || ndup_sketch_count() == 0) {
        return 1;
    }
    /* Reaches threads, mathematics and the heap, so that a forgotten library does not link. */
    ndup_bands bands;
    ndup_error error;
    if (ndup_bands_choose(&bands, ndup_sketch_get(0), 0.8, 0.99, 128, &error) != NDUP_STATUS_OK) {
        fprintf(stderr, "%s\n", error.message);
        return 1;
    }
    return bands.rows > 0 ? 0 : 1;
}
