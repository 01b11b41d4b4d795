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
    known: HashMap<Box<str>, Symbol>,
    spelled: String,
    voices: HashMap<Symbol, Voice>,
}

impl<'s> Interner<'s> {
    pub(crate) fn new(shared: &'s Mutex<Symbols>) -> Self {
        Self {
            shared,
            known: HashMap::new(),
            spelled: String::new(),
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
        let mut spelled = std::mem::take(&mut self.spelled);
        spelled.clear();
        write!(spelled, "{ident}").expect("a string takes any text");
        let symbol = self.intern(spelled.strip_prefix("r#").unwrap_or(&spelled));
        self.spelled = spelled;
        symbol
    }
}
