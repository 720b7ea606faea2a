/* SPDX-License-Identifier: MIT */
/* The page around a report's data: tools/report, put together by the build. */
#ifndef NDUP__PAGE_REPORT_PAGE_H
#define NDUP__PAGE_REPORT_PAGE_H

#include <stddef.h>

/* What stands in front of the JSON in the page, and behind it. The page runs and loads nothing but
 * what it holds: its content security policy names the SHA-256 of its one style and one script. */
extern const unsigned char ndup__report_page_head[];
extern const size_t ndup__report_page_head_bytes;
extern const unsigned char ndup__report_page_tail[];
extern const size_t ndup__report_page_tail_bytes;

#endif
