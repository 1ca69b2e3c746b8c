#include "libc/terminal_file.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>

#include <ternion/process.h>
#include <ternion/syscall.h>

#include "libc/events.h"
#include "libc/status_errno.h"
#include "libc/terminal_settings.h"

#define MILLISECONDS_OF_VTIME 100U

/* A terminal that files of this process lead to. */
struct tty {
    struct tty *next;
    uint32_t references;      /* files */
    struct terminal_handle handle;       /* constant */
    struct termios settings;  /* as they were set last; the mode is s\terminal's to know */
};

struct terminal_file {
    struct file file;
    struct tty *tty;          /* constant */
};

static struct lock lock;      /* protects what follows */
static struct tty *ttys;
static struct terminal_handle own;
static process_id_t asked;    /* the s\terminal that tells when a read would not wait; 0: none was asked */

/* ---- The own one ---- */

void terminal_set_own(const struct terminal_handle *terminal)
{
    lock_acquire(&lock);
    own = *terminal;
    lock_release(&lock);
}

struct terminal_handle terminal_get_own(void)
{
    lock_acquire(&lock);
    struct terminal_handle terminal = own;
    lock_release(&lock);
    return terminal;
}

/* ---- Reading and writing ---- */

int terminal_error(status_t status)
{
    switch (status) {
    case NOT_ALLOWED:         /* as of a terminal that has hung up */
    case ABSENT:
    case TIMED_OUT:
    case PEER_DIED:
        return -EIO;
    default:
        return status_error(status);
    }
}

/* How long a read waits: VMIN and VTIME say so where lines do not. */
static uint32_t read_milliseconds(struct terminal_file *file)
{
    uint32_t milliseconds = TERMINAL_FOREVER;

    if ((file->file.flags & O_NONBLOCK) != 0) {
        return 0;
    }
    lock_acquire(&lock);
    const struct termios *settings = &file->tty->settings;
    if ((settings->c_lflag & ICANON) == 0 && settings->c_cc[VMIN] == 0) {
        milliseconds = settings->c_cc[VTIME] * MILLISECONDS_OF_VTIME;
    }
    lock_release(&lock);
    return milliseconds;
}

static ssize_t terminal_file_read(struct file *file, void *bytes, size_t size, int64_t position)
{
    struct terminal_file *terminal = (struct terminal_file *)file;
    uint32_t moved = 0;

    (void)position;
    if (size == 0) {
        return 0;
    }
    uint32_t most = size < TERMINAL_READ_MAX ? (uint32_t)size : TERMINAL_READ_MAX;
    status_t status = terminal_read(&terminal->tty->handle, bytes, most, read_milliseconds(terminal), &moved);
    switch (status) {
    case OK:
        return (ssize_t)moved;
    case NOTHING:
        return (file->flags & O_NONBLOCK) != 0 ? -EAGAIN : 0;
    case NOT_ALLOWED:
        return 0;
    default:
        return terminal_error(status);
    }
}

/* s\terminal that dies with text has lost what it had taken before, too: that is no failure of this write alone. */
static ssize_t terminal_file_write(struct file *file, const void *bytes, size_t size, int64_t position)
{
    struct terminal_file *terminal = (struct terminal_file *)file;
    size_t done = 0;
    status_t status = OK;

    (void)position;
    while (done < size && status == OK) {
        size_t part = size - done < TERMINAL_WRITE_MAX ? size - done : TERMINAL_WRITE_MAX;

        status = terminal_write(&terminal->tty->handle, (const char *)bytes + done, part);
        if (status == PEER_DIED) {
            status = OK;
        }
        done += status == OK ? part : 0;
    }
    return done > 0 || status == OK ? (ssize_t)done : terminal_error(status);
}

void terminal_describe(struct stat *description)
{
    description->st_mode = S_IFCHR | 0666;
}

static int terminal_file_describe(struct file *file, struct stat *description)
{
    terminal_describe(description);
    description->st_rdev = (dev_t)((struct terminal_file *)file)->tty->handle.number;
    return 0;
}

/* ---- Waiting ---- */

static int terminal_ready(struct file *file)
{
    bool is_readable = false;
    status_t status = terminal_state(&((struct terminal_file *)file)->tty->handle, NULL, &is_readable);

    return status != OK ? POLLIN | POLLOUT | POLLHUP : is_readable ? POLLIN | POLLOUT : POLLOUT;
}

/* Notices of s\terminal, and its end: who waits looks again, and asks the next one. */
static bool take_event(const struct event *event)
{
    lock_acquire(&lock);
    bool is_mine = (event->kind == EVENT_MESSAGE && event->sender == asked && event->words[0] == TERMINAL_NOTICE)
                || (event->kind == EVENT_PROCESS_EXITED && event->id == asked);
    lock_release(&lock);
    return is_mine;
}

