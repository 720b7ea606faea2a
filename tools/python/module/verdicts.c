/* SPDX-License-Identifier: MIT */
/* What a result tells of documents, groups and pairs. */
#include "errors.h"
#include "lists.h"
#include "py_result.h"

static uint64_t count_documents(PyObject *object)
{
    return ndup_result_summary(((result_object *)object)->result)->documents;
}

static ndup_verdict verdict_of(PyObject *object, uint64_t number)
{
    ndup_verdict verdict;
    ndup_result_verdict(((result_object *)object)->result, number, &verdict);
    return verdict;
}

/* numbers(kept): those of the documents that are kept, or those of the others. */
PyObject *result_numbers(PyObject *object, PyObject *is_kept)
{
    PyObject *numbers = PyList_New(0);
    for (uint64_t i = 0; numbers != NULL && i < count_documents(object); i++) {
        if (verdict_of(object, i).kept == (is_kept == Py_True) &&
            !list_add(numbers, PyLong_FromUnsignedLongLong(i))) {
            Py_CLEAR(numbers);
        }
    }
    return numbers;
}

/* ids(): of all documents. */
PyObject *result_ids(PyObject *object, PyObject *unused)
{
    (void)unused;
    PyObject *ids = PyList_New(0);
    for (uint64_t i = 0; ids != NULL && i < count_documents(object); i++) {
        if (!list_add(ids, text_object(verdict_of(object, i).id))) {
            Py_CLEAR(ids);
        }
    }
    return ids;
}

/* mask(): of all documents, whether they are kept. */
PyObject *result_mask(PyObject *object, PyObject *unused)
{
    (void)unused;
    PyObject *mask = PyList_New(0);
    for (uint64_t i = 0; mask != NULL && i < count_documents(object); i++) {
        if (!list_add(mask, PyBool_FromLong(verdict_of(object, i).kept))) {
            Py_CLEAR(mask);
        }
    }
    return mask;
}

/* verdict(number): (document, id, kept, kind, survivor, survivor_id, similarity, containment,
 * survivor_containment, group or None, source, title, (offset, bytes, tokens) or None, reading). */
PyObject *result_verdict(PyObject *object, PyObject *number)
{
    uint64_t i = PyLong_AsUnsignedLongLong(number);
    if (PyErr_Occurred() != NULL || i >= count_documents(object)) {
        PyErr_Clear();
        PyErr_SetString(PyExc_IndexError, "there is no document of that number");
        return NULL;
    }
    ndup_verdict verdict = verdict_of(object, i);
    PyObject *group =
        verdict.grouped ? PyLong_FromUnsignedLongLong(verdict.survivor) : Py_NewRef(Py_None);
    PyObject *span =
        verdict.span_tokens > 0
            ? Py_BuildValue("III", verdict.span_offset, verdict.span_bytes, verdict.span_tokens)
            : Py_NewRef(Py_None);
    return Py_BuildValue("KNOsKNdddNNNNs", (unsigned long long)i, text_object(verdict.id),
                         verdict.kept ? Py_True : Py_False, ndup_kind_name(verdict.kind),
                         (unsigned long long)verdict.survivor, text_object(verdict.survivor_id),
                         verdict.similarity, verdict.containment, verdict.survivor_containment,
                         group, text_object(verdict.source), text_object(verdict.title), span,
                         ndup_reading_name(verdict.reading));
}

/* Adds the number to the list that the dict has for the group. */
static bool add_to_group(PyObject *groups, uint64_t group, uint64_t number)
{
    PyObject *key = PyLong_FromUnsignedLongLong(group);
    PyObject *members = key != NULL ? PyDict_GetItemWithError(groups, key) : NULL;
    Py_XINCREF(members);
    if (key != NULL && members == NULL && PyErr_Occurred() == NULL) {
        members = PyList_New(0);
        if (members != NULL && PyDict_SetItem(groups, key, members) != 0) {
            Py_CLEAR(members);
        }
    }
    bool is_added = members != NULL && list_add(members, PyLong_FromUnsignedLongLong(number));
    Py_XDECREF(members);
    Py_XDECREF(key);
    return is_added;
}

/* groups(): a dict of the kept, or first, document of each group and the list of all of it. */
PyObject *result_groups(PyObject *object, PyObject *unused)
{
    (void)unused;
    PyObject *groups = PyDict_New();
    for (uint64_t i = 0; groups != NULL && i < count_documents(object); i++) {
        ndup_verdict verdict = verdict_of(object, i);
        if (verdict.grouped && !add_to_group(groups, verdict.survivor, i)) {
            Py_CLEAR(groups);
        }
    }
    return groups;
}

/* pair(number): (a, b, id_a, id_b, similarity, containment_a, containment_b, kind). */
PyObject *result_pair(PyObject *object, PyObject *number)
{
    const ndup_pair *pairs;
    size_t count = ndup_result_pairs(((result_object *)object)->result, &pairs);
    size_t i = PyLong_AsSize_t(number);
    if (PyErr_Occurred() != NULL || i >= count) {
        PyErr_Clear();
        PyErr_SetString(PyExc_IndexError, "there is no pair of that number");
        return NULL;
    }
    const ndup_pair *pair = &pairs[i];
    return Py_BuildValue("KKNNddds", (unsigned long long)pair->a, (unsigned long long)pair->b,
                         text_object(verdict_of(object, pair->a).id),
                         text_object(verdict_of(object, pair->b).id), pair->similarity,
                         pair->containment_a, pair->containment_b, ndup_kind_name(pair->kind));
}

/* pair_count(): None when the run did not keep pairs. */
PyObject *result_pair_count(PyObject *object, PyObject *unused)
{
    (void)unused;
    const ndup_result *result = ((result_object *)object)->result;
    const ndup_dedup_options *options = ndup_result_options(result);
    const ndup_pair *pairs;
    if (!options->pairs && options->cluster != NDUP_CLUSTER_COMPONENTS) {
        return Py_NewRef(Py_None);
    }
    return PyLong_FromSize_t(ndup_result_pairs(result, &pairs));
}
