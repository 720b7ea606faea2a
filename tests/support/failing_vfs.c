/* SPDX-License-Identifier: MIT */
/* A shim: every file has the system's own behind it. */
#include "support/failing_vfs.h"

#if NDUP_HAVE_SQLITE
#include <sqlite3.h>

typedef struct shim_file {
    sqlite3_file base;
    sqlite3_file *real; /* behind this in the same block */
} shim_file;

static sqlite3_vfs *system_vfs;
static size_t calls, failing;
static failing_vfs_mode how;
static bool has_failed;

/* Whether this call fails; the disk is full for those only that take room. */
static bool fails(bool takes_room)
{
    if (failing == 0 || (how == FAILING_VFS_FULL && !takes_room)) {
        return false;
    }
    calls++;
    bool is_meant = how == FAILING_VFS_ONCE ? calls == failing : calls >= failing;
    has_failed |= is_meant;
    return is_meant;
}

static int fault(int code)
{
    return how == FAILING_VFS_FULL ? SQLITE_FULL : code;
}

static sqlite3_file *real_of(sqlite3_file *file)
{
    return ((shim_file *)(void *)file)->real;
}

/* X(takes room, code, name, parameters, arguments): methods that may fail. */
#define METHODS(X)                                                                              \
    X(false, SQLITE_IOERR_READ, Read,                                                           \
      (sqlite3_file * file, void *bytes, int count, sqlite3_int64 at),                          \
      (real_of(file), bytes, count, at))                                                        \
    X(true, SQLITE_IOERR_WRITE, Write,                                                          \
      (sqlite3_file * file, const void *bytes, int count, sqlite3_int64 at),                    \
      (real_of(file), bytes, count, at))                                                        \
    X(false, SQLITE_IOERR_TRUNCATE, Truncate, (sqlite3_file * file, sqlite3_int64 size),        \
      (real_of(file), size))                                                                    \
    X(true, SQLITE_IOERR_FSYNC, Sync, (sqlite3_file * file, int flags), (real_of(file), flags)) \
    X(false, SQLITE_IOERR_FSTAT, FileSize, (sqlite3_file * file, sqlite3_int64 * size),         \
      (real_of(file), size))                                                                    \
    X(false, SQLITE_IOERR_LOCK, Lock, (sqlite3_file * file, int level), (real_of(file), level)) \
    X(true, SQLITE_IOERR_SHMMAP, ShmMap,                                                        \
      (sqlite3_file * file, int region, int size, int extends, void volatile **memory),         \
      (real_of(file), region, size, extends, memory))                                           \
    X(false, SQLITE_IOERR_MMAP, Fetch,                                                          \
      (sqlite3_file * file, sqlite3_int64 at, int count, void **bytes),                         \
      (real_of(file), at, count, bytes))

#define METHOD(takes_room, code, name, parameters, arguments)                                \
    static int shim##name parameters                                                         \
    {                                                                                        \
        return fails(takes_room) ? fault(code) : real_of(file)->pMethods->x##name arguments; \
    }
METHODS(METHOD)

static int shimShmLock(sqlite3_file *file, int offset, int count, int flags)
{
    bool takes = (flags & SQLITE_SHM_LOCK) != 0;
    return takes && fails(false)
               ? fault(SQLITE_IOERR_SHMLOCK)
               : real_of(file)->pMethods->xShmLock(real_of(file), offset, count, flags);
}

/* What gives something back never fails. */
static int shimClose(sqlite3_file *file)
{
    return real_of(file)->pMethods->xClose(real_of(file));
}

static int shimUnlock(sqlite3_file *file, int level)
{
    return real_of(file)->pMethods->xUnlock(real_of(file), level);
}

static int shimCheckReservedLock(sqlite3_file *file, int *is_locked)
{
    return real_of(file)->pMethods->xCheckReservedLock(real_of(file), is_locked);
}

