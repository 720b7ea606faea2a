/* SPDX-License-Identifier: MIT */
/* Records from memory become the documents that a corpus makes of them. */
#include "neardup/record.h"

#include <string.h>

#include "support/fault_loop.h"
#include "support/test.h"

#define TEXT(string) ((ndup_text){string, strlen(string)})

static void assert_text(ndup_text text, const char *expected)
{
    assert_int_equal(text.length, strlen(expected));
    assert_memory_equal(text.bytes, expected, text.length);
}

static ndup_record_reader *new_reader(const ndup_corpus_options *options)
{
    ndup_record_reader *reader;
    ndup_error error;
    assert_ok(ndup_record_reader_new(&reader, options, &error), &error);
    return reader;
}

static void test_record_reader__finds_the_customary_fields(void **state)
{
    (void)state;
    ndup_record_reader *reader = new_reader(NULL);
    ndup_document document;
    ndup_error error;
    assert_ok(ndup_record_read_json(&document, reader,
                                    TEXT("\xEF\xBB\xBF{\"id\": 7, \"content\": \"a\\u00e9\\n\",\r\n"
                                         " \"link\": \"http://a/\", \"headline\": \"T\",\n"
                                         " \"source\": \"S\", \"published\": \"2026-01-02\"}\n"),
                                    &error),
              &error);
    assert_text(document.id, "7");
    assert_text(document.text, "a\xC3\xA9\n");
    assert_text(document.url, "http://a/");
    assert_text(document.title, "T");
    assert_text(document.source, "S");
    assert_text(document.date, "2026-01-02");
    assert_null(memchr(document.record.bytes, '\n', document.record.length));
    ndup_record_reader_free(reader);
}

/* The options may go once the reader is made. */
static void test_record_reader__takes_fields_by_name(void **state)
{
    (void)state;
    char field[] = "page.body";
    ndup_corpus_options options = NDUP_CORPUS_OPTIONS_INIT;
    options.text_field = field;
    ndup_record_reader *reader = new_reader(&options);
    memset(field, '?', sizeof field - 1);
    ndup_document document;
    ndup_error error;
    assert_ok(ndup_record_read_json(&document, reader,
                                    TEXT("{\"text\": \"x\", \"page\": {\"body\": \"y\"}}"), &error),
              &error);
    assert_text(document.text, "y");
    assert_text(document.id, "");
    assert_status(ndup_record_read_json(&document, reader, TEXT("{\"text\": \"x\"}"), &error),
                  NDUP_STATUS_NOT_FOUND, &error);
    assert_non_null(strstr(error.message, "page.body"));
    ndup_record_reader_free(reader);
}

static void test_record_reader__keeps_documents_until_it_is_reset(void **state)
{
    (void)state;
    enum { MANY = 200 };
    static ndup_document documents[MANY];
    ndup_record_reader *reader = new_reader(NULL);
    ndup_error error;
    for (int round = 0; round < 2; round++) {
        for (int i = 0; i < MANY; i++) {
            assert_ok(ndup_record_read_json(&documents[i], reader,
                                            TEXT("{\"text\": \"one \\\"quoted\\\" word\"}"),
                                            &error),
                      &error);
            ndup_document failed;
            assert_status(ndup_record_read_json(&failed, reader,
                                                TEXT("{\"text\": \"\\n\", \"id\": \"cut"), &error),
                          NDUP_STATUS_CORRUPT, &error);
        }
        for (int i = 0; i < MANY; i++) {
            assert_text(documents[i].text, "one \"quoted\" word");
        }
        ndup_record_reader_reset(reader);
    }
    ndup_record_reader_free(reader);
}

static void test_record_reader__reads_texts_in_their_encoding(void **state)
{
    (void)state;
    ndup_record_reader *reader = new_reader(NULL);
    ndup_document document;
    ndup_error error;
    const ndup_text none = {NULL, 0};
    assert_ok(ndup_record_read_text(&document, reader, TEXT("caf\xC3\xA9"), none, &error), &error);
    assert_text(document.text, "caf\xC3\xA9");
    assert_text(document.original, "");
    assert_ok(ndup_record_read_text(&document, reader, TEXT("caf\xE9 cr\xE8me"),
                                    TEXT("text/plain; charset=iso-8859-1"), &error),
              &error);
    assert_text(document.text, "caf\xC3\xA9 cr\xC3\xA8me");
    assert_text(document.original, "caf\xE9 cr\xE8me");
    assert_status(
        ndup_record_read_text(&document, reader, TEXT("%PDF-1.7\n%\xE2\xE3"), none, &error),
        NDUP_STATUS_UNSUPPORTED, &error);
    ndup_record_reader_free(reader);
}

