"""Addresses that no webhook may go to, and some that it may: as they are typed, in the odd forms of the trade."""

PRIVATE_V4 = [
    *("0.0.0.0", "0.1.2.3", "10.0.0.1", "10.255.255.255", "100.64.0.1", "100.100.100.200", "100.127.255.254"),  # noqa: S104
    *("127.0.0.1", "127.0.0.53", "127.1.2.3", "127.255.255.254", "168.63.129.16"),
    *("169.254.0.1", "169.254.169.254", "169.254.170.2", "169.254.255.255"),
    *("172.16.0.1", "172.20.1.1", "172.31.255.255", "192.0.0.1", "192.0.0.8", "192.0.0.170", "192.0.2.1"),
    *("192.31.196.1", "192.52.193.1", "192.88.99.1", "192.168.0.1", "192.168.255.255", "192.175.48.1"),
    *("198.18.0.1", "198.19.255.255", "198.51.100.1", "203.0.113.1", "224.0.0.1", "239.255.255.250"),
    *("240.0.0.1", "255.255.255.255"),
]
PRIVATE_V6 = [
    *("::", "::1", "::2", "::7f00:1", "::127.0.0.1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:8.8.8.8"),
    *("::ffff:0:127.0.0.1", "::ffff:169.254.169.254", "64:ff9b::7f00:1", "64:ff9b::808:808", "64:ff9b:1::1"),
    *("100::1", "100:0:0:1::1", "2001::1", "2001:0:4136:e378:8000:63bf:3fff:fdd2", "2001:2::1", "2001:10::1"),
    *("2001:20::1", "2001:db8::1", "2002:7f00:1::1", "2002:a00:1::", "2002:808:808::1", "2620:4f:8000::1"),
    *(
        "3fff::1",
        "4000::1",
        "5f00::1",
        "8000::1",
        "fc00::1",
        "fd00::1",
        "fd00:ec2::254",
        "fe80::1",
        "febf::1",
    ),
    *("fec0::1", "ff02::1", "ff0e::1", "2606:4700::5efe:7f00:1", "2606:4700::200:5efe:a00:1"),
]
PUBLIC = [
    *("8.8.8.8", "1.1.1.1", "93.184.216.34", "100.63.255.255", "100.128.0.1", "172.15.255.255", "172.32.0.1"),
    *("169.253.255.255", "192.0.1.1", "198.17.255.255", "198.20.0.1", "223.255.255.255", "126.255.255.255"),
    *("2606:4700:4700::1111", "2a00:1450:4001:81b::200e", "2001:4860:4860::8888", "2003::1", "3ffe::1"),
]
ODD_DIGITS = [
    *("2130706433", "017700000001", "0x7f000001", "0x7f.1", "0x7f.0.0.1", "127.1", "127.0.1", "0177.0.0.1"),
    *(
        "127.0.0.01",
        "127.00.0.1",
        "00.0.0.0",
        "0",
        "1",
        "127.0.0.0x1",
        "0x7F.0X0.0.1",
        "127.0.0.1.0x",
        "256.1.1.1",
    ),
    *("1.2.3.4.5", "3232235777", "0xa9fea9fe", "169.254.43518", "4294967296", "0b1111111.0.0.1", "8.8.2056"),
    "8.0x8.8.8",
]
NOT_ASCII = [
    *("１２７.０.０.１", "①②⑦.⓪.⓪.①", "127。0。0。1", "127.0.0.1\u200b", "localhost\u3002", "ⓛocalhost"),
    *("loc\u00adalhost", "münchen.example", "еxample.org", "example.org\u2024"),
]
NAMES = [
    *("localhost", "LOCALHOST", "redis", "db", "ip6-localhost", "intranet", "localhost.", "example.org."),
    *(
        "-a.example.org",
        "a-.example.org",
        "a..example.org",
        ".example.org",
        "a_b-.example.org",
        "a,b.example.org",
    ),
    *(
        "a!b.example.org",
        "a%2eb.example.org",
        "127.0.0.1%2f.example.org",
        "a*b.example.org",
        "x" * 64 + ".example.org",
    ),
    ".".join(["abcdefgh"] * 30),
]
WHOLE = [
    *(
        "",
        "/",
        "//127.0.0.1/",
        "https://",
        "https:///path",
        "https:127.0.0.1",
        "https:/127.0.0.1/",
        "127.0.0.1",
    ),
    *(
        "http://example.org/",
        "http://93.184.216.34/",
        "HTTP://example.org/",
        "ftp://example.org/",
        "file:///etc/passwd",
    ),
    *(
        "gopher://127.0.0.1:6379/_FLUSHALL",
        "dict://127.0.0.1:6379/",
        "ws://example.org/",
        "javascript:alert(1)",
    ),
    *(
        "data:text/html,x",
        "unix:///var/run/docker.sock",
        "jar:https://example.org/!/",
        "httpss://example.org/",
    ),
    *("https://user@example.org/", "https://user:pass@example.org/", "https://example.org@127.0.0.1/"),
    *("https://127.0.0.1@example.org/", "https://:@example.org/", "https://@example.org/"),
    *("https://example.org#@127.0.0.1/", "https://example.org/#x", "https://example.org/#"),
    *("https://example.org\\@127.0.0.1/", "https:\\\\127.0.0.1/", "https://127.0.0.1\\.example.org/"),
    *(
        "https://example.org/\r\nHost: 127.0.0.1",
        "https://example.org/\tx",
        "https://exa\tmple.org/",
        "\thttps://example.org/",
    ),
    *(
        "https://example.org/\n",
        " https://example.org/",
        "https://example.org/ x",
        "https://example.org/\x00",
        "https://example.org\x00.x/",
    ),
    *(
        "https://example.org:80/",
        "https://example.org:22/",
        "https://example.org:6379/",
        "https://example.org:8443/",
    ),
    *(
        "https://example.org:0/",
        "https://example.org:65536/",
        "https://example.org:99999999999/",
        "https://example.org:-1/",
    ),
    *(
        "https://example.org:+443/",
        "https://example.org:0443/",
        "https://example.org:4_43/",
        "https://example.org:٤٤٣/",
    ),
    *(
        "https://example.org:443:443/",
        "https://example.org:443x/",
        "https://example.org:/x",
        "https://example.org:a/",
    ),
    *(
        "https://[::1/",
        "https://::1/",
        "https://::1]/",
        "https://[::1]x/",
        "https://[127.0.0.1]/",
        "https://[v1.x]/",
    ),
    *("https://[fe80::1%25eth0]/", "https://[fe80::1%eth0]/", "https://[2606:4700::1%251]/", "https://[]/"),
    *("https://[::1]example.org/", "https://example.org[::1]/", "https://[2606:4700::1][::1]/"),
    "https://example.org/" + "x" * 500,
]
# What is well-formed, and refused for its host alone.
BY_HOST = [
    *(f"https://{host}/" for host in (*PRIVATE_V4, *ODD_DIGITS, *NOT_ASCII, *NAMES)),
    *(f"https://[{host}]/" for host in PRIVATE_V6),
]
REFUSED = [*BY_HOST, *WHOLE]
TAKEN = [
    *(f"https://[{host}]/" if ":" in host else f"https://{host}/" for host in PUBLIC),
    *(
        "https://example.org",
        "https://example.org/",
        "https://hooks.example.org/a/b?c=d&e=%20",
        "https://EXAMPLE.org/X",
    ),
    *(
        "https://example.org:443/",
        "https://xn--mnchen-3ya.example/",
        "https://_dmarc.example.org/",
        "https://1.example.org/",
    ),
]
