/* SPDX-License-Identifier: MIT */
/* Outputs read with jansson: added members, and the formats' counts against each other. */
#include "support/test.h"

#include <stdio.h>
#include <stdlib.h>

#include <jansson.h>

#include "support/fake_result.h"
#include "support/random.h"
#include "support/temp_dir.h"

enum { DOCUMENTS = 600, RECORD_BYTES = 400 };

/* A result of random groups over documents with random records. */
typedef struct random_result {
    ndup_result result;
    ndup_document documents[DOCUMENTS];
    ndup_verdict verdicts[DOCUMENTS];
    char records[DOCUMENTS][RECORD_BYTES];
    char ids[DOCUMENTS][32];
} random_result;

static size_t put(char *text, size_t length, const char *part)
{
    assert_true(length + strlen(part) < RECORD_BYTES);
    memcpy(text + length, part, strlen(part));
    return length + strlen(part);
}

static size_t put_space(test_random *random, char *text, size_t length)
{
    static const char *const spaces[] = {"", "", "", " ", "\t", "  \r"};
    return put(text, length, spaces[test_random_below(random, 6)]);
}

/* An object on one line, with spaces wherever JSON allows them; sometimes empty. */
static size_t put_record(test_random *random, char *text)
{
    static const char *const keys[] = {"\"text\"", "\"a\"",       "\"neardup\"",
                                       "\"}\"",    "\"\\u006e\"", "\"\xC3\xA9\""};
    static const char *const values[] = {
        "1",        "\"}\"", "{}",   "[ ]",  "{\"x\":[1]}", "\"{\"",         "null",
        "\"\\\\\"", "-0.5",  "true", "[{}]", "\"\\\"\"",    "{ \"y\": { } }"};
    size_t length = put_space(random, text, 0);
    size_t members = (size_t)test_random_below(random, 5);
    length = put(text, length, "{");
    for (size_t i = 0; i < members; i++) {
        length = put(text, length, i > 0 ? "," : "");
        length = put_space(random, text, length);
        length = put(text, length, keys[test_random_below(random, 6)]);
        length = put_space(random, text, length);
        length = put(text, length, ":");
        length = put_space(random, text, length);
        length = put(text, length, values[test_random_below(random, 13)]);
        length = put_space(random, text, length);
    }
    length = put_space(random, text, length);
    length = put(text, length, "}");
    return put_space(random, text, length);
}

static void fill_verdict(random_result *made, size_t i, test_random *random)
{
    size_t survivor = i > 0 ? (size_t)test_random_below(random, i) : 0;
    bool is_kept = made->verdicts[survivor].survivor != survivor || test_random_chance(random, 0.5);
    ndup_verdict *verdict = &made->verdicts[i];
    *verdict = (ndup_verdict){.survivor = i, .kept = true, .similarity = 1, .containment = 1};
    if (i > 0 && !is_kept) {
        verdict->survivor = survivor;
        verdict->kept = false;
        verdict->grouped = true;
        verdict->kind = (ndup_kind)(1 + test_random_below(random, 4));
        verdict->similarity = 0.7 + 0.3 * test_random_unit(random);
        made->verdicts[survivor].grouped = true;
    }
}

static random_result *random_result_new(uint64_t seed)
{
    static const char *const parts[] = {"\"", "\\", "\x01", "\xFF", "\xC3\xA9", "=", ",", "x"};
    test_random random;
    random_result *made = calloc(1, sizeof *made);
    test_random_init(&random, seed);
    static const char sources[] = "abcdefghijklmnopqrst"; /* more than a page lists */
    made->result = fake_sample();
    made->result.summary.documents = DOCUMENTS;
    made->result.pair_count = 0;
    made->result.documents = made->documents;
    made->result.verdicts = made->verdicts;
    for (size_t i = 0; i < DOCUMENTS; i++) {
        ndup_document *document = &made->documents[i];
        snprintf(made->ids[i], sizeof made->ids[i], "%s%zu%s", parts[test_random_below(&random, 8)],
                 i, parts[test_random_below(&random, 8)]);
        document->id = (ndup_text){made->ids[i], strlen(made->ids[i])};
        document->text = document->id;
        document->source = (ndup_text){sources + test_random_below(&random, 20), 1};
        if (test_random_chance(&random, 0.9)) {
            document->record = (ndup_text){made->records[i], put_record(&random, made->records[i])};
        }
        fill_verdict(made, i, &random);
    }
    return made;
}

