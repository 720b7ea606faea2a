/* SPDX-License-Identifier: MIT */
/* Any bytes as a plan, an edited plan, a baseline, decisions or labels: refused with a message, or
 * read to something that holds together. The first byte chooses what they are read as. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "fuzz/fuzz_target.h"
#include "neardup/baseline.h"
#include "neardup/eval.h"
#include "neardup/plan.h"
#include "plan/plan_state.h"

enum { PATH_BYTES = 256 };

static void check(int holds)
{
    if (!holds) {
        abort();
    }
}

static char path[PATH_BYTES];

static void remove_file(void)
{
    unlink(path);
}

/* All that reads plans reads them from files. */
static void write_file(const uint8_t *data, size_t size)
{
    if (path[0] == '\0') {
        const char *folder = getenv("TMPDIR");
        snprintf(path, sizeof path, "%s/fuzz-plan-XXXXXX", folder != NULL ? folder : "/tmp");
        int descriptor = mkstemp(path);
        check(descriptor >= 0 && close(descriptor) == 0);
        check(atexit(remove_file) == 0);
    }
    FILE *file = fopen(path, "wb");
    check(file != NULL && fwrite(data, 1, size, file) == size && fclose(file) == 0);
}

static void check_status(ndup_status status, const ndup_error *error)
{
    check(status == NDUP_STATUS_OK || (error->status == status && error->message[0] != '\0'));
    check(status == NDUP_STATUS_OK || status == NDUP_STATUS_CORRUPT ||
          status == NDUP_STATUS_VERSION || status == NDUP_STATUS_INVALID ||
          status == NDUP_STATUS_LIMIT || status == NDUP_STATUS_CHANGED ||
          status == NDUP_STATUS_NOT_FOUND || status == NDUP_STATUS_UNSUPPORTED);
}

/* Every row names a survivor that there is, and that is its own. */
static void check_plan(const ndup_plan *plan)
{
    for (size_t i = 0; i < plan->row_count; i++) {
        const ndup__plan_row *row = &plan->rows[i];
        check(row->survivor < plan->row_count);
        check(plan->rows[row->survivor].survivor == row->survivor);
    }
}

static void read_plan(bool is_edited)
{
    ndup_plan *plan;
    ndup_error error = {0};
    uint64_t taken;
    ndup_status status = is_edited ? ndup_plan_open_edited(&plan, path, NULL, &error)
                                   : ndup_plan_open(&plan, path, NULL, &error);
    check_status(status, &error);
    check((status == NDUP_STATUS_OK) == (plan != NULL));
    if (plan != NULL) {
        check_plan(plan);
        check_status(ndup_plan_decide(&taken, plan, path, &error), &error);
        check_plan(plan);
    }
    ndup_plan_close(plan);
}

static void read_baseline(void)
{
    ndup_baseline *baseline;
    ndup_error error = {0};
    ndup_status status = ndup_baseline_open(&baseline, path, NULL, &error);
    check_status(status, &error);
    check((status == NDUP_STATUS_OK) == (baseline != NULL));
    ndup_baseline_close(baseline);
}

static void read_gold(int clusters)
{
    ndup_gold *gold;
    ndup_error error = {0};
    ndup_gold_options options = {.struct_size = sizeof options, .clusters = clusters};
    ndup_status status = ndup_gold_open(&gold, path, &options, &error);
    check_status(status, &error);
    check((status == NDUP_STATUS_OK) == (gold != NULL));
    ndup_gold_close(gold);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0) {
        return 0;
    }
    write_file(data + 1, size - 1);
    switch (data[0] % 5) {
    case 0:
    case 1:
        read_plan(data[0] % 5 == 1);
        break;
    case 2:
        read_baseline();
        break;
    default:
        read_gold(data[0] % 5 - 4);
    }
    return 0;
}
