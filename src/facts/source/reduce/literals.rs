//! Literals: those that may name something outside of the program, with the name beside them.

use proc_macro2::{TokenStream, TokenTree};
use syn::visit::Visit;
use syn::{Expr, ExprLit, Ident, Lit};

use super::arguments::{self, List};
use super::spelling::spelled;
use super::{Last, Reducer, Relation, each, is_capital, path_span, span_of};
use crate::facts::source::file::Literal;
use crate::facts::source::speaking::{self, Voice};
use crate::facts::source::symbols::Symbol;
use crate::text::Span;

/// The name beside a literal.
pub(super) type Name = Option<(Symbol, Relation)>;

/// Macros that tell people something: their literals bind nothing.
const TELLS: &[&str] = &[
    "print",
    "println",
    "eprint",
    "eprintln",
    "panic",
    "todo",
    "unimplemented",
    "unreachable",
    "trace",
    "debug",
    "info",
    "warn",
    "error",
    "log",
    "event",
    "span",
    "anyhow",
    "bail",
    "ensure",
    "eyre",
    "miette",
    "debug_span",
    "info_span",
    "warn_span",
    "error_span",
    "trace_span",
    "compile_error",
    "dbg",
];

/// Macros whose strings name a file or a variable.
const NAMES: &[&str] = &[
    "env",
    "option_env",
    "include_str",
    "include_bytes",
    "stringify",
];

/// Macros that put a text together from a template.
const FORMATS: &[&str] = &["format", "format_args", "concatcp", "formatcp"];

/// Methods that tell people something.
const TELLING_METHODS: &[&str] = &[
    "expect",
    "expect_err",
    "context",
    "wrap_err",
    "with_context",
];

/// Methods that compare what they are called on.
const COMPARING: &[&str] = &[
    "eq",
    "ne",
    "starts_with",
    "ends_with",
    "contains",
    "strip_prefix",
    "strip_suffix",
    "eq_ignore_ascii_case",
    "trim_start_matches",
    "trim_end_matches",
    "split_once",
    "find",
];

/// Methods that fill in for what they are called on.
const FALLING_BACK: &[&str] = &["unwrap_or", "get_or_insert", "map_or"];

/// Methods that hand on what they are called on, in another form at most.
const HANDING_ON: &[&str] = &[
    "to_string",
    "to_owned",
    "into",
    "clone",
    "as_str",
    "as_bytes",
    "as_ref",
    "to_vec",
    "parse",
    "unwrap",
    "expect",
    "try_into",
    "into_boxed_str",
    "into_bytes",
    "as_c_str",
];

/// Keys in attributes whose strings are said to people or are names.
const SAID: &[&str] = &[
    "about",
    "long_about",
    "help",
    "long_help",
    "description",
    "summary",
    "title",
    "rename",
    "rename_all",
    "alias",
    "example",
    "examples",
    "message",
    "msg",
    "error",
    "doc",
    "note",
    "reason",
    "tag",
    "content",
    "name",
    "value_name",
    "help_heading",
    "after_help",
    "before_help",
];

impl Reducer<'_, '_> {
    /// Visits an expression that `name` is given.
    pub(super) fn given(&mut self, name: &Ident, value: &Expr) {
        self.name = may_be_literal(value).then(|| (self.symbol(name), Relation::Given));
        self.visit_expr(value);
        self.name = None;
    }

    /// Runs `body` without taking up literals.
    pub(super) fn silently(&mut self, body: impl FnOnce(&mut Self)) {
        let kept = self.facts.literals.len();
        body(self);
        self.facts.literals.truncate(kept);
    }

    pub(super) fn literal(&mut self, literal: &Lit, name: Name) {
        self.said(literal, name, false);
    }

    fn said(&mut self, literal: &Lit, name: Name, message: bool) {
        let number = matches!(literal, Lit::Int(_));
        if !self.speaks(number, name) && (number || is_dull(literal)) {
            return;
        }
        let text = match literal {
            Lit::Int(number) => number.base10_digits().to_owned(),
            other => match decoded(other) {
                Some(text) => text,
                None => return,
            },
        };
        self.keep(text, number, name, message, span_of(literal.span()));
    }

    /// Whether the name beside a literal says that it matters.
    fn speaks(&mut self, number: bool, name: Name) -> bool {
        let voice = self.voice(name);
        if number { voice.number } else { voice.text }
    }

