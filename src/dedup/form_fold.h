/* SPDX-License-Identifier: MIT */
/* Texts of one form, written once: what a kept document shares with the first of its form becomes a
 * mark that says where it stands. */
#ifndef NDUP__DEDUP_FORM_FOLD_H
#define NDUP__DEDUP_FORM_FOLD_H

#include "corpus/fields.h"
#include "corpus/reader.h"
#include "dedup/result.h"
#include "report/out.h"
#include "similarity/same_sentences.h"

/* Initialise with ndup__form_fold_init. Threads: single-owner. */
typedef struct ndup__form_fold {
    const ndup_result *result;
    ndup_corpus *corpus;
    ndup__fields fields; /* where the text stands in records */
    ndup__block block;   /* the first document of the form at hand */
    uint64_t form;       /* its number; the greatest there is: none was read yet */
    bool is_foldable;    /* its text is UTF-8 throughout */
    ndup__sentence_index index;
    ndup__out mark;
    ndup__out text;         /* the folded text */
    ndup__out places;       /* what was cut, as JSON */
    ndup__out record;       /* with the folded text */
    ndup__out line;         /* the same, with the member about it */
    ndup_document document; /* what the others are handed */
    uint64_t folded;        /* documents */
    uint64_t saved_bytes;
    uint64_t left_whole; /* documents of forms that hold more than their text */
} ndup__form_fold;

/* Errors: those of ndup__fields_init. */
NDUP_NODISCARD ndup_status ndup__form_fold_init(ndup__form_fold *fold, const ndup_result *result,
                                                ndup_corpus *corpus, ndup_error *error);
void ndup__form_fold_deinit(ndup__form_fold *fold);

/* *out is the document as it is to be written: itself, or a copy, good until the next call, with
 * another text and record and with `folded`. Whole stay the first of each form, what is of none,
 * what is no text or string of a record by itself (web pages, rows of tables), what is damaged, and
 * what already holds a mark. Errors: those of reading the first document; MEMORY. */
NDUP_NODISCARD ndup_status ndup__form_fold_take(const ndup_document **out, ndup__form_fold *fold,
                                                const ndup_verdict *verdict,
                                                const ndup_document *document, ndup_error *error);

/* Says how many documents were folded, and how many of a form cannot be. */
void ndup__form_fold_tell(const ndup__form_fold *fold, const ndup_hooks *hooks);

#endif
