/* SPDX-License-Identifier: MIT */
/* What is the same for everybody: the page and the description of the interface, which the build
 * makes C of. */
#ifndef SERVE_PAGE_H
#define SERVE_PAGE_H

#include <stddef.h>

extern const unsigned char serve_page[];
extern const size_t serve_page_bytes;
extern const unsigned char serve_openapi[];
extern const size_t serve_openapi_bytes;

#endif
