/* SPDX-License-Identifier: MIT */
/* The module neardup._neardup: its functions, types and state. The package around it, in Python,
 * says what users call; what stands here checks types but expects the package as its caller. */
#include "errors.h"
#include "group_rows.h"
#include "index_object.h"
#include "passage_rows.h"
#include "presets.h"
#include "py_columns.h"
#include "py_corpus.h"
#include "py_explain.h"
#include "py_flag.h"
#include "py_forms.h"
#include "py_result.h"
#include "py_table_files.h"
#include "rows_object.h"
#include "sketcher.h"
#include "state.h"

static PyObject *version(PyObject *module, PyObject *unused)
{
    (void)module;
    (void)unused;
    return errors_text(ndup_version());
}

static PyMethodDef functions[] = {
    {"version", version, METH_NOARGS, NULL},
    {"presets", list_presets, METH_NOARGS, NULL},
    {"sketches", list_sketches, METH_NOARGS, NULL},
    {"outputs", list_outputs, METH_NOARGS, NULL},
    {"open_paths", corpus_open_paths, METH_VARARGS, NULL},
    {"open_texts", corpus_open_texts, METH_VARARGS, NULL},
    {"open_stream", corpus_open_stream, METH_VARARGS, NULL},
    {"open_array", corpus_open_array, METH_VARARGS, NULL},
    {"open_records", corpus_open_records, METH_VARARGS, NULL},
    {"open_units", corpus_open_units, METH_VARARGS, NULL},
    {"explain", explain_texts, METH_VARARGS, NULL},
    {"similarity", explain_similarity, METH_VARARGS, NULL},
    {"flag", flag_find, METH_VARARGS, NULL},
    {"flag_outputs", flag_list_outputs, METH_NOARGS, NULL},
    {"clean", flag_clean, METH_VARARGS, NULL},
    {"text_stream", corpus_text_stream, METH_O, NULL},
    {"sketcher", sketcher_new, METH_VARARGS, NULL},
    {"sketch_text", sketcher_sketch_text, METH_VARARGS, NULL},
    {"use_table_files", table_files_use, METH_VARARGS, NULL},
    {"dedup", result_dedup, METH_VARARGS, NULL},
    {"form_texts", forms_texts, METH_VARARGS, NULL},
    {"form_counter_bits", forms_counter_bits, METH_O, NULL},
    {"column", columns_call, METH_VARARGS, NULL},
    {"group", group_call, METH_VARARGS, NULL},
    {"group_outputs", group_outputs, METH_NOARGS, NULL},
    {"passages", passages_call, METH_VARARGS, NULL},
    {"passage_outputs", passage_outputs, METH_NOARGS, NULL},
    {"index_create", index_create, METH_VARARGS, NULL},
    {"index_open", index_open, METH_VARARGS, NULL},
    {"index_open_temporary", index_open_temporary, METH_VARARGS, NULL},
    {"index_is_at", index_is_at, METH_O, NULL},
    {"index_options", index_resolve, METH_O, NULL},
    {NULL, NULL, 0, NULL}};

static PyTypeObject *make_type(PyObject *module, PyType_Spec *spec)
{
    return (PyTypeObject *)PyType_FromModuleAndSpec(module, spec, NULL);
}

static PyObject *import_name(const char *module_name, const char *name)
{
    PyObject *module = PyImport_ImportModule(module_name);
    PyObject *found = module != NULL ? PyObject_GetAttrString(module, name) : NULL;
    Py_XDECREF(module);
    return found;
}

static int make_state(PyObject *module)
{
    module_state *state = PyModule_GetState(module);
    state->corpus_type = make_type(module, &corpus_spec);
    state->result_type = make_type(module, &result_spec);
    state->sketcher_type = make_type(module, &sketcher_spec);
    state->rows_type = make_type(module, &rows_spec);
    state->index_type = make_type(module, &index_spec);
    state->make_error = import_name("neardup._errors", "make_error");
    bool is_made = state->corpus_type != NULL && state->result_type != NULL &&
                   state->sketcher_type != NULL && state->rows_type != NULL &&
                   state->index_type != NULL && state->make_error != NULL;
    return is_made ? 0 : -1;
}

static int visit_state(PyObject *module, visitproc visit, void *arg)
{
    module_state *state = PyModule_GetState(module);
    Py_VISIT(state->corpus_type);
    Py_VISIT(state->result_type);
    Py_VISIT(state->sketcher_type);
    Py_VISIT(state->rows_type);
    Py_VISIT(state->index_type);
    Py_VISIT(state->make_error);
    return 0;
}

static int clear_state(PyObject *module)
{
    module_state *state = PyModule_GetState(module);
    Py_CLEAR(state->corpus_type);
    Py_CLEAR(state->result_type);
    Py_CLEAR(state->sketcher_type);
    Py_CLEAR(state->rows_type);
    Py_CLEAR(state->index_type);
    Py_CLEAR(state->make_error);
    return 0;
}

const module_state *state_of_object(PyObject *object)
{
    return PyType_GetModuleState(Py_TYPE(object));
}

static PyModuleDef_Slot slots[] = {
    {Py_mod_exec, make_state},
#ifdef Py_mod_multiple_interpreters
    {Py_mod_multiple_interpreters, Py_MOD_PER_INTERPRETER_GIL_SUPPORTED},
#endif
#ifdef Py_mod_gil
    {Py_mod_gil, Py_MOD_GIL_NOT_USED},
#endif
    {0, NULL}};

static PyModuleDef definition = {PyModuleDef_HEAD_INIT,
                                 .m_name = "neardup._neardup",
                                 .m_doc = "The library, for the package neardup.",
                                 .m_size = sizeof(module_state),
                                 .m_methods = functions,
                                 .m_slots = slots,
                                 .m_traverse = visit_state,
                                 .m_clear = clear_state};

PyMODINIT_FUNC PyInit__neardup(void);

PyMODINIT_FUNC PyInit__neardup(void)
{
    return PyModuleDef_Init(&definition);
}
