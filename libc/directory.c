/* Directories as streams of entries. Several entries are fetched at a time. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "libc/descriptor.h"
#include "libc/result.h"
#include "libc/start.h"
#include "libc/vfs.h"

START_NEEDED;

#define ENTRIES 8

struct directory_stream {
    struct lock lock;       /* protects the rest */
    int descriptor;         /* constant */
    uint64_t cookie;        /* where the file system goes on */
    uint64_t cookie_before; /* of the entries that are here */
    int count, next;
    struct dirent current;  /* what readdir gave */
    struct directory_entry entries[ENTRIES];
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

    free(directory);
    return result;
}

int dirfd(DIR *directory)
{
    return directory->descriptor;
}

/* Fetches what comes next. Called with the lock held. How many; 0 at the end. */
static int fetch(DIR *directory)
{
    struct file *file = descriptor_hold(directory->descriptor);

    if (file == NULL || file->operations->read_directory == NULL) {
        return -EBADF;
    }
    directory->cookie_before = directory->cookie;
    int count = file->operations->read_directory(file, &directory->cookie, directory->entries, ENTRIES);
    file_release(file);
    directory->count = count < 0 ? 0 : count;
    directory->next = 0;
    return count;
}

/* The next entry into *entry. 1; 0 at the end. */
static int next_entry(DIR *directory, struct dirent *entry)
{
    int result = 1;

    lock_acquire(&directory->lock);
    if (directory->next == directory->count) {
        result = fetch(directory);
    }
    if (result > 0) {
        const struct directory_entry *found = &directory->entries[directory->next++];
        entry->d_ino = found->number;
        entry->d_type = found->type;
        strcpy(entry->d_name, found->name);
        result = 1;
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

/* A place is the file system's own for the entries that are here, and how many of them were given. */
long telldir(DIR *directory)
{
    lock_acquire(&directory->lock);
    long place = (long)(directory->cookie_before * ENTRIES + (uint64_t)directory->next);
    if (directory->next == directory->count) {
        place = (long)(directory->cookie * ENTRIES);
    }
    lock_release(&directory->lock);
    return place;
}

void seekdir(DIR *directory, long place)
{
    lock_acquire(&directory->lock);
    directory->cookie = (uint64_t)place / ENTRIES;
    directory->count = directory->next = 0;
    int skipped = (int)((uint64_t)place % ENTRIES);
    if (skipped > 0 && fetch(directory) >= skipped) {
        directory->next = skipped;
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
