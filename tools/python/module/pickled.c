/* SPDX-License-Identifier: MIT */
/* The few instructions of the pickle machine that a dict of scalars needs. */
#include "pickled.h"

#include <string.h>

enum { STACK = 128, MEMO = 128 };

typedef struct machine {
    const uint8_t *at, *end;
    pickled stack[STACK];
    size_t depth;
    size_t mark;
    pickled memo[MEMO];
    size_t memo_count;
    pickled_visitor visit;
    void *context;
} machine;

/* The next `count` bytes; NULL past the end. */
static const uint8_t *take(machine *self, uint64_t count)
{
    const uint8_t *bytes = self->at;
    if (count > (uint64_t)(self->end - bytes)) {
        return NULL;
    }
    self->at += count;
    return bytes;
}

/* A number of up to eight bytes, lowest first. */
static bool take_number(machine *self, uint64_t *number, unsigned bytes)
{
    const uint8_t *digits = take(self, bytes);
    *number = 0;
    for (unsigned i = 0; digits != NULL && i < bytes; i++) {
        *number |= (uint64_t)digits[i] << (8 * i);
    }
    return digits != NULL;
}

static bool push(machine *self, pickled value)
{
    if (self->depth == STACK) {
        return false;
    }
    self->stack[self->depth++] = value;
    return true;
}

static bool push_count(machine *self, unsigned bytes)
{
    uint64_t number;
    return take_number(self, &number, bytes) &&
           push(self, (pickled){.kind = PICKLED_COUNT, .count = number, .real = (double)number});
}

/* A number that may be negative, in as many bytes as it takes, the sign in the highest bit. */
static bool push_signed(machine *self, uint64_t bytes)
{
    const uint8_t *digits = take(self, bytes);
    if (digits == NULL || bytes > 9 || (bytes == 9 && digits[8] != 0)) {
        return false; /* outside of 64 bits */
    }
    uint64_t number = 0;
    for (unsigned i = 0; i < bytes && i < 8; i++) {
        number |= (uint64_t)digits[i] << (8 * i);
    }
    if (bytes == 0 || bytes == 9 || digits[bytes - 1] < 0x80) {
        return push(self,
                    (pickled){.kind = PICKLED_COUNT, .count = number, .real = (double)number});
    }
    uint64_t beyond = bytes < 8 ? UINT64_MAX << (8 * bytes) : 0;
    return push(self, (pickled){.kind = PICKLED_REAL, .real = -(double)(~(number | beyond) + 1)});
}

static bool push_real(machine *self)
{
    const uint8_t *digits = take(self, 8); /* highest byte first */
    uint64_t bits = 0;
    double real;
    for (unsigned i = 0; digits != NULL && i < 8; i++) {
        bits = bits << 8 | digits[i];
    }
    memcpy(&real, &bits, sizeof real);
    return digits != NULL && push(self, (pickled){.kind = PICKLED_REAL, .real = real});
}

static bool push_text(machine *self, unsigned length_bytes)
{
    uint64_t length;
    if (!take_number(self, &length, length_bytes)) {
        return false;
    }
    const uint8_t *bytes = take(self, length);
    return bytes != NULL && push(self, (pickled){.kind = PICKLED_TEXT,
                                                 .text = {(const char *)bytes, (size_t)length}});
}

static bool memoize(machine *self)
{
    if (self->depth == 0 || self->memo_count == MEMO) {
        return false;
    }
    self->memo[self->memo_count++] = self->stack[self->depth - 1];
    return true;
}

static bool push_memo(machine *self)
{
    uint64_t place;
    return take_number(self, &place, 1) && place < self->memo_count &&
           push(self, self->memo[place]);
}

/* The pairs above `from` become members of the dict below them. */
static bool set_items(machine *self, size_t from)
{
    bool fits = from == 1 && self->depth >= from && (self->depth - from) % 2 == 0 &&
                self->stack[0].kind == PICKLED_DICT;
    for (size_t i = from; fits && i < self->depth; i += 2) {
        const pickled *name = &self->stack[i];
        const pickled *value = name + 1;
        fits = name->kind == PICKLED_TEXT && value->kind != PICKLED_DICT &&
               self->visit(self->context, name->text, value);
    }
    self->depth = from;
    return fits;
}

static bool step(machine *self, uint8_t instruction)
{
    uint64_t length;
    switch (instruction) {
    case 0x80: /* the protocol */
        return take(self, 1) != NULL;
    case 0x95: /* a frame */
        return take(self, 8) != NULL;
    case '}':
        return push(self, (pickled){.kind = PICKLED_DICT});
    case 0x94:
        return memoize(self);
    case 'h':
        return push_memo(self);
    case '(':
        self->mark = self->depth;
        return true;
    case 'u':
        return set_items(self, self->mark);
    case 's':
        return self->depth >= 3 && set_items(self, self->depth - 2);
    case 'N':
        return push(self, (pickled){.kind = PICKLED_NONE});
    case 0x88: /* True, False */
    case 0x89:
        return push(self, (pickled){.kind = PICKLED_BOOL, .count = instruction == 0x88});
    case 'K':
        return push_count(self, 1);
    case 'M':
        return push_count(self, 2);
    case 'J':
        return push_signed(self, 4);
    case 0x8A:
        return take_number(self, &length, 1) && push_signed(self, length);
    case 'G':
        return push_real(self);
    case 0x8C:
        return push_text(self, 1);
    case 'X':
        return push_text(self, 4);
    default:
        return false;
    }
}

bool pickled_read(const uint8_t *bytes, size_t length, pickled_visitor visit, void *context)
{
    machine self = {.at = bytes, .end = bytes + length, .visit = visit, .context = context};
    if (length == 0) {
        return true;
    }
    for (const uint8_t *instruction = take(&self, 1); instruction != NULL;
         instruction = take(&self, 1)) {
        if (*instruction == '.') {
            return self.depth == 1 && self.stack[0].kind == PICKLED_DICT;
        }
        if (!step(&self, *instruction)) {
            return false;
        }
    }
    return false;
}
