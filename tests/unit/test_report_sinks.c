/* SPDX-License-Identifier: MIT */
/* The bytes of every output that is one file, for a result made by hand. */
#include "support/test.h"

#include <stdio.h>
#include <stdlib.h>

#include "support/fake_result.h"
#include "support/temp_dir.h"

#define U_FFFD "\xEF\xBF\xBD"

/* What "FORMAT:<folder>/NAME" writes; free() it. */
static char *written(const ndup_result *result, const char *format, const char *name)
{
    temp_dir folder;
    char path[300];
    char specification[400];
    ndup_error error;
    temp_dir_init(&folder);
    snprintf(specification, sizeof specification, "%s:%s", format,
             temp_dir_path(&folder, name, path, sizeof path));
    assert_ok(fake_output(result, specification, false, NULL, &error), &error);
    assert_u64_equal(temp_dir_count(&folder, ""), 1);
    char *bytes = temp_dir_read(&folder, name, NULL);
    temp_dir_deinit(&folder);
    return bytes;
}

static void assert_written(const ndup_result *result, const char *format, const char *name,
                           const char *expected)
{
    char *bytes = written(result, format, name);
    assert_string_equal(bytes, expected);
    free(bytes);
}

static void test_ids__are_lines_and_json_strings_where_lines_would_lie(void **state)
{
    (void)state;
    ndup_result result = fake_sample();
    assert_written(&result, "ids", "ids.txt", "a.txt\nbad\xFF\n\"\\\"q\\\"\"\ng\n");
    ndup_document documents[FAKE_COUNT];
    memcpy(documents, fake_documents, sizeof documents);
    documents[0].id = (ndup_text){"a\nb\xFF", 4};
    result.documents = documents;
    assert_written(&result, "ids", "ids.txt", "\"a\\nb" U_FFFD "\"\nbad\xFF\n\"\\\"q\\\"\"\ng\n");
}

static void test_ids_csv__has_one_column(void **state)
{
    (void)state;
    ndup_result result = fake_sample();
    assert_written(&result, "ids", "ids.csv", "id\na.txt\nbad" U_FFFD "\n\"\"\"q\"\"\"\ng\n");
}

static void test_jsonl__keeps_records_and_makes_them_for_plain_files(void **state)
{
    (void)state;
    ndup_result result = fake_sample();
    assert_written(&result, "jsonl", "kept.jsonl",
                   "{\"id\":\"a.txt\",\"source\":\"a\",\"text\":\"one two three four five\"}\n"
                   "{\"text\":\"other\",\"neardup\":1}\n"
                   "{\"id\":\"\\\"q\\\"\",\"text\":\"lone\"}\n"
                   "{\"id\":\"g\",\"text\":\"g\\tg\"}\n");
}

static void test_removed__adds_a_member_to_the_record(void **state)
{
    (void)state;
    ndup_result result = fake_sample();
    assert_written(
        &result, "removed", "removed.jsonl",
        "{ \"text\" : \"x\",\"neardup\":{\"cluster\":\"a.txt\",\"decision\":\"drop\","
        "\"kind\":\"near\",\"survivor\":\"a.txt\",\"similarity\":0.666667,\"containment\":0.8,"
        "\"survivor_containment\":0.75,\"span\":{\"tokens\":4,\"offset\":4,\"bytes\":14,"
        "\"text\":\"two three four\"}} }\n"
        "{\"neardup\":{\"cluster\":\"a.txt\",\"decision\":\"drop\",\"kind\":\"identical\","
        "\"survivor\":\"a.txt\",\"similarity\":1,\"containment\":1,"
        "\"survivor_containment\":1}}\n"
        "{\"neardup\":{\"cluster\":\"\\\"q\\\"\",\"decision\":\"drop\",\"kind\":\"normalized\","
        "\"survivor\":\"\\\"q\\\"\",\"similarity\":1,\"containment\":1,"
        "\"survivor_containment\":1} }\n");
}

