/* SPDX-License-Identifier: MIT */
/* Everything about one pair of texts. */
#ifndef NEARDUP_EXPLAIN_H
#define NEARDUP_EXPLAIN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "neardup/corpus.h"
#include "neardup/dedup.h"
#include "neardup/hooks.h"
#include "neardup/status.h"

#ifdef __cplusplus
extern "C" {
#endif

/* A run of tokens that stands in both texts. Units: tokens, and bytes in each text. */
typedef struct ndup_span {
    uint32_t tokens;
    uint32_t a_offset, a_bytes;
    uint32_t b_offset, b_bytes;
} ndup_span;

/* With so much of its own a text is no copy, whatever else it shares: the rest is a quotation. */
#define NDUP_OWN_ENOUGH 0.3

/* The comparison of texts a and b. */
typedef struct ndup_explanation {
    /* IDENTICAL, NORMALIZED, CONTAINED, NEAR when similar, TEMPLATE when both have much of their
     * own or hardly a figure agrees, else NONE. What only a corpus can tell, whether a form is
     * filled by others, too, ndup_explain_form asks. */
    ndup_kind kind;
    /* similarity >= threshold, figures agree and so do short texts (or the same tokens); where a
     * reading is not WORDS: the same bytes */
    bool similar;
    ndup_reading a_reading, b_reading;
    double similarity;
    double containment_a; /* share of a's shingles that stand in b */
    double containment_b;
    /* Share of a, of b that stands in long runs which the other has not. A run keeps a document
     * that comes later with NDUP_OWN_ENOUGH of its own. */
    double own_a;
    double own_b;
    double number_agreement; /* 1 when not both have numbers */
    double estimate;         /* by the sketches */
    uint64_t a_tokens, b_tokens;
    uint64_t a_shingles, b_shingles; /* distinct */
    uint64_t shared_shingles;
    ndup_bands bands;
    unsigned shared_bands; /* bands that agree; LSH proposes the pair when > 0 */
    double proposal;       /* probability of that at this similarity */
    ndup_span *spans;      /* longest first, without overlaps in a */
    size_t span_count;
    bool short_texts_agree; /* true when none is short (NDUP_SHORT_TOKENS) */
    /* Of two texts with words whose tokens differ and that are not of one form: whether a, whether
     * b would go for the other under a rule that asks for containment, at options.containment. */
    bool a_would_go, b_would_go;
} ndup_explanation;

/* Compares two texts under options (NULL = the default preset), as files of nothing else. At most
 * max_spans spans of at least shingle_size tokens. Errors: INVALID, MEMORY. */
NDUP_API NDUP_NODISCARD ndup_status ndup_explain(ndup_explanation **explanation, ndup_text a,
                                                 ndup_text b, const ndup_dedup_options *options,
                                                 size_t max_spans, ndup_error *error);
/* The same for documents, of which the text, and the record or original file behind it, are looked
 * at. Errors: INVALID, MEMORY. */
NDUP_API NDUP_NODISCARD ndup_status ndup_explain_documents(ndup_explanation **explanation,
                                                           const ndup_document *a,
                                                           const ndup_document *b,
                                                           const ndup_dedup_options *options,
                                                           size_t max_spans, ndup_error *error);
NDUP_API void ndup_explanation_free(ndup_explanation *explanation);

/* A passage of one of two texts of which no shared shingle has a word. */
typedef struct ndup_own_run {
    uint32_t offset, bytes; /* in its text */
    uint32_t tokens;
    uint32_t texts; /* at most so many different texts of the corpus have it where it stands */
} ndup_own_run;

/* What a corpus knows of a pair of its texts. */
typedef struct ndup_form_explanation {
    uint64_t documents; /* of the corpus */
    /* Half of the shingles that both have stand in so many different texts, or in more. Fewer than
     * three make no form. */
    uint64_t family;
    /* What fewer than half of them have: the most tokens first. Of a and of b. */
    ndup_own_run *own[2];
    size_t own_count[2];
} ndup_form_explanation;

/* Asks the corpus of a pair whose similarity reaches the threshold and whose tokens are not the
 * same: in how many texts stands what the two share? Corrects kind and similar of the explanation
 * by that, as a run would, but by all shingles and not by a sample. *form is NULL, and the corpus
 * not read, for other pairs. At most max_runs runs of each. Cost: a pass over the corpus, one
 * thread. Errors: INVALID, IO, MEMORY, CANCELLED. */
NDUP_API NDUP_NODISCARD ndup_status ndup_explain_form(ndup_form_explanation **form,
                                                      ndup_explanation *explanation,
                                                      ndup_corpus *corpus, ndup_text a, ndup_text b,
                                                      const ndup_dedup_options *options,
                                                      size_t max_runs, const ndup_hooks *hooks,
                                                      ndup_error *error);
NDUP_API void ndup_form_explanation_free(ndup_form_explanation *form);

/* Finds documents by id, reading the corpus once. found[i] is a copy of the first document with
 * ids[i], its parts valid until ndup_documents_free; found[i].path is NULL when there is none. */
NDUP_API NDUP_NODISCARD ndup_status ndup_corpus_find(ndup_corpus *corpus, const ndup_text *ids,
                                                     size_t id_count, ndup_document *found,
                                                     const ndup_hooks *hooks, ndup_error *error);
/* Frees the copies that ndup_corpus_find made for this corpus. */
NDUP_API void ndup_documents_free(ndup_corpus *corpus, ndup_document *found, size_t count);

#ifdef __cplusplus
}
#endif
#endif
