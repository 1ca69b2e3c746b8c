/* Built-in commands for jobs. */
#include <errno.h>
#include <signal.h>
#include <string.h>

#include <ternion/format.h>

#include "arithmetic.h"
#include "builtins.h"
#include "execute.h"
#include "interrupt.h"
#include "job.h"
#include "jobs.h"
#include "output.h"
#include "shell.h"
#include "system.h"

static const struct {
    const char *name;
    int number;
} signals[] = {
    { "HUP", SIGHUP }, { "INT", SIGINT }, { "QUIT", SIGQUIT }, { "ILL", SIGILL }, { "TRAP", SIGTRAP }, { "ABRT", SIGABRT },
    { "FPE", SIGFPE }, { "KILL", SIGKILL }, { "BUS", SIGBUS }, { "SEGV", SIGSEGV }, { "PIPE", SIGPIPE }, { "ALRM", SIGALRM },
    { "TERM", SIGTERM }, { "STOP", SIGSTOP }, { "TSTP", SIGTSTP }, { "CONT", SIGCONT },
};

#define SIGNAL_COUNT (sizeof signals / sizeof signals[0])

int builtin_jobs(int count, char **arguments)
{
    uint32_t letters;
    int at = builtin_options(count, arguments, "lp", &letters), status = 0;

    if (at < 0) {
        return STATUS_MISTAKE;
    }
    enum job_form form = (letters & 2) != 0 ? JOB_NUMBER : letters != 0 ? JOB_PROCESSES : JOB_LINE;
    if (at == count) {
        jobs_list(NULL, form);
    }
    for (; at < count; at++) {
        const struct job *job = job_find(arguments[at], false);
        if (job == NULL) {
            status = 1;
        } else {
            jobs_list(job, form);
        }
    }
    return status;
}

static struct job *job_argument(int count, char **arguments)
{
    return job_find(count > 1 ? arguments[1] : "%%", false);
}

int builtin_fg(int count, char **arguments)
{
    struct job *job = job_argument(count, arguments);

    return job == NULL ? 1 : job_continue_in_foreground(job);
}

int builtin_bg(int count, char **arguments)
{
    struct job *job = job_argument(count, arguments);

    return job == NULL ? 1 : job_continue_in_background(job);
}

int builtin_wait(int count, char **arguments)
{
    int status = 0;

    if (count == 1) {
        jobs_wait_all();
        return interrupt_is_pending() ? STATUS_INTERRUPTED : 0;
    }
    for (int i = 1; i < count; i++) {
        struct job *job = job_find(arguments[i], true);
        status = job == NULL ? STATUS_NOT_FOUND : job_wait_in_background(job);
    }
    return status;
}

/* TERM, SIGTERM, 15. -1: there is no such signal. */
static int signal_number(const char *name)
{
    int64_t number;

    if (number_read(name, &number)) {
        return number >= 0 && number < NSIG ? (int)number : -1;
    }
    name += strncmp(name, "SIG", 3) == 0 ? 3 : 0;
    for (unsigned i = 0; i < SIGNAL_COUNT; i++) {
        if (strcmp(name, signals[i].name) == 0) {
            return signals[i].number;
        }
    }
    return -1;
}

/* Signals do not interrupt anybody here: they end, put to sleep and wake. 0 asks whether it is there. */
static int kill_process(const char *text, int signal)
{
    int64_t pid;

    if (!number_read(text, &pid) || pid <= 0 || pid > UINT32_MAX) {
        return EINVAL;
    }
    return system_ask(job_request(signal), (pid_t)pid, signal, false);
}

static int kill_one(const char *text, int signal)
{
    struct job *job = job_find(text, *text != '%');
    int error;

    if (job == NULL && *text == '%') {
        return 1;
    }
    error = job != NULL ? job_kill(job, signal) : kill_process(text, signal);
    if (error == EINVAL) {
        complain("kill: %s is not the number of a process", text);
    } else if (error == ESRCH) {
        complain("kill: %s: there is no such %s", text, *text == '%' ? "job any more" : "process");
    } else if (error != 0) {
        complain("kill: %s: %s", text, error_text(error));
    }
    return error == 0 ? 0 : 1;
}

static int list_signals(void)
{
    for (unsigned i = 0; i < SIGNAL_COUNT; i++) {
        output_format("%2d %s\n", signals[i].number, signals[i].name);
    }
    return 0;
}

/* -t, -SIGNAL, -s SIGNAL, --. How many words they take; -1: there is no such signal, which was said. */
static int kill_options(int count, char **arguments, int *signal_out, bool *with_tree_out)
{
    int at = 1;

    for (; at < count && arguments[at][0] == '-' && strcmp(arguments[at], "--") != 0; at++) {
        if (strcmp(arguments[at], "-t") == 0) {
            *with_tree_out = true;
            continue;
        }
        bool is_apart = strcmp(arguments[at], "-s") == 0;
        const char *name = !is_apart ? arguments[at] + 1 : at + 1 < count ? arguments[++at] : "";
        *signal_out = signal_number(name);
        if (*signal_out < 0) {
            complain("kill: there is no signal %s; kill -l lists them", name);
            return -1;
        }
    }
    return at + (at < count && strcmp(arguments[at], "--") == 0);
}

/* What the program of the same name does: it knows processes by their names, and those that they have started. */
static int kill_by_program(int count, char **operands, int signal, bool with_tree)
{
    char number[16];
    char **words = arena_take(&shell.scratch, ((size_t)count + 5) * sizeof *words);
    int words_count = 0;

    size_t length = format_text(number, sizeof number, "-%d", signal);
    words[words_count++] = (char *)"kill";
    words[words_count++] = arena_copy(&shell.scratch, number, length);
    if (with_tree) {
        words[words_count++] = (char *)"-t";
    }
    words[words_count++] = (char *)"--";
    memcpy(words + words_count, operands, (size_t)count * sizeof *operands);
    words[words_count + count] = NULL;
    return execute_arguments(words_count + count, words, true, true);
}

int builtin_kill(int count, char **arguments)
{
    int signal = SIGTERM, status = 0, others = 0;
    bool with_tree = false;
    int64_t number;

    if (count > 1 && strcmp(arguments[1], "-l") == 0) {
        return list_signals();
    }
    int at = kill_options(count, arguments, &signal, &with_tree);
    if (at < 0 || at >= count) {
        return at < 0 ? STATUS_MISTAKE : builtin_usage("kill");
    }
    for (; at < count; at++) {
        if (*arguments[at] == '%' || (!with_tree && number_read(arguments[at], &number))) {
            status = kill_one(arguments[at], signal) != 0 ? 1 : status;
        } else {
            arguments[others++] = arguments[at];
        }
    }
    int result = others > 0 ? kill_by_program(others, arguments, signal, with_tree) : 0;
    return result != 0 ? result : status;
}
