/* SPDX-License-Identifier: MIT */
/* Which encoding it is: what the bytes are counts for more than what somebody says they are. */
#include <string.h>

#include "html/charset.h"
#include "html/charset_prescan.h"
#include "text/utf8.h"

/* How far a page is searched for its encoding before its bytes are looked at, as browsers do. */
#define PRESCAN_BYTES ((size_t)1024)
/* So many valid sequences do not come about by chance in an encoding of several bytes a character;
 * in one of single bytes even one does not. */
#define CHANCE_SEQUENCES 8
/* Valid sequences for each damaged one that make a text without a label UTF-8. */
#define SEQUENCES_TO_DAMAGE 16
/* How far zero bytes are counted. */
#define ZERO_BYTES ((size_t)1024)

/* What speaks for UTF-8. */
typedef struct evidence {
    uint64_t sequences; /* valid ones of several bytes */
    uint64_t damaged;   /* but for one that the end cuts off behind valid ones */
    bool has_escape;    /* ISO-2022-JP is ASCII with escape sequences */
} evidence;

static bool is_cut_off(const char *at, size_t left)
{
    unsigned char lead = (unsigned char)*at;
    size_t length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
    size_t there = 1;
    while (there < left && (at[there] & 0xC0) == 0x80) {
        there++;
    }
    return lead >= 0xC2 && lead < 0xF5 && there == left && left < length;
}

static void weigh(evidence *found, const char *bytes, size_t length)
{
    *found = (evidence){.has_escape = length > 0 && memchr(bytes, 0x1B, length) != NULL};
    for (size_t at = 0; at < length;) {
        if (ndup__utf8_begins_ascii(bytes + at, length - at)) {
            at += 8;
            continue;
        }
        uint32_t code_point;
        uint64_t replaced = 0;
        size_t taken = ndup__utf8_read(&code_point, bytes + at, length - at, &replaced);
        if (found->sequences > 0 && replaced > 0 && is_cut_off(bytes + at, length - at)) {
            return;
        }
        found->damaged += replaced;
        found->sequences += replaced == 0 && taken > 1;
        at += taken;
    }
}

/* Whether characters of two bytes and more may pass for UTF-8 by chance. */
static bool is_wide(const ndup__charset *label)
{
    static const char *const names[] = {"GBK", "gb18030", "Big5", "EUC-JP", "Shift_JIS", "EUC-KR"};
    size_t i = 0;
    while (i < sizeof names / sizeof *names && strcmp(names[i], label->name) != 0) {
        i++;
    }
    return i < sizeof names / sizeof *names;
}

/* Whether the bytes are UTF-8 although they are labelled otherwise. */
static bool refutes(const evidence *found, const ndup__charset *label)
{
    return found->damaged == 0 && found->sequences >= (is_wide(label) ? CHANCE_SEQUENCES : 1);
}

static bool is_utf8(const evidence *found)
{
    return found->damaged == 0 || found->sequences / SEQUENCES_TO_DAMAGE >= found->damaged;
}

const ndup__charset *ndup__charset_by_mark(size_t *mark, const char *bytes, size_t length)
{
    /* UTF-32 first: its mark begins with that of UTF-16. */
    static const struct {
        const char *bytes;
        size_t length;
    } marks[] = {{"\xEF\xBB\xBF", 3},
                 {"\xFF\xFE\0\0", 4},
                 {"\0\0\xFE\xFF", 4},
                 {"\xFF\xFE", 2},
                 {"\xFE\xFF", 2}};
    const ndup__charset *const charsets[] = {ndup__charset_utf8(), ndup__charset_utf32(false),
                                             ndup__charset_utf32(true), ndup__charset_utf16(false),
                                             ndup__charset_utf16(true)};
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++) {
        *mark = marks[i].length;
        if (length >= *mark && memcmp(bytes, marks[i].bytes, *mark) == 0) {
            return charsets[i];
        }
    }
    *mark = 0;
    return NULL;
}

const ndup__charset *ndup__charset_by_zeros(const char *bytes, size_t length)
{
    size_t zeros[2] = {0, 0}; /* at even and at odd places */
    size_t units = (length < ZERO_BYTES ? length : ZERO_BYTES) / 2;
    for (size_t i = 0; i < 2 * units; i++) {
        zeros[i % 2] += bytes[i] == '\0';
    }
    for (int odd = 0; odd < 2; odd++) {
        if (units >= 2 && zeros[odd] > units / 2 && zeros[1 - odd] <= units / 16) {
            return ndup__charset_utf16(!odd);
        }
    }
    return NULL;
}

static const ndup__charset *by_content_type(ndup_text content_type)
{
    const char *bytes = content_type.bytes;
    return content_type.length == 0 ? NULL
                                    : ndup__charset_by_label(ndup__charset_parameter(
                                          bytes, bytes + content_type.length, "charset"));
}

/* Whose ASCII letters could be read is not in UTF-16, whatever it says. */
static const ndup__charset *but_utf16(const ndup__charset *label)
{
    bool is_utf16 = label == ndup__charset_utf16(false) || label == ndup__charset_utf16(true);
    return is_utf16 ? ndup__charset_utf8() : label;
}

static const ndup__charset *detect(size_t *mark, const char *bytes, size_t length,
                                   ndup_text content_type, bool is_page)
{
    const ndup__charset *found = ndup__charset_by_mark(mark, bytes, length);
    found = found != NULL ? found : ndup__charset_by_zeros(bytes, length);
    if (found != NULL) {
        return found;
    }
    const ndup__charset *label = but_utf16(by_content_type(content_type));
    if (label == NULL && is_page && length > 0) {
        size_t first = length < PRESCAN_BYTES ? length : PRESCAN_BYTES;
        label = but_utf16(ndup__charset_prescan(bytes, first));
    }
    if (label == ndup__charset_utf8()) {
        return label;
    }
    evidence bytes_say;
    weigh(&bytes_say, bytes, length);
    if (label != NULL) {
        return refutes(&bytes_say, label) ? ndup__charset_utf8() : label;
    }
    if (is_page && length > PRESCAN_BYTES && (bytes_say.damaged > 0 || bytes_say.has_escape)) {
        label = but_utf16(ndup__charset_prescan(bytes, length));
    }
    return label != NULL         ? label
           : is_utf8(&bytes_say) ? ndup__charset_utf8()
                                 : ndup__charset_latin1();
}

const ndup__charset *ndup__charset_detect(size_t *mark, const char *bytes, size_t length,
                                          ndup_text content_type)
{
    return detect(mark, bytes, length, content_type, false);
}

const ndup__charset *ndup__charset_detect_page(size_t *mark, const char *bytes, size_t length,
                                               ndup_text content_type)
{
    return detect(mark, bytes, length, content_type, true);
}
