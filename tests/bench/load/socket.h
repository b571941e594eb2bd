/* One WebSocket of the load: connecting, the upgrade, frames in and out. Knows nothing of what the frames mean. */
#ifndef SOCKET_H
#define SOCKET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { TEXT = 1, CLOSE = 8, PING = 9, PONG = 10 };
#define LARGEST_FRAME (1 << 20)

struct bytes {
    uint8_t *data;
    size_t size, room;
};

struct ws {
    enum { CLOSED, CONNECTING, UPGRADING, OPEN } state;
    int fd;
    bool ready;   /* it follows its room */
    bool counted; /* it is one of the receivers of its room's messages */
    bool stalled; /* it never reads once it is ready */
    bool closing; /* we have sent a close frame */
    int room;
    char *path, *headers, *hello, *send; /* headers and hello: parts divided by \x1f */
    struct bytes in;  /* the beginning of a frame whose rest has not come */
    struct bytes out; /* what the kernel did not take yet */
};

void sockets_init(struct ws *all, int port);
/* Begin to connect; `serial` chooses the source address. */
void ws_connect(struct ws *s, long serial);
void ws_send(struct ws *s, int opcode, const void *data, size_t size);
/* Go on reading a stalled socket. */
void ws_read_again(struct ws *s);
void ws_end(struct ws *s);
/* Handle what happens on all sockets; waits so many ms for something to happen. */
void sockets_pump(int wait_ms);

/* To be defined by whoever uses this. */
void on_open(struct ws *s);
void on_text(struct ws *s, const char *data, size_t size);
void on_close_frame(struct ws *s, int code);
/* The server refused the upgrade with this answer. */
void on_refused(struct ws *s, const char *answer, size_t size);
/* The socket ended; its state is still that before the end. */
void on_end(struct ws *s);

#endif
