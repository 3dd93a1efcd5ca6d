"""Train the word segmenter from corpora/segmentation/sentences.txt and put it into use.

    python scripts/train_segmenter.py                    a new version in models/pkuseg/
    python scripts/train_segmenter.py --models FOLDER    the same elsewhere

A sentence in ten is held out; sentences that are the same but for figures and names fall on one
side. Word F1 on the held-out ones is printed, for this model and for jieba. The library shuffles
with `random`, which is seeded here, and works in one process: the same sentences, library and
numpy give the same bytes on one machine (the last digits of `exp` may differ on another, and are
rounded away).
"""

from __future__ import annotations

import argparse
import contextlib
import hashlib
import io
import random
import shutil
import sys
import tempfile
from collections.abc import Sequence
from importlib.metadata import version as installed
from pathlib import Path

import numpy as np

from nlp.classifier.store import models_folder, publish
from nlp.classifier.wordings import masked
from nlp.errors import ReportError
from nlp.models_folder import write_text, write_version
from nlp.segmentation import Segmenter, segmenter
from nlp.segmentation.align import align
from nlp.segmentation.pkuseg_words import NAME

ROOT = Path(__file__).resolve().parent.parent
SENTENCES = ROOT / "corpora" / "segmentation" / "sentences.txt"
ITERATIONS = 20
SEED = 7
_HELD_OUT_IN = 10
CARD = """\
# Word segmenter for reports on government information disclosure

A linear-chain CRF of spacy-pkuseg {library}, trained from nothing ({iterations} rounds, seed {seed}) by
`scripts/train_segmenter.py` on {train} sentences of `corpora/segmentation/sentences.txt`, which are
invented like all of `corpora/`, and cut by the conventions in the README there.

Word F1 on {held_out} sentences held out, none the same as one of training but for figures and names:

| segmenter | F1 |
|---|---|
{scores}

Limits: one genre, one reading of the conventions, few sentences. jieba follows conventions of its
own, so that the distance to it is no measure of quality; and the sentences were cut by jieba with
our terms before they were corrected, which favours it. Terms are not forced: a term of `terms.txt`
may come in two words. Some sentences also stand in texts that `corpora/splits.json` keeps for
testing the reader; what was learnt of those is where their words end, no figure. Weights are
rounded to half precision, and the word pairs that only training needs are left out.
"""


def sides(lines: Sequence[str]) -> tuple[list[str], list[str]]:
    """The sentences to train on and those held out."""
    parts: tuple[list[str], list[str]] = ([], [])
    for line in lines:
        wording = masked(line.replace(" ", ""))
        drawn = int(hashlib.sha256(wording.encode("utf-8")).hexdigest(), 16) % _HELD_OUT_IN
        parts[drawn == 0].append(line)
    return parts


def train(lines: Sequence[str], held_out: Sequence[str], folder: Path, iterations: int) -> None:
    """The library's own training, without what it prints; its scratch files go when we leave."""
    import spacy_pkuseg

    with tempfile.TemporaryDirectory() as scratch:
        files = [Path(scratch, name) for name in ("train.txt", "held_out.txt")]
        for path, content in zip(files, (lines, held_out), strict=True):
            write_text(path, "\n".join(content) + "\n")
        random.seed(SEED)
        with contextlib.redirect_stdout(io.StringIO()):
            spacy_pkuseg.train(str(files[0]), str(files[1]), str(folder), train_iter=iterations)


def shrink(folder: Path) -> None:
    """Half the size: no word pairs, which only training needs, and rounded weights, which
    compress. The library wants doubles, and reads compressed files as well."""
    import srsly

    features = srsly.read_msgpack(folder / "features.msgpack")
    srsly.write_msgpack(folder / "features.msgpack", features | {"bigram": []})
    with np.load(folder / "weights.npz", allow_pickle=False) as arrays:
        sizes, weights = arrays["sizes"], arrays["w"].astype(np.float16).astype(np.float64)
    np.savez_compressed(folder / "weights.npz", sizes=sizes, w=weights)


def word_f1(lines: Sequence[str], segment: Segmenter) -> float:
    """Twice the words that both have, divided by the words of both."""
    both = all_words = 0
    for line in lines:
        text = line.replace(" ", "")
        right, found = set(align(text, line.split(" "))), set(segment(text))
        both += len(right & found)
        all_words += len(right) + len(found)
    return 2 * both / all_words


def scores(held_out: Sequence[str], folder: Path) -> dict[str, float]:
    """F1 of the new model, of jieba as we use it, and of jieba as it comes."""
    import jieba
    import spacy_pkuseg

    ours = spacy_pkuseg.pkuseg(model_name=str(folder), user_dict=None)
    plain = jieba.Tokenizer()
    plain.tmp_dir = str(folder.parent)  # not the cache file that all users share
    segmenters: dict[str, Segmenter] = {
        "pkuseg, this model": lambda text: align(text, ours.cut(text)),
        "jieba with our terms": segmenter("jieba"),
        "jieba as it comes": lambda text: align(text, plain.cut(text)),
    }
    return {name: round(word_f1(held_out, one), 4) for name, one in segmenters.items()}


def make(sentences: Path, models: Path, iterations: int) -> tuple[Path, dict[str, float]]:
    """Train, measure, write; the folder of the new version and the scores."""
    content = sentences.read_bytes()
    learnt, held_out = sides(content.decode("utf-8").splitlines())
    with tempfile.TemporaryDirectory() as scratch:
        trained = Path(scratch, "model")
        train(learnt, held_out, trained, iterations)
        shrink(trained)
        found = scores(held_out, trained)
        facts = {
            "library": installed("spacy-pkuseg"),
            "iterations": iterations,
            "seed": SEED,
            "train": len(learnt),
            "held_out": len(held_out),
        }
        rows = "\n".join(f"| {name} | {score:.4f} |" for name, score in found.items())

        def fill(draft: Path) -> None:
            for path in trained.iterdir():
                shutil.copyfile(path, draft / path.name)
            write_text(draft / "card.md", CARD.format(**facts, scores=rows))

        data = {"sentences": hashlib.sha256(content).hexdigest(), "word_f1": found}
        return write_version(NAME, fill, facts | data, models), found


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--models", type=Path, default=models_folder())
    parser.add_argument("--sentences", type=Path, default=SENTENCES)
    parser.add_argument("--iterations", type=int, default=ITERATIONS)
    args = parser.parse_args()
    try:
        version, found = make(args.sentences, args.models, args.iterations)
    except ReportError as error:
        print(error, file=sys.stderr)
        return error.status
    publish(version)
    for name, score in found.items():
        print(f"{name}: word F1 {score:.4f}")
    size = sum(path.stat().st_size for path in version.iterdir())
    print(f"{version}: {size / 1e6:.2f} MB, in use")
    return 0


if __name__ == "__main__":
    sys.exit(main())
