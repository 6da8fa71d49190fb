# The target `headers`: every header of the tree compiled alone, and included twice, so that each brings what it needs.
# Not part of `all`; ./test and .ci/run ask for it.
file(GLOB_RECURSE headers CONFIGURE_DEPENDS RELATIVE ${CMAKE_SOURCE_DIR}/src ${CMAKE_SOURCE_DIR}/src/gimbal/*.hpp)
set(units "")
foreach(header ${headers})
  set(unit ${CMAKE_BINARY_DIR}/headers/${header}.cpp)
  file(CONFIGURE OUTPUT ${unit} CONTENT "#include \"${header}\"\n#include \"${header}\"\n")
  list(APPEND units ${unit})
endforeach()
add_library(headers OBJECT EXCLUDE_FROM_ALL ${units})
target_link_libraries(headers PRIVATE gimbal_flags fmt::fmt)
