#include "libc/start.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <ternion/log.h>
#include <ternion/syscall.h>

#include "libc/descriptor.h"
#include "libc/path.h"
#include "libc/pipe_file.h"
#include "libc/start_block.h"
#include "libc/terminal_file.h"

static const char START_FAILED[] = "the program cannot start: what its spawner gave it cannot be taken over";
static const char NO_MEMORY_LEFT[] = "the program cannot start: there is no memory left for what its spawner gave it; end something, and try again";
#define EXIT_NOT_STARTED 126 /* what shells answer of a program that cannot be run */

static char *no_environment[] = { NULL };
static const struct program *program;

static _Noreturn void give_up(const char *why, size_t size)
{
    (void)log_write(LOG_ERROR, why, size - 1);
    process_exit(EXIT_NOT_STARTED);
}

/* Several descriptors may lead to one open file: so they do here. */
static int open_passed(const struct start_view *view, uint32_t index, struct file **file_out)
{
    const struct passed_file *passed = &view->descriptors[index].file;

    for (uint32_t i = 0; i < index; i++) {
        if (memcmp(&view->descriptors[i].file, passed, sizeof *passed) == 0) {
            *file_out = descriptor_hold((int)view->descriptors[i].number);
            return *file_out == NULL ? -EBADF : 0;
        }
    }
    return passed_file_open(passed, file_out);
}

/* All descriptors are as the spawner said: 0, 1 and 2 too, which it may have closed. */
static void take_descriptors(const struct start_view *view)
{
    for (int i = 0; i <= STDERR_FILENO; i++) {
        (void)descriptor_close(i);
    }
    for (uint32_t i = 0; i < view->descriptor_count; i++) {
        struct file *file;

        if (open_passed(view, i, &file) < 0) {
            continue; /* what it led to has gone meanwhile: reading and writing answer EBADF */
        }
        if (descriptor_replace((int)view->descriptors[i].number, file, false) < 0) {
            file_release(file);
        }
    }
    pipe_files_settle();
}

/* A copy of the block that nobody else can change, until the process ends. */
static void *take_block(const struct start_reference *reference, uint32_t *size_out)
{
    uint32_t address, pages, woken;

    status_t status = shared_join(reference->id, reference->key, 0, &address, &pages);
    if (status == NO_MEMORY || status == OVER_QUOTA) {
        give_up(NO_MEMORY_LEFT, sizeof NO_MEMORY_LEFT);
    }
    if (status != OK) {
        give_up(START_FAILED, sizeof START_FAILED);
    }
    struct start_header *shared = (struct start_header *)address;
    uint32_t size = __atomic_load_n(&shared->size, __ATOMIC_RELAXED);
    *size_out = size < pages * PAGE_SIZE ? size : pages * PAGE_SIZE;
    void *block = malloc(*size_out);
    struct start_view view;
    if (block != NULL) {
        memcpy(block, shared, *size_out);
        if (start_block_read(block, *size_out, &view)) {
            take_descriptors(&view);
        }
    }
    __atomic_store_n(&shared->state, START_TAKEN, __ATOMIC_RELEASE);
    (void)address_wake((uint32_t)&shared->state, UINT32_MAX, &woken);
    (void)shared_leave(reference->id);
    return block;
}

static void destructors_run(void)
{
    for (bound_function_t *const *destructor = program->destructors_end; destructor > program->destructors; destructor--) {
        destructor[-1]();
    }
}

static void constructors_run(void)
{
    if (program->destructors < program->destructors_end) {
        (void)atexit(destructors_run);  /* the first one: it runs last */
    }
    for (bound_function_t *const *constructor = program->constructors; constructor < program->constructors_end; constructor++) {
        (*constructor)();
    }
}

static int run_with_block(const struct start_reference *reference)
{
    struct start_view view;
    uint32_t size = 0;
    void *block = take_block(reference, &size);

    if (block == NULL) {
        give_up(NO_MEMORY_LEFT, sizeof NO_MEMORY_LEFT);
    }
    if (!start_block_read(block, size, &view)) {
        give_up(START_FAILED, sizeof START_FAILED);
    }
    char **arguments = malloc((view.argument_count + view.environment_count + 2) * sizeof *arguments);
    if (arguments == NULL) {
        give_up(NO_MEMORY_LEFT, sizeof NO_MEMORY_LEFT);
    }
    char **environment = arguments + view.argument_count + 1;
    char *directory = start_strings(start_strings(view.strings, view.argument_count, arguments), view.environment_count, environment);
    environ = environment;
    terminal_set_own(&(struct terminal_handle){ view.terminal[0], { view.terminal[1], view.terminal[2] } });
    path_set_directory(directory);
    constructors_run();
    return program->main((int)view.argument_count, arguments, environment);
}

void libc_start(const struct program *started, int argument_count, char **arguments)
{
    struct start_reference reference;

    program = started;
    if (argument_count == 2 && start_reference_read(arguments[1], strlen(arguments[1]), &reference)) {
        exit(run_with_block(&reference));
    }
    environ = no_environment;
    constructors_run();
    exit(program->main(argument_count, arguments, no_environment));
}
