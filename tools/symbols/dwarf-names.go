// Names the functions at addresses according to a program's DWARF, as read by Go's standard library:
//
//	go run tools/symbols/dwarf-names.go PROGRAM < ADDRESSES
//
// It shares no code with any symboliser, so agreement.mjs uses it where two of them differ. For each address, it prints
// the address and then, innermost function first, each function's name and `??:0`, like addr2line -a -f -i.
package main

import (
	"bufio"
	"debug/dwarf"
	"debug/elf"
	"fmt"
	"log"
	"os"
	"sort"
	"strconv"
	"strings"
)

func main() {
	file, err := elf.Open(os.Args[1])
	if err != nil {
		log.Fatal(err)
	}
	data, err := file.DWARF()
	if err != nil {
		log.Fatal(err)
	}
	asked := addresses()
	sorted := append([]uint64{}, asked...)
	sort.Slice(sorted, func(i, j int) bool { return sorted[i] < sorted[j] })
	chains := chainsAt(data, sorted)
	out := bufio.NewWriter(os.Stdout)
	defer out.Flush()
	for _, address := range asked {
		fmt.Fprintf(out, "0x%x\n", address)
		chain := chains[address]
		for i := len(chain) - 1; i >= 0; i-- {
			fmt.Fprintf(out, "%s\n??:0\n", chain[i])
		}
		if len(chain) == 0 {
			fmt.Fprint(out, "??\n??:0\n")
		}
	}
}

func addresses() []uint64 {
	var all []uint64
	lines := bufio.NewScanner(os.Stdin)
	for lines.Scan() {
		address, err := strconv.ParseUint(strings.TrimPrefix(lines.Text(), "0x"), 16, 64)
		if err != nil {
			log.Fatal(err)
		}
		all = append(all, address)
	}
	return all
}

// chainsAt returns the names of the functions at each address, outermost first, in the order of their entries.
func chainsAt(data *dwarf.Data, sorted []uint64) map[uint64][]string {
	chains := map[uint64][]string{}
	names := data.Reader()
	reader := data.Reader()
	for {
		entry, err := reader.Next()
		if err != nil {
			log.Fatal(err)
		}
		if entry == nil {
			return chains
		}
		if entry.Tag != dwarf.TagSubprogram && entry.Tag != dwarf.TagInlinedSubroutine {
			continue
		}
		ranges, err := data.Ranges(entry)
		if err != nil {
			log.Fatal(err)
		}
		for _, bounds := range ranges {
			first := sort.Search(len(sorted), func(i int) bool { return sorted[i] >= bounds[0] })
			for i := first; i < len(sorted) && sorted[i] < bounds[1]; i++ {
				chains[sorted[i]] = append(chains[sorted[i]], nameOf(entry, names))
			}
		}
	}
}

// nameOf returns the linkage name if there is one. It may be in the entry that this one refers to.
func nameOf(entry *dwarf.Entry, reader *dwarf.Reader) string {
	plain := "??"
	for {
		if name, ok := entry.Val(dwarf.AttrLinkageName).(string); ok {
			return name
		}
		if name, ok := entry.Val(dwarf.AttrName).(string); ok && plain == "??" {
			plain = name
		}
		origin, ok := entry.Val(dwarf.AttrAbstractOrigin).(dwarf.Offset)
		if !ok {
			origin, ok = entry.Val(dwarf.AttrSpecification).(dwarf.Offset)
		}
		if !ok {
			return plain
		}
		reader.Seek(origin)
		next, err := reader.Next()
		if err != nil || next == nil {
			return plain
		}
		entry = next
	}
}
