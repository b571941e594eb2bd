/* Load for WebSocket servers: connects the clients of a file, lets some of them send, and measures every delivery.
 *
 * Usage: wsload --clients FILE --port N [--NAME VALUE]...; one line of JSON comes out, its names are those of `Load`
 * in driver.py. A line of the file is one client: room, path, headers, hello, send; parted by tabs, and within headers
 * and hello by \x1f. One thread; times are CLOCK_MONOTONIC; a message carries its own time as "TS=<19 digits>".
 */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "options.h"
#include "processes.h"
#include "socket.h"
#include "tally.h"

#define CONNECTING_AT_ONCE 64
#define CONNECT_LIMIT_S 300
#define SETTLE_S 0.3
#define BEAT_S 20 /* each socket beats once in so many seconds */
#define REST_OF_CYCLE_S 30

static long opened, failed, closed, done_cycles, failed_cycles, serial, sequence;
static int stalled_closed, close_code;
static bool cycling, finished;
static char refused[200];

/* What happens on a socket. */

static void follows(struct ws *s) {
    s->ready = true;
    opened++;
    s->counted = !s->stalled;
    if (s->counted)
        receivers[s->room]++;
    if (cycling) {
        static const uint8_t normal[2] = {1000 >> 8, 1000 & 255};
        s->closing = true;
        ws_send(s, CLOSE, normal, sizeof normal);
    }
}

void on_open(struct ws *s) {
    for (const char *part = s->hello; *part;) {
        size_t size = strcspn(part, "\x1f");
        ws_send(s, TEXT, part, size);
        part += size + (part[size] != 0);
    }
    if (!*options.ready)
        follows(s);
}

/* Every different stamp in the frame is a delivery: a frame may hold several messages, or tell one twice. */
static void find_stamps(const char *data, size_t size) {
    const char *at = data, *end = data + size;
    uint64_t now = 0, before = 0;
    while ((at = memmem(at, (size_t)(end - at), "TS=", 3)) && end - at >= 22) {
        uint64_t stamp = 0;
        int digits = 0;
        for (at += 3; digits < 19 && at[digits] >= '0' && at[digits] <= '9'; digits++)
            stamp = stamp * 10 + (uint64_t)(at[digits] - '0');
        if (digits < 19 || stamp == before)
            continue;
        now = now ? now : now_ns();
        tally_delivered(before = stamp, now);
    }
}

void on_text(struct ws *s, const char *data, size_t size) {
    if (s->counted) {
        tally.bytes += tally.recording ? (long)size : 0;
        find_stamps(data, size);
    } else if (!s->ready && *options.ready && memmem(data, size, options.ready, strlen(options.ready)))
        follows(s);
    if (options.eio && size == 1 && *data == '2') /* Engine.IO: its ping is a text frame */
        ws_send(s, TEXT, "3", 1);
}

void on_close_frame(struct ws *s, int code) {
    if (!s->closing)
        close_code = code;
    else if (cycling)
        done_cycles++;
}

void on_refused(struct ws *s, const char *answer, size_t size) {
    (void)s;
    if (!*refused)
        for (size_t i = 0; i < size && i + 1 < sizeof refused && (unsigned char)answer[i] >= ' '; i++)
            refused[i] = answer[i] == '"' || answer[i] == '\\' ? '\'' : answer[i];
}

void on_end(struct ws *s) {
    if (s->counted)
        receivers[s->room]--;
    if (finished)
        return;
    if (cycling && s->closing)
        return;
    failed += !s->ready;
    closed += s->ready && !shall_stall(s);
}

/* Time going by. */

static void beat(uint64_t now) {
    static uint64_t due;
    static int turn;
    if (!*options.beat || now < due)
        return;
    due = now + 1000000000ull;
    turn = (turn + 1) % BEAT_S;
    for (int i = turn; i < count; i += BEAT_S)
        if (sockets[i].ready && !sockets[i].stalled)
            ws_send(&sockets[i], TEXT, options.beat, strlen(options.beat));
}

static void pump(int wait_ms) {
    sockets_pump(wait_ms);
    beat(now_ns());
}

static void rest(double seconds) {
    uint64_t until = now_ns() + (uint64_t)(seconds * 1e9);
    while (now_ns() < until)
        pump(10);
}