static int shimFileControl(sqlite3_file *file, int operation, void *argument)
{
    return real_of(file)->pMethods->xFileControl(real_of(file), operation, argument);
}

static int shimSectorSize(sqlite3_file *file)
{
    return real_of(file)->pMethods->xSectorSize(real_of(file));
}

static int shimDeviceCharacteristics(sqlite3_file *file)
{
    return real_of(file)->pMethods->xDeviceCharacteristics(real_of(file));
}

static void shimShmBarrier(sqlite3_file *file)
{
    real_of(file)->pMethods->xShmBarrier(real_of(file));
}

static int shimShmUnmap(sqlite3_file *file, int removes)
{
    return real_of(file)->pMethods->xShmUnmap(real_of(file), removes);
}

static int shimUnfetch(sqlite3_file *file, sqlite3_int64 at, void *bytes)
{
    return real_of(file)->pMethods->xUnfetch(real_of(file), at, bytes);
}

#define MEMBER(takes_room, code, name, parameters, arguments) .x##name = shim##name,
static const sqlite3_io_methods shim_methods = {
    .iVersion = 3,
    METHODS(MEMBER).xClose = shimClose,
    .xUnlock = shimUnlock,
    .xCheckReservedLock = shimCheckReservedLock,
    .xFileControl = shimFileControl,
    .xSectorSize = shimSectorSize,
    .xDeviceCharacteristics = shimDeviceCharacteristics,
    .xShmBarrier = shimShmBarrier,
    .xShmUnmap = shimShmUnmap,
    .xUnfetch = shimUnfetch,
    .xShmLock = shimShmLock,
};

static int shim_open(sqlite3_vfs *vfs, const char *name, sqlite3_file *file, int flags, int *out)
{
    shim_file *shim = (shim_file *)(void *)file;
    (void)vfs;
    shim->base.pMethods = NULL;
    shim->real = (sqlite3_file *)(void *)(shim + 1);
    if (fails((flags & SQLITE_OPEN_CREATE) != 0)) {
        return fault(SQLITE_CANTOPEN);
    }
    int code = system_vfs->xOpen(system_vfs, name, shim->real, flags, out);
    if (shim->real->pMethods != NULL) {
        shim->base.pMethods = &shim_methods;
    }
    return code;
}

static int shim_delete(sqlite3_vfs *vfs, const char *name, int syncs)
{
    (void)vfs;
    return fails(false) ? SQLITE_IOERR_DELETE : system_vfs->xDelete(system_vfs, name, syncs);
}

static int shim_access(sqlite3_vfs *vfs, const char *name, int flags, int *result)
{
    (void)vfs;
    return fails(false) ? SQLITE_IOERR_ACCESS
                        : system_vfs->xAccess(system_vfs, name, flags, result);
}

/* SQLite tries for ten seconds what may be somebody else's doing. */
static int shim_sleep(sqlite3_vfs *vfs, int microseconds)
{
    (void)vfs;
    return failing > 0 ? microseconds : system_vfs->xSleep(system_vfs, microseconds);
}

void failing_vfs_install(void)
{
    static sqlite3_vfs shim;
    if (system_vfs != NULL) {
        return;
    }
    system_vfs = sqlite3_vfs_find(NULL);
    shim = *system_vfs;
    shim.zName = "failing";
    shim.szOsFile = (int)sizeof(shim_file) + system_vfs->szOsFile;
    shim.xOpen = shim_open;
    shim.xDelete = shim_delete;
    shim.xAccess = shim_access;
    shim.xSleep = shim_sleep;
    sqlite3_vfs_register(&shim, 1);
}
#else
static size_t calls, failing;
static failing_vfs_mode how;
static bool has_failed;

void failing_vfs_install(void)
{
}
#endif

void failing_vfs_arm(size_t at, failing_vfs_mode mode)
{
    calls = 0;
    failing = at;
    how = mode;
    has_failed = false;
}

bool failing_vfs_disarm(void)
{
    failing = 0;
    return has_failed;
}
