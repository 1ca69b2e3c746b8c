#include "disk_image.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "servers/vfs/fat.h"
#include "servers/vfs/iso9660.h"
#include "test.h"

#define VISITS_MAX 1000U         /* nodes: a damaged tree may be endless */
#define DEPTH_MAX 6U
#define READ_MAX (512U << 10)    /* bytes of a file */

/* ---- What file systems need of the server ---- */

void *pages_take(uint32_t count)
{
    return calloc(count, 4096);
}

void pages_give_back(void *pages, uint32_t count)
{
    (void)count;
    free(pages);
}

int64_t time_now_s(void)
{
    return 1000000000;
}

/* ---- Blocks ---- */

static status_t read_blocks(struct blocks *blocks, uint64_t first, uint32_t count, void *buffer)
{
    struct image *image = (struct image *)blocks;

    CHECK(first <= blocks->sectors && count <= blocks->sectors - first);
    memcpy(buffer, image->bytes + first * SECTOR, count * SECTOR);
    return OK;
}

static status_t write_blocks(struct blocks *blocks, uint64_t first, uint32_t count, const void *buffer)
{
    struct image *image = (struct image *)blocks;

    CHECK(!blocks->is_read_only && first <= blocks->sectors && count <= blocks->sectors - first);
    memcpy(image->bytes + first * SECTOR, buffer, count * SECTOR);
    return OK;
}

static status_t flush_blocks(struct blocks *blocks)
{
    (void)blocks;
    return OK;
}

void image_of(struct image *image, uint8_t *bytes, size_t size)
{
    *image = (struct image){ { read_blocks, write_blocks, flush_blocks, size / SECTOR, false }, bytes, size };
}

void image_free(struct image *image)
{
    free(image->bytes);
}

status_t image_mount(struct image *image, struct file_system **file_system_out)
{
    status_t status = iso9660_make(&image->blocks, file_system_out);

    return status == FAULT ? fat_make(&image->blocks, file_system_out) : status;
}

/* ---- Making ---- */

static void run(const char *command)
{
    char whole[1000];

    snprintf(whole, sizeof whole, "{ %s; } >/dev/null 2>log || { tail -3 log >&2; false; }", command);
    if (system(whole) != 0) {
        FAIL("failed: %s", command);
    }
}

static void make_tree(const void *unused)
{
    FILE *file;
    (void)unused;

    run("mkdir -p tree/deep/er tree/many && printf 'hello\\n' >tree/readme.txt && echo long >'tree/" IMAGE_LONG_NAME "'");
    run("for i in $(seq 0 199); do : >tree/many/file-$i; done");
    file = fopen("tree/deep/er/file.bin", "wb");
    CHECK(file != NULL);
    for (uint32_t i = 0; i < IMAGE_LARGE_SIZE; i++) {
        fputc(image_byte(i), file);
    }
    CHECK(fclose(file) == 0);
}

static void load(struct image *image)
{
    FILE *file = fopen("image", "rb");

    CHECK(file != NULL && fseek(file, 0, SEEK_END) == 0);
    size_t size = (size_t)ftell(file);
    uint8_t *bytes = malloc(size);
    rewind(file);
    CHECK(bytes != NULL && fread(bytes, 1, size, file) == size);
    fclose(file);
    image_of(image, bytes, size);
}

/* In a folder of its own, in which there is a folder `tree`. */
static void make_in_folder(struct image *image, void (*fill)(const void *what), const void *what, const char *command)
{
    char folder[] = "/tmp/ternion-image-XXXXXX";
    char *before = getcwd(NULL, 0);

    CHECK(mkdtemp(folder) != NULL && chdir(folder) == 0);
    setenv("PATH", "/usr/sbin:/sbin:/usr/bin:/bin", 1);
    run("mkdir tree");
    fill(what);
    run(command);
    load(image);
    run("rm -rf tree image log");
    CHECK(chdir(before) == 0 && rmdir(folder) == 0);
    free(before);
}

