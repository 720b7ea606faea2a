/* SPDX-License-Identifier: MIT */
/* Verdicts and pairs as Arrow streams. */
#include "arrow_capsule.h"
#include "errors.h"
#include "py_result.h"

typedef ndup_status (*stream_maker)(struct ArrowArrayStream *stream, const ndup_result *result,
                                    ndup_error *error);

static PyObject *make_stream(PyObject *object, stream_maker make)
{
    struct ArrowArrayStream stream;
    ndup_error error = {0};
    if (make(&stream, ((result_object *)object)->result, &error) != NDUP_STATUS_OK) {
        errors_raise(state_of_object(object), &error);
        return NULL;
    }
    return arrow_wrap_stream(&stream, object);
}

PyObject *result_stream(PyObject *object, PyObject *unused)
{
    (void)unused;
    return make_stream(object, ndup_result_arrow);
}

PyObject *result_pair_stream(PyObject *object, PyObject *unused)
{
    (void)unused;
    return make_stream(object, ndup_result_pairs_arrow);
}
