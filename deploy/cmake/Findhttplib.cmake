# cpp-httplib installs no CMake package file. Defines httplib::httplib, the
# compiled library. It was built with TLS, on which the layout of its classes
# depends: whoever includes its header must say so too. It was built with
# compression as well, which changes nothing that its header shows others.

find_package(OpenSSL QUIET)
find_package(Threads REQUIRED)
find_path(HTTPLIB_INCLUDE_DIR httplib.h)
find_library(HTTPLIB_LIBRARY cpp-httplib)
mark_as_advanced(HTTPLIB_INCLUDE_DIR HTTPLIB_LIBRARY)

include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(
  httplib REQUIRED_VARS HTTPLIB_LIBRARY HTTPLIB_INCLUDE_DIR OPENSSL_FOUND
  REASON_FAILURE_MESSAGE
    "install libcpp-httplib-dev and libssl-dev, or run deploy/setup")

if(httplib_FOUND AND NOT TARGET httplib::httplib)
  add_library(httplib::httplib UNKNOWN IMPORTED GLOBAL)
  set_target_properties(
    httplib::httplib PROPERTIES
    IMPORTED_LOCATION ${HTTPLIB_LIBRARY}
    INTERFACE_INCLUDE_DIRECTORIES ${HTTPLIB_INCLUDE_DIR})
  target_compile_definitions(
    httplib::httplib INTERFACE CPPHTTPLIB_OPENSSL_SUPPORT)
  target_link_libraries(
    httplib::httplib INTERFACE OpenSSL::SSL OpenSSL::Crypto Threads::Threads)
endif()