static double connect_all(void) {
    uint64_t start = now_ns();
    int begun = 0;
    while (opened + failed < count && now_ns() - start < CONNECT_LIMIT_S * 1000000000ull) {
        while (begun < count && begun - (opened + failed) < CONNECTING_AT_ONCE)
            ws_connect(&sockets[begun++], serial++);
        pump(10);
    }
    double took = (double)(now_ns() - start) / 1e9;
    for (int i = 0; i < count; i++)
        if (sockets[i].state != CLOSED && !sockets[i].ready)
            ws_end(&sockets[i]);
    return took;
}

/* The load itself. */

/* Fills a template in; {PAD} becomes so many x that the frame has the wanted size. */
static size_t fill(const char *template, uint64_t stamp, char *into) {
    char *at = into, *pad = NULL;
    while (*template) {
        if (!strncmp(template, "{TS}", 4)) {
            at += sprintf(at, "%019llu", (unsigned long long)stamp);
            template += 4;
        } else if (!strncmp(template, "{SEQ}", 5)) {
            at += sprintf(at, "%ld", sequence);
            template += 5;
        } else if (!strncmp(template, "{PAD}", 5)) {
            pad = at;
            template += 5;
        } else {
            *at++ = *template++;
        }
    }
    size_t size = (size_t)(at - into), wanted = (size_t)options.size;
    if (!pad || size >= wanted)
        return size;
    memmove(pad + (wanted - size), pad, (size_t)(at - pad));
    memset(pad, 'x', wanted - size);
    return wanted;
}

/* The senders take turns. False when nobody is left who can send. */
static bool send_next(uint64_t wanted) {
    static char frame[LARGEST_FRAME];
    static int turn;
    for (int tries = 0; tries < count; tries++) {
        struct ws *s = &sockets[turn];
        turn = (turn + 1) % count;
        if (!s->counted || !*s->send)
            continue;
        size_t size = fill(s->send, tally_sent(wanted, receivers[s->room]), frame);
        sequence++;
        ws_send(s, TEXT, frame, size);
        return true;
    }
    return false;
}

/* Sends what is due; returns how many ms may be waited. */
static int send_due(uint64_t start) {
    static long sent;
    for (int i = 0; i < 256; i++) {
        uint64_t due = start + (uint64_t)((double)sent * 1e9 / options.rate), now = now_ns();
        if (due > now)
            return (int)((due - now) / 1000000);
        send_next(due);
        sent++;
    }
    return 0;
}

struct window {
    uint64_t start;
    double seconds, own_cpu_s;
    struct usage used;
};

static struct window begin_recording(void) {
    tally.recording = true;
    return (struct window){now_ns(), 0, own_cpu_s(), processes_usage()};
}

static void end_recording(struct window *window) {
    window->seconds = (double)(now_ns() - window->start) / 1e9;
    window->used.cpu_s = processes_usage().cpu_s - window->used.cpu_s;
    window->own_cpu_s = own_cpu_s() - window->own_cpu_s;
    tally.recording = false;
}

static struct window run_load(void) {
    struct window window = {0};
    uint64_t start = now_ns(), from = start + (uint64_t)(options.warm * 1e9), until = UINT64_MAX, now;
    while ((now = now_ns()) < until) {
        if (now >= from && !tally.recording) {
            window = begin_recording();
            until = window.start + (uint64_t)(options.seconds * 1e9);
        }
        tally_give_up(now);
        int wait = 5;
        if (options.rate > 0)
            wait = send_due(start);
        else
            while (tally.in_flight < options.window && send_next(now_ns()))
                ;
        pump(wait < 5 ? wait : 5);
    }
    end_recording(&window);
    while (tally.in_flight) { /* nothing new is sent: what is under way arrives or is lost */
        tally_give_up(now_ns());
        pump(5);
    }
    return window;
}

/* Whether the server has closed the stalled ones shows when they read what lies in front of it. */
static void look_after_stalled(void) {
    if (!options.stalled)
        return;
    close_code = 0;
    for (int i = count - options.stalled; i < count; i++)
        ws_read_again(&sockets[i]);
    rest(1);
    for (int i = count - options.stalled; i < count; i++)
        stalled_closed += sockets[i].state == CLOSED;
}

