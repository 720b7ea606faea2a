# SPDX-License-Identifier: MIT
# A run in stages by make, on one machine or on a folder that several share: what is done is not done
# again.
#
#   make -f stages.mk -j 8 INPUTS='crawl/*.jsonl.zst' SHARDS=16 plan.jsonl

NEARDUP ?= neardup
OPTIONS ?=
SHARDS ?= 8
WORK ?= stages

inputs := $(wildcard $(INPUTS))
numbers := $(shell seq $(SHARDS))
parts := $(foreach i,$(inputs),$(WORK)/$(notdir $(i)).part)
buckets := $(numbers:%=$(WORK)/%.buckets)
counts := $(numbers:%=$(WORK)/%.counts)
decisions := $(numbers:%=$(WORK)/%.decisions)

plan.jsonl: $(parts) $(decisions)
	$(NEARDUP) decide $^ -o plan:$@ --force

$(WORK):
	mkdir -p $@

define sketch
$(WORK)/$(notdir $(1)).part: $(1) | $(WORK)
	$(NEARDUP) sketch $(1) $(OPTIONS) -j 1 -q -o $$@
endef
$(foreach i,$(inputs),$(eval $(call sketch,$(i))))

$(buckets): $(WORK)/%.buckets: $(parts)
	$(NEARDUP) bucket $^ --shard $*/$(SHARDS) -q -o $@

$(WORK)/components: $(buckets)
	$(NEARDUP) components $^ --shards $(SHARDS) -q -o $@

$(counts): $(WORK)/%.counts: $(parts) $(WORK)/components
	$(NEARDUP) count $^ --shard $*/$(SHARDS) -j 1 -q -o $@

$(decisions): $(WORK)/%.decisions: $(parts) $(WORK)/components $(counts)
	$(NEARDUP) verify $^ --shard $*/$(SHARDS) -j 1 -q -o $@
