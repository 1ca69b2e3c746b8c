/* The portable parts of libc/: statuses, paths, dates, the block of a spawned program, the table of descriptors. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <ternion/calendar.h>

#include "libc/descriptor.h"
#include "libc/path.h"
#include "libc/shared_position.h"
#include "libc/standard_files.h"
#include "libc/start_block.h"
#include "libc/status_errno.h"
#include "test.h"

/* ---- The system calls that the parts name: nobody waits here ---- */

status_t address_wait(uint32_t address, uint32_t expected, nanoseconds_t deadline_ns)
{
    (void)address, (void)expected, (void)deadline_ns;
    FAIL("a thread waits for a lock");
}

status_t address_wake(uint32_t address, uint32_t most, uint32_t *woken_out)
{
    (void)address, (void)most;
    *woken_out = 0;
    return OK;
}

void shared_position_hold(struct shared_position *shared)
{
    CHECK_EQUAL(shared->holder, 0);
    shared->holder = 1;
}

void shared_position_release(struct shared_position *shared)
{
    CHECK_EQUAL(shared->holder, 1);
    shared->holder = 0;
}

/* ---- Statuses ---- */

static void every_status_has_an_errno(void)
{
    CHECK_EQUAL(status_errno(OK), 0);
    for (unsigned status = OK + 1; status < STATUS_COUNT; status++) {
        CHECK(status_errno((status_t)status) > 0);
        CHECK_EQUAL(status_error((status_t)status), -status_errno((status_t)status));
    }
    CHECK_EQUAL(status_errno(STATUS_COUNT), EIO);
    CHECK_EQUAL(status_errno((status_t)-1), EIO);
}

static void statuses_of_files_are_what_posix_calls_them(void)
{
    CHECK_EQUAL(status_error_of_path(OK, true), 0);
    CHECK_EQUAL(status_error_of_path(NOT_ALLOWED, true), -EROFS);
    CHECK_EQUAL(status_error_of_path(NOT_ALLOWED, false), -EACCES);
    CHECK_EQUAL(status_error_of_path(NOT_FOUND, true), -ENOENT);
    CHECK_EQUAL(status_error_of_path(TOO_BIG, false), -ENAMETOOLONG);
    CHECK_EQUAL(status_error_of_path(OVER_QUOTA, false), -ENFILE);
    CHECK_EQUAL(status_error_of_path(TIMED_OUT, false), -ENXIO);
    CHECK_EQUAL(status_error_of_path(PEER_DIED, true), -EIO);
    CHECK_EQUAL(status_error_of_path(NOT_EMPTY, true), -ENOTEMPTY);
    CHECK_EQUAL(status_error_of_file(OK), 0);
    CHECK_EQUAL(status_error_of_file(NOT_ALLOWED), -EROFS);
    CHECK_EQUAL(status_error_of_file(NOT_FOUND), -ESTALE);
    CHECK_EQUAL(status_error_of_file(TOO_BIG), -EFBIG);
    CHECK_EQUAL(status_error_of_file(PEER_DIED), -EIO);
    CHECK_EQUAL(status_error_of_file(NO_SPACE), -ENOSPC);
}

/* ---- Dates ---- */

static void dates_are_seconds_as_the_c_library_of_the_host_counts_them(void)
{
    for (unsigned i = 0; i < 20000; i++) {
        struct tm parts = { .tm_year = (int)random_below(200), .tm_mon = (int)random_below(12), .tm_mday = 1 + (int)random_below(28),
                            .tm_hour = (int)random_below(24), .tm_min = (int)random_below(60), .tm_sec = (int)random_below(60) };
        const struct calendar_time time = {
            parts.tm_year + 1900, (uint32_t)parts.tm_mon + 1, (uint32_t)parts.tm_mday, (uint32_t)parts.tm_hour, (uint32_t)parts.tm_min,
            (uint32_t)parts.tm_sec,
        };
        struct calendar_time again;
        int64_t seconds = calendar_seconds(&time);
        if (seconds == (int32_t)seconds) {      /* the host's own time_t has 32 bits here */
            CHECK_EQUAL(seconds, timegm(&parts));
        }
        if (seconds >= 0) {
            calendar_from_seconds(seconds, &again);
            CHECK(memcmp(&again, &time, sizeof time) == 0);
        }
    }
    CHECK_EQUAL(calendar_seconds(&(struct calendar_time){ 1970, 1, 1, 0, 0, 0 }), 0);
    CHECK_EQUAL(calendar_seconds(&(struct calendar_time){ 2000, 2, 29, 0, 0, 0 }), 951782400);
    CHECK_EQUAL(calendar_seconds(&(struct calendar_time){ 2079, 12, 31, 23, 59, 59 }), 3471292799);
}

