"""The simulated trackers are an extra: a server goes without them, and `attune demo` says what it lacks."""

import subprocess
import sys

_CARRIED = """
import sys
import service.app, service.cli.main
carried = [name for name in sys.modules if name.split(".")[0] == "graphql" or ".simulator" in name]
raise SystemExit("\\n".join(carried))
"""

_WITHOUT = """
import sys
sys.modules["graphql"] = None
from service.cli.main import main
sys.argv = ["attune", "demo", "--once"]
main()
"""


def _run(program: str, folder: str | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False, timeout=60, cwd=folder
    )


def test_a_server_imports_no_simulated_tracker() -> None:
    assert _run(_CARRIED).stderr.split() == []


def test_without_the_extra_the_demonstration_says_how_to_install_it() -> None:
    run = _run(_WITHOUT)
    assert run.returncode == 1
    assert "attune[demo]" in run.stderr
    assert "Traceback" not in run.stderr
