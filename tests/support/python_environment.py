"""Goes on in the Python environment of the tests, made when it is missing."""

import os
import pathlib
import subprocess
import sys


def inside(source, folder):
    """Runs this program again with the packages that the tests need.

    source: the root of the repository; folder: where the environment is kept.
    """
    made = subprocess.run(
        [str(pathlib.Path(source) / "tests/support/venv"), folder],
        stdout=subprocess.PIPE, text=True)
    if made.returncode != 0:
        sys.exit(made.returncode)
    wanted = made.stdout.strip()
    # The interpreter is a link to the one that runs already.
    if os.path.abspath(sys.executable) != os.path.abspath(wanted):
        os.execv(wanted, [wanted, "-B", *sys.argv])
