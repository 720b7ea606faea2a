# SPDX-License-Identifier: MIT
"""A site of 500 pages on the loopback interface, for crawlers: articles with mirrors, edited
copies, addresses that count visits, a family of forms, and pages that change between visits."""
import http.server
import random
import threading

ARTICLES, MIRRORS, COPIES, TRACKED, SESSIONS, FORMS, LIVE = 150, 100, 60, 60, 40, 60, 30
BEGINS = "ba do fi ku le mo ne pu ra so ti ve".split()
MIDDLES = "ber dan gil hem kor lus min nop rat sen tov wid".split()
ENDS = ["", "a", "en", "is", "or", "um"]
WORDS = [begin + middle + end for begin in BEGINS for middle in MIDDLES for end in ENDS]


def words(count, seed):
    return random.Random(seed).choices(WORDS, k=count)


def edited(text, share, seed):
    """A share of its words replaced."""
    rng = random.Random(seed)
    return [rng.choice(WORDS) if rng.random() < share else word for word in text]


def article(i):
    return words(180, f"article {i}")


def form(i):
    """Half of it is what all have, in blocks; the other half is its own."""
    text = []
    for block in range(6):
        text += words(15, f"form {block}") + words(15, f"form {block} of {i}")
    return text


def live(i, visit):
    """From visit to visit a few words change, or most of them."""
    share = 0.03 if i % 2 else 0.5
    return edited(words(180, f"live {i}"), share if visit else 0, f"live {i} {visit}")


def pages():
    """Addresses, each with what its text is a copy of."""
    rng = random.Random(5)
    made = {f"/news/{i}": f"article {i}" for i in range(ARTICLES)}
    made |= {f"/mirror/{i}": f"article {i}" for i in range(MIRRORS)}
    made |= {f"/copy/{i}": f"article {ARTICLES - 1 - i}" for i in range(COPIES)}
    made |= {f"/news/{i}?utm_source=mail&utm_campaign={i}": f"article {i}" for i in range(TRACKED)}
    for i in range(SESSIONS):
        session = f"{rng.getrandbits(128):032x}"
        address = f"/news/{i};jsessionid={session}" if i % 2 else f"/news/{i}?sid={session}"
        made[address] = f"article {i}"
    made |= {f"/vacancy/{i}": f"form {i}" for i in range(FORMS)}
    made |= {f"/live/{i}": f"live {i}" for i in range(LIVE)}
    return made


def text_of(path, visit):
    kind, number = path.partition("?")[0].partition(";")[0].strip("/").split("/")
    i = int(number)
    if kind == "mirror":
        return [word.upper() + "," if i % 2 else word for word in article(i)]
    if kind == "copy":
        return edited(article(ARTICLES - 1 - i), 0.03, f"copy {i}")
    made = {"news": article, "vacancy": form, "live": lambda i: live(i, visit)}
    return made[kind](i)


class Site(http.server.ThreadingHTTPServer):
    """Serves the pages. `visit` is which time it is; `on_request` is called with how many requests
    there were."""

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), _Handler)
        self.visit = 0
        self.requests = 0
        self.on_request = lambda count: None
        addresses = list(pages())
        random.Random(9).shuffle(addresses)
        self.index = "".join(f'<a href="{each}">page</a>\n' for each in addresses)

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server_port}/"

    def __enter__(self):
        threading.Thread(target=self.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_):
        self.shutdown()
        self.server_close()

    def handle_error(self, *_):
        """Crawlers that are stopped hang up."""


class _Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        site = self.server
        if self.path == "/":
            page = site.index
        else:
            site.requests += 1
            site.on_request(site.requests)
            page = f"<article>{' '.join(text_of(self.path, site.visit))}</article>"
        body = page.encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass
