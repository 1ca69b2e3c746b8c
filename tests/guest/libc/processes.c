/* Spawning and waiting. The program spawns itself. */
#include "check.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <ternion/libc.h>

#define LONG_ARGUMENTS 300

static char self_name[] = "libc_test";

/* Spawns this program; its status when it has ended, or -1. */
static int run(char *what, char *more)
{
    char *arguments[] = { self_name, what, more, NULL };
    pid_t pid;
    int status;

    if (posix_spawn(&pid, SELF_PATH, NULL, NULL, arguments, environ) != 0 || waitpid(pid, &status, 0) != pid) {
        return -1;
    }
    return status;
}

static void test_ends_of_children(void)
{
    char exit_word[] = "exit", code[] = "42", zero[] = "0", fault[] = "fault", abort_word[] = "abort";
    int status = run(exit_word, code);

    CHECK(WIFEXITED(status) && WEXITSTATUS(status) == 42);
    status = run(exit_word, zero);
    CHECK(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    status = run(fault, NULL);
    CHECK(WIFSIGNALED(status) && WTERMSIG(status) == SIGSEGV);
    status = run(abort_word, NULL);
    CHECK(WIFEXITED(status) && WEXITSTATUS(status) == 128 + SIGABRT);
}

static void test_killing(void)
{
    char sleep_word[] = "sleep", *arguments[] = { self_name, sleep_word, NULL };
    pid_t pid;
    int status;

    CHECK(posix_spawn(&pid, SELF_PATH, NULL, NULL, arguments, environ) == 0);
    CHECK(waitpid(pid, &status, WNOHANG) == 0 && kill(pid, 0) == 0);
    CHECK(kill(pid, SIGTERM) == 0 && waitpid(pid, &status, 0) == pid && WIFSIGNALED(status) && WTERMSIG(status) == SIGTERM);
    CHECK_ERROR(kill(pid, SIGTERM), ESRCH);
    CHECK_ERROR(waitpid(pid, &status, 0), ECHILD);
    CHECK_ERROR(wait(&status), ECHILD);
}

/* Reads what a process with a pipe as its standard output says, to its end. */
static void read_all(int descriptor, char *text, size_t size)
{
    size_t used = 0;

    for (ssize_t moved; used < size - 1 && (moved = read(descriptor, text + used, size - 1 - used)) > 0; used += (size_t)moved) {
    }
    text[used] = '\0';
}

static void test_what_is_passed(void)
{
    char tell[] = "tell", odd[] = "a b\\\"c", empty[] = "", *arguments[] = { self_name, tell, odd, empty, NULL };
    char variable[] = "NAME=value", other[] = "OTHER=", *environment[] = { variable, other, NULL };
    posix_spawn_file_actions_t actions;
    char text[256];
    int ends[2], status;
    pid_t pid;

    CHECK(pipe(ends) == 0 && fcntl(ends[0], F_SETFD, FD_CLOEXEC) == 0 && chdir("/boot/test") == 0);
    CHECK(posix_spawn_file_actions_init(&actions) == 0 && posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO) == 0);
    CHECK(posix_spawn_file_actions_addclose(&actions, ends[1]) == 0);
    CHECK(posix_spawn(&pid, SELF_PATH, &actions, NULL, arguments, environment) == 0 && close(ends[1]) == 0);
    read_all(ends[0], text, sizeof text);
    CHECK(strcmp(text, "<libc_test><tell><a b\\\"c><>{NAME=value}{OTHER=}/boot/test\n") == 0);
    CHECK(waitpid(-1, &status, 0) == pid && status == 0 && close(ends[0]) == 0 && chdir("/") == 0);
    CHECK(posix_spawn_file_actions_destroy(&actions) == 0);
}

/* More arguments than the kernel takes of a program that is not the C library's. */
static void test_many_arguments(void)
{
    char tell[] = "tell", argument[] = "an argument of some length", *arguments[LONG_ARGUMENTS + 3] = { self_name, tell };
    posix_spawn_file_actions_t actions;
    static char text[LONG_ARGUMENTS * 32];
    int ends[2], status;
    pid_t pid;

    for (int i = 0; i < LONG_ARGUMENTS; i++) {
        arguments[i + 2] = argument;
    }
    CHECK(pipe2(ends, O_CLOEXEC) == 0 && posix_spawn_file_actions_init(&actions) == 0);
    CHECK(posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO) == 0);
    CHECK(posix_spawn(&pid, SELF_PATH, &actions, NULL, arguments, environ) == 0 && close(ends[1]) == 0);
    read_all(ends[0], text, sizeof text);
    CHECK(strlen(text) > LONG_ARGUMENTS * 28 && strstr(text + (LONG_ARGUMENTS - 1) * 28, "<an argument of some length>") != NULL);
    CHECK(wait(&status) == pid && status == 0 && close(ends[0]) == 0 && posix_spawn_file_actions_destroy(&actions) == 0);
}

/* writer | capitals | reader */
static void test_pipeline(void)
{
    char word[] = "capitals", *arguments[] = { self_name, word, NULL };
    posix_spawn_file_actions_t actions;
    char text[64];
    int in[2], out[2], status;
    pid_t pid;

    CHECK(pipe2(in, O_CLOEXEC) == 0 && pipe2(out, O_CLOEXEC) == 0 && posix_spawn_file_actions_init(&actions) == 0);
    CHECK(posix_spawn_file_actions_adddup2(&actions, in[0], STDIN_FILENO) == 0);
    CHECK(posix_spawn_file_actions_adddup2(&actions, out[1], STDOUT_FILENO) == 0);
    CHECK(posix_spawn(&pid, SELF_PATH, &actions, NULL, arguments, environ) == 0 && close(in[0]) == 0 && close(out[1]) == 0);
    CHECK(write(in[1], "through two pipes\n", 18) == 18 && close(in[1]) == 0);
    read_all(out[0], text, sizeof text);
    CHECK(strcmp(text, "THROUGH TWO PIPES\n") == 0);
    CHECK(waitpid(pid, &status, 0) == pid && status == 0 && close(out[0]) == 0);
    CHECK(posix_spawn_file_actions_destroy(&actions) == 0);
}

