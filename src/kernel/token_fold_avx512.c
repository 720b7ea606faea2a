/* SPDX-License-Identifier: MIT */
/* Text to folded tokens: 64 bytes of ASCII and pairs or 16 code points at a time. */
#include "kernel/token_fold.h"

#if NDUP__CPU_X86
#include <immintrin.h>

#define LANES 16
#define EACH(value) _mm512_set1_epi32((int)(value))

/* After a shorter run of short sequences, the code points behind it are taken at once. */
#define SHORT_RUN 12

/* After something special, and where two of a window expand (voiced kana), as many code points are
 * taken one by one: more of it is near. */
#define CAREFUL_STEPS 48

/* 16 sequences of a window, their decoded code points and where in the window they end. */
typedef struct decoded {
    __m512i code_points;
    __m512i ends;
    uint32_t bad;       /* not a whole sequence, or not directly behind the one before */
    unsigned sequences; /* in the whole window */
    uint64_t leads;     /* their first bytes in the window */
} decoded;

NDUP__TARGET_AVX512 static inline __m512i pick(__mmask16 two, __mmask16 three, uint32_t of_one,
                                               uint32_t of_two, uint32_t of_three)
{
    __m512i value = _mm512_mask_mov_epi32(EACH(of_one), two, EACH(of_two));
    return _mm512_mask_mov_epi32(value, three, EACH(of_three));
}

NDUP__TARGET_AVX512 static inline __m512i byte_numbers(void)
{
    return _mm512_set_epi64(0x3F3E3D3C3B3A3938, 0x3736353433323130, 0x2F2E2D2C2B2A2928,
                            0x2726252423222120, 0x1F1E1D1C1B1A1918, 0x1716151413121110,
                            0x0F0E0D0C0B0A0908, 0x0706050403020100);
}

/* Decodes the first 16 sequences of a window of `length` bytes, 1 to 64, zero behind them. */
NDUP__TARGET_AVX512 static inline decoded decode(__m512i window, size_t length, uint64_t present)
{
    decoded d;
    d.leads = _mm512_cmpgt_epi8_mask(window, _mm512_set1_epi8((char)0xBF)) & present;
    d.sequences = (unsigned)_mm_popcnt_u64(d.leads);
    __m512i places = _mm512_maskz_compress_epi8(d.leads, byte_numbers());
    __m128i low = _mm512_castsi512_si128(places);
    __m128i above = _mm_alignr_epi8(_mm512_extracti32x4_epi32(places, 1), low, 1);
    __m512i starts = _mm512_cvtepu8_epi32(low);
    __m512i follows = _mm512_cvtepu8_epi32(above);
    __m512i index = _mm512_or_si512(starts, _mm512_slli_epi32(starts, 8));
    index = _mm512_or_si512(index, _mm512_slli_epi32(index, 16));
    index = _mm512_add_epi8(index, EACH(0x03020100));
    __m512i bytes = _mm512_permutexvar_epi8(index, window);
    __m512i lead = _mm512_and_si512(bytes, EACH(0xFF));
    __mmask16 two = _mm512_cmpge_epu32_mask(lead, EACH(0xC0));
    __mmask16 three = _mm512_cmpge_epu32_mask(lead, EACH(0xE0));
    __m512i six = EACH(0x3F);
    __m512i second = _mm512_and_si512(_mm512_srli_epi32(bytes, 8), six);
    __m512i third = _mm512_and_si512(_mm512_srli_epi32(bytes, 16), six);
    __m512i high = _mm512_and_si512(bytes, pick(two, three, 0x7F, 0x1F, 0x0F));
    __m512i c2 = _mm512_or_si512(_mm512_slli_epi32(high, 6), second);
    __m512i c3 = _mm512_or_si512(_mm512_slli_epi32(c2, 6), third);
    d.code_points = _mm512_mask_mov_epi32(_mm512_mask_mov_epi32(lead, two, c2), three, c3);
    d.ends = _mm512_add_epi32(starts, pick(two, three, 1, 2, 3));
    __m512i fixed = _mm512_and_si512(bytes, pick(two, three, 0x80, 0xC0E0, 0xC0C0F0));
    d.bad = _mm512_cmpneq_epi32_mask(fixed, pick(two, three, 0, 0x80C0, 0x8080E0));
    d.bad |= _mm512_cmplt_epu32_mask(d.code_points, pick(two, three, 0, 0x80, 0x800));
    d.bad |= _mm512_cmpgt_epu32_mask(d.ends, EACH(length));
    d.bad |= (uint32_t)_mm512_cmpneq_epi32_mask(d.ends, follows) << 1;
    d.bad |= d.sequences < LANES ? ~0u << d.sequences & 0xFFFF : 0;
    d.bad |= ~(uint32_t)d.leads & 1;
    return d;
}

