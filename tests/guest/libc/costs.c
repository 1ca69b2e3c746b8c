/* What files and processes of the C library cost, in counts of the time stamp counter: instructions, where QEMU counts those. */
#include <dirent.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <ternion/clock.h>

#define LARGE "/tmp/large"
#define LARGE_SIZE 1048576
#define PIECE 65536
#define TIMES 16

static char bytes[PIECE];
static int failed;

static void spawn_and_end(void)
{
    char name[] = "small", *arguments[] = { name, NULL };
    pid_t pid;
    int status;

    failed += posix_spawn(&pid, "/boot/libc_small.elf", NULL, NULL, arguments, environ) != 0 || waitpid(pid, &status, 0) != pid || status != 0;
}

static void read_large(void)
{
    int file = open(LARGE, O_RDONLY);
    ssize_t total = 0, count;

    while ((count = read(file, bytes, sizeof bytes)) > 0) {
        total += count;
    }
    failed += total != LARGE_SIZE || close(file) != 0;
}

static void getc_large(void)
{
    FILE *stream = fopen(LARGE, "r");
    long total = 0;

    while (getc(stream) != EOF) {
        total++;
    }
    failed += total != LARGE_SIZE || fclose(stream) != 0;
}

static void open_and_close(void)
{
    int file = open(LARGE, O_RDONLY);

    failed += close(file) != 0;
}

static void describe(void)
{
    struct stat description;

    failed += stat(LARGE, &description) != 0;
}

static void list(void)
{
    DIR *directory = opendir("/boot");

    while (readdir(directory) != NULL) {
    }
    failed += closedir(directory) != 0;
}

static void measure(const char *name, void (*function)(void), unsigned times, unsigned divisor)
{
    uint64_t begin = timestamp_read();

    for (unsigned i = 0; i < times; i++) {
        function();
    }
    uint64_t hundredths = (timestamp_read() - begin) * 100 / times / divisor;
    printf("cost: %s %u.%02u\n", name, (unsigned)(hundredths / 100), (unsigned)(hundredths % 100));
}

int main(void)
{
    int file = creat(LARGE, 0666);

    for (int i = 0; i < LARGE_SIZE / PIECE; i++) {
        failed += write(file, bytes, PIECE) != PIECE;
    }
    failed += close(file) != 0;
    measure("spawn_first", spawn_and_end, 1, 1);
    measure("spawn", spawn_and_end, TIMES, 1);
    measure("read_per_byte", read_large, 1, LARGE_SIZE);
    measure("getc", getc_large, 1, LARGE_SIZE);
    measure("open_close", open_and_close, TIMES, 1);
    measure("stat", describe, TIMES, 1);
    measure("list", list, TIMES, 1);
    return failed != 0;
}
