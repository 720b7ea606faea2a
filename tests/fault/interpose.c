/* SPDX-License-Identifier: MIT */
/* Preloaded into the program under test: makes the Nth call of a class of functions fail, come
 * short, or be the last; counts all calls, and what is still open or in use when the program ends.
 *
 * FAULT_REPORT  a file of sizeof(fault_report) bytes, which is mapped: its counts outlive a kill
 * FAULT_CLASS   one of class_names below; none: only count
 * FAULT_AT      the number of the first call meant, from 1
 * FAULT_MODE    once, on (from then on), eintr (every second call from then on is interrupted),
 *               short (from then on half of what was asked for), kill (SIGKILL in its place)
 * FAULT_ERRNO   the error, as a number
 * FAULT_TRACE   print the callers of the first call that failed
 *
 * What the C library calls inside itself is not seen, but for its requests for memory. */
#define _GNU_SOURCE
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <execinfo.h>
#include <fcntl.h>
#include <iconv.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

enum {
    IN_memory,
    IN_open,
    IN_create,
    IN_temporary,
    IN_fopen,
    IN_opendir,
    IN_readdir,
    IN_stat,
    IN_lseek,
    IN_map,
    IN_read,
    IN_pread,
    IN_write,
    IN_pwrite,
    IN_sync,
    IN_flush,
    IN_close,
    IN_truncate,
    IN_lock,
    IN_rename,
    IN_link,
    IN_unlink,
    IN_mkdir,
    IN_rmdir,
    IN_thread,
    IN_iconv,
    CLASS_COUNT
};
#define NAMED(class) [IN_##class] = #class
static const char *const class_names[CLASS_COUNT] = {
    NAMED(memory),  NAMED(open),   NAMED(create), NAMED(temporary), NAMED(fopen), NAMED(opendir),
    NAMED(readdir), NAMED(stat),   NAMED(lseek),  NAMED(map),       NAMED(read),  NAMED(pread),
    NAMED(write),   NAMED(pwrite), NAMED(sync),   NAMED(flush),     NAMED(close), NAMED(truncate),
    NAMED(lock),    NAMED(rename), NAMED(link),   NAMED(unlink),    NAMED(mkdir), NAMED(rmdir),
    NAMED(thread),  NAMED(iconv),
};

enum { CLASS_ROOM = 32, NAME_BYTES = 16, PLACE_BYTES = 80, PLACES = 8 };

/* Read by the driver, which knows this layout. Eight-byte fields first. */
typedef struct fault_report {
    _Atomic uint64_t armed;
    _Atomic uint64_t finished; /* 1: by exit(), 2: main() returned */
    _Atomic uint64_t injected;
    uint64_t live_blocks;
    uint64_t live_bytes;
    uint64_t live_descriptors;
    _Atomic int64_t live_handles; /* DIR, FILE, iconv_t */
    uint64_t class_count;
    struct {
        char name[NAME_BYTES];
        _Atomic uint64_t calls;
    } classes[CLASS_ROOM];
    char places[PLACES][PLACE_BYTES]; /* who asked for the blocks that are left */
} fault_report;

enum mode { MODE_ONCE, MODE_ON, MODE_EINTR, MODE_SHORT, MODE_KILL };
static const char *const mode_names[] = {"once", "on", "eintr", "short", "kill"};

static fault_report *report; /* NULL until the program begins */
static int meant_class = -1;
static uint64_t meant_call;
static enum mode meant_mode;
static int meant_errno;
static bool traces;

/* libc's own, so that finding a function never needs the memory that is being counted. */
extern void *__libc_malloc(size_t bytes);
extern void *__libc_calloc(size_t count, size_t bytes);
extern void *__libc_realloc(void *block, size_t bytes);
extern void *__libc_memalign(size_t alignment, size_t bytes);
extern void __libc_free(void *block);

#ifndef FAULT_FILES_ONLY
#define FAULT_FILES_ONLY 0 /* 1: leave memory to a sanitizer, which wants it for itself */
#endif

