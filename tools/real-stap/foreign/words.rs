// Rust hash maps, formatting and sorting, optimised.
use std::collections::HashMap;

trait Work {
    fn go(&self, n: u64) -> u64;
}
struct Mul(u64);
struct Add(u64);
impl Work for Mul {
    #[inline(never)]
    fn go(&self, n: u64) -> u64 {
        (0..40).fold(n, |a, i| a.wrapping_mul(self.0).rotate_left(i))
    }
}
impl Work for Add {
    #[inline(never)]
    fn go(&self, n: u64) -> u64 {
        (0..40).fold(n, |a, i| a.wrapping_add(self.0) ^ (a >> i))
    }
}

#[inline(never)]
fn counted(works: &[Box<dyn Work>]) -> HashMap<String, u64> {
    let mut seen = HashMap::new();
    for i in 0..2000u64 {
        *seen.entry(format!("{}", i % 1013)).or_default() += works.iter().fold(i, |a, w| w.go(a));
    }
    seen
}

#[inline(never)]
fn sorted(seen: HashMap<String, u64>) -> usize {
    let mut all: Vec<_> = seen.into_iter().collect();
    all.sort();
    all.iter().map(|(k, v)| format!("{k}={v}").len()).sum()
}

fn main() {
    let works: Vec<Box<dyn Work>> = vec![Box::new(Mul(31)), Box::new(Add(7))];
    loop {
        std::hint::black_box(sorted(counted(&works)));
    }
}
