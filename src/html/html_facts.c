/* SPDX-License-Identifier: MIT */
/* Ranked sources of what a page says about itself. */
#include "html/html_facts.h"

#include <string.h>

#include "html/address.h"
#include "html/html_attributes.h"

/* A value is cut off here. */
#define FACT_BYTES ((size_t)2048)

/* Names in <meta name|property|itemprop|http-equiv>, and what their content is. */
static const struct {
    const char *name;
    ndup__html_fact fact;
    unsigned rank;
} metas[] = {
    {"og:title", NDUP__HTML_TITLE, 1},
    {"twitter:title", NDUP__HTML_TITLE, 3},
    {"og:url", NDUP__HTML_URL, 2},
    {"og:site_name", NDUP__HTML_SITE, 1},
    {"application-name", NDUP__HTML_SITE, 3},
    {"article:published_time", NDUP__HTML_DATE, 1},
    {"og:article:published_time", NDUP__HTML_DATE, 1},
    {"datepublished", NDUP__HTML_DATE, 3},
    {"date", NDUP__HTML_DATE, 4},
    {"pubdate", NDUP__HTML_DATE, 4},
    {"publish-date", NDUP__HTML_DATE, 4},
    {"publish_date", NDUP__HTML_DATE, 4},
    {"publication_date", NDUP__HTML_DATE, 4},
    {"parsely-pub-date", NDUP__HTML_DATE, 4},
    {"sailthru.date", NDUP__HTML_DATE, 4},
    {"dc.date", NDUP__HTML_DATE, 4},
    {"dc.date.issued", NDUP__HTML_DATE, 4},
    {"dcterms.date", NDUP__HTML_DATE, 4},
    {"dcterms.created", NDUP__HTML_DATE, 4},
    {"content-language", NDUP__HTML_LANGUAGE, 2},
    {"og:locale", NDUP__HTML_LANGUAGE, 4},
};

static bool is_space(char byte)
{
    return (unsigned char)byte <= ' ';
}

static size_t collapse(char *text, size_t length)
{
    size_t written = 0;
    for (size_t i = 0; i < length; i++) {
        if (!is_space(text[i])) {
            text[written++] = text[i];
        } else if (written > 0 && text[written - 1] != ' ') {
            text[written++] = ' ';
        }
    }
    return written > 0 && text[written - 1] == ' ' ? written - 1 : written;
}

static bool is_digits(const char *text, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (text[i] < '0' || text[i] > '9') {
            return false;
        }
    }
    return true;
}

/* "2019-11-14...", "2019/11/14..." and "20191114" become 2019-11-14...; there is room for two more
 * bytes. Returns the new length, 0 when it is no date. */
static size_t repair_date(char *text, size_t length)
{
    bool has_dashes = length >= 10 && (text[4] == '-' || text[4] == '/') && text[7] == text[4] &&
                      is_digits(text, 4) && is_digits(text + 5, 2) && is_digits(text + 8, 2);
    if (has_dashes && length <= 40) {
        text[4] = '-';
        text[7] = '-';
        return length;
    }
    if (length != 8 || !is_digits(text, 8)) {
        return 0;
    }
    memmove(text + 8, text + 6, 2);
    memmove(text + 5, text + 4, 2);
    text[4] = '-';
    text[7] = '-';
    return 10;
}

/* "en_US" becomes en-US; what is no language tag has length 0. */
static size_t repair_language(char *text, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        bool is_fine = (text[i] >= 'a' && text[i] <= 'z') || (text[i] >= 'A' && text[i] <= 'Z') ||
                       (i > 0 && (is_digits(text + i, 1) || text[i] == '-' || text[i] == '_'));
        if (!is_fine) {
            return 0;
        }
        text[i] = text[i] == '_' ? '-' : text[i];
    }
    return length >= 2 && length <= 35 ? length : 0;
}