/* Connects, waits for ready, closes; over and over, in three parts. Samples are taken when everything is closed. */
static void run_cycles(void) {
    static const double parts[] = {0.2, 0.6, 1};
    uint64_t start = now_ns();
    double paused = 0;
    long begun = 0;
    cycling = true;
    printf("{\"samples\":[");
    for (int part = 0; part < 3; part++) {
        long goal = (long)(parts[part] * options.cycles);
        uint64_t latest = now_ns() + (uint64_t)(REST_OF_CYCLE_S + (double)goal / 10) * 1000000000ull;
        for (int open = 1; (open || begun < goal) && now_ns() < latest; pump(5)) {
            open = 0;
            for (int i = 0; i < count; i++) {
                if (sockets[i].state == CLOSED && begun < goal)
                    ws_connect(&sockets[i], serial++), begun++;
                open += sockets[i].state != CLOSED;
            }
        }
        rest(2 * SETTLE_S);
        paused += 2 * SETTLE_S;
        struct usage now = processes_usage();
        printf("%s[%.1f,%ld,%ld]", part ? "," : "", parts[part], now.fds, now.rss_kb);
    }
    failed_cycles = options.cycles - done_cycles;
    double took = (double)(now_ns() - start) / 1e9 - paused;
    printf("],\"cycles\":%ld,\"cycle_failures\":%ld,\"cycles_per_s\":%.1f", done_cycles, failed_cycles,
           (double)done_cycles / took);
}

/* The report. */

static void print_load(const struct window *load) {
    double cpu = load->used.cpu_s > 0 ? load->used.cpu_s : 1e-9, seconds = load->seconds;
    printf("{\"seconds\":%.3f,\"messages\":%ld,\"messages_per_s\":%.1f,\"deliveries\":%ld,\"deliveries_per_s\":%.1f",
           seconds, tally.completed, (double)tally.completed / seconds, tally.deliveries,
           (double)tally.deliveries / seconds);
    printf(",\"server_cpu_s\":%.4f,\"server_cpu_share\":%.4f,\"load_cpu_share\":%.4f,\"deliveries_per_cpu_s\":%.1f",
           load->used.cpu_s, load->used.cpu_s / seconds, load->own_cpu_s / seconds, (double)tally.deliveries / cpu);
    printf(",\"bytes_per_delivery\":%.1f", tally.deliveries ? (double)tally.bytes / (double)tally.deliveries : 0);
    printf(",\"p50_ms\":%.3f,\"p99_ms\":%.3f,\"max_ms\":%.3f", latency_ms(&tally.each, 0.5),
           latency_ms(&tally.each, 0.99), (double)tally.each.largest / 1e6);
    printf(",\"last_p50_ms\":%.3f,\"last_p99_ms\":%.3f,\"last_max_ms\":%.3f", latency_ms(&tally.last, 0.5),
           latency_ms(&tally.last, 0.99), (double)tally.last.largest / 1e6);
    printf(",\"lost\":%ld,\"strays\":%ld,\"all_sent\":%ld,\"all_messages\":%ld,\"all_deliveries\":%ld", tally.lost,
           tally.strays, tally.all_sent, tally.all_completed, tally.all_deliveries);
}

static void print_sockets(double connect_s, struct usage before, struct usage then, struct usage end, long limit) {
    double cpu = then.cpu_s - before.cpu_s;
    printf(",\"opened\":%ld,\"failed\":%ld,\"closed\":%ld,\"close_code\":%d,\"stalled_closed\":%d,\"refused\":\"%s\"",
           opened, failed, closed, close_code, stalled_closed, refused);
    printf(",\"connect_s\":%.3f,\"connects_per_cpu_s\":%.1f", connect_s, cpu > 0 ? (double)opened / cpu : 0);
    printf(",\"rss_before_kb\":%ld,\"rss_connected_kb\":%ld,\"rss_end_kb\":%ld", before.rss_kb, then.rss_kb, end.rss_kb);
    printf(",\"fds_before\":%ld,\"fds_connected\":%ld,\"fds_end\":%ld,\"open_files_limit\":%ld}\n", before.fds, then.fds,
           end.fds, limit);
}

int main(int argc, char **argv) {
    read_options(argc, argv);
    read_clients();
    processes_watch(options.pids);
    long limit = raise_open_files();
    sockets_init(sockets, options.port);
    tally_init();
    struct usage before = processes_usage(), then = before, end;
    double connect_s = 0;
    if (options.cycles) {
        run_cycles();
        end = processes_usage();
    } else {
        connect_s = connect_all();
        then = processes_usage();
        rest(SETTLE_S);
        struct usage settled = processes_usage();
        then.rss_kb = settled.rss_kb;
        then.fds = settled.fds;
        if (options.idle > 0) {
            rest(options.idle);
            end = processes_usage();
            printf("{\"idle_cpu_share\":%.5f", (end.cpu_s - settled.cpu_s) / options.idle);
        } else {
            struct window load = run_load();
            end = processes_usage();
            look_after_stalled();
            print_load(&load);
        }
    }
    finished = true;
    print_sockets(connect_s, before, then, end, limit);
    return 0;
}
