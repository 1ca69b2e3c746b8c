#include "program.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "shell.h"
#include "state.h"
#include "system.h"
#include "variables.h"

#define REMEMBERED 32U
#define HEAD_SIZE 256U      /* of a file, to see whether it is text */

/* ---- Where they are ---- */

static bool is_file(const char *path)
{
    struct stat description;

    return stat(path, &description) == 0 && S_ISREG(description.st_mode);
}

/* The path itself, or with the suffix; NULL: neither is a file. */
static const char *file_of(struct text *path)
{
    if (is_file(text_string(path))) {
        return path->bytes;
    }
    text_append_string(path, PROGRAM_SUFFIX);
    return is_file(text_string(path)) ? path->bytes : NULL;
}

/* The next folder of PATH; false: there are no more. An empty one is the working directory. */
static bool next_folder(const char **at, const char **folder_out, size_t *size_out)
{
    if (*at == NULL) {
        return false;
    }
    *folder_out = *at;
    *size_out = strcspn(*at, ":");
    *at = (*at)[*size_out] == ':' ? *at + *size_out + 1 : NULL;
    return true;
}

static const char *folders(void)
{
    const char *path = variable_value("PATH");

    return path != NULL ? path : PATH_USUAL;
}

static const char *search(const char *name)
{
    const char *at = folders(), *folder;
    size_t size;

    while (next_folder(&at, &folder, &size)) {
        struct text path = TEXT_EMPTY(&shell.scratch);
        text_append(&path, folder, size);
        if (size > 0) {
            text_add(&path, '/');
        }
        text_append_string(&path, name);
        const char *found = file_of(&path);
        if (found != NULL) {
            return found;
        }
    }
    return NULL;
}

/* What was found once is there again, as long as PATH stays the same: a look at each folder is saved. */
static struct {
    char *name;
    char *path;
} remembered[REMEMBERED];
static char *remembered_folders;

static void forget(unsigned index)
{
    free(remembered[index].name);
    free(remembered[index].path);
    remembered[index].name = NULL;
    remembered[index].path = NULL;
}

void programs_forget(void)
{
    for (unsigned i = 0; i < REMEMBERED; i++) {
        forget(i);
    }
}

static void forget_of_other_folders(void)
{
    if (remembered_folders == NULL || strcmp(remembered_folders, folders()) != 0) {
        char *copy = memory_copy(folders(), strlen(folders()));
        free(remembered_folders);
        remembered_folders = copy;
        programs_forget();
    }
}

static unsigned slot_of(const char *name)
{
    unsigned sum = 0;

    forget_of_other_folders();
    for (; *name != '\0'; name++) {
        sum = sum * 31 + (unsigned char)*name;
    }
    return sum % REMEMBERED;
}

void programs_remembered(void (*take)(const char *name, const char *path))
{
    forget_of_other_folders();
    for (unsigned i = 0; i < REMEMBERED; i++) {
        if (remembered[i].name != NULL) {
            take(remembered[i].name, remembered[i].path);
        }
    }
}

static const char *search_remembered(const char *name)
{
    unsigned slot = slot_of(name);

    if (remembered[slot].name != NULL && strcmp(remembered[slot].name, name) == 0) {
        return remembered[slot].path;
    }
    const char *path = search(name);
    if (path != NULL) {
        forget(slot);
        remembered[slot].path = memory_copy(path, strlen(path));
        remembered[slot].name = memory_copy(name, strlen(name));
    }
    return path;
}

const char *program_find(const char *name)
{
    if (strchr(name, '/') == NULL) {
        return search_remembered(name);
    }
    struct text path = TEXT_EMPTY(&shell.scratch);
    text_append_string(&path, name);
    return file_of(&path);
}

/* ---- Starting them ---- */

/* The first bytes of a script, which has no NUL in them; NULL: it is none. */
static char *read_head(const char *path)
{
    char head[HEAD_SIZE];
    int descriptor = open(path, O_RDONLY);

    if (descriptor < 0) {
        return NULL;
    }
    ssize_t size = read(descriptor, head, sizeof head);
    (void)close(descriptor);
    bool is_text = size == 0 || (size > 0 && memchr(head, '\0', (size_t)size) == NULL);
    return is_text ? arena_copy(&shell.scratch, head, (size_t)size) : NULL;
}

static int spawn(const char *path, char *const *arguments, pid_t *pid_out)
{
    return posix_spawn(pid_out, path, NULL, NULL, arguments, variables_environment(&shell.scratch));
}

static int tell_why_not(const char *name, const char *path, int error)
{
    if (error == ENOEXEC) {
        complain("%s: it cannot be run: %s", name, system_image_reason(path));
    } else if (error == EAGAIN || error == ENOMEM) {
        complain("%s: there is no %s for another process; end something, and try again", name, error == ENOMEM ? "memory" : "room");
    } else if (error == EACCES) {
        complain("%s: it cannot be run: it is no program", name);
    } else {
        complain("%s: it cannot be run: %s", name, error_text(error));
    }
    return STATUS_CANNOT_RUN;
}

