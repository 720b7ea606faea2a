/* SPDX-License-Identifier: MIT */
/* Every public function with nothing, and with zeroed structures: it refuses, and does not crash.
 */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "neardup.h"
#include "support/test.h"

#define HEADERS TEST_SOURCE_DIR "/../include/neardup"

#define ASSERT_REFUSED(call) assert_int_equal(call, NDUP_STATUS_INVALID)

/* A corpus of two documents, a result of it, and zeroed structures. */
static struct {
    ndup_corpus *corpus;
    ndup_result *result;
    ndup_error error;
    ndup_hooks hooks;
    ndup_allocator allocator;
    ndup_text text;
    ndup_text torn; /* bytes at NULL */
    ndup_document document;
} all;

static ndup_status next_document(void *context, bool *has_document, ndup_document *document,
                                 ndup_error *error)
{
    int *given = context;
    (void)error;
    *has_document = *given < 2;
    *document = (ndup_document){.id = {*given == 0 ? "a" : "b", 1}, .text = {"some words", 10}};
    (*given)++;
    return NDUP_STATUS_OK;
}

static ndup_status next_torn(void *context, bool *has_document, ndup_document *document,
                             ndup_error *error)
{
    (void)context;
    (void)error;
    *has_document = true;
    document->text = all.torn;
    return NDUP_STATUS_OK;
}

static int opened;

static void count_close(void *context)
{
    (void)context;
    opened--;
}

static void count_release(struct ArrowArrayStream *stream)
{
    stream->release = NULL;
    opened--;
}

static int set_up(void **state)
{
    (void)state;
    static int given;
    ndup_source source = {.struct_size = sizeof source, .context = &given, .next = next_document};
    ndup_dedup_options options;
    all.torn = (ndup_text){NULL, 5};
    assert_ok(ndup_corpus_open_source(&all.corpus, &source, NULL, &all.error), &all.error);
    assert_ok(ndup_dedup_options_init(&options, NULL, &all.error), &all.error);
    assert_ok(ndup_dedup(&all.result, all.corpus, &options, NULL, &all.error), &all.error);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    ndup_result_free(all.result);
    ndup_corpus_close(all.corpus);
    (void)ndup_outputs_abandon(); /* no output can be begun any more */
    return 0;
}

static void names(void)
{
    (void)ndup_version();
    (void)ndup_unicode_version();
    (void)ndup_kind_name((ndup_kind)99);
    (void)ndup_reading_name((ndup_reading)99);
    (void)ndup_repeat_kind_name((ndup_repeat_kind)99);
    (void)ndup_refrain_name((ndup_refrain)99);
    (void)ndup_stage_name((ndup_stage)99);
    (void)ndup_part_name((ndup_part)99);
    (void)ndup_part_stage((ndup_part)99);
    (void)ndup_status_text((ndup_status)99);
    (void)ndup_status_name((ndup_status)99);
    (void)ndup_unit_kind_name((ndup_unit_kind)99);
    (void)ndup_token_mode_name((ndup_token_mode)99);
    (void)ndup_templates_name((ndup_templates)99);
    (void)ndup_rule_name((ndup_rule)99);
    assert_u64_equal(ndup_character_read((ndup_text){NULL, 0}).bytes, 0);
    assert_u64_equal(ndup_character_visible(NULL, NULL, (ndup_text){NULL, 0}), 0);
    assert_null(ndup_output_get(ndup_output_count()));
    assert_null(ndup_flag_output_get(ndup_flag_output_count()));
    assert_null(ndup_passage_output_get(ndup_passage_output_count()));
    assert_null(ndup_direction_name((ndup_direction)99));
    assert_null(ndup_preset_get(ndup_preset_count()));
    assert_null(ndup_sketch_get(ndup_sketch_count()));
    assert_null(ndup_preset_find(NULL));
}

static void corpora(void)
{
    ndup_corpus *corpus = NULL;
    ndup_corpus_options options = {0};
    const char *const inputs[] = {NULL};
    ASSERT_REFUSED(ndup_corpus_open(NULL, NULL, 0, NULL, NULL, NULL));
    ASSERT_REFUSED(ndup_corpus_open(&corpus, NULL, 1, NULL, NULL, NULL));
    ASSERT_REFUSED(ndup_corpus_open(&corpus, inputs, 1, NULL, NULL, &all.error));
    ASSERT_REFUSED(ndup_corpus_open(&corpus, NULL, 0, &options, NULL, &all.error));
    ASSERT_REFUSED(ndup_corpus_open(&corpus, NULL, 0, NULL, &all.hooks, &all.error));
    assert_null(corpus);
    assert_u64_equal(ndup_corpus_bytes(NULL), 0);
    ndup_corpus_close(NULL);
    ASSERT_REFUSED(ndup_corpus_open_units(NULL, NULL, NULL, NULL, NULL));
    ASSERT_REFUSED(ndup_corpus_open_units(&corpus, NULL, NULL, &all.hooks, &all.error));
    ASSERT_REFUSED(ndup_corpus_find(NULL, NULL, 0, NULL, NULL, NULL));
    ASSERT_REFUSED(ndup_corpus_find(all.corpus, NULL, 1, NULL, NULL, &all.error));
    ASSERT_REFUSED(ndup_corpus_find(all.corpus, &all.text, 1, &all.document, &all.hooks, NULL));
    ndup_documents_free(NULL, NULL, 1);
    ndup_documents_free(all.corpus, NULL, 1);
    ndup_documents_free(all.corpus, &all.document, 1);
}

