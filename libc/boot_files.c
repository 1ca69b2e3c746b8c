/*
 * /boot: the boot modules that are files (`module /boot/x file:PATH`), for those who may map them: drivers and servers. To
 * applications the folder is empty.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

#include <ternion/syscall.h>

#include "libc/boot_files.h"
#include "libc/passed_file.h"
#include "libc/status_errno.h"
#include "libc/vfs.h"

#define MOUNT "/boot"
#define MOUNT_SIZE (sizeof MOUNT - 1)
#define NO_MODULE UINT32_MAX

struct boot_file {
    struct file file;
    module_index_t module;
    uint32_t size;              /* bytes */
    const char *bytes;          /* the module, mapped when it is first needed; or NULL */
};

struct boot_directory {
    struct file file;
    char path[NAME_SIZE_MAX + 1]; /* below the mount, "" or with a slash at its end */
    bool is_root;
};

/* ---- Names ---- */

/* The next module that is a file, from `index` on. */
static bool next_file(module_index_t index, struct module_information *module, module_index_t *found_out)
{
    for (; module_information(index, module) == OK; index++) {
        if ((module->flags & MODULE_IS_FILE) != 0) {
            *found_out = index;
            return true;
        }
    }
    return false;
}

/* The module of a path below the mount. If none is, whether modules lie in folders of that name. */
static module_index_t module_find(const char *path, struct module_information *module, bool *is_directory_out)
{
    size_t length = strlen(path);

    *is_directory_out = length == 0;
    for (module_index_t index = 0; next_file(index, module, &index); index++) {
        if (strcmp(module->name, path) == 0) {
            return index;
        }
        if (strncmp(module->name, path, length) == 0 && module->name[length] == '/') {
            *is_directory_out = true;
        }
    }
    return NO_MODULE;
}

/* What of a path lies below the mount; NULL: it is elsewhere. */
static const char *below_mount(const char *path)
{
    if (strncmp(path, MOUNT, MOUNT_SIZE) != 0 || (path[MOUNT_SIZE] != '/' && path[MOUNT_SIZE] != '\0')) {
        return NULL;
    }
    return path + MOUNT_SIZE + (path[MOUNT_SIZE] == '/');
}

/* ---- Files ---- */

static int file_map(struct boot_file *file)
{
    uint32_t address;

    lock_acquire(&file->file.lock);
    status_t status = OK;
    if (file->bytes == NULL && file->size > 0) {
        status = module_map(file->module, &address);
        if (status == OK) {
            file->bytes = (const char *)address;
        }
    }
    lock_release(&file->file.lock);
    return status_error(status);
}

/* The file was mapped when it was opened. */
static ssize_t boot_read(struct file *file, void *bytes, size_t size, int64_t position)
{
    struct boot_file *boot = (struct boot_file *)file;

    if (position >= boot->size) {
        return 0;
    }
    if (size > boot->size - (uint32_t)position) {
        size = boot->size - (uint32_t)position;
    }
    memcpy(bytes, boot->bytes + position, size);
    return (ssize_t)size;
}

static void file_describe(const struct module_information *module, module_index_t index, struct stat *description)
{
    description->st_mode = S_IFREG | 0555;
    description->st_ino = index + 2;
    description->st_size = module->size;
    description->st_blocks = (module->size + 511) / 512;
}

static int boot_describe(struct file *file, struct stat *description)
{
    struct boot_file *boot = (struct boot_file *)file;

    file_describe(&(struct module_information){ .size = boot->size }, boot->module, description);
    return 0;
}

static int boot_contents(struct file *file, const void **bytes_out, size_t *size_out)
{
    struct boot_file *boot = (struct boot_file *)file;

    *bytes_out = boot->bytes;
    *size_out = boot->size;
    return 0;
}

static int boot_pass(struct file *file, struct passed_file *passed)
{
    struct boot_file *boot = (struct boot_file *)file;

    passed->kind = PASSED_BOOT_FILE;
    passed->words[0] = boot->module;
    lock_acquire(&file->lock);
    passed->words[1] = (uint32_t)file->position;
    passed->words[2] = (uint32_t)(file->position >> 32);
    passed->words[3] = file->flags;
    lock_release(&file->lock);
    return 0;
}

static void boot_close(struct file *file)
{
    struct boot_file *boot = (struct boot_file *)file;

    if (boot->bytes != NULL) {
        (void)memory_free((uint32_t)boot->bytes, (boot->size + PAGE_SIZE - 1) / PAGE_SIZE);
    }
    free(boot);
}

static const struct file_operations boot_operations = {
    .read = boot_read,
    .describe = boot_describe,
    .pass = boot_pass,
    .contents = boot_contents,
    .close = boot_close,
    .has_positions = true,
};

