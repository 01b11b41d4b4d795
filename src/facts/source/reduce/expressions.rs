//! Expressions and patterns: paths in code, variables in scope, and steps from value to value.

use syn::visit::Visit;
use syn::{Expr, Pat, Stmt};

use super::{Last, Reducer, Relation, each, is_capital, path_span, span_of};
use crate::facts::source::file::{Namespaces, Step, Type, ValueIndex};
use crate::facts::source::symbols::Symbol;
use crate::text::Span;

/// Calls that hand on what they are given.
const WRAPPERS: &[&str] = &["Some", "Ok"];

impl Reducer<'_, '_> {
    /// Statements in a scope of their own; leaves the last expression's value behind.
    pub(super) fn block(&mut self, statements: &[Stmt]) {
        let declares = statements
            .iter()
            .any(|statement| matches!(statement, Stmt::Item(_)));
        self.with_locals(|this| {
            if declares {
                this.in_scope(None, |this| this.statements(statements));
            } else {
                this.statements(statements);
            }
        });
    }

    fn statements(&mut self, statements: &[Stmt]) {
        self.last = Last::Nothing;
        let tail = self.tail.take();
        for (left, statement) in (0..statements.len()).rev().zip(statements) {
            if let (0, Some(tail), Stmt::Expr(_, None)) = (left, tail, statement) {
                self.name = Some((tail, Relation::Given));
            }
            self.visit_stmt(statement);
        }
        if !matches!(statements.last(), Some(Stmt::Expr(_, None))) {
            self.last = Last::Nothing;
        }
    }

    pub(super) fn statement(&mut self, statement: &Stmt) {
        match statement {
            Stmt::Local(local) => self.guarded(&local.attrs, |this| this.let_(local)),
            Stmt::Macro(call) => self.guarded(&call.attrs, |this| {
                call.attrs
                    .iter()
                    .for_each(|attribute| this.visit_attribute(attribute));
                this.macro_call(&call.mac, false);
            }),
            Stmt::Item(item) => self.visit_item(item),
            Stmt::Expr(expression, _) => self.visit_expr(expression),
        }
    }

    fn let_(&mut self, local: &syn::Local) {
        local
            .attrs
            .iter()
            .for_each(|attribute| self.visit_attribute(attribute));
        let mut value = None;
        if let Some(init) = &local.init {
            match variable(&local.pat) {
                Some(name) => self.given(name, &init.expr),
                None => self.visit_expr(&init.expr),
            }
            value = self.take_last();
            if let Some((_, diverge)) = &init.diverge {
                self.visit_expr(diverge);
            }
        }
        self.bind(&local.pat, value);
        self.last = Last::Nothing;
    }

    /// The value of the last expression, if its type may be told.
    pub(super) fn take_last(&mut self) -> Option<ValueIndex> {
        match std::mem::replace(&mut self.last, Last::Nothing) {
            Last::Nothing => None,
            Last::Value(value) => Some(value),
            Last::Path(path, span) => Some(self.value(Step::Constant(path), span)),
        }
    }

    pub(super) fn set(&mut self, value: Option<ValueIndex>) {
        self.last = value.map_or(Last::Nothing, Last::Value);
    }

    pub(super) fn parameter(&mut self, input: &syn::FnArg) {
        match input {
            syn::FnArg::Receiver(receiver) => {
                let type_ = match &receiver.colon_token {
                    Some(_) => self.type_index(&receiver.ty),
                    None => self.add_type(Type::This),
                };
                if receiver.colon_token.is_some() {
                    self.visit_type(&receiver.ty);
                }
                let value = self.value(Step::Typed(type_), span_of(receiver.self_token.span));
                let name = self.interner.intern("self");
                self.locals.push((name, Some(value)));
            }
            syn::FnArg::Typed(typed) => self.guarded(&typed.attrs, |this| {
                typed
                    .attrs
                    .iter()
                    .for_each(|attribute| this.visit_attribute(attribute));
                this.visit_type(&typed.ty);
                let type_ = this.type_index(&typed.ty);
                let value = this.value(Step::Typed(type_), Span::START);
                this.bind(&typed.pat, Some(value));
            }),
        }
    }

