/* SPDX-License-Identifier: MIT */
/* The forms in which dates are read, for the manual. */
#ifndef CLI_DATES_H
#define CLI_DATES_H

/* Ends with a NULL form. */
typedef struct cli_date_form {
    const char *form;
    const char *examples;
} cli_date_form;

extern const cli_date_form cli_date_forms[];

/* What is not read, in sentences. */
extern const char cli_date_rules[];

#endif
