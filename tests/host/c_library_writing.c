/* Writing to files of s\vfs, which dies in the middle: what libc/vfs_file.c tells of it. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

#include <ternion/vfs.h>

#include "libc/vfs_file.h"
#include "test.h"

#define LARGE 100000U

/* ---- What the parts name ---- */

static uint32_t written;         /* bytes, before a status */
static status_t then;

status_t vfs_file_write(struct vfs_file *file, uint64_t position, const void *bytes, uint32_t size, uint32_t *count_out, uint64_t *end_out)
{
    (void)file, (void)bytes;
    *count_out = then == OK ? size : written;
    if (end_out != NULL) {
        *end_out = position == VFS_POSITION_END ? *count_out : position + *count_out;
    }
    return then;
}

status_t vfs_file_open(struct vfs_file *file, const char *path, uint32_t flags)
{
    (void)path, (void)flags;
    *file = (struct vfs_file){ .kind = VFS_KIND_FILE };
    return OK;
}

void vfs_file_close(struct vfs_file *file) { (void)file; }

#define NOBODY_CALLS(name, ...) status_t name(__VA_ARGS__) { FAIL("nobody calls it"); }
NOBODY_CALLS(vfs_file_read, struct vfs_file *, uint64_t, void *, uint32_t, uint32_t *)
NOBODY_CALLS(vfs_file_read_pages, struct vfs_file *, uint64_t, uint32_t, void **, uint32_t *)
NOBODY_CALLS(vfs_file_resize, struct vfs_file *, uint64_t)
NOBODY_CALLS(vfs_file_synchronise, struct vfs_file *)
NOBODY_CALLS(vfs_file_list, struct vfs_file *, uint32_t *, void *, uint32_t *)
NOBODY_CALLS(vfs_file_describe, struct vfs_file *, struct vfs_description *)
NOBODY_CALLS(vfs_file_pass, struct vfs_file *, struct vfs_passed *)
NOBODY_CALLS(vfs_file_take, struct vfs_file *, const struct vfs_passed *, const char *, uint32_t)
NOBODY_CALLS(vfs_file_set_changed, struct vfs_file *, int64_t)
NOBODY_CALLS(log_write, log_level_t, const void *, uint32_t)
NOBODY_CALLS(address_wait, uint32_t, uint32_t, nanoseconds_t)
NOBODY_CALLS(address_wake, uint32_t, uint32_t, uint32_t *)
int position_share(struct position *, const char *) { FAIL("nobody calls it"); }
int position_join(struct position *, shared_id_t, object_key_t, char *) { FAIL("nobody calls it"); }
void position_leave(struct position *position) { (void)position; }

/* ---- Tests ---- */

/* What is said of a write or an append of which so much is known to be written. */
static ssize_t said(bool appends, uint32_t known, status_t status)
{
    static const char bytes[LARGE];
    struct file *file;
    int64_t end;

    written = known;
    then = status;
    CHECK_EQUAL(vfs_file_open_path("/tmp/file", O_WRONLY | (appends ? O_APPEND : 0), &file), 0);
    ssize_t result = appends ? file->operations->append(file, bytes, LARGE, &end) : file->operations->write(file, bytes, LARGE, 0);
    file->operations->close(file);
    return result;
}

/* Of a part that is in doubt: whoever appends the rest after a short count has it twice perhaps. At a position that does no harm. */
static void append_of_which_a_part_is_in_doubt_is_no_short_count(void)
{
    CHECK_EQUAL(said(true, 0, OK), LARGE);
    CHECK_EQUAL(said(true, 0, PEER_DIED), -EIO);
    CHECK_EQUAL(said(true, 65536, PEER_DIED), -EIO);
    CHECK_EQUAL(said(false, 65536, PEER_DIED), 65536);
    CHECK_EQUAL(said(false, 0, PEER_DIED), -EIO);
}

static void what_was_written_for_certain_counts(void)
{
    CHECK_EQUAL(said(true, 65536, NO_SPACE), 65536);
    CHECK_EQUAL(said(true, 65536, NOT_FOUND), 65536);
    CHECK_EQUAL(said(true, 0, NO_SPACE), -ENOSPC);
    CHECK_EQUAL(said(true, 0, NOT_FOUND), -ESTALE);
}

static const struct test tests[] = {
    TEST(append_of_which_a_part_is_in_doubt_is_no_short_count),
    TEST(what_was_written_for_certain_counts),
};

TEST_MAIN(tests)