/* Live blocks: an open-addressing table of addresses. Untouched pages of it cost nothing. */
enum { TABLE_SLOTS = 1 << 20, PROBES = 64 };
static struct {
    void *block; /* DEAD: was one */
    void *caller;
    size_t bytes;
} table[TABLE_SLOTS];
#define DEAD ((void *)1)

#if !FAULT_FILES_ONLY
static atomic_flag table_lock = ATOMIC_FLAG_INIT;

static void lock_table(void)
{
    while (atomic_flag_test_and_set_explicit(&table_lock, memory_order_acquire)) {
    }
}

static void unlock_table(void)
{
    atomic_flag_clear_explicit(&table_lock, memory_order_release);
}

static size_t first_slot(const void *block)
{
    return (size_t)(((uintptr_t)block >> 4) * 0x9E3779B97F4A7C15u >> 44) % TABLE_SLOTS;
}

static void enter_block(void *block, size_t bytes, void *caller)
{
    if (block == NULL || report == NULL) {
        return;
    }
    lock_table();
    size_t slot = first_slot(block);
    for (size_t i = 0; i < PROBES; i++, slot = (slot + 1) % TABLE_SLOTS) {
        if (table[slot].block == NULL || table[slot].block == DEAD) {
            table[slot].block = block;
            table[slot].caller = caller;
            table[slot].bytes = bytes;
            break;
        }
    }
    unlock_table();
}

static void leave_block(void *block)
{
    if (block == NULL || report == NULL) {
        return;
    }
    lock_table();
    size_t slot = first_slot(block);
    for (size_t i = 0; i < PROBES && table[slot].block != NULL;
         i++, slot = (slot + 1) % TABLE_SLOTS) {
        if (table[slot].block == block) {
            table[slot].block = DEAD;
            break;
        }
    }
    unlock_table();
}
#endif

static void print_callers(void)
{
    void *callers[32];
    static const char head[] = "interpose: this call fails:\n";
    int count = backtrace(callers, 32);
    (void)!syscall(SYS_write, 2, head, sizeof head - 1);
    backtrace_symbols_fd(callers + 2, count > 2 ? count - 2 : 0, 2);
}

/* Whether this call is to go wrong; kills when it is to be the last. */
static bool is_meant(int class)
{
    static _Thread_local bool inside;
    if (report == NULL || inside) {
        return false;
    }
    uint64_t call = atomic_fetch_add(&report->classes[class].calls, 1) + 1;
    if (class != meant_class || call < meant_call ||
        (call > meant_call && meant_mode == MODE_ONCE)) {
        return false;
    }
    if (meant_mode == MODE_EINTR && (call - meant_call) % 2 != 0) {
        return false;
    }
    if (atomic_fetch_add(&report->injected, 1) == 0 && traces) {
        inside = true;
        print_callers();
        inside = false;
    }
    if (meant_mode == MODE_KILL) {
        kill(getpid(), SIGKILL);
    }
    errno = meant_errno;
    return true;
}

/* For calls that have no short form. */
static bool fails(int class)
{
    return is_meant(class) && meant_mode != MODE_SHORT;
}

/* For calls that move bytes: true if the call is to fail; else *length may have become less. */
static bool moves_less(int class, size_t *length)
{
    if (!is_meant(class)) {
        return false;
    }
    if (meant_mode == MODE_SHORT) {
        *length = *length > 1 ? *length / 2 : *length;
        return false;
    }
    return true;
}

static void *find(const char *name)
{
    void *found = dlsym(RTLD_NEXT, name);
    if (found == NULL) {
        static const char text[] = "interpose: a function of the C library was not found\n";
        (void)!syscall(SYS_write, 2, text, sizeof text - 1);
        _exit(125);
    }
    return found;
}

