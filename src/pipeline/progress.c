/* SPDX-License-Identifier: MIT */
/* Progress reports, rationed. */
#include "pipeline/progress.h"

#include <stdarg.h>
#include <stdio.h>

#include "base/clock.h"
#include "base/error.h"

#define SECONDS_BETWEEN 0.1

const char *ndup_stage_name(ndup_stage stage)
{
    static const char *const names[] = {"read", "bucket", "verify", "audit", "write"};
    return (unsigned)stage < sizeof names / sizeof names[0] ? names[stage] : "unknown";
}

static ndup_status report(ndup__reporter *reporter, ndup_error *error)
{
    const ndup_hooks *hooks = reporter->hooks;
    reporter->last_report = ndup__clock_seconds();
    if (hooks != NULL && hooks->progress != NULL &&
        !hooks->progress(hooks->context, &reporter->now)) {
        return ndup__fail(error, NDUP_STATUS_CANCELLED, "cancelled");
    }
    return NDUP_STATUS_OK;
}

ndup_status ndup__reporter_begin(ndup__reporter *reporter, ndup_stage stage, uint64_t total,
                                 ndup_error *error)
{
    reporter->now = (ndup_progress){.stage = stage, .total = total};
    reporter->stage_start = ndup__clock_seconds();
    return report(reporter, error);
}

ndup_status ndup__reporter_at(ndup__reporter *reporter, uint64_t done, uint64_t documents,
                              ndup_error *error)
{
    reporter->now.done = done;
    reporter->now.documents = documents;
    if (ndup__clock_seconds() - reporter->last_report < SECONDS_BETWEEN) {
        return NDUP_STATUS_OK;
    }
    return report(reporter, error);
}

ndup_status ndup__reporter_ask(ndup__reporter *reporter, ndup_error *error)
{
    return report(reporter, error);
}

bool ndup__reporter_beat(void *context)
{
    ndup__reporter *reporter = context;
    return ndup__reporter_at(reporter, reporter->now.done, reporter->now.documents, NULL) ==
           NDUP_STATUS_OK;
}

double ndup__reporter_seconds(const ndup__reporter *reporter)
{
    return ndup__clock_seconds() - reporter->stage_start;
}

void ndup__notice(const ndup_hooks *hooks, const char *format, ...)
{
    if (hooks == NULL || hooks->notice == NULL) {
        return;
    }
    char message[200];
    va_list values;
    va_start(values, format);
    vsnprintf(message, sizeof message, format, values);
    va_end(values);
    hooks->notice(hooks->context, message);
}

void ndup__notice_passed_over(const ndup_hooks *hooks, const ndup__passed_over *passed)
{
    char names[120];
    uint64_t binaries = ndup__passed_over_name(names, sizeof names, passed);
    if (passed->records > 0) {
        ndup__notice(hooks, "%llu records of web archives hold no page or text that was found",
                     (unsigned long long)passed->records);
    }
    if (binaries > 0) {
        ndup__notice(hooks, "%llu records that are said to be pages or texts are not: %s",
                     (unsigned long long)binaries, names);
    }
}
