/* SPDX-License-Identifier: MIT */
/* A table of direct places: a text takes that of another whose number ends alike. */
#include "reuse/texts_again.h"

#include "base/alloc.h"

#define TOKENS_KEPT 16384

typedef struct ndup__kept_text {
    bool is_read;
    uint32_t document;
    ndup__passage_text text;
} kept_text;

ndup_status ndup__texts_again_init(ndup__texts_again *texts, const ndup__reuse_run *run,
                                   ndup_error *error)
{
    *texts = (ndup__texts_again){.run = run};
    ndup__block_init(&texts->block, run->allocator);
    ndup_status status = ndup__allocate_zeroed(run->allocator, &texts->kept, NDUP__TEXTS_KEPT + 1,
                                               sizeof(kept_text), error);
    for (size_t i = 0; i <= NDUP__TEXTS_KEPT && status == NDUP_STATUS_OK; i++) {
        texts->kept[i].text.tokens =
            (ndup__tokens){.allocator = run->allocator, .seed = run->options->seed};
    }
    return status;
}

void ndup__texts_again_deinit(ndup__texts_again *texts)
{
    if (texts->run == NULL) {
        return;
    }
    ndup__block_deinit(&texts->block);
    for (size_t i = 0; texts->kept != NULL && i <= NDUP__TEXTS_KEPT; i++) {
        ndup__passage_text_deinit(&texts->kept[i].text);
    }
    ndup__free(texts->run->allocator, &texts->kept, texts->kept != NULL ? NDUP__TEXTS_KEPT + 1 : 0,
               sizeof(kept_text));
}

ndup_status ndup__texts_again_get(const ndup__passage_text **text, ndup__texts_again *texts,
                                  uint32_t document, ndup_error *error)
{
    const ndup__reuse_document *known = &texts->run->documents[document];
    bool is_long = known->tokens > TOKENS_KEPT;
    kept_text *kept = &texts->kept[is_long ? NDUP__TEXTS_KEPT : document % NDUP__TEXTS_KEPT];
    *text = &kept->text;
    if (kept->is_read && kept->document == document) {
        return NDUP_STATUS_OK;
    }
    ndup__item item;
    kept->is_read = false;
    ndup_status status = ndup__reuse_fetch(texts->run, &item, known, &texts->block, error);
    if (status == NDUP_STATUS_OK) {
        status = ndup__passage_text_read(&kept->text, item.document.text, error);
    }
    kept->is_read = status == NDUP_STATUS_OK;
    kept->document = document;
    return status;
}
