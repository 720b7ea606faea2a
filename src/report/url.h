/* SPDX-License-Identifier: MIT */
/* Web addresses, as far as a report looks into them. */
#ifndef NDUP__REPORT_URL_H
#define NDUP__REPORT_URL_H

#include <stdbool.h>

#include "neardup/document.h"

/* The host of an http or https address without user, port and
 * "www."; empty for anything else. */
ndup_text ndup__url_host(ndup_text url);

/* Whether an address may become a link: it begins with http:// or https:// and holds neither spaces
 * nor control characters. */
bool ndup__url_is_web(ndup_text url);

#endif
