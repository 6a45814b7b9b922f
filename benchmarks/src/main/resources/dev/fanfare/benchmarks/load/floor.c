/*
 * floor REDIS_PORT CHANNEL: what a broadcast costs if one does nothing but what the kernel asks for.
 *
 * One thread, epoll. Everything that one read from Redis brings is framed once; each client gets it by one write. A client
 * that cannot take all of it at once is dropped. Whatever a client sends is published, all of a turn by one write. It knows
 * one channel, accepts any handshake without looking at it, unmasks nothing (the load runner's mask is zero), keeps nothing
 * for the next message. It says "ready PORT" and ends with its standard input. Not a server to use: a yardstick.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

typedef struct {
    unsigned char *bytes;
    size_t length, capacity;
} Buffer;

typedef struct {
    int socket;
    int member; /* where it stands among the members; -1 before the handshake */
    Buffer in;
} Client;

static const char ANSWER[] = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                             "Sec-WebSocket-Accept: ICX+Yqv66kxgM0FcWaLWlFLwTAI=\r\n\r\n";

static Client **members;
static int memberCount, memberCapacity;
static Buffer commands, replies, frames;
static const char *channel;

static void end(const char *why) {
    perror(why);
    exit(1);
}

static unsigned char *room(Buffer *buffer, size_t more) {
    if (buffer->length + more > buffer->capacity) {
        buffer->capacity = 2 * (buffer->length + more);
        buffer->bytes = realloc(buffer->bytes, buffer->capacity);
        if (!buffer->bytes) end("memory");
    }
    return buffer->bytes + buffer->length;
}

static void append(Buffer *buffer, const void *bytes, size_t length) {
    memcpy(room(buffer, length), bytes, length);
    buffer->length += length;
}

static void forget(Buffer *buffer, size_t length) {
    buffer->length -= length;
    memmove(buffer->bytes, buffer->bytes + length, buffer->length);
}

static int connectToRedis(int port) {
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port)};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int one = 1, redis = socket(AF_INET, SOCK_STREAM, 0);
    if (connect(redis, (struct sockaddr *)&address, sizeof address)) end("redis");
    setsockopt(redis, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    return redis;
}

static void drop(Client *client) {
    if (client->member >= 0) {
        Client *last = members[--memberCount];
        members[client->member] = last;
        last->member = client->member;
    }
    close(client->socket);
    free(client->in.bytes);
    free(client);
}

static void join(Client *client) {
    if (memberCount == memberCapacity) {
        memberCapacity = memberCapacity ? 2 * memberCapacity : 256;
        members = realloc(members, memberCapacity * sizeof *members);
        if (!members) end("memory");
    }
    client->member = memberCount;
    members[memberCount++] = client;
}

static void publish(const unsigned char *payload, size_t length) {
    char head[512];
    int n = snprintf(head, sizeof head, "*3\r\n$7\r\nPUBLISH\r\n$%zu\r\n%s\r\n$%zu\r\n", strlen(channel), channel, length);
    append(&commands, head, n);
    append(&commands, payload, length);
    append(&commands, "\r\n", 2);
}

/* Returns how much of the input is done with, or -1 if the client is to be dropped. */
static long takeFrames(const unsigned char *in, size_t length) {
    size_t done = 0;
    while (length - done >= 6) {
        const unsigned char *frame = in + done;
        size_t payload = frame[1] & 0x7F, head = 6;
        if (payload == 127) return -1;
        if (payload == 126) {
            if (length - done < 8) break;
            payload = frame[2] << 8 | frame[3];
            head = 8;
        }
        if (length - done < head + payload) break;
        int kind = frame[0] & 0x0F;
        if (kind == 8) return -1;
        if (kind == 1 || kind == 2) publish(frame + head, payload);
        done += head + payload;
    }
    return done;
}

static void fromClient(Client *client) {
    ssize_t n = read(client->socket, room(&client->in, 16384), 16384);
    if (n < 0 && errno == EAGAIN) return;
    if (n <= 0) {
        drop(client);
        return;
    }
    client->in.length += n;
    if (client->member < 0) {
        unsigned char *blank = memmem(client->in.bytes, client->in.length, "\r\n\r\n", 4);
        if (!blank) return;
        if (write(client->socket, ANSWER, sizeof ANSWER - 1) != sizeof ANSWER - 1) {
            drop(client);
            return;
        }
        forget(&client->in, blank + 4 - client->in.bytes);
        join(client);
    }
    long done = takeFrames(client->in.bytes, client->in.length);
    if (done < 0) {
        drop(client);
        return;
    }
    forget(&client->in, done);
    if (client->in.length == 0) { /* an idle session keeps no buffer */
        free(client->in.bytes);
        memset(&client->in, 0, sizeof client->in);
    }
}

