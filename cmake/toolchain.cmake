# How everything is compiled: one set of warnings (errors), sanitizers by preset, ccache and mold when present.
if(NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE Release)
endif()
find_program(VONGGAC_CCACHE ccache)
if(VONGGAC_CCACHE)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${VONGGAC_CCACHE})
endif()
find_program(VONGGAC_MOLD mold)
if(VONGGAC_MOLD)
  add_link_options(-fuse-ld=mold)
endif()

add_library(vonggac_options INTERFACE)
target_compile_options(vonggac_options INTERFACE -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wno-sign-conversion
                                                 -Wnon-virtual-dtor -Werror)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # GCC 12 warns falsely about values that coroutine frames and variants hold.
  target_compile_options(vonggac_options INTERFACE -Wno-maybe-uninitialized -Wno-mismatched-new-delete -Wno-restrict
                                                   -Wno-stringop-overflow -Wno-array-bounds -Wno-dangling-pointer)
endif()
target_include_directories(vonggac_options INTERFACE ${PROJECT_SOURCE_DIR})
target_compile_definitions(vonggac_options INTERFACE BOOST_ASIO_SEPARATE_COMPILATION BOOST_ASIO_NO_DEPRECATED
                                                     BOOST_ASIO_DISABLE_BOOST_DATE_TIME
                                                     VONGGAC_VERSION="${PROJECT_VERSION}")
# Unused functions leave the binaries: the agent's memory is counted.
target_compile_options(vonggac_options INTERFACE -ffunction-sections -fdata-sections)
add_link_options(-Wl,--gc-sections)

if(VONGGAC_SANITIZE)
  add_compile_options(-fsanitize=${VONGGAC_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  add_link_options(-fsanitize=${VONGGAC_SANITIZE})
  if(CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
    # What this check writes before every function, clang 14 cannot write before a coroutine's parts.
    add_compile_options(-fno-sanitize=function)
  endif()
  if(VONGGAC_SANITIZE MATCHES "thread")
    # GCC's thread sanitizer knows no fences and says so. Asio's stand beside its locks, which it does know.
    add_compile_definitions(BOOST_ASIO_DISABLE_FENCED_BLOCK)
  endif()
endif()
if(VONGGAC_FUZZ)
  add_compile_options(-fsanitize=fuzzer-no-link)
endif()

# Reading the headers is most of the work of the compiler: a few files of a folder compiled as one cost a third of the
# time. What two files of a folder both name in their unnamed namespaces then collides: it is a twin, or wants its own name.
option(VONGGAC_UNITY "Compile the files of a folder in batches" OFF)
if(VONGGAC_UNITY AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # GCC takes the files of a batch for headers: it would warn about members of types that only one file knows, and about
  # locals that are named as what stands in another file.
  target_compile_options(vonggac_options INTERFACE -Wno-subobject-linkage -Wno-shadow -Wshadow=local)
endif()

function(vonggac_batches target)
  set_target_properties(${target} PROPERTIES UNITY_BUILD ON UNITY_BUILD_MODE GROUP)
  foreach(source ${ARGN})
    get_filename_component(folder "${source}" DIRECTORY)
    string(MAKE_C_IDENTIFIER "in_${folder}" folder)
    math(EXPR batch "0${count_${folder}}")
    math(EXPR count_${folder} "${batch} + 1")
    math(EXPR batch "${batch} / 6")
    set_source_files_properties(${source} PROPERTIES UNITY_GROUP "${folder}_${batch}")
  endforeach()
endfunction()

# A room is a static library named vonggac_NAME with its sources and the rooms below it.
function(vonggac_room name)
  cmake_parse_arguments(ROOM "" "" "SOURCES;USES;PRIVATE" ${ARGN})
  add_library(vonggac_${name} STATIC ${ROOM_SOURCES})
  if(VONGGAC_UNITY)
    vonggac_batches(vonggac_${name} ${ROOM_SOURCES})
  endif()
  target_link_libraries(vonggac_${name} PUBLIC vonggac_options ${ROOM_USES} PRIVATE ${ROOM_PRIVATE})
endfunction()
