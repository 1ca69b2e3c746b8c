/* The file server dies, and d\init starts it again: who reads does not notice, who writes is told. */
#include "check.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <ternion/clock.h>
#include <ternion/process.h>
#include <ternion/syscall.h>
#include <ternion/vfs.h>

#define PATH "/tmp/libc-surviving"

static bool end_server(void)
{
    process_id_t server;

    return name_wait(VFS_SERVER, clock_after(5 * SECOND), &server) == OK && process_terminate(server, 0) == OK;
}

/* What is gone is not passed on, and keeps nobody from being spawned; all else is. */
static void test_spawning_with_both(int reading)
{
    char name[] = "libc_test", part[] = "part", five[] = "5", *arguments[] = { name, part, five, NULL };
    posix_spawn_file_actions_t actions;
    pid_t pid;
    int status;

    CHECK(lseek(reading, 0, SEEK_SET) == 0 && posix_spawn_file_actions_init(&actions) == 0);
    CHECK(posix_spawn_file_actions_adddup2(&actions, reading, 0) == 0);
    CHECK(posix_spawn(&pid, SELF_PATH, &actions, NULL, arguments, environ) == 0 && waitpid(pid, &status, 0) == pid);
    CHECK(WEXITSTATUS(status) == (('f' + 'i' + 'r' + 's' + 't') & 0xFF) && posix_spawn_file_actions_destroy(&actions) == 0);
}

void test_surviving(void)
{
    char bytes[16];
    int reading = open("/boot/test/text.txt", O_RDONLY), writing = open(PATH, O_RDWR | O_CREAT, 0666);
    FILE *stream = fopen("/boot/test/text.txt", "r");
    DIR *directory = opendir("/boot/test");
    struct stat description;
    int entries = 0;

    setvbuf(stream, NULL, _IOFBF, 16);
    CHECK(read(reading, bytes, 6) == 6 && fgetc(stream) == 'f' && write(writing, "text", 4) == 4);
    CHECK(end_server());
    CHECK(read(reading, bytes, 4) == 4 && memcmp(bytes, "line", 4) == 0);
    int count = 1;
    while (fgetc(stream) != EOF) {
        count++;
    }
    CHECK(count == 33 && fclose(stream) == 0 && fstat(reading, &description) == 0 && description.st_size == 33);
    while (readdir(directory) != NULL) {
        entries++;
    }
    CHECK(entries == 12 && closedir(directory) == 0);
    CHECK_ERROR(write(writing, "more", 4), ESTALE);         /* the new server has nothing in /tmp */
    CHECK_ERROR(read(writing, bytes, 4), ESTALE);
    CHECK_ERROR(fsync(writing), ESTALE);
    test_spawning_with_both(reading);
    CHECK(close(writing) == 0 && close(reading) == 0);
    writing = open(PATH, O_RDWR | O_CREAT, 0666);
    CHECK(write(writing, "anew", 4) == 4 && close(writing) == 0 && end_server());
    CHECK_ERROR(stat(PATH, &description), ENOENT);
}
