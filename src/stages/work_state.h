/* SPDX-License-Identifier: MIT */
/* What lies in the folder of a run that can go on; FORMAT.md describes it. */
#ifndef NDUP__STAGES_WORK_STATE_H
#define NDUP__STAGES_WORK_STATE_H

#include "corpus/seek.h"
#include "dedup/keeper.h"
#include "neardup/work.h"
#include "stages/part_file.h"

/* Bytes of a path in the folder. */
#define NDUP__WORK_PATH_BYTES 4096

/* How far the run is, as it stands in the file. */
typedef struct ndup__work_state {
    uint64_t identity; /* of the run: a random number */
    uint64_t is_read;  /* the parts are all of the first pass */
    uint64_t is_done;  /* outputs included */
    uint64_t parts;
    uint64_t documents; /* in them */
    uint64_t read_bytes, total_bytes;
    uint64_t next; /* place where the pass goes on */
    uint64_t line_file, lines;
    uint64_t given;
    uint64_t text_bytes, empty, repaired, unreadable, skipped; /* of the summary */
    uint64_t elements, dates;                                  /* of what was asked for */
    uint64_t reserved[6];
} ndup__work_state;

struct ndup_work {
    const ndup_allocator *allocator;
    char folder[NDUP__WORK_PATH_BYTES];
    char journal_path[NDUP__WORK_PATH_BYTES];
    int lock;
    ndup__work_state state; /* what is in the file, or would be in an empty one */
    uint64_t *parts;        /* [state.parts] identities of their files */
    size_t part_capacity;
    double noted; /* when the last part was written, by the clock */
    double cost;  /* what that took, in seconds */
    ndup__json_line settings;
    ndup__json_line inputs;
    ndup__keeper keeper;
    ndup__journal journal;
};

/* DIR/name, or with a number behind it. Errors: LIMIT for a path that is too long. */
NDUP_NODISCARD ndup_status ndup__work_path(char path[NDUP__WORK_PATH_BYTES], const char *folder,
                                           const char *name, ndup_error *error);
NDUP_NODISCARD ndup_status ndup__work_part_path(char path[NDUP__WORK_PATH_BYTES],
                                                const char *folder, uint64_t number,
                                                ndup_error *error);

/* Whether somebody made such a name in a folder: only these are removed. */
bool ndup__work_owns(const char *name);

/* The settings and inputs of the run, against those in the folder; where there are none, they are
 * written. Errors: INVALID with what differs; those of files. */
NDUP_NODISCARD ndup_status ndup__work_check_run(ndup_work *work, const ndup_corpus *corpus,
                                                const ndup_dedup_options *options,
                                                ndup_error *error);

/* Reads the state of a folder alone; zeros where there is none. Errors: CORRUPT, VERSION, IO. */
NDUP_NODISCARD ndup_status ndup__work_state_read(ndup__work_state *state, const char *folder,
                                                 const ndup_allocator *allocator,
                                                 ndup_error *error);

/* Writes the state with what the pass knows, which may be NULL. Errors: IO, MEMORY. */
NDUP_NODISCARD ndup_status ndup__work_state_write(ndup_work *work, const ndup_corpus *corpus,
                                                  const ndup__pass_state *pass, ndup_error *error);

/* Reads it back, and makes the corpus go on there. Errors: CORRUPT, CHANGED, IO, MEMORY. */
NDUP_NODISCARD ndup_status ndup__work_state_resume(ndup_work *work, ndup_corpus *corpus,
                                                   ndup__pass_state *pass, ndup_error *error);

/* The same failure, with what to do about damaged state behind its message. */
ndup_status ndup__work_advise(ndup_status status, ndup_error *error);

#endif
