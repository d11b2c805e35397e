"""The scripts here are run by path and find each other so; tests must find them too."""

import sys
from importlib.util import find_spec
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

#: What needs the extra `benchmark`.
collect_ignore = (
    [] if find_spec("psutil") else ["measuring.py", "scale.py", "scale_report.py", "test_scale.py"]
)
