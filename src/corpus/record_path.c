/* SPDX-License-Identifier: MIT */
/* Compiling dotted paths into a tree of keys, and following the tree. */
#include "corpus/record_path.h"

#include <assert.h>
#include <string.h>

#include "base/alloc.h"
#include "base/error.h"
#include "corpus/json_text.h"
#include "text/utf8.h"

static size_t list_of(const char *key, size_t length)
{
    if (length == 0) {
        return 0;
    }
    size_t ends = (size_t)(unsigned char)key[0] + (unsigned char)key[length - 1];
    return (2 * length + 3 * ends) % NDUP__PATH_LISTS;
}

static inline bool same_words(const char *a, const char *b, size_t length, size_t word)
{
    uint32_t x[2] = {0, 0};
    uint32_t y[2] = {0, 0};
    memcpy(&x[0], a, word);
    memcpy(&y[0], b, word);
    memcpy(&x[1], a + length - word, word);
    memcpy(&y[1], b + length - word, word);
    return x[0] == y[0] && x[1] == y[1];
}

/* Keys are short: two words that may overlap, instead of a call. */
static inline bool same_key(const char *a, const char *b, size_t length)
{
    if (length >= 2 && length <= 8) {
        return length < 4 ? same_words(a, b, length, 2) : same_words(a, b, length, 4);
    }
    return memcmp(a, b, length) == 0;
}

static bool escaped_key_equals(const char *raw, size_t length, const char *key, size_t key_length)
{
    size_t at = 0;
    for (size_t i = 0; i < length;) {
        char decoded[4];
        size_t decoded_length = 1;
        decoded[0] = raw[i];
        if (raw[i] == '\\') {
            uint32_t code_point;
            uint64_t replaced = 0;
            i += ndup__json_unescape(&code_point, raw + i, length - i, &replaced);
            decoded_length = ndup__utf8_write(decoded, code_point);
        } else {
            i++;
        }
        if (decoded_length > key_length - at || memcmp(decoded, key + at, decoded_length) != 0) {
            return false;
        }
        at += decoded_length;
    }
    return at == key_length;
}

static const ndup__path_node *find_escaped(const ndup__path_node *node, const char *raw,
                                           size_t length)
{
    for (size_t i = 0; i < NDUP__PATH_LISTS; i++) {
        for (const ndup__path_node *child = node->children[i]; child != NULL; child = child->next) {
            if (escaped_key_equals(raw, length, child->key, child->length)) {
                return child;
            }
        }
    }
    return NULL;
}

const ndup__path_node *ndup__path_find(const ndup__path_node *node, const char *raw, size_t length,
                                       bool escaped)
{
    if (escaped) {
        return find_escaped(node, raw, length);
    }
    const ndup__path_node *child = node->children[list_of(raw, length)];
    for (; child != NULL; child = child->next) {
        if (child->length == length && same_key(child->key, raw, length)) {
            return child;
        }
    }
    return NULL;
}

/* Unescapes the path's part that starts at *at into `key` and moves *at behind the dot that ends
 * it, or to the path's end. */
static ndup_status read_part(char *key, size_t *key_length, bool *is_last, const char *path,
                             size_t *at, ndup_error *error)
{
    size_t start = *at;
    size_t i = start;
    size_t length = 0;
    for (; path[i] != '\0' && path[i] != '.'; i++) {
        if (path[i] == '\\') {
            i++;
            if (path[i] != '.' && path[i] != '\\') {
                return ndup__fail(error, NDUP_STATUS_INVALID,
                                  "field path \"%.100s\": a backslash must stand before '.' or "
                                  "another backslash",
                                  path);
            }
        }
        key[length++] = path[i];
    }
    if (length == 0) {
        return ndup__fail(error, NDUP_STATUS_INVALID,
                          "field path \"%.100s\": the part at byte %zu is empty", path, start);
    }
    *is_last = path[i] == '\0';
    *at = i + 1;
    *key_length = length;
    return NDUP_STATUS_OK;
}

/* The child of `node` with this key, made if it is not there. The key's bytes already stand at the
 * end of scanner->keys. */