/* REAL(read) is the C library's function, typed as ours. */
#define REAL(name)                         \
    (*({                                   \
        static __typeof__(&name) real;     \
        if (real == NULL) {                \
            *(void **)&real = find(#name); \
        }                                  \
        real;                              \
    }))

#if !FAULT_FILES_ONLY
#define CALLER __builtin_return_address(0)

void *malloc(size_t bytes)
{
    void *block = fails(IN_memory) ? NULL : __libc_malloc(bytes);
    enter_block(block, bytes, CALLER);
    return block;
}

void *calloc(size_t count, size_t bytes)
{
    void *block = fails(IN_memory) ? NULL : __libc_calloc(count, bytes);
    enter_block(block, count * bytes, CALLER);
    return block;
}

void *realloc(void *block, size_t bytes)
{
    if (bytes > 0 && fails(IN_memory)) {
        return NULL;
    }
    leave_block(block);
    void *moved = __libc_realloc(block, bytes);
    enter_block(moved == NULL && bytes > 0 ? block : moved, bytes, CALLER);
    return moved;
}

static void *take_aligned(size_t alignment, size_t bytes, void *caller)
{
    void *block = fails(IN_memory) ? NULL : __libc_memalign(alignment, bytes);
    enter_block(block, bytes, caller);
    return block;
}

void *memalign(size_t alignment, size_t bytes);
void *memalign(size_t alignment, size_t bytes)
{
    return take_aligned(alignment, bytes, CALLER);
}

void *aligned_alloc(size_t alignment, size_t bytes)
{
    return take_aligned(alignment, bytes, CALLER);
}

int posix_memalign(void **out, size_t alignment, size_t bytes)
{
    void *block = take_aligned(alignment, bytes, CALLER);
    if (block == NULL) {
        return ENOMEM;
    }
    *out = block;
    return 0;
}

void free(void *block)
{
    leave_block(block);
    __libc_free(block);
}
#endif

/* Calls that fail with -1 and have nothing to undo. */
#define WRAP(class, name, parameters, ...)                       \
    int name parameters                                          \
    {                                                            \
        return fails(IN_##class) ? -1 : REAL(name)(__VA_ARGS__); \
    }
WRAP(sync, fsync, (int descriptor), descriptor)
WRAP(sync, fdatasync, (int descriptor), descriptor)
WRAP(sync, syncfs, (int descriptor), descriptor)
WRAP(lock, flock, (int descriptor, int how), descriptor, how)
WRAP(truncate, ftruncate, (int descriptor, off_t length), descriptor, length)
WRAP(rename, rename, (const char *from, const char *to), from, to)
WRAP(rename, renameat, (int a, const char *from, int b, const char *to), a, from, b, to)
WRAP(rename, renameat2, (int a, const char *from, int b, const char *to, unsigned how), a, from, b,
     to, how)
WRAP(link, link, (const char *from, const char *to), from, to)
WRAP(link, linkat, (int a, const char *from, int b, const char *to, int how), a, from, b, to, how)
WRAP(link, symlink, (const char *from, const char *to), from, to)
WRAP(unlink, unlink, (const char *path), path)
WRAP(unlink, unlinkat, (int folder, const char *path, int how), folder, path, how)
WRAP(unlink, remove, (const char *path), path)
WRAP(mkdir, mkdir, (const char *path, mode_t rights), path, rights)
WRAP(mkdir, mkdirat, (int folder, const char *path, mode_t rights), folder, path, rights)
WRAP(rmdir, rmdir, (const char *path), path)
WRAP(stat, stat, (const char *restrict path, struct stat *restrict out), path, out)
WRAP(stat, lstat, (const char *restrict path, struct stat *restrict out), path, out)
WRAP(stat, fstat, (int descriptor, struct stat *out), descriptor, out)
WRAP(stat, fstatat, (int folder, const char *restrict path, struct stat *restrict out, int how),
     folder, path, out, how)
WRAP(stat, statx,
     (int folder, const char *restrict path, int how, unsigned mask, struct statx *restrict out),
     folder, path, how, mask, out)
WRAP(temporary, mkstemp, (char *path), path)
WRAP(temporary, mkostemp, (char *path, int flags), path, flags)

off_t lseek(int descriptor, off_t offset, int from)
{
    return fails(IN_lseek) ? -1 : REAL(lseek)(descriptor, offset, from);
}

/* Whatever close() says, the descriptor is closed. */
int close(int descriptor)
{
    bool bad = fails(IN_close);
    int result = REAL(close)(descriptor);
    if (bad) {
        errno = meant_errno;
        return -1;
    }
    return result;
}

#define MODE_OF(rights, last)                   \
    mode_t rights = 0;                          \
    if ((flags & (O_CREAT | O_TMPFILE)) != 0) { \
        va_list more;                           \
        va_start(more, last);                   \
        rights = va_arg(more, mode_t);          \
        va_end(more);                           \
    }

int open(const char *path, int flags, ...)
{
    MODE_OF(rights, flags)
    return fails((flags & O_CREAT) != 0 ? IN_create : IN_open) ? -1
                                                               : REAL(open)(path, flags, rights);
}

int openat(int folder, const char *path, int flags, ...)
{
    MODE_OF(rights, flags)
    return fails((flags & O_CREAT) != 0 ? IN_create : IN_open)
               ? -1
               : REAL(openat)(folder, path, flags, rights);
}

ssize_t read(int descriptor, void *out, size_t length)
{
    return moves_less(IN_read, &length) ? -1 : REAL(read)(descriptor, out, length);
}

ssize_t pread(int descriptor, void *out, size_t length, off_t offset)
{
    return moves_less(IN_pread, &length) ? -1 : REAL(pread)(descriptor, out, length, offset);
}

ssize_t write(int descriptor, const void *bytes, size_t length)
{
    return moves_less(IN_write, &length) ? -1 : REAL(write)(descriptor, bytes, length);
}

ssize_t pwrite(int descriptor, const void *bytes, size_t length, off_t offset)
{
    return moves_less(IN_pwrite, &length) ? -1 : REAL(pwrite)(descriptor, bytes, length, offset);
}

void *mmap(void *address, size_t length, int rights, int flags, int descriptor, off_t offset)
{
    return fails(IN_map) ? MAP_FAILED
                         : REAL(mmap)(address, length, rights, flags, descriptor, offset);
}

static void *count_handle(void *handle)
{
    if (handle != NULL && report != NULL) {
        atomic_fetch_add(&report->live_handles, 1);
    }
    return handle;
}

static void uncount_handle(void)
{
    if (report != NULL) {
        atomic_fetch_sub(&report->live_handles, 1);
    }
}

FILE *fopen(const char *restrict path, const char *restrict how)
{
    return count_handle(fails(IN_fopen) ? NULL : REAL(fopen)(path, how));
}

FILE *fdopen(int descriptor, const char *how)
{
    return count_handle(fails(IN_fopen) ? NULL : REAL(fdopen)(descriptor, how));
}

FILE *tmpfile(void)
{
    return count_handle(fails(IN_temporary) ? NULL : REAL(tmpfile)());
}

FILE *open_memstream(char **text, size_t *length)
{
    return count_handle(REAL(open_memstream)(text, length));
}

int fflush(FILE *stream)
{
    if (fails(IN_flush)) {
        return EOF;
    }
    return REAL(fflush)(stream);
}

int fclose(FILE *stream)
{
    bool bad = fails(IN_flush);
    int result = REAL(fclose)(stream);
    uncount_handle();
    if (bad) {
        errno = meant_errno;
        return EOF;
    }
    return result;
}

DIR *opendir(const char *path)
{
    return count_handle(fails(IN_opendir) ? NULL : REAL(opendir)(path));
}

DIR *fdopendir(int descriptor)
{
    return count_handle(fails(IN_opendir) ? NULL : REAL(fdopendir)(descriptor));
}

struct dirent *readdir(DIR *folder)
{
    return fails(IN_readdir) ? NULL : REAL(readdir)(folder);
}

int closedir(DIR *folder)
{
    uncount_handle();
    return REAL(closedir)(folder);
}

iconv_t iconv_open(const char *to, const char *from)
{
    if (fails(IN_iconv)) {
        return (iconv_t)-1;
    }
    iconv_t opened = REAL(iconv_open)(to, from);
    count_handle(opened == (iconv_t)-1 ? NULL : opened);
    return opened;
}

int iconv_close(iconv_t opened)
{
    uncount_handle();
    return REAL(iconv_close)(opened);
}

int pthread_create(pthread_t *restrict thread, const pthread_attr_t *restrict attributes,
                   void *(*run)(void *), void *restrict context)
{
    return fails(IN_thread) ? EAGAIN : REAL(pthread_create)(thread, attributes, run, context);
}

static int index_of(const char *name, const char *const *names, int count)
{
    for (int i = 0; i < count; i++) {
        if (name != NULL && strcmp(name, names[i]) == 0) {
            return i;
        }
    }
    return -1;
}

static uint64_t number(const char *name)
{
    const char *text = getenv(name);
    return text != NULL ? strtoull(text, NULL, 10) : 0;
}

static void begin(void)
{
    const char *path = getenv("FAULT_REPORT");
    if (path == NULL) {
        return;
    }
    int descriptor = (int)syscall(SYS_openat, AT_FDCWD, path, O_RDWR);
    void *mapped = descriptor < 0 ? MAP_FAILED
                                  : REAL(mmap)(NULL, sizeof *report, PROT_READ | PROT_WRITE,
                                               MAP_SHARED, descriptor, 0);
    if (mapped == MAP_FAILED) {
        _exit(125);
    }
    syscall(SYS_close, descriptor);
    meant_class = index_of(getenv("FAULT_CLASS"), class_names, CLASS_COUNT);
    meant_call = number("FAULT_AT");
    meant_mode = (enum mode)index_of(getenv("FAULT_MODE"), mode_names, 5);
    meant_errno = meant_mode == MODE_EINTR ? EINTR : (int)number("FAULT_ERRNO");
    traces = getenv("FAULT_TRACE") != NULL;
    fault_report *filled = mapped;
    for (int i = 0; i < CLASS_COUNT; i++) {
        strncpy(filled->classes[i].name, class_names[i], NAME_BYTES - 1);
    }
    filled->class_count = CLASS_COUNT;
    if (traces) {
        void *warm[4];
        backtrace(warm, 4); /* loads what it needs */
    }
    filled->armed = 1;
    report = filled;
}

/* What the C library asked for is its own affair: buffers of streams, tables of encodings. */
static bool is_c_library(const char *file)
{
    const char *name = strrchr(file, '/');
    name = name != NULL ? name + 1 : file;
    return strncmp(name, "libc.", 5) == 0 || strncmp(name, "ld-", 3) == 0;
}

static void count_blocks(fault_report *into)
{
    for (size_t i = 0; i < TABLE_SLOTS; i++) {
        Dl_info found;
        if (table[i].block == NULL || table[i].block == DEAD ||
            dladdr(table[i].caller, &found) == 0 || is_c_library(found.dli_fname)) {
            continue;
        }
        if (into->live_blocks < PLACES) {
            snprintf(into->places[into->live_blocks], PLACE_BYTES, "%s+0x%zx %zu",
                     strrchr(found.dli_fname, '/') != NULL ? strrchr(found.dli_fname, '/') + 1
                                                           : found.dli_fname,
                     (size_t)((char *)table[i].caller - (char *)found.dli_fbase), table[i].bytes);
        }
        into->live_blocks++;
        into->live_bytes += table[i].bytes;
    }
}

/* Before what runs at exit: the counters of a coverage build are written then, unharmed. */
static void end(bool returned)
{
    fault_report *filled = report;
    report = NULL;
    if (filled == NULL) {
        return;
    }
    count_blocks(filled);
    for (int descriptor = 3; descriptor < 1024; descriptor++) {
        filled->live_descriptors += fcntl(descriptor, F_GETFD) >= 0;
    }
    filled->finished = returned ? 2 : 1;
}

void exit(int status)
{
    end(false);
    REAL(exit)(status);
    __builtin_unreachable();
}

typedef int main_function(int count, char **words, char **variables);
static main_function *real_main;

static int run_main(int count, char **words, char **variables)
{
    begin();
    int status = real_main(count, words, variables);
    end(true);
    return status;
}

/* The first function of a program: main() becomes ours, and calls its own. */
int __libc_start_main(main_function *main, int count, char **words, void (*init)(void),
                      void (*fini)(void), void (*loader_fini)(void), void *stack);
int __libc_start_main(main_function *main, int count, char **words, void (*init)(void),
                      void (*fini)(void), void (*loader_fini)(void), void *stack)
{
    real_main = main;
    return REAL(__libc_start_main)(run_main, count, words, init, fini, loader_fini, stack);
}