/* What the format writes, in lines: the lines' begins are in `lines`, ends are zeros. free() it. */
typedef struct written_lines {
    char *bytes;
    char *lines[2 * DOCUMENTS];
    size_t count;
} written_lines;

static written_lines *write_lines(const ndup_result *result, const char *format, const char *name)
{
    temp_dir folder;
    char path[300];
    char specification[400];
    ndup_error error;
    written_lines *written = calloc(1, sizeof *written);
    temp_dir_init(&folder);
    snprintf(specification, sizeof specification, "%s:%s", format,
             temp_dir_path(&folder, name, path, sizeof path));
    assert_ok(fake_output(result, specification, false, NULL, &error), &error);
    written->bytes = temp_dir_read(&folder, name, NULL);
    temp_dir_deinit(&folder);
    for (char *line = written->bytes; *line != '\0';) {
        char *end = strchr(line, '\n');
        assert_non_null(end);
        *end = '\0';
        written->lines[written->count++] = line;
        line = end + 1;
    }
    return written;
}

static void free_lines(written_lines *written)
{
    free(written->bytes);
    free(written);
}

static json_t *parse(const char *line)
{
    json_error_t error;
    json_t *value = json_loads(line, JSON_ALLOW_NUL, &error);
    if (value == NULL) {
        fail_msg("%s: %s", error.text, line);
    }
    assert_true(json_is_object(value));
    return value;
}

static void assert_is_record_with_member(const ndup_document *document, const char *line)
{
    char original_text[RECORD_BYTES];
    json_t *annotated = parse(line);
    assert_true(json_is_object(json_object_get(annotated, "neardup")));
    json_object_del(annotated, "neardup");
    if (document->record.length > 0) {
        memcpy(original_text, document->record.bytes, document->record.length);
        original_text[document->record.length] = '\0';
        json_t *original = parse(original_text);
        json_object_del(original, "neardup");
        assert_true(json_equal(annotated, original));
        json_decref(original);
    } else {
        assert_non_null(json_object_get(annotated, "id"));
        assert_non_null(json_object_get(annotated, "text"));
    }
    json_decref(annotated);
}

static void test_report__added_members_leave_the_record_as_it_was(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 5; seed++) {
        random_result *made = random_result_new(seed);
        written_lines *all = write_lines(&made->result, "annotated", "x");
        written_lines *removed = write_lines(&made->result, "removed", "x");
        size_t dropped = 0;
        assert_u64_equal(all->count, DOCUMENTS);
        for (size_t i = 0; i < DOCUMENTS; i++) {
            assert_is_record_with_member(&made->documents[i], all->lines[i]);
            if (!made->verdicts[i].kept) {
                assert_is_record_with_member(&made->documents[i], removed->lines[dropped++]);
            }
        }
        assert_u64_equal(removed->count, dropped);
        free_lines(removed);
        free_lines(all);
        free(made);
    }
}

static size_t count_lines(const ndup_result *result, const char *format, const char *name)
{
    written_lines *written = write_lines(result, format, name);
    size_t count = written->count;
    for (size_t i = 0; i < count && strchr(name, '.') == NULL && strcmp(format, "ids") != 0; i++) {
        json_decref(parse(written->lines[i]));
    }
    free_lines(written);
    return count;
}

static size_t count_members(const ndup_result *result)
{
    written_lines *written = write_lines(result, "clusters", "x");
    size_t members = 0;
    for (size_t i = 0; i < written->count; i++) {
        json_t *cluster = parse(written->lines[i]);
        size_t size = json_array_size(json_object_get(cluster, "members"));
        assert_true(size >= 2);
        assert_u64_equal((uint64_t)json_integer_value(json_object_get(cluster, "size")), size);
        members += size;
        json_decref(cluster);
    }
    free_lines(written);
    return members;
}

/* The file of a format as one JSON value: all of it, or for a page what stands between its tags. */
static json_t *whole_file(const ndup_result *result, const char *format)
{
    temp_dir folder;
    char path[300];
    char specification[400];
    ndup_error error;
    temp_dir_init(&folder);
    snprintf(specification, sizeof specification, "%s:%s", format,
             temp_dir_path(&folder, "x", path, sizeof path));
    assert_ok(fake_output(result, specification, false, NULL, &error), &error);
    char *bytes = temp_dir_read(&folder, "x", NULL);
    char *start = strstr(bytes, "id=\"data\">");
    char *end = start != NULL ? strstr(start, "</script>") : NULL;
    if (end != NULL) {
        *end = '\0';
    }
    json_t *value = parse(start != NULL ? start + strlen("id=\"data\">") : bytes);
    free(bytes);
    temp_dir_deinit(&folder);
    return value;
}

