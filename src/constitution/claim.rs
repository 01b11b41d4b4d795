//! What a package says of itself in its manifest.

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::mistake::Mistake;
use super::reader::{Reader, Table};
use super::{Claim, Constitution, Structure, parse};
use crate::text::{FileId, Place, Text};

const TABLE: &str = "`[package.metadata.constitution]`";
const KEYS: &[&str] = &["layer", "structure", "role", "state", "phase", "modes"];

impl Claim {
    /// Reads `[package.metadata.constitution]` of a manifest, if it has one. A manifest that is no TOML
    /// claims nothing: cargo says what is wrong with it.
    pub(crate) fn read(
        law: &Constitution,
        manifest: &Text,
        file: FileId,
    ) -> Result<Option<Self>, Vec<Mistake>> {
        let (mut reader, document) = Reader::new(manifest, Some(file));
        if reader.has_mistakes() {
            return Ok(None);
        }
        let Some(value) = written(&document) else {
            return Ok(None);
        };
        let claim = Table::named(TABLE, value).map(|table| claim(law, &mut reader, &table, file));
        if claim.is_none() {
            let message = "`constitution` of `[package.metadata]` takes a table";
            reader.mistake(value.span(), message, "this is none", None);
        }
        match reader.into_mistakes() {
            mistakes if mistakes.is_empty() => Ok(claim),
            mistakes => Err(mistakes),
        }
    }

    /// The same claim, as one that was made earlier for what stands at `place` now.
    pub(crate) fn standing_at(self, place: Place) -> Self {
        Self {
            layer: self.layer.map(|(layer, _)| (layer, place)),
            structure: Structure {
                place: self.structure.place.map(|_| place),
                ..self.structure
            },
            place,
        }
    }
}

fn written<'a>(document: &'a Spanned<DeTable<'a>>) -> Option<&'a Spanned<DeValue<'a>>> {
    let package = document.get_ref().get("package")?;
    package
        .get_ref()
        .get("metadata")?
        .get_ref()
        .get("constitution")
}

fn claim(law: &Constitution, reader: &mut Reader<'_>, table: &Table<'_>, file: FileId) -> Claim {
    reader.keys(table, KEYS);
    let layer = reader.word(table, "layer").and_then(|word| {
        let id = reader.layer(law, &word)?;
        Some((id, reader.place(word.range)?))
    });
    let mut structure = parse::description(reader, table);
    if let Some(id) = reader.word(table, "structure") {
        structure.id = id.text;
        structure.place = reader.place(id.range);
    }
    Claim {
        layer,
        structure,
        place: reader.place(table.range()).unwrap_or(Place::top(file)),
    }
}