/* ---- Paths ---- */

static void check_path(const char *directory, const char *path, const char *wanted)
{
    char out[PATH_SIZE];

    CHECK_EQUAL(path_simplify(directory, path, out), 0);
    if (strcmp(out, wanted) != 0) {
        FAIL("\"%s\" in %s is %s", path, directory, out);
    }
}

static void paths_become_absolute_and_simple(void)
{
    check_path("/", "/", "/");
    check_path("/", ".", "/");
    check_path("/", "..", "/");
    check_path("/a/b", "c", "/a/b/c");
    check_path("/a/b", "../c/./d/", "/a/c/d");
    check_path("/a/b", "../../../../x", "/x");
    check_path("/a", "/x//y///z", "/x/y/z");
    check_path("/a", "...", "/a/...");
    check_path("/a", ".b/..c/d.", "/a/.b/..c/d.");
    check_path("/a", "b/..", "/a");
    CHECK_EQUAL(path_simplify("/", "", (char[PATH_SIZE]){ 0 }), -ENOENT);
}

static void long_paths_are_refused_at_the_byte(void)
{
    char path[2 * PATH_SIZE], out[PATH_SIZE + 1];

    for (size_t length = PATH_SIZE - 8; length < PATH_SIZE + 8; length++) {
        memset(path, 'x', length);
        path[0] = '/';
        path[length] = '\0';
        out[PATH_SIZE] = 'Z';
        CHECK_EQUAL(path_simplify("/", path, out), length < PATH_SIZE ? 0 : -ENAMETOOLONG);
        CHECK_EQUAL(out[PATH_SIZE], 'Z');
    }
}

static void random_paths_stay_within_their_room(void)
{
    for (unsigned i = 0; i < 20000; i++) {
        char path[64], *out = malloc(PATH_SIZE);
        size_t length = 1 + random_below(sizeof path - 1);
        for (size_t at = 0; at < length; at++) {
            path[at] = "//..ab"[random_below(6)];
        }
        path[length - 1] = '\0';
        if (path_simplify("/w/d", path, out) == 0) {
            CHECK(out[0] == '/' && strstr(out, "//") == NULL && strstr(out, "/./") == NULL && strstr(out, "/../") == NULL);
            CHECK(strlen(out) == 1 || out[strlen(out) - 1] != '/');
        }
        free(out);
    }
}

static void the_working_directory_is_kept(void)
{
    char out[PATH_SIZE];

    path_set_directory("/boot/test/");
    CHECK_EQUAL(path_get_directory(out, sizeof out), 0);
    CHECK(strcmp(out, "/boot/test") == 0);
    CHECK_EQUAL(path_get_directory(out, 10), -ERANGE);
    CHECK_EQUAL(path_resolve("x", out), 0);
    CHECK(strcmp(out, "/boot/test/x") == 0);
    path_set_directory("");
    CHECK_EQUAL(path_get_directory(out, sizeof out), 0);
    CHECK(strcmp(out, "/") == 0);
}

/* ---- The block ---- */

static char *arguments[] = { "program", "", "an argument", NULL };
static char *environment[] = { "NAME=value", NULL };
static const struct start_descriptor descriptors[] = {
    { 0, { PASSED_NOTHING, { 0 } } }, { 5, { PASSED_PIPE, { 1, 2, 3, 4, 5, 6 } } },
};
static const struct start_contents contents = { arguments, environment, descriptors, 2, "/boot", { 7, 8, 9 } };

