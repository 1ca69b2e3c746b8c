#include "job.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <ternion/format.h>

#include "arithmetic.h"
#include "output.h"
#include "shell.h"

#define LINE_SIZE 256U
#define STATE_SIZE 32U

bool job_has_ended(const struct job *job)
{
    for (unsigned i = 0; i < job->count; i++) {
        if (!job->members[i].has_ended) {
            return false;
        }
    }
    return true;
}

static int status_of(int wait_status)
{
    return WIFEXITED(wait_status) ? WEXITSTATUS(wait_status) : STATUS_SIGNAL + WTERMSIG(wait_status);
}

int job_status(const struct job *job)
{
    return job->count > 0 ? status_of(job->members[job->count - 1].wait_status) : 0;
}

bool any_runs_awake(const struct job *jobs)
{
    for (; jobs != NULL; jobs = jobs->next) {
        if (!job_has_ended(jobs) && !jobs->is_asleep) {
            return true;
        }
    }
    return false;
}

unsigned job_new_number(const struct job *jobs)
{
    unsigned highest = 0;

    for (; jobs != NULL; jobs = jobs->next) {
        highest = jobs->number > highest ? jobs->number : highest;
    }
    return highest + 1;
}

/* ---- By name ---- */

/* The newest, or the one before it. */
static struct job *nth_newest(struct job *jobs, unsigned index)
{
    for (; jobs != NULL; jobs = jobs->next) {
        if (jobs->number > 0 && index-- == 0) {
            return jobs;
        }
    }
    return NULL;
}

static bool has_process(const struct job *job, int64_t pid)
{
    for (unsigned i = 0; i < job->count; i++) {
        if (job->members[i].pid != 0 && (int64_t)job->members[i].pid == pid) {
            return true;
        }
    }
    return false;
}

static bool contains(const char *text, const char *part)
{
    size_t length = strlen(part);

    while (*text != '\0' && strncmp(text, part, length) != 0) {
        text++;
    }
    return *text != '\0';
}

static bool is_called(const struct job *job, const char *name)
{
    int64_t number;

    if (number_read(name, &number)) {
        return job->number == number;
    }
    return *name == '?' ? contains(job->text, name + 1) : strncmp(job->text, name, strlen(name)) == 0;
}

struct job *job_search(struct job *jobs, const char *name)
{
    int64_t number = 0;
    bool is_number = number_read(name, &number);

    if (strcmp(name, "%") == 0 || strcmp(name, "%%") == 0 || strcmp(name, "%+") == 0 || strcmp(name, "%-") == 0) {
        return nth_newest(jobs, name[1] == '-');
    }
    for (; jobs != NULL; jobs = jobs->next) {
        bool fits = *name == '%' ? is_called(jobs, name + 1) : is_number && has_process(jobs, number);
        if (jobs->number > 0 && fits) {
            return jobs;
        }
    }
    return NULL;
}

enum system_request job_request(int number)
{
    return number == 0 ? SYSTEM_LOOK : number == SIGSTOP || number == SIGTSTP ? SYSTEM_SLEEP : number == SIGCONT ? SYSTEM_WAKE : SYSTEM_END;
}

int job_ask_all(struct job *job, enum system_request request, int number)
{
    int error = 0;

    for (unsigned i = 0; i < job->count; i++) {
        if (!job->members[i].has_ended) {
            int result = system_ask(request, job->members[i].pid, number, true);
            error = result == 0 || result == ESRCH ? error : result;
        }
    }
    return error;
}

/* ---- Telling ---- */

static void state_text(const struct job *job, char text[STATE_SIZE])
{
    int status = job_status(job);

    if (!job_has_ended(job)) {
        strcpy(text, job->is_asleep ? "asleep" : "running");
    } else if (status == 0) {
        strcpy(text, "done");
    } else if (status > STATUS_SIGNAL) {
        strcpy(text, status == STATUS_SIGNAL + SIGSEGV ? "died by a fault" : "ended");
    } else {
        (void)format_text(text, STATE_SIZE, "done, status %d", status);
    }
}

static size_t job_line(const struct job *job, const struct job *jobs, char line[LINE_SIZE])
{
    char state[STATE_SIZE];
    const struct job *newest = nth_newest((struct job *)jobs, 0), *second = nth_newest((struct job *)jobs, 1);

    state_text(job, state);
    char mark = job == newest ? '+' : job == second ? '-' : ' ';
    size_t size = format_text(line, LINE_SIZE - 1, "[%u]%c %-16s %s", job->number, mark, state, job->text);
    size = size < LINE_SIZE - 1 ? size : LINE_SIZE - 2;
    line[size++] = '\n';
    return size;
}

void job_tell(const struct job *job, const struct job *jobs)
{
    char line[LINE_SIZE];
    size_t size = job_line(job, jobs, line);

    (void)!write(STDERR_FILENO, line, size);
}

static void output_job(const struct job *job, const struct job *jobs, enum job_form form)
{
    char line[LINE_SIZE];

    if (form == JOB_NUMBER) {
        output_format("%ld\n", job->count > 0 ? (long)job->members[0].pid : 0L);
        return;
    }
    output_bytes(line, job_line(job, jobs, line));
    for (unsigned i = 0; form == JOB_PROCESSES && i < job->count; i++) {
        output_format("        %ld %s\n", (long)job->members[i].pid, job->members[i].name);
    }
}

void job_tell_all(const struct job *job, const struct job *jobs, const struct job *wanted, enum job_form form)
{
    if (job == NULL) {
        return;
    }
    job_tell_all(job->next, jobs, wanted, form);
    if (job->number > 0 && (wanted == NULL || wanted == job)) {
        output_job(job, jobs, form);
    }
}

void job_tell_start(const struct job *job)
{
    char line[LINE_SIZE];
    long pid = job->count > 0 ? (long)job->members[job->count - 1].pid : 0;

    if (shell.is_interactive && pid != 0) {
        size_t size = format_text(line, sizeof line, "[%u] %ld\n", job->number, pid);
        (void)!write(STDERR_FILENO, line, size);
    }
}

static const char *death_text(int number)
{
    switch (number) {
    case SIGINT:
        return "ended by Ctrl+C";
    case SIGSEGV:
        return "ended by a fault: it used memory that is not its own";
    case SIGFPE:
        return "ended by a fault: a calculation without a result";
    case SIGILL:
        return "ended by a fault: an instruction that the processor does not have";
    case SIGABRT:
        return "gave up (abort)";
    case SIGBUS:
    case SIGTRAP:
        return "ended by a fault";
    default:
        return "was ended";
    }
}

/* Who ends by Ctrl+C does not need to hear it of each program in a pipeline. */
void job_tell_deaths(const struct job *job)
{
    bool was_interrupted = false;

    for (unsigned i = 0; i < job->count; i++) {
        const struct member *member = &job->members[i];
        if (!WIFSIGNALED(member->wait_status)) {
            continue;
        }
        int number = WTERMSIG(member->wait_status);
        bool is_told_already = was_interrupted && number == SIGINT;
        was_interrupted = was_interrupted || number == SIGINT;
        if (!is_told_already && number != SIGPIPE) {
            complain("%s: %s", member->name, death_text(number));
        }
    }
}
