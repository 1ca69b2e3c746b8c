/* What stands above files and processes: commands, trees, paths from directories, what file systems do not have. */
#include "check.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <limits.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/uio.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <unistd.h>

#define PATH "/tmp/libc-more"

/* The machine is booted without a shell, and with one that is this program: what child.c makes of `-c`. */
static void test_commands(void)
{
    char line[32];

    if (system(NULL) == 0) {
        CHECK(WEXITSTATUS(system("echo")) == 127);
        CHECK(popen("echo", "r") == NULL && errno == ENOENT);
        return;
    }
    CHECK(WEXITSTATUS(system("exit 3")) == 3);
    FILE *stream = popen("say word", "r");
    CHECK(stream != NULL && fgets(line, sizeof line, stream) != NULL && strcmp(line, "word\n") == 0 && fgetc(stream) == EOF);
    CHECK(WEXITSTATUS(pclose(stream)) == 0);
    FILE *first = popen("sum 0", "w"), *second = popen("exit 7", "re");
    CHECK(first != NULL && second != NULL && fputs("\1\2\3", first) >= 0);
    CHECK(WEXITSTATUS(pclose(second)) == 7 && WEXITSTATUS(pclose(first)) == 6);
    CHECK(popen("say word", "rw") == NULL && errno == EINVAL);
    CHECK_ERROR(pclose(stdout), ECHILD);
}

static void test_temporary_files(void)
{
    char name[] = "/tmp/libc-XXXXXX", bytes[8];
    int file = mkstemp(name);
    FILE *stream = tmpfile();

    CHECK(file >= 0 && strcmp(name, "/tmp/libc-XXXXXX") != 0 && write(file, "x", 1) == 1 && close(file) == 0 && unlink(name) == 0);
    CHECK(stream != NULL && fputs("kept", stream) >= 0 && fseek(stream, 0, SEEK_SET) == 0 && fgets(bytes, 8, stream) != NULL);
    CHECK(strcmp(bytes, "kept") == 0 && fclose(stream) == 0);
}

static int visited, deepest, directories;

static int visit(const char *path, const struct stat *description, int type, struct FTW *place)
{
    visited++;
    deepest = place->level > deepest ? place->level : deepest;
    directories += type == FTW_DP && S_ISDIR(description->st_mode);
    CHECK(strcmp(path + place->base, "b") != 0 || place->level == 2);
    return type == FTW_DP ? rmdir(path) : unlink(path);
}

static int visit_until(const char *path, const struct stat *description, int type)
{
    (void)description, (void)type;
    return strstr(path, "text") != NULL ? 42 : 0;
}

static void test_trees(void)
{
    CHECK(mkdir(PATH, 0777) == 0 && mkdir(PATH "/a", 0777) == 0 && mkdir(PATH "/a/b", 0777) == 0);
    CHECK(close(creat(PATH "/a/b/c", 0666)) == 0 && close(creat(PATH "/d", 0666)) == 0);
    CHECK(nftw(PATH, visit, 1, FTW_DEPTH | FTW_PHYS) == 0 && visited == 5 && deepest == 3 && directories == 3);
    CHECK_ERROR(access(PATH, F_OK), ENOENT);
    CHECK(ftw("/boot", visit_until, 5) == 42);
    CHECK_ERROR(ftw("/none", visit_until, 5), ENOENT);
}

