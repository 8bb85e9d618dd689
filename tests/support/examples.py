"""How many examples a property takes: all of them in the gate, a third on a developer's machine."""

import os

IS_GATE = os.environ.get("HYPOTHESIS_PROFILE") == "ci"


def examples(in_the_gate: int) -> int:
    return in_the_gate if IS_GATE else max(in_the_gate // 3, 5)
