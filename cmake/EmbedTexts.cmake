# Run with -P: writes a C++ source that defines one std::string_view a file, declared elsewhere.
#   OUTPUT     the source to write
#   HEADER     what it includes: the header with the declarations
#   NAMESPACE  of the declarations
#   FILES      the files; `a/page.css` becomes `page_css`
# A file may hold anything but the delimiter of the raw string literal, which it is searched for.
set(definitions "")
foreach(file ${FILES})
  file(READ ${file} text)
  if(text MATCHES "\\)embedded\"")
    message(FATAL_ERROR "${file} holds the delimiter of the literal that it is to be embedded in")
  endif()
  get_filename_component(name ${file} NAME)
  string(MAKE_C_IDENTIFIER ${name} name)
  string(APPEND definitions "const std::string_view ${name} = R\"embedded(${text})embedded\";\n")
endforeach()
file(WRITE ${OUTPUT}
  "// Written at build from the files that it holds.\n"
  "#include \"${HEADER}\"\n\n"
  "namespace ${NAMESPACE} {\n${definitions}}  // namespace ${NAMESPACE}\n")