/* Which code points come behind a single with nothing but marks between, as bits 0 to 16. */
static inline uint32_t behind_single(uint32_t singles, uint32_t marks, uint32_t before)
{
    /* The carry of an addition runs through marks in a row. */
    uint32_t seeds = singles << 1 | before;
    return seeds | (((seeds & marks) + marks) ^ marks);
}

/* Appends the first `count` of 16 entries of the table. */
NDUP__TARGET_AVX512 static inline void put(ndup__token_stream *stream, __m512i entries,
                                           unsigned count)
{
    uint32_t live = (1u << count) - 1;
    uint32_t singles = _mm512_test_epi32_mask(entries, EACH(NDUP__TOKEN_SINGLE)) & live;
    uint32_t words = _mm512_test_epi32_mask(entries, EACH(NDUP__TOKEN_WORD)) & live;
    uint32_t marks = _mm512_test_epi32_mask(entries, EACH(NDUP__TOKEN_MARK)) & live;
    uint32_t behind = behind_single(singles, marks, stream->after_single);
    uint32_t parted = singles | (words & behind);
    stream->after_single = behind >> count & 1;
    /* A zero byte that is kept where tokens part, then the bytes of the code point. */
    __m512i lengths =
        _mm512_and_si512(_mm512_srli_epi32(entries, NDUP__TOKEN_LENGTH_SHIFT), EACH(3));
    const __m512i kept = _mm512_set4_epi32((int)0x80808000, 0x808000, 0x8000, 0);
    __m512i keep_of = _mm512_permutexvar_epi32(lengths, kept);
    keep_of = _mm512_maskz_mov_epi32((__mmask16)live, keep_of);
    keep_of = _mm512_mask_or_epi32(keep_of, (__mmask16)parted, keep_of, EACH(0x80));
    uint64_t keep = _mm512_movepi8_mask(keep_of);
    __m512i bytes = _mm512_maskz_compress_epi8(keep, _mm512_slli_epi32(entries, 8));
    _mm512_storeu_si512(stream->bytes + stream->used, bytes);
    stream->used += (size_t)_mm_popcnt_u64(keep);
}

/* The entries of three jamo for each Hangul syllable, by its position among them; 0 where there is
 * no third. Divisions by 588 and 28 are multiplications, exact below 11,172.
 * Source: Unicode Standard 15.0, 3.12. */
typedef struct parts {
    __m512i first;
    __m512i second;
    __m512i third;
} parts;

NDUP__TARGET_AVX512 static inline __m512i jamo_entry(__m512i code_point)
{
    __m512i six = EACH(0x3F);
    __m512i second = _mm512_and_si512(_mm512_srli_epi32(code_point, 6), six);
    __m512i third = _mm512_and_si512(code_point, six);
    __m512i bytes = _mm512_or_si512(_mm512_slli_epi32(second, 8), _mm512_slli_epi32(third, 16));
    return _mm512_or_si512(bytes,
                           EACH(0x8080E1u | NDUP__TOKEN_WORD | 3u << NDUP__TOKEN_LENGTH_SHIFT));
}

NDUP__TARGET_AVX512 static inline parts jamo_of(__m512i position)
{
    __m512i lead = _mm512_srli_epi32(_mm512_mullo_epi32(position, EACH(28533)), 24);
    __m512i pair = _mm512_srli_epi32(_mm512_mullo_epi32(position, EACH(37450)), 20);
    __m512i vowel = _mm512_sub_epi32(pair, _mm512_mullo_epi32(lead, EACH(21)));
    __m512i tail = _mm512_sub_epi32(position, _mm512_mullo_epi32(pair, EACH(28)));
    parts p;
    p.first = jamo_entry(_mm512_add_epi32(lead, EACH(0x1100)));
    p.second = jamo_entry(_mm512_add_epi32(vowel, EACH(0x1161)));
    p.third = _mm512_maskz_mov_epi32(_mm512_test_epi32_mask(tail, tail),
                                     jamo_entry(_mm512_add_epi32(tail, EACH(0x11A7))));
    return p;
}

