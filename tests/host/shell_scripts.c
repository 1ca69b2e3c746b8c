/*
 * The shell, on the host: the scripts in tests/shell print what dash prints for them, another shell by other people. With
 * arguments this program is the shell itself: the scripts run it, and subshells do.
 */
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "test.h"

/* The shell's own is called so here: see build.mk. */
#undef main
int shell_main(int count, char **arguments);

#define OTHER "/bin/dash"
#define SECONDS_MAX 60U
#define OUTPUT_MAX 0x10000U
#define PATH_SIZE 400

static char folder[] = "/tmp/ternion-shell-XXXXXX";
static char own_path[PATH_SIZE];

/* Runs a shell with arguments in a folder of its own; what it writes to standard output, and its status behind that. */
static char *output_of(const char *shell, const char *const arguments[])
{
    static char output[2][OUTPUT_MAX + 32];
    static unsigned which;
    char *text = output[which++ % 2];
    char place[PATH_SIZE];
    int ends[2], status;
    size_t used = 0;
    ssize_t size;

    snprintf(place, sizeof place, "%s/in", folder);
    (void)mkdir(place, 0700);
    CHECK(pipe(ends) == 0);
    pid_t child = fork();
    if (child == 0) {
        char *const environment[] = { "PATH=/bin", "HOME=/home", "ASAN_OPTIONS=detect_leaks=0", NULL };
        int nothing = open("/dev/null", O_RDWR);
        (void)!chdir(place);
        alarm(SECONDS_MAX);
        dup2(nothing, 0);
        dup2(ends[1], 1);
        dup2(nothing, 2);
        close(ends[0]);
        close(ends[1]);
        execve(shell, (char *const *)arguments, environment);
        _exit(127);
    }
    close(ends[1]);
    while (used < OUTPUT_MAX && (size = read(ends[0], text + used, OUTPUT_MAX - used)) > 0) {
        used += (size_t)size;
    }
    close(ends[0]);
    CHECK(waitpid(child, &status, 0) == child);
    snprintf(text + used, 32, "status %d\n", WIFEXITED(status) ? WEXITSTATUS(status) : 1000 + WTERMSIG(status));
    char clean[PATH_SIZE + 16];
    snprintf(clean, sizeof clean, "rm -rf '%s'", place);
    CHECK(system(clean) == 0);
    return text;
}

/* The first line that differs. */
static void compare(const char *name, const char *text, const char *other)
{
    for (unsigned line = 1; *text != '\0' || *other != '\0'; line++) {
        size_t size = strcspn(text, "\n"), other_size = strcspn(other, "\n");
        if (size != other_size || memcmp(text, other, size) != 0) {
            FAIL("%s, line %u of the output: \"%.*s\", and dash says \"%.*s\"", name, line, (int)size, text, (int)other_size, other);
        }
        text += size + (text[size] == '\n');
        other += other_size + (other[other_size] == '\n');
    }
}

static void scripts_print_what_another_shell_prints(void)
{
    DIR *directory = opendir(SHELL_SCRIPTS);
    unsigned count = 0;

    CHECK(directory != NULL);
    for (const struct dirent *entry; (entry = readdir(directory)) != NULL;) {
        if (strstr(entry->d_name, ".sh") == NULL) {
            continue;
        }
        char path[PATH_SIZE];
        snprintf(path, sizeof path, "%s/%s", SHELL_SCRIPTS, entry->d_name);
        const char *const arguments[] = { "shell", path, NULL };
        const char *other = output_of(OTHER, arguments);
        compare(entry->d_name, output_of(own_path, arguments), other);
        count++;
    }
    closedir(directory);
    CHECK(count >= 12);
}

/* What a text prints, or begins to print; NULL: that is not asked. */
static void expect(const char *text, const char *expected)
{
    const char *const arguments[] = { "shell", "-c", text, "name", "one", "two words", NULL };
    const char *output = output_of(own_path, arguments);

    if (strcmp(output, expected) != 0) {
        FAIL("%s prints \"%s\", not \"%s\"", text, output, expected);
    }
}

