/* SPDX-License-Identifier: MIT */
/* Text to folded tokens: 64 bytes of ASCII and pairs or 16 code points at a time. */
#include "kernel/token_fold.h"

#if NDUP__CPU_X86
#include <immintrin.h>
#include <stdbool.h>

#define LANES 16
#define EACH(value) _mm512_set1_epi32((int)(value))

/* After a shorter run of short sequences, the code points behind it are taken at once. */
#define SHORT_RUN 12

/* After something special, and where two of a window expand (voiced kana), as many code points are
 * taken one by one: more of it is near. */
#define CAREFUL_STEPS 48

/* The first 16 sequences of a window, decoded, and what is wrong in the whole of it. */
typedef struct decoded {
    __m512i code_points;
    __mmask16 overlong;
    __mmask64 strays; /* bytes that are not where a sequence of one to three has them */
    uint64_t missing; /* those of them that should be the second or third of one */
    uint64_t leads;   /* first bytes */
} decoded;

NDUP__TARGET_AVX512 static inline __m512i byte_numbers(void)
{
    return _mm512_set_epi64(0x3F3E3D3C3B3A3938, 0x3736353433323130, 0x2F2E2D2C2B2A2928,
                            0x2726252423222120, 0x1F1E1D1C1B1A1918, 0x1716151413121110,
                            0x0F0E0D0C0B0A0908, 0x0706050403020100);
}

/* How many of a window's bytes begin a sequence that may go on behind it: 0 to 2, which cannot be
 * foreseen. */
static inline unsigned waiting(const char *text, unsigned length)
{
    unsigned last = (unsigned char)text[length - 1] >= 0xC2;
    unsigned one_before = (unsigned char)text[length - (length > 1 ? 2 : 1)] >= 0xE0;
    return last | (one_before & ~last) << 1;
}

/* A value by the high half of first bytes: of one, two and three bytes. */
NDUP__TARGET_AVX512 static inline __m512i by_lead(__m512i bytes, int one, int two, int three)
{
    __m512i values = _mm512_setr_epi32(one, one, one, one, one, one, one, one, one, one, one, one,
                                       two, two, three, three);
    return _mm512_permutexvar_epi32(_mm512_srli_epi32(bytes, 4), values);
}

/* Decodes a window, zero behind the bytes that are `present`. The last sequence may go on behind
 * it.
 */
NDUP__TARGET_AVX512 static inline decoded decode(__m512i window, uint64_t present)
{
    const __m512i numbers_of_lanes =
        _mm512_setr_epi32(0, 0x01010101, 0x02020202, 0x03030303, 0x04040404, 0x05050505, 0x06060606,
                          0x07070707, 0x08080808, 0x09090909, 0x0A0A0A0A, 0x0B0B0B0B, 0x0C0C0C0C,
                          0x0D0D0D0D, 0x0E0E0E0E, 0x0F0F0F0F);
    decoded d;
    __mmask64 tails = _mm512_cmplt_epi8_mask(window, _mm512_set1_epi8((char)0xC0));
    __mmask64 two = _mm512_cmpge_epu8_mask(window, _mm512_set1_epi8((char)0xC0));
    __mmask64 three = _mm512_cmpge_epu8_mask(window, _mm512_set1_epi8((char)0xE0));
    __mmask64 four = _mm512_cmpge_epu8_mask(window, _mm512_set1_epi8((char)0xF0));
    __mmask64 expected = _kor_mask64(_kshiftli_mask64(two, 1), _kshiftli_mask64(three, 2));
    d.strays = _kor_mask64(four, _kxor_mask64(tails, expected));
    d.missing = _kandn_mask64(tails, expected);
    d.leads = ~(uint64_t)tails & present;
    /* Each lane gets the four bytes from its sequence's first one on. */
    __m512i places = _mm512_maskz_compress_epi8(d.leads, byte_numbers());
    __m512i index =
        _mm512_add_epi8(_mm512_permutexvar_epi8(numbers_of_lanes, places), EACH(0x03020100));
    __m512i bytes = _mm512_permutexvar_epi8(index, window);
    /* As if all had three bytes: their bits one behind the other. */
    __m512i bits = _mm512_and_si512(bytes, by_lead(bytes, 0x7F, 0x3F1F, 0x3F3F0F));
    bits = _mm512_maddubs_epi16(bits, EACH(0x00010140));
    bits = _mm512_madd_epi16(bits, EACH(0x00010040));
    d.code_points = _mm512_srlv_epi32(bits, by_lead(bytes, 12, 6, 0));
    d.overlong = _mm512_cmplt_epu32_mask(d.code_points, by_lead(bytes, 0, 0x80, 0x800));
    return d;
}

