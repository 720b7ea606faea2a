/* SPDX-License-Identifier: MIT */
/* Finding libmicrohttpd's functions, in the library that the program was built with. */
#include "serve_library.h"

#include <stdbool.h>
#include <string.h>

#include "serve_listen.h"

#ifdef SERVE_LIBRARY_NAME
#include <dlfcn.h>
#endif

serve_library serve_mhd;

#ifdef SERVE_LIBRARY_NAME

/* ISO C knows no cast of an address of data to one of code. */
static bool find(void *library, void *function, const char *name)
{
    void *found = dlsym(library, name);
    memcpy(function, &found, sizeof found);
    return found != NULL;
}

ndup_status serve_library_load(ndup_error *error)
{
    void *library = dlopen(SERVE_LIBRARY_NAME, RTLD_NOW | RTLD_LOCAL);
    bool is_found = library != NULL;
#define FIND(name) is_found = is_found && find(library, &serve_mhd.name, "MHD_" #name);
    SERVE_LIBRARY_FUNCTIONS(FIND)
#undef FIND
    return is_found ? NDUP_STATUS_OK
                    : serve_fail(error, NDUP_STATUS_UNSUPPORTED,
                                 "'neardup serve' needs libmicrohttpd: %.150s", dlerror());
}

#else /* it is linked */

ndup_status serve_library_load(ndup_error *error)
{
    (void)error;
#define TAKE(name) serve_mhd.name = MHD_##name;
    SERVE_LIBRARY_FUNCTIONS(TAKE)
#undef TAKE
    return NDUP_STATUS_OK;
}

#endif