static void a_block_says_what_was_written(void)
{
    struct start_view view;
    char *strings[4], *variables[2];
    uint32_t size = start_block_size(&contents);
    void *block = malloc(size);

    start_block_write(&contents, size, block);
    CHECK(start_block_read(block, size, &view));
    CHECK_EQUAL(view.argument_count, 3);
    CHECK_EQUAL(view.environment_count, 1);
    CHECK_EQUAL(view.descriptor_count, 2);
    CHECK(memcmp(view.descriptors, descriptors, sizeof descriptors) == 0);
    CHECK(memcmp(view.terminal, contents.terminal, sizeof contents.terminal) == 0);
    char *directory = start_strings(start_strings(view.strings, 3, strings), 1, variables);
    CHECK(strcmp(strings[0], "program") == 0 && strings[1][0] == '\0' && strcmp(strings[2], "an argument") == 0 && strings[3] == NULL);
    CHECK(strcmp(variables[0], "NAME=value") == 0 && variables[1] == NULL && strcmp(directory, "/boot") == 0);
    free(block);
}

/* Read as a hostile spawner would write it: whatever is accepted can be taken apart without leaving the block. */
static void damaged_blocks_are_refused_or_harmless(void)
{
    uint32_t size = start_block_size(&contents);

    for (unsigned i = 0; i < 50000; i++) {
        uint32_t cut = random_one_in(4) ? random_below(size + 1) : size;
        char *block = malloc(size), *exact = malloc(cut);
        struct start_view view;
        start_block_write(&contents, size, block);
        memcpy(exact, block, cut);
        for (uint32_t changes = random_below(4); changes > 0 && cut > 0; changes--) {
            uint32_t at = random_below(cut) & (random_one_in(2) ? ~0U : 31U);
            exact[at < cut ? at : 0] = (char)random_edgy();
        }
        if (start_block_read(exact, cut, &view)) {
            char **list = malloc((view.argument_count + view.environment_count + 2) * sizeof *list);
            char *rest = start_strings(view.strings, view.argument_count, list);
            rest = start_strings(rest, view.environment_count, list + view.argument_count + 1);
            CHECK(rest + strlen(rest) < exact + cut);
            free(list);
        }
        free(block);
        free(exact);
    }
}

static void blocks_that_are_too_big_are_refused(void)
{
    char *big = malloc(START_SIZE_MAX + 2), *many[] = { big, NULL };
    struct start_contents huge = contents;

    memset(big, 'x', START_SIZE_MAX + 1);
    big[START_SIZE_MAX + 1] = '\0';
    huge.arguments = many;
    CHECK_EQUAL(start_block_size(&huge), 0);
    big[START_SIZE_MAX / 2] = '\0';
    CHECK(start_block_size(&huge) > START_SIZE_MAX / 2);
    free(big);
}

static void a_reference_is_read_as_written_and_nothing_else_is_one(void)
{
    char text[START_REFERENCE_SIZE];
    struct start_reference reference = { 0xDEADBEEF, 0x0123456789ABCDEF }, read;

    start_reference_write(&reference, text);
    CHECK(start_reference_read(text, strlen(text), &read) && read.id == reference.id && read.key == reference.key);
    for (size_t i = 0; i < strlen(text); i++) {
        char kept = text[i];
        text[i] = 'G';
        CHECK(!start_reference_read(text, strlen(text), &read));
        text[i] = kept;
        CHECK(!start_reference_read(text, i, &read));
    }
    CHECK(!start_reference_read("", 0, &read));
}

/* ---- Descriptors ---- */

static unsigned closed;

static int describe(struct file *file, struct stat *description)
{
    (void)file;
    description->st_size = 100;
    return 0;
}

static ssize_t read_count(struct file *file, void *bytes, size_t size, int64_t position)
{
    (void)file, (void)bytes;
    return position >= 100 ? 0 : (ssize_t)(size < 100 - (size_t)position ? size : 100 - (size_t)position);
}

static unsigned others_reads;        /* how often another process reads 10 bytes while this one does */

