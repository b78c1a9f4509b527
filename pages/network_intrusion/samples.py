"""The connections that visitors may start with: of our own making, none from a data set."""

from dataclasses import dataclass

from models.network_intrusion.schema import COLUMNS, NAMES


@dataclass(frozen=True)
class Sample:
    """A made-up connection. attack: what it was made as. told: what happens in it."""

    attack: bool
    told: str
    values: dict[str, str]


def _row(protocol: str, service: str, flag: str, **given: float) -> dict[str, str]:
    """The 41 cells; what is not given is nought."""
    words = {"protocol_type": protocol, "service": service, "flag": flag}
    unknown = given.keys() - set(NAMES)
    assert not unknown, unknown
    return {
        column.name: words.get(column.name, f"{given.get(column.name, 0):g}") for column in COLUMNS
    }


QUIET = {"same_srv_rate": 1, "dst_host_same_srv_rate": 1, "dst_host_count": 120}
UNANSWERED = dict.fromkeys(
    ("serror_rate", "srv_serror_rate", "dst_host_serror_rate", "dst_host_srv_serror_rate"), 1.0
)
REFUSED = dict.fromkeys(
    ("rerror_rate", "srv_rerror_rate", "dst_host_rerror_rate", "dst_host_srv_rerror_rate"), 1.0
)

CONNECTIONS: dict[str, Sample] = {
    "Port scan": Sample(
        True,
        "One door after another is tried, and nearly all are closed.",
        _row(
            "tcp", "other", "REJ", **REFUSED, count=430, srv_count=1, diff_srv_rate=1,
            dst_host_count=255, dst_host_srv_count=1, dst_host_diff_srv_rate=0.7,
        ),
    ),
    "Web page": Sample(
        False,
        "A browser fetches a page of 8 kB.",
        _row(
            "tcp", "http", "SF", **QUIET, src_bytes=254, dst_bytes=8_140, logged_in=1, count=6,
            srv_count=8, srv_diff_host_rate=0.25, dst_host_srv_count=255,
            dst_host_same_src_port_rate=0.01, dst_host_srv_diff_host_rate=0.03,
        ),
    ),
    "Name look-up": Sample(
        False,
        "A computer asks for the address of a name.",
        _row(
            "udp", "domain_u", "SF", **QUIET, src_bytes=44, dst_bytes=112, count=70, srv_count=72,
            srv_diff_host_rate=0.03, dst_host_srv_count=236, dst_host_diff_srv_rate=0.01,
        ),
    ),
    "Mail": Sample(
        False,
        "A mail of 1.2 kB is handed over.",
        _row(
            "tcp", "smtp", "SF", **{**QUIET, "dst_host_same_srv_rate": 0.72}, duration=1,
            src_bytes=1_240, dst_bytes=331, logged_in=1, count=1, srv_count=1,
            dst_host_srv_count=140, dst_host_diff_srv_rate=0.05, dst_host_same_src_port_rate=0.01,
        ),
    ),
    "Flood of half-open calls": Sample(
        True,
        "Hundreds of connections are begun in two seconds and none is answered: a SYN flood.",
        _row(
            "tcp", "private", "S0", **UNANSWERED, count=280, srv_count=9, same_srv_rate=0.03,
            diff_srv_rate=0.06, dst_host_count=255, dst_host_srv_count=9,
            dst_host_same_srv_rate=0.04, dst_host_diff_srv_rate=0.06,
        ),
    ),
    "Flood of echoes": Sample(
        True,
        "511 echo requests of one size in two seconds: a smurf attack.",
        _row(
            "icmp", "ecr_i", "SF", **{**QUIET, "dst_host_count": 255}, src_bytes=1_032, count=511,
            srv_count=511, dst_host_srv_count=255, dst_host_same_src_port_rate=1,
        ),
    ),
    "Guessed passwords": Sample(
        True,
        "A login by telnet fails five times.",
        _row(
            "tcp", "telnet", "RSTO", **QUIET, duration=3, src_bytes=126, dst_bytes=179, hot=1,
            num_failed_logins=5, count=1, srv_count=1, rerror_rate=1, srv_rerror_rate=1,
            dst_host_srv_count=6, dst_host_rerror_rate=0.6, dst_host_srv_rerror_rate=0.6,
        ),
    ),
    "Stolen password": Sample(
        True,
        "Somebody logs in with another's password and reads their mail: it looks like any login.",
        _row(
            "tcp", "pop_3", "SF", **QUIET, src_bytes=32, dst_bytes=1_320, logged_in=1, count=1,
            srv_count=1, dst_host_srv_count=90, dst_host_same_src_port_rate=0.01,
        ),
    ),
}  # fmt: skip
