/* SPDX-License-Identifier: MIT */
/* What entries of feeds say: links, kinds of content, names with prefixes, languages, lists. */
#include <stdio.h>
#include <string.h>

#include "neardup/flag.h"
#include "support/page_check.h"
#include "support/temp_dir.h"
#include "support/test.h"

enum { PATH_BYTES = 512, SHOWN_BYTES = 8192 };

static void show_text(char *shown, const char *name, ndup_text text)
{
    size_t length = strlen(shown);
    snprintf(shown + length, SHOWN_BYTES - length, "%s=%.*s;", name, (int)text.length,
             text.length > 0 ? text.bytes : "");
}

static ndup_status show(void *context, const ndup_flagged *flagged, ndup_error *error)
{
    char *shown = context;
    const ndup_document *document = flagged->document;
    (void)error;
    show_text(shown, "id", document->id);
    show_text(shown, "url", document->url);
    show_text(shown, "text", document->text);
    show_text(shown, "record", document->record);
    strcat(shown, "\n");
    return NDUP_STATUS_OK;
}

static ndup_status commit(void *context, ndup_error *error)
{
    (void)context;
    (void)error;
    return NDUP_STATUS_OK;
}

static void give_up(void *context)
{
    (void)context;
}

/* All documents of a feed, a line each. */
static void read_feed(char shown[SHOWN_BYTES], const char *feed)
{
    temp_dir folder;
    char path[PATH_BYTES];
    ndup_corpus *corpus;
    ndup_flag_options options;
    ndup_flag_summary summary;
    ndup_error error;
    ndup_flag_sink sink = {.struct_size = sizeof sink,
                           .context = shown,
                           .document = show,
                           .commit = commit,
                           .abort = give_up};
    ndup_flag_sink *sinks[] = {&sink};
    shown[0] = '\0';
    temp_dir_init(&folder);
    temp_dir_write_text(&folder, "a.xml", feed);
    const char *input = temp_dir_path(&folder, "a.xml", path, sizeof path);
    ndup_flag_options_init(&options);
    options.threads = 1;
    assert_ok(ndup_corpus_open(&corpus, &input, 1, NULL, NULL, &error), &error);
    assert_ok(ndup_flag(&summary, corpus, &options, sinks, 1, NULL, &error), &error);
    ndup_corpus_close(corpus);
    temp_dir_deinit(&folder);
}

/* The entry, in an Atom feed or one of RSS, has this part. */
static void assert_has(const char *head, const char *entry, const char *tail, const char *part)
{
    char feed[4096];
    char shown[SHOWN_BYTES];
    snprintf(feed, sizeof feed, "%s%s%s", head, entry, tail);
    read_feed(shown, feed);
    if (strstr(shown, part) == NULL) {
        print_error("%s\nhas not: %s\nshown: %s", entry, part, shown);
    }
    assert_non_null(strstr(shown, part));
}

static void assert_atom(const char *inside, const char *part)
{
    char entry[2048];
    snprintf(entry, sizeof entry, "<entry><id>1</id>%s</entry>", inside);
    assert_has("<feed xmlns='http://www.w3.org/2005/Atom' xml:lang='en'>", entry, "</feed>", part);
}

static void assert_rss(const char *inside, const char *part)
{
    char entry[2048];
    snprintf(entry, sizeof entry, "<item><guid>1</guid>%s</item>", inside);
    assert_has("<rss version='2.0'><channel><language>de</language>", entry, "</channel></rss>",
               part);
}

static void test_entries__of_several_links_the_page_counts(void **state)
{
    (void)state;
    test_needs_html();
    assert_atom("<link rel='self' href='http://a/s'/><link href='http://a/p'/>", "url=http://a/p;");
    assert_atom("<link rel='alternate' href='http://a/p'/><link rel='edit' href='http://a/e'/>",
                "url=http://a/p;");
    assert_atom("<link rel='enclosure' href='http://a/e'/>", "url=;");
    assert_rss("<link>http://a/p</link>", "url=http://a/p;");
}

static void test_entries__content_says_whether_it_is_markup(void **state)
{
    (void)state;
    test_needs_html();
    assert_atom("<content type='text'>a &lt;b&gt; c</content>", "text=a <b> c;");
    assert_atom("<content type='text/plain'>a &lt;b&gt; c</content>", "text=a <b> c;");
    assert_atom("<content>a &lt;b&gt; c</content>", "text=a <b> c;");
    assert_atom("<summary type='html'>a &lt;b&gt;c&lt;/b&gt;</summary>", "text=a c;");
    assert_atom("<content type='xhtml'><div><p>a</p></div></content>", "text=a;");
    assert_rss("<description>a &lt;b&gt;c&lt;/b&gt;</description>", "text=a c;");
    assert_rss("<description type='plain'>a &lt;b&gt; c</description>", "text=a <b> c;");
}

static void test_entries__prefixes_of_the_entry_do_not_count(void **state)
{
    (void)state;
    test_needs_html();
    static const char head[] = "<x:rss xmlns:x='x'><x:channel>";
    assert_has(head, "<x:item><x:guid>1</x:guid><x:title>t</x:title></x:item>",
               "</x:channel></x:rss>", "\"title\":\"t\"");
    assert_has(head, "<x:item><x:guid>1</x:guid><y:title>t</y:title></x:item>",
               "</x:channel></x:rss>", "id=1;");
}

static void test_entries__their_language_comes_before_the_feeds(void **state)
{
    (void)state;
    test_needs_html();
    assert_rss("<title>t</title>", "\"language\":\"de\"");
    assert_rss("<title>t</title><dc:language>fr</dc:language>", "\"language\":\"fr\"");
}

TEST_MAIN(cmocka_unit_test(test_entries__of_several_links_the_page_counts),
          cmocka_unit_test(test_entries__content_says_whether_it_is_markup),
          cmocka_unit_test(test_entries__prefixes_of_the_entry_do_not_count),
          cmocka_unit_test(test_entries__their_language_comes_before_the_feeds))
