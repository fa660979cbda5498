// Go maps, formatting, sorting and garbage collection, in a static program.
package main

import (
	"encoding/json"
	"fmt"
	"sort"
	"strings"
)

//go:noinline
func counted() map[string]int {
	words := map[string]int{}
	for i := 0; i < 3000; i++ {
		words[fmt.Sprint(i%101)] += i
	}
	return words
}

//go:noinline
func ordered(words map[string]int) string {
	keys := []string{}
	for key := range words {
		keys = append(keys, key)
	}
	sort.Strings(keys)
	return strings.ToUpper(strings.Join(keys, ","))
}

func main() {
	length := 0
	for {
		words := counted()
		text, _ := json.Marshal(words)
		length += len(text) + len(ordered(words))
	}
}
