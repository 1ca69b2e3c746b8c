/*
 * posix_spawn over process_spawn. A program of the C library gets its arguments, environment and files in a block of shared
 * memory, and posix_spawn comes back when it has them: until then this process keeps the pipes alive that the new one is to
 * join. Another program gets arguments alone.
 */
#include <spawn.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <ternion/clock.h>
#include <ternion/process.h>
#include <ternion/syscall.h>
#include <ternion/system.h>

#include "libc/children.h"
#include "libc/image.h"
#include "libc/path.h"
#include "libc/spawn_files.h"
#include "libc/start.h"
#include "libc/status_errno.h"
#include "libc/terminal_file.h"

START_NEEDED;

#define LOOK_AGAIN_NS (20 * MILLISECOND) /* whether a process still lives that has not taken its block yet */
#define NAMES_TRIED 1000U
#define DEFAULT_PATH "/boot/bin:/boot"   /* where posix_spawnp looks if the environment has no PATH */

struct request {
    const char *name;                    /* the file's, without its folder */
    struct image image;
    struct __posix_spawnattr *attributes;
    char *const *arguments;
    char *const *environment;
    struct spawn_files files;
};

static char *const nothing[] = { NULL };

static process_class_t class_of(const struct request *request)
{
    bool is_said = request->attributes != NULL && request->attributes->has_class;

    return is_said ? request->attributes->class : process_page()->class;
}

/*
 * Names are unique among the living: the second "ls" is "ls.2". What names cannot have becomes "_".
 */
static void name_make(const char *file, uint32_t number, char name[NAME_SIZE_MAX + 1])
{
    char suffix[12] = "";
    size_t length = strcspn(file, ".");
    size_t room = NAME_SIZE_MAX - sizeof "x\\" - sizeof suffix;

    if (length == 0) {
        length = strlen(file);
    }
    if (number > 1) {
        suffix[0] = '.';
        (void)utoa(number, suffix + 1, 10);
    }
    length = length < room ? length : room;
    for (size_t i = 0; i < length; i++) {
        name[i] = file[i] > ' ' && file[i] < 127 && file[i] != '\\' ? file[i] : '_';
    }
    strcpy(name + length, suffix);
}

/* a\log is the log, and nobody else may take the name while it is away. */
static bool is_name_reserved(const char *file)
{
    return strcspn(file, ".") == 3 && memcmp(file, "log", 3) == 0;
}

/* An application that asks in its manifest for more than its spawner has runs without: with what that has. */
static int spawn_once(struct spawn *spawn, process_id_t *id_out)
{
    elf_reason_t reason;

    spawn->grant.source = ACCESS_MANIFEST;
    int result = child_spawn(spawn, id_out, &reason);
    if (result == -EPERM && spawn->class == CLASS_APPLICATION) {
        spawn->grant.source = ACCESS_SAME;
        result = child_spawn(spawn, id_out, &reason);
    }
    return result;
}

/* Spawns under the first name that is free. */
static int spawn_named(const struct request *request, struct spawn *spawn, process_id_t *id_out)
{
    int result = -EAGAIN;

    spawn->class = class_of(request);
    spawn->flags = SPAWN_WATCH;
    spawn->image = request->image.bytes;
    spawn->image_size = request->image.size;
    for (uint32_t number = is_name_reserved(request->name) ? 2 : 1; number <= NAMES_TRIED; number++) {
        char name[NAME_SIZE_MAX + 1];
        name_make(request->name, number, name);
        spawn->name = name;
        spawn->name_size = (uint32_t)strlen(name);
        result = spawn_once(spawn, id_out);
        if (result != -EEXIST) {
            break;
        }
    }
    return result == -EEXIST ? -EAGAIN : result;
}

/* Of a program that is not of the C library. */
static int spawn_plain(const struct request *request, process_id_t *id_out)
{
    char packed[ARGUMENTS_SIZE_MAX];
    struct spawn spawn = { .arguments = packed };
    int count = 0;

    while (request->arguments[count] != NULL) {
        count++;
    }
    status_t status = count == 0 ? OK : arguments_pack(count - 1, request->arguments + 1, packed, sizeof packed, &spawn.arguments_size);
    return status != OK ? status_error(status) : spawn_named(request, &spawn, id_out);
}

/* Until the new process has taken its block, or is gone. */
static void await_start(struct start_header *header, process_id_t id)
{
    while (__atomic_load_n(&header->state, __ATOMIC_ACQUIRE) == START_WAITS && child_lives(id)) {
        (void)address_wait((uint32_t)&header->state, START_WAITS, clock_after(LOOK_AGAIN_NS));
    }
}

