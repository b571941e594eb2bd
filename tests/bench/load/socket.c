#define _GNU_SOURCE
#include "socket.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#define EVENTS 512
#define SOURCES 8          /* 127.0.0.1 and up: each has some 28,000 ports of its own */
#define STALLED_RCVBUF 4096 /* else the kernel takes megabytes for one that never reads */

static struct ws *sockets;
static int server_port, epoll;

void sockets_init(struct ws *all, int port) {
    sockets = all;
    server_port = port;
    epoll = epoll_create1(0);
}

static void listen_for(struct ws *s, int operation, uint32_t events) {
    struct epoll_event event = {.events = events, .data.u32 = (uint32_t)(s - sockets)};
    epoll_ctl(epoll, operation, s->fd, &event);
}

/* A stalled socket only hears of its end. */
static uint32_t wanted_events(const struct ws *s) {
    return (s->stalled && s->ready ? 0 : EPOLLIN) | (s->out.size ? EPOLLOUT : 0);
}

static void append(struct bytes *to, const uint8_t *data, size_t size) {
    if (to->size + size > to->room) {
        to->room = to->size + size;
        to->data = realloc(to->data, to->room);
    }
    memcpy(to->data + to->size, data, size);
    to->size += size;
}

static struct sockaddr_in loopback(uint32_t last, int port) {
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    address.sin_addr.s_addr = htonl(0x7f000000u + last);
    return address;
}

