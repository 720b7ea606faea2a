/* SPDX-License-Identifier: MIT */
/* Runs a fuzz target as an ordinary test: over the files and folders named, then over seeded random
 * inputs. Usage: fuzz_x [-n RANDOM_INPUTS] [FILE|FOLDER]... */
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

enum { MAX_RANDOM_BYTES = 2048, DEFAULT_RANDOM_INPUTS = 4000 };

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

/* A piece that means something to at least one of the parsers: UTF-8 of each length and damaged,
 * JSON, CSV, HTML, WARC. */
static size_t put_piece(test_random *random, uint8_t *out, size_t room)
{
    static const char *const pieces[] = {
        "the ",
        "word ",
        "\n",
        "\r\n\r\n",
        "{\"id\":",
        "\"text\":\"",
        "\"}\n",
        "\\u00e9",
        "\\ud83d",
        "\\",
        "[1.5e9,",
        "null",
        "\"a\"\"b",
        ",",
        "\t",
        "<p>",
        "</div>",
        "<script>",
        "&amp;",
        "&#x10FFFF;",
        "<!--",
        "-->",
        "<nav>",
        "<br>",
        "<noscript>",
        "<p role=tablist>",
        "<html xmlns='http://www.w3.org/1999/xhtml'>",
        "<![CDATA[",
        "]]>",
        "/>",
        "<meta charset=koi8-r>",
        "WARC/1.0",
        "HTTP/1.1 200 OK\r\n",
        "Content-Encoding: gzip, br\r\n",
        "Content-Length: 12",
        "\xC3\xA9",
        "\xE0\xB8\x81",
        "\xE4\xB8\xAD",
        "\xF0\x9F\x98\x80",
        "\xC0\xAF",
        "\xED\xA0\x80",
        "\xF4\x90\x80\x80",
        "\xE2\x80",
        "\xEF\xBB\xBF",
        "e\xCC\x81",
        "\xE0\xA4\x95\xE0\xA5\x8D",
    };
    const char *piece = pieces[test_random_below(random, sizeof pieces / sizeof *pieces)];
    size_t length = strlen(piece);
    if (length > room) {
        length = room;
    }
    memcpy(out, piece, length);
    return length;
}

/* One third plain random bytes, one third bytes of a small alphabet, one third pieces of text. */
static size_t make_input(test_random *random, uint8_t *data)
{
    size_t size = (size_t)test_random_below(
        random, test_random_chance(random, 0.5) ? 64 : MAX_RANDOM_BYTES + 1);
    uint64_t kind = test_random_below(random, 3);
    size_t used = 0;
    if (kind == 0) {
        test_random_bytes(random, data, size);
        return size;
    }
    while (used < size) {
        if (kind == 1) {
            data[used++] =
                (uint8_t) " \n\"\\{}[],:<>&;ab01\x00\x80\xBF\xC3\xE0\xED\xF0\xFF"[test_random_below(
                    random, 26)];
        } else {
            used += put_piece(random, data + used, size - used);
        }
    }
    return size;
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
    if (count > 2 && strcmp(arguments[1], "-n") == 0) {
        random_inputs = (size_t)strtoull(arguments[2], NULL, 10);
        first = 3;
    }
    run((const uint8_t *)"", 0);
    for (int i = first; i < count; i++) {
        replay_path(arguments[i]);
    }
    replay_random(random_inputs);
    printf("%zu inputs, %zu unreadable\n", inputs, unreadable);
    return unreadable == 0 ? 0 : 1;
}
