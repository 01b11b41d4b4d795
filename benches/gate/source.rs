//! Source files as people write them, though nobody could compile them: names resolve, types need not agree.

use std::fmt::Write;

use crate::fill::{Filler, Templates};
use crate::plan::{Body, Member, Module, Port, Type};
use crate::random::Random;
use crate::words::{NOUNS, prose, snake};

const FIELD_TYPES: &[&str] = &[
    "String",
    "u64",
    "i64",
    "bool",
    "Option<String>",
    "Vec<String>",
    "HashMap<String, u64>",
    "BTreeMap<u32, String>",
    "Arc<str>",
    "Vec<u8>",
    "Option<Box<Self>>",
    "Arc<Mutex<Vec<u64>>>",
    "(u32, u32)",
    "Cow<'static, str>",
];

const GIVEN_TYPES: &[&str] = &["&str", "u64", "impl Into<String>", "&[u8]", "Option<&str>"];

/// One file while it is written.
struct Writer<'w> {
    random: &'w mut Random,
    templates: &'w Templates,
    /// Types that the file may name, its own first.
    types: Vec<Type>,
    functions: Vec<String>,
    /// Ports of other packages, to be bound.
    ports: Vec<Port>,
    text: String,
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
    fn line(&mut self, text: &str) {
        line(&mut self.text, text);
    }

    /// Lines of comment.
    fn prose(&mut self, mark: &str, lines: usize, indent: &str) {
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

    fn of_type(&mut self, of: &Type) {
        self.text.push('\n');
        let comment = self.random.between(1, 3);
        self.prose("///", comment, "");
        self.line("#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]");
        match &of.body {
            Body::Fields(fields) => self.fields(of, fields),
            Body::Variants(variants) => self.variants(of, variants),
        }
        self.line(&format!("\nimpl {} {{", of.name));
        for maker in &of.makers {
            self.method(of, maker, false);
        }
        for method in &of.methods {
            self.method(of, method, true);
        }
        self.line("}");
        match self.random.below(3) {
            0 => self.display(of),
            1 => self.conversion(of),
            _ => {}
        }
    }

    fn fields(&mut self, of: &Type, fields: &[String]) {
        self.line(&format!("pub struct {} {{", of.name));
        for field in fields {
            if self.random.chance(80) {
                self.prose("///", 1, "    ");
            }
            if self.random.chance(10) {
                self.line("    #[serde(default, skip_serializing_if = \"Option::is_none\")]");
            }
            let kind = self.field_type(of);
            self.line(&format!("    pub(crate) {field}: {kind},"));
        }
        self.line("}");
    }

    fn field_type(&mut self, of: &Type) -> String {
        if self.random.chance(25) {
            let other = self.random.pick(&self.types).name.clone();
            if other != of.name {
                return format!("Vec<{other}>");
            }
        }
        (*self.random.pick(FIELD_TYPES)).to_owned()
    }

    fn variants(&mut self, of: &Type, variants: &[String]) {
        self.line(&format!("pub enum {} {{", of.name));
        for (at, variant) in variants.iter().enumerate() {
            self.prose("///", 1, "    ");
            let field = self.field_type(of);
            match self.random.below(4) {
                _ if at == 0 => self.line(&format!("    #[default]\n    {variant},")),
                0 => self.line(&format!("    {variant}({field}),")),
                1 => {
                    let name = snake(self.random);
                    self.line(&format!("    {variant} {{ {name}: {field}, at: u64 }},"));
                }
                _ => self.line(&format!("    {variant},")),
            }
        }
        self.line("}");
    }

    fn method(&mut self, of: &Type, name: &str, receives: bool) {
        if self.random.chance(85) {
            let comment = self.random.between(1, 5);
            self.prose("///", comment, "    ");
        }
        if self.random.chance(8) {
            self.line("    #[must_use]");
        }
        let (first, second) = (snake(self.random), snake(self.random));
        let other = self.random.pick(&self.types).name.clone();
        let (body, signs) = self.body(of, vec![first.clone(), second.clone()], 8);
        let given = *self.random.pick(GIVEN_TYPES);
        let (start, result) = signs.around(if receives { &other } else { "Self" });
        let visible = *self.random.pick(&["pub ", "pub ", "pub(crate) ", ""]);
        self.line(&format!("    {visible}{start}fn {name}("));
        if receives {
            let receiver = if self.random.chance(40) {
                "&mut self"
            } else {
                "&self"
            };
            self.line(&format!("        {receiver},"));
        }
        self.line(&format!(
            "        {first}: {given},\n        {second}: &{other},"
        ));
        self.line(&format!("    ) -> {result} {{"));
        self.text.push_str(&body);
        self.line("    }\n");
    }

    /// A function's body of some statements, and what its signature must say for it.
    fn body(&mut self, of: &Type, parameters: Vec<String>, indent: usize) -> (String, Signs) {
        let count = self.random.between(1, 5);
        let mut filler = Filler {
            random: self.random,
            templates: self.templates,
            own: of,
            types: &self.types,
            functions: &self.functions,
            locals: parameters,
        };
        let mut body = filler.statements(count, indent, 0);
        let fails = body.contains('?') || body.contains("Err(");
        let last = filler.locals.last().cloned().unwrap_or_default();
        let end = if fails { format!("Ok({last})") } else { last };
        let _ = writeln!(body, "{:indent$}{end}", "");
        let waits = body.contains(".await");
        (body, Signs { fails, waits })
    }

    fn display(&mut self, of: &Type) {
        let (name, text) = (&of.name, prose(self.random, 3));
        self.line(&format!("\nimpl Display for {name} {{"));
        self.line("    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {");
        self.line(&format!(
            "        write!(f, \"{text} {{:?}}\", self)\n    }}\n}}"
        ));
    }

    fn conversion(&mut self, of: &Type) {
        let other = self.random.pick(&self.types).name.clone();
        let (name, maker) = (&of.name, &of.makers[0]);
        let word = snake(self.random);
        self.line(&format!(
            "\nimpl From<&{other}> for {name} {{\n    fn from({word}: &{other}) -> Self {{"
        ));
        self.line(&format!(
            "        Self::{maker}({word}.to_string(), {word}).unwrap_or_default()\n    }}\n}}"
        ));
    }

    fn port(&mut self, port: &Port) {
        self.text.push('\n');
        self.prose("///", 2, "");
        self.line(&format!("pub trait {}: Send + Sync {{", port.name));
        for method in &port.methods {
            self.prose("///", 1, "    ");
            let (given, made) = (
                self.random.pick(&self.types).name.clone(),
                self.random.pick(&self.types).name.clone(),
            );
            let word = self.random.pick(NOUNS);
            self.line(&format!(
                "    async fn {method}(&self, {word}: &{given}, count: u64) -> Result<{made}>;\n"
            ));
        }
        self.line("}");
    }

    fn binding(&mut self, port: &Port, of: &Type) {
        self.line(&format!("\nimpl {} for {} {{", port.name, of.name));
        for method in &port.methods {
            let word = snake(self.random);
            let (body, signs) = self.body(of, vec![word.clone(), "count".to_owned()], 8);
            let made = self.random.pick(&self.types).name.clone();
            let (_, result) = signs.around(&made);
            self.line(&format!(
                "    async fn {method}(&self, {word}: &{made}, count: u64) -> {result} {{"
            ));
            self.text.push_str(&body);
            self.line("    }\n");
        }
        self.line("}");
    }

    fn function(&mut self, name: &str, of: &Type) {
        self.text.push('\n');
        let comment = self.random.between(1, 3);
        self.prose("///", comment, "");
        let (first, second) = (snake(self.random), snake(self.random));
        let (body, signs) = self.body(of, vec![first.clone(), second.clone()], 4);
        let (start, result) = signs.around(&of.name);
        let body = body.replace("self.", &format!("{first}."));
        self.line(&format!(
            "pub {start}fn {name}({first}: &str, {second}: u64) -> {result} {{"
        ));
        self.text.push_str(&body);
        self.line("}");
    }

    fn inline_module(&mut self, of: &Type) {
        let (name, from) = (snake(self.random), of.name.clone());
        self.line(&format!(
            "\npub(crate) mod {name} {{\n    use super::{{{from}, Error}};\n"
        ));
        self.line("    pub(super) fn first(list: &[super::Error]) -> Option<&Error> {\n        list.first()\n    }");
        self.line(&format!(
            "\n    pub(super) fn plain() -> {from} {{\n        {from}::default()\n    }}\n}}"
        ));
    }

    /// One more `impl`, behind a guard now and then.
    fn more_methods(&mut self, of: &Type) {
        self.text.push('\n');
        if self.random.chance(10) {
            let feature = self.random.pick(NOUNS);
            self.line(&format!("#[cfg(feature = \"{feature}\")]"));
        }
        self.line(&format!("impl {} {{", of.name));
        for _ in 0..self.random.between(1, 4) {
            let name = crate::words::action(self.random);
            self.method(of, &name, true);
        }
        self.line("}");
    }

    fn tests(&mut self, module: &Module) {
        self.line("\n#[cfg(test)]\nmod tests {\n    use super::*;");
        let tests = (module.lines / 50).max(1);
        for _ in 0..tests {
            let name = format!(
                "{}_{}",
                crate::words::action(self.random),
                snake(self.random)
            );
            self.line(&format!("\n    #[test]\n    fn {name}() {{"));
            let count = self.random.between(1, 3);
            let mut filler = Filler {
                random: self.random,
                templates: self.templates,
                own: &module.types[0],
                types: &self.types,
                functions: &self.functions,
                locals: vec!["given".to_owned()],
            };
            let body = filler.tests(count, 8);
            self.text.push_str(&body);
            self.line("    }");
        }
        self.line("}");
    }
}

/// What a body asks of its signature.
struct Signs {
    fails: bool,
    waits: bool,
}

impl Signs {
    /// What stands before `fn`, and the result.
    fn around(&self, of: &str) -> (&'static str, String) {
        let result = if self.fails {
            format!("Result<{of}>")
        } else {
            of.to_owned()
        };
        (if self.waits { "async " } else { "" }, result)
    }
}
