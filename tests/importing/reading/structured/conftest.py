"""A PostgreSQL server of the tests' own, where Debian's is installed."""

import os
import pwd
import shutil
import subprocess
import tempfile
from pathlib import Path
from time import sleep

import pytest

INSTALLED = Path("/usr/lib/postgresql")


def programs():
    """Folder of the newest server's programs; None if there is no server."""
    found = [path.parent for path in INSTALLED.glob("*/bin/initdb")]
    if on_path := shutil.which("initdb"):
        found.append(Path(on_path).resolve().parent)
    return max(found, key=lambda path: path.as_posix(), default=None)


def account():
    """Account to run the server, which refuses to run as root; None: the one of the tests."""
    if os.getuid() != 0:
        return None
    known = {entry.pw_name for entry in pwd.getpwall()}
    return next((name for name in ("postgres", "nobody") if name in known), "nobody")


@pytest.fixture(scope="session")
def postgresql():
    """URL of an empty database that is gone after the tests."""
    if (where := programs()) is None:
        pytest.skip("PostgreSQL is not installed: apt-get install postgresql")
    user = account()
    folder = Path(tempfile.mkdtemp(prefix="eg-pg-"))
    try:
        if user is not None:
            shutil.chown(folder, user)
        data = folder / "data"
        quiet = {
            "stdout": subprocess.DEVNULL,
            "stderr": subprocess.DEVNULL,
            "user": user,
            "cwd": "/",
        }
        initdb = [where / "initdb", "-D", data, "-U", "tests", "-A", "trust", "-E", "UTF8", "-N"]
        subprocess.run(initdb, check=True, **quiet)
        server = [where / "postgres", "-D", data, "-k", folder, "-c", "listen_addresses=", "-F"]
        with subprocess.Popen(server, **quiet) as running:
            try:
                wait_for(folder, running)
                yield f"postgresql+psycopg://tests@/postgres?host={folder}"
            finally:
                running.terminate()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def wait_for(folder, running):
    """Wait until the server answers, at most 30 seconds."""
    import psycopg

    for _ in range(300):
        if running.poll() is not None:
            pytest.fail(f"PostgreSQL ended with {running.returncode}")
        try:
            psycopg.connect(host=str(folder), user="tests", dbname="postgres").close()
        except psycopg.OperationalError:
            sleep(0.1)
        else:
            return
    pytest.fail("PostgreSQL does not answer")