    /// Records the paths of a pattern and brings its variables into scope.
    pub(super) fn bind(&mut self, pattern: &Pat, value: Option<ValueIndex>) {
        match pattern {
            Pat::Ident(ident) => self.bind_ident(ident, value),
            Pat::Reference(inner) => self.bind(&inner.pat, value),
            Pat::Paren(inner) => self.bind(&inner.pat, value),
            Pat::Or(cases) => each(&cases.cases).for_each(|case| self.bind(case, value)),
            Pat::Type(typed) => {
                self.visit_type(&typed.ty);
                let type_ = self.type_index(&typed.ty);
                let value = self.value(Step::Typed(type_), Span::START);
                self.bind(&typed.pat, Some(value));
            }
            Pat::TupleStruct(tuple) => {
                self.mention_qualified(tuple.qself.as_ref(), &tuple.path, Namespaces::VALUE);
                let inside = self.peeled(value);
                each(&tuple.elems).for_each(|element| self.bind(element, inside));
            }
            Pat::Struct(structure) => self.bind_struct(structure),
            Pat::Slice(slice) => {
                let inside = self.peeled(value);
                each(&slice.elems).for_each(|element| self.bind(element, inside));
            }
            Pat::Tuple(tuple) => each(&tuple.elems).for_each(|element| self.bind(element, None)),
            Pat::Path(path) => {
                self.mention_qualified(path.qself.as_ref(), &path.path, Namespaces::VALUE)
            }
            Pat::Macro(call) => self.macro_call(&call.mac, false),
            Pat::Verbatim(tokens) => self.scan(tokens.clone()),
            other => syn::visit::visit_pat(self, other),
        }
    }

    fn bind_ident(&mut self, ident: &syn::PatIdent, value: Option<ValueIndex>) {
        let name = self.symbol(&ident.ident);
        // `NONE =>` is a constant or a unit struct rather than a variable, by the language's own convention.
        let is_constant =
            ident.by_ref.is_none() && ident.subpat.is_none() && is_capital(&ident.ident);
        if is_constant {
            let path = syn::Path::from(ident.ident.clone());
            self.use_path(&path, 1, Namespaces::VALUE);
        } else {
            self.locals.push((name, value));
        }
        if let Some((_, inner)) = &ident.subpat {
            self.bind(inner, value);
        }
    }

    fn bind_struct(&mut self, pattern: &syn::PatStruct) {
        self.mention_qualified(pattern.qself.as_ref(), &pattern.path, Namespaces::TYPE);
        let type_ = self.path_type(pattern.qself.as_ref(), &pattern.path);
        let whole = self.value(Step::Typed(type_), path_span(&pattern.path));
        for field in each(&pattern.fields) {
            self.guarded(&field.attrs, |this| {
                field
                    .attrs
                    .iter()
                    .for_each(|attribute| this.visit_attribute(attribute));
                let value = match &field.member {
                    syn::Member::Named(name) => {
                        let symbol = this.symbol(name);
                        Some(this.value(Step::Field(whole, symbol), span_of(name.span())))
                    }
                    syn::Member::Unnamed(_) => None,
                };
                this.bind(&field.pat, value);
            });
        }
    }

    pub(super) fn visit_attributes(&mut self, attributes: &[syn::Attribute]) {
        attributes
            .iter()
            .for_each(|attribute| self.visit_attribute(attribute));
    }

    fn peeled(&mut self, value: Option<ValueIndex>) -> Option<ValueIndex> {
        value.map(|value| self.value(Step::Peel(value), Span::START))
    }

    pub(super) fn expression(&mut self, expression: &Expr) {
        let attributes = attributes_of(expression);
        if attributes.is_empty() {
            self.step(expression);
        } else {
            self.guarded(attributes, |this| {
                attributes
                    .iter()
                    .for_each(|attribute| this.visit_attribute(attribute));
                this.step(expression);
            });
        }
    }

