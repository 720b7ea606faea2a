/* SPDX-License-Identifier: MIT */
/* Mail: what messages say, and mailboxes that are the same however they are cut. */
#include "corpus/mail.h"

#include <stdio.h>
#include <string.h>

#include "support/cut_check.h"
#include "support/test.h"

/* A message, read with a block of its own. */
typedef struct reading {
    ndup__block block;
    ndup__mail mail;
    ndup_error error;
} reading;

static void read_mail(reading *self, const char *message)
{
    ndup__block_init(&self->block, NULL);
    assert_ok(ndup__mail_read(&self->mail, &self->block, (ndup_text){message, strlen(message)},
                              &self->error),
              &self->error);
}

static void assert_text(ndup_text text, const char *expected)
{
    assert_u64_equal(text.length, strlen(expected));
    assert_memory_equal(text.bytes, expected, text.length);
}

static void assert_body(const char *message, const char *expected)
{
    reading self;
    read_mail(&self, message);
    assert_text(self.mail.page.text, expected);
    ndup__block_deinit(&self.block);
}

static void test_mail__reads_its_headers(void **state)
{
    (void)state;
    reading self;
    read_mail(&self, "Received: by x\n\tfor y\nFROM: =?utf-8?Q?Ann_=C3=98?= <ann@a.example>\n"
                     "subject: =?iso-8859-1?B?Zm/4?=\n =?UTF-8*en?q?bar?= and\r\n more\n"
                     "Date: Mon, 6 Sep 2021 00:01:00 +0000\nMessage-Id: <1@a>\n\nSubject: no\n");
    assert_text(self.mail.subject, "fo\xC3\xB8"
                                   "bar and more");
    assert_text(self.mail.author, "Ann \xC3\x98 <ann@a.example>");
    assert_text(self.mail.source, "a.example");
    assert_text(self.mail.id, "1@a");
    assert_text(self.mail.date, "Mon, 6 Sep 2021 00:01:00 +0000");
    assert_text(self.mail.page.text, "Subject: no\n");
    ndup__block_deinit(&self.block);
}

static void assert_header(const char *raw, const char *expected)
{
    ndup__block block;
    ndup_text value;
    ndup_error error;
    ndup__block_init(&block, NULL);
    assert_ok(ndup__mail_decode_header(&value, &block, (ndup_text){raw, strlen(raw)}, &error),
              &error);
    assert_text(value, expected);
    ndup__block_deinit(&block);
}

static void test_mail__decodes_encoded_words(void **state)
{
    (void)state;
    assert_header("plain =? text?= =?x", "plain =? text?= =?x");
    assert_header("=?utf-8?q?a=20b_c?=", "a b c");
    assert_header("=?utf-8?q?a?=\r\n\t =?utf-8?q?b?= c", "ab c");
    assert_header("=?windows-1252?Q?=93q=94?=", "\xE2\x80\x9Cq\xE2\x80\x9D");
    assert_header("=?iso-2022-jp?B?GyRCRnwbKEI=?=", "\xE6\x97\xA5");
    assert_header("=?unknown?q?=E9?=", "\xEF\xBF\xBD");
    assert_header("caf\xE9", "caf\xC3\xA9");
    assert_header("", "");
}

static void test_mail__decodes_bodies(void **state)
{
    (void)state;
    assert_body("Content-Transfer-Encoding: quoted-printable\nContent-Type: text/plain; "
                "charset=\"iso-8859-1\"\n\nca=E9f=E9 soft=  \r\n end=3D =zz =",
                "ca\xC3\xA9"
                "f\xC3\xA9 soft end= =zz ");
    assert_body("Content-Transfer-Encoding: BASE64\n\naGVs\r\nbG8=\r\nIQ==\n", "hello!");
    assert_body("Content-Type: text/plain; charset=us-ascii\n\n\xC3\xA9\n", "\xC3\xA9\n");
    assert_body("A: b\n\n\xE9\n", "\xC3\xA9\n");
    assert_body("A: b\n", "");
}

