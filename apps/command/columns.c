#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "apps/command/output.h"

#define COLUMNS_USUAL 80
#define COLUMNS_MAX 1000

int output_columns(void)
{
    const char *said = getenv("COLUMNS");
    int columns = said == NULL ? 0 : atoi(said);

    if (columns > 0 && columns <= COLUMNS_MAX) {
        return columns;
    }
    struct winsize size;
    if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) {
        return size.ws_col;
    }
    return isatty(STDOUT_FILENO) ? COLUMNS_USUAL : 0;
}
