/* uname, gethostname: what the kernel says of itself. */
#include <errno.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <ternion/system.h>

#include "libc/result.h"

static const char NODE[] = "ternion";

/* The kernel's "Ternion 0.1" is name and release. */
int uname(struct utsname *name_out)
{
    const char *version = system_page()->version;
    size_t size = strnlen(version, sizeof system_page()->version);
    const char *space = memchr(version, ' ', size);
    size_t name_size = space == NULL ? size : (size_t)(space - version);

    memset(name_out, 0, sizeof *name_out);
    memcpy(name_out->sysname, version, name_size);
    if (space != NULL) {
        memcpy(name_out->release, space + 1, size - name_size - 1);
    }
    memcpy(name_out->version, version, size);
    strcpy(name_out->nodename, NODE);
    strcpy(name_out->machine, "i486");
    return 0;
}

int gethostname(char *name, size_t size)
{
    if (size < sizeof NODE) {
        return (int)result_or_errno(-ENAMETOOLONG);
    }
    memcpy(name, NODE, sizeof NODE);
    return 0;
}
