/* The command line, and the clients it names. */
#ifndef OPTIONS_H
#define OPTIONS_H

#include "socket.h"

struct options {
    int port, window, size, stalled, cycles, eio;
    double seconds, warm, rate, idle;
    const char *clients, *pids, *ready, *beat;
};

extern struct options options;
extern struct ws *sockets; /* one for each line of the file, in its order */
extern int count;
extern uint32_t *receivers; /* of each room: who counts when a message is delivered */

void read_options(int argc, char **argv);
void read_clients(void);
/* Whether this is one of the last, which shall never read. */
bool shall_stall(const struct ws *s);

#endif
