/* SPDX-License-Identifier: MIT */
/* Passages that several documents share: quotations, excerpts, boilerplate, stories cut and
 * extended. */
#ifndef NEARDUP_PASSAGE_H
#define NEARDUP_PASSAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "neardup/allocator.h"
#include "neardup/corpus.h"
#include "neardup/document.h"
#include "neardup/hooks.h"
#include "neardup/output.h"
#include "neardup/status.h"

#ifdef __cplusplus
extern "C" {
#endif

/* What to look for. Fill with ndup_passage_options_init, then change what differs. Strings are
 * borrowed until the run returns. */
typedef struct ndup_passage_options {
    size_t struct_size;
    /* Every run of so many words that two documents share is found (winnowing: Schleimer,
     * Wilkerson, Aiken 2003). Two ideographs or kana, or four letters of Thai, Lao, Khmer, Myanmar
     * or Tibetan, count as a word; where scripts mix, three quarters of a word more may be needed.
     * 5 to 1000. */
    unsigned min_words;
    /* A run of words in more documents than this is common: it is counted, and proposes no passage,
     * but belongs to passages that something rarer proposes. Of the places of
     * a run in one document the first 16 propose. */
    uint64_t max_documents;
    uint64_t min_documents; /* families of at least so many documents, and their passages; >= 2 */
    /* A field of the records (or "source": the document's, else the host of its address): documents
     * that have the same value are not compared with each other. NULL = all are. */
    const char *series;
    ndup_corpus
        *against;     /* compare documents with those of this corpus only; NULL = with each other */
    uint64_t memory;  /* bytes for records before they go to a temporary file; 0 = 1 GiB */
    uint64_t seed;    /* keys the hashes of words */
    unsigned threads; /* 0 = as many as processors */
    const ndup_allocator *allocator;
} ndup_passage_options;

/* Sets the defaults: 15 words, 1,000 documents at most, 2 at least. */
NDUP_API void ndup_passage_options_init(ndup_passage_options *options);

/* Where a passage stands. Units: bytes of the document's text; tokens from 0. */
typedef struct ndup_passage_place {
    uint64_t document;    /* number: those of the corpus, then those of `against` */
    ndup_text id;         /* borrowed until the run returns, as all below */
    ndup_text source;     /* the host of its address where it names none */
    ndup_text date;       /* as the record has it */
    bool is_dated;        /* the date could be read */
    int64_t milliseconds; /* since 1970, where it is dated */
    uint64_t offset, length;
    uint32_t first_token, tokens;
    uint32_t document_tokens;
} ndup_passage_place;

/* Who had the words first, by the dates. */
typedef enum ndup_direction {
    NDUP_DIRECTION_UNKNOWN = 0, /* a date is missing or cannot be read, or both are the same */
    NDUP_DIRECTION_A_FIRST = 1,
    NDUP_DIRECTION_B_FIRST = 2
} ndup_direction;

/* "unknown", "a", "b"; NULL for other values. Threads: immutable. */
NDUP_API const char *ndup_direction_name(ndup_direction direction);

/* A passage that two documents share; a comes before b in the corpus. */
typedef struct ndup_passage {
    ndup_passage_place a, b;
    uint32_t matched;  /* tokens that stand in both spans, in the same order */
    double similarity; /* matched by all tokens of both, in (0,1] */
    ndup_direction direction;
    uint64_t family;
} ndup_passage;

/* One passage with all its places: places that overlap by more than half of the longer one are the
 * same place, and passages that share a place are of one family. */
typedef struct ndup_passage_family {
    uint64_t number;                  /* from 0, in the order of their first places */
    const ndup_passage_place *places; /* [count], dated ones first, by date, then by document */
    size_t count;
    uint64_t documents;
    uint64_t passages; /* pairs */
    ndup_text text;    /* of the first place */
} ndup_passage_family;

/* What a run came to. Units: documents, bytes, tokens; fingerprints are grams that were kept. */
typedef struct ndup_passage_summary {
    uint64_t documents, against_documents;
    uint64_t text_bytes;
    uint64_t skipped;    /* records and files that could not be read */
    uint64_t unreadable; /* documents of damaged UTF-8, which have no words */
    uint64_t tokens;
    unsigned gram, window; /* words: of each window of w grams of k words one is a fingerprint */
    uint64_t fingerprints; /* gathered */
    uint64_t shared;       /* different ones in two documents or more */
    uint64_t common, common_most; /* different ones in over max_documents; documents of the first of
                                     them */
    uint64_t spilled_bytes;       /* of the fingerprints gathered, to the temporary file */
    uint64_t pairs;               /* of documents that were compared */
    uint64_t passages;
    uint64_t families;
    uint64_t documents_with; /* documents with a passage */
    uint64_t undated;        /* documents whose date is missing or cannot be read */
    double seconds[NDUP_STAGE_COUNT];
} ndup_passage_summary;

/* What sinks learn first. Borrowed until the run returns. */
typedef struct ndup_passage_run {
    const ndup_passage_options *options;
    const char *const *inputs; /* of both corpora; no output may replace one */
    size_t input_count;
    /* Reads a document again by its number, whole: for sinks, from the first family to the end of
     * finish. It is borrowed until the next one is read. Errors: CHANGED when its text is another
     * one by now, IO, MEMORY. */
    ndup_status (*read)(ndup_document *document, void *reader, uint64_t number, ndup_error *error);
    void *reader;
    const char *temporary_folder; /* where sinks may put things aside; NULL = TMPDIR or /tmp */
} ndup_passage_run;

/* A sink is called begin, then passage for every passage, by b, then a, then place; then family for
 * every family; then finish (all that can fail: flush), then commit; if anything fails, abort
 * instead of commit; close comes last. Every function but commit and abort may be NULL. */
typedef struct ndup_passage_sink {
    size_t struct_size;
    void *context;
    ndup_status (*begin)(void *context, const ndup_passage_run *run, ndup_error *error);
    ndup_status (*passage)(void *context, const ndup_passage *passage, ndup_error *error);
    ndup_status (*family)(void *context, const ndup_passage_family *family, ndup_error *error);
    ndup_status (*finish)(void *context, const ndup_passage_summary *summary, ndup_error *error);
    ndup_status (*commit)(void *context, ndup_error *error);
    void (*abort)(void *context);
    void (*close)(void *context);
    bool committed; /* as in ndup_sink */
} ndup_passage_sink;

/* Finds the passages of a corpus. Reads it once, and documents that share something again. The same
 * corpus and options give the same calls for any number of threads. Cost: linear in the text and in
 * the pairs of documents that share a fingerprint; 16 bytes a fingerprint, of which there are
 * 2 / (w + 1) a word, in memory or in a temporary file. Errors: INVALID (names the option), IO,
 * MEMORY, CANCELLED, CHANGED, those of the sinks. */
NDUP_API NDUP_NODISCARD ndup_status ndup_passages(
    ndup_passage_summary *summary, ndup_corpus *corpus, const ndup_passage_options *options,
    ndup_passage_sink *const *sinks, size_t sink_count, const ndup_hooks *hooks, ndup_error *error);

/* Number of ready-made formats for passages, and format i; NULL past the end. Threads: immutable.
 */
NDUP_API size_t ndup_passage_output_count(void);
NDUP_API const ndup_output_info *ndup_passage_output_get(size_t i);

/* Opens "FORMAT:PATH" like ndup_output_open. */
NDUP_API NDUP_NODISCARD ndup_status ndup_passage_output_open(ndup_passage_sink **sink,
                                                             const char *specification,
                                                             const ndup_output_options *options,
                                                             ndup_error *error);
/* Frees a sink that ndup_passage_output_open made; NULL is allowed. */
NDUP_API void ndup_passage_output_close(ndup_passage_sink *sink);

#ifdef __cplusplus
}
#endif
#endif
