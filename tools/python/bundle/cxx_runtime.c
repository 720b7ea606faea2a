/* SPDX-License-Identifier: MIT */
/* What uchardet asks of a library of C++, under the names that such a library has. */
#include <stdlib.h>

void *_Znwm(size_t size);
void *_Znam(size_t size);
void _ZdlPv(void *object);
void _ZdlPvm(void *object, size_t size);
void _ZdaPv(void *object);
void __cxa_pure_virtual(void);

/* Without memory it ends the process, as the exception would that nobody catches. */
void *_Znwm(size_t size)
{
    void *object = malloc(size ? size : 1);
    if (object == NULL) {
        abort();
    }
    return object;
}

void *_Znam(size_t size)
{
    return _Znwm(size);
}

void _ZdlPv(void *object)
{
    free(object);
}

void _ZdlPvm(void *object, size_t size)
{
    (void)size;
    free(object);
}

void _ZdaPv(void *object)
{
    free(object);
}

void __cxa_pure_virtual(void)
{
    abort();
}
