/* SPDX-License-Identifier: MIT */
/* What is counted of a corpus, and in how many texts. */
#include "dedup/frequencies.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "dedup/counted_texts.h"
#include "dedup/frequency_table.h"
#include "dedup/run_profile.h"
#include "support/corpus_make.h"
#include "support/temp_dir.h"
#include "support/test.h"

enum { TEXTS_MOST = 400, FORM = 40 };

/* A run up to where frequencies are counted. */
typedef struct desk {
    test_random random;
    made_corpus corpus;
    ndup_dedup_options options;
    ndup__run run;
    uint64_t starts[TEXTS_MOST + 1];
    uint32_t bucket_of[2 * TEXTS_MOST];
    ndup__frequencies frequencies;
    ndup__set_reader reader;
} desk;

static void desk_init(desk *self)
{
    *self = (desk){.frequencies = {.class_count = 0}};
    test_random_init(&self->random, 1);
    assert_ok(ndup_dedup_options_init(&self->options, NULL, NULL), NULL);
    self->options.threads = 3;
    ndup__set_reader_init(&self->reader, NULL);
}

static void desk_deinit(desk *self)
{
    ndup__set_reader_deinit(&self->reader);
    ndup__frequencies_deinit(&self->frequencies);
    ndup__table_deinit(&self->run.table);
    ndup__watches_free(&self->run);
    ndup__pool_free(self->run.pool);
    ndup_sketcher_free(self->run.sketcher);
    ndup__arena_deinit(&self->run.strings);
    ndup_corpus_close(self->run.corpus);
    made_corpus_deinit(&self->corpus);
}

/* A text of one source: the first words of the form, then words of its own. */
static void add_text(desk *self, uint32_t form, size_t shared, size_t own, const char *source)
{
    made_words words = made_words_random(&self->random, shared + own, MADE_NUMBERS / 4, 0);
    for (size_t i = 0; i < shared; i++) {
        words.items[i] = 1000 * form + (uint32_t)i;
    }
    made_document *document = made_corpus_add(&self->corpus, &self->random, &words);
    snprintf(document->source, sizeof document->source, "%s", source);
    made_words_free(&words);
}

static void read_corpus(desk *self)
{
    ndup__run *run = &self->run;
    ndup_error error;
    *run = (ndup__run){.options = &self->options, .corpus = made_corpus_open(&self->corpus, NULL)};
    assert_ok(ndup__keep_parse(&run->policy, "first", &run->strings, &error), &error);
    assert_ok(ndup__options_sketcher(&run->sketcher, &run->bands, run->options, &error), &error);
    assert_ok(ndup__pool_new(&run->pool, run->options->threads, NULL, &error), &error);
    assert_ok(ndup__watches_new(run, &error), &error);
    run->shingling = ndup__options_shingling(run->options);
    ndup__table_init(&run->table, &run->policy, ndup__row_bytes(run->sketcher), NULL);
    assert_ok(ndup__first_pass(run, &error), &error);
    assert_u64_equal(run->table.class_count, self->corpus.count);
}

/* Counts where the first `members` texts share two buckets. */
static void count(desk *self, size_t members)
{
    ndup_error error;
    read_corpus(self);
    for (size_t i = 0; i < self->corpus.count; i++) {
        self->starts[i + 1] = self->starts[i] + (i < members ? 2 : 0);
        self->bucket_of[2 * i + 1] = 1;
    }
    ndup__buckets buckets = {.row_count = self->corpus.count,
                             .starts = self->starts,
                             .buckets = self->bucket_of,
                             .membership_count = 2 * members,
                             .bucket_count = 2};
    assert_ok(ndup__frequencies_count(&self->frequencies, &self->run, &buckets, &error), &error);
}

/* In how many texts a shingle of a text stands. */
static unsigned frequency(desk *self, uint32_t text, size_t place)
{
    ndup_error error;
    assert_ok(ndup__set_reader_read(&self->reader, &self->run, text, &error), &error);
    assert_true(place < self->reader.index.count);
    return ndup__frequency_of(&self->frequencies, self->reader.index.shingles[place]);
}

