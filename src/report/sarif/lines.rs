//! Hashes of lines, by which GitHub knows a result again when lines move.

use std::collections::HashMap;

/// Characters that a hash looks at, from the line's beginning on, blanks not counted.
const BLOCK: usize = 100;
const BASE: u64 = 37;
/// Stands at the end of the file, before as many zeros as the last lines need.
const END: u16 = u16::MAX;

/// A hash for each line of `text`, with its ordinal among equal ones: what GitHub calls
/// `primaryLocationLineHash`. The text is taken as it is, a byte-order mark included.
pub(super) fn hashes(text: &str) -> Vec<String> {
    let (units, starts) = condense(text);
    let mut seen: HashMap<u64, usize> = HashMap::new();
    starts
        .into_iter()
        .map(|start| {
            let block = units[start..].iter().copied().chain(std::iter::repeat(0));
            let hash = block.take(BLOCK).fold(0_u64, |hash, unit| {
                hash.wrapping_mul(BASE).wrapping_add(u64::from(unit))
            });
            let ordinal = seen.entry(hash).or_default();
            *ordinal += 1;
            format!("{hash:x}:{ordinal}")
        })
        .collect()
}

/// The UTF-16 units of `text` without blanks and with one kind of line break, and where lines begin.
fn condense(text: &str) -> (Vec<u16>, Vec<usize>) {
    let blank = |unit: u16| unit == u16::from(b' ') || unit == u16::from(b'\t');
    let (feed, carriage) = (u16::from(b'\n'), u16::from(b'\r'));
    let mut units = Vec::with_capacity(text.len() + 1);
    let mut starts = vec![0];
    let mut before = END;
    for unit in text.encode_utf16() {
        let second_half = unit == feed && before == carriage;
        before = unit;
        if blank(unit) || second_half {
            // Only a feed right after it belongs to a carriage return.
            before = END;
            continue;
        }
        let is_break = unit == feed || unit == carriage;
        units.push(if is_break { feed } else { unit });
        if is_break {
            starts.push(units.len());
        }
    }
    units.push(END);
    (units, starts)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What `sarif-multitool rewrite --insert RollingHashPartialFingerprints` 5.7.0 says.
    #[test]
    fn github_would_compute_the_same() {
        let text = "fn main() {\n\tlet x = \"Grüße 世界 👩 end\";\r\n\n   \n}\n// same\n// same\n// same\nlast \t line";
        let oracle = [
            "862e40b78948c26a:1",
            "971b4c5b1eb73e67:1",
            "ad64ab6076f9263c:1",
            "176c9eeb32e1f442:1",
            "6a92d1f85b87bb20:1",
            "acf001460d5e9735:1",
            "a7ce6205ed514fc7:1",
            "5ea55a609415f931:1",
            "4303f33e07f55593:1",
        ];
        assert_eq!(hashes(text), oracle);
        assert_eq!(hashes(""), ["c129715d7a2bc9a3:1"]);
        let many = format!(
            "a\rb\r\n\r\nc\u{fffd}\u{fffd} bad utf8\n{}",
            "let y = 1;\n".repeat(120)
        );
        let oracle = [
            "c895170d064b9d7e:1",
            "9daf9cd217ac3631:1",
            "8dad162a21113a6:1",
            "4f801d3b6d574500:1",
            "a765a893da393542:1",
            "a765a893da393542:2",
        ];
        assert_eq!(hashes(&many)[..6], oracle);
    }
}
