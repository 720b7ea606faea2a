/* SPDX-License-Identifier: MIT */
/* A job that is run over and over, each time with another request for memory that fails. */
#ifndef TEST_SUPPORT_FAULT_LOOP_H
#define TEST_SUPPORT_FAULT_LOOP_H

#include <stddef.h>

#include "neardup/allocator.h"
#include "neardup/status.h"

/* A job takes all its memory from the allocator and has given it back when it returns. */
typedef ndup_status fault_job(void *context, const ndup_allocator *allocator, ndup_error *error);

/* Fails request 1, 2, ... until the job makes fewer; every `step`th of them also with all behind
 * it. Asserts that the job then ends with MEMORY and a message, and OK in the end, and that nothing
 * leaks. Returns the number of requests of the whole job. */
size_t fault_loop(fault_job *job, void *context, size_t step);

#endif
