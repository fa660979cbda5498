"""Folds traces on a cluster of Apache Spark.

    spark-submit fold.py OUTPUT TRACE...

Each trace becomes folded text by `stapflame fold` in an executor, through a pipe. Equal stacks are then added up by key,
and the sums are written to OUTPUT, sorted frame by frame as `stapflame fold --plain` writes them. The traces have to be
readable on every machine under the same path, and `stapflame` has to be in PATH there. To spread one large trace over
many executors, cut it first: `stapflame split TRACE -n 100 -o part`.
"""

import os
import shlex
import sys

from pyspark import SparkContext


def fold(path):
    # A trace that is damaged or incomplete ends with 75, and so does the task then: a loss is never passed over.
    return f"stapflame fold -q --plain {shlex.quote(path)}"


def run(commands):
    # Without this, the command has no environment at all.
    return commands.pipe("sh -e", env={"PATH": os.environ["PATH"]}, checkCode=True)


def stack_and_count(line):
    stack, _, count = line.rpartition(" ")
    return stack, int(count)


def by_frame(pair):
    """The order of frames: names by their bytes, a stack before its extensions."""
    return [name.encode() for name in pair[0].split(";")]


def main(output, *traces):
    spark = SparkContext(appName="stapflame fold")
    commands = spark.parallelize([fold(os.path.abspath(trace)) for trace in traces], len(traces))
    sums = run(commands).map(stack_and_count).reduceByKey(lambda a, b: a + b)
    with open(output, "w", encoding="utf-8", newline="\n") as folded:
        for stack, count in sums.sortBy(by_frame).toLocalIterator():
            folded.write(f"{stack} {count}\n")
    spark.stop()


if __name__ == "__main__":
    if len(sys.argv) < 3:
        sys.exit("usage: spark-submit fold.py OUTPUT TRACE...")
    main(*sys.argv[1:])