NDUP__TARGET_AVX512 static inline void put_there(ndup__token_stream *stream, __m512i entries)
{
    __mmask16 there = _mm512_test_epi32_mask(entries, entries);
    put(stream, _mm512_maskz_compress_epi32(there, entries), (unsigned)_mm_popcnt_u32(there));
}

/* Appends the first `count` of 16 code points; the special ones are Hangul, of which each becomes
 * three entries in a row. */
NDUP__TARGET_AVX512 static void put_hangul(ndup__token_stream *stream, __m512i position,
                                           __m512i entries, unsigned count)
{
    /* Where the lanes of three rows of 16 come from: 16 and more is the second part. */
    const __m512i from[3] = {
        _mm512_setr_epi32(0, 16, 0, 1, 17, 0, 2, 18, 0, 3, 19, 0, 4, 20, 0, 5),
        _mm512_setr_epi32(21, 0, 6, 22, 0, 7, 23, 0, 8, 24, 0, 9, 25, 0, 10, 26),
        _mm512_setr_epi32(0, 11, 27, 0, 12, 28, 0, 13, 29, 0, 14, 30, 0, 15, 31, 0),
    };
    const __m512i thirds[3] = {
        _mm512_setr_epi32(0, 0, 0, 0, 0, 1, 0, 0, 2, 0, 0, 3, 0, 0, 4, 0),
        _mm512_setr_epi32(0, 5, 0, 0, 6, 0, 0, 7, 0, 0, 8, 0, 0, 9, 0, 0),
        _mm512_setr_epi32(10, 0, 0, 11, 0, 0, 12, 0, 0, 13, 0, 0, 14, 0, 0, 15),
    };
    static const __mmask16 is_third[3] = {0x4924, 0x2492, 0x9249};
    __mmask16 live = (__mmask16)((1u << count) - 1);
    __mmask16 special = _mm512_movepi32_mask(entries) & live;
    parts p = jamo_of(position);
    p.first = _mm512_mask_mov_epi32(_mm512_maskz_mov_epi32(live, entries), special, p.first);
    p.second = _mm512_maskz_mov_epi32(special, p.second);
    p.third = _mm512_maskz_mov_epi32(special, p.third);
    for (int i = 0; i < 3; i++) {
        __m512i row = _mm512_permutex2var_epi32(p.first, from[i], p.second);
        put_there(stream, _mm512_mask_permutexvar_epi32(row, is_third[i], thirds[i], p.third));
    }
}

/* Letters and digits in lower case, zero for all other bytes. */
NDUP__TARGET_AVX512 static inline __m512i fold_bytes(__m512i bytes)
{
    __m512i low = _mm512_or_si512(bytes, _mm512_set1_epi8(0x20));
    __mmask64 letters =
        _mm512_cmplt_epu8_mask(_mm512_sub_epi8(low, _mm512_set1_epi8('a')), _mm512_set1_epi8(26));
    __mmask64 digits =
        _mm512_cmplt_epu8_mask(_mm512_sub_epi8(bytes, _mm512_set1_epi8('0')), _mm512_set1_epi8(10));
    return _mm512_maskz_mov_epi8(letters | digits, low);
}

/* 256 bytes at `table` by the bytes of `index`. */
NDUP__TARGET_AVX512 static inline __m512i look_up(const uint8_t *table, __m512i index)
{
    __m512i low =
        _mm512_permutex2var_epi8(_mm512_loadu_si512(table), index, _mm512_loadu_si512(table + 64));
    __m512i high = _mm512_permutex2var_epi8(_mm512_loadu_si512(table + 128), index,
                                            _mm512_loadu_si512(table + 192));
    return _mm512_mask_mov_epi8(low, _mm512_movepi8_mask(index), high);
}

/* A window of short sequences in the making: every byte is replaced where it stands by what the
 * sequence that it belongs to folds to, and what is not needed is squeezed out at the end. */
typedef struct short_window {
    __m512i bytes;
    __m512i next;    /* the bytes one place on */
    __m512i folded;  /* at first bytes */
    __m512i seconds; /* at first bytes: what goes to the second */
    uint64_t done;   /* first bytes that were replaced */
    uint64_t tails;  /* bytes from 0x80 to 0xBF */
    uint64_t inside; /* of these, the ones that belong to something replaced */
} short_window;

