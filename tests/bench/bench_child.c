/* SPDX-License-Identifier: MIT */
/* Runs a command and reports wall time, processor time and peak memory: that of the largest process
 * where the command starts several. A child's peak memory begins with that of the process that
 * starts it, so this one has to be small. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#ifdef __linux__
#include <sys/prctl.h>
#endif
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static double seconds_of(struct timeval time)
{
    return (double)time.tv_sec + 1e-6 * (double)time.tv_usec;
}

/* The exit status of the command, 127 when it was not found, 126 when it was killed. */
static int run(char *command[])
{
    pid_t child = fork();
    if (child == 0) {
        execvp(command[0], command);
        _exit(127);
    }
    int status = 0;
    if (child < 0 || waitpid(child, &status, 0) != child) {
        return 126;
    }
    while (wait(NULL) > 0) { /* what the command left behind counts too */
    }
    return WIFEXITED(status) ? WEXITSTATUS(status) : 126;
}

/* Uses memory and gives it back. */
static int touch_memory(const char *megabytes)
{
    size_t bytes = (size_t)strtoul(megabytes, NULL, 10) << 20;
    volatile char *memory = malloc(bytes + 1);
    for (size_t i = 0; memory != NULL && i < bytes; i += 4096) {
        memory[i] = 1;
    }
    free((void *)memory);
    return memory != NULL ? 0 : 4;
}

int main(int argc, char *argv[])
{
    if (argc == 3 && strcmp(argv[1], "--touch") == 0) {
        return touch_memory(argv[2]);
    }
    if (argc < 3) {
        fputs("usage: bench_child REPORT COMMAND [ARGUMENT...]\n"
              "       bench_child --touch MB\n"
              "Writes wall, user and system seconds and peak memory in bytes to REPORT; or uses\n"
              "memory and gives it back, so that the next program finds it there.\n",
              stderr);
        return 2;
    }
    struct timespec begin, end;
    struct rusage usage;
#ifdef __linux__
    prctl(PR_SET_CHILD_SUBREAPER, 1); /* orphans come here */
#endif
    clock_gettime(CLOCK_MONOTONIC, &begin);
    int status = run(argv + 2);
    clock_gettime(CLOCK_MONOTONIC, &end);
    getrusage(RUSAGE_CHILDREN, &usage);
    FILE *report = fopen(argv[1], "w");
    if (report == NULL) {
        perror(argv[1]);
        return 4;
    }
    fprintf(report, "%.6f %.6f %.6f %lld\n",
            (double)(end.tv_sec - begin.tv_sec) + 1e-9 * (double)(end.tv_nsec - begin.tv_nsec),
            seconds_of(usage.ru_utime), seconds_of(usage.ru_stime), usage.ru_maxrss * 1024LL);
    fclose(report);
    return status;
}
