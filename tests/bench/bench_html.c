/* SPDX-License-Identifier: MIT */
/* The speed of reading web pages: made-up ones, and files.
 *
 * usage: bench_html [--smoke] [PAGE.html...] */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "html/html.h"
#include "support/random.h"

enum { REPEATS = 7, PAGE_MOST = 1 << 18 };

typedef struct page_set {
    char **pages;
    size_t *lengths;
    size_t count;
    size_t bytes; /* of all pages */
} page_set;

static double seconds_least = 0.2;

/* Processor time: what other programs do does not count. */
static double now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
    return (double)time.tv_sec + 1e-9 * (double)time.tv_nsec;
}

static void *take(size_t bytes)
{
    void *block = malloc(bytes);
    if (block == NULL) {
        abort();
    }
    return block;
}

static void add_page(page_set *set, char *bytes, size_t length)
{
    set->pages[set->count] = bytes;
    set->lengths[set->count++] = length;
    set->bytes += length;
}

static size_t put_words(char *out, test_random *random, size_t count)
{
    size_t length = 0;
    for (size_t i = 0; i < count; i++) {
        size_t letters = 2 + test_random_below(random, 8);
        for (size_t j = 0; j < letters; j++) {
            out[length++] = (char)('a' + test_random_below(random, 26));
        }
        out[length++] = ' ';
    }
    return length;
}

/* Paragraphs between menus and, on a page of news, scripts that are most of its bytes. */
static char *make_page(size_t *length, test_random *random, bool is_news)
{
    char *page = take(PAGE_MOST);
    size_t at = (size_t)sprintf(page, "<!DOCTYPE html><html lang=en><head><title>News</title>");
    for (int i = 0; i < (is_news ? 12 : 1); i++) {
        at += (size_t)sprintf(page + at, "<meta property=\"og:title\" content=\"News &amp; more\">"
                                         "<script>window.data = {'p': '<p>'};");
        at += put_words(page + at, random, is_news ? 800 : 10);
        at += (size_t)sprintf(page + at, "</script>");
    }
    for (int i = 0; i < 60; i++) {
        at += (size_t)sprintf(page + at,
                              "<div class=\"menu-item level-2\" data-id=\"%d\">"
                              "<a href=\"/section/%d\" class=\"link\"><span>",
                              i, i);
        at += put_words(page + at, random, 3);
        at += (size_t)sprintf(page + at, "</span></a></div>\n");
    }
    for (int i = 0; i < (is_news ? 25 : 200); i++) {
        at += (size_t)sprintf(page + at, "<p>It&#8217;s ");
        at += put_words(page + at, random, 40);
        at += (size_t)sprintf(page + at, "<a href=\"/x\">link</a> &amp; <em>more</em>.</p>\n");
    }
    *length = at;
    return page;
}

static void measure(const char *name, ndup__html *html, const page_set *set)
{
    ndup__arena arena = {.allocator = NULL};
    ndup__html_hints hints = {.is_utf8 = false};
    double least = 0;
    size_t text = 0;
    for (int r = 0; r < REPEATS; r++) {
        size_t rounds = 0;
        double begin = now();
        double seconds = 0;
        while (seconds < seconds_least) {
            text = 0;
            for (size_t i = 0; i < set->count; i++) {
                ndup__html_page page;
                ndup__arena_reset(&arena);
                if (ndup__html_extract(&page, html, set->pages[i], set->lengths[i], &hints, &arena,
                                       NULL) != NDUP_STATUS_OK) {
                    abort();
                }
                text += page.text.length;
            }
            rounds++;
            seconds = now() - begin;
        }
        double each = seconds / (double)rounds;
        least = r == 0 || each < least ? each : least;
    }
    printf("%-10s %6zu pages %10zu bytes %9zu of text %8.1f MB/s\n", name, set->count, set->bytes,
           text, (double)set->bytes / least / 1e6);
    ndup__arena_deinit(&arena);
}

static void measure_made_up(ndup__html *html, const char *name, bool is_news)
{
    char *pages[1];
    size_t lengths[1];
    page_set set = {.pages = pages, .lengths = lengths};
    test_random random;
    test_random_init(&random, 3);
    size_t length;
    char *page = make_page(&length, &random, is_news);
    add_page(&set, page, length);
    measure(name, html, &set);
    free(page);
}

static void read_page(page_set *set, const char *path)
{
    FILE *file = fopen(path, "rb");
    if (file == NULL || fseek(file, 0, SEEK_END) != 0) {
        perror(path);
        exit(4);
    }
    size_t length = (size_t)ftell(file);
    char *bytes = take(length + 1);
    rewind(file);
    length = fread(bytes, 1, length, file);
    fclose(file);
    add_page(set, bytes, length);
}

static void measure_files(ndup__html *html, char *paths[], int count)
{
    page_set set = {.pages = take((size_t)count * sizeof *set.pages),
                    .lengths = take((size_t)count * sizeof *set.lengths)};
    for (int i = 0; i < count; i++) {
        read_page(&set, paths[i]);
    }
    measure("files", html, &set);
    for (int i = 0; i < count; i++) {
        free(set.pages[i]);
    }
    free(set.pages);
    free(set.lengths);
}

int main(int argc, char *argv[])
{
    bool is_smoke = argc > 1 && strcmp(argv[1], "--smoke") == 0;
    int first = is_smoke ? 2 : 1;
    ndup__html *html;
    ndup_error error;
    if (ndup__html_new(&html, NULL, &error) != NDUP_STATUS_OK) {
        fprintf(stderr, "bench_html: %s\n", error.message);
        return error.status == NDUP_STATUS_UNSUPPORTED ? 0 : 4;
    }
    seconds_least = is_smoke ? 0.001 : 0.2;
    measure_made_up(html, "news", true);
    measure_made_up(html, "manual", false);
    if (argc > first) {
        measure_files(html, argv + first, argc - first);
    }
    ndup__html_free(html);
    return 0;
}
