//! Templates of code, filled with the names that are in scope.

use crate::plan::{Body, Type};
use crate::random::Random;
use crate::words::{camel, prose, snake};

const STATEMENTS: &str = include_str!("statements.txt");
const EXPRESSIONS: &str = include_str!("expressions.txt");
const TESTS: &str = include_str!("tests.txt");

/// Deeper blocks are what people move into functions.
const DEEPEST: usize = 3;

/// Percent of statements with an empty line before them.
const BLANK: usize = 34;

/// The templates; one ends at an empty line.
pub(crate) struct Templates {
    statements: Vec<&'static str>,
    expressions: Vec<&'static str>,
    tests: Vec<&'static str>,
}

impl Templates {
    pub(crate) fn new() -> Self {
        let split = |text: &'static str| text.split("\n\n").map(str::trim_end).collect();
        Self {
            statements: split(STATEMENTS),
            expressions: split(EXPRESSIONS),
            tests: split(TESTS),
        }
    }
}

/// The body of one function while it is written.
pub(crate) struct Filler<'f> {
    pub(crate) random: &'f mut Random,
    pub(crate) templates: &'f Templates,
    /// The type whose method it is.
    pub(crate) own: &'f Type,
    /// Types in scope.
    pub(crate) types: &'f [Type],
    /// Functions in scope.
    pub(crate) functions: &'f [String],
    /// Variables in scope.
    pub(crate) locals: Vec<String>,
}

/// What one use of a template has settled on.
struct Settled {
    fresh: [Option<String>; 3],
    of: usize,
}

impl Filler<'_> {
    /// `count` statements, each line indented by `indent` spaces.
    pub(crate) fn statements(&mut self, count: usize, indent: usize, depth: usize) -> String {
        let mut code = String::new();
        for _ in 0..count {
            let template = loop {
                let template = *self.random.pick(&self.templates.statements);
                if depth < DEEPEST || !template.contains("@block") {
                    break template;
                }
            };
            if !code.is_empty() && self.random.chance(BLANK) {
                code.push('\n');
                let comment = self.random.below(5);
                for _ in 0..comment {
                    let words = self.random.between(5, 12);
                    code.extend(std::iter::repeat_n(' ', indent));
                    code.push_str("// ");
                    code.push_str(&prose(self.random, words));
                    code.push('\n');
                }
            }
            self.template(template, indent, depth, &mut code);
        }
        code
    }

    pub(crate) fn tests(&mut self, count: usize, indent: usize) -> String {
        let mut code = String::new();
        for _ in 0..count {
            let template = *self.random.pick(&self.templates.tests);
            self.template(template, indent, 0, &mut code);
        }
        code
    }

    fn template(&mut self, template: &str, indent: usize, depth: usize, code: &mut String) {
        let mut settled = self.settle();
        for line in template.lines() {
            let rest = line.trim_start();
            let inner = indent + line.len() - rest.len();
            if rest == "@block" {
                let outside = self.locals.len();
                let bound = settled.fresh[1].iter().chain(&settled.fresh[2]).cloned();
                self.locals.extend(bound);
                let count = self.random.between(1, 2);
                let block = self.statements(count, inner, depth + 1);
                code.push_str(&block);
                self.locals.truncate(outside);
            } else {
                code.extend(std::iter::repeat_n(' ', inner));
                let line = self.line(rest, &mut settled, 0);
                code.push_str(&line);
                code.push('\n');
            }
        }
        if template.starts_with("let ")
            && let Some(local) = settled.fresh[0].take()
        {
            self.locals.push(local);
        }
    }

    fn settle(&mut self) -> Settled {
        Settled {
            fresh: [None, None, None],
            of: self.random.below(self.types.len()),
        }
    }

    /// Replaces every `@word`.
    fn line(&mut self, template: &str, settled: &mut Settled, nested: usize) -> String {
        let mut parts = template.split('@');
        let mut line = parts.next().unwrap_or_default().to_owned();
        for part in parts {
            let end = part
                .find(|letter: char| !letter.is_ascii_alphanumeric())
                .unwrap_or(part.len());
            let (word, rest) = part.split_at(end);
            let with = self.word(word, settled, nested);
            line.push_str(&with);
            line.push_str(rest);
        }
        line
    }

    fn word(&mut self, word: &str, settled: &mut Settled, nested: usize) -> String {
        match word {
            "a" => self.fresh(settled, 0),
            "b" => self.fresh(settled, 1),
            "c" => self.fresh(settled, 2),
            "x" => self.random.pick(&self.locals).clone(),
            "n" => self.random.between(1, 9_999).to_string(),
            "s" => {
                let words = self.random.between(2, 5);
                prose(self.random, words)
            }
            "w" => snake(self.random),
            "e" if nested < 1 => self.expression(nested + 1),
            "e" => self.random.pick(&self.locals).clone(),
            "Type" => self.types[settled.of].name.clone(),
            "make" => self.random.pick(&self.types[settled.of].makers).clone(),
            "does" => self.random.pick(&self.types[settled.of].methods).clone(),
            "Own" => self.own.name.clone(),
            "does2" => self.random.pick(&self.own.methods).clone(),
            "field" => match &self.own.body {
                Body::Fields(fields) => self.random.pick(fields).clone(),
                Body::Variants(_) => self.random.pick(&self.own.methods).clone(),
            },
            "fn" => self.random.pick(self.functions).clone(),
            "Variant" => self.variant(),
            other => unreachable!("no template says @{other}"),
        }
    }

    fn expression(&mut self, nested: usize) -> String {
        let template = *self.random.pick(&self.templates.expressions);
        let mut settled = self.settle();
        self.line(template, &mut settled, nested)
    }

    fn fresh(&mut self, settled: &mut Settled, at: usize) -> String {
        let random = &mut *self.random;
        settled.fresh[at]
            .get_or_insert_with(|| snake(random))
            .clone()
    }

    /// A variant of an enum in scope, or an associated constant.
    fn variant(&mut self) -> String {
        let of = self.random.pick(self.types);
        match &of.body {
            Body::Variants(variants) => format!("{}::{}", of.name, self.random.pick(variants)),
            Body::Fields(fields) => format!(
                "{}::{}",
                of.name,
                camel(self.random.pick(fields).as_str()).to_uppercase()
            ),
        }
    }
}
