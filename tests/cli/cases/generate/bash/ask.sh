# SPDX-License-Identifier: MIT
# Sources the completion and asks it what may follow some words; the last word is being typed.
. ./neardup
touch corpus.jsonl 'with space.txt'
compopt() { :; }
ask() {
    COMP_WORDS=("$@")
    COMP_CWORD=$(($# - 1))
    _neardup
    echo "$*:" $(printf '<%s> ' "${COMPREPLY[@]}")
}
ask neardup ''
ask neardup ex
ask neardup dedup --thr
ask neardup dedup -
ask neardup dedup --preset st
ask neardup dedup --preset = st
ask neardup dedup --preset =
ask neardup dedup --cluster ''
ask neardup dedup -o js
ask neardup dedup -o jsonl : cor
ask neardup dedup --files-from wi
ask neardup dedup --threshold ''
ask neardup dedup cor
ask neardup help ad
ask neardup presets --
complete -p neardup
