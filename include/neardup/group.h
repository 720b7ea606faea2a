/* SPDX-License-Identifier: MIT */
/* Copies and stories: which documents of several sources are one text, and which are about one
 * event. Every document is kept. */
#ifndef NEARDUP_GROUP_H
#define NEARDUP_GROUP_H

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

/* What a document is in its group of copies. The first one is the earliest by date; of undated
 * ones, which are first of none that has a date, the first of the corpus. */
typedef enum ndup_role {
    NDUP_ROLE_FIRST = 0,   /* the first of its group, which may have no other */
    NDUP_ROLE_COPY = 1,    /* the same text, or nearly */
    NDUP_ROLE_EXCERPT = 2, /* most of it stands in the first, which has more */
    NDUP_ROLE_EXTENDS = 3, /* most of the first stands in it, and it has more */
    NDUP_ROLE_PARTIAL =
        4,                /* first of its own group; shares at least the asked share with another */
    NDUP_ROLE_UPDATE = 5, /* a copy, excerpt or extension by the first one's own source, later */
    NDUP_ROLE_COMPILES = 6 /* first of a group; holds most of several other firsts */
} ndup_role;

/* "first", "copy", "excerpt", "extends", "partial", "update", "compiles"; NULL for other values.
 * Threads: immutable. */
NDUP_API const char *ndup_role_name(ndup_role role);

/* What to look for. Fill with ndup_group_options_init, then change what differs. */
typedef struct ndup_group_options {
    size_t struct_size;
    /* Share of the shorter text's words, in (0,1], that must stand in the first one's for a partial
     * copy. */
    double share;
    /* Two dated documents that are more days apart count as unlike; 0 = 7, or as long as it takes
     * for three documents of the corpus to come. A story that goes on may last longer. */
    double within_days;
    /* Mean score, in (0,1), that holds a story together: higher is stricter. */
    double bar;
    uint64_t seed;    /* keys the hashes of words */
    unsigned threads; /* 0 = as many as processors */
    const ndup_allocator *allocator;
    /* Explain the story of this document, given by its id, or the story of this number where no
     * document has such an id; NULL = none. Borrowed until the run returns. */
    const char *explain;
    /* And what another document, by its id, has to do with that document; NULL = nothing. */
    const char *explain_with;
} ndup_group_options;

/* Sets the defaults: share .5, days by the data, bar .15. */
NDUP_API void ndup_group_options_init(ndup_group_options *options);

/* What was decided about one document. Units: similarity and shares in [0,1]. */
typedef struct ndup_grouping {
    uint64_t document;    /* number in the corpus */
    ndup_text id;         /* borrowed until the run returns, as all below */
    ndup_text source;     /* the host of its address where it names none */
    ndup_text title;      /* shortened; the beginning of its text where it has none */
    ndup_text date;       /* as the record has it */
    bool is_dated;        /* the date could be read, and is no later than tomorrow */
    int64_t milliseconds; /* since 1970, where it is dated */
    uint64_t story;       /* number, from 0, in the order of the stories' first documents */
    uint64_t copy_group;  /* likewise */
    ndup_role role;
    uint64_t
        of; /* the first document of its group; of PARTIAL, the one that it shares with; itself */
    ndup_text of_id;
    double share;       /* of its words that stand in that one, too */
    double of_share;    /* of that one's words that stand in it */
    double similarity;  /* exact Jaccard similarity of shingles where it is a near copy, else 0 */
    uint64_t tokens;    /* words of its text, or single characters of scripts without spaces */
    double story_score; /* mean score with the other texts of its story; 0 when it has none */
} ndup_grouping;

/* A term that holds a story together. */
typedef struct ndup_story_term {
    ndup_text term;
    double weight; /* its part of the scores within the story, in [0,1] */
} ndup_story_term;

/* One story: documents in the order of dates, then ids; undated ones last. */
typedef struct ndup_story {
    uint64_t number;
    const ndup_grouping *documents; /* [count] */
    size_t count;
    uint64_t copy_groups;
    uint64_t sources;
    ndup_text first_date, last_date; /* empty without dates */
    ndup_text headline; /* title of its most central text, or the beginning of that text */
    const ndup_story_term *terms; /* [term_count], heaviest first */
    size_t term_count;
} ndup_story;

