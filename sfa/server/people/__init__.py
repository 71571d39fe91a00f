"""Who may come in, with what, and what they may see: users, their laptops, and the streams they are members of.

Names of users are told apart as people do: without regard to case and to how an accent is written.
"""

from sfa.server.people.beginning import initialise
from sfa.server.people.enrolment import (
    Device,
    Who,
    devices,
    identify,
    lock_key,
    login,
    logout,
    renew,
    revoke_device,
)
from sfa.server.people.logins import User, add_user, disable_user, enable_user, folded, set_password, users
from sfa.server.people.membership import COMPANY, ROLES, Stream, add_stream, set_member, streams
from sfa.server.people.subscriptions import Feed, end_feed, feed_of, feeds, make_feed, revoke_feed

__all__ = [
    "COMPANY",
    "ROLES",
    "Device",
    "Feed",
    "Stream",
    "User",
    "Who",
    "add_stream",
    "add_user",
    "devices",
    "disable_user",
    "enable_user",
    "end_feed",
    "feed_of",
    "feeds",
    "folded",
    "identify",
    "initialise",
    "lock_key",
    "login",
    "logout",
    "make_feed",
    "renew",
    "revoke_device",
    "revoke_feed",
    "set_member",
    "set_password",
    "streams",
    "users",
]
