use std::collections::HashMap;
trait Work { fn go(&self, n: u64) -> u64; }
struct Mul(u64); struct Add(u64);
impl Work for Mul { fn go(&self, n: u64) -> u64 { n.wrapping_mul(self.0) } }
impl Work for Add { fn go(&self, n: u64) -> u64 { n.wrapping_add(self.0) } }
fn fold<T: Work + ?Sized>(works: &[Box<T>], n: u64) -> u64 { works.iter().fold(n, |a, w| w.go(a)) }
fn main() {
    let works: Vec<Box<dyn Work>> = vec![Box::new(Mul(31)), Box::new(Add(7))];
    let mut seen: HashMap<String, u64> = HashMap::new();
    for i in 0..200_000u64 { *seen.entry(format!("{}", i % 1013)).or_default() += fold(&works, i); }
    let mut all: Vec<_> = seen.into_iter().collect(); all.sort();
    println!("{}", all.iter().map(|(k, v)| format!("{k}={v}")).collect::<Vec<_>>().join(",").len());
}