static void arguments_and_statuses_are_those_of_posix(void)
{
    expect("echo $0 $# \"$2\"; exit 5", "name 2 two words\nstatus 5\n");
    expect("nothing-of-that-name 2>/dev/null", "status 127\n");
    expect("/etc 2>/dev/null", "status 126\n");
    expect("/etc/passwd 2>/dev/null", "status 126\n");
    expect("sh -c 'kill -9 $$' 2>/dev/null; echo $?", "137\nstatus 0\n");
    expect("echo a\necho b; if; echo c", "a\nstatus 2\n");
    expect("trap 'echo end' EXIT; echo body; exit 3", "body\nend\nstatus 3\n");
    expect("set -e; trap 'echo end $?' EXIT; false; echo no", "end 1\nstatus 1\n");
    expect("x=${unset?}; echo no", "status 2\n");
    expect("", "status 0\n");
}

static void commands_that_posix_has_not_thus_do_what_is_promised(void)
{
    expect("umask; umask -S; umask 022; umask u=rwx,go= && umask", "0000\nu=rwx,g=rwx,o=rwx\n0000\nstatus 0\n");
    expect("umask 99 2>/dev/null", "status 2\n");
    expect("hash -r; hash; hash cat cd; hash; hash -r; cat /dev/null; hash; PATH=/; hash; hash cat 2>/dev/null",
           "cat\t/bin/cat\ncat\t/bin/cat\nstatus 1\n");
    expect("sleep 3 | { read -t 0.2 x; echo $?; }", "142\nstatus 0\n");
    expect("{ printf 'a b'; sleep 3; } | { read -t1 x y; echo \"$? $x $y\"; }", "142 a b\nstatus 0\n");
    expect("echo one | { sleep 0.3; read -t 0; echo $?; read -r -t 5 -p '' x; echo \"$? $x\"; read -t 1.5 x; echo \"$? $x\"; }",
           "0\n0 one\n1 \nstatus 0\n");
    expect("sleep 1 | { read -t 0; echo $?; }", "1\nstatus 0\n");
    expect("read -t x y 2>/dev/null", "status 2\n");
    expect("read -p 2>/dev/null", "status 2\n");
    expect("echo a | { read -rx y; echo $?; } 2>/dev/null", "2\nstatus 0\n");
}

static void mistakes_are_told_with_place_and_help(void)
{
    expect("{ nothing; } 2>&1", "name: line 1: nothing: no such program; type help for what there is\nstatus 127\n");
    expect("exec 2>&1\necho 'a", "name: line 2: the quote ' is not closed\nstatus 2\n");
    expect("exec 2>&1\n\nfi", "name: line 3: fi instead of a command\nstatus 2\n");
    expect("exec 2>&1\nif true; then echo", "name: line 2: the end instead of fi\nstatus 2\n");
    expect("exec 2>&1; cat < none", "name: line 1: none: there is none of that name\nstatus 1\n");
    expect("exec 2>&1; /etc", "name: line 1: /etc: it is a directory; type cd /etc to go there\nstatus 126\n");
    expect("exec 2>&1; cd none", "name: line 1: cd: none: there is none of that name\nstatus 1\n");
    expect("exec 2>&1; echo $((1/0)); echo no", "name: line 1: $((1/0)): it divides by zero\nstatus 2\n");
    expect("exec 2>&1; set -u; echo $none; echo no", "name: line 1: none: the variable is not set\nstatus 2\n");
    expect("exec 2>&1; kill %3", "name: line 1: %3: there is no such job; type jobs for those that there are\nstatus 1\n");
    expect("exec 2>&1; type : nothing-such eval", ": is a command of the shell\nname: line 1: type: nothing-such: there is none of that name\n"
           "eval is a command of the shell\nstatus 1\n");
    expect("exec 2>&1; x=$(type : nothing-such); echo \"$x\"", "name: line 1: type: nothing-such: there is none of that name\n"
           ": is a command of the shell\nstatus 0\n");
    expect("exec 2>&1; sh -c 'kill -11 $$'", "name: line 1: sh: ended by a fault: it used memory that is not its own\nstatus 139\n");
}

