/* Fuzzes what is on a FAT disk: it is read, and then used as if nothing were wrong with it. */
#include <string.h>

#include "disk_image.h"
#include "fuzz.h"
#include "servers/vfs/fat.h"
#include "servers/vfs/path.h"
#include "test.h"

#define SECTORS 68000U           /* as many as the largest of the seeds has */
#define CHUNK (2U + SECTOR)      /* of the input: the number of a sector, and the sector; the others are zeroes */
#define CHUNKS_MAX 60U
#define SEED_BYTES (4U + CHUNKS_MAX * CHUNK)
#define OPERATIONS 16U
#define WRITTEN_MAX 20000U

static struct image image;
static uint8_t disk[SECTORS * SECTOR];
static uint32_t written[WRITTEN_MAX];
static uint32_t written_count;
static status_t (*image_write)(struct blocks *blocks, uint64_t first, uint32_t count, const void *buffer);

/* What is written is remembered, to be made zeroes again. A device that takes no more has failed. */
static status_t write_blocks(struct blocks *blocks, uint64_t first, uint32_t count, const void *buffer)
{
    if (count > WRITTEN_MAX - written_count) {
        return FAULT;
    }
    for (uint32_t i = 0; i < count; i++) {
        written[written_count++] = (uint32_t)first + i;
    }
    return image_write(blocks, first, count, buffer);
}

/* ---- What is done with it ---- */

static uint32_t state;           /* the first four bytes of the input */

static uint32_t below(uint32_t limit)
{
    state ^= state << 13;        /* Marsaglia, xorshift */
    state ^= state >> 17;
    state ^= state << 5;
    return state % limit;
}

static const char *const names[] = {
    "README.TXT", "readme.txt", "A long name with spaces.text", "deep", "many", "new", "another name that is long enough for three", "x.y",
    "many/file-1", "many/new", "deep/er", "deep/er/file.bin", "deep/er/new name", "bad?", "dot.",
};

static struct node *walk(struct file_system *file_system, const char **name_out, uint32_t *size_out)
{
    const char *path = names[below(sizeof names / sizeof names[0])];
    struct node *directory;

    return path_walk(file_system, path, (uint32_t)strlen(path), &directory, name_out, size_out) == OK ? directory : NULL;
}

static void use_file(struct node *node)
{
    const struct file_system_operations *operations = node->file_system->operations;
    static uint8_t bytes[5000];
    uint32_t count, size = below(sizeof bytes) + 1;

    if (node->kind != VFS_KIND_FILE) {
        struct directory_entry entry;
        uint32_t cursor = below(100);

        (void)operations->list(node, &cursor, &entry);
    } else if (below(3) == 0) {
        (void)operations->resize(node, below(20000));
    } else if (below(2) == 0) {
        (void)operations->write(node, below(20000), bytes, size, &count);
    } else if (node->size != 0) {
        size = node->size < size ? (uint32_t)node->size : size;
        (void)operations->read(node, node->size - size, bytes, size);
    }
}

static void change_name(struct node *from, const char *name, uint32_t size, struct node *node)
{
    const struct file_system_operations *operations = node->file_system->operations;
    struct node *replaced = NULL, *to;
    const char *new_name;
    uint32_t new_size;

    if (below(2) == 0) {
        (void)operations->remove(from, name, size, node);
    } else if ((to = walk(node->file_system, &new_name, &new_size)) != NULL) {
        (void)operations->look_up(to, new_name, new_size, &replaced);
        if (replaced == NULL || replaced->kind == node->kind) {
            (void)operations->rename(from, name, size, node, to, new_name, new_size, replaced);
        }
        if (replaced != NULL) {
            node_release(replaced);
        }
        node_release(to);
    }
}