static void test_removed__cuts_the_excerpt_at_a_character(void **state)
{
    (void)state;
    char text[400];
    for (size_t i = 0; i < sizeof text; i += 3) {
        memcpy(text + i, "\xE2\x82\xAC", sizeof text - i < 3 ? sizeof text - i : 3);
    }
    ndup_document document = {.id = FAKE_TEXT("x"), .text = {text, 399}};
    ndup_verdict verdict = {
        .kind = NDUP_KIND_NEAR, .span_tokens = 9, .span_offset = 3, .span_bytes = 390};
    ndup_result result = fake_sample();
    result.summary.documents = 1;
    result.documents = &document;
    result.verdicts = &verdict;
    result.rejected_count = 0;
    char *bytes = written(&result, "removed", "removed.jsonl");
    const char *excerpt = strstr(bytes, "\"bytes\":390,\"text\":\"");
    assert_non_null(excerpt);
    excerpt += strlen("\"bytes\":390,\"text\":\"");
    assert_u64_equal(strcspn(excerpt, "\""), 198);
    free(bytes);

    verdict.span_offset = 5000;
    bytes = written(&result, "removed", "removed.jsonl");
    assert_non_null(strstr(bytes, "\"bytes\":390,\"text\":\"\"}"));
    free(bytes);
}

static void test_removed__refuses_a_record_that_is_no_object(void **state)
{
    (void)state;
    static const char *const records[] = {"[1]", " ", "}", "{} x"};
    for (size_t i = 0; i < sizeof records / sizeof records[0]; i++) {
        ndup_document document = {.id = FAKE_TEXT("x"), .record = {records[i], strlen(records[i])}};
        ndup_verdict verdict = {.kind = NDUP_KIND_NEAR};
        ndup_result result = fake_sample();
        result.summary.documents = 1;
        result.documents = &document;
        result.verdicts = &verdict;
        temp_dir folder;
        char path[300];
        char specification[400];
        ndup_error error;
        temp_dir_init(&folder);
        snprintf(specification, sizeof specification, "removed:%s",
                 temp_dir_path(&folder, "x", path, sizeof path));
        assert_status(fake_output(&result, specification, false, NULL, &error), NDUP_STATUS_INVALID,
                      &error);
        assert_non_null(strstr(error.message, "document 0"));
        assert_u64_equal(temp_dir_count(&folder, ""), 0);
        temp_dir_deinit(&folder);
    }
}

static void test_annotated__has_every_record(void **state)
{
    (void)state;
    ndup_result result = fake_sample();
    assert_written(
        &result, "annotated", "all.jsonl",
        "{\"id\":\"a.txt\",\"source\":\"a\",\"text\":\"one two three four five\",\"neardup\":{"
        "\"cluster\":\"a.txt\",\"decision\":\"keep\",\"kind\":\"none\",\"survivor\":\"a.txt\","
        "\"similarity\":1}}\n"
        "{ \"text\" : \"x\",\"neardup\":{\"cluster\":\"a.txt\",\"decision\":\"drop\","
        "\"kind\":\"near\",\"survivor\":\"a.txt\",\"similarity\":0.666667} }\n"
        "{\"text\":\"other\",\"neardup\":1,\"neardup\":{\"cluster\":null,\"decision\":\"keep\","
        "\"kind\":\"none\",\"survivor\":\"bad" U_FFFD "\",\"similarity\":1}}\n"
        "{\"neardup\":{\"cluster\":\"a.txt\",\"decision\":\"drop\",\"kind\":\"identical\","
        "\"survivor\":\"a.txt\",\"similarity\":1}}\n"
        "{\"id\":\"\\\"q\\\"\",\"text\":\"lone\",\"neardup\":{\"cluster\":\"\\\"q\\\"\","
        "\"decision\":\"keep\",\"kind\":\"none\",\"survivor\":\"\\\"q\\\"\",\"similarity\":1}}\n"
        "{\"neardup\":{\"cluster\":\"\\\"q\\\"\",\"decision\":\"drop\",\"kind\":\"normalized\","
        "\"survivor\":\"\\\"q\\\"\",\"similarity\":1} }\n"
        "{\"id\":\"g\",\"text\":\"g\\tg\",\"neardup\":{\"cluster\":null,\"decision\":\"keep\","
        "\"kind\":\"none\",\"survivor\":\"g\",\"similarity\":1}}\n");
}

static void test_rejected__has_the_raw_records_or_a_table(void **state)
{
    (void)state;
    ndup_result result = fake_sample();
    assert_written(&result, "rejected", "bad.jsonl", "{\"broken\xFE\": \n");
    assert_written(&result, "rejected", "bad.csv",
                   "path,line,offset,message\n"
                   "corpus/b.jsonl,1,12,\"expected a value, found \"\"nothing\"\"\"\n"
                   ",0,0,cannot open x\n");
}

