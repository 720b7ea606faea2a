/* SPDX-License-Identifier: MIT */
/* The token in the making and the place where finished tokens go. Loops hold both in local
 * variables, so that they live in registers; hence everything here is inline. */
#ifndef NDUP__TEXT_TOKEN_SINK_H
#define NDUP__TEXT_TOKEN_SINK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "kernel/word_hash.h"
#include "text/fold.h"
#include "text/fold_record.h"

/* The arrays of ndup__tokens, NULL for what is not wanted. */
typedef struct ndup__token_sink {
    uint64_t *hashes;
    uint32_t *starts;
    uint32_t *ends;
    size_t count;
    size_t room_until; /* while count <= room_until, the tokens of one more code point fit */
} ndup__token_sink;

typedef struct ndup__open_token {
    ndup__word_key key;   /* stays from token to token */
    uint32_t token_class; /* a run begun by a mark is WORD; BREAK: none is open */
    uint64_t hash;        /* of the complete chunks */
    uint64_t chunk;       /* folded bytes not yet hashed */
    unsigned bits;        /* of them, 0 to 56 */
    size_t start;
    size_t end; /* of the open or the last token */
    bool gap;   /* something that ends a token came after the last token */
} ndup__open_token;

static inline void ndup__token_put(ndup__token_sink *sink, uint64_t hash, size_t start, size_t end)
{
    sink->hashes[sink->count] = hash;
    if (sink->starts != NULL) {
        sink->starts[sink->count] = (uint32_t)start;
        sink->ends[sink->count] = (uint32_t)end;
    }
    sink->count++;
}

/* Adds `count` folded bytes, 1 to 7. */
static inline void ndup__token_add_bytes(ndup__open_token *token, uint64_t bytes, unsigned count)
{
    token->chunk |= bytes << token->bits;
    token->bits += 8 * count;
    if (token->bits >= 64) {
        token->hash = ndup__word_step(token->hash, token->chunk, token->key);
        token->bits -= 64;
        token->chunk = bytes >> (8 * count - token->bits);
    }
}

/* Adds the UTF-8 bytes of a folded code point. */
static inline void ndup__token_add(ndup__open_token *token, uint32_t c)
{
    if (c < 0x80) {
        ndup__token_add_bytes(token, c, 1);
    } else if (c < 0x800) {
        ndup__token_add_bytes(token, 0x80C0u | c >> 6 | (c & 0x3F) << 8, 2);
    } else if (c < 0x10000) {
        uint32_t bytes = 0x8080E0u | c >> 12 | (c >> 6 & 0x3F) << 8 | (c & 0x3F) << 16;
        ndup__token_add_bytes(token, bytes, 3);
    } else {
        uint32_t bytes = 0x808080F0u | c >> 18 | (c >> 12 & 0x3F) << 8 | (c >> 6 & 0x3F) << 16 |
                         (c & 0x3F) << 24;
        ndup__token_add_bytes(token, bytes, 4);
    }
}

/* Puts the open token, if any. */
static inline void ndup__token_close(ndup__token_sink *sink, ndup__open_token *token)
{
    if (token->token_class != NDUP__CLASS_BREAK) {
        uint64_t hash = token->hash;
        hash = token->bits > 0 ? ndup__word_step(hash, token->chunk, token->key) : hash;
        ndup__token_put(sink, ndup__word_end(hash), token->start, token->end);
        token->token_class = NDUP__CLASS_BREAK;
    }
}

/* In CHARACTERS mode the gap between two words is a token: U+0020. */
static inline void ndup__token_put_gap(ndup__token_sink *sink, ndup__open_token *token,
                                       size_t start)
{
    if (token->gap && sink->count > 0) {
        uint64_t hash = ndup__word_end(ndup__word_step(token->key.start, ' ', token->key));
        /* Both words may come from one code point, like the digits of a fraction. */
        size_t low = token->end < start ? token->end : start;
        size_t high = token->end < start ? start : token->end;
        ndup__token_put(sink, hash, low, high);
    }
    token->gap = false;
}

/* Opens a token that starts at offset `start`; the one before must be closed. */
static inline void ndup__token_open(ndup__token_sink *sink, ndup__open_token *token,
                                    bool characters, uint32_t token_class, size_t start)
{
    if (characters) {
        ndup__token_put_gap(sink, token, start);
    }
    token->token_class = token_class;
    token->hash = token->key.start;
    token->chunk = 0;
    token->bits = 0;
    token->start = start;
}

/* Takes a folded code point (a pool element without mark order) that comes from the bytes from
 * `start` to `end`. */
static inline void ndup__token_take(ndup__token_sink *sink, ndup__open_token *token,
                                    bool characters, uint32_t element, size_t start, size_t end)
{
    uint32_t token_class = ndup__folded_class(element);
    if (token_class == NDUP__CLASS_BREAK) {
        ndup__token_close(sink, token);
        token->gap = true;
        return;
    }
    bool is_mark = token_class == NDUP__CLASS_MARK;
    bool continues_word =
        token_class == NDUP__CLASS_WORD && token->token_class == NDUP__CLASS_WORD && !characters;
    if (!continues_word && !(is_mark && token->token_class != NDUP__CLASS_BREAK)) {
        ndup__token_close(sink, token);
        ndup__token_open(sink, token, characters, is_mark ? NDUP__CLASS_WORD : token_class, start);
    }
    ndup__token_add(token, ndup__folded_code_point(element));
    token->end = end;
}

#endif
