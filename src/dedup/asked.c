/* SPDX-License-Identifier: MIT */
/* A guard or a preference that matches nothing is most often a slip, and looks as if it held. */
#include "dedup/asked.h"

#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/glob.h"
#include "pipeline/progress.h"

ndup_status ndup__asked_init(ndup__asked *asked, const ndup_dedup_options *options,
                             const ndup__keep_policy *policy, ndup_error *error)
{
    *asked = (ndup__asked){.options = options, .policy = policy, .allocator = options->allocator};
    return ndup__allocate_zeroed(asked->allocator, &asked->guards, options->never_drop_count,
                                 sizeof *asked->guards, error);
}

void ndup__asked_reset(ndup__asked *asked)
{
    if (asked->options->never_drop_count > 0) {
        memset(asked->guards, 0, asked->options->never_drop_count);
    }
    asked->elements = 0;
    asked->dates = asked->unknown.count = asked->open.count = 0;
}

void ndup__asked_deinit(ndup__asked *asked)
{
    if (asked->options != NULL) {
        ndup__free(asked->allocator, &asked->guards, asked->options->never_drop_count,
                   sizeof *asked->guards);
    }
}

bool ndup__asked_protects(ndup__asked *asked, const ndup_document *document)
{
    const ndup_dedup_options *options = asked->options;
    bool found = false;
    for (size_t i = 0; i < options->never_drop_count; i++) {
        if ((!found || asked->guards[i] == 0) &&
            (ndup__glob_match(options->never_drop[i], document->source) ||
             ndup__glob_match(options->never_drop[i], document->id))) {
            asked->guards[i] = 1;
            found = true;
        }
    }
    return found;
}

static void set_example(ndup__date_example *example, ndup__place place, ndup_text text)
{
    size_t length = text.length < sizeof example->text ? text.length : sizeof example->text - 1;
    if (example->count == 0 || place < example->place) {
        example->place = place;
        memcpy(example->text, text.bytes, length);
        example->text[length] = '\0';
    }
}

/* A date that gave no value is looked at again: few do. */
static void note_date(ndup__asked *asked, bool was_read, const ndup__item *item)
{
    int64_t milliseconds;
    ndup_text date = item->document.date;
    ndup__date_reading reading = was_read ? NDUP__DATE_READ : ndup__parse_date(&milliseconds, date);
    asked->dates += reading != NDUP__DATE_ABSENT;
    if (reading == NDUP__DATE_OPEN || reading == NDUP__DATE_UNKNOWN) {
        ndup__date_example *example = reading == NDUP__DATE_OPEN ? &asked->open : &asked->unknown;
        set_example(example, item->place, date);
        example->count++;
    }
}

void ndup__asked_note(ndup__asked *asked, const ndup__keep_value *values, const ndup__item *item)
{
    bool dates_noted = false;
    for (unsigned i = 0; i < asked->policy->count; i++) {
        ndup__keep_kind kind = asked->policy->elements[i].kind;
        bool is_date = kind == NDUP__KEEP_NEWEST || kind == NDUP__KEEP_OLDEST;
        bool has_value = kind == NDUP__KEEP_PREFER ? values[i].number == 0
                                                   : values[i].number != NDUP__KEEP_MISSING;
        asked->elements |= (unsigned)has_value << i;
        if (is_date && !dates_noted) {
            note_date(asked, has_value, item);
            dates_noted = true;
        }
    }
}

static void merge_example(ndup__date_example *example, const ndup__date_example *other)
{
    uint64_t count = example->count + other->count;
    if (other->count > 0 && (example->count == 0 || other->place < example->place)) {
        *example = *other;
    }
    example->count = count;
}

void ndup__asked_merge(ndup__asked *asked, const ndup__asked *other)
{
    for (size_t i = 0; i < asked->options->never_drop_count; i++) {
        asked->guards[i] |= other->guards[i];
    }
    asked->elements |= other->elements;
    asked->dates += other->dates;
    merge_example(&asked->unknown, &other->unknown);
    merge_example(&asked->open, &other->open);
}

static void report_dates(const ndup__asked *asked, const ndup_hooks *hooks)
{
    if (asked->open.count > 0) {
        ndup__notice(hooks,
                     "%llu of %llu dates are not read, as '%s': which number is the day and which "
                     "the month is not guessed",
                     (unsigned long long)asked->open.count, (unsigned long long)asked->dates,
                     asked->open.text);
    }
    if (asked->unknown.count > 0) {
        ndup__notice(hooks,
                     "%llu of %llu dates are in no form that is known, the first is '%s'; such "
                     "documents come last",
                     (unsigned long long)asked->unknown.count, (unsigned long long)asked->dates,
                     asked->unknown.text);
    }
}

static void report_element(const ndup__keep_element *element, const ndup_hooks *hooks)
{
    switch (element->kind) {
    case NDUP__KEEP_PREFER:
        ndup__notice(hooks, "--keep prefer=%.80s: no document's source, id or url matches",
                     element->argument);
        break;
    case NDUP__KEEP_FIELD:
        ndup__notice(hooks, "--keep field:%.80s: no record has a value in this field",
                     element->argument);
        break;
    case NDUP__KEEP_NEWEST:
    case NDUP__KEEP_OLDEST:
        ndup__notice(hooks, "no document has a date that can be read, so that none is the %s",
                     element->kind == NDUP__KEEP_NEWEST ? "newest" : "oldest");
        break;
    default:
        break;
    }
}

static ndup_status report_guards(const ndup__asked *asked, const ndup_hooks *hooks,
                                 ndup_error *error)
{
    const ndup_dedup_options *options = asked->options;
    for (size_t i = 0; i < options->never_drop_count; i++) {
        if (asked->guards[i] != 0) {
            continue;
        }
        if (!options->allow_empty_guard) {
            return ndup__fail(error, NDUP_STATUS_NOT_FOUND,
                              "--never-drop-from %.60s: no document's source or id matches; "
                              "--allow-empty-guard goes on all the same",
                              options->never_drop[i]);
        }
        ndup__notice(hooks, "--never-drop-from %.80s: no document's source or id matches",
                     options->never_drop[i]);
    }
    return NDUP_STATUS_OK;
}

ndup_status ndup__asked_report(const ndup__asked *asked, const ndup_hooks *hooks, ndup_error *error)
{
    const ndup__keep_policy *policy = asked->policy;
    for (unsigned i = 0; i < policy->count && !policy->input_order; i++) {
        if ((asked->elements & 1u << i) == 0) {
            report_element(&policy->elements[i], hooks);
        }
    }
    report_dates(asked, hooks);
    return report_guards(asked, hooks, error);
}
