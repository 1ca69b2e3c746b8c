# find_package(Ternion): a target to link with, for projects that ask for what they use. The compiler driver finds headers and
# libraries by itself, so it adds nothing; that it is there says that this is Ternion.
get_filename_component(Ternion_SDK "${CMAKE_CURRENT_LIST_DIR}/../../.." ABSOLUTE)
if(NOT CMAKE_SYSTEM_NAME STREQUAL Ternion)
    set(Ternion_FOUND FALSE)
    set(Ternion_NOT_FOUND_MESSAGE "use -DCMAKE_TOOLCHAIN_FILE=${Ternion_SDK}/share/cmake/ternion-toolchain.cmake")
elseif(NOT TARGET Ternion::ternion)
    add_library(Ternion::ternion INTERFACE IMPORTED)
endif()
