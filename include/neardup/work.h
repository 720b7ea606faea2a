/* SPDX-License-Identifier: MIT */
/* Runs that go on where an earlier process was killed: what is finished lies in a folder. */
#ifndef NEARDUP_WORK_H
#define NEARDUP_WORK_H

#include "neardup/corpus.h"
#include "neardup/dedup.h"
#include "neardup/hooks.h"
#include "neardup/status.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The folder that a run keeps its state in, locked. Threads: single-owner. */
typedef struct ndup_work ndup_work;

/* Opens the folder, and makes it if there is none; `restart` deletes what a run has left in it. A
 * folder of a run that was finished is begun anew. Errors: INVALID for a folder that holds
 * something else; LIMIT while another process uses it; IO, MEMORY. */
NDUP_API NDUP_NODISCARD ndup_status ndup_work_open(ndup_work **work, const char *folder,
                                                   bool restart, const ndup_allocator *allocator,
                                                   ndup_error *error);

/* Gives the folder free; what is in it stays. */
NDUP_API void ndup_work_close(ndup_work *work);

/* As ndup_dedup, with the same result, but what is finished of it is written to the folder, and
 * what a run had finished that was killed is not done again: of the first pass all but a
 * sixty-fourth or what came in a minute, of the decisions all but those of a second or two.
 * Sketches and decisions are read back; what stands between (ranking, buckets, all pairs, the exact
 * join) is done again. Problems with inputs that were reported are not reported again. A result may
 * be made once for each ndup_work_open. Errors: those of ndup_dedup; INVALID where the folder is of
 * a run over other inputs or with other options, and says which, and for inputs that cannot be read
 * again (memory, pipes); CORRUPT, VERSION for damaged state, or of another version. */
NDUP_API NDUP_NODISCARD ndup_status ndup_work_dedup(ndup_result **result, ndup_work *work,
                                                    ndup_corpus *corpus,
                                                    const ndup_dedup_options *options,
                                                    const ndup_hooks *hooks, ndup_error *error);

/* Says that the outputs of the result are where they belong: nothing is needed any more, and all
 * but a few hundred bytes is deleted. Errors: IO. */
NDUP_API NDUP_NODISCARD ndup_status ndup_work_finish(ndup_work *work, ndup_error *error);

/* How far a run is. */
typedef enum ndup_work_stage {
    NDUP_WORK_NONE,    /* nothing is finished */
    NDUP_WORK_READING, /* part of the first pass */
    NDUP_WORK_JUDGING, /* the first pass, and some decisions */
    NDUP_WORK_WRITING, /* all decisions; outputs are written from their beginning */
    NDUP_WORK_DONE
} ndup_work_stage;

/* What a folder says of its run. */
typedef struct ndup_work_progress {
    size_t struct_size; /* sizeof(ndup_work_progress) */
    ndup_work_stage stage;
    bool is_running;      /* some process holds the folder */
    uint64_t parts;       /* of the first pass, finished */
    uint64_t documents;   /* in them */
    uint64_t read_bytes;  /* of the inputs, as they are stored */
    uint64_t total_bytes; /* 0: not known */
    uint64_t classes;     /* distinct texts; 0: not known yet */
    uint64_t decided;     /* of them; those that nothing is like count when their turn has come */
    uint64_t disk_bytes;  /* in the folder */
} ndup_work_progress;

/* Looks into a folder without changing it; a process may be at work. struct_size is set by the
 * caller. Errors: NOT_FOUND, IO; INVALID where it is no such folder; CORRUPT, VERSION. */
NDUP_API NDUP_NODISCARD ndup_status ndup_work_look(ndup_work_progress *progress, const char *folder,
                                                   ndup_error *error);

/* "none", "reading", "judging", "writing", "done". */
NDUP_API const char *ndup_work_stage_name(ndup_work_stage stage);

#ifdef __cplusplus
}
#endif
#endif