static void frame(const unsigned char *payload, size_t length) {
    unsigned char head[4] = {0x81, length < 126 ? length : 126, length >> 8, length};
    append(&frames, head, length < 126 ? 2 : 4);
    append(&frames, payload, length);
}

/* A line "Xnumber\r\n"; 0 if it is not complete. */
static int number(size_t *at, char *type, size_t *value) {
    unsigned char *newline = *at < replies.length ? memchr(replies.bytes + *at, '\n', replies.length - *at) : NULL;
    if (!newline) return 0;
    *type = replies.bytes[*at];
    *value = strtoul((char *)replies.bytes + *at + 1, NULL, 10);
    *at = newline + 1 - replies.bytes;
    return 1;
}

/* One push of Redis: an array of three, of which the last is the payload, or a number where the push is a confirmation. */
static int takePush(size_t *at) {
    size_t next = *at, value, length = 0, payload = 0;
    char type;
    if (!number(&next, &type, &value)) return 0;
    for (int i = 0; i < 3; i++) {
        if (!number(&next, &type, &value)) return 0;
        payload = 0;
        if (type == '$') {
            payload = next;
            length = value;
            next += value + 2;
            if (next > replies.length) return 0;
        }
    }
    if (payload) frame(replies.bytes + payload, length);
    *at = next;
    return 1;
}

static void fromSubscription(int redis) {
    ssize_t n = read(redis, room(&replies, 262144), 262144);
    if (n <= 0) end("subscription");
    replies.length += n;
    size_t done = 0;
    while (takePush(&done)) {}
    forget(&replies, done);
    for (int i = memberCount - 1; i >= 0 && frames.length; i--) {
        if (write(members[i]->socket, frames.bytes, frames.length) != (ssize_t)frames.length) drop(members[i]);
    }
    frames.length = 0;
}

static void flushCommands(int redis) {
    size_t written = 0;
    while (written < commands.length) {
        ssize_t n = write(redis, commands.bytes + written, commands.length - written);
        if (n < 0) end("publish");
        written += n;
    }
    commands.length = 0;
}

static void watch(int epoll, int descriptor, void *what) {
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = what};
    if (epoll_ctl(epoll, EPOLL_CTL_ADD, descriptor, &event)) end("epoll");
}

static void acceptClients(int epoll, int listener) {
    int one = 1;
    for (int s = accept4(listener, NULL, NULL, SOCK_NONBLOCK); s >= 0; s = accept4(listener, NULL, NULL, SOCK_NONBLOCK)) {
        setsockopt(s, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
        Client *client = calloc(1, sizeof *client);
        if (!client) end("memory");
        client->socket = s;
        client->member = -1;
        watch(epoll, s, client);
    }
}

int main(int count, char **arguments) {
    if (count != 3) return 2;
    channel = arguments[2];
    int publisher = connectToRedis(atoi(arguments[1])), subscriber = connectToRedis(atoi(arguments[1]));
    dprintf(subscriber, "*2\r\n$9\r\nSUBSCRIBE\r\n$%zu\r\n%s\r\n", strlen(channel), channel);
    struct sockaddr_in address = {.sin_family = AF_INET};
    socklen_t length = sizeof address;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0), input = STDIN_FILENO, epoll = epoll_create1(0);
    if (bind(listener, (struct sockaddr *)&address, length) || listen(listener, 4096)) end("listen");
    if (getsockname(listener, (struct sockaddr *)&address, &length)) end("port");
    printf("ready %d\n", ntohs(address.sin_port));
    fflush(stdout);
    watch(epoll, listener, &listener);
    watch(epoll, publisher, &publisher);
    watch(epoll, subscriber, &subscriber);
    watch(epoll, input, &input);
    struct epoll_event events[256];
    char answers[65536];
    for (;;) {
        int n = epoll_wait(epoll, events, 256, -1);
        for (int i = 0; i < n; i++) {
            void *what = events[i].data.ptr;
            if (what == &listener) acceptClients(epoll, listener);
            else if (what == &subscriber) fromSubscription(subscriber);
            else if (what == &publisher) { if (read(publisher, answers, sizeof answers) <= 0) end("publisher"); }
            else if (what == &input) { if (read(input, answers, sizeof answers) <= 0) return 0; }
            else fromClient(what);
        }
        flushCommands(publisher);
    }
}
