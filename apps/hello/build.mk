programs += hello_application
hello_application_sources := apps/hello/main.c
