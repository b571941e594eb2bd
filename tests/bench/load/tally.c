#include "tally.h"

#include <stdlib.h>

#define BUCKET_NS 10000
#define BUCKETS 2000000
#define RING (1 << 18)

struct message {
    uint64_t stamp;
    uint32_t waiting; /* receivers that have not had it */
};

struct tally tally;

/* In the order they were sent, so the stamps in it only grow and a message is found by halving. */
static struct message ring[RING];
static uint64_t oldest, next;
static uint64_t last_stamp;

void tally_init(void) {
    tally.each.buckets = calloc(BUCKETS, sizeof(uint32_t));
    tally.last.buckets = calloc(BUCKETS, sizeof(uint32_t));
}

static void forget_finished(void) {
    while (oldest < next && ring[oldest % RING].waiting == 0)
        oldest++;
}

static void lose_oldest(void) {
    tally.lost++;
    tally.in_flight--;
    ring[oldest % RING].waiting = 0;
    forget_finished();
}

uint64_t tally_sent(uint64_t wanted, uint32_t receivers) {
    if (next - oldest == RING)
        lose_oldest();
    last_stamp = wanted > last_stamp ? wanted : last_stamp + 1;
    ring[next++ % RING] = (struct message){last_stamp, receivers};
    tally.in_flight++;
    tally.all_sent++;
    return last_stamp;
}

static struct message *find(uint64_t stamp) {
    static uint64_t hint; /* the next receiver most often has the same message, or the one after it */
    for (uint64_t at = hint; at <= hint + 1; at++)
        if (at >= oldest && at < next && ring[at % RING].stamp == stamp)
            return &ring[(hint = at) % RING];
    uint64_t low = oldest, high = next;
    while (low < high) {
        uint64_t middle = low + (high - low) / 2;
        if (ring[middle % RING].stamp < stamp)
            low = middle + 1;
        else
            high = middle;
    }
    hint = low;
    return low < next && ring[low % RING].stamp == stamp ? &ring[low % RING] : NULL;
}

static void record(struct latencies *into, uint64_t took) {
    uint64_t bucket = took / BUCKET_NS;
    into->buckets[bucket < BUCKETS ? bucket : BUCKETS - 1]++;
    into->count++;
    if (took > into->largest)
        into->largest = took;
}

void tally_delivered(uint64_t stamp, uint64_t now) {
    struct message *found = find(stamp);
    if (!found || found->waiting == 0) {
        tally.strays++;
        return;
    }
    bool complete = --found->waiting == 0;
    uint64_t took = now > stamp ? now - stamp : 0;
    tally.all_deliveries++;
    tally.all_completed += complete;
    tally.in_flight -= complete;
    if (tally.recording) {
        tally.deliveries++;
        tally.completed += complete;
        record(&tally.each, took);
        if (complete)
            record(&tally.last, took);
    }
    if (complete)
        forget_finished();
}

void tally_give_up(uint64_t now) {
    while (oldest < next && now > ring[oldest % RING].stamp + GIVE_UP_NS)
        lose_oldest();
}

double latency_ms(const struct latencies *found, double share) {
    long wanted = (long)(share * (double)found->count), seen = 0;
    for (int i = 0; i < BUCKETS && found->count; i++) {
        seen += found->buckets[i];
        if (seen > wanted)
            return (i + 0.5) * BUCKET_NS / 1e6;
    }
    return (double)found->largest / 1e6;
}
