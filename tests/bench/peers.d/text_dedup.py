# SPDX-License-Identifier: MIT
"""text-dedup: MinHash and union-find over Hugging Face datasets."""
import os
import subprocess
import sys

REQUIREMENTS = ["text-dedup==0.4.0"]
SETTINGS = {
    "comparable": "python -m text_dedup.minhash --ngram 5 --num_perm 128 --threshold 0.8 "
                  "--hash_func xxh3",
    "own": "python -m text_dedup.minhash with its defaults: 5-word shingles, 250 permutations, "
           "0.7, sha1",
}
DIFFERS = ("candidates are not compared; connected components; punctuation makes empty words, "
           "documents of under 5 words are dropped")

if __name__ == "__main__":
    sys.path.append(sys.path.pop(0))
    import datasets
    import peer

    def run(task):
        output = os.path.join(task.scratch, "text-dedup")
        options = ["--ngram", "5", "--num_perm", "128", "--threshold", "0.8", "--hash_func", "xxh3"]
        subprocess.run(
            [sys.executable, "-m", "text_dedup.minhash", "--path", "json", "--data_files",
             task.input, "--split", "train", "--cache_dir", os.path.join(task.scratch, "cache"),
             "--output", output, "--column", "text", "--num_proc", str(task.workers),
             "--batch_size", "10000",
             *(options if task.settings == "comparable" else [])],
            check=True, env={**os.environ, "HF_HUB_OFFLINE": "1"}, stdout=subprocess.DEVNULL)
        return datasets.load_from_disk(output)["id"]

    peer.main(run)
