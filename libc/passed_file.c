#include "libc/passed_file.h"

#include <errno.h>

#include "libc/pipe_file.h"
#include "libc/standard_files.h"
#include "libc/terminal_file.h"
#include "libc/vfs_file.h"

static int same_file(struct file *file, struct file **file_out)
{
    file_hold(file);
    *file_out = file;
    return 0;
}

int passed_file_open(const struct passed_file *passed, struct file **file_out)
{
    const uint32_t *words = passed->words;

    switch (passed->kind) {
    case PASSED_NOTHING:
        return same_file(words[0] == 0 ? &file_nothing.file : &file_zeroes.file, file_out);
    case PASSED_LOG:
        return same_file(words[0] == LOG_INFORMATION ? &file_log_output.file : &file_log_errors.file, file_out);
    case PASSED_PIPE:
        return pipe_file_join(words, file_out);
    case PASSED_SERVER_FILE:
        return vfs_file_take_passed(words, file_out);
    case PASSED_TERMINAL:
        return terminal_file_take_passed(words, file_out);
    default:
        return -EINVAL;
    }
}