static ndup__path_node *get_child(ndup__record_scanner *scanner, ndup__path_node *node,
                                  size_t length)
{
    const char *key = scanner->keys + scanner->keys_length;
    ndup__path_node **list = &node->children[list_of(key, length)];
    ndup__path_node *child = *list;
    for (; child != NULL; child = child->next) {
        if (child->length == length && same_key(child->key, key, length)) {
            return child;
        }
    }
    assert(scanner->node_count < scanner->node_capacity);
    child = &scanner->nodes[scanner->node_count++];
    child->key = key;
    child->length = length;
    child->parent = node;
    child->next = *list;
    *list = child;
    scanner->keys_length += length;
    return child;
}

static ndup_status add_path(ndup__record_scanner *scanner, const char *path, uint32_t field_bit,
                            ndup_error *error)
{
    if (path == NULL || path[0] == '\0') {
        return ndup__fail(error, NDUP_STATUS_INVALID, "a field path is empty");
    }
    ndup__path_node *node = &scanner->nodes[0];
    node->below |= field_bit;
    size_t at = 0;
    bool is_last = false;
    while (!is_last) {
        size_t length = 0;
        ndup_status status =
            read_part(scanner->keys + scanner->keys_length, &length, &is_last, path, &at, error);
        if (status != NDUP_STATUS_OK) {
            return status;
        }
        node = get_child(scanner, node, length);
        node->below |= field_bit;
    }
    node->fields |= field_bit;
    return NDUP_STATUS_OK;
}

/* Room for the worst case: every byte a key byte, every second byte a key of its own. */
static ndup_status reserve_tree(ndup__record_scanner *scanner, const char *const *paths,
                                size_t path_count, const ndup_allocator *allocator,
                                ndup_error *error)
{
    size_t bytes = 1;
    for (size_t i = 0; i < path_count; i++) {
        bytes += paths[i] != NULL ? strlen(paths[i]) + 1 : 0;
    }
    ndup_status status =
        ndup__allocate_zeroed(allocator, &scanner->keys, bytes, sizeof *scanner->keys, error);
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    scanner->keys_capacity = bytes;
    size_t nodes = bytes / 2 + 1;
    status =
        ndup__allocate_zeroed(allocator, &scanner->nodes, nodes, sizeof *scanner->nodes, error);
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    scanner->node_capacity = nodes;
    scanner->node_count = 1;
    return NDUP_STATUS_OK;
}

ndup_status ndup__record_scanner_new(ndup__record_scanner **scanner, const char *const *paths,
                                     size_t path_count, const ndup_allocator *allocator,
                                     ndup_error *error)
{
    *scanner = NULL;
    if (path_count > NDUP__RECORD_FIELDS) {
        return ndup__fail(error, NDUP_STATUS_INVALID, "%zu fields wanted, must be at most %d",
                          path_count, NDUP__RECORD_FIELDS);
    }
    ndup__record_scanner *made;
    ndup_status status = ndup__allocate_zeroed(allocator, &made, 1, sizeof *made, error);
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    made->allocator = *ndup__allocator(allocator);
    made->path_count = path_count;
    status = reserve_tree(made, paths, path_count, allocator, error);
    for (size_t i = 0; i < path_count && status == NDUP_STATUS_OK; i++) {
        status = add_path(made, paths[i], (uint32_t)1 << i, error);
    }
    if (status != NDUP_STATUS_OK) {
        ndup__record_scanner_free(made);
        return status;
    }
    *scanner = made;
    return NDUP_STATUS_OK;
}

void ndup__record_scanner_free(ndup__record_scanner *scanner)
{
    if (scanner == NULL) {
        return;
    }
    ndup_allocator allocator = scanner->allocator;
    ndup__free(&allocator, &scanner->nodes, scanner->node_capacity, sizeof *scanner->nodes);
    ndup__free(&allocator, &scanner->keys, scanner->keys_capacity, sizeof *scanner->keys);
    ndup__free(&allocator, &scanner, 1, sizeof *scanner);
}
