/* SPDX-License-Identifier: MIT */
/* Folding through the generated tables. */
#include "text/fold.h"

#include "text/fold_record.h"

static ndup__folded unpack(uint32_t element)
{
    uint32_t order = ndup__folded_order(element);
    return (ndup__folded){
        .code_point = ndup__folded_code_point(element),
        .token_class = (uint8_t)ndup__folded_class(element),
        .mark_order = (uint8_t)(order == 0 ? 0 : order + 6),
    };
}

size_t ndup__fold(ndup__folded out[NDUP__FOLD_MAX], uint32_t code_point)
{
    uint32_t record = ndup__fold_record(code_point);
    uint32_t jamo[3];
    uint32_t one;
    const uint32_t *elements;
    uint32_t length;
    switch (ndup__fold_kind(record)) {
    case NDUP__FOLD_KIND_ONE:
        one = ndup__fold_one(record, code_point);
        elements = &one;
        length = 1;
        break;
    case NDUP__FOLD_KIND_SYLLABLE:
        elements = jamo;
        length = ndup__fold_syllable(jamo, record, code_point);
        break;
    default:
        elements = ndup__fold_many(&length, record);
        break;
    }
    for (uint32_t i = 0; i < length; i++) {
        out[i] = unpack(elements[i]);
    }
    return length;
}
