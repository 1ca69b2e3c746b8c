/* Files that are written, in /tmp, and names that change. */
#include "check.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <unistd.h>
#include <utime.h>

#define PATH "/tmp/libc-writing"
#define MANY 700
#define BIG (300 * 1024 + 123)
#define PIECE 65536

/* The whole file is this text. */
static bool holds(const char *path, const char *text)
{
    char bytes[128];
    int file = open(path, O_RDONLY);
    ssize_t size = read(file, bytes, sizeof bytes);

    (void)close(file);
    return size == (ssize_t)strlen(text) && memcmp(bytes, text, strlen(text)) == 0;
}

static void test_flags(void)
{
    int file = open(PATH, O_RDWR | O_CREAT | O_EXCL, 0666);

    CHECK(file >= 0 && write(file, "hello", 5) == 5 && holds(PATH, "hello") && fcntl(file, F_GETFL) == O_RDWR);
    CHECK_ERROR(open(PATH, O_RDWR | O_CREAT | O_EXCL, 0666), EEXIST);
    CHECK(pwrite(file, "J", 1, 0) == 1 && lseek(file, 0, SEEK_CUR) == 5 && holds(PATH, "Jello"));
    CHECK(lseek(file, 2, SEEK_END) == 7 && write(file, "x", 1) == 1 && lseek(file, 0, SEEK_END) == 8);
    char bytes[8];
    CHECK(pread(file, bytes, 8, 0) == 8 && memcmp(bytes, "Jello\0\0x", 8) == 0);
    CHECK(ftruncate(file, 3) == 0 && holds(PATH, "Jel") && ftruncate(file, 5) == 0 && pread(file, bytes, 8, 0) == 5 && bytes[4] == '\0');
    CHECK(truncate(PATH, 1) == 0 && fsync(file) == 0 && fdatasync(file) == 0 && holds(PATH, "J"));
    CHECK_ERROR(ftruncate(file, -1), EINVAL);
    CHECK_ERROR(lseek(file, (1LL << 48) + 1, SEEK_SET) < 0 ? 0 : write(file, "x", 1), EFBIG);
    CHECK(close(file) == 0);
    file = open(PATH, O_WRONLY | O_TRUNC);
    CHECK(file >= 0 && holds(PATH, "") && close(file) == 0);
    CHECK_ERROR(open(PATH "/", O_RDONLY), ENOTDIR);
    CHECK_ERROR(open("/tmp", O_RDWR), EISDIR);
    CHECK_ERROR(open("/tmp/new", O_RDONLY | O_CREAT | O_DIRECTORY, 0666), EINVAL);
    file = open("/boot/test/a0", O_RDONLY | O_CREAT, 0666); /* it need not be made */
    CHECK(file >= 0 && close(file) == 0);
    CHECK_ERROR(open("/boot/test/a0", O_RDWR | O_CREAT, 0666), EROFS);
    CHECK_ERROR(open("/boot/test/new", O_RDONLY | O_CREAT, 0666), EROFS);
    CHECK(unlink(PATH) == 0);
    CHECK_ERROR(open(PATH, O_RDONLY), ENOENT);
    file = open(PATH, O_RDONLY | O_CREAT, 0666);
    CHECK(file >= 0 && read(file, bytes, 1) == 0 && close(file) == 0 && unlink(PATH) == 0);
}

