#include "here.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include <ternion/format.h>

#include "output.h"
#include "redirection.h"
#include "shell.h"

#define PIPE_ROOM 4096U     /* bytes that a pipe takes while nobody reads */
#define PATH_SIZE 64U

static int open_pipe(const char *text, size_t size)
{
    int ends[2];

    if (!pipe_make(ends)) {
        return -1;
    }
    bool is_written = write_all(ends[1], text, size);
    (void)close(ends[1]);
    if (!is_written) {
        complain("a here-document cannot be written: %s", error_text(errno));
        (void)close(ends[0]);
        return -1;
    }
    return ends[0];
}

/* A file in /tmp that has no name any more when it is read. */
static int open_file(const char *text, size_t size)
{
    char path[PATH_SIZE];
    static unsigned count;

    (void)format_text(path, sizeof path, "/tmp/.here.%u.%u", (unsigned)getpid(), count++);
    int writing = open(path, O_WRONLY | O_CREAT | O_EXCL, 0600);
    bool is_written = writing >= 0 && write_all(writing, text, size);
    int reading = is_written ? open(path, O_RDONLY) : -1;
    if (reading < 0) {
        complain("%s, for a here-document: %s", path, error_text(errno));
    }
    if (writing >= 0) {
        (void)close(writing);
        (void)unlink(path);
    }
    return reading;
}

int here_open(const char *text)
{
    size_t size = strlen(text);

    return size <= PIPE_ROOM ? open_pipe(text, size) : open_file(text, size);
}
