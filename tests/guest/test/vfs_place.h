/* What tests of s\vfs share: a place, names in it, and short ways to do what most of them do. */
#pragma once

#include <ternion/vfs.h>

/* The directory in which names are meant. */
extern const char *vfs_place;

/* The path of a name there: one of four buffers, in turn. */
const char *vfs_at(const char *name);

/* These expect that it goes well. */
void vfs_open(struct vfs_file *file, const char *name, uint32_t flags);
void vfs_write_text(const char *name, const char *text);
void vfs_expect_text(const char *name, const char *text);
void vfs_remove_file(const char *name);
void vfs_make_directory(const char *name);
void vfs_remove_directory(const char *name);

/* How it goes to open it; it is closed again. */
status_t vfs_open_status(const char *name, uint32_t flags);

/* How many entries a directory has, or, of a name that is not empty, how many with that name. */
uint32_t vfs_count_entries(const char *path, const char *name);

/* The mount that a path lies in. */
void vfs_mount_of(const char *path, struct vfs_mount_description *mount_out);

/* Files that others have open there. */
uint32_t vfs_open_files(const char *path);

/* Disks of files.list that are empty, of 2 MB each, until a test puts the image of a FAT12 disk there; it makes them empty again. */
#define VFS_SPARE_DISK "disks\\ram\\3"
#define VFS_OTHER_SPARE_DISK "disks\\ram\\4"
#define VFS_SPARE_SECTORS 4096U
void vfs_disk_fill(const char *device);
void vfs_disk_clear(const char *device);

/*
 * Gives a disk of so many sectors to the host, as far as it is not as in its image, /boot/images/NAME: "DISK NAME\n", then 'S', number
 * and bytes of each sector, then 'E'. For drivers.
 */
void vfs_disk_give(const char *device, const char *name, uint32_t sectors);

/* The byte at a position of a file that tests write, of a salt of theirs. */
static inline uint8_t vfs_byte(uint32_t at, uint32_t salt)
{
    return (uint8_t)(at * 7 + at / 251 + salt);
}
