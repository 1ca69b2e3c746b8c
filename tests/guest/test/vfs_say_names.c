/* Sentences about names: what comes, goes and moves. */
#include <ternion/format.h>
#include <ternion/string.h>

#include "test.h"
#include "vfs_sentences.h"

/* ---- Directories ---- */

void directories_come_and_go(void)
{
    vfs_make_directory("one");
    EXPECT_STATUS(EXISTS, vfs_path_make_directory(vfs_at("one")));
    EXPECT_STATUS(EXISTS, vfs_path_make_directory(vfs_at("one/")));
    EXPECT_STATUS(EXISTS, vfs_path_make_directory(vfs_at("")));
    EXPECT_STATUS(NOT_FOUND, vfs_path_make_directory(vfs_at("two/three")));
    vfs_make_directory("one/two/");
    vfs_write_text("one/two/A long name, with spaces and ~1.text", "deep");
    vfs_expect_text("one/./two//A long name, with spaces and ~1.text", "deep");
    EXPECT_STATUS(NOT_DIRECTORY, vfs_path_make_directory(vfs_at("one/two/A long name, with spaces and ~1.text/x")));
    EXPECT_STATUS(EXISTS, vfs_path_make_directory(vfs_at("one/two/A long name, with spaces and ~1.text")));
    EXPECT_EQUAL(1, vfs_count_entries(vfs_at("one"), "two"));
    EXPECT_EQUAL(1, vfs_count_entries(vfs_at("one"), ""));
    EXPECT_EQUAL(1, vfs_count_entries(vfs_at("one/two"), "A long name, with spaces and ~1.text"));
    vfs_remove_file("one/two/A long name, with spaces and ~1.text");
    vfs_remove_directory("one/two");
    vfs_remove_directory("one/");
    EXPECT_STATUS(NOT_FOUND, vfs_path_remove(vfs_at("one"), true));
}

void directories_that_are_not_empty_stay(void)
{
    struct vfs_file directory;
    uint32_t cursor = 0, size = 1;

    vfs_make_directory("full");
    vfs_write_text("full/file", "x");
    EXPECT_STATUS(NOT_EMPTY, vfs_path_remove(vfs_at("full"), true));
    EXPECT_STATUS(IS_DIRECTORY, vfs_path_remove(vfs_at("full"), false));
    EXPECT_STATUS(NOT_DIRECTORY, vfs_path_remove(vfs_at("full/file"), true));
    vfs_expect_text("full/file", "x");
    vfs_remove_file("full/file");
    vfs_open(&directory, "full", VFS_READ);
    vfs_remove_directory("full");
    EXPECT_STATUS(NOT_FOUND, vfs_open_status("full/new", VFS_WRITE | VFS_CREATE));
    EXPECT_OK(vfs_file_list(&directory, &cursor, test_scratch, &size));
    EXPECT_EQUAL(0, size);
    vfs_make_directory("full");
    vfs_write_text("full/other", "x");
    EXPECT_OK(vfs_file_list(&directory, &cursor, test_scratch, &size));
    EXPECT_EQUAL(0, size);                       /* it is still the one that is gone */
    vfs_file_close(&directory);
    vfs_remove_file("full/other");
    vfs_remove_directory("full");
    EXPECT_STATUS(BUSY, vfs_path_remove("/tmp", true));
    EXPECT_STATUS(BUSY, vfs_path_remove("/", true));
}

/* ---- Renaming ---- */

void renamed_files_keep_what_they_hold(void)
{
    struct vfs_file file;
    uint32_t count;

    vfs_write_text("a", "first");
    vfs_make_directory("d");
    vfs_open(&file, "a", VFS_READ | VFS_WRITE);
    EXPECT_OK(vfs_path_rename(vfs_at("a"), vfs_at("another name, and a long one")));
    EXPECT_STATUS(NOT_FOUND, vfs_open_status("a", VFS_READ));
    vfs_expect_text("another name, and a long one", "first");
    EXPECT_OK(vfs_file_write(&file, 5, " and more", 9, &count, NULL));
    EXPECT_OK(vfs_path_rename(vfs_at("another name, and a long one"), vfs_at("d/b")));
    vfs_expect_text("d/b", "first and more");
    EXPECT_OK(vfs_path_rename(vfs_at("d/b"), vfs_at("d/b")));
    EXPECT_OK(vfs_path_rename(vfs_at("d/b"), vfs_at("d/../d/./b")));
    EXPECT_OK(vfs_file_resize(&file, 3));
    vfs_file_close(&file);
    vfs_expect_text("d/b", "fir");
    EXPECT_EQUAL(1, vfs_count_entries(vfs_place, ""));
    EXPECT_EQUAL(1, vfs_count_entries(vfs_at("d"), ""));
    vfs_remove_file("d/b");
    vfs_remove_directory("d");
}