static void test_mail__takes_the_plain_part(void **state)
{
    (void)state;
    assert_body(
        "Content-Type: multipart/mixed; boundary=\"=x y\"\n\npreamble\n--=x y\n"
        "Content-Type: multipart/alternative;\n boundary=z\n\n--z\n\nplain\n"
        "--z\nContent-Type: text/html\n\n<p>html\n--z--\nbetween\n"
        "--=x y\nContent-Type: text/plain\nContent-Disposition: attachment\n\nfile\n--=x y--\n",
        "plain\n");
    assert_body("Content-Type: multipart/mixed; boundary=b\n\n--bb\n--b\n\ncut off", "cut off");
    assert_body("Content-Type: multipart/mixed; boundary=b\n\nno parts\n", "");
    assert_body("Content-Type: image/png\n\n\x89PNG", "");
    assert_body("Content-Type: multipart/mixed\n\nno boundary\n", "");
}

static void test_mail__reads_html_where_there_is_no_plain_part(void **state)
{
    (void)state;
    if (!NDUP_HAVE_GUMBO) {
        skip();
    }
    assert_body("Content-Type: multipart/alternative; boundary=z\n\n--z\nContent-Type: "
                "text/plain\n\n \n--z\nContent-Type: text/html\nContent-Transfer-Encoding: "
                "quoted-printable\n\n<style>p{}</style><p class=3D\"a\">one</p><p>two</p>\n--z--\n",
                "one\n\ntwo");
}

static void test_mail__headers_may_be_damaged(void **state)
{
    (void)state;
    static const struct {
        const char *text, *value;
    } cases[] = {
        {"Subject: a\n\nbody", "a"},
        {"Subject:a", "a"},
        {"Subject:", ""},
        {"X: y\r\n\r\nSubject: a\n", ""},
        {"\nSubject: a\n", ""},
        {"\r\nSubject: a", ""},
        {"\rX\nSubject: a\n", "a"},
        {"\r\rSubject: a", ""},
        {"\r", ""},
        {"Subject : a\n", ""},
        {"Subjects: a\n", ""},
        {"Subject: a\n b\n\tc", "a\n b\n\tc"},
        {"X\n\nSubject: a", ""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        ndup_text message = {cases[i].text, strlen(cases[i].text)};
        assert_text(ndup__mail_header(message, "Subject"), cases[i].value);
    }
    static const char *const lines[] = {"Name: v\n",  "N:", "Name v\n", ": v\n",
                                        "N\xC3: v\n", "",   "N"};
    static const size_t lengths[] = {8, 2, 0, 0, 0, 0, 0};
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
        ndup_text line = {lines[i], strlen(lines[i])};
        assert_u64_equal(ndup__mail_header_line(line), lengths[i]);
    }
}

static void assert_id(const char *message, const char *id, const char *source)
{
    reading self;
    read_mail(&self, message);
    assert_text(self.mail.id, id);
    assert_text(self.mail.source, source);
    ndup__block_deinit(&self.block);
}

static void test_mail__ids_and_senders_as_met(void **state)
{
    (void)state;
    assert_id("Message-ID: <a@b>\nFrom: a@b.example (A)\n\n", "a@b", "b.example");
    assert_id("Message-ID: <a@b\nFrom: \"a@b\" <c@d.example>, e\n\n", "a@b", "d.example");
    assert_id("Message-ID: a@b\nFrom: nobody\n\n", "a@b", "");
    assert_id("Message-ID: <>\nFrom: a@\n\n", "<>", "");
    assert_id("Message-ID: \n\n", "", "");
}

static void test_mail__parameters_and_types_as_met(void **state)
{
    (void)state;
    assert_body("Content-Type: text\n\nold style\n", "old style\n");
    assert_body("Content-Type: TEXT/PLAIN;charset=utf-8;x\n\n\xC3\xA9", "\xC3\xA9");
    assert_body("Content-Type: text/plain; charset\n\nA", "A");
    assert_body("Content-Type: text/plain; charset x; charset=utf-8\n\n\xC3\xA9", "\xC3\xA9");
    assert_body("Content-Type: text/plain; charset=\n\nA", "A");
    assert_body("Content-Type: text/plain; charset = \"utf-8\n\n\xC3\xA9", "\xC3\xA9");
    assert_body("Content-Type: multipart/\n\nA", "");
    assert_body("Content-Type: multipart/mixed; boundary=b\n\n--b\n\none\n--b\n\ntwo\n--b--\n",
                "one\n");
    assert_body("Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/html\n\nx\n"
                "--b\nContent-Type: text/html\n\ny\n--b\n\n plain\n--b--\n",
                " plain\n");
}