    fn step(&mut self, expression: &Expr) {
        self.last = Last::Nothing;
        // A name speaks of what is given to it directly, not of what that is made from.
        let name = self.name.take();
        if hands_on(expression) {
            self.name = name;
        }
        match expression {
            Expr::Path(path) => self.path_expression(path),
            Expr::Lit(literal) => self.literal(&literal.lit, name),
            Expr::Array(array) => {
                for element in each(&array.elems) {
                    self.name = name;
                    self.visit_expr(element);
                }
                self.last = Last::Nothing;
            }
            Expr::Tuple(tuple) => self.tuple(tuple, name),
            Expr::Assign(assignment) => {
                self.effects += u32::from(matches!(&*assignment.left, Expr::Field(_)));
                self.visit_expr(&assignment.left);
                self.name = self.named(&assignment.left, Relation::Given);
                self.visit_expr(&assignment.right);
                self.last = Last::Nothing;
            }
            Expr::Binary(binary) => self.binary(binary, name),
            Expr::Call(call) => self.call(call, name),
            Expr::MethodCall(call) => self.method_call(call, name),
            Expr::Field(field) => {
                self.visit_expr(&field.base);
                let on = self.take_last();
                let (name, span) = match &field.member {
                    syn::Member::Named(name) => (self.symbol(name), span_of(name.span())),
                    syn::Member::Unnamed(index) => (
                        self.interner.intern(&index.index.to_string()),
                        span_of(index.span),
                    ),
                };
                let value = on.map(|on| self.value(Step::Field(on, name), span));
                self.set(value);
            }
            Expr::Await(inner) => {
                self.effects += 1;
                self.visit_expr(&inner.base);
                let value = self.take_last();
                let value = value.map(|value| self.value(Step::Awaited(value), Span::START));
                self.set(value);
            }
            Expr::Try(inner) => {
                self.effects += 1;
                self.peel(&inner.expr);
            }
            Expr::Return(_) | Expr::Continue(_) | Expr::Break(_) => {
                self.effects += 1;
                syn::visit::visit_expr(self, expression);
                self.last = Last::Nothing;
            }
            Expr::Index(index) => {
                self.visit_expr(&index.index);
                self.peel(&index.expr);
            }
            Expr::Reference(inner) => self.visit_expr(&inner.expr),
            Expr::Paren(inner) => self.visit_expr(&inner.expr),
            Expr::Group(inner) => self.visit_expr(&inner.expr),
            Expr::Unary(inner) => self.visit_expr(&inner.expr),
            Expr::Struct(structure) => self.struct_expression(structure),
            Expr::Cast(cast) => {
                self.visit_expr(&cast.expr);
                self.visit_type(&cast.ty);
                self.last = Last::Nothing;
            }
            Expr::Block(block) => self.block(&block.block.stmts),
            Expr::Unsafe(block) => self.block(&block.block.stmts),
            Expr::Async(block) => self.block(&block.block.stmts),
            Expr::If(branch) => self.if_(branch),
            Expr::While(loop_) => {
                self.with_locals(|this| {
                    this.choices(&loop_.cond);
                    this.visit_expr(&loop_.cond);
                    this.block(&loop_.body.stmts);
                });
                self.last = Last::Nothing;
            }
            Expr::Let(condition) => {
                self.choice(&condition.expr, &[&condition.pat], None);
                self.visit_expr(&condition.expr);
                let value = self.take_last();
                self.bind(&condition.pat, value);
                self.last = Last::Nothing;
            }
            Expr::ForLoop(loop_) => self.for_(loop_),
            Expr::Match(match_) => self.match_(match_),
            Expr::Closure(closure) => {
                self.with_locals(|this| {
                    each(&closure.inputs).for_each(|input| this.bind(input, None));
                    this.visit_return_type(&closure.output);
                    this.visit_expr(&closure.body);
                });
                self.last = Last::Nothing;
            }
            Expr::Macro(call) => self.macro_call(&call.mac, false),
            Expr::Verbatim(tokens) => self.scan(tokens.clone()),
            other => {
                syn::visit::visit_expr(self, other);
                self.last = Last::Nothing;
            }
        }
    }

    fn path_expression(&mut self, path: &syn::ExprPath) {
        if path.qself.is_none()
            && let Some(ident) = path.path.get_ident()
        {
            let name = self.symbol(ident);
            if let Some(value) = self.local(name) {
                self.set(value);
                return;
            }
        }
        if path.qself.is_none()
            && let Some(index) =
                self.use_path(&path.path, path.path.segments.len(), Namespaces::VALUE)
        {
            let span = self.facts.uses.last().map_or(Span::START, |used| used.span);
            self.path_arguments(&path.path);
            self.last = Last::Path(index, span);
            return;
        }
        self.mention_qualified(path.qself.as_ref(), &path.path, Namespaces::VALUE);
    }

    fn call(&mut self, call: &syn::ExprCall, name: Option<(Symbol, Relation)>) {
        self.visit_expr(&call.func);
        let callee = std::mem::replace(&mut self.last, Last::Nothing);
        let mut first = None;
        let name = self.argument_name(call, name);
        for (at, argument) in each(&call.args).enumerate() {
            self.name = name;
            self.visit_expr(argument);
            let value = self.take_argument(at, &call.func);
            first = first.or(value);
        }
        let value = match callee {
            _ if first.is_some() => first,
            Last::Path(path, span) => Some(self.value(Step::Call(path), span)),
            _ => self.call_on_type(&call.func),
        };
        self.set(value);
    }

    /// The argument's value, where the call is `Some(argument)` or `Ok(argument)`.
    fn take_argument(&mut self, at: usize, function: &Expr) -> Option<ValueIndex> {
        let Expr::Path(path) = function else {
            return None;
        };
        let wraps = at == 0 && WRAPPERS.iter().any(|name| path.path.is_ident(name));
        if wraps { self.take_last() } else { None }
    }

