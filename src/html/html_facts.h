/* SPDX-License-Identifier: MIT */
/* What a page says about itself: title, address, site, date, language; the best of several sources.
 */
#ifndef NDUP__HTML_HTML_FACTS_H
#define NDUP__HTML_HTML_FACTS_H

#include <gumbo.h>

#include "base/arena.h"
#include "neardup/document.h"

typedef enum ndup__html_fact {
    NDUP__HTML_TITLE,
    NDUP__HTML_URL,
    NDUP__HTML_SITE,
    NDUP__HTML_DATE,
    NDUP__HTML_LANGUAGE,
    NDUP__HTML_FACT_COUNT
} ndup__html_fact;

/* Zero-initialise, set the arena, in which the values live. Threads: single-owner. */
typedef struct ndup__html_facts {
    ndup__arena *arena;
    ndup_text values[NDUP__HTML_FACT_COUNT];
    unsigned ranks[NDUP__HTML_FACT_COUNT]; /* of the values; lower is better, 0 = no value */
} ndup__html_facts;

/* Takes the value if it can be used and ranks before what is there; white space is collapsed. A
 * date must begin with year, month and day. Errors: MEMORY. */
NDUP_NODISCARD ndup_status ndup__html_facts_offer(ndup__html_facts *facts, ndup__html_fact fact,
                                                  unsigned rank, ndup_text value,
                                                  ndup_error *error);

/* What <html>, <meta>, <link> or <time> states. Errors: MEMORY. */
NDUP_NODISCARD ndup_status ndup__html_facts_element(ndup__html_facts *facts,
                                                    const GumboElement *element, ndup_error *error);

/* Rank of the text of <title>: whatever is stated for the purpose comes before it. */
#define NDUP__HTML_TITLE_RANK 9

/* What a script of linked data states (schema.org in JSON-LD): datePublished, headline, inLanguage
 * and the name of a publisher. Of several the outermost counts, then the first. What is not JSON is
 * read up to the damage. Errors: MEMORY. */
NDUP_NODISCARD ndup_status ndup__html_facts_linked_data(ndup__html_facts *facts, ndup_text json,
                                                        ndup_error *error);

/* Makes the address that was found absolute with the help of `base`; a relative one without a base
 * is dropped. Errors: MEMORY. */
NDUP_NODISCARD ndup_status ndup__html_facts_resolve(ndup__html_facts *facts, ndup_text base,
                                                    ndup_error *error);

#endif
