programs += hello_server
hello_server_sources := servers/hello/main.c
