/* SPDX-License-Identifier: MIT */
/* What a text repeats does not depend on the number by which a process chooses slots of tables. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/hash.h"
#include "neardup/text.h"
#include "support/random.h"
#include "support/test.h"

enum { BLOCKS = 300, LABELS = 5, PROCESSES = 40, TEXT_BYTES = BLOCKS * 128 };

/* Lines of a few labels over and over, so that many pairs of them share slots. */
static ndup_text make_menus(char *bytes)
{
    test_random random;
    size_t used = 0;
    test_random_init(&random, 3);
    for (unsigned block = 0; block < BLOCKS; block++) {
        for (unsigned i = 0; i < LABELS; i++) {
            used += (size_t)sprintf(bytes + used, "Label %c\n",
                                    (char)('a' + test_random_below(&random, 6)));
        }
        used += (size_t)sprintf(bytes + used, "Sentence %u stands here once, with %u of its own.\n",
                                block, (unsigned)test_random_below(&random, 1000000));
    }
    return (ndup_text){bytes, used};
}

static uint64_t hash_cleaned(ndup_text text)
{
    ndup_text_cleaner *cleaner;
    ndup_text cleaned;
    uint64_t hash = 0;
    if (ndup_text_cleaner_new(&cleaner, NULL, NULL) == NDUP_STATUS_OK &&
        ndup_text_clean(&cleaned, cleaner, text, NULL) == NDUP_STATUS_OK) {
        hash = ndup__hash_bytes(cleaned.bytes, cleaned.length, 0);
    }
    ndup_text_cleaner_free(cleaner);
    return hash;
}

/* In a process of its own, which makes its own number. */
static uint64_t hash_elsewhere(ndup_text text)
{
    int ends[2];
    uint64_t hash = 0;
    assert_int_equal(pipe(ends), 0);
    pid_t child = fork();
    if (child == 0) {
        hash = hash_cleaned(text);
        _exit(write(ends[1], &hash, sizeof hash) == (ssize_t)sizeof hash ? 0 : 1);
    }
    assert_true(child > 0);
    assert_int_equal(read(ends[0], &hash, sizeof hash), (int)sizeof hash);
    close(ends[0]);
    close(ends[1]);
    assert_int_equal(waitpid(child, NULL, 0), child);
    return hash;
}

static void test_repeat_slots__chance_decides_nothing(void **state)
{
    (void)state;
    static char bytes[TEXT_BYTES];
    ndup_text text = make_menus(bytes);
    uint64_t first = hash_elsewhere(text);
    assert_true(first != 0);
    for (unsigned i = 1; i < PROCESSES; i++) {
        assert_u64_equal(hash_elsewhere(text), first);
    }
}

TEST_MAIN(cmocka_unit_test(test_repeat_slots__chance_decides_nothing))