/* A row of whole sequences from the start of a window on. */
typedef struct sequence_row {
    unsigned count; /* at most 16 */
    unsigned length;
} sequence_row;

/* The row before what is wrong in a window of `length` bytes, or is one of `others`. */
NDUP__TARGET_AVX512 static inline sequence_row find_row(const decoded *d, uint32_t others,
                                                        unsigned length)
{
    unsigned stray = (unsigned)_tzcnt_u64(d->strays);
    unsigned is_cut = stray <= length && (d->missing & d->strays & (0 - d->strays)) != 0;
    stray = stray < length ? stray : length;
    unsigned count = (unsigned)_mm_popcnt_u64(_bzhi_u64(d->leads, stray)) - is_cut;
    unsigned other = _tzcnt_u32(others | d->overlong | 1u << LANES);
    count = other < count ? other : count;
    unsigned next = (unsigned)_tzcnt_u64(_pdep_u64((uint64_t)1 << count, d->leads));
    return (sequence_row){count, next < stray ? next : stray};
}

/* Which code points come behind a single with nothing but marks between, as bits 0 to 16. */
NDUP__TARGET_AVX512 static inline __mmask32 behind_single(__mmask32 singles, __mmask32 marks,
                                                          uint32_t before)
{
    /* The carry of an addition runs through marks in a row. */
    __mmask32 seeds = _kor_mask32(_kshiftli_mask32(singles, 1), _cvtu32_mask32(before));
    __mmask32 sum = _kadd_mask32(_kand_mask32(seeds, marks), marks);
    return _kor_mask32(seeds, _kxor_mask32(sum, marks));
}

