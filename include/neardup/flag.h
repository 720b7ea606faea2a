/* SPDX-License-Identifier: MIT */
/* Repeats inside documents: which parts of a text stand in it more than once. */
#ifndef NEARDUP_FLAG_H
#define NEARDUP_FLAG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "neardup/allocator.h"
#include "neardup/baseline.h"
#include "neardup/corpus.h"
#include "neardup/document.h"
#include "neardup/hooks.h"
#include "neardup/output.h"
#include "neardup/status.h"
#include "neardup/unit.h"

#ifdef __cplusplus
extern "C" {
#endif

/* No unit, no block. */
#define NDUP_NONE ((size_t)-1)

/* How a unit repeats another, strongest first. */
typedef enum ndup_repeat_kind {
    NDUP_REPEAT_EXACT = 0,      /* the same bytes */
    NDUP_REPEAT_NORMALIZED = 1, /* the same tokens: case, accents, punctuation, spaces differ */
    NDUP_REPEAT_NEAR = 2,       /* similarity >= threshold */
    NDUP_REPEAT_CONTAINED = 3,  /* the shorter of the two stands in the longer */
    NDUP_REPEAT_SITE = 4        /* stands on many pages of its host */
} ndup_repeat_kind;

/* "exact", "normalized", "near", "contained", "site"; NULL for other values. Threads: immutable. */
NDUP_API const char *ndup_repeat_kind_name(ndup_repeat_kind kind);

/* Why a repeat is one that a text means to have. src/repeat/README.md holds the rules. */
typedef enum ndup_refrain {
    NDUP_REFRAIN_NONE = 0,
    NDUP_REFRAIN_VERSE = 1,   /* a line or chorus of a poem or song */
    NDUP_REFRAIN_TABLE = 2,   /* a row, a form, a list of figures */
    NDUP_REFRAIN_SPEECH = 3,  /* a short line of dialogue */
    NDUP_REFRAIN_CLAUSE = 4,  /* a formula of a numbered text such as a law or a contract */
    NDUP_REFRAIN_FIGURES = 5, /* the same words about other numbers */
    NDUP_REFRAIN_SHORT = 6,   /* too few words to mean much: a label */
    NDUP_REFRAIN_SERIES = 7,  /* the same frame about something else: a line of a series */
    NDUP_REFRAIN_CONTENTS = 8 /* an entry of a list of contents and its heading */
} ndup_refrain;

/* "none", "verse", "table", "speech", "clause", "figures", "short", "series", "contents"; NULL for
 * other values. Threads: immutable. */
NDUP_API const char *ndup_refrain_name(ndup_refrain refrain);

/* One repeat: a unit, and where the same stands. Units: unit, first, removed are indices into the
 * document's units; offsets and lengths are bytes in the text (first's in the title when in_title);
 * similarity and containment in [0,1]. */
typedef struct ndup_repeat {
    ndup_repeat_kind kind;
    ndup_refrain refrain; /* NONE unless refrains were asked for */
    ndup_unit_kind role;  /* of the repeat: HEADLINE and CAPTION by either occurrence */
    size_t unit;          /* the later occurrence */
    size_t first;         /* the first occurrence; NONE when in_title or SITE */
    bool in_title;        /* the first occurrence is the document's title field */
    double similarity;    /* Jaccard of the two sets of 5-character shingles; 1 when exact */
    double containment;   /* share of the shorter one's shingles that stand in the longer */
    size_t offset, length;
    size_t first_offset, first_length;
    size_t removed; /* the unit that a cleaned text leaves out: unit, first or NONE */
    size_t block; /* repeats of one block of units have the same number, from 0 in each document */
    size_t block_units;  /* how many units the block has; 1 outside of blocks */
    uint64_t pages;      /* SITE: pages of the host with this unit */
    uint64_t host_pages; /* SITE: pages of the host */
    bool known; /* the baseline has a finding left about this very passage of this document */
} ndup_repeat;

/* One document and its repeats, in the order of unit. Borrowed; valid until the call returns. */
typedef struct ndup_flagged {
    const ndup_document *document; /* with number and line set */
    const ndup_unit *units;        /* those of the document, or as the text was split */
    size_t unit_count;
    const ndup_repeat *repeats;
    size_t repeat_count;
    size_t repeated_bytes; /* of units that stand in the text, or on the site, before */
    double share;          /* repeated_bytes by the bytes of all units */
} ndup_flagged;

/* What to look for. Fill with ndup_flag_options_init, then change what differs. */
typedef struct ndup_flag_options {
    size_t struct_size;
    double threshold;     /* least similarity of near repeats, in (0,1] */
    bool refrains;        /* also report repeats that a text means to have */
    bool site;            /* also find units that stand on many pages of a host */
    double site_share;    /* of the host's pages, in (0,1] */
    uint64_t site_pages;  /* pages at least */
    uint64_t site_memory; /* bytes for counting units of all hosts; 0 = 256 MiB */
    unsigned threads;     /* 0 = as many as processors */
    const ndup_allocator *allocator;
    const ndup_baseline *baseline; /* repeats of an earlier run, to tell which are known; or NULL */
} ndup_flag_options;

/* Sets the defaults: threshold .7, no refrains, no site; for site 30 % and 5 pages. */
NDUP_API void ndup_flag_options_init(ndup_flag_options *options);

/* The counts of a run. Of `repeats` each has one kind. */
typedef struct ndup_flag_summary {
    uint64_t documents;
    uint64_t text_bytes;
    uint64_t skipped; /* records and files that could not be read */
    uint64_t units;
    uint64_t flagged;           /* documents with a repeat */
    uint64_t doubled_headlines; /* documents with a repeat of the role */
    uint64_t doubled_captions;
    uint64_t doubled_blocks; /* documents with a repeated block of several units */
    uint64_t repeats;
    uint64_t exact, normalized, near, contained, site;
    uint64_t refrains; /* of the repeats, those that have a refrain */
    uint64_t repeated_bytes;
    uint64_t hosts;        /* with site */
    uint64_t hosts_judged; /* hosts with enough pages */
    double seconds;        /* wall time */
    uint64_t known;        /* with a baseline: repeats that it has, moved ones too */
    uint64_t unreadable;   /* documents of UTF-8 damaged throughout: only the same bytes repeat */
} ndup_flag_summary;

/* What sinks learn before the first document, but for `moved`, which is there in finish. Borrowed
 * until the run returns. */
typedef struct ndup_flag_run {
    const ndup_flag_options *options;
    const char *const *inputs; /* what the corpus was opened with; no output may replace one */
    size_t input_count;
    const ndup_corpus_options *corpus;
    /* With a baseline, for every repeat that was not known when it was handed over, in their order:
     * whether it is after all, since a finding is left about the same passage of another document.
     * Which one has moved and which is one more copy shows at the end only. */
    const bool *moved;
} ndup_flag_run;

/* A sink is called begin, then document for every document in corpus order (also for those without
 * a repeat), then finish with the counts (all that can fail: flush), then commit. If anything
 * fails, every sink that was begun gets abort instead of commit. close comes last, always. Every
 * function but document, commit and abort may be NULL. */
typedef struct ndup_flag_sink {
    size_t struct_size;
    void *context;
    ndup_status (*begin)(void *context, const ndup_flag_run *run, ndup_error *error);
    ndup_status (*document)(void *context, const ndup_flagged *flagged, ndup_error *error);
    ndup_status (*finish)(void *context, const ndup_flag_summary *summary, ndup_error *error);
    ndup_status (*commit)(void *context, ndup_error *error);
    void (*abort)(void *context);
    void (*close)(void *context);
    bool committed; /* as in ndup_sink */
} ndup_flag_sink;

/* Reads the corpus once (twice with `site`) and hands every document to the sinks. Same corpus and
 * options: same calls, for any number of threads. Cost: near-linear in the size of each document;
 * memory for the blocks in work, plus site_memory. Errors: INVALID (names the option), IO, MEMORY,
 * CANCELLED, those of the sinks. */
NDUP_API NDUP_NODISCARD ndup_status ndup_flag(ndup_flag_summary *summary, ndup_corpus *corpus,
                                              const ndup_flag_options *options,
                                              ndup_flag_sink *const *sinks, size_t sink_count,
                                              const ndup_hooks *hooks, ndup_error *error);

/* Number of ready-made formats for repeats, and format i; NULL past the end. Threads: immutable. */
NDUP_API size_t ndup_flag_output_count(void);
NDUP_API const ndup_output_info *ndup_flag_output_get(size_t i);

/* Opens "FORMAT:PATH" like ndup_output_open. */
NDUP_API NDUP_NODISCARD ndup_status ndup_flag_output_open(ndup_flag_sink **sink,
                                                          const char *specification,
                                                          const ndup_output_options *options,
                                                          ndup_error *error);
/* Frees a sink that ndup_flag_output_open made; NULL is allowed. */
NDUP_API void ndup_flag_output_close(ndup_flag_sink *sink);

#ifdef __cplusplus
}
#endif
#endif
