/* SPDX-License-Identifier: MIT */
/* Decoding ahead: a ring of parts under one lock. */
#include "codec/ahead.h"

#include <pthread.h>
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"

#define FIRST_BYTES ((size_t)1 << 20)

typedef enum part_state {
    PART_WAITING,
    PART_DECODING,
    PART_DECODED,
    PART_SERIAL /* is decoded step by step when it is read */
} part_state;

typedef struct ahead_part {
    part_state state; /* guarded by the lock */
    unsigned char *input;
    size_t input_length;
    size_t input_capacity;
    unsigned char *output;
    size_t output_length;
    size_t output_capacity;
    size_t used;               /* of the output; of the input where the part is serial */
    ndup__frame_points points; /* in the part */
} ahead_part;

struct ndup__ahead {
    ndup_allocator allocator;
    const ndup__codec *codec;
    void *decoder;              /* the reader's, open while a part is read step by step */
    ndup__frame_points *points; /* of all that has been read; NULL: nobody wants them */
    ndup__frame_point at;       /* where the part begins that is being read */
    uint64_t decoded;           /* bytes read so far */
    ahead_part *parts;          /* [part_count], a ring */
    size_t part_count;
    size_t first; /* number of the part being read; only the reader changes it */
    size_t added; /* parts added so far; guarded by the lock, as is what follows */
    size_t begun; /* parts that somebody has begun to decode */
    bool closing;
    pthread_mutex_t lock;
    pthread_cond_t is_added;
    pthread_cond_t is_decoded;
    pthread_t *helpers;
    unsigned helper_count; /* room in helpers */
    unsigned started;
};

static ahead_part *part_of(const ndup__ahead *ahead, size_t number)
{
    return &ahead->parts[number % ahead->part_count];
}

static ndup_status grow_output(const ndup__ahead *ahead, ahead_part *part)
{
    size_t grown = part->output_capacity == 0 ? FIRST_BYTES : 2 * part->output_capacity;
    ndup_status status =
        ndup__resize(&ahead->allocator, &part->output, part->output_capacity, grown, 1, NULL);
    if (status == NDUP_STATUS_OK) {
        part->output_capacity = grown;
    }
    return status;
}

/* Lists where the decoder of a part is, if another one could begin there. */
static ndup_status note_frame(const ndup__ahead *ahead, ahead_part *part, const void *decoder,
                              const ndup__codec_buffers *buffers)
{
    if (ahead->points == NULL || !ahead->codec->decoder_is_complete(decoder) ||
        !ndup__codec_can_begin(ahead->codec, buffers->input, buffers->input_length)) {
        return NDUP_STATUS_OK;
    }
    ndup__frame_point point = {part->input_length - buffers->input_length, part->output_length};
    return ndup__frame_points_add(&part->points, point, NULL);
}

/* False if the part cannot be decoded in one go, for whatever reason. */
static bool decode_with(const ndup__ahead *ahead, ahead_part *part, void *decoder)
{
    ndup__codec_buffers buffers = {.input = part->input, .input_length = part->input_length};
    part->output_length = 0;
    part->points.count = 0;
    for (;;) {
        const char *problem;
        if (part->output_length == part->output_capacity &&
            (part->output_capacity >= NDUP__AHEAD_BYTES ||
             grow_output(ahead, part) != NDUP_STATUS_OK)) {
            return false;
        }
        size_t left = buffers.input_length;
        size_t room = part->output_capacity - part->output_length;
        buffers.output = part->output + part->output_length;
        buffers.output_capacity = room;
        if (ahead->codec->decode(&problem, decoder, &buffers) != NDUP_STATUS_OK) {
            return false;
        }
        part->output_length += room - buffers.output_capacity;
        if (note_frame(ahead, part, decoder, &buffers) != NDUP_STATUS_OK) {
            return false;
        }
        if (buffers.input_length == left && buffers.output_capacity == room) {
            return left == 0 && ahead->codec->decoder_is_complete(decoder);
        }
    }
}

static part_state decode_part(const ndup__ahead *ahead, ahead_part *part)
{
    void *decoder;
    if (ahead->codec->decoder_open(&decoder, &ahead->allocator, NULL) != NDUP_STATUS_OK) {
        return PART_SERIAL;
    }
    bool is_decoded = decode_with(ahead, part, decoder);
    ahead->codec->decoder_close(decoder, &ahead->allocator);
    return is_decoded ? PART_DECODED : PART_SERIAL;
}

