# guardrails_embed(target file header namespace symbol): makes a file's bytes part of a target, as a C++ source that is
# generated when CMake runs: no assembler directive, no linker option and no path at run time, so it works the same with
# every compiler, in a static library and in an installed package. The header declares namespace::symbol as
# `extern const std::string_view`.
function(guardrails_embed target file header namespace symbol)
  get_filename_component(name ${file} NAME)
  set(source ${PROJECT_BINARY_DIR}/embedded/${symbol}.cpp)
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${file})
  if(${file} IS_NEWER_THAN ${source} OR ${CMAKE_CURRENT_FUNCTION_LIST_FILE} IS_NEWER_THAN ${source})
    guardrails_literal(${file} literal size)
    file(WRITE ${source} "// Generated from ${name}.\n#include \"${header}\"\n\n"
                         "#pragma GCC diagnostic ignored \"-Woverlength-strings\"\n\n"
                         "alignas(64) static constexpr char bytes[] =\n${literal};\n\n"
                         "const std::string_view ${namespace}::${symbol}{bytes, ${size}};\n")
  endif()
  target_sources(${target} PRIVATE ${source})
endfunction()

# guardrails_embed_folder(target folder header namespace symbol): the same for all files of a folder. The header declares
# namespace::symbol as `extern const std::span<const embedded_file>`, and what an embedded_file is: a name and bytes.
function(guardrails_embed_folder target folder header namespace symbol)
  file(GLOB files CONFIGURE_DEPENDS ${folder}/*)
  set(source ${PROJECT_BINARY_DIR}/embedded/${symbol}.cpp)
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${files})
  get_filename_component(folder_name ${folder} NAME)
  set(arrays "")
  set(rows "")
  foreach(file ${files})
    get_filename_component(name ${file} NAME)
    string(MAKE_C_IDENTIFIER ${name} array)
    guardrails_literal(${file} literal size)
    string(APPEND arrays "static constexpr char ${array}[] =\n${literal};\n\n")
    string(APPEND rows "  {\"${name}\", {${array}, ${size}}},\n")
  endforeach()
  # Writes it only where it changes.
  file(CONFIGURE OUTPUT ${source} CONTENT "// Generated from the folder ${folder_name}.\n#include \"${header}\"\n\n\
#pragma GCC diagnostic ignored \"-Woverlength-strings\"\n\n\
${arrays}static constexpr ${namespace}::embedded_file files[] = {\n${rows}};\n\n\
const std::span<const ${namespace}::embedded_file> ${namespace}::${symbol}{files};\n" @ONLY)
  target_sources(${target} PRIVATE ${source})
endfunction()

# guardrails_literal(file literal size): a file as a string literal of C++, and its size.
function(guardrails_literal file literal size)
  file(READ ${file} bytes HEX)
  file(SIZE ${file} count)
  string(REGEX REPLACE "([0-9a-f][0-9a-f])" "\\\\x\\1" bytes "${bytes}")
  # One literal, in lines that people's tools can bear.
  string(REPEAT "[^\n]" 240 line)
  string(REGEX REPLACE "(${line})" "\\1\"\n\"" bytes "${bytes}")
  set(${literal} "\"${bytes}\"" PARENT_SCOPE)
  set(${size} ${count} PARENT_SCOPE)
endfunction()
