/* SPDX-License-Identifier: MIT */
/* The number of this process by which hash tables choose slots. */
#include <pthread.h>

#if defined(__linux__)
#include <sys/random.h>
#endif

#include "base/hash.h"

/* Where the system has no random numbers to give, or none yet: tables work as well, but who knows
 * this number can prepare keys that crowd them. */
#define KNOWN_KEY 0xD1B54A32D192ED03u

static uint64_t made;

static void make_key(void)
{
    made = KNOWN_KEY;
#if defined(__linux__)
    uint64_t random;
    if (getrandom(&random, sizeof random, GRND_NONBLOCK) == (ssize_t)sizeof random) {
        made = random;
    }
#endif
}

uint64_t ndup__slot_key(void)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    (void)pthread_once(&once, make_key);
    return made;
}
