/* SPDX-License-Identifier: MIT */
/* One file is read once, however many names lead to it. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "base/hash.h"
#include "corpus/input_files.h"

#define PATH_BYTES 4096
#define SHOWN_BYTES 80
/* Other names that are told one by one. */
#define NAMES_TOLD 3

/* What a file is told by. */
typedef struct identity {
    uint64_t device;
    uint64_t inode;
    size_t listed;
    bool is_shared;
} identity;

/* What is to be said. */
typedef struct findings {
    ndup__listing *listing;
    const ndup_hooks *hooks;
    uint64_t links;
    uint64_t other_names;
    uint64_t *again; /* [inputs] files that an earlier input has */
} findings;

static int by_identity(const void *left, const void *right)
{
    const identity *a = left;
    const identity *b = right;
    if (a->device != b->device) {
        return a->device < b->device ? -1 : 1;
    }
    if (a->inode != b->inode) {
        return a->inode < b->inode ? -1 : 1;
    }
    return a->listed < b->listed ? -1 : a->listed > b->listed;
}

static void __attribute__((format(printf, 2, 3)))
tell(const ndup_hooks *hooks, const char *format, ...)
{
    char message[400];
    va_list values;
    va_start(values, format);
    vsnprintf(message, sizeof message, format, values);
    va_end(values);
    ndup__notice_text(hooks, message);
}

/* The folder that a path stands in. */
static ndup_status examine_folder(ndup__file_info *info, const char *path)
{
    char folder[PATH_BYTES];
    const char *slash = strrchr(path, '/');
    size_t length = slash == NULL ? 0 : (size_t)(slash + 1 - path);
    if (length >= sizeof folder) {
        return NDUP_STATUS_LIMIT;
    }
    memcpy(folder, path, length);
    folder[length] = '\0';
    return ndup__file_get_info(info, length > 0 ? folder : ".", NULL);
}

static const char *base_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash != NULL ? slash + 1 : path;
}

/* Whether two paths of one file are one place in one folder; if not, the file has two names. */
static bool is_same_place(const ndup__listed_file *a, const ndup__listed_file *b)
{
    ndup__file_info of_a;
    ndup__file_info of_b;
    if (a->info.links < 2 || strcmp(a->path, b->path) == 0) {
        return true;
    }
    return strcmp(base_name(a->path), base_name(b->path)) == 0 &&
           examine_folder(&of_a, a->path) == NDUP_STATUS_OK &&
           examine_folder(&of_b, b->path) == NDUP_STATUS_OK && of_a.device == of_b.device &&
           of_a.inode == of_b.inode;
}

/* Whether the file is one of the names that `first` has. */
static bool is_known_name(const ndup__listing *listing, size_t first, size_t listed)
{
    for (size_t i = first; i != NDUP__NOT_LISTED; i = listing->items[i].other_name) {
        if (is_same_place(&listing->items[i], &listing->items[listed])) {
            return true;
        }
    }
    return false;
}

static void add_name(findings *found, size_t first, size_t listed)
{
    ndup__listed_file *items = found->listing->items;
    char shown[SHOWN_BYTES];
    char shown_first[SHOWN_BYTES];
    size_t last = first;
    while (items[last].other_name != NDUP__NOT_LISTED) {
        last = items[last].other_name;
    }
    items[last].other_name = listed;
    if (found->other_names++ < NAMES_TOLD) {
        tell(found->hooks,
             "%s is the same file as %s (a hard link): it is read once, and both "
             "names have one decision",
             ndup__shorten_path(shown, sizeof shown, items[listed].path),
             ndup__shorten_path(shown_first, sizeof shown_first, items[first].path));
    }
}

/* Of listed names that are one file, the first that is no link stays. */
static void unite_run(findings *found, const identity *run, size_t count)
{
    ndup__listed_file *items = found->listing->items;
    size_t first = 0;
    while (first < count && items[run[first].listed].info.is_link) {
        first++;
    }
    first = first < count ? first : 0;
    for (size_t i = 0; i < count; i++) {
        ndup__listed_file *other = &items[run[i].listed];
        if (i == first) {
            continue;
        }
        other->is_gone = true;
        if (other->info.is_link) {
            found->links++;
        } else if (is_known_name(found->listing, run[first].listed, run[i].listed)) {
            found->again[other->input]++;
        } else {
            add_name(found, run[first].listed, run[i].listed);
        }
    }
}

