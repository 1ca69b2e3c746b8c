/*
 * Files: the protocol of the file server s\vfs, and what programs call.
 *
 * Paths are absolute: "/boot/init.list". Parts are any bytes but '/' and NUL, up to VFS_NAME_MAX of them; "." and ".." are gone
 * through as text, before anything is looked up. There are no links.
 *
 * The server keeps no positions, and no state that a client could not bring back: each request says where it reads or writes.
 * A struct vfs_file keeps the path of what it opened; should the server die it is opened again, without a word to the caller, and
 * what was read is asked again. What was written is not: PEER_DIED then means that it was done, or not, or in part. So do
 * requests that change names. What the server alone has, as the contents of /tmp, is gone: NOT_FOUND.
 */
#pragma once

#include <stdbool.h>

#include <ternion/lock.h>
#include <ternion/protocol.h>

#define VFS_SERVER "s\\vfs"
#define VFS_NAME_MAX 255U        /* bytes of one part of a path */
#define VFS_PATH_MAX 1023U       /* bytes of a path */
#define VFS_TRANSFER_MAX 32768U  /* bytes of one request to read or write */
#define VFS_PAGES_MAX 256U       /* pages of one request: 1 MB */
#define VFS_LIST_MAX 8192U       /* bytes of entries in one answer */
#define VFS_POSITION_MAX ((1ULL << 48) - 1)
#define VFS_POSITION_END VFS_POSITION_MAX /* of a write: behind the end, wherever that is by then */

enum vfs_kind {
    VFS_KIND_NONE,
    VFS_KIND_FILE,
    VFS_KIND_DIRECTORY,
    VFS_KIND_LIBRARY,            /* a name of the C library's own, in lists alone: /dev/null. Whoever opens it without that has an empty file */
};

/* Flags of open. */
#define VFS_READ 1U
#define VFS_WRITE 2U
#define VFS_CREATE 4U            /* an empty file, if there is none; with VFS_WRITE */
#define VFS_EXCLUSIVE 8U         /* with VFS_CREATE: EXISTS if there is one */
#define VFS_TRUNCATE 16U         /* a file becomes empty; with VFS_WRITE */
#define VFS_APPEND 32U           /* all is written behind the end, wherever a request says; with VFS_WRITE */
#define VFS_DIRECTORY 64U        /* NOT_DIRECTORY if it is none */
#define VFS_OPEN_FLAGS 127U

struct vfs_description {
    uint64_t size;               /* bytes; of a directory 0 */
    uint64_t number;             /* the same for as long as it is there; no other of its file system has it */
    int64_t changed_s;           /* seconds since 1970, UTC, when it was written last; 0: not known */
    uint32_t kind;               /* enum vfs_kind */
    uint32_t flags;              /* VFS_IS_READ_ONLY */
    uint32_t file_system;        /* a number for the mount, never that of a later one in one life of the server */
    uint32_t block_size;         /* bytes that are best moved at a time */
};

#define VFS_IS_READ_ONLY 1U      /* flags of descriptions and mounts: it cannot be written to */

/* An entry of a directory, one behind the other; each begins on a multiple of 4 bytes. */
struct vfs_entry {
    uint32_t number;             /* low half of its description's */
    uint16_t entry_size;         /* bytes to the next one */
    uint8_t kind;                /* enum vfs_kind */
    uint8_t name_size;           /* bytes; no NUL is behind them */
    char name[];
};

struct vfs_mount_description {
    uint64_t size;               /* bytes that it can hold; 0: that has no meaning */
    uint64_t free;               /* bytes */
    uint32_t flags;              /* VFS_IS_READ_ONLY */
    uint32_t file_system;        /* as in descriptions of what is in it */
    uint32_t open_files;         /* handles of all clients to what is in it */
    char path[VFS_NAME_MAX + 2]; /* "/tmp" */
    char device[64];             /* "disks\ram\0"; empty: it has none */
    char type[16];               /* "boot", "memory", "processes", "devices", "fat", "iso9660" */
};

/* ---- The protocol ---- */

/* A handle is good for the client that opened it, and for one life of the server; a stale one is NOT_FOUND. Never 0. */
struct vfs_call_handle {
    uint32_t handle;
};

