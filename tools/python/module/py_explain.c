/* SPDX-License-Identifier: MIT */
/* What is printed is printed by the command line's own functions, into memory. */
#include "py_explain.h"

#include <stdio.h>
#include <stdlib.h>

#include "errors.h"
#include "lists.h"
#include "py_options.h"

#include "explain_print.h"

typedef struct comparing {
    PyObject *encoded[2];
    ndup_text texts[2];
    ndup_dedup_options options;
    option_lists lists;
    ndup_explanation *explanation;
} comparing;

static bool read_text(comparing *work, int side, PyObject *text)
{
    work->encoded[side] = text_bytes(&work->texts[side], text);
    return work->encoded[side] != NULL;
}

/* Compares; false with an exception set. */
static bool compare(comparing *work, PyObject *module, PyObject *a, PyObject *b, PyObject *values,
                    size_t spans)
{
    const module_state *state = PyModule_GetState(module);
    ndup_error error = {0};
    ndup_status status;
    if (!read_text(work, 0, a) || !read_text(work, 1, b) ||
        !options_read_dedup(&work->options, &work->lists, state, values)) {
        return false;
    }
    Py_BEGIN_ALLOW_THREADS
    status = ndup_explain(&work->explanation, work->texts[0], work->texts[1], &work->options, spans,
                          &error);
    Py_END_ALLOW_THREADS
    if (status != NDUP_STATUS_OK) {
        errors_raise(state, &error);
    }
    return status == NDUP_STATUS_OK;
}

static void end(comparing *work)
{
    ndup_explanation_free(work->explanation);
    options_free(&work->lists);
    Py_XDECREF(work->encoded[0]);
    Py_XDECREF(work->encoded[1]);
}

PyObject *explain_similarity(PyObject *module, PyObject *arguments)
{
    PyObject *a, *b, *values, *similarity = NULL;
    comparing work = {.explanation = NULL};
    if (!PyArg_ParseTuple(arguments, "UUO!:similarity", &a, &b, &PyDict_Type, &values)) {
        return NULL;
    }
    if (compare(&work, module, a, b, values, 0)) {
        similarity = PyFloat_FromDouble(work.explanation->similarity);
    }
    end(&work);
    return similarity;
}

/* A list of (tokens, a_start, a_end, b_start, b_end). */
static PyObject *list_spans(const comparing *work)
{
    const ndup_explanation *explanation = work->explanation;
    PyObject *list = PyList_New(0);
    for (size_t i = 0; list != NULL && i < explanation->span_count; i++) {
        const ndup_span *span = &explanation->spans[i];
        ndup_text a = work->texts[0], b = work->texts[1];
        if (!list_add(list, Py_BuildValue("Innnn", span->tokens, text_characters(a, span->a_offset),
                                          text_characters(a, span->a_offset + span->a_bytes),
                                          text_characters(b, span->b_offset),
                                          text_characters(b, span->b_offset + span->b_bytes)))) {
            Py_CLEAR(list);
        }
    }
    return list;
}

static PyObject *list_members(const comparing *work)
{
    const ndup_explanation *explanation = work->explanation;
    PyObject *spans = list_spans(work);
    if (spans == NULL) {
        return NULL;
    }
    return Py_BuildValue(
        "{sssOsdsdsdsdsdsdsdsKsKsKsKsKsIsdsOsOsOsN}", "kind", ndup_kind_name(explanation->kind),
        "similar", explanation->similar ? Py_True : Py_False, "similarity", explanation->similarity,
        "containment_a", explanation->containment_a, "containment_b", explanation->containment_b,
        "own_a", explanation->own_a, "own_b", explanation->own_b, "number_agreement",
        explanation->number_agreement, "estimate", explanation->estimate, "tokens_a",
        (unsigned long long)explanation->a_tokens, "tokens_b",
        (unsigned long long)explanation->b_tokens, "shingles_a",
        (unsigned long long)explanation->a_shingles, "shingles_b",
        (unsigned long long)explanation->b_shingles, "shared_shingles",
        (unsigned long long)explanation->shared_shingles, "shared_bands", explanation->shared_bands,
        "proposal", explanation->proposal, "short_texts_agree",
        explanation->short_texts_agree ? Py_True : Py_False, "a_would_go",
        explanation->a_would_go ? Py_True : Py_False, "b_would_go",
        explanation->b_would_go ? Py_True : Py_False, "spans", spans);
}

/* As `neardup explain` prints it. */
static PyObject *print(const comparing *work, const char *const *names, size_t spans,
                       unsigned width)
{
    static const cli_colours none = {"", "", "", "", ""};
    char *printed = NULL;
    size_t length = 0;
    FILE *out = open_memstream(&printed, &length);
    if (out == NULL) {
        return PyErr_NoMemory();
    }
    cli_comparison comparison = {.a = {names[0], {.text = work->texts[0]}},
                                 .b = {names[1], {.text = work->texts[1]}},
                                 .explanation = work->explanation,
                                 .options = &work->options,
                                 .spans_wanted = spans};
    cli_excerpt_style style = {.out = out, .colours = &none, .indent = 5, .width = width};
    cli_explain_print(&comparison, &style);
    fclose(out);
    PyObject *text = text_object((ndup_text){printed, length});
    free(printed);
    return text;
}

PyObject *explain_texts(PyObject *module, PyObject *arguments)
{
    PyObject *a, *b, *values, *both = NULL;
    Py_ssize_t spans;
    unsigned width;
    const char *names[2];
    comparing work = {.explanation = NULL};
    if (!PyArg_ParseTuple(arguments, "UUO!nssI:explain", &a, &b, &PyDict_Type, &values, &spans,
                          &names[0], &names[1], &width)) {
        return NULL;
    }
    if (spans < 0) {
        PyErr_SetString(PyExc_ValueError, "spans is negative");
        return NULL;
    }
    if (compare(&work, module, a, b, values, (size_t)spans)) {
        PyObject *members = list_members(&work);
        PyObject *printed = members != NULL ? print(&work, names, (size_t)spans, width) : NULL;
        both = printed != NULL ? PyTuple_Pack(2, members, printed) : NULL;
        Py_XDECREF(members);
        Py_XDECREF(printed);
    }
    end(&work);
    return both;
}
