# perfmodel_component(<name> [SMALL] SOURCES <file>... [DEPENDS <component>...] [PRIVATE_LIBRARIES <target>...])
#
# One object library per folder under src/. Its headers are included as "<name>/x.h", and only by components that name it
# in DEPENDS (or reach it through them): each component's include directory holds nothing but a link to its own folder, so
# an include against the arrows of docs/architecture.md fails to build.
#
# SMALL: what is built for release is optimised for size, as most of it reads, writes and checks. Files in which much is
# computed say so with perfmodel_optimise_for_speed(<file>...), in the same folder.
function(perfmodel_component name)
  cmake_parse_arguments(ARG "SMALL" "" "SOURCES;DEPENDS;PRIVATE_LIBRARIES" ${ARGN})
  set(target perfmodel_${name}_objects)
  set(include_root ${PROJECT_BINARY_DIR}/component_includes/${name})
  file(MAKE_DIRECTORY ${include_root})
  file(CREATE_LINK ${CMAKE_CURRENT_SOURCE_DIR} ${include_root}/${name} SYMBOLIC)

  add_library(${target} OBJECT ${ARG_SOURCES})
  set_target_properties(${target} PROPERTIES POSITION_INDEPENDENT_CODE ON CXX_VISIBILITY_PRESET hidden
                                             C_VISIBILITY_PRESET hidden VISIBILITY_INLINES_HIDDEN ON
                                             CXX_EXTENSIONS OFF)
  if(ARG_SMALL)
    target_compile_options(${target} PRIVATE $<$<CONFIG:Release>:-Os>)
  endif()
  target_include_directories(${target} PUBLIC ${PROJECT_SOURCE_DIR}/include ${PROJECT_BINARY_DIR}/include ${include_root})
  target_link_libraries(${target} PRIVATE $<BUILD_INTERFACE:perfmodel_dev_flags> ${ARG_PRIVATE_LIBRARIES})
  foreach(dependency IN LISTS ARG_DEPENDS)
    target_include_directories(${target} PUBLIC
      $<TARGET_PROPERTY:perfmodel_${dependency}_objects,INTERFACE_INCLUDE_DIRECTORIES>)
    add_dependencies(${target} perfmodel_${dependency}_objects)
  endforeach()
endfunction()

function(perfmodel_optimise_for_speed)
  set_source_files_properties(${ARGN} PROPERTIES COMPILE_OPTIONS $<$<CONFIG:Release>:-O3>)
endfunction()

# perfmodel_library(<name> COMPONENTS <component>... [PUBLIC_LIBRARIES <target>...] [PRIVATE_LIBRARIES <target>...])
#
# One installed library made from components, with the alias perfmodel::<name>.
function(perfmodel_library name)
  cmake_parse_arguments(ARG "" "" "COMPONENTS;PUBLIC_LIBRARIES;PRIVATE_LIBRARIES" ${ARGN})
  set(objects)
  foreach(component IN LISTS ARG_COMPONENTS)
    list(APPEND objects $<TARGET_OBJECTS:perfmodel_${component}_objects>)
  endforeach()
  add_library(${name} ${objects})
  set_target_properties(${name} PROPERTIES VERSION ${PROJECT_VERSION} LINKER_LANGUAGE CXX
                                           SOVERSION ${PROJECT_VERSION_MAJOR}.${PROJECT_VERSION_MINOR})
  target_include_directories(${name} PUBLIC $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/include>
                                            $<BUILD_INTERFACE:${PROJECT_BINARY_DIR}/include>
                                            $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>)
  target_compile_features(${name} PUBLIC cxx_std_17)
  perfmodel_link(${name} PUBLIC ${ARG_PUBLIC_LIBRARIES} PRIVATE ${ARG_PRIVATE_LIBRARIES})
endfunction()

# perfmodel_c_library(<name> SOURCES <file>... [PUBLIC_LIBRARIES <target>...] [PRIVATE_LIBRARIES <target>...])
#
# One installed shim with a C API: exports what <name>.symbols lists and nothing else.
function(perfmodel_c_library name)
  cmake_parse_arguments(ARG "" "" "SOURCES;PUBLIC_LIBRARIES;PRIVATE_LIBRARIES" ${ARGN})
  string(REGEX MATCH "^[0-9]+" major ${PERFMODEL_C_API_VERSION})
  add_library(${name} ${ARG_SOURCES})
  set_target_properties(${name} PROPERTIES VERSION ${PERFMODEL_C_API_VERSION} SOVERSION ${major} CXX_EXTENSIONS OFF
                                           POSITION_INDEPENDENT_CODE ON CXX_VISIBILITY_PRESET hidden
                                           VISIBILITY_INLINES_HIDDEN ON)
  target_compile_options(${name} PRIVATE $<$<CONFIG:Release>:-Os>)
  target_include_directories(${name} PUBLIC $<BUILD_INTERFACE:${CMAKE_CURRENT_SOURCE_DIR}>
                                            $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>)
  perfmodel_link(${name} PUBLIC ${ARG_PUBLIC_LIBRARIES} PRIVATE ${ARG_PRIVATE_LIBRARIES})

  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${name}.symbols)
  file(STRINGS ${name}.symbols symbols REGEX "^[a-z]")
  list(JOIN symbols ";\n    " symbols)
  set(version_script ${CMAKE_CURRENT_BINARY_DIR}/${name}.map)
  file(CONFIGURE OUTPUT ${version_script} @ONLY CONTENT [[
PERFMODEL_C_@major@ {
  global:
    @symbols@;
  local: *;
};
]])
  target_link_options(${name} PRIVATE -Wl,--version-script=${version_script})
  set_property(TARGET ${name} APPEND PROPERTY LINK_DEPENDS ${version_script})
endfunction()

# perfmodel_link(<name> PUBLIC <target>... PRIVATE <target>...)
#
# Links an installed library and gives it its alias. A shared library keeps its private libraries to itself; users of a
# static one must link them too, so the export names them. Header-only ones are given as $<BUILD_INTERFACE:x>.
function(perfmodel_link name)
  cmake_parse_arguments(ARG "" "" "PUBLIC;PRIVATE" ${ARGN})
  add_library(perfmodel::${name} ALIAS ${name})
  set_target_properties(${name} PROPERTIES INSTALL_RPATH $ORIGIN INSTALL_RPATH_USE_LINK_PATH ON)
  target_link_libraries(${name} PUBLIC ${ARG_PUBLIC} PRIVATE $<BUILD_INTERFACE:perfmodel_dev_flags>)
  foreach(library IN LISTS ARG_PRIVATE)
    if(BUILD_SHARED_LIBS)
      set(library $<BUILD_INTERFACE:${library}>)
    endif()
    target_link_libraries(${name} PRIVATE ${library})
  endforeach()
  target_link_options(${name} PRIVATE -Wl,--exclude-libs,ALL)
  if(NOT PERFMODEL_SANITIZE)
    target_link_options(${name} PRIVATE -Wl,--no-undefined)
  endif()
endfunction()
