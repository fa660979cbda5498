# Counts words, as scripts do: strings, dictionaries, regular expressions, sorting, JSON.
import json
import re

TEXT = "the quick brown fox jumps over the lazy dog while 42 cats watch 7 birds " * 40
WORD = re.compile(r"[a-z]+")
while True:
    counts = {}
    for word in WORD.findall(TEXT):
        counts[word] = counts.get(word, 0) + 1
    order = sorted(counts, key=lambda word: (-counts[word], word))
    json.loads(json.dumps({word: counts[word] for word in order}))
