programs += hello_driver
hello_driver_sources := drivers/hello/main.c
