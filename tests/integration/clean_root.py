"""A clean Debian to install a package into.

The base is made once by debootstrap, with the packages that the package needs
but without it, and kept; each CleanRoot is a copy of it.
"""

import hashlib
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

ENVIRONMENT = {
    "PATH": "/usr/sbin:/usr/bin:/sbin:/bin",
    "LC_ALL": "C.UTF-8",
    "DEBIAN_FRONTEND": "noninteractive",
}


def isolate():
    """Goes on with mounts and processes of its own, where that is allowed, so
    that nothing of either outlives this program however it ends."""
    if "UNDERSTUDY_ISOLATED" in os.environ:
        return
    unshare = ["unshare", "--mount", "--pid", "--fork", "--mount-proc",
               "--kill-child"]
    allowed = subprocess.run([*unshare, "true"], stderr=subprocess.DEVNULL,
                             check=False).returncode == 0
    if allowed:
        os.environ["UNDERSTUDY_ISOLATED"] = "1"
        os.execvp("unshare", [*unshare, sys.executable, "-B", *sys.argv])


def _output(*command):
    return subprocess.run(command, text=True, check=True,
                          stdout=subprocess.PIPE).stdout


def mirror():
    """Codename and address of the Debian that this machine installs from."""
    codename = re.search(r"^VERSION_CODENAME=(\w+)",
                         Path("/etc/os-release").read_text(),
                         re.MULTILINE).group(1)
    rows = [line.split("|") for line in _output(
        "apt-get", "indextargets", "--format",
        "$(ORIGIN)|$(RELEASE)|$(COMPONENT)|$(REPO_URI)",
        "Created-By: Packages").splitlines()]
    # The origin is known once the lists have been fetched.
    found = [row[3] for origin in ("Debian", "") for row in rows
             if row[:3] == [origin, codename, "main"]]
    if not found:
        raise AssertionError(f"/etc/apt names no mirror of Debian {codename}; "
                             "accepted: one with the component main")
    return codename, found[0]


def _needed(package):
    """The packages that it depends on, of alternatives the first."""
    depends = _output("dpkg-deb", "-f", str(package), "Depends")
    provided = _provided()
    names = (one.split()[0] for one in depends.split(","))
    return sorted({provided.get(name, name) for name in names})


def _provided():
    """Virtual packages, which debootstrap does not know, and who is one."""
    text = _output("dpkg-query", "-W", "-f", "${Package}\t${Provides}\n")
    provided = {}
    for line in text.splitlines():
        name, virtual = line.split("\t")
        for one in virtual.split(","):
            if one.strip():
                provided[one.split()[0]] = name
    for line in text.splitlines():
        provided.pop(line.split("\t")[0], None)
    return provided


def _make_base(folder, names):
    codename, address = mirror()
    key = hashlib.sha256(" ".join([codename, *names]).encode()).hexdigest()
    base = folder / f"base-{key[:12]}"
    if base.is_dir():
        return base
    for old in folder.glob("base-*"):
        shutil.rmtree(old)
    partial = folder / "partial"
    shutil.rmtree(partial, ignore_errors=True)
    proxy = _output("apt-config", "shell", "proxy", "Acquire::http::Proxy")
    proxy = re.match(r"proxy='(.+)'", proxy)
    environment = dict(os.environ)
    if proxy:
        environment.setdefault("http_proxy", proxy.group(1))
    log = folder / "debootstrap.txt"
    with log.open("w") as out:
        made = subprocess.run(
            ["debootstrap", "--variant=minbase",
             "--include=" + ",".join(names), codename, str(partial), address],
            stdout=out, stderr=subprocess.STDOUT, env=environment, check=False)
    if made.returncode != 0:
        raise AssertionError("debootstrap failed: " + log.read_text()[-2000:])
    shutil.rmtree(partial / "var/cache/apt/archives")
    partial.rename(base)
    return base


def files_of(root):
    """Every path below it, as one inside would write it."""
    for folder, folders, names in os.walk(root):
        for name in folders + names:
            yield "/" + os.path.relpath(os.path.join(folder, name), root)


class CleanRoot:

    def __init__(self, folder, package):
        folder.mkdir(exist_ok=True)
        base = _make_base(folder, _needed(package))
        self.path = folder / "root"
        self.remove()
        subprocess.run(["cp", "-a", "--reflink=auto", str(base),
                        str(self.path)], check=True)

    def in_use(self):
        """What is mounted below it, and who runs in it."""
        mounts = [line.split()[1] for line in
                  Path("/proc/mounts").read_text().splitlines()]
        found = [one for one in mounts if one.startswith(f"{self.path}/")]
        for process in Path("/proc").glob("[0-9]*"):
            try:
                if os.readlink(process / "root") == str(self.path):
                    found.append(process.name)
            except OSError:
                continue  # It has ended.
        return found

    def remove(self):
        if self.path.is_dir():
            # Never into what is mounted from elsewhere.
            assert not self.in_use(), self.in_use()
            shutil.rmtree(self.path)
