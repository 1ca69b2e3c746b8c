/* Built-in commands about names, places, and the shell itself. */
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "alias.h"
#include "builtins.h"
#include "execute.h"
#include "fields.h"
#include "functions.h"
#include "history.h"
#include "output.h"
#include "parser.h"
#include "program.h"
#include "shell.h"
#include "trap.h"
#include "unparse.h"
#include "variables.h"

/* ---- type, command ---- */

static void output_alias(const struct alias *alias)
{
    struct text text = TEXT_EMPTY(&shell.scratch);

    unparse_string(alias->text, &text);
    output_format("alias %s=", alias->name);
    output_bytes(text.bytes, text.size);
    output("\n");
}

/* command -v: what would be run, as one word or line. */
static int tell_briefly(const char *name)
{
    const struct alias *alias = alias_find(name);

    if (alias != NULL) {
        output_alias(alias);
        return 0;
    }
    const char *path = is_reserved(name) || function_find(name) != NULL || builtin_find(name) != NULL ? name : program_find(name);
    if (path == NULL) {
        return STATUS_NOT_FOUND;
    }
    output(path);
    output("\n");
    return 0;
}

static void tell_function(const struct function *function)
{
    output_format("%s is a function:\n%s() ", function->name, function->name);
    output(function->text);
    output("\n");
}

static bool tell_own(const char *name)
{
    const struct alias *alias = alias_find(name);
    const struct function *function = function_find(name);

    if (alias != NULL) {
        output_format("%s is an alias: ", name);
        output_alias(alias);
    } else if (is_reserved(name)) {
        output_format("%s is a word of the shell's language\n", name);
    } else if (function != NULL) {
        tell_function(function);
    } else if (builtin_find(name) != NULL) {
        output_format("%s is a command of the shell\n", name);
    } else {
        return false;
    }
    return true;
}

/* A program that the shell has a command for, too, is told as well. */
int builtin_type(int count, char **arguments)
{
    int status = 0;

    for (int i = 1; i < count; i++) {
        bool is_own = tell_own(arguments[i]);
        const char *path = is_reserved(arguments[i]) ? NULL : program_find(arguments[i]);
        if (path != NULL) {
            output_format("%s %s\n", is_own ? "and there is the program" : "it is the program", path);
        } else if (!is_own) {
            complain("type: %s: there is none of that name", arguments[i]);
            status = 1;
        }
    }
    return status;
}

int builtin_command(int count, char **arguments)
{
    uint32_t letters;
    int at = builtin_options(count, arguments, "vVp", &letters), status = 0;

    if (at < 0 || at == count) {
        return at < 0 ? STATUS_MISTAKE : 0;
    }
    if ((letters & 2) != 0) {
        return builtin_type(count - at + 1, arguments + at - 1);
    }
    if ((letters & 1) == 0) {
        return execute_arguments(count - at, arguments + at, true, true);
    }
    for (; at < count; at++) {
        int one = tell_briefly(arguments[at]);
        status = one != 0 ? one : status;
    }
    return status;
}

/* ---- hash, umask ---- */

static void output_remembered(const char *name, const char *path)
{
    output(name);
    output("\t");
    output(path);
    output("\n");
}

int builtin_hash(int count, char **arguments)
{
    uint32_t letters;
    int at = builtin_options(count, arguments, "r", &letters), status = 0;

    if (at < 0) {
        return STATUS_MISTAKE;
    }
    if (letters != 0) {
        programs_forget();
    } else if (at == count) {
        programs_remembered(output_remembered);
    }
    for (; at < count; at++) {
        bool is_own = function_find(arguments[at]) != NULL || builtin_find(arguments[at]) != NULL;
        if (!is_own && program_find(arguments[at]) == NULL) {
            complain("hash: %s: there is no program of that name", arguments[at]);
            status = 1;
        }
    }
    return status;
}

/* 022, or u=rwx,go-w: what scripts of other systems ask for. */
static bool is_mask(const char *text)
{
    size_t digits = strspn(text, "01234567");

    return *text != '\0' && (text[digits] == '\0' ? digits <= 4 : strspn(text, "ugoa=+-rwxXst,") == strlen(text));
}

int builtin_umask(int count, char **arguments)
{
    bool by_letters = count > 1 && strcmp(arguments[1], "-S") == 0;
    int at = by_letters ? 2 : 1;

    at += at < count && strcmp(arguments[at], "--") == 0;
    if (at == count) {
        output(by_letters ? "u=rwx,g=rwx,o=rwx\n" : "0000\n");
        return 0;
    }
    if (at + 1 < count || !is_mask(arguments[at])) {
        return builtin_usage("umask");
    }
    return 0;
}

