/* SPDX-License-Identifier: MIT */
/* Time of the kernels between a line of JSON and its shingles, variant by variant and script by
 * script: nanoseconds a byte, a token or a shingle, least and median of the repetitions.
 *
 * usage: bench_text
 * One processor, data in cache. Each text is a few sentences in another order every time, so that
 * branches cannot be learnt by heart. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "corpus/record.h"
#include "kernel/kernel.h"
#include "text/tokenize_stream.h"

#include "support/random.h"

#define TEXT_BYTES 3000
#define TEXTS 16
#define ROOM (8 * TEXT_BYTES)
#define REPETITIONS 15
#define REPETITION_NS 1e6
#define SHINGLE 5

typedef struct script {
    const char *name;
    const char *sentences[4];
} script;

/* Columns of these scripts are counted in another way there. */
/* clang-format off */
static const script scripts[] = {
    {"English",
     {"The harbour was quiet, and nobody on the quay had seen the ferry come in. ",
      "\"We counted 214 crates,\" the clerk wrote, \"and signed for every one.\"\n",
      "Prices rose by 3.5 per cent in March, after two quarters without a change. ",
      "Later that evening the council voted again; the result was the same.\n\n"}},
    {"German",
     {"Über den Fluß führte früher nur eine schmale Brücke aus Holz. ",
      "Die Gäste fragten höflich, ob für Sonntag noch Plätze frei wären.\n",
      "Im März öffnet das Museum wieder täglich um zehn Uhr. ",
      "Größere Mengen müssen zwölf Tage vorher bestellt werden.\n"}},
    {"Polish",
     {"Później okazało się, że wąska ścieżka prowadzi aż do źródła. ",
      "Dzień był długi, a łąki wciąż pełne rosy i świerszczy.\n",
      "Sąd odroczył rozprawę, ponieważ świadek nie mógł przyjechać. ",
      "Żółte liście leżały na całej długości nabrzeża.\n"}},
    {"Vietnamese",
     {"Mỗi buổi sáng, chợ nổi lại đông người bán trái cây. ",
      "Con đường này dẫn thẳng đến thư viện của thành phố.\n",
      "Giá gạo tăng nhẹ trong quý hai, theo số liệu mới nhất. ",
      "Họ đã chờ chuyến phà cuối cùng suốt hai tiếng đồng hồ.\n"}},
    {"Russian",
     {"Утром над рекой стоял туман, и паром задержался на час. ",
      "В библиотеке нашли 12 писем, которые никто не читал.\n",
      "Совет города отложил решение до следующей недели. ",
      "Цены на хлеб почти не изменились с прошлого года.\n"}},
    {"Persian",
     {"کتاب‌های کتابخانه هر هفته دوباره شمرده می‌شوند. ",
      "قطار صبح با یک ساعت تأخیر به ایستگاه رسید.\n", "قیمت نان در این ماه تغییر زیادی نکرده است. ",
      "پس از باران، چشمه‌ی کوچک باغ دوباره پر آب شد.\n"}},
    {"Chinese",
     {"清晨的码头很安静，没有人看见渡船进港。", "图书馆昨天收到了十二封从未拆开的信。\n",
      "三月份的价格上涨了百分之三点五，超出预期。", "市议会决定把表决推迟到下个星期再进行。\n"}},
    {"Japanese",
     {"朝の港は静かで、だれもフェリーが着くのを見ていなかった。",
      "図書館では、開かれたことのない手紙が十二通見つかった。\n",
      "三月の物価は三・五パーセント上がり、予想をこえた。",
      "市議会は、ふたたび採決を来週までのばすことにした。\n"}},
    {"Korean",
     {"아침 부두는 조용했고 배가 들어오는 것을 본 사람은 없었다. ",
      "도서관에서 아무도 열어 보지 않은 편지 열두 통이 나왔다.\n",
      "삼월 물가는 석 달 만에 가장 큰 폭으로 올랐다. ",
      "시의회는 표결을 다음 주로 다시 미루기로 했다.\n"}},
    {"Thai",
     {"ท่าเรือยามเช้าเงียบสงบ ไม่มีใครเห็นเรือข้ามฟากเข้ามา ",
      "ห้องสมุดพบจดหมายสิบสองฉบับที่ไม่เคยมีใครเปิดอ่าน\n",
      "ราคาสินค้าในเดือนมีนาคมเพิ่มขึ้นเล็กน้อย ", "สภาเมืองเลื่อนการลงมติออกไปเป็นสัปดาห์หน้า\n"}},
};
/* clang-format on */

/* The stages of one script's texts; counts are of all of them. */
typedef struct stage_data {
    char texts[TEXTS][TEXT_BYTES + 256];
    size_t lengths[TEXTS];
    char escaped[TEXTS][2 * TEXT_BYTES];
    size_t escaped_lengths[TEXTS];
    char folded[TEXTS][ROOM];
    size_t folded_lengths[TEXTS];
    uint64_t tokens[TEXTS][ROOM];
    size_t token_counts[TEXTS];
    uint64_t shingles[ROOM];
    uint64_t numbers[ROOM];
    char out[ROOM];
    size_t bytes;
    size_t token_count;
} stage_data;