struct vfs_call_flags {
    uint32_t flags;
};

struct vfs_call_opened {
    uint32_t handle;
    uint32_t size_low;           /* bytes, when it was opened */
    uint16_t size_high;
    uint8_t kind;                /* enum vfs_kind */
    uint8_t flags;               /* VFS_IS_READ_ONLY */
};

/* 12 bytes, so that it travels in registers. */
struct vfs_call_range {
    uint32_t handle;
    uint32_t position_low;       /* bytes */
    uint16_t position_high;
    uint16_t count;              /* bytes; for read_pages pages, and the position is a multiple of PAGE_SIZE */
};

/* A few bytes, in registers, too. */
#define VFS_FEW_MAX 8U

struct vfs_call_few {
    uint32_t count;              /* bytes that were read */
    uint8_t bytes[VFS_FEW_MAX];
};

struct vfs_call_written {
    uint32_t end_low;            /* position behind what was written */
    uint32_t end_high;
    uint32_t count;              /* bytes: fewer than wanted if it became full; at least 1 */
};

struct vfs_call_size {
    uint32_t handle;
    uint32_t size_low;
    uint32_t size_high;
};

/* Of the file with the handle, or, with 0, of the path. */
struct vfs_call_time {
    uint32_t handle;
    uint32_t seconds_low;
    uint32_t seconds_high;
};

struct vfs_call_cursor {
    uint32_t handle;
    uint32_t cursor;             /* 0 begins */
};

struct vfs_call_next {
    uint32_t cursor;             /* for the next request */
};

/* What a client gives another one that is to have its open file too. The handle's client may close it when the other has its own. */
struct vfs_passed {
    uint32_t handle;
    uint32_t key_low;            /* random; never 0 both */
    uint32_t key_high;
};

struct vfs_call_bytes {
    uint32_t count;              /* bytes of the file in the pages: the last may be filled in part, with zeroes behind */
};

/*
 * Strings are paths, without a NUL; rename: from, NUL, to; mount: device, NUL, path, NUL, type (empty: found out).
 * read gives fewer bytes than wanted only at the end of the file, and behind it none; read_pages may give fewer. list: no string means that there are no more.
 */
#define VFS_PROTOCOL(OPERATION, TRANSFER, vfs_call) \
    TRANSFER(vfs_call, open, 1, struct vfs_call_flags, struct vfs_call_opened, VFS_PATH_MAX, 0, 0, 0) \
    OPERATION(vfs_call, close, 2, struct vfs_call_handle, struct nothing) \
    TRANSFER(vfs_call, read, 3, struct vfs_call_range, struct nothing, 0, VFS_TRANSFER_MAX, 0, 0) \
    TRANSFER(vfs_call, read_pages, 4, struct vfs_call_range, struct vfs_call_bytes, 0, 0, 0, VFS_PAGES_MAX) \
    TRANSFER(vfs_call, write, 5, struct vfs_call_range, struct vfs_call_written, VFS_TRANSFER_MAX, 0, 0, 0) \
    OPERATION(vfs_call, describe, 6, struct vfs_call_handle, struct vfs_description) \
    TRANSFER(vfs_call, describe_path, 7, struct nothing, struct vfs_description, VFS_PATH_MAX, 0, 0, 0) \
    OPERATION(vfs_call, resize, 8, struct vfs_call_size, struct nothing) \
    TRANSFER(vfs_call, list, 9, struct vfs_call_cursor, struct vfs_call_next, 0, VFS_LIST_MAX, 0, 0) \
    TRANSFER(vfs_call, make_directory, 10, struct nothing, struct nothing, VFS_PATH_MAX, 0, 0, 0) \
    TRANSFER(vfs_call, remove, 11, struct vfs_call_flags, struct nothing, VFS_PATH_MAX, 0, 0, 0) \
    TRANSFER(vfs_call, rename, 12, struct nothing, struct nothing, 2 * VFS_PATH_MAX + 1, 0, 0, 0) \
    OPERATION(vfs_call, synchronise, 13, struct vfs_call_handle, struct nothing) \
    OPERATION(vfs_call, mounts, 14, struct vfs_call_cursor, struct vfs_mount_description) \
    TRANSFER(vfs_call, mount, 15, struct vfs_call_flags, struct nothing, VFS_PATH_MAX + 80, 0, 0, 0) \
    TRANSFER(vfs_call, unmount, 16, struct nothing, struct nothing, VFS_PATH_MAX, 0, 0, 0) \
    OPERATION(vfs_call, read_few, 17, struct vfs_call_range, struct vfs_call_few) \
    OPERATION(vfs_call, pass, 18, struct vfs_call_handle, struct vfs_passed) \
    OPERATION(vfs_call, take, 19, struct vfs_passed, struct vfs_call_opened) \
    TRANSFER(vfs_call, set_changed, 20, struct vfs_call_time, struct nothing, VFS_PATH_MAX, 0, 0, 0)
