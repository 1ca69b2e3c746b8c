/*
 * The reader: a program of the C library that claims the terminal of its first argument, and tells there what the library makes of it
 * while somebody types. It spawns itself, from /boot/reader, with standard files that lead elsewhere.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/select.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include <ternion/libc.h>

#define SECOND_MS 1000
#define PATIENT_MS 60000

static char path[] = "/boot/reader";

static void read_lines(void)
{
    char line[100];

    while (fgets(line, sizeof line, stdin) != NULL) {
        line[strcspn(line, "\n")] = '\0';
        printf("line \"%s\"\n", line);
        if (strcmp(line, "enough") == 0) {
            return;
        }
    }
    printf("end of input: %s\n", feof(stdin) ? "yes" : strerror(errno));
    clearerr(stdin);
}

static void tell_what_it_is(void)
{
    struct winsize size;
    struct termios settings;
    struct stat description;

    ioctl(STDIN_FILENO, TIOCGWINSZ, &size);
    tcgetattr(STDIN_FILENO, &settings);
    fstat(STDOUT_FILENO, &description);
    printf("isatty %d, %s, %d columns, canonical %d, echo %d, a device of characters %d\n", isatty(STDIN_FILENO), ttyname(STDIN_FILENO),
           size.ws_col, (settings.c_lflag & ICANON) != 0, (settings.c_lflag & ECHO) != 0, S_ISCHR(description.st_mode));
}

/* poll and select see a finished line, and nothing before. */
static void wait_for_input(void)
{
    struct pollfd descriptor = { .fd = STDIN_FILENO, .events = POLLIN };
    fd_set set;
    char line[100];

    int before = poll(&descriptor, 1, 10);
    printf("poll %d\n", before);
    int after = poll(&descriptor, 1, PATIENT_MS);
    FD_ZERO(&set);
    FD_SET(STDIN_FILENO, &set);
    int selected = select(STDIN_FILENO + 1, &set, NULL, NULL, &(struct timeval){ 1, 0 });
    ssize_t got = read(STDIN_FILENO, line, sizeof line);
    printf("then %d, %d, %d bytes\n", after, selected, (int)got);
    fcntl(STDIN_FILENO, F_SETFL, O_RDWR | O_NONBLOCK);
    got = read(STDIN_FILENO, line, sizeof line);
    printf("without blocking: %d, %s\n", (int)got, strerror(errno));
    fcntl(STDIN_FILENO, F_SETFL, O_RDWR);
}

/* Raw mode: bytes one by one, also without waiting. */
static void read_raw(void)
{
    struct termios before, settings;
    char bytes[10];

    tcgetattr(STDIN_FILENO, &before);
    settings = before;
    cfmakeraw(&settings);
    tcsetattr(STDIN_FILENO, TCSAFLUSH, &settings);
    printf("raw\n");
    ssize_t got = read(STDIN_FILENO, bytes, sizeof bytes);
    printf("%d bytes, the first %02x\n", (int)got, bytes[0]);
    settings.c_cc[VMIN] = 0;
    settings.c_cc[VTIME] = 1;
    tcsetattr(STDIN_FILENO, TCSAFLUSH, &settings);
    got = read(STDIN_FILENO, bytes, sizeof bytes);
    printf("with VTIME: %d bytes\n", (int)got);
    tcsetattr(STDIN_FILENO, TCSANOW, &before);
}

static void spawn_child(void)
{
    char name[] = "reader", option[] = "-";
    char *arguments[] = { name, option, NULL };
    posix_spawn_file_actions_t actions;
    pid_t pid;
    int status = -1;

    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
    int error = posix_spawn(&pid, path, &actions, NULL, arguments, environ);
    if (error == 0) {
        waitpid(pid, &status, 0);
    }
    posix_spawn_file_actions_destroy(&actions);
    printf("child: %s, ended with %d\n", strerror(error), WEXITSTATUS(status));
}

/* Its standard error is the terminal; /dev/tty is, too. It leaves it in raw mode. */
static int be_child(void)
{
    FILE *terminal = fopen("/dev/tty", "r+");
    struct termios settings;
    char line[100] = "";

    if (terminal == NULL) {
        fprintf(stderr, "no /dev/tty: %s\n", strerror(errno));
        return 1;
    }
    fprintf(stderr, "child: isatty %d %d %d\n", isatty(0), isatty(1), isatty(2));
    fputs("a line for the child:\n", terminal);
    fflush(terminal);
    fgets(line, sizeof line, terminal);
    line[strcspn(line, "\n")] = '\0';
    fprintf(stderr, "child got \"%s\"\n", line);
    tcgetattr(STDERR_FILENO, &settings);
    cfmakeraw(&settings);
    tcsetattr(STDERR_FILENO, TCSANOW, &settings);
    return strcmp(line, "tea") == 0 ? 42 : 2;
}

int main(int argc, char **argv)
{
    if (argc > 1 && strcmp(argv[1], "-") == 0) {
        return be_child();
    }
    int wrong = libc_terminal("nowhere");
    int wrong_errno = errno;
    int descriptor = libc_terminal(argv[1]);
    for (int i = 0; i <= STDERR_FILENO; i++) {
        dup2(descriptor, i);
    }
    printf("%d %s\n", wrong, strerror(wrong_errno));
    tell_what_it_is();
    printf("prompt> ");
    read_lines();
    wait_for_input();
    read_raw();
    spawn_child();
    read_lines();
    printf("done\n");
    for (;;) {
        sleep(1000);
    }
}
