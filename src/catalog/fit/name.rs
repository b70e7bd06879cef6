//! Names of GPUs, without what differs from list to list.

/// A name without the maker's, in lower case, its words between single spaces: `rtx a6000`.
pub(super) fn normalized(name: &str) -> String {
    let mut words = String::with_capacity(name.len());
    for word in name.split([' ', '-', '_']).filter(|word| !word.is_empty()) {
        if ["nvidia", "amd", "instinct", "tesla", "geforce"]
            .iter()
            .any(|maker| word.eq_ignore_ascii_case(maker))
        {
            continue;
        }
        if !words.is_empty() {
            words.push(' ');
        }
        words.extend(word.chars().map(|character| character.to_ascii_lowercase()));
    }
    words
}

/// A slice of a board, and a board at another price, are the board.
pub(super) fn without_market(name: &str) -> &str {
    let name = name.split_once(" MIG ").map_or(name, |(board, _)| board);
    name.strip_suffix("-spot").unwrap_or(name)
}

#[cfg(test)]
mod tests {
    use super::{normalized, without_market};

    #[test]
    fn makers_separators_and_case_do_not_count() {
        assert_eq!(normalized("NVIDIA H100 80GB HBM3"), "h100 80gb hbm3");
        assert_eq!(normalized("RTX-A6000"), normalized("NVIDIA RTX A6000"));
        assert_eq!(normalized("AMD Instinct MI300X"), "mi300x");
        assert_eq!(without_market("L40-spot"), "L40");
        assert_eq!(without_market("NVIDIA A100-SXM4-80GB MIG 1g.10gb"), "NVIDIA A100-SXM4-80GB");
    }
}
