/* Directories as streams of entries. Several entries are fetched at a time. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <ternion/vfs.h>

#include "libc/descriptor.h"
#include "libc/result.h"
#include "libc/start.h"
#include "libc/vfs.h"

START_NEEDED;

#define PLACES_GROW 16U

/* What telldir gave a number: where entries were fetched, and how far in what came. */
struct place {
    uint32_t cursor;
    uint32_t offset;
};

struct directory_stream {
    struct lock lock;       /* protects the rest */
    int descriptor;         /* constant */
    uint32_t cursor;        /* where the file system goes on */
    struct place here;      /* of the next entry */
    void *entries;          /* malloc's: struct vfs_entry, one behind the other */
    uint32_t size;          /* bytes of them */
    struct place *places;   /* malloc's: telldir's numbers lead to them */
    uint32_t place_count;
    struct dirent current;  /* what readdir gave */
};

DIR *fdopendir(int descriptor)
{
    struct file *file = descriptor_hold(descriptor);
    DIR *directory = NULL;

    if (file == NULL) {
        errno = EBADF;
    } else if (file->operations->read_directory == NULL) {
        errno = ENOTDIR;
    } else {
        directory = calloc(1, sizeof *directory);
    }
    if (directory != NULL) {
        directory->descriptor = descriptor;
        (void)descriptor_set_stays_here(descriptor, true);
    }
    if (file != NULL) {
        file_release(file);
    }
    return directory;
}

DIR *opendir(const char *path)
{
    int descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

    if (descriptor < 0) {
        return NULL;
    }
    DIR *directory = fdopendir(descriptor);
    if (directory == NULL) {
        int error = errno;
        (void)close(descriptor);
        errno = error;
    }
    return directory;
}

int closedir(DIR *directory)
{
    int result = close(directory->descriptor);

    free(directory->entries);
    free(directory->places);
    free(directory);
    return result;
}

int dirfd(DIR *directory)
{
    return directory->descriptor;
}

/* Takes what the file gives, in as much memory as it needs. */
static int fetch_from(DIR *directory, struct file *file)
{
    uint32_t cursor = directory->cursor;
    void *entries = malloc(VFS_LIST_MAX);

    if (entries == NULL) {
        return -ENOMEM;
    }
    int result = file->operations->read_directory(file, &directory->cursor, entries, &directory->size);
    if (result < 0) {
        free(entries);
        return result;
    }
    directory->here = (struct place){ .cursor = cursor };
    directory->entries = directory->size == 0 ? entries : realloc(entries, directory->size);
    return 0;
}

/* Fetches what comes next; nothing at the end. Called with the lock held. */
static int fetch(DIR *directory)
{
    struct file *file = descriptor_hold(directory->descriptor);

    if (file == NULL || file->operations->read_directory == NULL) {
        return -EBADF;
    }
    free(directory->entries);
    directory->entries = NULL;
    directory->size = 0;
    int result = fetch_from(directory, file);
    file_release(file);
    return result;
}

static unsigned char type_of(uint8_t kind)
{
    return kind == VFS_KIND_DIRECTORY ? DT_DIR : kind == VFS_KIND_FILE ? DT_REG : kind == VFS_KIND_LIBRARY ? DT_CHR : DT_UNKNOWN;
}

/* The next entry into *entry. 1; 0 at the end. */
static int next_entry(DIR *directory, struct dirent *entry)
{
    const struct vfs_entry *found = NULL;
    int result = 0;

    lock_acquire(&directory->lock);
    if (directory->here.offset == directory->size) {
        result = fetch(directory);
    }
    if (result == 0 && directory->here.offset < directory->size) {
        found = vfs_entry_at(directory->entries, directory->size, directory->here.offset);
        result = found == NULL ? -EIO : 1;
    }
    if (found != NULL) {
        directory->here.offset += found->entry_size;
        entry->d_ino = found->number;
        entry->d_type = type_of(found->kind);
        memcpy(entry->d_name, found->name, found->name_size);
        entry->d_name[found->name_size] = '\0';
    }
    lock_release(&directory->lock);
    return result;
}