static int tell_not_found(const char *name)
{
    struct stat description;

    if (strchr(name, '/') == NULL) {
        complain("%s: no such program; type help for what there is", name);
    } else if (stat(name, &description) == 0 && S_ISDIR(description.st_mode)) {
        complain("%s: it is a directory; type cd %s to go there", name, name);
        return STATUS_CANNOT_RUN;
    } else {
        complain("%s: no such program", name);
    }
    return STATUS_NOT_FOUND;
}

/*
 * #! PATH ARGUMENT: what a script is run by; what stands behind the path is one argument, as everywhere. NULL: nothing is named.
 * The head is changed.
 */
static char *interpreter_of(char *head, char **argument_out)
{
    static const char blanks[] = " \t";

    if (head[0] != '#' || head[1] != '!') {
        return NULL;
    }
    char *path = head + 2 + strspn(head + 2, blanks);
    char *end = path + strcspn(path, "\n");
    while (end > path && strchr(blanks, end[-1]) != NULL) {
        end--;
    }
    *end = '\0';
    size_t length = strcspn(path, blanks);
    *argument_out = path[length] == '\0' ? NULL : path + length + strspn(path + length, blanks);
    path[length] = '\0';
    return length > 0 ? path : NULL;
}

/* Scripts of other systems have theirs elsewhere: if it is not where they say, its name is looked for in PATH. */
static const char *interpreter_find(const char *path)
{
    const char *found = program_find(path), *slash = strrchr(path, '/');

    return found != NULL || slash == NULL ? found : program_find(slash + 1);
}

static int start_by(const char *program, char *const *words, const char *path, pid_t *pid_out)
{
    int error = spawn(program, words, pid_out);

    if (error != ENOEXEC) {
        return error == 0 ? 0 : tell_why_not(path, program, error);
    }
    complain("%s: it cannot be run: %s, which its first line names, is no program", path, program);
    return STATUS_CANNOT_RUN;
}

/* PROGRAM [ARGUMENT] PATH ARGUMENTS…: by the shell, if the script does not say by what. */
static int start_script(const char *path, char *head, char *const *arguments, pid_t *pid_out)
{
    size_t count = 0, at = 0;
    char *argument = NULL, *named = interpreter_of(head, &argument);
    const char *program = named != NULL ? interpreter_find(named) : system_shell_path();

    if (program == NULL) {
        complain("%s: it cannot be run: %s, which its first line names, is not there", path, named);
        return STATUS_NOT_FOUND;
    }
    while (arguments[count] != NULL) {
        count++;
    }
    const char **words = arena_take(&shell.scratch, (count + 3) * sizeof *words);
    words[at++] = named != NULL ? named : "shell";
    if (argument != NULL) {
        words[at++] = argument;
    }
    words[at++] = path;
    memcpy(words + at, arguments + 1, count * sizeof *arguments);
    return start_by(program, (char *const *)words, path, pid_out);
}

int program_start(char *const *arguments, pid_t *pid_out)
{
    const char *name = arguments[0];

    for (unsigned attempt = 0; attempt < 2; attempt++) {
        const char *path = program_find(name);
        if (path == NULL) {
            break;
        }
        int error = spawn(path, arguments, pid_out);
        if (error == 0) {
            return 0;
        }
        char *head = error == ENOEXEC ? read_head(path) : NULL;
        if (head != NULL) {
            return start_script(path, head, arguments, pid_out);
        }
        if (error != ENOENT || strchr(name, '/') != NULL) {
            return tell_why_not(name, path, error);
        }
        forget(slot_of(name)); /* it was there, and is no more */
    }
    return tell_not_found(name);
}

int program_start_shell(const char *text, pid_t *pid_out)
{
    const char *path = system_shell_path();
    int error = spawn(path, state_arguments(text), pid_out);

    return error == 0 ? 0 : tell_why_not("another shell", path, error);
}

/* ---- All of them ---- */

static void each_in(const char *folder, void (*take)(const char *name, void *context), void *context)
{
    DIR *directory = opendir(folder);
    const struct dirent *entry;

    if (directory == NULL) {
        return;
    }
    while ((entry = readdir(directory)) != NULL) {
        size_t length = strlen(entry->d_name), suffix = sizeof PROGRAM_SUFFIX - 1;
        struct text path = TEXT_EMPTY(&shell.scratch);
        text_append_string(&path, folder);
        text_add(&path, '/');
        text_append_string(&path, entry->d_name);
        if (entry->d_name[0] == '.' || !is_file(text_string(&path))) {
            continue;
        }
        bool has_suffix = length > suffix && strcmp(entry->d_name + length - suffix, PROGRAM_SUFFIX) == 0;
        take(arena_copy(&shell.scratch, entry->d_name, has_suffix ? length - suffix : length), context);
    }
    (void)closedir(directory);
}

void programs_each(void (*take)(const char *name, void *context), void *context)
{
    const char *at = folders(), *folder;
    size_t size;

    while (next_folder(&at, &folder, &size)) {
        each_in(size == 0 ? "." : arena_copy(&shell.scratch, folder, size), take, context);
    }
}