void renamed_files_take_the_place_of_others(void)
{
    struct vfs_file old;
    uint32_t count;
    char bytes[20];

    vfs_write_text("new", "new text");
    vfs_write_text("old name with more letters", "old text");
    vfs_open(&old, "old name with more letters", VFS_READ);
    EXPECT_OK(vfs_path_rename(vfs_at("new"), vfs_at("old name with more letters")));
    vfs_expect_text("old name with more letters", "new text");
    EXPECT_STATUS(NOT_FOUND, vfs_open_status("new", VFS_READ));
    EXPECT_EQUAL(1, vfs_count_entries(vfs_place, ""));
    EXPECT_OK(vfs_file_read(&old, 0, bytes, sizeof bytes, &count));
    EXPECT(count == 8 && memcmp(bytes, "old text", 8) == 0);
    vfs_file_close(&old);
    vfs_write_text("old name with more letters", "newer");
    vfs_expect_text("old name with more letters", "newer");
    vfs_make_directory("d");
    vfs_write_text("d/x", "to be replaced");
    EXPECT_OK(vfs_path_rename(vfs_at("old name with more letters"), vfs_at("d/x")));
    vfs_expect_text("d/x", "newer");
    EXPECT_EQUAL(1, vfs_count_entries(vfs_at("d"), ""));
    vfs_remove_file("d/x");
    vfs_remove_directory("d");
}

void directories_are_renamed_but_not_into_themselves(void)
{
    vfs_make_directory("d");
    vfs_make_directory("d/e");
    vfs_write_text("d/e/file", "deep");
    EXPECT_STATUS(BAD_ARGUMENT, vfs_path_rename(vfs_at("d"), vfs_at("d/x")));
    EXPECT_STATUS(BAD_ARGUMENT, vfs_path_rename(vfs_at("d"), vfs_at("d/e/x")));
    EXPECT_STATUS(BAD_ARGUMENT, vfs_path_rename(vfs_at("d"), vfs_at("d/e/../y")));
    EXPECT_OK(vfs_path_rename(vfs_at("d"), vfs_at("another directory")));
    vfs_expect_text("another directory/e/file", "deep");
    EXPECT_OK(vfs_path_rename(vfs_at("another directory/e"), vfs_at("e")));
    vfs_expect_text("e/file", "deep");
    EXPECT_OK(vfs_path_rename(vfs_at("e"), vfs_at("another directory")));    /* which is empty */
    vfs_expect_text("another directory/file", "deep");
    EXPECT_STATUS(NOT_FOUND, vfs_open_status("e", VFS_READ));
    vfs_make_directory("f");
    EXPECT_STATUS(NOT_EMPTY, vfs_path_rename(vfs_at("f"), vfs_at("another directory")));
    EXPECT_STATUS(NOT_EMPTY, vfs_path_rename(vfs_at("another directory/file/.."), vfs_place));
    vfs_remove_directory("f");
    vfs_remove_file("another directory/file");
    vfs_remove_directory("another directory");
}

