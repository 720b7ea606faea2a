/* SPDX-License-Identifier: MIT */
/* Runs a fuzz target as an ordinary test: over the files and folders named, then over seeded random
 * inputs, made of the pieces of a libFuzzer dictionary and of those files, changed.
 * Usage: fuzz_x [-n RANDOM_INPUTS] [-d DICTIONARY] [FILE|FOLDER]... */
#include <dirent.h>
#include <errno.h>
#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "fuzz/fuzz_target.h"
#include "support/random.h"

enum { MAX_RANDOM_BYTES = 2048, DEFAULT_RANDOM_INPUTS = 4000, MOST_PIECES = 256, MOST_SEEDS = 64 };

/* Bytes with a length. */
typedef struct piece {
    uint8_t *bytes;
    size_t length;
} piece;

static piece pieces[MOST_PIECES]; /* of the dictionary */
static size_t piece_count;
static piece seeds[MOST_SEEDS]; /* files that were run, kept to be changed */
static size_t seed_count;
static size_t inputs;
static size_t unreadable;

/* An exact-size heap copy, so that the address sanitizer sees a read behind the end. */
static void run(const uint8_t *data, size_t size)
{
    uint8_t *copy = malloc(size > 0 ? size : 1);
    if (copy == NULL) {
        abort();
    }
    copy[0] = 0;
    if (size > 0) {
        memcpy(copy, data, size);
    }
    LLVMFuzzerTestOneInput(copy, size);
    free(copy);
    inputs++;
}

static void refuse(const char *path)
{
    fprintf(stderr, "cannot read %s: %s\n", path, strerror(errno));
    unreadable++;
}

static void replay_file(const char *path, size_t size)
{
    uint8_t *data = malloc(size > 0 ? size : 1);
    FILE *file = fopen(path, "rb");
    if (data != NULL && file != NULL && fread(data, 1, size, file) == size) {
        run(data, size);
        if (seed_count < MOST_SEEDS && size > 0) {
            seeds[seed_count++] = (piece){data, size};
            data = NULL;
        }
    } else {
        refuse(path);
    }
    if (file != NULL) {
        fclose(file);
    }
    free(data);
}

static void replay_path(const char *path);

static void replay_folder(const char *path)
{
    DIR *folder = opendir(path);
    if (folder == NULL) {
        refuse(path);
        return;
    }
    for (struct dirent *entry = readdir(folder); entry != NULL; entry = readdir(folder)) {
        char child[1024];
        if (entry->d_name[0] != '.' &&
            snprintf(child, sizeof child, "%s/%s", path, entry->d_name) < (int)sizeof child) {
            replay_path(child);
        }
    }
    closedir(folder);
}

static void replay_path(const char *path)
{
    struct stat about;
    if (stat(path, &about) != 0) {
        refuse(path);
    } else if (S_ISDIR(about.st_mode)) {
        replay_folder(path);
    } else {
        replay_file(path, (size_t)about.st_size);
    }
}

static int hex_value(char c)
{
    return c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10;
}

/* The bytes between the quotes of a line of a dictionary; an entry is "bytes" or name="bytes", with
 * \\ \" and \xAB in it. */
static piece parse_entry(const char *line)
{
    const char *at = strchr(line, '"');
    piece parsed = {NULL, 0};
    if (line[0] == '#' || at == NULL) {
        return parsed;
    }
    parsed.bytes = malloc(strlen(line));
    if (parsed.bytes == NULL) {
        abort();
    }
    for (at++; *at != '"' && *at != '\0'; at++) {
        int byte = *at;
        if (*at == '\\' && at[1] == 'x') {
            byte = hex_value(at[2]) * 16 + hex_value(at[3]);
            at += 3;
        } else if (*at == '\\') {
            byte = *++at;
        }
        parsed.bytes[parsed.length++] = (uint8_t)byte;
    }
    return parsed;
}

static void read_dictionary(const char *path)
{
    char line[1024];
    FILE *file = fopen(path, "r");
    if (file == NULL) {
        refuse(path);
        return;
    }
    while (piece_count < MOST_PIECES && fgets(line, sizeof line, file) != NULL) {
        piece parsed = parse_entry(line);
        if (parsed.bytes != NULL) {
            pieces[piece_count++] = parsed;
        }
    }
    fclose(file);
}

