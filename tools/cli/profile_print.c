/* SPDX-License-Identifier: MIT */
/* Where the time of a run went. */
#include "profile_print.h"

/* More workers than this are shown by their least and most only. */
#define WORKERS_SHOWN 8

static double busy_of(const ndup_profile *profile, unsigned worker, unsigned part)
{
    return profile->busy[worker * NDUP_PART_COUNT + part];
}

static double sum_of(const ndup_profile *profile, unsigned part)
{
    double sum = 0;
    for (unsigned i = 0; i < profile->workers; i++) {
        sum += busy_of(profile, i, part);
    }
    return sum;
}

static double wall_of_all(const ndup_profile *profile)
{
    double sum = 0;
    for (unsigned i = 0; i < NDUP_STAGE_COUNT; i++) {
        sum += profile->wall[i];
    }
    return sum;
}

static void print_workers(FILE *out, const ndup_profile *profile, unsigned part)
{
    if (profile->workers <= WORKERS_SHOWN) {
        for (unsigned i = 0; i < profile->workers; i++) {
            fprintf(out, " %8.3f", busy_of(profile, i, part));
        }
        return;
    }
    double least = busy_of(profile, 0, part);
    double most = least;
    for (unsigned i = 1; i < profile->workers; i++) {
        double busy = busy_of(profile, i, part);
        least = busy < least ? busy : least;
        most = busy > most ? busy : most;
    }
    fprintf(out, " %8.3f to %.3f", least, most);
}

static void print_stage(FILE *out, const ndup_profile *profile, unsigned stage, double all)
{
    double rest = profile->wall[stage] * profile->workers;
    fprintf(out, "  %-14s %8.3f %5.1f %%\n", ndup_stage_name((ndup_stage)stage),
            profile->wall[stage], 100 * profile->wall[stage] / all);
    for (unsigned part = 0; part < NDUP_PART_COUNT; part++) {
        if ((unsigned)ndup_part_stage((ndup_part)part) == stage) {
            double sum = sum_of(profile, part);
            rest -= sum;
            fprintf(out, "    %-12s %8s %5.1f %%", ndup_part_name((ndup_part)part), "",
                    100 * sum / (all * profile->workers));
            print_workers(out, profile, part);
            fputc('\n', out);
        }
    }
    fprintf(out, "    %-12s %8s %5.1f %%\n", "waiting, rest", "",
            100 * rest / (all * profile->workers));
}

void cli_profile_print(FILE *out, const ndup_profile *profile)
{
    double all = wall_of_all(profile);
    if (all <= 0) {
        return;
    }
    fprintf(out, "\n  %-14s %8s %7s  %s\n", "profile", "wall s", "share",
            profile->workers > WORKERS_SHOWN ? "busy s, least to most of the workers"
                                             : "busy s of each worker");
    for (unsigned stage = 0; stage < NDUP_STAGE_COUNT; stage++) {
        if (profile->wall[stage] > 0) {
            print_stage(out, profile, stage, all);
        }
    }
}

void cli_profile_print_json(cli_json *json, const ndup_profile *profile)
{
    cli_json_open(json, "profile", '{');
    cli_json_count(json, "workers", profile->workers);
    cli_json_open(json, "wall", '{');
    for (unsigned i = 0; i < NDUP_STAGE_COUNT; i++) {
        cli_json_number(json, ndup_stage_name((ndup_stage)i), profile->wall[i]);
    }
    cli_json_close(json, '}');
    cli_json_open(json, "busy", '{');
    for (unsigned part = 0; part < NDUP_PART_COUNT; part++) {
        cli_json_open(json, ndup_part_name((ndup_part)part), '[');
        for (unsigned i = 0; i < profile->workers; i++) {
            cli_json_number(json, NULL, busy_of(profile, i, part));
        }
        cli_json_close(json, ']');
    }
    cli_json_close(json, '}');
    cli_json_close(json, '}');
}