void renames_that_cannot_be_change_nothing(void)
{
    vfs_write_text("f", "f");
    vfs_make_directory("d");
    EXPECT_STATUS(NOT_FOUND, vfs_path_rename(vfs_at("no"), vfs_at("yes")));
    EXPECT_STATUS(NOT_FOUND, vfs_path_rename(vfs_at("f"), vfs_at("no/f")));
    EXPECT_STATUS(NOT_FOUND, vfs_path_rename(vfs_at("no/f"), vfs_at("f")));
    EXPECT_STATUS(NOT_DIRECTORY, vfs_path_rename(vfs_at("d"), vfs_at("f/d")));
    EXPECT_STATUS(NOT_DIRECTORY, vfs_path_rename(vfs_at("d"), vfs_at("f")));
    EXPECT_STATUS(IS_DIRECTORY, vfs_path_rename(vfs_at("f"), vfs_at("d")));
    EXPECT_STATUS(OTHER_FILE_SYSTEM, vfs_path_rename(vfs_at("f"), "/boot/f"));
    EXPECT_STATUS(OTHER_FILE_SYSTEM, vfs_path_rename("/boot/init.list", vfs_at("f")));
    EXPECT_STATUS(BUSY, vfs_path_rename("/tmp", "/tmp"));
    EXPECT_STATUS(BAD_NAME, vfs_path_rename(vfs_at("f"), ""));
    EXPECT_STATUS(BAD_NAME, vfs_path_rename("", vfs_at("f")));
    EXPECT_STATUS(BAD_NAME, vfs_path_rename(vfs_at("f"), "g"));
    vfs_expect_text("f", "f");
    EXPECT_EQUAL(2, vfs_count_entries(vfs_place, ""));
    vfs_remove_file("f");
    vfs_remove_directory("d");
}

/* ---- How paths are written ---- */

void dots_and_doubled_slashes_mean_nothing(void)
{
    char path[VFS_PATH_MAX + 1];

    vfs_make_directory("d");
    vfs_write_text("d/file", "text");
    vfs_expect_text("d//file", "text");
    vfs_expect_text("/d///./file", "text");
    vfs_expect_text("d/../d/file", "text");
    vfs_expect_text("nothing/../d/file", "text");       /* "nothing" is gone before it is looked up */
    vfs_expect_text("d/file/../../d/./file", "text");
    format_text(path, sizeof path, "/../..//.%s/d/file", vfs_place);
    EXPECT_OK(vfs_path_describe(path, &(struct vfs_description){ 0 }));
    format_text(path, sizeof path, "%s/d/file", vfs_place);
    uint32_t size = (uint32_t)strlen(path);
    while (size + 2 <= VFS_PATH_MAX) {
        memmove(path + 2, path, size + 1);
        memcpy(path, "/.", 2);
        size += 2;
    }
    EXPECT_OK(vfs_path_describe(path, &(struct vfs_description){ 0 }));
    EXPECT_STATUS(BAD_NAME, vfs_path_describe("", &(struct vfs_description){ 0 }));
    EXPECT_STATUS(BAD_NAME, vfs_path_describe("tmp", &(struct vfs_description){ 0 }));
    EXPECT_STATUS(BAD_NAME, vfs_path_describe("./tmp", &(struct vfs_description){ 0 }));
    vfs_remove_file("d/../d/file");
    vfs_remove_directory("d/.");
}

void slashes_at_the_end_ask_for_directories(void)
{
    struct vfs_description description;

    vfs_make_directory("d");
    vfs_write_text("file", "text");
    EXPECT_OK(vfs_open_status("d/", VFS_READ));
    EXPECT_OK(vfs_path_describe(vfs_at("d//"), &description));
    EXPECT_STATUS(NOT_DIRECTORY, vfs_open_status("file/", VFS_READ));
    EXPECT_STATUS(NOT_DIRECTORY, vfs_path_describe(vfs_at("file/"), &description));
    EXPECT_STATUS(NOT_DIRECTORY, vfs_path_remove(vfs_at("file/"), false));
    EXPECT_STATUS(IS_DIRECTORY, vfs_path_remove(vfs_at("d/"), false));
    EXPECT_STATUS(NOT_DIRECTORY, vfs_path_rename(vfs_at("file/"), vfs_at("other")));
    EXPECT_STATUS(NOT_DIRECTORY, vfs_path_rename(vfs_at("file"), vfs_at("other/")));
    EXPECT_STATUS(NOT_FOUND, vfs_open_status("other/", VFS_WRITE | VFS_CREATE));
    EXPECT_OK(vfs_path_rename(vfs_at("d/"), vfs_at("e/")));
    vfs_expect_text("file", "text");
    vfs_remove_file("file");
    vfs_remove_directory("e/");
}