static void terminal_watch(struct file *file, int change)
{
    process_id_t server;

    if (change < 0 || terminal_notify(&((struct terminal_file *)file)->tty->handle, &server) != OK) {
        return;               /* `ready` says what is wrong */
    }
    lock_acquire(&lock);
    asked = server;
    lock_release(&lock);
    events_also_for(take_event);
    if (process_watch(server) == BAD_ID) {
        event_pump_wake();    /* it has ended just now */
    }
}

/* ---- Opening, passing on, closing ---- */

static int terminal_pass(struct file *file, struct passed_file *passed)
{
    const struct terminal_handle *handle = &((struct terminal_file *)file)->tty->handle;

    passed->kind = PASSED_TERMINAL;
    passed->words[0] = handle->number;
    passed->words[1] = handle->key[0];
    passed->words[2] = handle->key[1];
    passed->words[3] = file->flags;
    return 0;
}

static void terminal_close(struct file *file)
{
    struct tty *tty = ((struct terminal_file *)file)->tty;

    lock_acquire(&lock);
    if (--tty->references == 0) {
        struct tty **link = &ttys;
        while (*link != tty) {
            link = &(*link)->next;
        }
        *link = tty->next;
        free(tty);
    }
    lock_release(&lock);
    free(file);
}

static const struct file_operations terminal_operations = {
    .read = terminal_file_read,
    .write = terminal_file_write,
    .describe = terminal_file_describe,
    .ready = terminal_ready,
    .watch = terminal_watch,
    .pass = terminal_pass,
    .close = terminal_close,
    .is_terminal = true,
};

/* The terminal of a handle, with a reference more; NULL: there is no memory. Called with the lock held. */
static struct tty *tty_find(const struct terminal_handle *handle)
{
    struct tty *tty = ttys;

    while (tty != NULL && memcmp(&tty->handle, handle, sizeof *handle) != 0) {
        tty = tty->next;
    }
    if (tty == NULL && (tty = calloc(1, sizeof *tty)) != NULL) {
        *tty = (struct tty){ .next = ttys, .handle = *handle };
        terminal_settings_usual(&tty->settings);
        ttys = tty;
    }
    if (tty != NULL) {
        tty->references++;
    }
    return tty;
}

int terminal_file_open(const struct terminal_handle *terminal, uint32_t flags, struct file **file_out)
{
    struct terminal_file *file = calloc(1, sizeof *file);

    if (file == NULL) {
        return -ENOMEM;
    }
    file->file = (struct file){ .operations = &terminal_operations, .references = 1, .flags = flags & (O_ACCMODE | O_NONBLOCK | O_APPEND) };
    lock_acquire(&lock);
    file->tty = tty_find(terminal);
    lock_release(&lock);
    if (file->tty == NULL) {
        free(file);
        return -ENOMEM;
    }
    *file_out = &file->file;
    return 0;
}

int terminal_file_open_own(uint32_t flags, struct file **file_out)
{
    struct terminal_handle terminal = terminal_get_own();

    return terminal.key[0] == 0 && terminal.key[1] == 0 ? -ENXIO : terminal_file_open(&terminal, flags, file_out);
}

int terminal_file_take_passed(const uint32_t words[PASSED_WORDS], struct file **file_out)
{
    return terminal_file_open(&(struct terminal_handle){ words[0], { words[1], words[2] } }, words[3], file_out);
}

/* ---- What it leads to ---- */

bool terminal_file_handle(struct file *file, struct terminal_handle *terminal_out)
{
    if (file->operations != &terminal_operations) {
        return false;
    }
    *terminal_out = ((struct terminal_file *)file)->tty->handle;
    return true;
}

int terminal_file_get_settings(struct file *file, struct termios *settings_out)
{
    struct terminal_handle handle;
    uint32_t mode;

    if (!terminal_file_handle(file, &handle)) {
        return -ENOTTY;
    }
    status_t status = terminal_state(&handle, &mode, NULL);
    if (status != OK) {
        return terminal_error(status);
    }
    lock_acquire(&lock);
    struct termios *settings = &((struct terminal_file *)file)->tty->settings;
    terminal_settings_put_mode(settings, mode);
    *settings_out = *settings;
    lock_release(&lock);
    return 0;
}

int terminal_file_set_settings(struct file *file, const struct termios *settings)
{
    struct terminal_handle handle;

    if (!terminal_file_handle(file, &handle)) {
        return -ENOTTY;
    }
    status_t status = terminal_mode(&handle, terminal_settings_mode(settings), NULL);
    if (status != OK) {
        return terminal_error(status);
    }
    lock_acquire(&lock);
    ((struct terminal_file *)file)->tty->settings = *settings;
    lock_release(&lock);
    return 0;
}
