/* SPDX-License-Identifier: MIT */
/* Version of the library and the visibility of its symbols. */
#ifndef NEARDUP_VERSION_H
#define NEARDUP_VERSION_H

#define NDUP_VERSION_MAJOR 0
#define NDUP_VERSION_MINOR 1
#define NDUP_VERSION_PATCH 0
#define NDUP_VERSION_STRING "0.1.0"

/* Version of the layout of every machine-readable output (field `schema_version`). */
#define NDUP_SCHEMA_VERSION 1

#if defined(__GNUC__)
#define NDUP_API __attribute__((visibility("default")))
#define NDUP_NODISCARD __attribute__((warn_unused_result))
#else
#define NDUP_API
#define NDUP_NODISCARD
#endif

#ifdef __cplusplus
extern "C" {
#endif

/* The version of the library that is linked, which may be newer than the headers: "0.1.0".
 * Threads: immutable. */
NDUP_API const char *ndup_version(void);

/* The Unicode version of the folding tables, as recorded in every output: "15.0.0".
 * Threads: immutable. */
NDUP_API const char *ndup_unicode_version(void);

#ifdef __cplusplus
}
#endif
#endif