    fn voice(&mut self, name: Name) -> Voice {
        name.map_or(Voice::default(), |(name, _)| self.interner.voice(name))
    }

    fn keep(&mut self, text: String, number: bool, name: Name, message: bool, span: Span) {
        let spoken = self.speaks(number, name);
        if !(spoken || !number && speaking::may_address(&text)) {
            return;
        }
        let voice = self.voice(name);
        self.facts.literals.push(Literal {
            text,
            number,
            message: message || voice.people,
            name: name.filter(|_| spoken).map(|(name, _)| name),
            compared: matches!(name, Some((_, Relation::Compared))),
            item: self.constant,
            scope: self.scope,
            guard: self.guard,
            span,
        });
    }

    /// The name that an expression ends in.
    pub(super) fn named(&mut self, expression: &Expr, relation: Relation) -> Name {
        let name = match expression {
            Expr::Path(path) => &path.path.segments.last()?.ident,
            Expr::Field(field) => match &field.member {
                syn::Member::Named(name) => name,
                syn::Member::Unnamed(_) => return None,
            },
            Expr::MethodCall(call) if HANDING_ON.iter().any(|name| call.method == name) => {
                return self.named(&call.receiver, relation);
            }
            Expr::MethodCall(call) => &call.method,
            Expr::Call(call) => return self.named(&call.func, relation),
            Expr::Reference(inner) => return self.named(&inner.expr, relation),
            Expr::Paren(inner) => return self.named(&inner.expr, relation),
            Expr::Group(inner) => return self.named(&inner.expr, relation),
            Expr::Unary(inner) => return self.named(&inner.expr, relation),
            Expr::Try(inner) => return self.named(&inner.expr, relation),
            Expr::Await(inner) => return self.named(&inner.base, relation),
            _ => return None,
        };
        Some((self.symbol(name), relation))
    }

    /// The names that speak of the left and of the right operand: of `==` and `!=` each the other's, of `+`
    /// that of the whole.
    pub(super) fn operand_names(&mut self, binary: &syn::ExprBinary, whole: Name) -> [Name; 2] {
        let compares = matches!(binary.op, syn::BinOp::Eq(_) | syn::BinOp::Ne(_));
        let sums = matches!(binary.op, syn::BinOp::Add(_));
        if compares {
            self.compared(binary);
        }
        let sides = [(&binary.left, &binary.right), (&binary.right, &binary.left)];
        sides.map(|(side, other)| match (compares, sums) {
            (true, _) if may_be_literal(side) => self.named(other, Relation::Compared),
            // The parts of a sum of numbers are none by themselves.
            (_, true) if !is_integer(side) => whole,
            _ => None,
        })
    }

    /// What the only argument of a call is a value of: the type that it makes, or the function's name.
    pub(super) fn argument_name(&mut self, call: &syn::ExprCall, outer: Name) -> Name {
        let Expr::Path(path) = &*call.func else {
            return None;
        };
        if call.args.len() != 1 || !may_be_literal(&call.args[0]) {
            return None;
        }
        let mut segments = each(&path.path.segments).rev();
        let upper = |segment: &&syn::PathSegment| is_capital(&segment.ident);
        let last = segments.next()?;
        let type_ = Some(last)
            .filter(upper)
            .or_else(|| segments.next().filter(upper));
        let name = match type_ {
            Some(_) if outer.is_some() => return outer,
            Some(type_) => &type_.ident,
            None => &last.ident,
        };
        Some((self.symbol(name), Relation::Given))
    }

    pub(super) fn receiver_name(&mut self, call: &syn::ExprMethodCall, outer: Name) -> Name {
        outer.filter(|_| {
            may_be_literal(&call.receiver) && HANDING_ON.iter().any(|name| call.method == name)
        })
    }

    pub(super) fn method_arguments(&mut self, call: &syn::ExprMethodCall, outer: Name) {
        if !each(&call.args).any(may_be_literal) {
            each(&call.args).for_each(|argument| self.visit_expr(argument));
            return;
        }
        let is = |names: &[&str]| names.iter().any(|name| call.method == name);
        let name = if is(COMPARING) {
            self.named(&call.receiver, Relation::Compared)
        } else if is(FALLING_BACK) {
            self.named(&call.receiver, Relation::Given).or(outer)
        } else if call.args.len() == 1 {
            Some((self.symbol(&call.method), Relation::Given))
        } else {
            None
        };
        for argument in each(&call.args) {
            match argument {
                Expr::Lit(literal) if is(TELLING_METHODS) => self.said(&literal.lit, None, true),
                _ => {
                    self.name = name;
                    self.visit_expr(argument);
                }
            }
        }
        self.name = None;
    }

