/* SPDX-License-Identifier: MIT */
/* What a run says it will take, and when it says so. */
#include "dedup/forecast.h"

#include "base/clock.h"
#include "base/memory.h"
#include "support/test.h"

static void test_forecast__grows_with_the_bytes(void **state)
{
    (void)state;
    ndup__early_figures seen = {.bytes_total = 1000,
                                .bytes_read = 10,
                                .documents = 50,
                                .classes = 50,
                                .id_bytes = 450,
                                .bytes_per_document = 250,
                                .seconds = 0.5};
    ndup_forecast first;
    ndup_forecast second;
    ndup__forecast_make(&first, &seen);
    assert_u64_equal(first.documents, 5000);
    assert_double_in(first.seconds, 50, 51);
    assert_u64_equal(first.available_bytes, 0);
    seen.bytes_total *= 1000;
    ndup__forecast_make(&second, &seen);
    assert_u64_equal(second.documents, 5000000);
    double per_document = (double)(second.memory_bytes - first.memory_bytes) / (5000000.0 - 5000.0);
    assert_double_in(per_document, 250, 250 + 20);
}

static void test_forecast__repeated_texts_take_less_and_long_ids_more(void **state)
{
    (void)state;
    ndup__early_figures seen = {.bytes_total = 1000000,
                                .bytes_read = 10,
                                .documents = 50,
                                .classes = 50,
                                .id_bytes = 450,
                                .bytes_per_document = 250,
                                .seconds = 1};
    ndup_forecast usual;
    ndup_forecast other;
    ndup__forecast_make(&usual, &seen);
    seen.classes = 10;
    ndup__forecast_make(&other, &seen);
    assert_true(other.memory_bytes < usual.memory_bytes);
    seen.classes = 50;
    seen.id_bytes += 50 * 100;
    ndup__forecast_make(&other, &seen);
    assert_double_in((double)(other.memory_bytes - usual.memory_bytes), 5000000 * 99.9,
                     5000000 * 100.1);
    seen.value_bytes = 32;
    uint64_t before = other.memory_bytes;
    ndup__forecast_make(&other, &seen);
    assert_u64_equal(other.memory_bytes - before, 5000000 * 32);
}

typedef struct heard {
    unsigned calls;
    ndup_forecast last;
} heard;

static void hear(void *context, const ndup_forecast *forecast)
{
    heard *told = context;
    told->calls++;
    told->last = *forecast;
}

/* A run that has read documents of `seconds` seconds, as far as a forecast looks at it. */
static void begin_run(ndup__run *run, const ndup_hooks *hooks, uint64_t total, double seconds)
{
    ndup_error error;
    *run = (ndup__run){.policy = {.input_order = true}};
    assert_ok(ndup_sketcher_new(&run->sketcher, NULL, 0, 0, NULL, &error), &error);
    run->bands = (ndup_bands){.bands = 16, .rows = 6, .slots = 128};
    run->table.count = run->table.class_count = 100000;
    run->table.id_length = 900000;
    run->reporter.hooks = hooks;
    run->reporter.now.total = total;
    run->reporter.stage_start = ndup__clock_seconds() - seconds;
}

static void test_forecast__is_told_once_and_only_for_long_runs(void **state)
{
    (void)state;
    const uint64_t megabyte = 1 << 20;
    static const struct {
        uint64_t read;
        uint64_t total; /* in megabytes */
        double seconds;
        bool told;
    } cases[] = {
        {40, 4000, 1, true},    {40, 80, 1, false}, {1, 4000, 1, false},
        {40, 4000, 0.1, false}, {40, 0, 1, false},  {40, 40, 100, false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        heard told = {0};
        ndup_hooks hooks = {.struct_size = sizeof hooks, .context = &told, .forecast = hear};
        ndup__run run;
        begin_run(&run, &hooks, cases[i].total * megabyte, cases[i].seconds);
        ndup__forecast_at(&run, cases[i].read * megabyte);
        ndup__forecast_at(&run, cases[i].read * megabyte);
        assert_u64_equal(told.calls, cases[i].told);
        if (told.calls > 0) {
            assert_u64_equal(told.last.documents, 10000000);
        }
        ndup_sketcher_free(run.sketcher);
    }
}

static void test_forecast__needs_a_hook_of_this_version(void **state)
{
    (void)state;
    heard told = {0};
    ndup_hooks hooks = {
        .struct_size = offsetof(ndup_hooks, forecast), .context = &told, .forecast = hear};
    ndup__run run;
    begin_run(&run, &hooks, (uint64_t)4 << 30, 1);
    ndup__forecast_at(&run, (uint64_t)40 << 20);
    run.reporter.hooks = NULL;
    ndup__forecast_at(&run, (uint64_t)40 << 20);
    assert_u64_equal(told.calls, 0);
    ndup_sketcher_free(run.sketcher);
}

static void test_memory__fields_are_found_by_their_whole_name(void **state)
{
    (void)state;
    static const char text[] = "MemTotal:       24684000 kB\nMemAvailable:   23000000 kB\n"
                               "SwapMemFree: 5 kB\nLast:  7 kB";
    assert_u64_equal(ndup__memory_field(text, "MemAvailable"), 23000000ull * 1024);
    assert_u64_equal(ndup__memory_field(text, "Last"), 7 * 1024);
    assert_u64_equal(ndup__memory_field(text, "MemFree"), 0);
    assert_u64_equal(ndup__memory_field(text, "Mem"), 0);
    assert_u64_equal(ndup__memory_field("", "Mem"), 0);
}

TEST_MAIN(cmocka_unit_test(test_forecast__grows_with_the_bytes),
          cmocka_unit_test(test_forecast__repeated_texts_take_less_and_long_ids_more),
          cmocka_unit_test(test_forecast__is_told_once_and_only_for_long_runs),
          cmocka_unit_test(test_forecast__needs_a_hook_of_this_version),
          cmocka_unit_test(test_memory__fields_are_found_by_their_whole_name))
