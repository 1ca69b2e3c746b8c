/* The part of the start that is the program's own, not the library's: what the library cannot know. */
#include "libc/note.h"
#include "libc/start.h"

/* The spawner knows by it that this program takes a block (libc/image.c). */
LIBC_NOTE;

int main(int argument_count, char **arguments, char **environment);

/* They lie as libos/program.ld says. */
extern bound_function_t *const constructors_first[], *const constructors_end[], *const destructors_first[], *const destructors_end[];

int program_run(int argument_count, char **arguments)
{
    static const struct program program = {
        main, constructors_first, constructors_end, destructors_first, destructors_end,
    };

    libc_start(&program, argument_count, arguments);
}
