/* SPDX-License-Identifier: MIT */
/* Compares two texts and shows the passages they share. */
#include <neardup.h>
#include <stdio.h>
#include <string.h>

int main(void)
{
    const char *a =
        "Two ferries collided in thick fog on Tuesday and eleven people were hurt, officials said.";
    const char *b =
        "Officials said two ferries collided in thick fog on Tuesday and eleven people were hurt.";
    ndup_explanation *explanation;
    ndup_error error = {0};
    ndup_status status = ndup_explain(&explanation, (ndup_text){a, strlen(a)},
                                      (ndup_text){b, strlen(b)}, NULL, 3, &error);
    if (status != NDUP_STATUS_OK) {
        fprintf(stderr, "%s\n", error.message);
        return 1;
    }
    printf("similarity %.3f, %.3f of a is in b, kind %s\n", explanation->similarity,
           explanation->containment_a, ndup_kind_name(explanation->kind));
    for (size_t i = 0; i < explanation->span_count; i++) {
        const ndup_span *span = &explanation->spans[i];
        printf("%u words: %.*s\n", span->tokens, (int)span->a_bytes, a + span->a_offset);
    }
    int as_expected = explanation->span_count == 1 && explanation->spans[0].tokens == 13;
    ndup_explanation_free(explanation);
    return as_expected ? 0 : 1;
}
