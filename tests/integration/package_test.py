#!/usr/bin/env python3
"""The Debian package, made from a build folder and installed for real.

    package_test.py SOURCE_DIR BUILD_DIR

Runs as root. The clean root to install into is made once with debootstrap,
from the mirror that this machine itself uses, and kept in BUILD_DIR/package.
"""

import functools
import hashlib
import json
import os
import pwd
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import unittest
from pathlib import Path

import clean_root

SOURCE = Path(sys.argv[1])
BUILD = Path(sys.argv[2])
UNIT = SOURCE / "deploy" / "systemd" / "understudyd.service"
UNITS = (UNIT, UNIT.with_name("understudy-gateway.service"))
EPOCH = "1700000000"


def run(*command, **options):
    """The standard output; a failure shows all that was written."""
    done = subprocess.run(command, text=True, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, check=False, **options)
    if done.returncode != 0:
        raise AssertionError(f"{' '.join(map(str, command))}: exit code "
                             f"{done.returncode}\n{done.stdout}{done.stderr}")
    return done.stdout


def make_package(folder):
    run("cpack", "--config", str(BUILD / "CPackConfig.cmake"), "-B", folder,
        env=os.environ | {"SOURCE_DATE_EPOCH": EPOCH})
    packages = list(Path(folder).glob("*.deb"))
    assert len(packages) == 1, packages
    return packages[0]


@functools.cache
def the_package():
    folder = tempfile.TemporaryDirectory()
    unittest.addModuleCleanup(folder.cleanup)
    return make_package(folder.name)


class Package(unittest.TestCase):

    def setUp(self):
        self.package = the_package()

    def field(self, name):
        return run("dpkg-deb", "-f", str(self.package), name).strip()

    def test_lintian_finds_nothing(self):
        found = run("lintian", "--allow-root", "--fail-on=none",
                    str(self.package))
        self.assertEqual(found, "")

    def test_it_is_the_same_bytes_every_time(self):
        with tempfile.TemporaryDirectory() as folder:
            again = make_package(folder)
            self.assertEqual(again.name, self.package.name)
            digests = [hashlib.sha256(path.read_bytes()).hexdigest()
                       for path in (self.package, again)]
        self.assertEqual(digests[0], digests[1])

    def test_its_version_is_that_of_the_project(self):
        version = re.search(r"^project\(understudy VERSION (\S+)",
                            (SOURCE / "CMakeLists.txt").read_text(),
                            re.MULTILINE).group(1)
        self.assertEqual(self.field("Version"), version)
        changelog = SOURCE / "deploy" / "package" / "changelog"
        self.assertTrue(changelog.read_text().startswith(
            f"understudy ({version}) "))

    def test_what_it_needs_is_what_it_links(self):
        needed = self.field("Depends")
        for library in ("libc6", "libcaf", "liblmdb0", "libyaml-cpp",
                        "libsystemd0", "libjemalloc2",
                        "systemd | systemd-standalone"):
            self.assertIn(library, needed)

    def test_what_it_holds(self):
        listed = {line.split()[5] for line in run(
            "dpkg-deb", "-c", str(self.package)).splitlines()}
        share, doc = "./usr/share", "./usr/share/doc/understudy"
        for path in (
                "./usr/bin/understudy", "./usr/sbin/understudyd",
                "./usr/sbin/understudy-gateway",
                "./etc/understudy/understudy-gateway.yaml",
                "./usr/lib/systemd/system/understudy-gateway.service",
                "./etc/understudy/understudyd.yaml",
                "./usr/lib/systemd/system/understudyd.service",
                "./usr/lib/sysusers.d/understudy.conf",
                f"{share}/understudy/scenarios/main.yaml",
                f"{share}/understudy/scenarios/data/gcp_h100.capacity",
                f"{share}/understudy/scenarios/data/m_large.load",
                f"{share}/bash-completion/completions/understudy",
                f"{share}/zsh/vendor-completions/_understudy",
                f"{share}/fish/vendor_completions.d/understudy.fish",
                f"{share}/man/man1/understudy.1.gz",
                f"{share}/man/man5/understudyd.yaml.5.gz",
                f"{share}/man/man8/understudyd.8.gz",
                f"{share}/man/man8/understudy-gateway.8.gz",
                f"{doc}/README.md", f"{doc}/copyright", f"{doc}/changelog.gz",
                f"{doc}/examples/chat.yaml", f"{doc}/examples/api-token.conf",
                f"{doc}/examples/local.yaml",
                f"{doc}/examples/catalogue.yaml",
                f"{doc}/examples/processes.conf"):
            self.assertIn(path, listed)
        self.assertEqual([path for path in listed if "test" in path], [])

    def test_alerts_and_dashboards_are_in_it(self):
        listed = run("dpkg-deb", "-c", str(self.package))
        for folder in ("prometheus", "grafana"):
            if (SOURCE / "deploy" / folder).is_dir():
                self.assertIn(f"/usr/share/understudy/{folder}/", listed)


class Unit(unittest.TestCase):

    def test_it_is_hardened(self):
        run("systemd-analyze", "security", "--offline=true", "--threshold=20",
            "--no-pager", str(UNIT))

    def test_systemd_understands_every_line(self):
        # A key that systemd does not know is a warning and no failure.
        done = subprocess.run(
            ["systemd-analyze", "verify", "--man=no", *map(str, UNITS)],
            text=True, stderr=subprocess.PIPE, check=False)
        said = [line for line in done.stderr.splitlines()
                if "understudy" in line and "is not executable" not in line]
        self.assertEqual(said, [])

    def test_wrong_settings_are_not_tried_for_ever(self):
        # The exit code of daemon_start_test.py and gateway_kill_test.py.
        for unit in UNITS:
            self.assertIn("RestartPreventExitStatus=2",
                          unit.read_text().splitlines())


