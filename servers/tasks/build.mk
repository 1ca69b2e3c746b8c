programs += tasks
tasks_sources := \
    servers/tasks/main.c \
    servers/tasks/persons.c \
    servers/tasks/session.c \
    servers/tasks/table.c \
    servers/tasks/tree.c
