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
    numbers: HashMap<Box<str>, Symbol>,
}

impl Symbols {
    /// Takes up the names of an earlier run, in their order.
    pub(crate) fn from_names(names: Vec<Box<str>>) -> Self {
        let numbers = (0..).map(Symbol);
        let numbers = names.iter().cloned().zip(numbers).collect();
        Self { names, numbers }
    }

    pub(crate) fn intern(&mut self, name: &str) -> Symbol {
        if let Some(&symbol) = self.numbers.get(name) {
            return symbol;
        }
        let symbol =
            Symbol(u32::try_from(self.names.len()).expect("fewer names than four billion"));
        self.names.push(name.into());
        self.numbers.insert(name.into(), symbol);
        symbol
    }

    pub(crate) fn name(&self, symbol: Symbol) -> &str {
        &self.names[symbol.index()]
    }

    pub(crate) fn names(&self) -> &[Box<str>] {
        &self.names
    }
}

/// One thread's view of the shared symbols: asks the lock only for names that are new to the thread.
pub(crate) struct Interner<'s> {
    shared: &'s Mutex<Symbols>,
    near: Near,
    known: HashMap<Box<str>, Symbol>,
    voices: HashMap<Symbol, Voice>,
}

/// The names that were met last, found without a walk through the memory of all the others.
struct Near(Vec<(Short, Symbol)>);

impl Near {
    /// A power of two; small enough to stay in a processor's own memory.
    const SLOTS: usize = 1 << 11;

    fn slot(&mut self, name: &Short) -> &mut (Short, Symbol) {
        &mut self.0[name.hash() as usize % Self::SLOTS]
    }
}

/// A name of few bytes: its length and its bytes, filled up with zeros. An empty one is no name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Short([u8; Self::LONGEST + 1]);

impl Short {
    const LONGEST: usize = 27;
    const EMPTY: Self = Self([0; Self::LONGEST + 1]);

    fn as_str(&self) -> &str {
        let len = usize::from(self.0[0]);
        std::str::from_utf8(&self.0[1..=len]).expect("only whole strings are written into it")
    }

    /// Only to choose a slot: two names in one slot take turns.
    fn hash(&self) -> u64 {
        let words = self.0.chunks_exact(4);
        let mixed = words.fold(0_u64, |hash, word| {
            let word = u32::from_le_bytes(word.try_into().expect("four bytes"));
            (hash.rotate_left(5) ^ u64::from(word)).wrapping_mul(0x9e37_79b9_7f4a_7c15)
        });
        mixed >> 32
    }
}

impl Write for Short {
    fn write_str(&mut self, text: &str) -> std::fmt::Result {
        let start = usize::from(self.0[0]) + 1;
        let place = self.0.get_mut(start..start + text.len());
        place
            .ok_or(std::fmt::Error)?
            .copy_from_slice(text.as_bytes());
        self.0[0] += text.len() as u8;
        Ok(())
    }
}

impl<'s> Interner<'s> {
    pub(crate) fn new(shared: &'s Mutex<Symbols>) -> Self {
        Self {
            shared,
            near: Near(vec![(Short::EMPTY, Symbol(0)); Near::SLOTS]),
            known: HashMap::new(),
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
        if let Some(&symbol) = self.known.get(name) {
            return symbol;
        }
        let symbol = self
            .shared
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .intern(name);
        self.known.insert(name.into(), symbol);
        symbol
    }

    /// The symbol of an identifier; a raw one is the same name.
    pub(crate) fn ident(&mut self, ident: &proc_macro2::Ident) -> Symbol {
        let mut short = Short::EMPTY;
        if write!(short, "{ident}").is_err() {
            let spelled = ident.to_string();
            return self.intern(spelled.strip_prefix("r#").unwrap_or(&spelled));
        }
        let (known, symbol) = *self.near.slot(&short);
        if known == short {
            return symbol;
        }
        let spelled = short.as_str();
        let symbol = self.intern(spelled.strip_prefix("r#").unwrap_or(spelled));
        *self.near.slot(&short) = (short, symbol);
        symbol
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
        for name in ["a", "fn_", &long[1..], &long] {
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
