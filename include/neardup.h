/* SPDX-License-Identifier: MIT */
/* neardup: finds repeated and near-repeated text. This header includes all others.
 *
 * The short way through: ndup_corpus_open, ndup_dedup_options_init, ndup_dedup, ndup_result_verdict
 * or ndup_output_open + ndup_result_write. include/neardup/README.md is a tour with running
 * examples. */
#ifndef NEARDUP_H
#define NEARDUP_H

#include "neardup/allocator.h"
#include "neardup/arrow.h"
#include "neardup/baseline.h"
#include "neardup/corpus.h"
#include "neardup/corpus_frequencies.h"
#include "neardup/decide.h"
#include "neardup/dedup.h"
#include "neardup/document.h"
#include "neardup/eval.h"
#include "neardup/explain.h"
#include "neardup/flag.h"
#include "neardup/form_texts.h"
#include "neardup/group.h"
#include "neardup/hooks.h"
#include "neardup/index.h"
#include "neardup/lsh.h"
#include "neardup/output.h"
#include "neardup/passage.h"
#include "neardup/plan.h"
#include "neardup/preset.h"
#include "neardup/profile.h"
#include "neardup/record.h"
#include "neardup/sketch.h"
#include "neardup/stages.h"
#include "neardup/status.h"
#include "neardup/table_files.h"
#include "neardup/text.h"
#include "neardup/text_keys.h"
#include "neardup/unit.h"
#include "neardup/version.h"
#include "neardup/visible.h"
#include "neardup/work.h"

#endif
