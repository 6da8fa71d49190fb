# The target `headers`: every header that no source of its name includes first, compiled alone and twice, so that each
# brings what it needs. The others are proven by their sources, which tools/tidy.py holds to it. Not part of `all`;
# ./test and .ci/run ask for it.
file(GLOB_RECURSE headers CONFIGURE_DEPENDS RELATIVE ${CMAKE_SOURCE_DIR}/src ${CMAKE_SOURCE_DIR}/src/gimbal/*.hpp)
set(units "")
foreach(header ${headers})
  string(REGEX REPLACE "\\.hpp$" ".cpp" source ${header})
  if(NOT EXISTS ${CMAKE_SOURCE_DIR}/src/${source})
    set(unit ${CMAKE_BINARY_DIR}/headers/${header}.cpp)
    file(CONFIGURE OUTPUT ${unit} CONTENT "#include \"${header}\"\n#include \"${header}\"\n")
    list(APPEND units ${unit})
  endif()
endforeach()
add_library(headers OBJECT EXCLUDE_FROM_ALL ${units})
target_link_libraries(headers PRIVATE gimbal_flags fmt::fmt)
