/* SPDX-License-Identifier: MIT */
/* One hash table over all classes; a slot holds the class that was met first. */
#include "stages/class_join.h"

#include "base/alloc.h"
#include "base/error.h"

#define SLOTS_LEAST 1024

typedef struct class_slots {
    uint64_t *slots; /* [count] 1 + class among those of all parts; 0: free */
    size_t count;
    uint64_t key;
} class_slots;

static ndup__hash128 hash_of(const ndup__class_join *join, size_t *part, uint64_t class_number)
{
    while (class_number >= join->starts[*part + 1]) {
        (*part)++;
    }
    return join->set->parts[*part].class_hashes[class_number - join->starts[*part]];
}

/* The part that the class is of. */
static size_t part_of(const ndup__class_join *join, uint64_t class_number)
{
    size_t low = 0;
    size_t high = join->set->count;
    while (high - low > 1) {
        size_t middle = low + (high - low) / 2;
        if (join->starts[middle] <= class_number) {
            low = middle;
        } else {
            high = middle;
        }
    }
    return low;
}

/* The slot that the class has, or would have. */
static uint64_t *find_slot(const class_slots *slots, const ndup__class_join *join,
                           ndup__hash128 hash)
{
    size_t mask = slots->count - 1;
    size_t at = (size_t)ndup__slot_hash(hash.low, slots->key) & mask;
    for (; slots->slots[at] != 0; at = (at + 1) & mask) {
        size_t part = part_of(join, slots->slots[at] - 1);
        ndup__hash128 other = hash_of(join, &part, slots->slots[at] - 1);
        if (other.low == hash.low && other.high == hash.high) {
            break;
        }
    }
    return &slots->slots[at];
}

static void number_classes(ndup__class_join *join, const class_slots *slots)
{
    size_t part = 0;
    for (uint64_t i = 0; i < join->starts[join->set->count]; i++) {
        uint64_t *slot = find_slot(slots, join, hash_of(join, &part, i));
        if (*slot == 0) {
            *slot = i + 1;
            join->numbers[i] = (uint32_t)join->count++;
        } else {
            join->numbers[i] = join->numbers[*slot - 1];
        }
    }
}

/* In a part classes are numbered as they are met. */
static void find_firsts(ndup__class_join *join)
{
    size_t known = 0;
    for (size_t i = 0; i < join->set->count; i++) {
        const ndup__part *part = &join->set->parts[i];
        uint64_t met = 0;
        for (size_t k = 0; k < part->counts.documents && met < part->counts.classes; k++) {
            if (part->classes[k] == met) {
                if (join->numbers[join->starts[i] + met] == known) {
                    join->firsts[known++] = (uint32_t)(join->set->first_numbers[i] + k);
                }
                met++;
            }
        }
    }
}

static ndup_status count_classes(ndup__class_join *join, ndup_error *error)
{
    const ndup__part_set *set = join->set;
    if (ndup__part_set_documents(set) >= NDUP__NO_CLASS) {
        return ndup__fail(error, NDUP_STATUS_LIMIT, "more than %u documents", NDUP__NO_CLASS - 1);
    }
    ndup_status status = ndup__allocate_zeroed(join->allocator, &join->starts, set->count + 1,
                                               sizeof *join->starts, error);
    for (size_t i = 0; i < set->count && status == NDUP_STATUS_OK; i++) {
        join->starts[i + 1] = join->starts[i] + set->parts[i].counts.classes;
    }
    return status;
}

static ndup_status join_classes(ndup__class_join *join, class_slots *slots, ndup_error *error)
{
    size_t total = (size_t)join->starts[join->set->count];
    for (slots->count = SLOTS_LEAST; slots->count / 4 * 3 < total;) {
        slots->count *= 2;
    }
    ndup_status status = ndup__allocate_zeroed(join->allocator, &slots->slots, slots->count,
                                               sizeof *slots->slots, error);
    if (status == NDUP_STATUS_OK) {
        status =
            ndup__resize(join->allocator, &join->numbers, 0, total, sizeof *join->numbers, error);
    }
    if (status == NDUP_STATUS_OK) {
        number_classes(join, slots);
        status = ndup__resize(join->allocator, &join->firsts, 0, join->count, sizeof *join->firsts,
                              error);
    }
    if (status == NDUP_STATUS_OK) {
        join->capacity = join->count;
        find_firsts(join);
    }
    ndup__free(join->allocator, &slots->slots, slots->count, sizeof *slots->slots);
    return status;
}

ndup_status ndup__class_join_make(ndup__class_join *join, const ndup__part_set *set,
                                  ndup_error *error)
{
    class_slots slots = {.key = ndup__slot_key()};
    *join = (ndup__class_join){.set = set, .allocator = set->allocator};
    ndup_status status = count_classes(join, error);
    if (status == NDUP_STATUS_OK) {
        status = join_classes(join, &slots, error);
    }
    if (status != NDUP_STATUS_OK) {
        ndup__class_join_free(join);
    }
    return status;
}

void ndup__class_join_free(ndup__class_join *join)
{
    size_t total = join->starts != NULL ? (size_t)join->starts[join->set->count] : 0;
    ndup__free(join->allocator, &join->firsts, join->capacity, sizeof *join->firsts);
    ndup__free(join->allocator, &join->numbers, total, sizeof *join->numbers);
    ndup__free(join->allocator, &join->starts, join->set != NULL ? join->set->count + 1 : 0,
               sizeof *join->starts);
}