    /// `("0.0.0.0", 8080)` and `([0, 0, 0, 0], 8080)` are an address in two parts.
    pub(super) fn tuple(&mut self, tuple: &syn::ExprTuple, name: Name) {
        let parts: Vec<&Expr> = each(&tuple.elems).collect();
        if let [host, Expr::Lit(port)] = parts[..]
            && let Lit::Int(number) = &port.lit
            && let Some((host, span)) = host_of(host)
        {
            let text = format!("{host}:{}", number.base10_digits());
            self.keep(text, false, name, false, span.to(span_of(number.span())));
        } else {
            parts.into_iter().for_each(|part| self.visit_expr(part));
        }
        self.last = Last::Nothing;
    }

    /// The literals of a macro of the standard library, which are more than expressions there; `false`
    /// where the call's tokens are still to be read.
    pub(super) fn literal_macro(&mut self, call: &syn::Macro, name: Name) -> bool {
        let Some(last) = call.path.segments.last() else {
            return false;
        };
        let is = |names: &[&str]| names.iter().any(|name| last.ident == name);
        if is(NAMES) {
            self.silently(|this| this.scan(call.tokens.clone()));
            return true;
        }
        let vec = last.ident == "vec";
        if !(vec || last.ident == "concat" || is(FORMATS) || is(TELLS)) {
            return false;
        }
        let Some(parts) = arguments::list(&call.tokens) else {
            self.scan(call.tokens.clone());
            return true;
        };
        let span = path_span(&call.path).to(span_of(call.delimiter.span().close()));
        if last.ident == "concat" {
            let Some(text) = concatenated(&parts) else {
                return false;
            };
            self.silently(|this| parts.iter().for_each(|part| this.visit_expr(part)));
            self.keep(text, false, name, false, span);
        } else if is(TELLS) {
            for part in &parts {
                match part {
                    Expr::Lit(literal) => self.said(&literal.lit, None, true),
                    part => self.visit_expr(part),
                }
            }
        } else if vec {
            for part in &parts {
                self.name = name;
                self.visit_expr(part);
            }
        } else {
            self.formatted(&parts, name, span);
        }
        true
    }

    /// A template with the literals among its arguments put in.
    fn formatted(&mut self, parts: &List, name: Name, span: Span) {
        let mut rest = parts.iter();
        let template = match rest.next() {
            Some(Expr::Lit(literal)) => match &literal.lit {
                Lit::Str(text) => text.value(),
                _ => return,
            },
            Some(Expr::Macro(call)) => match literal_of_macro(call) {
                Some(text) => text,
                None => return self.macro_call(&call.mac, false),
            },
            _ => return,
        };
        let mut text = template;
        let mut from = 0;
        for part in rest {
            let literal = match part {
                Expr::Lit(literal) => decoded(&literal.lit),
                _ => None,
            };
            if literal.is_none() {
                self.visit_expr(part);
            }
            // Positions are counted in order; one that is named or numbered stays as it is.
            let Some(at) = text
                .get(from..)
                .and_then(|rest| rest.find("{}"))
                .map(|at| at + from)
            else {
                continue;
            };
            match literal {
                Some(literal) => {
                    text.replace_range(at..at + 2, &literal);
                    from = at + literal.len();
                }
                None => from = at + 2,
            }
        }
        self.keep(text, false, name, false, span);
    }

    /// A literal among tokens that no grammar of ours fits; `before` are the tokens before it.
    pub(super) fn token_literal(&mut self, literal: &proc_macro2::Literal, before: &[TokenTree]) {
        let name = match before {
            [.., TokenTree::Ident(name), TokenTree::Punct(punct)]
                if matches!(punct.as_char(), ':' | '=') =>
            {
                Some((self.symbol(name), Relation::Given))
            }
            _ => None,
        };
        self.literal(&Lit::new(literal.clone()), name);
    }

