#include "script.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

#include "execute.h"
#include "interrupt.h"
#include "output.h"
#include "parser.h"
#include "shell.h"

#define DESCRIPTOR_LOWEST 10
#define BUFFER_SIZE 512U
#define LOOK_MS 100             /* how often it looks for Ctrl+C */

/* A file that is read line by line. */
struct script_input {
    struct input input;
    int descriptor;
    bool is_shared;         /* with programs: nothing behind the line may be taken */
    bool is_binary;         /* there was a NUL in it: no more is read */
    struct arena arena;     /* for the line */
    char buffer[BUFFER_SIZE];
    size_t at;
    size_t end;
};

/* Ctrl+C does not end a read of the shell's own. False: it came. */
static bool await_input(int descriptor)
{
    struct pollfd wanted = { .fd = descriptor, .events = POLLIN };

    while (!interrupt_is_pending()) {
        if (poll(&wanted, 1, LOOK_MS) != 0) {
            return true;
        }
    }
    return false;
}

int script_read_byte(int descriptor, char *byte_out)
{
    ssize_t size;

    if (shell.is_interactive && !await_input(descriptor)) {
        return -1;
    }
    do {
        size = read(descriptor, byte_out, 1);
    } while (size < 0 && errno == EINTR);
    return (int)size;
}

/* A file can be read ahead, and told that it was not. False: it is no file; nothing was read. */
static bool read_shared_line(struct script_input *script, struct text *line)
{
    char buffer[BUFFER_SIZE];
    ssize_t size;

    if (lseek(script->descriptor, 0, SEEK_CUR) < 0) {
        return false;
    }
    while ((size = read(script->descriptor, buffer, sizeof buffer)) > 0) {
        const char *newline = memchr(buffer, '\n', (size_t)size);
        size_t taken = newline == NULL ? (size_t)size : (size_t)(newline - buffer) + 1;
        text_append(line, buffer, taken);
        if (newline != NULL) {
            (void)lseek(script->descriptor, (off_t)taken - (off_t)size, SEEK_CUR);
            break;
        }
    }
    return true;
}

static int next_byte(struct script_input *script, char *byte_out)
{
    if (script->is_shared) {
        return script_read_byte(script->descriptor, byte_out);
    }
    if (script->at == script->end) {
        ssize_t size = read(script->descriptor, script->buffer, sizeof script->buffer);
        if (size <= 0) {
            return (int)size;
        }
        script->at = 0;
        script->end = (size_t)size;
    }
    *byte_out = script->buffer[script->at++];
    return 1;
}

static bool script_next(struct input *input, const char **bytes_out, size_t *size_out)
{
    struct script_input *script = (struct script_input *)input;
    struct text line = TEXT_EMPTY(&script->arena);
    char byte = '\0';

    arena_release(&script->arena, (struct arena_mark){ 0 });
    if (!script->is_shared || !read_shared_line(script, &line)) {
        while (byte != '\n' && next_byte(script, &byte) > 0) {
            text_add(&line, byte);
        }
    }
    script->is_binary = script->is_binary || (line.size > 0 && memchr(line.bytes, '\0', line.size) != NULL);
    if (script->is_binary) {
        complain("that is no text: a script has no NUL in it");
        return false;
    }
    if (shell_has(OPTION_VERBOSE)) {
        (void)write_all(STDERR_FILENO, line.bytes, line.size);
    }
    *bytes_out = line.bytes;
    *size_out = line.size;
    return line.size > 0;
}

/* Each command has the arena for itself. */
int script_run(struct input *input)
{
    struct arena arena = { NULL };
    struct lexer lexer;
    struct node *node;
    enum parsed parsed;
    bool has_run = false;

    lexer_begin(&lexer, input, &arena);
    lexer.keeps_names = input->keeps_names;
    while (shell.leaving == LEAVING_NOTHING && (parsed = parser_read(&lexer, &node)) != PARSED_END) {
        if (parsed == PARSED_ERROR) {
            shell.line = lexer.error_line;
            give_up("%s", lexer.error);
        } else if (parsed == PARSED) {
            (void)execute(node);
        }
        has_run = has_run || parsed != PARSED_NOTHING;
        if (lexer.source->below == NULL) { /* not in the middle of an alias with several lines */
            arena_release(&arena, (struct arena_mark){ 0 });
        }
    }
    lexer_end(&lexer);
    arena_free(&arena);
    shell.status = has_run ? shell.status : 0;
    return shell.status;
}

static int run_descriptor(int descriptor, bool is_shared)
{
    struct script_input script = { .input = { script_next, 1, false }, .descriptor = descriptor, .is_shared = is_shared };
    int status = script_run(&script.input);

    arena_free(&script.arena);
    return script.is_binary ? STATUS_CANNOT_RUN : status;
}

int script_run_file(const char *path)
{
    unsigned line = shell.line;
    int opened = open(path, O_RDONLY | O_CLOEXEC);

    if (opened < 0) {
        give_up("%s: %s", path, error_text(errno));
        shell.status = errno == ENOENT ? STATUS_NOT_FOUND : STATUS_CANNOT_RUN;
        return shell.status;
    }
    /* Out of the way of those that commands use. */
    int descriptor = fcntl(opened, F_DUPFD_CLOEXEC, DESCRIPTOR_LOWEST);
    if (descriptor >= 0) {
        (void)close(opened);
    }
    int status = run_descriptor(descriptor >= 0 ? descriptor : opened, false);
    (void)close(descriptor >= 0 ? descriptor : opened);
    shell.line = line;
    return status;
}

int script_run_standard_input(void)
{
    return run_descriptor(STDIN_FILENO, true);
}
