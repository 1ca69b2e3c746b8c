/* true, false: an exit code. */
#include <string.h>

#include "apps/command/command.h"

int main(int argc, char **argv)
{
    return argc > 0 && strcmp(command_last_part(argv[0]), "false") == 0 ? EXIT_FAILED : EXIT_DONE;
}
