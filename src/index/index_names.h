/* SPDX-License-Identifier: MIT */
/* What the files of an index are called in its folder. */
#ifndef NDUP__INDEX_INDEX_NAMES_H
#define NDUP__INDEX_INDEX_NAMES_H

#define NDUP__INDEX_DATABASE_NAME "documents.sqlite"

#endif