#define PLAN_HEADER                                                                              \
    "{\"type\":\"neardup-plan\",\"schema_version\":1,\"neardup_version\":\"" NDUP_VERSION_STRING \
    "\",\"unicode\":\"%s\",\"inputs\":[\"corpus\",\"more \\\"texts\\\"\"],"                      \
    "\"fields\":{\"text\":\"body.text\"},\"max_record_bytes\":1000,\"options\":{"                \
    "\"preset\":\"news\",\"threshold\":0.6,\"shingle_size\":5,\"tokens\":\"words\","             \
    "\"number_agreement\":0,\"sketch\":\"one-permutation\",\"slots\":128,\"bands\":20,"          \
    "\"rows\":5,\"recall\":0.99,\"seed\":\"18446744073709551615\",\"exact\":false,"              \
    "\"keep\":\"longest,first\",\"never_drop\":[\"gold/*\"],\"cluster\":\"leader\","             \
    "\"drop_all\":false,\"templates\":\"keep\",\"rule\":\"jaccard\"},\"search\":{"               \
    "\"repaired\":0,\"duplicate_ids\":0,\"empty\":0,"                                            \
    "\"unreadable\":0,\"recall\":0.99,\"candidates\":12,\"verified\":9,\"similar\":0,\"split_"   \
    "buckets\":0,"                                                                               \
    "\"largest_bucket\":0,\"crowded\":0,\"capped\":0,\"audit_documents\":0,\"audit_pairs\":0,"   \
    "\"audit_found\":0,"                                                                         \
    "\"audit_missed\":0,\"audit_low\":0,\"audit_high\":0,\"similarity_histogram\":[%s]},"        \
    "\"documents\":%d}\n"

/* All bins but the last are 0, and that is 5. */
static const char *histogram_text(char text[300])
{
    char *at = text;
    for (int i = 0; i < 100; i++) {
        *at++ = '0';
        *at++ = ',';
    }
    memcpy(at, "5", 2);
    return text;
}

#define NO_SURVIVOR                                                                         \
    "\"cluster\":null,\"decision\":\"keep\",\"kind\":\"none\",\"survivor\":null,"           \
    "\"similarity\":null,\"containment\":null,\"survivor_containment\":null,\"form\":null," \
    "\"form_similarity\":null,\"span\":null,"

