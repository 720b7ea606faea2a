# SPDX-License-Identifier: MIT
"""datatrove: MinHash in four stages over files."""
import gzip
import json
import os
import sys

REQUIREMENTS = ["datatrove[io,processing]==0.10.1", "spacy==3.8.18"]
SETTINGS = {
    "comparable": "5-word shingles, 16 buckets of 8 hashes (128 slots), numbers not normalised",
    "own": "MinhashConfig(): 5-word shingles, 14 buckets of 8 hashes, numbers normalised to 0",
}
DIFFERS = ("has no threshold: candidates are not compared; connected components; words by spaCy's "
           "English tokenizer, as in its documentation; keeps any one of a group")

if __name__ == "__main__":
    sys.path.append(sys.path.pop(0))
    from datatrove.executor import LocalPipelineExecutor
    from datatrove.pipeline.dedup import MinhashDedupSignature
    from datatrove.pipeline.dedup.minhash import (MinhashConfig, MinhashDedupBuckets,
                                                  MinhashDedupCluster, MinhashDedupFilter)
    from datatrove.pipeline.readers import JsonlReader
    from datatrove.pipeline.writers.jsonl import JsonlWriter
    from datatrove.utils.text import TextNormConfig
    from datatrove.utils.typeshelper import Languages
    import peer

    def split_file(path, folder, parts):
        """Its tasks share the work by files."""
        os.makedirs(folder)
        with open(path, "rb") as source:
            lines = source.readlines()
        step = -(-len(lines) // parts)
        for part in range(parts):
            with open(os.path.join(folder, f"{part}.jsonl"), "wb") as out:
                out.writelines(lines[part * step:(part + 1) * step])

    def run(task):
        at = {name: os.path.join(task.scratch, name) for name in
              ("input", "signatures", "buckets", "remove", "kept")}
        split_file(task.input, at["input"], task.workers)
        config = MinhashConfig()
        if task.settings == "comparable":
            config = MinhashConfig(n_grams=5, num_buckets=16, hashes_per_bucket=8,
                                   norm_config=TextNormConfig(norm_numbers=False))
        stages = (
            (task.workers, [JsonlReader(at["input"]),
                            MinhashDedupSignature(at["signatures"], config, Languages.english)]),
            (config.num_buckets, [MinhashDedupBuckets(at["signatures"], at["buckets"],
                                                      config=config)]),
            (1, [MinhashDedupCluster(at["buckets"], at["remove"], config=config)]),
            (task.workers, [JsonlReader(at["input"]), MinhashDedupFilter(at["remove"]),
                            JsonlWriter(at["kept"])]))
        for tasks, pipeline in stages:
            LocalPipelineExecutor(pipeline, tasks=tasks, workers=task.workers,
                                  skip_completed=False).run()
        for name in sorted(os.listdir(at["kept"])):
            with gzip.open(os.path.join(at["kept"], name), "rt", encoding="utf-8") as lines:
                for line in lines:
                    yield json.loads(line)["id"]

    peer.main(run)