static uint64_t sum_column(const json_t *run, const char *list, const char *member)
{
    uint64_t sum = 0;
    json_t *rows = json_object_get(run, list);
    for (size_t i = 0; i < json_array_size(rows); i++) {
        sum += (uint64_t)json_integer_value(json_object_get(json_array_get(rows, i), member));
    }
    json_t *others = json_object_get(run, "other_sources");
    return sum + (uint64_t)json_integer_value(json_object_get(others, member));
}

static uint64_t sum_matrix(const json_t *run)
{
    uint64_t sum = 0;
    json_t *matrix = json_object_get(run, "matrix");
    for (size_t i = 0; i < json_array_size(matrix); i++) {
        json_t *row = json_array_get(matrix, i);
        assert_u64_equal(json_array_size(row), json_array_size(matrix));
        for (size_t k = 0; k < json_array_size(row); k++) {
            sum += (uint64_t)json_integer_value(json_array_get(row, k));
        }
    }
    return sum;
}

static uint64_t sum_groups(const json_t *run, bool of_documents)
{
    uint64_t sum = 0;
    json_t *sizes = json_object_get(run, "group_sizes");
    for (size_t i = 0; i < json_array_size(sizes); i++) {
        json_t *pair = json_array_get(sizes, i);
        uint64_t size = (uint64_t)json_integer_value(json_array_get(pair, 0));
        uint64_t groups = (uint64_t)json_integer_value(json_array_get(pair, 1));
        sum += of_documents ? size * groups : groups;
    }
    return sum;
}

static void test_report__pages_and_findings_agree_with_the_rest(void **state)
{
    (void)state;
    random_result *made = random_result_new(13);
    const ndup_result *result = &made->result;
    size_t dropped = count_lines(result, "removed", "x");
    json_t *sarif = whole_file(result, "sarif");
    json_t *runs = json_object_get(sarif, "runs");
    json_t *results = json_object_get(json_array_get(runs, 0), "results");
    assert_u64_equal(json_array_size(results), dropped);
    json_t *page = whole_file(result, "html");
    json_t *run = json_array_get(json_object_get(page, "runs"), 0);
    assert_u64_equal(sum_column(run, "sources", "documents"), DOCUMENTS);
    assert_u64_equal(sum_column(run, "sources", "dropped"), dropped);
    assert_u64_equal(sum_matrix(run), dropped);
    assert_u64_equal(sum_groups(run, true), count_members(result));
    assert_u64_equal(sum_groups(run, false), count_lines(result, "clusters", "x"));
    assert_u64_equal((uint64_t)json_integer_value(json_object_get(run, "group_count")),
                     count_lines(result, "clusters", "x"));
    json_decref(page);
    json_decref(sarif);
    free(made);
}

static void test_report__formats_agree_on_their_counts(void **state)
{
    (void)state;
    random_result *made = random_result_new(11);
    const ndup_result *result = &made->result;
    size_t kept = 0;
    size_t grouped = 0;
    size_t survivors = 0;
    for (size_t i = 0; i < DOCUMENTS; i++) {
        kept += made->verdicts[i].kept;
        grouped += made->verdicts[i].grouped;
        survivors += made->verdicts[i].grouped && made->verdicts[i].kept;
    }
    assert_true(kept > 100 && kept < DOCUMENTS - 100);
    assert_u64_equal(count_lines(result, "ids", "x"), kept);
    assert_u64_equal(count_lines(result, "ids", "x.csv"), kept + 1);
    assert_u64_equal(count_lines(result, "jsonl", "x"), kept);
    assert_u64_equal(count_lines(result, "removed", "x"), DOCUMENTS - kept);
    assert_u64_equal(count_lines(result, "annotated", "x"), DOCUMENTS);
    assert_u64_equal(count_lines(result, "plan", "x"), DOCUMENTS + 2);
    assert_u64_equal(count_lines(result, "plan", "x.csv"), DOCUMENTS + 1);
    assert_u64_equal(count_lines(result, "pairs", "x"), DOCUMENTS - kept);
    assert_u64_equal(count_lines(result, "pairs", "x.csv"), DOCUMENTS - kept + 1);
    assert_u64_equal(count_lines(result, "clusters", "x"), survivors);
    assert_u64_equal(count_lines(result, "clusters", "x.csv"), grouped + 1);
    assert_u64_equal(count_members(result), grouped);
    assert_u64_equal(count_lines(result, "summary", "x"), 1);
    free(made);
}