static ssize_t read_with_others(struct file *file, void *bytes, size_t size, int64_t position)
{
    if (others_reads > 0) {
        others_reads--;
        file->position.shared->value += 10;
    }
    return read_count(file, bytes, size, position);
}

/* The disk is full at 100, and another process writes 10 bytes before this one has written its own. */
static ssize_t write_with_others(struct file *file, const void *bytes, size_t size, int64_t position)
{
    (void)bytes;
    if (others_reads > 0) {
        others_reads--;
        file->position.shared->value += 10;
    }
    return position >= 100 ? -ENOSPC : (ssize_t)(size < 100 - (size_t)position ? size : 100 - (size_t)position);
}

static ssize_t append_at_500(struct file *file, const void *bytes, size_t size, int64_t *end_out)
{
    (void)file, (void)bytes;
    *end_out = 500 + (int64_t)size;
    return (ssize_t)size;
}

static ssize_t write_all(struct file *file, const void *bytes, size_t size, int64_t position)
{
    (void)file, (void)bytes, (void)position;
    return (ssize_t)size;
}

static void count_close(struct file *file)
{
    closed++;
    free(file);
}

static const struct file_operations operations = {
    .read = read_count, .write = write_all, .append = append_at_500, .describe = describe, .close = count_close, .has_positions = true,
};

static const struct file_operations shared_operations = {
    .read = read_with_others, .write = write_with_others, .describe = describe, .close = count_close, .has_positions = true,
};

static struct file *file_make(uint32_t flags)
{
    struct file *file = calloc(1, sizeof *file);

    *file = (struct file){ .operations = &operations, .references = 1, .flags = flags };
    return file;
}

static void the_lowest_free_number_is_given(void)
{
    for (int i = 3; i < DESCRIPTORS_MAX; i++) {
        CHECK_EQUAL(descriptor_add(file_make(O_RDWR), 0, false), i);
    }
    struct file *file = file_make(O_RDWR);
    CHECK_EQUAL(descriptor_add(file, 0, false), -EMFILE);
    CHECK_EQUAL(descriptor_close(10), 0);
    CHECK_EQUAL(descriptor_close(10), -EBADF);
    CHECK_EQUAL(descriptor_add(file, 11, false), -EMFILE);
    CHECK_EQUAL(descriptor_add(file, 5, true), 10);
    CHECK_EQUAL(descriptor_stays_here(10), 1);
    CHECK_EQUAL(descriptor_add(file, DESCRIPTORS_MAX, false), -EINVAL);
    CHECK_EQUAL(descriptor_add(file, -1, false), -EINVAL);
    CHECK_EQUAL(closed, 1);
    for (int i = 3; i < DESCRIPTORS_MAX; i++) {
        CHECK_EQUAL(descriptor_close(i), 0);
    }
    CHECK_EQUAL(closed, DESCRIPTORS_MAX - 3 + 1);
}

static void a_file_lives_until_its_last_reference_goes(void)
{
    int number = descriptor_add(file_make(O_RDWR), 0, false);
    struct file *held = descriptor_hold(number);

    CHECK_EQUAL(descriptor_close(number), 0);
    CHECK_EQUAL(closed, 0);
    CHECK_EQUAL(file_read(held, NULL, 10), 10);
    file_release(held);
    CHECK_EQUAL(closed, 1);
    CHECK(descriptor_hold(number) == NULL && descriptor_hold(-1) == NULL && descriptor_hold(DESCRIPTORS_MAX) == NULL);
    number = descriptor_add(file_make(O_RDWR), 0, false);
    CHECK_EQUAL(descriptor_replace(number, file_make(O_RDWR), false), number);
    CHECK_EQUAL(closed, 2);
    struct file *file = file_make(O_RDWR);
    CHECK_EQUAL(descriptor_replace(DESCRIPTORS_MAX, file, false), -EBADF);
    file_release(file);
    CHECK_EQUAL(descriptor_close(number), 0);
    CHECK_EQUAL(descriptor_set_stays_here(number, true), -EBADF);
}