/* What is written with O_APPEND stands behind what others have written; it can be switched on and off. */
static void test_appending(void)
{
    int one = open(PATH, O_WRONLY | O_CREAT | O_TRUNC | O_APPEND, 0666), other = open(PATH, O_RDWR);

    CHECK(fcntl(one, F_GETFL) == (O_WRONLY | O_APPEND));
    CHECK(write(one, "ab", 2) == 2 && lseek(one, 0, SEEK_SET) == 0 && write(one, "cd", 2) == 2 && lseek(one, 0, SEEK_CUR) == 4);
    CHECK(lseek(other, 4, SEEK_SET) == 4 && write(other, "ef", 2) == 2 && write(one, "gh", 2) == 2 && holds(PATH, "abcdefgh"));
    CHECK(fcntl(one, F_SETFL, 0) == 0 && lseek(one, 0, SEEK_SET) == 0 && write(one, "A", 1) == 1 && holds(PATH, "Abcdefgh"));
    CHECK(fcntl(other, F_SETFL, O_APPEND) == 0 && lseek(other, 1, SEEK_SET) == 1 && write(other, "i", 1) == 1);
    CHECK(holds(PATH, "Abcdefghi") && close(one) == 0 && close(other) == 0);
    CHECK_ERROR(write(open("/boot/test/a0", O_RDONLY | O_APPEND), "x", 1), EBADF);
    CHECK(close(3) == 0 && unlink(PATH) == 0);
}

static void test_names(void)
{
    char long_name[300] = "/tmp/";
    struct stat first, second;

    memset(long_name + 5, 'n', 256);
    CHECK_ERROR(mkdir(long_name, 0777), ENAMETOOLONG);
    long_name[5 + 255] = '\0';
    CHECK(mkdir(long_name, 0777) == 0 && rmdir(long_name) == 0);
    CHECK(mkdir("/tmp/d", 0777) == 0 && close(creat("/tmp/d/f", 0666)) == 0 && close(creat(PATH, 0666)) == 0);
    CHECK_ERROR(mkdir("/tmp/d", 0777), EEXIST);
    CHECK_ERROR(rmdir("/tmp/d"), ENOTEMPTY);
    CHECK_ERROR(rmdir("/tmp/d/f"), ENOTDIR);
    CHECK_ERROR(rmdir("/tmp/d/."), EINVAL);
    CHECK_ERROR(remove("/tmp/d/..//"), EINVAL);
    CHECK_ERROR(rename("/tmp/d/.", "/tmp/e"), EINVAL);
    CHECK_ERROR(mkdir("/tmp/d/.", 0777), EEXIST);
    CHECK_ERROR(mkdir("/tmp/none/.", 0777), ENOENT);
    CHECK(mkdir("/tmp/...", 0777) == 0 && rmdir("/tmp/...") == 0);
    CHECK_ERROR(unlink("/tmp/d"), EISDIR);
    CHECK_ERROR(unlink("/tmp/d/none"), ENOENT);
    CHECK_ERROR(unlink("/tmp/d/f/"), ENOTDIR);
    CHECK_ERROR(mkdir("/tmp/d/f/g", 0777), ENOTDIR);
    CHECK_ERROR(mkdir("/new", 0777), EROFS);
    CHECK_ERROR(unlink("/dev/null"), EBUSY);
    CHECK_ERROR(rename("/tmp/d", "/tmp/d/e"), EINVAL);
    CHECK_ERROR(rename("/tmp/d/f", "/boot/f"), EXDEV);
    CHECK_ERROR(rename("/tmp/d/f", "/tmp/g/"), ENOTDIR);
    CHECK_ERROR(rename("/tmp/d/f/", "/tmp/g"), ENOTDIR);
    CHECK_ERROR(unlink("/tmp/d/"), EISDIR);
    CHECK(rename("/tmp/d/", "/tmp/e/") == 0 && rename("/tmp/e", "/tmp/d") == 0);
    CHECK_ERROR(rename("/tmp/d/f", "/tmp/d"), EISDIR);
    CHECK(stat("/tmp/d/f", &first) == 0 && chdir("/tmp/d") == 0 && rename("f", "../libc-writing") == 0 && stat(PATH, &second) == 0);
    CHECK(first.st_ino == second.st_ino && first.st_dev == second.st_dev && first.st_size == 0);
    CHECK(remove(PATH) == 0 && chdir("/") == 0 && remove("/tmp/d") == 0);
    CHECK_ERROR(access("/tmp/d", F_OK), ENOENT);
}