static void test_record_reader__of_nothing(void **state)
{
    (void)state;
    ndup_record_reader *reader = new_reader(NULL);
    ndup_document document;
    ndup_error error;
    const ndup_text none = {NULL, 0};
    assert_status(ndup_record_read_json(&document, reader, none, &error), NDUP_STATUS_CORRUPT,
                  &error);
    assert_ok(ndup_record_read_text(&document, reader, none, none, &error), &error);
    assert_int_equal(document.text.length, 0);
    assert_non_null(document.text.bytes);
    ndup_record_reader_free(reader);
}

static void test_record_reader__reads_pages(void **state)
{
    (void)state;
    if (!NDUP_HAVE_GUMBO) {
        skip();
    }
    ndup_record_reader *reader = new_reader(NULL);
    ndup_document document;
    ndup_error error;
    assert_ok(ndup_record_read_page(
                  &document, reader, TEXT("<title>T</title><p>caf\xE9</p><script>no</script>"),
                  TEXT("text/html; charset=latin1"), TEXT("http://a.org/x"), &error),
              &error);
    assert_text(document.text, "caf\xC3\xA9");
    assert_text(document.title, "T");
    assert_text(document.url, "http://a.org/x");
    assert_text(document.source, "a.org");
    assert_int_equal(document.unit_count, 1);
    ndup_corpus_options options = NDUP_CORPUS_OPTIONS_INIT;
    options.html_field = "html";
    ndup_record_reader *of_field = new_reader(&options);
    assert_ok(ndup_record_read_json(&document, of_field,
                                    TEXT("{\"id\":\"a\",\"html\":\"<p>one<p>two\"}"), &error),
              &error);
    assert_text(document.text, "one\n\ntwo");
    ndup_record_reader_free(of_field);
    ndup_record_reader_free(reader);
}

static void test_record_reader__has_limits(void **state)
{
    (void)state;
    ndup_corpus_options options = NDUP_CORPUS_OPTIONS_INIT;
    ndup_document document;
    ndup_error error;
    options.max_record_bytes = 16;
    ndup_record_reader *reader = new_reader(&options);
    assert_status(
        ndup_record_read_json(&document, reader, TEXT("{\"text\": \"sixteen is least\"}"), &error),
        NDUP_STATUS_LIMIT, &error);
    assert_ok(ndup_record_read_json(&document, reader, TEXT("{\"text\": \"x\"}"), &error), &error);
    ndup_record_reader_free(reader);
    options.html_field = "a";
    options.text_field = "b";
    assert_status(ndup_record_reader_new(&reader, &options, &error), NDUP_STATUS_INVALID, &error);
    assert_null(reader);
}

static ndup_status use_once(void *context, const ndup_allocator *allocator, ndup_error *error)
{
    (void)context;
    ndup_corpus_options options = NDUP_CORPUS_OPTIONS_INIT;
    options.allocator = allocator;
    ndup_record_reader *reader;
    ndup_document document;
    ndup_status status = ndup_record_reader_new(&reader, &options, error);
    if (status == NDUP_STATUS_OK) {
        status = ndup_record_read_json(&document, reader, TEXT("{\"text\": \"a\\tb\"}"), error);
    }
    ndup_record_reader_free(reader);
    return status;
}

static void test_record_reader__gives_back_memory_after_failures(void **state)
{
    (void)state;
    fault_loop(use_once, NULL, 1);
}

TEST_MAIN(cmocka_unit_test(test_record_reader__finds_the_customary_fields),
          cmocka_unit_test(test_record_reader__takes_fields_by_name),
          cmocka_unit_test(test_record_reader__keeps_documents_until_it_is_reset),
          cmocka_unit_test(test_record_reader__reads_texts_in_their_encoding),
          cmocka_unit_test(test_record_reader__of_nothing),
          cmocka_unit_test(test_record_reader__reads_pages),
          cmocka_unit_test(test_record_reader__has_limits),
          cmocka_unit_test(test_record_reader__gives_back_memory_after_failures))
