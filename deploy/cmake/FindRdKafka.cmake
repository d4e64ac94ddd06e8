# librdkafka's CMake package file is not in Debian's packages. Defines
# RdKafka::rdkafka, the C library.

find_package(Threads REQUIRED)
find_path(RDKAFKA_INCLUDE_DIR librdkafka/rdkafka.h)
find_library(RDKAFKA_LIBRARY rdkafka)
mark_as_advanced(RDKAFKA_INCLUDE_DIR RDKAFKA_LIBRARY)

include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(
  RdKafka REQUIRED_VARS RDKAFKA_LIBRARY RDKAFKA_INCLUDE_DIR
  REASON_FAILURE_MESSAGE "install librdkafka-dev, or run deploy/setup")

if(RdKafka_FOUND AND NOT TARGET RdKafka::rdkafka)
  add_library(RdKafka::rdkafka UNKNOWN IMPORTED GLOBAL)
  set_target_properties(
    RdKafka::rdkafka PROPERTIES IMPORTED_LOCATION ${RDKAFKA_LIBRARY}
                     INTERFACE_INCLUDE_DIRECTORIES ${RDKAFKA_INCLUDE_DIR})
  target_link_libraries(RdKafka::rdkafka INTERFACE Threads::Threads)
endif()
