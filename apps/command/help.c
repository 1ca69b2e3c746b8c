#include "apps/command/help.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

void help_if_asked(int argc, char **argv, const char *help)
{
    if (argc == 2 && strcmp(argv[1], "--help") == 0) {
        (void)write(STDOUT_FILENO, help, strlen(help));
        exit(0);
    }
}