/* Two bits of one byte above six of the other. */
NDUP__TARGET_AVX512 static inline __m512i index_of(__m512i high, __m512i low)
{
    __m512i two = _mm512_and_si512(_mm512_slli_epi16(high, 6), _mm512_set1_epi8((char)0xC0));
    return _mm512_or_si512(two, _mm512_and_si512(low, _mm512_set1_epi8(0x3F)));
}

/* Sequences of two bytes, group by group: a text has one alphabet, or two neighbours. */
NDUP__TARGET_AVX512 static inline void fold_pairs(short_window *w, const ndup__token_table *table,
                                                  const char *text)
{
    const __m512i from_lead = _mm512_sub_epi8(w->bytes, _mm512_set1_epi8((char)0xC2));
    const __m512i group_of = _mm512_and_si512(from_lead, _mm512_set1_epi8((char)0xFC));
    const __m512i index = index_of(from_lead, w->next);
    uint64_t leads = _mm512_cmplt_epu8_mask(from_lead, _mm512_set1_epi8(0xE0 - 0xC2));
    leads &= w->tails >> 1;
    w->inside |= leads << 1;
    while (leads != 0) {
        unsigned group = ((unsigned char)text[_tzcnt_u64(leads)] - 0xC2u) / 4;
        uint64_t same =
            leads & _mm512_cmpeq_epi8_mask(group_of, _mm512_set1_epi8((char)(4 * group)));
        w->folded =
            _mm512_mask_mov_epi8(w->folded, same, look_up(table->pair_firsts[group], index));
        w->seconds =
            _mm512_mask_mov_epi8(w->seconds, same, look_up(table->pair_seconds[group], index));
        w->done |= same;
        leads &= ~same;
    }
}

/* Sequences of three bytes: accented letters from U+1E00 and punctuation from U+2000. */
NDUP__TARGET_AVX512 static inline void fold_triples(short_window *w, const ndup__token_table *table,
                                                    uint64_t long_leads, const char *text,
                                                    uint64_t present)
{
    const __m512i third = _mm512_maskz_loadu_epi8(present >> 2, text + 2);
    const __m512i index = index_of(w->next, third);
    const __m512i from_letters = _mm512_sub_epi8(w->next, _mm512_set1_epi8((char)0xB8));
    long_leads &= w->tails >> 1 & w->tails >> 2;
    uint64_t letters = long_leads & _mm512_cmpeq_epi8_mask(w->bytes, _mm512_set1_epi8((char)0xE1)) &
                       _mm512_cmplt_epu8_mask(from_letters, _mm512_set1_epi8(4));
    uint64_t marks = long_leads & _mm512_cmpeq_epi8_mask(w->bytes, _mm512_set1_epi8((char)0xE2)) &
                     _mm512_cmpeq_epi8_mask(w->next, _mm512_set1_epi8((char)0x80));
    if (letters != 0) {
        w->folded = _mm512_mask_mov_epi8(w->folded, letters, look_up(table->letters, index));
    }
    w->folded = _mm512_mask_permutexvar_epi8(w->folded, marks, index,
                                             _mm512_loadu_si512(table->punctuation));
    w->done |= letters | marks;
    w->inside |= (letters | marks) << 1 | (letters | marks) << 2;
}

/* Folds a window of ASCII and short sequences up to the first that is anything else. Returns how
 * many bytes were taken. */