static void sources(void)
{
    ndup_corpus *corpus = NULL;
    ndup_source source = {0};
    ASSERT_REFUSED(ndup_corpus_open_source(NULL, NULL, NULL, NULL));
    ASSERT_REFUSED(ndup_corpus_open_source(&corpus, NULL, NULL, &all.error));
    ASSERT_REFUSED(ndup_corpus_open_source(&corpus, &source, NULL, &all.error));
    source = (ndup_source){.struct_size = sizeof source, .close = count_close};
    opened = 1;
    ASSERT_REFUSED(ndup_corpus_open_source(&corpus, &source, NULL, &all.error));
    assert_int_equal(opened, 0);
    source.next = next_torn;
    opened = 1;
    ASSERT_REFUSED(ndup_corpus_open_source(&corpus, &source, NULL, &all.error));
    assert_int_equal(opened, 0);
    assert_null(corpus);
}

static void tables(void)
{
    ndup_corpus *corpus = NULL;
    struct ArrowArrayStream stream = {.release = NULL};
    ASSERT_REFUSED(ndup_corpus_open_arrow(NULL, NULL, NULL, NULL, NULL));
    ASSERT_REFUSED(ndup_corpus_open_arrow(&corpus, NULL, NULL, NULL, &all.error));
    ASSERT_REFUSED(ndup_corpus_open_arrow(&corpus, &stream, NULL, NULL, &all.error));
    ASSERT_REFUSED(ndup_corpus_open_arrow(&corpus, &stream, NULL, &all.hooks, &all.error));
    stream.release = count_release;
    opened = 1;
    ASSERT_REFUSED(ndup_corpus_open_arrow(&corpus, &stream, NULL, NULL, &all.error));
    assert_int_equal(opened, 0);
    assert_null(corpus);
    const ndup_table_files files = {.struct_size = 0};
    const ndup_table_files empty = {.struct_size = sizeof empty};
    ASSERT_REFUSED(ndup_table_files_register(&files, NULL));
    ASSERT_REFUSED(ndup_table_files_register(&empty, &all.error));
    assert_ok(ndup_table_files_register(NULL, NULL), NULL);
    ASSERT_REFUSED(ndup_result_arrow(NULL, NULL, NULL));
    ASSERT_REFUSED(ndup_result_arrow(&stream, NULL, &all.error));
    ASSERT_REFUSED(ndup_result_pairs_arrow(NULL, all.result, NULL));
    ASSERT_REFUSED(ndup_result_pairs_arrow(&stream, NULL, &all.error));
}

static void runs(void)
{
    ndup_result *result = NULL;
    ndup_dedup_options options = {0};
    ASSERT_REFUSED(ndup_dedup_options_init(NULL, NULL, NULL));
    ASSERT_REFUSED(ndup_dedup(NULL, NULL, NULL, NULL, NULL));
    ASSERT_REFUSED(ndup_dedup(&result, NULL, &options, NULL, &all.error));
    ASSERT_REFUSED(ndup_dedup(&result, all.corpus, NULL, NULL, &all.error));
    ASSERT_REFUSED(ndup_dedup(&result, all.corpus, &options, NULL, &all.error));
    assert_ok(ndup_dedup_options_init(&options, NULL, &all.error), &all.error);
    ASSERT_REFUSED(ndup_dedup(&result, all.corpus, &options, &all.hooks, &all.error));
    options.never_drop_count = 1;
    ASSERT_REFUSED(ndup_dedup(&result, all.corpus, &options, NULL, &all.error));
    options.never_drop_count = 0;
    options.max_loss_count = 1;
    ASSERT_REFUSED(ndup_dedup(&result, all.corpus, &options, NULL, &all.error));
    assert_null(result);
}

static void results(void)
{
    const char *const *inputs;
    const ndup_pair *pairs;
    const ndup_source_loss *losses;
    ndup_verdict verdict;
    ndup_result_free(NULL);
    assert_null(ndup_result_options(NULL));
    assert_null(ndup_result_summary(NULL));
    assert_null(ndup_result_profile(NULL));
    assert_null(ndup_result_corpus_options(NULL));
    assert_u64_equal(ndup_result_inputs(NULL, NULL), 0);
    assert_u64_equal(ndup_result_inputs(NULL, &inputs), 0);
    assert_null(inputs);
    assert_u64_equal(ndup_result_inputs(all.result, NULL), 0);
    ndup_result_verdict(NULL, 0, NULL);
    ndup_result_verdict(NULL, 0, &verdict);
    assert_false(verdict.kept);
    ndup_result_verdict(all.result, 99, &verdict);
    assert_false(verdict.kept);
    assert_u64_equal(ndup_result_pairs(NULL, &pairs), 0);
    assert_null(pairs);
    assert_u64_equal(ndup_result_pairs(all.result, NULL), 0);
    assert_u64_equal(ndup_result_losses(NULL, &losses), 0);
    assert_null(losses);
    assert_u64_equal(ndup_result_losses(all.result, NULL), 0);
}

