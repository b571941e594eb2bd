/* What the kernel tells about the server's processes. */
#ifndef PROCESSES_H
#define PROCESSES_H

struct usage {
    double cpu_s; /* of all threads that are alive, without the time they waited for a core */
    long rss_kb;
    long fds;
};

/* Whom to look at: process ids with commas. */
void processes_watch(const char *list);
struct usage processes_usage(void);
/* CPU seconds of the load generator itself. */
double own_cpu_s(void);
/* Raise the limit of open files to what we may; returns it. */
long raise_open_files(void);

#endif
