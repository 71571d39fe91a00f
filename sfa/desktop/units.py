"""The files by which systemd, launchd and Windows' Task Scheduler are told to run a program at each login."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from xml.sax.saxutils import escape

LABEL = "sfa.reminders"
"""The name of the agent to launchd."""
AGAIN = 30
"""Seconds after which it is started again where it failed."""


def systemd(words: Sequence[str], environment: Mapping[str, str]) -> str:
    """A user unit."""
    lines = [f"Environment={_quoted(f'{name}={value}')}" for name, value in environment.items()]
    return "\n".join(
        [
            "[Unit]",
            "Description=Reminders of sfa",
            "",
            "[Service]",
            *lines,
            f"ExecStart={' '.join(_quoted(word).replace('$', '$$') for word in words)}",
            "Restart=on-failure",
            f"RestartSec={AGAIN}",
            "",
            "[Install]",
            "WantedBy=default.target",
            "",
        ]
    )


def _quoted(word: str) -> str:
    """``word`` as systemd reads it back: quoted, without escapes and specifiers."""
    for char, meant in (("\\", "\\\\"), ('"', '\\"'), ("%", "%%"), ("\n", "\\n")):
        word = word.replace(char, meant)
    return f'"{word}"'


def launchd(words: Sequence[str], environment: Mapping[str, str]) -> str:
    """A property list of an agent."""
    import plistlib

    content = {
        "Label": LABEL,
        "ProgramArguments": list(words),
        "EnvironmentVariables": dict(environment),
        "RunAtLoad": True,
        "KeepAlive": {"SuccessfulExit": False},
        "ThrottleInterval": AGAIN,
        "ProcessType": "Background",
    }
    return plistlib.dumps(content, sort_keys=False).decode()


def task(words: Sequence[str]) -> str:
    """A task that starts at the user's login, and runs on whether there is mains or not."""
    from subprocess import list2cmdline

    program, *rest = words
    return f"""<?xml version="1.0" encoding="UTF-16"?>
<Task version="1.2" xmlns="http://schemas.microsoft.com/windows/2004/02/mit/task">
  <RegistrationInfo><Description>Reminders of sfa</Description></RegistrationInfo>
  <Triggers><LogonTrigger><Enabled>true</Enabled></LogonTrigger></Triggers>
  <Settings>
    <MultipleInstancesPolicy>IgnoreNew</MultipleInstancesPolicy>
    <DisallowStartIfOnBatteries>false</DisallowStartIfOnBatteries>
    <StopIfGoingOnBatteries>false</StopIfGoingOnBatteries>
    <ExecutionTimeLimit>PT0S</ExecutionTimeLimit>
    <RestartOnFailure><Interval>PT1M</Interval><Count>999</Count></RestartOnFailure>
  </Settings>
  <Actions>
    <Exec><Command>{escape(program)}</Command><Arguments>{escape(list2cmdline(rest))}</Arguments></Exec>
  </Actions>
</Task>
"""