static void outputs(void)
{
    ndup_sink *sink = NULL;
    ndup_sink empty = {0};
    ndup_sink *const empties[] = {&empty};
    ndup_sink *const none[] = {NULL};
    ndup_output_options options = {0};
    ndup_written_run run = {0};
    ASSERT_REFUSED(ndup_output_open(NULL, NULL, NULL, NULL));
    ASSERT_REFUSED(ndup_output_open(&sink, NULL, NULL, &all.error));
    ASSERT_REFUSED(ndup_output_open(&sink, "ids:x", &options, &all.error));
    ASSERT_REFUSED(ndup_output_write_text(NULL, NULL, (ndup_text){"x", 1}, true, &all.error));
    ASSERT_REFUSED(ndup_output_write_text(NULL, "x", (ndup_text){NULL, 1}, true, &all.error));
    assert_null(sink);
    ndup_output_close(NULL);
    ndup_output_close(&empty);
    ASSERT_REFUSED(ndup_result_write(NULL, NULL, NULL, 0, NULL, NULL));
    ASSERT_REFUSED(ndup_result_write(all.result, all.corpus, NULL, 1, NULL, &all.error));
    ASSERT_REFUSED(ndup_result_write(all.result, all.corpus, none, 1, NULL, &all.error));
    ASSERT_REFUSED(ndup_result_write(all.result, all.corpus, empties, 1, NULL, &all.error));
    empty.struct_size = sizeof empty;
    ASSERT_REFUSED(ndup_result_write(all.result, all.corpus, empties, 1, NULL, &all.error));
    ASSERT_REFUSED(ndup_result_write(all.result, all.corpus, NULL, 0, &all.hooks, &all.error));
    ASSERT_REFUSED(ndup_results_write(NULL, 1, NULL, 0, NULL, NULL));
    ASSERT_REFUSED(ndup_results_write(&run, 1, NULL, 0, NULL, &all.error));
}

static void plans(void)
{
    ndup_plan *plan = NULL;
    ndup_corpus *corpus = NULL;
    ndup_result *result = NULL;
    uint64_t taken;
    const ndup_shard none = {1, 1};
    ASSERT_REFUSED(ndup_sketch_part(NULL, NULL, NULL, none, NULL, NULL, &all.error));
    ASSERT_REFUSED(ndup_sketch_part("x", all.corpus, NULL, none, NULL, NULL, NULL));
    assert_false(ndup_is_part(NULL));
    ASSERT_REFUSED(ndup_parts_merge(NULL, NULL, 1, &all.allocator, NULL));
    ASSERT_REFUSED(ndup_bucket_parts(NULL, NULL, 1, none, NULL, NULL, &all.hooks, &all.error));
    ndup_corpus_frequencies *counts;
    ASSERT_REFUSED(ndup_corpus_frequencies_open(NULL, NULL, NULL, NULL));
    ASSERT_REFUSED(ndup_corpus_frequencies_open(&counts, NULL, &all.allocator, &all.error));
    ASSERT_REFUSED(ndup_corpus_frequencies_merge(NULL, NULL, &all.error));
    ASSERT_REFUSED(ndup_corpus_frequencies_save(NULL, NULL, &all.error));
    ndup_corpus_frequencies_free(NULL);
    ndup_shard_options shard;
    ndup_shard_options_init(NULL);
    assert_int_equal(ndup_stage_file_of(NULL), NDUP_STAGE_FILE_NONE);
    ndup_shard_options_init(&shard);
    ASSERT_REFUSED(ndup_components_find(NULL, NULL, 0, 1, NULL, &all.error));
    ASSERT_REFUSED(ndup_components_find("x", &all.text.bytes, 0, 1, NULL, &all.error));
    ASSERT_REFUSED(ndup_count_shard(NULL, NULL, NULL, NULL));
    ASSERT_REFUSED(ndup_count_shard("x", &shard, NULL, &all.error));
    ASSERT_REFUSED(ndup_verify_shard(NULL, NULL, NULL, NULL));
    ASSERT_REFUSED(ndup_verify_shard("x", &shard, NULL, &all.error));
    ASSERT_REFUSED(ndup_decide_shards(NULL, NULL, NULL, NULL, NULL));
    ASSERT_REFUSED(ndup_decide_shards(&result, &corpus, &shard, NULL, &all.error));
    ASSERT_REFUSED(ndup_plan_open(NULL, NULL, NULL, NULL));
    ASSERT_REFUSED(ndup_plan_open(&plan, NULL, &all.allocator, &all.error));
    ASSERT_REFUSED(ndup_plan_open_edited(NULL, NULL, NULL, NULL));
    ASSERT_REFUSED(ndup_plan_open_edited(&plan, NULL, &all.allocator, &all.error));
    ndup_plan_close(NULL);
    ASSERT_REFUSED(ndup_plan_decide(NULL, NULL, NULL, NULL));
    ASSERT_REFUSED(ndup_plan_decide(&taken, NULL, "x", &all.error));
    ASSERT_REFUSED(ndup_plan_open_corpus(NULL, NULL, NULL, 0, NULL, NULL, NULL));
    ASSERT_REFUSED(ndup_plan_open_corpus(&corpus, NULL, NULL, 0, NULL, NULL, &all.error));
    ASSERT_REFUSED(ndup_plan_result(NULL, NULL, NULL, NULL, NULL));
    ASSERT_REFUSED(ndup_plan_result(&result, NULL, all.corpus, NULL, &all.error));
}

static void baselines(void)
{
    ndup_baseline *baseline = NULL;
    ASSERT_REFUSED(ndup_baseline_open(NULL, NULL, NULL, NULL));
    ASSERT_REFUSED(ndup_baseline_open(&baseline, NULL, &all.allocator, &all.error));
    ndup_baseline_close(NULL);
    assert_u64_equal(ndup_baseline_count(NULL), 0);
    ASSERT_REFUSED(ndup_result_compare(NULL, NULL, NULL));
    ASSERT_REFUSED(ndup_result_compare(all.result, NULL, &all.error));
    assert_false(ndup_result_has_baseline(NULL));
    assert_u64_equal(ndup_result_known(NULL), 0);
}

