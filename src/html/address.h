/* SPDX-License-Identifier: MIT */
/* Parts of addresses on the web. */
#ifndef NDUP__HTML_ADDRESS_H
#define NDUP__HTML_ADDRESS_H

#include <stddef.h>

#include "neardup/document.h"

/* The length of "http:" or "https:", in any case, at the beginning of an address that goes on; else
 * 0. */
size_t ndup__address_scheme(ndup_text url);

/* How long "http://user@host:port" at the beginning is; 0 when there is none. */
size_t ndup__address_origin(ndup_text url);

/* The host of an absolute address: "www.example.org"; empty when there is none. */
ndup_text ndup__address_host(ndup_text url);

#endif
