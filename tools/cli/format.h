/* SPDX-License-Identifier: MIT */
/* Numbers for people. Every function fills the caller's buffer and gives it back. */
#ifndef CLI_FORMAT_H
#define CLI_FORMAT_H

#include <stdint.h>

typedef struct cli_formatted {
    char text[32];
} cli_formatted;

/* "21,578" */
const char *cli_format_count(cli_formatted *formatted, uint64_t count);

/* What is not known exactly: "980", "21,600", "10.0 million", "1.25 billion" */
const char *cli_format_round(cli_formatted *formatted, uint64_t count);

/* "312 B", "19.6 MB" (decimal units) */
const char *cli_format_bytes(cli_formatted *formatted, double bytes);

/* "0.41 s", "12.3 s", "4:05", "1:02:09" */
const char *cli_format_seconds(cli_formatted *formatted, double seconds);

/* "95.6 %"; 0 of 0 is "-" */
const char *cli_format_share(cli_formatted *formatted, uint64_t part, uint64_t whole);

#endif