static void labels(void)
{
    ndup_gold *gold = NULL;
    ndup_gold_options options = {0};
    ndup_gold_coverage coverage;
    ndup_pair_measures pairs;
    ndup_cluster_measures clusters;
    ndup_found_groups *found;
    ndup_sink *sink;
    ASSERT_REFUSED(ndup_gold_open(NULL, NULL, NULL, NULL));
    ASSERT_REFUSED(ndup_gold_open(&gold, NULL, NULL, &all.error));
    ASSERT_REFUSED(ndup_gold_open(&gold, "x", &options, &all.error));
    ndup_gold_close(NULL);
    assert_int_equal(ndup_gold_is_clusters(NULL), 0);
    ASSERT_REFUSED(ndup_gold_cover(NULL, NULL, NULL, NULL));
    ASSERT_REFUSED(ndup_gold_cover(&coverage, NULL, all.result, &all.error));
    ASSERT_REFUSED(ndup_eval_pairs(NULL, NULL, NULL, 0, NULL));
    ASSERT_REFUSED(ndup_eval_pairs(&pairs, all.result, NULL, 0.5, &all.error));
    ASSERT_REFUSED(ndup_eval_clusters(NULL, NULL, NULL, 0, NULL));
    ASSERT_REFUSED(ndup_eval_clusters(&clusters, all.result, NULL, 0.5, &all.error));
    ASSERT_REFUSED(ndup_found_groups_new(NULL, NULL, NULL));
    assert_ok(ndup_found_groups_new(&found, NULL, &all.error), &all.error);
    ASSERT_REFUSED(ndup_gold_cover_groups(&coverage, NULL, found, &all.error));
    ASSERT_REFUSED(ndup_eval_group_pairs(&pairs, found, NULL, NDUP_GROUP_LEVEL_COPY, &all.error));
    ASSERT_REFUSED(ndup_eval_group_clusters(NULL, NULL, NULL, NDUP_GROUP_LEVEL_COPY, NULL));
    assert_null(ndup_found_groups_sink(NULL));
    ndup_found_groups_free(found);
    ASSERT_REFUSED(ndup_predicted_open(NULL, NULL, 0, 0.5, NULL, NULL));
    ASSERT_REFUSED(ndup_predicted_open(&sink, NULL, 0, 0.5, NULL, &all.error));
}

static void explanations(void)
{
    ndup_explanation *explanation = NULL;
    ndup_dedup_options options = {0};
    ASSERT_REFUSED(ndup_explain(NULL, all.text, all.text, NULL, 0, NULL));
    ASSERT_REFUSED(ndup_explain(&explanation, all.torn, all.text, NULL, 0, &all.error));
    ASSERT_REFUSED(ndup_explain(&explanation, all.text, all.text, &options, 0, &all.error));
    assert_null(explanation);
    ASSERT_REFUSED(ndup_explain_documents(NULL, NULL, NULL, NULL, 0, NULL));
    ASSERT_REFUSED(ndup_explain_documents(&explanation, &all.document, NULL, NULL, 0, NULL));
    ndup_form_explanation *form = NULL;
    ASSERT_REFUSED(ndup_explain_form(NULL, NULL, NULL, all.text, all.text, NULL, 0, NULL, NULL));
    assert_ok(ndup_explain_documents(&explanation, &all.document, &all.document, NULL, 0, NULL),
              &all.error);
    ASSERT_REFUSED(ndup_explain_form(&form, explanation, all.corpus, all.text, all.text, &options,
                                     0, NULL, &all.error));
    assert_null(form);
    ndup_form_explanation_free(NULL);
    ndup_explanation_free(explanation);
    ndup_explanation_free(NULL);
}

static void flags(void)
{
    ndup_flag_summary summary;
    ndup_flag_options options = {0};
    ndup_flag_sink *sink = NULL;
    ndup_flag_sink empty = {0};
    ndup_flag_sink *const empties[] = {&empty};
    ndup_output_options opening = {0};
    ndup_flag_options_init(NULL);
    ASSERT_REFUSED(ndup_flag(NULL, NULL, NULL, NULL, 0, NULL, NULL));
    ASSERT_REFUSED(ndup_flag(&summary, all.corpus, NULL, NULL, 0, NULL, &all.error));
    ASSERT_REFUSED(ndup_flag(&summary, all.corpus, &options, NULL, 0, NULL, &all.error));
    ndup_flag_options_init(&options);
    ASSERT_REFUSED(ndup_flag(&summary, all.corpus, &options, NULL, 1, NULL, &all.error));
    ASSERT_REFUSED(ndup_flag(&summary, all.corpus, &options, empties, 1, NULL, &all.error));
    ASSERT_REFUSED(ndup_flag(&summary, all.corpus, &options, NULL, 0, &all.hooks, &all.error));
    ASSERT_REFUSED(ndup_flag_output_open(NULL, NULL, NULL, NULL));
    ASSERT_REFUSED(ndup_flag_output_open(&sink, "jsonl:x", &opening, &all.error));
    ndup_flag_output_close(NULL);
    ndup_flag_output_close(&empty);
}