int boot_file_open(module_index_t index, uint32_t flags, int64_t position, struct file **file_out)
{
    struct module_information module;
    status_t status = module_information(index, &module);

    if (status != OK || (module.flags & MODULE_IS_FILE) == 0) {
        return status == NOT_ALLOWED ? -EACCES : -ENOENT;
    }
    struct boot_file *file = calloc(1, sizeof *file);
    if (file == NULL) {
        return -ENOMEM;
    }
    file->file = (struct file){ .operations = &boot_operations, .references = 1, .flags = flags, .position = position };
    file->module = index;
    file->size = module.size;
    int result = file_map(file);
    if (result < 0) {
        free(file);
        return result;
    }
    *file_out = &file->file;
    return 0;
}

/* ---- Directories ---- */

static void directory_fill(struct stat *description)
{
    description->st_mode = S_IFDIR | 0555;
    description->st_ino = 1;
}

static int directory_describe(struct file *file, struct stat *description)
{
    (void)file;
    directory_fill(description);
    return 0;
}

/* Does an earlier module give this folder the same entry? */
static bool was_given(const struct boot_directory *directory, const char *name, size_t length, module_index_t before)
{
    size_t path = strlen(directory->path);
    struct module_information module;

    for (module_index_t index = 0; next_file(index, &module, &index) && index < before; index++) {
        if (strncmp(module.name, directory->path, path) == 0 && strncmp(module.name + path, name, length) == 0
            && module.name[path + length] == '/') {
            return true;
        }
    }
    return false;
}

/* The entry of a folder that a module stands for. False: none, or one that was there before. */
static bool entry_fill(const struct boot_directory *directory, const struct module_information *module, module_index_t index,
                       struct directory_entry *entry)
{
    size_t path = strlen(directory->path);
    const char *name = module->name + path;

    if (strncmp(module->name, directory->path, path) != 0 || *name == '\0') {
        return false;
    }
    size_t length = strcspn(name, "/");
    bool is_directory = name[length] == '/';
    if (is_directory && was_given(directory, name, length, index)) {
        return false;
    }
    entry->number = index + 2;
    entry->type = is_directory ? DT_DIR : DT_REG;
    memcpy(entry->name, name, length);
    entry->name[length] = '\0';
    return true;
}

static int directory_read(struct file *file, uint64_t *cookie, struct directory_entry *entries, int most)
{
    struct boot_directory *directory = (struct boot_directory *)file;
    struct module_information module;
    module_index_t index = (module_index_t)*cookie;
    int count = 0;

    if (directory->is_root) {
        if (*cookie > 0 || most < 1) {
            return 0;
        }
        entries[0] = (struct directory_entry){ .number = 1, .type = DT_DIR, .name = "boot" };
        *cookie = 1;
        return 1;
    }
    while (count < most && next_file(index, &module, &index)) {
        count += entry_fill(directory, &module, index, &entries[count]);
        index++;
    }
    *cookie = index;
    return count;
}

static void directory_close(struct file *file)
{
    free(file);
}

static const struct file_operations directory_operations = {
    .describe = directory_describe,
    .read_directory = directory_read,
    .close = directory_close,
};

static int directory_open(const char *path, bool is_root, int flags, struct file **file_out)
{
    if ((flags & O_ACCMODE) != O_RDONLY) {
        return -EISDIR;
    }
    struct boot_directory *directory = calloc(1, sizeof *directory);
    if (directory == NULL) {
        return -ENOMEM;
    }
    directory->file = (struct file){ .operations = &directory_operations, .references = 1, .flags = (uint32_t)flags };
    directory->is_root = is_root;
    if (*path != '\0') {
        strcpy(stpcpy(directory->path, path), "/");
    }
    *file_out = &directory->file;
    return 0;
}

/* ---- The file system ---- */

static int open_path(const char *path, int flags, mode_t mode, struct file **file_out)
{
    struct module_information module;
    bool is_directory;

    (void)mode;
    if (strcmp(path, "/") == 0) {
        return directory_open("", true, flags, file_out);
    }
    const char *name = below_mount(path);
    module_index_t index = name == NULL ? NO_MODULE : module_find(name, &module, &is_directory);
    if (index != NO_MODULE) {
        if ((flags & (O_CREAT | O_EXCL)) == (O_CREAT | O_EXCL)) {
            return -EEXIST;
        }
        if ((flags & O_DIRECTORY) != 0) {
            return -ENOTDIR;
        }
        return (flags & O_ACCMODE) != O_RDONLY ? -EROFS : boot_file_open(index, (uint32_t)flags, 0, file_out);
    }
    if (name != NULL && is_directory && strlen(name) < NAME_SIZE_MAX) {
        return directory_open(name, false, flags, file_out);
    }
    return (flags & O_CREAT) != 0 ? -EROFS : -ENOENT;
}

static int describe_path(const char *path, struct stat *description)
{
    struct module_information module;
    bool is_directory = strcmp(path, "/") == 0;
    const char *name = below_mount(path);
    module_index_t index = name == NULL ? NO_MODULE : module_find(name, &module, &is_directory);

    if (index != NO_MODULE) {
        file_describe(&module, index, description);
        return 0;
    }
    if (!is_directory) {
        return -ENOENT;
    }
    directory_fill(description);
    return 0;
}

const struct file_system boot_file_system = {
    .open = open_path,
    .describe = describe_path,
};