/* Why two texts are not one story, or two stories are not one. */
typedef enum ndup_apart {
    NDUP_APART_NOT = 0,      /* they are in one */
    NDUP_APART_SCORE = 1,    /* their score is under the bar; that of stories is a mean */
    NDUP_APART_WORDS = 2,    /* they share hardly a rare term, or one term alone */
    NDUP_APART_DAYS = 3,     /* alike, but more days apart than a story lies within */
    NDUP_APART_FORM = 4,     /* alike, but they fill one form */
    NDUP_APART_COMPILES = 5, /* one compiles several texts, and stands alone */
    NDUP_APART_OTHERS = 6    /* alike, but the rest of their stories is not, or is nearer to each */
} ndup_apart;

/* "not", "score", "words", "days", "form", "compiles", "others"; NULL for other values. Threads:
 * immutable. */
NDUP_API const char *ndup_apart_name(ndup_apart apart);

/* What two documents have in common. Copies count as their first does. */
typedef struct ndup_likeness {
    uint64_t a, b; /* numbers of the documents */
    ndup_text a_id, b_id;
    double score; /* by their words alone */
    ndup_apart apart;
    const ndup_story_term *terms; /* [term_count] that both have, as a has them, heaviest first */
    size_t term_count;
} ndup_likeness;

/* Why a story is one, and which other one is nearest. */
typedef struct ndup_story_explanation {
    const ndup_story *story;
    /* [story->count] each document with the one of the story that it is most like, of the first 64
     * texts; a == b where it is like none. */
    const ndup_likeness *nearest;
    double bar;
    double within_days;        /* as used; 0 = without dates */
    double mean;               /* score of two of its texts; 0 where it has one */
    const ndup_story *other;   /* whose texts are most like its own, whatever the dates; or NULL */
    ndup_likeness closest;     /* a of this story and b of that: those most alike */
    double other_mean;         /* score of a text of this story and one of that, by words alone */
    ndup_apart apart;          /* what keeps the stories apart */
    const ndup_likeness *pair; /* of the documents asked for; NULL where one was */
    const ndup_grouping *pair_of; /* [2] of these */
    double pair_mean;             /* score of that pair's a with the texts of b's story */
} ndup_story_explanation;

/* What one version changed: bytes of its text, and of the text it is compared with, that stand
 * where the two differ. Left empty, the one says that something was taken out, the other that
 * something was added; an empty one stands where the text would. What lies between two changes is
 * the same in both but for the kind and amount of white space. Words change as wholes; changes with
 * no word between, or one of at most three letters, or some that are no more than a quarter of
 * either change, are one. What was moved is told as taken out
 * here and put in there. Units: bytes; tokens, which are words, or single characters of scripts
 * without spaces, and 0 where only marks of punctuation or the case of letters differ. */
typedef struct ndup_change {
    uint32_t at, bytes;       /* in the version's text */
    uint32_t of_at, of_bytes; /* in the other's */
    uint32_t tokens, of_tokens;
} ndup_change;

/* A document of a group of copies, with its text and that of the one it was copied from. Groups of
 * one document that takes from another (PARTIAL) have versions, too; others of one have none. */
typedef struct ndup_text_version {
    const ndup_grouping *grouping;
    const ndup_document *document; /* borrowed until the call returns, as all here */
    const ndup_document *of;       /* `document` itself where it is the first */
    const ndup_change *changes;    /* [change_count] in the order of the text; NULL for the first */
    size_t change_count;
    uint64_t group_size; /* documents in its group of copies */
    uint64_t number;     /* place in its group: the first is 0, others follow by date, then id */
} ndup_text_version;

