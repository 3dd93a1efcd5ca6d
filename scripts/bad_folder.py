"""Read a folder of good reports with bad files among them, and compare each reason with its kind.

    python scripts/bad_folder.py --good 1000 --bad 50         as a user who is not root

Exit status 1 where a good report has no result, or a bad file no error or a wrong one.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--good", type=int, default=1_000)
    parser.add_argument("--bad", type=int, default=50)
    args = parser.parse_args()
    from many_reports import write, write_bad

    from nlp.batch.database import open_results

    place = Path(tempfile.mkdtemp(prefix="bad-folder-"))
    write(place / "in", args.good)
    made = write_bad(place / "in" / "bad", args.bad)
    words = ["-m", "nlp.batch", str(place / "in"), "--out", str(place / "out")]
    status = subprocess.call([sys.executable, *words], cwd=ROOT)
    with open_results(place / "out") as results:
        (read,) = results.execute("SELECT count(*) FROM current_reports").fetchone() or (0,)
        errors = dict(results.execute("SELECT path, code FROM current_errors").fetchall())
    wrong = []
    for path, codes in made.items():
        found = errors.pop(str(path), None) or errors.pop(str(path / "again"), None)
        if found not in codes:
            wrong.append(f"{path.name}: {found}, not {'|'.join(sorted(codes))}")
    print(f"status {status}; {read} results; {args.bad - len(wrong)} errors with the right reason")
    print("\n".join([*wrong, *(f"unexpected: {path} {code}" for path, code in errors.items())]))
    return int(bool(wrong or errors) or read != args.good or status != 1)


if __name__ == "__main__":
    sys.path[:0] = [os.fspath(ROOT), os.fspath(ROOT / "scripts")]
    sys.exit(main())
