"""A list that comes in several pages is one list to who reads it.

    client_pages_test.py UNDERSTUDY

The daemon is a small one of this test, so that a page can be of two rows.
"""

import http.server
import json
import subprocess
import sys
import threading
import urllib.parse

NAMES = ["anna", "bert", "carl", "dora", "emil"]
ROWS = 2


class Pages(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    asked = []

    def do_GET(self):
        query = urllib.parse.parse_qs(urllib.parse.urlsplit(self.path).query)
        self.asked.append(query)
        token = query.get("continue", [""])[0]
        begin = NAMES.index(token.split("/")[1]) + 1 if token else 0
        page = NAMES[begin:begin + ROWS]
        more = begin + ROWS < len(NAMES)
        output = query["output"][0]
        if output in ("json", "yaml"):
            text = json.dumps({"kind": "EndpointList",
                               "items": [{"name": name} for name in page]})
        elif output == "name":
            text = "".join(f"endpoint/{name}\n" for name in page)
        else:
            text = "NAME\n" + "".join(f"{name}\n" for name in page)
        self.send_response(200)
        self.send_header("Content-Length", str(len(text)))
        self.send_header("Understudy-Hidden", "1")
        if more:
            self.send_header("Understudy-Continue", f"endpoint/{page[-1]}")
        self.end_headers()
        self.wfile.write(text.encode())

    def log_message(self, *_):
        pass


def read(program, port, *arguments):
    done = subprocess.run(
        [program, "get", "endpoints", "--server", f"http://127.0.0.1:{port}",
         *arguments], capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done
    return done


def main():
    program = sys.argv[1]
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Pages)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        port = server.server_port
        assert read(program, port, "-o", "name").stdout.split() == \
            [f"endpoint/{name}" for name in NAMES]
        table = read(program, port)
        assert table.stdout.split() == ["NAME", *NAMES], table
        assert "3 that ended are not shown" in table.stderr, table
        whole = json.loads(read(program, port, "-o", "json").stdout)
        assert [one["name"] for one in whole["items"]] == NAMES, whole
        assert "continue" not in whole, whole
        yaml = read(program, port, "-o", "yaml").stdout
        assert all(f'name: "{name}"' in yaml for name in NAMES), yaml
        Pages.asked.clear()
        read(program, port, "-o", "name", "--at", "0:7")
        assert all(one["at"] == ["0:7"] for one in Pages.asked), Pages.asked
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


if __name__ == "__main__":
    main()
