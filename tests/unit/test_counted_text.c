/* SPDX-License-Identifier: MIT */
/* What counts of source code and of posts. */
#include <stdlib.h>
#include <string.h>

#include "text/counted_text.h"

#include "support/random.h"
#include "support/test.h"

typedef void counter(char *counted, const char *text, size_t length);

/* Compares with white space as single spaces. */
static void assert_counted(counter *count, const char *text, const char *expected)
{
    size_t length = strlen(text);
    char *counted = malloc(length + 1);
    char *written = counted;
    assert_non_null(counted);
    count(counted, text, length);
    for (size_t i = 0; i < length; i++) {
        bool is_space = counted[i] == ' ' || counted[i] == '\n' || counted[i] == '\t';
        if (!is_space || (written > counted && written[-1] != ' ')) {
            *written++ = is_space ? ' ' : counted[i];
        }
    }
    while (written > counted && written[-1] == ' ') {
        written--;
    }
    *written = '\0';
    assert_string_equal(counted, expected);
    free(counted);
}

static void assert_code(const char *text, const char *expected)
{
    assert_counted(ndup__counted_code, text, expected);
}

static void assert_post(const char *text, const char *expected)
{
    assert_counted(ndup__counted_post, text, expected);
}

static void test_counted_code__names_of_variables_are_one_word(void **state)
{
    (void)state;
    assert_code("int total = 0;", "int x = 0;");
    assert_code("for (i = 0; i < n; i++) sum += a[i];", "for (x = 0; x < x; x++) x += x[x];");
    assert_code("def area(self, width):\n    return width * 2", "def area(self, x ): return x * 2");
    assert_code("out.println(name); p->next = q; std::move(x1);",
                "x .println(x ); x->next = x; x ::move(x );");
    assert_code("class Shape : Base { static final int MOST_SIDES = 8; }",
                "class Shape : Base { static final int MOST_SIDES = 8; }");
}

static void test_counted_code__comments_are_blank(void **state)
{
    (void)state;
    assert_code("a = 1; // one\nb = 2; /* two\n lines */ c = 3;", "x = 1; x = 2; x = 3;");
    assert_code("#!/bin/sh\n# a comment\na = 1  # another\n", "x = 1");
    assert_code("#include <stdio.h>\n# define SIZE 4\n#if SIZE",
                "#include <x .h> # define SIZE 4 #if SIZE");
    assert_code("<!-- gone --><b>Text</b>", "<x>Text</x>");
    assert_code("a = 1; /* never closed", "x = 1;");
    assert_code("see http://host.example/page", "see x ://x .example/x");
}

static void test_counted_code__strings_stay(void **state)
{
    (void)state;
    assert_code("say(\"no // comment, it's text\");", "say(\"no // comment, it's text\");");
    assert_code("c = '\\'' + \"\\\"x\";", "x = '\\'' + \"\\\"x\";");
    assert_code("it's a word that isn", "it's a word that isn");
}

static void test_counted_code__prose_stays(void **state)
{
    (void)state;
    assert_code("the quick fox sat here and there", "the quick fox sat here and there");
    assert_code("\xE5\x8F\x98\xE9\x87\x8F = gr\xC3\xB6\xC3\x9F"
                "e;",
                "\xE5\x8F\x98\xE9\x87\x8F = gr\xC3\xB6\xC3\x9F"
                "e;");
}

static void test_counted_post__links_and_handles_are_blank(void **state)
{
    (void)state;
    assert_post("RT @ann: Fog at the pier https://t.example/x1", ": Fog at the pier");
    assert_post("Fog, via @ann@host.example and (@bob)", "Fog, and ( )");
    assert_post("mail ann@host.example, see www.host.example", "mail ann@host.example, see");
    assert_post("RT is a word; via Rome; @ noon", "RT is a word; via Rome; @ noon");
}

static void test_counted_post__tags_at_the_end_are_blank(void **state)
{
    (void)state;
    assert_post("I love #tea in the morning #mood #fb", "I love #tea in the morning");
    assert_post("Fog #mood https://t.example/x1 #fb", "Fog");
    assert_post("#all #tags", "");
    assert_post("", "");
}

/* Bytes beyond the end are read by nobody: the arrays are as long as the text. */
static void test_counted_text__takes_any_bytes(void **state)
{
    (void)state;
    static const char pool[] = "/*/'\"`\\#\n @.RTrt:<!-->x9_\xC3\xA9 via http://";
    test_random random;
    test_random_init(&random, 17);
    for (int round = 0; round < 20000; round++) {
        size_t length = (size_t)test_random_below(&random, 40);
        char *text = malloc(length + (length == 0));
        char *counted = malloc(length + (length == 0));
        for (size_t i = 0; i < length; i++) {
            text[i] = pool[test_random_below(&random, sizeof pool - 1)];
        }
        ndup__counted_code(counted, text, length);
        for (size_t i = 0; i < length; i++) {
            assert_true(counted[i] == text[i] || counted[i] == ' ' || counted[i] == 'x');
        }
        ndup__counted_post(counted, text, length);
        for (size_t i = 0; i < length; i++) {
            assert_true(counted[i] == text[i] || counted[i] == ' ');
        }
        free(text);
        free(counted);
    }
}

TEST_MAIN(cmocka_unit_test(test_counted_code__names_of_variables_are_one_word),
          cmocka_unit_test(test_counted_code__comments_are_blank),
          cmocka_unit_test(test_counted_code__strings_stay),
          cmocka_unit_test(test_counted_code__prose_stays),
          cmocka_unit_test(test_counted_post__links_and_handles_are_blank),
          cmocka_unit_test(test_counted_post__tags_at_the_end_are_blank),
          cmocka_unit_test(test_counted_text__takes_any_bytes))
