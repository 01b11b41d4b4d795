//! Names as numbers: equal names have equal symbols, whatever thread read them first.

use std::fmt::Write;
use std::sync::{Mutex, PoisonError};

use foldhash::{HashMap, HashMapExt};
use serde::{Deserialize, Serialize};

use crate::facts::source::speaking::{self, Voice};

/// An interned name. Its number depends on the order of reading: never sort by it on the way to output.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub(crate) struct Symbol(u32);

impl Symbol {
    pub(crate) fn index(self) -> usize {
        self.0 as usize
    }
}

/// All names of a run.
#[derive(Debug, Default)]
pub(crate) struct Symbols {
    names: Vec<Box<str>>,
    numbers: Numbers,
}

impl Symbols {
    /// Takes up the names of an earlier run, in their order.
    pub(crate) fn from_names(names: Vec<Box<str>>) -> Self {
        let mut numbers = Numbers::default();
        for (name, symbol) in names.iter().zip((0..).map(Symbol)) {
            numbers.insert(name, symbol);
        }
        Self { names, numbers }
    }

    pub(crate) fn intern(&mut self, name: &str) -> Symbol {
        if let Some(symbol) = self.numbers.get(name) {
            return symbol;
        }
        let symbol =
            Symbol(u32::try_from(self.names.len()).expect("fewer names than four billion"));
        self.names.push(name.into());
        self.numbers.insert(name, symbol);
        symbol
    }

    pub(crate) fn name(&self, symbol: Symbol) -> &str {
        &self.names[symbol.index()]
    }

    pub(crate) fn names(&self) -> &[Box<str>] {
        &self.names
    }
}

/// Symbols by their names. Most are short: those are found without a walk through the memory of their texts.
#[derive(Debug, Default)]
struct Numbers {
    short: HashMap<Short, Symbol>,
    long: HashMap<Box<str>, Symbol>,
}

impl Numbers {
    fn get(&self, name: &str) -> Option<Symbol> {
        let symbol = match Short::of(name) {
            Some(short) => self.short.get(&short),
            None => self.long.get(name),
        };
        symbol.copied()
    }

    fn insert(&mut self, name: &str, symbol: Symbol) {
        match Short::of(name) {
            Some(short) => self.short.insert(short, symbol),
            None => self.long.insert(name.into(), symbol),
        };
    }
}

/// A name of few bytes: the bytes, filled up with zeros, and how many they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct Short(u64, u64, u64);

impl Short {
    const LONGEST: usize = 23;

    fn of(name: &str) -> Option<Self> {
        let bytes = name.as_bytes();
        let len = bytes.len();
        let word = |at: usize| {
            bytes[at..]
                .first_chunk()
                .map_or(0, |word| u64::from_le_bytes(*word))
        };
        // The last eight bytes without those that stand in an earlier word.
        let rest = |words: usize| word(len - 8) >> (8 * (8 * words - 1 - len)) >> 8;
        let length = (len as u64) << 56;
        match len {
            0..8 => Some(Self(few(bytes), 0, length)),
            8..16 => Some(Self(word(0), rest(2), length)),
            16..=Self::LONGEST => Some(Self(word(0), word(8), rest(3) | length)),
            _ => None,
        }
    }

