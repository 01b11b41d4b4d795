//! Source files as people write them, though nobody could compile them: names resolve, types need not agree.

use crate::fill::Templates;
use crate::plan::{Member, Module, Port, Type};
use crate::random::Random;
use crate::words::{prose, snake};

/// One file while it is written.
pub(crate) struct Writer<'w> {
    pub(crate) random: &'w mut Random,
    pub(crate) templates: &'w Templates,
    /// Types that the file may name, its own first.
    pub(crate) types: Vec<Type>,
    pub(crate) functions: Vec<String>,
    /// Ports of other packages, to be bound.
    ports: Vec<Port>,
    pub(crate) text: String,
}

/// The crate's root: modules, what they hand on, an error, a macro.
pub(crate) fn root(random: &mut Random, member: &Member) -> String {
    let root = &member.modules[0];
    let mut text = String::new();
    for _ in 0..random.between(1, 6) {
        line(&mut text, &format!("//! {}.", prose(random, 11)));
    }
    line(&mut text, "\n#![warn(missing_docs)]\n");
    for &child in &root.children {
        let name = &member.modules[child].path[0];
        line(&mut text, &format!("pub mod {name};"));
    }
    line(
        &mut text,
        "mod error;\n\npub use crate::error::{Error, Result};\n",
    );
    line(
        &mut text,
        "/// What most users of this package need.\npub mod prelude {",
    );
    for &child in &root.children {
        let module = &member.modules[child];
        let names: Vec<&str> = module.types.iter().map(|of| of.name.as_str()).collect();
        let path = module.path.join("::");
        match random.below(3) {
            0 => line(&mut text, &format!("    pub use crate::{path}::*;")),
            _ => line(
                &mut text,
                &format!("    pub use crate::{path}::{{{}}};", names.join(", ")),
            ),
        }
    }
    line(&mut text, "    pub use crate::error::{Error, Result};\n}\n");
    line(&mut text, ENSURE);
    text
}

const ENSURE: &str = "\
/// Leaves the function where a condition does not hold.
#[macro_export]
macro_rules! ensure {
    ($condition:expr, $($message:tt)+) => {
        if !$condition {
            return Err($crate::Error::conflict(format!($($message)+)));
        }
    };
}";

/// `error.rs` of every member.
pub(crate) const ERROR: &str = include_str!("error.rs.txt");

/// A module's file. `imports`: modules of other members that it may name.
pub(crate) fn module(
    random: &mut Random,
    templates: &Templates,
    members: &[Member],
    member: &Member,
    at: usize,
) -> String {
    let module = &member.modules[at];
    let mut writer = Writer {
        random,
        templates,
        types: module.types.clone(),
        functions: module.functions.clone(),
        ports: Vec::new(),
        text: String::new(),
    };
    let comment = writer.random.between(1, 4);
    writer.prose("//!", comment, "");
    writer.text.push('\n');
    writer.imports(members, member, at);
    writer.children(member, module);
    writer.constants();
    for of in &module.types {
        writer.of_type(of);
    }
    if let Some(port) = &module.port {
        writer.port(port);
        writer.binding(port, &module.types[0]);
    }
    for port in std::mem::take(&mut writer.ports) {
        writer.binding(&port, &module.types[0]);
    }
    for function in &module.functions {
        writer.function(function, &module.types[0]);
    }
    if writer.random.chance(12) {
        writer.inline_module(&module.types[0]);
    }
    let mut methods = 0;
    while lines(&writer.text) < module.lines * 17 / 20 {
        writer.more_methods(&module.types[methods % module.types.len()]);
        methods += 1;
    }
    if writer.random.chance(45) {
        writer.tests(module);
    }
    writer.text
}

fn lines(text: &str) -> usize {
    text.bytes().filter(|&byte| byte == b'\n').count()
}

fn line(text: &mut String, line: &str) {
    text.push_str(line);
    text.push('\n');
}

impl Writer<'_> {
    pub(crate) fn line(&mut self, text: &str) {
        line(&mut self.text, text);
    }

    /// Lines of comment.
    pub(crate) fn prose(&mut self, mark: &str, lines: usize, indent: &str) {
        for _ in 0..lines {
            let words = self.random.between(5, 13);
            let text = prose(self.random, words);
            self.line(&format!("{indent}{mark} {text}"));
        }
    }

    fn imports(&mut self, members: &[Member], member: &Member, at: usize) {
        self.line("use std::borrow::Cow;\nuse std::collections::{BTreeMap, HashMap};");
        self.line("use std::fmt::{self, Display, Write as _};\nuse std::sync::{Arc, Mutex};\n");
        self.line("use serde::{Deserialize, Serialize};");
        for &other in &member.uses {
            let other = &members[other];
            if member.sees_only_ports_of(other) {
                self.import_port(other);
            } else if self.random.chance(45) {
                self.import_member(other);
            }
        }
        self.line("\nuse crate::ensure;\nuse crate::error::{Error, Result};");
        for _ in 0..self.random.between(1, 4) {
            let other = self.random.below(member.modules.len());
            if other != at && !member.modules[other].is_root() {
                self.import_module("crate", &member.modules[other]);
            }
        }
        if member.modules[at].path.len() > 1 {
            self.line("use super::*;");
        }
        self.text.push('\n');
    }

    fn import_member(&mut self, other: &Member) {
        let name = other.crate_name();
        if self.random.chance(35) {
            let top = &other.modules[other.modules[0].children[0]];
            self.types.extend(top.types.iter().cloned());
            self.line(&format!("use {name}::prelude::*;"));
        } else {
            let from = self.random.between(1, other.modules.len() - 1);
            self.import_module(&name, &other.modules[from]);
        }
    }

    fn import_port(&mut self, other: &Member) {
        let module = self.random.pick(&other.modules);
        if let Some(port) = &module.port {
            let path = module.path.join("::");
            self.line(&format!(
                "use {}::{path}::{};",
                other.crate_name(),
                port.name
            ));
            self.ports.push(port.clone());
        }
    }

    fn import_module(&mut self, of: &str, module: &Module) {
        let path = module.path.join("::");
        if self.random.chance(15) {
            self.types.extend(module.types.iter().cloned());
            self.line(&format!("use {of}::{path}::*;"));
            return;
        }
        let mut names = Vec::new();
        for of in module.types.iter().take(self.random.between(1, 3)) {
            self.types.push(of.clone());
            names.push(of.name.clone());
        }
        if let Some(function) = module.functions.first() {
            self.functions.push(function.clone());
            names.push(function.clone());
        }
        self.line(&format!("use {of}::{path}::{{{}}};", names.join(", ")));
    }

    fn children(&mut self, member: &Member, module: &Module) {
        for &child in &module.children {
            let child = &member.modules[child];
            let name = child
                .path
                .last()
                .expect("only the root has no name")
                .clone();
            self.line(&format!("pub mod {name};"));
            if self.random.chance(50) {
                self.line(&format!("pub use self::{name}::{};", child.types[0].name));
            }
        }
        if !module.children.is_empty() {
            self.text.push('\n');
        }
    }

    fn constants(&mut self) {
        for _ in 0..self.random.below(4) {
            self.prose("///", 1, "");
            let name = format!("{}_LIMIT", snake(self.random)).to_uppercase();
            let (number, word) = (self.random.between(2, 5_000), snake(self.random));
            match self.random.below(3) {
                0 => self.line(&format!("pub const {name}: u64 = {number};")),
                1 => self.line(&format!("const {name}: &str = \"{word}\";")),
                _ => self.line(&format!(
                    "static {name}: [u32; 3] = [{number}, {number}, 1];"
                )),
            }
        }
    }
}
