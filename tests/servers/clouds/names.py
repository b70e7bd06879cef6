"""Seed data: names that the vendors' own documents show, the rest is a user's own naming."""

import random

HYPERSTACK = [
    ("Ubuntu", "Server 22.04 LTS"),
    ("Ubuntu", "Server 22.04 LTS R535 CUDA 12.2"),
    ("Ubuntu", "Server 22.04 LTS R535 CUDA 12.2 with Docker"),
    ("Ubuntu", "Server 22.04 LTS R550 CUDA 12.4"),
    ("Ubuntu", "Server 22.04 LTS R550 CUDA 12.4 with Docker"),
    ("Ubuntu", "Server 20.04 LTS"),
    ("Ubuntu", "Server 22.04 LTS R570 CUDA 12.8 with Docker"),
    ("Ubuntu", "Server 24.04 LTS R570 CUDA 12.8 with Docker"),
    ("Ubuntu", "Server 20.04 LTS R535 CUDA 12.2"),
    ("Ubuntu", "Server 20.04 LTS R550 CUDA 12.4 with Docker"),
    ("Debian", "10"),
    ("CentOS", "9"),
    ("Fedora", "36"),
    ("Windows", "Server 2022"),
    ("Windows", "Server 2019"),
    ("Windows", "10 Pro"),
    ("Windows", "11 Pro"),
]
NEBULA = [
    "Ubuntu Server 22.04 LTS",
    "Ubuntu Server 22.04 LTS (Jammy Jellyfish)",
    "Ubuntu Server 22.04 LTS R535 CUDA 12.2",
    "Ubuntu Server 22.04 LTS R535 CUDA 12.2 with Docker",
    "Ubuntu Server 22.04 LTS R550 CUDA 12.4",
    "Ubuntu Server 22.04 LTS R550 CUDA 12.4 with Docker",
    "Ubuntu Server 20.04 LTS",
    "Ubuntu Server 20.04 LTS (Focal Fossa)",
    "Ubuntu Server 20.04 LTS R535 CUDA 12.2",
    "Ubuntu Server 20.04 LTS R535 CUDA 12.2 with Docker",
    "Ubuntu Server 20.04 LTS R550 CUDA 12.4",
    "Ubuntu Server 20.04 LTS R550 CUDA 12.4 with Docker",
    "Windows Server 2022",
    "Windows Server 2019",
    "Windows 10 Pro",
    "Windows 11 Pro",
    "Debian 10",
    "CentOS 9",
    "Fedora 36",
]
VULTR = [
    (124, "Windows 2012 R2 x64", "x64", "windows"),
    (127, "CentOS 6 x64", "x64", "centos"),
    (159, "Custom", "x64", "iso"),
    (164, "Snapshot", "x64", "snapshot"),
    (167, "CentOS 7 x64", "x64", "centos"),
    (180, "Backup", "x64", "backup"),
    (186, "Application", "x64", "application"),
    (194, "Debian 8 i386 (jessie)", "i386", "debian"),
    (215, "Ubuntu 16.04 x64", "x64", "ubuntu"),
    (216, "Ubuntu 16.04 i386", "i386", "ubuntu"),
    (230, "FreeBSD 11 x64", "x64", "freebsd"),
    (240, "Windows 2016 x64", "x64", "windows"),
    (244, "Debian 9 x64 (stretch)", "x64", "debian"),
    (270, "Ubuntu 18.04 x64", "x64", "ubuntu"),
    (327, "FreeBSD 12 x64", "x64", "freebsd"),
    (352, "Debian 10 x64 (buster)", "x64", "debian"),
    (362, "CentOS 8 x64", "x64", "centos"),
    (371, "Windows 2019 x64", "x64", "windows"),
    (381, "CentOS 7 SELinux x64", "x64", "centos"),
    (387, "Ubuntu 20.04 x64", "x64", "ubuntu"),
    (401, "CentOS 8 Stream x64", "x64", "centos"),
    (412, "OpenBSD 6.8 x64", "x64", "openbsd"),
    (413, "Ubuntu 20.10 x64", "x64", "ubuntu"),
    (415, "Fedora 33 x64", "x64", "fedora"),
    (445, "Ubuntu 21.04 x64", "x64", "ubuntu"),
    (446, "Fedora 34 x64", "x64", "fedora"),
    (447, "FreeBSD 13 x64", "x64", "freebsd"),
    (448, "Rocky Linux x64", "x64", "rockylinux"),
    (450, "OpenBSD 6.9 x64", "x64", "openbsd"),
    (452, "AlmaLinux x64", "x64", "almalinux"),
    (477, "Debian 11 x64 (bullseye)", "x64", "debian"),
]
DIGITALOCEAN = [
    ("20.04 (LTS) x64", "Ubuntu", "ubuntu-20-04-x64"),
    ("14.04 x64", "Ubuntu", "ubuntu-14-04-x64"),
    ("14.04 x32", "Ubuntu", "ubuntu-14-04-x32"),
]
OWN = [
    "golden base",
    "web-prod",
    "db replica",
    "Jörg's workstation",
    'ci runner "large"',
    "slurm-node",
    "cuda trainer",
    "backup before upgrade",
    "日本語イメージ",
    "api/edge",
]


def own(n):
    return f"{OWN[n % len(OWN)]} {n:04d}"


def rng(seed):
    return random.Random(seed)


def uuid(r):
    h = f"{r.getrandbits(128):032x}"
    return f"{h[:8]}-{h[8:12]}-4{h[13:16]}-a{h[17:20]}-{h[20:]}"