/* Decodes the next part that nobody has begun; called with the lock, which is let go meanwhile. */
static void decode_next(ndup__ahead *ahead)
{
    ahead_part *part = part_of(ahead, ahead->begun++);
    part->state = PART_DECODING;
    pthread_mutex_unlock(&ahead->lock);
    part_state state = decode_part(ahead, part);
    pthread_mutex_lock(&ahead->lock);
    part->state = state;
    pthread_cond_signal(&ahead->is_decoded);
}

static void *helper_main(void *argument)
{
    ndup__ahead *ahead = argument;
    pthread_mutex_lock(&ahead->lock);
    while (!ahead->closing) {
        if (ahead->begun < ahead->added) {
            decode_next(ahead);
        } else {
            pthread_cond_wait(&ahead->is_added, &ahead->lock);
        }
    }
    pthread_mutex_unlock(&ahead->lock);
    return NULL;
}

static ndup_status start_helpers(ndup__ahead *ahead, ndup_error *error)
{
    while (ahead->started < ahead->helper_count) {
        int failed = pthread_create(&ahead->helpers[ahead->started], NULL, helper_main, ahead);
        if (failed != 0) {
            return ndup__fail_errno(error, NDUP_STATUS_LIMIT, failed, "cannot start a thread");
        }
        ahead->started++;
    }
    return NDUP_STATUS_OK;
}

ndup_status ndup__ahead_open(ndup__ahead **ahead, const ndup__codec *codec, unsigned helpers,
                             ndup__frame_points *points, const ndup_allocator *allocator,
                             ndup_error *error)
{
    ndup__ahead *made;
    *ahead = NULL;
    ndup_status status = ndup__allocate_zeroed(allocator, &made, 1, sizeof *made, error);
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    made->allocator = *ndup__allocator(allocator);
    made->codec = codec;
    made->points = points;
    made->part_count = (size_t)helpers + 1;
    made->helper_count = helpers;
    pthread_mutex_init(&made->lock, NULL);
    pthread_cond_init(&made->is_added, NULL);
    pthread_cond_init(&made->is_decoded, NULL);
    status = ndup__allocate_zeroed(allocator, &made->parts, made->part_count, sizeof *made->parts,
                                   error);
    if (status == NDUP_STATUS_OK) {
        status =
            ndup__allocate_zeroed(allocator, &made->helpers, helpers, sizeof *made->helpers, error);
    }
    if (status == NDUP_STATUS_OK) {
        for (size_t i = 0; i < made->part_count; i++) {
            made->parts[i].points.allocator = &made->allocator;
        }
        status = start_helpers(made, error);
    }
    if (status != NDUP_STATUS_OK) {
        ndup__ahead_close(made);
        return status;
    }
    *ahead = made;
    return NDUP_STATUS_OK;
}

void ndup__ahead_close(ndup__ahead *ahead)
{
    if (ahead == NULL) {
        return;
    }
    pthread_mutex_lock(&ahead->lock);
    ahead->closing = true;
    pthread_cond_broadcast(&ahead->is_added);
    pthread_mutex_unlock(&ahead->lock);
    for (unsigned i = 0; i < ahead->started; i++) {
        pthread_join(ahead->helpers[i], NULL);
    }
    pthread_cond_destroy(&ahead->is_decoded);
    pthread_cond_destroy(&ahead->is_added);
    pthread_mutex_destroy(&ahead->lock);
    ndup_allocator allocator = ahead->allocator;
    if (ahead->decoder != NULL) {
        ahead->codec->decoder_close(ahead->decoder, &allocator);
    }
    for (size_t i = 0; ahead->parts != NULL && i < ahead->part_count; i++) {
        ahead_part *part = &ahead->parts[i];
        ndup__free(&allocator, &part->input, part->input_capacity, 1);
        ndup__free(&allocator, &part->output, part->output_capacity, 1);
        ndup__free(&allocator, &part->points.items, part->points.capacity,
                   sizeof *part->points.items);
    }
    ndup__free(&allocator, &ahead->parts, ahead->part_count, sizeof *ahead->parts);
    ndup__free(&allocator, &ahead->helpers, ahead->helper_count, sizeof *ahead->helpers);
    ndup__free(&allocator, &ahead, 1, sizeof *ahead);
}

/* Only the reader adds, so it may look without the lock. */
bool ndup__ahead_has_room(const ndup__ahead *ahead)
{
    return ahead->added - ahead->first < ahead->part_count;
}

bool ndup__ahead_is_empty(const ndup__ahead *ahead)
{
    return ahead->added == ahead->first;
}

