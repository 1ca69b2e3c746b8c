#include "libc/passed_file.h"

#include <errno.h>

#include "libc/boot_files.h"
#include "libc/pipe_file.h"
#include "libc/standard_files.h"

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
        return same_file(&file_nothing.file, file_out);
    case PASSED_LOG:
        return same_file(words[0] == LOG_INFORMATION ? &file_log_output.file : &file_log_errors.file, file_out);
    case PASSED_PIPE:
        return pipe_file_join(words, file_out);
    case PASSED_BOOT_FILE:
        return boot_file_open(words[0], words[3], (int64_t)((uint64_t)words[2] << 32 | words[1]), file_out);
    default:
        return -EINVAL;
    }
}