    /// Literals in the arguments of an attribute, but for those that are said to people.
    pub(super) fn attribute_literals(&mut self, tokens: TokenStream, depth: usize) {
        let tokens: Vec<TokenTree> = tokens.into_iter().collect();
        // Whether all is said up to the next comma: `example = json!({…})`.
        let mut said = false;
        for (at, token) in tokens.iter().enumerate() {
            let comma = matches!(token, TokenTree::Punct(sign) if sign.as_char() == ',');
            let key = match &tokens[..at] {
                [.., TokenTree::Ident(key), TokenTree::Punct(_)] => Some(key),
                [.., TokenTree::Ident(key)] => Some(key),
                _ => None,
            };
            said |= key.is_some_and(|key| SAID.iter().any(|said| key == said));
            said &= !comma;
            if said {
                continue;
            }
            match token {
                TokenTree::Group(group) if depth < 64 => {
                    self.attribute_literals(group.stream(), depth + 1);
                }
                TokenTree::Literal(literal) => self.token_literal(literal, &tokens[..at]),
                _ => {}
            }
        }
    }
}

/// Whether a macro of that name tells people something.
pub(super) fn is_telling(name: &Ident) -> bool {
    TELLS.iter().any(|tells| name == tells)
}

/// Whether a literal may stand in the expression so that a name for it is a name for the literal.
fn may_be_literal(expression: &Expr) -> bool {
    matches!(
        expression,
        Expr::Lit(_)
            | Expr::Array(_)
            | Expr::Binary(_)
            | Expr::Call(_)
            | Expr::Cast(_)
            | Expr::Group(_)
            | Expr::Macro(_)
            | Expr::MethodCall(_)
            | Expr::Paren(_)
            | Expr::Reference(_)
            | Expr::Try(_)
            | Expr::Tuple(_)
            | Expr::Unary(_)
    )
}

/// Whether a literal holds nothing that may be an address, as far as its token tells. Most do, and to decode
/// them is far more work.
fn is_dull(literal: &Lit) -> bool {
    let Lit::Str(text) = literal else {
        return !matches!(literal, Lit::ByteStr(_) | Lit::CStr(_));
    };
    let dull = spelled(&text.token(), |token| {
        let text = token.strip_prefix('"').and_then(|it| it.strip_suffix('"'));
        text.is_some_and(|text| !text.contains(['\\', '\r']) && !speaking::may_address(text))
    });
    dull == Some(true)
}

/// The text of a string, a byte string or a C string.
fn decoded(literal: &Lit) -> Option<String> {
    match literal {
        Lit::Str(text) => Some(text.value()),
        Lit::ByteStr(bytes) => String::from_utf8(bytes.value()).ok(),
        Lit::CStr(text) => text.value().into_string().ok(),
        _ => None,
    }
}

/// What `concat!` makes of literals; what is no literal is a placeholder.
fn concatenated(parts: &List) -> Option<String> {
    let mut text = String::new();
    for part in parts {
        match part {
            Expr::Lit(literal) => match &literal.lit {
                Lit::Int(number) => text.push_str(number.base10_digits()),
                Lit::Float(number) => text.push_str(number.base10_digits()),
                Lit::Bool(value) => text.push_str(if value.value { "true" } else { "false" }),
                Lit::Char(value) => text.push(value.value()),
                other => text.push_str(&decoded(other)?),
            },
            Expr::Macro(call) => match literal_of_macro(call) {
                Some(inner) => text.push_str(&inner),
                None => text.push_str("{}"),
            },
            _ => text.push_str("{}"),
        }
    }
    Some(text)
}

/// The text of a `concat!` within another macro.
fn literal_of_macro(call: &syn::ExprMacro) -> Option<String> {
    if !call.mac.path.is_ident("concat") {
        return None;
    }
    concatenated(&arguments::list(&call.mac.tokens)?)
}

/// A host that is written as a string or as four bytes.
fn host_of(expression: &Expr) -> Option<(String, Span)> {
    match expression {
        Expr::Lit(literal) => match &literal.lit {
            Lit::Str(text) => Some((text.value(), span_of(text.span()))),
            _ => None,
        },
        Expr::Array(array) if array.elems.len() == 4 => {
            let bytes = each(&array.elems).map(|element| match element {
                Expr::Lit(ExprLit {
                    lit: Lit::Int(byte),
                    ..
                }) => Some(byte.base10_digits()),
                _ => None,
            });
            let bytes: Vec<&str> = bytes.collect::<Option<_>>()?;
            let open = span_of(array.bracket_token.span.open());
            Some((bytes.join("."), open))
        }
        _ => None,
    }
}

fn is_integer(expression: &Expr) -> bool {
    matches!(
        expression,
        Expr::Lit(ExprLit {
            lit: Lit::Int(_),
            ..
        })
    )
}
