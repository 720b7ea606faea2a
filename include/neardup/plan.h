/* SPDX-License-Identifier: MIT */
/* Acting later on a plan that `-o plan:FILE` wrote. */
#ifndef NEARDUP_PLAN_H
#define NEARDUP_PLAN_H

#include "neardup/corpus.h"
#include "neardup/dedup.h"
#include "neardup/hooks.h"
#include "neardup/status.h"

#ifdef __cplusplus
extern "C" {
#endif

/* A plan read back: its decisions and the inputs it was made from. Threads: immutable. */
typedef struct ndup_plan ndup_plan;

/* Reads a plan (JSONL, compressed too). Errors: CORRUPT with the line when it is not a whole
 * plan or a number is out of range, VERSION when it is of another schema version, or of an earlier
 * library that did not record what `keep` and `never_drop` saw, IO, MEMORY. */
NDUP_API NDUP_NODISCARD ndup_status ndup_plan_open(ndup_plan **plan, const char *path,
                                                   const ndup_allocator *allocator,
                                                   ndup_error *error);

/* The same for a plan that was edited since: with other decisions, without some of its lines or its
 * end. Decisions count as they stand, each for its document alone: one that is to be kept stands
 * for itself, of a group whose survivor goes the others stay dropped. A document without a line is
 * kept. Lines stay in corpus order behind the header. */
NDUP_API NDUP_NODISCARD ndup_status ndup_plan_open_edited(ndup_plan **plan, const char *path,
                                                          const ndup_allocator *allocator,
                                                          ndup_error *error);
NDUP_API void ndup_plan_close(ndup_plan *plan);

/* Changes a plan by the decisions of a person: a file of JSON lines as report pages save it
 * (src/report/SCHEMA.md, "decisions"). A document that is to be kept stands for itself, outside of
 * its group; a survivor that is to be dropped is dropped alone, its group stays as it is. Decisions
 * on other corpora, for reports on several plans, are passed over; *taken says how many were for
 * this plan. May be called several times; a later decision replaces an earlier one. Errors: CORRUPT
 * with the line; CHANGED when a document is not what was decided on; NOT_FOUND when no decision is
 * for this plan; VERSION; IO; MEMORY. After an error the plan is of no use but for closing. */
NDUP_API NDUP_NODISCARD ndup_status ndup_plan_decide(uint64_t *taken, ndup_plan *plan,
                                                     const char *path, ndup_error *error);

/* Opens the corpus that the plan names, with the fields it names. `inputs` replaces the recorded
 * inputs when input_count > 0 (the corpus was moved). Errors: as ndup_corpus_open; UNSUPPORTED when
 * the plan was made from standard input or a caller's documents and no inputs are given. */
NDUP_API NDUP_NODISCARD ndup_status ndup_plan_open_corpus(
    ndup_corpus **corpus, const ndup_plan *plan, const char *const *inputs, size_t input_count,
    const ndup_corpus_options *options, const ndup_hooks *hooks, ndup_error *error);

/* Matches the plan to the corpus, record by record, and gives a result that can be written. A
 * record is different when its id or text changed, or what `keep` and `never_drop` saw in it: a
 * date or field, whether a glob matches. What they did not look at may change. Errors: CHANGED,
 * naming the first record that is new, missing or different; nothing is written then. */
NDUP_API NDUP_NODISCARD ndup_status ndup_plan_result(ndup_result **result, const ndup_plan *plan,
                                                     ndup_corpus *corpus, const ndup_hooks *hooks,
                                                     ndup_error *error);

#ifdef __cplusplus
}
#endif
#endif
