/* spawn: starts a program that goes on by itself, away from the terminal. */
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <ternion/process.h>
#include <ternion/syscall.h>
#include <ternion/system.h>

#include "apps/command/command.h"
#include "apps/command/output.h"

static const char help[] =
    "usage: spawn [-c CLASS] [-n NAME] [-m KB] [-p COUNT] PROGRAM [ARGUMENT]...\n"
    "Starts a program away from the terminal, and tells the ID of its process: what it writes goes to the log, and it has no input. It is\n"
    "a file with its path, or else in one of the directories of PATH.\n"
    "  -c CLASS  application, server or driver: that of the session's shell, or a weaker one\n"
    "  -m KB     it and what it starts may use so much memory together\n"
    "  -n NAME   of the process, without a prefix; if nothing is said, the file's\n"
    "  -p COUNT  it and what it starts may be so many processes\n";

static struct spawn spawn = { .grant = { .source = ACCESS_MANIFEST } };

static process_class_t read_class(const char *name)
{
    for (process_class_t class = 0; class < CLASS_COUNT; class++) {
        if (strcmp(class_name(class), name) == 0) {
            return class;
        }
    }
    command_misused("-c: %s is no class: application, server, driver are", name);
}

static void read_options(void)
{
    spawn.class = process_page()->class;
    for (int letter; (letter = command_option()) != 0;) {
        switch (letter) {
        case 'c': spawn.class = read_class(command.value); break;
        case 'm': spawn.grant.limits[RESOURCE_FRAMES] = (uint32_t)(command_number(command.value, UINT32_MAX, "-m") * 1024 / PAGE_SIZE); break;
        case 'n': spawn.name = command.value; break;
        case 'p': spawn.grant.limits[RESOURCE_PROCESSES] = (uint32_t)command_number(command.value, UINT32_MAX, "-p"); break;
        }
    }
}

/* The path of a program: as it is if it has a slash, else the first that is there. NULL: none is. */
static char *find_program(const char *name)
{
    const char *folders = getenv("PATH"), *end;
    struct stat about;

    if (strchr(name, '/') != NULL) {
        return command_copy(name);
    }
    for (folders = folders != NULL ? folders : "/boot/bin"; *folders != '\0'; folders = *end == ':' ? end + 1 : end) {
        end = folders + strcspn(folders, ":");
        char *copy = command_copy(folders);
        copy[end - folders] = '\0';
        char *path = command_path(copy, name);
        free(copy);
        if (stat(path, &about) == 0 && S_ISREG(about.st_mode)) {
            return path;
        }
        free(path);
    }
    return NULL;
}

/* Reads the image whole. False: that was said. */
static bool read_image(const char *path)
{
    struct stat about;
    int file = open(path, O_RDONLY);

    if (file < 0 || fstat(file, &about) < 0) {
        command_errno(path);
        return false;
    }
    char *image = command_memory((size_t)about.st_size + 1);
    size_t size = 0;
    for (ssize_t count = 1; count > 0 && size < (size_t)about.st_size; size += (size_t)count) {
        count = read(file, image + size, (size_t)about.st_size - size);
        if (count < 0) {
            command_errno(path);
            return false;
        }
    }
    (void)close(file);
    spawn.image = image;
    spawn.image_size = (uint32_t)size;
    return true;
}

static void start(const char *path)
{
    static char packed[ARGUMENTS_SIZE_MAX];
    elf_reason_t reason;
    process_id_t id;

    if (arguments_pack(command.count - 1, command.operands + 1, packed, sizeof packed, &spawn.arguments_size) != OK) {
        command_error("the arguments have more than %u bytes", ARGUMENTS_SIZE_MAX);
        return;
    }
    spawn.arguments = packed;
    if (spawn.name == NULL) {
        spawn.name = command_last_part(path);
    }
    spawn.name_size = (uint32_t)strlen(spawn.name);
    status_t status = process_spawn(&spawn, &id, &reason);
    if (status == NOT_ALLOWED && spawn.class == CLASS_APPLICATION) {
        spawn.grant.source = ACCESS_SAME;        /* it asks for more than this session has, and runs without */
        status = process_spawn(&spawn, &id, &reason);
    }
    if (status == NOT_ALLOWED) {
        command_error("%s: not permitted: this session may not start programs of that class or name", path);
    } else if (status == EXISTS) {
        command_error("%s: a process with this name runs already: -n gives another", spawn.name);
    } else if (status == BAD_IMAGE) {
        command_error("%s: is not a program: %s", path, elf_reason_meaning(reason));
    } else if (status != OK) {
        command_status(path, status);
    } else {
        output_format("%u\n", (unsigned)id);
    }
}

int main(int argc, char **argv)
{
    command_begin(argc, argv, "+c:m:n:p:", help);
    read_options();
    command_expect(1, 1000000);
    char *path = find_program(command.operands[0]);
    if (path == NULL) {
        command_error("%s: is in none of the directories of PATH", command.operands[0]);
    } else if (read_image(path)) {
        start(path);
    }
    return command_end();
}