/* Each part holds the next one; the text of the last one stands too deep. */
static void test_mail__parts_in_parts_are_looked_into_eight_times(void **state)
{
    (void)state;
    for (int depth = 7; depth < 11; depth++) {
        char message[2000] = "";
        for (int i = 0; i < depth; i++) {
            size_t length = strlen(message);
            snprintf(message + length, sizeof message - length,
                     "Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n", i, i);
        }
        strcat(message, "\ntext");
        assert_body(message, depth <= 8 ? "text" : "");
    }
}

static void assert_cuts(const char *bytes, size_t documents, size_t notes)
{
    size_t size = strlen(bytes);
    for (size_t step = 1; step <= size; step++) {
        cut_result result = cut_check("a.mbox", (const uint8_t *)bytes, size, step);
        assert_u64_equal(result.documents, documents);
        assert_u64_equal(result.notes, notes);
    }
}

static void test_mailbox__is_the_same_however_it_is_cut(void **state)
{
    (void)state;
    assert_cuts(
        "From a@x Mon Sep  6 00:01:00 2021\nSubject: 1\n\nFrom here on, it is text\n\n"
        "From the start: no time\n\n>From b 1:1\n\nFrom b Mon Sep 6 00:01 2021\nA: b\n\nc\n",
        2, 0);
    assert_cuts("From a 1:1\r\nS: 1\r\n\r\nbody\r\n\r\nFrom b 2:2\r\nS: 2\r\n\r\nbody", 2, 0);
    assert_cuts("From a 1:1\nS: 1\nFrom b 2:2\n\n\nFrom c 3:3\n\nFrom d 4:4\nS: 4\n", 2, 1);
    assert_cuts("S: no line in front\n\nbody\n\nFrom d 4:4\nS: 4\n\n", 2, 0);
    assert_cuts("no message\n", 0, 1);
}

static void test_mail__is_told_by_its_headers(void **state)
{
    (void)state;
    static const struct {
        const char *bytes;
        bool is_mail;
        bool is_mailbox;
    } cases[] = {{"Received: by x\nFrom: a\nMessage-ID: <1>\n\n", true, false},
                 {"From: a\nMIME-Version: 1.0\nReceived: x\n\n", true, false},
                 {"From: a\nSubject: b\nDate: c\n\nMIME-Version: 1\nReceived: x", false, false},
                 {"From a@x Mon Sep  6 00:01:00 2021\nSubject: 1\n", false, true},
                 {"From a@x Mon Sep  6 00:01:00 2021\nand so on\n", false, false},
                 {"From the beginning: it was\n", false, false},
                 {"", false, false}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        size_t length = strlen(cases[i].bytes);
        assert_int_equal(ndup__format_mail.recognises(cases[i].bytes, length), cases[i].is_mail);
        assert_int_equal(ndup__format_mailbox.recognises(cases[i].bytes, length),
                         cases[i].is_mailbox);
    }
}

TEST_MAIN(cmocka_unit_test(test_mail__headers_may_be_damaged),
          cmocka_unit_test(test_mail__ids_and_senders_as_met),
          cmocka_unit_test(test_mail__parameters_and_types_as_met),
          cmocka_unit_test(test_mail__parts_in_parts_are_looked_into_eight_times),
          cmocka_unit_test(test_mail__reads_its_headers),
          cmocka_unit_test(test_mail__decodes_encoded_words),
          cmocka_unit_test(test_mail__decodes_bodies),
          cmocka_unit_test(test_mail__takes_the_plain_part),
          cmocka_unit_test(test_mail__reads_html_where_there_is_no_plain_part),
          cmocka_unit_test(test_mailbox__is_the_same_however_it_is_cut),
          cmocka_unit_test(test_mail__is_told_by_its_headers))