static void positions_move_as_posix_says(void)
{
    struct file *file = file_make(O_RDWR);

    CHECK_EQUAL(file_read(file, NULL, 60), 60);
    CHECK_EQUAL(file_read(file, NULL, 60), 40);
    CHECK_EQUAL(file_read(file, NULL, 60), 0);
    CHECK_EQUAL(file_seek(file, -10, SEEK_END), 90);
    CHECK_EQUAL(file_seek(file, 5, SEEK_CUR), 95);
    CHECK_EQUAL(file_read_at(file, NULL, 10, 0), 10);
    CHECK_EQUAL(file_seek(file, 0, SEEK_CUR), 95);
    CHECK_EQUAL(file_seek(file, -96, SEEK_CUR), -EINVAL);
    CHECK_EQUAL(file_seek(file, INT64_MAX, SEEK_CUR), -EOVERFLOW);
    CHECK_EQUAL(file_seek(file, 0, 77), -EINVAL);
    CHECK_EQUAL(file_write(file, NULL, 10), 10);
    CHECK_EQUAL(file_seek(file, 0, SEEK_CUR), 105);
    file->flags |= O_APPEND;
    CHECK_EQUAL(file_write(file, NULL, 10), 10);
    CHECK_EQUAL(file_seek(file, 0, SEEK_CUR), 510);
    CHECK_EQUAL(file_read_at(file, NULL, 1, -1), -EINVAL);
    file->flags = O_RDONLY;
    CHECK_EQUAL(file_write(file, NULL, 1), -EBADF);
    file->flags = O_WRONLY;
    CHECK_EQUAL(file_read(file, NULL, 1), -EBADF);
    file_release(file);
}

static void a_shared_position_gives_everybody_other_bytes(void)
{
    struct shared_position shared = { .value = 20 };
    struct file *file = file_make(O_RDWR);

    file->operations = &shared_operations;
    file->position.shared = &shared;
    CHECK_EQUAL(file_read(file, NULL, 5), 5);
    CHECK_EQUAL(shared.value, 25);
    others_reads = 3;
    CHECK_EQUAL(file_read(file, NULL, 5), 5);       /* the bytes from 55 on */
    CHECK_EQUAL(shared.value, 60);
    shared.value = 0;
    others_reads = 100;                             /* somebody who never stops holds nobody up */
    CHECK_EQUAL(file_read(file, NULL, 5), 5);
    CHECK(others_reads > 50);
    others_reads = 0;
    CHECK_EQUAL(file_seek(file, 90, SEEK_SET), 90);
    CHECK_EQUAL(file_write(file, NULL, 20), 10);
    CHECK_EQUAL(shared.value, 100);
    CHECK_EQUAL(file_write(file, NULL, 20), -ENOSPC);
    CHECK_EQUAL(shared.value, 100);
    others_reads = 1;
    CHECK_EQUAL(file_write(file, NULL, 20), -ENOSPC);
    CHECK_EQUAL(shared.value, 130);                 /* behind what the other has written */
    shared.value = UINT64_MAX;                      /* no position */
    CHECK_EQUAL(file_seek(file, 0, SEEK_CUR), 0);
    shared.value = INT64_MAX - 5;
    CHECK_EQUAL(file_write(file, NULL, 20), -EFBIG);
    CHECK_EQUAL(shared.value, INT64_MAX - 5);
    file_release(file);
}

static const struct test tests[] = {
    TEST(every_status_has_an_errno),
    TEST(statuses_of_files_are_what_posix_calls_them),
    TEST(dates_are_seconds_as_the_c_library_of_the_host_counts_them),
    TEST(paths_become_absolute_and_simple),
    TEST(long_paths_are_refused_at_the_byte),
    TEST(random_paths_stay_within_their_room),
    TEST(the_working_directory_is_kept),
    TEST(a_block_says_what_was_written),
    TEST(damaged_blocks_are_refused_or_harmless),
    TEST(blocks_that_are_too_big_are_refused),
    TEST(a_reference_is_read_as_written_and_nothing_else_is_one),
    TEST(the_lowest_free_number_is_given),
    TEST(a_file_lives_until_its_last_reference_goes),
    TEST(positions_move_as_posix_says),
    TEST(a_shared_position_gives_everybody_other_bytes),
};

TEST_MAIN(tests)