static void texts(void)
{
    ndup_text_reader *reader = NULL;
    ndup_text_cleaner *cleaner = NULL;
    ndup_read_text read;
    double similarity;
    ndup_text cleaned;
    ndup_dedup_options options = {0};
    ndup_flag_options cleaning = {0};
    ASSERT_REFUSED(ndup_text_reader_new(NULL, NULL, true, NULL));
    ASSERT_REFUSED(ndup_text_reader_new(&reader, &options, true, &all.error));
    assert_null(reader);
    assert_null(ndup_text_reader_sketcher(NULL));
    ASSERT_REFUSED(ndup_text_read(NULL, NULL, all.text, NULL));
    ASSERT_REFUSED(ndup_text_read(&read, NULL, all.text, &all.error));
    assert_ok(ndup_text_reader_new(&reader, NULL, true, &all.error), &all.error);
    ASSERT_REFUSED(ndup_text_read(&read, reader, all.torn, &all.error));
    ASSERT_REFUSED(ndup_text_similarity(NULL, NULL, all.text, all.text, NULL));
    ASSERT_REFUSED(ndup_text_similarity(&similarity, NULL, all.text, all.text, &all.error));
    ASSERT_REFUSED(ndup_text_similarity(&similarity, reader, all.text, all.torn, &all.error));
    ndup_text_reader_free(reader);
    ndup_text_reader_free(NULL);
    ASSERT_REFUSED(ndup_text_cleaner_new(NULL, NULL, NULL));
    ASSERT_REFUSED(ndup_text_cleaner_new(&cleaner, &cleaning, &all.error));
    assert_null(cleaner);
    ASSERT_REFUSED(ndup_text_clean(NULL, NULL, all.text, NULL));
    ASSERT_REFUSED(ndup_text_clean(&cleaned, NULL, all.text, &all.error));
    assert_ok(ndup_text_cleaner_new(&cleaner, NULL, &all.error), &all.error);
    ASSERT_REFUSED(ndup_text_clean(&cleaned, cleaner, all.torn, &all.error));
    ndup_text_cleaner_free(cleaner);
    ndup_text_cleaner_free(NULL);
}

static void form_texts(void)
{
    ndup_form_texts *texts;
    ndup_form_text text;
    ndup_text_reader *reader;
    const uint64_t *shingles;
    size_t count;
    ndup_corpus_frequencies *counts;
    ndup_dedup_options options = {0};
    static const uint8_t counters[1 << 16];
    ASSERT_REFUSED(ndup_form_texts_find(NULL, NULL, NULL, NULL, NULL));
    ASSERT_REFUSED(ndup_form_texts_find(&texts, NULL, &options, NULL, &all.error));
    ASSERT_REFUSED(ndup_form_texts_find(&texts, all.corpus, NULL, NULL, &all.error));
    ASSERT_REFUSED(ndup_form_texts_find(&texts, all.corpus, &options, NULL, &all.error));
    assert_null(texts);
    assert_int_equal(ndup_form_texts_count(NULL), 0);
    ndup_form_texts_get(NULL, 0, NULL);
    ndup_form_texts_get(NULL, 0, &text);
    assert_int_equal(text.source.length, 0);
    ndup_form_texts_free(NULL);
    assert_int_equal(ndup_source_name((ndup_text){NULL, 0}, (ndup_text){NULL, 0}).length, 0);
    assert_true(ndup_text_hash((ndup_text){NULL, 0}) != 0);
    assert_int_equal(ndup_form_counter_bits(0), 16);
    ASSERT_REFUSED(ndup_text_form_shingles(NULL, NULL, NULL, all.text, NULL));
    assert_ok(ndup_text_reader_new(&reader, NULL, false, &all.error), &all.error);
    ASSERT_REFUSED(ndup_text_form_shingles(&shingles, NULL, reader, all.text, &all.error));
    ASSERT_REFUSED(ndup_text_form_shingles(&shingles, &count, NULL, all.text, &all.error));
    ASSERT_REFUSED(ndup_text_form_shingles(&shingles, &count, reader, all.torn, &all.error));
    ndup_text_reader_free(reader);
    ASSERT_REFUSED(ndup_corpus_frequencies_new(NULL, NULL, 16, NULL, NULL));
    ASSERT_REFUSED(ndup_corpus_frequencies_new(&counts, NULL, 16, NULL, &all.error));
    ASSERT_REFUSED(ndup_corpus_frequencies_new(&counts, counters, 15, NULL, &all.error));
    assert_null(counts);
}

static void text_keys(void)
{
    ndup_key_reader *reader = NULL;
    const uint64_t *keys;
    ndup_dedup_options options = {0};
    ASSERT_REFUSED(ndup_key_reader_new(NULL, NULL, NULL));
    ASSERT_REFUSED(ndup_key_reader_new(&reader, &options, &all.error));
    assert_null(reader);
    assert_int_equal(ndup_key_reader_count(NULL), 0);
    ASSERT_REFUSED(ndup_text_keys(NULL, NULL, all.text, NULL));
    ASSERT_REFUSED(ndup_text_keys(&keys, NULL, all.text, &all.error));
    assert_ok(ndup_key_reader_new(&reader, NULL, &all.error), &all.error);
    ASSERT_REFUSED(ndup_text_keys(&keys, reader, all.torn, &all.error));
    ndup_key_reader_free(reader);
    ndup_key_reader_free(NULL);
}