    /// Only to choose a place: two names with one hash take turns.
    fn hash(self) -> usize {
        let mixed = (self.0 ^ self.2.rotate_left(32)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        let mixed = (mixed ^ mixed >> 32 ^ self.1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        (mixed >> 48) as usize
    }
}

/// Less than eight bytes as a number.
fn few(bytes: &[u8]) -> u64 {
    let half = |half: &[u8; 4]| u64::from(u32::from_le_bytes(*half));
    match (bytes.first_chunk(), bytes.last_chunk()) {
        (Some(first), Some(last)) => half(first) | half(last) << 32 >> (8 * (8 - bytes.len())),
        _ => (bytes.iter().rev()).fold(0, |word, byte| word << 8 | u64::from(*byte)),
    }
}

/// The short names that were met last.
struct Near(Vec<(Short, Symbol)>);

impl Near {
    /// A power of two; small enough to stay in a processor's own memory.
    const SLOTS: usize = 1 << 11;

    fn new() -> Self {
        let none = (Short(0, 0, u64::MAX), Symbol(0));
        Self(vec![none; Self::SLOTS])
    }

    fn slot(&mut self, name: Short) -> &mut (Short, Symbol) {
        &mut self.0[name.hash() % Self::SLOTS]
    }
}

/// One thread's view of the shared symbols: asks the lock only for names that are new to the thread.
pub(crate) struct Interner<'s> {
    shared: &'s Mutex<Symbols>,
    near: Near,
    known: Numbers,
    voices: HashMap<Symbol, Voice>,
}

impl<'s> Interner<'s> {
    pub(crate) fn new(shared: &'s Mutex<Symbols>) -> Self {
        Self {
            shared,
            near: Near::new(),
            known: Numbers::default(),
            voices: HashMap::new(),
        }
    }

    /// What a name says of the literal beside it.
    pub(crate) fn voice(&mut self, symbol: Symbol) -> Voice {
        *self.voices.entry(symbol).or_insert_with(|| {
            let symbols = self.shared.lock().unwrap_or_else(PoisonError::into_inner);
            speaking::voice(symbols.name(symbol))
        })
    }

    pub(crate) fn intern(&mut self, name: &str) -> Symbol {
        let Some(short) = Short::of(name) else {
            return self.far(name);
        };
        let (known, symbol) = *self.near.slot(short);
        if known == short {
            return symbol;
        }
        let symbol = self.far(name);
        *self.near.slot(short) = (short, symbol);
        symbol
    }

    fn far(&mut self, name: &str) -> Symbol {
        if let Some(symbol) = self.known.get(name) {
            return symbol;
        }
        let symbol = self
            .shared
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .intern(name);
        self.known.insert(name, symbol);
        symbol
    }

    /// The symbol of an identifier; a raw one is the same name.
    pub(crate) fn ident(&mut self, ident: &proc_macro2::Ident) -> Symbol {
        let mut reader = Reader {
            interner: self,
            symbol: None,
        };
        match (write!(reader, "{ident}"), reader.symbol) {
            (Ok(()), Some(symbol)) => symbol,
            _ => {
                let spelled = ident.to_string();
                self.intern(spelled.strip_prefix("r#").unwrap_or(&spelled))
            }
        }
    }
}

/// Interns what is written to it, without a copy: an identifier comes in one piece, behind the mark of a raw
/// one.
struct Reader<'i, 's> {
    interner: &'i mut Interner<'s>,
    symbol: Option<Symbol>,
}

impl Write for Reader<'_, '_> {
    fn write_str(&mut self, text: &str) -> std::fmt::Result {
        if self.symbol.is_some() {
            return Err(std::fmt::Error);
        }
        if text != "r#" {
            self.symbol = Some(self.interner.intern(text));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_has_one_symbol_however_long_it_is_and_however_it_is_spelled() {
        let shared = Mutex::new(Symbols::default());
        let mut interner = Interner::new(&shared);
        let long = "a".repeat(Short::LONGEST + 1);
        let names = (1..=long.len()).map(|len| &long[..len]);
        for name in names.chain(["fn_", "ab", "aab"]) {
            let plain = proc_macro2::Ident::new(name, proc_macro2::Span::call_site());
            let raw = proc_macro2::Ident::new_raw(name, proc_macro2::Span::call_site());
            let symbol = interner.intern(name);
            for _ in 0..2 {
                assert_eq!(interner.ident(&plain), symbol, "{name}");
                assert_eq!(interner.ident(&raw), symbol, "{name}");
            }
        }
    }
}
