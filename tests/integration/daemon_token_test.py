"""Tokens: who may do what, and no token is ever shown.

    daemon_token_test.py UNDERSTUDYD UNDERSTUDY TRACE
"""

import json
import pathlib
import shutil
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "support"))
from daemon import Daemon, endpoint, temporary_root  # noqa: E402

OPERATE = "planted-operate-token-51a7"
READ = "planted-read-token-83c2"
POOLS = [("a3-highgpu-1g", ["us-west1-b"], "spot", 1)]
READ_PATHS = ["/v1/endpoints", "/v1/events", "/v1/capacity", "/metrics",
              "/v1/version", "/v1/statistics"]
OPEN_PATHS = ["/", "/livez", "/readyz", "/openapi.json", "/docs/problems"]
WRONG = [None, "", "Bearer", "Bearer ", f"Bearer {OPERATE}x",
         f"Bearer {OPERATE[:-1]}", f"Basic {OPERATE}", OPERATE,
         f"Bearer {OPERATE} {OPERATE}", f"Bearer {OPERATE.upper()}"]


class Asking:
    def __init__(self, daemon):
        self.daemon = daemon
        self.seen = []

    def status(self, path, given, body=None):
        fields = {} if given is None else {"Authorization": given}
        status, answer, headers = self.daemon.request(path, body,
                                                      headers=fields)
        self.seen += [json.dumps(answer), str(headers)]
        if status in (401, 403):
            assert answer["reason"] in ("unauthorized", "forbidden")
        return status


def create(name):
    return {"command": f"c-{name}", "endpoint": name,
            "create": {"spec": endpoint(name, POOLS)}}


def check_access(asking):
    close = {"action": "close", "offering": {
        "instance_type": "a3-highgpu-1g", "zone": "us-west1-b",
        "market": "spot"}}
    for given in WRONG:
        for path in READ_PATHS:
            assert asking.status(path, given) == 401, (path, given)
        assert asking.status("/v1/commands", given, create("no")) == 401
        assert asking.status("/v1/capacity", given, close) == 401
        for path in OPEN_PATHS:
            assert asking.status(path, given) == 200, (path, given)
    reader, operator = f"Bearer {READ}", f"bearer {OPERATE}"
    for path in READ_PATHS:
        assert asking.status(path, reader) == 200, path
        assert asking.status(path, operator) == 200, path
    assert asking.status("/v1/commands", reader, create("no")) == 403
    assert asking.status("/v1/capacity", reader, close) == 403
    assert asking.status("/v1/commands", operator, create("yes")) == 200
    assert asking.status("/v1/capacity", operator, close) == 200
    assert asking.status("/v1/endpoints/no", operator) == 404


def main():
    understudyd, understudy, trace = sys.argv[1:]
    folder = pathlib.Path(tempfile.mkdtemp(prefix="daemon-token-",
                                           dir=temporary_root()))
    for name, token in (("operate", OPERATE), ("read", READ)):
        (folder / name).write_text(token + "\n")
        (folder / name).chmod(0o600)
    log = folder / "log"
    daemon = Daemon(understudyd, log, trace, [
        "clock.speed=600", "logging.level=debug", "api.listen=0.0.0.0:0",
        f"api.token_file={folder}/operate",
        f"api.read_token_file={folder}/read"])
    at = daemon.command.index("--listen")
    del daemon.command[at:at + 2]
    try:
        daemon.start()
        daemon.await_ready()
        asking = Asking(daemon)
        check_access(asking)
        process = pathlib.Path(f"/proc/{daemon.process.pid}")
        started_with = [(process / "cmdline").read_text(),
                        (process / "environ").read_text()]
        assert daemon.stop() == 0
        events = subprocess.run(
            [understudy, "events", "--log", log, "-o", "json"], check=True,
            capture_output=True, text=True).stdout
        assert "yes" in events and "endpoint/no" not in events
        assert '"authid":"operator-token"' in events
        assert '"authtype":"api_key"' in events
        for text in (*daemon.lines, *started_with, *asking.seen, events):
            assert "planted" not in text, text
        kept = (log / "data.mdb").read_bytes()
        assert b"planted" not in kept
        print(f"{len(asking.seen) // 2} requests, no token shown")
    finally:
        daemon.end()
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
