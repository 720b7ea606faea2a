/* SPDX-License-Identifier: MIT */
/* Every format of input while memory runs out: whole, in small blocks, and flagged by site. */
#include <stdio.h>
#include <string.h>

#include "neardup/dedup.h"
#include "neardup/flag.h"
#include "support/fault_loop.h"
#include "support/page_check.h"
#include "support/temp_dir.h"
#include "support/test.h"

enum { PATH_BYTES = 512, STEP = 7 };

#define STORY "The ferry left the harbour late that day, and the pilot had to wait for the fog."
#define TWICE "<p>" STORY "</p><p>Another line of words.</p><p>" STORY "</p>"
#define PAGE                                                                                    \
    "<!DOCTYPE html><html lang=en><title>A title</title><meta property=og:site_name content=S>" \
    "<link rel=canonical href=/x><script type=application/ld+json>{\"headline\":\"A title\","   \
    "\"datePublished\":\"2026-01-29\",\"publisher\":{\"name\":\"P\"}}</script><h1>A title</h1>" \
    "<table><tr><td>a<td>b</table><ul><li>one<li>two</ul><pre>code\n x</pre>" TWICE

static const char rss[] =
    "<?xml version=\"1.0\"?><rss version=\"2.0\" xmlns:content=\"c\" xmlns:dc=\"d\"><channel>"
    "<title>News</title><language>en</language><item><guid>1</guid><title>A &amp; B</title>"
    "<link>http://a.example/1</link><pubDate>Thu, 29 Jan 2026 15:30:05 GMT</pubDate>"
    "<dc:creator>x</dc:creator><category>a</category><category>b</category>"
    "<description>short</description><content:encoded><![CDATA[" TWICE "]]></content:encoded>"
    "<x><y>1</y><y>2</y></x></item><item><title>no text</title></item></channel></rss>";
static const char atom[] =
    "<feed xmlns=\"http://www.w3.org/2005/Atom\"><title>News</title><entry><id>2</id>"
    "<title type=\"html\">A &lt;b&gt;title&lt;/b&gt;</title><link rel=\"self\" href=\"s\"/>"
    "<link href=\"http://a.example/2\"/><updated>2026-01-29T15:30:05Z</updated>"
    "<author><name>x</name></author><content type=\"xhtml\"><div>" TWICE "</div></content></entry>"
    "<entry><id>3</id><summary>" STORY "</summary></entry></feed>";
static const char items[] = "<items><item id=\"4\"><text>" STORY "</text></item></items>";
static const char mbox[] =
    "From a Thu Jan 29 15:30:05 2026\nFrom: =?utf-8?B?w6k=?= <a@b.example>\nSubject: One\n two\n"
    "Message-ID: <1@b.example>\nDate: Thu, 29 Jan 2026 15:30:05 +0100\nMIME-Version: 1.0\n"
    "Content-Type: multipart/mixed; boundary=x\n\n--x\nContent-Type: multipart/alternative; "
    "boundary=y\n\n--y\nContent-Type: text/html; charset=iso-8859-2\nContent-Transfer-Encoding: "
    "quoted-printable\n\n" TWICE "=E6\n--y--\n--x\nContent-Type: application/pdf\n\nx\n--x--\n\n"
    "From b Thu Jan 29 15:30:05 2026\nFrom: b\nSubject: Two\nContent-Transfer-Encoding: base64\n\n"
    "VGhlIGZlcnJ5IGxlZnQgdGhlIGhhcmJvdXIgbGF0ZS4=\n";
static const char subtitles[] =
    "WEBVTT\n\nNOTE x\n\n1\n00:01.000 --> 00:02.000\n<v A>The ferry\nleft.\n\n2\n00:03.000 --> "
    "00:04.000\nThe harbour.\n";
static const char table[] = "sep=;\nid;source;date;title;text\n1;s;2026-01-29;A title;\"" STORY
                            "\"\n2;s;;;\"" STORY "\n\nA \"\"line\"\"\n\n" STORY "\"\n3;s;x\n";
static const char lines[] =
    "{\"id\":1,\"source\":\"s\",\"url\":\"http://a.example/1\",\"date\":\"2026-01-29\",\"title\":"
    "\"A \\u00e9\",\"text\":\"" STORY "\\n\\n" STORY "\"}\n{\"id\":2,\"text\":[\"one\",\"two\"]}\n"
    "{\"id\":3,\"text\":\"" STORY "\"}\n{\"id\":4}\nnot JSON\n";
static const char damaged_page[] = "<title>\xE9\xE8</title><p>\xC0 words \xE9\xE8\xEA of a page";

/* A tar archive by hand: a header of 512 bytes, the text, zeros. */
static size_t put_member(char *archive, size_t at, const char *name, const char *text)
{
    size_t length = strlen(text);
    unsigned sum = 0;
    char *header = archive + at;
    strcpy(header, name);
    strcpy(header + 100, "0000644");
    sprintf(header + 124, "%011o", (unsigned)length);
    strcpy(header + 136, "00000000000");
    header[156] = '0';
    memcpy(header + 257,
           "ustar\0"
           "00",
           8);
    memset(header + 148, ' ', 8);
    for (size_t i = 0; i < 512; i++) {
        sum += (unsigned char)header[i];
    }
    sprintf(header + 148, "%06o", sum);
    memcpy(header + 512, text, length);
    return at + 512 + (length + 511) / 512 * 512;
}

typedef struct input {
    const char *path;
    const char *encoding;
    uint64_t documents;
} input;

