/* SPDX-License-Identifier: MIT */
/* What is read back of a journal is what was added, up to the first damage. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dedup/journal.h"
#include "support/temp_dir.h"
#include "support/test.h"

enum { CLASSES = 1000, IDENTITY = 77, BATCHES = 2 };

static ndup__judgement made_decision(uint32_t rank)
{
    ndup__judgement decision = {.rank = rank, .kind = (ndup__judgement_kind)(rank % 3)};
    if (decision.kind != NDUP__JUDGED_KEPT) {
        decision.other = rank / 2;
        decision.match = (ndup__match){.similarity = rank / 1000.0,
                                       .containment = .5,
                                       .other_containment = .25,
                                       .span_tokens = rank,
                                       .span_offset = 7,
                                       .span_bytes = 9,
                                       .is_form = rank % 3 == 1};
    }
    return decision;
}

/* Adds the decisions [from, to); the journal writes when the last class is reached. */
static void add_range(ndup__journal *journal, uint32_t from, uint32_t to)
{
    ndup_error error;
    ndup__judge_counts counts = {.proposed = to, .histogram = {[100] = 3}};
    for (uint32_t rank = from; rank < to; rank++) {
        ndup__judgement decision = made_decision(rank);
        assert_ok(ndup__journal_add(journal, &decision, &error), &error);
    }
    assert_ok(ndup__journal_reach(journal, to, &counts, &error), &error);
}

static void open_journal(ndup__journal *journal, const char *path, uint64_t identity)
{
    ndup_error error;
    assert_ok(ndup__journal_open(journal, path, identity, CLASSES, NULL, &error), &error);
}

/* Reads to the end, and returns how many decisions there were. */
static size_t read_all(ndup__journal *journal)
{
    ndup_error error;
    bool more = true;
    size_t count = 0;
    while (more) {
        size_t match_at = 0;
        assert_ok(ndup__journal_read(journal, &more, &error), &error);
        for (size_t i = 0; more && i < journal->count; i++, count++) {
            ndup__judgement wanted = made_decision((uint32_t)count);
            ndup__judgement got = ndup__journal_get(journal, i, &match_at);
            assert_int_equal(got.rank, wanted.rank);
            assert_int_equal(got.kind, wanted.kind);
            assert_int_equal(got.other, wanted.other);
            assert_true(got.match.similarity == wanted.match.similarity);
            assert_true(got.match.other_containment == wanted.match.other_containment);
            assert_int_equal(got.match.span_bytes, wanted.match.span_bytes);
            assert_int_equal(got.match.is_form, wanted.match.is_form);
        }
    }
    return count;
}

/* Two records: the second begins where the first ended. */
static void make_journal(const char *path)
{
    ndup__journal journal;
    open_journal(&journal, path, IDENTITY);
    assert_int_equal(read_all(&journal), 0);
    journal.written = -100; /* as if it was long ago */
    add_range(&journal, 0, CLASSES / BATCHES);
    add_range(&journal, CLASSES / BATCHES, CLASSES);
    ndup__journal_close(&journal);
}

static void test_journal__gives_back_what_was_added(void **state)
{
    (void)state;
    temp_dir folder;
    char path[512];
    uint64_t classes;
    ndup__journal journal;
    temp_dir_init(&folder);
    temp_dir_path(&folder, "journal", path, sizeof path);
    make_journal(path);
    assert_u64_equal(ndup__journal_reached(&classes, path, IDENTITY), CLASSES);
    assert_u64_equal(classes, CLASSES);
    assert_u64_equal(ndup__journal_reached(&classes, path, IDENTITY + 1), 0);
    open_journal(&journal, path, IDENTITY);
    assert_int_equal(read_all(&journal), CLASSES);
    assert_u64_equal(journal.rank_end, CLASSES);
    assert_u64_equal(journal.counts.proposed, CLASSES);
    assert_u64_equal(journal.counts.histogram[100], 3);
    ndup__journal_close(&journal);
    open_journal(&journal, path, IDENTITY + 1); /* another run's */
    assert_int_equal(read_all(&journal), 0);
    ndup__journal_close(&journal);
    temp_dir_deinit(&folder);
}

/* However a file is cut off or damaged, what is read is a beginning of what was written, and the
 * rest can be added again. */
static void check_damage(const temp_dir *folder, const char *bytes, size_t length)
{
    char path[512];
    ndup__journal journal;
    temp_dir_path(folder, "damaged", path, sizeof path);
    temp_dir_write(folder, "damaged", bytes, length);
    open_journal(&journal, path, IDENTITY);
    size_t count = read_all(&journal);
    assert_true(count == 0 || count == CLASSES / BATCHES);
    add_range(&journal, (uint32_t)count, CLASSES);
    ndup__journal_close(&journal);
    open_journal(&journal, path, IDENTITY);
    assert_int_equal(read_all(&journal), CLASSES);
    ndup__journal_close(&journal);
}

static void test_journal__trusts_nothing_behind_damage(void **state)
{
    (void)state;
    temp_dir folder;
    char path[512];
    size_t length;
    temp_dir_init(&folder);
    temp_dir_path(&folder, "journal", path, sizeof path);
    make_journal(path);
    char *bytes = temp_dir_read(&folder, "journal", &length);
    for (size_t at = 0; at < length; at += 97) {
        check_damage(&folder, bytes, at);
        bytes[at] = (char)(bytes[at] ^ 0x20);
        check_damage(&folder, bytes, length);
        bytes[at] = (char)(bytes[at] ^ 0x20);
    }
    free(bytes);
    temp_dir_deinit(&folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_journal__gives_back_what_was_added),
        cmocka_unit_test(test_journal__trusts_nothing_behind_damage),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
