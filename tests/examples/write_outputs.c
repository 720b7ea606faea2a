/* SPDX-License-Identifier: MIT */
/* Writes kept records and a plan in one pass: write_outputs INPUT KEPT.jsonl PLAN.jsonl */
#include <neardup.h>
#include <stdio.h>

static ndup_status open_output(ndup_sink **sink, const char *format, const char *path,
                               ndup_error *error)
{
    ndup_output_options options = {.struct_size = sizeof options, .overwrite = true};
    char specification[4096];
    snprintf(specification, sizeof specification, "%s:%s", format, path);
    return ndup_output_open(sink, specification, &options, error);
}

static ndup_status dedup_to(ndup_sink *const *sinks, size_t sink_count, const char *input,
                            ndup_error *error)
{
    ndup_corpus *corpus = NULL;
    ndup_result *result = NULL;
    ndup_dedup_options options;
    ndup_status status = ndup_corpus_open(&corpus, &input, 1, NULL, NULL, error);
    if (status == NDUP_STATUS_OK) {
        status = ndup_dedup_options_init(&options, "web", error);
    }
    if (status == NDUP_STATUS_OK) {
        options.keep = "longest"; /* of each group the longest text stays */
        options.spans = true;     /* the plan names the longest shared passage */
        status = ndup_dedup(&result, corpus, &options, NULL, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = ndup_result_write(result, corpus, sinks, sink_count, NULL, error);
    }
    ndup_result_free(result);
    ndup_corpus_close(corpus);
    return status;
}

int main(int argc, char **argv)
{
    ndup_error error = {0};
    ndup_sink *sinks[2] = {NULL, NULL};
    if (argc != 4) {
        fprintf(stderr, "usage: write_outputs INPUT KEPT.jsonl PLAN.jsonl\n");
        return 2;
    }
    ndup_status status = open_output(&sinks[0], "jsonl", argv[2], &error);
    if (status == NDUP_STATUS_OK) {
        status = open_output(&sinks[1], "plan", argv[3], &error);
    }
    if (status == NDUP_STATUS_OK) {
        status = dedup_to(sinks, 2, argv[1], &error);
    }
    if (status != NDUP_STATUS_OK) {
        fprintf(stderr, "%s\n", error.message);
    }
    ndup_output_close(sinks[0]);
    ndup_output_close(sinks[1]);
    return status == NDUP_STATUS_OK ? 0 : 1;
}
