/* SPDX-License-Identifier: MIT */
/* The floor of every run: reads a file in blocks, looks for the ends of lines, hashes each line. */
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/hash.h"

#define BLOCK ((size_t)1 << 20)

typedef struct floor_run {
    char *buffer;
    size_t capacity;
    size_t used;
    uint64_t bytes;
    uint64_t lines;
    uint64_t hash;
} floor_run;

/* Hashes the whole lines of the buffer and moves the rest to its beginning. */
static void take_lines(floor_run *run)
{
    char *line = run->buffer;
    char *limit = run->buffer + run->used;
    char *end;
    while ((end = memchr(line, '\n', (size_t)(limit - line))) != NULL) {
        run->hash ^= ndup__hash_bytes(line, (size_t)(end - line), 0);
        run->lines++;
        line = end + 1;
    }
    run->used = (size_t)(limit - line);
    memmove(run->buffer, line, run->used);
}

static int read_file(floor_run *run, const char *path)
{
    int file = open(path, O_RDONLY);
    ssize_t got = file < 0 ? -1 : 1;
    while (got > 0) {
        if (run->capacity - run->used < BLOCK) {
            size_t capacity = 2 * run->capacity + 2 * BLOCK;
            char *larger = realloc(run->buffer, capacity);
            if (larger == NULL) {
                got = -1;
                break;
            }
            run->buffer = larger;
            run->capacity = capacity;
        }
        got = read(file, run->buffer + run->used, BLOCK);
        if (got > 0) {
            run->bytes += (uint64_t)got;
            run->used += (size_t)got;
            take_lines(run);
        }
    }
    if (got < 0) {
        fprintf(stderr, "bench_floor: %s: %s\n", path, strerror(errno));
    }
    if (file >= 0) {
        close(file);
    }
    return got < 0 ? -1 : 0;
}

int main(int argc, char *argv[])
{
    if (argc != 2) {
        fputs("usage: bench_floor FILE\n", stderr);
        return 2;
    }
    floor_run run = {0};
    struct timespec begin, end;
    clock_gettime(CLOCK_MONOTONIC, &begin);
    int status = read_file(&run, argv[1]);
    clock_gettime(CLOCK_MONOTONIC, &end);
    free(run.buffer);
    if (status != 0) {
        return 4;
    }
    double seconds =
        (double)(end.tv_sec - begin.tv_sec) + 1e-9 * (double)(end.tv_nsec - begin.tv_nsec);
    printf("%.0f MB/s, %llu lines, %llu bytes, %016llx\n", (double)run.bytes / 1e6 / seconds,
           (unsigned long long)run.lines, (unsigned long long)run.bytes,
           (unsigned long long)run.hash);
    return 0;
}