/* Puts bytes at a place, as many as there is room for; what stands there moves up. */
static void insert(uint8_t *data, size_t *size, size_t at, const uint8_t *bytes, size_t length)
{
    size_t room = MAX_RANDOM_BYTES - *size;
    length = length < room ? length : room;
    memmove(data + at + length, data + at, *size - at);
    memcpy(data + at, bytes, length);
    *size += length;
}

static void insert_piece(test_random *random, uint8_t *data, size_t *size, size_t at)
{
    const piece *chosen = &pieces[test_random_below(random, piece_count)];
    insert(data, size, at, chosen->bytes, chosen->length);
}

/* One change: a piece put in, a range taken out or doubled, a byte changed. */
static void change(test_random *random, uint8_t *data, size_t *size)
{
    size_t at = (size_t)test_random_below(random, *size + 1);
    size_t length = (size_t)test_random_below(random, (*size - at < 64 ? *size - at : 64) + 1);
    uint8_t copy[64];
    switch (test_random_below(random, 4)) {
    case 0:
        memmove(data + at, data + at + length, *size - at - length);
        *size -= length;
        break;
    case 1:
        memcpy(copy, data + at, length);
        insert(data, size, at, copy, length);
        break;
    case 2:
        if (at < *size) {
            data[at] = (uint8_t)test_random_below(random, 256);
        }
        break;
    default:
        if (piece_count > 0) {
            insert_piece(random, data, size, at);
        }
    }
}

static size_t change_seed(test_random *random, uint8_t *data)
{
    const piece *seed = &seeds[test_random_below(random, seed_count)];
    size_t size = seed->length < MAX_RANDOM_BYTES ? seed->length : MAX_RANDOM_BYTES;
    memcpy(data, seed->bytes, size);
    for (uint64_t left = 1 + test_random_below(random, 8); left > 0; left--) {
        change(random, data, &size);
    }
    return size;
}

/* Random bytes, bytes of a small alphabet, pieces of the dictionary, or a file that was changed. */
static size_t make_input(test_random *random, uint8_t *data)
{
    static const char alphabet[] = " \n\"\\{}[],:<>&;ab01\x00\x80\xBF\xC3\xE0\xED\xF0\xFF";
    size_t size = (size_t)test_random_below(
        random, test_random_chance(random, 0.5) ? 64 : MAX_RANDOM_BYTES + 1);
    uint64_t kind = test_random_below(random, seed_count > 0 ? 5 : 3);
    size_t used = 0;
    if (kind > 2) {
        return change_seed(random, data);
    }
    if (kind == 0) {
        test_random_bytes(random, data, size);
        return size;
    }
    while (used < size) {
        if (kind == 1 || piece_count == 0) {
            data[used++] = (uint8_t)alphabet[test_random_below(random, sizeof alphabet - 1)];
        } else {
            insert_piece(random, data, &used, used);
        }
    }
    return used;
}

static void replay_random(size_t count)
{
    uint8_t data[MAX_RANDOM_BYTES];
    for (size_t i = 0; i < count; i++) {
        test_random random;
        test_random_init(&random, i);
        run(data, make_input(&random, data));
    }
}

int main(int count, char **arguments)
{
    size_t random_inputs = DEFAULT_RANDOM_INPUTS;
    int first = 1;
    for (; first + 1 < count && arguments[first][0] == '-'; first += 2) {
        if (arguments[first][1] == 'd') {
            read_dictionary(arguments[first + 1]);
        } else {
            random_inputs = (size_t)strtoull(arguments[first + 1], NULL, 10);
        }
    }
    run((const uint8_t *)"", 0);
    for (int i = first; i < count; i++) {
        replay_path(arguments[i]);
    }
    replay_random(random_inputs);
    printf("%zu inputs, %zu unreadable\n", inputs, unreadable);
    for (size_t i = 0; i < seed_count; i++) {
        free(seeds[i].bytes);
    }
    for (size_t i = 0; i < piece_count; i++) {
        free(pieces[i].bytes);
    }
    return unreadable == 0 ? 0 : 1;
}