    /// `Self::new()`, `<T as Trait>::make()`
    fn call_on_type(&mut self, function: &Expr) -> Option<ValueIndex> {
        let Expr::Path(path) = function else {
            return None;
        };
        let last = path.path.segments.last()?;
        let of = match &path.qself {
            Some(qself) => self.type_index(&qself.ty),
            None if path.path.segments.len() == 2 && path.path.segments[0].ident == "Self" => {
                self.add_type(Type::This)
            }
            None => return None,
        };
        let name = self.symbol(&last.ident);
        Some(self.value(Step::CallOn(of, name), span_of(last.ident.span())))
    }

    fn method_call(&mut self, call: &syn::ExprMethodCall, name: Option<(Symbol, Relation)>) {
        self.name = self.receiver_name(call, name);
        self.visit_expr(&call.receiver);
        let on = self.take_last();
        if let Some(turbofish) = &call.turbofish {
            self.visit_angle_bracketed_generic_arguments(turbofish);
        }
        self.method_arguments(call, name);
        let value = on.map(|on| {
            let name = self.symbol(&call.method);
            self.value(Step::Method(on, name), span_of(call.method.span()))
        });
        self.set(value);
    }

    fn peel(&mut self, inner: &Expr) {
        self.visit_expr(inner);
        let value = self.take_last();
        let value = self.peeled(value);
        self.set(value);
    }

    fn struct_expression(&mut self, structure: &syn::ExprStruct) {
        self.mention_qualified(structure.qself.as_ref(), &structure.path, Namespaces::TYPE);
        each(&structure.fields).for_each(|field| self.visit_field_value(field));
        if let Some(rest) = &structure.rest {
            self.visit_expr(rest);
        }
        let type_ = self.path_type(structure.qself.as_ref(), &structure.path);
        let value = self.value(Step::Typed(type_), path_span(&structure.path));
        self.set(Some(value));
    }

    fn for_(&mut self, loop_: &syn::ExprForLoop) {
        self.visit_expr(&loop_.expr);
        let value = self.take_last();
        let element = self.peeled(value);
        self.with_locals(|this| {
            this.bind(&loop_.pat, element);
            this.block(&loop_.body.stmts);
        });
        self.last = Last::Nothing;
    }
}

/// Whether what the expression yields is what stands in it, so that a name for the one is a name for the
/// other.
fn hands_on(expression: &Expr) -> bool {
    matches!(
        expression,
        Expr::Paren(_)
            | Expr::Group(_)
            | Expr::Reference(_)
            | Expr::Unary(_)
            | Expr::Cast(_)
            | Expr::Try(_)
            | Expr::Macro(_)
    )
}

/// The variable that a `let` binds, if it binds one and no more.
fn variable(pattern: &Pat) -> Option<&syn::Ident> {
    match pattern {
        Pat::Ident(ident) if ident.subpat.is_none() => Some(&ident.ident),
        Pat::Type(typed) => variable(&typed.pat),
        _ => None,
    }
}

fn attributes_of(expression: &Expr) -> &[syn::Attribute] {
    match expression {
        Expr::Array(e) => &e.attrs,
        Expr::Assign(e) => &e.attrs,
        Expr::Async(e) => &e.attrs,
        Expr::Await(e) => &e.attrs,
        Expr::Binary(e) => &e.attrs,
        Expr::Block(e) => &e.attrs,
        Expr::Call(e) => &e.attrs,
        Expr::Cast(e) => &e.attrs,
        Expr::Closure(e) => &e.attrs,
        Expr::Field(e) => &e.attrs,
        Expr::ForLoop(e) => &e.attrs,
        Expr::If(e) => &e.attrs,
        Expr::Index(e) => &e.attrs,
        Expr::Lit(e) => &e.attrs,
        Expr::Loop(e) => &e.attrs,
        Expr::Macro(e) => &e.attrs,
        Expr::Match(e) => &e.attrs,
        Expr::MethodCall(e) => &e.attrs,
        Expr::Paren(e) => &e.attrs,
        Expr::Path(e) => &e.attrs,
        Expr::Reference(e) => &e.attrs,
        Expr::Return(e) => &e.attrs,
        Expr::Struct(e) => &e.attrs,
        Expr::Try(e) => &e.attrs,
        Expr::Tuple(e) => &e.attrs,
        Expr::Unary(e) => &e.attrs,
        Expr::Unsafe(e) => &e.attrs,
        Expr::While(e) => &e.attrs,
        _ => &[],
    }
}
