"""The clouds, one a file."""

from .digitalocean import DigitalOcean
from .hetzner import Hetzner
from .hyperstack import Hyperstack
from .lambda_cloud import Lambda
from .linode import Linode
from .nebula import Nebula
from .vultr import Vultr

ALL = (Hyperstack, Lambda, DigitalOcean, Hetzner, Linode, Vultr, Nebula)
