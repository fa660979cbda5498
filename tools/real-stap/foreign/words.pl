# Counts words, as scripts do: regular expressions, hashes, sorting, joining.
my $text = 'the quick brown fox jumps over the lazy dog while 42 cats watch 7 birds ' x 40;
while (1) {
    my %counts;
    $counts{$_}++ for $text =~ /[a-z]+/g;
    my @order = sort { $counts{$b} <=> $counts{$a} or $a cmp $b } keys %counts;
    my $line = join ',', map { "$_=$counts{$_}" } @order;
    $line =~ s/o(\w)/$1o/g;
}