static void test_plan__has_a_header_every_document_and_an_end(void **state)
{
    (void)state;
    ndup_result result = fake_sample();
    char header[1800];
    char histogram[300];
    result.summary.candidates = 12;
    result.summary.verified = 9;
    result.summary.similarity_histogram[100] = 5;
    snprintf(header, sizeof header, PLAN_HEADER, ndup_unicode_version(), histogram_text(histogram),
             (int)FAKE_COUNT);
    char *bytes = written(&result, "plan", "plan.jsonl");
    assert_memory_equal(bytes, header, strlen(header));
    assert_string_equal(
        bytes + strlen(header),
        "{\"type\":\"document\",\"id\":\"a.txt\",\"source\":\"a\",\"title\":null,\"cluster\":\"a."
        "txt\",\"decision\":\"keep\","
        "\"kind\":\"none\","
        "\"survivor\":\"a.txt\",\"similarity\":1,\"containment\":1,\"survivor_containment\":1,"
        "\"form\":null,\"form_similarity\":null,\"span\":null,\"text_hash\":\"0123456789abcdef\","
        "\"keep_hash\":\"fedcba9876543210\","
        "\"path\":\"corpus/"
        "a.txt\",\"same_file\":null,\"offset\":0,\"number\":0,"
        "\"survivor_number\":0,\"form_number\":null}\n"
        "{\"type\":\"document\",\"id\":\"b,\\\"2\\\"\\n\",\"source\":null,\"title\":null,"
        "\"cluster\":\"a.txt\",\"decision\":"
        "\"drop\","
        "\"kind\":\"near\",\"survivor\":\"a.txt\",\"similarity\":0.666667,\"containment\":0.8,"
        "\"survivor_containment\":0.75,\"form\":null,\"form_similarity\":null,\"span\":{\"tokens\":"
        "4,\"offset\":4,\"bytes\":14},"
        "\"text_hash\":\"0000000000000001\",\"keep_hash\":\"000000000000000b\",\"path\":\"corpus/"
        "b.jsonl\",\"same_file\":null,\"offset\":20,\"number\":1,"
        "\"survivor_number\":0,\"form_number\":null}\n"
        "{\"type\":\"document\",\"id\":\"bad" U_FFFD
        "\",\"source\":null,\"title\":null," NO_SURVIVOR
        "\"text_hash\":\"0000000000000002\",\"keep_hash\":\"000000000000000c\","
        "\"path\":\"corpus/"
        "b.jsonl\",\"same_file\":null,\"offset\":30,\"number\":2,\"survivor_number\":null,\"form_"
        "number\":null}\n"
        "{\"type\":\"document\",\"id\":\"=1+2\",\"source\":null,\"title\":null,\"cluster\":\"a."
        "txt\",\"decision\":\"drop\","
        "\"kind\":\"identical\","
        "\"survivor\":\"a.txt\",\"similarity\":1,\"containment\":1,\"survivor_containment\":1,"
        "\"form\":null,\"form_similarity\":null,\"span\":null,\"text_hash\":\"0123456789abcdef\","
        "\"keep_hash\":\"000000000000000d\","
        "\"path\":\"corpus/"
        "b.jsonl\",\"same_file\":null,\"offset\":40,\"number\":3,"
        "\"survivor_number\":0,\"form_number\":null}\n"
        "{\"type\":\"document\",\"id\":\"\\\"q\\\"\",\"source\":null,\"title\":null,\"cluster\":"
        "\"\\\"q\\\"\",\"decision\":"
        "\"keep\",\"kind\":\"none\","
        "\"survivor\":\"\\\"q\\\"\",\"similarity\":1,\"containment\":1,"
        "\"survivor_containment\":1,\"form\":null,\"form_similarity\":null,\"span\":null,\"text_"
        "hash\":\"0000000000000004\",\"keep_hash\":"
        "\"000000000000000e\",\"path\":null,"
        "\"same_file\":null,\"offset\":0,\"number\":4,"
        "\"survivor_number\":4,\"form_number\":null}\n"
        "{\"type\":\"document\",\"id\":\"f\",\"source\":null,\"title\":null,\"cluster\":"
        "\"\\\"q\\\"\",\"decision\":\"drop\","
        "\"kind\":\"normalized\","
        "\"survivor\":\"\\\"q\\\"\",\"similarity\":1,\"containment\":1,"
        "\"survivor_containment\":1,\"form\":null,\"form_similarity\":null,\"span\":null,\"text_"
        "hash\":\"0000000000000005\",\"keep_hash\":"
        "\"000000000000000f\","
        "\"path\":\"corpus/"
        "b.jsonl\",\"same_file\":null,\"offset\":50,\"number\":5,\"survivor_number\":4,\"form_"
        "number\":null}\n"
        "{\"type\":\"document\",\"id\":\"g\",\"source\":null,\"title\":null," NO_SURVIVOR
        "\"text_hash\":\"0000000000000006\",\"keep_hash\":\"0000000000000010\",\"path\":null,"
        "\"same_file\":null,\"offset\":0,"
        "\"number\":6,"
        "\"survivor_number\":null,\"form_number\":null}\n"
        "{\"type\":\"end\",\"documents\":7,\"kept\":4,\"dropped\":3}\n");
    free(bytes);
}

static void test_plan_csv__is_one_flat_table(void **state)
{
    (void)state;
    ndup_result result = fake_sample();
    assert_written(
        &result, "plan", "plan.csv",
        "id,source,title,decision,kind,cluster,survivor,similarity,containment,"
        "survivor_containment,form,form_similarity,span_tokens,span_offset,span_bytes,text_hash,"
        "path,offset,number,survivor_number,form_number,keep_hash\n"
        "a.txt,a,,keep,none,a.txt,a.txt,1,1,1,,,,,,0123456789abcdef,corpus/"
        "a.txt,0,0,0,,fedcba9876543210\n"
        "\"b,\"\"2\"\"\n\",,,drop,near,a.txt,a.txt,0.666667,0.8,0.75,,,4,4,14,0000000000000001,"
        "corpus/b.jsonl,20,1,0,,000000000000000b\n"
        "bad" U_FFFD
        ",,,keep,none,,,,,,,,,,,0000000000000002,corpus/b.jsonl,30,2,,,000000000000000c\n"
        "'=1+2,,,drop,identical,a.txt,a.txt,1,1,1,,,,,,0123456789abcdef,corpus/"
        "b.jsonl,40,3,0,,000000000000000d\n"
        "\"\"\"q\"\"\",,,keep,none,\"\"\"q\"\"\",\"\"\"q\"\"\",1,1,1,,,,,,0000000000000004,,0,4,4,"
        ",000000000000000e\n"
        "f,,,drop,normalized,\"\"\"q\"\"\",\"\"\"q\"\"\",1,1,1,,,,,,0000000000000005,corpus/"
        "b.jsonl,50,5,4,,000000000000000f\n"
        "g,,,keep,none,,,,,,,,,,,0000000000000006,,0,6,,,0000000000000010\n");
}