NDUP__TARGET_AVX512 static inline size_t fold_short_window(ndup__token_stream *stream,
                                                           const ndup__token_table *table,
                                                           __m512i window, const char *text,
                                                           uint64_t present)
{
    const __m512i before = _mm512_sub_epi8(byte_numbers(), _mm512_set1_epi8(1));
    short_window w = {
        .bytes = window,
        .next = _mm512_maskz_loadu_epi8(present >> 1, text + 1),
        .folded = fold_bytes(window),
        .seconds = _mm512_setzero_si512(),
        .tails = _mm512_cmplt_epi8_mask(window, _mm512_set1_epi8((char)0xC0)),
    };
    uint64_t long_leads = _mm512_cmpge_epu8_mask(window, _mm512_set1_epi8((char)0xE0));
    fold_pairs(&w, table, text);
    if (long_leads != 0) {
        fold_triples(&w, table, long_leads, text, present);
    }
    uint64_t others = _mm512_movepi8_mask(window) & ~w.done & ~w.inside;
    uint64_t unknown =
        w.done & _mm512_cmpeq_epi8_mask(w.folded, _mm512_set1_epi8((char)NDUP__TOKEN_OTHER));
    uint64_t vanished =
        w.done & _mm512_cmpeq_epi8_mask(w.folded, _mm512_set1_epi8((char)NDUP__TOKEN_VANISHES));
    /* What vanishes must not part a single from its marks. */
    unsigned taken = (unsigned)_tzcnt_u64(others | unknown | (vanished & 1));
    __m512i seconds = _mm512_maskz_permutexvar_epi8(w.inside, before, w.seconds);
    uint64_t kept = ~vanished & (~w.inside | _mm512_test_epi8_mask(seconds, seconds)) & present;
    __m512i folded = _mm512_mask_mov_epi8(w.folded, w.inside, seconds);
    kept = _bzhi_u64(kept, taken);
    if (taken == 0) {
        return 0;
    }
    stream->bytes[stream->used] = 0;
    stream->used += stream->after_single;
    stream->after_single = 0;
    _mm512_storeu_si512(stream->bytes + stream->used, _mm512_maskz_compress_epi8(kept, folded));
    stream->used += (size_t)_mm_popcnt_u64(kept);
    unsigned length = (unsigned)_mm_popcnt_u64(present);
    return taken < length ? taken : length;
}

NDUP__TARGET_AVX512
size_t ndup__token_fold_avx512(ndup__token_stream *stream, const ndup__token_table *table,
                               const char *text, size_t length)
{
    ndup__token_stream s = *stream;
    size_t at = 0;
    while (at < length && s.used < s.limit) {
        unsigned left = length - at < 64 ? (unsigned)(length - at) : 64;
        uint64_t present = _bzhi_u64(~(uint64_t)0, left);
        __m512i window = _mm512_maskz_loadu_epi8(present, text + at);
        uint64_t others = _mm512_movepi8_mask(window);
        if (others == 0) {
            s.bytes[s.used] = 0;
            s.used += s.after_single;
            s.after_single = 0;
            _mm512_storeu_si512(s.bytes + s.used, fold_bytes(window));
            s.used += left;
            at += left;
            continue;
        }
        unsigned char first = (unsigned char)text[at];
        if (first < 0xE3 && first != 0xE0) {
            size_t taken = fold_short_window(&s, table, window, text + at, present);
            at += taken;
            if (taken >= SHORT_RUN) {
                continue;
            }
            left = length - at < 64 ? (unsigned)(length - at) : 64;
            present = _bzhi_u64(~(uint64_t)0, left);
            window = _mm512_maskz_loadu_epi8(present, text + at);
        }
        decoded d = decode(window, left, present);
        __m512i entries = _mm512_i32gather_epi32(d.code_points, table->entries, 4);
        uint32_t special = _mm512_movepi32_mask(entries);
        if ((d.bad | special) == 0 && d.sequences > LANES) {
            /* Where the next one begins does not wait for the table. */
            put(&s, entries, LANES);
            at += _tzcnt_u64(_pdep_u64((uint64_t)1 << LANES, d.leads));
            continue;
        }
        __m512i position = _mm512_sub_epi32(d.code_points, EACH(NDUP__TOKEN_HANGUL_FIRST));
        uint32_t hangul = _mm512_cmplt_epu32_mask(position, EACH(NDUP__TOKEN_HANGUL_COUNT));
        uint32_t bad = d.bad | (special & ~hangul);
        uint32_t expands = _mm512_test_epi32_mask(entries, EACH(NDUP__TOKEN_EXPANDS)) & special;
        bool is_dense = (expands & (expands - 1)) != 0;
        unsigned count = is_dense ? 0 : _tzcnt_u32(bad | 1u << LANES);
        if (count > 0) {
            int ends[LANES];
            _mm512_storeu_si512(ends, d.ends);
            if (special != 0) {
                put_hangul(&s, position, entries, count);
            } else {
                put(&s, entries, count);
            }
            at += (size_t)ends[count - 1];
        }
        if (count < LANES && at < length) {
            size_t steps = !is_dense && (expands >> count & 1) != 0 ? 1 : CAREFUL_STEPS;
            size_t taken = ndup__token_fold_short(&s, table, text + at, length - at, steps);
            at += taken;
            if (taken == 0 && (unsigned char)text[at] >= 0x80) {
                break;
            }
        }
    }
    *stream = s;
    return at;
}
#else
typedef int ndup__token_fold_avx512_needs_x86;
#endif