/* The counts of a run. */
typedef struct ndup_group_summary {
    uint64_t documents;
    uint64_t text_bytes;
    uint64_t skipped;
    uint64_t unreadable;
    uint64_t undated;     /* without a date that could be read */
    uint64_t odd_dates;   /* of these, dates that stand there and cannot be read or be true */
    uint64_t copy_groups; /* of two or more documents */
    uint64_t copies;      /* documents that are not the first of their group */
    uint64_t stories;     /* of two or more documents */
    uint64_t in_stories;  /* documents in these */
    uint64_t largest_story;
    double within_days; /* as used; 0 = without dates */
    double seconds[NDUP_STAGE_COUNT];
} ndup_group_summary;

/* What sinks learn first. Borrowed until the run returns. */
typedef struct ndup_group_run {
    const ndup_group_options *options;
    const char *const *inputs; /* no output may replace one */
    size_t input_count;
    const ndup_corpus_options *corpus;
} ndup_group_run;

/* A sink is called begin, then document for every document in corpus order (`document` has text and
 * record), then version for every version, group by group, then story for every story, then
 * explanation if one was asked for; then finish (all that can fail: flush), then commit; if
 * anything fails, abort instead of commit; close comes last. Every function but commit and abort
 * may be NULL. */
typedef struct ndup_group_sink {
    size_t struct_size;
    void *context;
    ndup_status (*begin)(void *context, const ndup_group_run *run, ndup_error *error);
    ndup_status (*document)(void *context, const ndup_grouping *grouping,
                            const ndup_document *document, ndup_error *error);
    ndup_status (*version)(void *context, const ndup_text_version *version, ndup_error *error);
    ndup_status (*story)(void *context, const ndup_story *story, ndup_error *error);
    ndup_status (*explanation)(void *context, const ndup_story_explanation *explanation,
                               ndup_error *error);
    ndup_status (*finish)(void *context, const ndup_group_summary *summary, ndup_error *error);
    ndup_status (*commit)(void *context, ndup_error *error);
    void (*abort)(void *context);
    void (*close)(void *context);
    bool committed; /* as in ndup_sink */
} ndup_group_sink;

/* Groups a corpus: near-duplicates (ndup_dedup), then texts that share passages (ndup_passages),
 * are groups of copies, each about its first document, and so are texts of one story that have the
 * same words with damage; the first documents are grouped to stories by what they share of rare
 * words and pairs of words. Copies of the first two kinds count once. Nothing chains: copies
 * are compared with the first of their group, and a story holds together on average. The same
 * corpus and options give the same groups for any number of threads and any order of input. Errors:
 * INVALID (names the option), NOT_FOUND (what is to be explained), IO, MEMORY, CANCELLED, CHANGED,
 * those of the sinks. */
NDUP_API NDUP_NODISCARD ndup_status ndup_group(ndup_group_summary *summary, ndup_corpus *corpus,
                                               const ndup_group_options *options,
                                               ndup_group_sink *const *sinks, size_t sink_count,
                                               const ndup_hooks *hooks, ndup_error *error);

/* Number of ready-made formats for groups, and format i; NULL past the end. Threads: immutable. */
NDUP_API size_t ndup_group_output_count(void);
NDUP_API const ndup_output_info *ndup_group_output_get(size_t i);

/* Opens "FORMAT:PATH" like ndup_output_open. */
NDUP_API NDUP_NODISCARD ndup_status ndup_group_output_open(ndup_group_sink **sink,
                                                           const char *specification,
                                                           const ndup_output_options *options,
                                                           ndup_error *error);
/* Frees a sink that ndup_group_output_open made; NULL is allowed. */
NDUP_API void ndup_group_output_close(ndup_group_sink *sink);

/* Stories of a stream: documents come one by one, in the order of their dates, and each is answered
 * before the next: what it is a copy of, and which story it joins. Nothing is known of what comes
 * later; when a document shows that earlier ones belong to another story, its answer says so. What
 * is older than a time to live is forgotten, so that memory and disk stay the same. */

/* What a stream made of a document's date. */
typedef enum ndup_dating {
    NDUP_DATING_READ = 0,  /* it is the latest one: the stream's clock stands there now */
    NDUP_DATING_LATE = 1,  /* before the clock: taken as if it had come in time */
    NDUP_DATING_OLD = 2,   /* before the clock by more than stories lie within: as undated */
    NDUP_DATING_AHEAD = 3, /* behind the clock by more than the time to live: as undated, unless the
                              dated one before it was ahead, too, by about as much */
    NDUP_DATING_FUTURE = 4, /* later than tomorrow: as undated */
    NDUP_DATING_NONE = 5    /* none that could be read: told by its words alone */
} ndup_dating;