static void test_frequencies__of_long_texts_the_least_hashes_count(void **state)
{
    (void)state;
    assert_u64_equal(ndup__frequency_hash_most(0), UINT64_MAX);
    assert_u64_equal(ndup__frequency_hash_most(191), UINT64_MAX);
    assert_u64_equal(ndup__frequency_hash_most(192), UINT64_MAX / 2);
    assert_u64_equal(ndup__frequency_hash_most(383), UINT64_MAX / 2);
    assert_u64_equal(ndup__frequency_hash_most(384), UINT64_MAX / 4);
    assert_u64_equal(ndup__frequency_hash_most((size_t)96 << 40), UINT64_MAX >> 40);
    for (size_t shingles = 96; shingles < 100000; shingles += 7) {
        double share = (double)ndup__frequency_hash_most(shingles) / (double)UINT64_MAX;
        assert_double_in(share * (double)shingles, 96, 192);
    }
}

static void test_frequencies__exact_runs_count_all_texts(void **state)
{
    (void)state;
    desk self;
    desk_init(&self);
    self.options.exact = true;
    for (size_t i = 0; i < 4; i++) {
        add_text(&self, 1, FORM, 20, "a");
    }
    add_text(&self, 1, FORM / 2, 20, "b");
    count(&self, 0);
    assert_int_equal(frequency(&self, 0, 0), 5);
    assert_int_equal(frequency(&self, 4, FORM / 2 - 5), 5);
    assert_int_equal(frequency(&self, 0, FORM / 2 - 4), 4);
    assert_int_equal(frequency(&self, 0, FORM), 1);
    assert_int_equal(frequency(&self, 4, FORM / 2), 1);
    desk_deinit(&self);
}

/* The words of one text twice over: a shingle that comes again is one. */
static void test_frequencies__repeats_in_a_text_count_once(void **state)
{
    (void)state;
    desk self;
    desk_init(&self);
    self.options.exact = true;
    made_words once = made_words_random(&self.random, 30, MADE_NUMBERS / 4, 0);
    made_words twice = made_words_joined(&once, &once);
    made_corpus_add(&self.corpus, &self.random, &once);
    made_corpus_add(&self.corpus, &self.random, &twice);
    count(&self, 0);
    assert_int_equal(frequency(&self, 0, 0), 2);
    assert_int_equal(frequency(&self, 1, 30), 2);
    assert_int_equal(frequency(&self, 1, 28), 1); /* across the seam */
    made_words_free(&once);
    made_words_free(&twice);
    desk_deinit(&self);
}

static void test_frequencies__end_at_the_most(void **state)
{
    (void)state;
    for (size_t extra = 0; extra < 60; extra += 59) {
        desk self;
        desk_init(&self);
        self.options.exact = true;
        self.options.threads = 16;
        for (size_t i = 0; i < NDUP__FREQUENCY_MOST - 1 + extra; i++) {
            add_text(&self, 1, FORM, 5, "a");
        }
        count(&self, 0);
        assert_int_equal(frequency(&self, 0, 3),
                         extra == 0 ? NDUP__FREQUENCY_MOST - 1 : NDUP__FREQUENCY_MOST);
        desk_deinit(&self);
    }
}

static void test_frequencies__few_texts_in_a_bucket_are_no_members(void **state)
{
    (void)state;
    for (size_t members = NDUP__FORM_BUCKET - 1; members <= NDUP__FORM_BUCKET; members++) {
        desk self;
        desk_init(&self);
        for (size_t i = 0; i < 8; i++) {
            add_text(&self, 1, FORM, 20, "a");
        }
        count(&self, members);
        assert_int_equal(self.frequencies.counters != NULL, members == NDUP__FORM_BUCKET);
        for (uint32_t i = 0; i < 8; i++) {
            assert_int_equal(ndup__frequencies_has(&self.frequencies, i),
                             members == NDUP__FORM_BUCKET && i < members);
        }
        desk_deinit(&self);
    }
}

/* Other texts of a source add to what members have, and their own words have no counter. */
static void test_frequencies__others_add_to_what_members_have(void **state)
{
    (void)state;
    desk self;
    desk_init(&self);
    for (size_t i = 0; i < NDUP__FORM_BUCKET; i++) {
        add_text(&self, 1, FORM, 20, "site");
    }
    for (size_t i = 0; i < 4; i++) {
        add_text(&self, 1, FORM / 2, 60, "site");
    }
    for (size_t i = 0; i < 4; i++) {
        add_text(&self, 2, FORM, 10, "site");
    }
    count(&self, NDUP__FORM_BUCKET);
    assert_int_equal(frequency(&self, 0, 0), NDUP__FORM_BUCKET + 4);
    assert_int_equal(frequency(&self, 0, FORM - 5), NDUP__FORM_BUCKET);
    assert_int_equal(frequency(&self, 0, FORM), 1);
    assert_int_equal(frequency(&self, NDUP__FORM_BUCKET, FORM / 2), 0);
    assert_int_equal(frequency(&self, NDUP__FORM_BUCKET + 4, 0), 0); /* shared by four */
    desk_deinit(&self);
}

