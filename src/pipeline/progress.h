/* SPDX-License-Identifier: MIT */
/* Telling the caller how far a stage is, a few times a second, and hearing whether to go on. */
#ifndef NDUP__PIPELINE_PROGRESS_H
#define NDUP__PIPELINE_PROGRESS_H

#include "corpus/passed_over.h"
#include "neardup/hooks.h"

/* Threads: single-owner. */
typedef struct ndup__reporter {
    const ndup_hooks *hooks; /* may be NULL */
    ndup_progress now;
    double last_report;
    double stage_start;
} ndup__reporter;

/* Begins a stage. Errors: CANCELLED. */
NDUP_NODISCARD ndup_status ndup__reporter_begin(ndup__reporter *reporter, ndup_stage stage,
                                                uint64_t total, ndup_error *error);

/* Notes how far the stage is. Errors: CANCELLED. */
NDUP_NODISCARD ndup_status ndup__reporter_at(ndup__reporter *reporter, uint64_t done,
                                             uint64_t documents, ndup_error *error);

/* Tells how far the stage is, and hears whether to go on, however long ago that was done last.
 * Errors: CANCELLED. */
NDUP_NODISCARD ndup_status ndup__reporter_ask(ndup__reporter *reporter, ndup_error *error);

/* Whether to go on, told as far as the stage was noted to be: the beat of an ndup__pulse whose
 * context is the reporter. */
bool ndup__reporter_beat(void *reporter);

/* Seconds since the stage began. */
double ndup__reporter_seconds(const ndup__reporter *reporter);

/* Sends the notices about records that hold no text by their nature, if there are any. */
void ndup__notice_passed_over(const ndup_hooks *hooks, const ndup__passed_over *passed);

/* Sends a notice, formatted like printf, cut at 200 bytes. */
void ndup__notice(const ndup_hooks *hooks, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

#endif
