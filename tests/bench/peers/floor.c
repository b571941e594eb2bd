/* The physical floor of one write() per socket and message: epoll, no JSON, no library. Usage: floor PORT
 *
 * A text frame goes out as it came. It does less than the other servers: it parses nothing and numbers nothing.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#define MOST 70000
#define BUFFER (1 << 18)

enum { TEXT = 1, CLOSE = 8 };

static bool upgraded[MOST];
static int members[MOST], place[MOST], count;
static int epoll;

static void leave(int fd) {
    if (upgraded[fd]) { /* the last one takes its place */
        members[place[fd]] = members[--count];
        place[members[place[fd]]] = place[fd];
        upgraded[fd] = false;
    }
    close(fd);
}

static void enter(int listener) {
    int fd, one = 1;
    while ((fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK)) >= 0) {
        if (fd >= MOST) {
            close(fd);
            continue;
        }
        setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
        struct epoll_event event = {.events = EPOLLIN, .data.fd = fd};
        epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event);
    }
}

/* The load does not check the key's answer, so there is none. */
static void upgrade(int fd) {
    static const char answer[] = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n"
                                 "Connection: Upgrade\r\nSec-WebSocket-Accept: -\r\n\r\n";
    upgraded[fd] = true;
    place[fd] = count;
    members[count++] = fd;
    if (write(fd, answer, sizeof answer - 1) < 0)
        perror("write");
}

static void broadcast(const uint8_t *frame, size_t size) {
    for (int i = 0; i < count; i++)
        if (write(members[i], frame, size) < 0 && errno != EAGAIN)
            perror("write");
}

/* One masked frame of less than 64 KiB; returns its size, 0 when it is not whole. */
static size_t take_frame(int fd, uint8_t *data, size_t size) {
    static uint8_t out[BUFFER];
    size_t head = 2, length = size < 2 ? 0 : data[1] & 127;
    if (length == 126 && size >= 4) {
        length = (size_t)(data[2] << 8 | data[3]);
        head = 4;
    }
    if (size < head + 4 + length)
        return 0;
    const uint8_t *mask = data + head, *payload = mask + 4;
    memcpy(out, data, head);
    out[1] &= 127;
    for (size_t i = 0; i < length; i++)
        out[head + i] = payload[i] ^ mask[i & 3];
    if ((data[0] & 15) == TEXT) {
        broadcast(out, head + length);
    } else if ((data[0] & 15) == CLOSE) {
        if (write(fd, out, head + length) < 0)
            perror("write");
        leave(fd);
        return size;
    }
    return head + 4 + length;
}

/* A frame always comes in one piece here: the load writes it in one piece and waits for it to come round. */
static void take(int fd) {
    static uint8_t buffer[BUFFER];
    ssize_t got = read(fd, buffer, sizeof buffer);
    if (got <= 0)
        leave(fd);
    else if (!upgraded[fd])
        upgrade(fd);
    else
        for (size_t at = 0, size = 1; size && at < (size_t)got; at += size)
            size = take_frame(fd, buffer + at, (size_t)got - at);
}

int main(int argc, char **argv) {
    struct rlimit limit;
    getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
    int one = 1, listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)atoi(argc > 1 ? argv[1] : "0"))};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (bind(listener, (struct sockaddr *)&address, sizeof address) < 0 || listen(listener, 4096) < 0) {
        perror("listen");
        return 1;
    }
    epoll = epoll_create1(0);
    struct epoll_event event = {.events = EPOLLIN, .data.fd = listener}, events[512];
    epoll_ctl(epoll, EPOLL_CTL_ADD, listener, &event);
    for (;;) {
        int ready = epoll_wait(epoll, events, 512, -1);
        for (int i = 0; i < ready; i++)
            events[i].data.fd == listener ? enter(listener) : take(events[i].data.fd);
    }
}