class Lines:
    """What a process writes, read as it comes so that it never waits."""

    def __init__(self, stream):
        self._lines = []
        self._changed = threading.Condition()
        self._ended = False
        threading.Thread(target=self._read, args=(stream,),
                         daemon=True).start()

    def _read(self, stream):
        for line in stream:
            with self._changed:
                self._lines.append(line)
                self._changed.notify_all()
        with self._changed:
            self._ended = True
            self._changed.notify_all()

    def find(self, pattern):
        """The first group, once a line has it; None when there is no such
        line and none comes any more."""
        with self._changed:
            at = 0
            while True:
                for at, line in enumerate(self._lines[at:], at + 1):
                    found = re.search(pattern, line)
                    if found:
                        return found.group(1)
                if self._ended:
                    return None
                self._changed.wait()

    def text(self):
        with self._changed:
            return "".join(self._lines)


class Installed(unittest.TestCase):

    def setUp(self):
        self.root = clean_root.CleanRoot(BUILD / "package", the_package())
        self.addCleanup(self.root.remove)
        shutil.copy(the_package(), self.root.path / "understudy.deb")
        self.port = ""

    def inside(self, *command):
        return run("chroot", str(self.root.path), *command,
                   env=clean_root.ENVIRONMENT)

    def exists(self, path):
        return os.path.lexists(self.root.path / path.lstrip("/"))

    def start(self):
        """The daemon as its user; returns when it listens."""
        daemon = subprocess.Popen(
            ["chroot", "--userspec=understudy:understudy", str(self.root.path),
             "/usr/sbin/understudyd",
             "--config", "/etc/understudy/understudyd.yaml",
             "--set", "clock.speed=600", "--set", "api.listen=127.0.0.1:0"],
            text=True, stderr=subprocess.PIPE, env=clean_root.ENVIRONMENT)
        self.addCleanup(daemon.stderr.close)
        self.addCleanup(daemon.wait)
        self.addCleanup(daemon.kill)
        self.lines = Lines(daemon.stderr)
        self.port = self.lines.find(r"\blistening\b.*\bport=(\d+)")
        if self.port is None:
            self.fail("the daemon ended:\n" + self.lines.text())
        return daemon

    def stop(self, daemon):
        daemon.send_signal(signal.SIGTERM)
        self.assertEqual(daemon.wait(timeout=60), 0, self.lines.text())

    def understudy(self, *arguments):
        return self.inside("understudy", *arguments, "--server",
                           f"http://127.0.0.1:{self.port}")

    def status(self):
        listed = json.loads(self.understudy("get", "endpoints", "-o", "json"))
        return {one["name"]: one["status"] for one in listed["items"]}

    def check_installed(self):
        self.inside("understudyd", "--config",
                    "/etc/understudy/understudyd.yaml", "--check-config")
        self.assertTrue(self.exists(
            "/etc/systemd/system/multi-user.target.wants/understudyd.service"))
        state = os.stat(self.root.path / "var/lib/understudy")
        user = re.search(r"^understudy:x:(\d+):(\d+):",
                         (self.root.path / "etc/passwd").read_text(),
                         re.MULTILINE)
        self.assertEqual((str(state.st_uid), str(state.st_gid)), user.groups())
        self.assertEqual(state.st_mode & 0o777, 0o700)

    def test_it_serves_and_goes(self):
        self.inside("dpkg", "-i", "--force-unsafe-io", "/understudy.deb")
        self.check_installed()
        daemon = self.start()
        self.understudy("apply", "-f",
                        "/usr/share/doc/understudy/examples/chat.yaml")
        self.understudy("wait", "endpoint", "chat", "--for",
                        "in-service,failed", "--timeout", "300s")
        self.assertEqual(self.status(), {"chat": "in-service"})
        self.stop(daemon)

        # Again over what is there, as an upgrade: the log and what the
        # administrator wrote stay.
        settings = self.root.path / "etc/understudy/understudyd.yaml"
        settings.write_text(settings.read_text() + "owner: mine\n")
        self.inside("dpkg", "-i", "--force-unsafe-io", "/understudy.deb")
        self.assertIn("owner: mine", settings.read_text())
        daemon = self.start()
        self.assertEqual(self.status(), {"chat": "in-service"})
        self.stop(daemon)

        self.inside("dpkg", "-r", "understudy")
        self.assertFalse(self.exists("/usr/sbin/understudyd"))
        self.assertTrue(settings.exists())
        self.assertTrue(self.exists("/var/lib/understudy/log/data.mdb"))
        self.inside("dpkg", "-P", "understudy")
        left = [path for path in clean_root.files_of(self.root.path)
                if "understudy" in path and path != "/understudy.deb"]
        self.assertEqual(left, [])
        self.assertEqual(self.root.in_use(), [])


if __name__ == "__main__":
    if os.geteuid() != 0:
        sys.exit("package_test.py: the package is installed into a root of its"
                 f" own; accepted: root, not {pwd.getpwuid(os.geteuid())[0]}")
    clean_root.isolate()
    unittest.main(argv=sys.argv[:1], verbosity=2)
