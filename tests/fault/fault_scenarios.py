# SPDX-License-Identifier: MIT
"""What the fault matrix runs: every command, every kind of input, and every output of each."""
import dataclasses


@dataclasses.dataclass(frozen=True)
class Scenario:
    name: str
    words: tuple  # {in} is the folder of inputs
    outputs: tuple = ()  # files, which exist before and are replaced by --force
    folders: tuple = ()  # folders, which are new
    stdin: str = ""  # an input that is piped in
    status: int = 0  # without faults
    finds: bool = False  # inputs are found in folders: what cannot be read there is passed over


DEDUP_FILES = ("jsonl", "ids", "removed", "annotated", "rejected", "uncompared", "plan", "pairs",
               "clusters", "summary", "sources", "html", "sarif", "text")
DEDUP_TABLES = ("plan", "pairs", "clusters", "rejected", "sources")
FLAG_FILES = ("jsonl", "cleaned", "annotated", "summary", "html", "sarif")
PASSAGE_FILES = ("jsonl", "csv", "families", "passim", "summary")
PLAN_FILES = ("jsonl", "ids", "removed", "annotated", "plan", "summary", "html", "sarif", "text")
SUFFIXES = ("gz", "bz2", "xz", "zst", "lz4")


def to_file(name, words, path, form, **more):
    return Scenario(name, (*words, "-f", "-o", f"{form}:{path}"), outputs=(path,), **more)


def dedup_outputs():
    records = ("dedup", "{in}/r.jsonl")
    for form in DEDUP_FILES:
        yield to_file(f"dedup-{form}", records, f"out.{form}", form)
    for form in DEDUP_TABLES:
        yield to_file(f"dedup-{form}-csv", records, f"{form}.csv", form)
    for suffix in SUFFIXES:
        yield to_file(f"dedup-jsonl-{suffix}", records, f"out.jsonl.{suffix}", "jsonl")
    yield to_file("dedup-summary-md", records, "summary.md", "summary")
    yield to_file("dedup-jsonl-folded", ("dedup", "{in}/forms.jsonl", "--templates", "fold"),
                  "folded.jsonl", "jsonl")
    yield to_file("dedup-csv", ("dedup", "{in}/r.csv"), "kept.csv", "csv")
    yield to_file("dedup-uncompared-texts", ("dedup", "{in}/r.jsonl", "{in}/twice.txt"), "u.jsonl",
                  "uncompared")
    yield to_file("dedup-rejected-damaged", ("dedup", "{in}/damaged.jsonl"), "rejected.csv",
                  "rejected", status=3)
    yield Scenario("dedup-tree", ("dedup", "{in}/texts", "-o", "tree:tree"), folders=("tree",),
                   finds=True)
    yield Scenario("dedup-tree-forced", ("dedup", "{in}/texts", "-f", "-o", "tree:tree"),
                   outputs=("tree/a.txt",), finds=True)
    yield Scenario("dedup-pages", (*records, "--report-dir", "pages"), folders=("pages",))
    yield Scenario("dedup-pages-forced", (*records, "-f", "-o", "pages:pages"),
                   outputs=("pages/index.html",))
    yield Scenario("dedup-list", (*records, "--list", "all"))
    yield Scenario("dedup-check", (*records, "--check"), status=1)
    yield Scenario("dedup-stdout", (*records, "-q", "-o", "jsonl:-"))
    several = [f"{form}:all.{form}" for form in DEDUP_FILES]
    yield Scenario("dedup-several", (*records, "-f", *(f"-o{one}" for one in several)),
                   outputs=tuple(one.partition(":")[2] for one in several))


def dedup_inputs():
    def ids(name, *words, **more):
        return to_file(f"dedup-of-{name}", ("dedup", *words), "ids", "ids", **more)

    for name in ("array.json", "r.csv", "utf16.csv", "latin2.html", "unnamed.html", "utf16.txt",
                 "r.warc", "r.warc.gz", "m.eml", "m.mbox", "f.rss", "a.zip", "a.tar", "a.tgz",
                 "members.jsonl.gz", *(f"r.jsonl.{suffix}" for suffix in SUFFIXES)):
        yield ids(name.replace(".", "-"), "{in}/" + name)
    for name in ("r.jsonl", "r.jsonl.gz", "r.csv"):
        yield ids(f"stdin-{name}", "-", stdin=name)
    yield ids("folder", "{in}/texts", finds=True)
    yield ids("folder-gitignore", "{in}/texts", "--gitignore", "--include", "*.*", "--exclude",
              "*.bin", finds=True)
    yield ids("html-field", "{in}/html.jsonl", "--html-field", "html")
    yield ids("latin2", "{in}/latin2.txt", "--encoding", "iso-8859-2")
    yield ids("auto", "{in}/latin2.txt", "--encoding", "auto")
    yield ids("units", "{in}/r.jsonl", "--unit", "paragraph")
    yield ids("threads", "{in}/r.jsonl", "{in}/r.csv", "-j2")


