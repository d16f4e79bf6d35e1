//! Which names are reserved (behaviour rule 33): a search in a table of words by length.

mod table;

use table::WORDS_BY_LENGTH;

/// Whether `name` is a reserved word, in whatever case it is written.
pub(super) fn is_reserved(name: &str) -> bool {
    let length = name.len();
    let Some(words) = WORDS_BY_LENGTH.get(length).map(|row| row.as_bytes()).filter(|row| !row.is_empty()) else {
        return false;
    };
    let (mut low, mut high) = (0, words.len() / length);
    while low < high {
        let middle = usize::midpoint(low, high);
        let word = words[middle * length..].iter().take(length);
        match word.copied().cmp(name.bytes().map(|byte| byte.to_ascii_uppercase())) {
            std::cmp::Ordering::Equal => return true,
            std::cmp::Ordering::Less => low = middle + 1,
            std::cmp::Ordering::Greater => high = middle,
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::table::COUNT;
    use super::*;

    #[test]
    fn every_word_is_found_in_any_case_and_rows_are_sorted() {
        let mut found = 0;
        for (length, row) in WORDS_BY_LENGTH.iter().enumerate().skip(1) {
            assert_eq!(row.len() % length, 0);
            let words: Vec<&str> = (0..row.len() / length).map(|at| &row[at * length..(at + 1) * length]).collect();
            assert!(words.is_sorted());
            for word in words {
                assert!(is_reserved(word) && is_reserved(&word.to_lowercase()), "{word}");
                assert!(!is_reserved(&format!("{word}_x")));
                found += 1;
            }
        }
        assert_eq!(found, COUNT);
    }

    #[test]
    fn names_that_are_no_reserved_words_are_free() {
        for name in ["", "pk", "Artist", "a_name_of_some_length", "remove", "SIZES", "status1"] {
            assert!(!is_reserved(name), "{name}");
        }
        assert!(is_reserved("Status") && is_reserved("size") && is_reserved("Abort") && is_reserved("ZONE"));
    }
}
