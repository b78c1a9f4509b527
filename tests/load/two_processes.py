"""One Glassbox and two behind a proxy, under the same crowd: `python -m tests.load.two_processes`.

The proxy is nginx (Debian's package nginx-light). It gives a new visitor to the process whose turn
it is, and names it in a cookie: what they upload and their websocket have to come to the same one.
"""

import asyncio
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from tests.browser.serve import free_port, running
from tests.load import report
from tests.load.command import arguments, load_of, measure
from tests.load.gifts import PAGES
from tests.load.servers import ADDRESS, Servers, started

# For each of two, so that they do not ask for twice the machine.
HALF = {"GLASSBOX_THREADS": "1", "GLASSBOX_SLOTS": "1"}
# Uploads pass through and are never written to a file, as nginx by itself does with larger ones.
CONFIGURATION = """
daemon off;
master_process off;
pid {folder}/pid;
error_log stderr;
events {{ worker_connections 1024; }}
http {{
    access_log off;
    client_body_temp_path {folder};
    proxy_temp_path {folder};
    fastcgi_temp_path {folder};
    uwsgi_temp_path {folder};
    scgi_temp_path {folder};
    upstream whose_turn_it_is {{
{places}
    }}
    map $cookie_place $place {{
        default whose_turn_it_is;
{cookies}
    }}
    map $http_upgrade $connection_ {{
        default upgrade;
        "" close;
    }}
    server {{
        listen {address}:{port};
        client_max_body_size 26m;
        location / {{
            proxy_pass http://$place;
            proxy_http_version 1.1;
            proxy_request_buffering off;
            proxy_max_temp_file_size 0;
            proxy_set_header Host $http_host;
            proxy_set_header Upgrade $http_upgrade;
            proxy_set_header Connection $connection_;
            proxy_read_timeout 1h;
            add_header Set-Cookie "place=$upstream_addr; Path=/; HttpOnly; SameSite=Lax";
        }}
    }}
}}
"""


@contextmanager
def behind_nginx(processes: int, settings: dict[str, str]) -> Iterator[tuple[str, Servers]]:
    """So many behind one proxy: its address, and their processes. settings: of each."""
    nginx = shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
    if nginx is None:
        raise FileNotFoundError("There is no nginx here: apt-get install nginx-light")
    with ExitStack() as stack:
        here = [stack.enter_context(started(settings=settings)) for _ in range(processes)]
        places = [url.removeprefix("http://") for url, _ in here]
        folder, port = stack.enter_context(tempfile.TemporaryDirectory()), free_port()
        written = CONFIGURATION.format(
            folder=folder,
            address=ADDRESS,
            port=port,
            places="\n".join(f"        server {place};" for place in places),
            cookies="\n".join(f'        "{place}" {place};' for place in places),
        )
        file = Path(folder, "nginx.conf")
        file.write_text(written)
        command = [nginx, "-p", folder, "-c", str(file), "-e", "stderr"]
        stack.enter_context(running(command, port, dict(os.environ)))
        yield f"http://{ADDRESS}:{port}", tuple(one for _, server in here for one in server)


def main() -> None:
    """Read the command line, measure both, print the table and the ratios."""
    parser = arguments(__doc__, (8, 32))
    parser.add_argument("--page", choices=list(PAGES), default="image_recognition")
    asked = parser.parse_args()
    load = load_of(asked, asked.page)
    print(report.table(["processes", *report.COLUMNS]), flush=True)
    found = []
    for processes, settings in ((1, {}), (2, HALF)):
        with behind_nginx(processes, settings) as (url, servers):
            crowds = measure(url, servers, load, asked.visitors, [str(processes)])
            found.append(asyncio.run(crowds))
    rows = [
        [str(one.visitors), f"{two.rate / one.rate:.2f}"] for one, two in zip(*found, strict=True)
    ]
    print(f"\n{report.table(('visitors', 'answers/s of two, times those of one'), rows)}")


if __name__ == "__main__":
    main()
