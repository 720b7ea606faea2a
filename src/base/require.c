/* SPDX-License-Identifier: MIT */
/* Refusing what is missing. */
#include "base/require.h"

#include <stdarg.h>

#include "base/error.h"

ndup_status ndup__require(ndup_error *error, ...)
{
    va_list arguments;
    const char *missing = NULL;
    va_start(arguments, error);
    for (const char *name = va_arg(arguments, const char *); name != NULL && missing == NULL;
         name = va_arg(arguments, const char *)) {
        missing = va_arg(arguments, const void *) == NULL ? name : NULL;
    }
    va_end(arguments);
    return missing == NULL ? NDUP_STATUS_OK
                           : ndup__fail(error, NDUP_STATUS_INVALID, "%s is NULL", missing);
}

ndup_status ndup__require_size(size_t given, size_t needed, const char *name, ndup_error *error)
{
    return given >= needed
               ? NDUP_STATUS_OK
               : ndup__fail(error, NDUP_STATUS_INVALID, "struct_size %zu of the %s, must be %zu",
                            given, name, needed);
}

ndup_status ndup__require_text(ndup_text text, ndup_error *error)
{
    return text.length == 0 || text.bytes != NULL
               ? NDUP_STATUS_OK
               : ndup__fail(error, NDUP_STATUS_INVALID, "a text has %zu bytes at NULL",
                            text.length);
}

ndup_status ndup__require_hooks(const ndup_hooks *hooks, ndup_error *error)
{
    return hooks == NULL ? NDUP_STATUS_OK
                         : ndup__require_size(hooks->struct_size, sizeof *hooks, "hooks", error);
}
