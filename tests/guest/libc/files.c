/* Files of /boot, directories, descriptors. */
#include "check.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define TEXT_PATH "/boot/test/text.txt"
#define TEXT "first line\nsecond line\nthe third\n"    /* tests/system/test_libc.py boots it */
#define TEXT_SIZE ((off_t)sizeof TEXT - 1)

static void test_descriptors(void)
{
    char bytes[64];
    int file = open(TEXT_PATH, O_RDONLY);

    CHECK(file == 3);
    CHECK(read(file, bytes, 5) == 5 && memcmp(bytes, "first", 5) == 0);
    int copy = dup(file);
    CHECK(copy == 4 && lseek(copy, 0, SEEK_CUR) == 5);
    CHECK(lseek(copy, -6, SEEK_END) == TEXT_SIZE - 6 && read(file, bytes, 64) == 6 && memcmp(bytes, "third\n", 6) == 0);
    CHECK(read(file, bytes, 1) == 0);
    CHECK(pread(file, bytes, 6, 11) == 6 && memcmp(bytes, "second", 6) == 0 && lseek(file, 0, SEEK_CUR) == TEXT_SIZE);
    CHECK(lseek(file, 1LL << 40, SEEK_SET) == 1LL << 40 && read(file, bytes, 1) == 0);
    CHECK_ERROR(lseek(file, -1, SEEK_SET), EINVAL);
    CHECK_ERROR(lseek(file, 0, 9), EINVAL);
    CHECK_ERROR(write(file, "x", 1), EBADF);
    CHECK(dup2(copy, 20) == 20 && close(copy) == 0 && lseek(20, 0, SEEK_SET) == 0);
    CHECK(fcntl(20, F_DUPFD, 30) == 30 && fcntl(30, F_GETFD) == 0);
    CHECK(fcntl(30, F_SETFD, FD_CLOEXEC) == 0 && fcntl(30, F_GETFD) == FD_CLOEXEC);
    CHECK(fcntl(20, F_GETFL) == O_RDONLY);
    CHECK(close(20) == 0 && close(30) == 0 && close(file) == 0);
    CHECK_ERROR(close(file), EBADF);
    CHECK_ERROR(read(63, bytes, 1), EBADF);
    CHECK_ERROR(read(-1, bytes, 1), EBADF);
    CHECK_ERROR(dup2(0, 64), EBADF);
}

static void test_table_is_full(void)
{
    int opened = 0, last = -1, descriptor;

    while ((descriptor = open("/dev/null", O_RDWR)) >= 0) {
        last = descriptor;
        opened++;
    }
    CHECK(errno == EMFILE && last == 63 && opened == 61);
    for (; last > 2; last--) {
        CHECK(close(last) == 0);
    }
}

static void test_streams(void)
{
    char line[32];
    FILE *file = fopen(TEXT_PATH, "r");

    CHECK(file != NULL && fgets(line, sizeof line, file) != NULL && strcmp(line, "first line\n") == 0);
    CHECK(ftell(file) == 11 && fseek(file, -6, SEEK_END) == 0 && fscanf(file, "%31s", line) == 1 && strcmp(line, "third") == 0);
    rewind(file);
    int lines = 0;
    while (fgets(line, sizeof line, file) != NULL) {
        lines++;
    }
    CHECK(lines == 3 && feof(file) && !ferror(file) && fclose(file) == 0);
    CHECK(fopen("/boot/not_there", "r") == NULL && errno == ENOENT);
    CHECK(fopen("/boot/new", "w") == NULL && errno == EROFS);
    file = fopen("/dev/null", "w");
    CHECK(file != NULL && fprintf(file, "nothing\n") == 8 && fclose(file) == 0);
}