/* Appends the first `count` of 16 entries of the table. */
NDUP__TARGET_AVX512 static inline void put(ndup__token_stream *stream, __m512i entries,
                                           unsigned count)
{
    __mmask16 live = (__mmask16)((1u << count) - 1);
    __mmask32 singles = _mm512_mask_test_epi32_mask(live, entries, EACH(NDUP__TOKEN_SINGLE));
    __mmask32 words = _mm512_mask_test_epi32_mask(live, entries, EACH(NDUP__TOKEN_WORD));
    __mmask32 marks = _mm512_mask_test_epi32_mask(live, entries, EACH(NDUP__TOKEN_MARK));
    __mmask32 behind = behind_single(singles, marks, stream->after_single);
    __mmask32 parted = _kor_mask32(singles, _kand_mask32(words, behind));
    stream->after_single = _cvtmask32_u32(behind) >> count & 1;
    /* A zero byte that is kept where tokens part, then the bytes of the code point. */
    __m512i lengths =
        _mm512_and_si512(_mm512_srli_epi32(entries, NDUP__TOKEN_LENGTH_SHIFT), EACH(3));
    const __m512i kept = _mm512_set4_epi32((int)0x80808000, 0x808000, 0x8000, 0);
    __m512i keep_of = _mm512_maskz_permutexvar_epi32(live, lengths, kept);
    keep_of = _mm512_mask_or_epi32(keep_of, (__mmask16)parted, keep_of, EACH(0x80));
    __mmask64 keep = _mm512_movepi8_mask(keep_of);
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

/* What is begun now does not go on from a single. */
static inline void end_single(ndup__token_stream *stream)
{
    stream->bytes[stream->used] = 0;
    stream->used += stream->after_single;
    stream->after_single = 0;
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
 * sequence that it belongs to folds to, and what is not needed is squeezed out at the end. Masks
 * stay in mask registers as far as can be: moving one out takes two cycles. */
typedef struct short_window {
    __m512i bytes;
    __m512i next;     /* the bytes one place on */
    __m512i folded;   /* at first bytes */
    __m512i seconds;  /* at first bytes: what goes to the second */
    __mmask64 tails;  /* bytes from 0x80 to 0xBF */
    __mmask64 done;   /* first bytes that were replaced */
    __mmask64 inside; /* tails that belong to something replaced */
} short_window;

NDUP__TARGET_AVX512 static inline bool has_none(__mmask64 mask)
{
    return _kortestz_mask64_u8(mask, mask) != 0;
}

/* Two bits of one byte above six of the other. */
NDUP__TARGET_AVX512 static inline __m512i index_of(__m512i high, __m512i low)
{
    __m512i two = _mm512_and_si512(_mm512_slli_epi16(high, 6), _mm512_set1_epi8((char)0xC0));
    return _mm512_or_si512(two, _mm512_and_si512(low, _mm512_set1_epi8(0x3F)));
}

/* The first of four leads that are looked up together, `lead` among them: those of an alphabet. */
static inline unsigned group_of_lead(unsigned lead)
{
    if (lead < 0xCE) { /* Latin from C2 on */
        return ((lead - 0xC2) & ~3u) + 0xC2;
    }
    return lead < 0xD0 ? 0xCE : lead & ~3u; /* Greek; Cyrillic D0, Hebrew D4, Arabic D8 */
}

/* What pairs whose first byte is one of a group fold to, by index_of. */
static inline const uint8_t *firsts_of(const ndup__token_table *table, unsigned group)
{
    return table->pair_firsts + (size_t)64 * (group - 0xC2);
}

static inline const uint8_t *seconds_of(const ndup__token_table *table, unsigned group)
{
    return table->pair_seconds + (size_t)64 * (group - 0xC2);
}

/* Sequences of two bytes, group by group: a text has one alphabet, or two neighbours. `group` is
 * the last one, of the windows before at first. */
NDUP__TARGET_AVX512 static inline void fold_pairs(short_window *w, unsigned *group,
                                                  const ndup__token_table *table, const char *text)
{
    const __m512i from_lead = _mm512_sub_epi8(w->bytes, _mm512_set1_epi8((char)0xC2));
    __mmask64 leads = _mm512_mask_cmplt_epu8_mask(_kshiftri_mask64(w->tails, 1), from_lead,
                                                  _mm512_set1_epi8(0xE0 - 0xC2));
    w->inside = _kshiftli_mask64(leads, 1);
    while (!has_none(leads)) {
        __m512i from_group = _mm512_sub_epi8(w->bytes, _mm512_set1_epi8((char)*group));
        __mmask64 same = _mm512_mask_cmplt_epu8_mask(leads, from_group, _mm512_set1_epi8(4));
        __m512i index = index_of(from_group, w->next);
        w->folded = _mm512_mask_mov_epi8(w->folded, same, look_up(firsts_of(table, *group), index));
        w->seconds =
            _mm512_mask_mov_epi8(w->seconds, same, look_up(seconds_of(table, *group), index));
        w->done = _kor_mask64(w->done, same);
        leads = _kandn_mask64(same, leads);
        if (!has_none(leads)) {
            *group = group_of_lead((unsigned char)text[_tzcnt_u64(leads)]);
        }
    }
}

/* Sequences of three bytes: accented letters from U+1E00 and punctuation from U+2000. */
NDUP__TARGET_AVX512 static inline void fold_triples(short_window *w, const ndup__token_table *table,
                                                    __m512i third)
{
    const __m512i index = index_of(w->next, third);
    const __m512i from_letters = _mm512_sub_epi8(w->next, _mm512_set1_epi8((char)0xB8));
    __mmask64 whole = _kand_mask64(_kshiftri_mask64(w->tails, 1), _kshiftri_mask64(w->tails, 2));
    __mmask64 letters = _mm512_mask_cmplt_epu8_mask(
        _mm512_mask_cmpeq_epi8_mask(whole, w->bytes, _mm512_set1_epi8((char)0xE1)), from_letters,
        _mm512_set1_epi8(4));
    __mmask64 marks = _mm512_mask_cmpeq_epi8_mask(
        _mm512_mask_cmpeq_epi8_mask(whole, w->bytes, _mm512_set1_epi8((char)0xE2)), w->next,
        _mm512_set1_epi8((char)0x80));
    w->folded = _mm512_mask_mov_epi8(w->folded, letters, look_up(table->letters, index));
    w->folded = _mm512_mask_permutexvar_epi8(w->folded, marks, index,
                                             _mm512_loadu_si512(table->punctuation));
    letters = _kor_mask64(letters, marks);
    w->done = _kor_mask64(w->done, letters);
    w->inside = _kor_mask64(
        w->inside, _kor_mask64(_kshiftli_mask64(letters, 1), _kshiftli_mask64(letters, 2)));
}

/* Folds a window of ASCII and short sequences up to the first that is anything else: `length`
 * bytes, 1 to 64. Returns how many bytes were taken. */
NDUP__TARGET_AVX512 static inline size_t fold_short_window(ndup__token_stream *stream,
                                                           unsigned *group,
                                                           const ndup__token_table *table,
                                                           const char *text, unsigned length)
{
    const __m512i before = _mm512_sub_epi8(byte_numbers(), _mm512_set1_epi8(1));
    unsigned whole = length - waiting(text, length);
    uint64_t present = _bzhi_u64(~(uint64_t)0, whole);
    __m512i window = _mm512_maskz_loadu_epi8(present, text);
    short_window w = {
        .bytes = window,
        .next = _mm512_maskz_loadu_epi8(present >> 1, text + 1),
        .folded = fold_bytes(window),
        .seconds = _mm512_setzero_si512(),
        .tails = _mm512_cmplt_epi8_mask(window, _mm512_set1_epi8((char)0xC0)),
    };
    fold_pairs(&w, group, table, text);
    if (!has_none(_mm512_cmpge_epu8_mask(window, _mm512_set1_epi8((char)0xE0)))) {
        fold_triples(&w, table, _mm512_maskz_loadu_epi8(present >> 2, text + 2));
    }
    __mmask64 strays = _kandn_mask64(_kor_mask64(w.done, w.inside), _mm512_movepi8_mask(window));
    __mmask64 special =
        _mm512_mask_cmpge_epu8_mask(w.done, w.folded, _mm512_set1_epi8((char)NDUP__TOKEN_VANISHES));
    uint64_t kept = present;
    unsigned taken = whole;
    if (!_kortestz_mask64_u8(strays, special)) {
        uint64_t unknown =
            w.done & _mm512_cmpeq_epi8_mask(w.folded, _mm512_set1_epi8((char)NDUP__TOKEN_OTHER));
        uint64_t vanished = special & ~unknown;
        /* What vanishes must not part a single from its marks. */
        unsigned stop = (unsigned)_tzcnt_u64(strays | unknown | (vanished & 1));
        taken = stop < taken ? stop : taken;
        kept = _bzhi_u64(present & ~vanished, taken);
    }
    if (taken == 0) {
        return 0;
    }
    __m512i seconds = _mm512_maskz_permutexvar_epi8(w.inside, before, w.seconds);
    __m512i folded = _mm512_mask_mov_epi8(w.folded, w.inside, seconds);
    __mmask64 there = _kor_mask64(_knot_mask64(w.inside), _mm512_test_epi8_mask(seconds, seconds));
    kept = _kand_mask64(there, kept);
    end_single(stream);
    _mm512_storeu_si512(stream->bytes + stream->used, _mm512_maskz_compress_epi8(kept, folded));
    stream->used += (size_t)_mm_popcnt_u64(kept);
    return taken;
}

/* Folds whole windows of ASCII. Returns how many bytes were taken. */
NDUP__TARGET_AVX512 static inline size_t fold_ascii(ndup__token_stream *stream, const char *text,
                                                    size_t length)
{
    size_t at = 0;
    while (length - at >= 64 && stream->used < stream->limit) {
        __m512i window = _mm512_loadu_si512(text + at);
        __mmask64 high = _mm512_movepi8_mask(window);
        if (!_kortestz_mask64_u8(high, high)) {
            break;
        }
        end_single(stream);
        _mm512_storeu_si512(stream->bytes + stream->used, fold_bytes(window));
        stream->used += 64;
        at += 64;
    }
    return at;
}

/* Folds 16 code points, or those before the first that is special, and this one with some behind it
 * one by one. Returns how many bytes were taken; 0 where the text begins with what is left to the
 * caller, or with ASCII. */
NDUP__TARGET_AVX512 static inline size_t fold_code_points(ndup__token_stream *stream,
                                                          const ndup__token_table *table,
                                                          const char *text, size_t length)
{
    unsigned left = length < 64 ? (unsigned)length : 64;
    uint64_t present = _bzhi_u64(~(uint64_t)0, left);
    decoded d = decode(
        left == 64 ? _mm512_loadu_si512(text) : _mm512_maskz_loadu_epi8(present, text), present);
    __m512i entries = _mm512_i32gather_epi32(d.code_points, table->entries, 4);
    __mmask16 specials = _mm512_movepi32_mask(entries);
    uint64_t behind = _pdep_u64((uint64_t)1 << LANES, d.leads); /* the 17th sequence */
    if (has_none(d.strays) && _kortestz_mask16_u8(d.overlong, specials) && behind != 0) {
        /* Where the next one begins does not wait for the table. */
        put(stream, entries, LANES);
        return _tzcnt_u64(behind);
    }
    __m512i position = _mm512_sub_epi32(d.code_points, EACH(NDUP__TOKEN_HANGUL_FIRST));
    uint32_t special = specials;
    uint32_t hangul = _mm512_cmplt_epu32_mask(position, EACH(NDUP__TOKEN_HANGUL_COUNT));
    uint32_t expands = _mm512_test_epi32_mask(entries, EACH(NDUP__TOKEN_EXPANDS)) & special;
    sequence_row row = find_row(&d, special & ~hangul, left - waiting(text, left));
    if ((expands & (expands - 1)) != 0) { /* two or more */
        return ndup__token_fold_short(stream, table, text, length, CAREFUL_STEPS);
    }
    if (row.count == 0) {
        row.length = 0;
    } else if (special != 0) {
        put_hangul(stream, position, entries, row.count);
    } else {
        put(stream, entries, row.count);
    }
    if (row.count == LANES || row.length == length) {
        return row.length;
    }
    size_t steps = (expands >> row.count & 1) != 0 ? 1 : CAREFUL_STEPS;
    return row.length +
           ndup__token_fold_short(stream, table, text + row.length, length - row.length, steps);
}

NDUP__TARGET_AVX512
size_t ndup__token_fold_avx512(ndup__token_stream *stream, const ndup__token_table *table,
                               const char *text, size_t length)
{
    ndup__token_stream s = *stream;
    size_t at = 0;
    unsigned group = 0xC2; /* of the last pair */
    while (at < length && s.used < s.limit) {
        unsigned char first = (unsigned char)text[at];
        size_t taken = first < 0x80 ? fold_ascii(&s, text + at, length - at) : 0;
        if (taken == 0 && first < 0xE3 && first != 0xE0) {
            unsigned left = length - at < 64 ? (unsigned)(length - at) : 64;
            taken = fold_short_window(&s, &group, table, text + at, left);
        }
        at += taken;
        if (taken < SHORT_RUN && at < length) {
            taken = fold_code_points(&s, table, text + at, length - at);
            if (taken == 0 && (unsigned char)text[at] >= 0x80) {
                break;
            }
            at += taken;
        }
    }
    *stream = s;
    return at;
}
#else
typedef int ndup__token_fold_avx512_needs_x86;
#endif
