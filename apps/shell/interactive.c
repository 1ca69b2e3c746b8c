#include "interactive.h"

#include "shell.h"

int interactive_run(const char *terminal)
{
    complain("%s: not yet", terminal);
    return 1;
}
