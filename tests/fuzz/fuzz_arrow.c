/* SPDX-License-Identifier: MIT */
/* Any bytes as a stream of Arrow arrays. Lengths, offsets, counts and what buffers hold are the
 * input's; only that a buffer is as long as its array says cannot be made wrong, since nobody could
 * notice. */
#include <stdlib.h>
#include <string.h>

#include "fuzz/fuzz_target.h"
#include "neardup/arrow.h"

enum {
    BUFFERS_MOST = 5,
    CHILDREN_MOST = 3,
    NODES_MOST = 64,
    ENTRIES = 48,
    ROOM = 1024,
    DEPTH_MOST = 3
};

/* Lengths that no array can have. */
#define ABSURD ((int64_t)1 << 50)

/* A schema and its array, with room for every buffer. */
typedef struct node {
    struct ArrowSchema schema;
    struct ArrowArray array;
    struct ArrowSchema *child_schemas[CHILDREN_MOST];
    struct ArrowArray *child_arrays[CHILDREN_MOST];
    const void *buffers[BUFFERS_MOST];
    char format[16];
} node;

typedef struct maker {
    const uint8_t *data;
    size_t left;
    node nodes[NODES_MOST];
    size_t count;
    char *rooms[NODES_MOST * BUFFERS_MOST];
    size_t room_count;
    size_t batches;
} maker;

static unsigned take(maker *m)
{
    if (m->left == 0) {
        return 0;
    }
    m->left--;
    return *m->data++;
}

/* Mostly small, now and then absurd. */
static int64_t take_count(maker *m, unsigned most)
{
    static const int64_t absurd[] = {-1, INT64_MIN, INT64_MAX, -2};
    unsigned byte = take(m);
    return byte >= 252 ? absurd[byte - 252] : (int64_t)(byte % (most + 1));
}

static void release_schema(struct ArrowSchema *schema)
{
    schema->release = NULL;
}

static void release_array(struct ArrowArray *array)
{
    array->release = NULL;
}

/* A buffer of numbers of so many bytes, mostly in order, of which each is at most 384. */
static const void *take_buffer(maker *m, size_t width)
{
    char *room = calloc(1, ROOM);
    unsigned shape = take(m);
    int64_t value = 0;
    if (room == NULL || shape >= 250) {
        free(room);
        return NULL;
    }
    m->rooms[m->room_count++] = room;
    for (size_t i = 0; i < ENTRIES && (i + 1) * width <= ROOM; i++) {
        unsigned byte = take(m);
        value = byte >= 253 ? -(int64_t)byte : shape >= 128 ? (int64_t)byte : value + byte % 9;
        memcpy(room + i * width, &value, width < 8 ? width : 8);
    }
    return room;
}

/* What there is, with the buffers and children of each. */
static const struct {
    const char *format;
    size_t width; /* of the second buffer */
    unsigned buffers, children;
} shapes[] = {
    {"u", 4, 3, 0},   {"+s", 1, 1, 3},    {"U", 8, 3, 0},         {"vu", 4, 4, 0},
    {"z", 4, 3, 0},   {"Z", 8, 3, 0},     {"vz", 4, 4, 0},        {"n", 1, 0, 0},
    {"b", 1, 2, 0},   {"c", 1, 2, 0},     {"C", 1, 2, 0},         {"s", 2, 2, 0},
    {"i", 4, 2, 0},   {"l", 8, 2, 0},     {"e", 2, 2, 0},         {"f", 4, 2, 0},
    {"g", 8, 2, 0},   {"d:9,2", 8, 2, 0}, {"w:3", 1, 2, 0},       {"tdD", 4, 2, 0},
    {"tdm", 8, 2, 0}, {"ttn", 8, 2, 0},   {"tsn:", 8, 2, 0},      {"tDu", 8, 2, 0},
    {"tiD", 8, 2, 0}, {"tin", 8, 2, 0},   {"+l", 4, 2, 1},        {"+L", 8, 2, 1},
    {"+vl", 4, 3, 1}, {"+w:2", 1, 1, 1},  {"+us:0,1,2", 1, 1, 3}, {"+ud:2,0,1", 4, 2, 3},
    {"+r", 1, 0, 2},
};

static const char *const names[] = {"text", "id", "date", "meta", "", "source"};

static const char *take_name(maker *m)
{
    return names[take(m) % (sizeof names / sizeof names[0])];
}

/* Bytes of the buffers that views refer to. */
static const int64_t view_lengths[BUFFERS_MOST] = {ROOM, ROOM, 0, -1, ROOM};

static void take_buffers(maker *m, node *self, size_t width)
{
    for (size_t i = 0; i < BUFFERS_MOST; i++) {
        self->buffers[i] = take_buffer(m, i == 0 || i > 2 ? 1 : width);
    }
    if (self->format[0] == 'v' && self->array.n_buffers > 0 &&
        self->array.n_buffers <= BUFFERS_MOST) {
        self->buffers[self->array.n_buffers - 1] = view_lengths;
    }
}

static node *make(maker *m, unsigned depth);