#define OF_A "\"source_a\":\"a\",\"source_b\":null,\"title_a\":null,\"title_b\":null"
#define OF_NONE "\"source_a\":null,\"source_b\":null,\"title_a\":null,\"title_b\":null"

static void test_pairs__are_the_verified_ones_and_a_star_of_copies(void **state)
{
    (void)state;
    ndup_result result = fake_sample();
    assert_written(&result, "pairs", "pairs.jsonl",
                   "{\"a\":\"a.txt\",\"b\":\"b,\\\"2\\\"\\n\",\"similarity\":0.666667,"
                   "\"containment_a\":0.75,\"containment_b\":0.8,\"kind\":\"near\"," OF_A "}\n"
                   "{\"a\":\"\\\"q\\\"\",\"b\":\"bad" U_FFFD "\",\"similarity\":0.5,"
                   "\"containment_a\":0.5,\"containment_b\":1,\"kind\":\"contained\"," OF_NONE "}\n"
                   "{\"a\":\"a.txt\",\"b\":\"=1+2\",\"similarity\":1,\"containment_a\":1,"
                   "\"containment_b\":1,\"kind\":\"identical\"," OF_A "}\n"
                   "{\"a\":\"\\\"q\\\"\",\"b\":\"f\",\"similarity\":1,\"containment_a\":1,"
                   "\"containment_b\":1,\"kind\":\"normalized\"," OF_NONE "}\n");
    assert_written(
        &result, "pairs", "pairs.csv",
        "a,b,similarity,containment_a,containment_b,kind,source_a,source_b,title_a,title_b\n"
        "a.txt,\"b,\"\"2\"\"\n\",0.666667,0.75,0.8,near,a,,,\n"
        "\"\"\"q\"\"\",bad" U_FFFD ",0.5,0.5,1,contained,,,,\n"
        "a.txt,'=1+2,1,1,1,identical,a,,,\n"
        "\"\"\"q\"\"\",f,1,1,1,normalized,,,,\n");
}

static void test_pairs__are_those_that_decided_when_no_others_are_known(void **state)
{
    (void)state;
    ndup_result result = fake_sample();
    result.pair_count = 0;
    result.pairs = NULL;
    assert_written(
        &result, "pairs", "pairs.csv",
        "a,b,similarity,containment_a,containment_b,kind,source_a,source_b,title_a,title_b\n"
        "a.txt,\"b,\"\"2\"\"\n\",0.666667,0.75,0.8,near,a,,,\n"
        "a.txt,'=1+2,1,1,1,identical,a,,,\n"
        "\"\"\"q\"\"\",f,1,1,1,normalized,,,,\n");
    result.options.matching.threshold = 0.7;
    assert_written(
        &result, "pairs", "pairs.csv",
        "a,b,similarity,containment_a,containment_b,kind,source_a,source_b,title_a,title_b\n"
        "a.txt,'=1+2,1,1,1,identical,a,,,\n"
        "\"\"\"q\"\"\",f,1,1,1,normalized,,,,\n");
}

static void test_clusters__are_groups_with_the_survivor_first(void **state)
{
    (void)state;
    ndup_result result = fake_sample();
    assert_written(
        &result, "clusters", "clusters.jsonl",
        "{\"cluster\":\"a.txt\",\"size\":3,\"members\":["
        "{\"id\":\"a.txt\",\"source\":\"a\",\"title\":null,\"decision\":\"keep\",\"similarity\":1,"
        "\"kind\":\"none\"},"
        "{\"id\":\"b,\\\"2\\\"\\n\",\"source\":null,\"title\":null,\"decision\":\"drop\","
        "\"similarity\":0.666667,"
        "\"kind\":\"near\"},"
        "{\"id\":\"=1+2\",\"source\":null,\"title\":null,\"decision\":\"drop\",\"similarity\":1,"
        "\"kind\":\"identical\"}]}\n"
        "{\"cluster\":\"\\\"q\\\"\",\"size\":2,\"members\":["
        "{\"id\":\"\\\"q\\\"\",\"source\":null,\"title\":null,\"decision\":\"keep\",\"similarity\":"
        "1,"
        "\"kind\":\"none\"},"
        "{\"id\":\"f\",\"source\":null,\"title\":null,\"decision\":\"drop\",\"similarity\":1,"
        "\"kind\":\"normalized\"}]}\n");
    assert_written(&result, "clusters", "clusters.csv",
                   "cluster,id,source,title,decision,kind,similarity,form\n"
                   "a.txt,a.txt,a,,keep,none,1,\n"
                   "a.txt,\"b,\"\"2\"\"\n\",,,drop,near,0.666667,\n"
                   "a.txt,'=1+2,,,drop,identical,1,\n"
                   "\"\"\"q\"\"\",\"\"\"q\"\"\",,,keep,none,1,\n"
                   "\"\"\"q\"\"\",f,,,drop,normalized,1,\n");
}