/* ---- alias ---- */

int builtin_alias(int count, char **arguments)
{
    int status = 0;

    for (const struct alias *alias = aliases_first(); count == 1 && alias != NULL; alias = alias->next) {
        output_alias(alias);
    }
    for (int i = 1; i < count; i++) {
        size_t length = strcspn(arguments[i], "=");
        const struct alias *alias = alias_find(arguments[i]);
        bool is_name = length > 0 && strcspn(arguments[i], " \t\n'\"\\$`<>&|;()/") >= length;
        if (arguments[i][length] == '=' && is_name) {
            alias_set(arena_copy(&shell.scratch, arguments[i], length), arguments[i] + length + 1);
        } else if (alias != NULL) {
            output_alias(alias);
        } else {
            complain("alias: %s: there is no alias of that name", arguments[i]);
            status = 1;
        }
    }
    return status;
}

int builtin_unalias(int count, char **arguments)
{
    uint32_t letters;
    int at = builtin_options(count, arguments, "a", &letters), status = 0;

    if (at < 0) {
        return STATUS_MISTAKE;
    }
    if ((letters & 1) != 0) {
        aliases_remove_all();
    }
    for (; at < count; at++) {
        if (!alias_remove(arguments[at])) {
            complain("unalias: %s: there is no alias of that name", arguments[at]);
            status = 1;
        }
    }
    return status;
}

/* ---- cd ---- */

int builtin_cd(int count, char **arguments)
{
    char path[PATH_MAX];
    uint32_t letters;
    int at = count > 1 && strcmp(arguments[1], "-") == 0 ? 1 : builtin_options(count, arguments, "LP", &letters);

    if (at < 0) {
        return STATUS_MISTAKE;
    }
    const char *target = at < count ? arguments[at] : variable_value("HOME");
    bool goes_back = at < count && strcmp(target, "-") == 0;

    if (count > at + 1) {
        return builtin_usage("cd");
    }
    if (goes_back) {
        target = variable_value("OLDPWD");
    }
    if (target == NULL) {
        complain("cd: %s is not set", goes_back ? "OLDPWD" : "HOME");
        return 1;
    }
    const char *before = getcwd(path, sizeof path) == NULL ? NULL : arena_copy(&shell.scratch, path, strlen(path));
    if (chdir(target) < 0) {
        complain("cd: %s: %s", target, error_text(errno));
        return 1;
    }
    if (before != NULL) {
        (void)variable_set("OLDPWD", before);
    }
    if (getcwd(path, sizeof path) != NULL) {
        (void)variable_set("PWD", path);
    }
    if (goes_back) {
        output_format("%s\n", path);
    }
    return 0;
}

/* ---- history, trap ---- */

int builtin_history(int count, char **arguments)
{
    const char *line;

    if (count > 1 && strcmp(arguments[1], "-c") == 0) {
        history_clear();
        return 0;
    }
    if (count > 1) {
        return builtin_usage("history");
    }
    for (unsigned i = history_count(); i > 0; i--) {
        line = history_line(i);
        output_format("%5u  ", history_count() - i + 1);
        output(line);
        output("\n");
    }
    return 0;
}

static int show_traps(void)
{
    for (enum trap trap = 0; trap < TRAP_COUNT; trap++) {
        const char *action = trap_action(trap);
        if (action != NULL) {
            struct text text = TEXT_EMPTY(&shell.scratch);
            unparse_string(action, &text);
            output("trap -- ");
            output_bytes(text.bytes, text.size);
            output_format(" %s\n", trap_name(trap));
        }
    }
    return 0;
}

int builtin_trap(int count, char **arguments)
{
    int at = count > 1 && strcmp(arguments[1], "--") == 0 ? 2 : 1, status = 0;
    enum trap trap;

    if (count <= at) {
        return show_traps();
    }
    const char *action = arguments[at];
    if (trap_find(action, &trap)) {             /* trap EXIT: as it was */
        action = NULL;
        at--;
    } else if (strcmp(action, "-") == 0) {
        action = NULL;
    }
    for (at++; at < count; at++) {
        if (trap_find(arguments[at], &trap)) {
            trap_set(trap, action);
        } else {
            complain("trap: %s: there are EXIT and INT; no signal comes from outside", arguments[at]);
            status = 1;
        }
    }
    return status;
}