static void passages(void)
{
    ndup_passage_summary summary;
    ndup_passage_options options = {0};
    ndup_passage_sink *sink = NULL;
    ndup_passage_sink empty = {0};
    ndup_passage_sink *const empties[] = {&empty};
    ndup_output_options opening = {0};
    ndup_passage_options_init(NULL);
    ASSERT_REFUSED(ndup_passages(NULL, NULL, NULL, NULL, 0, NULL, NULL));
    ASSERT_REFUSED(ndup_passages(&summary, all.corpus, NULL, NULL, 0, NULL, &all.error));
    ASSERT_REFUSED(ndup_passages(&summary, all.corpus, &options, NULL, 0, NULL, &all.error));
    ndup_passage_options_init(&options);
    ASSERT_REFUSED(ndup_passages(&summary, all.corpus, &options, NULL, 1, NULL, &all.error));
    ASSERT_REFUSED(ndup_passages(&summary, all.corpus, &options, empties, 1, NULL, &all.error));
    ASSERT_REFUSED(ndup_passages(&summary, all.corpus, &options, NULL, 0, &all.hooks, &all.error));
    ASSERT_REFUSED(ndup_passage_output_open(NULL, NULL, NULL, NULL));
    ASSERT_REFUSED(ndup_passage_output_open(&sink, NULL, NULL, &all.error));
    ASSERT_REFUSED(ndup_passage_output_open(&sink, "jsonl:x", &opening, &all.error));
    assert_null(sink);
    ndup_passage_output_close(NULL);
    ndup_passage_output_close(&empty);
}

static void sketches(void)
{
    ndup_sketcher *sketcher = NULL;
    ndup_bands bands = {0};
    ndup_sketch_info info = {0};
    uint32_t state[128] = {0};
    ASSERT_REFUSED(ndup_sketcher_new(NULL, NULL, 0, 0, NULL, NULL));
    assert_ok(ndup_sketcher_new(&sketcher, NULL, 0, 0, &all.allocator, NULL), &all.error);
    ndup_sketch_make(NULL, NULL, NULL, 0);
    ndup_sketch_make(sketcher, NULL, NULL, 0);
    ndup_sketch_make(sketcher, state, NULL, 3);
    ASSERT_REFUSED(ndup_sketch_merge(NULL, NULL, NULL, NULL));
    ASSERT_REFUSED(ndup_sketch_merge(sketcher, state, NULL, &all.error));
    assert_true(ndup_sketch_estimate(NULL, NULL, NULL) <= 0);
    assert_true(ndup_sketch_estimate(sketcher, state, NULL) <= 0);
    ndup_sketcher_free(sketcher);
    ndup_sketcher_free(NULL);
    assert_null(ndup_sketcher_info(NULL));
    assert_int_equal(ndup_sketcher_slots(NULL), 0);
    assert_true(ndup_sketch_collision(NULL, 0.5) <= 0);
    assert_true(ndup_sketch_collision(&info, 0.5) <= 0);
    ASSERT_REFUSED(ndup_bands_choose(NULL, NULL, 0.5, 0.9, 0, NULL));
    ASSERT_REFUSED(ndup_bands_choose(&bands, &info, 0.5, 0.9, 0, &all.error));
    assert_true(ndup_bands_curve(NULL, NULL, 0.5) <= 0);
    (void)ndup_bands_curve(&bands, &info, 0.5);
    assert_true(ndup_bands_bytes_per_document(NULL, NULL) <= 0);
    assert_true(ndup_bands_bytes_per_document(&bands, &info) <= 0);
}

static ndup_status no_lines(void *context, ndup_text line, ndup_error *error)
{
    (void)context;
    (void)line;
    (void)error;
    return NDUP_STATUS_OK;
}

/* In builds without indexes all is refused as UNSUPPORTED. */
#define ASSERT_NO_INDEX(call) assert_int_not_equal(call, NDUP_STATUS_OK)

static void indexes(void)
{
    ndup_index_options options = {0};
    ndup_index_open_options opening = {0};
    ndup_index *index = NULL;
    assert_null(ndup_index_store_name((ndup_index_store)99));
    ASSERT_REFUSED(ndup_index_options_init(NULL, NULL, NULL));
    ASSERT_NO_INDEX(ndup_index_create(NULL, NULL, NULL));
    ASSERT_NO_INDEX(ndup_index_create("nowhere/x", &options, &all.error));
    ASSERT_NO_INDEX(ndup_index_open(NULL, NULL, NULL, NULL, NULL));
    ASSERT_NO_INDEX(ndup_index_open(&index, "nowhere", &opening, NULL, &all.error));
    ASSERT_NO_INDEX(ndup_index_open_temporary(NULL, NULL, NULL, NULL, NULL));
    ASSERT_NO_INDEX(ndup_index_open_temporary(&index, "nowhere", &options, NULL, &all.error));
    assert_false(ndup_index_is_at(NULL));
    assert_null(ndup_index_get_options(NULL));
    assert_false(ndup_index_has_secret(NULL));
    ASSERT_NO_INDEX(ndup_index_check(NULL, NULL, NULL, 0, NULL, NULL));
    ASSERT_NO_INDEX(ndup_index_check_and_add(NULL, NULL, NULL, 1, NULL, NULL));
    ASSERT_NO_INDEX(ndup_index_add(NULL, NULL, NULL, 1, NULL));
    ASSERT_NO_INDEX(ndup_index_build(NULL, NULL, NULL, NULL, NULL));
    ASSERT_NO_INDEX(ndup_index_remove(NULL, NULL, NULL, 1, NULL));
    ASSERT_NO_INDEX(ndup_index_expire(NULL, NULL, 0, NULL));
    ASSERT_NO_INDEX(ndup_index_get(NULL, all.text, NULL, NULL, NULL));
    ASSERT_NO_INDEX(ndup_index_get_number(NULL, 0, NULL, NULL, NULL));
    ASSERT_NO_INDEX(ndup_index_iterate(NULL, NULL, NULL, NULL));
    ASSERT_NO_INDEX(ndup_index_iterate_groups(NULL, NULL, NULL, NULL));
    ASSERT_NO_INDEX(ndup_index_stat(NULL, NULL, NULL));
    ASSERT_NO_INDEX(ndup_index_merge(NULL, NULL, NULL, NULL));
    ASSERT_NO_INDEX(ndup_index_dump(NULL, no_lines, NULL, NULL, NULL));
    ASSERT_NO_INDEX(ndup_index_load(NULL, NULL, NULL, 1, NULL));
    ASSERT_NO_INDEX(ndup_index_compact(NULL, NULL));
    ASSERT_NO_INDEX(ndup_index_verify(NULL, NULL, NULL));
    ndup_index_close(NULL);
}