/* The JSON form of a run's sources, the page's table of them, and the rows of the two tables. */
static void test_report__formats_agree_on_the_sources(void **state)
{
    (void)state;
    random_result *made = random_result_new(14);
    const ndup_result *result = &made->result;
    size_t dropped = count_lines(result, "removed", "x");
    json_t *page = whole_file(result, "html");
    json_t *run = json_array_get(json_object_get(page, "runs"), 0);
    json_t *shown = json_object_get(run, "sources");
    written_lines *sources = write_lines(result, "sources", "x");
    written_lines *table = write_lines(result, "sources", "x.csv");
    written_lines *markdown = write_lines(result, "summary", "x.md");
    uint64_t sums[3] = {0, 0, 0};
    static const char *const members[] = {"documents", "dropped", "kept"};
    assert_u64_equal(sources->count,
                     (uint64_t)json_integer_value(json_object_get(run, "source_count")));
    assert_u64_equal(table->count, sources->count + 1);
    size_t row = 0;
    while (strcmp(markdown->lines[row], "|---|---:|---:|---:|") != 0) {
        row++;
    }
    for (size_t i = 0; i < sources->count; i++) {
        json_t *source = parse(sources->lines[i]);
        json_t *on_page = json_array_get(shown, i);
        unsigned long long counts[3];
        char expected[100];
        for (size_t k = 0; k < 3; k++) {
            counts[k] = (unsigned long long)json_integer_value(json_object_get(source, members[k]));
            sums[k] += counts[k];
        }
        if (on_page != NULL) {
            assert_true(
                json_equal(json_object_get(source, "source"), json_object_get(on_page, "name")));
            assert_true(json_equal(json_object_get(source, "documents"),
                                   json_object_get(on_page, "documents")));
            assert_true(json_equal(json_object_get(source, "dropped"),
                                   json_object_get(on_page, "dropped")));
            assert_true(json_equal(json_object_get(source, "repeated"),
                                   json_object_get(on_page, "repeated")));
        }
        snprintf(expected, sizeof expected, ",%llu,%llu,%llu,%llu", counts[0], counts[2], counts[1],
                 (unsigned long long)json_integer_value(json_object_get(source, "repeated")));
        assert_non_null(strstr(table->lines[i + 1], expected));
        snprintf(expected, sizeof expected, " | %llu | %llu | %llu |", counts[0], counts[1],
                 counts[2]);
        assert_non_null(strstr(markdown->lines[row + 1 + i], expected));
        json_decref(source);
    }
    assert_u64_equal(sums[0], DOCUMENTS);
    assert_u64_equal(sums[1], dropped);
    assert_u64_equal(sums[2], DOCUMENTS - dropped);
    free_lines(markdown);
    free_lines(table);
    free_lines(sources);
    json_decref(page);
    free(made);
}

static void test_report__ids_come_back_from_json(void **state)
{
    (void)state;
    random_result *made = random_result_new(12);
    written_lines *plan = write_lines(&made->result, "plan", "x");
    for (size_t i = 0; i < DOCUMENTS; i++) {
        json_t *row = parse(plan->lines[i + 1]);
        const char *id = json_string_value(json_object_get(row, "id"));
        if (strchr(made->ids[i], '\xFF') == NULL) {
            assert_string_equal(id, made->ids[i]);
        } else {
            assert_non_null(strstr(id, "\xEF\xBF\xBD"));
        }
        assert_u64_equal((uint64_t)json_integer_value(json_object_get(row, "number")), i);
        json_decref(row);
    }
    free_lines(plan);
    free(made);
}

TEST_MAIN(cmocka_unit_test(test_report__added_members_leave_the_record_as_it_was),
          cmocka_unit_test(test_report__formats_agree_on_their_counts),
          cmocka_unit_test(test_report__formats_agree_on_the_sources),
          cmocka_unit_test(test_report__pages_and_findings_agree_with_the_rest),
          cmocka_unit_test(test_report__ids_come_back_from_json))
