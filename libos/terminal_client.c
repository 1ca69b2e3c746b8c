/*
 * Terminals, for who has their keys. s\terminal may have been started again since the last call: what this process has told the one
 * before, claims and modes, the next one is told before anything else.
 */
#include <ternion/clock.h>
#include <ternion/lock.h>
#include <ternion/process.h>
#include <ternion/string.h>
#include <ternion/syscall.h>
#include <ternion/terminal.h>

#define SERVER_NAME "s\\terminal"
#define PATIENCE_NS (5 * SECOND) /* a supervised server is back by then, or given up */
#define PAUSE_NS (10 * MILLISECOND)
#define KNOWN_MAX 8U

/* A terminal that this process has claimed, whose mode it has set, or whose foreground it has named. */
struct known {
    struct terminal_handle terminal;     /* key 0: a free place */
    char name[TERMINAL_NAME_MAX + 1];    /* empty: it is another's */
    uint32_t mode;
    process_id_t server;         /* that has been told */
};

static struct lock lock;         /* protects the table, and the next one */
static struct known known[KNOWN_MAX];

/* The foreground that was named last: of one terminal, as a process that has several is not told of jobs by each of them. */
static struct {
    struct terminal_handle terminal;     /* key 0: none */
    process_id_t processes[TERMINAL_GROUP_MAX];
    uint32_t count;
} named;

static process_id_t known_server;        /* 0: to be looked up */

/* A call, which is made again if s\terminal dies. */
struct attempt {
    const struct terminal_handle *terminal;
    bool is_unsafe;              /* what was asked and not answered is not asked again */
    status_t status;
    process_id_t server;
    /* attempt()'s own */
    bool has_begun;
    nanoseconds_t deadline_ns;   /* 0: the patience has not begun */
};

static bool is_gone(status_t status)
{
    return status == BAD_ID || status == PEER_DIED || status == DISCARDED;
}

static bool is_same(const struct terminal_handle *left, const struct terminal_handle *right)
{
    return left->number == right->number && left->key[0] == right->key[0] && left->key[1] == right->key[1];
}

static bool is_named(const struct terminal_handle *terminal)
{
    return (named.terminal.key[0] != 0 || named.terminal.key[1] != 0) && is_same(&named.terminal, terminal);
}

/* ---- What is known ---- */

/* Called with the lock held, as the next ones. */
static struct known *find_known(const struct terminal_handle *terminal)
{
    for (unsigned i = 0; i < KNOWN_MAX; i++) {
        if (is_same(&known[i].terminal, terminal)) {
            return &known[i];
        }
    }
    return NULL;
}

static struct known *find_free(void)
{
    static const struct terminal_handle nothing;

    return find_known(&nothing);
}

static status_t claim(process_id_t server, struct known *one)
{
    struct terminal_claim_request request = {
        .key = { one->terminal.key[0], one->terminal.key[1] },
        .names_foreground = is_named(&one->terminal),
    };

    memcpy(request.name, one->name, sizeof request.name);
    return terminal_call_claim(server, &request, &one->terminal);
}

static status_t tell_foreground(process_id_t server)
{
    struct payload payload = { .string = named.processes, .string_size = named.count * sizeof named.processes[0] };

    return terminal_call_foreground(server, &named.terminal, NULL, &payload);
}

static status_t tell_again(process_id_t server, struct known *one)
{
    struct terminal_mode_reply before = { 0 };
    status_t status = OK;

    if (one->name[0] != '\0') {
        status = claim(server, one);
    }
    if (status == OK && is_named(&one->terminal)) {
        status = tell_foreground(server);
    }
    if (status == OK && one->mode != 0) {
        status = terminal_call_mode(server, &(struct terminal_mode_request){ one->terminal, one->mode }, &before);
    }
    if (status == OK) {
        one->server = server;
    }
    return status;
}

static status_t tell_server(process_id_t server, const struct terminal_handle *terminal)
{
    status_t status = OK;

    lock_acquire(&lock);
    struct known *one = find_known(terminal);
    if (one != NULL && one->server != server) {
        status = tell_again(server, one);
    }
    lock_release(&lock);
    return status;
}

/* The place of what is to be said again of a terminal; NULL: there is no room, so it will not be. */
static struct known *know(const struct terminal_handle *terminal, process_id_t server)
{
    struct known *one = find_known(terminal);

    if (one == NULL) {
        one = find_free();
    }
    if (one != NULL) {
        one->terminal = *terminal;
        one->server = server;
    }
    return one;
}

static void remember_mode(const struct terminal_handle *terminal, uint32_t mode, process_id_t server)
{
    lock_acquire(&lock);
    struct known *one = know(terminal, server);
    if (one != NULL) {
        one->mode = mode;
        if (mode == 0 && one->name[0] == '\0' && !is_named(terminal)) {
            *one = (struct known){ 0 };
        }
    }
    lock_release(&lock);
}