/* A survivor that stands behind its members in the corpus still comes first. */
static void test_clusters__name_a_late_survivor_first(void **state)
{
    (void)state;
    ndup_verdict verdicts[FAKE_COUNT];
    for (size_t i = 0; i < FAKE_COUNT; i++) {
        verdicts[i] = (ndup_verdict){.survivor = 6, .kept = i == 6, .grouped = true};
    }
    ndup_result result = fake_sample();
    result.verdicts = verdicts;
    char *bytes = written(&result, "clusters", "clusters.csv");
    const char *expected = "cluster,id,source,title,decision,kind,similarity,form\n"
                           "g,g,,,keep,none,0,\ng,a.txt,a,,drop,none,0,\n";
    assert_memory_equal(bytes, expected, strlen(expected));
    free(bytes);
}

/* The sample, of which three kept documents fill one form. Two are named after one that is none
 * of theirs, as edited plans may have it. */
static ndup_result sample_with_forms(ndup_verdict verdicts[FAKE_COUNT])
{
    ndup_result result = fake_sample();
    memcpy(verdicts, fake_verdicts, FAKE_COUNT * sizeof *verdicts);
    static const struct {
        uint64_t number, form;
        double similarity;
    } members[] = {{0, 6, 0.75}, {2, 6, 0.6}, {6, 6, 1}, {3, 1, 0.8}, {5, 1, 0.7}};
    for (size_t i = 0; i < sizeof members / sizeof members[0]; i++) {
        ndup_verdict *verdict = &verdicts[members[i].number];
        verdict->formed = true;
        verdict->form = members[i].form;
        verdict->form_similarity = members[i].similarity;
        verdict->kind = members[i].similarity < 1 ? NDUP_KIND_TEMPLATE : NDUP_KIND_NONE;
    }
    result.verdicts = verdicts;
    result.summary.forms = 1;
    return result;
}

static void test_clusters__have_families_of_one_form_behind_the_groups(void **state)
{
    (void)state;
    ndup_verdict verdicts[FAKE_COUNT];
    ndup_result result = sample_with_forms(verdicts);
    char *bytes = written(&result, "clusters", "clusters.jsonl");
    const char *family = strstr(bytes, "{\"form\"");
    assert_non_null(family);
    assert_string_equal(
        family,
        "{\"form\":\"g\",\"size\":3,\"members\":["
        "{\"id\":\"g\",\"source\":null,\"title\":null,\"decision\":\"keep\",\"similarity\":1,"
        "\"kind\":\"none\"},"
        "{\"id\":\"a.txt\",\"source\":\"a\",\"title\":null,\"decision\":\"keep\","
        "\"similarity\":0.75,\"kind\":\"template\"},"
        "{\"id\":\"bad" U_FFFD "\",\"source\":null,\"title\":null,\"decision\":\"keep\","
        "\"similarity\":0.6,\"kind\":\"template\"}]}\n");
    free(bytes);
    bytes = written(&result, "clusters", "clusters.csv");
    family = strstr(bytes, "\n,");
    assert_non_null(family);
    assert_string_equal(family, "\n,g,,,keep,none,1,g\n,a.txt,a,,keep,template,0.75,g\n"
                                ",bad" U_FFFD ",,,keep,template,0.6,g\n");
    free(bytes);
}