static ndup_corpus_options options_of(const input *self, const ndup_allocator *allocator)
{
    ndup_corpus_options options = NDUP_CORPUS_OPTIONS_INIT;
    options.allocator = allocator;
    options.encoding = self->encoding;
    return options;
}

static ndup_status dedup(void *context, const ndup_allocator *allocator, ndup_error *error)
{
    const input *self = context;
    ndup_corpus_options corpus_options = options_of(self, allocator);
    ndup_dedup_options options;
    ndup_corpus *corpus = NULL;
    ndup_result *result = NULL;
    assert_ok(ndup_dedup_options_init(&options, NULL, NULL), NULL);
    options.allocator = allocator;
    options.threads = 1;
    options.keep = "prefer=s*,newest,longest";
    ndup_status status = ndup_corpus_open(&corpus, &self->path, 1, &corpus_options, NULL, error);
    if (status == NDUP_STATUS_OK) {
        status = ndup_dedup(&result, corpus, &options, NULL, error);
    }
    if (status == NDUP_STATUS_OK) {
        assert_u64_equal(ndup_result_summary(result)->documents, self->documents);
    }
    ndup_result_free(result);
    ndup_corpus_close(corpus);
    return status;
}

static ndup_status count_documents(void *context, const ndup_flagged *flagged, ndup_error *error)
{
    (void)flagged;
    (void)error;
    ++*(uint64_t *)context;
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

static ndup_status flag(void *context, const ndup_allocator *allocator, ndup_error *error)
{
    const input *self = context;
    ndup_corpus_options corpus_options = options_of(self, allocator);
    ndup_flag_options options;
    ndup_flag_summary summary;
    ndup_corpus *corpus = NULL;
    uint64_t documents = 0;
    ndup_flag_sink sink = {.struct_size = sizeof sink,
                           .context = &documents,
                           .document = count_documents,
                           .commit = commit,
                           .abort = give_up};
    ndup_flag_sink *sinks[] = {&sink};
    ndup_flag_options_init(&options);
    options.allocator = allocator;
    options.threads = 1;
    options.site = true;
    options.site_memory = 1 << 16;
    ndup_status status = ndup_corpus_open(&corpus, &self->path, 1, &corpus_options, NULL, error);
    if (status == NDUP_STATUS_OK) {
        status = ndup_flag(&summary, corpus, &options, sinks, 1, NULL, error);
    }
    if (status == NDUP_STATUS_OK) {
        assert_u64_equal(documents, self->documents);
    }
    ndup_corpus_close(corpus);
    return status;
}

static void check_bytes(const char *name, const char *bytes, size_t length, uint64_t documents,
                        const char *encoding)
{
    temp_dir folder;
    char path[PATH_BYTES];
    temp_dir_init(&folder);
    temp_dir_write(&folder, name, bytes, length);
    input given = {.path = temp_dir_path(&folder, name, path, sizeof path),
                   .encoding = encoding,
                   .documents = documents};
    size_t requests = fault_loop(dedup, &given, STEP);
    printf("%s: %zu requests, flagged %zu\n", name, requests, fault_loop(flag, &given, STEP));
    temp_dir_deinit(&folder);
}

static void check(const char *name, const char *text, uint64_t documents)
{
    check_bytes(name, text, strlen(text), documents, NULL);
}

static void test_formats__feeds(void **state)
{
    (void)state;
    test_needs_html();
    check("a.rss", rss, 2);
    check("a.atom", atom, 2);
    check("items.xml", items, 1);
}

static void test_formats__mail(void **state)
{
    (void)state;
    test_needs_html();
    check("a.mbox", mbox, 2);
    check("a.eml", strchr(mbox, '\n') + 1, 1);
}

static void test_formats__pages(void **state)
{
    (void)state;
    test_needs_html();
    check("a.html", PAGE, 1);
    check("a.xhtml", "<?xml version='1.0'?><html xmlns='http://www.w3.org/1999/xhtml'><p/>" PAGE,
          1);
    check("damaged.html", damaged_page, 1);
}

static void test_formats__texts(void **state)
{
    (void)state;
    check("a.vtt", subtitles, 1);
    check("a.md", "# A title\n\n- " STORY "\n\n> " STORY "\n\n" STORY "\n", 1);
    check_bytes("a.txt", "caf\xE9 " STORY, 5 + strlen(STORY), 1, "windows-1252");
}

static void test_formats__records(void **state)
{
    (void)state;
    check("a.csv", table, 2);
    check("a.jsonl", lines, 3);
}

static void test_formats__archives(void **state)
{
    (void)state;
    if (!NDUP_HAVE_ARCHIVE) {
        skip();
    }
    static char archive[16384];
    memset(archive, 0, sizeof archive);
    size_t at = put_member(archive, 0, "sub/a.txt", STORY);
    at = put_member(archive, at, "b.jsonl", lines);
    at = put_member(archive, at, "c.docx", "PK");
    at = put_member(archive, at, ".hidden/d.txt", STORY);
    at = put_member(archive, at, "e.csv", table);
    check_bytes("a.tar", archive, at + 1024, 6, NULL);
}

TEST_MAIN(cmocka_unit_test(test_formats__feeds), cmocka_unit_test(test_formats__mail),
          cmocka_unit_test(test_formats__pages), cmocka_unit_test(test_formats__texts),
          cmocka_unit_test(test_formats__records), cmocka_unit_test(test_formats__archives))