/* ---- Attempts ---- */

static status_t find_server(struct attempt *attempt)
{
    process_id_t server = __atomic_load_n(&known_server, __ATOMIC_RELAXED);

    if (server == 0) {
        nanoseconds_t deadline_ns = attempt->deadline_ns != 0 ? attempt->deadline_ns : clock_after(PATIENCE_NS);
        status_t status = name_wait(SERVER_NAME, deadline_ns, &server);

        if (status != OK) {
            return status;
        }
        __atomic_store_n(&known_server, server, __ATOMIC_RELAXED);
    }
    attempt->server = server;
    return OK;
}

static void forget_server(process_id_t server)
{
    (void)__atomic_compare_exchange_n(&known_server, &server, 0, false, __ATOMIC_RELAXED, __ATOMIC_RELAXED);
}

/* After a server has gone: may another one be asked? */
static bool may_go_on(struct attempt *attempt)
{
    forget_server(attempt->server);
    if (attempt->deadline_ns == 0) {
        attempt->deadline_ns = clock_after(PATIENCE_NS);
        return true;
    }
    if (clock_now() >= attempt->deadline_ns) {
        attempt->status = TIMED_OUT;
        return false;
    }
    clock_sleep(PAUSE_NS);       /* its name may stay for a moment */
    return true;
}

/* True: attempt->server is to be called. False: attempt->status is what came of it. */
static bool attempt(struct attempt *attempt)
{
    if (attempt->has_begun) {
        if (!is_gone(attempt->status)) {
            return false;
        }
        if (attempt->is_unsafe && attempt->status != BAD_ID) {
            attempt->status = PEER_DIED;
            forget_server(attempt->server);
            return false;
        }
        if (!may_go_on(attempt)) {
            return false;
        }
    }
    attempt->has_begun = true;
    for (;;) {
        attempt->status = find_server(attempt);
        if (attempt->status == OK) {
            attempt->status = tell_server(attempt->server, attempt->terminal);
        }
        if (!is_gone(attempt->status)) {
            return attempt->status == OK;
        }
        if (!may_go_on(attempt)) {
            return false;
        }
    }
}

/* ---- Claiming ---- */

/* The place of the terminal of a name, which may be claimed by now, or a new one with a new key. NO_MEMORY. Called with the lock held. */
static status_t prepare(const char *name, struct known **one_out)
{
    for (unsigned i = 0; i < KNOWN_MAX; i++) {
        if (strcmp(known[i].name, name) == 0) {
            *one_out = &known[i];
            return OK;
        }
    }
    *one_out = find_free();
    return *one_out == NULL ? NO_MEMORY : OK;
}

static status_t claim_named(const char *name, struct attempt *attempt)
{
    struct known *one, new = { 0 };

    lock_acquire(&lock);
    status_t status = prepare(name, &one);
    if (status == OK && one->name[0] == '\0') {
        memcpy(new.name, name, strlen(name));
        do {
            status = system_random(new.terminal.key, sizeof new.terminal.key);
        } while (status == OK && new.terminal.key[0] == 0 && new.terminal.key[1] == 0);
    } else if (status == OK) {
        new = *one;
    }
    if (status == OK && new.server != attempt->server) {
        status = tell_again(attempt->server, &new);
    }
    if (status == OK) {
        *one = new;
    }
    lock_release(&lock);
    return status;
}

status_t terminal_claim(const char *name, struct terminal_handle *terminal_out)
{
    static const struct terminal_handle none;
    struct attempt claiming = { .terminal = &none };
    size_t size = strnlen(name, TERMINAL_NAME_MAX + 1);

    if (size == 0 || size > TERMINAL_NAME_MAX) {
        return BAD_NAME;
    }
    while (attempt(&claiming)) {
        claiming.status = claim_named(name, &claiming);
    }
    if (claiming.status == OK) {
        struct known *one;

        lock_acquire(&lock);
        claiming.status = prepare(name, &one);
        *terminal_out = one->terminal;
        lock_release(&lock);
    }
    return claiming.status;
}

/* ---- Using it ---- */

status_t terminal_write(const struct terminal_handle *terminal, const void *text, size_t size)
{
    const uint8_t *rest = text;

    while (size != 0) {
        struct attempt writing = { .terminal = terminal, .is_unsafe = true };
        uint32_t part = size < TERMINAL_WRITE_MAX ? (uint32_t)size : TERMINAL_WRITE_MAX;
        struct payload payload = { .string = rest, .string_size = part };

        while (attempt(&writing)) {
            writing.status = terminal_call_write(writing.server, terminal, NULL, &payload);
        }
        if (writing.status != OK) {
            return writing.status;
        }
        rest += part;
        size -= part;
    }
    return OK;
}