/* A file without a name is there as long as it is open. */
static void test_nameless_file(void)
{
    char bytes[8];
    int file = open(PATH, O_RDWR | O_CREAT, 0666);

    CHECK(write(file, "kept", 4) == 4 && unlink(PATH) == 0 && pread(file, bytes, 8, 0) == 4 && memcmp(bytes, "kept", 4) == 0);
    CHECK_ERROR(access(PATH, F_OK), ENOENT);
    CHECK(close(file) == 0);
}

static void test_descriptions(void)
{
    struct stat by_name, by_file, elsewhere;
    int file = open(PATH, O_RDWR | O_CREAT, 0666);

    CHECK(write(file, "0123456789", 10) == 10 && stat(PATH, &by_name) == 0 && fstat(file, &by_file) == 0);
    CHECK(by_name.st_ino == by_file.st_ino && by_name.st_dev == by_file.st_dev && by_name.st_size == 10 && by_file.st_size == 10);
    CHECK(S_ISREG(by_name.st_mode) && by_name.st_nlink == 1 && by_name.st_blksize >= 4096 && by_name.st_blocks == 1);
    CHECK(by_name.st_mtime >= BOOT_TIME && by_name.st_mtime < BOOT_TIME + BOOT_SECONDS_MAX);
    CHECK(stat("/boot/test/a0", &elsewhere) == 0 && elsewhere.st_dev != by_name.st_dev);
    CHECK(access(PATH, R_OK | W_OK) == 0 && close(file) == 0 && unlink(PATH) == 0);
}

static void test_times(void)
{
    const struct utimbuf given = { 1, 1000000001 };
    const struct timespec spec[2] = { { 0, UTIME_OMIT }, { 1000000002, 999999999 } }, none[2] = { { 5, 5 }, { 7, UTIME_OMIT } };
    const struct timespec wrong[2] = { { 0, 0 }, { 0, 1000000000 } };
    const struct timeval value[2] = { { 1, 1 }, { 1000000003, 5 } };
    struct stat description;
    int file = open(PATH, O_RDONLY | O_CREAT, 0666);

    CHECK(utime(PATH, &given) == 0 && stat(PATH, &description) == 0 && description.st_mtime == 1000000001);
    CHECK(futimens(file, spec) == 0 && fstat(file, &description) == 0 && description.st_mtime == 1000000002);
    CHECK(futimens(file, none) == 0 && fstat(file, &description) == 0 && description.st_mtime == 1000000002);
    CHECK(utimes(PATH, value) == 0 && fstat(file, &description) == 0 && description.st_mtime == 1000000003);
    CHECK(utimensat(AT_FDCWD, PATH, NULL, 0) == 0 && stat(PATH, &description) == 0 && description.st_mtime >= BOOT_TIME);
    CHECK_ERROR(futimens(file, wrong), EINVAL);
    CHECK_ERROR(utime("/boot/test/a0", NULL), EROFS);
    CHECK_ERROR(utime("/tmp/none", NULL), ENOENT);
    CHECK_ERROR(utime(PATH "/", NULL), ENOTDIR);
    CHECK_ERROR(utimensat(AT_FDCWD, "/tmp/none", none, 0), ENOENT);
    CHECK_ERROR(futimens(50, NULL), EBADF);
    CHECK(mkdir("/tmp/d", 0777) == 0 && utime("/tmp/d", &given) == 0 && stat("/tmp/d", &description) == 0 && description.st_mtime == 1000000001);
    CHECK(utime("/dev/null", NULL) == 0 && rmdir("/tmp/d") == 0 && close(file) == 0 && unlink(PATH) == 0);
}