static void test_descriptors_of_children(void)
{
    char sum[] = "sum", seven[] = "7", closed[] = "closed", *arguments[] = { self_name, sum, seven, NULL };
    char *closed_arguments[] = { self_name, closed, NULL };
    posix_spawn_file_actions_t actions;
    pid_t pid;
    int status;

    CHECK(posix_spawn_file_actions_init(&actions) == 0);
    CHECK(posix_spawn_file_actions_addopen(&actions, 7, "/boot/test/a3", O_RDONLY, 0) == 0);
    CHECK(posix_spawn(&pid, SELF_PATH, &actions, NULL, arguments, environ) == 0);
    CHECK(waitpid(pid, &status, 0) == pid && WEXITSTATUS(status) == 'a' + '3');
    CHECK(posix_spawn_file_actions_destroy(&actions) == 0 && posix_spawn_file_actions_init(&actions) == 0);
    CHECK(posix_spawn_file_actions_addclose(&actions, STDOUT_FILENO) == 0);
    CHECK(posix_spawn(&pid, SELF_PATH, &actions, NULL, closed_arguments, environ) == 0);
    CHECK(waitpid(pid, &status, 0) == pid && status == 0);
    CHECK(posix_spawn_file_actions_adddup2(&actions, 50, 1) == 0);
    CHECK(posix_spawn(&pid, SELF_PATH, &actions, NULL, arguments, environ) == EBADF);
    CHECK(posix_spawn_file_actions_addclose(&actions, 64) == EBADF && posix_spawn_file_actions_destroy(&actions) == 0);
}

/* FD_CLOEXEC keeps a descriptor here. */
static void test_what_stays_here(void)
{
    char open_word[] = "open";
    int descriptor = open("/dev/null", O_RDWR);

    CHECK(dup3(descriptor, 9, O_CLOEXEC) == 9 && dup2(descriptor, 10) == 10);
    CHECK(WEXITSTATUS(run(open_word, NULL)) == 2);
    CHECK(close(descriptor) == 0 && close(9) == 0 && close(10) == 0);
}

static void test_refusals(void)
{
    char exit_word[] = "exit", code[] = "5", *arguments[] = { self_name, exit_word, code, NULL };
    char path[] = "PATH=/none:/boot", *argv[] = { self_name, NULL };
    pid_t pid;
    int status;

    CHECK(posix_spawn(&pid, "/boot/none", NULL, NULL, argv, environ) == ENOENT);
    CHECK(posix_spawn(&pid, "/boot/test/text.txt", NULL, NULL, argv, environ) == ENOEXEC);
    CHECK(posix_spawn(&pid, "/boot", NULL, NULL, argv, environ) == EACCES);
    CHECK(putenv(path) == 0 && posix_spawnp(&pid, "libc_test.elf", NULL, NULL, arguments, environ) == 0);
    CHECK(waitpid(pid, &status, 0) == pid && WEXITSTATUS(status) == 5);
    CHECK(posix_spawnp(&pid, "none", NULL, NULL, arguments, environ) == ENOENT && unsetenv("PATH") == 0);
    CHECK_ERROR(fork(), ENOSYS);
    CHECK_ERROR(execve(SELF_PATH, argv, environ), ENOSYS);
    CHECK_ERROR(execvp(SELF_PATH, argv), ENOSYS);
    CHECK_ERROR(execl(SELF_PATH, SELF_PATH, NULL), ENOSYS);
}

/* A program without the C library gets its arguments too. It is an application: a\hello tries to switch the machine off. */
static void test_plain_program(void)
{
    char name[] = "hello", world[] = "everybody", *arguments[] = { name, world, NULL };
    posix_spawnattr_t attributes;
    pid_t pid;
    int status;

    CHECK(posix_spawnattr_init(&attributes) == 0 && posix_spawnattr_setclass_np(&attributes, CLASS_COUNT) == EINVAL);
    CHECK(posix_spawnattr_setclass_np(&attributes, CLASS_APPLICATION) == 0);
    CHECK(posix_spawn(&pid, "/boot/plain.elf", NULL, &attributes, arguments, environ) == 0 && posix_spawnattr_destroy(&attributes) == 0);
    CHECK(waitpid(pid, &status, 0) == pid && status == 0);
}

/* The tests that need no rights of a server, all over again without those. */
static void test_as_application(void)
{
    char *arguments[] = { self_name, NULL };
    posix_spawnattr_t attributes;
    pid_t pid;
    int status;

    CHECK(posix_spawnattr_init(&attributes) == 0 && posix_spawnattr_setclass_np(&attributes, CLASS_APPLICATION) == 0);
    CHECK(posix_spawn(&pid, SELF_PATH, NULL, &attributes, arguments, environ) == 0 && posix_spawnattr_destroy(&attributes) == 0);
    CHECK(waitpid(pid, &status, 0) == pid && status == 0);
}

void test_processes(void)
{
    test_ends_of_children();
    test_killing();
    test_what_is_passed();
    test_many_arguments();
    test_pipeline();
    test_descriptors_of_children();
    test_what_stays_here();
    test_refusals();
    test_plain_program();
    test_as_application();
}