static void operate(struct file_system *file_system)
{
    const struct file_system_operations *operations = file_system->operations;
    struct node *node = NULL;
    const char *name;
    uint32_t size;
    struct node *directory = walk(file_system, &name, &size);

    if (directory == NULL) {
        return;
    }
    if (operations->look_up(directory, name, size, &node) == NOT_FOUND) {
        (void)operations->create(directory, name, size, below(3) == 0 ? VFS_KIND_DIRECTORY : VFS_KIND_FILE, &node);
    }
    if (node != NULL) {
        use_file(node);
        if (below(3) == 0) {
            change_name(directory, name, size, node);
            use_file(node);
        }
        node_release(node);
    }
    node_release(directory);
}

/* ---- The disk ---- */

static void use(void)
{
    struct file_system *file_system;
    uint64_t bytes, free_bytes;

    if (fat_make(&image.blocks, &file_system) != OK) {
        return;
    }
    (void)image_visit(file_system);
    for (uint32_t i = 0; i < OPERATIONS; i++) {
        operate(file_system);
    }
    if (below(32) == 0) {        /* it takes long */
        file_system->operations->space(file_system, &bytes, &free_bytes);
    }
    file_system->operations->end(file_system);
}

static uint8_t *sector_of(const uint8_t *chunk)
{
    return disk + (size_t)((uint32_t)chunk[0] | (uint32_t)chunk[1] << 8) * SECTOR;
}

static int try(const uint8_t *bytes, size_t size)
{
    if (size < 4 + CHUNK) {
        return 0;
    }
    image_of(&image, disk, sizeof disk);
    image_write = image.blocks.write;
    image.blocks.write = write_blocks;
    memcpy(&state, bytes, 4);
    state |= 1;
    written_count = 0;
    for (size_t at = 4; at + CHUNK <= size; at += CHUNK) {
        memcpy(sector_of(bytes + at), bytes + at + 2, SECTOR);
    }
    use();
    for (size_t at = 4; at + CHUNK <= size; at += CHUNK) {
        memset(sector_of(bytes + at), 0, SECTOR);
    }
    while (written_count > 0) {
        memset(disk + (size_t)written[--written_count] * SECTOR, 0, SECTOR);
    }
    return 0;
}

static bool is_zero(const uint8_t *sector)
{
    return sector[0] == 0 && memcmp(sector, sector + 1, SECTOR - 1) == 0;
}

static size_t seed(uint32_t number, uint8_t *bytes)
{
    static const char tree[] = "mkdir -p tree/deep/er tree/many && echo hello >tree/readme.txt && echo long >'tree/A long name with spaces.text' && "
                               "head -c 3000 /dev/zero | tr '\\0' x >tree/deep/er/file.bin && for i in 1 2 3 4 5 6; do echo >tree/many/file-$i; done";
    static const char *const commands[] = {
        "mkfs.fat -F 12 -C image 1440 && mcopy -s -i image tree/* ::",
        "mkfs.fat -F 16 -C image 9000 && mcopy -s -i image tree/* ::",
        "mkfs.fat -F 32 -s 1 -C image 34000 && mcopy -s -i image tree/* ::",
    };
    struct image made;
    size_t size = 4;

    if (number == 2 * sizeof commands / sizeof commands[0]) {
        return 0;
    }
    image_make_by(&made, tree, commands[number / 2]);
    memset(bytes, (int)number + 1, 4);
    for (uint32_t i = 0; i < made.size / SECTOR && i < 65536 && size + CHUNK <= SEED_BYTES; i++) {
        if (!is_zero(made.bytes + i * SECTOR)) {
            bytes[size] = (uint8_t)i;
            bytes[size + 1] = (uint8_t)(i >> 8);
            memcpy(bytes + size + 2, made.bytes + i * SECTOR, SECTOR);
            size += CHUNK;
        }
    }
    image_free(&made);
    return size;
}

int main(int argc, char **argv)
{
    static const struct fuzzer fuzzer = { "any_fat_disk_is_used_within_its_bounds", 5, SEED_BYTES, try, seed };

    return fuzz(&fuzzer, argc, argv);
}
