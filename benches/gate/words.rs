//! Names and phrases, of a trade in which nobody names an engine by accident.

use crate::random::Random;

pub(crate) const NOUNS: &[&str] = &[
    "account",
    "agreement",
    "allotment",
    "amount",
    "appraisal",
    "balance",
    "batch",
    "bill",
    "bonus",
    "budget",
    "bundle",
    "carrier",
    "category",
    "charge",
    "claim",
    "contract",
    "coupon",
    "course",
    "credit",
    "debit",
    "delivery",
    "deposit",
    "discount",
    "dispute",
    "document",
    "dossier",
    "entry",
    "estimate",
    "fee",
    "forecast",
    "grade",
    "grant",
    "harvest",
    "holding",
    "invoice",
    "item",
    "journal",
    "ledger",
    "lesson",
    "limit",
    "loan",
    "margin",
    "measure",
    "member",
    "notice",
    "offer",
    "order",
    "outcome",
    "packet",
    "parcel",
    "payment",
    "penalty",
    "period",
    "permit",
    "plan",
    "policy",
    "premium",
    "price",
    "product",
    "profile",
    "promise",
    "quota",
    "quote",
    "rate",
    "rebate",
    "receipt",
    "record",
    "refund",
    "rental",
    "request",
    "reserve",
    "return_slip",
    "reward",
    "route",
    "rule",
    "sample",
    "schedule",
    "season",
    "shipment",
    "slot",
    "statement",
    "stock",
    "student",
    "subject",
    "supply",
    "survey",
    "tariff",
    "term",
    "ticket",
    "total",
    "transfer",
    "unit",
    "vendor",
    "voucher",
    "wage",
    "warranty",
    "yield_note",
];

pub(crate) const VERBS: &[&str] = &[
    "accept", "adjust", "advance", "allot", "apply", "approve", "assess", "attach", "balance",
    "begin", "bind", "cancel", "carry", "check", "close", "collect", "combine", "compare",
    "confirm", "count", "decline", "defer", "derive", "describe", "divide", "draft", "enter",
    "estimate", "extend", "find", "finish", "fold", "gather", "grant", "group", "hold", "issue",
    "join", "list", "mark", "match", "merge", "move", "note", "offer", "open", "order", "pair",
    "pause", "pay", "plan", "post", "prepare", "price", "prove", "quote", "raise", "rank",
    "reduce", "refund", "release", "renew", "replace", "report", "reserve", "resolve", "restore",
    "return", "review", "revoke", "round", "settle", "share", "sign", "sort", "split", "start",
    "submit", "sum", "take", "total", "trace", "transfer", "trim", "update", "validate", "verify",
    "weigh", "withdraw",
];

pub(crate) const QUALITIES: &[&str] = &[
    "active", "annual", "central", "common", "current", "daily", "early", "final", "first",
    "fixed", "formal", "full", "general", "gross", "initial", "joint", "known", "last", "late",
    "listed", "local", "main", "monthly", "mutual", "net", "next", "normal", "open", "partial",
    "past", "plain", "prior", "public", "recent", "regular", "related", "second", "shared",
    "single", "spare", "special", "stable", "standard", "total", "upper", "urgent", "usual",
    "valid", "weekly", "whole",
];

/// Some words of prose, for comments and messages.
pub(crate) fn prose(random: &mut Random, words: usize) -> String {
    const SMALL: &[&str] = &[
        "the", "of", "a", "for", "that", "is", "with", "before", "after", "each", "and", "when",
        "not", "its", "by",
    ];
    let mut text = String::new();
    for at in 0..words {
        let word = match random.below(5) {
            0 | 1 => *random.pick(SMALL),
            2 => random.pick(VERBS),
            3 => random.pick(QUALITIES),
            _ => random.pick(NOUNS),
        };
        if at > 0 {
            text.push(' ');
        }
        text.push_str(&word.replace('_', " "));
    }
    text
}

/// `net_invoice`, or `invoice`.
pub(crate) fn snake(random: &mut Random) -> String {
    let noun = random.pick(NOUNS);
    if random.chance(20) {
        format!("{}_{noun}", random.pick(QUALITIES))
    } else {
        (*noun).to_owned()
    }
}

/// `settle_invoice`: a function.
pub(crate) fn action(random: &mut Random) -> String {
    format!("{}_{}", random.pick(VERBS), random.pick(NOUNS))
}

/// `net_invoice` to `NetInvoice`.
pub(crate) fn camel(snake: &str) -> String {
    let mut name = String::with_capacity(snake.len());
    for part in snake.split(['_', '-']) {
        let mut letters = part.chars();
        name.extend(letters.next().map(|first| first.to_ascii_uppercase()));
        name.push_str(letters.as_str());
    }
    name
}