static void test_frequencies__sources_without_members_are_not_read(void **state)
{
    (void)state;
    desk self;
    desk_init(&self);
    for (size_t i = 0; i < NDUP__FORM_BUCKET; i++) {
        add_text(&self, 1, FORM, 20, "site");
    }
    for (size_t i = 0; i < 4; i++) {
        add_text(&self, 1, FORM / 2, 60, "elsewhere");
    }
    count(&self, NDUP__FORM_BUCKET);
    assert_int_equal(frequency(&self, 0, 0), NDUP__FORM_BUCKET);
    desk_deinit(&self);
}

/* Some 64 to 128 texts tell what stands on the pages of a source. */
static void test_frequencies__large_sources_are_sampled(void **state)
{
    (void)state;
    desk self;
    desk_init(&self);
    for (size_t i = 0; i < NDUP__FORM_BUCKET; i++) {
        add_text(&self, 1, FORM, 20, "site");
    }
    for (size_t i = NDUP__FORM_BUCKET; i < TEXTS_MOST; i++) {
        add_text(&self, 1, FORM / 2, 10, "site");
    }
    count(&self, NDUP__FORM_BUCKET);
    /* 395 others, each read with probability 1/7: four standard deviations of 7 around 56. */
    assert_in_range(frequency(&self, 0, 0), NDUP__FORM_BUCKET + 28, NDUP__FORM_BUCKET + 84);
    desk_deinit(&self);
}

static void test_frequencies__long_texts_are_sampled(void **state)
{
    (void)state;
    for (size_t shingles = 191; shingles <= 192; shingles++) {
        desk self;
        size_t counted = 0;
        desk_init(&self);
        self.options.exact = true;
        add_text(&self, 1, 0, shingles + self.options.matching.shingle_size - 1, "a");
        count(&self, 0);
        for (size_t i = 0; i < shingles; i++) {
            counted += frequency(&self, 0, i) > 0;
        }
        /* One in a hundred is taken for a repeat. */
        assert_in_range(counted, shingles == 191 ? 182 : 66, shingles == 191 ? 191 : 124);
        desk_deinit(&self);
    }
}

/* Marks every `of`-th class from `first` on, of those in `texts`. */
static uint8_t *share_of(const uint8_t *texts, size_t count, size_t first, size_t of)
{
    uint8_t *share = calloc(count / 8 + 1, 1);
    assert_non_null(share);
    for (size_t i = first; i < count; i += of) {
        share[i / 8] = (uint8_t)(share[i / 8] | (texts[i / 8] & 1u << (i % 8)));
    }
    return share;
}

static void count_share(desk *self, ndup_corpus_frequencies *table,
                        const ndup__counted_texts *texts, uint32_t shard)
{
    ndup_error error;
    uint8_t *members = share_of(texts->members, texts->class_count, shard, table->shard_count);
    uint8_t *others = share_of(texts->others, texts->class_count, shard, table->shard_count);
    table->shards[shard] = 1;
    assert_ok(ndup__frequencies_count_texts(&table->of_members, members, false, &self->run, &error),
              &error);
    assert_ok(ndup__frequencies_count_texts(&table->of_others, others, false, &self->run, &error),
              &error);
    free(members);
    free(others);
}

/* A source of members and others, counted as a whole, and which texts that were. */
static void count_site(desk *self, ndup__counted_texts *texts)
{
    ndup_error error;
    for (size_t i = 0; i < 60; i++) {
        add_text(self, 1, FORM, 20, "site");
    }
    for (size_t i = 0; i < 40; i++) {
        add_text(self, i % 2 + 1, FORM / 2, 60, "site");
    }
    count(self, 60);
    for (size_t i = 0; i < self->corpus.count; i++) {
        self->starts[i + 1] = self->starts[i] + (i < 60 ? 2 : 0);
    }
    ndup__buckets buckets = {.row_count = self->corpus.count,
                             .starts = self->starts,
                             .buckets = self->bucket_of,
                             .membership_count = 120,
                             .bucket_count = 2};
    assert_ok(ndup__counted_texts_find(texts, &self->run, &buckets, &error), &error);
    assert_ok(ndup__counted_texts_choose(texts, &self->run.table, &error), &error);
    assert_u64_equal(texts->member_count, 60);
}

