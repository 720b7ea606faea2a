/* SPDX-License-Identifier: MIT */
/* Reads single texts as a run would: for tables that stay where they are. */
#include <neardup.h>
#include <stdio.h>
#include <string.h>

static const ndup_text texts[] = {
    {"The ferry to the islands stays in port tonight.", 47},
    {"THE FERRY to the islands stays in port - tonight!", 49},
};

int main(void)
{
    ndup_text_reader *reader;
    ndup_read_text a;
    ndup_read_text b;
    double similarity = 0;
    ndup_error error = {0};
    if (ndup_text_reader_new(&reader, NULL, false, &error) != NDUP_STATUS_OK) {
        fprintf(stderr, "%s\n", error.message);
        return 1;
    }
    ndup_status status = ndup_text_read(&a, reader, texts[0], &error);
    if (status == NDUP_STATUS_OK) {
        status = ndup_text_read(&b, reader, texts[1], &error);
    }
    if (status == NDUP_STATUS_OK) {
        status = ndup_text_similarity(&similarity, reader, texts[0], texts[1], &error);
    }
    ndup_text_reader_free(reader);
    if (status != NDUP_STATUS_OK) {
        fprintf(stderr, "%s\n", error.message);
        return 1;
    }
    bool same = memcmp(a.fingerprint, b.fingerprint, NDUP_FINGERPRINT_BYTES) == 0;
    printf("%llu tokens each, %s fingerprint, similarity %.1f\n", (unsigned long long)a.tokens,
           same ? "the same" : "another", similarity);
    return same && a.tokens == 9 && similarity >= 1 ? 0 : 1;
}
