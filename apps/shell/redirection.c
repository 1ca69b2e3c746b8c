#include "redirection.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "arithmetic.h"
#include "expand.h"
#include "here.h"
#include "shell.h"

#define KEPT_LOWEST 10      /* POSIX: 0 to 9 are the user's */
#define NOT_OPEN (-1)

struct kept {
    struct kept *next;
    int descriptor;
    int copy;               /* or NOT_OPEN */
};

struct frame {
    struct frame *outer;
    struct kept *kept;
};

static struct frame *frames;

void redirections_begin(void)
{
    struct frame *frame = memory_take(sizeof *frame);

    *frame = (struct frame){ .outer = frames };
    frames = frame;
}

static void frame_remove(void)
{
    struct frame *frame = frames;

    frames = frame->outer;
    free(frame);
}

void redirections_end(void)
{
    while (frames->kept != NULL) {
        struct kept *kept = frames->kept;
        frames->kept = kept->next;
        if (kept->copy == NOT_OPEN) {
            (void)close(kept->descriptor);
        } else {
            (void)dup2(kept->copy, kept->descriptor);
            (void)close(kept->copy);
        }
        free(kept);
    }
    frame_remove();
}

void redirections_keep(void)
{
    while (frames->kept != NULL) {
        struct kept *kept = frames->kept;
        frames->kept = kept->next;
        if (kept->copy != NOT_OPEN) {
            (void)close(kept->copy);
        }
        free(kept);
    }
    frame_remove();
}

void redirections_end_all(void)
{
    while (frames != NULL) {
        redirections_end();
    }
}

/* So that the descriptor can be taken for something else. */
static bool keep(int descriptor)
{
    for (const struct kept *kept = frames->kept; kept != NULL; kept = kept->next) {
        if (kept->descriptor == descriptor) {
            return true;
        }
    }
    struct kept *kept = memory_take(sizeof *kept);
    int copy = fcntl(descriptor, F_DUPFD_CLOEXEC, KEPT_LOWEST);
    if (copy < 0 && errno != EBADF) {
        complain("%d: %s", descriptor, error_text(errno));
        free(kept);
        return false;
    }
    *kept = (struct kept){ frames->kept, descriptor, copy < 0 ? NOT_OPEN : copy };
    frames->kept = kept;
    return true;
}

static bool redirect_move(int descriptor, int target)
{
    if (descriptor == target) { /* the target was closed: programs shall get it */
        return fcntl(target, F_SETFD, 0) >= 0;
    }
    bool is_done = dup2(descriptor, target) >= 0;
    if (!is_done) {
        complain("%d: %s", target, error_text(errno));
    }
    (void)close(descriptor);
    return is_done;
}

/* The descriptor was not open; it is closed again at the end. */
static void keep_closed(int descriptor)
{
    struct kept *kept = memory_take(sizeof *kept);

    *kept = (struct kept){ frames->kept, descriptor, NOT_OPEN };
    frames->kept = kept;
}

bool redirections_take(int descriptor, int target)
{
    if (descriptor == target) {
        keep_closed(target);
    } else if (!keep(target)) {
        (void)close(descriptor);
        return false;
    }
    return redirect_move(descriptor, target);
}

/* ---- Files ---- */

static int open_flags(enum redirection_kind kind)
{
    switch (kind) {
    case REDIRECT_WRITE:
    case REDIRECT_OVERWRITE:
        return O_WRONLY | O_CREAT | O_TRUNC;
    case REDIRECT_APPEND:
        return O_WRONLY | O_CREAT | O_APPEND;
    case REDIRECT_READ_WRITE:
        return O_RDWR | O_CREAT;
    default:
        return O_RDONLY;
    }
}

static bool is_file(const char *path)
{
    struct stat description;

    return stat(path, &description) == 0 && S_ISREG(description.st_mode);
}

static bool redirect_file(const struct redirection *redirection)
{
    const char *path = expand_string(redirection->target);

    if (path == NULL) {
        return false;
    }
    if (redirection->kind == REDIRECT_WRITE && shell_has(OPTION_NO_CLOBBER) && is_file(path)) {
        complain("%s: it exists, and set -C protects it; >| overwrites it", path);
        return false;
    }
    /* First of all: the file may be on the descriptor that is redirected, as in <&0. */
    int descriptor = open(path, open_flags(redirection->kind), 0666);
    if (descriptor < 0) {
        complain("%s: %s", path, error_text(errno));
        return false;
    }
    return redirections_take(descriptor, redirection->descriptor);
}

bool redirect_nothing(int target)
{
    int descriptor = open("/dev/null", O_RDONLY);

    return descriptor < 0 || redirections_take(descriptor, target);
}

/* ---- Copies ---- */

/* >&2, <&- */
static bool redirect_copy(const struct redirection *redirection)
{
    const char *source = expand_string(redirection->target);
    int64_t number;

    if (source == NULL || !keep(redirection->descriptor)) {
        return false;
    }
    if (strcmp(source, "-") == 0) {
        (void)close(redirection->descriptor);
        return true;
    }
    if (!number_read(source, &number) || number < 0 || number > INT_MAX) {
        complain("%s: behind %s stands the number of a descriptor, or -", source,
                 redirection->kind == REDIRECT_COPY_INPUT ? "<&" : ">&");
        return false;
    }
    if (number >= KEPT_LOWEST || dup2((int)number, redirection->descriptor) < 0) {
        complain("%s: %s", source, error_text(EBADF));
        return false;
    }
    return true;
}

static bool redirect_here(const struct redirection *redirection)
{
    const char *text = redirection->target == NULL ? "" : expand_string(redirection->target);

    int descriptor = text == NULL ? -1 : here_open(text);

    return descriptor >= 0 && redirections_take(descriptor, redirection->descriptor);
}

bool redirect(const struct redirection *list)
{
    for (; list != NULL; list = list->next) {
        bool is_done;
        switch (list->kind) {
        case REDIRECT_HERE:
            is_done = redirect_here(list);
            break;
        case REDIRECT_COPY_INPUT:
        case REDIRECT_COPY_OUTPUT:
            is_done = redirect_copy(list);
            break;
        default:
            is_done = redirect_file(list);
            break;
        }
        if (!is_done) {
            return false;
        }
    }
    return true;
}

/* ---- Pipes ---- */

bool pipe_make(int ends_out[2])
{
    if (pipe(ends_out) < 0) {
        complain("a pipe cannot be made: %s", error_text(errno));
        return false;
    }
    for (int i = 0; i < 2; i++) {
        (void)fcntl(ends_out[i], F_SETFD, FD_CLOEXEC);
    }
    return true;
}