void ws_connect(struct ws *s, long serial) {
    int one = 1, small = STALLED_RCVBUF;
    s->fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    if (s->fd < 0) {
        perror("socket");
        exit(1);
    }
    s->ready = s->counted = s->closing = false;
    s->in.size = s->out.size = 0;
    setsockopt(s->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    if (s->stalled)
        setsockopt(s->fd, SOL_SOCKET, SO_RCVBUF, &small, sizeof small);
    /* The port is chosen at connect(), where it only has to be unique together with the server's. */
    setsockopt(s->fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &one, sizeof one);
    struct sockaddr_in source = loopback(1 + (uint32_t)(serial % SOURCES), 0), server = loopback(1, server_port);
    bind(s->fd, (struct sockaddr *)&source, sizeof source);
    s->state = CONNECTING;
    listen_for(s, EPOLL_CTL_ADD, EPOLLOUT);
    if (connect(s->fd, (struct sockaddr *)&server, sizeof server) < 0 && errno != EINPROGRESS)
        ws_end(s);
}

void ws_end(struct ws *s) {
    if (s->state == CLOSED)
        return;
    close(s->fd);
    on_end(s);
    s->state = CLOSED;
    s->ready = false;
}

static void write_out(struct ws *s, const uint8_t *data, size_t size) {
    size_t done = 0;
    if (!s->out.size) {
        ssize_t wrote = send(s->fd, data, size, MSG_NOSIGNAL);
        if (wrote < 0 && errno != EAGAIN)
            return; /* the reading side hears of the end */
        done = wrote > 0 ? (size_t)wrote : 0;
    }
    if (done < size) {
        append(&s->out, data + done, size - done);
        listen_for(s, EPOLL_CTL_MOD, wanted_events(s));
    }
}

static void flush(struct ws *s) {
    ssize_t wrote = send(s->fd, s->out.data, s->out.size, MSG_NOSIGNAL);
    if (wrote <= 0)
        return;
    s->out.size -= (size_t)wrote;
    memmove(s->out.data, s->out.data + wrote, s->out.size);
    if (!s->out.size)
        listen_for(s, EPOLL_CTL_MOD, wanted_events(s));
}

void ws_send(struct ws *s, int opcode, const void *data, size_t size) {
    static const uint8_t mask[4] = {0x12, 0x34, 0x56, 0x78};
    static uint8_t frame[LARGEST_FRAME + 14];
    size_t at = 0;
    frame[at++] = (uint8_t)(0x80 | opcode);
    if (size < 126) {
        frame[at++] = (uint8_t)(0x80 | size);
    } else {
        int length_bytes = size < 65536 ? 2 : 8;
        frame[at++] = 0x80 | (length_bytes == 2 ? 126 : 127);
        for (int i = length_bytes - 1; i >= 0; i--)
            frame[at++] = (uint8_t)((uint64_t)size >> (8 * i));
    }
    memcpy(frame + at, mask, 4);
    at += 4;
    for (size_t i = 0; i < size; i++)
        frame[at + i] = ((const uint8_t *)data)[i] ^ mask[i & 3];
    write_out(s, frame, at + size);
}

/* The answer to the key is not checked: this is a load, not a test of handshakes. */
static void ask_for_upgrade(struct ws *s) {
    int error = 0;
    socklen_t size = sizeof error;
    getsockopt(s->fd, SOL_SOCKET, SO_ERROR, &error, &size);
    if (error) {
        ws_end(s);
        return;
    }
    char request[8192];
    int length = snprintf(request, sizeof request,
                          "GET %s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                          "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n",
                          s->path, server_port);
    for (const char *part = s->headers; *part;) {
        int part_length = (int)strcspn(part, "\x1f");
        length += snprintf(request + length, sizeof request - (size_t)length, "%.*s\r\n", part_length, part);
        part += part_length + (part[part_length] != 0);
    }
    length += snprintf(request + length, sizeof request - (size_t)length, "\r\n");
    s->state = UPGRADING;
    listen_for(s, EPOLL_CTL_MOD, EPOLLIN);
    write_out(s, (uint8_t *)request, (size_t)length);
}

/* Returns the size of the answer's head, 0 while it is not whole. */
static size_t take_upgrade(struct ws *s, const uint8_t *data, size_t size) {
    const uint8_t *end = memmem(data, size, "\r\n\r\n", 4);
    if (!end)
        return 0;
    if (memcmp(data, "HTTP/1.1 101", 12) != 0) {
        on_refused(s, (const char *)data, size);
        ws_end(s);
        return 0;
    }
    s->state = OPEN;
    on_open(s);
    return (size_t)(end - data) + 4;
}

static void take_frame(struct ws *s, int opcode, const uint8_t *payload, size_t size) {
    if (opcode < CLOSE) {
        on_text(s, (const char *)payload, size);
    } else if (opcode == PING) {
        ws_send(s, PONG, payload, size);
    } else if (opcode == CLOSE) {
        on_close_frame(s, size >= 2 ? payload[0] << 8 | payload[1] : 1005);
        if (!s->closing)
            ws_send(s, CLOSE, payload, size < 2 ? 0 : 2);
        ws_end(s);
    }
}

/* Returns how many bytes of whole frames there were. */
static size_t take_frames(struct ws *s, const uint8_t *data, size_t size) {
    size_t at = 0;
    while (s->state == OPEN && size - at >= 2) {
        size_t head = 2, length = data[at + 1] & 127;
        int length_bytes = length == 126 ? 2 : length == 127 ? 8 : 0;
        if (size - at < head + (size_t)length_bytes)
            break;
        if (length_bytes)
            length = 0;
        for (; length_bytes > 0; length_bytes--)
            length = length << 8 | data[at + head++];
        if (size - at < head + length)
            break;
        take_frame(s, data[at] & 15, data + at + head, length);
        at += head + length;
    }
    return at;
}

static void read_some(struct ws *s) {
    static uint8_t buffer[LARGEST_FRAME + 14];
    size_t had = s->in.size;
    memcpy(buffer, s->in.data ? s->in.data : buffer, had);
    ssize_t got = read(s->fd, buffer + had, sizeof buffer - had);
    if (got < 0 && (errno == EAGAIN || errno == EINTR))
        return;
    if (got <= 0) {
        ws_end(s); /* also when a frame is larger than the buffer: then nothing could be read */
        return;
    }
    size_t size = had + (size_t)got, used = 0;
    if (s->state == UPGRADING)
        used = take_upgrade(s, buffer, size);
    if (s->state == OPEN)
        used += take_frames(s, buffer + used, size - used);
    s->in.size = 0;
    if (s->state != CLOSED && used < size)
        append(&s->in, buffer + used, size - used);
    if (s->state != CLOSED && s->stalled && s->ready)
        listen_for(s, EPOLL_CTL_MOD, wanted_events(s));
}

void ws_read_again(struct ws *s) {
    s->stalled = false;
    if (s->state == OPEN)
        listen_for(s, EPOLL_CTL_MOD, wanted_events(s));
}

static void happened(struct ws *s, uint32_t events) {
    if (s->state == CONNECTING)
        ask_for_upgrade(s);
    else if (s->state != CLOSED && s->stalled && s->ready)
        (events & (EPOLLHUP | EPOLLERR)) ? ws_end(s) : flush(s);
    else if (s->state != CLOSED) {
        if (events & EPOLLOUT)
            flush(s);
        if (events & (EPOLLIN | EPOLLHUP | EPOLLERR))
            read_some(s);
    }
}

void sockets_pump(int wait_ms) {
    struct epoll_event events[EVENTS];
    int count = epoll_wait(epoll, events, EVENTS, wait_ms);
    for (int i = 0; i < count; i++)
        happened(&sockets[events[i].data.u32], events[i].events);
}
