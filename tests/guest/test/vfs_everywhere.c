/* What every file system promises, on all that there are: a test for each sentence and each of them. The disks are those of files.list. */
#include <ternion/format.h>
#include <ternion/string.h>

#include "files.h"
#include "vfs_sentences.h"

void vfs_try_in(const char *mount, void (*sentence)(void))
{
    uint32_t open_before = vfs_open_files(mount);
    struct vfs_mount_description before, after;
    char path[VFS_NAME_MAX + 80];

    format_text(path, sizeof path, "%s/%s", mount, test_name);
    vfs_mount_of(path, &before);
    EXPECT_OK(vfs_path_make_directory(path));
    vfs_place = path;
    sentence();
    EXPECT_EQUAL(0, vfs_count_entries(path, ""));
    EXPECT_OK(vfs_path_remove(path, true));
    vfs_mount_of(path, &after);
    EXPECT(before.free == after.free);
    EXPECT_EQUAL(open_before, vfs_open_files(path));
}

void vfs_try_all(const char *mount)
{
    static void (*const sentences[])(void) = {
#define SENTENCE(name) name,
        VFS_WRITABLE_SENTENCES(SENTENCE)
#undef SENTENCE
    };

    for (uint32_t i = 0; i < COUNT(sentences); i++) {
        vfs_try_in(mount, sentences[i]);
    }
}

static void try_at(const char *path, void (*sentence)(void))
{
    uint32_t open_before = vfs_open_files(path);

    vfs_place = path;
    sentence();
    EXPECT_EQUAL(open_before, vfs_open_files(path));
}

#define ON_TMP(sentence) static void on_tmp_##sentence(void) { vfs_try_in("/tmp", sentence); }
#define ON_FAT12(sentence) static void on_fat12_##sentence(void) { vfs_try_in("/fat12", sentence); }
#define ON_FAT16(sentence) static void on_fat16_##sentence(void) { vfs_try_in("/fat16", sentence); }
#define ON_FAT32(sentence) static void on_fat32_##sentence(void) { vfs_try_in("/fat32", sentence); }
VFS_WRITABLE_SENTENCES(ON_TMP)
VFS_WRITABLE_SENTENCES(ON_FAT12)
VFS_WRITABLE_SENTENCES(ON_FAT16)
VFS_WRITABLE_SENTENCES(ON_FAT32)

#define AT_BOOT(sentence) static void at_boot_##sentence(void) { try_at("/boot", sentence); }
#define AT_CD(sentence) static void at_cd_##sentence(void) { try_at("/cd", sentence); }
#define AT_JOLIET(sentence) static void at_joliet_##sentence(void) { try_at("/joliet", sentence); }
#define AT_FAT12(sentence) static void at_fat12_##sentence(void) { try_at("/fat12", sentence); }
#define AT_FAT16(sentence) static void at_fat16_##sentence(void) { try_at("/fat16", sentence); }
#define AT_FAT32(sentence) static void at_fat32_##sentence(void) { try_at("/fat32", sentence); }
VFS_READABLE_SENTENCES(AT_BOOT)
VFS_READABLE_SENTENCES(AT_CD)
VFS_READABLE_SENTENCES(AT_JOLIET)
VFS_READABLE_SENTENCES(AT_FAT12)
VFS_READABLE_SENTENCES(AT_FAT16)
VFS_READABLE_SENTENCES(AT_FAT32)
AT_BOOT(nothing_can_be_changed)
AT_CD(nothing_can_be_changed)
AT_JOLIET(nothing_can_be_changed)

#define ROW(prefix, sentence) TEST_OF(GROUP_FILES, 20, CLASS_APPLICATION, prefix##_##sentence),
#define TMP_ROW(sentence) ROW(on_tmp, sentence)
#define FAT12_ROW(sentence) ROW(on_fat12, sentence)
#define FAT16_ROW(sentence) ROW(on_fat16, sentence)
#define FAT32_ROW(sentence) ROW(on_fat32, sentence)
#define BOOT_READ_ROW(sentence) ROW(at_boot, sentence)
#define CD_READ_ROW(sentence) ROW(at_cd, sentence)
#define JOLIET_READ_ROW(sentence) ROW(at_joliet, sentence)
#define FAT12_READ_ROW(sentence) ROW(at_fat12, sentence)
#define FAT16_READ_ROW(sentence) ROW(at_fat16, sentence)
#define FAT32_READ_ROW(sentence) ROW(at_fat32, sentence)

const struct test vfs_everywhere_tests[] = {
    VFS_WRITABLE_SENTENCES(TMP_ROW)
    VFS_WRITABLE_SENTENCES(FAT12_ROW)
    VFS_WRITABLE_SENTENCES(FAT16_ROW)
    VFS_WRITABLE_SENTENCES(FAT32_ROW)
    VFS_READABLE_SENTENCES(BOOT_READ_ROW)
    VFS_READABLE_SENTENCES(CD_READ_ROW)
    VFS_READABLE_SENTENCES(JOLIET_READ_ROW)
    VFS_READABLE_SENTENCES(FAT12_READ_ROW)
    VFS_READABLE_SENTENCES(FAT16_READ_ROW)
    VFS_READABLE_SENTENCES(FAT32_READ_ROW)
    BOOT_READ_ROW(nothing_can_be_changed)
    CD_READ_ROW(nothing_can_be_changed)
    JOLIET_READ_ROW(nothing_can_be_changed)
};
const uint32_t vfs_everywhere_test_count = COUNT(vfs_everywhere_tests);
const struct role vfs_everywhere_roles[] = { };
const uint32_t vfs_everywhere_role_count = COUNT(vfs_everywhere_roles);
