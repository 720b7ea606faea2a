/* SPDX-License-Identifier: MIT */
/* Feeds: pieces of XML as they are met, and entries that are the same however the file is cut. */
#include <string.h>

#include "corpus/reader.h"
#include "corpus/xml.h"
#include "support/cut_check.h"
#include "support/test.h"

static const char rss[] =
    "\xEF\xBB\xBF<?xml version=\"1.0\"?><!DOCTYPE rss [<!ENTITY e \"<item>\">]>\n"
    "<rss version=\"2.0\"><channel><title>Quay</title><image><title>logo</title></image>\n"
    "<!-- <item><title>hidden</title></item> -->\n"
    "<item><title>One</title><description><![CDATA[<p>a</item>b</p>]]></description></item>\n"
    "text between <item ><guid a='</item>'>g</guid><description>c &amp; d</description></item >"
    "<item/></channel></rss>\n";

static const char items[] = "<items><item><text>a</text><item><item/>b</item></item>\n"
                            "<item><text>c</text></item></items>";

static void assert_pieces(const char *bytes, const char *kinds)
{
    ndup__xml_piece piece = {.next = 0};
    size_t length = strlen(bytes);
    char found[32] = "";
    for (size_t i = 0; i + 1 < sizeof found; i++) {
        ndup__xml_kind kind = ndup__xml_next(&piece, bytes, length, piece.next, true);
        if (kind == NDUP__XML_END) {
            break;
        }
        found[i] = "_pT[SCo"[kind];
        if (kind == NDUP__XML_PARTIAL) {
            break;
        }
    }
    assert_string_equal(found, kinds);
}

static void test_xml__tells_pieces_by_their_first_bytes(void **state)
{
    (void)state;
    assert_pieces("<a>t</a>", "STC");
    assert_pieces("<?xml?><!-- <b> --><a b='>'/>", "ooS");
    assert_pieces("<a><![CDATA[<b>]]]></a>", "S[C");
    assert_pieces("<!DOCTYPE a [ <!ENTITY b '>'> ]><a>", "oS");
    assert_pieces("<!-- open", "p");
    assert_pieces("<![CDATA[ open", "p");
}

static void test_xml__takes_for_text_what_is_no_tag(void **state)
{
    (void)state;
    assert_pieces("a < b", "TT");
    assert_pieces("a <b <c>", "TTS");
    assert_pieces("<", "T");
    assert_pieces("</", "T");
    assert_pieces("<1>", "T");
    assert_pieces("<a b=\"", "T");
}

static void assert_resolves(const char *text, const char *expected)
{
    ndup__json_line line = {.length = 0};
    ndup_error error;
    assert_ok(ndup__xml_resolve(&line, (ndup_text){text, strlen(text)}, &error), &error);
    assert_u64_equal(line.length, strlen(expected));
    assert_memory_equal(line.bytes, expected, line.length);
    ndup__json_line_deinit(&line);
}

static void test_xml__resolves_what_every_document_knows(void **state)
{
    (void)state;
    assert_resolves("a &amp; b &lt;&gt;&quot;&apos;", "a & b <>\"'");
    assert_resolves("&#233;&#xE9;&#x1F600;", "\xC3\xA9\xC3\xA9\xF0\x9F\x98\x80");
    assert_resolves("&nbsp; & && &; &#; &#x; &#0; &#1114112; &amp",
                    "&nbsp; & && &; &#; &#x; &#0; &#1114112; &amp");
    assert_resolves("&amp;amp;", "&amp;");
    assert_resolves("&#X41;&#x4a;&#x4A;&#xfF;", "AJJ\xC3\xBF");
    assert_resolves("&#9;&#10;&#13;&#31;&#8;", "\t\n\r&#31;&#8;");
    assert_resolves("&#1/;&#1:;&#x1g;&#x1@;&#x1`;&#1a;", "&#1/;&#1:;&#x1g;&#x1@;&#x1`;&#1a;");
    assert_resolves("&#x10FFFF;&#x110000;&#x9999999;", "\xF4\x8F\xBF\xBF&#x110000;&#x9999999;");
    assert_resolves("&#xD800;&#xDFFF;", "\xEF\xBF\xBD\xEF\xBF\xBD");
}

static void test_xml__finds_attributes(void **state)
{
    (void)state;
    const char text[] = " a=\"1\" b c = '2' xml:lang=\"de\" d=x e=\"open";
    ndup_text attributes = {text, strlen(text)};
    assert_true(ndup__xml_is(ndup__xml_attribute(attributes, "a"), "1"));
    assert_true(ndup__xml_is(ndup__xml_attribute(attributes, "c"), "2"));
    assert_true(ndup__xml_is(ndup__xml_attribute(attributes, "xml:lang"), "de"));
    assert_u64_equal(ndup__xml_attribute(attributes, "lang").length, 0);
    assert_u64_equal(ndup__xml_attribute(attributes, "d").length, 0);
}

static void assert_cuts(const char *bytes, size_t documents, size_t notes)
{
    size_t size = strlen(bytes);
    for (size_t step = 1; step <= size; step++) {
        cut_result result = cut_check("a.rss", (const uint8_t *)bytes, size, step);
        assert_u64_equal(result.documents, documents);
        assert_u64_equal(result.notes, notes);
    }
}

static void test_feed__is_the_same_however_it_is_cut(void **state)
{
    (void)state;
    assert_cuts(items, 2, 0);
    if (NDUP_HAVE_GUMBO) { /* what entries say is markup */
        assert_cuts(rss, 3, 0);
    }
}

static void test_feed__names_what_does_not_end(void **state)
{
    (void)state;
    assert_cuts("<rss><channel><item><title>a</title></item><item><title>cut of", 1, 1);
    assert_cuts("<rss><channel><item><title>a</title></item><!-- cut <item></item>", 1, 1);
}

static void test_feed__names_what_holds_no_texts(void **state)
{
    (void)state;
    assert_cuts("<urlset><url><loc>http://a.example</loc></url></urlset>", 0, 1);
    assert_cuts("<svg><title>a</title></svg>", 0, 1);
    assert_cuts("no XML at all", 0, 1);
    assert_cuts("<rss><channel><title>no entries</title></channel></rss>", 0, 0);
}

static void test_feed__is_told_by_its_root(void **state)
{
    (void)state;
    static const struct {
        const char *bytes;
        bool is_feed;
    } cases[] = {{"<?xml version='1.0'?>\n<!-- x --><rss version='2.0'>", true},
                 {"\xEF\xBB\xBF<feed xmlns='a'>", true},
                 {"<rdf:RDF>", true},
                 {"<sitemapindex>", true},
                 {"<items>", true},
                 {"<html><rss>", false},
                 {"<?xml version='1.0'?>", false},
                 {"<rss", false},
                 {"an <rss>", false},
                 {"", false}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        size_t length = strlen(cases[i].bytes);
        assert_int_equal(ndup__format_feed.recognises(cases[i].bytes, length), cases[i].is_feed);
    }
}

TEST_MAIN(cmocka_unit_test(test_xml__tells_pieces_by_their_first_bytes),
          cmocka_unit_test(test_xml__takes_for_text_what_is_no_tag),
          cmocka_unit_test(test_xml__resolves_what_every_document_knows),
          cmocka_unit_test(test_xml__finds_attributes),
          cmocka_unit_test(test_feed__is_the_same_however_it_is_cut),
          cmocka_unit_test(test_feed__names_what_does_not_end),
          cmocka_unit_test(test_feed__names_what_holds_no_texts),
          cmocka_unit_test(test_feed__is_told_by_its_root))