static void test_summary__has_every_member(void **state)
{
    (void)state;
    ndup_result result = fake_sample();
    result.summary.similarity_histogram[66] = 5;
    char *bytes = written(&result, "summary", "summary.json");
    static const char *const parts[] = {
        "{\"type\":\"neardup-summary\",\"schema_version\":1,",
        "\"documents\":7,\"text_bytes\":0,\"skipped\":0,\"repaired\":0,\"duplicate_ids\":0,"
        "\"unreadable\":0,\"empty\":0,\"kept\":4,\"kept_bytes\":0,\"dropped\":3,\"identical\":1,"
        "\"normalized\":1,"
        "\"contained\":0,\"near\":1,\"dropped_survivors\":0,\"groups\":2,\"largest_group\":3,",
        "\"audit_missed\":0,\"audit_low\":0,\"audit_high\":0,\"bands\":{\"bands\":20,\"rows\":5,"
        "\"slots\":128,\"recall\":0.99,\"slots_raised\":false,\"recall_missed\":false},\"losses\":["
        "],",
        "\"seconds\":{\"read\":0.25,\"bucket\":null,\"verify\":0,\"audit\":0,\"write\":12.345679},",
        "\"similarity_histogram\":[0,0,",
        ",0,5,0,",
        "]}\n"};
    const char *place = bytes;
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
        place = strstr(place, parts[i]);
        assert_non_null(place);
    }
    assert_int_equal(strchr(bytes, '\n')[1], 0);
    free(bytes);
}

static void test_summary__has_a_profile_if_the_result_has(void **state)
{
    (void)state;
    ndup_result result = fake_sample();
    double busy[2 * NDUP_PART_COUNT] = {0};
    busy[NDUP_PART_SCAN] = 0.5;
    busy[NDUP_PART_COUNT + NDUP_PART_SCAN] = 0.25;
    ndup_profile profile = {.workers = 2, .wall = {1.5, 0, 0, 0, 2}, .busy = busy};
    char *bytes = written(&result, "summary", "summary.json");
    assert_null(strstr(bytes, "profile"));
    free(bytes);
    result.profile = &profile;
    bytes = written(&result, "summary", "profile.json");
    assert_non_null(strstr(bytes,
                           "],\"profile\":{\"workers\":2,\"wall\":{\"read\":1.5,\"bucket\":0,"
                           "\"verify\":0,\"audit\":0,\"write\":2},\"busy\":{\"read\":[0,0],"
                           "\"scan\":[0.5,0.25],\"tokenize\":[0,0],"));
    assert_non_null(strstr(bytes, "\"write\":[0,0]}}}\n"));
    free(bytes);
}

static void test_summary__is_a_table_in_markdown(void **state)
{
    (void)state;
    ndup_result result = fake_sample();
    static const char *const inputs[] = {"a_b|c\nd"};
    result.inputs = inputs;
    result.input_count = 1;
    result.summary.similarity_histogram[66] = 5;
    char *bytes = written(&result, "summary", "summary.md");
    assert_non_null(strstr(bytes, "# Near-duplicates\n\nneardup " NDUP_VERSION_STRING));
    assert_non_null(strstr(bytes, "\n- a\\_b\\|c d\n"));
    assert_non_null(strstr(bytes, "\n| dropped | 3 |\n"));
    assert_non_null(strstr(bytes, "\n| threshold | 0.6 |\n"));
    assert_non_null(strstr(bytes, "\n| 0.66 | 5 |\n"));
    assert_non_null(strstr(bytes, "\n| source | read | dropped | kept |\n|---|---:|---:|---:|\n"
                                  "| (no source) | 6 | 3 | 3 |\n| a | 1 | 0 | 1 |\n\n## Options"));
    assert_null(strstr(bytes, "inf"));
    free(bytes);
}

static void test_sources__count_what_each_gave(void **state)
{
    (void)state;
    ndup_result result = fake_sample();
    ndup_document documents[FAKE_COUNT];
    memcpy(documents, fake_documents, sizeof documents);
    documents[1].url = (ndup_text)FAKE_TEXT("https://www.example.org/x,y");
    documents[3].source = (ndup_text)FAKE_TEXT("b,\"c\"");
    result.documents = documents;
    assert_written(
        &result, "sources", "sources.jsonl",
        "{\"source\":\"\",\"documents\":4,\"kept\":3,\"dropped\":1,\"repeated\":1,"
        "\"dropped_for\":[{\"source\":\"\",\"documents\":1}]}\n"
        "{\"source\":\"a\",\"documents\":1,\"kept\":1,\"dropped\":0,\"repeated\":2,"
        "\"dropped_for\":[]}\n"
        "{\"source\":\"example.org\",\"documents\":1,\"kept\":0,\"dropped\":1,\"repeated\":0,"
        "\"dropped_for\":[{\"source\":\"a\",\"documents\":1}]}\n"
        "{\"source\":\"b,\\\"c\\\"\",\"documents\":1,\"kept\":0,\"dropped\":1,\"repeated\":0,"
        "\"dropped_for\":[{\"source\":\"a\",\"documents\":1}]}\n");
    assert_written(&result, "sources", "sources.csv",
                   "source,documents,kept,dropped,repeated,dropped_for:,dropped_for:a\n"
                   ",4,3,1,1,1,0\na,1,1,0,2,0,0\nexample.org,1,0,1,0,0,1\n"
                   "\"b,\"\"c\"\"\",1,0,1,0,0,1\n");
}

