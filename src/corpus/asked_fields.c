/* SPDX-License-Identifier: MIT */
/* Fields that the options name: which of them the records have. */
#include "corpus/asked_fields.h"

#include <stdio.h>

unsigned ndup__fields_given(const ndup_document *document)
{
    return (document->id.length > 0 ? 1u << NDUP__ROLE_ID : 0) |
           (document->source.length > 0 ? 1u << NDUP__ROLE_SOURCE : 0) |
           (document->url.length > 0 ? 1u << NDUP__ROLE_URL : 0) |
           (document->date.length > 0 ? 1u << NDUP__ROLE_DATE : 0) |
           (document->title.length > 0 ? 1u << NDUP__ROLE_TITLE : 0);
}

void ndup__notice_fields(const ndup_corpus *corpus, unsigned given, const ndup_hooks *hooks)
{
    const ndup_corpus_options *options = ndup__corpus_options(corpus);
    const struct {
        ndup__role role;
        const char *option;
        const char *path;
    } asked[] = {{NDUP__ROLE_ID, "id", options->id_field},
                 {NDUP__ROLE_SOURCE, "source", options->source_field},
                 {NDUP__ROLE_URL, "url", options->url_field},
                 {NDUP__ROLE_DATE, "date", options->date_field},
                 {NDUP__ROLE_TITLE, "title", options->title_field}};
    for (size_t i = 0; i < sizeof asked / sizeof asked[0]; i++) {
        if (asked[i].path == NULL || (given & 1u << asked[i].role) != 0 || hooks == NULL ||
            hooks->notice == NULL) {
            continue;
        }
        char message[200];
        snprintf(message, sizeof message,
                 "--%s-field %.80s: no record has a value in this field; what depends on it is as "
                 "if it were absent",
                 asked[i].option, asked[i].path);
        hooks->notice(hooks->context, message);
    }
}
