# The shell's portable parts: they run on the host, too, with tests/host/shell/ in place of what only this system has.
shell_parts := $(addprefix apps/shell/, \
    memory.c sort.c stack.c utf8.c alias.c lexer.c word.c dollar.c input.c parser.c simple.c compound.c unparse.c unparse_word.c \
    shell.c variables.c parameters.c options.c pattern.c fields.c pathnames.c arithmetic.c expand.c expand_parameter.c \
    output.c redirection.c here.c functions.c trap.c interrupt.c execute.c control.c command.c pipeline.c substitution.c \
    jobs.c jobs_background.c job.c program.c state.c history.c script.c \
    builtins.c builtin_control.c builtin_variables.c builtin_getopts.c builtin_output.c builtin_test.c builtin_read.c builtin_jobs.c \
    builtin_names.c builtin_help.c line.c keys.c view.c completion.c search.c editor.c prompt.c interactive.c main.c)

shared_programs += shell
shell_sources := $(shell_parts) $(addprefix apps/shell/,system.c console.c)

# It is in memory twice in every session: small goes before fast.
$(foreach source,$(shell_sources),$(eval flags/$(source) = $$(small_flags)))
