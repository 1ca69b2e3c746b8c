programs += virtual
virtual_sources := drivers/virtual/main.c drivers/virtual/options.c drivers/virtual/image.c drivers/virtual/ram_disk.c \
                   drivers/virtual/stream.c