static void take_children(maker *m, node *self, unsigned depth)
{
    for (int64_t i = 0; i < self->schema.n_children; i++) {
        node *child = make(m, depth + 1);
        self->child_schemas[i] = child != NULL ? &child->schema : NULL;
        self->child_arrays[i] = child != NULL ? &child->array : NULL;
    }
    bool is_integer = strchr("cCsil", self->format[0]) != NULL;
    if (take(m) % 64 >= (is_integer ? 16 : 63) && m->count < NODES_MOST && depth < DEPTH_MOST) {
        node *dictionary = make(m, depth + 1);
        self->schema.dictionary = dictionary != NULL ? &dictionary->schema : NULL;
        self->array.dictionary = dictionary != NULL ? &dictionary->array : NULL;
    }
}

/* Tables for the most part; strings where there is no room for children. */
static unsigned take_shape(maker *m, unsigned depth)
{
    unsigned kind = take(m);
    bool is_leaf = depth == DEPTH_MOST || m->count > NODES_MOST / 2;
    if (depth == 0 && kind % 8 != 7) {
        return 1;
    }
    unsigned shape = kind % (sizeof shapes / sizeof shapes[0]);
    return is_leaf && shapes[shape].children > 0 ? 0 : shape;
}

static node *make(maker *m, unsigned depth)
{
    if (m->count == NODES_MOST) {
        return NULL;
    }
    node *self = &m->nodes[m->count++];
    unsigned shape = take_shape(m, depth);
    bool is_right = take(m) < 250;
    unsigned children = is_right ? shapes[shape].children : take(m) % (CHILDREN_MOST + 1);
    strcpy(self->format, shapes[shape].format);
    self->schema = (struct ArrowSchema){.format = self->format,
                                        .name = m->count == 2 ? "text" : take_name(m),
                                        .n_children = children,
                                        .children = self->child_schemas,
                                        .release = release_schema};
    self->array = (struct ArrowArray){
        .length = is_right ? (depth == 0 ? 5 : 9) : take_count(m, 12),
        .null_count = is_right ? -1 : take_count(m, 2),
        .offset = is_right ? take(m) % 4 : take_count(m, 3),
        .n_buffers = is_right ? shapes[shape].buffers : take_count(m, BUFFERS_MOST),
        .n_children = is_right ? self->schema.n_children : take_count(m, CHILDREN_MOST),
        .buffers = self->buffers,
        .children = self->child_arrays,
        .release = release_array};
    take_buffers(m, self, shapes[shape].width);
    take_children(m, self, depth);
    return self;
}

/* Whether the buffers are as long as the lengths say. */
static bool is_fair(const node *self)
{
    const struct ArrowArray *array = &self->array;
    bool is_short = array->length <= 12 && array->offset <= 3;
    return (is_short || array->length < 0 || array->offset < 0 || array->length > ABSURD ||
            array->offset > ABSURD) &&
           array->n_buffers <= BUFFERS_MOST && array->n_children <= CHILDREN_MOST;
}

static int get_schema(struct ArrowArrayStream *stream, struct ArrowSchema *schema)
{
    maker *m = stream->private_data;
    *schema = m->nodes[0].schema;
    return 0;
}

static int get_next(struct ArrowArrayStream *stream, struct ArrowArray *array)
{
    maker *m = stream->private_data;
    *array = (struct ArrowArray){.release = NULL};
    if (m->batches++ < 2) {
        *array = m->nodes[0].array;
    }
    return 0;
}

static void release_stream(struct ArrowArrayStream *stream)
{
    stream->release = NULL;
}

static ndup_status see(void *context, const ndup_document *documents, size_t count,
                       ndup_error *error)
{
    size_t *bytes = context;
    (void)error;
    for (size_t i = 0; i < count; i++) {
        *bytes += documents[i].text.length + documents[i].record.length;
    }
    return NDUP_STATUS_OK;
}

static void read_table(maker *m)
{
    size_t bytes = 0;
    ndup_corpus *corpus;
    struct ArrowArrayStream stream = {.get_schema = get_schema,
                                      .get_next = get_next,
                                      .release = release_stream,
                                      .private_data = m};
    if (ndup_corpus_open_arrow(&corpus, &stream, NULL, NULL, NULL) == NDUP_STATUS_OK &&
        ndup_corpus_walk(corpus, NULL, 3, see, &bytes, NULL, NULL) != NDUP_STATUS_OK) {
        abort();
    }
    ndup_corpus_close(corpus);
    if (stream.release != NULL) {
        abort();
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    maker *m = calloc(1, sizeof *m);
    if (m == NULL) {
        return 0;
    }
    m->data = data;
    m->left = size;
    make(m, 0);
    bool all_fair = true;
    for (size_t i = 0; i < m->count; i++) {
        all_fair = all_fair && is_fair(&m->nodes[i]);
    }
    if (all_fair) {
        read_table(m);
    }
    for (size_t i = 0; i < m->room_count; i++) {
        free(m->rooms[i]);
    }
    free(m);
    return 0;
}
