# gimbal_embed(TARGET HEADER header NAMESPACE namespace FILES file...)
#
# Compiles files into a target as string views; a changed file rebuilds it. See EmbedTexts.cmake.
function(gimbal_embed target)
  cmake_parse_arguments(EMBED "" "HEADER;NAMESPACE" "FILES" ${ARGN})
  set(script ${CMAKE_SOURCE_DIR}/cmake/EmbedTexts.cmake)
  set(output ${CMAKE_CURRENT_BINARY_DIR}/${target}_embedded.cpp)
  list(TRANSFORM EMBED_FILES PREPEND ${CMAKE_CURRENT_SOURCE_DIR}/)
  add_custom_command(
    OUTPUT ${output}
    COMMAND ${CMAKE_COMMAND} -DOUTPUT=${output} -DHEADER=${EMBED_HEADER} -DNAMESPACE=${EMBED_NAMESPACE}
            "-DFILES=${EMBED_FILES}" -P ${script}
    DEPENDS ${EMBED_FILES} ${script}
    VERBATIM)
  target_sources(${target} PRIVATE ${output})
endfunction()