/* "read", "late", "old", "ahead", "future", "none"; NULL for other values. Threads: immutable. */
NDUP_API const char *ndup_dating_name(ndup_dating dating);

/* How a stream decides: kept in its state. Fill with ndup_story_stream_options_init. */
typedef struct ndup_story_stream_options {
    size_t struct_size;
    /* As of ndup_group_options; 0 = as the state was made with, which for a new one is .5, 7 days
     * and .15. */
    double share;
    double within_days;
    double bar;
    /* Documents that came so many days before the latest date are forgotten; 0 = as the state was
     * made with, for a new one 30. No less than within_days. */
    double ttl_days;
    uint64_t seed; /* 0 = likewise */
    const ndup_allocator *allocator;
} ndup_story_stream_options;

/* All as a state was made, or as it is made by default. */
NDUP_API void ndup_story_stream_options_init(ndup_story_stream_options *options);

/* A document that went to another story. Its copies go with it. */
typedef struct ndup_story_move {
    ndup_text id;
    uint64_t from, to;
} ndup_story_move;

/* The answer about one document. Stories and copy groups keep their numbers for good. */
typedef struct ndup_story_answer {
    ndup_text id;      /* borrowed until the next call, as all here */
    ndup_text source;  /* the host of its address where it names none */
    uint64_t document; /* its number: how many came before it */
    bool joins;        /* false: it is a new story */
    bool is_again;     /* it came before, and this is the answer of then */
    uint64_t story;
    uint64_t copy_group; /* number of the first document of its group of copies */
    ndup_role role;
    ndup_text of; /* the document that it is a copy of, or takes from; else empty */
    double share; /* as in ndup_grouping */
    double of_share;
    double similarity;
    ndup_dating dating;
    const ndup_story_move *moves; /* [move_count] */
    size_t move_count;
} ndup_story_answer;

/* An open stream. Threads: single-owner. Processes: one at a time. */
typedef struct ndup_story_stream ndup_story_stream;

/* Opens the state in a folder, which is made unless it is there; it must hold a state or nothing.
 * What was answered before is there, also when the process was killed: a document whose answer got
 * lost may come again and is answered alike. After a power failure the last second's documents may
 * be missing. Errors: INVALID for options that the state was not made with, and folders with other
 * things; VERSION for a state of another format; CORRUPT; LIMIT when another process has it open;
 * IO, MEMORY. Cost: reading the state, and some thousand documents at most, again. */
NDUP_API NDUP_NODISCARD ndup_status ndup_story_stream_open(ndup_story_stream **stream,
                                                           const char *path,
                                                           const ndup_story_stream_options *options,
                                                           ndup_error *error);

/* The options that it decides by. Borrowed from the stream. */
NDUP_API const ndup_story_stream_options *
ndup_story_stream_get_options(const ndup_story_stream *stream);

/* Answers about a document, of which id, url, source, date, title and text are looked at, and takes
 * it in. One with id, date, title and text of a document that is not forgotten is answered as that
 * was, and not taken in again. The same documents in the same order are answered alike, however
 * often the stream was closed and opened between. Errors: INVALID for one without an id; LIMIT,
 * MEMORY, IO, CORRUPT: after any of these the stream must be closed, and can be opened anew;
 * whether the document is in it, it says when it comes again. */
NDUP_API NDUP_NODISCARD ndup_status ndup_story_stream_add(ndup_story_stream *stream,
                                                          ndup_story_answer *answer,
                                                          const ndup_document *document,
                                                          ndup_error *error);

/* Saves the state, so that it opens at once, and closes the stream in every case; NULL is allowed.
 * Nothing that was answered is lost when that fails. Errors: IO. */
NDUP_API NDUP_NODISCARD ndup_status ndup_story_stream_close(ndup_story_stream *stream,
                                                            ndup_error *error);

#ifdef __cplusplus
}
#endif
#endif