static int spawn_with_block(const struct request *request, process_id_t *id_out)
{
    struct start_descriptor descriptors[DESCRIPTORS_MAX];
    char directory[PATH_SIZE] = "/", text[START_REFERENCE_SIZE];
    struct terminal_handle own = terminal_get_own();
    struct start_contents contents = {
        request->arguments, request->environment, descriptors, 0, directory, { own.number, own.key[0], own.key[1] },
    };
    struct shared_handle shared;

    (void)path_get_directory(directory, sizeof directory);
    int count = spawn_files_pass(&request->files, descriptors);
    if (count < 0) {
        return count;
    }
    contents.descriptor_count = (uint32_t)count;
    uint32_t size = start_block_size(&contents);
    if (size == 0) {
        return -E2BIG;
    }
    status_t status = shared_create((size + PAGE_SIZE - 1) / PAGE_SIZE, &shared);
    if (status != OK) {
        return status_error(status);
    }
    start_block_write(&contents, size, (void *)shared.address);
    start_reference_write(&(struct start_reference){ shared.id, shared.key }, text);
    struct spawn spawn = { .arguments = text, .arguments_size = (uint32_t)strlen(text) + 1 };
    int result = spawn_named(request, &spawn, id_out);
    if (result == 0) {
        await_start((struct start_header *)shared.address, *id_out);
    }
    (void)shared_leave(shared.id);
    return result;
}

/* The pipes that were passed on learn that they have another member. */
static void files_look_again(const struct spawn_files *files)
{
    for (int i = 0; i < DESCRIPTORS_MAX; i++) {
        struct file *file = files->files[i];
        if (file != NULL && file->operations->ready != NULL) {
            (void)file->operations->ready(file);
        }
    }
}

static int spawn_path(const char *path, const struct __posix_spawn_file_actions *actions, struct request *request, process_id_t *id_out)
{
    const char *slash = strrchr(path, '/');

    request->name = slash == NULL ? path : slash + 1;
    int result = image_open(path, &request->image);
    if (result < 0) {
        return result;
    }
    result = spawn_files_begin(&request->files, actions);
    if (result == 0) {
        bool has_libc = image_has_libc(request->image.bytes, request->image.size);
        result = has_libc ? spawn_with_block(request, id_out) : spawn_plain(request, id_out);
    }
    if (result == 0) {
        files_look_again(&request->files);
    }
    spawn_files_end(&request->files);
    image_close(&request->image);
    return result;
}

/* Functions of <spawn.h> answer an errno. */
int posix_spawn(pid_t *restrict pid_out, const char *restrict path, const posix_spawn_file_actions_t *actions,
                const posix_spawnattr_t *restrict attributes, char *const arguments[], char *const environment[])
{
    process_id_t id;
    struct request request = {
        .attributes = attributes == NULL ? NULL : *attributes,
        .arguments = arguments == NULL ? nothing : arguments,
        .environment = environment == NULL ? nothing : environment,
    };
    int result = spawn_path(path, actions == NULL ? NULL : *actions, &request, &id);

    if (result == 0 && pid_out != NULL) {
        *pid_out = (pid_t)id;
    }
    return -result;
}

/* False: the path would be too long. An empty folder is the working directory. */
static bool path_join(const char *folder, size_t length, const char *file, char path[PATH_SIZE])
{
    if (length + strlen(file) + 2 > PATH_SIZE) {
        return false;
    }
    memcpy(path, folder, length);
    if (length > 0) {
        path[length++] = '/';
    }
    strcpy(path + length, file);
    return true;
}

int posix_spawnp(pid_t *restrict pid_out, const char *restrict file, const posix_spawn_file_actions_t *actions,
                 const posix_spawnattr_t *restrict attributes, char *const arguments[], char *const environment[])
{
    const char *folders = getenv("PATH");
    char path[PATH_SIZE];
    int result = ENOENT;

    if (strchr(file, '/') != NULL) {
        return posix_spawn(pid_out, file, actions, attributes, arguments, environment);
    }
    for (folders = folders == NULL ? DEFAULT_PATH : folders; result == ENOENT; folders++) {
        size_t length = strcspn(folders, ":");
        if (path_join(folders, length, file, path)) {
            result = posix_spawn(pid_out, path, actions, attributes, arguments, environment);
        }
        folders += length;
        if (*folders == '\0') {
            break;
        }
    }
    return result;
}
