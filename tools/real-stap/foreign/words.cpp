// C++ containers, strings and virtual functions, optimised.
#include <algorithm>
#include <map>
#include <memory>
#include <numeric>
#include <regex>
#include <string>
#include <vector>

namespace words {
struct Shape {
  virtual double area() const = 0;
  virtual ~Shape() = default;
};
struct Square final : Shape {
  double side;
  explicit Square(double s) : side(s) {}
  [[gnu::noinline]] double area() const override { return side * side; }
};
struct Circle final : Shape {
  double radius;
  explicit Circle(double r) : radius(r) {}
  [[gnu::noinline]] double area() const override { return 3.14 * radius * radius; }
};
template <class Key> struct Index {
  std::map<Key, std::vector<long>> entries;
  [[gnu::noinline]] void add(const Key &key, long value) { entries[key].push_back(value); }
};
[[gnu::noinline]] double areas(const std::vector<std::unique_ptr<Shape>> &shapes) {
  return std::accumulate(shapes.begin(), shapes.end(), 0.0,
                         [](double sum, const auto &shape) { return sum + shape->area(); });
}
[[gnu::noinline]] std::size_t sorted(std::vector<std::string> all) {
  std::sort(all.begin(), all.end());
  return all.front().size();
}
} // namespace words

int main() {
  std::regex number("[0-9]+7");
  for (volatile double sink = 0;;) {
    words::Index<std::string> index;
    std::vector<std::unique_ptr<words::Shape>> shapes;
    std::vector<std::string> all;
    for (long i = 0; i < 500; i++) {
      all.push_back(std::to_string(i * 7919 % 1013));
      index.add(all.back(), i);
      if (i % 3) shapes.push_back(std::make_unique<words::Square>(i));
      else shapes.push_back(std::make_unique<words::Circle>(i));
    }
    auto hits = std::count_if(all.begin(), all.begin() + 50,
                              [&](const auto &word) { return std::regex_match(word, number); });
    for (int i = 0; i < 200; i++) sink = sink + words::areas(shapes);
    sink = sink + hits + words::sorted(std::move(all)) + index.entries.size();
  }
}
