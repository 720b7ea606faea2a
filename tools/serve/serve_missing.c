/* SPDX-License-Identifier: MIT */
/* What stands for the server in builds without libmicrohttpd or SQLite. */
#include <stdio.h>

#include "serve.h"

ndup_status serve_run(const serve_options *options, ndup_error *error)
{
    (void)options;
    *error = (ndup_error){.status = NDUP_STATUS_UNSUPPORTED};
    snprintf(error->message, sizeof error->message,
             "this neardup was built without libmicrohttpd or SQLite, which 'neardup serve' needs "
             "(Debian, Ubuntu: libmicrohttpd-dev, libsqlite3-dev)");
    return NDUP_STATUS_UNSUPPORTED;
}
