/* SPDX-License-Identifier: MIT */
/* The counts of a run as a dict. */
#include "lists.h"
#include "py_result.h"

#include <string.h>

#define COUNT(member)                           \
    {                                           \
#member, offsetof(ndup_summary, member) \
    }

static const struct {
    const char *name;
    size_t offset;
} counts[] = {COUNT(documents),     COUNT(text_bytes),
              COUNT(skipped),       COUNT(repaired),
              COUNT(duplicate_ids), COUNT(empty),
              COUNT(unreadable),    COUNT(kept),
              COUNT(dropped),       COUNT(identical),
              COUNT(normalized),    COUNT(contained),
              COUNT(near),          COUNT(dropped_survivors),
              COUNT(kept_bytes),    COUNT(groups),
              COUNT(largest_group), COUNT(candidates),
              COUNT(verified),      COUNT(similar),
              COUNT(split_buckets), COUNT(largest_bucket),
              COUNT(crowded),       COUNT(capped),
              COUNT(templates),     COUNT(forms),
              COUNT(largest_form),  COUNT(audit_documents),
              COUNT(audit_pairs),   COUNT(audit_found),
              COUNT(audit_missed)};

PyObject *result_summary(PyObject *object, PyObject *unused)
{
    (void)unused;
    const ndup_summary *summary = ndup_result_summary(((result_object *)object)->result);
    PyObject *dict = PyDict_New();
    bool is_set = dict != NULL;
    for (size_t i = 0; is_set && i < sizeof counts / sizeof *counts; i++) {
        uint64_t count;
        memcpy(&count, (const char *)summary + counts[i].offset, sizeof count);
        is_set = dict_set(dict, counts[i].name, PyLong_FromUnsignedLongLong(count));
    }
    double seconds = 0;
    for (size_t i = 0; i < NDUP_STAGE_COUNT; i++) {
        seconds += summary->seconds[i];
    }
    is_set = is_set && dict_set(dict, "seconds", PyFloat_FromDouble(seconds)) &&
             dict_set(dict, "audit_low", PyFloat_FromDouble(summary->audit_low)) &&
             dict_set(dict, "audit_high", PyFloat_FromDouble(summary->audit_high));
    if (!is_set) {
        Py_CLEAR(dict);
    }
    return dict;
}