ndup_status ndup__html_facts_offer(ndup__html_facts *facts, ndup__html_fact fact, unsigned rank,
                                   ndup_text value, ndup_error *error)
{
    if (facts->ranks[fact] != 0 && facts->ranks[fact] <= rank) {
        return NDUP_STATUS_OK;
    }
    size_t length = value.length;
    if (length > FACT_BYTES) {
        length = FACT_BYTES;
        while (length > 0 && ((unsigned char)value.bytes[length] & 0xC0) == 0x80) {
            length--;
        }
    }
    void *block;
    ndup_status status = ndup__arena_take(facts->arena, &block, length + 2, error);
    if (status != NDUP_STATUS_OK) {
        return status;
    }
    char *text = block;
    if (length > 0) {
        memcpy(text, value.bytes, length);
    }
    length = collapse(text, length);
    if (fact == NDUP__HTML_DATE) {
        length = repair_date(text, length);
    } else if (fact == NDUP__HTML_LANGUAGE) {
        length = repair_language(text, length);
    }
    if (length > 0) {
        facts->values[fact] = (ndup_text){text, length};
        facts->ranks[fact] = rank;
    } else {
        ndup__arena_trim(facts->arena, block, 0);
    }
    return NDUP_STATUS_OK;
}

static ndup_text attribute_of(const GumboElement *element, const char *name)
{
    const GumboAttribute *attribute = gumbo_get_attribute(&element->attributes, name);
    return attribute != NULL ? (ndup_text){attribute->value, strlen(attribute->value)}
                             : (ndup_text){NULL, 0};
}

static ndup_status read_meta(ndup__html_facts *facts, const GumboElement *element,
                             ndup_error *error)
{
    static const char *const keys[] = {"property", "name", "itemprop", "http-equiv"};
    ndup_text content = attribute_of(element, "content");
    ndup_status status = NDUP_STATUS_OK;
    for (size_t k = 0; k < sizeof keys / sizeof *keys && content.length > 0; k++) {
        ndup_text name = attribute_of(element, keys[k]);
        for (size_t i = 0; name.length > 0 && i < sizeof metas / sizeof *metas; i++) {
            if (status == NDUP_STATUS_OK && ndup__html_is_word(name, metas[i].name)) {
                status =
                    ndup__html_facts_offer(facts, metas[i].fact, metas[i].rank, content, error);
            }
        }
    }
    return status;
}

ndup_status ndup__html_facts_element(ndup__html_facts *facts, const GumboElement *element,
                                     ndup_error *error)
{
    switch (element->tag) {
    case GUMBO_TAG_META:
        return read_meta(facts, element, error);
    case GUMBO_TAG_LINK:
        return ndup__html_is_word(attribute_of(element, "rel"), "canonical")
                   ? ndup__html_facts_offer(facts, NDUP__HTML_URL, 1, attribute_of(element, "href"),
                                            error)
                   : NDUP_STATUS_OK;
    case GUMBO_TAG_TIME: {
        bool is_publication =
            gumbo_get_attribute(&element->attributes, "pubdate") != NULL ||
            ndup__html_is_word(attribute_of(element, "itemprop"), "datepublished");
        return ndup__html_facts_offer(facts, NDUP__HTML_DATE, is_publication ? 3 : 5,
                                      attribute_of(element, "datetime"), error);
    }
    case GUMBO_TAG_HTML: {
        ndup_text language = attribute_of(element, "lang");
        return ndup__html_facts_offer(
            facts, NDUP__HTML_LANGUAGE, 1,
            language.length > 0 ? language : attribute_of(element, "xml:lang"), error);
    }
    default:
        return NDUP_STATUS_OK;
    }
}

ndup_status ndup__html_facts_resolve(ndup__html_facts *facts, ndup_text base, ndup_error *error)
{
    ndup_text *url = &facts->values[NDUP__HTML_URL];
    if (url->length == 0 || ndup__address_origin(*url) > 0) {
        return NDUP_STATUS_OK;
    }
    bool has_host = url->length > 2 && memcmp(url->bytes, "//", 2) == 0;
    size_t kept = has_host ? ndup__address_scheme(base) : ndup__address_origin(base);
    if (kept == 0 || url->bytes[0] != '/') {
        *url = (ndup_text){NULL, 0};
        return NDUP_STATUS_OK;
    }
    void *block;
    ndup_status status = ndup__arena_take(facts->arena, &block, kept + url->length, error);
    if (status == NDUP_STATUS_OK) {
        memcpy(block, base.bytes, kept);
        memcpy((char *)block + kept, url->bytes, url->length);
        *url = (ndup_text){block, kept + url->length};
    }
    return status;
}
