/* What runs before main: the arguments that the spawner gave become argc and argv. */
#include <ternion/string.h>
#include <ternion/syscall.h>
#include <ternion/system.h>

/* Called by _start (i386/start.asm) with what is to run. */
_Noreturn void start_program(int (*run)(int argc, char **argv));

static int argument_count(const char *arguments, uint32_t size)
{
    int count = 0;

    for (uint32_t i = 0; i < size; i++) {
        count += arguments[i] == '\0';
    }
    return count;
}

/* argv[0] is the name of the process. A program may write to its arguments: they are copied to its stack. */
void start_program(int (*run)(int argc, char **argv))
{
    const struct process_page *page = process_page();
    int count = 1 + argument_count(page->arguments, page->arguments_size);
    char **arguments = __builtin_alloca(((size_t)count + 1) * sizeof *arguments);
    char *text = __builtin_alloca(page->name_size + 1 + page->arguments_size);

    memcpy(text, page->name, page->name_size);
    text[page->name_size] = '\0';
    memcpy(text + page->name_size + 1, page->arguments, page->arguments_size);
    for (int i = 0; i < count; i++) {
        arguments[i] = text;
        text += strlen(text) + 1;
    }
    arguments[count] = NULL;
    process_exit((uint32_t)run(count, arguments));
}