static void index_answers(void)
{
    assert_int_equal(ndup_index_answers_count(NULL), 0);
    assert_null(ndup_index_answers_get(NULL, 0));
    ASSERT_NO_INDEX(ndup_index_answers_json(NULL, NULL, 0, all.text, NULL));
    ndup_index_answers_free(NULL);
}

static void records(void)
{
    ndup_corpus_options options = {0};
    ndup_record_reader *reader = NULL;
    ndup_document document;
    ASSERT_REFUSED(ndup_record_reader_new(NULL, NULL, NULL));
    ASSERT_REFUSED(ndup_record_reader_new(&reader, &options, &all.error));
    assert_ok(ndup_record_reader_new(&reader, NULL, NULL), NULL);
    ASSERT_REFUSED(ndup_record_read_json(NULL, NULL, all.text, NULL));
    ASSERT_REFUSED(ndup_record_read_json(&document, reader, all.torn, &all.error));
    ASSERT_REFUSED(ndup_record_read_text(NULL, reader, all.text, all.text, NULL));
    ASSERT_REFUSED(ndup_record_read_text(&document, reader, all.torn, all.text, NULL));
    ASSERT_REFUSED(ndup_record_read_page(NULL, reader, all.text, all.text, all.text, NULL));
    ASSERT_REFUSED(ndup_record_read_page(&document, reader, all.torn, all.text, all.text, NULL));
    ndup_record_reader_reset(NULL);
    ndup_record_reader_reset(reader);
    ndup_record_reader_free(reader);
    ndup_record_reader_free(NULL);
}

static void walks(void)
{
    int64_t moment;
    ASSERT_REFUSED(ndup_corpus_walk(NULL, NULL, 0, NULL, NULL, NULL, NULL));
    ASSERT_REFUSED(ndup_corpus_walk(all.corpus, NULL, 0, NULL, NULL, NULL, &all.error));
    ASSERT_REFUSED(ndup_corpus_leave_out(NULL, NULL, 0, NULL, NULL, NULL, NULL));
    ASSERT_REFUSED(ndup_corpus_leave_out(all.corpus, NULL, 0, NULL, NULL, NULL, &all.error));
    assert_false(ndup_date_parse(NULL, all.text));
    assert_false(ndup_date_parse(&moment, all.torn));
}

/* What is called above, by the names in this file's text. */
static char *own_text(void)
{
    FILE *file = fopen(TEST_SOURCE_DIR "/unit/test_public_null.c", "rb");
    assert_non_null(file);
    char *text = calloc(1, 1 << 18);
    assert_non_null(text);
    assert_true(fread(text, 1, (1 << 18) - 1, file) > 0);
    fclose(file);
    return text;
}

/* Every name that a header declares with NDUP_API must be called. */
static void check_header(const char *path, const char *calls)
{
    static char text[1 << 17];
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    text[fread(text, 1, sizeof text - 1, file)] = '\0';
    fclose(file);
    for (char *at = text; (at = strstr(at, "\nNDUP_API ")) != NULL; at++) {
        char name[80];
        char *end = strchr(at, '(');
        assert_non_null(end);
        char *begin = end;
        while (begin[-1] == '_' || (begin[-1] >= 'a' && begin[-1] <= 'z')) {
            begin--;
        }
        snprintf(name, sizeof name, "%.*s(", (int)(end - begin), begin);
        if (strstr(calls, name) == NULL) {
            fail_msg("%s in %s is not called with nothing", name, path);
        }
    }
}

static void test_public_null__work_folders(void **state)
{
    (void)state;
    ndup_work *work;
    ndup_result *result;
    ndup_work_progress progress = {.struct_size = sizeof progress};
    ASSERT_REFUSED(ndup_work_open(NULL, NULL, false, NULL, NULL));
    ASSERT_REFUSED(ndup_work_open(&work, NULL, false, &all.allocator, &all.error));
    ndup_work_close(NULL);
    ASSERT_REFUSED(ndup_work_dedup(NULL, NULL, NULL, NULL, NULL, NULL));
    ASSERT_REFUSED(ndup_work_dedup(&result, NULL, NULL, NULL, NULL, &all.error));
    ASSERT_REFUSED(ndup_work_finish(NULL, &all.error));
    ASSERT_REFUSED(ndup_work_look(NULL, NULL, NULL));
    ASSERT_REFUSED(ndup_work_look(&progress, NULL, &all.error));
    progress.struct_size = 0;
    ASSERT_REFUSED(ndup_work_look(&progress, "x", &all.error));
    assert_string_equal(ndup_work_stage_name(NDUP_WORK_JUDGING), "judging");
}