static void test_paths(void)
{
    char path[PATH_MAX], bytes[8];
    int directory = open("/boot/test", O_RDONLY | O_DIRECTORY), tmp = open("/tmp", O_RDONLY);
    int file = openat(directory, "text.txt", O_RDONLY);
    struct stat description;

    CHECK(file >= 0 && read(file, bytes, 5) == 5 && memcmp(bytes, "first", 5) == 0 && close(file) == 0);
    CHECK(fstatat(directory, "text.txt", &description, 0) == 0 && S_ISREG(description.st_mode));
    CHECK(faccessat(directory, "../test/a1", R_OK, 0) == 0 && faccessat(AT_FDCWD, "/boot", R_OK, 0) == 0);
    CHECK_ERROR(mkdirat(tmp, "none/.", 0777), ENOENT);
    CHECK_ERROR(mkdirat(tmp, "none/.//", 0777), ENOENT);
    CHECK_ERROR(mkdirat(tmp, ".", 0777), EEXIST);
    CHECK_ERROR(unlinkat(tmp, "test/..", AT_REMOVEDIR), EINVAL);
    CHECK(mkdirat(tmp, "d", 0777) == 0 && renameat(tmp, "d", tmp, "e") == 0 && unlinkat(tmp, "e/", AT_REMOVEDIR) == 0);
    CHECK_ERROR(openat(directory, "a1/", O_RDONLY), ENOTDIR);
    CHECK_ERROR(openat(0, "a1", O_RDONLY), ENOTDIR);
    CHECK_ERROR(openat(50, "a1", O_RDONLY), EBADF);
    CHECK(fchdir(directory) == 0 && realpath("../test/./a1", path) == path && strcmp(path, "/boot/test/a1") == 0 && chdir("/") == 0);
    CHECK(realpath("/boot/none", NULL) == NULL && errno == ENOENT);
    CHECK(close(directory) == 0 && close(tmp) == 0);
    CHECK_ERROR(link("/boot/test/a1", PATH), EPERM);
    CHECK_ERROR(readlink("/boot/test/a1", path, sizeof path), EINVAL);
    CHECK(chmod("/boot/test/a1", 0555) == 0 && chown("/boot", 0, -1) == 0);
    CHECK_ERROR(chmod("/boot/test/a1", 0644), EPERM);
    CHECK_ERROR(chown("/boot", 1, -1), EPERM);
}

static void test_pieces(void)
{
    char bytes[8] = "";
    struct iovec out[] = { { (char[]){ 'a', 'b' }, 2 }, { NULL, 0 }, { (char[]){ 'c', 'd', 'e' }, 3 } };
    struct iovec in[] = { { bytes, 1 }, { bytes + 4, 2 } };
    int file = open(PATH, O_RDWR | O_CREAT, 0666);

    CHECK(writev(file, out, 3) == 5 && lseek(file, 0, SEEK_SET) == 0 && readv(file, in, 2) == 3 && memcmp(bytes, "a\0\0\0bc", 6) == 0);
    CHECK(readv(file, in, 2) == 2 && bytes[0] == 'd' && bytes[4] == 'e' && readv(file, in, 2) == 0);
    CHECK_ERROR(readv(file, in, 0), EINVAL);
    CHECK(close(file) == 0 && unlink(PATH) == 0);
}

static void test_system(void)
{
    struct statvfs tmp, boot;
    struct utsname name;
    struct rusage usage;

    CHECK(statvfs("/tmp", &tmp) == 0 && tmp.f_blocks > 0 && tmp.f_bfree <= tmp.f_blocks && (tmp.f_flag & ST_RDONLY) == 0);
    CHECK(statvfs("/boot/test", &boot) == 0 && (boot.f_flag & ST_RDONLY) != 0 && boot.f_fsid != tmp.f_fsid);
    CHECK(pathconf("/", _PC_NAME_MAX) == 255 && uname(&name) == 0 && strcmp(name.sysname, "Ternion") == 0 && name.release[0] >= '0');
    CHECK(getrusage(RUSAGE_SELF, &usage) == 0 && usage.ru_utime.tv_sec >= 0);
    sync();
}

static void *try_lock(void *result)
{
    *(int *)result = ftrylockfile(stdout);
    return NULL;
}

static void test_stream_locks(void)
{
    pthread_t thread;
    int result = 0;

    flockfile(stdout);
    CHECK(ftrylockfile(stdout) == 0);
    CHECK(pthread_create(&thread, NULL, try_lock, &result) == 0 && pthread_join(thread, NULL) == 0 && result != 0);
    funlockfile(stdout);
    funlockfile(stdout);
}

void test_more(void)
{
    test_commands();
    test_temporary_files();
    test_trees();
    test_paths();
    test_pieces();
    test_system();
    test_stream_locks();
}
