/* SPDX-License-Identifier: MIT */
/* A recursive mutex. */
#include "base/name_lock.h"

#include <pthread.h>

static pthread_mutex_t lock;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void make_lock(void)
{
    pthread_mutexattr_t attributes;
    pthread_mutexattr_init(&attributes);
    pthread_mutexattr_settype(&attributes, PTHREAD_MUTEX_RECURSIVE);
    pthread_mutex_init(&lock, &attributes);
    pthread_mutexattr_destroy(&attributes);
}

void ndup__name_lock_enter(void)
{
    pthread_once(&once, make_lock);
    pthread_mutex_lock(&lock);
}

void ndup__name_lock_leave(void)
{
    pthread_mutex_unlock(&lock);
}
