/* SPDX-License-Identifier: MIT */
/* The library's registries as lists. */
#include "presets.h"

#include "lists.h"

PyObject *list_presets(PyObject *module, PyObject *unused)
{
    (void)module;
    (void)unused;
    const ndup_preset *preset;
    PyObject *list = PyList_New(0);
    for (size_t i = 0; list != NULL && (preset = ndup_preset_get(i)) != NULL; i++) {
        const ndup_matching *matching = &preset->matching;
        if (!list_add(list,
                      Py_BuildValue("ssdIsd", preset->name, preset->purpose, matching->threshold,
                                    matching->shingle_size, ndup_token_mode_name(matching->tokens),
                                    matching->number_agreement))) {
            Py_CLEAR(list);
        }
    }
    return list;
}

PyObject *list_sketches(PyObject *module, PyObject *unused)
{
    (void)module;
    (void)unused;
    const ndup_sketch_info *kind;
    PyObject *list = PyList_New(0);
    for (size_t i = 0; list != NULL && (kind = ndup_sketch_get(i)) != NULL; i++) {
        if (!list_add(list, Py_BuildValue("ssIII", kind->name, kind->summary, kind->slots_default,
                                          kind->slots_min, kind->slots_max))) {
            Py_CLEAR(list);
        }
    }
    return list;
}

PyObject *list_outputs(PyObject *module, PyObject *unused)
{
    (void)module;
    (void)unused;
    const ndup_output_info *output;
    PyObject *list = PyList_New(0);
    for (size_t i = 0; list != NULL && (output = ndup_output_get(i)) != NULL; i++) {
        if (!list_add(list, Py_BuildValue("ss", output->name, output->summary))) {
            Py_CLEAR(list);
        }
    }
    return list;
}
