//! Placeholder for the catalogue of engines.

/// One engine.
#[derive(Debug)]
pub(crate) struct Engine;

/// Engines by category.
#[derive(Debug, Default)]
pub(crate) struct Catalogue(Vec<(String, Vec<String>)>);

impl Catalogue {
    pub(crate) fn built_in() -> Self {
        Self::default()
    }

    pub(crate) fn extend(
        &mut self,
        category: &str,
        packages: &[String],
        paths: &[String],
        literals: &[String],
    ) {
        let all = [packages, paths, literals].concat();
        self.0.push((category.to_owned(), all));
    }
}
