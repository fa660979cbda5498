package main

import (
	"encoding/json"
	"fmt"
	"sort"
	"strings"
)

type shape interface{ area() float64 }
type square struct{ a float64 }
type circle struct{ r float64 }

func (s square) area() float64 { return s.a * s.a }
func (c circle) area() float64 { return 3.14 * c.r * c.r }
func sum[T ~int | ~float64](all []T) (s T) {
	for _, x := range all {
		s += x
	}
	return
}
func main() {
	var shapes []shape
	words := map[string]int{}
	for i := 0; i < 20000; i++ {
		if i%3 == 0 {
			shapes = append(shapes, square{float64(i)})
		} else {
			shapes = append(shapes, circle{float64(i)})
		}
		words[fmt.Sprint(i%101)] += i
	}
	areas := []float64{}
	for _, s := range shapes {
		areas = append(areas, s.area())
	}
	keys := []string{}
	for k := range words {
		keys = append(keys, k)
	}
	sort.Strings(keys)
	text, _ := json.Marshal(words)
	fmt.Println(sum(areas), strings.Join(keys, ",")[:10], len(text))
}
