/* SPDX-License-Identifier: MIT */
/* Hands documents over from memory, as a scraper would. */
#include <neardup.h>
#include <stdio.h>
#include <string.h>

static const char *const texts[] = {
    "The harbour office said the ferry would sail again on Monday after the storm had passed the "
    "coast.",
    "The harbour office said the FERRY would sail again on Monday, after the storm had passed the "
    "coast!",
    "A bakery in the old town has won the prize for the best rye bread three years in a row.",
};

typedef struct page_feed {
    size_t next;
    char id[16];
} page_feed;

static ndup_text text_of(const char *string)
{
    return (ndup_text){string, strlen(string)};
}

static ndup_status next_document(void *context, bool *has_document, ndup_document *document,
                                 ndup_error *error)
{
    page_feed *feed = context;
    (void)error;
    *has_document = feed->next < sizeof texts / sizeof texts[0];
    if (*has_document) {
        snprintf(feed->id, sizeof feed->id, "page-%zu", feed->next);
        document->id = text_of(feed->id);
        document->text = text_of(texts[feed->next++]);
    }
    return NDUP_STATUS_OK;
}

int main(void)
{
    page_feed pages = {0};
    ndup_source source = {.struct_size = sizeof source, .context = &pages, .next = next_document};
    ndup_error error = {0};
    ndup_corpus *corpus = NULL;
    ndup_result *result = NULL;
    ndup_dedup_options options;
    ndup_status status = ndup_corpus_open_source(&corpus, &source, NULL, &error);
    if (status == NDUP_STATUS_OK) {
        status = ndup_dedup_options_init(&options, NULL, &error);
    }
    if (status == NDUP_STATUS_OK) {
        status = ndup_dedup(&result, corpus, &options, NULL, &error);
    }
    if (status == NDUP_STATUS_OK) {
        const ndup_summary *summary = ndup_result_summary(result);
        printf("%llu pages, %llu of them new\n", (unsigned long long)summary->documents,
               (unsigned long long)summary->kept);
    } else {
        fprintf(stderr, "%s\n", error.message);
    }
    bool as_expected = status == NDUP_STATUS_OK && ndup_result_summary(result)->kept == 2;
    ndup_result_free(result);
    ndup_corpus_close(corpus);
    return as_expected ? 0 : 1;
}
