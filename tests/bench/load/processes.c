#include "processes.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>

#define MOST 64

static int pids[MOST];
static int count;

void processes_watch(const char *list) {
    char *end;
    for (const char *at = list; *at && count < MOST; at = *end == ',' ? end + 1 : end) {
        pids[count++] = (int)strtol(at, &end, 10);
        if (end == at) {
            fprintf(stderr, "not a list of process ids: %s\n", list);
            exit(2);
        }
    }
}

/* Calls `take` with every name in a folder of /proc and adds up what it returns. */
static double each_in(const char *folder, double (*take)(const char *folder, const char *name)) {
    DIR *open = opendir(folder);
    if (!open)
        return 0;
    double sum = 0;
    struct dirent *entry;
    while ((entry = readdir(open)))
        if (entry->d_name[0] != '.')
            sum += take(folder, entry->d_name);
    closedir(open);
    return sum;
}

static double thread_cpu_s(const char *folder, const char *name) {
    char path[512];
    snprintf(path, sizeof path, "%s/%s/schedstat", folder, name);
    FILE *file = fopen(path, "r");
    if (!file)
        return 0;
    unsigned long long ran_ns = 0;
    if (fscanf(file, "%llu", &ran_ns) != 1)
        ran_ns = 0;
    fclose(file);
    return (double)ran_ns / 1e9;
}

static double one(const char *folder, const char *name) {
    (void)folder;
    (void)name;
    return 1;
}

static long rss_kb(int pid) {
    char path[64], line[256];
    snprintf(path, sizeof path, "/proc/%d/status", pid);
    FILE *file = fopen(path, "r");
    if (!file)
        return 0;
    long found = 0;
    while (fgets(line, sizeof line, file))
        if (sscanf(line, "VmRSS: %ld", &found) == 1)
            break;
    fclose(file);
    return found;
}

struct usage processes_usage(void) {
    struct usage sum = {0};
    char path[64];
    for (int i = 0; i < count; i++) {
        snprintf(path, sizeof path, "/proc/%d/task", pids[i]);
        sum.cpu_s += each_in(path, thread_cpu_s);
        snprintf(path, sizeof path, "/proc/%d/fd", pids[i]);
        sum.fds += (long)each_in(path, one);
        sum.rss_kb += rss_kb(pids[i]);
    }
    return sum;
}

double own_cpu_s(void) {
    struct rusage used;
    getrusage(RUSAGE_SELF, &used);
    return (double)(used.ru_utime.tv_sec + used.ru_stime.tv_sec) +
           (double)(used.ru_utime.tv_usec + used.ru_stime.tv_usec) / 1e6;
}

long raise_open_files(void) {
    struct rlimit limit;
    getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
    return (long)limit.rlim_cur;
}
