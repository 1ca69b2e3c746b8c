programs += pci
pci_sources := drivers/pci/main.c drivers/pci/configuration.c drivers/pci/function.c drivers/pci/resource.c drivers/pci/image.c \
               drivers/pci/supervisor.c drivers/pci/driver.c