void image_make(struct image *image, enum image_kind kind)
{
    static const char *const commands[IMAGE_KINDS] = {
        [IMAGE_FAT12] = "mkfs.fat -F 12 -C image 1440 && mcopy -s -i image tree/* ::",
        [IMAGE_FAT16] = "mkfs.fat -F 16 -C image 9000 && mcopy -s -i image tree/* ::",
        [IMAGE_FAT32] = "mkfs.fat -F 32 -s 1 -C image 34000 && mcopy -s -i image tree/* ::",
        [IMAGE_ROCK_RIDGE] = "xorriso -as mkisofs -R -o image tree",
        [IMAGE_JOLIET] = "xorriso -as mkisofs -J -U --norock -o image tree || xorriso -rockridge off -joliet on -outdev image -map tree /",
    };

    make_in_folder(image, make_tree, NULL, commands[kind]);
}

static void run_text(const void *command)
{
    run(command);
}

void image_make_by(struct image *image, const char *tree_command, const char *image_command)
{
    make_in_folder(image, run_text, tree_command, image_command);
}

/* What fsck.fat says without changing anything; its exit code. */
static int check_image(const struct image *image, char *said, size_t size)
{
    char path[] = "/tmp/ternion-check-XXXXXX";
    char command[200];
    int file = mkstemp(path);

    CHECK(file >= 0 && write(file, image->bytes, image->size) == (ssize_t)image->size);
    close(file);
    snprintf(command, sizeof command, "PATH=$PATH:/usr/sbin:/sbin LC_ALL=C fsck.fat -n %s 2>&1", path);
    FILE *output = popen(command, "r");
    CHECK(output != NULL);
    said[fread(said, 1, size - 1, output)] = '\0';
    int result = pclose(output);
    unlink(path);
    return result;
}

void image_check(const struct image *image)
{
    char said[4000];

    if (check_image(image, said, sizeof said) != 0) {
        FAIL("fsck.fat: %s", said);
    }
}

void image_check_cut_off(const struct image *image)
{
    static const char *const harmless[] = {
        "fsck.fat ", "A new long file name starts within an old one", "  Not auto-correcting", "Reclaimed ", "Orphaned long file name part", "  Auto-deleting", "Free cluster summary", "FATs differ", "  Auto-setting",
        "Leaving filesystem unchanged", "/tmp/ternion-check-", "  File size is ", "  Truncating file", "  Using first FAT",
        "Wrong checksum for long file name", "  (Short name ",
    };
    char said[4000];

    (void)check_image(image, said, sizeof said);
    for (char *rest = said, *line; (line = strsep(&rest, "\n")) != NULL;) {
        bool is_harmless = line[0] == '\0' || line[0] == '/';       /* a path: what is wrong with it follows */

        for (size_t i = 0; i < sizeof harmless / sizeof harmless[0] && !is_harmless; i++) {
            is_harmless = strncmp(line, harmless[i], strlen(harmless[i])) == 0;
        }
        if (!is_harmless) {
            FAIL("fsck.fat: %s of %s", line, rest);
        }
    }
}

/* ---- Visiting ---- */

static bool read_all(struct node *node)
{
    uint32_t size = node->size < READ_MAX ? (uint32_t)node->size : READ_MAX;
    uint8_t *bytes = malloc(size + 1);
    status_t status = size == 0 ? OK : node->file_system->operations->read(node, 0, bytes, size);

    free(bytes);
    return status == OK;
}

static uint32_t visit(struct node *directory, uint32_t depth, uint32_t *left)
{
    const struct file_system_operations *operations = directory->file_system->operations;
    struct directory_entry entry;
    uint32_t cursor = 0, read = 0;

    while (*left > 0 && operations->list(directory, &cursor, &entry) == OK) {
        struct node *node;

        --*left;
        CHECK(entry.name_size > 0 && memchr(entry.name, '/', entry.name_size) == NULL && memchr(entry.name, 0, entry.name_size) == NULL);
        if (operations->look_up(directory, entry.name, entry.name_size, &node) != OK) {
            continue;
        }
        if (node->kind == VFS_KIND_FILE) {
            read += read_all(node);
        } else if (depth < DEPTH_MAX) {
            read += visit(node, depth + 1, left);
        }
        node_release(node);
    }
    return read;
}

uint32_t image_visit(struct file_system *file_system)
{
    uint32_t left = VISITS_MAX;

    return visit(file_system->root, 0, &left);
}
