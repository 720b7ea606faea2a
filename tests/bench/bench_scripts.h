/* SPDX-License-Identifier: MIT */
/* Sentences in ten scripts, for texts that read like texts: put together in another order every
 * time, so that branches cannot be learnt by heart. */
#ifndef TESTS_BENCH_SCRIPTS_H
#define TESTS_BENCH_SCRIPTS_H

typedef struct bench_script {
    const char *name;
    const char *sentences[4];
} bench_script;

/* Columns of these scripts are counted in another way there. */
/* clang-format off */
static const bench_script bench_scripts[] = {
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

#define BENCH_SCRIPTS (sizeof bench_scripts / sizeof *bench_scripts)

#endif
