/* ftw, nftw. Each directory is read whole and closed before what is in it is visited: however deep, one descriptor is enough. */
#include <dirent.h>
#include <errno.h>
#include <ftw.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "libc/path.h"

typedef int ftw_visit_t(const char *path, const struct stat *description, int type);
typedef int nftw_visit_t(const char *path, const struct stat *description, int type, struct FTW *place);

struct walk {
    ftw_visit_t *visit;
    nftw_visit_t *visit_more;   /* else */
    int flags;
    dev_t device;               /* FTW_MOUNT: of the root */
    size_t length;              /* of the path that it is at */
    char path[PATH_SIZE];
};

/* The names of a directory, each ended by a NUL, and one more; malloc's. NULL: errno says why. */
static char *names_read(const char *path)
{
    DIR *directory = opendir(path);
    size_t used = 0, room = 0;
    char *names = NULL;

    if (directory == NULL) {
        return NULL;
    }
    for (;;) {
        errno = 0;
        struct dirent *entry = readdir(directory);
        size_t size = entry == NULL ? 0 : strlen(entry->d_name) + 1;
        if (entry == NULL && errno != 0) {
            break;
        }
        if (used + size + 1 > room) {
            room = room * 2 + size + 256;
            char *longer = realloc(names, room);
            if (longer == NULL) {
                break;
            }
            names = longer;
        }
        if (entry == NULL) {
            names[used] = '\0';
            (void)closedir(directory);
            return names;
        }
        memcpy(names + used, entry->d_name, size);
        used += size;
    }
    int error = errno;
    free(names);
    (void)closedir(directory);
    errno = error;
    return NULL;
}

static int tell(struct walk *walk, const struct stat *description, int type, int level)
{
    const char *slash = strrchr(walk->path, '/');
    struct FTW place = { .base = slash == NULL || slash[1] == '\0' ? 0 : (int)(slash + 1 - walk->path), .level = level };

    if (walk->visit != NULL) {
        return walk->visit(walk->path, description, type);
    }
    return walk->visit_more(walk->path, description, type, &place);
}

/* 0 to go on. */
static int walk_at(struct walk *walk, int level);

static int walk_names(struct walk *walk, const char *names, int level)
{
    size_t length = walk->length;
    bool has_slash = length > 0 && walk->path[length - 1] == '/';
    int result = 0;

    for (; *names != '\0' && result == 0; names += strlen(names) + 1) {
        if (length + strlen(names) + 2 > PATH_SIZE) {
            errno = ENAMETOOLONG;
            return -1;
        }
        strcpy(walk->path + length, has_slash ? "" : "/");
        strcat(walk->path, names);
        walk->length = strlen(walk->path);
        result = walk_at(walk, level + 1);
    }
    walk->length = length;
    walk->path[length] = '\0';
    return result;
}

static int walk_directory(struct walk *walk, const struct stat *description, int level)
{
    char *names = names_read(walk->path);
    bool after = (walk->flags & FTW_DEPTH) != 0;

    if (names == NULL) {
        return errno == ENOMEM ? -1 : tell(walk, description, FTW_DNR, level);
    }
    int result = after ? 0 : tell(walk, description, FTW_D, level);
    if (result == 0) {
        result = walk_names(walk, names, level);
    }
    free(names);
    return result == 0 && after ? tell(walk, description, FTW_DP, level) : result;
}

static int walk_at(struct walk *walk, int level)
{
    struct stat description;

    if (stat(walk->path, &description) < 0) {
        return level == 0 ? -1 : tell(walk, &description, FTW_NS, level);
    }
    if (level == 0) {
        walk->device = description.st_dev;
    } else if ((walk->flags & FTW_MOUNT) != 0 && description.st_dev != walk->device) {
        return 0;
    }
    return S_ISDIR(description.st_mode) ? walk_directory(walk, &description, level) : tell(walk, &description, FTW_F, level);
}

static int walk_begin(const char *path, struct walk *walk)
{
    walk->length = strlen(path);
    if (walk->length == 0 || walk->length >= PATH_SIZE) {
        errno = walk->length == 0 ? ENOENT : ENAMETOOLONG;
        return -1;
    }
    strcpy(walk->path, path);
    return walk_at(walk, 0);
}

int ftw(const char *path, ftw_visit_t *visit, int descriptors)
{
    struct walk walk = { .visit = visit };

    (void)descriptors;
    return walk_begin(path, &walk);
}

/* The working directory is the whole process's: it does not go along. */
int nftw(const char *path, nftw_visit_t *visit, int descriptors, int flags)
{
    struct walk walk = { .visit_more = visit, .flags = flags };

    (void)descriptors;
    if ((flags & FTW_CHDIR) != 0) {
        errno = ENOTSUP;
        return -1;
    }
    return walk_begin(path, &walk);
}
