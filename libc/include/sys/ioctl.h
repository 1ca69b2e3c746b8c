/* ioctl, of which there is what programs for terminals use. */
#pragma once

#include <sys/cdefs.h>

__BEGIN_DECLS

struct winsize {
    unsigned short ws_row;
    unsigned short ws_col;
    unsigned short ws_xpixel;  /* 0: not known */
    unsigned short ws_ypixel;
};

#define TIOCGWINSZ 0x5413U     /* struct winsize *: rows and columns of a terminal */
#define TIOCFLUSH 0x5414U      /* drops what was typed and not read */

/* errno: EBADF; ENOTTY: it is no terminal, or the request is another. */
int ioctl(int descriptor, unsigned long request, ...);

__END_DECLS
