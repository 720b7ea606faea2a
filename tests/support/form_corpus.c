/* SPDX-License-Identifier: MIT */
/* Corpora of forms. */
#include "support/form_corpus.h"

enum { VOCABULARY = MADE_NUMBERS / 4 };

/* Takes over both. */
static made_words join(made_words a, made_words b)
{
    made_words both = made_words_joined(&a, &b);
    made_words_free(&a);
    made_words_free(&b);
    return both;
}

static made_words fresh(test_random *random, size_t count)
{
    return made_words_random(random, count, VOCABULARY, 0);
}

static made_words fill(test_random *random, const made_words *form, size_t slots, size_t most)
{
    size_t step = form->count / (slots + 1);
    made_words filled = made_words_part(form, 0, step);
    for (size_t i = 1; i <= slots; i++) {
        size_t end = i == slots ? form->count : (i + 1) * step;
        filled = join(filled, fresh(random, 1 + (size_t)test_random_below(random, most)));
        filled = join(filled, made_words_part(form, i * step, end - i * step));
    }
    return filled;
}

static void add(made_corpus *self, test_random *random, made_words words)
{
    made_corpus_add(self, random, &words);
    made_words_free(&words);
}

/* A copy of some text, whatever it is, with so many words replaced. */
static void add_copy(made_corpus *self, test_random *random, const made_words *of)
{
    add(self, random, made_words_edited(random, of, (size_t)test_random_below(random, 5)));
}

static void add_form(made_corpus *self, test_random *random, size_t count, size_t words,
                     size_t slots, size_t most, double copies)
{
    made_words form = fresh(random, words);
    for (size_t i = 0; i < count; i++) {
        made_words filled = fill(random, &form, slots, most);
        made_corpus_add(self, random, &filled);
        if (test_random_chance(random, copies)) {
            add_copy(self, random, &filled);
        }
        made_words_free(&filled);
    }
    made_words_free(&form);
}

void form_corpus_add_form(made_corpus *self, test_random *random, size_t count, size_t words,
                          size_t slots, size_t most)
{
    add_form(self, random, count, words, slots, most, 0);
}

/* Stories that stand on several sites, each with what it writes around all of them. */
static void add_stories(made_corpus *self, test_random *random, size_t stories)
{
    enum { SITES = 3 };
    made_words pages[SITES];
    for (size_t i = 0; i < SITES; i++) {
        pages[i] = fresh(random, 6 + (size_t)test_random_below(random, 16));
    }
    for (size_t i = 0; i < stories; i++) {
        made_words story = fresh(random, 50 + (size_t)test_random_below(random, 40));
        for (size_t k = 0; k < SITES; k++) {
            made_words copy = made_words_edited(random, &story, k);
            add(self, random, join(made_words_part(&pages[k], 0, pages[k].count), copy));
        }
        made_words_free(&story);
    }
    for (size_t i = 0; i < SITES; i++) {
        made_words_free(&pages[i]);
    }
}

static void add_reports(made_corpus *self, test_random *random, size_t count)
{
    made_words form = made_words_random(random, 100, VOCABULARY, 0.08);
    double changed = test_random_unit(random);
    for (size_t i = 0; i < count; i++) {
        made_words report = made_words_part(&form, 0, form.count);
        for (size_t k = 0; k < report.count; k++) {
            if (report.items[k] >= MADE_NUMBERS && test_random_chance(random, changed)) {
                report.items[k] = MADE_NUMBERS + (uint32_t)test_random_below(random, 1000);
            }
        }
        add(self, random, report);
    }
    made_words_free(&form);
}

made_corpus form_corpus_mixed(test_random *random)
{
    made_corpus corpus = {0};
    size_t count = 3 + (size_t)test_random_below(random, 10);
    size_t words = 50 + (size_t)test_random_below(random, 90);
    size_t slots = 1 + (size_t)test_random_below(random, 7);
    size_t most = 1 + (size_t)test_random_below(random, 9);
    add_form(&corpus, random, count, words, slots, most, 0.4);
    if (test_random_chance(random, 0.5)) {
        add_stories(&corpus, random, 1 + (size_t)test_random_below(random, 4));
    }
    if (test_random_chance(random, 0.5)) {
        add_reports(&corpus, random, 2 + (size_t)test_random_below(random, 12));
    }
    return corpus;
}