/* Counted by shares, kept in files and put together in any order, counts are those of the whole. */
static void test_frequencies__shares_add_up_to_the_whole(void **state)
{
    (void)state;
    enum { SHARDS = 5 };
    static const uint32_t order[SHARDS] = {3, 0, 4, 1, 2};
    desk self;
    ndup__counted_texts texts;
    ndup_error error;
    ndup_corpus_frequencies *tables[SHARDS];
    char path[300];
    temp_dir folder;
    temp_dir_init(&folder);
    desk_init(&self);
    count_site(&self, &texts);
    temp_dir_path(&folder, "counts", path, sizeof path);
    for (uint32_t i = 0; i < SHARDS; i++) {
        assert_ok(ndup__frequency_table_new(&tables[i], 7, 60, SHARDS, NULL, &error), &error);
        count_share(&self, tables[i], &texts, order[i]);
        assert_ok(ndup_corpus_frequencies_save(tables[i], path, &error), &error);
        ndup_corpus_frequencies_free(tables[i]);
        assert_ok(ndup_corpus_frequencies_open(&tables[i], path, NULL, &error), &error);
    }
    ndup__frequencies sum = {.allocator = NULL};
    for (uint32_t i = 1; i < SHARDS; i++) {
        assert_status(ndup__frequency_table_use(tables[0], &sum, &error), NDUP_STATUS_INVALID,
                      &error);
        assert_non_null(strstr(error.message, "missing"));
        assert_ok(ndup_corpus_frequencies_merge(tables[0], tables[i], &error), &error);
        assert_status(ndup_corpus_frequencies_merge(tables[0], tables[i], &error),
                      NDUP_STATUS_INVALID, &error);
        assert_non_null(strstr(error.message, "twice"));
    }
    assert_ok(ndup__frequency_table_use(tables[0], &sum, &error), &error);
    assert_u64_equal(sum.counter_count, self.frequencies.counter_count);
    assert_memory_equal((const void *)sum.counters, (const void *)self.frequencies.counters,
                        sum.counter_count);
    assert_int_equal(frequency(&self, 0, 0), 80);
    for (uint32_t i = 0; i < SHARDS; i++) {
        ndup_corpus_frequencies_free(tables[i]);
    }
    ndup__frequencies_deinit(&sum);
    ndup__counted_texts_deinit(&texts);
    desk_deinit(&self);
    temp_dir_deinit(&folder);
}

/* Without members there is nothing to count, and a table says so. */
static void test_frequencies__tables_of_other_corpora_do_not_mix(void **state)
{
    (void)state;
    ndup_corpus_frequencies *empty, *other;
    ndup_error error;
    ndup__frequencies used = {.allocator = NULL};
    assert_ok(ndup__frequency_table_new(&empty, 1, 0, 1, NULL, &error), &error);
    assert_ok(ndup__frequency_table_new(&other, 2, 0, 1, NULL, &error), &error);
    assert_status(ndup_corpus_frequencies_merge(empty, other, &error), NDUP_STATUS_INVALID, &error);
    empty->shards[0] = 1;
    assert_ok(ndup__frequency_table_use(empty, &used, &error), &error);
    assert_null((const void *)used.counters);
    ndup_corpus_frequencies_free(empty);
    ndup_corpus_frequencies_free(other);
}

TEST_MAIN(cmocka_unit_test(test_frequencies__of_long_texts_the_least_hashes_count),
          cmocka_unit_test(test_frequencies__exact_runs_count_all_texts),
          cmocka_unit_test(test_frequencies__repeats_in_a_text_count_once),
          cmocka_unit_test(test_frequencies__end_at_the_most),
          cmocka_unit_test(test_frequencies__few_texts_in_a_bucket_are_no_members),
          cmocka_unit_test(test_frequencies__others_add_to_what_members_have),
          cmocka_unit_test(test_frequencies__sources_without_members_are_not_read),
          cmocka_unit_test(test_frequencies__large_sources_are_sampled),
          cmocka_unit_test(test_frequencies__long_texts_are_sampled),
          cmocka_unit_test(test_frequencies__shares_add_up_to_the_whole),
          cmocka_unit_test(test_frequencies__tables_of_other_corpora_do_not_mix))