PROTOCOL_DECLARE(vfs_call, 0x0021, 1, VFS_PROTOCOL)

/* ---- For programs ---- */

/*
 * An open file. Any thread may use it; vfs_file_close is the last. All zeroes is none. What it is is the caller's memory; the path
 * is malloc's.
 */
struct vfs_file {
    uint32_t kind;               /* enum vfs_kind; constant */
    bool is_read_only;           /* the medium; constant */
    uint64_t size_at_open;       /* bytes; constant */
    /* The rest is libos' own. */
    struct lock lock;            /* protects server and handle */
    process_id_t server;
    uint32_t handle;
    uint32_t flags;              /* of open: how it is opened again */
    uint32_t path_size;
    char *path;
};

/*
 * All functions block. Beside what is said below each can answer
 *     NOT_FOUND, NOT_DIRECTORY, BAD_NAME (no absolute path, or an empty one, or a NUL in it), TOO_BIG (path or name)
 *     NOT_ALLOWED (it is read-only), NO_SPACE, OVER_QUOTA (the client has too much open), NO_MEMORY
 *     FAULT (the device fails, or what is on it contradicts itself), ABSENT (the medium has gone)
 *     TIMED_OUT: there is no file server; PEER_DIED: it died meanwhile, see above
 */

/* Opens. Statuses: EXISTS, IS_DIRECTORY (to be written), BAD_ARGUMENT: flags; BUSY: it is being removed or its file system unmounted. */
[[nodiscard]] status_t vfs_file_open(struct vfs_file *file, const char *path, uint32_t flags);

/*
 * What another process needs to have the file too: it stays the same file if its name is taken away, or another's, meanwhile. Good until
 * this one is closed, for whoever knows it.
 */
[[nodiscard]] status_t vfs_file_pass(struct vfs_file *file, struct vfs_passed *passed_out);

/*
 * In the other process: opens it, with the flags that it was opened with there. A server that has died meanwhile knows nothing of it: then
 * the path is opened, with these flags. Statuses: as of vfs_file_open.
 */
[[nodiscard]] status_t vfs_file_take(struct vfs_file *file, const struct vfs_passed *passed, const char *path, uint32_t flags);

/* Closes. What was written is on its way to the medium: vfs_file_synchronise waits for it. */
void vfs_file_close(struct vfs_file *file);

/*
 * Reads at a position.
 *   count_out   bytes that were read: fewer than size only at the end of the file; 0 behind it
 * Statuses: IS_DIRECTORY, NOT_ALLOWED (not opened with VFS_READ).
 */
[[nodiscard]] status_t vfs_file_read(struct vfs_file *file, uint64_t position, void *buffer, uint32_t size, uint32_t *count_out);

/*
 * The same without a copy: pages that show the file's contents, for the caller to read, and to give back with memory_free.
 *   position     a multiple of PAGE_SIZE
 *   pages        wanted, at most VFS_PAGES_MAX; there may come fewer before the end
 *   address_out  of the first byte; 0 if none came, at the end
 *   count_out    bytes of the file there: PAGES(*count_out) pages came
 * What is written to a file of /tmp later shows in them, too. Statuses: as above.
 */
[[nodiscard]] status_t vfs_file_read_pages(struct vfs_file *file, uint64_t position, uint32_t pages, void **address_out, uint32_t *count_out);

