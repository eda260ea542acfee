# guardrails_embed(target file header namespace symbol): makes a file's bytes part of a target, as a C++ source that is
# generated when CMake runs: no assembler directive, no linker option and no path at run time, so it works the same with
# every compiler, in a static library and in an installed package. The header declares namespace::symbol as
# `extern const std::string_view`.
function(guardrails_embed target file header namespace symbol)
  get_filename_component(name ${file} NAME)
  set(source ${PROJECT_BINARY_DIR}/embedded/${symbol}.cpp)
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${file})
  if(${file} IS_NEWER_THAN ${source} OR ${CMAKE_CURRENT_FUNCTION_LIST_FILE} IS_NEWER_THAN ${source})
    file(READ ${file} bytes HEX)
    file(SIZE ${file} size)
    string(REGEX REPLACE "([0-9a-f][0-9a-f])" "\\\\x\\1" bytes "${bytes}")
    # One literal, in lines that people's tools can bear.
    string(REPEAT "[^\n]" 240 line)
    string(REGEX REPLACE "(${line})" "\\1\"\n\"" bytes "${bytes}")
    file(WRITE ${source} "// Generated from ${name}.\n#include \"${header}\"\n\n"
                         "#pragma GCC diagnostic ignored \"-Woverlength-strings\"\n\n"
                         "alignas(64) static constexpr char bytes[] =\n\"${bytes}\";\n\n"
                         "const std::string_view ${namespace}::${symbol}{bytes, ${size}};\n")
  endif()
  target_sources(${target} PRIVATE ${source})
endfunction()
