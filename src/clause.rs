//! The clauses of the model document, each with the sentence that says what it demands.

/// The sentence of `clause`, such as `VIII.1`; that of its section where the clause has none of
/// its own, and nothing for a section that the document does not have.
pub(crate) fn sentence(clause: &str) -> &'static str {
    let own = match clause {
        "VIII.1" => {
            "Adapter logic leaking into capability layer triggers immediate constitutional freeze."
        }
        "VIII.2" => "Hardcoded infrastructure binding triggers immediate constitutional freeze.",
        "VIII.3" => {
            "Runtime structure redefining capability semantics triggers immediate constitutional freeze."
        }
        "VIII.4" => "Circular runtime dependency triggers immediate constitutional freeze.",
        "VIII.5" => {
            "Deployment topology embedded into capability stack triggers immediate constitutional freeze."
        }
        _ => "",
    };
    if own.is_empty() {
        section(clause.split('.').next().unwrap_or_default())
    } else {
        own
    }
}

fn section(numeral: &str) -> &'static str {
    match numeral {
        "I" => {
            "The Runtime Plane binds infrastructure to capability ports defined by lower layers but does \
             not redefine, alter, or contaminate capability logic."
        }
        "II" => {
            "The structure must only bind to ports (interfaces) defined by capability layers, never \
             bypass abstraction."
        }
        "III" => "All runtime issues must be generated in dormant state only.",
        "IV" => {
            "Runtime structures must not hardcode infrastructure topology or deployment assumptions."
        }
        "V" => "No reverse dependency is allowed.",
        "VI" => "All runtime structures must support dual runtime modes.",
        "VII" => {
            "The MASTER_IMPLEMENTATION_TRACKER.md must expand to include Runtime Plane tracking."
        }
        "VIII" => {
            "The Runtime Plane is subject to strict freeze triggers to prevent runtime contamination \
             into capability layers and preserve infrastructure neutrality."
        }
        "IX" => "No adapter binding executed; all adapters remain in specification state.",
        "X" => "Runtime structures MUST NOT accept unsigned updates.",
        "XI" => "Deviation from authorized actions triggers constitutional freeze.",
        "XII" => {
            "This document is constitutionally binding on all runtime industrialization activities \
             within the WebWaka Biological Architecture framework."
        }
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_section_and_every_trigger_has_its_own_sentence() {
        let sections = [
            "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII",
        ];
        let triggers = ["VIII.1", "VIII.2", "VIII.3", "VIII.4", "VIII.5"];
        let all: std::collections::BTreeSet<_> = sections
            .iter()
            .chain(&triggers)
            .map(|clause| sentence(clause))
            .collect();
        assert_eq!(all.len(), 17);
        assert!(all.iter().all(|sentence| sentence.ends_with('.')));
    }

    #[test]
    fn a_numbered_part_without_its_own_sentence_speaks_with_its_section() {
        assert_eq!(sentence("XI.2"), sentence("XI"));
        assert_eq!(sentence("XX"), "");
    }
}
