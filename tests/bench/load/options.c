#define _GNU_SOURCE
#include "options.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct options options = {.size = 300, .seconds = 3, .warm = 1, .clients = "", .pids = "", .ready = "", .beat = ""};
struct ws *sockets;
int count;
uint32_t *receivers;

bool shall_stall(const struct ws *s) { return s - sockets >= count - options.stalled; }

static char *next_part(char **rest) {
    char *part = strsep(rest, "\t");
    if (!part) {
        fprintf(stderr, "a client needs five parts\n");
        exit(2);
    }
    return part;
}

void read_clients(void) {
    FILE *file = fopen(options.clients, "r");
    if (!file) {
        perror(options.clients);
        exit(2);
    }
    char *line = NULL;
    size_t room = 0;
    int rooms = 0;
    ssize_t length;
    while ((length = getline(&line, &room, file)) > 0) {
        line[length - 1] = 0;
        char *rest = strdup(line);
        sockets = realloc(sockets, (size_t)(count + 1) * sizeof *sockets);
        struct ws *s = &sockets[count++];
        *s = (struct ws){.fd = -1};
        s->room = atoi(next_part(&rest));
        s->path = next_part(&rest);
        s->headers = next_part(&rest);
        s->hello = next_part(&rest);
        s->send = next_part(&rest);
        rooms = s->room >= rooms ? s->room + 1 : rooms;
    }
    free(line);
    fclose(file);
    receivers = calloc((size_t)rooms + 1, sizeof *receivers);
    for (int i = count - options.stalled; i < count; i++)
        sockets[i].stalled = true;
}

void read_options(int argc, char **argv) {
    struct {
        const char *name;
        int *whole;
        double *number;
        const char **text;
    } known[] = {
        {"--port", &options.port, 0, 0},      {"--window", &options.window, 0, 0},
        {"--size", &options.size, 0, 0},      {"--stalled", &options.stalled, 0, 0},
        {"--cycles", &options.cycles, 0, 0},  {"--eio", &options.eio, 0, 0},
        {"--seconds", 0, &options.seconds, 0}, {"--warm", 0, &options.warm, 0},
        {"--rate", 0, &options.rate, 0},      {"--idle", 0, &options.idle, 0},
        {"--clients", 0, 0, &options.clients}, {"--pids", 0, 0, &options.pids},
        {"--ready", 0, 0, &options.ready},    {"--beat", 0, 0, &options.beat},
    };
    int options_known = (int)(sizeof known / sizeof *known);
    for (int i = 1; i < argc; i += 2) {
        int k = 0;
        while (k < options_known && strcmp(argv[i], known[k].name) != 0)
            k++;
        if (k == options_known || i + 1 == argc) {
            fprintf(stderr, "unknown option or no value: %s\n", argv[i]);
            exit(2);
        }
        if (known[k].whole)
            *known[k].whole = atoi(argv[i + 1]);
        else if (known[k].number)
            *known[k].number = atof(argv[i + 1]);
        else
            *known[k].text = argv[i + 1];
    }
}