static void tell_findings(const findings *found)
{
    const ndup_corpus *corpus = found->listing->corpus;
    char shown[SHOWN_BYTES];
    if (found->other_names > NAMES_TOLD) {
        tell(found->hooks, "and %llu more names of files that have several (hard links)",
             (unsigned long long)(found->other_names - NAMES_TOLD));
    }
    if (found->links > 0) {
        tell(found->hooks, "links to files that are read anyway, passed over: %llu",
             (unsigned long long)found->links);
    }
    for (size_t i = 0; i < corpus->input_count; i++) {
        if (found->again[i] > 0) {
            tell(found->hooks, "%s: files that were named before, each is read once: %llu",
                 ndup__shorten_path(shown, sizeof shown, corpus->inputs[i]),
                 (unsigned long long)found->again[i]);
        }
    }
}

/* Numbers of identities, by identity. */
typedef struct slot_table {
    uint32_t *slots; /* [size] 1 + number, 0 = free */
    size_t size;
    uint64_t slot_key;
} slot_table;

/* Marks in the table's room what is there more than once: every identity goes to its slot, and two
 * of one kind meet there. */
static bool meets(slot_table *table, const identity *identities, size_t number, size_t *first)
{
    const identity *own = &identities[number];
    uint64_t hash = own->inode ^ ndup__mix64(own->device);
    size_t mask = table->size - 1;
    size_t at = (size_t)ndup__slot_hash(hash, table->slot_key) & mask;
    for (; table->slots[at] != 0; at = (at + 1) & mask) {
        const identity *other = &identities[table->slots[at] - 1];
        if (other->inode == own->inode && other->device == own->device) {
            *first = table->slots[at] - 1;
            return true;
        }
    }
    table->slots[at] = (uint32_t)number + 1;
    return false;
}

/* Leaves those identities that are there more than once: few, so that few are sorted. */
static size_t keep_shared(identity *identities, size_t count, slot_table *table)
{
    size_t kept = 0;
    for (size_t i = 0; i < count; i++) {
        size_t first;
        if (meets(table, identities, i, &first)) {
            identities[first].is_shared = true;
            identities[i].is_shared = true;
        }
    }
    for (size_t i = 0; i < count; i++) {
        if (identities[i].is_shared) {
            identities[kept++] = identities[i];
        }
    }
    return kept;
}

static void unite(findings *found, identity *identities, slot_table *table)
{
    const ndup__listing *listing = found->listing;
    size_t count = 0;
    for (size_t i = 0; i < listing->count; i++) {
        const ndup__file_info *info = &listing->items[i].info;
        if (info->kind == NDUP__FILE_REGULAR) {
            identities[count++] = (identity){info->device, info->inode, i, false};
        }
    }
    count = keep_shared(identities, count, table);
    qsort(identities, count, sizeof *identities, by_identity);
    for (size_t begin = 0, end; begin < count; begin = end) {
        end = begin + 1;
        while (end < count && identities[end].device == identities[begin].device &&
               identities[end].inode == identities[begin].inode) {
            end++;
        }
        if (end - begin > 1) {
            unite_run(found, identities + begin, end - begin);
        }
    }
    tell_findings(found);
}

ndup_status ndup__listing_unite(ndup__listing *listing, const ndup_hooks *hooks, ndup_error *error)
{
    ndup_corpus *corpus = listing->corpus;
    findings found = {.listing = listing, .hooks = hooks};
    identity *identities = NULL;
    slot_table table = {.size = 16, .slot_key = ndup__slot_key()};
    while (table.size < 2 * listing->count) {
        table.size *= 2;
    }
    ndup_status status = ndup__allocate_zeroed(corpus->allocator, &found.again,
                                               corpus->input_count + 1, sizeof *found.again, error);
    if (status == NDUP_STATUS_OK) {
        status = ndup__resize(corpus->allocator, &identities, 0, listing->count + 1,
                              sizeof *identities, error);
    }
    if (status == NDUP_STATUS_OK) {
        status = ndup__allocate_zeroed(corpus->allocator, &table.slots, table.size,
                                       sizeof *table.slots, error);
    }
    if (status == NDUP_STATUS_OK) {
        unite(&found, identities, &table);
    }
    ndup__free(corpus->allocator, &table.slots, table.size, sizeof *table.slots);
    ndup__free(corpus->allocator, &identities, listing->count + 1, sizeof *identities);
    ndup__free(corpus->allocator, &found.again, corpus->input_count + 1, sizeof *found.again);
    return status;
}