size_t ndup__ahead_pending(const ndup__ahead *ahead)
{
    size_t bytes = 0;
    for (size_t number = ahead->first; number < ahead->added; number++) {
        bytes += part_of(ahead, number)->input_length;
    }
    return ahead->decoder != NULL ? bytes - part_of(ahead, ahead->first)->used : bytes;
}

ndup_status ndup__ahead_add(ndup__ahead *ahead, const unsigned char *bytes, size_t length,
                            ndup_error *error)
{
    ahead_part *part = part_of(ahead, ahead->added);
    ndup_status status =
        ndup__reserve(&ahead->allocator, &part->input, &part->input_capacity, length, 1, error);
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    memcpy(part->input, bytes, length);
    part->input_length = length;
    part->used = 0;
    pthread_mutex_lock(&ahead->lock);
    part->state = PART_WAITING;
    ahead->added++;
    pthread_cond_signal(&ahead->is_added);
    pthread_mutex_unlock(&ahead->lock);
    return NDUP_STATUS_OK;
}

/* Waits until the first part is decoded, and decodes meanwhile. */
static part_state wait_for(ndup__ahead *ahead, const ahead_part *part)
{
    pthread_mutex_lock(&ahead->lock);
    while (part->state == PART_WAITING || part->state == PART_DECODING) {
        if (ahead->begun < ahead->added) {
            decode_next(ahead);
        } else {
            pthread_cond_wait(&ahead->is_decoded, &ahead->lock);
        }
    }
    part_state state = part->state;
    pthread_mutex_unlock(&ahead->lock);
    return state;
}

static ndup_status note_point(const ndup__ahead *ahead, uint64_t stored, uint64_t decoded,
                              ndup_error *error)
{
    ndup__frame_point point = {ahead->at.stored + stored, ahead->at.decoded + decoded};
    return ahead->points != NULL ? ndup__frame_points_add(ahead->points, point, error)
                                 : NDUP_STATUS_OK;
}

/* A part begins where decoding can. */
static ndup_status begin_part(const ndup__ahead *ahead, const ahead_part *part, part_state state,
                              ndup_error *error)
{
    size_t count = state == PART_DECODED ? part->points.count : 0;
    ndup_status status = note_point(ahead, 0, 0, error);
    for (size_t i = 0; i < count && status == NDUP_STATUS_OK; i++) {
        status =
            note_point(ahead, part->points.items[i].stored, part->points.items[i].decoded, error);
    }
    return status;
}

static void end_part(ndup__ahead *ahead, const ahead_part *part)
{
    ahead->at.stored += part->input_length;
    ahead->at.decoded = ahead->decoded;
    ahead->first++;
}

static ndup_status read_step(ndup__ahead *ahead, ahead_part *part, unsigned char *buffer,
                             size_t capacity, size_t *got, const char **problem, ndup_error *error)
{
    ndup_status status = NDUP_STATUS_OK;
    if (ahead->decoder == NULL) {
        status = ahead->codec->decoder_open(&ahead->decoder, &ahead->allocator, error);
    }
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    size_t left = part->input_length - part->used;
    ndup__codec_buffers buffers = {part->input + part->used, left, buffer, capacity};
    status = ahead->codec->decode(problem, ahead->decoder, &buffers);
    part->used += left - buffers.input_length;
    *got = capacity - buffers.output_capacity;
    ahead->decoded += *got;
    if (status == NDUP_STATUS_OK && buffers.input_length == left && *got == 0) {
        ahead->codec->decoder_close(ahead->decoder, &ahead->allocator);
        ahead->decoder = NULL;
        end_part(ahead, part);
    }
    return status;
}

ndup_status ndup__ahead_read(ndup__ahead *ahead, unsigned char *buffer, size_t capacity,
                             size_t *got, const char **problem, ndup_error *error)
{
    ahead_part *part = part_of(ahead, ahead->first);
    *problem = NULL;
    *got = 0;
    part_state state = wait_for(ahead, part);
    if (ahead->decoded == ahead->at.decoded && begin_part(ahead, part, state, error)) {
        return NDUP_STATUS_MEMORY;
    }
    if (state == PART_SERIAL) {
        return read_step(ahead, part, buffer, capacity, got, problem, error);
    }
    size_t held = part->output_length - part->used;
    *got = held < capacity ? held : capacity;
    if (*got > 0) {
        memcpy(buffer, part->output + part->used, *got);
    }
    part->used += *got;
    ahead->decoded += *got;
    if (part->used == part->output_length) {
        end_part(ahead, part);
    }
    return NDUP_STATUS_OK;
}