static void test_public_null__no_function_is_forgotten(void **state)
{
    (void)state;
    char *calls = own_text();
    DIR *folder = opendir(HEADERS);
    size_t count = 0;
    assert_non_null(folder);
    for (struct dirent *entry; (entry = readdir(folder)) != NULL;) {
        char path[600];
        size_t length = strlen(entry->d_name);
        if (length > 2 && strcmp(entry->d_name + length - 2, ".h") == 0) {
            snprintf(path, sizeof path, HEADERS "/%s", entry->d_name);
            check_header(path, calls);
            count++;
        }
    }
    closedir(folder);
    free(calls);
    assert_true(count > 15);
}

static void streams(void)
{
    ndup_story_stream *stream;
    ndup_story_answer answer;
    ndup_story_stream_options options = {0};
    assert_null(ndup_dating_name((ndup_dating)99));
    assert_non_null(ndup_dating_name(NDUP_DATING_READ));
    ndup_story_stream_options_init(NULL);
    assert_null(ndup_story_stream_get_options(NULL));
    ASSERT_REFUSED(ndup_story_stream_open(NULL, NULL, NULL, NULL));
    ASSERT_REFUSED(ndup_story_stream_open(&stream, "x", NULL, &all.error));
    ASSERT_REFUSED(ndup_story_stream_open(&stream, "x", &options, &all.error));
    ASSERT_REFUSED(ndup_story_stream_add(NULL, &answer, NULL, &all.error));
    assert_ok(ndup_story_stream_close(NULL, NULL), &all.error);
}

static void groups(void)
{
    ndup_group_sink *sink = NULL;
    ndup_group_sink empty = {0};
    ndup_group_sink *const none[] = {NULL};
    ndup_group_sink *const empties[] = {&empty};
    ndup_group_options options = {0};
    ndup_group_summary summary;
    ndup_output_options opening = {0};
    (void)ndup_role_name((ndup_role)99);
    (void)ndup_apart_name((ndup_apart)99);
    streams();
    ndup_group_options_init(NULL);
    ASSERT_REFUSED(ndup_group(NULL, NULL, NULL, NULL, 0, NULL, NULL));
    ASSERT_REFUSED(ndup_group(&summary, all.corpus, NULL, NULL, 0, NULL, &all.error));
    ASSERT_REFUSED(ndup_group(&summary, all.corpus, &options, NULL, 0, NULL, &all.error));
    ndup_group_options_init(&options);
    ASSERT_REFUSED(ndup_group(&summary, NULL, &options, NULL, 0, NULL, &all.error));
    ASSERT_REFUSED(ndup_group(&summary, all.corpus, &options, NULL, 1, NULL, &all.error));
    ASSERT_REFUSED(ndup_group(&summary, all.corpus, &options, none, 1, NULL, &all.error));
    ASSERT_REFUSED(ndup_group(&summary, all.corpus, &options, empties, 1, NULL, &all.error));
    ASSERT_REFUSED(ndup_group(&summary, all.corpus, &options, NULL, 0, &all.hooks, &all.error));
    assert_null(ndup_group_output_get(ndup_group_output_count()));
    ASSERT_REFUSED(ndup_group_output_open(NULL, NULL, NULL, NULL));
    ASSERT_REFUSED(ndup_group_output_open(&sink, NULL, NULL, &all.error));
    ASSERT_REFUSED(ndup_group_output_open(&sink, "csv:x", &opening, &all.error));
    assert_null(sink);
    ndup_group_output_close(NULL);
    ndup_group_output_close(&empty);
}

#define NULL_TEST(part)                                \
    static void test_public_null__##part(void **state) \
    {                                                  \
        (void)state;                                   \
        part();                                        \
    }
NULL_TEST(names)
NULL_TEST(corpora)
NULL_TEST(sources)
NULL_TEST(tables)
NULL_TEST(runs)
NULL_TEST(results)
NULL_TEST(outputs)
NULL_TEST(plans)
NULL_TEST(baselines)
NULL_TEST(labels)
NULL_TEST(explanations)
NULL_TEST(flags)
NULL_TEST(texts)
NULL_TEST(groups)
NULL_TEST(text_keys)
NULL_TEST(form_texts)
NULL_TEST(passages)
NULL_TEST(sketches)
NULL_TEST(walks)
NULL_TEST(records)
NULL_TEST(index_answers)
NULL_TEST(indexes)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_public_null__names),
        cmocka_unit_test(test_public_null__corpora),
        cmocka_unit_test(test_public_null__sources),
        cmocka_unit_test(test_public_null__tables),
        cmocka_unit_test(test_public_null__runs),
        cmocka_unit_test(test_public_null__results),
        cmocka_unit_test(test_public_null__outputs),
        cmocka_unit_test(test_public_null__plans),
        cmocka_unit_test(test_public_null__baselines),
        cmocka_unit_test(test_public_null__labels),
        cmocka_unit_test(test_public_null__explanations),
        cmocka_unit_test(test_public_null__flags),
        cmocka_unit_test(test_public_null__texts),
        cmocka_unit_test(test_public_null__groups),
        cmocka_unit_test(test_public_null__text_keys),
        cmocka_unit_test(test_public_null__form_texts),
        cmocka_unit_test(test_public_null__passages),
        cmocka_unit_test(test_public_null__sketches),
        cmocka_unit_test(test_public_null__indexes),
        cmocka_unit_test(test_public_null__index_answers),
        cmocka_unit_test(test_public_null__records),
        cmocka_unit_test(test_public_null__walks),
        cmocka_unit_test(test_public_null__work_folders),
        cmocka_unit_test(test_public_null__no_function_is_forgotten),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