/*
 * Writes at a position, or, at VFS_POSITION_END and to a file opened with VFS_APPEND, behind the end. A gap that comes into being is zeroes.
 *   count_out   bytes that were written, also unless OK; fewer than size only then. With PEER_DIED perhaps more: behind the end, that is
 *               there twice if it is written again
 *   end_out     position behind them; may be NULL
 * Statuses: IS_DIRECTORY, NOT_ALLOWED, TOO_BIG: the file system has no files of that size.
 */
[[nodiscard]] status_t vfs_file_write(struct vfs_file *file, uint64_t position, const void *bytes, uint32_t size, uint32_t *count_out,
                                      uint64_t *end_out);

/* Makes it so long: cuts it, or puts zeroes behind. Statuses: as of vfs_file_write. */
[[nodiscard]] status_t vfs_file_resize(struct vfs_file *file, uint64_t size);

/*
 * Says when it was written last: changed_s of its description, as exactly as the file system has it. It need not be opened for
 * writing. VFS_TIME_NOW: now, by the clock of the server. Statuses: NOT_ALLOWED: of mounts on FAT, too.
 */
#define VFS_TIME_NOW INT64_MIN
[[nodiscard]] status_t vfs_file_set_changed(struct vfs_file *file, int64_t changed_s);

[[nodiscard]] status_t vfs_file_describe(struct vfs_file *file, struct vfs_description *description_out);

/*
 * The next entries of a directory, several at a time, without "." and "..".
 *   cursor   0 at first; where it went on to
 *   buffer   VFS_LIST_MAX bytes, aligned to 4: struct vfs_entry, one behind the other
 *   size_out bytes of them; 0: there are no more
 * What appears or goes meanwhile may be seen or not; all else is seen once. Statuses: NOT_DIRECTORY.
 */
[[nodiscard]] status_t vfs_file_list(struct vfs_file *directory, uint32_t *cursor, void *buffer, uint32_t *size_out);

/* The entry at an offset of what vfs_file_list gave; NULL at its end. */
const struct vfs_entry *vfs_entry_at(const void *buffer, uint32_t size, uint32_t offset);

/* What was written to the file, and to its file system before, is on the medium when this comes back. */
[[nodiscard]] status_t vfs_file_synchronise(struct vfs_file *file);

/* The same of all file systems. */
[[nodiscard]] status_t vfs_synchronise(void);

[[nodiscard]] status_t vfs_path_describe(const char *path, struct vfs_description *description_out);

/* As vfs_file_set_changed. */
[[nodiscard]] status_t vfs_path_set_changed(const char *path, int64_t changed_s);

/* Statuses: EXISTS. */
[[nodiscard]] status_t vfs_path_make_directory(const char *path);

/* Takes a name away; a file that is open goes with its last handle. Statuses: IS_DIRECTORY, NOT_DIRECTORY, as is_directory says; NOT_EMPTY; BUSY. */
[[nodiscard]] status_t vfs_path_remove(const char *path, bool is_directory);

/*
 * Another name, or another directory, for a file or directory. A file takes the place of a file that has the name; an empty directory's
 * is taken by a directory. Statuses: OTHER_FILE_SYSTEM; BAD_ARGUMENT: into itself; NOT_EMPTY; IS_DIRECTORY; NOT_DIRECTORY; BUSY.
 */
[[nodiscard]] status_t vfs_path_rename(const char *from, const char *to);

/* The mount with this index, from 0 on. NOT_FOUND: there are no more. */
[[nodiscard]] status_t vfs_mount_at(uint32_t index, struct vfs_mount_description *mount_out);

/*
 * Puts a file system under a name, for drivers and servers to ask.
 *   device   of the type storage; for "memory" without meaning
 *   path     "/NAME": mounts lie in the root directory
 *   type     NULL: found out
 *   flags    VFS_IS_READ_ONLY or 0
 * Statuses: EXISTS, NOT_ALLOWED, BAD_ARGUMENT: type; FAULT: there is no file system that is known.
 */
[[nodiscard]] status_t vfs_mount(const char *device, const char *path, const char *type, uint32_t flags);

/* Takes it away, once all is written. Statuses: NOT_ALLOWED; BUSY: something in it is open. */
[[nodiscard]] status_t vfs_unmount(const char *path);
