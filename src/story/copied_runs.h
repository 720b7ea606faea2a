/* SPDX-License-Identifier: MIT */
/* Which runs of words make copies. */
#ifndef NDUP__STORY_COPIED_RUNS_H
#define NDUP__STORY_COPIED_RUNS_H

/* Runs of words that copies share: texts that are rewritten lightly have no long ones. */
#define NDUP__COPIED_WORDS 8

/* Texts that share a run, beyond which it proposes none of them: near copies are no more among
 * them, and what is left is boilerplate. */
#define NDUP__RUN_DOCUMENTS 100

/* Of the share that is asked for, the part that shared fingerprints show at least: an edit takes
 * those of twice the words. */
#define NDUP__SHOWN_PART 0.4

/* Two days: a date of tomorrow may be today's elsewhere. */
#define NDUP__AHEAD_MILLISECONDS ((int64_t)2 * 24 * 3600 * 1000)

#endif