static volatile size_t sink;

/* Works on text number i with variant number v. */
typedef void call(stage_data *data, size_t v, size_t i);

static void call_pass(stage_data *data, size_t v, size_t i)
{
    uint32_t escaped = 0;
    sink = ndup__string_pass_variants[v].run(&escaped, data->escaped[i], data->escaped_lengths[i]);
}

static void call_unescape(stage_data *data, size_t v, size_t i)
{
    size_t taken;
    sink = ndup__string_unescape_variants[v].run(data->out, &taken, data->escaped[i],
                                                 data->escaped_lengths[i]);
}

static void call_fold(stage_data *data, size_t v, size_t i)
{
    ndup__token_stream stream = {.bytes = data->out, .limit = ROOM - NDUP__TOKEN_SLACK};
    sink = ndup__token_fold_variants[v].run(&stream, ndup__token_table_get(), data->texts[i],
                                            data->lengths[i]);
    data->folded_lengths[i] = stream.used;
}

static void call_hash(stage_data *data, size_t v, size_t i)
{
    data->token_counts[i] =
        ndup__token_hash_variants[v].run(data->tokens[i], data->folded[i], data->folded_lengths[i]);
}

static void call_numbers(stage_data *data, size_t v, size_t i)
{
    sink = ndup__token_numbers_variants[v].run(data->numbers, data->tokens[i], data->folded[i],
                                               data->folded_lengths[i]);
}

static void call_shingle(stage_data *data, size_t v, size_t i)
{
    ndup__shingle_windows_variants[v].run(data->shingles, data->tokens[i],
                                          data->token_counts[i] - SHINGLE + 1, SHINGLE, 1);
}

static double now_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec * 1e9 + (double)now.tv_nsec;
}

static int compare_doubles(const void *a, const void *b)
{
    double x = *(const double *)a;
    double y = *(const double *)b;
    return (x > y) - (x < y);
}

static double time_all(stage_data *data, call *run, size_t v)
{
    double start = now_ns();
    size_t rounds = 0;
    do {
        for (size_t i = 0; i < TEXTS; i++) {
            run(data, v, i);
        }
        rounds++;
    } while (now_ns() - start < REPETITION_NS);
    return (now_ns() - start) / (double)rounds;
}

static void measure(const char *kernel, const char *script_name, const char *unit, double units,
                    stage_data *data, call *run)
{
    for (size_t v = 0; ndup__token_fold_variants[v].run != NULL; v++) {
        if ((ndup__token_fold_variants[v].needs & ~ndup__cpu_features()) != 0) {
            continue;
        }
        double times[REPETITIONS];
        for (size_t i = 0; i < REPETITIONS; i++) {
            times[i] = time_all(data, run, v) / units;
        }
        qsort(times, REPETITIONS, sizeof *times, compare_doubles);
        printf("%-16s %-11s %-8s %8.3f %8.3f  ns/%s\n", kernel, script_name,
               ndup__token_fold_variants[v].name, times[0], times[REPETITIONS / 2], unit);
    }
}

static void fill(stage_data *data, const script *from, test_random *random)
{
    data->bytes = 0;
    for (size_t i = 0; i < TEXTS; i++) {
        size_t length = 0;
        while (length < TEXT_BYTES) {
            const char *sentence = from->sentences[test_random_below(random, 4)];
            memcpy(data->texts[i] + length, sentence, strlen(sentence));
            length += strlen(sentence);
        }
        data->lengths[i] = length;
        data->escaped_lengths[i] = ndup__json_escape(data->escaped[i], data->texts[i], length);
        data->bytes += length;
    }
}

/* Makes the inputs of the stages behind folding. */
static void prepare(stage_data *data)
{
    data->token_count = 0;
    for (size_t i = 0; i < TEXTS; i++) {
        call_fold(data, 0, i);
        memcpy(data->folded[i], data->out, data->folded_lengths[i]);
        memset(data->folded[i] + data->folded_lengths[i], 0, NDUP__TOKEN_PADDING);
        call_hash(data, 0, i);
        data->token_count += data->token_counts[i];
    }
}

int main(void)
{
    stage_data *data = calloc(1, sizeof *data);
    if (data == NULL) {
        return 1;
    }
    test_random random;
    test_random_init(&random, 1);
    printf("%-16s %-11s %-8s %8s %8s\n", "kernel", "text", "variant", "min", "median");
    for (size_t i = 0; i < sizeof scripts / sizeof *scripts; i++) {
        const char *name = scripts[i].name;
        fill(data, &scripts[i], &random);
        prepare(data);
        double bytes = (double)data->bytes;
        double tokens = (double)data->token_count;
        measure("string_pass", name, "byte", bytes, data, call_pass);
        measure("string_unescape", name, "byte", bytes, data, call_unescape);
        measure("token_fold", name, "byte", bytes, data, call_fold);
        prepare(data);
        measure("token_hash", name, "token", tokens, data, call_hash);
        measure("token_numbers", name, "token", tokens, data, call_numbers);
        measure("shingle_windows", name, "shingle", tokens - (SHINGLE - 1) * TEXTS, data,
                call_shingle);
    }
    free(data);
    return 0;
}
