// Counts words, as scripts do. Its JIT code is not in any file.
const text = 'the quick brown fox jumps over the lazy dog while 42 cats watch 7 birds '.repeat(40);
for (;;) {
  const counts = new Map();
  for (const [word] of text.matchAll(/[a-z]+/g)) counts.set(word, (counts.get(word) ?? 0) + 1);
  const order = [...counts].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1));
  JSON.parse(JSON.stringify(Object.fromEntries(order)));
}
