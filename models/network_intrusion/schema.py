"""The 41 columns of a network connection, as KDD Cup 99 and NSL-KDD describe one, in our words.

Stolfo et al. 2000 made them of a network's traffic: what one connection was, what it did, and what
else went on in the two seconds and the hundred connections to the same host before it.
"""

from dataclasses import dataclass

RATE = "share"  # unit of what lies between 0 and 1


@dataclass(frozen=True)
class Column:
    """One column. unit: of its numbers; empty for a category."""

    name: str
    meaning: str
    unit: str = ""

    @property
    def category(self) -> bool:
        """Whether it holds a word and no number."""
        return not self.unit


COLUMNS: tuple[Column, ...] = (
    Column("duration", "how long the connection lasted", "seconds"),
    Column("protocol_type", "protocol: tcp, udp or icmp"),
    Column("service", "what was asked for at the other end, such as http"),
    Column("flag", "how the connection ended; SF is in order, S0 never answered, REJ refused"),
    Column("src_bytes", "sent to the server", "bytes"),
    Column("dst_bytes", "sent back", "bytes"),
    Column("land", "from and to the same address and port", "0 or 1"),
    Column("wrong_fragment", "damaged fragments", "count"),
    Column("urgent", "urgent packets", "count"),
    Column("hot", "accesses to places that matter", "count"),
    Column("num_failed_logins", "failed logins", "count"),
    Column("logged_in", "a login succeeded", "0 or 1"),
    Column("num_compromised", "signs of a compromised system", "count"),
    Column("root_shell", "a root shell was had", "0 or 1"),
    Column("su_attempted", "su to root was tried", "count"),
    Column("num_root", "accesses as root", "count"),
    Column("num_file_creations", "files made", "count"),
    Column("num_shells", "shells opened", "count"),
    Column("num_access_files", "accesses to files that govern access", "count"),
    Column("num_outbound_cmds", "outbound commands of an ftp session", "count"),
    Column("is_host_login", "login of the host's own list", "0 or 1"),
    Column("is_guest_login", "login as guest", "0 or 1"),
    Column("count", "connections to the same host in the last 2 seconds", "count"),
    Column("srv_count", "connections to the same service in the last 2 seconds", "count"),
    Column("serror_rate", "of those to the host: never answered", RATE),
    Column("srv_serror_rate", "of those to the service: never answered", RATE),
    Column("rerror_rate", "of those to the host: refused", RATE),
    Column("srv_rerror_rate", "of those to the service: refused", RATE),
    Column("same_srv_rate", "of those to the host: to the same service", RATE),
    Column("diff_srv_rate", "of those to the host: to other services", RATE),
    Column("srv_diff_host_rate", "of those to the service: to other hosts", RATE),
    Column("dst_host_count", "of the last 100 or so: to the same host", "count"),
    Column("dst_host_srv_count", "of those: to the same service", "count"),
    Column("dst_host_same_srv_rate", "share of the host's: to the same service", RATE),
    Column("dst_host_diff_srv_rate", "share of the host's: to other services", RATE),
    Column("dst_host_same_src_port_rate", "share of the host's: from the same port", RATE),
    Column("dst_host_srv_diff_host_rate", "share of the service's: from other hosts", RATE),
    Column("dst_host_serror_rate", "share of the host's: never answered", RATE),
    Column("dst_host_srv_serror_rate", "share of the service's: never answered", RATE),
    Column("dst_host_rerror_rate", "share of the host's: refused", RATE),
    Column("dst_host_srv_rerror_rate", "share of the service's: refused", RATE),
)
NAMES: tuple[str, ...] = tuple(column.name for column in COLUMNS)
NUMBERS: tuple[str, ...] = tuple(column.name for column in COLUMNS if not column.category)
CATEGORIES: tuple[str, ...] = tuple(column.name for column in COLUMNS if column.category)
LABEL = "label"  # `normal` or the name of an attack, where a file has it
NORMAL = "normal"
# Which kind of attack a name is, after Tavallaee et al. 2009.
FAMILIES: dict[str, str] = {
    "flood": "apache2 back land mailbomb neptune pod processtable smurf teardrop udpstorm worm",
    "scan": "ipsweep mscan nmap portsweep saint satan",
    "break-in from outside": "ftp_write guess_passwd httptunnel imap multihop named phf sendmail "
    "snmpgetattack snmpguess spy warezclient warezmaster xlock xsnoop",
    "user becomes root": "buffer_overflow loadmodule perl ps rootkit sqlattack xterm",
}
FAMILY: dict[str, str] = {
    name: family for family, names in FAMILIES.items() for name in names.split()
}
