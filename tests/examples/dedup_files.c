/* SPDX-License-Identifier: MIT */
/* Dedupes the files and folders given and says what happens to each document. */
#include <neardup.h>
#include <stdio.h>

static void print_verdict(const ndup_verdict *verdict)
{
    if (verdict->kept) {
        printf("keep %.*s\n", (int)verdict->id.length, verdict->id.bytes);
    } else {
        printf("drop %.*s: %s, %.3f like %.*s\n", (int)verdict->id.length, verdict->id.bytes,
               ndup_kind_name(verdict->kind), verdict->similarity, (int)verdict->survivor_id.length,
               verdict->survivor_id.bytes);
    }
}

int main(int argc, char **argv)
{
    ndup_error error = {0};
    ndup_corpus *corpus = NULL;
    ndup_result *result = NULL;
    ndup_dedup_options options;
    ndup_status status = ndup_corpus_open(&corpus, (const char *const *)argv + 1, (size_t)argc - 1,
                                          NULL, NULL, &error);
    if (status == NDUP_STATUS_OK) {
        status = ndup_dedup_options_init(&options, "news", &error);
    }
    if (status == NDUP_STATUS_OK) {
        status = ndup_dedup(&result, corpus, &options, NULL, &error);
    }
    for (uint64_t i = 0; status == NDUP_STATUS_OK && i < ndup_result_summary(result)->documents;
         i++) {
        ndup_verdict verdict;
        ndup_result_verdict(result, i, &verdict);
        print_verdict(&verdict);
    }
    if (status != NDUP_STATUS_OK) {
        fprintf(stderr, "%s\n", error.message);
    }
    ndup_result_free(result);
    ndup_corpus_close(corpus);
    return status == NDUP_STATUS_OK ? 0 : 1;
}
