#include "console.h"

#include <errno.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <ternion/libc.h>
#include <ternion/terminal.h>
#include <ternion/thread.h>

#include "jobs.h"
#include "output.h"
#include "shell.h"

#define THREAD_STACK 8192U
#define PAUSE_NS 200000000L     /* before something that fails is tried again */

static struct terminal_handle terminal;

bool console_open(const char *name)
{
    int descriptor = name == NULL ? STDIN_FILENO : libc_terminal(name);

    if (descriptor < 0 || libc_terminal_handle(descriptor, &terminal) < 0) {
        bool is_others = errno == EPERM;
        complain("the terminal %s: %s", name == NULL ? "of standard input" : name,
                 is_others ? "it is not for this process: see the arguments of s\\terminal" : error_text(errno));
        return false;
    }
    for (int standard = STDIN_FILENO; name != NULL && standard <= STDERR_FILENO; standard++) {
        (void)dup2(descriptor, standard);
    }
    if (descriptor > STDERR_FILENO) {
        (void)close(descriptor);
    }
    return true;
}

/* What fails here fails with the next read again, and is seen there. */
void console_set_raw(bool is_raw)
{
    (void)!terminal_mode(&terminal, is_raw ? TERMINAL_RAW : 0, NULL);
}

int console_read(char *byte_out)
{
    uint32_t size = 0;
    status_t status = terminal_read(&terminal, byte_out, 1, TERMINAL_FOREVER, &size);

    return status == OK && size == 1 ? 1 : 0;
}

bool console_has_more(void)
{
    bool is_readable = false;

    return terminal_state(&terminal, NULL, &is_readable) == OK && is_readable;
}

void console_write(const char *bytes, size_t size)
{
    (void)!terminal_write(&terminal, bytes, size);
}

void console_size(unsigned *columns_out, unsigned *rows_out)
{
    uint32_t columns, rows;

    if (terminal_size(&terminal, &columns, &rows) != OK) {
        columns = 80;
        rows = 24;
    }
    *columns_out = columns;
    *rows_out = rows;
}

/* Where it fails everybody that has the terminal may read, or those that could before. */
void console_give(const pid_t *processes, unsigned count)
{
    process_id_t ids[CONSOLE_PROCESSES_MAX];

    for (unsigned i = 0; i < count; i++) {
        ids[i] = (process_id_t)processes[i];
    }
    (void)!terminal_foreground(&terminal, ids, count);
}
_Static_assert(CONSOLE_PROCESSES_MAX <= TERMINAL_GROUP_MAX);

/* ---- The other threads ---- */

static void pause_a_little(void)
{
    (void)nanosleep(&(struct timespec){ 0, PAUSE_NS }, NULL);
}

static void await_keys(void *argument)
{
    enum terminal_key key;

    (void)argument;
    for (;;) {
        if (terminal_await_key(&terminal, &key) != OK) {
            pause_a_little();
            continue;
        }
        if (key == TERMINAL_INTERRUPT) {
            jobs_interrupt();
        } else if (key == TERMINAL_SUSPEND) {
            jobs_suspend();
        }
        jobs_give_terminal();    /* with the key it was taken from the job, which may go on */
    }
}

static void await_processes(void *argument)
{
    int wait_status;

    (void)argument;
    for (;;) {
        jobs_await_process();
        pid_t pid = waitpid(-1, &wait_status, 0);
        if (pid > 0) {
            jobs_note_end(pid, wait_status);
        } else {
            jobs_note_lost();
        }
    }
}

/* Without the second one jobs are waited for by the main thread, and Ctrl+Z does nothing. */
void console_watch(void)
{
    console_give(NULL, 0);
    bool has_keys = thread_start(await_keys, NULL, THREAD_STACK, NULL) == OK;

    if (has_keys && thread_start(await_processes, NULL, THREAD_STACK, NULL) == OK) {
        jobs_begin_watched();
    } else {
        complain("there is not enough memory for Ctrl+C and Ctrl+Z");
    }
}
