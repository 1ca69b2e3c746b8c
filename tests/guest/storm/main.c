/*
 * a\… SEED: a client of s\vfs that uses files of all kinds at random, until it is killed: d\test does that, in the middle of whatever it does. It is
 * small, so that it can be done thousands of times.
 */
#include <ternion/format.h>
#include <ternion/memory.h>
#include <ternion/string.h>
#include <ternion/syscall.h>
#include <ternion/vfs.h>

#define BYTES_MAX 20000U

static uint8_t bytes[BYTES_MAX];
static uint8_t entries[VFS_LIST_MAX] __attribute__((aligned(4)));
static uint32_t state;

/* Marsaglia, xorshift. */
static uint32_t throw(uint32_t sides)
{
    state ^= state << 13;
    state ^= state >> 17;
    state ^= state << 5;
    return state % sides;
}

static uint32_t number(const char *digits)
{
    uint32_t value = 0;

    for (; *digits >= '0' && *digits <= '9'; digits++) {
        value = 10 * value + (uint32_t)(*digits - '0');
    }
    return value;
}

static void use(struct vfs_file *file)
{
    struct vfs_description description;
    uint32_t count, cursor = 0;
    void *pages;

    switch (throw(6)) {
    case 0:
        (void)vfs_file_write(file, throw(BYTES_MAX), bytes, throw(BYTES_MAX / 2), &count, NULL);
        break;
    case 1:
        (void)vfs_file_read(file, throw(BYTES_MAX), bytes, throw(BYTES_MAX), &count);
        break;
    case 2:
        if (vfs_file_read_pages(file, 0, 8, &pages, &count) == OK && count != 0) {
            (void)memory_free((uint32_t)pages, PAGES(count));
        }
        break;
    case 3:
        (void)vfs_file_list(file, &cursor, entries, &count);
        break;
    case 4:
        (void)vfs_file_resize(file, throw(BYTES_MAX / 2));
        break;
    default:
        (void)vfs_file_describe(file, &description);
    }
}

/* Some files stay open. */
static void do_something(const char *name)
{
    struct vfs_file file;

    if (vfs_file_open(&file, name, VFS_READ | VFS_WRITE | VFS_CREATE) == OK || vfs_file_open(&file, name, VFS_READ) == OK) {
        use(&file);
        if (throw(6) == 0) {
            (void)vfs_path_remove(name, false);
        }
        if (throw(6) != 0) {
            vfs_file_close(&file);
        }
    }
    if (throw(8) == 0) {
        (void)vfs_path_make_directory(name);
    }
    if (throw(8) == 0) {
        (void)vfs_path_rename(name, "/fat16/storm/renamed, to a long name");
    }
}

int main(int argc, char **argv)
{
    static const char *const places[] = { "/tmp/storm", "/fat16/storm", "/fat12/storm", "/cd/many", "/tmp/storm", "/cd" };
    char name[80];

    state = (argc < 2 ? 1 : number(argv[1])) * 2654435761U | 1;
    for (;;) {
        const char *place = places[throw(sizeof places / sizeof places[0])];

        if (throw(5) == 0) {
            do_something(place);
        } else {
            format_text(name, sizeof name, "%s/file-%u", place, throw(6));
            do_something(name);
        }
    }
}
