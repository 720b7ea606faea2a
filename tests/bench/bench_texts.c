/* SPDX-License-Identifier: MIT */
/* Documents as fast as a disk takes them, for runs that are larger than memory: JSON lines of
 * made-up words, of which some are near-copies. usage: bench_texts DOCUMENTS BYTES COPIES [ID_BYTES
 * [FIRST]] > FILE. BYTES: of a text; COPIES: how many of a hundred are near-copies of an earlier
 * document, whose beginning, one part in 25, is another; FIRST: number of the first document, for
 * parts of one corpus. Document i is the same whatever stands before it. */
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    WORDS = 1 << 16,
    WORD_ROOM = 16,
    CHANGED_OF = 25,    /* so small a part of a copy is its own */
    BACK_MOST = 100000, /* documents between a copy and what it is of */
    SPARE = 4 * WORD_ROOM
};

static char words[WORDS][WORD_ROOM];
static uint8_t lengths[WORDS];
static uint16_t by_chance[WORDS]; /* frequent words stand in it many times */

/* splitmix64: the number `state` of a random sequence. */
static uint64_t random_at(uint64_t state)
{
    uint64_t z = state * UINT64_C(0x9E3779B97F4A7C15);
    z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
    return z ^ (z >> 31);
}

static void make_words(void)
{
    static const char letters[] = "etaoinshrdlcumwfgypbvk";
    for (size_t i = 0; i < WORDS; i++) {
        uint64_t value = random_at(i + 1);
        size_t length = 2 + value % 6;
        for (size_t k = 0; k < length; k++) {
            value = random_at(value + k);
            words[i][k] = letters[value % (sizeof letters - 1)];
        }
        words[i][length] = ' ';
        lengths[i] = (uint8_t)(length + 1);
    }
    for (size_t i = 0; i < WORDS; i++) { /* the n-th has weight about 1 / n^(2/3) */
        double u = ((double)i + .5) / WORDS;
        by_chance[i] = (uint16_t)(WORDS * u * u * u);
    }
}

/* The document that number i is a copy of, or i. */
static uint64_t original_of(uint64_t i, unsigned copies)
{
    uint64_t chance = random_at(i ^ UINT64_C(0x5DEECE66D));
    uint64_t back = 1 + (chance >> 20) % BACK_MOST;
    return chance % 100 < copies && back <= i ? i - back : i;
}

/* Writes the text of document i; returns its end. */
static char *write_text(char *at, uint64_t i, size_t bytes, unsigned copies)
{
    uint64_t original = original_of(i, copies);
    const char *end = at + bytes;
    const char *own_end = original != i ? at + bytes / CHANGED_OF : at;
    for (uint64_t k = 0; at < end; k++) {
        uint64_t chance = random_at((at < own_end ? i : original) << 20 | k);
        size_t word = by_chance[chance >> 48];
        memcpy(at, words[word], WORD_ROOM);
        at += lengths[word];
    }
    return at - 1;
}

int main(int argc, char **argv)
{
    if (argc < 4) {
        fprintf(stderr, "usage: bench_texts DOCUMENTS BYTES COPIES [ID_BYTES [FIRST]] > FILE\n");
        return 2;
    }
    uint64_t count = strtoull(argv[1], NULL, 10);
    size_t bytes = strtoul(argv[2], NULL, 10);
    unsigned copies = (unsigned)strtoul(argv[3], NULL, 10);
    int id_bytes = argc > 4 ? atoi(argv[4]) : 12;
    uint64_t first = argc > 5 ? strtoull(argv[5], NULL, 10) : 0;
    char *line = malloc(bytes + (size_t)id_bytes + 100 + SPARE);
    if (line == NULL) {
        return 1;
    }
    make_words();
    setvbuf(stdout, NULL, _IOFBF, 1 << 20);
    for (uint64_t i = first; i < first + count; i++) {
        char *at =
            line + sprintf(line, "{\"id\":\"%0*llu\",\"text\":\"", id_bytes, (unsigned long long)i);
        at = write_text(at, i, bytes, copies);
        memcpy(at, "\"}\n", 3);
        if (fwrite(line, 1, (size_t)(at + 3 - line), stdout) != (size_t)(at + 3 - line)) {
            perror("bench_texts");
            return 1;
        }
    }
    free(line);
    return fflush(stdout) == 0 ? 0 : 1;
}