static void test_outputs__of_an_empty_result_are_well_formed(void **state)
{
    (void)state;
    ndup_result result = {.options = {.struct_size = sizeof(ndup_dedup_options)}};
    assert_written(&result, "ids", "a", "");
    assert_written(&result, "jsonl", "a", "");
    assert_written(&result, "removed", "a", "");
    assert_written(&result, "annotated", "a", "");
    assert_written(&result, "rejected", "a", "");
    assert_written(&result, "pairs", "a", "");
    assert_written(&result, "clusters", "a", "");
    assert_written(&result, "sources", "a", "");
    assert_written(&result, "sources", "a.csv", "source,documents,kept,dropped,repeated\n");
    assert_written(&result, "clusters", "a.csv",
                   "cluster,id,source,title,decision,kind,similarity,form\n");
    char *bytes = written(&result, "plan", "a");
    assert_non_null(strstr(bytes, "\"inputs\":[],\"fields\":{},"));
    assert_non_null(strstr(bytes, "\"preset\":\"custom\""));
    assert_non_null(strstr(bytes, "\"sketch\":null"));
    assert_non_null(strstr(bytes, "\"documents\":0}\n{\"type\":\"end\",\"documents\":0,"));
    free(bytes);
}

static void test_outputs__of_a_run_that_drops_all(void **state)
{
    (void)state;
    ndup_verdict verdicts[FAKE_COUNT];
    memcpy(verdicts, fake_verdicts, sizeof verdicts);
    for (size_t i = 0; i < FAKE_COUNT; i++) {
        verdicts[i].kept = false;
    }
    ndup_result result = fake_sample();
    result.verdicts = verdicts;
    assert_written(&result, "ids", "a", "");
    assert_written(&result, "jsonl", "a", "");
    char *bytes = written(&result, "plan", "a");
    assert_non_null(strstr(bytes, "\"documents\":7,\"kept\":0,\"dropped\":7}\n"));
    free(bytes);
}

TEST_MAIN(cmocka_unit_test(test_ids__are_lines_and_json_strings_where_lines_would_lie),
          cmocka_unit_test(test_ids_csv__has_one_column),
          cmocka_unit_test(test_jsonl__keeps_records_and_makes_them_for_plain_files),
          cmocka_unit_test(test_removed__adds_a_member_to_the_record),
          cmocka_unit_test(test_removed__cuts_the_excerpt_at_a_character),
          cmocka_unit_test(test_removed__refuses_a_record_that_is_no_object),
          cmocka_unit_test(test_annotated__has_every_record),
          cmocka_unit_test(test_rejected__has_the_raw_records_or_a_table),
          cmocka_unit_test(test_plan__has_a_header_every_document_and_an_end),
          cmocka_unit_test(test_plan_csv__is_one_flat_table),
          cmocka_unit_test(test_pairs__are_the_verified_ones_and_a_star_of_copies),
          cmocka_unit_test(test_pairs__are_those_that_decided_when_no_others_are_known),
          cmocka_unit_test(test_clusters__are_groups_with_the_survivor_first),
          cmocka_unit_test(test_clusters__name_a_late_survivor_first),
          cmocka_unit_test(test_clusters__have_families_of_one_form_behind_the_groups),
          cmocka_unit_test(test_summary__has_every_member),
          cmocka_unit_test(test_summary__has_a_profile_if_the_result_has),
          cmocka_unit_test(test_summary__is_a_table_in_markdown),
          cmocka_unit_test(test_sources__count_what_each_gave),
          cmocka_unit_test(test_outputs__of_an_empty_result_are_well_formed),
          cmocka_unit_test(test_outputs__of_a_run_that_drops_all))
