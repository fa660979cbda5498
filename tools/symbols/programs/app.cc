#include <algorithm>
#include <cstdio>
#include <functional>
#include <map>
#include <memory>
#include <numeric>
#include <regex>
#include <string>
#include <unordered_map>
#include <vector>
namespace app {
template <class K, class V> struct Index {
  std::map<K, std::vector<V>> entries;
  void add(const K &key, V value) { entries[key].push_back(value); }
  template <class F> V fold(F &&f) const {
    V sum{};
    for (const auto &[key, values] : entries)
      for (const auto &value : values) sum = f(sum, value);
    return sum;
  }
};
struct Shape { virtual double area() const = 0; virtual ~Shape() = default; };
struct Square final : Shape { double a; explicit Square(double a) : a(a) {} double area() const override { return a * a; } };
struct Circle final : Shape { double r; explicit Circle(double r) : r(r) {} double area() const override { return 3.14 * r * r; } };
[[gnu::noinline]] double areas(const std::vector<std::unique_ptr<Shape>> &shapes) {
  return std::accumulate(shapes.begin(), shapes.end(), 0.0, [](double sum, const auto &s) { return sum + s->area(); });
}
[[gnu::noinline]] std::string joined(std::vector<std::string> words) {
  std::sort(words.begin(), words.end(), [](const auto &a, const auto &b) { return a.size() != b.size() ? a.size() < b.size() : a < b; });
  return std::accumulate(words.begin(), words.end(), std::string{}, [](std::string all, const std::string &w) { return std::move(all) + w + ' '; });
}
static int fib(int n) { return n < 2 ? n : fib(n - 1) + fib(n - 2); }
}  // namespace app
int main(int argc, char **argv) {
  app::Index<std::string, long> index;
  std::unordered_map<std::string, std::function<long(long)>> table{{"a", [](long x) { return x + 1; }}, {"b", [argc](long x) { return x * argc; }}};
  std::vector<std::unique_ptr<app::Shape>> shapes;
  std::vector<std::string> words;
  long rounds = argc > 1 ? std::stol(argv[1]) : 1000;
  for (long i = 0; i < rounds; i++) {
    index.add(std::to_string(i % 97), table[i & 1 ? "a" : "b"](i));
    if (i % 3) shapes.push_back(std::make_unique<app::Square>(i)); else shapes.push_back(std::make_unique<app::Circle>(i));
    words.push_back(std::to_string(i * 7919 % 1013));
  }
  std::regex number("[0-9]+");
  long hits = std::count_if(words.begin(), words.end(), [&](const std::string &w) { return std::regex_match(w, number); });
  std::printf("%ld %f %zu %ld %d\n", index.fold([](long a, long b) { return a ^ b; }), app::areas(shapes), app::joined(words).size(), hits, app::fib(20 + argc % 2));
}
