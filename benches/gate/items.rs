//! Items and their bodies in the generated source.

use std::fmt::Write;

use crate::fill::Filler;
use crate::plan::{Body, Module, Port, Type};
use crate::source::Writer;
use crate::words::{NOUNS, action, prose, snake};

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

impl Writer<'_> {
    pub(crate) fn of_type(&mut self, of: &Type) {
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

    pub(crate) fn port(&mut self, port: &Port) {
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

    pub(crate) fn binding(&mut self, port: &Port, of: &Type) {
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

    pub(crate) fn function(&mut self, name: &str, of: &Type) {
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

    pub(crate) fn inline_module(&mut self, of: &Type) {
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
    pub(crate) fn more_methods(&mut self, of: &Type) {
        self.text.push('\n');
        if self.random.chance(10) {
            let feature = self.random.pick(NOUNS);
            self.line(&format!("#[cfg(feature = \"{feature}\")]"));
        }
        self.line(&format!("impl {} {{", of.name));
        for _ in 0..self.random.between(1, 4) {
            let name = action(self.random);
            self.method(of, &name, true);
        }
        self.line("}");
    }

    pub(crate) fn tests(&mut self, module: &Module) {
        self.line("\n#[cfg(test)]\nmod tests {\n    use super::*;");
        let tests = (module.lines / 50).max(1);
        for _ in 0..tests {
            let name = format!("{}_{}", action(self.random), snake(self.random));
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
