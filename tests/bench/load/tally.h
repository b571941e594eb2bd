/* Messages in flight and how long they took: to each receiver, and to the last one. Times are ns of CLOCK_MONOTONIC. */
#ifndef TALLY_H
#define TALLY_H

#include <stdbool.h>
#include <stdint.h>
#include <time.h>

#define GIVE_UP_NS 5000000000ull

struct latencies {
    uint32_t *buckets; /* of 10 us each */
    long count;
    uint64_t largest;
};

struct tally {
    bool recording;  /* whether the latencies and the next three are kept */
    long completed;  /* messages that every receiver had */
    long deliveries;
    long bytes;      /* of all text frames that receivers had, whatever they said */
    long lost;       /* given up: not everybody had it after 5 s */
    long all_sent, all_completed, all_deliveries; /* of the whole run */
    long strays;     /* deliveries of no message in flight: too late, or twice to the same receiver */
    long in_flight;
    struct latencies each, last;
};

extern struct tally tally;

static inline uint64_t now_ns(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000000000ull + (uint64_t)t.tv_nsec;
}

void tally_init(void);
/* Enter a message that was due at `wanted`; returns its stamp, which no other message has. */
uint64_t tally_sent(uint64_t wanted, uint32_t receivers);
/* Somebody had the message with this stamp. */
void tally_delivered(uint64_t stamp, uint64_t now);
/* Count the messages that are overdue as lost. */
void tally_give_up(uint64_t now);
/* Percentile of a latency in ms; share 0..1. */
double latency_ms(const struct latencies *found, double share);

#endif
