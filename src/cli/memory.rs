//! Sizes of memory as people write them.

/// Reads `512MB`, `2GB` or a number of bytes; a kilobyte has 1,024.
pub fn size(text: &str) -> Result<usize, String> {
    let expected = || format!("expected a size such as `512MB` or `2GB`, found `{text}`");
    let trimmed = text.trim();
    let digits = trimmed.len() - trimmed.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let (number, unit) = trimmed.split_at(digits);
    let power = match unit.trim().to_ascii_lowercase().as_str() {
        "" | "b" => 0,
        "k" | "kb" | "kib" => 1,
        "m" | "mb" | "mib" => 2,
        "g" | "gb" | "gib" => 3,
        _ => return Err(expected()),
    };
    let bytes = number.parse::<usize>().ok().and_then(|number| number.checked_mul(1 << (10 * power)));
    bytes.filter(|bytes| *bytes > 0).ok_or_else(expected)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_read_as_they_are_written() {
        for (text, bytes) in [("64MB", 64 << 20), (" 2 gb", 2 << 30), ("100", 100), ("5k", 5 << 10)] {
            assert_eq!(size(text), Ok(bytes), "{text}");
        }
        for text in ["", "MB", "0MB", "-1GB", "1.5GB", "12 apples", "99999999999GB"] {
            let error = size(text).unwrap_err();
            assert!(error.contains(text) && error.contains("`512MB`"), "{error}");
        }
    }
}