static void test_descriptions(void)
{
    struct stat description;

    CHECK(stat(TEXT_PATH, &description) == 0 && S_ISREG(description.st_mode) && description.st_size == TEXT_SIZE);
    CHECK(stat("/boot", &description) == 0 && S_ISDIR(description.st_mode));
    CHECK(stat("/", &description) == 0 && S_ISDIR(description.st_mode));
    CHECK(fstat(STDOUT_FILENO, &description) == 0 && S_ISCHR(description.st_mode) && isatty(STDOUT_FILENO) == 1);
    CHECK(isatty(STDIN_FILENO) == 0 && errno == ENOTTY && isatty(50) == 0 && errno == EBADF);
    CHECK_ERROR(stat("/boot/test/none", &description), ENOENT);
    CHECK_ERROR(stat("", &description), ENOENT);
    CHECK(access(TEXT_PATH, R_OK) == 0 && access(SELF_PATH, X_OK) == 0);
    CHECK_ERROR(access(TEXT_PATH, W_OK), EROFS);
    CHECK_ERROR(mkdir("/boot/folder", 0777), EROFS);
    CHECK_ERROR(unlink(TEXT_PATH), EROFS);
    CHECK_ERROR(rename(TEXT_PATH, "/boot/other"), EROFS);
    CHECK_ERROR(open(TEXT_PATH, O_RDWR), EROFS);
    CHECK_ERROR(open(TEXT_PATH, O_RDONLY | O_DIRECTORY), ENOTDIR);
    CHECK_ERROR(truncate(TEXT_PATH, 0), EROFS);
}

/* How many entries, and whether these two are among them. */
static int count_entries(const char *path, const char *name, int type)
{
    DIR *directory = opendir(path);
    int count = 0;
    bool found = false;

    for (struct dirent *entry; directory != NULL && (entry = readdir(directory)) != NULL; count++) {
        found = found || (strcmp(entry->d_name, name) == 0 && entry->d_type == type);
    }
    if (directory != NULL) {
        rewinddir(directory);
        for (int i = 0; i < count; i++) {
            found = found && readdir(directory) != NULL;
        }
        found = found && readdir(directory) == NULL && closedir(directory) == 0;
    }
    return found ? count : -1;
}

/* The library's own names are in a directory as others are. */
static void test_own_names(void)
{
    struct stat description;

    CHECK(count_entries("/dev", "null", DT_CHR) == 3 && count_entries("/dev", "tty", DT_CHR) == 3 && count_entries("/", "dev", DT_DIR) > 3);
    CHECK(stat("/dev", &description) == 0 && S_ISDIR(description.st_mode) && chdir("/dev") == 0);
    CHECK(stat("zero", &description) == 0 && S_ISCHR(description.st_mode) && chdir("/") == 0);
    CHECK_ERROR(unlink("/dev/null"), EBUSY);
    CHECK_ERROR(open("/dev/new", O_WRONLY | O_CREAT, 0666), EROFS);
}

static void test_directories(void)
{
    struct dirent **entries;
    char path[64];

    CHECK(count_entries("/", "boot", DT_DIR) > 1 && count_entries("/", "tmp", DT_DIR) > 1);
    CHECK(count_entries("/boot", "libc_test.elf", DT_REG) > 1 && count_entries("/boot", "test", DT_DIR) > 1);
    CHECK(count_entries("/boot/test", "text.txt", DT_REG) == 12);
    int count = scandir("/boot/test", &entries, NULL, alphasort);
    CHECK(count == 12 && strcmp(entries[0]->d_name, "a0") == 0 && strcmp(entries[11]->d_name, "text.txt") == 0);
    for (int i = 0; i < count; i++) {
        free(entries[i]);
    }
    free(entries);
    CHECK(opendir(TEXT_PATH) == NULL && errno == ENOTDIR);
    CHECK(opendir("/none") == NULL && errno == ENOENT);
    CHECK(chdir("/boot/./x/../test/") == 0 && strcmp(getcwd(path, sizeof path), "/boot/test") == 0);
    CHECK(access("text.txt", R_OK) == 0 && access("../test/text.txt", R_OK) == 0 && access("../../../boot/test/text.txt", R_OK) == 0);
    CHECK(getcwd(path, 5) == NULL && errno == ERANGE);
    CHECK_ERROR(chdir("text.txt"), ENOTDIR);
    CHECK_ERROR(chdir("none"), ENOENT);
    CHECK(chdir("/") == 0);
}

void test_files(void)
{
    test_descriptors();
    test_table_is_full();
    test_streams();
    test_descriptions();
    test_directories();
    test_own_names();
}
