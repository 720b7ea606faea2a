/* SPDX-License-Identifier: MIT */
/* One lock over all that gives files a name, so that a program can be ended between two steps. */
#ifndef NDUP__BASE_NAME_LOCK_H
#define NDUP__BASE_NAME_LOCK_H

/* Whoever holds it makes, moves or removes names of files; nests. Each call that makes a name
 * (base/file.h, base/folder.h) takes it by itself; steps that belong together hold it over all of
 * them. Threads: any number. */
void ndup__name_lock_enter(void);
void ndup__name_lock_leave(void);

#endif
