/* SPDX-License-Identifier: MIT */
/* Repeats paired with those of an earlier run: each finding accounts for one of now. */
#include "flag/flag_known.h"

#include <stdio.h>
#include <string.h>

#include "base/hash.h"
#include "report/id_hash.h"
#include "support/failing_allocator.h"
#include "support/temp_dir.h"
#include "support/test.h"

/* A document of which every letter is a repeat. */
typedef struct letters {
    const char *id;
    const char *text;
} letters;

static ndup_baseline *open_findings(const letters *old)
{
    temp_dir folder;
    char path[300];
    char text[4096] = "{\"runs\":[{\"results\":[";
    size_t used = strlen(text);
    ndup_baseline *baseline;
    ndup_error error;
    for (const letters *one = old; one->id != NULL; one++) {
        for (const char *letter = one->text; *letter != '\0'; letter++) {
            used += (size_t)snprintf(
                text + used, sizeof text - used,
                "%s{\"partialFingerprints\":{\"neardupId/v1\":\"%016llx\","
                "\"neardupText/v1\":\"%016llx\"}}",
                text[used - 1] == '[' ? "" : ",",
                (unsigned long long)ndup__id_hash((ndup_text){one->id, strlen(one->id)}),
                (unsigned long long)ndup__hash_bytes(letter, 1, 0));
        }
    }
    snprintf(text + used, sizeof text - used, "]}]}");
    temp_dir_init(&folder);
    temp_dir_write_text(&folder, "old", text);
    assert_ok(ndup_baseline_open(&baseline, temp_dir_path(&folder, "old", path, sizeof path), NULL,
                                 &error),
              &error);
    temp_dir_deinit(&folder);
    return baseline;
}

/* Writes 'k' for what is known in its place, 'm' for what has moved, 'n' for what is new. */
static ndup_status find_states(char *states, const ndup_baseline *baseline, const letters *now,
                               const ndup_allocator *allocator, ndup_error *error)
{
    ndup__flag_known known;
    size_t count = 0;
    size_t waiting = 0;
    ndup_status status = ndup__flag_known_init(&known, baseline, allocator, error);
    for (const letters *one = now; one->id != NULL && status == NDUP_STATUS_OK; one++) {
        ndup_repeat repeats[16] = {{.length = 0}};
        ndup_document document = {.id = {one->id, strlen(one->id)},
                                  .text = {one->text, strlen(one->text)}};
        for (size_t i = 0; i < document.text.length; i++) {
            repeats[i] = (ndup_repeat){.offset = i, .length = 1};
        }
        status = ndup__flag_known_mark(&known, &document, repeats, document.text.length, error);
        for (size_t i = 0; i < document.text.length; i++) {
            states[count++] = repeats[i].known ? 'k' : 'n';
        }
    }
    if (status == NDUP_STATUS_OK) {
        status = ndup__flag_known_end(&known, error);
    }
    uint64_t paired = 0;
    for (size_t i = 0; i < count && status == NDUP_STATUS_OK && baseline != NULL; i++) {
        if (states[i] != 'k' && known.moved[waiting++]) {
            states[i] = 'm';
        }
        paired += states[i] != 'n';
    }
    states[count] = '\0';
    if (status == NDUP_STATUS_OK) {
        assert_u64_equal(known.count, paired);
    }
    ndup__flag_known_deinit(&known);
    return status;
}

static void assert_states(const letters *old, const letters *now, const char *expected)
{
    char states[256];
    ndup_error error;
    ndup_baseline *baseline = open_findings(old);
    assert_ok(find_states(states, baseline, now, NULL, &error), &error);
    assert_string_equal(states, expected);
    ndup_baseline_close(baseline);
}

static const letters old_run[] = {{"x", "aab"}, {"y", "ac"}, {NULL, NULL}};

static void test_flag_known__same_run_is_known(void **state)
{
    (void)state;
    assert_states(old_run, old_run, "kkkkk");
    const letters nothing[] = {{NULL, NULL}};
    assert_states(nothing, old_run, "nnnnn");
    assert_states(old_run, nothing, "");
    char states[256];
    ndup_error error;
    assert_ok(find_states(states, NULL, old_run, NULL, &error), &error);
    assert_string_equal(states, "nnnnn");
}

static void test_flag_known__a_moved_document_is_known(void **state)
{
    (void)state;
    const letters renamed[] = {{"x", "aab"}, {"z", "ac"}, {NULL, NULL}};
    assert_states(old_run, renamed, "kkkmm");
    const letters put_together[] = {{"w", "aabac"}, {NULL, NULL}};
    assert_states(old_run, put_together, "mmmmm");
}

static void test_flag_known__one_more_copy_is_new(void **state)
{
    (void)state;
    const letters third[] = {{"x", "aaab"}, {"y", "ac"}, {NULL, NULL}};
    assert_states(old_run, third, "kknkkk");
    /* Not the document behind it: a copy in front takes no finding that another has. */
    const letters copied[] = {{"v", "a"}, {"x", "aab"}, {"y", "ac"}, {NULL, NULL}};
    assert_states(old_run, copied, "nkkkkk");
    const letters gone[] = {{"v", "ac"}, {"x", "b"}, {"y", "a"}, {NULL, NULL}};
    assert_states(old_run, gone, "mmkk");
    const letters other_words[] = {{"x", "dd"}, {NULL, NULL}};
    assert_states(old_run, other_words, "nn");
}

static void test_flag_known__failing_memory_leaves_nothing(void **state)
{
    (void)state;
    ndup_baseline *baseline = open_findings(old_run);
    const letters now[] = {{"z", "acd"}, {"x", "aab"}, {NULL, NULL}};
    for (size_t n = 1;; n++) {
        failing_allocator memory;
        char states[256];
        ndup_error error;
        failing_allocator_init(&memory);
        failing_allocator_fail_at(&memory, n);
        ndup_status status = find_states(states, baseline, now, &memory.allocator, &error);
        bool has_failed = failing_allocator_has_failed(&memory);
        assert_status(status, has_failed ? NDUP_STATUS_MEMORY : NDUP_STATUS_OK, &error);
        assert_u64_equal(failing_allocator_live_bytes(&memory), 0);
        if (!has_failed) {
            assert_string_equal(states, "mmnkkk");
            break;
        }
    }
    ndup_baseline_close(baseline);
}

TEST_MAIN(cmocka_unit_test(test_flag_known__same_run_is_known),
          cmocka_unit_test(test_flag_known__a_moved_document_is_known),
          cmocka_unit_test(test_flag_known__one_more_copy_is_new),
          cmocka_unit_test(test_flag_known__failing_memory_leaves_nothing))
