#include "libc/standard_files.h"

#include <fcntl.h>
#include <poll.h>
#include <string.h>

#include <ternion/libc.h>
#include <ternion/syscall.h>

#include "libc/descriptor.h"
#include "libc/passed_file.h"

static void never_closed(struct file *file)
{
    file->references = 1;
}

/* ---- Nothing ---- */

static ssize_t nothing_read(struct file *file, void *bytes, size_t size, int64_t position)
{
    (void)file, (void)bytes, (void)size, (void)position;
    return 0;
}

static ssize_t nothing_write(struct file *file, const void *bytes, size_t size, int64_t position)
{
    (void)file, (void)bytes, (void)position;
    return (ssize_t)size;
}

static int nothing_describe(struct file *file, struct stat *description)
{
    (void)file;
    description->st_mode = S_IFCHR | 0666;
    return 0;
}

static int nothing_pass(struct file *file, struct passed_file *passed)
{
    passed->kind = PASSED_NOTHING;
    passed->words[0] = file == &file_zeroes.file;
    return 0;
}

static const struct file_operations nothing_operations = {
    .read = nothing_read,
    .write = nothing_write,
    .describe = nothing_describe,
    .pass = nothing_pass,
    .close = never_closed,
};

static ssize_t zeroes_read(struct file *file, void *bytes, size_t size, int64_t position)
{
    (void)file, (void)position;
    memset(bytes, 0, size);
    return (ssize_t)size;
}

static const struct file_operations zeroes_operations = {
    .read = zeroes_read,
    .write = nothing_write,
    .describe = nothing_describe,
    .pass = nothing_pass,
    .close = never_closed,
};

struct nothing_file file_zeroes = { { .operations = &zeroes_operations, .references = 1, .flags = O_RDWR } };
struct nothing_file file_nothing = { { .operations = &nothing_operations, .references = 1, .flags = O_RDWR } };

/* ---- The log ---- */

/* Called with the file's lock held. If this fails there is nowhere left to say so. */
static void log_flush(struct log_file *log)
{
    if (log->used > 0) {
        (void)log_write(log->level, log->text, log->used);
        log->used = 0;
    }
}

static ssize_t log_file_write(struct file *file, const void *bytes, size_t size, int64_t position)
{
    struct log_file *log = (struct log_file *)file;
    const char *text = bytes;

    (void)position;
    lock_acquire(&log->lock);
    for (size_t i = 0; i < size; i++) {
        if (text[i] != '\n') {
            log->text[log->used++] = text[i];
        }
        if (text[i] == '\n' || log->used == LOG_TEXT_MAX) {
            log_flush(log);
        }
    }
    lock_release(&log->lock);
    return (ssize_t)size;
}

static int log_describe(struct file *file, struct stat *description)
{
    (void)file;
    description->st_mode = S_IFCHR | 0222;
    return 0;
}

static int log_pass(struct file *file, struct passed_file *passed)
{
    passed->kind = PASSED_LOG;
    passed->words[0] = ((struct log_file *)file)->level;
    return 0;
}

static const struct file_operations log_operations = {
    .write = log_file_write,
    .describe = log_describe,
    .pass = log_pass,
    .close = never_closed,
    .is_terminal = true,
};

#define LOG_FILE(level_) { .file = { .operations = &log_operations, .references = 1, .flags = O_WRONLY }, .level = (level_) }

struct log_file file_log_output = LOG_FILE(LOG_INFORMATION);
struct log_file file_log_errors = LOG_FILE(LOG_WARNING);

bool libc_is_log(int descriptor)
{
    struct file *file = descriptor_hold(descriptor);

    if (file == NULL) {
        return false;
    }
    bool is_log = file->operations == &log_operations;
    file_release(file);
    return is_log;
}

void log_files_flush(void)
{
    struct log_file *const files[] = { &file_log_output, &file_log_errors };

    for (unsigned i = 0; i < sizeof files / sizeof files[0]; i++) {
        lock_acquire(&files[i]->lock);
        log_flush(files[i]);
        lock_release(&files[i]->lock);
    }
}
