"""LinearSVC on the same features (word 1-2-grams, char_wb 2-4, sublinear TF-IDF): one repetition for the harness. Needs scikit-learn."""
import json
import os
import sys
import time

from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.pipeline import make_pipeline, make_union
from sklearn.svm import LinearSVC

here = os.path.dirname(os.path.abspath(__file__))
folder = os.environ.get("NLU_DATA", os.path.join(here, "../../../../shared/data/nlu"))


def read(name):
    with open(os.path.join(folder, name + ".jsonl"), encoding="utf-8") as lines:
        return [json.loads(line) for line in lines if line.strip()]


def first_of_each(rows, most):
    seen = {}
    kept = []
    for row in rows:
        seen[row["intent"]] = seen.get(row["intent"], 0) + 1
        if seen[row["intent"]] <= most:
            kept.append(row)
    return kept


def data_set(name):
    if name == "clinc":
        return read("clinc_full_train"), read("clinc_full_val")
    if name == "clinc-oos":
        return read("clinc_full_train") + read("clinc_full_oos_train"), read("clinc_full_val")
    if name == "clinc-10-shot":
        return read("clinc_10shot_train"), read("clinc_full_val")
    if name == "clinc-15-each":
        return first_of_each(read("clinc_full_train"), 15), read("clinc_full_val")
    rows = read(name + "_train")
    if os.path.exists(os.path.join(folder, name + "_val.jsonl")):
        return rows, read(name + "_val")
    return [row for i, row in enumerate(rows) if i % 10 != 9], [row for i, row in enumerate(rows) if i % 10 == 9]


training, validation = data_set(sys.argv[1])
cpu, wall = time.process_time_ns(), time.monotonic_ns()
model = make_pipeline(
    make_union(
        TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True),
        TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 4), sublinear_tf=True),
    ),
    LinearSVC(),
)
model.fit([row["text"] for row in training], [row["intent"] for row in training])
cpu, wall = time.process_time_ns() - cpu, time.monotonic_ns() - wall
predicted = model.predict([row["text"] for row in validation])
right = sum(row["intent"] == intent for row, intent in zip(validation, predicted))
print(
    json.dumps(
        {
            "operations": len(training),
            "cpuNs": cpu,
            "wallNs": wall,
            "answer": f"{len(validation)} sentences ranked",
            "figures": {"intent accuracy, %": round(100 * right / len(validation), 2)},
        }
    )
)