static void test_streams(void)
{
    char line[32];
    FILE *file = fopen(PATH, "w+");

    CHECK(file != NULL && fprintf(file, "%d lines\n%s\n", 2, "second") == 15 && fseek(file, 0, SEEK_SET) == 0);
    CHECK(fgets(line, sizeof line, file) != NULL && strcmp(line, "2 lines\n") == 0 && ftell(file) == 8 && fclose(file) == 0);
    file = fopen(PATH, "a");
    CHECK(file != NULL && fputs("third\n", file) >= 0 && fclose(file) == 0 && holds(PATH, "2 lines\nsecond\nthird\n"));
    file = fopen(PATH, "r+");
    CHECK(file != NULL && fputc('3', file) == '3' && fclose(file) == 0 && holds(PATH, "3 lines\nsecond\nthird\n"));
    CHECK(fopen(PATH, "wx") == NULL && errno == EEXIST);
    file = freopen(PATH, "w", fopen(PATH, "r"));
    CHECK(file != NULL && fputs("anew", file) >= 0 && fclose(file) == 0 && holds(PATH, "anew") && unlink(PATH) == 0);
}

static unsigned char byte_at(uint32_t position)
{
    return (unsigned char)(position * 7 + (position >> 8) * 13);
}

/* More than goes at once, there and back, by stdio and in pieces that are no multiple of anything. */
static void test_big_file(void)
{
    static unsigned char bytes[PIECE];
    FILE *stream = fopen(PATH, "w");
    uint32_t position = 0, wrong = 0;
    struct stat description;
    ssize_t size;

    for (; position < BIG; position++) {
        wrong += putc(byte_at(position), stream) == EOF;
    }
    CHECK(wrong == 0 && fclose(stream) == 0 && stat(PATH, &description) == 0 && description.st_size == BIG);
    int file = open(PATH, O_RDONLY);
    for (position = 0; (size = read(file, bytes, sizeof bytes - 11)) > 0;) {
        for (ssize_t i = 0; i < size; i++, position++) {
            wrong += bytes[i] != byte_at(position);
        }
    }
    CHECK(size == 0 && position == BIG && wrong == 0 && close(file) == 0 && unlink(PATH) == 0);
}

/* Every entry is seen once, and can be found again by its place. */
static void test_many_entries(void)
{
    static long places[MANY];
    static char names[MANY][16];
    static bool seen[MANY];
    char path[32];
    int count = 0;

    CHECK(mkdir("/tmp/many", 0777) == 0);
    for (int i = 0; i < MANY; i++) {
        (void)snprintf(path, sizeof path, "/tmp/many/%d", i);
        CHECK(close(creat(path, 0666)) == 0);
    }
    DIR *directory = opendir("/tmp/many");
    for (struct dirent *entry; count <= MANY;) {
        long place = telldir(directory);
        if ((entry = readdir(directory)) == NULL) {
            break;
        }
        places[count] = place;
        strcpy(names[count++], entry->d_name);
        CHECK(entry->d_type == DT_REG && !seen[atoi(entry->d_name)]);
        seen[atoi(entry->d_name)] = true;
    }
    CHECK(count == MANY);
    for (int i = MANY - 1; i > 0; i -= 37) {
        seekdir(directory, places[i]);
        struct dirent *entry = readdir(directory);
        CHECK(entry != NULL && strcmp(entry->d_name, names[i]) == 0);
    }
    rewinddir(directory);
    CHECK(strcmp(readdir(directory)->d_name, names[0]) == 0 && closedir(directory) == 0);
    for (int i = 0; i < MANY; i++) {
        (void)snprintf(path, sizeof path, "/tmp/many/%d", i);
        CHECK(unlink(path) == 0);
    }
    CHECK(rmdir("/tmp/many") == 0);
}

static void test_zeroes(void)
{
    char bytes[16] = "not zero";
    int file = open("/dev/zero", O_RDWR);

    CHECK(read(file, bytes, 16) == 16 && bytes[0] == 0 && memcmp(bytes, bytes + 1, 15) == 0 && write(file, bytes, 16) == 16);
    CHECK(close(file) == 0);
    CHECK_ERROR(open("/dev/zero", O_RDONLY | O_DIRECTORY), ENOTDIR);
}

void test_writing(void)
{
    test_flags();
    test_appending();
    test_names();
    test_nameless_file();
    test_descriptions();
    test_times();
    test_streams();
    test_big_file();
    test_many_entries();
    test_zeroes();
}
