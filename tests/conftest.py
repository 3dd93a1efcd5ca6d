import os
import sys
from pathlib import Path

# Tests run from any folder, and in subprocesses, without an installed package.
ROOT = Path(__file__).resolve().parent.parent
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))
os.environ.pop("COLUMNS", None)