struct dirent *readdir(DIR *directory)
{
    int result = next_entry(directory, &directory->current);

    if (result < 0) {
        errno = -result;
    }
    return result > 0 ? &directory->current : NULL;
}

int readdir_r(DIR *restrict directory, struct dirent *restrict entry, struct dirent **restrict result_out)
{
    int result = next_entry(directory, entry);

    *result_out = result > 0 ? entry : NULL;
    return result < 0 ? -result : 0;
}

/* The number of a place; 0 is the beginning. Called with the lock held. */
static long place_number(DIR *directory, struct place place)
{
    if (place.cursor == 0 && place.offset == 0) {
        return 0;
    }
    for (uint32_t i = 0; i < directory->place_count; i++) {
        if (directory->places[i].cursor == place.cursor && directory->places[i].offset == place.offset) {
            return (long)i + 1;
        }
    }
    if (directory->place_count % PLACES_GROW == 0) {
        struct place *longer = realloc(directory->places, (directory->place_count + PLACES_GROW) * sizeof *longer);
        if (longer == NULL) {
            return result_or_errno(-ENOMEM);
        }
        directory->places = longer;
    }
    directory->places[directory->place_count++] = place;
    return (long)directory->place_count;
}

long telldir(DIR *directory)
{
    lock_acquire(&directory->lock);
    bool at_end = directory->here.offset == directory->size;
    long number = place_number(directory, at_end ? (struct place){ .cursor = directory->cursor } : directory->here);
    lock_release(&directory->lock);
    return number;
}

void seekdir(DIR *directory, long number)
{
    lock_acquire(&directory->lock);
    bool is_known = number > 0 && (uint32_t)number <= directory->place_count;
    struct place place = is_known ? directory->places[number - 1] : (struct place){ 0 };
    directory->cursor = place.cursor;
    directory->here = (struct place){ .cursor = place.cursor };
    directory->size = 0;
    if (place.offset > 0 && fetch(directory) == 0 && place.offset <= directory->size) {
        directory->here.offset = place.offset;
    }
    lock_release(&directory->lock);
}

void rewinddir(DIR *directory)
{
    seekdir(directory, 0);
}

int alphasort(const struct dirent **left, const struct dirent **right)
{
    return strcmp((*left)->d_name, (*right)->d_name);
}

/* One entry more for scandir. False: no memory. */
static int scan_append(struct dirent ***list, int count, const struct dirent *entry)
{
    struct dirent *copy = malloc(sizeof *copy);
    struct dirent **longer = realloc(*list, ((size_t)count + 1) * sizeof **list);

    if (longer != NULL) {
        *list = longer;
    }
    if (copy == NULL || longer == NULL) {
        free(copy);
        return 0;
    }
    *copy = *entry;
    longer[count] = copy;
    return 1;
}

typedef int compare_t(const void *left, const void *right);

int scandir(const char *path, struct dirent ***list_out, int (*wanted)(const struct dirent *entry),
            int (*compare)(const struct dirent **left, const struct dirent **right))
{
    DIR *directory = opendir(path);
    struct dirent **list = NULL;
    const struct dirent *entry;
    int count = 0;

    if (directory == NULL) {
        return -1;
    }
    while ((entry = readdir(directory)) != NULL) {
        if (wanted != NULL && wanted(entry) == 0) {
            continue;
        }
        if (!scan_append(&list, count, entry)) {
            while (count > 0) {
                free(list[--count]);
            }
            free(list);
            (void)closedir(directory);
            errno = ENOMEM;
            return -1;
        }
        count++;
    }
    (void)closedir(directory);
    if (compare != NULL && count > 0) {
        qsort(list, (size_t)count, sizeof *list, (compare_t *)compare);
    }
    *list_out = list;
    return count;
}
