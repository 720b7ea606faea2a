/* SPDX-License-Identifier: MIT */
/* The main job: which documents of a corpus to keep, and why the others are dropped. */
#ifndef NEARDUP_DEDUP_H
#define NEARDUP_DEDUP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "neardup/allocator.h"
#include "neardup/corpus.h"
#include "neardup/corpus_frequencies.h"
#include "neardup/document.h"
#include "neardup/hooks.h"
#include "neardup/lsh.h"
#include "neardup/preset.h"
#include "neardup/profile.h"
#include "neardup/status.h"

#ifdef __cplusplus
extern "C" {
#endif

/* How groups come about.
 * LEADER: documents are visited in keep order; each is kept unless a document already kept is a
 * verified near-duplicate of it (greedy leader clustering; J. Hartigan, "Clustering Algorithms",
 * 1975, chapter 3). COMPONENTS: the connected components of all verified pairs; the first in keep
 * order is kept. Chains merge. */
typedef enum ndup_cluster_rule {
    NDUP_CLUSTER_LEADER = 0,
    NDUP_CLUSTER_COMPONENTS = 1
} ndup_cluster_rule;

/* What becomes of documents that fill one form with contents of their own: kept; all but one of
 * each form dropped; or kept, and in outputs of texts (ndup_sink.folds) what they share with the
 * first of their form stands there only. */
typedef enum ndup_templates {
    NDUP_TEMPLATES_KEEP = 0,
    NDUP_TEMPLATES_DROP = 1,
    NDUP_TEMPLATES_FOLD = 2
} ndup_templates;

/* For which documents a kept one makes another superfluous. JACCARD: those that are as similar to
 * it as the threshold says. CONTAINED: those of whose shingles so large a share stands in it
 * (Broder 1997), however much longer it is; never the one with more shingles for the one with
 * fewer. EITHER: both. */
typedef enum ndup_rule {
    NDUP_RULE_JACCARD = 0,
    NDUP_RULE_CONTAINED = 1,
    NDUP_RULE_EITHER = 2
} ndup_rule;

/* The share of a document's shingles, where the options do not say. */
#define NDUP_CONTAINMENT 0.9

/* The most that a source may lose. */
typedef struct ndup_max_loss {
    double share;       /* of its documents, in [0,1] */
    const char *source; /* glob; NULL = every source that loses more than 20 documents */
} ndup_max_loss;

/* What to do. Fill with ndup_dedup_options_init, then change what differs; zero means the default
 * unless a member says otherwise. Strings are borrowed until the run returns. */
typedef struct ndup_dedup_options {
    size_t struct_size;
    ndup_matching matching; /* from a preset, with changes */
    const char *preset;     /* name recorded in outputs; NULL = "custom" */

    const char *sketch; /* registered kind; NULL = the default */
    unsigned slots;     /* 0 = the kind's default, as ndup_bands_choose cuts it */
    double recall;      /* of pairs at the threshold, in (0,1) */
    uint64_t seed;      /* keys the hashes of words, and of sketches; recorded in outputs */
    bool exact;         /* find pairs by an exact prefix-filter join instead of sketches */

    /* A comma-separated chain, e.g. "prefer=apnews*,longest": first, last, longest, shortest,
     * newest, oldest, prefer=GLOB (source, id or url), field:NAME:asc, field:NAME:desc. Ties end in
     * the id, in byte order. What no document has is a notice. The forms of dates are in README.md
     * beside this header. NULL = "first", or "longest" under a rule that asks for containment. */
    const char *keep;
    /* Documents whose source or id matches one of these globs are visited first and never dropped.
     * A glob that matches nothing is an error unless allow_empty_guard is set. */
    const char *const *never_drop;
    size_t never_drop_count;
    bool drop_all; /* drop the survivors of groups too */
    ndup_cluster_rule cluster;

    bool pairs;       /* verify and keep all candidate pairs, not only those that decide */
    bool titles;      /* keep titles, up to 200 bytes each, for verdicts */
    bool spans;       /* find the longest shared span of every dropped document */
    uint64_t audit;   /* documents to sample for measuring recall; 0 = none */
    unsigned threads; /* 0 = as many as processors */
    const ndup_allocator *allocator;
    bool profile;           /* measure where the time goes: ndup_result_profile */
    bool allow_empty_guard; /* go on when a glob of never_drop or max_loss matches nothing */
    /* The run fails when a source, told by the field source or else by the host of the address,
     * would lose more. */
    const ndup_max_loss *max_loss;
    size_t max_loss_count;
    ndup_templates templates;
    ndup_rule rule;     /* other than JACCARD: only as leaders, and without exact */
    double containment; /* under CONTAINED and EITHER, in (0,1]; 0 = NDUP_CONTAINMENT */
    /* Bytes of memory that the run may take; what needs more goes to temporary files. 0 = 60 % of
     * what is free. */
    uint64_t memory;
    /* Of a larger corpus that this is a part of; NULL = counted here. */
    const ndup_corpus_frequencies *frequencies;
} ndup_dedup_options;

/* Fills *options with the defaults and the matching of a preset (NULL = the default preset).
 * Errors: NOT_FOUND, naming the presets there are. */
NDUP_API NDUP_NODISCARD ndup_status ndup_dedup_options_init(ndup_dedup_options *options,
                                                            const char *preset, ndup_error *error);

/* Why a document was dropped, strongest first; and TEMPLATE. */
typedef enum ndup_kind {
    NDUP_KIND_NONE = 0,       /* kept, or dropped only by drop_all */
    NDUP_KIND_IDENTICAL = 1,  /* the same bytes of text; without words, of the file or record */
    NDUP_KIND_NORMALIZED = 2, /* the same tokens: differs in case, accents, punctuation, spaces, or
                                 in white space alone where tokens are EXACT */
    /* All its shingles stand in the survivor; under a rule that asks for containment, as many as
     * that says, and the two are not near. */
    NDUP_KIND_CONTAINED = 3,
    NDUP_KIND_NEAR = 4, /* similarity >= threshold */
    /* Similarity >= threshold, but what the two share is a form that others fill, too, and each has
     * contents of its own. Of kept documents as well as of dropped ones: see ndup_templates. Forms
     * are told by how often their words stand in the corpus, which takes about five texts of one;
     * of fewer, by long runs: 15 % of both texts, or 30 % of the one that would go (a reply that
     * quotes a post). */
    NDUP_KIND_TEMPLATE = 5
} ndup_kind;

/* "none", "identical", "normalized", "contained", "near", "template". Threads: immutable. */
NDUP_API const char *ndup_kind_name(ndup_kind kind);

/* "jaccard", "contained", "either". Threads: immutable. */
NDUP_API const char *ndup_rule_name(ndup_rule rule);

/* "keep", "drop", "fold". Threads: immutable. */
NDUP_API const char *ndup_templates_name(ndup_templates templates);

/* What a text is compared by. Where it cannot be by its words, only documents whose files or
 * records are the same bytes match (kind IDENTICAL): what could not be read is not known to be
 * equal. */
typedef enum ndup_reading {
    NDUP_READING_WORDS = 0,    /* its tokens */
    NDUP_READING_NO_WORDS = 1, /* it has none: empty, or nothing but marks and symbols */
    NDUP_READING_DAMAGED = 2   /* more damaged UTF-8 sequences than 1 in 20 tokens */
} ndup_reading;

/* "words", "no words", "damaged". Threads: immutable. */
NDUP_API const char *ndup_reading_name(ndup_reading reading);

/* What was decided about one document, and why.
 * Units: similarity and containments in [0,1]; span_offset and span_bytes in the document's text.
 */
typedef struct ndup_verdict {
    uint64_t document; /* number in the corpus */
    uint64_t survivor; /* number of the kept document it was compared with; itself when kept */
    /* First document in keep order with the same tokens (itself, if none is before it): the one
     * that stands for this text in pairs and in comparisons. */
    uint64_t same_text;
    bool kept;
    bool grouped;                /* part of a group of two or more */
    ndup_kind kind;              /* NONE for a group's first document */
    double similarity;           /* exact Jaccard similarity to the survivor; 1 for itself */
    double containment;          /* share of its shingles that stand in the survivor */
    double survivor_containment; /* share of the survivor's shingles that stand in it */
    uint32_t span_tokens;        /* length of the longest shared run; 0 when not asked for */
    uint32_t span_offset;
    uint32_t span_bytes;
    uint64_t text_hash; /* XXH3-64 of the text's bytes */
    ndup_text id;       /* borrowed from the result */
    ndup_text survivor_id;
    ndup_text source;     /* the host of its address where it names none; empty without either */
    ndup_text title;      /* empty unless the run kept titles (ndup_dedup_options.titles) */
    bool known;           /* dropped, and so it was in the baseline (ndup_result_compare) */
    ndup_reading reading; /* WORDS in results made from a plan */
    /* Hash of what `keep` and `never_drop` saw in the document besides its text and its place; 0
     * when they look at nothing else. */
    uint64_t keep_hash;
    /* The family of documents that fill one form: its first document in keep order, itself where
     * it is of none; and how alike the document is to the one of them that it was compared with. */
    bool formed;
    uint64_t form;
    double form_similarity; /* 1 for the first */
    ndup_text form_id;      /* borrowed from the result */
} ndup_verdict;

/* A verified pair, a before b in keep order. Identical texts appear once, as their first document
 * in keep order. */
typedef struct ndup_pair {
    uint64_t a, b; /* document numbers */
    double similarity;
    double containment_a; /* share of a's shingles that stand in b */
    double containment_b;
    ndup_kind kind; /* CONTAINED (b in a, as in verdicts), NEAR or TEMPLATE */
} ndup_pair;

/* The counts of a run. dropped = identical + normalized + contained + near + dropped_survivors, and
 * templates where they are dropped. */
typedef struct ndup_summary {
    uint64_t documents;
    uint64_t text_bytes;
    uint64_t skipped;  /* records and files that could not be read */
    uint64_t repaired; /* documents with damaged UTF-8, read with U+FFFD */
    uint64_t duplicate_ids;
    uint64_t empty;      /* documents without a token: NDUP_READING_NO_WORDS */
    uint64_t unreadable; /* of the repaired: NDUP_READING_DAMAGED */
    uint64_t kept;
    uint64_t dropped;
    uint64_t identical;
    uint64_t normalized;
    uint64_t contained;
    uint64_t near;
    uint64_t dropped_survivors; /* by drop_all */
    uint64_t kept_bytes;        /* text bytes of kept documents */
    uint64_t groups;            /* groups of two or more */
    uint64_t largest_group;
    uint64_t candidates;     /* pairs proposed by a shared band and compared by sketch */
    uint64_t verified;       /* pairs compared exactly */
    uint64_t similar;        /* of these, at or above the threshold */
    uint64_t split_buckets;  /* buckets whose kept members were too many and that were split */
    uint64_t largest_bucket; /* most documents that shared one band key */
    uint64_t crowded; /* documents with so many look-alikes that a finer sketch told them apart */
    uint64_t capped;  /* documents with so many look-alikes that only the likeliest were
                         compared */
    ndup_bands bands;
    /* Audit of audit_documents sampled texts against all others: of the audit_pairs with similarity
     * >= threshold the bands propose audit_found; the interval of that share is Wilson's at 95 %
     * (Wilson 1927). Of the sampled texts that were kept, audit_missed have a near-duplicate that
     * was kept before them. All 0 without audit. */
    uint64_t templates; /* documents of kind TEMPLATE, kept or dropped */
    uint64_t forms;     /* families of two or more kept documents that fill one form */
    uint64_t largest_form;
    uint64_t audit_documents;
    uint64_t audit_pairs;
    uint64_t audit_found;
    uint64_t audit_missed;
    double audit_low;
    double audit_high;
    double seconds[NDUP_STAGE_COUNT];   /* wall time by ndup_stage */
    uint64_t similarity_histogram[101]; /* verified pairs by floor(100 * similarity) */
} ndup_summary;

/* The outcome of a run. It holds ids and decisions, not texts. Threads: immutable once made. */
typedef struct ndup_result ndup_result;

/* Runs the whole job. hooks may be NULL. Files of folders and records that cannot be read are
 * reported through hooks->problem and counted in the summary; the result covers all others. Cost:
 * one pass over the corpus, plus a read of every candidate; memory as ndup_bands_bytes_per_document
 * says, plus ids. Errors: INVALID (names the option), NOT_FOUND for a guard that matches nothing,
 * LIMIT for max_loss, IO, MEMORY, CANCELLED, CHANGED when an input changed during the run. The same
 * corpus and options give the same result for any number of threads and any machine. */
NDUP_API NDUP_NODISCARD ndup_status ndup_dedup(ndup_result **result, ndup_corpus *corpus,
                                               const ndup_dedup_options *options,
                                               const ndup_hooks *hooks, ndup_error *error);
NDUP_API void ndup_result_free(ndup_result *result);

/* The options of the run, with everything resolved: preset name, sketch, slots, keep chain. */
NDUP_API const ndup_dedup_options *ndup_result_options(const ndup_result *result);
NDUP_API const ndup_summary *ndup_result_summary(const ndup_result *result);

/* Where the time went; NULL without options.profile. ndup_result_write adds its own time, so it
 * must not write one result from two threads at once then. Cost: 60 ns a document of reading. */
NDUP_API const ndup_profile *ndup_result_profile(const ndup_result *result);

/* The inputs that the corpus was opened with, and its field options: what a plan has to record.
 * Returns the number of inputs, 0 for a caller's documents. Everything is borrowed from the result.
 */
NDUP_API size_t ndup_result_inputs(const ndup_result *result, const char *const **inputs);
NDUP_API const ndup_corpus_options *ndup_result_corpus_options(const ndup_result *result);

/* The verdict on document `number` < summary->documents. */
NDUP_API void ndup_result_verdict(const ndup_result *result, uint64_t number,
                                  ndup_verdict *verdict);

/* A source that lost more than half of its documents, and more than 20. */
typedef struct ndup_source_loss {
    ndup_text source; /* borrowed from the result */
    uint64_t documents;
    uint64_t dropped;
} ndup_source_loss;

/* Such sources, most dropped first. Returns how many; *losses is borrowed. */
NDUP_API size_t ndup_result_losses(const ndup_result *result, const ndup_source_loss **losses);

/* The verified pairs at or above the threshold, or by containment where the rule asks for that,
 * ordered by (a, b); only with options.pairs or COMPONENTS. Returns how many; *pairs is borrowed.
 */
NDUP_API size_t ndup_result_pairs(const ndup_result *result, const ndup_pair **pairs);

#ifdef __cplusplus
}
#endif
#endif