def dedup_ways():
    def pairs(name, *words, **more):
        return to_file(f"dedup-{name}", ("dedup", "{in}/r.jsonl", *words), "pairs", "pairs",
                       **more)

    yield pairs("exact", "--exact")
    yield pairs("audit", "--audit", "4")
    yield pairs("components", "--cluster", "components", "--keep", "prefer=s1,newest")
    yield pairs("characters", "--char-shingles")
    yield pairs("exact-tokens", "--exact-tokens")
    yield pairs("simhash", "--sketch", "simhash64")
    yield pairs("guard", "--never-drop-from", "s1", "--max-loss", "90")
    yield pairs("baseline", "--check", "--baseline", "{in}/r.sarif")
    yield pairs("baseline-plan", "--check", "--baseline", "{in}/r_plan.jsonl")


def flag():
    text = ("flag", "{in}/twice.txt")
    for form in FLAG_FILES:
        yield to_file(f"flag-{form}", text, f"out.{form}", form)
    yield Scenario("flag-pages", (*text, "--report-dir", "pages"), folders=("pages",))
    yield Scenario("flag-list", text)
    yield Scenario("flag-check", (*text, "--check"), status=1)
    yield to_file("flag-site", ("flag", "{in}/html.jsonl", "--site", "--html-field", "html"),
                  "out.jsonl", "jsonl")
    yield to_file("flag-records", ("flag", "{in}/r.jsonl"), "out.jsonl", "cleaned")
    yield to_file("flag-folder", ("flag", "{in}/texts"), "out.jsonl", "jsonl", finds=True)
    yield to_file("flag-zip", ("flag", "{in}/a.zip"), "out.jsonl", "jsonl")
    yield Scenario("flag-baseline", (*text, "--check", "--baseline", "{in}/flag.sarif"))


def passages():
    records = ("passages", "{in}/r.jsonl", "--min-tokens", "5")
    for form in PASSAGE_FILES:
        yield to_file(f"passages-{form}", records, f"out.{form}", form)
    yield to_file("passages-jsonl-gz", records, "out.jsonl.gz", "jsonl")
    yield Scenario("passages-list", (*records, "--list", "all"))
    yield to_file("passages-series", (*records, "--series", "source"), "out.jsonl", "jsonl")
    yield to_file("passages-against", (*records, "--against", "{in}/twice.txt"), "out.jsonl",
                  "jsonl")
    yield to_file("passages-folder", ("passages", "{in}/texts"), "out.jsonl", "jsonl", finds=True)


def plans():
    for command, plan in (("apply", "r_plan"), ("report", "r_plan")):
        for form in PLAN_FILES:
            yield to_file(f"{command}-{form}", (command, f"{{in}}/{plan}.jsonl"), f"out.{form}",
                          form)
        yield Scenario(f"{command}-pages", (command, f"{{in}}/{plan}.jsonl", "-o", "pages:pages"),
                       folders=("pages",))
    yield Scenario("apply-tree", ("apply", "{in}/texts_plan.jsonl", "-o", "tree:tree"),
                   folders=("tree",))
    yield to_file("report-two", ("report", "{in}/r_plan.jsonl", "{in}/texts_plan.jsonl"),
                  "both.html", "html")


def others():
    for kind in ("pairs", "clusters"):
        words = ("eval", "{in}/r.jsonl", "--gold", f"{{in}}/gold_{kind}.tsv")
        yield Scenario(f"eval-{kind}", words)
        yield Scenario(f"eval-{kind}-predicted", (*words, "-f", "--predicted", "out.tsv"),
                       outputs=("out.tsv",))
    yield Scenario("eval-json", (*words, "--json"))
    yield Scenario("explain-files", ("explain", "{in}/twice.txt", "{in}/texts/sub/c.txt"))
    yield Scenario("explain-ids", ("explain", "r0", "r2", "--in", "{in}/r.jsonl", "--json"))
    yield Scenario("advise", ("advise", "--documents", "100"))
    yield Scenario("presets", ("presets",))
    yield Scenario("help", ("dedup", "--help"))
    for what, path in (("man", "neardup.1"), ("bash", "neardup"), ("zsh", "_neardup"),
                       ("fish", "neardup.fish")):
        yield Scenario(f"generate-{what}", ("generate", what, "."), outputs=(path,))


def every():
    return [*dedup_outputs(), *dedup_inputs(), *dedup_ways(), *flag(), *passages(), *plans(),
            *others()]