static void what_is_nested_too_deeply_is_refused(void)
{
    expect("f() { f; }; f 2>/dev/null; echo no", "status 2\n");
    expect("x=$(i=0; while [ $i -lt 20000 ]; do echo -n '('; i=$((i+1)); done); (eval \"$x\") 2>/dev/null; echo $?", "2\nstatus 0\n");
    expect("x=$(i=0; while [ $i -lt 20000 ]; do echo -n '-'; i=$((i+1)); done); (echo $((${x}1))) 2>/dev/null; echo $?", "2\nstatus 0\n");
    expect("f() { if [ $1 -gt 0 ]; then f $(($1-1)); else echo done; fi; }; f 100", "done\nstatus 0\n");
}

/* Variables, functions, options: all that a part of the work needs that another process does. */
static void subshells_know_what_the_shell_knows(void)
{
    expect("x='a  b'; readonly r=1; (echo \"$x\"; r=2; echo no) 2>/dev/null; echo $?", "a  b\n2\nstatus 0\n");
    expect("f() { echo \"f $1\"; }; g() { f \"$@\"; }; (g 'x y'); echo z | g q", "f x y\nf q\nstatus 0\n");
    expect("set -- a 'b c'; (echo $#: \"$2\"); echo \"$@\" | cat", "2: b c\na b c\nstatus 0\n");
    expect("a=$$; (echo $(($$ == $a))); [ \"$(echo $$)\" = $a ] && echo same", "1\nsame\nstatus 0\n");
    expect("false; (echo $?)", "1\nstatus 0\n");
    expect("alias say='echo said'\n(say x); say y | cat", "said x\nsaid y\nstatus 0\n");
    expect("f() { cat <<E\n$1 'q' \"r\"\nE\n}\n(f a; f b) | cat", "a 'q' \"r\"\nb 'q' \"r\"\nstatus 0\n");
    expect("IFS=:; (set -- $(echo a:b); echo $#)", "2\nstatus 0\n");
    expect("set -f; (echo *); set +f", "*\nstatus 0\n");
    expect("x=1; (x=2; y=3); echo $x ${y-unset}", "1 unset\nstatus 0\n");
}

static void memory_does_not_grow_with_the_rounds_of_a_loop(void)
{
    expect("m() { while read a b c; do [ \"$a\" = VmRSS: ] && echo $b; done < /proc/self/status; }\n"
           "w() { i=0; while [ $i -lt $1 ]; do x=\"a$i b c\"; set -- $1 $x; case $x in a*) y=${x%c};; esac; f() { :; }; f; "
           "i=$((i + 1)); done; }\n"
           "w 2000; a=$(m); w 20000; b=$(m); [ $((b - a)) -lt 2000 ] && echo fine || echo $a $b", "fine\nstatus 0\n");
}

static const struct test tests[] = {
    TEST(scripts_print_what_another_shell_prints),
    TEST(arguments_and_statuses_are_those_of_posix),
    TEST(commands_that_posix_has_not_thus_do_what_is_promised),
    TEST(mistakes_are_told_with_place_and_help),
    TEST(what_is_nested_too_deeply_is_refused),
    TEST(subshells_know_what_the_shell_knows),
    TEST(memory_does_not_grow_with_the_rounds_of_a_loop),
};

int main(int argc, char **argv)
{
    if (argc > 1) {
        return shell_main(argc, argv);
    }
    ssize_t size = readlink("/proc/self/exe", own_path, sizeof own_path - 1);
    if (size <= 0 || mkdtemp(folder) == NULL) {
        return 1;
    }
    int result = tests_run(tests, sizeof tests / sizeof tests[0]);
    (void)rmdir(folder);
    return result;
}
