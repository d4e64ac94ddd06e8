# What is installed where, and the Debian package made of it by cpack.
# Places are absolute where Debian fixes them: these rules are the package's.

# The thread sanitizer builds no programs.
if(NOT TARGET understudyd)
  return()
endif()

set(deploy ${CMAKE_CURRENT_SOURCE_DIR}/deploy)
set(shared share/understudy)
set(documentation share/doc/understudy)

# --- programs ---------------------------------------------------------------

install(TARGETS understudy RUNTIME DESTINATION bin)
install(TARGETS understudyd understudy-gateway RUNTIME DESTINATION sbin)
foreach(program understudy understudyd understudy-gateway)
  # Everything is bound at the start, and then read-only.
  target_link_options(${program} PRIVATE LINKER:-z,relro,-z,now)
endforeach()

# --- service ----------------------------------------------------------------

install(FILES ${deploy}/understudyd.yaml ${deploy}/understudy-gateway.yaml
        DESTINATION /etc/understudy)
install(FILES ${deploy}/systemd/understudyd.service
              ${deploy}/systemd/understudy-gateway.service
        DESTINATION lib/systemd/system)
install(FILES ${deploy}/systemd/understudy.sysusers
        DESTINATION lib/sysusers.d RENAME understudy.conf)

# --- shared data ------------------------------------------------------------

install(FILES ${deploy}/scenarios/main.yaml ${deploy}/scenarios/scarce.yaml
        DESTINATION ${shared}/scenarios)
install(DIRECTORY ${deploy}/scenarios/data/
        DESTINATION ${shared}/scenarios/data
        FILES_MATCHING PATTERN "*.capacity" PATTERN "*.load")
foreach(folder prometheus grafana)
  if(IS_DIRECTORY ${deploy}/${folder})
    install(DIRECTORY ${deploy}/${folder} DESTINATION ${shared}
            FILES_MATCHING PATTERN "*.yml" PATTERN "*.yaml" PATTERN "*.json"
            PATTERN "*_test.*" EXCLUDE PATTERN "test*" EXCLUDE)
  endif()
endforeach()

# --- documentation ----------------------------------------------------------

# gzip -n leaves out name and time, so that the same text is the same bytes.
set(compressed ${CMAKE_BINARY_DIR}/package)
file(MAKE_DIRECTORY ${compressed})
function(understudy_compressed source name)
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${source})
  execute_process(COMMAND gzip -9nc ${source}
                  OUTPUT_FILE ${compressed}/${name}.gz
                  COMMAND_ERROR_IS_FATAL ANY)
endfunction()

understudy_compressed(${deploy}/package/changelog changelog)
install(FILES ${compressed}/changelog.gz DESTINATION ${documentation})
foreach(page understudy.1 understudyd.8 understudyd.yaml.5
             understudy-gateway.8)
  understudy_compressed(${deploy}/man/${page} ${page})
  cmake_path(GET page EXTENSION LAST_ONLY section)
  string(SUBSTRING ${section} 1 1 section)
  install(FILES ${compressed}/${page}.gz DESTINATION share/man/man${section})
endforeach()
install(FILES ${deploy}/package/copyright ${deploy}/README.md
        DESTINATION ${documentation})
install(FILES ${deploy}/scenarios/data/README.md
        DESTINATION ${documentation} RENAME recorded_data.md)
install(FILES ${deploy}/examples/chat.yaml ${deploy}/examples/local.yaml
              ${deploy}/examples/catalogue.yaml ${deploy}/examples/gateway.yaml
              ${deploy}/systemd/api-token.conf
              ${deploy}/systemd/processes.conf
        DESTINATION ${documentation}/examples)

install(FILES ${deploy}/completions/understudy.bash
        DESTINATION share/bash-completion/completions RENAME understudy)
install(FILES ${deploy}/completions/understudy.zsh
        DESTINATION share/zsh/vendor-completions RENAME _understudy)
install(FILES ${deploy}/completions/understudy.fish
        DESTINATION share/fish/vendor_completions.d)

# --- package ----------------------------------------------------------------

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME understudy)
set(CPACK_PACKAGE_VERSION ${PROJECT_VERSION})
# An address that can belong to nobody; cpack -D CPACK_PACKAGE_CONTACT=...
# names whoever builds the package for others.
set(CPACK_PACKAGE_CONTACT
    "The Understudy authors <authors@understudy.invalid>")
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS
    OWNER_READ OWNER_WRITE OWNER_EXECUTE
    GROUP_READ GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION admin)
set(CPACK_DEBIAN_PACKAGE_PRIORITY optional)
set(CPACK_DEBIAN_COMPRESSION_TYPE xz)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_DEPENDS
    "systemd | systemd-standalone-sysusers | systemd-sysusers")
set(CPACK_DEBIAN_PACKAGE_RECOMMENDS "haproxy (>= 2.6)")
set(CPACK_DEBIAN_PACKAGE_SUGGESTS "prometheus")
file(READ ${deploy}/package/description description)
string(STRIP "${description}" CPACK_DEBIAN_PACKAGE_DESCRIPTION)
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
foreach(file conffiles postinst prerm postrm)
  list(APPEND CPACK_DEBIAN_PACKAGE_CONTROL_EXTRA ${deploy}/package/${file})
endforeach()
include(CPack)
