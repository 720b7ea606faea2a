/* SPDX-License-Identifier: MIT */
/* The repeats of a text in a few words, for tests. */
#ifndef TEST_SUPPORT_REPEAT_CHECK_H
#define TEST_SUPPORT_REPEAT_CHECK_H

#include "repeat/finder.h"
#include "text/paragraph.h"

/* A text with its units and repeats. */
typedef struct repeat_check {
    ndup__paragraphs paragraphs;
    ndup__repeat_finder finder;
    ndup_document document;
    char shown[4096];
} repeat_check;

/* Splits and searches; fails the running test when that fails. */
void repeat_check_init(repeat_check *self, const char *title, const char *text, size_t length,
                       bool refrains);
void repeat_check_deinit(repeat_check *self);

/* "4=3 exact caption; 7=1 near headline; ", with " block 2x3" behind members of a block (number and
 * units) and " (verse)" behind refrains; "title" for the title field. */
const char *repeat_check_show(repeat_check *self);

/* Fails unless the text has exactly these repeats. */
void assert_repeats(const char *text, const char *expected);
void assert_refrains(const char *text, const char *expected);

#endif
