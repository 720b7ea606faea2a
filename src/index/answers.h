/* SPDX-License-Identifier: MIT */
/* Answers that outlive the question. */
#ifndef NDUP__INDEX_ANSWERS_H
#define NDUP__INDEX_ANSWERS_H

#include "base/arena.h"
#include "index/query.h"
#include "report/out.h"

struct ndup_index_answers {
    const ndup_allocator *allocator;
    ndup__arena *arenas; /* [arena_count] texts and matches, by worker */
    size_t arena_count;
    ndup_index_answer *items; /* [capacity], of which count are filled */
    size_t count, capacity;
    ndup__out json; /* the answer that was asked for last as that */
};

/* Room for `capacity` answers, made by so many workers. Errors: MEMORY. */
NDUP_NODISCARD ndup_status ndup__answers_new(ndup_index_answers **answers, size_t capacity,
                                             size_t workers, const ndup_allocator *allocator,
                                             ndup_error *error);

/* Makes an answer of what a session has found; within its transaction. Errors: those of the
 * database, MEMORY. Threads: one an arena. */
NDUP_NODISCARD ndup_status ndup__answer_make(ndup_index_answer *answer, ndup__arena *arena,
                                             ndup__session *session, const ndup__prepared *prepared,
                                             ndup_error *error);

#endif
