/* SPDX-License-Identifier: MIT */
/* Texts grouped to stories, one after another. */
#ifndef NDUP__STORY_STORIES_H
#define NDUP__STORY_STORIES_H

#include "neardup/group.h"
#include "story/term_index.h"
#include "story/vector_store.h"

#define NDUP__NO_FORM UINT32_MAX

/* A text as it comes. */
typedef struct ndup__story_text {
    ndup__term_vector vector;
    bool is_dated;
    int64_t milliseconds;
    uint32_t form; /* texts of one form are no story together; NDUP__NO_FORM */
    /* In streams: */
    uint32_t document; /* its number */
    uint32_t weighed;  /* the text that had come last when its vector was made */
    uint32_t renewed;  /* how often that was: scores of former vectors do not count */
} ndup__story_text;

/* A text that went from one story to another when a later one came. */
typedef struct ndup__story_move {
    uint32_t text;
    uint32_t from;
} ndup__story_move;

/* A story. */
typedef struct ndup__story_group {
    uint32_t *members; /* [count] ascending */
    size_t count;
    size_t capacity;
} ndup__story_group;

struct ndup__score_entry;

/* Threads: single-owner. */
typedef struct ndup__stories {
    const ndup_allocator *allocator;
    /* For streams, whose texts are forgotten one day: set from outside before the first text. Their
     * vectors stay where they were allocated; `renew`, unless it is NULL, is called before a text
     * is compared with a new one, and may make its vector anew. */
    bool is_stream;
    ndup_status (*renew)(void *context, uint32_t text, ndup_error *error);
    void *renew_context;
    double bar;
    int64_t window;   /* milliseconds that may lie between two dated texts of a story; 0 = any */
    bool has_undated; /* set from outside: texts without a date will come, which all others concern
                       */
    ndup__story_text *texts; /* [count - base]: their vectors stand in `vectors` */
    size_t count, capacity;
    /* 0 but in streams: texts before `forgotten` are that, those before `base` gone, too. */
    size_t base, forgotten;
    ndup__vector_store vectors;
    uint32_t oldest;    /* the first text that the last dated one can be compared with */
    uint32_t *group_of; /* [count - base] the text's story */
    size_t group_of_capacity;
    ndup__story_group *groups; /* [group_count - group_base]; some are empty */
    size_t group_count, group_capacity, group_base;
    ndup__story_move *moves; /* [move_count] that the last text has caused */
    size_t move_count, move_capacity;
    ndup__term_index index;
    struct ndup__score_entry *scores; /* of pairs scored lately */
    uint64_t scored;                  /* pairs */
    uint32_t *found;                  /* work space: candidates, and marks of them */
    size_t found_count, found_capacity;
    uint8_t *marks; /* [count - base] */
    size_t mark_capacity;
} ndup__stories;

/* `folder`: of temporary files; NULL: TMPDIR or /tmp. Errors: MEMORY. */
NDUP_NODISCARD ndup_status ndup__stories_init(ndup__stories *stories, double bar, int64_t window,
                                              const char *folder, const ndup_allocator *allocator,
                                              ndup_error *error);
void ndup__stories_deinit(ndup__stories *stories);

/* Takes the next text, and its vector: texts come by date, undated ones last. Stories that a text
 * is like are linked anew with it, so that a text may move from one to another. What dated texts
 * are past the window of needs hardly any memory. Errors: MEMORY, LIMIT; those of making a
 * temporary file. Cost: some 1,024 postings, and the scores of 32 texts with each other. */
NDUP_NODISCARD ndup_status ndup__stories_add(ndup__stories *stories, ndup__story_text *text,
                                             const ndup__rarest_terms *rarest, ndup_error *error);

/* Says that texts before this one will hardly be asked for: they give up memory until they are. */
void ndup__stories_let_go(ndup__stories *stories, uint32_t text);

/* Forgets the texts of a stream before this one: stories go on without them. */
void ndup__stories_forget(ndup__stories *stories, uint32_t text);

/* Makes room for one more text. Errors: MEMORY. */
NDUP_NODISCARD ndup_status ndup__stories_make_room(ndup__stories *stories, ndup_error *error);

/* Puts back a text of a stream as it was saved, in its story: texts come in their order, into
 * stories whose counts and bases are set. Takes the vector. Errors: MEMORY. */
NDUP_NODISCARD ndup_status ndup__stories_restore(ndup__stories *stories, ndup__story_text *text,
                                                 uint32_t group, ndup_error *error);

static inline ndup__story_text *ndup__stories_text(const ndup__stories *stories, uint32_t text)
{
    return &stories->texts[text - stories->base];
}

static inline ndup__story_group *ndup__stories_group_at(const ndup__stories *stories,
                                                        uint32_t group)
{
    return &stories->groups[group - stories->group_base];
}

/* The story that a text is in. */
static inline uint32_t ndup__stories_group_of(const ndup__stories *stories, uint32_t text)
{
    return stories->group_of[text - stories->base];
}

/* Why two texts count as unlike, whatever their words: DAYS, FORM, or NOT where they do not. */
ndup_apart ndup__stories_apart(const ndup__stories *stories, uint32_t a, uint32_t b);

/* How alike the words of two texts are, whatever keeps them apart. */
double ndup__stories_word_score(const ndup__stories *stories, uint32_t a, uint32_t b);

/* The score of two texts: 0 for those that are too far apart in time, or of one form. */
double ndup__stories_score(ndup__stories *stories, uint32_t a, uint32_t b);

#endif