/* What is left of the time that a reader wants to wait. */
static uint32_t milliseconds_left(uint32_t milliseconds, nanoseconds_t deadline_ns)
{
    nanoseconds_t now = clock_now();

    return milliseconds == TERMINAL_FOREVER ? TERMINAL_FOREVER
         : now >= deadline_ns ? 0 : (uint32_t)((deadline_ns - now + MILLISECOND - 1) / MILLISECOND);
}

status_t terminal_read(const struct terminal_handle *terminal, void *bytes, uint32_t size, uint32_t milliseconds, uint32_t *size_out)
{
    struct attempt reading = { .terminal = terminal };
    uint32_t most = size < TERMINAL_READ_MAX ? size : TERMINAL_READ_MAX;
    struct payload payload = { .buffer = bytes, .buffer_size = most };
    nanoseconds_t deadline_ns = clock_after(milliseconds * MILLISECOND);

    while (attempt(&reading)) {
        struct terminal_read_request request = { *terminal, most, milliseconds_left(milliseconds, deadline_ns) };
        reading.deadline_ns = 0; /* while it waited the server was there */
        reading.status = terminal_call_read(reading.server, &request, NULL, &payload);
    }
    if (reading.status == OK) {
        *size_out = payload.reply_string_size;
    }
    return reading.status;
}

status_t terminal_mode(const struct terminal_handle *terminal, uint32_t mode, uint32_t *mode_before_out)
{
    struct attempt setting = { .terminal = terminal };
    struct terminal_mode_reply before = { 0 };

    while (attempt(&setting)) {
        setting.status = terminal_call_mode(setting.server, &(struct terminal_mode_request){ *terminal, mode }, &before);
    }
    if (setting.status == OK) {
        remember_mode(terminal, mode, setting.server);
        if (mode_before_out != NULL) {
            *mode_before_out = before.mode;
        }
    }
    return setting.status;
}

/* The lock is held meanwhile: what is told last is what is told again. */
static status_t name_foreground(const struct terminal_handle *terminal, const process_id_t *processes, uint32_t count, process_id_t server)
{
    lock_acquire(&lock);
    if (know(terminal, server) == NULL) {
        lock_release(&lock);
        return NO_MEMORY;
    }
    named.terminal = *terminal;
    named.count = count;
    for (uint32_t i = 0; i < count; i++) {
        named.processes[i] = processes[i];
    }
    status_t status = tell_foreground(server);
    lock_release(&lock);
    return status;
}

status_t terminal_foreground(const struct terminal_handle *terminal, const process_id_t *processes, uint32_t count)
{
    struct attempt naming = { .terminal = terminal };

    if (count > TERMINAL_GROUP_MAX) {
        return TOO_BIG;
    }
    while (attempt(&naming)) {
        naming.status = name_foreground(terminal, processes, count, naming.server);
    }
    return naming.status;
}

status_t terminal_size(const struct terminal_handle *terminal, uint32_t *columns_out, uint32_t *rows_out)
{
    struct attempt asking = { .terminal = terminal };
    struct terminal_size_reply reply = { 0 };

    while (attempt(&asking)) {
        asking.status = terminal_call_size(asking.server, terminal, &reply);
    }
    if (asking.status == OK) {
        *columns_out = reply.columns;
        *rows_out = reply.rows;
    }
    return asking.status;
}

status_t terminal_await_key(const struct terminal_handle *terminal, enum terminal_key *key_out)
{
    struct attempt waiting = { .terminal = terminal };
    struct terminal_key_reply reply = { 0 };

    while (attempt(&waiting)) {
        waiting.deadline_ns = 0;
        waiting.status = terminal_call_await_key(waiting.server, terminal, &reply);
    }
    if (waiting.status == OK) {
        *key_out = reply.key;
    }
    return waiting.status;
}

status_t terminal_unread(const struct terminal_handle *terminal)
{
    struct attempt dropping = { .terminal = terminal };

    while (attempt(&dropping)) {
        dropping.status = terminal_call_unread(dropping.server, terminal, NULL);
    }
    return dropping.status;
}

status_t terminal_state(const struct terminal_handle *terminal, uint32_t *mode_out, bool *is_readable_out)
{
    struct attempt asking = { .terminal = terminal };
    struct terminal_state_reply reply = { 0 };

    while (attempt(&asking)) {
        asking.status = terminal_call_state(asking.server, terminal, &reply);
    }
    if (asking.status == OK) {
        if (mode_out != NULL) {
            *mode_out = reply.mode;
        }
        if (is_readable_out != NULL) {
            *is_readable_out = reply.is_readable != 0;
        }
    }
    return asking.status;
}

status_t terminal_notify(const struct terminal_handle *terminal, process_id_t *server_out)
{
    struct attempt asking = { .terminal = terminal };

    while (attempt(&asking)) {
        asking.status = terminal_call_notify(asking.server, terminal, NULL);
    }
    *server_out = asking.server;
    return asking.status;
}
