# SPDX-License-Identifier: MIT
"""A crawl of the news site, as a program of its own.

usage: crawl_news.py URL OUTPUT STATS [NAME=VALUE...]

Writes what passes to OUTPUT, a line an item, as it passes; the stats to STATS. NAME=VALUE are
settings, in JSON.
"""
import json
import sys
import time

import scrapy
import scrapy.signals
from scrapy.crawler import CrawlerProcess
from twisted.internet.task import LoopingCall

TICK = 0.01


class Output:
    """Each item is written at once."""

    @classmethod
    def from_crawler(cls, crawler):
        self = cls()
        self.path = crawler.settings["OUTPUT"]
        self.loses = crawler.settings.get("LOSES", "nothing")
        return self

    def open_spider(self):
        self.file = open(self.path, "a", encoding="utf-8")

    def process_item(self, item):
        if item["url"].endswith(self.loses):
            raise ValueError("this item is lost here")
        print(json.dumps(dict(item)), file=self.file, flush=True)
        return item

    def close_spider(self):
        self.file.close()


class News(scrapy.Spider):
    name = "news"

    async def start(self):
        yield scrapy.Request(self.settings["SITE"], dont_filter=True)

    def parse(self, response):
        for address in response.css("a::attr(href)").getall():
            yield response.follow(address, self.parse_page)

    def parse_page(self, response):
        yield {"url": response.url, "text": response.css("article::text").get()}


class Gaps:
    """The longest time in which the reactor came to nothing else, while the spider was open."""

    @classmethod
    def from_crawler(cls, crawler):
        self = cls()
        self.stats = crawler.stats
        crawler.signals.connect(self.begin, signal=scrapy.signals.spider_opened)
        return self

    def begin(self):
        self.last = time.monotonic()
        LoopingCall(self.tick).start(TICK)

    def tick(self):
        now = time.monotonic()
        self.stats.max_value("gap", now - self.last - TICK)
        self.last = now


def main():
    url, output, stats, *pairs = sys.argv[1:]
    settings = {
        "SITE": url,
        "OUTPUT": output,
        "ITEM_PIPELINES": {"neardup.scrapy.NearDupPipeline": 300, Output: 900},
        "EXTENSIONS": {Gaps: 0},
        "TELNETCONSOLE_ENABLED": False,
        "ROBOTSTXT_OBEY": False,
        "LOG_ENABLED": False,
        "CONCURRENT_REQUESTS_PER_DOMAIN": 16,
        "DOWNLOAD_DELAY": 0,
    }
    for pair in pairs:
        name, _, value = pair.partition("=")
        settings[name] = json.loads(value)
    process = CrawlerProcess(settings)
    crawler = process.create_crawler(News)
    process.crawl(crawler)
    process.start()
    with open(stats, "w", encoding="utf-8") as file:
        json.dump(crawler.stats.get_stats(), file, default=str)


if __name__ == "__main__":
    main()
